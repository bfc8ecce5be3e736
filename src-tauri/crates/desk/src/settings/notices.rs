//! What is told outside of the window, and when it is not.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use waybill_connector::FieldProblem;
use waybill_model::Millis;

use super::{Hours, SettingsSection, hours::WallClock, problem};
use crate::{Desk, words};

/// Which notices the operating system shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notices {
    /// A run came to its end.
    pub run_ended: bool,
    /// Something waits for a person.
    pub needs_someone: bool,
    /// A transfer failed.
    pub failures: bool,
    /// Nothing is shown in these hours, on every day; what came up in them is in the window all the same.
    pub quiet: Option<Hours>,
}

impl Default for Notices {
    fn default() -> Self {
        Self { run_ended: true, needs_someone: true, failures: true, quiet: None }
    }
}

impl Notices {
    /// Whether nothing is to be shown now.
    pub fn quiet_at(&self, now: Millis, zone: &TimeZone) -> bool {
        let Some((hours, clock)) = self.quiet.zip(WallClock::at(now, zone)) else { return false };
        hours.cover(clock, |_| true)
    }
}

impl Desk {
    /// Whether these are hours in which nothing is to be shown outside of the window.
    pub fn is_quiet(&self) -> bool {
        self.settings().notices.quiet_at(self.now(), &TimeZone::system())
    }
}

impl SettingsSection for Notices {
    const KEY: &'static str = "settings.notices";

    fn problems(&self) -> Vec<FieldProblem> {
        match self.quiet {
            Some(hours) if !hours.make_sense() => vec![problem("quiet", words::NO_HOURS.said())],
            _ => Vec::new(),
        }
    }
}
