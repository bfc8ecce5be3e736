//! A plan of what differs between two folders.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{
    CompareBy, CompareRequest, Counted, PlanFilter, PlanPage, PlanRow, PlanState, PlanTotals, Removed, RunAsShown,
    Standing, Why,
};
use waybill_model::Stamp;

use super::{Count, FailureView, IpcError, PlaceView, ProofView, Time};

/// How two files of one name are compared.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CompareByView {
    SizeAndTime,
    Checksum,
}

/// What is to be compared with what.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompareDraftView {
    source: PlaceView,
    target: PlaceView,
    by: CompareByView,
}

impl CompareDraftView {
    /// As the desk takes it.
    pub(crate) fn into_request(self) -> Result<CompareRequest, IpcError> {
        let by = match self.by {
            CompareByView::SizeAndTime => CompareBy::SizeAndTime,
            CompareByView::Checksum => CompareBy::Checksum,
        };
        Ok(CompareRequest { source: self.source.into_location()?, target: self.target.into_location()?, by })
    }
}

/// How a name stands on both sides.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StandingView {
    New,
    Different,
    Same,
    OnlyThere,
    CannotTell,
}

impl From<Standing> for StandingView {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::New => Self::New,
            Standing::Different => Self::Different,
            Standing::Same => Self::Same,
            Standing::OnlyThere => Self::OnlyThere,
            Standing::CannotTell => Self::CannotTell,
        }
    }
}

impl From<StandingView> for Standing {
    fn from(view: StandingView) -> Self {
        match view {
            StandingView::New => Self::New,
            StandingView::Different => Self::Different,
            StandingView::Same => Self::Same,
            StandingView::OnlyThere => Self::OnlyThere,
            StandingView::CannotTell => Self::CannotTell,
        }
    }
}

/// Why a row stands as it does.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "why")]
pub(crate) enum WhyView {
    Plain,
    Size,
    SourceNewer,
    SizeAndTime,
    Bytes { proof: ProofView },
    OtherBytes,
    TargetNewer,
    NoTime,
    NoWay,
    OtherKind,
    NotAFile,
    NameRefused { reason: String },
    Twin { name: String },
    Failed { failure: FailureView },
}

impl From<Why> for WhyView {
    fn from(why: Why) -> Self {
        match why {
            Why::Plain => Self::Plain,
            Why::Size => Self::Size,
            Why::SourceNewer => Self::SourceNewer,
            Why::SizeAndTime => Self::SizeAndTime,
            Why::Bytes(proof) => Self::Bytes { proof: proof.into() },
            Why::OtherBytes => Self::OtherBytes,
            Why::TargetNewer => Self::TargetNewer,
            Why::NoTime => Self::NoTime,
            Why::NoWay => Self::NoWay,
            Why::OtherKind => Self::OtherKind,
            Why::NotAFile => Self::NotAFile,
            Why::NameRefused(reason) => Self::NameRefused { reason },
            Why::Twin(name) => Self::Twin { name },
            Why::Failed(failure) => Self::Failed { failure: failure.into() },
        }
    }
}

/// One side of a row, as it was seen.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanSideView {
    size: Count,
    modified: Option<Time>,
}

impl From<Stamp> for PlanSideView {
    fn from(stamp: Stamp) -> Self {
        Self { size: stamp.size.into(), modified: stamp.modified.map(Into::into) }
    }
}

/// One line of a plan.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanRowView {
    /// By which it is ticked.
    number: u32,
    path: String,
    folder: bool,
    standing: StandingView,
    why: WhyView,
    source: Option<PlanSideView>,
    target: Option<PlanSideView>,
    can_be_ticked: bool,
    ticked: bool,
}

impl PlanRowView {
    fn new(number: usize, row: PlanRow) -> Self {
        Self {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            can_be_ticked: row.can_be_ticked(),
            path: row.path,
            folder: row.folder,
            standing: row.standing.into(),
            why: row.why.into(),
            source: row.source.map(Into::into),
            target: row.target.map(Into::into),
            ticked: row.ticked,
        }
    }
}

/// Rows that fit.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanPageView {
    rows: Vec<PlanRowView>,
    /// Where the next page begins.
    next: Option<u32>,
}

impl From<PlanPage> for PlanPageView {
    fn from(page: PlanPage) -> Self {
        let rows = page.rows.into_iter().map(|(number, row)| PlanRowView::new(number, row)).collect();
        Self { rows, next: page.next.and_then(|next| u32::try_from(next).ok()) }
    }
}

/// Which rows are wanted.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanFilterView {
    standing: Option<StandingView>,
    text: Option<String>,
}

impl From<PlanFilterView> for PlanFilter {
    fn from(view: PlanFilterView) -> Self {
        Self { standing: view.standing.map(Into::into), text: view.text }
    }
}

/// How far the making of a plan is.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "state")]
pub(crate) enum PlanStateView {
    Making,
    Made,
    Stopped,
    Failed { failure: FailureView },
    TooMany,
    Run,
}

impl From<PlanState> for PlanStateView {
    fn from(state: PlanState) -> Self {
        match state {
            PlanState::Making => Self::Making,
            PlanState::Made => Self::Made,
            PlanState::Stopped => Self::Stopped,
            PlanState::Failed(failure) => Self::Failed { failure: failure.into() },
            PlanState::TooMany => Self::TooMany,
            PlanState::Run => Self::Run,
        }
    }
}

/// How many, and of how many bytes.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountedView {
    rows: Count,
    bytes: Count,
}

impl From<Counted> for CountedView {
    fn from(counted: Counted) -> Self {
        Self { rows: counted.rows.into(), bytes: counted.bytes.into() }
    }
}

/// A plan in numbers.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanView {
    state: PlanStateView,
    new: CountedView,
    different: CountedView,
    same: CountedView,
    only_there: CountedView,
    cannot_tell: CountedView,
    to_send: CountedView,
    to_remove: CountedView,
    folders: Count,
    bytes_read: Count,
}

impl PlanView {
    /// Of a plan that stands so.
    pub(crate) fn new(state: PlanState, totals: &PlanTotals) -> Self {
        let [new, different, same, only_there, cannot_tell] = totals.standing.map(CountedView::from);
        Self {
            state: state.into(),
            new,
            different,
            same,
            only_there,
            cannot_tell,
            to_send: totals.to_send.into(),
            to_remove: totals.to_remove.into(),
            folders: totals.folders.into(),
            bytes_read: totals.bytes_read.into(),
        }
    }
}

/// What became of something that was to be removed.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemovedView {
    path: String,
    failure: Option<FailureView>,
}

impl From<Removed> for RemovedView {
    fn from(removed: Removed) -> Self {
        Self { path: removed.path, failure: removed.failure.map(Into::into) }
    }
}

/// What running a plan led to.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunAsShownView {
    run: Option<String>,
    removed: Vec<RemovedView>,
}

impl From<RunAsShown> for RunAsShownView {
    fn from(ran: RunAsShown) -> Self {
        Self {
            run: ran.run.map(|run| run.to_string()),
            removed: ran.removed.into_iter().map(RemovedView::from).collect(),
        }
    }
}
