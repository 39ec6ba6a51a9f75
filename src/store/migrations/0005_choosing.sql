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
