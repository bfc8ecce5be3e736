//! What a category is made of, and which values its attributes take.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::Refused;
use super::attribute_kind::Kind;
use super::call::text_of;
use super::node::{Applied, Node};

/// One attribute.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) id: i64,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) read_only: bool,
    pub(super) hidden: bool,
    /// Values it may have at most; rows, for a set.
    pub(super) most: usize,
    pub(super) valid: &'static [&'static str],
    pub(super) default: Value,
    /// Characters of a text.
    pub(super) length: usize,
    pub(super) fields: Vec<Attribute>,
}

impl Attribute {
    pub(super) fn new(id: i64, name: &'static str, kind: Kind) -> Self {
        let length = if kind == Kind::TextMultiline { 4_000 } else { 254 };
        let default = Value::Null;
        Self {
            id,
            name,
            kind,
            required: false,
            read_only: false,
            hidden: false,
            most: 1,
            valid: &[],
            default,
            length,
            fields: Vec::new(),
        }
    }

    pub(super) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    pub(super) fn most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    pub(super) fn valid(mut self, valid: &'static [&'static str]) -> Self {
        self.valid = valid;
        self
    }

    pub(super) fn default(mut self, default: impl Into<Value>) -> Self {
        self.default = default.into();
        self
    }

    pub(super) fn fields(mut self, fields: Vec<Self>) -> Self {
        self.fields = fields;
        self
    }

    /// What is said about it; `key` is its own.
    pub(super) fn definition(&self, key: &str) -> Value {
        json!({
            "key": key,
            "name": self.name,
            "persona": match self.kind { Kind::Set => "set", Kind::User => "user", _ => "" },
            "type": self.kind.number(),
            "type_name": self.kind.name(),
            "multi_value": self.most > 1,
            "multi_value_length_default": 1,
            "multi_value_length_fixed": false,
            "multi_value_length_max": self.most,
            "required": self.required,
            "read_only": self.read_only,
            "hidden": self.hidden,
            "default_value": self.default,
            "valid_values": self.valid,
            "valid_values_name": self.valid,
            "max_length": matches!(self.kind, Kind::Text | Kind::TextMultiline | Kind::TableKey).then_some(self.length),
            "include_time": self.kind == Kind::DateTime,
            "description": null,
            "sort_key": null,
        })
    }

    /// A value as it is kept.
    fn take(&self, key: &str, value: &Value) -> Result<Value, Refused> {
        let wrong = || Refused::bad(format!("Invalid datatype specified for argument '{key}'"));
        if let Value::Array(values) = value {
            if self.most == 1 && values.len() > 1 {
                return Err(Refused::bad(format!("The attribute '{}' takes a single value.", self.name)));
            }
            if values.len() > self.most {
                return Err(Refused::bad(format!("The attribute '{}' takes at most {} values.", self.name, self.most)));
            }
            let taken =
                values.iter().map(|value| self.take_one(value, wrong)).collect::<Result<Vec<Value>, Refused>>()?;
            return Ok(if self.most == 1 {
                taken.into_iter().next().unwrap_or(Value::Null)
            } else {
                Value::Array(taken)
            });
        }
        let one = self.take_one(value, wrong)?;
        Ok(if self.most > 1 && !one.is_null() { json!([one]) } else { one })
    }

    fn take_one(&self, value: &Value, wrong: impl Fn() -> Refused) -> Result<Value, Refused> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let text = text_of(value).ok_or_else(&wrong)?;
        let taken = match self.kind {
            // A number has no empty text: it is null or it is refused.
            Kind::Integer | Kind::User => json!(text.trim().parse::<i64>().map_err(|_| wrong())?),
            Kind::Real => {
                let number: f64 = text.trim().parse().map_err(|_| wrong())?;
                serde_json::Number::from_f64(number).map(Value::Number).ok_or_else(&wrong)?
            }
            Kind::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "on" | "yes" => json!(true),
                "false" | "0" | "off" | "no" | "" => json!(false),
                _ => return Err(wrong()),
            },
            _ if text.is_empty() => return Ok(Value::Null),
            Kind::Date => json!(format!("{}T00:00:00", date(&text).ok_or_else(&wrong)?)),
            Kind::DateTime => {
                let day = date(&text).ok_or_else(&wrong)?;
                let time = text.get(11..19).unwrap_or("00:00:00");
                json!(format!("{day}T{time}"))
            }
            Kind::Text | Kind::TextMultiline | Kind::TableKey | Kind::Popup => {
                if text.chars().count() > self.length {
                    return Err(Refused::bad(format!(
                        "The value of '{}' is longer than {} characters.",
                        self.name, self.length
                    )));
                }
                json!(text)
            }
            Kind::Set => return Err(wrong()),
        };
        let is_valid = self.valid.is_empty() || text_of(&taken).is_some_and(|text| self.valid.contains(&text.as_str()));
        if is_valid {
            Ok(taken)
        } else {
            Err(Refused::bad(format!("The value '{text}' is not valid for the attribute '{}'.", self.name)))
        }
    }
}

