//! What happened on remotes: each event once by its source and its id there, and where each connection is asked on.

use rusqlite::{OptionalExtension as _, params};
use waybill_connector::RemoteEvent;
use waybill_model::{ConnectionId, Millis};

use crate::{
    Store, StoreError,
    row::{Columns, stored_json},
};

/// An event that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptEvent {
    /// Counted up as they came, with gaps.
    pub position: i64,
    /// Over which connection it came first.
    pub connection: ConnectionId,
    /// When it came first.
    pub received_at: Millis,
    /// What was told.
    pub event: RemoteEvent,
}

impl Store {
    /// Keeps events, and with them where the connection is asked on: both or neither. Answers for each whether it is new; one
    /// that is known by its source and id is left as it came first.
    pub async fn keep_events(
        &self,
        connection: ConnectionId,
        events: Vec<RemoteEvent>,
        cursor: Option<String>,
        at: Millis,
    ) -> Result<Vec<bool>, StoreError> {
        self.write(move |tx| {
            let mut fresh = Vec::with_capacity(events.len());
            for event in &events {
                let added = tx
                    .sql
                    .prepare_cached(
                        "INSERT INTO remote_events (source, event, connection_id, word, received_at, told)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (source, event) DO NOTHING",
                    )?
                    .execute(params![
                        event.source,
                        event.id,
                        connection.as_bytes().as_slice(),
                        event.word,
                        at.0,
                        stored_json(event)?
                    ])?;
                fresh.push(added == 1);
            }
            if let Some(cursor) = &cursor {
                tx.sql.execute(
                    "INSERT INTO event_cursors (connection_id, cursor, moved_at) VALUES (?1, ?2, ?3)
                     ON CONFLICT (connection_id) DO UPDATE SET cursor = excluded.cursor, moved_at = excluded.moved_at",
                    params![connection.as_bytes().as_slice(), cursor, at.0],
                )?;
            }
            Ok(fresh)
        })
        .await
    }

    /// Where a connection is asked on; `None` where it never was.
    pub async fn event_cursor(&self, connection: ConnectionId) -> Result<Option<String>, StoreError> {
        self.read(move |tx| {
            let sql = "SELECT cursor FROM event_cursors WHERE connection_id = ?1";
            Ok(tx.sql.query_row(sql, [connection.as_bytes().as_slice()], |row| row.get(0)).optional()?)
        })
        .await
    }

    /// Forgets where a connection is asked on, because the remote does not know it any more.
    pub async fn forget_event_cursor(&self, connection: ConnectionId) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute("DELETE FROM event_cursors WHERE connection_id = ?1", [connection.as_bytes().as_slice()])?;
            Ok(())
        })
        .await
    }

    /// The newest events of a connection, at most `limit`, older than `before` where that is given.
    pub async fn events(
        &self,
        connection: ConnectionId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<KeptEvent>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.sql.prepare_cached(
                "SELECT position, connection_id, received_at, told FROM remote_events
                 WHERE connection_id = ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3",
            )?;
            let of = params![connection.as_bytes().as_slice(), before.unwrap_or(i64::MAX), limit];
            let rows = statement.query_map(of, |row| {
                let mut columns = Columns::of(row);
                Ok(KeptEvent {
                    position: columns.get()?,
                    connection: columns.id()?,
                    received_at: Millis(columns.get()?),
                    event: columns.json()?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use waybill_connector::EventKind;

    use super::*;

    fn event(source: &str, id: &str) -> RemoteEvent {
        RemoteEvent {
            source: source.to_owned(),
            id: id.to_owned(),
            kind: EventKind::Created,
            word: "file.created".to_owned(),
            at: Some(Millis(1)),
            by: None,
            path: None,
            subject: None,
            file: None,
            data: serde_json::json!({ "odd": "\u{0}ä" }),
        }
    }

    #[tokio::test]
    async fn an_event_is_kept_once_whichever_way_it_comes_and_the_cursor_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join("waybill.db");
        let (store, _) = Store::open(&path, Millis(0)).unwrap();
        let (one, other) = (ConnectionId::fresh(), ConnectionId::fresh());
        let page = vec![event("urn:a", "1"), event("urn:b", "1"), event("urn:a", "1")];
        let fresh = store.keep_events(one, page, Some("c1".to_owned()), Millis(5)).await.unwrap();
        assert_eq!(fresh, [true, true, false]);
        let again = store.keep_events(other, vec![event("urn:a", "1")], None, Millis(6)).await.unwrap();
        assert_eq!(again, [false]);
        assert_eq!(store.event_cursor(one).await.unwrap().as_deref(), Some("c1"));
        assert_eq!(store.event_cursor(other).await.unwrap(), None);
        let kept = store.events(one, None, 10).await.unwrap();
        assert_eq!(kept.iter().map(|one| one.event.source.as_str()).collect::<Vec<_>>(), ["urn:b", "urn:a"]);
        assert_eq!(kept[1].event, event("urn:a", "1"));
        assert_eq!(store.events(one, Some(kept[0].position), 10).await.unwrap().len(), 1);
        store.forget_event_cursor(one).await.unwrap();
        assert_eq!(store.event_cursor(one).await.unwrap(), None);
    }
}
