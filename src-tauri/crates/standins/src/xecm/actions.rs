//! What a member may do with nodes, as links: a link that is absent is not permitted.

use serde_json::{Map, Value, json};

use super::answer::{Outcome, Refused, results};
use super::call::Call;
use super::node::{Node, is_container, kind};
use super::permissions as may;
use super::world::World;

/// Actions by name: how, where, and with what right.
const ACTIONS: &[(&str, &str, &str, u32)] = &[
    ("addcategory", "POST", "/categories", may::EDIT_ATTRIBUTES),
    ("addversion", "POST", "/versions", may::ADD_MAJOR_VERSION),
    ("audit", "GET", "/audit", may::SEE),
    ("browse", "GET", "/nodes", may::SEE_CONTENTS),
    ("copy", "POST", "", may::SEE_CONTENTS),
    ("delete", "DELETE", "", may::DELETE),
    ("download", "GET", "/content?action=download", may::SEE_CONTENTS),
    ("edit", "GET", "/content", may::MODIFY),
    ("editpermissions", "PUT", "/permissions", may::EDIT_PERMISSIONS),
    ("makefavorite", "POST", "/favorites", may::SEE),
    ("move", "PUT", "", may::DELETE),
    ("open", "GET", "/content?action=open", may::SEE_CONTENTS),
    ("permissions", "GET", "/permissions", may::SEE),
    ("properties", "GET", "", may::SEE),
    ("properties-specific", "GET", "", may::SEE),
    ("rename", "PUT", "", may::MODIFY),
    ("reserve", "PUT", "", may::RESERVE),
    ("unreserve", "PUT", "", may::RESERVE),
    ("versionscontrol", "GET", "/versions", may::SEE_CONTENTS),
];

fn applies(world: &World, node: &Node, name: &str, who: i64) -> bool {
    let is_document = node.kind == kind::DOCUMENT;
    match name {
        "browse" => is_container(node.kind),
        "open" | "download" | "edit" | "addversion" | "versionscontrol" => is_document,
        "delete" | "move" | "rename" => {
            !super::node::is_volume(node.kind) && world.demand_free(node.id, who, "changed").is_ok()
        }
        "reserve" => is_document && node.reserved.is_none(),
        "unreserve" => node.reserved.is_some_and(|(by, _)| by == who || who == super::world::ADMIN),
        _ => true,
    }
}

/// The actions of a node among those that are wanted.
pub(super) fn of(world: &World, node: &Node, who: i64, wanted: &[String]) -> Value {
    let mask = world.mask(node, who);
    let (mut data, mut order) = (Map::new(), Vec::new());
    for (name, method, below, needed) in ACTIONS {
        let is_wanted = wanted.is_empty() || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
        if is_wanted && mask & needed == *needed && applies(world, node, name, who) {
            let href = format!("/api/v2/nodes/{}{below}", node.id);
            let link = json!({ "body": "", "content_type": "", "form_href": "", "href": href, "method": method, "name": name });
            data.insert((*name).to_owned(), link);
            order.push(*name);
        }
    }
    let default = if is_container(node.kind) { "browse" } else { "open" };
    let map = if data.contains_key(default) { json!({ "default_action": default }) } else { json!({}) };
    json!({ "data": data, "map": map, "order": order })
}

pub(super) fn route(world: &World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        (verb @ ("GET" | "POST"), ["v2", "nodes", "actions"]) => many(world, call, verb == "GET"),
        ("GET", ["v2", "nodes", id, "actions"]) => {
            world.node(id, call.who).and_then(|node| results(call, of(world, node, call.who, &call.list("actions"))))
        }
        ("GET", ["v1", "nodes", id, "actions"]) => world
            .node(id, call.who)
            .map(|node| super::answer::Answer::json(of(world, node, call.who, &call.list("actions")))),
        _ => return None,
    };
    Some(outcome)
}

fn many(world: &World, call: &Call, is_limited: bool) -> Outcome {
    let ids = call.ints("ids")?;
    if ids.is_empty() {
        return Err(Refused::missing("ids"));
    }
    if is_limited && ids.len() > 100 {
        return Err(Refused::bad("Too many items specified. The maximum is 100."));
    }
    let wanted = call.list("actions");
    let seen = ids.iter().filter_map(|id| world.visible(*id, call.who).ok());
    let found: Map<String, Value> =
        seen.map(|node| (node.id.to_string(), of(world, node, call.who, &wanted))).collect();
    results(call, found)
}
