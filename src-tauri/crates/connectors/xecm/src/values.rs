//! Values of categories, from the desk's texts to the server's three spellings and back.
//!
//! | where | how |
//! |---|---|
//! | a new document, a version | flat: `{"5001_2": "x", "5001_5_1_6": "row 1"}`, `{"5001_1": {}}` for the category alone |
//! | a new workspace | nested: `{"5001": {"5001_2": "x"}}` |
//! | a category that is there | flat, with the token under `5001_1`, `""` for a row that goes |

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use waybill_connector::{Attribute, AttributeForm, AttributeKind, ConnectorError, Result, WRONG_FIELD, checked_form};
use waybill_model::{AttributeValue, FailureKind, FilledForm};

use crate::{
    connector::XecmConnector,
    wire::{flag, text, time},
};

/// A row of a set.
type Row = BTreeMap<String, AttributeValue>;

/// A filled form that may be sent.
#[derive(Debug, Clone)]
pub(crate) struct CheckedForm {
    pub(crate) form: AttributeForm,
    pub(crate) filled: FilledForm,
    /// The ids of the people that it names.
    people: HashMap<String, String>,
}

impl XecmConnector {
    /// Checks forms against their definitions and what is there. One error names all that is wrong in all of them.
    pub(crate) async fn checked_forms(
        &self,
        operation: &'static str,
        forms: &[FilledForm],
        held: &[FilledForm],
    ) -> Result<Vec<CheckedForm>> {
        let (mut checked, mut wrong) = (Vec::with_capacity(forms.len()), None::<ConnectorError>);
        for filled in forms {
            let form = self.definition(operation, &filled.form).await?;
            let held = held.iter().find(|held| held.form == filled.form);
            match self.checked(operation, form, filled, held).await {
                Ok(form) => checked.push(form),
                Err(error) if error.kind == FailureKind::Invalid => {
                    wrong = Some(match wrong {
                        Some(mut all) => {
                            all.message = format!("{}. {}", all.message, error.message);
                            all.context.extend(error.context);
                            all
                        }
                        None => error,
                    });
                }
                Err(error) => return Err(error),
            }
        }
        wrong.map_or(Ok(checked), Err)
    }

    /// Checks a form against its definition and what is there, and finds the people that it names.
    pub(crate) async fn checked(
        &self,
        operation: &'static str,
        form: AttributeForm,
        filled: &FilledForm,
        held: Option<&FilledForm>,
    ) -> Result<CheckedForm> {
        checked_form(operation, &form, filled, held)?;
        let mut people = HashMap::new();
        for (key, name) in named_people(&form.attributes, &filled.values) {
            if people.contains_key(&name) {
                continue;
            }
            let Some(member) = self.member_called(operation, &name).await? else {
                let why = format!(
                    "{} is not filled in rightly: {key} names {name}, whom the server does not know",
                    form.name
                );
                return Err(ConnectorError::new(FailureKind::Invalid, operation, why).with(WRONG_FIELD, key));
            };
            people.insert(name, member.id.to_string());
        }
        Ok(CheckedForm { form, filled: filled.clone(), people })
    }

    /// A category's values as the desk writes them.
    pub(crate) async fn values_of(
        &self,
        operation: &'static str,
        form: &AttributeForm,
        data: &Map<String, Value>,
    ) -> Result<FilledForm> {
        let mut values = BTreeMap::new();
        for attribute in &form.attributes {
            let value = match &attribute.kind {
                AttributeKind::Set { attributes } => {
                    let mut rows = Vec::new();
                    for row in 1..=rows_in(data, &attribute.key) {
                        let mut cells = BTreeMap::new();
                        for field in attributes {
                            let value = data.get(&cell(&field.key, row)).unwrap_or(&Value::Null);
                            if let Some(value) = self.value_of(operation, &field.kind, value).await? {
                                cells.insert(field.key.clone(), value);
                            }
                        }
                        rows.push(cells);
                    }
                    // A set has a row where nobody filled one in.
                    while rows.last().is_some_and(BTreeMap::is_empty) {
                        rows.pop();
                    }
                    (!rows.is_empty()).then_some(AttributeValue::Rows(rows))
                }
                kind => self.value_of(operation, kind, data.get(&attribute.key).unwrap_or(&Value::Null)).await?,
            };
            values.extend(value.map(|value| (attribute.key.clone(), value)));
        }
        Ok(FilledForm { form: form.id.clone(), values })
    }

