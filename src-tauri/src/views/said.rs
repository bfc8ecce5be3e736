//! What a connector or the desk says, as a code with its parameters and in English.

use serde::Serialize;
use specta::Type;
use waybill_desk::Said;

/// A sentence. The window says it in its reader's language; one without words for the code shows the English text.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SaidView {
    /// None where the sentence is none of ours: the word of a server.
    code: Option<String>,
    parameters: Vec<ParameterView>,
    text: String,
}

/// A name, a number, a path in a sentence.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ParameterView {
    key: String,
    value: String,
}

impl From<Said> for SaidView {
    fn from(said: Said) -> Self {
        let parameters = said.with.into_iter().map(|(key, value)| ParameterView { key, value }).collect();
        Self { code: Some(said.code), parameters, text: said.text }
    }
}

impl SaidView {
    /// A text that was kept, of a connection of this kind or of the desk itself.
    pub(crate) fn read(kind: Option<&str>, text: String) -> Self {
        match waybill_desk::said(kind, &text) {
            Some(said) => said.into(),
            None => Self { code: None, parameters: Vec::new(), text },
        }
    }
}
