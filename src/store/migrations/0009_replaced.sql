-- A consignment that is inspected again has another control result, which takes the place of the one before.
ALTER TABLE result ADD COLUMN replaces INTEGER;
CREATE UNIQUE INDEX result_by_replaced ON result (replaces) WHERE replaces IS NOT NULL;
