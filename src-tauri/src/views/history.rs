//! Pages of runs and named filters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Act, RunRow, SavedView};
use waybill_model::ViewId;

use super::{Count, IpcError, RunView, TransferView, parse_id};

/// A page of runs, newest first.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunPageView {
    runs: Vec<RunView>,
    next: Option<String>,
}

impl RunPageView {
    pub(crate) fn new(runs: Vec<RunRow>, limit: u16) -> Self {
        let full = runs.len() >= usize::from(limit);
        let next = runs.last().filter(|_| full).map(|last| format!("{}.{}", last.created_at.0, last.id));
        Self { runs: runs.into_iter().map(RunView::from).collect(), next }
    }
}

/// A piece of a run: where it begins.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BlockDraft {
    pub(crate) run: String,
    /// So many rows of the run stand before it.
    pub(crate) skipped: Count,
}

/// A piece of a run.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BlockView {
    pub(crate) run: String,
    pub(crate) skipped: Count,
    pub(crate) rows: Vec<TransferView>,
}

/// What a person does with transfers.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ActView {
    Pause,
    Resume,
    Cancel,
    Retry,
}

impl From<ActView> for Act {
    fn from(act: ActView) -> Self {
        match act {
            ActView::Pause => Self::Pause,
            ActView::Resume => Self::Resume,
            ActView::Cancel => Self::Cancel,
            ActView::Retry => Self::Retry,
        }
    }
}

/// A filter with a name.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SavedViewView {
    id: String,
    place: String,
    name: String,
    /// What stands in the address of the place.
    search: BTreeMap<String, String>,
}

impl From<SavedView> for SavedViewView {
    fn from(view: SavedView) -> Self {
        Self { id: view.id.to_string(), place: view.place, name: view.name, search: view.search }
    }
}

/// A filter to keep; one without an id is new.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SavedViewDraft {
    id: Option<String>,
    place: String,
    name: String,
    search: BTreeMap<String, String>,
}

impl SavedViewDraft {
    pub(crate) fn into_view(self) -> Result<SavedView, IpcError> {
        let id = match self.id.as_deref() {
            Some(id) => parse_id(id)?,
            None => ViewId::fresh(),
        };
        Ok(SavedView { id, place: self.place, name: self.name, search: self.search })
    }
}
