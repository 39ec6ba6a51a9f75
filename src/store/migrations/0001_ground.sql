-- The ground: who, what, what was found, what was decided, what the log holds.
-- Read by SQLite 3.40 and PostgreSQL 15 alike except the macros {ID} (generated key), {BLOB} (bytes), {STRICT}.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) {STRICT};

CREATE TABLE code (
    list TEXT NOT NULL,
    code TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (list, code)
) {STRICT};

CREATE TABLE post (
    id {ID},
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    neighbour TEXT,
    lat_e7 INTEGER NOT NULL DEFAULT 0,
    lon_e7 INTEGER NOT NULL DEFAULT 0
) {STRICT};

CREATE TABLE party (
    id {ID},
    code TEXT NOT NULL UNIQUE,
    name TEXT,
    country TEXT,
    address TEXT,
    first_seen_ms INTEGER NOT NULL
) {STRICT};

CREATE TABLE source (
    id {ID},
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    mapping TEXT,
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    accepted INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    amended INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0
) {STRICT};

CREATE TABLE declaration (
    id {ID},
    ref TEXT NOT NULL,
    version INTEGER NOT NULL,
    consignment_id INTEGER NOT NULL,      -- id of version 1
    superseded_at_ms INTEGER,             -- NULL: in force
    digest {BLOB} NOT NULL,               -- 16 bytes, what the declaration states
    source_id INTEGER NOT NULL,
    known_at_ms INTEGER NOT NULL,
    lodged_ms INTEGER NOT NULL,
    lodged_offset_min INTEGER NOT NULL,
    expected_ms INTEGER,
    regime INTEGER NOT NULL,
    post_id INTEGER NOT NULL,
    consignor_id INTEGER,
    consignee_id INTEGER,
    declarant_id INTEGER,
    carrier_id INTEGER,
    departure TEXT,
    destination TEXT,
    transport_mode TEXT,
    process_type TEXT,
    import_type TEXT,
    import_use TEXT,
    payment_type TEXT,
    currency TEXT NOT NULL,
    value_minor INTEGER,
    gross_mg INTEGER,
    taxes_minor INTEGER,
    vehicle TEXT,
    vehicle_country TEXT,
    trailer TEXT,
    tir_carnet TEXT,
    more TEXT                             -- JSON: route, documents; NULL when neither is stated
) {STRICT};
CREATE UNIQUE INDEX declaration_by_ref ON declaration (ref, version);
CREATE INDEX declaration_by_arrival ON declaration (post_id, expected_ms) WHERE superseded_at_ms IS NULL AND expected_ms IS NOT NULL;
-- The history of a party in a role, by blocks of 16,384 declarations: what is stored now goes into one small part of
-- the index, which stays in memory, and a reader looks once into each block (store/history.c).
CREATE INDEX declaration_by_consignor ON declaration (((id / 16384) * 4294967296 + consignor_id), lodged_ms)
    WHERE superseded_at_ms IS NULL AND consignor_id IS NOT NULL;
CREATE INDEX declaration_by_consignee ON declaration (((id / 16384) * 4294967296 + consignee_id), lodged_ms)
    WHERE superseded_at_ms IS NULL AND consignee_id IS NOT NULL;
CREATE INDEX declaration_by_declarant ON declaration (((id / 16384) * 4294967296 + declarant_id), lodged_ms)
    WHERE superseded_at_ms IS NULL AND declarant_id IS NOT NULL;
CREATE INDEX declaration_by_carrier ON declaration (((id / 16384) * 4294967296 + carrier_id), lodged_ms)
    WHERE superseded_at_ms IS NULL AND carrier_id IS NOT NULL;
CREATE INDEX declaration_amended ON declaration (consignment_id, version) WHERE version > 1;

CREATE TABLE item (
    declaration_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    hs TEXT NOT NULL,
    description TEXT,
    origin TEXT,
    origin_marking TEXT,
    gross_mg INTEGER,
    net_mg INTEGER,
    packages INTEGER,
    package_kind TEXT,
    quantity_milli INTEGER,
    unit TEXT,
    value_minor INTEGER,
    tax_rate_bp INTEGER,
    tax_type TEXT,
    taxes_minor INTEGER,
    PRIMARY KEY (declaration_id, no)
) {STRICT_ROWLESS};

CREATE TABLE equipment (
    declaration_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (declaration_id, no)
) {STRICT_ROWLESS};
CREATE INDEX equipment_by_number ON equipment (number);

CREATE TABLE result (
    id {ID},
    consignment_id INTEGER NOT NULL,
    declaration_id INTEGER NOT NULL,
    happened_ms INTEGER NOT NULL,
    known_at_ms INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    found_fraud INTEGER NOT NULL,         -- -1 unknown, 0 no, 1 yes
    found_critical INTEGER NOT NULL,
    means INTEGER NOT NULL DEFAULT 0,
    minutes INTEGER,
    recovered_minor INTEGER,
    note TEXT,
    account_id INTEGER                    -- NULL: came with a file
) {STRICT};
CREATE INDEX result_by_consignment ON result (consignment_id);

CREATE TABLE seized (
    result_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    substance TEXT NOT NULL,
    mass_mg INTEGER,
    count INTEGER,
    PRIMARY KEY (result_id, no)
) {STRICT_ROWLESS};

