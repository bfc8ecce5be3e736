//! Which custom field of a tenant means what here: status, rights, licence, expiry, region.

use std::collections::BTreeMap;

use serde_json::Value;
use waybill_connector::{Column, Phrase, Result};

use crate::{
    connector::CantoConnector,
    wire::{Asset, CustomField, texts},
    words,
};

/// A meaning that a custom field can have.
pub(crate) struct Mapped {
    /// As entries and searches name it.
    pub(crate) key: &'static str,
    pub(crate) setting: &'static str,
    pub(crate) label: &'static str,
    pub(crate) help: &'static str,
    pub(crate) title: Phrase,
}

/// All of them, in the order of the form.
pub(crate) const MAPPED: [Mapped; 5] = [
    Mapped {
        key: "status",
        setting: "map_status",
        label: "Field of the status",
        help: "the custom field that holds the approval; Canto's own status where empty",
        title: words::COLUMN_STATUS,
    },
    Mapped {
        key: "rights",
        setting: "map_rights",
        label: "Field of the rights",
        help: "the custom field that says how an asset may be used",
        title: words::COLUMN_RIGHTS,
    },
    Mapped {
        key: "licence",
        setting: "map_licence",
        label: "Field of the licence",
        help: "the custom field with the licence or the day on which it ends",
        title: words::COLUMN_LICENCE,
    },
    Mapped {
        key: "expiry",
        setting: "map_expiry",
        label: "Field of the expiry",
        help: "the custom field with the day from which an asset may not be used",
        title: words::COLUMN_EXPIRY,
    },
    Mapped {
        key: "region",
        setting: "map_region",
        label: "Field of the region",
        help: "the custom field that says where an asset may be used",
        title: words::COLUMN_REGION,
    },
];

/// What listings tell beside name, size and time.
pub(crate) fn columns(mapped: &[(&'static str, String)]) -> Vec<Column> {
    let own =
        [Column { key: "approval", title: words::COLUMN_APPROVAL }, Column { key: "kind", title: words::COLUMN_KIND }];
    let chosen = MAPPED.iter().filter(|one| mapped.iter().any(|(key, _)| *key == one.key));
    own.into_iter().chain(chosen.map(|one| Column { key: one.key, title: one.title })).collect()
}

impl CantoConnector {
    /// The tenant's custom fields, read once.
    pub(crate) async fn custom_fields(&self, operation: &'static str) -> Result<&[CustomField]> {
        let read = self.fields.get_or_try_init(async || self.read(operation, &self.api(&["custom", "field"])).await);
        read.await.map(Vec::as_slice)
    }

    /// The custom field of a meaning, where one is mapped and there.
    pub(crate) async fn mapped_field(&self, operation: &'static str, key: &str) -> Result<Option<&CustomField>> {
        let Some(wanted) = self.config.mapped(key) else { return Ok(None) };
        Ok(self.custom_fields(operation).await?.iter().find(|field| field.is(wanted)))
    }

    /// What an asset tells in columns. Values stand by the names that people see, so the names are looked up before.
    pub(crate) fn facts(&self, asset: &Asset) -> BTreeMap<String, String> {
        let mut facts = BTreeMap::from([("kind".to_owned(), asset.scheme.clone())]);
        let mut tell = |key: &str, value: String| {
            if !value.is_empty() {
                facts.insert(key.to_owned(), value);
            }
        };
        tell("approval", asset.approval_status.clone().unwrap_or_default());
        for (key, wanted) in &self.config.mapped {
            let known = self.fields.get().and_then(|fields| fields.iter().find(|field| field.is(wanted)));
            let name = known.map_or(wanted.as_str(), |field| field.name.as_str());
            tell(key, texts(asset.additional.get(name).unwrap_or(&Value::Null)).join(", "));
        }
        facts
    }
}
