-- Capacity by shift and means: X-ray slots, dog teams, bays for unloading.  day NULL: standing; the newest row counts.
CREATE TABLE capacity_means (
    id {ID},
    post_id INTEGER NOT NULL,
    day INTEGER,
    shift INTEGER NOT NULL,               -- 1..3
    means INTEGER NOT NULL,               -- one bit of the means of control
    slots INTEGER NOT NULL,
    minutes INTEGER NOT NULL,             -- officer minutes that one use takes
    at_ms INTEGER NOT NULL,
    account_id INTEGER
) {STRICT};

-- What the watch on drift saw, newest row per measure and group counts.
CREATE TABLE watch (
    id {ID},
    day INTEGER NOT NULL,
    measure TEXT NOT NULL,                -- "psi", "hit_rate", "cusum"
    about TEXT NOT NULL,                  -- feature, post or harm
    value_ppm INTEGER NOT NULL,
    limit_ppm INTEGER NOT NULL,
    alarm INTEGER NOT NULL,
    words TEXT NOT NULL
) {STRICT};
CREATE INDEX watch_by_day ON watch (day, measure, about);

-- Share of the red places spent on learning about what was seldom seen.
ALTER TABLE capacity ADD COLUMN explore_ppm INTEGER NOT NULL DEFAULT 20000;

ALTER TABLE selection ADD COLUMN uncertainty_ppm INTEGER NOT NULL DEFAULT 0;
ALTER TABLE selection ADD COLUMN share_ppb INTEGER NOT NULL DEFAULT 0;      -- of random and exploration together
ALTER TABLE selection ADD COLUMN rule TEXT;                                 -- the live rule that hit it
ALTER TABLE selection ADD COLUMN rule_lane INTEGER NOT NULL DEFAULT 0;
ALTER TABLE selection ADD COLUMN rule_share_ppm INTEGER NOT NULL DEFAULT 0;
ALTER TABLE selection ADD COLUMN rule_draw INTEGER;                         -- its second draw
ALTER TABLE selection ADD COLUMN shift INTEGER NOT NULL DEFAULT 2;          -- of arrival, 1..3
ALTER TABLE selection ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0;         -- means that fit what is feared
ALTER TABLE selection ADD COLUMN means INTEGER NOT NULL DEFAULT 0;          -- those suggested
CREATE INDEX capacity_means_by_post ON capacity_means (post_id, shift, means);