    /// The same from a form, where the rows of a set are a list.
    pub(crate) async fn values_of_form(
        &self,
        operation: &'static str,
        form: &AttributeForm,
        data: &Value,
    ) -> Result<FilledForm> {
        let mut flat = data.as_object().cloned().unwrap_or_default();
        for set in form.attributes.iter().filter(|one| matches!(one.kind, AttributeKind::Set { .. })) {
            let rows = match flat.remove(&set.key) {
                Some(Value::Array(rows)) => rows,
                one => one.into_iter().collect(),
            };
            for (at, row) in rows.iter().enumerate() {
                let cells = row.as_object().into_iter().flatten();
                flat.extend(cells.map(|(key, value)| (cell(key, at + 1), value.clone())));
            }
        }
        self.values_of(operation, form, &flat).await
    }

    async fn value_of(
        &self,
        operation: &'static str,
        kind: &AttributeKind,
        value: &Value,
    ) -> Result<Option<AttributeValue>> {
        let Value::Array(values) = value else {
            return Ok(self.text_of(operation, kind, value).await?.map(AttributeValue::One));
        };
        let mut texts = Vec::with_capacity(values.len());
        for value in values {
            texts.extend(self.text_of(operation, kind, value).await?);
        }
        Ok((!texts.is_empty()).then_some(AttributeValue::Many(texts)))
    }

    async fn text_of(&self, operation: &'static str, kind: &AttributeKind, value: &Value) -> Result<Option<String>> {
        Ok(match kind {
            AttributeKind::Date => text(value).map(|text| text.chars().take(10).collect()),
            AttributeKind::Moment => time(value).map(waybill_model::Millis::to_rfc3339),
            AttributeKind::Flag => (!value.is_null()).then(|| flag(value).to_string()),
            AttributeKind::Person => match crate::wire::int(value) {
                Some(id) => Some(self.name_of_member(operation, id).await?),
                None => text(value),
            },
            _ => text(value),
        })
    }
}

/// The key of a cell of a row: `5001_5_x_6` is `5001_5_2_6` in the second.
fn cell(key: &str, row: usize) -> String {
    key.replacen("_x_", &format!("_{row}_"), 1)
}

/// How many rows a set has among the values.
pub(crate) fn rows_in(data: &Map<String, Value>, key: &str) -> usize {
    let start = format!("{key}_");
    data.keys().filter_map(|key| key.strip_prefix(&start)?.split('_').next()?.parse().ok()).max().unwrap_or(0)
}

fn texts(value: &AttributeValue) -> Vec<&str> {
    match value {
        AttributeValue::One(text) => vec![text.as_str()],
        AttributeValue::Many(texts) => texts.iter().map(String::as_str).collect(),
        AttributeValue::Rows(_) => Vec::new(),
    }
}

fn named_people(attributes: &[Attribute], values: &BTreeMap<String, AttributeValue>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for attribute in attributes {
        let Some(value) = values.get(&attribute.key) else { continue };
        match (&attribute.kind, value) {
            (AttributeKind::Person, value) => {
                let names = texts(value).into_iter().filter(|name| !name.is_empty());
                found.extend(names.map(|name| (attribute.key.clone(), name.to_owned())));
            }
            (AttributeKind::Set { attributes }, AttributeValue::Rows(rows)) => {
                found.extend(rows.iter().flat_map(|row| named_people(attributes, row)));
            }
            _ => {}
        }
    }
    found
}

impl CheckedForm {
    /// The values by the server's keys. `rows` is how many rows each set has now: those that are too many go.
    pub(crate) fn flat(&self, rows: &BTreeMap<String, usize>) -> Map<String, Value> {
        let mut flat = Map::new();
        for attribute in self.form.attributes.iter().filter(|attribute| !attribute.read_only) {
            let Some(value) = self.filled.values.get(&attribute.key) else { continue };
            match (&attribute.kind, value) {
                (AttributeKind::Set { attributes }, AttributeValue::Rows(given)) => {
                    self.rows(&mut flat, attribute, attributes, given, rows.get(&attribute.key).copied().unwrap_or(0));
                }
                (kind, value) => {
                    flat.insert(attribute.key.clone(), self.wire_value(kind, attribute.most, value));
                }
            }
        }
        flat
    }

    fn rows(
        &self,
        flat: &mut Map<String, Value>,
        set: &Attribute,
        fields: &[Attribute],
        given: &[BTreeMap<String, AttributeValue>],
        there: usize,
    ) {
        let none = BTreeMap::new();
        // The first row of a set cannot go; it is emptied.
        for row in 1..=given.len().max(1) {
            let cells = given.get(row - 1).unwrap_or(&none);
            for field in fields.iter().filter(|field| !field.read_only) {
                let value = cells.get(&field.key).map(|value| self.wire_value(&field.kind, field.most, value));
                flat.insert(cell(&field.key, row), value.unwrap_or(Value::Null));
            }
        }
        for row in given.len().max(1) + 1..=there {
            flat.insert(format!("{}_{row}", set.key), json!(""));
        }
    }

