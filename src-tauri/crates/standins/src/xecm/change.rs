//! Changing and removing nodes: names, places, reservations, collections, the recycle bin.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused, paged, results, single};
use super::call::Call;
use super::create::{Spelling, container, give_roles, merge_categories, roles_of};
use super::node::{Node, is_volume, kind};
use super::permissions::{DELETE, MODIFY, RESERVE};
use super::view;
use super::world::{ADMIN, World};

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("PUT", ["v1" | "v2", "nodes", id]) => update(world, call, id),
        ("DELETE", ["v1" | "v2", "nodes", id]) => delete(world, call, id),
        ("PUT", ["v2", "nodes", id, "collection"]) => collect(world, call, id),
        ("GET", ["v2", "volumes", "recyclebin", "nodes"]) => bin(world, call),
        ("POST", ["v2", "volumes", "recyclebin", "nodes", "restore"]) => from_bin(world, call, restore),
        ("POST", ["v2", "volumes", "recyclebin", "nodes", "purge"]) => from_bin(world, call, purge),
        ("GET", ["v2", "reservemanagement", "nodes", id]) => waiting(world, call, id),
        ("POST", ["v2", "reservemanagement", "nodes", id]) => wait(world, call, id, true),
        ("DELETE", ["v2", "reservemanagement", "nodes", id]) => wait(world, call, id, false),
        _ => return None,
    };
    Some(outcome)
}

fn update(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    if let Some(token) = call.filled("metadata_token")
        && token != world.known(id)?.token()
    {
        return Err(Refused::edit_conflict());
    }
    if call.has("reserved_user_id") {
        reserve(world, call, id)?;
    }
    if let Some(collection) = call.int("collection_id")? {
        let remove = call.text("operation").as_deref() == Some("remove");
        put_into(world, collection, &[id], remove, call.who)?;
    }
    if let Some(parent) = call.int("parent_id")?
        && parent.abs() != world.known(id)?.parent
    {
        relocate(world, call, id, parent)?;
    }
    describe(world, call, id)?;
    let roles = roles_of(call);
    if !roles.is_empty() {
        give_roles(world, id, &roles, Spelling::Flat)?;
    }
    let node = world.known(id)?;
    single(call, json!({ "properties": view::properties(world, node, call.who) }))
}

/// Name, description and what else a node says about itself.
fn describe(world: &mut World, call: &Call, id: i64) -> Result<(), Refused> {
    let external = super::create::external(call);
    let maps = (call.object("name_multilingual"), call.object("description_multilingual"));
    let has_flags = ["hidden", "advanced_versioning", "status", "url"].iter().any(|name| call.has(name));
    let named = call.has("name") || call.has("description") || maps.0.is_some() || maps.1.is_some();
    if !named && !has_flags && external.is_empty() {
        return Ok(());
    }
    world.demand(id, call.who, MODIFY)?;
    world.demand_free(id, call.who, "changed")?;
    // The map of languages wins over the single name.
    let mapped = maps.0.as_ref().and_then(|names| names.get("en")).and_then(Value::as_str).map(str::to_owned);
    if maps.0.is_some() && !call.has("name") {
        return Err(Refused::missing("name"));
    }
    let name = mapped.or_else(|| call.text("name")).map(|name| World::fit_name(&name)).transpose()?;
    if let Some(name) = &name {
        world.demand_name(world.known(id)?.parent, name, id)?;
    }
    let (status, was) = (call.int("status")?, world.known(id)?.name.clone());
    let node = world.known_mut(id)?;
    if let Some(name) = name {
        node.name = name;
        node.names = maps.0.unwrap_or_default();
    }
    if let Some(description) = call.text("description") {
        node.description = description;
        node.descriptions = Map::new();
    }
    if let Some(descriptions) = maps.1 {
        node.description = descriptions.get("en").and_then(Value::as_str).unwrap_or(&node.description).to_owned();
        node.descriptions = descriptions;
    }
    if call.has("hidden") {
        node.hidden = call.flag("hidden");
    }
    if call.has("advanced_versioning") {
        node.advanced_versioning = call.flag("advanced_versioning");
    }
    node.url = call.filled("url").or_else(|| node.url.take());
    node.status = status.or(node.status);
    node.external.extend(external);
    let renamed = node.name != was;
    world.touch(id, call.who);
    world.note(id, call.who, if renamed { "rename" } else { "attrvalue" }, None);
    Ok(())
}

fn relocate(world: &mut World, call: &Call, id: i64, parent: i64) -> Result<(), Refused> {
    world.demand(id, call.who, DELETE)?;
    world.demand_free(id, call.who, "moved")?;
    let parent = container(world, parent, call.who)?;
    if is_volume(world.known(id)?.kind) || parent == id || world.below(id).contains(&parent) {
        return Err(Refused::bad("An item cannot be moved into itself."));
    }
    let name = call.filled("name").unwrap_or(world.known(id)?.name.clone());
    world.demand_name(parent, &name, id)?;
    world.known_mut(id)?.parent = parent;
    merge_categories(world, id, id, call)?;
    world.touch(id, call.who);
    world.note(id, call.who, "move", None);
    Ok(())
}

