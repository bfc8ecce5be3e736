//! One entry: what a remote tells of it, its versions, and what can be looked at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;
use tokio_util::sync::CancellationToken;
use waybill_desk::{
    EntryDetails, MetadataSet, NoPreview, ObjectVersion, Preview, Retention, RetentionMode, TAG_LIMITS, TagsSaved,
    TextForm, Told, Unfinished, UnfinishedUpload,
};
use waybill_model::{RemotePath, Stamp};

use super::{Count, EntryView, FailureView, IpcError, Time};
use crate::previews::Previews;

/// What was seen of a file; its version picks an earlier one.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StampView {
    size: Count,
    modified: Option<Time>,
    version: Option<String>,
}

impl From<StampView> for Stamp {
    fn from(view: StampView) -> Self {
        Self {
            size: view.size.value(),
            modified: view.modified.map(Into::into),
            version: view.version,
            ..Self::default()
        }
    }
}

/// A key and its value.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PairView {
    key: String,
    value: String,
}

/// Pairs for the window.
pub(super) fn pair_views(pairs: BTreeMap<String, String>) -> Vec<PairView> {
    pairs.into_iter().map(|(key, value)| PairView { key, value }).collect()
}

/// Pairs by their key; a key that comes twice cannot be right.
pub(crate) fn pairs(views: Vec<PairView>) -> Result<BTreeMap<String, String>, IpcError> {
    let mut pairs = BTreeMap::new();
    for PairView { key, value } in views {
        if pairs.insert(key.clone(), value).is_some() {
            return Err(IpcError::Invalid { message: format!("the key {key} is there twice") });
        }
    }
    Ok(pairs)
}

/// How strictly a retention holds.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RetentionModeView {
    Governance,
    Compliance,
}

impl From<RetentionMode> for RetentionModeView {
    fn from(mode: RetentionMode) -> Self {
        match mode {
            RetentionMode::Governance => Self::Governance,
            RetentionMode::Compliance => Self::Compliance,
        }
    }
}

impl From<RetentionModeView> for RetentionMode {
    fn from(mode: RetentionModeView) -> Self {
        match mode {
            RetentionModeView::Governance => Self::Governance,
            RetentionModeView::Compliance => Self::Compliance,
        }
    }
}

/// Until when a version may not be removed.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RetentionView {
    mode: RetentionModeView,
    until: Time,
}

impl From<Retention> for RetentionView {
    fn from(retention: Retention) -> Self {
        Self { mode: retention.mode.into(), until: retention.until.into() }
    }
}

/// What travels with a file, and its tags.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MetadataView {
    metadata: Vec<PairView>,
    tags: Vec<PairView>,
    /// Some may be there that were not shown.
    tags_hidden: bool,
    content_type: Option<String>,
    storage_class: Option<String>,
    encryption: Option<String>,
    encryption_key: Option<String>,
}

impl From<MetadataSet> for MetadataView {
    fn from(set: MetadataSet) -> Self {
        Self {
            metadata: pair_views(set.metadata),
            tags: pair_views(set.tags),
            tags_hidden: set.tags_hidden,
            content_type: set.content_type,
            storage_class: set.storage_class,
            encryption: set.encryption,
            encryption_key: set.encryption_key,
        }
    }
}

/// Retention and legal hold of a file.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordsView {
    retention: Option<RetentionView>,
    /// Why the retention is not shown.
    retention_hidden: Option<FailureView>,
    legal_hold: bool,
    /// Why the hold is not shown.
    hold_hidden: Option<FailureView>,
}

/// How many tags there may be, and how long.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TagLimitsView {
    most: Count,
    key: Count,
    value: Count,
}

/// What a remote tells of one entry.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntryDetailsView {
    entry: EntryView,
    /// None where nothing of the kind is kept there.
    metadata: Option<MetadataView>,
    /// Why the metadata is not shown.
    metadata_hidden: Option<FailureView>,
    /// None where there is no such thing.
    records: Option<RecordsView>,
    tag_limits: TagLimitsView,
}

fn told<T>(told: Told<T>) -> (Option<T>, Option<FailureView>) {
    match told {
        Told::Nothing => (None, None),
        Told::Hidden(failure) => (None, Some(failure.into())),
        Told::Is(is) => (Some(is), None),
    }
}

impl From<EntryDetails> for EntryDetailsView {
    fn from(details: EntryDetails) -> Self {
        let none = details.retention == Told::Nothing && details.legal_hold == Told::Nothing;
        let (metadata, metadata_hidden) = told(details.metadata);
        let (retention, retention_hidden) = told(details.retention);
        let (legal_hold, hold_hidden) = told(details.legal_hold);
        let records = RecordsView {
            retention: retention.flatten().map(Into::into),
            retention_hidden,
            legal_hold: legal_hold.unwrap_or_default(),
            hold_hidden,
        };
        let limit = |limit: usize| Count::of(limit as u64);
        Self {
            entry: details.entry.into(),
            metadata: metadata.map(Into::into),
            metadata_hidden,
            records: (!none).then_some(records),
            tag_limits: TagLimitsView {
                most: limit(TAG_LIMITS.most),
                key: limit(TAG_LIMITS.key),
                value: limit(TAG_LIMITS.value),
            },
        }
    }
}

