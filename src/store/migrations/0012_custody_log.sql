-- What the log says of an exhibit, found at once: its chain of custody is held against it at every look.
CREATE INDEX log_leaf_of_evidence ON log_leaf (CAST(substr(entry, instr(entry, '"object":"evidence:') + 19, 19) AS INTEGER))
    WHERE instr(entry, '"object":"evidence:') > 0 AND instr(entry, '"action":"evidence.read"') = 0;