fn reserve(world: &mut World, call: &Call, id: i64) -> Result<(), Refused> {
    world.demand(id, call.who, RESERVE)?;
    let now = world.now();
    let reserved = world.known(id)?.reserved;
    let by = call.int("reserved_user_id")?.filter(|by| *by != 0);
    match (by, reserved) {
        (Some(by), Some((other, _))) if by != other => {
            let name = world.members.get(&other).map_or_else(String::new, |member| member.name.clone());
            // Inferred: the text.
            return Err(Refused::bad(format!("This item is already reserved by {name}.")));
        }
        (Some(by), _) if !world.members.contains_key(&by) => return Err(Refused::wrong_type("reserved_user_id")),
        (Some(by), None) => {
            world.known_mut(id)?.reserved = Some((by, now));
            world.note(id, call.who, "reserve", None);
        }
        (None, Some((other, _))) => {
            if other != call.who && call.who != ADMIN {
                return Err(Refused::no_access());
            }
            let node = world.known_mut(id)?;
            // Who waits first gets it.
            node.reserved = if node.waiting.is_empty() { None } else { Some((node.waiting.remove(0), now)) };
            world.note(id, call.who, "unreserve", None);
        }
        _ => {}
    }
    Ok(())
}

fn waiting(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let rows: Vec<Value> =
        node.waiting.iter().filter_map(|id| world.members.get(id)).map(super::members::properties).collect();
    single(call, json!({ "reserved_user_id": node.reserved.map(|(by, _)| by), "waiting_list": rows }))
}

fn wait(world: &mut World, call: &Call, id: &str, on: bool) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, RESERVE)?;
    let node = world.known_mut(id)?;
    node.waiting.retain(|member| *member != call.who);
    if on {
        if node.reserved.is_none() {
            return Err(Refused::bad("The item is not reserved."));
        }
        node.waiting.push(call.who);
    }
    waiting(world, call, &id.to_string())
}

fn collect(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    let ids = call.ints("ids")?;
    let remove = call.text("operation").as_deref() == Some("remove");
    put_into(world, id, &ids, remove, call.who)?;
    single(call, json!({ "properties": { "id": id }, "ids": ids }))
}

fn put_into(world: &mut World, collection: i64, ids: &[i64], remove: bool, who: i64) -> Result<(), Refused> {
    if world.visible(collection, who)?.kind != kind::COLLECTION {
        return Err(Refused::bad("The item is not a collection."));
    }
    world.demand(collection, who, MODIFY)?;
    for id in ids {
        world.visible(*id, who)?;
    }
    let collected = &mut world.known_mut(collection)?.collected;
    collected.retain(|id| !ids.contains(id));
    if !remove {
        collected.extend(ids);
    }
    Ok(())
}

fn delete(world: &mut World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let (id, kind) = (node.id, node.kind);
    if is_volume(kind) {
        return Err(Refused::no_access());
    }
    world.demand(id, call.who, DELETE)?;
    for inside in std::iter::once(id).chain(world.below(id)) {
        world.demand_free(inside, call.who, "deleted")?;
    }
    let at = world.now();
    world.note(id, call.who, "delete", None);
    if world.habits.recycle_bin {
        world.known_mut(id)?.deleted = Some((call.who, at));
    } else {
        world.uproot(id);
    }
    Ok(Answer::json(json!({ "links": {}, "results": {} })))
}

fn bin(world: &World, call: &Call) -> Outcome {
    let is_mine = |node: &Node| node.deleted.is_some_and(|(by, _)| by == call.who || call.who == ADMIN);
    let mut found: Vec<&Node> = world.nodes.values().filter(|node| is_mine(node)).collect();
    found.sort_by_key(|node| std::cmp::Reverse(node.deleted));
    let rows = found.into_iter().map(|node| {
        let mut row = view::row(world, call, node);
        if let Some((by, at)) = node.deleted {
            row["data"]["properties"]["deleted_user_id"] = json!(by);
            row["data"]["properties"]["deleted_date"] = json!(view::time(at));
        }
        row
    });
    paged(call, rows.collect(), 100)
}

/// Does something to each of the deleted nodes; what fails is told beside what did not.
fn from_bin(world: &mut World, call: &Call, deed: fn(&mut World, i64) -> Result<(), String>) -> Outcome {
    let ids = call.ints("ids")?;
    if ids.is_empty() {
        return Err(Refused::missing("ids"));
    }
    let (mut done, mut failed, mut errors) = (Vec::new(), Vec::new(), Map::new());
    for id in ids {
        let is_mine = world
            .nodes
            .get(&id)
            .and_then(|node| node.deleted)
            .is_some_and(|(by, _)| by == call.who || call.who == ADMIN);
        let outcome = if is_mine { deed(world, id) } else { Err(Refused::no_node(id).text) };
        match outcome {
            Ok(()) => done.push(id),
            Err(text) => {
                failed.push(id);
                errors.insert(id.to_string(), json!(text));
            }
        }
    }
    results(call, json!({ "success": { "ids": done }, "failure": { "ids": failed, "errors": errors } }))
}

fn restore(world: &mut World, id: i64) -> Result<(), String> {
    let node = world.known(id).map_err(|refused| refused.text)?;
    let (parent, name) = (node.parent, node.name.clone());
    if !world.nodes.get(&parent).is_some_and(|parent| world.is_alive(parent)) {
        return Err("The original location of the item does not exist.".to_owned());
    }
    world.demand_name(parent, &name, id).map_err(|refused| refused.text)?;
    world.known_mut(id).map_err(|refused| refused.text)?.deleted = None;
    world.note(id, ADMIN, "restore", None);
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the same shape as a restore, which can fail")]
fn purge(world: &mut World, id: i64) -> Result<(), String> {
    world.uproot(id);
    Ok(())
}
