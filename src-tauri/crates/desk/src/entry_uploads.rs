//! Uploads that were begun and never finished: what they hold, whose they are, and ending them. One that this desk's own
//! queue goes on with is never ended here.

use futures::{StreamExt as _, stream};
use waybill_connector::{ConnectorError, UnfinishedUpload};
use waybill_model::{FailureKind, Location, RemotePath, UploadSession};

use crate::{Desk, DeskError, entry::lacks};

/// So many uploads are asked for what they hold; more would be a question each.
const MOST_MEASURED: usize = 200;
/// Questions on their way at once.
const ASKED_AT_ONCE: usize = 8;

/// An upload that nobody finished yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// What it is.
    pub upload: UnfinishedUpload,
    /// Bytes that it holds so far, where that is known.
    pub bytes: Option<u64>,
    /// Whether this desk's queue goes on with it.
    pub ours: bool,
}

/// What the queue keeps of a connection's uploads.
struct Kept {
    sessions: Vec<UploadSession>,
    /// Where some are being begun: their ids are not known yet.
    begun: Vec<RemotePath>,
}

impl Kept {
    fn has(&self, upload: &UnfinishedUpload) -> bool {
        self.sessions.iter().any(|session| upload.belongs_to(session)) || self.begun.contains(&upload.path)
    }
}

impl Desk {
    async fn kept_uploads(&self, place: &Location) -> Result<Kept, DeskError> {
        let queue = self.inner.store.queue();
        // In this order: one whose answer comes in between is in both, never in neither.
        let begun = queue.begins_at(place.connection).await?;
        Ok(Kept { sessions: queue.sessions_at(place.connection).await?, begun })
    }

    /// All unfinished uploads below a folder, oldest first.
    pub async fn unfinished_uploads(&self, folder: &Location) -> Result<Vec<Unfinished>, DeskError> {
        let open = self.opened(folder.connection).await?;
        let Some(ability) = open.connector.unfinished_uploads() else {
            return Err(lacks(&open, "unfinished", "does not tell of unfinished uploads"));
        };
        let mut listed = self.heard(folder, ability.unfinished(&folder.path).await).await?;
        listed.sort_by(|one, other| (one.started, &one.path).cmp(&(other.started, &other.path)));
        let kept = self.kept_uploads(folder).await?;
        let measured = listed.into_iter().enumerate().map(|(at, upload)| {
            let ours = kept.has(&upload);
            async move {
                // How large it is stays unsaid where the remote does not tell.
                let bytes = if at < MOST_MEASURED { ability.held_bytes(&upload).await.ok().flatten() } else { None };
                Unfinished { upload, bytes, ours }
            }
        });
        Ok(stream::iter(measured).buffered(ASKED_AT_ONCE).collect().await)
    }

    /// Ends one unfinished upload; what it held is gone. Refused where the queue goes on with it.
    pub async fn abort_unfinished(&self, connection: &Location, upload: &UnfinishedUpload) -> Result<(), DeskError> {
        let open = self.opened(connection.connection).await?;
        let Some(ability) = open.connector.unfinished_uploads() else {
            return Err(lacks(&open, "abort_unfinished", "does not tell of unfinished uploads"));
        };
        if self.kept_uploads(connection).await?.has(upload) {
            let message = "the queue of this desk goes on with that upload; cancel its transfer instead";
            return Err(ConnectorError::new(FailureKind::Locked, "abort_unfinished", message).at(&upload.path).into());
        }
        self.heard(connection, ability.abort_unfinished(upload).await).await?;
        let place = Location { connection: connection.connection, path: upload.path.clone() };
        self.note_act(&place, "upload-aborted", &upload.id).await
    }
}
