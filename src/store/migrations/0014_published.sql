-- Who keeps a published report, and what was kept under its code before.
ALTER TABLE published_report ADD COLUMN kept_ms INTEGER;    -- NULL: kept before this was written down
ALTER TABLE published_report ADD COLUMN account_id INTEGER;
CREATE TABLE published_earlier (
    id {ID},
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    source TEXT NOT NULL,
    figures TEXT NOT NULL,                -- JSON
    kept_ms INTEGER,
    account_id INTEGER,
    replaced_ms INTEGER NOT NULL,
    replaced_by INTEGER NOT NULL          -- account
) {STRICT};
CREATE INDEX published_earlier_by_code ON published_earlier (code);
