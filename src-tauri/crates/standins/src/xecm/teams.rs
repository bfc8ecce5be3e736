//! The team of a workspace, and the workspaces that are related to it.

use serde_json::{Value, json};

use super::answer::{Outcome, Refused, paged, results, single};
use super::call::{Call, list_of};
use super::members;
use super::node::{Node, Role};
use super::permissions::{EDIT_PERMISSIONS, MODIFY, NAMES};
use super::workspace_lists::{is_named, listed, numbers};
use super::workspaces::{row, space};
use super::world::World;

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v2", "businessworkspaces", id, "roles"]) => roles(world, call, id),
        ("POST", ["v2", "businessworkspaces", id, "roles"]) => add_role(world, call, id),
        ("GET", ["v2", "businessworkspaces", id, "roles", role]) => {
            role_of(world, call, id, role).and_then(|(_, role)| single(call, json!({ "properties": properties(role) })))
        }
        ("PUT", ["v2", "businessworkspaces", id, "roles", role]) => set_role(world, call, id, role),
        ("DELETE", ["v2", "businessworkspaces", id, "roles", role]) => remove_role(world, call, id, role),
        ("GET", ["v2", "businessworkspaces", id, "members"]) => all_members(world, call, id),
        ("GET", ["v2", "businessworkspaces", id, "roles", role, "members"]) => {
            role_of(world, call, id, role).and_then(|(_, role)| {
                let rows = role.members.iter().filter_map(|id| world.members.get(id));
                paged(
                    call,
                    rows.map(|member| json!({ "data": { "properties": members::properties(member) } })).collect(),
                    100,
                )
            })
        }
        ("GET", ["v2", "businessworkspaces", id, "roles", role, "members", member]) => {
            in_role(world, call, id, role, member)
        }
        ("GET", ["v2", "businessworkspaces", id, "members", member, "members"]) => {
            below_member(world, call, id, member)
        }
        ("GET", ["v2", "businessworkspaceroles"]) => every_role(world, call),
        ("POST", ["v2", "businessworkspaces", id, "roles", role, "members"]) => join(world, call, id, role),
        ("DELETE", ["v2", "businessworkspaces", id, "roles", role, "members", member]) => {
            leave(world, call, id, role, member)
        }
        ("GET", ["v2", "businessworkspaces", id, "relateditems"]) => related(world, call, id),
        ("POST", ["v2", "businessworkspaces", id, "relateditems"]) => add_relation(world, call, id),
        ("DELETE", ["v2", "businessworkspaces", id, "relateditems", other]) => remove_relation(world, call, id, other),
        _ => return None,
    };
    Some(outcome)
}

fn properties(role: &Role) -> Value {
    json!({
        "id": role.id, "name": role.name, "description": role.description, "leader": role.leader, "perms": role.perms,
        "inherited_from_id": role.inherited_from, "type": 848, "type_name": "Business Workspace Role", "deleted": false,
        "member_count": role.members.len(),
    })
}

fn role_of<'a>(world: &'a World, call: &Call, id: &str, role: &str) -> Result<(&'a Node, &'a Role), Refused> {
    let node = world.known(space(world, call, id)?)?;
    let wanted: i64 = role.parse().map_err(|_| Refused::wrong_type("role_id"))?;
    let roles = node.workspace.iter().flat_map(|workspace| &workspace.roles);
    let found = roles.into_iter().find(|role| role.id == wanted);
    found.map(|role| (node, role)).ok_or_else(|| Refused::bad(format!("Could not get a role for {role}")))
}

fn change(world: &mut World, call: &Call, id: &str, role: &str, deed: impl FnOnce(&mut Role)) -> Result<i64, Refused> {
    let (node, found) = role_of(world, call, id, role)?;
    let (node, role) = (node.id, found.id);
    world.demand(node, call.who, EDIT_PERMISSIONS)?;
    let workspace = world.known_mut(node)?.workspace.as_mut();
    if let Some(role) = workspace.and_then(|workspace| workspace.roles.iter_mut().find(|known| known.id == role)) {
        deed(role);
    }
    Ok(node)
}

fn roles(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.known(space(world, call, id)?)?;
    let roles = node.workspace.iter().flat_map(|workspace| &workspace.roles);
    results(call, roles.map(|role| json!({ "data": { "properties": properties(role) } })).collect::<Vec<Value>>())
}

