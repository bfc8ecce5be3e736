//! The words of the model as the window spells them. Each conversion is total: a new word does not compile without its twin.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Direction, Health};
use waybill_model::{ConflictRule, Event, Evidence, FailureKind, Pace, Proof, RequiredProof, Side, State};

/// Where a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StateView {
    Queued,
    Preparing,
    Transferring,
    Verifying,
    Done,
    Waiting,
    Paused,
    Skipped,
    NeedsAttention,
    Failed,
    Cancelled,
}

impl From<State> for StateView {
    fn from(word: State) -> Self {
        match word {
            State::Queued => Self::Queued,
            State::Preparing => Self::Preparing,
            State::Transferring => Self::Transferring,
            State::Verifying => Self::Verifying,
            State::Done => Self::Done,
            State::Waiting => Self::Waiting,
            State::Paused => Self::Paused,
            State::Skipped => Self::Skipped,
            State::NeedsAttention => Self::NeedsAttention,
            State::Failed => Self::Failed,
            State::Cancelled => Self::Cancelled,
        }
    }
}

/// How sure a transfer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EvidenceView {
    None,
    Sent,
    Accepted,
    Matched,
    Confirmed,
}

impl From<Evidence> for EvidenceView {
    fn from(word: Evidence) -> Self {
        match word {
            Evidence::None => Self::None,
            Evidence::Sent => Self::Sent,
            Evidence::Accepted => Self::Accepted,
            Evidence::Matched => Self::Matched,
            Evidence::Confirmed => Self::Confirmed,
        }
    }
}

impl From<EvidenceView> for Evidence {
    fn from(word: EvidenceView) -> Self {
        match word {
            EvidenceView::None => Self::None,
            EvidenceView::Sent => Self::Sent,
            EvidenceView::Accepted => Self::Accepted,
            EvidenceView::Matched => Self::Matched,
            EvidenceView::Confirmed => Self::Confirmed,
        }
    }
}

/// Which way a transfer goes, seen from this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DirectionView {
    Sent,
    Fetched,
    Between,
}

impl From<DirectionView> for Direction {
    fn from(word: DirectionView) -> Self {
        match word {
            DirectionView::Sent => Self::Sent,
            DirectionView::Fetched => Self::Fetched,
            DirectionView::Between => Self::Between,
        }
    }
}

/// What *matched* rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProofView {
    Sha256,
    Md5,
    ReadBack,
}

impl From<Proof> for ProofView {
    fn from(word: Proof) -> Self {
        match word {
            Proof::Sha256 => Self::Sha256,
            Proof::Md5 => Self::Md5,
            Proof::ReadBack => Self::ReadBack,
        }
    }
}

/// The grade to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RequiredProofView {
    Accepted,
    Matched,
}

impl From<RequiredProof> for RequiredProofView {
    fn from(word: RequiredProof) -> Self {
        match word {
            RequiredProof::Accepted => Self::Accepted,
            RequiredProof::Matched => Self::Matched,
        }
    }
}

impl From<RequiredProofView> for RequiredProof {
    fn from(word: RequiredProofView) -> Self {
        match word {
            RequiredProofView::Accepted => Self::Accepted,
            RequiredProofView::Matched => Self::Matched,
        }
    }
}

/// When something is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConflictRuleView {
    Overwrite,
    Skip,
    KeepBoth,
    Newer,
    Ask,
}

impl From<ConflictRule> for ConflictRuleView {
    fn from(rule: ConflictRule) -> Self {
        match rule {
            ConflictRule::Overwrite => Self::Overwrite,
            ConflictRule::Skip => Self::Skip,
            ConflictRule::KeepBoth => Self::KeepBoth,
            ConflictRule::Newer => Self::Newer,
            ConflictRule::Ask => Self::Ask,
        }
    }
}

impl From<ConflictRuleView> for ConflictRule {
    fn from(word: ConflictRuleView) -> Self {
        match word {
            ConflictRuleView::Overwrite => Self::Overwrite,
            ConflictRuleView::Skip => Self::Skip,
            ConflictRuleView::KeepBoth => Self::KeepBoth,
            ConflictRuleView::Newer => Self::Newer,
            ConflictRuleView::Ask => Self::Ask,
        }
    }
}

/// Which end a failure belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SideView {
    Source,
    Destination,
    Desk,
}

impl From<Side> for SideView {
    fn from(word: Side) -> Self {
        match word {
            Side::Source => Self::Source,
            Side::Destination => Self::Destination,
            Side::Desk => Self::Desk,
        }
    }
}

