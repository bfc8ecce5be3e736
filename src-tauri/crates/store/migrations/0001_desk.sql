-- The desk's first schema: connections, runs, transfers and what is kept about them.
-- Ids are UUIDv7 in 16 bytes, times integer milliseconds UTC, documents JSON text.

CREATE TABLE home (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE connections (
  id            BLOB PRIMARY KEY CHECK (length(id) = 16),
  name          TEXT NOT NULL,
  kind          TEXT NOT NULL,
  settings      TEXT NOT NULL CHECK (json_valid(settings)),
  secrets       TEXT NOT NULL CHECK (json_valid(secrets)),   -- key -> the vault that holds it; never the secret
  learned       TEXT NOT NULL CHECK (json_valid(learned)),
  remarks       TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(remarks)),
  revision      INTEGER NOT NULL DEFAULT 0,                  -- grows with every change that asks for opening it anew
  health        TEXT NOT NULL CHECK (health IN ('untested', 'well', 'failed', 'stopped')),
  health_detail TEXT NOT NULL DEFAULT '',
  latency_ms    INTEGER,
  created_at    INTEGER NOT NULL,
  last_good_at  INTEGER,
  removed_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX connections_name ON connections (name COLLATE NOCASE) WHERE removed_at IS NULL;

INSERT INTO connections (id, name, kind, settings, secrets, learned, health, created_at)
VALUES (zeroblob(16), 'this-computer', 'folder', '{}', '{}', '{}', 'well', 0);

CREATE TABLE runs (
  id          BLOB PRIMARY KEY CHECK (length(id) = 16),
  title       TEXT NOT NULL,
  origin      TEXT NOT NULL CHECK (origin IN ('window', 'command')),
  options     TEXT NOT NULL CHECK (json_valid(options)),
  walked      INTEGER NOT NULL DEFAULT 0 CHECK (walked IN (0, 1)),
  created_at  INTEGER NOT NULL,
  files       INTEGER NOT NULL DEFAULT 0,
  bytes       INTEGER NOT NULL DEFAULT 0,
  bytes_done  INTEGER NOT NULL DEFAULT 0,
  running     INTEGER NOT NULL DEFAULT 0,
  queued      INTEGER NOT NULL DEFAULT 0,
  waiting     INTEGER NOT NULL DEFAULT 0,
  paused      INTEGER NOT NULL DEFAULT 0,
  attention   INTEGER NOT NULL DEFAULT 0,
  done        INTEGER NOT NULL DEFAULT 0,
  matched     INTEGER NOT NULL DEFAULT 0,
  skipped     INTEGER NOT NULL DEFAULT 0,
  failed      INTEGER NOT NULL DEFAULT 0,
  cancelled   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_newest ON runs (created_at DESC);

-- What a run was asked to send, stored before the first folder is opened.
CREATE TABLE run_roots (
  id                INTEGER PRIMARY KEY,
  run_id            BLOB NOT NULL REFERENCES runs (id),
  source_connection BLOB NOT NULL REFERENCES connections (id),
  source_path       TEXT NOT NULL,
  target_connection BLOB NOT NULL REFERENCES connections (id),
  target_path       TEXT NOT NULL,
  state             TEXT NOT NULL CHECK (state IN ('pending', 'walked', 'failed')),
  failure           TEXT CHECK (failure IS NULL OR json_valid(failure))
) STRICT;
CREATE INDEX run_roots_run ON run_roots (run_id);
CREATE INDEX run_roots_pending ON run_roots (id) WHERE state = 'pending';

CREATE TABLE transfers (
  seq               INTEGER PRIMARY KEY,
  id                BLOB NOT NULL CHECK (length(id) = 16),
  run_id            BLOB NOT NULL REFERENCES runs (id),
  source_connection BLOB NOT NULL REFERENCES connections (id),
  source_path       TEXT NOT NULL,
  target_connection BLOB NOT NULL REFERENCES connections (id),
  target_path       TEXT NOT NULL,
  entry             TEXT NOT NULL CHECK (entry IN ('file', 'folder')),
  lane              TEXT NOT NULL CHECK (lane IN ('small', 'large')),
  size              INTEGER NOT NULL CHECK (size >= 0),
  stamp             TEXT NOT NULL CHECK (json_valid(stamp)),
  state             TEXT NOT NULL CHECK (state IN ('queued', 'preparing', 'transferring', 'verifying', 'done', 'waiting',
                                                   'paused', 'skipped', 'needs-attention', 'failed', 'cancelled')),
  evidence          TEXT NOT NULL DEFAULT 'none' CHECK (evidence IN ('none', 'sent', 'accepted', 'matched', 'confirmed')),
  proof             TEXT CHECK (proof IN ('sha256', 'md5', 'read-back')),
  sha256            BLOB CHECK (sha256 IS NULL OR length(sha256) = 32),
  receipt           TEXT CHECK (receipt IS NULL OR json_valid(receipt)),
  failure           TEXT CHECK (failure IS NULL OR json_valid(failure)),
  conflict          TEXT CHECK (conflict IN ('overwrite', 'skip', 'keep-both', 'newer', 'ask')),
  attempts          INTEGER NOT NULL DEFAULT 0,
  claims            INTEGER NOT NULL DEFAULT 0,
  due_at            INTEGER,
  priority          INTEGER NOT NULL DEFAULT 0,
  place             REAL NOT NULL,
  created_at        INTEGER NOT NULL,
  started_at        INTEGER,
  ended_at          INTEGER
) STRICT;
CREATE UNIQUE INDEX transfers_id ON transfers (id);
CREATE INDEX transfers_run ON transfers (run_id, seq);
CREATE INDEX transfers_target ON transfers (target_connection, target_path);
CREATE INDEX transfers_queue ON transfers (target_connection, lane, priority DESC, place) WHERE state = 'queued';
CREATE INDEX transfers_due ON transfers (due_at) WHERE state = 'waiting';
CREATE INDEX transfers_open ON transfers (state, seq) WHERE state NOT IN ('done', 'skipped');

CREATE TABLE transfer_events (
  id       INTEGER PRIMARY KEY,
  transfer INTEGER NOT NULL REFERENCES transfers (seq),
  at       INTEGER NOT NULL,
  event    TEXT NOT NULL,
  state    TEXT NOT NULL,
  detail   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX transfer_events_transfer ON transfer_events (transfer, id);

CREATE TABLE upload_sessions (
  transfer   INTEGER PRIMARY KEY REFERENCES transfers (seq),
  session    TEXT NOT NULL CHECK (json_valid(session)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE part_receipts (
  transfer INTEGER NOT NULL REFERENCES upload_sessions (transfer) ON DELETE CASCADE,
  number   INTEGER NOT NULL CHECK (number > 0),
  receipt  TEXT NOT NULL CHECK (json_valid(receipt)),
  PRIMARY KEY (transfer, number)
) STRICT, WITHOUT ROWID;

-- Effects on remote systems: the intent before, the outcome after.
CREATE TABLE outbox (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  transfer   INTEGER REFERENCES transfers (seq),
  effect     TEXT NOT NULL CHECK (effect IN ('finish', 'write', 'delete-source', 'move-source', 'abort-upload')),
  intent     TEXT NOT NULL CHECK (json_valid(intent)),
  state      TEXT NOT NULL CHECK (state IN ('intended', 'done', 'failed')),
  outcome    TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX outbox_intended ON outbox (transfer) WHERE state = 'intended';

CREATE TABLE attention (
  id         BLOB PRIMARY KEY CHECK (length(id) = 16),
  kind       TEXT NOT NULL CHECK (kind IN ('host-key-unknown', 'host-key-changed', 'unauthenticated', 'conflict',
                                           'disk-full', 'database-restored')),
  connection BLOB REFERENCES connections (id),
  transfer   INTEGER REFERENCES transfers (seq),
  run_id     BLOB REFERENCES runs (id),
  facts      TEXT NOT NULL CHECK (json_valid(facts)),
  raised_at  INTEGER NOT NULL,
  settled_at INTEGER,
  answer     TEXT
) STRICT;
CREATE UNIQUE INDEX attention_open ON attention (kind, ifnull(connection, x''), ifnull(transfer, 0)) WHERE settled_at IS NULL;
CREATE INDEX attention_transfer ON attention (transfer) WHERE settled_at IS NULL;

CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  act     TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail  TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE VIRTUAL TABLE transfer_search USING fts5 (
  words, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
