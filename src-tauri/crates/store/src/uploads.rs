//! Uploads that were begun: the session before its first part, each receipt before anything relies on it.

use rusqlite::{OptionalExtension as _, params};
use waybill_model::{ConnectionId, Millis, PartReceipt, RemotePath, TransferId, UploadSession};

use crate::{
    StoreError,
    reader::ReadTx,
    row::{Columns, stored_json},
    writer::WriteTx,
};

const SEQ: &str = "(SELECT seq FROM transfers WHERE id = ?1)";

/// An upload that was about to be begun, and of which no answer was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnansweredBegin {
    /// Where the object would be.
    pub path: RemotePath,
    /// When the remote was asked.
    pub at: Millis,
}

pub(crate) fn begins(tx: &WriteTx<'_>, id: TransferId, path: &RemotePath, at: Millis) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(&format!("INSERT INTO upload_begins (transfer, path, begun_at) VALUES ({SEQ}, ?2, ?3)"))?
        .execute(params![id.as_bytes().as_slice(), path.as_str(), at.0])?;
    Ok(())
}

/// The newest one was answered, or refused.
pub(crate) fn begin_answered(tx: &WriteTx<'_>, id: TransferId) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(&format!(
            "DELETE FROM upload_begins WHERE id = (SELECT max(id) FROM upload_begins WHERE transfer = {SEQ})"
        ))?
        .execute([id.as_bytes().as_slice()])?;
    Ok(())
}

