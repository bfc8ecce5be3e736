//! What the window asks to send.

use serde::Deserialize;
use specta::Type;
use waybill_desk::{Origin, SendRequest};
use waybill_model::{AfterSource, ConnectionId, Location, RemotePath, TransferOptions};

use super::{ConflictRuleView, FilledFormDraft, RequiredProofView};

/// Files and folders, and where they go.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SendDraftView {
    /// Paths of this computer, or `NAME:/path` of a connection.
    pub(crate) sources: Vec<String>,
    pub(crate) connection: String,
    folder: String,
    conflict: ConflictRuleView,
    proof: RequiredProofView,
    /// What every file of it carries there.
    forms: Vec<FilledFormDraft>,
}

impl SendDraftView {
    /// What the desk stores.
    pub(crate) fn into_request(self, sources: Vec<Location>, connection: ConnectionId) -> SendRequest {
        SendRequest {
            sources,
            to: Location { connection, path: RemotePath::new(self.folder) },
            options: TransferOptions {
                conflict: self.conflict.into(),
                proof: self.proof.into(),
                after: AfterSource::Keep,
                forms: self.forms.into_iter().map(Into::into).collect(),
            },
            origin: Origin::Window,
            title: String::new(),
        }
    }
}
