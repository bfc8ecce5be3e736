//! Classifications on nodes.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Refused, paged, single};
use super::call::Call;
use super::node::{Classified, Node, kind};
use super::permissions::EDIT_ATTRIBUTES;
use super::view;
use super::world::World;

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v1", "nodes", id, "classifications"]) => read(world, call, id),
        ("POST", ["v1", "nodes", id, "classifications"]) => assign(world, call, id),
        ("DELETE", ["v1", "nodes", id, "classifications"]) => remove(world, call, id, None),
        ("DELETE", ["v1", "nodes", id, "classifications", class]) => remove(world, call, id, Some(class)),
        ("GET", ["v2", "classificationvolume"]) => world
            .volume(198)
            .ok_or_else(Refused::no_access)
            .and_then(|node| single(call, json!({ "properties": view::properties(world, node, call.who) }))),
        ("GET", ["v2", "classifieditems", id] | ["v2", "classifieditems", id, "page"]) => classified(world, call, id),
        _ => return None,
    };
    Some(outcome)
}

fn row(world: &World, class: &Node, inherit: bool) -> Value {
    json!({
        "id": class.id, "name": class.name, "type": class.kind, "selectable": true, "management_type": "Manual", "score": null,
        "inherit_flag": inherit, "classvolumeid": world.volume(198).map(|volume| volume.id), "parent_managed": false,
    })
}

fn read(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let classes =
        node.classes.iter().filter_map(|class| Some(row(world, world.nodes.get(&class.class)?, class.inherit)));
    Ok(Answer::json(json!({
        "bCanApplyClass": world.demand(node.id, call.who, EDIT_ATTRIBUTES).is_ok(),
        "classVolumeID": world.volume(198).map(|volume| volume.id),
        "data": classes.collect::<Vec<Value>>(),
        "definitions": { "id": { "key": "id", "name": "ID", "type": 2 }, "name": { "key": "name", "name": "Name", "type": -1 } },
        "definitions_map": {},
        "definitions_order": ["id", "name"],
    })))
}

/// Replaces the list.
fn assign(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    if !call.has("class_id") {
        return Err(Refused::missing("class_id"));
    }
    let inherit = call.flag("inherit_flag");
    let mut classes: Vec<Classified> = Vec::new();
    for class in call.ints("class_id")? {
        if world.visible(class, call.who)?.kind != kind::CLASSIFICATION {
            return Err(Refused::bad(format!("Invalid classification ID '{class}'")));
        }
        if !classes.iter().any(|known| known.class == class) {
            classes.push(Classified { class, inherit });
        }
    }
    let below = if call.flag("apply_to_sub_items") { world.below(id) } else { Vec::new() };
    for id in std::iter::once(id).chain(below) {
        world.known_mut(id)?.classes.clone_from(&classes);
    }
    world.note(id, call.who, "classify", None);
    read(world, call, &id.to_string())
}

fn remove(world: &mut World, call: &Call, id: &str, class: Option<&str>) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let class = class.map(|class| class.parse::<i64>().map_err(|_| Refused::wrong_type("class_id"))).transpose()?;
    let classes = &mut world.known_mut(id)?.classes;
    let before = classes.len();
    classes.retain(|known| class.is_some_and(|class| class != known.class));
    if class.is_some() && classes.len() == before {
        return Err(Refused::bad("The classification is not assigned to the item."));
    }
    read(world, call, &id.to_string())
}

fn classified(world: &World, call: &Call, id: &str) -> Outcome {
    let class = world.node(id, call.who)?.id;
    let has = |node: &&Node| {
        node.classes.iter().any(|known| known.class == class)
            || node.record.as_ref().is_some_and(|record| record.classes.contains(&class))
    };
    let seen = world.nodes.values().filter(has).filter(|node| world.visible(node.id, call.who).is_ok());
    paged(call, seen.map(|node| view::row(world, call, node)).collect(), 25)
}
