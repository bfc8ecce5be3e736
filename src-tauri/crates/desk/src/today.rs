//! What needs a person, in one list; and the day: what ran while nobody looked, and how the home is, in one answer.
//!
//! It decides nothing that is not decided elsewhere: it groups what is open and says since when.

mod secret_ends;

use std::time::Duration;

use camino::Utf8Path;
use futures::future::join_all;
use jiff::{Timestamp, tz::TimeZone};
use waybill_connector::Connector;
use waybill_model::{AttentionId, ConnectionId, Millis, RemotePath, RunId};
use waybill_store::{
    AttentionGroup, AttentionKind, ConnectionRow, Counts, DayBounds, Health, Matched, Open, OpenBounds, RunRow,
};

use crate::{Attention, Away, Desk, DeskError, Gap, location::local_path, registry};

pub use secret_ends::Ending;
pub use waybill_store::GroupKey;

const HOUR_MS: i64 = 3_600_000;
/// Failures are asked about for a week; then they are history.
const FAILED_FOR_MS: i64 = 7 * 24 * HOUR_MS;
/// Longer than that is not a server that is busy for a moment.
const LONG_WAIT_MS: i64 = HOUR_MS / 2;
const RUNS: u32 = 100;
/// A disk that does not answer, such as a share that is gone, is left out.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Why something is on the list of what needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NeedKind {
    /// An open question.
    Question(AttentionKind),
    /// Transfers that failed.
    Failed,
    /// Transfers that have been waiting for long.
    WaitingLong,
    /// What signs in there ends soon.
    Ending(Ending),
    /// What signs in there has ended.
    Ended(Ending),
}

/// What needs a person: things of one kind that are looked at together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Why.
    pub kind: NeedKind,
    /// Whose trouble it is.
    pub connection: Option<(ConnectionId, String)>,
    /// What the files were started with.
    pub run: Option<(RunId, String)>,
    /// How many there are.
    pub count: u64,
    /// Since when; where something ends, when that is.
    pub since: Millis,
    /// The oldest question, where it is answered.
    pub question: Option<AttentionId>,
    /// Transfers that wait for it.
    pub held_up: u64,
}

/// Room on a disk of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// Connections to folders that lie on it.
    pub connections: Vec<(ConnectionId, String)>,
    /// Whether the desk itself lies on it.
    pub home: bool,
    /// Bytes that may still be written.
    pub free: u64,
    /// Bytes of the whole.
    pub total: u64,
}

/// How many connections are how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Healths {
    /// Answered the last time.
    pub well: u64,
    /// Not tried yet.
    pub untested: u64,
    /// Did not answer the last time.
    pub failed: u64,
    /// Stopped until a person has answered.
    pub stopped: u64,
}

/// A run of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOfDay {
    /// The run.
    pub run: RunRow,
    /// Whether it was started or went on while nobody looked.
    pub while_away: bool,
}

/// The day, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Today {
    /// When the day began, where the desk stands.
    pub midnight: Millis,
    /// When nothing ran, if that was today or while nobody looked.
    pub gap: Option<Gap>,
    /// When nobody looked.
    pub away: Option<Away>,
    /// What was started or went on today or while nobody looked, the newest first.
    pub runs: Vec<RunOfDay>,
    /// What was proved equal today.
    pub matched: Matched,
    /// The whole queue.
    pub counts: Counts,
    /// Room on the disks that matter, the fullest first.
    pub disks: Vec<Disk>,
    /// The connections.
    pub healths: Healths,
}

impl Desk {
    /// The day, as it is now. What ran while nobody looked is known once somebody does: see [`Desk::window_opened`].
    pub async fn today(&self) -> Result<Today, DeskError> {
        let away = self.away();
        let now = self.now();
        let midnight = midnight(now, &TimeZone::system());
        let since = away.map_or(midnight, |away| away.from.min(midnight));
        let bounds = DayBounds { midnight, runs_since: since, runs: RUNS };
        let day = self.inner.store.day(bounds).await?;
        let connections = self.inner.store.connections().await?;
        let gap = self.last_gap().await?.filter(|gap| gap.until() >= since && gap.until() <= now);
        Ok(Today {
            midnight,
            gap,
            away,
            counts: self.counts().await?,
            disks: self.disks(&connections).await,
            healths: healths(&connections),
            matched: day.matched,
            runs: day.runs.into_iter().map(|run| of_day(run, away)).collect(),
        })
    }

    /// What needs a person, the most pressing first. Every count of what needs somebody is the length of this list.
    pub async fn needs(&self) -> Result<Vec<Need>, DeskError> {
        let now = self.now();
        let bounds = OpenBounds { failed_since: now.plus(-FAILED_FOR_MS), waiting_before: now.plus(-LONG_WAIT_MS) };
        let open = self.inner.store.needing(bounds).await?;
        Ok(needs(open, &self.inner.store.connections().await?, now))
    }

    /// Runs that nobody could look through yet, each with the open question about one of their ends.
    pub async fn held_runs(&self) -> Result<Vec<(RunId, AttentionId)>, DeskError> {
        Ok(self.inner.store.held_runs().await?)
    }

