-- What a screen or a program sends with a key of its own is entered once.  The key, what was sent with it (by its
-- hash) and what was answered: whoever sends it again hears the same.
CREATE TABLE sent_form (
    client_key TEXT NOT NULL PRIMARY KEY,
    what TEXT NOT NULL,                   -- result, order.move
    about_id INTEGER NOT NULL,            -- consignment, order
    hash TEXT NOT NULL,
    answer TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT_ROWLESS};

-- A shift that was planned and is not kept; a team that is no more.
ALTER TABLE rota ADD COLUMN withdrawn_ms INTEGER;
ALTER TABLE team ADD COLUMN until_ms INTEGER;
CREATE INDEX rota_by_team ON rota (team_id, from_ms);
