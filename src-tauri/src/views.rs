//! What crosses to the window and back: plain types with their TypeScript twins, made from the desk's own.
//!
//! Each word of the model has its view, matched without a rest, so that a new word in Rust breaks this build and the
//! tables of the window after it.

mod abilities;
mod attention;
mod browse;
mod care;
mod compare;
mod connection;
mod connection_facts;
mod entry;
mod error;
mod exchange;
mod field_map;
mod form;
mod history;
mod import;
pub(crate) mod look;
mod number;
mod push;
mod question;
mod said;
mod send;
mod settings;
mod settings_word;
mod story;
mod today;
mod transfer;
mod window;
mod word;

pub(crate) use abilities::AbilitiesView;
pub(crate) use attention::{AnswerView, AttentionKindView, AttentionView};
pub(crate) use browse::{
    CopyDraftView, EntryPageView, EntryView, FolderBatchView, LossView, PlaceView, RemovalView, SearchDraftView,
    SeenView, connection_of,
};
pub(crate) use care::{DataPlaceView, DiagnosticsFileView, NetworkDraftView, VaultKindView, VaultView};
pub(crate) use compare::{CompareDraftView, PlanFilterView, PlanPageView, PlanView, RunAsShownView};
pub(crate) use connection::{
    ConnectionChangeView, ConnectionDraftView, ConnectionView, ConnectorSpecView, SignInView, TestReportView,
    TestStepView,
};
pub(crate) use connection_facts::{AddressView, ConnectionFactsView, ConnectionUsesView};
pub(crate) use entry::{
    EntryDetailsView, LinkView, PairView, PreviewView, RetentionModeView, StampView, TagsSavedView, UnfinishedView,
    VersionView, pairs, preview,
};
pub(crate) use error::{FailureView, IpcError, parse_cursor, parse_id, parse_ids, parse_run_cursor};
pub(crate) use exchange::ExchangeView;
pub(crate) use field_map::MapPreviewView;
pub(crate) use form::{ExpectedFormView, FilledFormDraft, FormOfEntryView, FormView, GivenFormView};
pub(crate) use history::{ActView, BlockDraft, BlockView, RunPageView, SavedViewDraft, SavedViewView};
pub(crate) use import::{
    ImportOfferView, ImportOutcomeView, ImportPickView, ImportPreviewView, ImportSourceView, parse_digest,
};
pub(crate) use number::{Count, Time};
pub(crate) use push::{
    AboutView, AttentionRaised, PickView, ProgressBatchView, ProgressView, TopicView, TopicsChanged,
};
pub(crate) use question::{QuestionView, QuestionsChanged, TypedView};
pub(crate) use said::SaidView;
pub(crate) use send::SendDraftView;
pub(crate) use settings::{
    AppearanceView, HistorySettingsView, LimitNowView, LimitsView, NoticesView, SettingsView, WindowSettingsView,
    operator,
};
pub(crate) use story::StoryLineView;
pub(crate) use today::{DemoView, GroupKeyView, HeldRunView, NeedView, TodayView};
pub(crate) use transfer::{
    EndView, PartsView, RunView, TransferCountsView, TransferDetailsView, TransferFilterView, TransferPageView,
    TransferView,
};
pub(crate) use window::{
    LooseNamesView, LooseView, MeasuredView, PastedView, PathsGiven, QuitAnswerView, QuitAsked, RunShown, ShellChanged,
    ShellView,
};
pub(crate) use word::{
    ConflictRuleView, DirectionView, EvidenceView, FailureKindView, HealthView, PaceView, ProofView, RequiredProofView,
    SideView, StateView, StoryEventView,
};
