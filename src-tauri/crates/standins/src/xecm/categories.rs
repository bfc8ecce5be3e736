//! Categories on nodes: reading, assigning, changing, inheriting, applying to what lies below.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused, results};
use super::attributes::{self, Category};
use super::call::Call;
use super::node::Node;
use super::permissions::EDIT_ATTRIBUTES;
use super::world::World;

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v1" | "v2", "nodes", id, "categories"]) => read_all(world, call, id),
        ("POST", ["v1" | "v2", "nodes", id, "categories"]) => assign(world, call, id),
        ("POST", ["v2", "nodes", id, "categories", "apply"]) => apply(world, call, id),
        ("PUT", ["v2", "nodes", id, "categories", "upgrade"]) => found(world, call, id).and_then(|_| done()),
        ("GET", ["v1" | "v2", "nodes", id, "categories", category]) => read_one(world, call, id, category),
        ("PUT", ["v1" | "v2", "nodes", id, "categories", category]) => update(world, call, id, category),
        ("DELETE", ["v1" | "v2", "nodes", id, "categories", category]) => remove(world, call, id, category),
        ("POST", ["v2", "nodes", id, "categories", category, "inheritance"]) => {
            inherit(world, call, id, category, true)
        }
        ("DELETE", ["v2", "nodes", id, "categories", category, "inheritance"]) => {
            inherit(world, call, id, category, false)
        }
        ("POST", ["v1", "validation", "nodes", "categories", "enforcement"]) => enforcement(world, call),
        _ => return None,
    };
    Some(outcome)
}

/// An answer that is not empty: clients take `{}` for a failure here.
#[expect(clippy::unnecessary_wraps, reason = "the shape in which every handler ends")]
fn done() -> Outcome {
    Ok(Answer::json(json!({ "links": { "data": {} }, "results": {} })))
}

fn found(world: &World, call: &Call, id: &str) -> Result<i64, Refused> {
    let node = world.node(id, call.who);
    node.map(|node| node.id)
        .map_err(|refused| if refused.text.starts_with("Could not get") { refused.status(500) } else { refused })
}

fn definition<'a>(world: &'a World, id: &str) -> Result<&'a Category, Refused> {
    let id: i64 = id.parse().map_err(|_| Refused::wrong_type("category_id"))?;
    world.definitions.get(&id).ok_or_else(|| Refused::bad(format!("Invalid category ID '{id}'")))
}

fn not_there(category: i64, node: i64) -> Refused {
    Refused::bad(format!("Category ID '{category}' is not a category on node '{node}'"))
}

/// The values of all categories of a node.
pub(super) fn rows(node: &Node) -> Vec<Value> {
    node.categories.values().map(|applied| json!(applied.values)).collect()
}

fn described(world: &World, call: &Call, node: &Node, id: i64) -> Value {
    let applied = node.categories.get(&id);
    let values = applied.map(|applied| applied.values.clone()).unwrap_or_default();
    let mut row = json!({ "data": { "categories": values } });
    if call.flag("metadata")
        && let Some(category) = world.definitions.get(&id)
    {
        let (definitions, order) = category.metadata();
        let key = id.to_string();
        row["metadata"] = json!({ "categories": definitions });
        row["metadata_map"] = json!({ "categories": { key.clone(): order } });
        row["metadata_order"] = json!({ "categories": [key] });
    } else {
        row["metadata_order"] = json!({ "categories": [id.to_string()] });
    }
    row
}

fn read_all(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.known(found(world, call, id)?)?;
    let rows: Vec<Value> = node.categories.keys().map(|category| described(world, call, node, *category)).collect();
    results(call, rows)
}

fn read_one(world: &World, call: &Call, id: &str, category: &str) -> Outcome {
    let node = world.known(found(world, call, id)?)?;
    let category: i64 = category.parse().map_err(|_| Refused::wrong_type("category_id"))?;
    if !node.categories.contains_key(&category) {
        return Err(not_there(category, node.id));
    }
    results(call, described(world, call, node, category))
}

/// The attributes among the parameters.
fn changes(call: &Call, category: i64) -> Map<String, Value> {
    let start = format!("{category}_");
    call.fields().into_iter().filter(|(key, _)| key.starts_with(&start) || is_other_attribute(key)).collect()
}

fn is_other_attribute(key: &str) -> bool {
    key.contains('_') && key.chars().all(|c| c.is_ascii_digit() || c == '_' || c == 'x')
}

