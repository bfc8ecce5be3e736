//! What happened to a node.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Refused, collection};
use super::call::Call;
use super::view;
use super::world::{Event, World};

/// Kinds of events: number, key, and what people call them.
const KINDS: &[(i64, &str, &str)] = &[
    (1, "create", "Create"),
    (2, "delete", "Delete"),
    (3, "fetch", "Fetch"),
    (4, "view", "View"),
    (5, "addversion", "Version Added"),
    (6, "deleteversion", "Version Deleted"),
    (7, "rename", "Rename"),
    (8, "move", "Move"),
    (9, "copy", "Copy"),
    (10, "reserve", "Reserve"),
    (11, "unreserve", "Unreserve"),
    (12, "permissions", "Permissions Changed"),
    (13, "attrvalue", "Attribute Changed"),
    (14, "addcategory", "Category Added"),
    (15, "removecategory", "Category Removed"),
    (16, "restore", "Restore"),
    (17, "purgeversions", "Versions Purged"),
    (18, "classify", "Classification Applied"),
    (19, "rmclassify", "RM Classification Applied"),
    (20, "rmupdate", "Record Details Changed"),
    (21, "finalize", "Record Finalized"),
    (22, "applyhold", "Hold Applied"),
    (23, "removehold", "Hold Removed"),
    (24, "initiate", "Workflow Initiated"),
];

pub(super) fn route(world: &World, call: &Call) -> Option<Outcome> {
    match (call.verb(), call.path().as_slice()) {
        ("GET", ["v1" | "v2", "nodes", id, "audit"]) => Some(read(world, call, id)),
        _ => None,
    }
}

fn number_of(kind: &str) -> (i64, &'static str) {
    KINDS.iter().find(|(_, known, _)| *known == kind).map_or((0, "Other"), |(number, _, name)| (*number, *name))
}

fn read(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?.id;
    let (kind, user) = (call.int("where_type")?, call.int("where_user_id")?);
    let day = |name: &str| -> Result<Option<String>, Refused> {
        let Some(text) = call.filled(name) else { return Ok(None) };
        let day = text.get(..10).filter(|day| day.parse::<jiff::civil::Date>().is_ok());
        day.map(|day| Some(day.to_owned())).ok_or_else(|| Refused::wrong_type(name))
    };
    let (start, end) = (day("where_audit_date_start")?, day("where_audit_date_end")?);
    let mut events: Vec<&Event> = world.events.iter().filter(|event| event.node == node).collect();
    events.retain(|event| {
        let at = view::day(event.at);
        kind.is_none_or(|kind| number_of(event.kind).0 == kind)
            && user.is_none_or(|user| user == event.by)
            && start.as_ref().is_none_or(|start| at >= *start)
            && end.as_ref().is_none_or(|end| at <= *end)
    });
    let sort = call.filled("sort").unwrap_or_else(|| "desc_audit_date".to_owned());
    match sort.split_once('_').map_or(sort.as_str(), |(_, key)| key) {
        "user_id" => events.sort_by_key(|event| event.by),
        "event_type" | "audit_name" => events.sort_by_key(|event| number_of(event.kind).1),
        _ => {}
    }
    if sort.starts_with("desc") {
        events.reverse();
    }
    let expands = call.text("expand").unwrap_or_default();
    let person = |id: i64, field: &str| {
        let member = world.members.get(&id).filter(|_| expands.contains(field));
        member.map_or(json!(id), super::members::properties)
    };
    let page = call.page(100)?;
    let total = events.len();
    let rows: Vec<Value> = page
        .cut(events)
        .into_iter()
        .map(|event| {
            let (number, name) = number_of(event.kind);
            json!({
                "id": node, "event_type": number, "audit_name": name, "audit_date": view::time(event.at),
                "user_id": person(event.by, "user_id"), "agent_id": null, "target_user_id": event.target.map(|id| person(id, "target_user_id")),
            })
        })
        .collect();
    let kinds: Vec<Value> = KINDS.iter().map(|(id, _, name)| json!({ "id": id, "name": name })).collect();
    if call.path().first() == Some(&"v1") {
        let to = page.page.saturating_mul(page.limit).min(total);
        // Inferred: the key to go on from is the position, as events have no number of their own here.
        let next = json!({ "Identity": to, "NoMoreData": to == total });
        return Ok(Answer::json(json!({
            "data": rows, "definitions": {}, "definitions_order": [], "limit": page.limit, "offset_key": next,
            "page": page.page, "page_total": total.div_ceil(page.limit).max(1), "total": total, "sort": sort,
        })));
    }
    Ok(Answer::json(json!({
        "collection": collection(call, page, total, &sort),
        "links": {},
        "results": { "data": { "audit": rows, "audit_event_types": kinds } },
    })))
}
