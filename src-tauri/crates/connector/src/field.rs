//! The settings of a connector as data: the form is drawn from it, the command line is checked by it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{Phrase, Said, Settings};

/// What is wrong with a setting, as phrases.
mod words {
    crate::phrases! {
        UNKNOWN = "no-such-setting", "{title} has no such setting; it knows {keys}";
        APART = "secret-apart", "is a secret and is given on its own, not among the settings";
        NUMBER = "whole-number", "has to be a whole number from {min} to {max}";
        FLAG = "true-or-false", "has to be true or false";
        CHOICE = "one-of", "has to be one of {values}";
        NO_SECRET = "no-such-secret", "{title} has no such secret";
        NEEDED = "needed", "is needed";
    }
}

/// Everything that [`validate`] can say.
pub fn field_phrases() -> &'static [Phrase] {
    words::ALL
}

/// A connector as the wizard shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectorSpec {
    /// `folder`, `s3`, `sftp`.
    pub kind: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// One line that says what it is for.
    pub summary: &'static str,
    /// In the order of the form.
    pub fields: Vec<FieldSpec>,
    /// Everything that it says in words of its own: steps of its test, remarks.
    #[serde(skip)]
    pub phrases: &'static [Phrase],
}

/// One setting or secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldSpec {
    /// The name in `--set key=value`.
    pub key: &'static str,
    /// The label of the form.
    pub label: &'static str,
    /// What to fill in, with unit, range or an example.
    pub help: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether the connection cannot work without it.
    pub required: bool,
    /// What is taken where it is left empty.
    pub default: Option<&'static str>,
    /// Whether the form folds it away.
    pub advanced: bool,
    /// Not folded away while another field has one of these values.
    pub unfolded_if: Option<(&'static str, &'static [&'static str])>,
    /// Shown only while another field has one of these values.
    pub shown_if: Option<(&'static str, &'static [&'static str])>,
    /// Whether it says where the connection leads: what waits for the connection goes elsewhere once it changes.
    pub leads: bool,
}

impl FieldSpec {
    /// A plain optional text field.
    pub fn text(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self {
            key,
            label,
            help,
            kind: FieldKind::Text,
            required: false,
            default: None,
            advanced: false,
            unfolded_if: None,
            shown_if: None,
            leads: false,
        }
    }

    /// An optional choice of values with their labels.
    pub fn choice(
        key: &'static str,
        label: &'static str,
        help: &'static str,
        choices: &[(&'static str, &'static str)],
    ) -> Self {
        let choices = choices.iter().map(|(value, label)| Choice { value, label }).collect();
        Self { kind: FieldKind::Choice { choices }, ..Self::text(key, label, help) }
    }

    /// The same field as one that the connection cannot work without.
    #[must_use]
    pub fn needed(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same field with what is taken where it is left empty.
    #[must_use]
    pub fn usually(self, value: &'static str) -> Self {
        Self { default: Some(value), ..self }
    }

    /// The same field as one that the form folds away.
    #[must_use]
    pub fn folded(self) -> Self {
        Self { advanced: true, ..self }
    }

    /// The same field, shown only while the field `of` has one of `values`.
    #[must_use]
    pub fn only_if(self, of: &'static str, values: &'static [&'static str]) -> Self {
        Self { shown_if: Some((of, values)), ..self }
    }

    /// The same field as one that says where the connection leads.
    #[must_use]
    pub fn leading(self) -> Self {
        Self { leads: true, ..self }
    }

    /// What a sign-in in the browser leaves.
    pub fn sign_in(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self { kind: FieldKind::SignIn, ..Self::text(key, label, help) }
    }

    /// An optional field map; `sample` is the field that keeps a document to try it on.
    pub fn field_map(key: &'static str, label: &'static str, help: &'static str, sample: Option<&'static str>) -> Self {
        Self { kind: FieldKind::FieldMap { sample }, ..Self::text(key, label, help) }
    }

    /// An optional secret.
    pub fn secret(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self { kind: FieldKind::Secret, ..Self::text(key, label, help) }
    }
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "type")]
pub enum FieldKind {
    /// One line.
    Text,
    /// A whole number.
    Number {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
    /// `true` or `false`.
    Flag,
    /// One of a list.
    Choice {
        /// In the order of the form.
        choices: Vec<Choice>,
    },
    /// A file of this computer.
    File,
    /// A folder of this computer.
    Folder,
    /// Kept by the vault alone.
    Secret,
    /// Kept by the vault alone, and never typed: what a sign-in in the browser leaves.
    #[serde(rename = "sign-in")]
    SignIn,
    /// A field map as JSON: which fields come out of a document, and from where. The window edits it row by row.
    #[serde(rename = "field-map")]
    FieldMap {
        /// The field that keeps a document to try it on, edited together with the map.
        sample: Option<&'static str>,
    },
}

impl FieldKind {
    /// Whether the vault keeps it.
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::Secret | Self::SignIn)
    }
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// As stored.
    pub value: &'static str,
    /// As shown.
    pub label: &'static str,
}

/// Why a setting is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{key}: {}", said.text)]
pub struct FieldProblem {
    /// Which setting.
    pub key: String,
    /// What would be right. It never quotes the value, which may be a secret in the wrong field.
    pub said: Said,
}

/// Checks settings against their specification: unknown keys, missing ones, numbers, choices, flags.
///
/// `secrets` are the keys of the secrets that are given; a secret among the settings is refused, because
/// settings are stored in the open.
pub fn validate(spec: &ConnectorSpec, settings: &Settings, secrets: &BTreeSet<String>) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut refuse = |key: &str, said: Said| problems.push(FieldProblem { key: key.to_owned(), said });
    for (key, value) in settings.iter() {
        let Some(field) = spec.fields.iter().find(|field| field.key == key) else {
            let known: Vec<_> = spec.fields.iter().map(|field| field.key).collect();
            refuse(key, words::UNKNOWN.with(&[("title", spec.title), ("keys", &known.join(", "))]));
            continue;
        };
        match &field.kind {
            kind if kind.is_secret() => refuse(key, words::APART.said()),
            FieldKind::Number { min, max } if !value.parse::<u64>().is_ok_and(|n| (*min..=*max).contains(&n)) => {
                refuse(key, words::NUMBER.with(&[("min", &min.to_string()), ("max", &max.to_string())]));
            }
            FieldKind::Flag if !matches!(value, "true" | "false") => refuse(key, words::FLAG.said()),
            FieldKind::Choice { choices } if !choices.iter().any(|choice| choice.value == value) => {
                let values: Vec<_> = choices.iter().map(|choice| choice.value).collect();
                refuse(key, words::CHOICE.with(&[("values", &values.join(", "))]));
            }
            _ => {}
        }
    }
    for key in secrets {
        if !spec.fields.iter().any(|field| field.key == key && field.kind.is_secret()) {
            refuse(key, words::NO_SECRET.with(&[("title", spec.title)]));
        }
    }
    for field in spec.fields.iter().filter(|field| field.required) {
        let shown =
            field.shown_if.is_none_or(|(other, values)| settings.get(other).is_some_and(|v| values.contains(&v)));
        let given = settings.get(field.key).is_some_and(|value| !value.is_empty()) || secrets.contains(field.key);
        if shown && !given {
            // A terminal shows no help beside the field.
            refuse(field.key, Said { text: format!("is needed: {}", field.help), ..words::NEEDED.said() });
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> ConnectorSpec {
        ConnectorSpec {
            kind: "x",
            title: "X",
            summary: "",
            fields: vec![
                FieldSpec { required: true, ..FieldSpec::text("host", "Host", "a name") },
                FieldSpec { kind: FieldKind::Number { min: 1, max: 65535 }, ..FieldSpec::text("port", "Port", "") },
                FieldSpec::secret("password", "Password", ""),
            ],
            phrases: &[],
        }
    }

    #[test]
    fn each_fault_is_named_by_its_key() {
        let settings = Settings::from_iter([("port", "0"), ("password", "x"), ("hots", "y")]);
        let keys: Vec<_> = validate(&spec(), &settings, &BTreeSet::new()).into_iter().map(|p| p.key).collect();
        assert_eq!(keys, ["hots", "password", "port", "host"]);
    }

    #[test]
    fn a_problem_has_a_code_and_its_parameters_and_quotes_no_value() {
        let settings = Settings::from_iter([("port", "canary"), ("password", "canary")]);
        let problems = validate(&spec(), &settings, &BTreeSet::new());
        let port = problems.iter().find(|problem| problem.key == "port").unwrap();
        assert_eq!(port.said.code, "whole-number");
        assert_eq!(port.said.with["max"], "65535");
        assert!(!format!("{problems:?}").contains("canary"), "{problems:?}");
    }

    #[test]
    fn right_settings_pass() {
        let settings = Settings::from_iter([("port", "22"), ("host", "h")]);
        assert_eq!(validate(&spec(), &settings, &BTreeSet::from(["password".to_owned()])), []);
    }
}
