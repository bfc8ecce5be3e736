//! A connection looked at closely: what it can do, what hangs on it, and an address that was pasted.

use serde::Serialize;
use specta::Type;
use waybill_desk::{ConnectionFacts, ConnectionUses, PastedAddress, Power};
use waybill_model::State;

use super::{Count, RunView, SaidView, connection::SettingView};

/// What it can do, and what was sent over it lately.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionFactsView {
    /// Empty where it cannot be opened, for want of a secret.
    powers: Vec<PowerFactView>,
    /// Whether a test found that out.
    tested: bool,
    runs: Vec<RunView>,
}

/// A power, and whether it is there.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PowerFactView {
    power: PowerView,
    has: bool,
}

/// Something that a connection can or cannot do.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PowerView {
    List,
    Read,
    Write,
    Resume,
    Checksums,
    ReadBack,
    CreateFolder,
    Rename,
    Delete,
    Versions,
    Metadata,
    Links,
    UnfinishedUploads,
    Records,
    Space,
}

impl From<Power> for PowerView {
    fn from(power: Power) -> Self {
        match power {
            Power::List => Self::List,
            Power::Read => Self::Read,
            Power::Write => Self::Write,
            Power::Resume => Self::Resume,
            Power::Checksums => Self::Checksums,
            Power::ReadBack => Self::ReadBack,
            Power::CreateFolder => Self::CreateFolder,
            Power::Rename => Self::Rename,
            Power::Delete => Self::Delete,
            Power::Versions => Self::Versions,
            Power::Metadata => Self::Metadata,
            Power::Links => Self::Links,
            Power::UnfinishedUploads => Self::UnfinishedUploads,
            Power::Records => Self::Records,
            Power::Space => Self::Space,
        }
    }
}

impl From<ConnectionFacts> for ConnectionFactsView {
    fn from(facts: ConnectionFacts) -> Self {
        let powers = facts.powers.into_iter().map(|(power, has)| PowerFactView { power: power.into(), has });
        Self {
            powers: powers.collect(),
            tested: facts.tested,
            runs: facts.runs.into_iter().map(RunView::from).collect(),
        }
    }
}

/// What hangs on a connection: its transfers, and the questions about them.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionUsesView {
    running: Count,
    waiting: Count,
    paused: Count,
    needs_you: Count,
    /// Over, in the history, which stays.
    over: Count,
    /// Runs of which something is still to be looked through.
    walking: Count,
    attention: Count,
}

impl From<ConnectionUses> for ConnectionUsesView {
    fn from(uses: ConnectionUses) -> Self {
        let sum = |states: &[State]| Count::of(states.iter().map(|state| uses.in_state(*state)).sum());
        Self {
            running: sum(&[State::Preparing, State::Transferring, State::Verifying]),
            waiting: sum(&[State::Queued, State::Waiting]),
            paused: sum(&[State::Paused]),
            needs_you: sum(&[State::NeedsAttention]),
            over: sum(&[State::Done, State::Skipped, State::Failed, State::Cancelled]),
            walking: Count::of(uses.walking.len() as u64),
            attention: uses.attention.into(),
        }
    }
}

/// What a pasted address fills.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddressView {
    kind: String,
    settings: Vec<SettingView>,
    /// The folder there that it leads to.
    folder: Option<String>,
    /// What was not taken over.
    remarks: Vec<SaidView>,
}

impl From<(&'static str, PastedAddress)> for AddressView {
    fn from((kind, address): (&'static str, PastedAddress)) -> Self {
        let settings = address.settings.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Self {
            kind: kind.to_owned(),
            settings: SettingView::all(settings),
            folder: address.folder,
            remarks: address.remarks.into_iter().map(SaidView::from).collect(),
        }
    }
}
