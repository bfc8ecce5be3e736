-- What happened on remotes and was told here: each event once by its source and its id there, whichever way it came. Where
-- a connection is asked on stands beside what it brought, in the same transaction.
CREATE TABLE remote_events (
    position INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    event TEXT NOT NULL,
    connection_id BLOB NOT NULL CHECK (length(connection_id) = 16),
    word TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    told TEXT NOT NULL CHECK (json_valid(told)),
    UNIQUE (source, event)
) STRICT;
CREATE INDEX remote_events_connection ON remote_events (connection_id, position);
CREATE TABLE event_cursors (
    connection_id BLOB NOT NULL PRIMARY KEY CHECK (length(connection_id) = 16),
    cursor TEXT NOT NULL,
    moved_at INTEGER NOT NULL
) STRICT;
