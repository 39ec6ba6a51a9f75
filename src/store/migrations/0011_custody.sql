-- Which exhibit a seal is on; what the laboratory's report is; what was on the spot when something was seized.

CREATE INDEX custody_by_seal ON custody (seal_new COLLATE NOCASE);

ALTER TABLE substance_line ADD COLUMN report_number TEXT;   -- of the laboratory
ALTER TABLE substance_line ADD COLUMN report_day INTEGER;

ALTER TABLE seizure ADD COLUMN latitude_e6 INTEGER;         -- millionths of a degree, WGS 84
ALTER TABLE seizure ADD COLUMN longitude_e6 INTEGER;
ALTER TABLE seizure ADD COLUMN goods_gross_mg INTEGER;      -- of the goods that hid it
ALTER TABLE seizure ADD COLUMN consignor TEXT;              -- as the papers on the spot name them, where no
ALTER TABLE seizure ADD COLUMN consignee TEXT;              -- consignment of the centre is at hand
