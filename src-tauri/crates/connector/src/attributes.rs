//! Metadata that a vendor gives a form: fields of a kind, some required, some from a list, some in rows.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use waybill_model::{FilledForm, RemotePath};

use crate::Result;

mod checked;

pub use checked::{Due, WRONG_FIELD, WhyWrong, WrongField, checked_form, wrong_fields};

/// A form as the remote defines it: a category, or the custom fields of a library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeForm {
    /// The remote's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// In the order of the form.
    pub attributes: Vec<Attribute>,
}

/// One field of a form. Two may have one name; the key tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// What the values are kept by.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it holds.
    pub kind: AttributeKind,
    /// Whether a form without it is refused.
    pub required: bool,
    /// Whether it is shown and never written.
    pub read_only: bool,
    /// How many values it may have: one, or up to this many.
    pub most: u32,
}

/// What a field holds. Every value travels as text; the kind says how it is spelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub enum AttributeKind {
    /// Text.
    Text {
        /// Most characters; as many as there are where `None`.
        longest: Option<u32>,
        /// Whether it may have several lines.
        lines: bool,
    },
    /// A whole number, in digits.
    Integer,
    /// A number with a point.
    Decimal,
    /// `true` or `false`.
    Flag,
    /// A day, as `2026-01-31`.
    Date,
    /// A moment, as `2026-01-31T08:15:00Z`.
    Moment,
    /// One of a list.
    Choice {
        /// All that may be taken.
        values: Vec<String>,
    },
    /// A person or group, as the remote names people.
    Person,
    /// Several fields that belong together; with `most` above one they are rows.
    Set {
        /// In their order.
        attributes: Vec<Attribute>,
    },
}

/// Metadata in forms.
#[async_trait]
pub trait Attributes: Send + Sync {
    /// Every form that an entry of this connection may carry.
    async fn forms(&self) -> Result<Vec<AttributeForm>>;

    /// One form; `NotFound` where there is none.
    async fn form(&self, id: &str) -> Result<AttributeForm>;

    /// The forms that the entry carries, with their values.
    async fn filled(&self, path: &RemotePath) -> Result<Vec<FilledForm>>;

    /// The forms that whatever is put into `folder` carries, with the values that it gets there by itself. What a form
    /// requires beyond them has to be given with the file. A folder that is not there yet would be made like the one above
    /// it, so that one answers.
    async fn expected(&self, folder: &RemotePath) -> Result<Vec<FilledForm>>;

    /// Writes the values and puts the form on the entry where it is not there yet. Everything is checked before the first
    /// byte goes: `Invalid` names each field that is wrong, and nothing is changed. `Changed` where somebody else wrote
    /// between.
    async fn fill(&self, path: &RemotePath, form: &FilledForm) -> Result<()>;

    /// Takes the form off the entry, with its values. Succeeds where it is not there. `Unsupported` where every entry
    /// carries it.
    async fn take_off(&self, path: &RemotePath, form: &str) -> Result<()>;
}
