-- Learned models by hash: who made and approved them, from what, and how good they are (the card).
CREATE TABLE learned_model (
    id {ID},
    hash TEXT NOT NULL UNIQUE,            -- SHA-256 of the tree file; the file is evidence under that hash
    harm INTEGER NOT NULL,
    features TEXT NOT NULL,               -- SHA-256 of the feature schema it was trained on
    made_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    made_by TEXT NOT NULL,                -- name of the account, or os:<user>
    calibration TEXT NOT NULL,            -- JSON, isotonic points in ppb
    joining TEXT NOT NULL,                -- JSON: how the fusion joins it with the profiles (risk/fusion_store.c)
    card TEXT NOT NULL,                   -- JSON: span, rows, features, metrics with intervals, calibration, fairness
    state TEXT NOT NULL,                  -- candidate, challenger, champion, retired
    approved_by INTEGER,
    approved_name TEXT,
    approved_ms INTEGER
) {STRICT};
CREATE INDEX learned_model_in_use ON learned_model (harm) WHERE state IN ('champion', 'challenger');

CREATE TABLE learned_step (
    id {ID},
    model_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    account TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL
) {STRICT};
CREATE INDEX learned_step_by_model ON learned_step (model_id);

-- What champion and challengers thought, so that they can be compared on what was found later.
CREATE TABLE learned_score (
    declaration_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    as_of_ms INTEGER NOT NULL,
    ppb INTEGER NOT NULL,
    raw_ppb INTEGER NOT NULL,
    vector {BLOB} NOT NULL,               -- float32 little endian, as scored
    PRIMARY KEY (declaration_id, model_id)
) {STRICT_ROWLESS};

-- How profiles, models, rules and signals are joined: learned weights, by hash.
CREATE TABLE fusion (
    id {ID},
    hash TEXT NOT NULL UNIQUE,
    made_ms INTEGER NOT NULL,
    weights TEXT NOT NULL                 -- JSON
) {STRICT};

-- Which fusion made an assessment (NULL: profiles as they are), and what moved it: JSON (risk/assessment_parts.c).
ALTER TABLE assessment ADD COLUMN fusion_id INTEGER;
ALTER TABLE assessment ADD COLUMN parts TEXT;
