//! Reading the tree: nodes, children, volumes, nicknames, ancestors, facets.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Page, Refused, list, paged, results, single};
use super::call::Call;
use super::node::{Node, is_container, kind, type_name};
use super::permissions;
use super::view;
use super::world::World;

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("POST", ["v2", "nodes", "list"]) => many(world, call),
        ("GET", ["v2", "nodes", id]) => one(world, call, id),
        ("GET", ["v1", "nodes", id]) => one_v1(world, call, id),
        ("GET", ["v2", "nodes", id, "nodes"]) => children(world, call, id, "limit"),
        ("GET", ["v1", "nodes", id, "nodes"]) => children_v1(world, call, id),
        ("GET", ["v3", "app", "container", id]) => children(world, call, id, "page_size"),
        ("GET", ["v2", "volumes"]) => volumes(world, call),
        ("GET", ["v1", "volumes"]) => volumes_v1(world, call),
        ("GET", ["v2", "nodes", id, "properties"]) => world
            .node(id, call.who)
            .and_then(|node| single(call, json!({ "properties": view::properties(world, node, call.who) }))),
        ("GET", ["v2", "volumes", kind]) if *kind != "recyclebin" => volume(world, call, kind),
        ("GET", ["v1" | "v2", "volumes", kind, "nodes"]) if *kind != "recyclebin" => {
            let id = world.volume(kind.parse().unwrap_or_default()).map(|node| node.id.to_string());
            match id.ok_or_else(|| Refused::new(500, format!("Subtype {kind} not registered"))) {
                Ok(id) if call.path().first() == Some(&"v1") => children_v1(world, call, &id),
                Ok(id) => children(world, call, &id, "limit"),
                Err(refused) => Err(refused),
            }
        }
        ("GET", ["v1", "volumes", kind]) => {
            let id = kind.parse().ok().and_then(|kind| world.volume(kind)).map(|node| node.id.to_string());
            id.ok_or_else(|| Refused::new(500, format!("Subtype {kind} not registered")))
                .and_then(|id| one_v1(world, call, &id))
        }
        ("GET", ["v2", "nicknames", nickname, "nodes"]) => by_nickname(world, call, nickname),
        ("PUT", ["v2", "nodes", id, "nicknames"]) => set_nickname(world, call, id),
        ("GET", ["v1" | "v2", "nodes", id, "ancestors"]) => {
            world.node(id, call.who).map(|node| Answer::json(json!({ "ancestors": view::ancestors(world, node) })))
        }
        ("GET", ["v2", "uniquenames"]) => unique_names(world, call),
        ("GET", ["v1" | "v2", "nodes", id, "columns"]) => columns(world, call, id),
        ("GET", ["v1", "nodes", id, "addablenodetypes"]) => addable(world, call, id),
        // Inferred: no bulk action waits; the call lists only what the installation offers.
        ("GET", ["v1", "bulkactions"]) => Ok(Answer::json(json!({ "data": [], "definitions": {} }))),
        ("GET", ["v2", "facets", id]) => facets(world, call, id),
        _ => return None,
    };
    Some(outcome)
}

fn one(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    if let Some(member) = world.members.get_mut(&call.who) {
        member.accessed.retain(|accessed| *accessed != id);
        member.accessed.push(id);
        if member.accessed.len() > 100 {
            member.accessed.remove(0);
        }
    }
    let node = world.known(id)?;
    results(call, view::whole(world, call, node))
}

fn one_v1(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let data = view::properties(world, node, call.who);
    let parent = world.nodes.get(&node.parent).map(|parent| view::properties(world, parent, call.who));
    Ok(Answer::json(json!({
        "ancestors": view::ancestors(world, node),
        "data": data,
        "definitions": definitions(),
        "definitions_base": [],
        "definitions_order": ["id", "type", "name", "description", "parent_id", "size", "create_date", "modify_date"],
        "parent": parent,
        "type": node.kind,
        "type_info": { "advanced_versioning": node.advanced_versioning, "container": is_container(node.kind) },
        "type_name": type_name(node.kind),
        "versions": node.versions.iter().map(|version| view::version(node, version)).collect::<Vec<Value>>(),
    })))
}

