-- A consignment that waits may have an instant at which it comes back to the queue by itself.
ALTER TABLE selection ADD COLUMN wake_ms INTEGER;
ALTER TABLE decision ADD COLUMN until_ms INTEGER;
-- What the officer had open when deciding: bits of evidence tabs.
ALTER TABLE decision ADD COLUMN looked_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX selection_asleep ON selection (wake_ms) WHERE wake_ms IS NOT NULL;

-- How many controls of a party's consignments, in whatever role, found something: read for every row of the queue.
CREATE TABLE party_find (
    party_id INTEGER PRIMARY KEY,
    finds INTEGER NOT NULL
) {STRICT};
INSERT INTO party_find (party_id, finds)
    SELECT party_id, count(DISTINCT result_id) FROM (
        SELECT r.id AS result_id, d.consignor_id AS party_id FROM result r JOIN declaration d ON d.id = r.declaration_id
            WHERE r.found_fraud = 1 OR r.found_critical = 1
        UNION ALL SELECT r.id, d.consignee_id FROM result r JOIN declaration d ON d.id = r.declaration_id
            WHERE r.found_fraud = 1 OR r.found_critical = 1
        UNION ALL SELECT r.id, d.declarant_id FROM result r JOIN declaration d ON d.id = r.declaration_id
            WHERE r.found_fraud = 1 OR r.found_critical = 1
        UNION ALL SELECT r.id, d.carrier_id FROM result r JOIN declaration d ON d.id = r.declaration_id
            WHERE r.found_fraud = 1 OR r.found_critical = 1
    ) AS found WHERE party_id IS NOT NULL GROUP BY party_id;

-- SHA-256 of what came and of what is wrong with it: the same file imported again does not wait twice.
ALTER TABLE quarantine ADD COLUMN digest {BLOB};
CREATE INDEX quarantine_same ON quarantine (digest) WHERE settled_ms IS NULL;
