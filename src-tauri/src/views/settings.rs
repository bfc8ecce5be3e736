//! The settings of the home, section by section. Secrets are none of them.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{
    Appearance, HistorySettings, Hours, LimitNow, Limits, Network, Notices, Operator, Settings, Slot, StrangeSection,
    Timetable, WindowSettings,
};

use super::{
    Count, SaidView, Time,
    settings_word::{LanguageView, LimitReasonView, OnCloseView, ProxyModeView, TextSizeView, ThemeView, WeekdayView},
};

/// All settings as they hold now.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettingsView {
    limits: LimitsView,
    notices: NoticesView,
    window: WindowSettingsView,
    appearance: AppearanceView,
    network: NetworkView,
    operator: OperatorView,
    history: HistorySettingsView,
    /// Sections that cannot be read; their defaults hold.
    strange: Vec<StrangeSectionView>,
}

impl SettingsView {
    /// `operator` is the name that holds.
    pub(crate) fn new(settings: Settings, operator: String) -> Self {
        Self {
            limits: settings.limits.into(),
            notices: settings.notices.into(),
            window: settings.window.into(),
            appearance: settings.appearance.into(),
            network: settings.network.into(),
            operator: OperatorView { chosen: settings.operator.name, now: operator },
            history: settings.history.into(),
            strange: settings.strange.into_iter().map(StrangeSectionView::from).collect(),
        }
    }
}

/// A section that is kept and cannot be read.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StrangeSectionView {
    section: String,
    reason: SaidView,
}

impl From<StrangeSection> for StrangeSectionView {
    fn from(strange: StrangeSection) -> Self {
        let section = strange.key.rsplit('.').next().unwrap_or(strange.key).to_owned();
        Self { section, reason: strange.reason.into() }
    }
}

/// How much may go at once.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LimitsView {
    /// Over all connections together; no limit where null.
    bytes_per_second: Option<Count>,
    /// Over all connections; as many as they take where null.
    files_at_once: Option<u32>,
    /// At a connection whose own settings name no number.
    files_per_connection: Option<u32>,
    timetable: TimetableView,
}

impl From<Limits> for LimitsView {
    fn from(limits: Limits) -> Self {
        Self {
            bytes_per_second: limits.bytes_per_second.map(Count::of),
            files_at_once: limits.files_at_once,
            files_per_connection: limits.files_per_connection,
            timetable: limits.timetable.into(),
        }
    }
}

impl From<LimitsView> for Limits {
    fn from(view: LimitsView) -> Self {
        Self {
            bytes_per_second: view.bytes_per_second.map(Count::value),
            files_at_once: view.files_at_once,
            files_per_connection: view.files_per_connection,
            timetable: view.timetable.into(),
        }
    }
}

/// Hours in which another limit holds. The first line that fits counts.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TimetableView {
    on: bool,
    slots: Vec<SlotView>,
}

impl From<Timetable> for TimetableView {
    fn from(table: Timetable) -> Self {
        Self { on: table.on, slots: table.slots.into_iter().map(SlotView::from).collect() }
    }
}

impl From<TimetableView> for Timetable {
    fn from(view: TimetableView) -> Self {
        Self { on: view.on, slots: view.slots.into_iter().map(Slot::from).collect() }
    }
}

/// A line of the timetable.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SlotView {
    days: Vec<WeekdayView>,
    hours: HoursView,
    bytes_per_second: Option<Count>,
}

impl From<Slot> for SlotView {
    fn from(slot: Slot) -> Self {
        Self {
            days: slot.days.into_iter().map(WeekdayView::from).collect(),
            hours: slot.hours.into(),
            bytes_per_second: slot.bytes_per_second.map(Count::of),
        }
    }
}

impl From<SlotView> for Slot {
    fn from(view: SlotView) -> Self {
        Self {
            days: view.days.into_iter().map(Into::into).collect(),
            hours: view.hours.into(),
            bytes_per_second: view.bytes_per_second.map(Count::value),
        }
    }
}

