//! What Canto says, as it says it: numbers as texts or numbers, lists or `null`, and keys that may be missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use waybill_model::{Md5, Millis};

use crate::moments::moment;

/// A value that may be `null` or missing.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// Any value as one text.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The texts of a value: one, several, or none.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(text_of).filter(|text| !text.is_empty()).collect(),
        other => Some(text_of(other)).filter(|text| !text.is_empty()).into_iter().collect(),
    }
}

/// A number, or a text of digits.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// An asset. Hits of a search may have fewer keys than a detail.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Asset {
    pub(crate) id: String,
    pub(crate) scheme: String,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) owner_name: Option<String>,
    #[serde(default)]
    size: Value,
    md5: Option<String>,
    created: Option<String>,
    time: Option<String>,
    last_uploaded: Option<String>,
    pub(crate) approval_status: Option<String>,
    pub(crate) description: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    tag: Vec<Value>,
    #[serde(default, deserialize_with = "or_default")]
    keyword: Vec<Value>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) related_albums: Vec<InAlbum>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) version_history: Vec<VersionRow>,
    /// By the names that people see.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) default: Map<String, Value>,
    /// Custom fields, by the names that people see.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) additional: BTreeMap<String, Value>,
}

/// An album that an asset lies in.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InAlbum {
    pub(crate) id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) id_path: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) name_path: String,
}

/// One version of an asset.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionRow {
    #[serde(default)]
    no: Value,
    pub(crate) version_id: String,
    time: Option<String>,
    created: Option<String>,
    #[serde(default)]
    pub(crate) current_version: bool,
}

impl VersionRow {
    /// Its number, counted from one.
    pub(crate) fn number(&self) -> u64 {
        number(&self.no).unwrap_or(0)
    }

    /// When it was stored.
    pub(crate) fn at(&self) -> Option<Millis> {
        [&self.created, &self.time].into_iter().flatten().find_map(|text| moment(text))
    }
}

impl Asset {
    pub(crate) fn size(&self) -> Option<u64> {
        number(&self.size)
    }

    /// What Canto says that its bytes hash to.
    pub(crate) fn md5(&self) -> Option<Md5> {
        self.md5.as_deref()?.parse().ok()
    }

    /// When anything of it changed last.
    pub(crate) fn modified(&self) -> Option<Millis> {
        moment(self.time.as_deref()?)
    }

    pub(crate) fn created(&self) -> Option<Millis> {
        moment(self.created.as_deref()?)
    }

    /// When its bytes came.
    pub(crate) fn uploaded(&self) -> Option<Millis> {
        self.last_uploaded.as_deref().and_then(moment)
    }

    /// The version that a plain read gives.
    pub(crate) fn current(&self) -> Option<&VersionRow> {
        self.version_history.iter().find(|version| version.current_version)
    }

    /// What tells this revision from others: the version's id, else the digest, else when it came.
    pub(crate) fn mark(&self) -> Option<String> {
        let version = self.current().map(|version| version.version_id.clone());
        version.or_else(|| self.md5.clone()).or_else(|| self.last_uploaded.clone())
    }

    pub(crate) fn tags(&self) -> Vec<String> {
        self.tag.iter().map(text_of).collect()
    }

    pub(crate) fn keywords(&self) -> Vec<String> {
        self.keyword.iter().map(text_of).collect()
    }

    /// A value that people see by this name.
    pub(crate) fn seen(&self, name: &str) -> Option<String> {
        self.default.get(name).map(text_of).filter(|text| !text.is_empty())
    }
}

/// A page of what was found. `results` may be missing or `null`.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) results: Vec<Asset>,
    #[serde(default)]
    found: Value,
}

impl Found {
    /// How many there are in all.
    pub(crate) fn found(&self) -> u64 {
        number(&self.found).unwrap_or(self.results.len() as u64)
    }
}

/// A folder or an album.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Node {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) scheme: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) id_path: String,
    time: Option<String>,
}

impl Node {
    pub(crate) fn is_album(&self) -> bool {
        self.scheme == "album"
    }

    pub(crate) fn modified(&self) -> Option<Millis> {
        moment(self.time.as_deref()?)
    }
}

/// A piece of the tree.
#[derive(Debug, Deserialize)]
pub(crate) struct Tree {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) results: Vec<Node>,
}

/// Who we are.
#[derive(Debug, Deserialize)]
pub(crate) struct User {
    #[serde(rename = "userId")]
    id: Option<String>,
    name: Option<String>,
    email: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) permissions: Vec<Value>,
}

impl User {
    /// What people call the account; nobody where it is no account at all.
    pub(crate) fn shown(&self) -> Option<&str> {
        let names = [&self.name, &self.email, &self.id];
        names.into_iter().flatten().map(String::as_str).find(|name| !name.trim().is_empty())
    }

    /// Whether a right whose name holds this word is told.
    pub(crate) fn may(&self, word: &str) -> bool {
        self.permissions.iter().any(|right| text_of(right).to_lowercase().contains(word))
    }
}

/// A custom field.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CustomField {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub(crate) kind: String,
    #[serde(default, deserialize_with = "or_default")]
    values: Vec<Value>,
}

impl CustomField {
    /// Whether a person means it by this id or name.
    pub(crate) fn is(&self, wanted: &str) -> bool {
        self.id == wanted || self.name.eq_ignore_ascii_case(wanted)
    }

    /// The choices; any text goes where there are none.
    pub(crate) fn choices(&self) -> Vec<String> {
        self.values.iter().map(text_of).filter(|text| !text.is_empty()).collect()
    }
}

/// What became of uploads.
#[derive(Debug, Deserialize)]
pub(crate) struct Uploads {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) results: Vec<UploadRow>,
}

/// One upload.
#[derive(Debug, Deserialize)]
pub(crate) struct UploadRow {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) status: String,
    pub(crate) scheme: Option<String>,
    pub(crate) id: Option<String>,
}

/// What a deletion did, whatever its status says.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deleted {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) permission_fail: Vec<Value>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) delete_fail: Vec<Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_lists_and_nothing_are_read_in_every_form() {
        let asset: Asset = serde_json::from_value(json!({
            "id": "a", "scheme": "image", "name": "x.jpg", "size": "2976538", "tag": null, "keyword": ["hero"],
            "md5": "900150983cd24fb0d6963f7d28e17f72", "time": "20270301120000123", "unheardOf": {},
            "versionHistory": [{ "no": "1", "versionId": "v1", "currentVersion": true, "comment": null }],
            "additional": { "Market": ["DE", "FR"], "Rights": null }
        }))
        .unwrap();
        assert_eq!((asset.size(), asset.mark().as_deref()), (Some(2_976_538), Some("v1")));
        assert_eq!((asset.tags().len(), asset.keywords()), (0, vec!["hero".to_owned()]));
        assert_eq!(asset.md5().map(|md5| md5.to_string()).as_deref(), Some("900150983cd24fb0d6963f7d28e17f72"));
        assert_eq!(texts(&asset.additional["Market"]).join(", "), "DE, FR");
        assert!(texts(&asset.additional["Rights"]).is_empty());
    }

    #[test]
    fn nothing_found_is_read_in_every_form() {
        for none in [json!({ "found": 0, "results": null }), json!({ "found": "0" }), json!({ "results": [] })] {
            let found: Found = serde_json::from_value(none).unwrap();
            assert_eq!((found.found(), found.results.len()), (0, 0));
        }
    }
}
