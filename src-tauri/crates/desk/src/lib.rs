//! The use cases of the desk, for the window, the command and the tests alike.
//!
//! [`assemble`] composes the whole: store, vaults, connectors and, for one process a home, the engine. Nothing here knows
//! a window or a terminal, and [`registry`] alone names concrete connectors.

mod attention;
mod browse;
mod compare;
mod connection_edit;
mod connection_facts;
mod connection_test;
mod connections;
mod data_place;
mod demo;
mod desk;
mod diagnostics;
mod entry;
mod entry_uploads;
mod entry_versions;
mod error;
mod events;
mod exchanges;
mod field_maps;
mod forms;
mod heartbeat;
mod history;
mod import;
mod keeper;
mod kept_tokens;
mod location;
mod measure;
mod opener;
mod pasted;
mod preview;
mod registry;
mod search;
mod send;
mod settings;
mod signing_in;
mod spreadsheet;
mod tasks;
mod today;
mod transfers;
mod vault;
mod wait;
mod words;

pub use attention::{Answer, Attention};
pub use browse::{Abilities, Loss, NotRemoved, Removal, Seen, Verdict};
pub use compare::{
    CompareBy, CompareRequest, Comparison, Counted, PlanFilter, PlanPage, PlanRow, PlanState, PlanTotals, Removed,
    RunAsShown, Standing, Why,
};
pub use connection_edit::ConnectionChange;
pub use connection_facts::{ConnectionFacts, Power};
pub use connections::{ConnectionDraft, ConnectionSummary};
pub use data_place::{DataPlace, HomeFile, HomeFileKind};
pub use desk::{Desk, Paths, assemble};
pub use diagnostics::{DiagnosticsFile, masked, tape};
pub use entry::{EntryDetails, Link, TAG_LIMITS, TagLimits, TagsSaved, Told};
pub use entry_uploads::Unfinished;
pub use entry_versions::Restored;
pub use error::DeskError;
pub use events::{ListenAt, Listening, Polled};
pub use field_maps::{MapFault, MapPreview};
pub use forms::{ExpectedForm, FormOfEntry};
pub use heartbeat::{Away, Gap};
pub use history::Act;
pub use import::{
    ImportFound, ImportOffer, ImportOutcome, ImportPick, ImportPreview, ImportReading, ImportSource, Imported,
};
pub use keeper::EngineState;
pub use location::{Place, parse_place};
pub use measure::Measured;
pub use preview::{NoPreview, Preview, TextForm, TextPreview};
pub use registry::KindFacts;
pub use send::SendRequest;
pub use settings::{
    Appearance, ForNow, HistorySettings, Hours, Language, LimitNow, LimitReason, Limits, Network, NetworkDraft,
    Notices, OnClose, Operator, ProxyMode, Settings, SettingsSection, Slot, StrangeSection, TemporaryLimit, TextSize,
    Theme, Timetable, Weekday, WindowSettings,
};
pub use signing_in::SignInBegun;
pub use spreadsheet::{MetadataPlan, PlannedChange, PlannedEntry};
pub use tasks::TaskOfConnection;
pub use today::{Disk, Ending, GroupKey, Healths, Need, NeedKind, RunOfDay, Today};
pub use vault::{SHORTEST_PASSPHRASE, VaultLook};
pub use wait::RunOutcome;
pub use words::{phrases, said};

pub use waybill_connector::{
    Ability, Ask, Attribute, AttributeForm, AttributeKind, Choice, ConnectorError, ConnectorSpec, Decision, Delegation,
    Entry, EntryKind, EventFile, EventKind, Expiring, FieldKind, FieldProblem, FieldSpec, FilterKind, LeftOut,
    MetadataSet, ObjectVersion, Page, PageRequest, PastedAddress, Phrase, Question, RemoteEvent, Retention,
    RetentionMode, Said, SearchFilter, SearchQuery, SecretExpiry, StepOutcome, TAKEN_BY, Task, TaskAttachment,
    TaskChange, TaskComment, TaskFilter, TaskOutcome, TestReport, TestStep, UnfinishedUpload, Whose,
};
pub use waybill_engine::{Moving, SystemClock};
pub use waybill_model::{AttributeValue, Clock, FilledForm};
pub use waybill_net::{Exchange, Said as ExchangeSide, oauth::SignedIn};
pub use waybill_store::{
    AttentionKind, ConnectionUses, Counts, Cursor, Direction, EntryType, EventRow, Filter, Health, KeptEvent, Matched,
    Origin, RunCursor, RunRow, SavedView, StoreError, Topic, Topics, TransferPage, TransferRow,
};
pub use waybill_vault::VaultKind;
