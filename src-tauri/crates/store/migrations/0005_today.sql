-- When something of a run last ended: a page about a day finds its runs without looking through the history.
ALTER TABLE runs ADD COLUMN last_ended_at INTEGER;
UPDATE runs SET last_ended_at = (SELECT max(ended_at) FROM transfers WHERE run_id = runs.id);
