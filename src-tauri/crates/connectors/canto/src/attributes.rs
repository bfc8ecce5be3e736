//! Two forms that every asset carries: what Canto says of each, and the tenant's custom fields.

use std::collections::BTreeMap;

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{Attribute, AttributeForm, AttributeKind, Attributes, ConnectorError, Result, checked_form};
use waybill_model::{AttributeValue, FailureKind, FilledForm, RemotePath};

use crate::{
    connector::CantoConnector,
    moments::moment,
    wire::{Asset, CustomField, texts},
};

/// The form of what Canto says of each asset.
const ASSET: &str = "asset";
/// The form of the custom fields.
const CUSTOM: &str = "custom-fields";
/// Values of a field with several choices.
const MANY: u32 = 100;
const EXPIRES: &str = "expires";

// Inferred: the names of the properties of a batch edit; only `keyword` is known. The second name is that which people see.
const PROPERTIES: [(&str, &str, &str); 6] = [
    ("description", "Description", "Description"),
    ("author", "Author", "Author"),
    ("copyright", "Copyright", "Copyright"),
    ("terms", "Terms and Conditions", "Terms and Conditions"),
    ("keyword", "Keywords", "Keywords"),
    (EXPIRES, "Expiration Date", "expirationDate"),
];

/// One change of a batch edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Property {
    pub(crate) id: String,
    pub(crate) value: String,
    pub(crate) is_custom: bool,
}

impl Property {
    fn json(&self) -> Value {
        // Inferred: no action means that the value replaces what was there.
        json!({ "propertyId": self.id, "propertyValue": self.value, "action": "", "customField": self.is_custom })
    }
}

/// The kind of a custom field.
// Inferred: the words of its type, read without regard to case.
fn kind_of(field: &CustomField) -> (AttributeKind, u32) {
    let word = field.kind.to_lowercase();
    let choices = field.choices();
    let is_many = word.contains("multi");
    let kind = match () {
        () if !choices.is_empty() => AttributeKind::Choice { values: choices },
        () if word.contains("date") => AttributeKind::Date,
        () => AttributeKind::Text { longest: None, lines: word.contains("area") || word.contains("long") },
    };
    (kind, if is_many { MANY } else { 1 })
}

fn custom_form(fields: &[CustomField]) -> AttributeForm {
    let attribute = |field: &CustomField| {
        let (kind, most) = kind_of(field);
        let name = if field.name.is_empty() { field.id.clone() } else { field.name.clone() };
        Attribute { key: field.id.clone(), name, kind, required: false, read_only: false, most }
    };
    AttributeForm {
        id: CUSTOM.to_owned(),
        name: "Custom fields".to_owned(),
        attributes: fields.iter().map(attribute).collect(),
    }
}

fn asset_form() -> AttributeForm {
    let attribute = |(key, name, _): (&str, &str, &str)| {
        let (kind, most) = match key {
            EXPIRES => (AttributeKind::Moment, 1),
            "keyword" => (AttributeKind::Text { longest: None, lines: false }, MANY),
            _ => (AttributeKind::Text { longest: None, lines: key == "description" || key == "terms" }, 1),
        };
        // An end stands beside an approval alone, and Canto refuses it elsewhere: it is shown.
        let read_only = key == EXPIRES;
        Attribute { key: key.to_owned(), name: name.to_owned(), kind, required: false, read_only, most }
    };
    AttributeForm {
        id: ASSET.to_owned(),
        name: "Asset".to_owned(),
        attributes: PROPERTIES.into_iter().map(attribute).collect(),
    }
}

fn filled_asset(asset: &Asset) -> FilledForm {
    let one = |text: Option<String>| text.filter(|text| !text.is_empty()).map(AttributeValue::One);
    let keywords = asset.keywords();
    let values = [
        ("description", one(asset.description.clone())),
        ("author", one(asset.seen("Author"))),
        ("copyright", one(asset.seen("Copyright"))),
        ("terms", one(asset.seen("Terms and Conditions"))),
        ("keyword", (!keywords.is_empty()).then_some(AttributeValue::Many(keywords))),
        (EXPIRES, one(asset.seen("Expiration Date").and_then(|end| Some(moment(&end)?.to_rfc3339())))),
    ];
    let values = values.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
    FilledForm { form: ASSET.to_owned(), values }
}

fn filled_custom(fields: &[CustomField], asset: &Asset) -> FilledForm {
    let value = |field: &CustomField| {
        let mut found = texts(asset.additional.get(&field.name).or_else(|| asset.additional.get(&field.id))?);
        let value = match (found.len(), kind_of(field).1) {
            (0, _) => return None,
            (1, 1) => AttributeValue::One(found.remove(0)),
            _ => AttributeValue::Many(found),
        };
        Some((field.id.clone(), value))
    };
    FilledForm { form: CUSTOM.to_owned(), values: fields.iter().filter_map(value).collect() }
}