fn many(world: &World, call: &Call) -> Outcome {
    let ids = call.ints("ids")?;
    if ids.is_empty() {
        return Err(Refused::missing("ids"));
    }
    if ids.len() > 250 {
        return Err(Refused::bad("Too many items specified. The maximum is 250."));
    }
    let seen = ids.iter().filter_map(|id| world.visible(*id, call.who).ok());
    let rows: Vec<Value> = seen.map(|node| view::row(world, call, node)).collect();
    let total = rows.len();
    list(call, Page { page: 1, limit: 250 }, total, "asc_name", rows)
}

/// The children that a request selects, sorted.
fn selected<'a>(world: &'a World, call: &Call, id: i64) -> Result<Vec<&'a Node>, Refused> {
    let kinds = call.ints("where_type")?;
    let name = call.filled("where_name").map(|name| name.to_lowercase());
    let statuses = call.ints("where_status")?;
    let facets: Vec<String> =
        call.query().iter().filter(|(name, _)| name == "where_facet").map(|(_, v)| v.clone()).collect();
    let is_kind = |node: &Node| {
        kinds.is_empty()
            || kinds.iter().any(|kind| match kind {
                -1 => is_container(node.kind),
                // Inferred: everything that stands in a folder is searchable.
                -2 => true,
                -3 => !is_container(node.kind),
                kind => node.kind == *kind,
            })
    };
    let mut found: Vec<&Node> = world
        .children(id)
        .filter(|node| call.flag("show_hidden") || !node.hidden)
        .filter(|node| world.mask(node, call.who) & permissions::SEE == permissions::SEE)
        .filter(|node| is_kind(node))
        .filter(|node| name.as_ref().is_none_or(|name| node.name.to_lowercase().contains(name)))
        .filter(|node| statuses.is_empty() || node.status.is_some_and(|status| statuses.contains(&status)))
        .filter(|node| facets.iter().all(|facet| has_facet(world, node, facet)))
        .collect();
    sort(world, &mut found, &call.text("sort").unwrap_or_default());
    Ok(found)
}

fn sort(world: &World, found: &mut [&Node], by: &str) {
    let key = by.strip_prefix("asc_").or_else(|| by.strip_prefix("desc_")).unwrap_or(by);
    let name = |node: &&Node| node.name.to_lowercase();
    let size = |node: &&Node| {
        let bytes = node.newest().map_or(0, |version| version.content.size());
        if is_container(node.kind) { world.children(node.id).count() as u64 } else { bytes }
    };
    match key {
        "size" => found.sort_by_cached_key(|node| (size(node), name(node))),
        "modify_date" => found.sort_by_cached_key(|node| (node.modified, name(node))),
        "create_date" => found.sort_by_cached_key(|node| (node.created, name(node))),
        "type" => found.sort_by_cached_key(|node| (node.kind, name(node))),
        "id" => found.sort_by_key(|node| node.id),
        _ => found.sort_by_cached_key(name),
    }
    if by.starts_with("desc_") {
        found.reverse();
    }
}

fn container(world: &World, call: &Call, id: &str) -> Result<i64, Refused> {
    let id = world
        .node(id, call.who)
        .map_err(|refused| {
            if refused.status == 400 && refused.text.starts_with("Could") { refused.status(500) } else { refused }
        })?
        .id;
    world.demand(id, call.who, permissions::SEE_CONTENTS)?;
    Ok(id)
}

fn children(world: &World, call: &Call, id: &str, limit: &str) -> Outcome {
    let id = container(world, call, id)?;
    let found = selected(world, call, id)?;
    let page = call.page_by(limit, 25)?;
    let total = found.len();
    let rows = page.cut(found).into_iter().map(|node| view::row(world, call, node)).collect();
    let sort = call.filled("sort").unwrap_or_else(|| "asc_name".to_owned());
    list(call, page, total, &sort, rows)
}

fn children_v1(world: &World, call: &Call, id: &str) -> Outcome {
    let id = container(world, call, id)?;
    let found = selected(world, call, id)?;
    let page = call.page(25)?;
    let total = found.len();
    let rows: Vec<Value> =
        page.cut(found).into_iter().map(|node| Value::Object(view::properties(world, node, call.who))).collect();
    Ok(Answer::json(json!({
        "data": rows, "definitions": definitions(), "limit": page.limit, "page": page.page,
        "page_total": total.div_ceil(page.limit).max(1), "range_min": 1, "range_max": total, "sort": "asc_name",
        "total_count": total, "where_facet": [], "where_name": call.text("where_name").unwrap_or_default(), "where_type": [],
    })))
}

