//! Metadata in forms, filled in: what a file is given when it is sent, and what an entry carries.
//!
//! Persisted with a run. How a remote defines its forms is the connectors' matter.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    /// One value.
    One(String),
    /// Several values, in order.
    Many(Vec<String>),
    /// The rows of a set, each by the keys of its fields.
    Rows(Vec<BTreeMap<String, AttributeValue>>),
}

impl AttributeValue {
    /// Whether it empties its field.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::One(text) => text.is_empty(),
            Self::Many(texts) => texts.is_empty(),
            Self::Rows(rows) => rows.is_empty(),
        }
    }
}

/// A form filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FilledForm {
    /// Which form, by the remote's id.
    pub form: String,
    /// The values by key. A field that is not named keeps what it has; an empty text or list empties it.
    pub values: BTreeMap<String, AttributeValue>,
}
