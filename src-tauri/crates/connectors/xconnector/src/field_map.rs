//! The field map: which fields come out of a JSON document, from where, and as what. Pure, so that a window can show what a
//! pasted sample becomes while somebody types.
//!
//! ```json
//! [
//!   {"target": "order", "pointer": "/data/order", "required": true},
//!   {"target": "vendor/name", "template": "{/data/vendor/name} ({country})", "default": "unknown"},
//!   {"target": "due", "pointer": "/data/due", "type": "date", "format": "%d.%m.%Y", "zone": "Europe/Berlin"},
//!   {"target": "total", "pointer": "/data/total", "type": "number", "decimal": ","},
//!   {"target": "tags", "pointer": "/data/tags", "type": "list", "separator": ";"},
//!   {"target": "channel", "constant": "purchasing"}
//! ]
//! ```

mod values;

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value};
use waybill_connector::Said;

use crate::{template::Template, words};

/// A row of the map, as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowDraft {
    #[serde(default)]
    target: String,
    pointer: Option<String>,
    constant: Option<Value>,
    template: Option<String>,
    #[serde(default, rename = "type")]
    kind: Kind,
    format: Option<String>,
    zone: Option<String>,
    decimal: Option<String>,
    separator: Option<String>,
    #[serde(default)]
    required: bool,
    default: Option<Value>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Text,
    Number,
    Date,
    List,
}

#[derive(Debug, Clone)]
enum Source {
    Pointer(String),
    Constant(Value),
    Template(Template),
}

#[derive(Debug, Clone)]
struct Row {
    /// Counted from one, as people count.
    number: usize,
    /// The names that lead to the target.
    target: Vec<String>,
    source: Source,
    form: Form,
    required: bool,
    default: Option<Value>,
}

/// What a value has to become.
#[derive(Debug, Clone)]
enum Form {
    Text,
    Number { decimal: char },
    Date { format: Option<String>, zone: TimeZone },
    List { separator: Option<String> },
}

/// A field map that can be used. Without rows it hands everything through.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldMap {
    rows: Vec<Row>,
}

/// What is wrong with one row, or with the map as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The row, counted from one; `None` where it is the whole.
    pub row: Option<usize>,
    /// The field that it would have filled.
    pub target: Option<String>,
    /// What is wrong.
    pub why: Said,
}

/// What a sample becomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The fields that could be filled.
    pub result: Value,
    /// What is wrong, row by row. Empty where the sample would pass.
    pub faults: Vec<RowFault>,
}

/// What becomes of `sample` under `map`, both as texts that somebody types: rows that cannot be used are named, the others
/// are tried. A blank sample tells of the map alone. No I/O; nothing is kept.
pub fn preview(map: &str, sample: &str) -> Preview {
    let (map, mut faults) = match FieldMap::read(map) {
        Ok(read) => read,
        Err(fault) => return Preview { result: Value::Null, faults: vec![fault] },
    };
    if sample.trim().is_empty() {
        return Preview { result: Value::Null, faults };
    }
    let result = match serde_json::from_str::<Value>(sample) {
        // A map of nothing but faults is not one that lets everything through.
        Ok(_) if map.is_empty() && !faults.is_empty() => Value::Null,
        Ok(sample) => {
            let (result, more) = map.apply(&sample);
            faults.extend(more);
            result
        }
        Err(error) => {
            faults.push(of_whole(words::SAMPLE_NO_JSON.with(&[("why", &error.to_string())])));
            Value::Null
        }
    };
    faults.sort_by_key(|fault| fault.row);
    Preview { result, faults }
}

/// What is wrong with the map or the sample as a whole.
fn of_whole(why: Said) -> RowFault {
    RowFault { row: None, target: None, why }
}

/// All faults in one sentence.
pub(crate) fn in_one_sentence(faults: &[RowFault]) -> String {
    faults.iter().map(|fault| fault.why.text.as_str()).collect::<Vec<_>>().join("; ")
}

impl FieldMap {
    /// Reads the map; an empty text is a map without rows.
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<RowFault>> {
        match Self::read(text) {
            Ok((map, faults)) if faults.is_empty() => Ok(map),
            Ok((_, faults)) => Err(faults),
            Err(fault) => Err(vec![fault]),
        }
    }

