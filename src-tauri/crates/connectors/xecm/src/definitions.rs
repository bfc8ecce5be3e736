//! What categories are made of: by the form that a new document would show, and by what the server tells beside the values of
//! one that is assigned. The interface has no call for a definition alone.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Map, Value};
use tokio::time::Instant;
use waybill_connector::{Attribute, AttributeForm, AttributeKind, ConnectorError, Result};
use waybill_model::FailureKind;

use crate::{
    connector::XecmConnector,
    tree::PAGE,
    wire::{flag, int, kind, text, volume},
};

/// How long a definition is believed.
const GOOD_FOR: Duration = Duration::from_mins(5);
/// Categories that are looked at.
const MOST: usize = 500;
/// Folders of categories that are looked into.
const FOLDERS: usize = 200;

/// Definitions and names that were read.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    forms: Mutex<HashMap<String, (AttributeForm, Instant)>>,
    names: Mutex<HashMap<i64, String>>,
}

impl Definitions {
    fn known(&self, id: &str) -> Option<AttributeForm> {
        let forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        forms.get(id).filter(|(_, since)| since.elapsed() < GOOD_FOR).map(|(form, _)| form.clone())
    }

    pub(crate) fn keep(&self, form: &AttributeForm) {
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if forms.len() >= MOST {
            forms.clear();
        }
        forms.insert(form.id.clone(), (form.clone(), Instant::now()));
    }
}

impl XecmConnector {
    /// What a category is called; its id where nobody may know.
    pub(crate) async fn category_name(&self, operation: &'static str, id: i64) -> Result<String> {
        let known = |names: &HashMap<i64, String>| names.get(&id).cloned();
        if let Some(name) = known(&self.definitions.names.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(name);
        }
        let name = self.node(operation, id).await?.map_or_else(|| id.to_string(), |node| node.name);
        let mut names = self.definitions.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MOST {
            names.clear();
        }
        names.insert(id, name.clone());
        Ok(name)
    }

    /// The ids of all categories, by the folders of their volume.
    pub(crate) async fn all_categories(&self, operation: &'static str) -> Result<Vec<i64>> {
        let Some(volume) = self.volume(operation, volume::CATEGORIES).await? else { return Ok(Vec::new()) };
        let (mut found, mut folders, mut looked) = (Vec::new(), vec![volume], 0);
        while let Some(folder) = folders.pop() {
            looked += 1;
            for page in 1.. {
                let (nodes, more) = self.page_of_children(operation, folder, (page, PAGE), &[]).await?;
                found.extend(nodes.iter().filter(|node| node.kind == kind::CATEGORY).map(|node| node.id));
                folders.extend(nodes.iter().filter(|node| node.kind == kind::CATEGORY_FOLDER).map(|node| node.id));
                if !more || found.len() >= MOST {
                    break;
                }
            }
            if found.len() >= MOST || looked >= FOLDERS {
                break;
            }
        }
        found.truncate(MOST);
        Ok(found)
    }

    /// A category's definition; `NotFound` where there is none.
    pub(crate) async fn definition(&self, operation: &'static str, id: &str) -> Result<AttributeForm> {
        if let Some(form) = self.definitions.known(id) {
            return Ok(form);
        }
        let missing = || {
            let why = format!("there is no category {id}, or this account may not see it");
            ConnectorError::new(FailureKind::NotFound, operation, why)
        };
        if id.parse::<i64>().is_err() {
            return Err(missing());
        }
        let root = self.root(operation).await?.to_string();
        let document = kind::DOCUMENT.to_string();
        let query = [("parent_id", root.as_str()), ("type", document.as_str()), ("category_id", id)];
        let answer = match self.get(operation, &self.addresses.create_form(), &query).await {
            Ok(answer) => answer,
            Err(error) if matches!(error.kind, FailureKind::Invalid | FailureKind::NotFound | FailureKind::Denied) => {
                return Err(missing());
            }
            Err(error) => return Err(error),
        };
        let form = role(&answer, "categories").and_then(|form| of_form(id, form)).ok_or_else(missing)?;
        self.definitions.keep(&form);
        Ok(form)
    }
}

/// The form of one role, of an answer with several.
pub(crate) fn role<'a>(answer: &'a Value, name: &str) -> Option<&'a Value> {
    let forms = answer.get("forms").or_else(|| answer.pointer("/results/forms"))?;
    forms.as_array()?.iter().find(|form| form["role_name"] == name)
}

/// The categories that a form shows, by their ids, with their values.
pub(crate) fn categories_in(answer: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let data = role(answer, "categories").and_then(|form| form["data"].as_object());
    data.into_iter().flatten().map(|(id, values)| (id.as_str(), values))
}

/// A category by its schema in a form.
fn of_form(id: &str, form: &Value) -> Option<AttributeForm> {
    let schema = &form["schema"]["properties"][id];
    let options = &form["options"]["fields"][id]["fields"];
    let attributes = attributes_of_schema(schema["properties"].as_object()?, options);
    Some(AttributeForm { id: id.to_owned(), name: text(&schema["title"]).unwrap_or_else(|| id.to_owned()), attributes })
}

/// Attributes in the order of their numbers, which is the order in which they were made.
fn in_order(mut attributes: Vec<Attribute>) -> Vec<Attribute> {
    let number = |key: &str| key.rsplit('_').next().and_then(|number| number.parse::<i64>().ok());
    attributes.sort_by_key(|attribute| number(&attribute.key));
    attributes
}

