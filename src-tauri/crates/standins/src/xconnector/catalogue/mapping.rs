//! What a catalogue knows of the fields of an index: what was said, and what its documents show.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::refusal::Refusal;

/// A field as queries and sorts name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// `text`, `keyword`, `long`, …
    pub(super) kind: String,
    /// Where its value stands in a document: a field of several forms (`a.keyword`) has that of the outer one.
    pub(super) place: String,
}

/// All fields by name.
pub(super) type Fields = BTreeMap<String, Field>;

/// The mapping that a document shows where nobody said another.
// Inferred: the rules of dynamic mapping as the engine's own documents tell them, without templates.
pub(super) fn shown_by(source: &Value) -> Map<String, Value> {
    let Some(fields) = source.as_object() else { return Map::new() };
    fields.iter().filter_map(|(name, value)| Some((name.clone(), shape(value)?))).collect()
}

fn shape(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(number) if number.is_f64() => json!({ "type": "float" }),
        Value::Number(_) => json!({ "type": "long" }),
        Value::String(text) if is_date(text) => json!({ "type": "date" }),
        Value::String(_) => {
            json!({ "type": "text", "fields": { "keyword": { "type": "keyword", "ignore_above": 256 } } })
        }
        Value::Array(values) => return values.iter().find_map(shape),
        Value::Object(_) => json!({ "properties": shown_by(value) }),
    })
}

fn is_date(text: &str) -> bool {
    let is_day = text.len() >= 10 && text.as_bytes()[4] == b'-' && text.parse::<jiff::civil::Date>().is_ok();
    is_day || text.parse::<jiff::Timestamp>().is_ok()
}

/// Adds what was learnt to what is known; what is known stays.
pub(super) fn learn(known: &mut Map<String, Value>, new: Map<String, Value>) {
    for (name, shape) in new {
        match known.get_mut(&name) {
            None => {
                known.insert(name, shape);
            }
            Some(there) => {
                let inner = shape.get("properties").and_then(Value::as_object).cloned();
                if let (Some(there), Some(inner)) = (there.get_mut("properties").and_then(Value::as_object_mut), inner)
                {
                    learn(there, inner);
                }
            }
        }
    }
}

/// Adds what somebody says of the fields; a field keeps its kind.
pub(super) fn declare(known: &mut Map<String, Value>, new: &Map<String, Value>) -> Result<(), Refusal> {
    let kind = |shape: &Value| {
        let usual = if shape.get("properties").is_some() { "object" } else { "" };
        shape["type"].as_str().unwrap_or(usual).to_owned()
    };
    for (name, shape) in new {
        if !shape.is_object() || kind(shape).is_empty() {
            let reason = format!("No type specified for field [{name}]");
            return Err(Refusal::bad("mapper_parsing_exception", reason));
        }
        let Some(there) = known.get_mut(name) else {
            known.insert(name.clone(), shape.clone());
            continue;
        };
        if kind(there) != kind(shape) {
            let (is, asked) = (kind(there), kind(shape));
            let reason = format!("mapper [{name}] cannot be changed from type [{is}] to [{asked}]");
            return Err(Refusal::argument(reason));
        }
        for (part, value) in shape.as_object().into_iter().flatten() {
            match (there.get_mut(part).and_then(Value::as_object_mut), value.as_object()) {
                (Some(there), Some(value)) if part == "properties" || part == "fields" => declare(there, value)?,
                _ => there[part] = value.clone(),
            }
        }
    }
    Ok(())
}

/// The fields of a mapping.
pub(super) fn fields(properties: &Map<String, Value>) -> Fields {
    let mut all = Fields::new();
    collect(properties, "", &mut all);
    all
}

fn collect(properties: &Map<String, Value>, prefix: &str, all: &mut Fields) {
    for (name, shape) in properties {
        let place = format!("{prefix}{name}");
        if let Some(inner) = shape.get("properties").and_then(Value::as_object) {
            collect(inner, &format!("{place}."), all);
            continue;
        }
        for (form, shape) in shape.get("fields").and_then(Value::as_object).into_iter().flatten() {
            let kind = shape["type"].as_str().unwrap_or_default().to_owned();
            all.insert(format!("{place}.{form}"), Field { kind, place: place.clone() });
        }
        let kind = shape["type"].as_str().unwrap_or_default().to_owned();
        all.insert(place.clone(), Field { kind, place });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_shows_what_its_fields_are() {
        let shown = shown_by(&json!({
            "name": "Räumung", "size": 5, "price": 1.5, "held": true, "at": "2026-03-01T08:30:00Z", "tags": [null, "a"],
            "vendor": { "day": "2026-03-01" }, "nothing": null, "year": "2026",
        }));
        let fields = fields(&shown);
        let kinds: Vec<_> = fields.iter().map(|(name, field)| (name.as_str(), field.kind.as_str())).collect();
        assert_eq!(
            kinds,
            [
                ("at", "date"),
                ("held", "boolean"),
                ("name", "text"),
                ("name.keyword", "keyword"),
                ("price", "float"),
                ("size", "long"),
                ("tags", "text"),
                ("tags.keyword", "keyword"),
                ("vendor.day", "date"),
                ("year", "text"),
                ("year.keyword", "keyword"),
            ]
        );
        assert_eq!(fields["name.keyword"].place, "name");
    }

    #[test]
    fn a_field_keeps_its_kind() {
        let mut known = shown_by(&json!({ "a": "x", "b": { "c": 1 } }));
        let said = json!({ "a": { "type": "keyword" } });
        assert!(declare(&mut known, said.as_object().unwrap()).is_err());
        let said = json!({ "b": { "properties": { "d": { "type": "date" } } } });
        declare(&mut known, said.as_object().unwrap()).unwrap();
        assert_eq!(fields(&known)["b.d"].kind, "date");
        assert_eq!(fields(&known)["b.c"].kind, "long");
        assert!(declare(&mut known, json!({ "e": {} }).as_object().unwrap()).is_err());
    }
}