    fn wire_value(&self, kind: &AttributeKind, most: u32, value: &AttributeValue) -> Value {
        let one = |text: &str| self.wire_text(kind, text);
        match value {
            AttributeValue::One(text) if most == 1 => one(text),
            AttributeValue::Many(texts) if most == 1 => texts.first().map_or(Value::Null, |text| one(text)),
            value => texts(value).into_iter().filter(|text| !text.is_empty()).map(one).collect(),
        }
    }

    fn wire_text(&self, kind: &AttributeKind, text: &str) -> Value {
        if text.is_empty() {
            // A number takes no empty text; nothing is empty everywhere.
            return Value::Null;
        }
        match kind {
            AttributeKind::Integer => text.parse::<i64>().map_or_else(|_| json!(text), Value::from),
            AttributeKind::Flag => json!(text == "true"),
            // Inferred: moments are kept without a zone; UTC is sent and expected.
            AttributeKind::Moment => text
                .parse::<Timestamp>()
                .map_or_else(|_| json!(text), |at| json!(at.strftime("%Y-%m-%dT%H:%M:%S").to_string())),
            AttributeKind::Person => json!(self.people.get(text).map_or(text, String::as_str)),
            _ => json!(text),
        }
    }

    /// The fields whose values on the server are not those that were sent.
    pub(crate) fn differing(&self, now: Option<&FilledForm>) -> Vec<String> {
        let none = BTreeMap::new();
        let values = now.map_or(&none, |form| &form.values);
        let mut wrong = Vec::new();
        for attribute in self.form.attributes.iter().filter(|attribute| !attribute.read_only) {
            let Some(meant) = self.filled.values.get(&attribute.key) else { continue };
            if !self.same(&attribute.kind, meant, values.get(&attribute.key)) {
                wrong.push(attribute.name.clone());
            }
        }
        if now.is_none() && wrong.is_empty() {
            wrong.push(self.form.name.clone());
        }
        wrong
    }

    fn same(&self, kind: &AttributeKind, meant: &AttributeValue, found: Option<&AttributeValue>) -> bool {
        if let (AttributeKind::Set { attributes }, AttributeValue::Rows(meant)) = (kind, meant) {
            let found = match found {
                Some(AttributeValue::Rows(rows)) => rows.as_slice(),
                _ => &[],
            };
            let meant: Vec<_> = meant.iter().filter(|row| row.values().any(|value| !value.is_empty())).collect();
            let row_same = |(meant, found): (&&Row, &Row)| {
                meant.iter().all(|(key, value)| {
                    let field = attributes.iter().find(|field| field.key == **key);
                    field.is_some_and(|field| field.read_only || self.same(&field.kind, value, found.get(key)))
                })
            };
            return meant.len() == found.len() && meant.iter().zip(found).all(row_same);
        }
        let filled = |value: &AttributeValue| -> Vec<String> {
            texts(value).into_iter().filter(|text| !text.is_empty()).map(|text| self.plain(kind, text)).collect()
        };
        let found = found.map(filled).unwrap_or_default();
        let meant = filled(meant);
        // A flag that is empty is a flag that is off.
        meant == found || (matches!(kind, AttributeKind::Flag) && meant.is_empty() && found == ["false"])
    }

    /// A text in the one spelling in which equal values are equal.
    fn plain(&self, kind: &AttributeKind, text: &str) -> String {
        match kind {
            AttributeKind::Integer => text.parse::<i64>().map_or_else(|_| text.to_owned(), |number| number.to_string()),
            AttributeKind::Decimal => text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string()),
            AttributeKind::Moment => text
                .parse::<Timestamp>()
                .map_or_else(|_| text.to_owned(), |at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
            AttributeKind::Person => self.people.get(text).cloned().unwrap_or_else(|| {
                let by_name = self.people.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
                by_name.map_or_else(|| text.to_owned(), |(_, id)| id.clone())
            }),
            _ => text.trim().replace("\r\n", "\n"),
        }
    }
}

/// What a new document carries.
pub(crate) fn flat_roles(forms: &[CheckedForm]) -> Option<Value> {
    let mut flat = Map::new();
    for form in forms {
        let values = form.flat(&BTreeMap::new());
        if values.is_empty() {
            flat.insert(format!("{}_1", form.form.id), json!({}));
        }
        flat.extend(values);
    }
    (!flat.is_empty()).then(|| json!({ "categories": flat }))
}

/// What a new workspace carries.
pub(crate) fn nested_roles(forms: &[CheckedForm]) -> Option<Value> {
    let nested: Map<String, Value> =
        forms.iter().map(|form| (form.form.id.clone(), Value::Object(form.flat(&BTreeMap::new())))).collect();
    (!nested.is_empty()).then(|| json!({ "categories": nested }))
}
