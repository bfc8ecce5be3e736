//! The regions and slices of the search's index.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome};
use super::call::Call;

/// Regions that can be asked for.
pub(super) const REGIONS: &[(&str, &str)] = &[
    ("OTName", "Name"),
    ("OTSubType", "Item Type"),
    ("OTLocation", "Location"),
    ("OTParentID", "Parent"),
    ("OTDataID", "Object ID"),
    ("OTMIMEType", "MIME Type"),
    ("OTObjectSize", "Size"),
    ("OTFileSize", "File Size"),
    ("OTFileName", "File Name"),
    ("OTDComment", "Description"),
    ("OTCreateDate", "Created"),
    ("OTModifyDate", "Modified"),
    ("OTCreatedBy", "Created By"),
    ("OTOwnerID", "Owner"),
];

/// What can be asked of a region, and by what the list of regions is narrowed.
const FLAGS: [&str; 5] = ["queryable", "displayable", "search_by_default", "facet", "sortable"];

/// A region in the list of them.
// Inferred: which region is what; the documents name the flags alone.
fn described(key: &str, name: &str) -> Value {
    json!({
        "key": key, "name": key, "display_name": name, "queryable": true, "displayable": true,
        "search_by_default": matches!(key, "OTName" | "OTDComment" | "OTFileName"), "facet": key == "OTSubType",
        "sortable": !matches!(key, "OTSubType" | "OTLocation" | "OTMIMEType"),
    })
}

pub(super) fn route(call: &Call) -> Option<Outcome> {
    let rows: Vec<Value> = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v1", "regions"]) => {
            let is_wanted = |row: &Value| FLAGS.iter().all(|flag| !call.has(flag) || row[*flag] == call.flag(flag));
            REGIONS.iter().map(|(key, name)| described(key, name)).filter(is_wanted).collect()
        }
        // Inferred: the number of the slice.
        ("GET", ["v1", "slices"]) => vec![json!({ "id": 1, "name": "Enterprise", "default_slice": true })],
        _ => return None,
    };
    Some(Ok(Answer::json(json!({ "data": rows }))))
}
