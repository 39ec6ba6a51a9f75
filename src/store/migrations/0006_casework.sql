-- Casework: what moves through a workflow, and what it is about.  The workflows themselves (states, arrows, roles,
-- guards, deadlines) are data in config/workflows/; here stands only where each thing is and how it came there.

CREATE TABLE flow_item (
    id {ID},
    kind TEXT NOT NULL,                   -- target, order, evidence, case, dispatch, incident
    about_id INTEGER NOT NULL,            -- id in the table of its kind
    state TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    due_ms INTEGER,                       -- end of the state's deadline
    escalated_ms INTEGER,
    post_id INTEGER,
    author_id INTEGER NOT NULL
) {STRICT};
CREATE UNIQUE INDEX flow_item_by_about ON flow_item (kind, about_id);
CREATE INDEX flow_item_due ON flow_item (due_ms) WHERE due_ms IS NOT NULL AND escalated_ms IS NULL;

CREATE TABLE flow_past (
    id {ID},
    item_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    arrow TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL
) {STRICT};
CREATE INDEX flow_past_by_item ON flow_past (item_id);

CREATE TABLE target (
    id {ID},
    consignment_id INTEGER NOT NULL,
    decision_id INTEGER,
    case_id INTEGER,
    made_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    words TEXT NOT NULL
) {STRICT};
CREATE INDEX target_by_consignment ON target (consignment_id);

-- ---- teams and orders ----

CREATE TABLE officer (                    -- a person or a handler with a dog: one unit
    id {ID},
    account_id INTEGER,                   -- NULL: works through the team's account
    service_number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    skills INTEGER NOT NULL,              -- TMG_MEANS_ bits
    dog TEXT,                             -- the dog's name; NULL: none
    work_minutes INTEGER,                 -- a dog works so long ...
    rest_minutes INTEGER,                 -- ... and then rests so long
    home_post_id INTEGER NOT NULL,
    until_ms INTEGER
) {STRICT};

CREATE TABLE team (
    id {ID},
    post_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    account_id INTEGER                    -- the account that speaks for it
) {STRICT};
CREATE TABLE team_officer (
    team_id INTEGER NOT NULL,
    officer_id INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER,
    PRIMARY KEY (team_id, officer_id, from_ms)
) {STRICT_ROWLESS};
CREATE TABLE rota (
    id {ID},
    team_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
) {STRICT};
CREATE TABLE instrument (                 -- X-ray lanes, density meters, scales, bays
    id {ID},
    post_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,                -- one TMG_MEANS_ bit
    name TEXT NOT NULL,
    per_hour INTEGER NOT NULL,
    calibrated_until_ms INTEGER,
    out_of_order INTEGER NOT NULL DEFAULT 0
) {STRICT};

-- Officers sent to a post for a time: their rights there exist in that time only.
CREATE TABLE dispatch (
    id {ID},
    officer_id INTEGER NOT NULL,
    account_id INTEGER,
    post_id INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    made_by INTEGER NOT NULL
) {STRICT};

CREATE TABLE inspection_order (
    id {ID},
    number TEXT NOT NULL UNIQUE,
    consignment_id INTEGER NOT NULL,
    target_id INTEGER,
    decision_id INTEGER,
    post_id INTEGER NOT NULL,
    team_id INTEGER,
    issued_ms INTEGER NOT NULL,
    issued_by INTEGER NOT NULL,
    words TEXT NOT NULL,                  -- what to look for
    result_id INTEGER
) {STRICT};
CREATE INDEX inspection_order_by_consignment ON inspection_order (consignment_id);
CREATE INDEX inspection_order_by_post ON inspection_order (post_id, issued_ms);

-- Steps in the order in which they were done; a step may come again (re-inspection).
CREATE TABLE inspection_step (
    id {ID},
    order_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    means INTEGER NOT NULL,               -- one TMG_MEANS_ bit
    again INTEGER NOT NULL DEFAULT 0,     -- a re-inspection
    officer_id INTEGER,
    instrument_id INTEGER,
    started_ms INTEGER,
    ended_ms INTEGER,
    reaction TEXT,                        -- none, suspect, found, not_possible
    reading TEXT,                         -- what the instrument showed, with its unit
    note TEXT,
    account_id INTEGER,
    client_key TEXT UNIQUE                -- made by the screen, so that what is sent twice is entered once
) {STRICT};
CREATE UNIQUE INDEX inspection_step_by_order ON inspection_step (order_id, no);

