//! What other tools have, as the window sees it: never a secret, only that there is one.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{ImportFound, ImportOffer, ImportOutcome, ImportPick, ImportPreview, ImportSource, LeftOut};
use waybill_model::Sha256;

use super::{IpcError, SaidView, Time, connection::SettingView, error::FieldProblemView};

/// Whose files they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ImportSourceView {
    Aws,
    Ssh,
    Rclone,
}

impl From<ImportSource> for ImportSourceView {
    fn from(source: ImportSource) -> Self {
        match source {
            ImportSource::Aws => Self::Aws,
            ImportSource::Ssh => Self::Ssh,
            ImportSource::Rclone => Self::Rclone,
        }
    }
}

impl From<ImportSourceView> for ImportSource {
    fn from(source: ImportSourceView) -> Self {
        match source {
            ImportSourceView::Aws => Self::Aws,
            ImportSourceView::Ssh => Self::Ssh,
            ImportSourceView::Rclone => Self::Rclone,
        }
    }
}

/// A source, and which of its usual files this computer has.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportOfferView {
    source: ImportSourceView,
    files: Vec<String>,
}

impl From<ImportOffer> for ImportOfferView {
    fn from(offer: ImportOffer) -> Self {
        Self { source: offer.source.into(), files: offer.files.into_iter().map(Into::into).collect() }
    }
}

/// A look at what could be imported.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportPreviewView {
    files: Vec<String>,
    /// Handed back with the picks: nothing else is added than what was looked at.
    digest: String,
    found: Vec<ImportFoundView>,
    left_out: Vec<LeftOutView>,
    /// Where secrets would go; none where somebody has to give a passphrase first.
    vault: Option<String>,
}

/// One connection that could be added.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportFoundView {
    found_name: String,
    /// Free, and one that the desk takes.
    name: String,
    kind: String,
    settings: Vec<SettingView>,
    /// The keys of the secrets that come along.
    secrets: Vec<String>,
    secret_expires_at: Option<Time>,
    remarks: Vec<SaidView>,
    problems: Vec<FieldProblemView>,
    /// The connection that leads to the same place already.
    twin: Option<String>,
    /// Whether it is likely to work as it is.
    ready: bool,
}

/// What can be no connection, and why.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LeftOutView {
    name: String,
    why: SaidView,
}

/// One thing of a look that is wanted.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportPickView {
    /// Its place in the look.
    index: u32,
    name: String,
}

/// What became of a pick.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportOutcomeView {
    index: u32,
    name: String,
    /// The new connection.
    added: Option<String>,
    /// Why there is none.
    refused: Option<IpcError>,
}

/// The digest of a look.
pub(crate) fn parse_digest(text: &str) -> Result<Sha256, IpcError> {
    text.parse().map_err(|_| IpcError::NotHere { what: "the look at the files".to_owned() })
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl From<ImportPreview> for ImportPreviewView {
    fn from(preview: ImportPreview) -> Self {
        let left_out = |out: LeftOut| LeftOutView { name: out.name, why: out.why.into() };
        Self {
            files: preview.files.into_iter().map(Into::into).collect(),
            digest: preview.digest.to_string(),
            found: preview.found.into_iter().map(ImportFoundView::from).collect(),
            left_out: preview.left_out.into_iter().map(left_out).collect(),
            vault: preview.vault.map(|vault| vault.as_str().to_owned()),
        }
    }
}

impl From<ImportFound> for ImportFoundView {
    fn from(found: ImportFound) -> Self {
        Self {
            found_name: found.found_name,
            name: found.name,
            kind: found.kind,
            settings: SettingView::all(found.settings),
            secrets: found.secrets,
            secret_expires_at: found.secret_expires_at.map(Into::into),
            remarks: found.remarks.into_iter().map(SaidView::from).collect(),
            problems: found.problems.into_iter().map(FieldProblemView::from).collect(),
            twin: found.twin,
            ready: found.ready,
        }
    }
}

impl From<ImportPickView> for ImportPick {
    fn from(pick: ImportPickView) -> Self {
        Self { index: pick.index as usize, name: pick.name }
    }
}

impl From<ImportOutcome> for ImportOutcomeView {
    fn from(outcome: ImportOutcome) -> Self {
        let (added, refused) = match outcome.added {
            Ok(id) => (Some(id.to_string()), None),
            Err(error) => (None, Some(error.into())),
        };
        Self { index: index(outcome.index), name: outcome.name, added, refused }
    }
}