/// The day of a date or a time; a plain date drops the time.
fn date(text: &str) -> Option<String> {
    text.get(..10)?.parse::<jiff::civil::Date>().ok().map(|date| date.to_string())
}

/// A category: its node's id and what it is made of.
#[derive(Debug, Clone)]
pub(super) struct Category {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute>,
}

/// Where a key leads.
enum Place<'a> {
    Marker,
    Plain(&'a Attribute),
    /// All rows of a set at once.
    Rows(&'a Attribute),
    Row(&'a Attribute, usize),
    Cell(&'a Attribute, usize, &'a Attribute),
}

impl Category {
    fn attribute(&self, id: &str) -> Option<&Attribute> {
        let id: i64 = id.parse().ok()?;
        self.attributes.iter().find(|attribute| attribute.id == id)
    }

    fn place(&self, key: &str) -> Option<Place<'_>> {
        let rest = key.strip_prefix(&format!("{}_", self.id))?;
        let parts: Vec<&str> = rest.split('_').collect();
        match parts.as_slice() {
            ["1"] => Some(Place::Marker),
            [id] => self
                .attribute(id)
                .map(|found| if found.kind == Kind::Set { Place::Rows(found) } else { Place::Plain(found) }),
            [set, row] => Some(Place::Row(self.attribute(set).filter(|set| set.kind == Kind::Set)?, row.parse().ok()?)),
            [set, row, id] => {
                let set = self.attribute(set).filter(|set| set.kind == Kind::Set)?;
                let row = if *row == "x" { 1 } else { row.parse().ok()? };
                let id: i64 = id.parse().ok()?;
                Some(Place::Cell(set, row, set.fields.iter().find(|field| field.id == id)?))
            }
            _ => None,
        }
    }

    /// The values that a category has when it is new.
    pub(super) fn defaults(&self) -> BTreeMap<String, Value> {
        let mut values = BTreeMap::new();
        for attribute in &self.attributes {
            if attribute.kind == Kind::Set {
                self.fill_row(&mut values, attribute, 1);
            } else {
                values.insert(format!("{}_{}", self.id, attribute.id), attribute.default.clone());
            }
        }
        values
    }

    fn fill_row(&self, values: &mut BTreeMap<String, Value>, set: &Attribute, row: usize) {
        for field in &set.fields {
            values.entry(format!("{}_{}_{row}_{}", self.id, set.id, field.id)).or_insert_with(|| field.default.clone());
        }
    }

    pub(super) fn row_count(&self, values: &BTreeMap<String, Value>, set: &Attribute) -> usize {
        let start = format!("{}_{}_", self.id, set.id);
        let rows = values.keys().filter_map(|key| key.strip_prefix(&start)?.split('_').next()?.parse().ok());
        rows.max().unwrap_or(0)
    }

    /// Changes values by their keys; nothing changes where one is refused.
    pub(super) fn update(
        &self,
        values: &mut BTreeMap<String, Value>,
        changes: &Map<String, Value>,
    ) -> Result<(), Refused> {
        let mut next = values.clone();
        let mut doomed = Vec::new();
        for (key, value) in changes {
            let unknown = || {
                Refused::bad(format!(
                    "Category ID '{}' could not be updated, a non-matching attribute ({key}) was found.",
                    self.id
                ))
            };
            match self.place(key).ok_or_else(unknown)? {
                Place::Marker => {}
                Place::Plain(attribute) => drop(next.insert(key.clone(), attribute.take(key, value)?)),
                Place::Row(set, row) if text_of(value).is_some_and(|text| text.is_empty()) || value.is_null() => {
                    doomed.push((set, row));
                }
                Place::Row(set, row) => self.put_row(&mut next, set, row, value, unknown)?,
                Place::Cell(set, row, field) => {
                    self.grow(&mut next, set, row)?;
                    let key = format!("{}_{}_{row}_{}", self.id, set.id, field.id);
                    let taken = field.take(&key, value)?;
                    next.insert(key, taken);
                }
                Place::Rows(set) => {
                    let rows = match value {
                        Value::Array(rows) => rows.clone(),
                        Value::String(text) => serde_json::from_str(text).map_err(|_| unknown())?,
                        row => vec![row.clone()],
                    };
                    let start = format!("{}_{}_", self.id, set.id);
                    next.retain(|key, _| !key.starts_with(&start));
                    for (at, row) in rows.iter().enumerate() {
                        self.put_row(&mut next, set, at + 1, row, unknown)?;
                    }
                    self.grow(&mut next, set, 1)?;
                }
            }
        }
        doomed.sort_by_key(|(_, row)| std::cmp::Reverse(*row));
        for (set, row) in doomed {
            self.remove_row(&mut next, set, row);
        }
        *values = next;
        Ok(())
    }

    /// Makes rows up to this one; the number of rows is limited.
    fn grow(&self, values: &mut BTreeMap<String, Value>, set: &Attribute, row: usize) -> Result<(), Refused> {
        if row == 0 || row > set.most {
            return Err(Refused::bad(format!("The set '{}' takes at most {} rows.", set.name, set.most)));
        }
        for row in 1..=row {
            self.fill_row(values, set, row);
        }
        Ok(())
    }

    fn put_row(
        &self,
        values: &mut BTreeMap<String, Value>,
        set: &Attribute,
        row: usize,
        value: &Value,
        unknown: impl Fn() -> Refused,
    ) -> Result<(), Refused> {
        self.grow(values, set, row)?;
        let Value::Object(cells) = value else { return Err(unknown()) };
        for (key, value) in cells {
            let id = key.rsplit('_').next().and_then(|id| id.parse::<i64>().ok());
            let field = set.fields.iter().find(|field| Some(field.id) == id).ok_or_else(&unknown)?;
            let key = format!("{}_{}_{row}_{}", self.id, set.id, field.id);
            let taken = field.take(&key, value)?;
            values.insert(key, taken);
        }
        Ok(())
    }

    fn remove_row(&self, values: &mut BTreeMap<String, Value>, set: &Attribute, row: usize) {
        let count = self.row_count(values, set);
        for field in &set.fields {
            let key = |row: usize| format!("{}_{}_{row}_{}", self.id, set.id, field.id);
            for at in row..count {
                let next = values.get(&key(at + 1)).cloned().unwrap_or(Value::Null);
                values.insert(key(at), next);
            }
            if row <= count {
                values.remove(&key(count));
            }
        }
        self.fill_row(values, set, 1);
    }

    /// Refuses values that leave a required attribute empty.
    pub(super) fn demand_required(&self, values: &BTreeMap<String, Value>) -> Result<(), Refused> {
        let is_empty = |value: Option<&Value>| match value {
            None | Some(Value::Null) => true,
            Some(Value::Array(values)) => values.iter().all(Value::is_null),
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        for attribute in self.attributes.iter().filter(|attribute| attribute.required) {
            if attribute.kind != Kind::Set && is_empty(values.get(&format!("{}_{}", self.id, attribute.id))) {
                // Inferred: the text; that a required attribute must come with the assignment is documented.
                return Err(Refused::bad(format!(
                    "The required attribute '{}' of the category '{}' has no value.",
                    attribute.name, self.name
                )));
            }
        }
        Ok(())
    }
}

/// The flat form of roles: `{"5001_2": "x", "6228_1": {}}`, by category.
pub(super) fn by_category(flat: &Map<String, Value>) -> BTreeMap<i64, Map<String, Value>> {
    let mut found: BTreeMap<i64, Map<String, Value>> = BTreeMap::new();
    for (key, value) in flat {
        if let Some(id) = key.split_once('_').and_then(|(id, _)| id.parse().ok()) {
            found.entry(id).or_default().insert(key.clone(), value.clone());
        }
    }
    found
}

/// Puts a category on a node with these values.
pub(super) fn assign(node: &mut Node, category: &Category, changes: &Map<String, Value>) -> Result<(), Refused> {
    let mut applied = node
        .categories
        .get(&category.id)
        .cloned()
        .unwrap_or_else(|| Applied { values: category.defaults(), ..Applied::default() });
    category.update(&mut applied.values, changes)?;
    category.demand_required(&applied.values)?;
    applied.revision += 1;
    node.categories.insert(category.id, applied);
    Ok(())
}
