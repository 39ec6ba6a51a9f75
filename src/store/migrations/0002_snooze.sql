-- A consignment that waits may have an instant at which it comes back to the queue by itself.
ALTER TABLE selection ADD COLUMN wake_ms INTEGER;
ALTER TABLE decision ADD COLUMN until_ms INTEGER;
-- What the officer had open when deciding: bits of evidence tabs.
ALTER TABLE decision ADD COLUMN looked_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX selection_asleep ON selection (wake_ms) WHERE wake_ms IS NOT NULL;
