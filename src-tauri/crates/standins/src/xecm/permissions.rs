//! Who may do what: the list of rights on a node, and the calls that read and change it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Refused, single};
use super::call::Call;
use super::node::Node;
use super::world::World;

/// Permissions by name, with the bits that masks show.
pub(super) const NAMES: &[(&str, u32)] = &[
    ("see", SEE),
    ("see_contents", SEE_CONTENTS),
    ("modify", MODIFY),
    ("edit_attributes", EDIT_ATTRIBUTES),
    ("add_items", ADD_ITEMS),
    ("reserve", RESERVE),
    ("add_major_version", ADD_MAJOR_VERSION),
    ("delete_versions", DELETE_VERSIONS),
    ("delete", DELETE),
    ("edit_permissions", EDIT_PERMISSIONS),
];

pub(super) const SEE: u32 = 130;
pub(super) const SEE_CONTENTS: u32 = 36_865;
pub(super) const MODIFY: u32 = 65_536;
pub(super) const EDIT_ATTRIBUTES: u32 = 131_072;
pub(super) const ADD_ITEMS: u32 = 4;
pub(super) const RESERVE: u32 = 8_192;
pub(super) const ADD_MAJOR_VERSION: u32 = 4_194_304;
pub(super) const DELETE_VERSIONS: u32 = 16_384;
pub(super) const DELETE: u32 = 8;
pub(super) const EDIT_PERMISSIONS: u32 = 16;
pub(super) const ALL: u32 = SEE
    | SEE_CONTENTS
    | MODIFY
    | EDIT_ATTRIBUTES
    | ADD_ITEMS
    | RESERVE
    | ADD_MAJOR_VERSION
    | DELETE_VERSIONS
    | DELETE
    | EDIT_PERMISSIONS;
pub(super) const READ: u32 = SEE | SEE_CONTENTS;
pub(super) const WRITE: u32 = ALL & !(DELETE | EDIT_PERMISSIONS | DELETE_VERSIONS);

/// The rights on a node. An owner of 0 is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Acl {
    pub(super) owner: (i64, u32),
    pub(super) group: (i64, u32),
    pub(super) public: Option<u32>,
    pub(super) custom: BTreeMap<i64, u32>,
}

pub(super) fn names_of(mask: u32) -> Vec<&'static str> {
    NAMES.iter().filter(|(_, bits)| mask & bits == *bits).map(|(name, _)| *name).collect()
}

fn mask_of(names: &[String]) -> Result<u32, Refused> {
    names.iter().try_fold(0, |mask, name| {
        let known = NAMES.iter().find(|(known, _)| known == name);
        known.map(|(_, bits)| mask | bits).ok_or_else(|| Refused::bad(format!("Invalid permission '{name}' specified")))
    })
}

pub(super) fn route(world: &mut World, call: &mut Call) -> Option<Outcome> {
    let path: Vec<String> = call.path().into_iter().map(str::to_owned).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let outcome = match (call.verb(), path.as_slice()) {
        ("GET", ["v2", "nodes", id, "permissions"]) => read(world, call, id),
        ("GET", ["v2", "nodes", id, "permissions", "effective", member]) => effective(world, call, id, member),
        ("GET", ["v2", "nodes", id, "permissions", "custom", member]) => one(world, call, id, member),
        ("GET", ["v2", "nodes", id, "permissions", kind @ ("owner" | "group" | "public" | "custom")]) => {
            of_kind(world, call, id, kind)
        }
        (
            "POST" | "PUT",
            ["v2", "nodes", id, "permissions", "custom"] | ["v2", "nodes", id, "permissions", "custom", "bulk"],
        ) => write(world, call, id, "custom", None),
        ("PUT", ["v2", "nodes", id, "permissions", "custom", member]) => write(world, call, id, "custom", Some(member)),
        ("POST" | "PUT", ["v2", "nodes", id, "permissions", kind @ ("owner" | "group" | "public")]) => {
            write(world, call, id, kind, None)
        }
        ("PUT", ["v2", "nodes", id, "permissions", kind @ ("owner" | "group"), member]) => {
            write(world, call, id, kind, Some(member))
        }
        ("DELETE", ["v2", "nodes", id, "permissions", "custom", member]) => remove(world, call, id, "custom", member),
        ("DELETE", ["v2", "nodes", id, "permissions", kind @ ("owner" | "group" | "public")]) => {
            remove(world, call, id, kind, "0")
        }
        _ => return None,
    };
    Some(outcome)
}

fn entry(kind: &str, right: Option<i64>, mask: u32) -> Value {
    json!({ "type": kind, "right_id": right, "permissions": names_of(mask) })
}

