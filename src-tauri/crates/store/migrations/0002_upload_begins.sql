-- Uploads that are being begun: stored before the remote is asked, gone with its answer. What is left after a crash may
-- lie at the remote without anybody's knowing its id.
CREATE TABLE upload_begins (
  id       INTEGER PRIMARY KEY,
  transfer INTEGER NOT NULL REFERENCES transfers (seq),
  path     TEXT NOT NULL,
  begun_at INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_begins_transfer ON upload_begins (transfer);
