//! The plan: rows as they are found, what is ticked, and pages of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;
use waybill_model::{Failure, Proof, Stamp};

use super::CompareRequest;

/// More rows than these are not gathered; the plan says so and is not run.
const MOST_ROWS: usize = 1_000_000;

/// How a name stands on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Only in the source: it would be sent.
    New,
    /// Other bytes in the target: they would be replaced.
    Different,
    /// The same on both sides, by what was asked to tell.
    Same,
    /// Only in the target: it stays, unless it is ticked to be removed.
    OnlyThere,
    /// It cannot be told, and the row says why.
    CannotTell,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 5] = [Self::New, Self::Different, Self::Same, Self::OnlyThere, Self::CannotTell];
}

/// Why a row stands as it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// There is nothing to explain.
    Plain,
    /// The sizes differ.
    Size,
    /// The source was modified later.
    SourceNewer,
    /// Size and time are the same.
    SizeAndTime,
    /// The bytes are the same, and this proves it.
    Bytes(Proof),
    /// The bytes differ.
    OtherBytes,
    /// The sizes are the same, and the target is the later one: that says nothing about the bytes.
    TargetNewer,
    /// The sizes are the same, and one side tells no time.
    NoTime,
    /// Neither side vouches for its bytes, and one of them cannot be read again.
    NoWay,
    /// A file here and a folder there.
    OtherKind,
    /// It is no file with bytes, or its name cannot be spelled.
    NotAFile,
    /// The target refuses the name, in its own words.
    NameRefused(String),
    /// The target has a name that differs only in case or in how an accent is spelled.
    Twin(String),
    /// One side could not be looked into or read.
    Failed(Failure),
}

/// One line of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Below both folders.
    pub path: String,
    /// An empty folder rather than a file.
    pub folder: bool,
    /// How it stands.
    pub standing: Standing,
    /// Why.
    pub why: Why,
    /// The source as it was seen.
    pub source: Option<Stamp>,
    /// The target as it was seen.
    pub target: Option<Stamp>,
    /// Whether running the plan acts on it.
    pub ticked: bool,
}

impl PlanRow {
    /// Whether running the plan could act on it at all: send it, or remove what is only there.
    pub fn can_be_ticked(&self) -> bool {
        match self.standing {
            Standing::New | Standing::Different => true,
            Standing::OnlyThere => !self.folder,
            Standing::Same => false,
            Standing::CannotTell => {
                matches!(self.why, Why::TargetNewer | Why::NoTime | Why::NoWay)
                    && self.source.is_some()
                    && self.target.is_some()
            }
        }
    }

    /// Bytes that the row is about.
    pub fn bytes(&self) -> u64 {
        self.source.as_ref().or(self.target.as_ref()).map_or(0, |stamp| stamp.size)
    }
}

/// How far the making of a plan is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanState {
    /// Folders are being looked through.
    Making,
    /// Every row is there.
    Made,
    /// It was stopped before its end and cannot be run.
    Stopped,
    /// It broke off; what is missing cannot be known.
    Failed(Failure),
    /// More rows than are gathered.
    TooMany,
    /// It was run; to go on, compare again.
    Run,
}

/// How many, and of how many bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Counted {
    fn add(&mut self, row: &PlanRow) {
        self.rows += 1;
        self.bytes += row.bytes();
    }

    fn take(&mut self, row: &PlanRow) {
        self.rows -= 1;
        self.bytes -= row.bytes();
    }
}

/// The plan in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanTotals {
    /// By standing, in the order of [`Standing::ALL`].
    pub standing: [Counted; 5],
    /// What running it would send.
    pub to_send: Counted,
    /// What running it would remove.
    pub to_remove: Counted,
    /// Folders that were looked through on either side.
    pub folders: u64,
    /// Bytes that were read to compare.
    pub bytes_read: u64,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanFilter {
    /// Only those that stand so.
    pub standing: Option<Standing>,
    /// Only those whose path holds this, in whatever case.
    pub text: Option<String>,
}

impl PlanFilter {
    fn fits(&self, row: &PlanRow, wanted: Option<&str>) -> bool {
        self.standing.is_none_or(|standing| standing == row.standing)
            && wanted.is_none_or(|text| row.path.to_lowercase().contains(text))
    }

    fn text(&self) -> Option<String> {
        self.text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_lowercase)
    }
}

/// A page of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPage {
    /// Rows with their numbers, by which they are ticked.
    pub rows: Vec<(usize, PlanRow)>,
    /// Where the next page begins; `None` at the end of what is there now.
    pub next: Option<usize>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) rows: Vec<PlanRow>,
    pub(super) state: PlanState,
    totals: PlanTotals,
}

/// A plan, while it is made and afterwards.
#[derive(Debug)]
pub struct Comparison {
    pub(super) request: CompareRequest,
    inner: Mutex<Inner>,
    token: CancellationToken,
}

impl Drop for Comparison {
    fn drop(&mut self) {
        self.token.cancel();
    }
}

