//! A connection looked at closely: what it can do, what hangs on it, and an address that was pasted.

use serde::Serialize;
use specta::Type;
use waybill_desk::{ConnectionFacts, ConnectionUses, PastedAddress, Power, SignedIn};
use waybill_model::State;

use super::{Count, RunView, SaidView, Time, connection::SettingView};

/// What it can do, and what was sent over it lately.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionFactsView {
    /// Empty where it cannot be opened, for want of a secret.
    powers: Vec<PowerFactView>,
    /// Whether a test found that out.
    tested: bool,
    /// How long the sign-in holds; nothing where nobody has signed in yet, or where nothing ends.
    signed_in: Option<SignedInView>,
    runs: Vec<RunView>,
}

/// How long a sign-in holds.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedInView {
    /// From then on what signs in now is refused; nothing where nobody says.
    until: Option<Time>,
    /// Whether it is renewed without anybody.
    renews: bool,
}

impl From<SignedIn> for SignedInView {
    fn from(signed_in: SignedIn) -> Self {
        Self { until: signed_in.until.map(Into::into), renews: signed_in.renews }
    }
}

/// A power, and whether it is there.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PowerFactView {
    power: PowerView,
    has: bool,
    /// Connections of its kind have it, and the test found that this one has not.
    missed: bool,
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
    Attributes,
    Search,
    Previews,
    Comments,
    Locks,
    Approval,
    Sharing,
    FileRequests,
    Workspaces,
    FilePlan,
    Permissions,
    AuditLog,
    RecycleBin,
    Tasks,
    Processes,
    ProcessModels,
    Events,
    Inbound,
    Publish,
    Catalogue,
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
            Power::Attributes => Self::Attributes,
            Power::Search => Self::Search,
            Power::Previews => Self::Previews,
            Power::Comments => Self::Comments,
            Power::Locks => Self::Locks,
            Power::Approval => Self::Approval,
            Power::Sharing => Self::Sharing,
            Power::FileRequests => Self::FileRequests,
            Power::Workspaces => Self::Workspaces,
            Power::FilePlan => Self::FilePlan,
            Power::Permissions => Self::Permissions,
            Power::AuditLog => Self::AuditLog,
            Power::RecycleBin => Self::RecycleBin,
            Power::Tasks => Self::Tasks,
            Power::Processes => Self::Processes,
            Power::ProcessModels => Self::ProcessModels,
            Power::Events => Self::Events,
            Power::Inbound => Self::Inbound,
            Power::Publish => Self::Publish,
            Power::Catalogue => Self::Catalogue,
        }
    }
}

impl From<ConnectionFacts> for ConnectionFactsView {
    fn from(facts: ConnectionFacts) -> Self {
        let view = |(power, has): (Power, bool)| PowerFactView {
            power: power.into(),
            has,
            missed: facts.missed.contains(&power),
        };
        Self {
            powers: facts.powers.into_iter().map(view).collect(),
            tested: facts.tested,
            signed_in: facts.signed_in.map(Into::into),
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
