//! What the server says, read leniently: numbers may be texts, ids may be objects, containers may be negative.

use jiff::Timestamp;
use serde_json::Value;
use waybill_model::Millis;

/// Subtypes of nodes that this connector tells apart.
pub(crate) mod kind {
    pub(crate) const FOLDER: i64 = 0;
    pub(crate) const SHORTCUT: i64 = 1;
    pub(crate) const CATEGORY: i64 = 131;
    pub(crate) const CATEGORY_FOLDER: i64 = 132;
    pub(crate) const DOCUMENT: i64 = 144;
    pub(crate) const CLASSIFICATION_TREE: i64 = 196;
    pub(crate) const CLASSIFICATION: i64 = 199;
    pub(crate) const RM_CLASSIFICATION: i64 = 551;
    pub(crate) const EMAIL: i64 = 749;
    pub(crate) const WORKSPACE: i64 = 848;
}

/// Volumes by their subtypes.
pub(crate) mod volume {
    pub(crate) const ENTERPRISE: i64 = 141;
    pub(crate) const CATEGORIES: i64 = 133;
    pub(crate) const CLASSIFICATIONS: i64 = 198;
    pub(crate) const RECORDS: i64 = 550;
}

/// A whole number, however it is spelled; of an object, its id.
pub(crate) fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Object(object) => int(object.get("id")?),
        _ => None,
    }
}

/// A text, or what a number or a flag is as one; nothing where it is empty.
pub(crate) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A yes, however it is spelled.
pub(crate) fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "yes"),
        Value::Number(number) => number.as_i64().is_some_and(|number| number != 0),
        _ => false,
    }
}

/// A time. One without a zone is taken as UTC, one without a time as the beginning of the day.
pub(crate) fn time(value: &Value) -> Option<Millis> {
    let text = value.as_str()?.trim();
    let zoned = text.parse::<Timestamp>().ok();
    // Inferred: times without a zone are in UTC, as those with one are.
    let found = zoned.or_else(|| format!("{text}Z").parse().ok()).or_else(|| format!("{text}T00:00:00Z").parse().ok());
    found.map(|time: Timestamp| Millis(time.as_millisecond()))
}

/// What one is called where an id was replaced by the person or thing itself.
pub(crate) fn name_of(value: &Value) -> Option<String> {
    text(value.get("name")?)
}

/// The rows of an answer: a list, or nothing.
pub(crate) fn rows(answer: &Value) -> &[Value] {
    answer.get("results").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether more pages follow the one that was asked. `got` rows came of at most `limit`.
pub(crate) fn has_more(answer: &Value, page: u64, limit: u64, got: usize) -> bool {
    let paging = answer.pointer("/collection/paging").or_else(|| answer.get("paging"));
    let told = paging.and_then(|paging| paging.get("page_total")).and_then(int);
    match told.and_then(|total| u64::try_from(total).ok()) {
        Some(total) => page < total,
        None => got as u64 >= limit,
    }
}

/// The newest version of a document, as a listing tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) number: u64,
    pub(crate) size: u64,
    pub(crate) stored: Option<Millis>,
    pub(crate) owner: Option<i64>,
}

impl Version {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let value = value.as_array().map_or(Some(value), |versions| versions.first())?;
        Some(Self {
            number: int(&value["version_number"]).and_then(|number| u64::try_from(number).ok())?,
            size: int(&value["file_size"]).and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            stored: time(&value["create_date"]).or_else(|| time(&value["file_create_date"])),
            owner: int(&value["owner_id"]),
        })
    }
}

/// A node.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) kind: i64,
    pub(crate) kind_name: String,
    pub(crate) parent: i64,
    pub(crate) container: bool,
    pub(crate) size: u64,
    pub(crate) modified: Option<Millis>,
    pub(crate) created_by: Option<i64>,
    pub(crate) version: Option<Version>,
    pub(crate) description: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) reserved: Option<(i64, Option<String>)>,
    pub(crate) reserved_since: Option<Millis>,
    /// The categories that a listing shows, by id.
    pub(crate) categories: Vec<i64>,
}

