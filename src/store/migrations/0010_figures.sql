-- What the official layouts count and the registry could not hold: occupations, how plants grew and on what area.
ALTER TABLE suspect ADD COLUMN occupation TEXT;             -- code of the list "occupation"; NULL: not stated
ALTER TABLE substance_line ADD COLUMN growth TEXT;          -- of plants: cultivated, wild; NULL: not stated
ALTER TABLE substance_line ADD COLUMN area_m2 INTEGER;      -- on which they grew

-- The figures ask for what took a line's place, for the files merged into a case, and for the cases of a period.
CREATE INDEX substance_line_replaced ON substance_line (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX case_file_merged ON case_file (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX case_file_opened ON case_file (opened_ms);