/// Minutes since midnight; over midnight where the end is not later.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HoursView {
    from: u16,
    to: u16,
}

impl From<Hours> for HoursView {
    fn from(hours: Hours) -> Self {
        Self { from: hours.from, to: hours.to }
    }
}

impl From<HoursView> for Hours {
    fn from(view: HoursView) -> Self {
        Self { from: view.from, to: view.to }
    }
}

/// The limit on bytes that holds now.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LimitNowView {
    bytes_per_second: Option<Count>,
    reason: LimitReasonView,
    /// When another one may hold.
    until: Option<Time>,
}

impl From<LimitNow> for LimitNowView {
    fn from(now: LimitNow) -> Self {
        Self {
            bytes_per_second: now.bytes_per_second.map(Count::of),
            reason: now.reason.into(),
            until: now.until.map(Time::from),
        }
    }
}

/// Which notices the operating system shows.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoticesView {
    run_ended: bool,
    needs_someone: bool,
    failures: bool,
    quiet: Option<HoursView>,
}

impl From<Notices> for NoticesView {
    fn from(notices: Notices) -> Self {
        Self {
            run_ended: notices.run_ended,
            needs_someone: notices.needs_someone,
            failures: notices.failures,
            quiet: notices.quiet.map(HoursView::from),
        }
    }
}

impl From<NoticesView> for Notices {
    fn from(view: NoticesView) -> Self {
        Self {
            run_ended: view.run_ended,
            needs_someone: view.needs_someone,
            failures: view.failures,
            quiet: view.quiet.map(Hours::from),
        }
    }
}

/// The window and the tray.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WindowSettingsView {
    on_close: OnCloseView,
    tray: bool,
    start_hidden: bool,
}

impl From<WindowSettings> for WindowSettingsView {
    fn from(window: WindowSettings) -> Self {
        Self { on_close: window.on_close.into(), tray: window.tray, start_hidden: window.start_hidden }
    }
}

impl From<WindowSettingsView> for WindowSettings {
    fn from(view: WindowSettingsView) -> Self {
        Self { on_close: view.on_close.into(), tray: view.tray, start_hidden: view.start_hidden }
    }
}

/// How the window looks.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppearanceView {
    language: LanguageView,
    theme: ThemeView,
    text_size: TextSizeView,
    /// Whether nothing moves that need not.
    still: bool,
}

impl From<Appearance> for AppearanceView {
    fn from(looks: Appearance) -> Self {
        Self {
            language: looks.language.into(),
            theme: looks.theme.into(),
            text_size: looks.text_size.into(),
            still: looks.still,
        }
    }
}

impl From<AppearanceView> for Appearance {
    fn from(view: AppearanceView) -> Self {
        Self {
            language: view.language.into(),
            theme: view.theme.into(),
            text_size: view.text_size.into(),
            still: view.still,
        }
    }
}

/// How the network is reached. The password never crosses in this direction.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkView {
    proxy: ProxyModeView,
    url: String,
    user: String,
    has_password: bool,
    no_proxy: String,
    ca_file: String,
}

impl From<Network> for NetworkView {
    fn from(network: Network) -> Self {
        Self {
            proxy: network.proxy.into(),
            url: network.url,
            user: network.user,
            has_password: network.password_in.is_some(),
            no_proxy: network.no_proxy,
            ca_file: network.ca_file,
        }
    }
}

/// Who sits at the desk.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperatorView {
    /// The name that was chosen; null where it is the operating system's.
    chosen: Option<String>,
    /// The name that holds.
    now: String,
}

/// A name that somebody chose; null for the operating system's.
pub(crate) fn operator(name: Option<String>) -> Operator {
    Operator { name }
}

/// How long what is over is kept.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistorySettingsView {
    keep_days: Option<u32>,
}

impl From<HistorySettings> for HistorySettingsView {
    fn from(history: HistorySettings) -> Self {
        Self { keep_days: history.keep_days }
    }
}

impl From<HistorySettingsView> for HistorySettings {
    fn from(view: HistorySettingsView) -> Self {
        Self { keep_days: view.keep_days }
    }
}
