-- Persons of a case are corrected, withdrawn and move on in the proceedings; what was stays, with the reason.
ALTER TABLE suspect ADD COLUMN role_words TEXT;          -- needed where the role is "other"
ALTER TABLE suspect ADD COLUMN withdrawn_ms INTEGER;     -- kept and shown, not counted
CREATE TABLE suspect_past (
    id {ID},
    suspect_id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,                                  -- corrected, status, withdrawn, restored
    reason TEXT NOT NULL,
    was TEXT NOT NULL                                    -- what changed, as it was: JSON
) {STRICT};
CREATE INDEX suspect_past_by_suspect ON suspect_past (suspect_id);

ALTER TABLE case_file ADD COLUMN fact_words TEXT;        -- needed where the kind of fact is "other"

-- Receivers give seven digits; nothing was written in these columns before.
ALTER TABLE seizure RENAME COLUMN latitude_e6 TO latitude_e7;
ALTER TABLE seizure RENAME COLUMN longitude_e6 TO longitude_e7;
