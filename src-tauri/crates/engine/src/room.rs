//! Room at targets: how much there is, and closing the question about a full one as soon as it is answered by itself.

use std::time::Duration;

use waybill_connector::Connector;
use waybill_model::{Clock, FailureKind, Millis, RemotePath};
use waybill_store::{AttentionKind, AttentionRow, Store, StoreError};

use crate::pool::Pool;

/// How long a remote may take to say what is free.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is free where `path` will lie, and the folder that said so. A folder that is still to be made lies on the disk of
/// the one above it. `None` where the remote does not tell.
pub(crate) async fn free(connector: &dyn Connector, path: &RemotePath) -> Option<(u64, RemotePath)> {
    let space = connector.space()?;
    let mut folder = path.parent();
    while let Some(path) = folder {
        match tokio::time::timeout(PATIENCE, space.space(&path)).await {
            Ok(Ok(report)) => return Some((report.free, path)),
            Ok(Err(error)) if error.kind == FailureKind::NotFound => folder = path.parent(),
            Ok(Err(error)) => {
                tracing::info!(%error, "the free space could not be asked for");
                return None;
            }
            Err(_) => {
                tracing::info!("the remote takes too long to say what is free");
                return None;
            }
        }
    }
    None
}

/// The open questions about full targets.
pub(crate) async fn questions(store: &Store) -> Result<Vec<AttentionRow>, StoreError> {
    let open = store.open_attention().await?;
    Ok(open.into_iter().filter(|row| row.kind == AttentionKind::DiskFull && row.connection.is_some()).collect())
}

/// Closes the question where nothing lacks room any more, or the remote says that there is enough for what does. It is
/// asked only where it had said that there was too little: one that refuses for a quota of its own never knew.
pub(crate) async fn close(pool: &Pool, store: &Store, clock: &dyn Clock, row: AttentionRow) -> Result<(), StoreError> {
    let Some(connection) = row.connection else { return Ok(()) };
    let lacking = store.queue().lacking_room(connection, row.raised_at).await?;
    if lacking.transfers == 0 {
        return settle(store, row, "everything that needed room is there, or was called off", clock.now()).await;
    }
    let Some(path) = folder_that_was_full(&row) else { return Ok(()) };
    let Ok(seat) = pool.seat(connection).await else { return Ok(()) };
    // Asked as for a file in it.
    match free(seat.open.connector.as_ref(), &path.join("x")).await {
        Some((free, _)) if free >= lacking.bytes => {
            let answer = format!("{free} bytes are free again, for {} that are still to come", lacking.bytes);
            settle(store, row, &answer, clock.now()).await
        }
        _ => Ok(()),
    }
}

/// The folder of which the remote had said that too little is free.
fn folder_that_was_full(row: &AttentionRow) -> Option<RemotePath> {
    row.facts.get("free")?;
    Some(RemotePath::new(row.facts.get("path")?.as_str()?))
}

async fn settle(store: &Store, row: AttentionRow, answer: &str, at: Millis) -> Result<(), StoreError> {
    store.settle_attention(row.id, answer.to_owned(), at, "engine".to_owned()).await
}
