//! How much may go at once, and which of the limits holds now.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use waybill_connector::FieldProblem;
use waybill_model::Millis;

use super::{SettingsSection, Timetable, range};
use crate::{Desk, DeskError};

/// The least bytes a second that a limit may leave: below it a single part would take hours.
pub(crate) const SLOWEST: u64 = 10_000;
/// The most bytes a second that a limit can name.
pub(crate) const FASTEST: u64 = 100_000_000_000;
/// The most files at once, over all connections.
const MOST_FILES: u32 = 256;
/// The most files at once at one connection, as in its own settings.
const MOST_FILES_OF_ONE: u32 = 64;
/// A limit for now ends at the latest after so many minutes.
pub(crate) const LONGEST_FOR_NOW: u32 = 7 * 24 * 60;
/// How far a clock may be set back before a limit for now is taken to be over.
const SET_BACK: i64 = 60_000;

/// The limits that hold until somebody changes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Bytes a second over all connections together; none where `None`.
    pub bytes_per_second: Option<u64>,
    /// Files at once over all connections; as many as the connections take where `None`.
    pub files_at_once: Option<u32>,
    /// Files at once at a connection whose own settings name no number.
    pub files_per_connection: Option<u32>,
    /// Hours in which another limit holds.
    pub timetable: Timetable,
}

impl SettingsSection for Limits {
    const KEY: &'static str = "settings.limits";

    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = self.timetable.problems();
        range(&mut problems, "bytes_per_second", self.bytes_per_second, SLOWEST..=FASTEST);
        range(&mut problems, "files_at_once", self.files_at_once, 1..=MOST_FILES);
        range(&mut problems, "files_per_connection", self.files_per_connection, 1..=MOST_FILES_OF_ONE);
        problems
    }
}

/// A limit in place of all others that ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemporaryLimit {
    /// Bytes a second; no limit where `None`.
    pub bytes_per_second: Option<u64>,
    /// When it was set.
    pub since: Millis,
    /// When it ends.
    pub until: Millis,
}

impl TemporaryLimit {
    /// Whether it still holds. A clock that was set back to before it was set ends it: nobody could tell how long it
    /// would last.
    fn holds(&self, now: Millis) -> bool {
        now < self.until && now.since(self.since) >= -SET_BACK
    }
}

/// The temporary limit, if somebody set one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ForNow(pub Option<TemporaryLimit>);

impl SettingsSection for ForNow {
    const KEY: &'static str = "settings.limit-for-now";

    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let Some(limit) = self.0 else { return problems };
        range(&mut problems, "bytes_per_second", limit.bytes_per_second, SLOWEST..=FASTEST);
        let minutes = limit.until.since(limit.since) / 60_000;
        range(&mut problems, "minutes", Some(minutes), 1..=i64::from(LONGEST_FOR_NOW));
        problems
    }
}

/// Which of the limits holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitReason {
    /// The one that is there always.
    Always,
    /// The one of this hour.
    Timetable,
    /// The one that somebody set for a while.
    ForNow,
}

/// The limit on bytes that holds at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitNow {
    /// Bytes a second; no limit where `None`.
    pub bytes_per_second: Option<u64>,
    /// Why this one.
    pub reason: LimitReason,
    /// When another one may hold; `None` where nothing changes by itself.
    pub until: Option<Millis>,
}

impl ForNow {
    pub(crate) fn at(&self, now: Millis) -> Option<TemporaryLimit> {
        self.0.filter(|limit| limit.holds(now))
    }
}

impl Limits {
    /// The bytes a second at a moment.
    pub(crate) fn rate(&self, for_now: &ForNow, now: Millis, zone: &TimeZone) -> Option<u64> {
        match (for_now.at(now), self.timetable.slot(now, zone)) {
            (Some(limit), _) => limit.bytes_per_second,
            (None, Some(slot)) => slot.bytes_per_second,
            (None, None) => self.bytes_per_second,
        }
    }

    /// The same with its reason and its end.
    pub(crate) fn now(&self, for_now: &ForNow, now: Millis, zone: &TimeZone) -> LimitNow {
        let bytes_per_second = self.rate(for_now, now, zone);
        if let Some(limit) = for_now.at(now) {
            return LimitNow { bytes_per_second, reason: LimitReason::ForNow, until: Some(limit.until) };
        }
        let reason =
            if self.timetable.slot(now, zone).is_some() { LimitReason::Timetable } else { LimitReason::Always };
        let until = self.timetable.on.then(|| self.timetable.next_change(now, zone)).flatten();
        LimitNow { bytes_per_second, reason, until }
    }
}

impl Desk {
    /// Lets another limit on bytes hold for some minutes in place of all others; none at all where `None`.
    pub async fn limit_for_now(&self, bytes_per_second: Option<u64>, minutes: u32) -> Result<(), DeskError> {
        let since = self.now();
        let until = since.plus(i64::from(minutes) * 60_000);
        self.set_settings(ForNow(Some(TemporaryLimit { bytes_per_second, since, until }))).await
    }

    /// Ends the limit for now.
    pub async fn end_limit_for_now(&self) -> Result<(), DeskError> {
        self.set_settings(ForNow(None)).await
    }

    /// The limit on bytes that holds now.
    pub fn limit_now(&self) -> LimitNow {
        let settings = self.settings();
        settings.limits.now(&settings.for_now, self.now(), &TimeZone::system())
    }
}