/// A value as one text.
fn written(operation: &'static str, key: &str, value: &AttributeValue) -> Result<String> {
    let wrong = |why: String| Err(ConnectorError::new(FailureKind::Invalid, operation, why));
    match value {
        AttributeValue::One(text) if text.is_empty() => Ok(String::new()),
        AttributeValue::One(text) => Ok(text.clone()),
        AttributeValue::Many(texts) => match texts.iter().find(|text| text.contains(',')) {
            // Canto divides several values by commas.
            Some(text) if texts.len() > 1 => wrong(format!("{text} cannot be one of several values: it has a comma")),
            _ => Ok(texts.join(",")),
        },
        AttributeValue::Rows(_) => wrong(format!("{key} has no rows")),
    }
}

/// A value in the form in which two are compared.
fn comparable(value: Option<&AttributeValue>) -> Vec<String> {
    let mut texts = match value {
        Some(AttributeValue::One(text)) if !text.is_empty() => vec![text.trim().to_owned()],
        Some(AttributeValue::Many(texts)) => texts.iter().map(|text| text.trim().to_owned()).collect(),
        _ => Vec::new(),
    };
    texts.sort();
    texts
}

impl CantoConnector {
    async fn form_of(&self, operation: &'static str, id: &str) -> Result<AttributeForm> {
        match id {
            ASSET => Ok(asset_form()),
            CUSTOM => Ok(custom_form(self.custom_fields(operation).await?)),
            _ => {
                let why = format!("there is no form {id}; there are {ASSET} and {CUSTOM}");
                Err(ConnectorError::new(FailureKind::NotFound, operation, why))
            }
        }
    }

    async fn filled_forms(&self, operation: &'static str, asset: &Asset) -> Result<Vec<FilledForm>> {
        Ok(vec![filled_asset(asset), filled_custom(self.custom_fields(operation).await?, asset)])
    }

    /// What forms change, checked before anything is sent.
    pub(crate) async fn properties(
        &self,
        operation: &'static str,
        forms: &[FilledForm],
        of: Option<&Asset>,
    ) -> Result<Vec<Property>> {
        let mut properties = Vec::new();
        for filled in forms {
            let form = self.form_of(operation, &filled.form).await?;
            let held = match of {
                Some(asset) => self.filled_forms(operation, asset).await?.into_iter().find(|one| one.form == form.id),
                None => None,
            };
            checked_form(operation, &form, filled, held.as_ref())?;
            let is_custom = form.id == CUSTOM;
            for (key, value) in filled.values.iter().filter(|(key, _)| is_custom || *key != EXPIRES) {
                let names = PROPERTIES.iter().find(|(known, ..)| known == key && !is_custom);
                let id = names.map_or(key.as_str(), |(_, _, property)| property);
                let value = written(operation, key, value)?;
                properties.push(Property { id: id.to_owned(), value, is_custom });
            }
        }
        Ok(properties)
    }

    /// Changes properties of one asset in one step.
    pub(crate) async fn edit(
        &self,
        operation: &'static str,
        scheme: &str,
        id: &str,
        properties: &[Property],
    ) -> Result<()> {
        let body = json!({
            "contents": [{ "id": id, "scheme": scheme }],
            "properties": properties.iter().map(Property::json).collect::<Vec<_>>(),
        });
        self.act(operation, Method::PUT, &self.api(&["batch", "edit"]), Some(&body)).await.map(drop)
    }
}

#[async_trait]
impl Attributes for CantoConnector {
    async fn forms(&self) -> Result<Vec<AttributeForm>> {
        let custom = custom_form(self.custom_fields("forms").await?);
        // A library may have no fields of its own.
        Ok([asset_form(), custom].into_iter().filter(|form| !form.attributes.is_empty()).collect())
    }

    async fn form(&self, id: &str) -> Result<AttributeForm> {
        self.form_of("form", id).await
    }

    async fn filled(&self, path: &RemotePath) -> Result<Vec<FilledForm>> {
        let (_, asset) = self.asset("filled", path).await?;
        self.filled_forms("filled", &asset).await
    }

    async fn expected(&self, _folder: &RemotePath) -> Result<Vec<FilledForm>> {
        Ok(Vec::new())
    }

    async fn fill(&self, path: &RemotePath, form: &FilledForm) -> Result<()> {
        let (found, asset) = self.asset("fill", path).await?;
        let at = |error: ConnectorError| error.at(path);
        let properties = self.properties("fill", std::slice::from_ref(form), Some(&asset)).await.map_err(at)?;
        if properties.is_empty() {
            return Ok(());
        }
        self.edit("fill", &found.item.scheme, &found.item.id, &properties).await.map_err(at)?;
        let (_, after) = self.asset("fill", path).await?;
        let after = self.filled_forms("fill", &after).await?.into_iter().find(|one| one.form == form.form);
        let values: BTreeMap<String, AttributeValue> = after.map(|after| after.values).unwrap_or_default();
        let other = form.values.iter().find(|(key, due)| comparable(values.get(*key)) != comparable(Some(due)));
        match other {
            None => Ok(()),
            Some((key, _)) => {
                let why = format!("Canto answered success, and {key} has another value than was written");
                Err(ConnectorError::new(FailureKind::Vendor, "fill", why).at(path))
            }
        }
    }

    async fn take_off(&self, path: &RemotePath, _form: &str) -> Result<()> {
        let why = "every asset carries it; its fields can be emptied";
        Err(ConnectorError::unsupported("take_off", why).at(path))
    }
}