fn add_role(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = space(world, call, id)?;
    world.demand(id, call.who, EDIT_PERMISSIONS)?;
    let role = Role {
        id: world.fresh(),
        name: call.need("name")?,
        description: call.text("description").unwrap_or_default(),
        leader: call.flag("leader"),
        perms: super::permissions::READ,
        inherited_from: None,
        members: std::collections::BTreeSet::new(),
    };
    let document = properties(&role);
    if let Some(workspace) = &mut world.known_mut(id)?.workspace {
        workspace.roles.push(role);
    }
    single(call, json!({ "properties": document }))
}

fn set_role(world: &mut World, call: &Call, id: &str, role: &str) -> Outcome {
    let names = call.value("permissions").map(|value| list_of(&value));
    let mut mask = 0;
    for name in names.iter().flatten() {
        let known = NAMES.iter().find(|(known, _)| known == name);
        mask |= known
            .map(|(_, bits)| *bits)
            .ok_or_else(|| Refused::bad(format!("Invalid permission '{name}' specified")))?;
    }
    let id = change(world, call, id, role, |role| {
        if names.is_some() {
            role.perms = mask;
        }
        role.name = call.filled("name").unwrap_or_else(|| std::mem::take(&mut role.name));
        role.description = call.text("description").unwrap_or_else(|| std::mem::take(&mut role.description));
        if call.has("leader") {
            role.leader = call.flag("leader");
        }
    })?;
    let (_, role) = role_of(world, call, &id.to_string(), role)?;
    single(call, json!({ "properties": properties(role) }))
}

fn remove_role(world: &mut World, call: &Call, id: &str, role: &str) -> Outcome {
    let (node, found) = role_of(world, call, id, role)?;
    if found.leader {
        return Err(Refused::bad("The role of the team lead cannot be deleted."));
    }
    let (node, role) = (node.id, found.id);
    world.demand(node, call.who, EDIT_PERMISSIONS)?;
    if let Some(workspace) = &mut world.known_mut(node)?.workspace {
        workspace.roles.retain(|known| known.id != role);
    }
    results(call, json!({}))
}

