//! What a cancelled transfer left at its remote.

use waybill_model::{ConnectionId, TransferId, UploadSession};
use waybill_store::Queue;

use crate::pool::Pool;

/// Frees it, and forgets it once it is gone. False where that has to be tried again.
pub(crate) async fn end(
    pool: &Pool,
    queue: &Queue,
    id: TransferId,
    target: ConnectionId,
    session: UploadSession,
) -> bool {
    let Ok(seat) = pool.seat(target).await else { return false };
    if let Some(upload) = seat.open.connector.resumable_upload()
        && let Err(error) = upload.abort(&session).await
    {
        tracing::warn!(%error, "what a cancelled upload left could not be removed; trying again later");
        return false;
    }
    match queue.forget_this_session(id, session).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "an upload that was ended could not be forgotten; trying again later");
            false
        }
    }
}
