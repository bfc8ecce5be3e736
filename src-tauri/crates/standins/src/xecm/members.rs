//! Users and groups, and what a user keeps for himself: favourites, what he opened, what he reserved.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Page, Refused, list, paged, single};
use super::call::Call;
use super::view;
use super::world::{Member, World};

/// The most members that one page may have.
const MOST: i64 = 100;

pub(super) fn properties(member: &Member) -> Value {
    let mut properties = json!({
        "id": member.id,
        "name": member.name,
        "type": i64::from(member.is_group),
        "type_name": if member.is_group { "Group" } else { "User" },
        "deleted": false,
        "initials": null,
        "name_formatted": name_of(member),
    });
    if !member.is_group {
        properties["first_name"] = json!(member.first_name);
        properties["last_name"] = json!(member.last_name);
        properties["middle_name"] = Value::Null;
        properties["business_email"] = json!(member.email);
        properties["personal_email"] = Value::Null;
        properties["group_id"] = json!(member.group);
        properties["title"] = Value::Null;
        properties["privilege_login"] = json!(true);
    }
    properties
}

/// A member's name as people read it.
pub(super) fn name_of(member: &Member) -> String {
    let full = format!("{} {}", member.first_name, member.last_name);
    if full.trim().is_empty() { member.name.clone() } else { full.trim().to_owned() }
}

fn row(member: &Member) -> Value {
    json!({ "data": { "properties": properties(member) } })
}

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v2", "members"]) => find(world, call),
        ("GET", ["v1", "members"]) => find_v1(world, call),
        ("GET", ["v2", "members", "memberof"]) => member_of(world, call, call.who),
        ("GET", ["v2", "members", "favorites"]) => {
            let ids = mine(world, call).map(|member| member.favorites.clone());
            ids.and_then(|ids| nodes(world, call, &ids))
        }
        ("GET", ["v2", "members", "favorites", "tabs"]) => paged(call, Vec::new(), 100),
        ("GET", ["v2", "members", "accessed"]) => {
            let ids = mine(world, call).map(|member| member.accessed.iter().rev().copied().collect::<Vec<i64>>());
            ids.and_then(|ids| nodes(world, call, &ids))
        }
        ("GET", ["v2", "members", "targets"]) => targets(world, call),
        ("GET", ["v2", "members", "reserved"]) => {
            let held = |by: Option<(i64, i64)>| by.is_some_and(|(by, _)| by == call.who);
            let ids: Vec<i64> = world.nodes.values().filter(|node| held(node.reserved)).map(|node| node.id).collect();
            nodes(world, call, &ids)
        }
        ("GET", ["v2", "members", "assignments"]) => super::workflows::assignments(world, call),
        ("GET", ["v2", "members", "moduleassignments", "ExpandAssignments", "workflow"]) => {
            super::workflows::assignments(world, call)
        }
        ("POST" | "PUT", ["v2", "members", "favorites", id]) => favor(world, call, id, true),
        ("DELETE", ["v2", "members", "favorites", id]) => favor(world, call, id, false),
        ("GET", ["v2", "members", id, "memberof"]) => {
            member(world, id).map(|member| member.id).and_then(|id| member_of(world, call, id))
        }
        ("GET", ["v2", "members", id, "members"]) => {
            member(world, id).map(|member| member.id).and_then(|id| members_of(world, call, id))
        }
        ("GET", ["v2", "members", id]) => {
            member(world, id).and_then(|member| single(call, json!({ "properties": properties(member) })))
        }
        ("GET", ["v1", "members", id]) => member(world, id)
            .map(|member| Answer::json(json!({ "data": properties(member), "type": i64::from(member.is_group) }))),
        _ => return None,
    };
    Some(outcome)
}

fn mine<'a>(world: &'a World, call: &Call) -> Result<&'a Member, Refused> {
    world.members.get(&call.who).ok_or_else(Refused::no_ticket)
}

fn member<'a>(world: &'a World, id: &str) -> Result<&'a Member, Refused> {
    let id: i64 = id.parse().map_err(|_| Refused::wrong_type("id"))?;
    world.members.get(&id).ok_or_else(|| Refused::bad(format!("Could not get a member for {id}")))
}

