//! The life of a transfer as a pure function: which event leads from which state to which.

use serde::{Deserialize, Serialize};

/// Where a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// In line.
    Queued,
    /// Both ends are being looked at.
    Preparing,
    /// Bytes move.
    Transferring,
    /// The remote has a complete object; it is being proved.
    Verifying,
    /// Proved as asked.
    Done,
    /// A failure that may pass; it starts again by itself at a stored time.
    Waiting,
    /// A person stopped it.
    Paused,
    /// The conflict rule or a person said not to send it.
    Skipped,
    /// Only a person can help.
    NeedsAttention,
    /// Given up, with the reason.
    Failed,
    /// A person called it off.
    Cancelled,
}

/// What happens to a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The engine takes it.
    Claimed,
    /// Both ends are known; bytes start to move.
    Started,
    /// The remote acknowledged a complete object.
    Accepted,
    /// The asked grade is reached, and what was to happen to the source has happened.
    Settled,
    /// The conflict rule says no.
    Skipped,
    /// A passing failure: it waits.
    Delayed,
    /// Its waiting time is over.
    Due,
    /// A failure that will not pass.
    Failed,
    /// A question for a person.
    Asked,
    /// The person answered.
    Answered,
    /// A person stops it for now.
    Paused,
    /// A person lets it go on.
    Resumed,
    /// A person calls it off.
    Cancelled,
    /// A person wants it tried again.
    RetryAsked,
    /// The program ended while it ran.
    Interrupted,
}

/// A coarser look at a state, for filters and totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// The engine works on it.
    Running,
    /// It will run without anybody's help.
    Waiting,
    /// A person has to act.
    NeedsYou,
    /// It ended without the file being there.
    Failed,
    /// It ended as it was meant to.
    Done,
}

impl Pace {
    /// Every pace.
    pub const ALL: [Self; 5] = [Self::Running, Self::Waiting, Self::NeedsYou, Self::Failed, Self::Done];

    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::NeedsYou => "needs-you",
            Self::Failed => "failed",
            Self::Done => "done",
        }
    }
}

/// The result of a legal event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The state to store.
    pub to: State,
    /// Whether the attempts start from zero again.
    pub resets_attempts: bool,
    /// Whether this counts as a failed attempt.
    pub counts_attempt: bool,
}

/// The event makes no sense in that state; nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a transfer that is {from} cannot be {event:?}")]
pub struct Illegal {
    /// The state that stays.
    pub from: State,
    /// The event that was refused.
    pub event: Event,
}

impl State {
    /// Every state, in the order in which lists show them.
    pub const ALL: [Self; 11] = [
        Self::Queued,
        Self::Preparing,
        Self::Transferring,
        Self::Verifying,
        Self::Done,
        Self::Waiting,
        Self::Paused,
        Self::Skipped,
        Self::NeedsAttention,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word as stored, typed and shown in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Preparing => "preparing",
            Self::Transferring => "transferring",
            Self::Verifying => "verifying",
            Self::Done => "done",
            Self::Waiting => "waiting",
            Self::Paused => "paused",
            Self::Skipped => "skipped",
            Self::NeedsAttention => "needs-attention",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word; `needsattention` and `needs_attention` are taken too.
    pub fn from_word(word: &str) -> Option<Self> {
        let plain: String = word.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        Self::ALL.into_iter().find(|state| state.as_str().replace('-', "") == plain)
    }

    /// Whether the engine of some process works on it.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Preparing | Self::Transferring | Self::Verifying)
    }

    /// Whether nothing more will happen without a person.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Skipped | Self::Failed | Self::Cancelled)
    }

    /// The coarser look.
    pub fn pace(self) -> Pace {
        match self {
            Self::Preparing | Self::Transferring | Self::Verifying => Pace::Running,
            Self::Queued | Self::Waiting | Self::Paused => Pace::Waiting,
            Self::NeedsAttention => Pace::NeedsYou,
            Self::Failed | Self::Cancelled => Pace::Failed,
            Self::Done | Self::Skipped => Pace::Done,
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 15] = [
        Self::Claimed,
        Self::Started,
        Self::Accepted,
        Self::Settled,
        Self::Skipped,
        Self::Delayed,
        Self::Due,
        Self::Failed,
        Self::Asked,
        Self::Answered,
        Self::Paused,
        Self::Resumed,
        Self::Cancelled,
        Self::RetryAsked,
        Self::Interrupted,
    ];

    /// The word as stored in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Started => "started",
            Self::Accepted => "accepted",
            Self::Settled => "settled",
            Self::Skipped => "skipped",
            Self::Delayed => "delayed",
            Self::Due => "due",
            Self::Failed => "failed",
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Cancelled => "cancelled",
            Self::RetryAsked => "retry-asked",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The one place that knows which event is legal where.
///
/// `Done` is never left: later knowledge (a recipient's confirmation) raises the evidence, not the state.
pub fn next(from: State, event: Event) -> Result<Transition, Illegal> {
    use State as S;
    let to = match (event, from) {
        (Event::Claimed, S::Queued) => S::Preparing,
        (Event::Started, S::Preparing) => S::Transferring,
        // Bytes that turn out to be there already skip the sending.
        (Event::Accepted, S::Preparing | S::Transferring) => S::Verifying,
        (Event::Settled, S::Verifying) => S::Done,
        (Event::Skipped, from) if from.is_active() || from == S::NeedsAttention => S::Skipped,
        (Event::Delayed, from) if from.is_active() => S::Waiting,
        (Event::Failed, from) if from.is_active() => S::Failed,
        (Event::Asked, from) if from.is_active() => S::NeedsAttention,
        (Event::Interrupted, from) if from.is_active() => S::Queued,
        (Event::Due, S::Waiting)
        | (Event::Answered, S::NeedsAttention)
        | (Event::Resumed, S::Paused)
        | (Event::RetryAsked, S::Waiting | S::NeedsAttention | S::Failed | S::Cancelled | S::Skipped) => S::Queued,
        (Event::Paused, from) if from.is_active() || matches!(from, S::Queued | S::Waiting) => S::Paused,
        (Event::Cancelled, from) if !from.is_over() || from == S::Failed => S::Cancelled,
        _ => return Err(Illegal { from, event }),
    };
    Ok(Transition {
        to,
        resets_attempts: matches!(event, Event::RetryAsked | Event::Answered),
        counts_attempt: matches!(event, Event::Delayed | Event::Failed),
    })
}

#[cfg(test)]
mod tests;