fn attributes_of_schema(properties: &Map<String, Value>, options: &Value) -> Vec<Attribute> {
    // `{cid}_1` stands for the category itself.
    let own = properties.iter().filter(|(key, _)| key.split('_').count() != 2 || !key.ends_with("_1"));
    in_order(own.map(|(key, schema)| attribute_of_schema(key, schema, &options[key])).collect())
}

fn attribute_of_schema(key: &str, schema: &Value, options: &Value) -> Attribute {
    let is_list = schema["type"] == "array";
    let one = if is_list { &schema["items"] } else { schema };
    let most = if is_list {
        int(&schema["maxItems"]).and_then(|most| u32::try_from(most).ok()).unwrap_or(u32::MAX)
    } else {
        1
    };
    let kind = match one["properties"].as_object() {
        Some(fields) => {
            let options = if options["fields"].is_object() { &options["fields"] } else { &options["items"]["fields"] };
            AttributeKind::Set { attributes: attributes_of_schema(fields, options) }
        }
        None => kind_of_schema(one, options),
    };
    Attribute {
        key: key.to_owned(),
        name: text(&schema["title"]).or_else(|| text(&one["title"])).unwrap_or_else(|| key.to_owned()),
        kind,
        required: flag(&schema["required"]),
        read_only: flag(&schema["readonly"]) || flag(&one["readonly"]) || flag(&options["readonly"]),
        most,
    }
}

fn kind_of_schema(schema: &Value, options: &Value) -> AttributeKind {
    if let Some(values) = schema["enum"].as_array() {
        return AttributeKind::Choice { values: values.iter().filter_map(text).collect() };
    }
    // Inferred: the fields of persons and of long texts are known by what draws them.
    let drawn = [&options["type"], &schema["type"]].map(|kind| kind.as_str().unwrap_or_default());
    if drawn.iter().any(|kind| kind.contains("user_picker")) {
        return AttributeKind::Person;
    }
    match (schema["type"].as_str().unwrap_or_default(), schema["format"].as_str().unwrap_or_default()) {
        ("integer", _) => AttributeKind::Integer,
        ("number", _) => AttributeKind::Decimal,
        ("boolean", _) => AttributeKind::Flag,
        (_, "date") => AttributeKind::Date,
        (_, "datetime" | "date-time") => AttributeKind::Moment,
        _ => AttributeKind::Text {
            longest: int(&schema["maxLength"]).and_then(|length| u32::try_from(length).ok()),
            lines: drawn.iter().any(|kind| kind.contains("textarea")),
        },
    }
}

/// A category by what stands beside its values, which tells persons and long texts apart for certain.
pub(crate) fn of_metadata(id: &str, metadata: &Map<String, Value>) -> Option<AttributeForm> {
    let of = metadata.get(id)?;
    let is_own =
        |key: &&String| key.split('_').count() == 2 && key.starts_with(&format!("{id}_")) && !key.ends_with("_1");
    let mut attributes: BTreeMap<&str, Attribute> = BTreeMap::new();
    for key in metadata.keys().filter(|key| is_own(key)) {
        let inside = format!("{key}_x_");
        let fields = metadata.iter().filter(|(key, _)| key.starts_with(&inside));
        let fields = in_order(fields.map(|(key, of)| attribute_of_metadata(key, of, Vec::new())).collect());
        attributes.insert(key, attribute_of_metadata(key, &metadata[key], fields));
    }
    let attributes = in_order(attributes.into_values().collect());
    Some(AttributeForm { id: id.to_owned(), name: text(&of["name"]).unwrap_or_else(|| id.to_owned()), attributes })
}

fn attribute_of_metadata(key: &str, of: &Value, fields: Vec<Attribute>) -> Attribute {
    let many = flag(&of["multi_value"]);
    let most = int(&of["multi_value_length_max"]).and_then(|most| u32::try_from(most).ok()).filter(|most| *most > 1);
    Attribute {
        key: key.to_owned(),
        name: text(&of["name"]).unwrap_or_else(|| key.to_owned()),
        kind: kind_of_metadata(of, fields),
        required: flag(&of["required"]),
        read_only: flag(&of["read_only"]),
        most: if many { most.unwrap_or(u32::MAX) } else { 1 },
    }
}

fn kind_of_metadata(of: &Value, fields: Vec<Attribute>) -> AttributeKind {
    let kind = of["type_name"].as_str().unwrap_or_default().to_ascii_lowercase();
    let persona = of["persona"].as_str().unwrap_or_default();
    if persona == "set" || kind == "set" {
        return AttributeKind::Set { attributes: fields };
    }
    let values: Vec<String> = of["valid_values"].as_array().into_iter().flatten().filter_map(text).collect();
    if !values.is_empty() {
        return AttributeKind::Choice { values };
    }
    match kind.as_str() {
        _ if persona == "user" || kind.contains("user") => AttributeKind::Person,
        "integer" => AttributeKind::Integer,
        "real" => AttributeKind::Decimal,
        "boolean" => AttributeKind::Flag,
        "date" if flag(&of["include_time"]) => AttributeKind::Moment,
        "date" => AttributeKind::Date,
        "datetime" => AttributeKind::Moment,
        _ => AttributeKind::Text {
            longest: int(&of["max_length"]).and_then(|length| u32::try_from(length).ok()),
            lines: kind.contains("multi"),
        },
    }
}
