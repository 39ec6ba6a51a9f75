-- Rules: every version is kept; its state moves draft -> proposed -> live -> retired (or expired); shadow and withdrawn
-- lie beside the way.
CREATE TABLE rule (
    id {ID},
    name TEXT NOT NULL UNIQUE,
    made_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};

CREATE TABLE rule_version (
    id {ID},
    rule_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,                   -- SHA-256 of the source as tmg_rule says
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    author_id INTEGER NOT NULL,
    made_ms INTEGER NOT NULL,
    expires_day INTEGER,
    back_test_id INTEGER,                 -- attached before it can be proposed
    approved_by INTEGER,
    live_ms INTEGER,
    ended_ms INTEGER
) {STRICT};
CREATE UNIQUE INDEX rule_version_by_rule ON rule_version (rule_id, version);
CREATE INDEX rule_version_working ON rule_version (id) WHERE state IN ('live', 'shadow');

CREATE TABLE rule_step (
    id {ID},
    rule_version_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    from_state TEXT NOT NULL,             -- '' when the version was made
    to_state TEXT NOT NULL,
    note TEXT NOT NULL                    -- purpose, data, effect: what readers of the rule are told
) {STRICT};
CREATE INDEX rule_step_by_version ON rule_step (rule_version_id);

CREATE TABLE back_test (
    id {ID},
    rule_hash TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    report TEXT NOT NULL                  -- JSON
) {STRICT};
CREATE INDEX back_test_by_rule ON back_test (rule_hash);

-- What hit what, with the evidence as it stood then.
CREATE TABLE rule_hit (
    declaration_id INTEGER NOT NULL,
    rule_version_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    item_no INTEGER NOT NULL,
    evidence TEXT NOT NULL,               -- JSON: predicates with fact, op, value, limit; the sentence
    PRIMARY KEY (declaration_id, rule_version_id)
) {STRICT_ROWLESS};
CREATE INDEX rule_hit_by_rule ON rule_hit (rule_version_id, at_ms);

CREATE TABLE list (
    id {ID},
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,                   -- "code" or "name"
    owner TEXT NOT NULL,
    restricted INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,   -- counts its changes
    changed_ms INTEGER NOT NULL,
    made_by INTEGER NOT NULL
) {STRICT};

CREATE TABLE list_entry (
    id {ID},
    list_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    note TEXT,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER,
    added_by INTEGER NOT NULL,
    ended_by INTEGER
) {STRICT};
CREATE INDEX list_entry_by_list ON list_entry (list_id, value);

-- What any sense of the centre has to say about a consignment (model/model.h, tmg_signal).
CREATE TABLE signal (
    id {ID},
    consignment_id INTEGER NOT NULL,
    sense TEXT NOT NULL,
    kind TEXT NOT NULL,
    weight_mdb INTEGER NOT NULL,
    happened_ms INTEGER NOT NULL,
    known_at_ms INTEGER NOT NULL,
    evidence TEXT,
    words TEXT NOT NULL
) {STRICT};
CREATE INDEX signal_by_consignment ON signal (consignment_id, known_at_ms);
