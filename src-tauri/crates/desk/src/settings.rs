//! The desk's settings: typed sections, each kept in the home under one key as one JSON document.
//!
//! A section is checked before it is kept, and again when it is read. One that cannot be read falls back to its default,
//! which [`Settings::strange`] says, and stays as it is until somebody changes it. Every change has its audit row.
//! Secrets are no settings: the password of a proxy lies in a vault.

mod appearance;
mod hours;
mod limits;
mod live;
mod network;
mod notices;
mod operator;
mod places;
mod timetable;
mod window;

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use waybill_connector::{FieldProblem, Said};

pub use appearance::{Appearance, Language, TextSize, Theme};
pub use hours::{Hours, Weekday};
pub use limits::{ForNow, LimitNow, LimitReason, Limits, TemporaryLimit};
pub(crate) use live::Live;
pub use network::{Network, NetworkDraft, ProxyMode};
pub(crate) use network::{PASSWORD, opened};
pub use notices::Notices;
pub use operator::Operator;
pub use places::HistorySettings;
pub use timetable::{Slot, Timetable};
pub use window::{OnClose, WindowSettings};

use crate::{Desk, DeskError, words};

/// What the keys of all sections begin with.
const START: &str = "settings.";

/// One section of the settings.
pub trait SettingsSection: Clone + Default + PartialEq + Serialize + DeserializeOwned + Send + 'static {
    /// The key in the home.
    const KEY: &'static str;

    /// What cannot be right, by field.
    fn problems(&self) -> Vec<FieldProblem> {
        Vec::new()
    }
}

/// A section that is not what it should be in the home; its default holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrangeSection {
    /// The key in the home.
    pub key: &'static str,
    /// Why it does not count.
    pub reason: Said,
}

/// All settings of a home.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// How much may go at once.
    pub limits: Limits,
    /// A limit that ends by itself.
    pub for_now: ForNow,
    /// What is told outside of the window.
    pub notices: Notices,
    /// What closing means.
    pub window: WindowSettings,
    /// Language and looks.
    pub appearance: Appearance,
    /// How the network is reached.
    pub network: Network,
    /// Who sits here.
    pub operator: Operator,
    /// How long what is over is kept.
    pub history: HistorySettings,
    /// Sections that could not be read.
    pub strange: Vec<StrangeSection>,
}

impl Settings {
    fn read(stored: &BTreeMap<String, String>) -> Self {
        let mut strange = Vec::new();
        Self {
            limits: section(stored, &mut strange),
            for_now: section(stored, &mut strange),
            notices: section(stored, &mut strange),
            window: section(stored, &mut strange),
            appearance: section(stored, &mut strange),
            network: section(stored, &mut strange),
            operator: section(stored, &mut strange),
            history: section(stored, &mut strange),
            strange,
        }
    }
}

fn section<S: SettingsSection>(stored: &BTreeMap<String, String>, strange: &mut Vec<StrangeSection>) -> S {
    let Some(text) = stored.get(S::KEY) else { return S::default() };
    let mut told = |reason: Said| {
        tracing::warn!(key = S::KEY, reason = %reason.text, "a setting is not used");
        strange.push(StrangeSection { key: S::KEY, reason });
        S::default()
    };
    match serde_json::from_str::<S>(text) {
        Ok(section) => match section.problems().into_iter().next() {
            None => section,
            Some(problem) => told(problem.said),
        },
        // What the parser says would quote the value.
        Err(_) => told(words::SETTING_UNREADABLE.said()),
    }
}

impl Desk {
    /// All settings as they hold now.
    pub fn settings(&self) -> Settings {
        self.inner.live.settings()
    }

    /// Checks a section, keeps it with its audit row, and lets it hold from now on.
    pub async fn set_settings<S: SettingsSection>(&self, section: S) -> Result<(), DeskError> {
        let problems = section.problems();
        if !problems.is_empty() {
            return Err(DeskError::Settings { problems });
        }
        let stored = self.inner.store.settings(START).await?;
        let mut strange = Vec::new();
        let before: S = self::section(&stored, &mut strange);
        if before != section || !strange.is_empty() {
            let detail = changes(&before, &section)?;
            let value = serde_json::to_string(&section).map_err(waybill_store::StoreError::from)?;
            let (now, actor) = (self.now(), self.actor());
            self.inner.store.change_setting(S::KEY, value, now, actor, detail).await?;
        }
        self.refresh_settings().await
    }

    /// Reads the settings again.
    pub(crate) async fn refresh_settings(&self) -> Result<(), DeskError> {
        let stored = self.inner.store.settings(START).await?;
        self.inner.live.replace(Settings::read(&stored));
        Ok(())
    }
}

/// The fields that differ, each with what it was and what it is.
fn changes<S: Serialize>(before: &S, after: &S) -> Result<String, DeskError> {
    let document = |section: &S| serde_json::to_value(section).map_err(waybill_store::StoreError::from);
    let (before, after) = (document(before)?, document(after)?);
    let changed = match (&before, &after) {
        (Value::Object(before), Value::Object(after)) => Value::Object(
            after
                .iter()
                .filter(|(key, value)| before.get(*key) != Some(value))
                .map(|(key, value)| {
                    (key.clone(), Value::from(vec![before.get(key).cloned().unwrap_or_default(), value.clone()]))
                })
                .collect(),
        ),
        _ => Value::from(vec![before, after]),
    };
    Ok(changed.to_string())
}

/// A fault of a field, in a phrase of the desk.
pub(crate) fn problem(key: &str, said: Said) -> FieldProblem {
    FieldProblem { key: key.to_owned(), said }
}

/// A number outside of what makes sense.
pub(crate) fn range<N: PartialOrd + Copy + std::fmt::Display>(
    problems: &mut Vec<FieldProblem>,
    key: &str,
    value: Option<N>,
    allowed: RangeInclusive<N>,
) {
    if value.is_some_and(|value| !allowed.contains(&value)) {
        let (min, max) = (allowed.start().to_string(), allowed.end().to_string());
        let said = words::OUT_OF_RANGE.with(&[("min", &min), ("max", &max)]);
        problems.push(problem(key, said));
    }
}

#[cfg(test)]
mod tests;
