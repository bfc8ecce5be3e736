-- Connections: when their secrets end, as somebody typed it and as their last test saw it, and why the last attempt failed,
-- in the model's words. Runs are found by their ends.
ALTER TABLE connections ADD COLUMN secret_expires_at INTEGER;
ALTER TABLE connections ADD COLUMN found_expires_at INTEGER;
ALTER TABLE connections ADD COLUMN found_expires_of TEXT CHECK (found_expires_of IN ('session', 'certificate'));
ALTER TABLE connections ADD COLUMN failure TEXT CHECK (failure IS NULL OR json_valid(failure));
CREATE INDEX run_roots_target ON run_roots (target_connection);
CREATE INDEX run_roots_source ON run_roots (source_connection);
