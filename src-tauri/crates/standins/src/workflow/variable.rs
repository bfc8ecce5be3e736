//! Variables of processes and tasks: their types as the service names them, read from and written as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::errors::{Answer, Refused};
use super::moment;

/// A variable without its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    pub(super) kind: String,
    pub(super) value: Value,
    pub(super) encrypted: bool,
}

/// By name.
pub(super) type Variables = BTreeMap<String, Variable>;

/// Where a variable is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// In the thing itself.
    Local,
    /// In the process around a task.
    Global,
}

impl Level {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Global => "global",
        }
    }
}

/// One variable as it was sent.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) variable: Variable,
    pub(super) level: Option<Level>,
}

/// The type that a value has by itself.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) => match number.as_i64() {
            Some(whole) if i32::try_from(whole).is_ok() => "integer",
            Some(_) => "long",
            None => "double",
        },
        Value::String(_) => "string",
        Value::Array(_) | Value::Object(_) => "json",
    }
}

fn fits(kind: &str, value: &Value) -> Answer<()> {
    let whole = |least: i64, most: i64| value.as_i64().is_some_and(|number| (least..=most).contains(&number));
    let is_date = || value.as_str().is_some_and(|text| moment::parse(text).is_some());
    let fits = match kind {
        _ if value.is_null() => true,
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "short" => whole(i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => whole(i64::from(i32::MIN), i64::from(i32::MAX)),
        "long" => whole(i64::MIN, i64::MAX),
        "double" => value.is_number(),
        "date" | "localDate" | "localDateTime" | "instant" => is_date(),
        "json" => true,
        "null" => false,
        _ => return Err(Refused::invalid(format!("Variable has unsupported type: '{kind}'."))),
    };
    if fits { Ok(()) } else { Err(Refused::invalid(format!("Converter can only convert {kind}s: {value}"))) }
}

impl Variable {
    /// A variable whose type is that of its value.
    pub(super) fn of(value: Value) -> Self {
        Self { kind: kind_of(&value).to_owned(), value, encrypted: false }
    }

    /// As it is answered.
    pub(super) fn show(&self, name: &str, level: Level) -> Value {
        // Inferred: an encrypted variable is read in clear by who may read it.
        json!({
            "name": name,
            "type": self.kind,
            "value": self.value,
            "scope": level.word(),
            "encryption": self.encrypted,
        })
    }
}

impl Given {
    /// Reads `{name, type?, value, scope?, encryption?}`.
    pub(super) fn read(value: &Value) -> Answer<Self> {
        let name = value.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Refused::invalid("Variable name is required"))?.to_owned();
        let content = value.get("value").cloned().unwrap_or(Value::Null);
        let kind = match value.get("type").and_then(Value::as_str) {
            Some(kind) => {
                fits(kind, &content)
                    .map_err(|refused| Refused::invalid(format!("Variable '{name}': {}", refused.reason)))?;
                kind.to_owned()
            }
            None => kind_of(&content).to_owned(),
        };
        let level = match value.get("scope").and_then(Value::as_str).map(str::to_lowercase).as_deref() {
            None | Some("") => None,
            Some("local") => Some(Level::Local),
            Some("global") => Some(Level::Global),
            Some(other) => return Err(Refused::invalid(format!("Invalid variable scope: '{other}'"))),
        };
        let encrypted = value.get("encryption").and_then(Value::as_bool).unwrap_or(false);
        Ok(Self { name, variable: Variable { kind, value: content, encrypted }, level })
    }

    /// Reads the list of a field; a field that is not there is an empty list.
    pub(super) fn read_all(body: &Value, field: &str) -> Answer<Vec<Self>> {
        match body.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(Self::read).collect(),
            Some(_) => Err(Refused::invalid(format!("'{field}' must be a list of variables"))),
        }
    }

    /// Reads a body that is one variable or a list of them.
    pub(super) fn read_body(body: &Value) -> Answer<Vec<Self>> {
        match body {
            Value::Array(items) if items.is_empty() => {
                Err(Refused::invalid("Request didn't contain a list of variables to create."))
            }
            Value::Array(items) => items.iter().map(Self::read).collect(),
            one => Ok(vec![Self::read(one)?]),
        }
    }
}
