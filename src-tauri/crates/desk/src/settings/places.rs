//! How long what is over stays in the home.

use serde::{Deserialize, Serialize};
use waybill_connector::FieldProblem;

use super::{SettingsSection, range};

/// The fewest days that history can be kept: yesterday's file is always found.
const FEWEST_DAYS: u32 = 7;
/// Ten years.
const MOST_DAYS: u32 = 3653;

/// How long the history is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistorySettings {
    /// Runs that were over so many days ago are removed; nothing ever is where `None`.
    pub keep_days: Option<u32>,
}

impl SettingsSection for HistorySettings {
    const KEY: &'static str = "settings.history";

    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        range(&mut problems, "keep_days", self.keep_days, FEWEST_DAYS..=MOST_DAYS);
        problems
    }
}