CREATE TABLE decision (
    id {ID},
    consignment_id INTEGER NOT NULL,
    declaration_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    action INTEGER NOT NULL,
    means INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};
CREATE INDEX decision_by_consignment ON decision (consignment_id);

CREATE TABLE quarantine (
    id {ID},
    source_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    line INTEGER,
    field TEXT,
    value TEXT,
    reason TEXT NOT NULL,
    raw {BLOB} NOT NULL,
    settled_ms INTEGER,
    settled_by INTEGER,
    settled_how TEXT
) {STRICT};
CREATE INDEX quarantine_open ON quarantine (id) WHERE settled_ms IS NULL;

-- The mind: what was thought of each version when, and which models thought it.

CREATE TABLE model (
    id {ID},
    hash TEXT NOT NULL UNIQUE,            -- SHA-256 of the chain definitions and the calibration
    made_ms INTEGER NOT NULL,
    chains TEXT NOT NULL,
    calibration TEXT NOT NULL
) {STRICT};

CREATE TABLE assessment (
    declaration_id INTEGER NOT NULL,
    as_of_ms INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    fraud_ppb INTEGER NOT NULL,           -- calibrated
    critical_ppb INTEGER NOT NULL,
    fraud_raw_ppb INTEGER NOT NULL,
    critical_raw_ppb INTEGER NOT NULL,
    why {BLOB} NOT NULL,                  -- profile counts per level (risk/risk.h)
    PRIMARY KEY (declaration_id, as_of_ms)
) {STRICT_ROWLESS};

-- The present selection of each open consignment; every change is also a row of selection_past.
CREATE TABLE selection (
    consignment_id INTEGER PRIMARY KEY,
    declaration_id INTEGER NOT NULL,
    post_id INTEGER NOT NULL,
    day INTEGER NOT NULL,                 -- civil day of expected arrival
    at_ms INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    selected_by INTEGER NOT NULL,
    propensity_ppb INTEGER NOT NULL,      -- probability with which it came to be inspected
    rank INTEGER NOT NULL,                -- when the lane was last given; 1 is first of its post and day
    utility_minor INTEGER NOT NULL,
    w_minor INTEGER NOT NULL,             -- the dial as it stood
    fraud_ppb INTEGER NOT NULL,
    critical_ppb INTEGER NOT NULL,
    state INTEGER NOT NULL,               -- 1 open, 2 waiting, 3 ordered, 4 released, 5 escalated, 6 closed by a result
    draw INTEGER,                         -- verifiable draw in [0,1e9); NULL until it first stands for choice
    why TEXT NOT NULL                     -- one sentence
) {STRICT};
CREATE INDEX selection_by_day ON selection (post_id, day, utility_minor);
CREATE INDEX selection_open ON selection (day, utility_minor) WHERE state = 1;

CREATE TABLE selection_past (
    id {ID},
    consignment_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    selected_by INTEGER NOT NULL,
    propensity_ppb INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    utility_minor INTEGER NOT NULL,
    w_minor INTEGER NOT NULL,
    why TEXT NOT NULL
) {STRICT};
CREATE INDEX selection_past_by_consignment ON selection_past (consignment_id);

-- Capacity: day NULL is the post's standing capacity; the newest row counts.
CREATE TABLE capacity (
    id {ID},
    post_id INTEGER NOT NULL,
    day INTEGER,
    red INTEGER NOT NULL,
    yellow INTEGER NOT NULL,
    blue INTEGER NOT NULL,
    random_ppm INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER
) {STRICT};

CREATE TABLE dial (
    id {ID},
    w_minor INTEGER NOT NULL,             -- what finding one critical case is worth
    at_ms INTEGER NOT NULL,
    account_id INTEGER
) {STRICT};

CREATE TABLE day_key (
    day INTEGER PRIMARY KEY,
    key {BLOB} NOT NULL,
    published_ms INTEGER
) {STRICT};

-- The guard: identity, and the tamper-evident log.

CREATE TABLE account (
    id {ID},
    name TEXT NOT NULL UNIQUE,
    display TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    locked_until_ms INTEGER,
    failed INTEGER NOT NULL DEFAULT 0,
    closed_ms INTEGER
) {STRICT};

CREATE TABLE account_post (                -- need-to-know: no rows means every post
    account_id INTEGER NOT NULL,
    post_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, post_id)
) {STRICT_ROWLESS};

CREATE TABLE session (
    token_hash {BLOB} PRIMARY KEY,         -- SHA-256 of the cookie's value
    account_id INTEGER NOT NULL,
    csrf TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) {STRICT};

CREATE TABLE log_leaf (
    seq INTEGER PRIMARY KEY,               -- from 0
    entry TEXT NOT NULL,                   -- the leaf's exact bytes: one JSON object
    hash {BLOB} NOT NULL                   -- RFC 6962 leaf hash
) {STRICT};

CREATE TABLE log_node (                    -- hashes of full subtrees of 256^level leaves, level >= 1
    level INTEGER NOT NULL,
    at INTEGER NOT NULL,
    hash {BLOB} NOT NULL,
    PRIMARY KEY (level, at)
) {STRICT_ROWLESS};

CREATE TABLE log_checkpoint (
    size INTEGER PRIMARY KEY,
    root {BLOB} NOT NULL,
    note TEXT NOT NULL,                    -- C2SP signed note
    at_ms INTEGER NOT NULL
) {STRICT};