fn assign(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = found(world, call, id)?;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let category = definition(world, &call.need("category_id")?)?.clone();
    let changes = changes(call, category.id);
    let node = world.known_mut(id)?;
    if node.categories.contains_key(&category.id) {
        return Err(Refused::bad(format!("The attribute group '{}' already exists", category.name)));
    }
    attributes::assign(node, &category, &changes)?;
    world.touch(id, call.who);
    world.note(id, call.who, "addcategory", None);
    results(call, described(world, call, world.known(id)?, category.id))
}

fn update(world: &mut World, call: &Call, id: &str, category: &str) -> Outcome {
    let id = found(world, call, id)?;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let category = definition(world, category)?.clone();
    let mut changes = changes(call, category.id);
    let marker = changes.remove(&format!("{}_1", category.id));
    let node = world.known_mut(id)?;
    if !node.categories.contains_key(&category.id) {
        return Err(not_there(category.id, id));
    }
    let marker = marker.map(|marker| match marker {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::Null),
        other => other,
    });
    if let Some(token) = marker.as_ref().and_then(|marker| marker["metadata_token"].as_str())
        && token != node.category_token(category.id)
    {
        return Err(Refused::edit_conflict());
    }
    attributes::assign(node, &category, &changes)?;
    world.touch(id, call.who);
    world.note(id, call.who, "attrvalue", None);
    let node = world.known(id)?;
    let mut document = described(world, call, node, category.id);
    document["state"] = json!({ "categories": { format!("{}_1", category.id): { "metadata_token": node.category_token(category.id) } } });
    results(call, document)
}

fn remove(world: &mut World, call: &Call, id: &str, category: &str) -> Outcome {
    let id = found(world, call, id)?;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let category: i64 = category.parse().map_err(|_| Refused::wrong_type("category_id"))?;
    world.known_mut(id)?.categories.remove(&category).ok_or_else(|| not_there(category, id))?;
    world.touch(id, call.who);
    world.note(id, call.who, "removecategory", None);
    done()
}

fn inherit(world: &mut World, call: &Call, id: &str, category: &str, on: bool) -> Outcome {
    let id = found(world, call, id)?;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let category: i64 = category.parse().map_err(|_| Refused::wrong_type("category_id"))?;
    let applied = world.known_mut(id)?.categories.get_mut(&category).ok_or_else(|| not_there(category, id))?;
    applied.inherits = on;
    done()
}

/// Puts categories of a node on all that lies below it.
fn apply(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = found(world, call, id)?;
    let Some(Value::Array(wanted)) = call.value("categories") else { return Err(Refused::missing("categories")) };
    let clear = call.flag("clear_existing_categories");
    let (mut processed, mut skipped) = (0, 0);
    for below in world.below(id) {
        if world.demand(below, call.who, EDIT_ATTRIBUTES).is_err()
            || world.demand_free(below, call.who, "changed").is_err()
        {
            skipped += 1;
            continue;
        }
        let source = world.known(id)?.categories.clone();
        let node = world.known_mut(below)?;
        if clear {
            node.categories.clear();
        }
        for entry in &wanted {
            let category = super::call::text_of(&entry["id"]).and_then(|id| id.parse::<i64>().ok());
            let Some(applied) = category.and_then(|category| source.get(&category)) else { continue };
            let (Some(category), action) = (category, entry["action"].as_str().unwrap_or("add_upgrade")) else {
                continue;
            };
            match action {
                "replace" => drop(node.categories.insert(category, applied.clone())),
                "add_upgrade" => drop(node.categories.entry(category).or_insert_with(|| applied.clone())),
                _ => {}
            }
        }
        processed += 1;
        world.touch(below, call.who);
    }
    results(
        call,
        json!({ "data": { "processed": processed, "skipped": skipped, "message": format!("{processed} items processed, {skipped} items skipped") } }),
    )
}

/// Which items lack a value that their categories require.
fn enforcement(world: &World, call: &Call) -> Outcome {
    let mut rows = Vec::new();
    for id in call.ints("ids")? {
        let Ok(node) = world.visible(id, call.who) else { continue };
        let lacking = node.categories.iter().any(|(category, applied)| {
            world.definitions.get(category).is_some_and(|category| category.demand_required(&applied.values).is_err())
        });
        rows.push(
            json!({ "id": id, "name": node.name, "enforcement": lacking, "required_attributes_missing": lacking }),
        );
    }
    Ok(Answer::json(json!({ "results": rows })))
}