/// The volumes that somebody sees.
fn seen_volumes<'a>(world: &'a World, call: &Call) -> impl Iterator<Item = &'a Node> {
    let who = call.who;
    let seen = world.nodes.values().filter(|node| super::node::is_volume(node.kind));
    seen.filter(move |node| world.mask(node, who) & permissions::SEE == permissions::SEE)
}

fn volumes(world: &World, call: &Call) -> Outcome {
    paged(call, seen_volumes(world, call).map(|node| view::row(world, call, node)).collect(), 100)
}

fn volumes_v1(world: &World, call: &Call) -> Outcome {
    let rows: Vec<Value> =
        seen_volumes(world, call).map(|node| Value::Object(view::properties(world, node, call.who))).collect();
    let page = call.page(100)?;
    Ok(Answer::json(json!({
        "definitions": definitions(), "definitions_map": {}, "definitions_order": ["id", "type", "name"],
        "limit": page.limit, "page": page.page, "sort": "asc_name", "data": page.cut(rows),
    })))
}

fn volume(world: &World, call: &Call, kind: &str) -> Outcome {
    let kind: i64 = kind.parse().map_err(|_| Refused::wrong_type("volume_type"))?;
    let node = world.volume(kind).ok_or_else(|| Refused::new(500, format!("Subtype {kind} not registered")))?;
    let node = world.visible(node.id, call.who)?;
    results(call, view::whole(world, call, node))
}

fn by_nickname(world: &World, call: &Call, nickname: &str) -> Outcome {
    let missing = || Refused::new(404, "Sorry, no exact match was found for the nickname that you requested.");
    let named = |node: &&Node| node.nickname.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(nickname));
    let node = world.nodes.values().find(named).ok_or_else(missing)?;
    let node = world.visible(node.id, call.who).map_err(|_| missing())?;
    results(call, view::whole(world, call, node))
}

fn set_nickname(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, permissions::MODIFY)?;
    let nickname = call.text("nickname").ok_or_else(|| Refused::missing("nickname"))?;
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "!%()-{}[]\";'<>?,./\\#:".contains(c);
    // Inferred: the text; what a nickname may not hold is documented.
    let wrong = nickname.chars().count() > 248
        || nickname.chars().any(forbidden)
        || (!nickname.is_empty() && nickname.chars().all(|c| c.is_ascii_digit()));
    if wrong {
        return Err(Refused::bad(format!("The nickname '{nickname}' is not valid.")));
    }
    let same =
        |node: &Node| node.id != id && node.nickname.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(&nickname));
    if !nickname.is_empty() && world.nodes.values().any(same) {
        return Err(Refused::bad(format!("The nickname '{nickname}' is already in use.")));
    }
    let node = world.known_mut(id)?;
    node.nickname = (!nickname.is_empty()).then_some(nickname);
    world.touch(id, call.who);
    single(call, json!({ "properties": { "id": id } }))
}

fn unique_names(world: &World, call: &Call) -> Outcome {
    let names = call.list("where_names");
    let kind = call.int("where_subtype")?;
    let nodes = || world.nodes.values().filter(|node| kind.is_none_or(|kind| node.kind == kind));
    let mut rows = Vec::new();
    for node in nodes().filter(|node| world.visible(node.id, call.who).is_ok()) {
        let unique = node.nickname.clone().unwrap_or_else(|| node.name.clone());
        if names.is_empty() || names.iter().any(|name| unique.eq_ignore_ascii_case(name)) {
            rows.push(json!({ "NodeId": node.id, "NodeName": node.name, "UniqueName": unique }));
        }
    }
    results(call, rows)
}

fn definition(key: &str, name: &str, kind: i64, persona: &str) -> Value {
    json!({
        "key": key, "name": name, "type": kind, "persona": persona, "align": "left", "description": null, "hidden": false,
        "multi_value": false, "multilingual": false, "read_only": false, "required": false, "sort": true, "sort_key": key,
    })
}