CREATE TABLE media (
    id {ID},
    about TEXT NOT NULL,                  -- "step:17", "seizure:3", "custody:9"
    hash TEXT NOT NULL,                   -- evidence file
    kind TEXT NOT NULL,                   -- MIME type
    words TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};
CREATE INDEX media_by_about ON media (about);

-- ---- substances ----

CREATE TABLE substance (                  -- an editable, dated list
    id {ID},
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_az TEXT NOT NULL,
    name_ru TEXT NOT NULL,
    class TEXT NOT NULL,                  -- narcotic, psychotropic, potent, toxic, precursor, plant, other
    inn_table TEXT,                       -- INCB table or schedule
    hs TEXT,
    cas TEXT,
    figure_line TEXT NOT NULL,            -- line of the period report: heroin, opium, hashish, ...
    large_mg INTEGER,                     -- from this mass a seizure is large
    from_day INTEGER NOT NULL,
    until_day INTEGER
) {STRICT};
CREATE INDEX substance_by_code ON substance (code, from_day);

-- ---- cases, seizures, suspects, groups ----

CREATE TABLE case_file (
    id {ID},
    number TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    opened_by INTEGER NOT NULL,
    compartment TEXT,                     -- need-to-know: only accounts named in case_access
    article TEXT,                         -- article of law
    fact_kind TEXT NOT NULL DEFAULT 'smuggling',
    disposition TEXT,
    closed_ms INTEGER,
    merged_into INTEGER,                  -- keeps its number; NULL when it stands alone
    published_ms INTEGER
) {STRICT};
CREATE TABLE case_access (
    case_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER,
    given_by INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (case_id, account_id, from_ms)
) {STRICT_ROWLESS};
CREATE TABLE case_party (
    case_id INTEGER NOT NULL,
    party_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (case_id, party_id, role)
) {STRICT_ROWLESS};
CREATE TABLE case_link (                  -- consignments, orders, seizures, messages that belong to it
    case_id INTEGER NOT NULL,
    about TEXT NOT NULL,                  -- "consignment:17", "order:4"
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    PRIMARY KEY (case_id, about)
) {STRICT_ROWLESS};
CREATE TABLE case_merge (
    id {ID},
    kept_id INTEGER NOT NULL,
    merged_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    undone_ms INTEGER,
    undone_by INTEGER
) {STRICT};
CREATE TABLE case_task (
    id {ID},
    case_id INTEGER NOT NULL,
    code TEXT,                            -- of a planned task (config/case-opening.ini); NULL: a person's own
    title TEXT NOT NULL,
    mandatory INTEGER NOT NULL,
    due_ms INTEGER,
    assignee_id INTEGER,
    made_ms INTEGER NOT NULL,
    made_by INTEGER NOT NULL,
    done_ms INTEGER,
    done_by INTEGER,
    done_note TEXT
) {STRICT};
CREATE INDEX case_task_by_case ON case_task (case_id);
CREATE TABLE case_note (
    id {ID},
    case_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                   -- fact, assessment
    text TEXT NOT NULL
) {STRICT};
CREATE INDEX case_note_by_case ON case_note (case_id);

CREATE TABLE crime_group (
    id {ID},
    case_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};

-- Statistics and procedure only: no rule, feature or facet can read this table (a test proves it).
CREATE TABLE suspect (
    id {ID},
    case_id INTEGER NOT NULL,
    group_id INTEGER,
    name TEXT NOT NULL,
    role TEXT NOT NULL,                   -- driver, consignee, organiser, courier, other
    sex TEXT NOT NULL,                    -- m, f, x (not stated)
    birth_year INTEGER,
    citizenship TEXT NOT NULL,            -- ISO 3166 alpha-2, or XX
    previous_record INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'suspect',
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};
CREATE INDEX suspect_by_case ON suspect (case_id);

