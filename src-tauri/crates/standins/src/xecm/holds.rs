//! Holds: what keeps items from being deleted or changed, one at a time and in bulk.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused, collection, paged, results, single};
use super::call::Call;
use super::node::Node;
use super::permissions::{EDIT_ATTRIBUTES, SEE_CONTENTS};
use super::view;
use super::world::World;

/// A hold.
#[derive(Debug, Clone)]
pub(super) struct Hold {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) comment: String,
    pub(super) alternate: String,
    pub(super) applied: String,
    pub(super) patron: i64,
    pub(super) to_remove: String,
    pub(super) removed: Option<String>,
    pub(super) remover: Option<i64>,
    pub(super) parent: Option<i64>,
    pub(super) is_active: bool,
    pub(super) users: BTreeSet<i64>,
}

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("POST", ["v1", "holds"]) => create(world, call),
        ("PUT", ["v1", "holds"]) => update(world, call),
        ("PUT", ["v1", "holds", "move"]) => relocate(world, call),
        ("GET", ["v1" | "v2", "holds"]) => all(world, call),
        ("DELETE", ["v1", "holds", id]) => {
            parse(id, "id").and_then(|id| remove(world, id)).map(|id| Answer::json(json!({ "ok": true, "id": id })))
        }
        ("GET", ["v2", "holds" | "holdmaintenance", id]) => parse(id, "id")
            .and_then(|id| find(world, id))
            .and_then(|hold| single(call, json!({ "hold": row(world, hold) }))),
        ("GET", ["v2", "hold"]) => wanted(world, call)
            .and_then(|id| find(world, id))
            .and_then(|hold| single(call, json!({ "hold": row(world, hold) }))),
        ("DELETE", ["v2", "hold"]) => wanted(world, call)
            .and_then(|id| remove(world, id))
            .and_then(|id| results(call, json!({ "ok": true, "errMsg": "", "id": id }))),
        ("GET", ["v1", "nodes", id, "holds"]) => on_node(world, call, id),
        ("POST", ["v1", "nodes", id, "holds"]) => apply(world, call, id),
        ("DELETE", ["v1", "nodes", id, "holds", hold]) => lift(world, call, id, hold),
        ("POST", ["v1", "rmclassifications", "applyhold"]) => many(world, call, true),
        ("POST", ["v1", "rmclassifications", "removehold"]) => many(world, call, false),
        ("GET", ["v2", "holditems", id] | ["v2", "holditems", id, "page"]) => items(world, call, id),
        ("GET", ["v2", "userholds", "getusers", id]) => users(world, call, id),
        ("POST", ["v2", "userholds", "addusers"]) => set_users(world, call, true),
        ("POST", ["v2", "userholds", "removeusers"]) => set_users(world, call, false),
        _ => return None,
    };
    Some(outcome)
}

fn parse(text: &str, name: &str) -> Result<i64, Refused> {
    text.parse().map_err(|_| Refused::wrong_type(name))
}

fn find(world: &World, id: i64) -> Result<&Hold, Refused> {
    world.holds.get(&id).ok_or_else(|| Refused::bad(format!("Could not get a hold for {id}")))
}

fn find_mut(world: &mut World, id: i64) -> Result<&mut Hold, Refused> {
    world.holds.get_mut(&id).ok_or_else(|| Refused::bad(format!("Could not get a hold for {id}")))
}

fn wanted(world: &World, call: &Call) -> Result<i64, Refused> {
    if let Some(id) = call.int("id")? {
        return find(world, id).map(|hold| hold.id);
    }
    let name = call.filled("holdname").ok_or_else(|| Refused::missing("id"))?;
    let found = world.holds.values().find(|hold| hold.name == name);
    found.map(|hold| hold.id).ok_or_else(|| Refused::bad(format!("Could not get a hold for {name}")))
}