/// All entries of a node's rights, with members in place of their ids where a request asks for that.
pub(super) fn entries(world: &World, call: &Call, node: &Node) -> Vec<Value> {
    let acl = &node.acl;
    let mut entries = Vec::new();
    if acl.owner.0 != 0 {
        entries.push(entry("owner", Some(acl.owner.0), acl.owner.1));
    }
    if acl.group.0 != 0 {
        entries.push(entry("group", Some(acl.group.0), acl.group.1));
    }
    entries.extend(acl.public.map(|mask| entry("public", None, mask)));
    entries.extend(acl.custom.iter().map(|(member, mask)| entry("custom", Some(*member), *mask)));
    let expands = call.query().iter().any(|(name, text)| name == "expand" && text.contains("right_id"));
    for entry in entries.iter_mut().filter(|_| expands) {
        let member = entry["right_id"].as_i64().and_then(|id| world.members.get(&id));
        if let Some(member) = member {
            entry["right_id"] = super::members::properties(member);
        }
    }
    entries
}

fn read(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    single(call, json!({ "permissions": entries(world, call, node) }))
}

/// The entry of one kind; all of them where there may be several.
// Inferred: a kind that is not there is an empty object.
fn of_kind(world: &World, call: &Call, id: &str, kind: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let mut found = entries(world, call, node);
    found.retain(|entry| entry["type"] == kind);
    let shown = if kind == "custom" { json!(found) } else { found.pop().unwrap_or_else(|| json!({})) };
    single(call, json!({ "permissions": shown }))
}

fn one(world: &World, call: &Call, id: &str, member: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let member: i64 = member.parse().map_err(|_| Refused::wrong_type("right_id"))?;
    let mask = node.acl.custom.get(&member).ok_or_else(|| no_right(member))?;
    single(call, json!({ "permissions": entry("custom", Some(member), *mask) }))
}

fn no_right(member: i64) -> Refused {
    Refused::bad(format!("The assigned access for '{member}' does not exist on this item."))
}

fn effective(world: &World, call: &Call, id: &str, member: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let member: i64 = member.parse().map_err(|_| Refused::wrong_type("member_id"))?;
    if !world.members.contains_key(&member) {
        return Err(Refused::bad(format!("Could not get a member for {member}")));
    }
    let mask = world.mask(node, member);
    single(call, json!({ "permissions": { "permissions": names_of(mask), "right_id": member, "type": "effective" } }))
}

/// The nodes that a change applies to: this, its sub-items, both, this and its children.
fn reach(world: &World, id: i64, call: &Call) -> Result<Vec<i64>, Refused> {
    let below = || world.below(id);
    Ok(match call.int("apply_to")?.unwrap_or(0) {
        0 => vec![id],
        1 => below(),
        2 => std::iter::once(id).chain(below()).collect(),
        3 => std::iter::once(id).chain(world.children(id).map(|node| node.id)).collect(),
        _ => return Err(Refused::wrong_type("apply_to")),
    })
}

fn write(world: &mut World, call: &Call, id: &str, kind: &str, member: Option<&str>) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_PERMISSIONS)?;
    let mut drafts = vec![(call.list("permissions"), call.int("right_id")?)];
    let many = match call.value("permissions_array") {
        Some(Value::String(text)) => {
            serde_json::from_str(&text).map_err(|_| Refused::wrong_type("permissions_array"))?
        }
        other => other.unwrap_or_default(),
    };
    if let Value::Array(entries) = many {
        let number = |entry: &Value| super::call::text_of(&entry["right_id"]).and_then(|id| id.parse().ok());
        drafts = entries.iter().map(|entry| (super::call::list_of(&entry["permissions"]), number(entry))).collect();
    }
    let from_path =
        member.map(|member| member.parse::<i64>().map_err(|_| Refused::wrong_type("right_id"))).transpose()?;
    let apply = reach(world, id, call)?;
    for (names, right) in drafts {
        let mask = mask_of(&names)?;
        let right = from_path.or(right);
        let need = || right.ok_or_else(|| Refused::missing("right_id"));
        if let Some(right) = right.filter(|_| kind != "public")
            && !world.members.contains_key(&right)
        {
            return Err(Refused::bad(format!("Could not get a member for {right}")));
        }
        for id in &apply {
            let Some(node) = world.nodes.get_mut(id) else { continue };
            match kind {
                "owner" => node.acl.owner = (right.unwrap_or(node.acl.owner.0), mask),
                "group" => node.acl.group = (right.unwrap_or(node.acl.group.0), mask),
                "public" => node.acl.public = Some(mask),
                _ => drop(node.acl.custom.insert(need()?, mask)),
            }
        }
    }
    world.note(id, call.who, "permissions", None);
    read(world, call, &id.to_string())
}

fn remove(world: &mut World, call: &Call, id: &str, kind: &str, member: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_PERMISSIONS)?;
    let member: i64 = member.parse().map_err(|_| Refused::wrong_type("right_id"))?;
    let apply = reach(world, id, call)?;
    let node = world.known(id)?;
    if kind == "custom" && apply == [id] && !node.acl.custom.contains_key(&member) {
        return Err(no_right(member));
    }
    for id in apply {
        let Some(node) = world.nodes.get_mut(&id) else { continue };
        match kind {
            "owner" => node.acl.owner = (0, 0),
            "group" => node.acl.group = (0, 0),
            "public" => node.acl.public = None,
            _ => drop(node.acl.custom.remove(&member)),
        }
    }
    world.note(id, call.who, "permissions", None);
    Ok(Answer::json(json!({ "links": {}, "results": {} })))
}
