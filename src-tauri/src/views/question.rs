//! A question of a server, and what was typed.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;
use waybill_desk::Question;
use waybill_model::names;

/// The longest text of a server that is shown.
const LONGEST: usize = 2000;

/// What a server asks, in its own words.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuestionView {
    id: String,
    connection_name: String,
    /// Line by line; nothing where it says nothing above its prompts.
    instructions: Vec<String>,
    prompts: Vec<PromptView>,
    /// How long an answer is still of use.
    seconds_left: u32,
}

/// One thing that it wants to know.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PromptView {
    text: String,
    /// Whether the answer may be seen while it is typed.
    visible: bool,
}

impl QuestionView {
    pub(crate) fn new(id: u64, question: &Question, left: Duration) -> Self {
        let lines = question.instructions.lines().map(shown).filter(|line| !line.is_empty());
        let prompt = |(text, visible): &(String, bool)| PromptView { text: shown(text), visible: *visible };
        Self {
            id: id.to_string(),
            connection_name: question.connection.clone(),
            instructions: lines.take(40).collect(),
            prompts: question.prompts.iter().map(prompt).collect(),
            seconds_left: u32::try_from(left.as_secs()).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
impl QuestionView {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Who asks, and the prompts.
    pub(crate) fn shown(&self) -> (&str, Vec<(String, bool)>) {
        (&self.connection_name, self.prompts.iter().map(|one| (one.text.clone(), one.visible)).collect())
    }
}

/// Controls and turned directions are spelled out, so that a server cannot draw over what is around its words.
fn shown(text: &str) -> String {
    names::shown(&text.trim().chars().take(LONGEST).collect::<String>())
}

/// What a person typed. It crosses in this direction only.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(transparent)]
pub(crate) struct TypedView(#[specta(type = String)] SecretString);

impl From<TypedView> for SecretString {
    fn from(typed: TypedView) -> Self {
        typed.0
    }
}

/// The questions that are open now, all of them.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuestionsChanged {
    pub(crate) questions: Vec<QuestionView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_not_shown_by_a_log() {
        let typed: TypedView = serde_json::from_str("\"canary\"").unwrap();
        assert!(!format!("{typed:?}").contains("canary"));
    }

    #[test]
    fn a_server_cannot_draw_over_the_window_with_its_words() {
        let question = Question {
            connection: "n".to_owned(),
            instructions: "Hello\n\u{1b}[2Jgone".to_owned(),
            prompts: vec![("\u{202e}edoC".to_owned(), false)],
        };
        let view = QuestionView::new(1, &question, Duration::from_secs(5));
        assert_eq!(view.instructions, ["Hello", "\\u{1b}[2Jgone"]);
        assert_eq!(view.shown().1, [("\\u{202e}edoC".to_owned(), false)]);
    }
}
