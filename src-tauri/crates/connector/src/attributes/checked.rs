//! A filled form against its definition, before the first byte goes: every field that is wrong is named, not the first alone.
//!
//! Pure: it asks nobody. What a remote checks beside (whether a person exists) it still says itself.

use std::{collections::BTreeMap, fmt};

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use waybill_model::{AttributeValue, FailureKind, FilledForm};

use super::{Attribute, AttributeForm, AttributeKind};
use crate::{ConnectorError, Result};

/// The fact of an `Invalid` form that names a wrong field by its key; one for each.
pub const WRONG_FIELD: &str = "field";

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongField {
    /// Its key; with those of the set that it stands in, joined by `/`.
    pub key: String,
    /// What people call it; empty for a key that the form does not have.
    pub name: String,
    /// In which row of its set, counted from one.
    pub row: Option<usize>,
    /// Why.
    pub why: WhyWrong,
}

/// Why a field is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum WhyWrong {
    /// It is required and has no value.
    Missing,
    /// The form has no such key.
    Unknown,
    /// No key, but the name of one field or of several, which have these keys.
    Name {
        /// The keys, in the order of the form.
        keys: Vec<String>,
    },
    /// It is shown and never written.
    ReadOnly,
    /// It has more values or rows than it may.
    TooMany {
        /// How many it may have.
        most: u32,
    },
    /// It has more characters than it may.
    TooLong {
        /// How many it may have.
        longest: u32,
    },
    /// It has line breaks, and is a single line.
    Lines,
    /// It is none of the list.
    NotInList {
        /// The list.
        values: Vec<String>,
    },
    /// It is not spelled as its kind is.
    Spelling {
        /// What was due.
        due: Due,
    },
    /// One of several values is empty.
    Blank,
}

/// What a field's kind asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// Digits.
    Integer,
    /// Digits with a point.
    Decimal,
    /// `true` or `false`.
    Flag,
    /// `2026-01-31`.
    Date,
    /// `2026-01-31T08:15:00Z`.
    Moment,
    /// Rows of a set.
    Rows,
    /// A value, and no rows.
    Value,
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Integer => "a whole number, such as 42",
            Self::Decimal => "a number, such as 12.50",
            Self::Flag => "true or false",
            Self::Date => "a day, such as 2026-01-31",
            Self::Moment => "a moment, such as 2026-01-31T08:15:00Z",
            Self::Rows => "rows of fields",
            Self::Value => "a value and no rows",
        })
    }
}

impl fmt::Display for WhyWrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Values of a list that a sentence can bear.
        const SHOWN: usize = 8;
        match self {
            Self::Missing => f.write_str("is required"),
            Self::Unknown => f.write_str("is no field of this form"),
            Self::Name { keys } if keys.len() == 1 => write!(f, "is a name and no key; its key is {}", keys[0]),
            Self::Name { keys } => {
                write!(f, "is the name of {} fields; say which by its key: {}", keys.len(), keys.join(", "))
            }
            Self::ReadOnly => f.write_str("is shown only and cannot be set"),
            Self::TooMany { most: 1 } => f.write_str("takes a single value"),
            Self::TooMany { most } => write!(f, "takes at most {most} values"),
            Self::TooLong { longest } => write!(f, "takes at most {longest} characters"),
            Self::Lines => f.write_str("takes a single line"),
            Self::NotInList { values } if values.len() <= SHOWN => write!(f, "has to be one of {}", values.join(", ")),
            Self::NotInList { values } => {
                write!(f, "has to be one of {} and {} more", values[..SHOWN].join(", "), values.len() - SHOWN)
            }
            Self::Spelling { due } => write!(f, "has to be {due}"),
            Self::Blank => f.write_str("has an empty value among others"),
        }
    }
}

impl fmt::Display for WrongField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.name.is_empty() { &self.key } else { &self.name })?;
        if let Some(row) = self.row {
            write!(f, " in row {row}")?;
        }
        write!(f, " {}", self.why)
    }
}

/// Every field of `filled` that is wrong, in the order of the form, keys that it does not have last.
///
/// `held` is what the entry carries already, where it carries the form: a required field that is not named keeps what it has,
/// and a field that cannot be written may be named with the value that it has. Rows replace all rows: each is whole.
pub fn wrong_fields(form: &AttributeForm, filled: &FilledForm, held: Option<&FilledForm>) -> Vec<WrongField> {
    let mut check = Check { above: String::new(), row: None, wrong: Vec::new() };
    check.fields(&form.attributes, &filled.values, held.map(|form| &form.values));
    check.wrong
}

/// Fails with `Invalid` where a field is wrong: the sentence names each, and so do the facts [`WRONG_FIELD`].
pub fn checked_form(
    operation: &'static str,
    form: &AttributeForm,
    filled: &FilledForm,
    held: Option<&FilledForm>,
) -> Result<()> {
    let wrong = wrong_fields(form, filled, held);
    if wrong.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    let why = format!("{} is not filled in rightly: {}", form.name, all.join("; "));
    let error = ConnectorError::new(FailureKind::Invalid, operation, why);
    Err(wrong.into_iter().fold(error, |error, field| error.with(WRONG_FIELD, field.key)))
}