/// What kind of failure it is; the window has a sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailureKindView {
    NotFound,
    AlreadyExists,
    Denied,
    Unauthenticated,
    Invalid,
    TooLarge,
    QuotaExceeded,
    Locked,
    Held,
    RateLimited,
    Unsupported,
    Changed,
    Truncated,
    ChecksumMismatch,
    HostKeyChanged,
    HostKeyUnknown,
    Unreachable,
    TimedOut,
    Vendor,
}

impl From<FailureKind> for FailureKindView {
    fn from(word: FailureKind) -> Self {
        match word {
            FailureKind::NotFound => Self::NotFound,
            FailureKind::AlreadyExists => Self::AlreadyExists,
            FailureKind::Denied => Self::Denied,
            FailureKind::Unauthenticated => Self::Unauthenticated,
            FailureKind::Invalid => Self::Invalid,
            FailureKind::TooLarge => Self::TooLarge,
            FailureKind::QuotaExceeded => Self::QuotaExceeded,
            FailureKind::Locked => Self::Locked,
            FailureKind::Held => Self::Held,
            FailureKind::RateLimited => Self::RateLimited,
            FailureKind::Unsupported => Self::Unsupported,
            FailureKind::Changed => Self::Changed,
            FailureKind::Truncated => Self::Truncated,
            FailureKind::ChecksumMismatch => Self::ChecksumMismatch,
            FailureKind::HostKeyChanged => Self::HostKeyChanged,
            FailureKind::HostKeyUnknown => Self::HostKeyUnknown,
            FailureKind::Unreachable => Self::Unreachable,
            FailureKind::TimedOut => Self::TimedOut,
            FailureKind::Vendor => Self::Vendor,
        }
    }
}

/// What happened to a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StoryEventView {
    Claimed,
    Started,
    Accepted,
    Settled,
    Skipped,
    Delayed,
    Due,
    Failed,
    Asked,
    Answered,
    Paused,
    Resumed,
    Cancelled,
    RetryAsked,
    Interrupted,
}

impl From<Event> for StoryEventView {
    fn from(word: Event) -> Self {
        match word {
            Event::Claimed => Self::Claimed,
            Event::Started => Self::Started,
            Event::Accepted => Self::Accepted,
            Event::Settled => Self::Settled,
            Event::Skipped => Self::Skipped,
            Event::Delayed => Self::Delayed,
            Event::Due => Self::Due,
            Event::Failed => Self::Failed,
            Event::Asked => Self::Asked,
            Event::Answered => Self::Answered,
            Event::Paused => Self::Paused,
            Event::Resumed => Self::Resumed,
            Event::Cancelled => Self::Cancelled,
            Event::RetryAsked => Self::RetryAsked,
            Event::Interrupted => Self::Interrupted,
        }
    }
}

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HealthView {
    Untested,
    Well,
    Failed,
    Stopped,
}

impl From<Health> for HealthView {
    fn from(word: Health) -> Self {
        match word {
            Health::Untested => Self::Untested,
            Health::Well => Self::Well,
            Health::Failed => Self::Failed,
            Health::Stopped => Self::Stopped,
        }
    }
}

/// A coarser look at a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PaceView {
    Running,
    Waiting,
    NeedsYou,
    Failed,
    Done,
}

impl From<PaceView> for Pace {
    fn from(word: PaceView) -> Self {
        match word {
            PaceView::Running => Self::Running,
            PaceView::Waiting => Self::Waiting,
            PaceView::NeedsYou => Self::NeedsYou,
            PaceView::Failed => Self::Failed,
            PaceView::Done => Self::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled<T: Serialize>(word: T) -> String {
        serde_json::to_value(word).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn the_window_spells_every_word_as_the_store_and_the_command_line_do() {
        for kind in FailureKind::ALL {
            assert_eq!(spelled(FailureKindView::from(kind)), kind.as_str());
        }
        for state in State::ALL {
            assert_eq!(spelled(StateView::from(state)), state.as_str());
        }
        for event in Event::ALL {
            assert_eq!(spelled(StoryEventView::from(event)), event.as_str());
        }
        for health in [Health::Untested, Health::Well, Health::Failed, Health::Stopped] {
            assert_eq!(spelled(HealthView::from(health)), health.as_str());
        }
        for proof in [Proof::Sha256, Proof::Md5, Proof::ReadBack] {
            assert_eq!(spelled(ProofView::from(proof)), proof.as_str());
        }
    }

    #[test]
    fn a_rule_that_the_window_names_is_the_rule_that_is_stored() {
        for rule in ConflictRule::ALL {
            let view: ConflictRuleView = serde_json::from_value(rule.as_str().into()).unwrap();
            assert_eq!(ConflictRule::from(view), rule);
        }
    }
}