fn definitions() -> Value {
    let rows = [
        ("type", "Type", 2, "type"),
        ("name", "Name", -1, ""),
        ("size", "Size", 2, ""),
        ("modify_date", "Modified", -7, ""),
        ("create_date", "Created", -7, ""),
        ("description", "Description", -1, ""),
        ("id", "ID", 2, "node"),
        ("parent_id", "Parent ID", 2, "node"),
        ("create_user_id", "Created By", 2, "user"),
        ("reserved", "Reserved", 5, ""),
    ];
    let rows = rows.map(|(key, name, kind, persona)| (key.to_owned(), definition(key, name, kind, persona)));
    Value::Object(Map::from_iter(rows))
}

/// What `metadata` adds to a node.
pub(super) fn metadata() -> Value {
    json!({ "properties": definitions() })
}

fn columns(world: &World, call: &Call, id: &str) -> Outcome {
    world.node(id, call.who)?;
    let rows = [("type", "Type", 2), ("name", "Name", -1), ("size", "Size", 2), ("modify_date", "Modified", -7)];
    let rows: Vec<Value> = rows
        .iter()
        .map(|(key, name, kind)| json!({ "data": { "columns": { "key": key, "column_key": key, "name": name, "data_type": kind, "sort_key": key } } }))
        .collect();
    paged(call, rows, 100)
}

fn addable(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let may = is_container(node.kind) && world.mask(node, call.who) & permissions::ADD_ITEMS != 0;
    let kinds: &[i64] = match node.kind {
        _ if !may => &[],
        133 | kind::CATEGORY_FOLDER => &[131, 132],
        198 | kind::CLASSIFICATION_TREE => &[196, 199],
        _ => &[0, 1, 136, 140, 144, 298, 848],
    };
    let (mut data, mut map, mut order) = (Map::new(), Map::new(), Vec::new());
    for kind in kinds {
        let key = type_name(*kind).to_lowercase().replace(' ', "_");
        data.insert(key.clone(), json!(format!("api/v1/forms/nodes/create?type={kind}&parent_id={}", node.id)));
        map.insert(key.clone(), json!({ "type": kind, "type_name": type_name(*kind) }));
        order.push(key);
    }
    Ok(Answer::json(
        json!({ "data": data, "definitions": map.clone(), "definitions_map": map, "definitions_order": order }),
    ))
}

/// Facets of a container: by type, by ending, by owner.
const FACETS: &[(i64, &str)] = &[(2481, "Content Type"), (2482, "Document Type"), (2483, "Owner")];

fn facet_value(world: &World, node: &Node, facet: i64) -> Option<(String, String)> {
    match facet {
        2481 => Some((node.kind.to_string(), type_name(node.kind).to_owned())),
        2482 => node.newest().map(|version| (version.mime_type.clone(), version.mime_type.clone())),
        _ => {
            world.members.get(&node.acl.owner.0).map(|member| (member.id.to_string(), super::members::name_of(member)))
        }
    }
}

/// Whether a node has one of the values of `facet:value|value`.
fn has_facet(world: &World, node: &Node, filter: &str) -> bool {
    let Some((facet, values)) = filter.split_once(':') else { return true };
    let Ok(facet) = facet.trim().parse::<i64>() else { return true };
    facet_value(world, node, facet).is_some_and(|(value, _)| values.split('|').any(|wanted| wanted == value))
}

fn facets(world: &World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    let found = selected(world, call, id)?;
    let most = call.int("top_values_limit")?.and_then(|most| usize::try_from(most).ok()).unwrap_or(10);
    let (mut facets, mut available) = (Map::new(), Vec::new());
    for (facet, name) in FACETS {
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for value in found.iter().filter_map(|node| facet_value(world, node, *facet)) {
            *counts.entry(value).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        let total = counts.len();
        counts.truncate(most);
        let values: Vec<Value> = counts
            .iter()
            .map(|((value, name), count)| json!({ "value": value, "name": name, "count": count, "percentage": count * 100 / found.len().max(1) }))
            .collect();
        facets.insert(
            facet.to_string(),
            json!({ "id": facet, "name": name, "total_displayable": total, "items_to_show": 5 }),
        );
        available.push(json!({ facet.to_string(): values }));
    }
    single(call, json!({ "facets": facets, "values": { "available": available, "selected": [] } }))
}