    /// Questions of a group, the oldest first, behind the one where an earlier piece ended.
    pub async fn attention_of(
        &self,
        group: GroupKey,
        after: Option<AttentionId>,
        limit: u32,
    ) -> Result<Vec<Attention>, DeskError> {
        let name = match group.connection {
            Some(id) => Some(self.inner.store.connection_name(id).await?),
            None => None,
        };
        let rows = self.inner.store.attention_of(group, after, limit).await?;
        Ok(rows.into_iter().map(|row| Attention { row, connection: name.clone() }).collect())
    }

    async fn disks(&self, connections: &[ConnectionRow]) -> Vec<Disk> {
        let here = registry::this_computer();
        let home = room(here.as_ref(), local_path(&absolute(self.paths().home()))).await;
        let home = home.map(|(free, total)| Disk { connections: Vec::new(), home: true, free, total });
        let folders = connections.iter().filter(|row| registry::is_local(&row.kind)).map(|row| async move {
            let open = self.inner.opener.open_row(row.clone()).await.ok()?;
            let (free, total) = room(open.connector.as_ref(), RemotePath::root()).await?;
            Some(Disk { connections: vec![(row.id, row.name.clone())], home: false, free, total })
        });
        let mut disks: Vec<Disk> = Vec::new();
        for disk in home.into_iter().chain(join_all(folders).await.into_iter().flatten()) {
            match disks.iter_mut().find(|known| known.is_same(&disk)) {
                Some(known) => known.connections.extend(disk.connections),
                None => disks.push(disk),
            }
        }
        disks.sort_by_key(|disk| disk.free);
        disks
    }
}

impl Disk {
    /// Two places of one size with equally much free are taken for one disk; a few blocks are written in between.
    fn is_same(&self, other: &Self) -> bool {
        self.total == other.total && self.free.abs_diff(other.free) <= 16 << 20
    }
}

/// The home may be named from the working folder.
fn absolute(home: &Utf8Path) -> camino::Utf8PathBuf {
    camino::absolute_utf8(home).unwrap_or_else(|_| home.to_owned())
}

async fn room(connector: &dyn Connector, folder: RemotePath) -> Option<(u64, u64)> {
    let asked = tokio::time::timeout(PATIENCE, connector.space()?.space(&folder)).await;
    match asked {
        Ok(Ok(report)) => Some((report.free, report.total)),
        Ok(Err(error)) => {
            tracing::debug!(%error, "the free space could not be asked for");
            None
        }
        Err(_) => None,
    }
}

/// When the day of `now` began there.
fn midnight(now: Millis, zone: &TimeZone) -> Millis {
    Timestamp::from_millisecond(now.0)
        .and_then(|time| time.to_zoned(zone.clone()).start_of_day())
        .map_or(now, |start| Millis(start.timestamp().as_millisecond()))
}

fn of_day(run: RunRow, away: Option<Away>) -> RunOfDay {
    let went_on = |away: Away| {
        let started = run.created_at >= away.from && run.created_at < away.until;
        started
            || (run.created_at < away.until && run.last_ended_at.is_some_and(|at| at >= away.from && at < away.until))
    };
    RunOfDay { while_away: away.is_some_and(went_on), run }
}

fn healths(connections: &[ConnectionRow]) -> Healths {
    let mut healths = Healths::default();
    for row in connections {
        match row.health {
            Health::Well => healths.well += 1,
            Health::Untested => healths.untested += 1,
            Health::Failed => healths.failed += 1,
            Health::Stopped => healths.stopped += 1,
        }
    }
    healths
}

fn needs(open: Open, connections: &[ConnectionRow], now: Millis) -> Vec<Need> {
    let questions = open.questions.into_iter().map(|group: AttentionGroup| Need {
        kind: NeedKind::Question(group.kind),
        connection: group.connection,
        run: group.run,
        count: group.count,
        since: group.since,
        question: Some(group.first),
        held_up: group.held_up,
    });
    let failed = open.failed.into_iter().map(|failed| Need {
        kind: NeedKind::Failed,
        connection: None,
        run: Some(failed.run),
        count: failed.count,
        since: failed.since,
        question: None,
        held_up: 0,
    });
    let waiting = open.waiting.into_iter().map(|wait| Need {
        kind: NeedKind::WaitingLong,
        connection: Some(wait.connection),
        run: None,
        count: wait.count,
        since: wait.since,
        question: None,
        held_up: wait.count,
    });
    let mut needs: Vec<Need> = questions.chain(failed).chain(waiting).collect();
    needs.extend(secret_ends::needs(connections, &needs, now));
    needs.sort_by_key(|need| (urgency(need.kind), need.since));
    needs
}

/// What stops a whole connection comes before what stops a file, and what may be an attack before everything.
fn urgency(kind: NeedKind) -> u8 {
    match kind {
        NeedKind::Question(AttentionKind::HostKeyChanged) => 0,
        NeedKind::Question(AttentionKind::DatabaseRestored) => 1,
        NeedKind::Question(AttentionKind::DiskFull) => 2,
        NeedKind::Question(AttentionKind::Unauthenticated) => 3,
        NeedKind::Question(AttentionKind::HostKeyUnknown) => 4,
        NeedKind::Question(AttentionKind::Conflict) => 5,
        NeedKind::Failed => 6,
        NeedKind::Ended(_) => 7,
        NeedKind::WaitingLong => 8,
        NeedKind::Ending(_) => 9,
    }
}

#[cfg(test)]
mod tests;
