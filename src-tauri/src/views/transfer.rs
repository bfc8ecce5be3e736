//! Transfers and runs as the window lists them.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Counts, Filter, Matched, Origin, RunRow};
use waybill_model::{Pace, PartReceipt, State, UploadSession};

use super::{
    Count, DirectionView, EvidenceView, FailureView, GivenFormView, IpcError, PaceView, ProofView, RequiredProofView,
    SaidView, StateView, StoryLineView, Time, parse_id,
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
    pub(crate) started_at: Option<Time>,
    pub(crate) ended_at: Option<Time>,
}

/// Which transfers are wanted; what is left out narrows nothing.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferFilterView {
    pace: Option<PaceView>,
    text: Option<String>,
    run: Option<String>,
    /// Any of these grades; none means every grade.
    evidence: Vec<EvidenceView>,
    /// At either end.
    connection: Option<String>,
    direction: Option<DirectionView>,
    /// Put in line at this time or later, in milliseconds since 1970.
    since: Option<Count>,
    /// Put in line before this time.
    until: Option<Count>,
}

impl TryFrom<TransferFilterView> for Filter {
    type Error = IpcError;

    fn try_from(view: TransferFilterView) -> Result<Self, IpcError> {
        let pace: Option<Pace> = view.pace.map(Pace::from);
        let states =
            pace.map_or_else(Vec::new, |pace| State::ALL.into_iter().filter(|state| state.pace() == pace).collect());
        Ok(Self {
            states,
            evidence: view.evidence.into_iter().map(Into::into).collect(),
            run: view.run.as_deref().map(parse_id).transpose()?,
            connection: view.connection.as_deref().map(parse_id).transpose()?,
            direction: view.direction.map(Into::into),
            since: view.since.map(Count::as_time),
            until: view.until.map(Count::as_time),
            words: view.text.unwrap_or_default(),
        })
    }
}

/// A piece of the list, newest first. One look goes through so much of the history: there may be no row in it and still a
/// next piece.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferPageView {
    pub(crate) rows: Vec<TransferView>,
    /// The runs of these rows.
    pub(crate) runs: Vec<RunView>,
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
    /// Proved since the day began, by the day of whoever asked.
    matched_today: Count,
    matched_bytes_today: Count,
    /// Still to come of all runs that are not over.
    open_bytes: Count,
}

impl TransferCountsView {
    pub(crate) fn new(counts: Counts, today: Matched) -> Self {
        Self {
            running: counts.at(Pace::Running).into(),
            waiting: counts.at(Pace::Waiting).into(),
            paused: counts.paused.into(),
            needs_you: counts.at(Pace::NeedsYou).into(),
            failed: counts.at(Pace::Failed).into(),
            done: counts.at(Pace::Done).into(),
            matched_today: today.transfers.into(),
            matched_bytes_today: today.bytes.into(),
            open_bytes: counts.open_bytes.into(),
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
    running: Count,
    waiting: Count,
    /// Of those waiting, stopped by a person.
    paused: Count,
    needs_you: Count,
    /// Whether it was started from the command line.
    by_command: bool,
}

impl From<RunRow> for RunView {
    fn from(run: RunRow) -> Self {
        Self {
            running: run.at(Pace::Running).into(),
            waiting: run.at(Pace::Waiting).into(),
            paused: run.paused.into(),
            needs_you: run.at(Pace::NeedsYou).into(),
            done: run.at(Pace::Done).into(),
            failed: run.at(Pace::Failed).into(),
            by_command: run.origin == Origin::Command,
            id: run.id.to_string(),
            title: run.title,
            created_at: run.created_at.into(),
            required_proof: run.options.proof.into(),
            counting: !run.walked,
            files: run.files.into(),
            bytes: run.bytes.into(),
            bytes_done: run.bytes_done.into(),
            matched: run.matched.into(),
        }
    }
}

/// The parts that the remote has acknowledged.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartsView {
    pub(crate) parts: Count,
    pub(crate) bytes: Count,
    /// Parts of the whole.
    pub(crate) total: Count,
    /// Bytes of each part but the last.
    pub(crate) part_size: Count,
    /// The confirmed ones as spans of numbers, first and last, counted from one.
    pub(crate) spans: Vec<(u32, u32)>,
}

impl PartsView {
    pub(crate) fn new(session: &UploadSession, receipts: &[PartReceipt]) -> Self {
        let mut spans: Vec<(u32, u32)> = Vec::new();
        for number in receipts.iter().map(|receipt| receipt.number) {
            match spans.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => spans.push((number, number)),
            }
        }
        Self {
            parts: u64::try_from(receipts.len()).unwrap_or(u64::MAX).into(),
            bytes: receipts.iter().map(|receipt| receipt.length).sum::<u64>().into(),
            total: session.size.div_ceil(session.part_size.max(1)).into(),
            part_size: session.part_size.into(),
            spans,
        }
    }
}

/// Everything about one transfer.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferDetailsView {
    pub(crate) sha256: Option<String>,
    pub(crate) version: Option<String>,
    /// When the remote stored it, by its own clock.
    pub(crate) stored_at: Option<Time>,
    /// When the source was last changed.
    pub(crate) source_modified: Option<Time>,
    pub(crate) remarks: Vec<SaidView>,
    pub(crate) parts: Option<PartsView>,
    /// The metadata that goes with it.
    pub(crate) metadata: Vec<GivenFormView>,
    pub(crate) story: Vec<StoryLineView>,
}
