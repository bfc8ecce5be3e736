//! A category as clients are told about it: definitions, and the schema of its form.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::attribute_kind::Kind;
use super::attributes::{Attribute, Category};

impl Category {
    /// The definitions, and the keys in their order.
    pub(super) fn metadata(&self) -> (Map<String, Value>, Vec<String>) {
        let mut all = Map::new();
        let mut order = Vec::new();
        let id = self.id.to_string();
        all.insert(id.clone(), json!({ "key": id, "name": self.name, "persona": "category", "type": 131, "type_name": "Category", "multi_value": false, "required": false, "read_only": false, "hidden": false }));
        for attribute in &self.attributes {
            let key = format!("{}_{}", self.id, attribute.id);
            order.push(key.clone());
            for field in &attribute.fields {
                let key = format!("{key}_x_{}", field.id);
                all.insert(key.clone(), field.definition(&key));
            }
            all.insert(key.clone(), attribute.definition(&key));
        }
        (all, order)
    }

    /// The schema of a form, the options of its fields, and data for it.
    pub(super) fn form(&self, values: &BTreeMap<String, Value>) -> (Value, Value, Value) {
        let (mut schema, mut options, mut data) = (Map::new(), Map::new(), Map::new());
        for attribute in &self.attributes {
            let key = format!("{}_{}", self.id, attribute.id);
            let mut option = drawn(attribute);
            if attribute.kind == Kind::Set {
                let fields = attribute.fields.iter().map(|field| (format!("{key}_x_{}", field.id), drawn(field)));
                option["fields"] = Value::Object(fields.collect());
            }
            options.insert(key.clone(), option);
            if attribute.kind != Kind::Set {
                data.insert(key.clone(), values.get(&key).cloned().unwrap_or_default());
                schema.insert(key, property(attribute));
                continue;
            }
            let fields: Map<String, Value> =
                attribute.fields.iter().map(|field| (format!("{key}_x_{}", field.id), property(field))).collect();
            let row_schema = json!({ "type": "object", "title": attribute.name, "properties": fields });
            let row = |row: usize| {
                let cells = attribute.fields.iter().map(|field| {
                    let value = values.get(&format!("{key}_{row}_{}", field.id)).cloned().unwrap_or_default();
                    (format!("{key}_x_{}", field.id), value)
                });
                Value::Object(cells.collect())
            };
            let count = self.row_count(values, attribute).max(1);
            let rows = if attribute.most > 1 { (1..=count).map(row).collect() } else { row(1) };
            let whole = json!({ "type": "array", "title": attribute.name, "maxItems": attribute.most, "items": row_schema.clone() });
            schema.insert(key.clone(), if attribute.most > 1 { whole } else { row_schema });
            data.insert(key, rows);
        }
        (Value::Object(schema), Value::Object(options), Value::Object(data))
    }
}

/// How a field is drawn.
fn drawn(attribute: &Attribute) -> Value {
    let mut option = json!({ "label": attribute.name, "hidden": attribute.hidden, "readonly": attribute.read_only });
    // Inferred: the names of what draws persons and long texts.
    match attribute.kind {
        Kind::User => option["type"] = json!("otcs_user_picker"),
        Kind::TextMultiline => option["type"] = json!("textarea"),
        _ => {}
    }
    option
}

fn property(attribute: &Attribute) -> Value {
    let mut property =
        json!({ "title": attribute.name, "required": attribute.required, "readonly": attribute.read_only });
    property["type"] = json!(match attribute.kind {
        Kind::Integer | Kind::User => "integer",
        Kind::Real => "number",
        Kind::Boolean => "boolean",
        _ => "string",
    });
    match attribute.kind {
        Kind::Date => property["format"] = json!("date"),
        Kind::DateTime => property["format"] = json!("datetime"),
        Kind::Text | Kind::TextMultiline | Kind::TableKey => property["maxLength"] = json!(attribute.length),
        _ => {}
    }
    if !attribute.valid.is_empty() {
        property["enum"] = json!(attribute.valid);
    }
    if attribute.most > 1 {
        let (title, required) = (property["title"].take(), property["required"].take());
        property = json!({ "type": "array", "title": title, "required": required, "maxItems": attribute.most, "items": property });
    }
    property
}
