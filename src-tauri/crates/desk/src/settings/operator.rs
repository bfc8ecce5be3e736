//! Who sits at the desk: the name that stands beside everything that they do.

use serde::{Deserialize, Serialize};
use waybill_connector::FieldProblem;

use super::{SettingsSection, problem};
use crate::words;

/// The longest name in characters.
const LONGEST: usize = 80;

/// The name in the log and beside runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Operator {
    /// As it was chosen; the operating system's name of the user where `None`.
    pub name: Option<String>,
}

impl SettingsSection for Operator {
    const KEY: &'static str = "settings.operator";

    fn problems(&self) -> Vec<FieldProblem> {
        let Some(name) = &self.name else { return Vec::new() };
        let wrong = name.trim().is_empty()
            || name.trim() != name
            || name.chars().count() > LONGEST
            || name.chars().any(|c| c.is_control() || is_direction(c))
            // Entries of the desk itself stand beside those of people.
            || name.eq_ignore_ascii_case("engine");
        if wrong {
            vec![problem("name", words::NO_NAME.with(&[("longest", &LONGEST.to_string())]))]
        } else {
            Vec::new()
        }
    }
}

/// Marks that turn the direction of what follows: a name with them could pass for another.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Who sits at the desk, as the operating system knows them.
pub(crate) fn of_system() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|variable| std::env::var(variable).ok().filter(|name| !name.is_empty()))
        .unwrap_or_else(|| "operator".to_owned())
}