fn row(world: &World, hold: &Hold) -> Value {
    let name = |id: i64| world.members.get(&id).map(|member| member.name.clone());
    json!({
        "HoldID": hold.id,
        "HoldName": hold.name,
        "ActiveHold": i64::from(hold.is_active),
        "OBJECT": hold.id,
        "HoldType": hold.kind,
        "HoldComment": hold.comment,
        "DateApplied": hold.applied,
        "ApplyPatron": name(hold.patron),
        "DateToRemove": (!hold.to_remove.is_empty()).then_some(&hold.to_remove),
        "DateRemoved": hold.removed,
        "RemovalPatron": hold.remover.and_then(name),
        "AlternateHoldID": hold.alternate,
        "ParentID": hold.parent,
        "EditDate": null,
    })
}

fn not_inserted() -> Refused {
    Refused::bad("Could not insert into the Hold Disposition table")
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let (kind, name) = (call.need("type")?, call.need("name")?);
    let applied = call.need("date_applied")?;
    let is_day = |text: &str| text.get(..10).is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok());
    if !is_day(&applied)
        || world.holds.values().any(|hold| hold.name == name)
        || !["LEGAL", "AUDIT", "TAX"].contains(&kind.as_str())
    {
        return Err(not_inserted());
    }
    let id = world.fresh();
    let hold = Hold {
        id,
        name,
        kind,
        comment: call.text("comment").unwrap_or_default(),
        alternate: call.text("alternate_id").unwrap_or_default(),
        applied,
        patron: call.who,
        to_remove: call.text("date_to_remove").unwrap_or_default(),
        removed: None,
        remover: None,
        parent: call.int("parent_id")?,
        is_active: true,
        users: BTreeSet::new(),
    };
    world.holds.insert(id, hold);
    Ok(Answer::json(json!({ "holdID": id })))
}

fn update(world: &mut World, call: &Call) -> Outcome {
    let id = call.need_int("id")?;
    let now = view::day(world.now());
    let hold = find_mut(world, id)?;
    let fields = [
        ("name", &mut hold.name),
        ("type", &mut hold.kind),
        ("comment", &mut hold.comment),
        ("alternate_id", &mut hold.alternate),
        ("date_applied", &mut hold.applied),
        ("date_to_remove", &mut hold.to_remove),
    ];
    for (name, field) in fields {
        if let Some(value) = call.text(name) {
            *field = value;
        }
    }
    if call.has("active") || call.has("ActiveHold") {
        hold.is_active = call.flag("active") || call.flag("ActiveHold");
        hold.removed = (!hold.is_active).then_some(now);
        hold.remover = (!hold.is_active).then_some(call.who);
    }
    Ok(Answer::json(json!({ "holdID": id })))
}

fn relocate(world: &mut World, call: &Call) -> Outcome {
    let parent = call.int("parent_id")?.or(call.int("newParentID")?);
    let ids = if call.has("ids") { call.ints("ids")? } else { vec![call.need_int("id")?] };
    for id in &ids {
        find_mut(world, *id)?.parent = parent;
    }
    results(call, json!({ "ok": true, "errMsg": "", "ids": ids }))
}

fn all(world: &World, call: &Call) -> Outcome {
    let page = call.page(25)?;
    let rows: Vec<Value> = world.holds.values().map(|hold| row(world, hold)).collect();
    let total = rows.len();
    Ok(Answer::json(json!({
        "collection": collection(call, page, total, "asc_HoldName"),
        "links": {},
        "results": { "data": { "holds": page.cut(rows) }, "ok": true, "errMsg": "" },
    })))
}

/// Forgets a hold that holds nothing.
fn remove(world: &mut World, id: i64) -> Result<i64, Refused> {
    find(world, id)?;
    if world.nodes.values().any(|node| node.holds.contains_key(&id)) {
        // Inferred: the text; that a hold in use is not deleted is documented.
        return Err(Refused::bad("The Hold cannot be deleted because it is applied to items."));
    }
    world.holds.remove(&id);
    Ok(id)
}

