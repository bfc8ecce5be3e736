//! Transfers and runs as the window lists them.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Counts, Filter, RunRow};
use waybill_model::{Pace, State};

use super::{
    Count, EvidenceView, FailureView, IpcError, PaceView, ProofView, RequiredProofView, SaidView, StateView,
    StoryEventView, Time, parse_id,
};

/// One end of a transfer. No connection stands for this computer.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EndView {
    pub(crate) connection: Option<String>,
    pub(crate) connection_name: Option<String>,
    pub(crate) path: String,
}

/// One file moving once.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferView {
    pub(crate) id: String,
    pub(crate) run: String,
    pub(crate) name: String,
    pub(crate) folder: bool,
    pub(crate) source: EndView,
    pub(crate) destination: EndView,
    pub(crate) size: Count,
    /// Bytes that the remote had confirmed when this was read.
    pub(crate) confirmed: Count,
    pub(crate) state: StateView,
    pub(crate) evidence: EvidenceView,
    pub(crate) proof: Option<ProofView>,
    pub(crate) failure: Option<FailureView>,
    pub(crate) due_at: Option<Time>,
    pub(crate) attempts: u32,
    pub(crate) created_at: Time,
    pub(crate) ended_at: Option<Time>,
}

/// Which transfers are wanted.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferFilterView {
    pace: Option<PaceView>,
    text: Option<String>,
    run: Option<String>,
}

impl TryFrom<TransferFilterView> for Filter {
    type Error = IpcError;

    fn try_from(view: TransferFilterView) -> Result<Self, IpcError> {
        let pace: Option<Pace> = view.pace.map(Pace::from);
        let states =
            pace.map_or_else(Vec::new, |pace| State::ALL.into_iter().filter(|state| state.pace() == pace).collect());
        Ok(Self { states, run: view.run.as_deref().map(parse_id).transpose()?, words: view.text.unwrap_or_default() })
    }
}

/// A piece of the list, newest first.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferPageView {
    pub(crate) rows: Vec<TransferView>,
    pub(crate) next: Option<String>,
}

/// How many transfers there are at each pace.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferCountsView {
    running: Count,
    waiting: Count,
    /// Of those waiting, stopped by a person.
    paused: Count,
    needs_you: Count,
    failed: Count,
    done: Count,
    /// Proved since the desk was opened.
    matched_since_start: Count,
}

impl TransferCountsView {
    /// `before` were matched when the desk was opened.
    pub(crate) fn new(counts: Counts, before: u64) -> Self {
        Self {
            running: counts.at(Pace::Running).into(),
            waiting: counts.at(Pace::Waiting).into(),
            paused: counts.paused.into(),
            needs_you: counts.at(Pace::NeedsYou).into(),
            failed: counts.at(Pace::Failed).into(),
            done: counts.at(Pace::Done).into(),
            matched_since_start: counts.matched.saturating_sub(before).into(),
        }
    }
}

/// What was started together, with its totals.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunView {
    id: String,
    title: String,
    created_at: Time,
    required_proof: RequiredProofView,
    /// Whether it is still being counted: the totals grow.
    counting: bool,
    files: Count,
    bytes: Count,
    bytes_done: Count,
    matched: Count,
    /// As they were meant to end.
    done: Count,
    /// Without the file being there.
    failed: Count,
}

impl From<RunRow> for RunView {
    fn from(run: RunRow) -> Self {
        Self {
            id: run.id.to_string(),
            title: run.title,
            created_at: run.created_at.into(),
            required_proof: run.options.proof.into(),
            counting: !run.walked,
            files: run.files.into(),
            bytes: run.bytes.into(),
            bytes_done: run.bytes_done.into(),
            matched: run.matched.into(),
            done: (run.done + run.skipped).into(),
            failed: (run.failed + run.cancelled).into(),
        }
    }
}

/// One line of a transfer's story.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoryLineView {
    pub(crate) at: Time,
    pub(crate) event: StoryEventView,
    /// A sentence of the engine, or in their own words what a remote or the operating system said, without a code.
    pub(crate) detail: Option<SaidView>,
}

/// The parts that the remote has acknowledged.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartsView {
    pub(crate) parts: Count,
    pub(crate) bytes: Count,
}

/// Everything about one transfer.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferDetailsView {
    pub(crate) sha256: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) remarks: Vec<SaidView>,
    pub(crate) parts: Option<PartsView>,
    pub(crate) story: Vec<StoryLineView>,
}
