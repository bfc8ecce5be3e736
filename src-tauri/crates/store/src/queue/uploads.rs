//! The queue's calls about uploads that were begun.

use waybill_model::{ConnectionId, Millis, PartReceipt, RemotePath, TransferId, UploadSession};

use crate::{Queue, StoreError, UnansweredBegin, uploads};

impl Queue {
    /// Writes down that an upload is about to be begun: until its session is stored, nobody knows its id.
    pub async fn begins_upload(&self, id: TransferId, path: RemotePath, at: Millis) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::begins(tx, id, &path, at)).await
    }

    /// The remote refused to begin the upload that was written down last.
    pub async fn begin_was_refused(&self, id: TransferId) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::begin_answered(tx, id)).await
    }

    /// Uploads that were to be begun and of which no answer was heard, oldest first.
    pub async fn unanswered_begins(&self, id: TransferId) -> Result<Vec<UnansweredBegin>, StoreError> {
        self.store.read(move |tx| uploads::unanswered(tx, id)).await
    }

    /// Forgets uploads of which no answer was heard: they were ended, or cannot be told from others'.
    pub async fn forget_unanswered(&self, id: TransferId) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::forget_unanswered(tx, id)).await
    }

    /// Every upload that is kept for a connection.
    pub async fn sessions_at(&self, connection: ConnectionId) -> Result<Vec<UploadSession>, StoreError> {
        self.store.read(move |tx| uploads::at_connection(tx, connection)).await
    }

    /// Where uploads are being begun on a connection, and no answer was heard yet.
    pub async fn begins_at(&self, connection: ConnectionId) -> Result<Vec<RemotePath>, StoreError> {
        self.store.read(move |tx| uploads::begins_at(tx, connection)).await
    }

    /// Keeps an upload's session before its first part is sent; receipts of an earlier one are forgotten.
    pub async fn store_session(&self, id: TransferId, session: UploadSession, at: Millis) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::store_session(tx, id, &session, at)).await
    }

    /// Keeps a part's receipt before anything relies on it.
    pub async fn store_part(&self, id: TransferId, receipt: PartReceipt) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::store_part(tx, id, &receipt)).await
    }

    /// Forgets the receipts of parts that the remote does not hold any more.
    pub async fn keep_only_parts(&self, id: TransferId, numbers: Vec<u32>) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::keep_only_parts(tx, id, &numbers)).await
    }

    /// Forgets an upload.
    pub async fn forget_session(&self, id: TransferId) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::forget(tx, id)).await
    }

    /// An upload that was begun, with its receipts by number.
    pub async fn session(&self, id: TransferId) -> Result<Option<(UploadSession, Vec<PartReceipt>)>, StoreError> {
        self.store.read(move |tx| uploads::load(tx, id)).await
    }

    /// How many parts the remote has acknowledged, and their bytes.
    pub async fn confirmed(&self, id: TransferId) -> Result<(u64, u64), StoreError> {
        self.store.read(move |tx| uploads::confirmed(tx, id)).await
    }

    /// Forgets an upload that was ended at its remote, unless another one was begun meanwhile.
    pub async fn forget_this_session(&self, id: TransferId, session: UploadSession) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::forget_this(tx, id, &session)).await
    }

    /// Uploads of transfers that were called off, with the connection that holds them.
    pub async fn abandoned(&self) -> Result<Vec<(TransferId, ConnectionId, UploadSession)>, StoreError> {
        self.store.read(uploads::abandoned).await
    }
}
