-- A history of a million rows is listed, searched and counted while the engine writes.

-- How the window tells states apart: the same table as `State::pace`.
ALTER TABLE transfers ADD COLUMN pace TEXT GENERATED ALWAYS AS (
  CASE state
    WHEN 'preparing' THEN 'running' WHEN 'transferring' THEN 'running' WHEN 'verifying' THEN 'running'
    WHEN 'queued' THEN 'waiting' WHEN 'waiting' THEN 'waiting' WHEN 'paused' THEN 'waiting'
    WHEN 'needs-attention' THEN 'needs-you'
    WHEN 'failed' THEN 'failed' WHEN 'cancelled' THEN 'failed'
    ELSE 'done'
  END) VIRTUAL;

-- The rows of a run in the order of its line, all of them or those of one pace.
DROP INDEX transfers_run;
CREATE INDEX transfers_run ON transfers (run_id, priority DESC, place);
CREATE INDEX transfers_run_pace ON transfers (run_id, pace, priority DESC, place);
-- Grades other than the usual one.
CREATE INDEX transfers_evidence ON transfers (evidence, seq) WHERE evidence IN ('sent', 'accepted', 'confirmed');

-- How much a connection still has to do, without a look at the rows.
CREATE INDEX transfers_unfinished ON transfers (target_connection, source_connection, state)
WHERE state NOT IN ('done', 'skipped', 'failed', 'cancelled');

-- Where a run's rows begin and end; those of another run may lie between.
ALTER TABLE runs ADD COLUMN first_seq INTEGER;
ALTER TABLE runs ADD COLUMN last_seq INTEGER;
UPDATE runs SET (first_seq, last_seq) = (SELECT min(seq), max(seq) FROM transfers WHERE run_id = runs.id);

-- What each quarter of an hour brought: which rows came, how many were matched. Every time zone begins its days at one.
CREATE TABLE quarters (
  quarter       INTEGER PRIMARY KEY,
  first_seq     INTEGER,
  last_seq      INTEGER,
  matched       INTEGER NOT NULL DEFAULT 0,
  matched_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO quarters (quarter, first_seq, last_seq)
SELECT created_at / 900000, min(seq), max(seq) FROM transfers GROUP BY 1;
INSERT INTO quarters (quarter, matched, matched_bytes)
SELECT ended_at / 900000, count(*), sum(size) FROM transfers
WHERE state = 'done' AND evidence IN ('matched', 'confirmed') AND ended_at IS NOT NULL GROUP BY 1
ON CONFLICT (quarter) DO UPDATE SET matched = excluded.matched, matched_bytes = excluded.matched_bytes;

-- Names and what never changes of a transfer: its ends, its direction, its run. Built again in idle moments.
DROP TABLE transfer_search;
CREATE VIRTUAL TABLE transfer_search USING fts5 (
  words, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
DELETE FROM home WHERE key = 'searchable';

-- Filters that somebody named: what stands in the address of a place.
CREATE TABLE saved_views (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  place      TEXT NOT NULL,
  name       TEXT NOT NULL,
  search     TEXT NOT NULL CHECK (json_valid(search)),
  position   INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_views_name ON saved_views (place, name COLLATE NOCASE);
