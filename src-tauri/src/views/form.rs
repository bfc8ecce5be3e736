//! Metadata in forms.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Attribute, AttributeForm, AttributeKind, AttributeValue, ExpectedForm, FilledForm, FormOfEntry};

/// A form as the remote defines it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FormView {
    id: String,
    name: String,
    attributes: Vec<AttributeView>,
}

/// One field of a form.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttributeView {
    key: String,
    name: String,
    kind: AttributeKindView,
    required: bool,
    read_only: bool,
    /// How many values, or rows, it may have.
    most: u32,
}

/// What a field holds; every value travels as text.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub(crate) enum AttributeKindView {
    Text { longest: Option<u32>, lines: bool },
    Integer,
    Decimal,
    Flag,
    Date,
    Moment,
    Choice { values: Vec<String> },
    Person,
    Set { attributes: Vec<AttributeView> },
}

/// The value of a field.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub(crate) enum AttributeValueView {
    One { value: String },
    Many { values: Vec<String> },
    Rows { rows: Vec<Vec<NamedValueView>> },
}

/// A value with the key of its field.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NamedValueView {
    key: String,
    value: AttributeValueView,
}

/// A form on an entry, filled in.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FormOfEntryView {
    form: FormView,
    values: Vec<NamedValueView>,
}

/// A form that whatever is put into a folder carries.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpectedFormView {
    form: FormView,
    /// What comes with the folder.
    given: Vec<NamedValueView>,
    /// Whether it requires a value that does not come with the folder.
    lacks: bool,
}

/// Values to be written; a field that is not named keeps what it has.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilledFormDraft {
    form: String,
    values: Vec<NamedValueView>,
}

/// A form that a send gives to its files, by the keys of the remote.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GivenFormView {
    form: String,
    values: Vec<NamedValueView>,
}

impl From<FilledForm> for GivenFormView {
    fn from(filled: FilledForm) -> Self {
        Self { form: filled.form, values: named(filled.values) }
    }
}

impl From<AttributeForm> for FormView {
    fn from(form: AttributeForm) -> Self {
        Self { id: form.id, name: form.name, attributes: form.attributes.into_iter().map(Into::into).collect() }
    }
}

impl From<Attribute> for AttributeView {
    fn from(one: Attribute) -> Self {
        let Attribute { key, name, kind, required, read_only, most } = one;
        Self { key, name, kind: kind.into(), required, read_only, most }
    }
}

impl From<AttributeKind> for AttributeKindView {
    fn from(kind: AttributeKind) -> Self {
        match kind {
            AttributeKind::Text { longest, lines } => Self::Text { longest, lines },
            AttributeKind::Integer => Self::Integer,
            AttributeKind::Decimal => Self::Decimal,
            AttributeKind::Flag => Self::Flag,
            AttributeKind::Date => Self::Date,
            AttributeKind::Moment => Self::Moment,
            AttributeKind::Choice { values } => Self::Choice { values },
            AttributeKind::Person => Self::Person,
            AttributeKind::Set { attributes } => {
                Self::Set { attributes: attributes.into_iter().map(Into::into).collect() }
            }
        }
    }
}

impl From<AttributeValue> for AttributeValueView {
    fn from(value: AttributeValue) -> Self {
        match value {
            AttributeValue::One(value) => Self::One { value },
            AttributeValue::Many(values) => Self::Many { values },
            AttributeValue::Rows(rows) => Self::Rows { rows: rows.into_iter().map(named).collect() },
        }
    }
}

impl From<AttributeValueView> for AttributeValue {
    fn from(value: AttributeValueView) -> Self {
        match value {
            AttributeValueView::One { value } => Self::One(value),
            AttributeValueView::Many { values } => Self::Many(values),
            AttributeValueView::Rows { rows } => Self::Rows(rows.into_iter().map(by_key).collect()),
        }
    }
}

fn named(values: BTreeMap<String, AttributeValue>) -> Vec<NamedValueView> {
    values.into_iter().map(|(key, value)| NamedValueView { key, value: value.into() }).collect()
}

fn by_key(values: Vec<NamedValueView>) -> BTreeMap<String, AttributeValue> {
    values.into_iter().map(|one| (one.key, one.value.into())).collect()
}

impl From<FormOfEntry> for FormOfEntryView {
    fn from(one: FormOfEntry) -> Self {
        Self { form: one.form.into(), values: named(one.filled.values) }
    }
}

impl From<ExpectedForm> for ExpectedFormView {
    fn from(one: ExpectedForm) -> Self {
        Self { form: one.form.into(), given: named(one.given.values), lacks: one.lacks }
    }
}

impl From<FilledFormDraft> for FilledForm {
    fn from(draft: FilledFormDraft) -> Self {
        Self { form: draft.form, values: by_key(draft.values) }
    }
}