pub(crate) fn unanswered(tx: &ReadTx<'_>, id: TransferId) -> Result<Vec<UnansweredBegin>, StoreError> {
    let mut statement = tx
        .sql
        .prepare_cached(&format!("SELECT path, begun_at FROM upload_begins WHERE transfer = {SEQ} ORDER BY id"))?;
    let rows = statement.query_map([id.as_bytes().as_slice()], |row| {
        Ok(UnansweredBegin { path: RemotePath::new(row.get::<_, String>(0)?), at: Millis(row.get(1)?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets what was never answered.
pub(crate) fn forget_unanswered(tx: &WriteTx<'_>, id: TransferId) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(&format!("DELETE FROM upload_begins WHERE transfer = {SEQ}"))?
        .execute([id.as_bytes().as_slice()])?;
    Ok(())
}

/// CROSS JOIN keeps the order: there are few sessions and perhaps a million transfers.
const AT_CONNECTION: &str = "SELECT u.session FROM upload_sessions u CROSS JOIN transfers t ON t.seq = u.transfer
     WHERE t.target_connection = ?1";

const ABANDONED: &str = "SELECT t.id, t.target_connection, u.session
     FROM upload_sessions u CROSS JOIN transfers t ON t.seq = u.transfer WHERE t.state IN ('cancelled', 'skipped')";

const BEGINS_AT: &str = "SELECT b.path FROM upload_begins b CROSS JOIN transfers t ON t.seq = b.transfer
     WHERE t.target_connection = ?1";

/// Every upload that is kept for a connection.
pub(crate) fn at_connection(tx: &ReadTx<'_>, connection: ConnectionId) -> Result<Vec<UploadSession>, StoreError> {
    let mut statement = tx.sql.prepare_cached(AT_CONNECTION)?;
    let rows = statement.query_map([connection.as_bytes().as_slice()], |row| Columns::of(row).json())?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where uploads are being begun on a connection.
pub(crate) fn begins_at(tx: &ReadTx<'_>, connection: ConnectionId) -> Result<Vec<RemotePath>, StoreError> {
    let mut statement = tx.sql.prepare_cached(BEGINS_AT)?;
    let rows = statement.query_map([connection.as_bytes().as_slice()], |row| row.get::<_, String>(0))?;
    Ok(rows.map(|path| path.map(RemotePath::new)).collect::<Result<_, _>>()?)
}

/// Keeps the session; that it was begun is known with it.
pub(crate) fn store_session(
    tx: &WriteTx<'_>,
    id: TransferId,
    session: &UploadSession,
    at: Millis,
) -> Result<(), StoreError> {
    forget(tx, id)?;
    begin_answered(tx, id)?;
    tx.sql
        .prepare_cached(&format!("INSERT INTO upload_sessions (transfer, session, created_at) VALUES ({SEQ}, ?2, ?3)"))?
        .execute(params![id.as_bytes().as_slice(), stored_json(session)?, at.0])?;
    Ok(())
}

pub(crate) fn store_part(tx: &WriteTx<'_>, id: TransferId, receipt: &PartReceipt) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(&format!(
            "INSERT OR REPLACE INTO part_receipts (transfer, number, receipt) VALUES ({SEQ}, ?2, ?3)"
        ))?
        .execute(params![id.as_bytes().as_slice(), receipt.number, stored_json(receipt)?])?;
    Ok(())
}

pub(crate) fn keep_only_parts(tx: &WriteTx<'_>, id: TransferId, numbers: &[u32]) -> Result<(), StoreError> {
    let kept = serde_json::to_string(numbers)?;
    tx.sql
        .prepare_cached(&format!(
            "DELETE FROM part_receipts WHERE transfer = {SEQ} AND number NOT IN (SELECT value FROM json_each(?2))"
        ))?
        .execute(params![id.as_bytes().as_slice(), kept])?;
    Ok(())
}

pub(crate) fn forget(tx: &WriteTx<'_>, id: TransferId) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached(&format!("DELETE FROM upload_sessions WHERE transfer = {SEQ}"))?
        .execute([id.as_bytes().as_slice()])?;
    Ok(())
}

/// Forgets `session`, unless another one has taken its place.
pub(crate) fn forget_this(tx: &WriteTx<'_>, id: TransferId, session: &UploadSession) -> Result<(), StoreError> {
    let stored: Option<UploadSession> = tx
        .sql
        .prepare_cached(&format!("SELECT session FROM upload_sessions WHERE transfer = {SEQ}"))?
        .query_row([id.as_bytes().as_slice()], |row| Columns::of(row).json())
        .optional()?;
    if stored.as_ref() == Some(session) { forget(tx, id) } else { Ok(()) }
}

pub(crate) fn load(tx: &ReadTx<'_>, id: TransferId) -> Result<Option<(UploadSession, Vec<PartReceipt>)>, StoreError> {
    let session: Option<UploadSession> = tx
        .sql
        .prepare_cached(&format!("SELECT session FROM upload_sessions WHERE transfer = {SEQ}"))?
        .query_row([id.as_bytes().as_slice()], |row| Columns::of(row).json())
        .optional()?;
    let Some(session) = session else { return Ok(None) };
    let mut statement =
        tx.sql.prepare_cached(&format!("SELECT receipt FROM part_receipts WHERE transfer = {SEQ} ORDER BY number"))?;
    let receipts =
        statement.query_map([id.as_bytes().as_slice()], |row| Columns::of(row).json())?.collect::<Result<_, _>>()?;
    Ok(Some((session, receipts)))
}

/// How many parts of a transfer the remote has acknowledged, and their bytes.
pub(crate) fn confirmed(tx: &ReadTx<'_>, id: TransferId) -> Result<(u64, u64), StoreError> {
    Ok(tx
        .sql
        .prepare_cached(&format!(
            "SELECT count(*), ifnull(sum(json_extract(receipt, '$.length')), 0) FROM part_receipts WHERE transfer = {SEQ}"
        ))?
        .query_row([id.as_bytes().as_slice()], |row| {
            let mut columns = Columns::of(row);
            Ok((columns.bytes()?, columns.bytes()?))
        })?)
}

/// Sessions of transfers that were called off, with their connection: their remote rest is still to be removed.
pub(crate) fn abandoned(tx: &ReadTx<'_>) -> Result<Vec<(TransferId, ConnectionId, UploadSession)>, StoreError> {
    let mut statement = tx.sql.prepare_cached(ABANDONED)?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.id()?, columns.id()?, columns.json()?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_are_found_without_a_walk_through_the_history() {
        let sql = rusqlite::Connection::open_in_memory().unwrap();
        sql.execute_batch(include_str!("../migrations/0001_desk.sql")).unwrap();
        for query in [AT_CONNECTION, ABANDONED] {
            let mut statement = sql.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
            let marks = statement.parameter_count();
            let values = rusqlite::params_from_iter((0..marks).map(|_| rusqlite::types::Null));
            let steps: Vec<String> =
                statement.query_map(values, |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap();
            assert_eq!(steps, ["SCAN u", "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"]);
        }
    }
}
