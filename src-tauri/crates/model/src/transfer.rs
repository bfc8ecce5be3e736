//! What a transfer is asked to do.

use serde::{Deserialize, Serialize};

use crate::{ConflictRule, ConnectionId, Millis, RemotePath, RequiredProof};

/// A path on a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The place; [`ConnectionId::LOCAL`] for this computer.
    pub connection: ConnectionId,
    /// Where it lies there.
    pub path: RemotePath,
}

/// What a source looked like, to notice that it changed. Equal stamps do not prove equal bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Last modification, where the remote tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Millis>,
    /// The remote's own mark of this revision: an S3 version id, else its `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What happens to the source, only ever after *matched*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "then", content = "to")]
pub enum AfterSource {
    /// It stays.
    #[default]
    Keep,
    /// It is deleted.
    Delete,
    /// It is moved into this folder of its own connection.
    Move(RemotePath),
}

/// How the files of a run are to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TransferOptions {
    /// When something is already there.
    #[serde(default)]
    pub conflict: ConflictRule,
    /// The grade to reach.
    #[serde(default)]
    pub proof: RequiredProof,
    /// What happens to the source afterwards.
    #[serde(default)]
    pub after: AfterSource,
}
