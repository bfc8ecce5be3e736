//! A connection looked at closely: what it can do, what hangs on it, and an address that was pasted.

use serde::Serialize;
use specta::{
    Type, Types,
    datatype::{DataType, Enum, Variant},
};
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
#[derive(Debug, Clone, Serialize, Type)]
#[serde(transparent)]
pub(crate) struct PowerView(#[specta(type = PowerWord)] String);

impl From<Power> for PowerView {
    fn from(power: Power) -> Self {
        Self(power.word())
    }
}

/// One of the words of [`Power`], as TypeScript knows them: a power without words of the window's breaks its build.
struct PowerWord;

impl Type for PowerWord {
    fn definition(_: &mut Types) -> DataType {
        let mut words = Enum::default();
        words.variants = Power::all().map(|power| (power.word().into(), Variant::unit())).collect();
        words.into()
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
