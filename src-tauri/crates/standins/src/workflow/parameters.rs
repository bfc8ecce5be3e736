//! The parameters of an address: read by name, checked when they are read; those that nobody reads are ignored.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::errors::{Answer, Refused};
use super::moment;
use crate::clock::Millis;

/// The decoded parameters in the order they were sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.query().unwrap_or_default()))
    }
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

impl Parameters {
    /// Reads what stands after the question mark, or the body of a form.
    pub(super) fn of(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self(pairs.collect())
    }

    /// From a body of JSON: its texts, numbers and flags.
    pub(super) fn of_json(value: &serde_json::Value) -> Option<Self> {
        let pairs = value.as_object()?.iter().filter_map(|(name, value)| match value {
            serde_json::Value::String(text) => Some((name.clone(), text.clone())),
            serde_json::Value::Number(_) | serde_json::Value::Bool(_) => Some((name.clone(), value.to_string())),
            _ => None,
        });
        Some(Self(pairs.collect()))
    }

    /// The first value of a name; an empty one counts as not sent.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, value)| given == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// All values of a name, sent repeatedly or parted by commas.
    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        let given = self.0.iter().filter(|(given, value)| given == name && !value.is_empty());
        let values: Vec<_> =
            given.flat_map(|(_, value)| value.split(',')).map(|value| value.trim().to_owned()).collect();
        (!values.is_empty()).then_some(values)
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Answer<Option<bool>> {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(Refused::invalid(format!("Value for param '{name}' is not valid: '{other}'"))),
        }
    }

    /// Whether a flag is there and true.
    pub(super) fn is_set(&self, name: &str) -> Answer<bool> {
        Ok(self.flag(name)?.unwrap_or(false))
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Answer<Option<i64>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number = text.parse();
        number.map(Some).map_err(|_| Refused::invalid(format!("Value for param '{name}' is not valid: '{text}'")))
    }

    /// A moment, and whether only its day was given.
    pub(super) fn moment(&self, name: &str) -> Answer<Option<(Millis, bool)>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let moment = moment::parse(text);
        moment.map(Some).ok_or_else(|| Refused::invalid(format!("Failed to parse date '{text}' of param '{name}'")))
    }

    /// All of them but those named, as they go into the address of another page.
    pub(super) fn without(&self, names: &[&str]) -> String {
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let kept = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        let pairs: Vec<_> = kept.map(|(name, value)| format!("{}={}&", encode(name), encode(value))).collect();
        pairs.concat()
    }

    /// The pairs themselves.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}
