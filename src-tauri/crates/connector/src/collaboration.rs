//! Working on one file with others: comments, locks, approval.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use waybill_model::{Millis, RemotePath};

use crate::Result;

/// A remark on a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The remote's id.
    pub id: String,
    /// Who wrote it, as the remote names people.
    pub by: Option<String>,
    /// When.
    pub at: Option<Millis>,
    /// Plain text.
    pub text: String,
}

/// Remarks on files and folders.
#[async_trait]
pub trait Comments: Send + Sync {
    /// The oldest first.
    async fn comments(&self, path: &RemotePath) -> Result<Vec<Comment>>;

    /// Writes one. It is never written twice by this call.
    async fn comment(&self, path: &RemotePath, text: &str) -> Result<Comment>;

    /// Removes one. Succeeds where it is gone; `Denied` for somebody else's.
    async fn delete_comment(&self, path: &RemotePath, id: &str) -> Result<()>;
}

/// Who keeps others from changing a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLock {
    /// As the remote names people.
    pub by: String,
    /// Whether that is the connection's own account.
    pub mine: bool,
    /// Since when.
    pub since: Option<Millis>,
    /// When it ends by itself.
    pub expires: Option<Millis>,
}

/// Keeping others from changing a file for a while.
#[async_trait]
pub trait Locks: Send + Sync {
    /// Who has it; nobody where `None`.
    async fn lock_of(&self, path: &RemotePath) -> Result<Option<FileLock>>;

    /// Takes it. Succeeds where it is ours; `Locked` where another has it, with the name as [`crate::TAKEN_BY`].
    async fn lock(&self, path: &RemotePath) -> Result<FileLock>;

    /// Gives it back. Succeeds where nobody has it; `Locked` or `Denied` where another has it.
    async fn unlock(&self, path: &RemotePath) -> Result<()>;
}

/// How far a file is allowed to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApprovalState {
    /// Nobody has said anything.
    Open,
    /// Somebody was asked.
    Pending,
    /// It may be used.
    Approved,
    /// It may not be used.
    Rejected,
    /// It might be used once, and no longer.
    Expired,
}

/// What was decided about a file, as the remote has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRecord {
    /// How far it is.
    pub state: ApprovalState,
    /// The remote's own word for it.
    pub word: String,
    /// Who decided, where told.
    pub by: Option<String>,
    /// When, where told.
    pub at: Option<Millis>,
}

/// Whether a file may be used.
#[async_trait]
pub trait Approval: Send + Sync {
    /// What stands.
    async fn approval(&self, path: &RemotePath) -> Result<ApprovalRecord>;

    /// Writes a decision. `Invalid` for a state that this remote does not have.
    async fn set_approval(&self, path: &RemotePath, state: ApprovalState, why: Option<&str>) -> Result<()>;
}