    /// The rows that can be used, and what is wrong with the others.
    fn read(text: &str) -> Result<(Self, Vec<RowFault>), RowFault> {
        if text.trim().is_empty() {
            return Ok(Default::default());
        }
        let rows: Value = serde_json::from_str(text)
            .map_err(|error| of_whole(words::MAP_NO_JSON.with(&[("why", &error.to_string())])))?;
        let Value::Array(rows) = rows else { return Err(of_whole(words::MAP_NO_LIST.said())) };
        let (mut read, mut faults) = (Vec::new(), Vec::new());
        let mut targets = BTreeSet::new();
        for (at, row) in rows.into_iter().enumerate() {
            match Row::read(at + 1, row, &mut targets) {
                Ok(row) => read.push(row),
                Err(fault) => faults.push(fault),
            }
        }
        Ok((Self { rows: read }, faults))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The fields that come out of `document`, and what is wrong with it.
    pub(crate) fn apply(&self, document: &Value) -> (Value, Vec<RowFault>) {
        if self.rows.is_empty() {
            return (document.clone(), Vec::new());
        }
        let (mut result, mut faults) = (Value::Object(Map::new()), Vec::new());
        for row in &self.rows {
            match row.value(document) {
                Ok(Some(value)) => put(&mut result, &row.target, value),
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        (result, faults)
    }
}

/// Puts a value where the names lead. No two rows meet, so nothing is overwritten.
fn put(result: &mut Value, names: &[String], value: Value) {
    let mut at = result;
    for name in names {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = &mut at[name.as_str()];
    }
    *at = value;
}

fn is_pointer(text: &str) -> bool {
    text.is_empty() || text.starts_with('/')
}

impl Row {
    fn read(number: usize, row: Value, targets: &mut BTreeSet<Vec<String>>) -> Result<Self, RowFault> {
        let fault = |target: &str, why: Said| RowFault {
            row: Some(number),
            target: (!target.is_empty()).then(|| target.to_owned()),
            why,
        };
        let place = number.to_string();
        let draft: RowDraft = serde_json::from_value(row)
            .map_err(|error| fault("", words::ROW_MALFORMED.with(&[("row", &place), ("why", &error.to_string())])))?;
        let named = draft.target.trim().trim_start_matches('/').to_owned();
        let target: Vec<String> = named.split('/').map(str::to_owned).collect();
        if target.iter().any(String::is_empty) {
            return Err(fault(&named, words::ROW_NO_TARGET.with(&[("row", &place)])));
        }
        let wrong = |phrase: waybill_connector::Phrase, more: &[(&str, &str)]| {
            let mut with = vec![("row", place.as_str()), ("target", named.as_str())];
            with.extend_from_slice(more);
            fault(&named, phrase.with(&with))
        };
        if targets.iter().any(|other| other.starts_with(&target) || target.starts_with(other)) {
            return Err(wrong(words::ROW_TARGET_TWICE, &[]));
        }
        targets.insert(target.clone());
        let source = match (draft.pointer, draft.constant, draft.template) {
            (Some(pointer), None, None) if is_pointer(&pointer) => Source::Pointer(pointer),
            (Some(pointer), None, None) => return Err(wrong(words::ROW_POINTER, &[("pointer", &pointer)])),
            (None, Some(constant), None) => Source::Constant(constant),
            (None, None, Some(template)) => Source::Template(
                Template::parse(&template).map_err(|why| wrong(words::ROW_TEMPLATE, &[("why", &why.0)]))?,
            ),
            _ => return Err(wrong(words::ROW_ONE_SOURCE, &[])),
        };
        let form = match draft.kind {
            Kind::Text => Form::Text,
            Kind::Number => Form::Number { decimal: if draft.decimal.as_deref() == Some(",") { ',' } else { '.' } },
            Kind::List => Form::List { separator: draft.separator.filter(|separator| !separator.is_empty()) },
            Kind::Date => {
                let zone = draft.zone.as_deref().map_or(Ok(TimeZone::UTC), TimeZone::get);
                let zone =
                    zone.map_err(|_| wrong(words::ROW_ZONE, &[("zone", draft.zone.as_deref().unwrap_or_default())]))?;
                if let Some(format) = draft.format.as_deref().filter(|format| !values::is_format(format)) {
                    return Err(wrong(words::ROW_FORMAT, &[("format", format)]));
                }
                Form::Date { format: draft.format, zone }
            }
        };
        Ok(Self { number, target, source, form, required: draft.required, default: draft.default })
    }

    /// What people call the target.
    fn name(&self) -> String {
        self.target.join("/")
    }

    fn fault(&self, phrase: waybill_connector::Phrase, place: &str) -> RowFault {
        let (number, name) = (self.number.to_string(), self.name());
        let why = phrase.with(&[("row", &number), ("target", &name), ("place", place)]);
        RowFault { row: Some(self.number), target: Some(name), why }
    }

    /// The value, or nothing where there is none and none is needed.
    fn value(&self, document: &Value) -> Result<Option<Value>, RowFault> {
        let (found, place) = match &self.source {
            Source::Pointer(pointer) => (document.pointer(pointer).cloned(), pointer.clone()),
            Source::Constant(constant) => (Some(constant.clone()), "the constant".to_owned()),
            Source::Template(template) => match template.fill_plainly(document) {
                Ok(text) => (Some(Value::String(text)), "the template".to_owned()),
                Err(pointer) => (None, pointer),
            },
        };
        let is_there = |value: &Value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty());
        let Some(found) = found.filter(is_there).or_else(|| self.default.clone()) else {
            return if self.required { Err(self.fault(words::ROW_MISSING, &place)) } else { Ok(None) };
        };
        let (made, phrase) = match &self.form {
            Form::Text => (values::text(&found), words::ROW_NO_TEXT),
            Form::Number { decimal } => (values::number(&found, *decimal), words::ROW_NO_NUMBER),
            Form::Date { format, zone } => (values::date(&found, format.as_deref(), zone), words::ROW_NO_DATE),
            Form::List { separator } => (values::list(&found, separator.as_deref()), words::ROW_NO_LIST),
        };
        made.map(Some).ok_or_else(|| self.fault(phrase, &place))
    }
}

#[cfg(test)]
mod tests;