CREATE TABLE seizure (
    id {ID},
    number TEXT NOT NULL UNIQUE,
    case_id INTEGER,
    order_id INTEGER,
    consignment_id INTEGER,
    seized_ms INTEGER NOT NULL,
    offset_min INTEGER NOT NULL,
    post_id INTEGER,
    place_kind TEXT NOT NULL,             -- road, rail, sea, air, post, inland
    direction TEXT NOT NULL,              -- import, export, transit, inland
    unit TEXT NOT NULL,                   -- detecting unit
    trigger_kind TEXT NOT NULL,           -- intelligence, partner, rule, model, random, routine, documents
    trigger_words TEXT,
    concealment TEXT NOT NULL,            -- class of the code list
    concealment_words TEXT,
    packages INTEGER,
    conveyance_type TEXT,
    conveyance_make TEXT,
    plates TEXT,
    conveyance_country TEXT,
    route TEXT,                           -- "IR>AZ>GE>UA"
    declared_goods TEXT,
    declared_hs TEXT,
    article TEXT,
    in_group INTEGER NOT NULL DEFAULT 0,
    prevented_transit INTEGER NOT NULL DEFAULT 0,
    value_minor INTEGER,
    value_currency TEXT,
    recorded_ms INTEGER NOT NULL,
    recorded_by INTEGER NOT NULL
) {STRICT};
CREATE INDEX seizure_by_time ON seizure (seized_ms);
CREATE INDEX seizure_by_case ON seizure (case_id);

CREATE TABLE seizure_instrument (         -- means in the order of their use, with what they said
    seizure_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    means INTEGER NOT NULL,
    again INTEGER NOT NULL DEFAULT 0,
    reaction TEXT NOT NULL,
    words TEXT,
    PRIMARY KEY (seizure_id, no)
) {STRICT_ROWLESS};

-- One substance of a seizure.  Corrections are new rows; `replaces` names the old one, both are kept.
CREATE TABLE substance_line (
    id {ID},
    seizure_id INTEGER NOT NULL,
    substance TEXT NOT NULL,
    form TEXT NOT NULL,                   -- powder, resin, liquid, tablet, plant, other
    mass_mg INTEGER,
    volume_ul INTEGER,
    count INTEGER,
    count_kind TEXT,                      -- tablet, capsule, ampoule, plant, piece
    gross INTEGER NOT NULL DEFAULT 0,
    estimated INTEGER NOT NULL DEFAULT 0,
    purity_ppm INTEGER,
    stage TEXT NOT NULL,                  -- seized, confirmed
    replaces INTEGER,
    words TEXT,                           -- needed where the substance is "other"
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};
CREATE INDEX substance_line_by_seizure ON substance_line (seizure_id);

-- ---- custody ----

CREATE TABLE exhibit (                    -- a sealed bag of one substance line
    id {ID},
    number TEXT NOT NULL UNIQUE,
    seizure_id INTEGER NOT NULL,
    line_id INTEGER NOT NULL,
    words TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    retention_until_ms INTEGER
) {STRICT};
CREATE TABLE custody (
    id {ID},
    exhibit_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    act TEXT NOT NULL,                    -- sealed, weighed, stored, lab, returned_from_lab, court, destroyed, returned
    from_whom TEXT NOT NULL,
    to_whom TEXT NOT NULL,
    place TEXT NOT NULL,
    seal_old TEXT,
    seal_new TEXT,
    gross_mg INTEGER,
    net_mg INTEGER,
    purpose TEXT NOT NULL,
    witness_1 TEXT,
    witness_2 TEXT,
    photo_hash TEXT,
    previous_hash TEXT NOT NULL,          -- SHA-256 over the event before; a chain of its own
    hash TEXT NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};
CREATE UNIQUE INDEX custody_by_exhibit ON custody (exhibit_id, no);
CREATE TABLE incident (
    id {ID},
    about TEXT NOT NULL,                  -- "exhibit:5"
    kind TEXT NOT NULL,                   -- weight_change, seal_differs, retention
    words TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};

-- ---- figures ----

-- Official reports as they were published: what the registry's own sums are held against.
CREATE TABLE published_report (
    id {ID},
    code TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    source TEXT NOT NULL,
    figures TEXT NOT NULL                 -- JSON
) {STRICT};

CREATE TABLE paper (                      -- each paper that was issued, by its hash
    id {ID},
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    language TEXT NOT NULL,
    hash TEXT NOT NULL,
    pages INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL
) {STRICT};
CREATE INDEX paper_by_about ON paper (about);
