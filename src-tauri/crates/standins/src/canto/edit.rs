//! Changing what is said about an asset: one property at a time, checked before anything is changed.

use serde::Deserialize;

use super::asset::{APPROVED, Asset, EXPIRED, FieldValue, PENDING, RESTRICTED};
use super::library::{Field, FieldKind, Library};
use super::moment::parse_digits;
use super::options::Options;
use super::refused::{Outcome, Refused};
use crate::clock::Millis;

/// A property as clients send it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PropertyDraft {
    property_id: String,
    #[serde(default)]
    property_value: Option<serde_json::Value>,
    #[serde(default)]
    action: Option<String>,
    #[serde(default)]
    custom_field: bool,
}

/// What to do with a list of values.
// Inferred: the words; an empty one replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Replace,
    Add,
    Remove,
}

/// One checked change.
#[derive(Debug)]
pub(super) enum Edit {
    Description(Option<String>),
    Author(Option<String>),
    Copyright(Option<String>),
    Terms(Option<String>),
    Name(String),
    Keywords(Action, Vec<String>),
    Tags(Action, Vec<String>),
    Status(String),
    Expires(Option<Millis>),
    Field(String, Action, Option<FieldValue>),
}

impl Edit {
    // Inferred: of the standard properties only `keyword` was ever seen; the others are named as people would.
    pub(super) fn parse(draft: &PropertyDraft, library: &Library, options: &Options) -> Outcome<Self> {
        let text = match &draft.property_value {
            None | Some(serde_json::Value::Null) => String::new(),
            Some(serde_json::Value::String(text)) => text.trim().to_owned(),
            Some(other) => other.to_string(),
        };
        let action = action(draft.action.as_deref().unwrap_or_default())?;
        if draft.custom_field {
            return custom(&draft.property_id, &text, action, library);
        }
        let given = (!text.is_empty()).then(|| text.clone());
        match draft.property_id.to_ascii_lowercase().replace([' ', '_', '-'], "").as_str() {
            "description" => Ok(Self::Description(given)),
            "author" => Ok(Self::Author(given)),
            "copyright" => Ok(Self::Copyright(given)),
            "terms" | "termsandconditions" | "termsconditions" => Ok(Self::Terms(given)),
            "name" => given.map(Self::Name).ok_or_else(|| Refused::bad("The name is empty.")),
            "keyword" | "keywords" => Ok(Self::Keywords(action, list(&text))),
            "tag" | "tags" => Ok(Self::Tags(action, list(&text))),
            "status" | "approval" | "approvalstatus" => status(&text, options).map(Self::Status),
            "expirationdate" | "expiration" | "expirydate" => expires(given.as_deref()).map(Self::Expires),
            _ => Err(Refused::bad(format!("There is no property {}.", draft.property_id))),
        }
    }

    /// Whether it needs the privilege to approve.
    pub(super) fn approves(&self) -> bool {
        matches!(self, Self::Status(_) | Self::Expires(_))
    }

    /// Changes an asset.
    pub(super) fn apply(&self, asset: &mut Asset) -> Outcome<()> {
        match self {
            Self::Description(text) => asset.description.clone_from(text),
            Self::Author(text) => asset.author.clone_from(text),
            Self::Copyright(text) => asset.copyright.clone_from(text),
            Self::Terms(text) => asset.terms.clone_from(text),
            Self::Name(name) => asset.name.clone_from(name),
            Self::Keywords(action, values) => action.change(&mut asset.keywords, values),
            Self::Tags(action, values) => action.change(&mut asset.tags, values),
            Self::Status(status) => {
                asset.status.clone_from(status);
                if asset.status != APPROVED {
                    // Inferred: an end stands only beside Approved.
                    asset.expires = None;
                }
            }
            Self::Expires(end) => {
                if end.is_some() && asset.status != APPROVED {
                    return Err(Refused::bad("An expiration date can be set on approved assets only."));
                }
                asset.expires = *end;
            }
            Self::Field(id, action, value) => set_field(asset, id, *action, value.as_ref()),
        }
        Ok(())
    }
}

impl Action {
    fn change(self, held: &mut Vec<String>, values: &[String]) {
        match self {
            Self::Replace => values.clone_into(held),
            Self::Add => {
                for value in values {
                    if !held.contains(value) {
                        held.push(value.clone());
                    }
                }
            }
            Self::Remove => held.retain(|value| !values.contains(value)),
        }
    }
}

fn set_field(asset: &mut Asset, id: &str, action: Action, value: Option<&FieldValue>) {
    let held = asset.fields.remove(id);
    let new = match (value, action) {
        (Some(FieldValue::Many(values)), _) => {
            let mut many = held.map(|held| held.values().to_vec()).unwrap_or_default();
            action.change(&mut many, values);
            (!many.is_empty()).then_some(FieldValue::Many(many))
        }
        (Some(_), Action::Remove) => held.filter(|held| Some(held) != value),
        (value, _) => value.cloned(),
    };
    if let Some(new) = new {
        asset.fields.insert(id.to_owned(), new);
    }
}

fn action(word: &str) -> Outcome<Action> {
    match word.to_ascii_lowercase().as_str() {
        "" | "replace" => Ok(Action::Replace),
        "add" | "append" => Ok(Action::Add),
        "remove" | "delete" => Ok(Action::Remove),
        _ => Err(Refused::bad(format!("There is no action {word}."))),
    }
}

/// Values divided by commas.
pub(super) fn list(text: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in text.split(',').map(str::trim).filter(|value| !value.is_empty()) {
        if !values.iter().any(|other| other == value) {
            values.push(value.to_owned());
        }
    }
    values
}

fn status(text: &str, options: &Options) -> Outcome<String> {
    if !options.approval {
        return Err(Refused::bad("Approval is switched off."));
    }
    let known = [APPROVED, PENDING, RESTRICTED, EXPIRED].into_iter();
    let mut known = known.chain(options.custom_states.iter().map(String::as_str));
    let state = known.find(|state| state.eq_ignore_ascii_case(text)).map(str::to_owned);
    state.ok_or_else(|| Refused::bad(format!("There is no status {text}.")))
}

// Inferred: written like every other date.
fn expires(text: Option<&str>) -> Outcome<Option<Millis>> {
    let Some(text) = text else { return Ok(None) };
    let end = parse_digits(text).ok_or_else(|| Refused::bad("A date must be yyyyMMddHHmmssSSS."))?;
    Ok(Some(end))
}

fn custom(id: &str, text: &str, action: Action, library: &Library) -> Outcome<Edit> {
    let field = library.field(id).ok_or_else(|| Refused::bad(format!("There is no custom field {id}.")))?;
    let value = match field.kind {
        FieldKind::Many => Some(FieldValue::Many(list(text))),
        _ => (!text.is_empty()).then(|| FieldValue::One(text.to_owned())),
    };
    for value in value.iter().flat_map(FieldValue::values) {
        check(field, value)?;
    }
    Ok(Edit::Field(field.id.clone(), action, value))
}

/// Whether a field takes a value.
pub(super) fn check(field: &Field, value: &str) -> Outcome<()> {
    match field.kind {
        FieldKind::Choice | FieldKind::Many if !field.values.iter().any(|choice| choice == value) => {
            Err(Refused::bad(format!("{value} is not a choice of {}.", field.name)))
        }
        FieldKind::Date if value.parse::<jiff::civil::Date>().is_err() => {
            Err(Refused::bad(format!("{} must be yyyy-MM-dd.", field.name)))
        }
        _ => Ok(()),
    }
}
