//! What a node is cleared for, and which other nodes it refers to.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Refused};
use super::call::Call;
use super::permissions::EDIT_ATTRIBUTES;
use super::world::World;

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v1", "nodes", id, "securityclearances"]) => clearance(world, call, id),
        ("PUT", ["v1", "nodes", id, "securityclearances"]) => set_clearance(world, call, id),
        ("GET", ["v1", "nodes", id, "xrefs"]) => xrefs(world, call, id),
        ("POST" | "PUT", ["v1", "nodes", id, "xrefs"]) => add_xref(world, call, id),
        ("DELETE", ["v1", "nodes", id, "xrefs", kind, "refnodes", other]) => remove_xref(world, call, id, kind, other),
        _ => return None,
    };
    Some(outcome)
}

fn clearance(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    Ok(Answer::json(json!({
        "data": { "security_clearance_level": node.clearance, "supplemental_markings": node.markings },
        "results": { "data": { "securityclearancelevel": node.clearance, "supplementalmarkings": node.markings } },
    })))
}

fn set_clearance(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let level = call.int("securityLevel")?.or(call.int("security_level")?).or(call.int("securityclearancelevel")?);
    let below = if call.flag("includeSubItems") { world.below(id) } else { Vec::new() };
    let markings = call.has("suppMarks").then(|| call.list("suppMarks"));
    for id in std::iter::once(id).chain(below) {
        let node = world.known_mut(id)?;
        node.clearance = level.unwrap_or(node.clearance);
        node.markings = markings.clone().unwrap_or_else(|| std::mem::take(&mut node.markings));
    }
    clearance(world, call, &id.to_string())
}

fn xrefs(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let rows: Vec<Value> = node
        .xrefs
        .iter()
        .filter_map(|(kind, other)| {
            let other = world.visible(*other, call.who).ok()?;
            Some(json!({ "xref_type": kind, "id": other.id, "name": other.name, "type": other.kind }))
        })
        .collect();
    Ok(Answer::json(json!({ "data": rows })))
}

fn add_xref(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let kind =
        call.filled("xref_type").or_else(|| call.filled("xreftype")).ok_or_else(|| Refused::missing("xref_type"))?;
    let others = if call.has("ids") { call.ints("ids")? } else { vec![call.need_int("xref_id")?] };
    for other in others {
        world.visible(other, call.who)?;
        let xrefs = &mut world.known_mut(id)?.xrefs;
        if !xrefs.contains(&(kind.clone(), other)) {
            xrefs.push((kind.clone(), other));
        }
    }
    xrefs(world, call, &id.to_string())
}

fn remove_xref(world: &mut World, call: &Call, id: &str, kind: &str, other: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let other: i64 = other.parse().map_err(|_| Refused::wrong_type("xref_id"))?;
    world.known_mut(id)?.xrefs.retain(|(known, node)| known != kind || *node != other);
    xrefs(world, call, &id.to_string())
}
