//! Questions to a person, and their answers.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Answer, Attention, AttentionKind};

use super::{
    ConflictRuleView, Time,
    connection::{SecretDraftView, secrets},
};

/// Why a person is needed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AttentionKindView {
    HostKeyUnknown,
    HostKeyChanged,
    Unauthenticated,
    Conflict,
    DiskFull,
    DatabaseRestored,
}

impl From<AttentionKind> for AttentionKindView {
    fn from(kind: AttentionKind) -> Self {
        match kind {
            AttentionKind::HostKeyUnknown => Self::HostKeyUnknown,
            AttentionKind::HostKeyChanged => Self::HostKeyChanged,
            AttentionKind::Unauthenticated => Self::Unauthenticated,
            AttentionKind::Conflict => Self::Conflict,
            AttentionKind::DiskFull => Self::DiskFull,
            AttentionKind::DatabaseRestored => Self::DatabaseRestored,
        }
    }
}

impl From<AttentionKindView> for AttentionKind {
    fn from(kind: AttentionKindView) -> Self {
        match kind {
            AttentionKindView::HostKeyUnknown => Self::HostKeyUnknown,
            AttentionKindView::HostKeyChanged => Self::HostKeyChanged,
            AttentionKindView::Unauthenticated => Self::Unauthenticated,
            AttentionKindView::Conflict => Self::Conflict,
            AttentionKindView::DiskFull => Self::DiskFull,
            AttentionKindView::DatabaseRestored => Self::DatabaseRestored,
        }
    }
}

/// A fact of a question: a fingerprint, a size, a time.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FactView {
    key: String,
    value: String,
}

/// A question that is open.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttentionView {
    id: String,
    kind: AttentionKindView,
    connection: Option<String>,
    connection_name: Option<String>,
    transfer: Option<String>,
    run: Option<String>,
    raised_at: Time,
    facts: Vec<FactView>,
}

impl From<&Attention> for AttentionView {
    fn from(open: &Attention) -> Self {
        let row = &open.row;
        Self {
            id: row.id.to_string(),
            kind: row.kind.into(),
            connection: row.connection.map(|id| id.to_string()),
            connection_name: open.connection.clone(),
            transfer: row.transfer.map(|id| id.to_string()),
            run: row.run.map(|id| id.to_string()),
            raised_at: row.raised_at.into(),
            facts: row
                .facts
                .iter()
                .filter_map(|(key, value)| Some(FactView { key: key.clone(), value: plain(value)? }))
                .collect(),
        }
    }
}

/// Text without its quotes, numbers as they are; what is empty is no fact.
fn plain(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// What a person says.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "answer")]
pub(crate) enum AnswerView {
    /// The unknown host key is right.
    TrustHostKey { fingerprint: String },
    /// The changed host key is right: typed or pasted by the person.
    ReplaceHostKey { fingerprint: String },
    /// What to do with what is there.
    Conflict { rule: ConflictRuleView, for_all_of_run: bool },
    /// Secrets in place of those that were refused, or the sign-in in the browser that leaves one.
    NewSecrets { secrets: Vec<SecretDraftView>, signed_in: Option<String> },
    /// Seen, or to be tried again as it is.
    Dismiss,
}

impl AnswerView {
    /// The sign-in in the browser that it names.
    pub(crate) fn signed_in(&self) -> Option<&str> {
        match self {
            Self::NewSecrets { signed_in, .. } => signed_in.as_deref(),
            _ => None,
        }
    }
}

impl From<AnswerView> for Answer {
    fn from(answer: AnswerView) -> Self {
        match answer {
            AnswerView::TrustHostKey { fingerprint } => Self::TrustHostKey { fingerprint },
            AnswerView::ReplaceHostKey { fingerprint } => Self::ReplaceHostKey { fingerprint },
            AnswerView::Conflict { rule, for_all_of_run } => {
                Self::Conflict { rule: rule.into(), for_all: for_all_of_run }
            }
            AnswerView::NewSecrets { secrets: drafts, signed_in: _ } => Self::NewSecrets(secrets(drafts)),
            AnswerView::Dismiss => Self::Dismiss,
        }
    }
}
