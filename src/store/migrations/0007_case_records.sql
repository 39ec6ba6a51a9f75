-- Parties of a case with who put them there and until when, documents of a seizure, what led to it as data, the legal
-- ground of a custody event, titles of cases as data, and incidents that have a life of their own.

ALTER TABLE case_party RENAME TO case_party_before;
CREATE TABLE case_party (
    id {ID},
    case_id INTEGER NOT NULL,
    party_id INTEGER NOT NULL,
    role TEXT NOT NULL,                   -- of the code list "party_role"
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    ended_ms INTEGER,                     -- what was taken out of the case stays readable
    ended_by INTEGER,
    end_reason TEXT
) {STRICT};
INSERT INTO case_party (case_id, party_id, role, at_ms, account_id)
    SELECT b.case_id, b.party_id, b.role, c.opened_ms, c.opened_by FROM case_party_before b JOIN case_file c ON c.id = b.case_id;
DROP TABLE case_party_before;
CREATE INDEX case_party_by_case ON case_party (case_id);
CREATE INDEX case_party_by_party ON case_party (party_id);

-- What the centre opened a case about: its title in any language is made of these and of the words in `title`.
ALTER TABLE case_file ADD COLUMN substance TEXT;
ALTER TABLE case_file ADD COLUMN post_id INTEGER;

CREATE TABLE seizure_document (           -- papers of the transport and of customs that came with the goods
    seizure_id INTEGER NOT NULL,
    no INTEGER NOT NULL,
    kind TEXT NOT NULL,                   -- of the code list "document"
    number TEXT NOT NULL,
    day INTEGER,
    words TEXT,                           -- needed where the kind is "other"
    PRIMARY KEY (seizure_id, no)
) {STRICT_ROWLESS};

-- How the consignment was chosen, as JSON: by, lane, rule, probabilities; `trigger_words` are a person's own.
ALTER TABLE seizure ADD COLUMN trigger_facts TEXT;

ALTER TABLE custody ADD COLUMN ground TEXT;   -- legal ground: decision of a court, article; NULL: none is stated

-- What differed, as data; `words` is the sentence in the log.
ALTER TABLE incident ADD COLUMN custody_no INTEGER;
ALTER TABLE incident ADD COLUMN before_mg INTEGER;
ALTER TABLE incident ADD COLUMN found_mg INTEGER;
ALTER TABLE incident ADD COLUMN seal_before TEXT;
ALTER TABLE incident ADD COLUMN seal_found TEXT;
CREATE INDEX incident_by_about ON incident (about);
INSERT INTO flow_item (kind, about_id, state, since_ms, author_id)
    SELECT 'incident', id, 'opened', at_ms, account_id FROM incident;
INSERT INTO flow_past (item_id, at_ms, account_id, arrow, from_state, to_state, note)
    SELECT id, since_ms, author_id, 'enter', '', 'opened', '' FROM flow_item WHERE kind = 'incident';