fn matching<'a>(world: &'a World, call: &Call) -> Result<Vec<&'a Member>, Refused> {
    if call.int("limit")?.is_some_and(|limit| limit > MOST) {
        return Err(Refused::bad("Invalid limit"));
    }
    let query = call.filled("query");
    let texts = ["where_name", "where_first_name", "where_last_name", "where_business_email"];
    if query.is_some() && texts.iter().any(|name| call.has(name)) {
        return Err(Refused::bad("The parameter 'query' cannot be used with 'where_name'."));
    }
    let kinds = call.ints("where_type")?;
    let has = |text: &str, wanted: &str| text.to_lowercase().contains(&wanted.to_lowercase());
    let starts = |text: &str, wanted: &str| text.to_lowercase().starts_with(&wanted.to_lowercase());
    let mut found: Vec<&Member> = world.members.values().collect();
    found.retain(|member| kinds.is_empty() || kinds.contains(&i64::from(member.is_group)));
    let of = |name: &str| call.filled(name);
    found.retain(|member| {
        query.as_ref().is_none_or(|query| has(&member.name, query) || has(&name_of(member), query))
            && of("where_name").is_none_or(|wanted| starts(&member.name, &wanted))
            && of("where_first_name").is_none_or(|wanted| starts(&member.first_name, &wanted))
            && of("where_last_name").is_none_or(|wanted| starts(&member.last_name, &wanted))
            && of("where_business_email").is_none_or(|wanted| starts(&member.email, &wanted))
    });
    let sort = call.text("sort").unwrap_or_default();
    match sort.trim_start_matches("asc_").trim_start_matches("desc_") {
        "last_name" => found.sort_by_key(|member| member.last_name.to_lowercase()),
        "first_name" => found.sort_by_key(|member| member.first_name.to_lowercase()),
        "name" => found.sort_by_key(|member| member.name.to_lowercase()),
        _ => {}
    }
    if sort.starts_with("desc_") {
        found.reverse();
    }
    Ok(found)
}

fn find(world: &World, call: &Call) -> Outcome {
    let rows = matching(world, call)?.into_iter().map(row).collect();
    paged(call, rows, 20)
}

fn find_v1(world: &World, call: &Call) -> Outcome {
    let rows: Vec<Value> = matching(world, call)?.into_iter().map(properties).collect();
    let page = call.page(20)?;
    let total = rows.len();
    Ok(Answer::json(json!({ "data": page.cut(rows), "limit": page.limit, "page": page.page, "total_count": total })))
}

fn member_of(world: &World, call: &Call, id: i64) -> Outcome {
    let mine = world.members.get(&id).ok_or_else(Refused::no_ticket)?;
    let groups = mine.groups.iter().chain((!mine.is_group).then_some(&mine.group));
    let mut ids: Vec<i64> = groups.copied().collect();
    ids.sort_unstable();
    ids.dedup();
    paged(call, ids.iter().filter_map(|id| world.members.get(id)).map(row).collect(), 100)
}

pub(super) fn members_of(world: &World, call: &Call, id: i64) -> Outcome {
    let within = |member: &&Member| member.groups.contains(&id) || (!member.is_group && member.group == id);
    paged(call, world.members.values().filter(within).map(row).collect(), 100)
}

fn nodes(world: &World, call: &Call, ids: &[i64]) -> Outcome {
    let name = call.filled("where_name").map(|name| name.to_lowercase());
    let is_wanted = |id: &i64| {
        let node = world.visible(*id, call.who);
        node.is_ok_and(|node| name.as_ref().is_none_or(|name| node.name.to_lowercase().contains(name)))
    };
    let seen: Vec<i64> = ids.iter().copied().filter(is_wanted).collect();
    let page: Page = call.page(100)?;
    let total = seen.len();
    let rows =
        page.cut(seen).into_iter().filter_map(|id| world.nodes.get(&id)).map(|node| view::row(world, call, node));
    list(call, page, total, "asc_name", rows.collect())
}

/// Containers that the user filed into, the last one first.
fn targets(world: &World, call: &Call) -> Outcome {
    // Inferred: a target is where the user created something; the documents say only "recent target browse locations".
    let mut ids = Vec::new();
    for event in world.events.iter().rev().filter(|event| event.by == call.who && event.kind == "create") {
        let Some(node) = world.nodes.get(&event.node) else { continue };
        if !ids.contains(&node.parent) && world.nodes.contains_key(&node.parent) {
            ids.push(node.parent);
        }
    }
    ids.truncate(10);
    nodes(world, call, &ids)
}

fn favor(world: &mut World, call: &Call, id: &str, on: bool) -> Outcome {
    let id = world.node(id, call.who)?.id;
    let member = world.members.get_mut(&call.who).ok_or_else(Refused::no_ticket)?;
    member.favorites.retain(|favorite| *favorite != id);
    if on {
        member.favorites.push(id);
    }
    single(call, json!({ "properties": { "id": id, "favorite": on } }))
}