fn on_node(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let mut rows = Vec::new();
    for (depth, source) in world.trail(node).into_iter().enumerate() {
        for (id, at) in &source.holds {
            let Some(hold) = world.holds.get(id) else { continue };
            rows.push(json!({
                "id": source.id, "name": source.name, "subtype": source.kind, "parent_id": source.parent, "hold_id": id,
                "hold_name": hold.name, "hold_type": hold.kind, "hold_comment": hold.comment,
                "hold_appliedmethod": if depth == 0 { "Direct" } else { "Inherited" }, "active": hold.is_active,
                "applied_by": hold.patron, "date_applied": view::time(*at), "removable": depth == 0, "userid": 0, "queryid": 0,
                "docxreftyp": "",
            }));
        }
    }
    Ok(Answer::json(json!({ "data": rows })))
}

fn put(world: &mut World, id: i64, hold: i64, who: i64) -> Result<(), Refused> {
    find(world, hold)?;
    let id = world.visible(id, who)?.id;
    world.demand(id, who, EDIT_ATTRIBUTES)?;
    let now = world.now();
    world.known_mut(id)?.holds.insert(hold, now);
    world.note(id, who, "applyhold", None);
    Ok(())
}

fn take(world: &mut World, id: i64, hold: i64, who: i64) -> Result<(), Refused> {
    let id = world.visible(id, who)?.id;
    world.demand(id, who, EDIT_ATTRIBUTES)?;
    world.known_mut(id)?.holds.remove(&hold).ok_or_else(|| Refused::bad("Object does not have this Hold"))?;
    world.note(id, who, "removehold", None);
    Ok(())
}

fn apply(world: &mut World, call: &Call, id: &str) -> Outcome {
    let hold = call.need_int("hold_id")?;
    put(world, parse(id, "id")?, hold, call.who)?;
    // Inferred: the documents leave this answer open; an empty object is what clients were seen to accept.
    Ok(Answer::json(json!({})))
}

fn lift(world: &mut World, call: &Call, id: &str, hold: &str) -> Outcome {
    take(world, parse(id, "id")?, parse(hold, "hold_id")?, call.who)?;
    Ok(Answer::json(json!({ "ok": true })))
}

fn many(world: &mut World, call: &Call, on: bool) -> Outcome {
    let hold = call.int("holdID")?.ok_or_else(|| Refused::new(404, "Hold ID is not specified"))?;
    let ids = call.ints("ids").map_err(|_| Refused::new(404, "ID is not an integer or is missing"))?;
    if ids.is_empty() {
        return Err(Refused::new(404, "ID is not an integer or is missing"));
    }
    find(world, hold)?;
    let (mut done, mut failed) = (Vec::new(), Map::new());
    for id in ids {
        let outcome = if on { put(world, id, hold, call.who) } else { take(world, id, hold, call.who) };
        match outcome {
            Ok(()) => done.push(id),
            Err(refused) => drop(failed.insert(id.to_string(), json!(refused.text))),
        }
    }
    // Inferred: the names of what a batch answers.
    results(call, json!({ "ok": failed.is_empty(), "errMsg": "", "nodesProcessed": done, "errors": failed }))
}

fn items(world: &World, call: &Call, id: &str) -> Outcome {
    let hold = find(world, parse(id, "id")?)?.id;
    let has = |node: &&Node| node.holds.contains_key(&hold) && world.mask(node, call.who) & SEE_CONTENTS != 0;
    paged(call, world.nodes.values().filter(has).map(|node| view::row(world, call, node)).collect(), 25)
}

fn users(world: &World, call: &Call, id: &str) -> Outcome {
    let hold = find(world, parse(id, "id")?)?;
    let rows: Vec<Value> =
        hold.users.iter().filter_map(|id| world.members.get(id)).map(super::members::properties).collect();
    single(call, json!({ "users": rows }))
}

fn set_users(world: &mut World, call: &Call, on: bool) -> Outcome {
    let id =
        call.int("holdID")?.or(call.int("hold_id")?).ok_or_else(|| Refused::new(404, "Hold ID is not specified"))?;
    let wanted = if call.has("userIDs") { call.ints("userIDs")? } else { call.ints("ids")? };
    let users = &mut find_mut(world, id)?.users;
    users.retain(|user| on || !wanted.contains(user));
    if on {
        users.extend(wanted);
    }
    results(call, json!({ "ok": true, "errMsg": "", "id": id }))
}
