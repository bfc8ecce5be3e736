//! The day, what waits for a person in groups, and the demo beside one's own connections.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Away, Disk, Ending, Gap, GroupKey, Need, NeedKind, RunOfDay, Today};
use waybill_model::{AttentionId, ConnectionId, RunId};

use super::{AttentionKindView, Count, IpcError, RunView, Time, TransferCountsView, parse_id};

/// Something by its id and its name.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NamedView {
    id: String,
    name: String,
}

impl<T: ToString> From<(T, String)> for NamedView {
    fn from((id, name): (T, String)) -> Self {
        Self { id: id.to_string(), name }
    }
}

/// Why something needs a person.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NeedKindView {
    HostKeyUnknown,
    HostKeyChanged,
    Unauthenticated,
    Conflict,
    DiskFull,
    DatabaseRestored,
    Failed,
    WaitingLong,
    SecretEnding,
    SecretEnded,
    SessionEnding,
    SessionEnded,
    CertificateEnding,
    CertificateEnded,
}

impl From<NeedKind> for NeedKindView {
    fn from(kind: NeedKind) -> Self {
        match kind {
            NeedKind::Failed => Self::Failed,
            NeedKind::WaitingLong => Self::WaitingLong,
            NeedKind::Ending(Ending::Secret) => Self::SecretEnding,
            NeedKind::Ended(Ending::Secret) => Self::SecretEnded,
            NeedKind::Ending(Ending::Session) => Self::SessionEnding,
            NeedKind::Ended(Ending::Session) => Self::SessionEnded,
            NeedKind::Ending(Ending::Certificate) => Self::CertificateEnding,
            NeedKind::Ended(Ending::Certificate) => Self::CertificateEnded,
            NeedKind::Question(kind) => match kind.into() {
                AttentionKindView::HostKeyUnknown => Self::HostKeyUnknown,
                AttentionKindView::HostKeyChanged => Self::HostKeyChanged,
                AttentionKindView::Unauthenticated => Self::Unauthenticated,
                AttentionKindView::Conflict => Self::Conflict,
                AttentionKindView::DiskFull => Self::DiskFull,
                AttentionKindView::DatabaseRestored => Self::DatabaseRestored,
            },
        }
    }
}

/// What needs a person: things of one kind that are looked at together.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NeedView {
    kind: NeedKindView,
    connection: Option<NamedView>,
    run: Option<NamedView>,
    count: Count,
    /// Where something ends, when that is.
    since: Time,
    /// The oldest question, where it is answered.
    question: Option<String>,
    /// Transfers that wait for it.
    held_up: Count,
}

impl From<Need> for NeedView {
    fn from(need: Need) -> Self {
        Self {
            kind: need.kind.into(),
            connection: need.connection.map(Into::into),
            run: need.run.map(Into::into),
            count: need.count.into(),
            since: need.since.into(),
            question: need.question.map(|id| id.to_string()),
            held_up: need.held_up.into(),
        }
    }
}

/// A time in which nothing ran; with `clockSetBack` nobody knows how long it was.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GapView {
    from: Time,
    until: Time,
    clock_set_back: bool,
}

impl From<Gap> for GapView {
    fn from(gap: Gap) -> Self {
        let clock_set_back = matches!(gap, Gap::ClockSetBack { .. });
        let (Gap::Idle { from, until } | Gap::ClockSetBack { from, until }) = gap;
        Self { from: from.into(), until: until.into(), clock_set_back }
    }
}

/// When nobody had the window open.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AwayView {
    from: Time,
    until: Time,
}

impl From<Away> for AwayView {
    fn from(away: Away) -> Self {
        Self { from: away.from.into(), until: away.until.into() }
    }
}

/// A run of the day.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunOfDayView {
    run: RunView,
    /// When something of it last ended.
    last_ended_at: Option<Time>,
    /// Whether it was started or went on while nobody looked.
    while_away: bool,
    /// Not over yet.
    open: bool,
}

impl From<RunOfDay> for RunOfDayView {
    fn from(day: RunOfDay) -> Self {
        Self {
            open: !day.run.is_over(),
            last_ended_at: day.run.last_ended_at.map(Into::into),
            while_away: day.while_away,
            run: day.run.into(),
        }
    }
}

/// Room on a disk of this computer.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiskView {
    connections: Vec<NamedView>,
    home: bool,
    free: Count,
    total: Count,
}

impl From<Disk> for DiskView {
    fn from(disk: Disk) -> Self {
        Self {
            connections: disk.connections.into_iter().map(Into::into).collect(),
            home: disk.home,
            free: disk.free.into(),
            total: disk.total.into(),
        }
    }
}

/// How many connections are how.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HealthsView {
    well: Count,
    untested: Count,
    failed: Count,
    stopped: Count,
}

/// The day, as it is now.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TodayView {
    midnight: Time,
    gap: Option<GapView>,
    away: Option<AwayView>,
    runs: Vec<RunOfDayView>,
    matched: Count,
    matched_bytes: Count,
    counts: TransferCountsView,
    disks: Vec<DiskView>,
    healths: HealthsView,
}

impl From<Today> for TodayView {
    fn from(today: Today) -> Self {
        let healths = today.healths;
        Self {
            midnight: today.midnight.into(),
            gap: today.gap.map(Into::into),
            away: today.away.map(Into::into),
            runs: today.runs.into_iter().map(Into::into).collect(),
            matched: today.matched.transfers.into(),
            matched_bytes: today.matched.bytes.into(),
            counts: TransferCountsView::new(today.counts, today.matched),
            disks: today.disks.into_iter().map(Into::into).collect(),
            healths: HealthsView {
                well: healths.well.into(),
                untested: healths.untested.into(),
                failed: healths.failed.into(),
                stopped: healths.stopped.into(),
            },
        }
    }
}

/// A run that nobody could look through yet.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeldRunView {
    run: String,
    /// The open question about one of its ends.
    question: String,
}

impl From<(RunId, AttentionId)> for HeldRunView {
    fn from((run, question): (RunId, AttentionId)) -> Self {
        Self { run: run.to_string(), question: question.to_string() }
    }
}

/// Which group is meant.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupKeyView {
    kind: AttentionKindView,
    connection: Option<String>,
    run: Option<String>,
}

impl TryFrom<GroupKeyView> for GroupKey {
    type Error = IpcError;

    fn try_from(view: GroupKeyView) -> Result<Self, IpcError> {
        let connection: Option<ConnectionId> = view.connection.as_deref().map(parse_id).transpose()?;
        let run: Option<RunId> = view.run.as_deref().map(parse_id).transpose()?;
        Ok(Self { kind: view.kind.into(), connection, run })
    }
}

/// The demo beside one's own connections.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DemoView {
    /// Its connections, that which its documents are sent to first; none where it was not joined.
    pub(crate) connections: Vec<String>,
    /// Documents to be sent as they are.
    pub(crate) samples: Vec<String>,
}
