//! Which transfers somebody looks for.

use waybill_model::{ConnectionId, Evidence, Millis, RunId, State};

use crate::search::Words;

/// Which way a transfer goes, seen from this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From this computer to a connection, or within this computer.
    Sent,
    /// From a connection to this computer.
    Fetched,
    /// From one connection to another.
    Between,
}

impl Direction {
    /// The direction of a transfer between these.
    pub fn of(source: ConnectionId, target: ConnectionId) -> Self {
        match (source.is_local(), target.is_local()) {
            (true, _) => Self::Sent,
            (false, true) => Self::Fetched,
            (false, false) => Self::Between,
        }
    }
}

/// Which transfers are wanted; an empty filter wants all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these states.
    pub states: Vec<State>,
    /// Only these grades.
    pub evidence: Vec<Evidence>,
    /// Only this run.
    pub run: Option<RunId>,
    /// Only those from or to this connection.
    pub connection: Option<ConnectionId>,
    /// Only those that go this way.
    pub direction: Option<Direction>,
    /// Only those that were put in line at this time or later.
    pub since: Option<Millis>,
    /// Only those that were put in line before this time.
    pub until: Option<Millis>,
    /// Only those whose names, or whose run's title, hold all of these words, or words that begin so.
    pub words: String,
}

/// What of a row decides whether it is wanted.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) run: RunId,
    pub(crate) source: ConnectionId,
    pub(crate) target: ConnectionId,
    pub(crate) state: State,
    pub(crate) evidence: Evidence,
    pub(crate) created_at: Millis,
    /// Both paths and the run's title.
    pub(crate) text: String,
}

impl Filter {
    /// Whether a row is wanted. `words` is what `self.words` was read as; `None` where the index has looked already.
    pub(crate) fn takes(&self, facts: &Facts, words: Option<&Words>) -> bool {
        let Facts { source, target, created_at, .. } = *facts;
        (self.states.is_empty() || self.states.contains(&facts.state))
            && (self.evidence.is_empty() || self.evidence.contains(&facts.evidence))
            && self.run.is_none_or(|run| run == facts.run)
            && self.connection.is_none_or(|id| id == source || id == target)
            && self.direction.is_none_or(|direction| direction == Direction::of(source, target))
            && self.since.is_none_or(|since| created_at >= since)
            && self.until.is_none_or(|until| created_at < until)
            && words.is_none_or(|words| words.are_in(&facts.text))
    }
}