impl Node {
    /// Reads a row, or the result of a single call: `{"data": {"properties": …, "versions": …}}`.
    pub(crate) fn read(row: &Value) -> Option<Self> {
        let data = row.get("data").unwrap_or(row);
        let of = &data["properties"];
        let kind = int(&of["type"])?;
        // A volume's children name it by the negative of its id.
        let parent = int(&of["parent_id"]).unwrap_or(-1).abs();
        let reserved = int(&of["reserved_user_id"]).filter(|id| *id > 0);
        Some(Self {
            id: int(&of["id"])?.abs(),
            name: of["name"].as_str()?.to_owned(),
            kind,
            kind_name: text(&of["type_name"]).unwrap_or_default(),
            parent,
            container: of.get("container").map_or(kind == kind::FOLDER, flag),
            size: int(&of["size"]).and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            modified: time(&of["modify_date"]),
            created_by: int(&of["create_user_id"]),
            version: Version::read(&data["versions"]),
            description: text(&of["description"]),
            owner: text(&of["owner"]).or_else(|| name_of(&of["owner_user_id"])),
            reserved: reserved.map(|id| (id, name_of(&of["reserved_user_id"]))),
            reserved_since: time(&of["reserved_date"]),
            categories: categories_in(&data["categories"]),
        })
    }

    /// Whether it holds bytes.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.kind, kind::DOCUMENT | kind::EMAIL)
    }

    /// Bytes of the newest version.
    pub(crate) fn bytes(&self) -> u64 {
        self.version.as_ref().map_or(self.size, |version| version.size)
    }

    /// The mark of the newest version.
    pub(crate) fn mark(&self) -> Option<String> {
        self.version.as_ref().map(|version| mark(self.id, version.number))
    }
}

/// The ids of the categories whose values stand in a row.
fn categories_in(value: &Value) -> Vec<i64> {
    let sets = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let keys = sets.iter().filter_map(Value::as_object).flat_map(serde_json::Map::keys);
    let mut ids: Vec<i64> = keys.filter_map(|key| key.split('_').next()?.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The mark of a version: the node's id and the version's number, for a name may come to mean another node.
pub(crate) fn mark(node: i64, version: u64) -> String {
    format!("{node}.{version}")
}

/// What a mark stands for.
pub(crate) fn marked(mark: &str) -> Option<(i64, u64)> {
    let (node, version) = mark.split_once('.')?;
    Some((node.parse().ok()?, version.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_is_read_however_its_numbers_are_spelled() {
        let row = json!({ "data": {
            "properties": { "id": "5006", "name": "a", "type": 144, "parent_id": -66490, "size": 4, "container": false,
                "modify_date": "2024-05-31T08:15:30Z", "reserved_user_id": { "id": 1000, "name": "Admin" } },
            "versions": [{ "version_number": 2, "file_size": 4 }],
            "categories": [{ "5001_2": "x", "5001_3": null }, { "5009_2": "y" }],
        } });
        let node = Node::read(&row).unwrap();
        assert_eq!((node.id, node.parent, node.bytes()), (5006, 66490, 4));
        assert_eq!(node.mark().as_deref(), Some("5006.2"));
        assert_eq!(node.reserved, Some((1000, Some("Admin".to_owned()))));
        assert_eq!(node.categories, [5001, 5009]);
        assert_eq!(node.modified, Some(Millis(1_717_143_330_000)));
    }

    #[test]
    fn times_come_with_and_without_zone_and_time() {
        let at = |text: &str| time(&json!(text));
        assert_eq!(at("2026-01-31T08:15:00Z"), at("2026-01-31T08:15:00"));
        assert_eq!(at("2026-01-31"), at("2026-01-31T00:00:00Z"));
        assert_eq!(at("soon"), None);
    }

    #[test]
    fn a_list_goes_on_while_it_says_so_or_pages_are_full() {
        let told = json!({ "collection": { "paging": { "page_total": 3 } } });
        assert!(has_more(&told, 2, 10, 10) && !has_more(&told, 3, 10, 10));
        let untold = json!({});
        assert!(has_more(&untold, 1, 10, 10) && !has_more(&untold, 1, 10, 9));
    }
}
