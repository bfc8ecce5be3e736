//! Why a call was refused: a closed union, for which the window has a sentence each.

use std::str::FromStr;

use serde::Serialize;
use specta::Type;
use waybill_desk::{ConnectorError, Cursor, DeskError, FieldProblem, RunCursor, StoreError};
use waybill_model::{Failure, Millis, Side};
use waybill_vault::{VaultError, VaultErrorKind};

use super::{Count, FailureKindView, SaidView, SideView};

/// A failure of a remote or of this computer, in the model's words.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailureView {
    kind: FailureKindView,
    side: SideView,
    message: String,
    /// The message as a phrase, for other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    said: Option<Box<SaidView>>,
    code: Option<String>,
}

impl From<Failure> for FailureView {
    fn from(failure: Failure) -> Self {
        let said = waybill_desk::said(None, &failure.message).map(|said| Box::new(said.into()));
        Self {
            kind: failure.kind.into(),
            side: failure.side.into(),
            message: failure.message,
            said,
            code: failure.code,
        }
    }
}

/// A setting that cannot be right.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldProblemView {
    pub(super) key: String,
    /// In English.
    pub(super) reason: String,
    /// The same as a phrase, for other languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub(super) said: Option<SaidView>,
}

impl From<FieldProblem> for FieldProblemView {
    fn from(problem: FieldProblem) -> Self {
        Self { key: problem.key, reason: problem.said.text.clone(), said: Some(problem.said.into()) }
    }
}

/// Why a call was refused. A code exists because the window says or does something else for it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "code")]
pub(crate) enum IpcError {
    /// A remote, or this computer's files.
    Remote { failure: FailureView },
    /// Settings of a connection.
    Settings { problems: Vec<FieldProblemView> },
    /// Something typed that cannot be right.
    Invalid { message: String },
    /// Nothing can be imported, or not from there.
    Import { said: SaidView },
    /// Another connection is called so.
    NameTaken { name: String },
    /// It was removed meanwhile.
    NotHere { what: String },
    /// It went on meanwhile, so the act no longer fits.
    NotNow { message: String },
    /// Transfers still need it.
    InUse { name: String, waiting: Count },
    /// The vault cannot be reached or opened.
    Vault { message: String, needs_passphrase: bool },
    /// Another program holds the desk's own database for a moment.
    Busy { message: String },
    /// The desk's own database.
    Database { message: String },
    /// This computer's disk.
    Disk { message: String },
    /// The shell's own fault.
    Internal { message: String },
}

impl IpcError {
    /// A file of this computer.
    pub(crate) fn disk(error: &std::io::Error) -> Self {
        Self::Disk { message: error.to_string() }
    }
}

impl From<DeskError> for IpcError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Connector(error) => (*error).into(),
            DeskError::Store(error) => error.into(),
            DeskError::Vault(error) => error.into(),
            DeskError::Settings { problems } => {
                Self::Settings { problems: problems.into_iter().map(FieldProblemView::from).collect() }
            }
            DeskError::Invalid(message) => Self::Invalid { message },
            DeskError::Import(said) => Self::Import { said: said.into() },
            DeskError::InUse { name, open } => Self::InUse { name, waiting: open.into() },
            DeskError::Io(error) => Self::disk(&error),
        }
    }
}

impl From<ConnectorError> for IpcError {
    fn from(error: ConnectorError) -> Self {
        let said = error.phrase().cloned().map(|said| Box::new(said.into()));
        let failure = FailureView::from(error.to_failure(Side::Destination));
        Self::Remote { failure: FailureView { said: said.or(failure.said.clone()), ..failure } }
    }
}

impl From<StoreError> for IpcError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unknown { what, id } => Self::NotHere { what: format!("{what} {id}") },
            StoreError::NameTaken(name) => Self::NameTaken { name },
            StoreError::Illegal(illegal) => Self::NotNow { message: illegal.to_string() },
            StoreError::Busy => Self::Busy { message: error.to_string() },
            StoreError::Full => Self::Disk { message: error.to_string() },
            StoreError::Io(error) => Self::disk(&error),
            other => Self::Database { message: other.to_string() },
        }
    }
}

impl From<VaultError> for IpcError {
    fn from(error: VaultError) -> Self {
        let needs_passphrase =
            matches!(error.kind(), VaultErrorKind::PassphraseNeeded | VaultErrorKind::WrongPassphrase);
        Self::Vault { message: error.to_string(), needs_passphrase }
    }
}

/// An id as the window holds it.
pub(crate) fn parse_id<T: FromStr>(text: &str) -> Result<T, IpcError> {
    text.parse().map_err(|_| IpcError::NotHere { what: text.to_owned() })
}

/// Several of them.
pub(crate) fn parse_ids<T: FromStr>(texts: &[String]) -> Result<Vec<T>, IpcError> {
    texts.iter().map(|text| parse_id(text)).collect()
}

/// Where a page ended.
pub(crate) fn parse_cursor(text: &str) -> Result<Cursor, IpcError> {
    parse_id(text).map(Cursor)
}

/// Where a page of runs ended.
pub(crate) fn parse_run_cursor(text: &str) -> Result<RunCursor, IpcError> {
    let unknown = || IpcError::NotHere { what: text.to_owned() };
    let (created_at, id) = text.split_once('.').ok_or_else(unknown)?;
    Ok(RunCursor { created_at: Millis(parse_id(created_at)?), id: parse_id(id)? })
}