/// What became of tags that were to be saved.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TagsSavedView {
    /// The tags that are there now, where somebody else changed them: then nothing was saved.
    conflict: Option<Vec<PairView>>,
}

impl From<TagsSaved> for TagsSavedView {
    fn from(saved: TagsSaved) -> Self {
        match saved {
            TagsSaved::Saved => Self { conflict: None },
            TagsSaved::Changed(now) => Self { conflict: Some(pair_views(now)) },
        }
    }
}

/// One version of a file.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionView {
    id: String,
    /// Where the remote counts them.
    number: Option<Count>,
    size: Count,
    modified: Option<Time>,
    latest: bool,
    deleted: bool,
}

impl From<ObjectVersion> for VersionView {
    fn from(version: ObjectVersion) -> Self {
        let ObjectVersion { id, number, size, modified, latest, deleted } = version;
        Self {
            id,
            number: number.map(Into::into),
            size: size.into(),
            modified: modified.map(Into::into),
            latest,
            deleted,
        }
    }
}

impl From<VersionView> for ObjectVersion {
    fn from(view: VersionView) -> Self {
        let VersionView { id, number, size, modified, latest, deleted } = view;
        Self {
            id,
            number: number.map(Count::value),
            size: size.value(),
            modified: modified.map(Into::into),
            latest,
            deleted,
        }
    }
}

/// A link that works without an account.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkView {
    pub(crate) url: String,
    pub(crate) until: Time,
}

impl std::fmt::Debug for LinkView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkView").field("until", &self.until).finish_non_exhaustive()
    }
}

/// An upload that nobody finished yet.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnfinishedView {
    path: String,
    id: String,
    started: Option<Time>,
    bytes: Option<Count>,
    /// The queue of this desk goes on with it.
    ours: bool,
}

impl From<Unfinished> for UnfinishedView {
    fn from(unfinished: Unfinished) -> Self {
        let Unfinished { upload, bytes, ours } = unfinished;
        Self {
            path: upload.path.as_str().to_owned(),
            id: upload.id,
            started: upload.started.map(Into::into),
            bytes: bytes.map(Into::into),
            ours,
        }
    }
}

impl From<UnfinishedView> for UnfinishedUpload {
    fn from(view: UnfinishedView) -> Self {
        Self { path: RemotePath::new(view.path), id: view.id, started: view.started.map(Into::into) }
    }
}

/// How a text is best shown.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TextFormView {
    Plain,
    Table,
    Markdown,
    Page,
}

impl From<TextForm> for TextFormView {
    fn from(form: TextForm) -> Self {
        match form {
            TextForm::Plain => Self::Plain,
            TextForm::Table => Self::Table,
            TextForm::Markdown => Self::Markdown,
            TextForm::Page => Self::Page,
        }
    }
}

/// What there is to look at.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "kind")]
pub(crate) enum PreviewView {
    /// A text; `read` bytes of the file.
    Text { text: String, encoding: String, guessed: bool, form: TextFormView, read: Count },
    /// A picture, to be had by its token.
    Picture { token: String },
    /// A picture that the remote made of it, to be had by its token.
    Drawn { token: String },
    /// A PDF, to be had by its token.
    Pdf { token: String },
    /// No bytes.
    Empty,
    /// Bytes of no kind that is shown.
    Binary,
    /// More bytes than are shown of its kind.
    TooLarge { limit: Count },
    /// A picture of more points than are drawn.
    TooManyPoints { limit: Count },
}

/// Hands over what was found; the bytes of pictures and PDFs stay behind, under a token.
pub(crate) fn preview(previews: &Previews, begun: &CancellationToken, found: Preview) -> Result<PreviewView, IpcError> {
    let hold = |media_type, bytes| {
        let moved_on = || IpcError::NotNow { message: "something else was chosen meanwhile".to_owned() };
        previews.hold(begun, media_type, bytes).ok_or_else(moved_on)
    };
    Ok(match found {
        Preview::Text(text) => PreviewView::Text {
            text: text.text,
            encoding: text.encoding.to_owned(),
            guessed: text.guessed,
            form: text.form.into(),
            read: text.read.into(),
        },
        Preview::Picture { media_type, bytes } => PreviewView::Picture { token: hold(media_type, bytes)? },
        Preview::Drawn { media_type, bytes } => PreviewView::Drawn { token: hold(media_type, bytes)? },
        Preview::Pdf { bytes } => PreviewView::Pdf { token: hold("application/pdf", bytes)? },
        Preview::Nothing(NoPreview::Empty) => PreviewView::Empty,
        Preview::Nothing(NoPreview::Binary) => PreviewView::Binary,
        Preview::Nothing(NoPreview::TooLarge { limit }) => PreviewView::TooLarge { limit: limit.into() },
        Preview::Nothing(NoPreview::TooManyPoints { limit }) => PreviewView::TooManyPoints { limit: limit.into() },
    })
}
