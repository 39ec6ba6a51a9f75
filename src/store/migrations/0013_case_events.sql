-- What touched a case and stands in no table of its own: how it ends, who lost access, what was corrected, persons that
-- were read; and access that somebody took in an emergency.
CREATE TABLE case_event (
    id {ID},
    case_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                   -- disposition, access_ended, amendment, persons_read
    words TEXT NOT NULL
) {STRICT};
CREATE INDEX case_event_by_case ON case_event (case_id);
ALTER TABLE case_access ADD COLUMN emergency INTEGER NOT NULL DEFAULT 0;