fn all_members(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.known(space(world, call, id)?)?;
    let roles = node.workspace.iter().flat_map(|workspace| &workspace.roles);
    let mut ids: Vec<i64> = roles.flat_map(|role| role.members.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = ids.iter().filter_map(|id| world.members.get(id));
    paged(call, rows.map(|member| json!({ "data": { "properties": members::properties(member) } })).collect(), 100)
}

fn member_id(text: &str) -> Result<i64, Refused> {
    text.parse().map_err(|_| Refused::wrong_type("member_id"))
}

/// One of a role's members.
fn in_role(world: &World, call: &Call, id: &str, role: &str, member: &str) -> Outcome {
    let (_, role) = role_of(world, call, id, role)?;
    let wanted = member_id(member)?;
    let found = role.members.get(&wanted).and_then(|id| world.members.get(id));
    let found = found.ok_or_else(|| Refused::bad(format!("Could not get a member for {wanted}")))?;
    single(call, json!({ "properties": members::properties(found) }))
}

/// The members of a group that is a member of a workspace's team.
fn below_member(world: &World, call: &Call, id: &str, member: &str) -> Outcome {
    let node = world.known(space(world, call, id)?)?;
    let wanted = member_id(member)?;
    let mut roles = node.workspace.iter().flat_map(|workspace| &workspace.roles);
    if !roles.any(|role| role.members.contains(&wanted)) {
        return Err(Refused::bad(format!("Could not get a member for {wanted}")));
    }
    members::members_of(world, call, wanted)
}

/// The roles of all workspaces that somebody sees.
// Inferred: what is searched is the role's name.
fn every_role(world: &World, call: &Call) -> Outcome {
    let wanted = call.filled("query").unwrap_or_default().to_lowercase();
    let mut rows = Vec::new();
    for node in world.nodes.values().filter(|node| world.visible(node.id, call.who).is_ok()) {
        let roles = node.workspace.iter().flat_map(|workspace| &workspace.roles);
        for role in roles.filter(|role| role.name.to_lowercase().contains(&wanted)) {
            rows.push(json!({ "data": {
                "deleted": false, "id": role.id, "initials": null, "leader_id": null, "name": role.name,
                "name_formatted": role.name, "node_id": node.id, "type": 848, "type_name": "Business Workspace Role",
            } }));
        }
    }
    paged(call, rows, 100)
}

fn join(world: &mut World, call: &Call, id: &str, role: &str) -> Outcome {
    let member = call.need_int("id")?;
    let document = world.members.get(&member).map(members::properties);
    let document = document.ok_or_else(|| Refused::bad(format!("Could not get a member for {member}")))?;
    change(world, call, id, role, |role| {
        role.members.insert(member);
    })?;
    single(call, json!({ "properties": document }))
}

fn leave(world: &mut World, call: &Call, id: &str, role: &str, member: &str) -> Outcome {
    let member: i64 = member.parse().map_err(|_| Refused::wrong_type("member_id"))?;
    if !role_of(world, call, id, role)?.1.members.contains(&member) {
        return Err(Refused::bad(format!("Could not get a member for {member}")));
    }
    change(world, call, id, role, |role| {
        role.members.remove(&member);
    })?;
    results(call, json!({}))
}

fn children_of(world: &World, id: i64) -> Vec<i64> {
    world
        .nodes
        .get(&id)
        .and_then(|node| node.workspace.as_ref())
        .map(|workspace| workspace.children.iter().copied().collect())
        .unwrap_or_default()
}

fn parents_of(world: &World, id: i64) -> Vec<i64> {
    let has = |node: &&Node| node.workspace.as_ref().is_some_and(|workspace| workspace.children.contains(&id));
    world.nodes.values().filter(has).map(|node| node.id).collect()
}

fn related(world: &World, call: &Call, id: &str) -> Outcome {
    let id = space(world, call, id)?;
    let mut kinds: Vec<String> = call.list("where_rel_types");
    kinds.extend(call.filled("where_relationtype"));
    kinds.extend(call.filled("where_rel_type"));
    let wants = |kind: &str| kinds.is_empty() || kinds.iter().any(|wanted| wanted == kind);
    let types = numbers(call, &["where_workspace_type_id", "where_workspace_type_ids"]);
    let name = call.filled("where_name");
    let mut found = Vec::new();
    for (kind, ids) in [("child", children_of(world, id)), ("parent", parents_of(world, id))] {
        if wants(kind) {
            found.extend(ids.into_iter().filter_map(|id| world.visible(id, call.who).ok()).map(|node| (kind, node)));
        }
    }
    found.retain(|(_, node)| {
        let kind = node.workspace.as_ref().map(|workspace| workspace.kind);
        (types.is_empty() || kind.is_some_and(|kind| types.contains(&kind)))
            && name.as_ref().is_none_or(|wanted| is_named(&node.name, wanted))
    });
    found.sort_by_cached_key(|(_, node)| node.name.to_lowercase());
    let kinds: Vec<(i64, &str)> = found.iter().map(|(kind, node)| (node.id, *kind)).collect();
    listed(world, call, found.into_iter().map(|(_, node)| node).collect(), |node| {
        let mut row = row(world, call, node);
        let kind = kinds.iter().find(|(id, _)| *id == node.id).map(|(_, kind)| *kind);
        row["data"]["properties"]["rel_type"] = json!(kind);
        row
    })
}

/// Relates two workspaces; the relation is kept at the parent.
pub(super) fn relate(world: &mut World, id: i64, other: i64, kind: &str) -> Result<(), Refused> {
    let (parent, child) = match kind {
        "child" => (id, other),
        "parent" => (other, id),
        _ => return Err(Refused::wrong_type("rel_type")),
    };
    if parent == child || world.known(child)?.workspace.is_none() {
        return Err(Refused::no_node(other));
    }
    let workspace = world.known_mut(parent)?.workspace.as_mut().ok_or_else(|| Refused::no_node(other))?;
    workspace.children.insert(child);
    Ok(())
}

fn add_relation(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = space(world, call, id)?;
    world.demand(id, call.who, MODIFY)?;
    let other = call.need_int("rel_bw_id")?;
    world.visible(other, call.who)?;
    let kind = call.filled("rel_type").unwrap_or_else(|| "child".to_owned());
    relate(world, id, other, &kind)?;
    single(call, json!({ "properties": { "rel_bw_id": other, "rel_type": kind } }))
}

fn remove_relation(world: &mut World, call: &Call, id: &str, other: &str) -> Outcome {
    let id = space(world, call, id)?;
    world.demand(id, call.who, MODIFY)?;
    let other: i64 = other.parse().map_err(|_| Refused::wrong_type("rel_bw_id"))?;
    let is_parent = call.text("rel_type").as_deref() == Some("parent");
    let (parent, child) = if is_parent { (other, id) } else { (id, other) };
    let workspace = world.nodes.get_mut(&parent).and_then(|node| node.workspace.as_mut());
    if !workspace.is_some_and(|workspace| workspace.children.remove(&child)) {
        return Err(Refused::bad("The workspaces are not related."));
    }
    results(call, json!({}))
}