type Values = BTreeMap<String, AttributeValue>;

struct Check {
    above: String,
    row: Option<usize>,
    wrong: Vec<WrongField>,
}

impl Check {
    fn push(&mut self, key: &str, name: &str, why: WhyWrong) {
        let key = format!("{}{key}", self.above);
        self.wrong.push(WrongField { key, name: name.to_owned(), row: self.row, why });
    }

    fn fields(&mut self, attributes: &[Attribute], values: &Values, held: Option<&Values>) {
        for attribute in attributes {
            let has = |values: &Values| values.get(&attribute.key).is_some_and(|value| !value.is_empty());
            match values.get(&attribute.key) {
                given if attribute.read_only => self.unchanged(attribute, given, held),
                None if attribute.required && !held.is_some_and(has) => {
                    self.push(&attribute.key, &attribute.name, WhyWrong::Missing);
                }
                Some(value) if attribute.required && value.is_empty() => {
                    self.push(&attribute.key, &attribute.name, WhyWrong::Missing);
                }
                Some(value) if !value.is_empty() => self.value(attribute, value),
                _ => {}
            }
        }
        for key in values.keys().filter(|key| attributes.iter().all(|attribute| attribute.key != **key)) {
            let named = attributes.iter().filter(|attribute| attribute.name == *key);
            let keys: Vec<String> = named.map(|attribute| attribute.key.clone()).collect();
            self.push(key, "", if keys.is_empty() { WhyWrong::Unknown } else { WhyWrong::Name { keys } });
        }
    }

    /// A field that cannot be written has what it has.
    fn unchanged(&mut self, attribute: &Attribute, given: Option<&AttributeValue>, held: Option<&Values>) {
        if given.is_some() && held.and_then(|held| held.get(&attribute.key)) != given {
            self.push(&attribute.key, &attribute.name, WhyWrong::ReadOnly);
        }
    }

    fn value(&mut self, attribute: &Attribute, value: &AttributeValue) {
        let (key, name) = (attribute.key.as_str(), attribute.name.as_str());
        let count = match value {
            AttributeValue::One(_) => 1,
            AttributeValue::Many(texts) => texts.len(),
            AttributeValue::Rows(rows) => rows.len(),
        };
        if count > usize::try_from(attribute.most).unwrap_or(usize::MAX) {
            self.push(key, name, WhyWrong::TooMany { most: attribute.most });
        }
        match (&attribute.kind, value) {
            (AttributeKind::Set { attributes }, AttributeValue::Rows(rows)) => {
                let outside = (std::mem::take(&mut self.above), self.row);
                self.above = format!("{}{key}/", outside.0);
                for (at, row) in rows.iter().enumerate() {
                    self.row = Some(at + 1);
                    self.fields(attributes, row, None);
                }
                (self.above, self.row) = outside;
            }
            (AttributeKind::Set { .. }, _) => self.push(key, name, WhyWrong::Spelling { due: Due::Rows }),
            (_, AttributeValue::Rows(_)) => self.push(key, name, WhyWrong::Spelling { due: Due::Value }),
            (kind, AttributeValue::One(text)) => self.text(key, name, kind, text),
            (kind, AttributeValue::Many(texts)) => {
                if texts.iter().any(String::is_empty) {
                    self.push(key, name, WhyWrong::Blank);
                }
                texts.iter().filter(|text| !text.is_empty()).for_each(|text| self.text(key, name, kind, text));
            }
        }
    }

    fn text(&mut self, key: &str, name: &str, kind: &AttributeKind, text: &str) {
        if let Some(why) = wrong_text(kind, text) {
            self.push(key, name, why);
        }
    }
}

fn wrong_text(kind: &AttributeKind, text: &str) -> Option<WhyWrong> {
    let spelled = |right: bool, due| (!right).then_some(WhyWrong::Spelling { due });
    match kind {
        AttributeKind::Text { longest, lines } => match longest {
            Some(longest) if text.chars().count() > usize::try_from(*longest).unwrap_or(usize::MAX) => {
                Some(WhyWrong::TooLong { longest: *longest })
            }
            _ => (!lines && text.contains(['\n', '\r'])).then_some(WhyWrong::Lines),
        },
        AttributeKind::Integer => spelled(text.parse::<i64>().is_ok() && !text.starts_with('+'), Due::Integer),
        AttributeKind::Decimal => spelled(is_decimal(text), Due::Decimal),
        AttributeKind::Flag => spelled(matches!(text, "true" | "false"), Due::Flag),
        AttributeKind::Date => spelled(text.len() == 10 && text.parse::<Date>().is_ok(), Due::Date),
        AttributeKind::Moment => spelled(text.parse::<Timestamp>().is_ok(), Due::Moment),
        AttributeKind::Choice { values } => {
            (!values.iter().any(|value| value == text)).then(|| WhyWrong::NotInList { values: values.clone() })
        }
        AttributeKind::Person | AttributeKind::Set { .. } => None,
    }
}

/// Digits, a minus before them, a point among them: no exponent, no comma, no blank.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