impl Comparison {
    pub(super) fn new(request: CompareRequest, token: CancellationToken) -> Self {
        let inner = Inner { rows: Vec::new(), state: PlanState::Making, totals: PlanTotals::default() };
        Self { request, inner: Mutex::new(inner), token }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is compared with what.
    pub fn request(&self) -> &CompareRequest {
        &self.request
    }

    /// How far it is.
    pub fn state(&self) -> PlanState {
        self.lock().state.clone()
    }

    /// The plan in numbers.
    pub fn totals(&self) -> PlanTotals {
        self.lock().totals.clone()
    }

    /// Ends the making; what was found can be looked at and not be run.
    pub fn stop(&self) {
        self.token.cancel();
    }

    /// Rows that fit, from number `from` on.
    pub fn page(&self, filter: &PlanFilter, from: usize, limit: usize) -> PlanPage {
        let inner = self.lock();
        let wanted = filter.text();
        let mut fitting =
            inner.rows.iter().enumerate().skip(from).filter(|(_, row)| filter.fits(row, wanted.as_deref()));
        let rows: Vec<_> = fitting.by_ref().take(limit).map(|(at, row)| (at, row.clone())).collect();
        let next = fitting.next().map(|(at, _)| at);
        PlanPage { rows, next }
    }

    /// Ticks rows, or takes them out, by their numbers. Those that cannot be are left.
    pub fn tick(&self, rows: &[usize], on: bool) {
        let mut inner = self.lock();
        for at in rows {
            inner.tick(*at, on);
        }
    }

    /// Ticks every row that fits, or takes them out.
    pub fn tick_all(&self, filter: &PlanFilter, on: bool) {
        let mut inner = self.lock();
        let wanted = filter.text();
        for at in 0..inner.rows.len() {
            if filter.fits(&inner.rows[at], wanted.as_deref()) {
                inner.tick(at, on);
            }
        }
    }

    /// Adds rows; false where there are too many by now.
    pub(super) fn push(&self, rows: Vec<PlanRow>) -> bool {
        let mut inner = self.lock();
        for row in rows {
            if inner.rows.len() >= MOST_ROWS {
                inner.state = PlanState::TooMany;
                return false;
            }
            let standing = Standing::ALL.iter().position(|standing| *standing == row.standing).unwrap_or_default();
            inner.totals.standing[standing].add(&row);
            if row.ticked {
                inner.totals.to_send.add(&row);
            }
            inner.rows.push(row);
        }
        true
    }

    pub(super) fn looked(&self, folders: u64, bytes_read: u64) {
        let mut inner = self.lock();
        inner.totals.folders += folders;
        inner.totals.bytes_read += bytes_read;
    }

    /// The making ended.
    pub(super) fn end(&self, state: PlanState) {
        let mut inner = self.lock();
        if inner.state == PlanState::Making {
            inner.state = state;
        }
    }
}

impl Inner {
    fn tick(&mut self, at: usize, on: bool) {
        let Some(row) = self.rows.get_mut(at) else { return };
        if row.ticked == on || !row.can_be_ticked() || self.state == PlanState::Run {
            return;
        }
        row.ticked = on;
        let totals = &mut self.totals;
        let counted = if row.standing == Standing::OnlyThere { &mut totals.to_remove } else { &mut totals.to_send };
        if on { counted.add(row) } else { counted.take(row) }
    }
}

#[cfg(test)]
mod tests {
    use waybill_model::{ConnectionId, Location, RemotePath};

    use super::*;
    use crate::compare::CompareBy;

    fn row(path: &str, standing: Standing, why: Why) -> PlanRow {
        let stamp = |size| Some(Stamp { size, ..Stamp::default() });
        let (source, target) = match standing {
            Standing::New => (stamp(10), None),
            Standing::OnlyThere => (None, stamp(3)),
            _ => (stamp(10), stamp(10)),
        };
        let ticked = matches!(standing, Standing::New | Standing::Different);
        PlanRow { path: path.to_owned(), folder: false, standing, why, source, target, ticked }
    }

    fn plan() -> Comparison {
        let place = |path: &str| Location { connection: ConnectionId::LOCAL, path: RemotePath::new(path) };
        let request = CompareRequest { source: place("/a"), target: place("/b"), by: CompareBy::SizeAndTime };
        let plan = Comparison::new(request, CancellationToken::new());
        plan.push(vec![
            row("New.pdf", Standing::New, Why::Plain),
            row("sub/other.pdf", Standing::Different, Why::Size),
            row("same.pdf", Standing::Same, Why::SizeAndTime),
            row("gone.pdf", Standing::OnlyThere, Why::Plain),
            row("later.pdf", Standing::CannotTell, Why::TargetNewer),
            row("pipe", Standing::CannotTell, Why::NotAFile),
        ]);
        plan
    }

    #[test]
    fn only_what_can_be_done_is_ticked_and_the_numbers_follow() {
        let plan = plan();
        assert_eq!(plan.totals().to_send, Counted { rows: 2, bytes: 20 });
        assert_eq!(plan.totals().to_remove, Counted::default(), "nothing is removed unless somebody ticks it");
        plan.tick(&[0, 1, 2, 3, 4, 5, 99], true);
        assert_eq!(plan.totals().to_send, Counted { rows: 3, bytes: 30 });
        assert_eq!(plan.totals().to_remove, Counted { rows: 1, bytes: 3 });
        plan.tick_all(&PlanFilter { standing: Some(Standing::OnlyThere), text: None }, false);
        assert_eq!(plan.totals().to_remove, Counted::default());
    }

    #[test]
    fn pages_of_a_filter_hold_each_row_once() {
        let plan = plan();
        let filter = PlanFilter { standing: None, text: Some("PDF ".to_owned()) };
        let (mut seen, mut from) = (Vec::new(), Some(0));
        while let Some(at) = from {
            let page = plan.page(&filter, at, 2);
            seen.extend(page.rows.into_iter().map(|(_, row)| row.path));
            from = page.next;
        }
        assert_eq!(seen, ["New.pdf", "sub/other.pdf", "same.pdf", "gone.pdf", "later.pdf"]);
    }
}
