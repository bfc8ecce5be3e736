//! The use cases of the desk, for the window, the command and the tests alike.
//!
//! [`assemble`] composes the whole: store, vaults, connectors and, for one process a home, the engine. Nothing here knows
//! a window or a terminal, and [`registry`] alone names concrete connectors.

mod attention;
mod browse;
mod connection_edit;
mod connection_facts;
mod connection_test;
mod connections;
mod data_place;
mod desk;
mod diagnostics;
mod error;
mod history;
mod import;
mod location;
mod opener;
mod registry;
mod send;
mod settings;
mod transfers;
mod vault;
mod wait;
mod words;

pub use attention::{Answer, Attention};
pub use browse::{Abilities, Loss, NotRemoved, Removal, Seen, Verdict};
pub use connection_edit::ConnectionChange;
pub use connection_facts::{ConnectionFacts, Power};
pub use connections::{ConnectionDraft, ConnectionSummary};
pub use data_place::{DataPlace, HomeFile, HomeFileKind};
pub use desk::{Desk, Paths, assemble};
pub use diagnostics::{DiagnosticsFile, tape};
pub use error::DeskError;
pub use history::Act;
pub use import::{
    ImportFound, ImportOffer, ImportOutcome, ImportPick, ImportPreview, ImportReading, ImportSource, Imported,
};
pub use location::{Place, parse_place};
pub use send::SendRequest;
pub use settings::{
    Appearance, ForNow, HistorySettings, Hours, Language, LimitNow, LimitReason, Limits, Network, NetworkDraft,
    Notices, OnClose, Operator, ProxyMode, Settings, SettingsSection, Slot, StrangeSection, TemporaryLimit, TextSize,
    Theme, Timetable, Weekday, WindowSettings,
};
pub use vault::{SHORTEST_PASSPHRASE, VaultLook};
pub use wait::RunOutcome;
pub use words::{phrases, said};

pub use waybill_connector::{
    Ask, Choice, ConnectorError, ConnectorSpec, Entry, EntryKind, Expiring, FieldKind, FieldProblem, FieldSpec,
    LeftOut, Page, PageRequest, PastedAddress, Phrase, Question, Said, SecretExpiry, StepOutcome, TestReport, TestStep,
};
pub use waybill_engine::{Moving, SystemClock};
pub use waybill_model::Clock;
pub use waybill_store::{
    AttentionKind, ConnectionUses, Counts, Cursor, Direction, EntryType, EventRow, Filter, Health, Matched, Origin, RunCursor, RunRow,
    SavedView, StoreError, Topic, Topics, TransferPage, TransferRow,
};
pub use waybill_vault::VaultKind;
