//! Forms, as the vendor's own pages draw them: schema, options and data of what may be filled in.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused};
use super::call::Call;
use super::node::Node;
use super::world::World;

pub(super) fn route(world: &World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v1", "forms", "nodes", "categories", "create"]) => on_node(world, call, true),
        ("GET", ["v1", "forms", "nodes", "categories", "update"]) => on_node(world, call, false),
        ("GET", ["v1", "forms", "nodes", "create"]) => create(world, call),
        ("GET", ["v1", "forms", "nodes", "update"]) => update(world, call),
        ("GET", ["v1", "forms", "nodes", "properties", "general"]) => general(world, call),
        ("GET", ["v1", "forms", "nodes", "properties", "specific"]) => specific(world, call),
        _ => return None,
    };
    Some(outcome)
}

fn node_of<'a>(world: &'a World, call: &Call) -> Result<&'a super::node::Node, Refused> {
    let id = call.int("id")?.ok_or_else(|| Refused::bad("Argument 'id' is required"))?;
    world.visible(id, call.who).map_err(|refused| refused.status(500))
}

/// What every node says about itself.
fn general(world: &World, call: &Call) -> Outcome {
    let node = node_of(world, call)?;
    let mut data = Value::Object(super::view::properties(world, node, call.who));
    data["metadata_token"] = json!(node.token());
    let schema = json!({
        "name": { "title": "Name", "type": "string", "required": true, "maxLength": 248 },
        "description": { "title": "Description", "type": "string", "required": false },
        "create_date": { "title": "Created", "type": "string", "readonly": true },
        "modify_date": { "title": "Modified", "type": "string", "readonly": true },
    });
    Ok(Answer::json(json!({ "forms": [form("", &data, &schema, &json!({}))] })))
}

/// What only nodes of a kind say: of a category, what it is made of.
fn specific(world: &World, call: &Call) -> Outcome {
    let node = node_of(world, call)?;
    // Inferred: the form of a category is the form in which it is filled in.
    let (schema, options, data) = match world.definitions.get(&node.id) {
        Some(category) => category.form(&category.defaults()),
        None if node.url.is_some() => {
            let schema = json!({ "url": { "title": "URL", "type": "string", "required": true } });
            (schema, json!({}), json!({ "url": node.url }))
        }
        None => (json!({}), json!({}), json!({})),
    };
    Ok(Answer::json(json!({ "forms": [form("", &data, &schema, &options)] })))
}

/// One form.
pub(super) fn form(role: &str, data: &Value, schema: &Value, options: &Value) -> Value {
    let mut form = json!({ "data": data, "options": { "fields": options, "form": {} }, "schema": { "properties": schema, "type": "object" } });
    if !role.is_empty() {
        form["role_name"] = json!(role);
    }
    form
}

fn category(world: &World, id: i64) -> Result<&super::attributes::Category, Refused> {
    world.definitions.get(&id).ok_or_else(|| Refused::bad(format!("Invalid category ID '{id}'")))
}

/// A category alone, for the form about one.
fn on_node(world: &World, call: &Call, fresh: bool) -> Outcome {
    let node = world.visible(call.need_int("id")?, call.who)?;
    let category = category(world, call.need_int("category_id")?)?;
    let there = node.categories.get(&category.id);
    let values = match there {
        Some(applied) => applied.values.clone(),
        None if fresh => category.defaults(),
        None => {
            return Err(Refused::bad(format!("Category ID '{}' is not a category on node '{}'", category.id, node.id)));
        }
    };
    let (schema, options, mut data) = category.form(&values);
    if !fresh {
        data[format!("{}_1", category.id)] = json!({ "metadata_token": node.category_token(category.id) });
    }
    Ok(Answer::json(json!({ "forms": [form("categories", &data, &schema, &options)] })))
}

/// The form about several categories: with the values that come with `parent`, else with those of the definition.
pub(super) fn categories(world: &World, ids: &[i64], parent: Option<&Node>) -> Value {
    let (mut schemas, mut options, mut data) = (Map::new(), Map::new(), Map::new());
    for category in ids.iter().filter_map(|id| world.definitions.get(id)) {
        let key = category.id.to_string();
        let inherited =
            parent.and_then(|parent| parent.categories.get(&category.id)).filter(|applied| applied.inherits);
        let (schema, option, values) =
            category.form(&inherited.map_or_else(|| category.defaults(), |applied| applied.values.clone()));
        schemas.insert(key.clone(), json!({ "title": category.name, "type": "object", "properties": schema }));
        options.insert(key.clone(), json!({ "fields": option }));
        data.insert(key, values);
    }
    form("categories", &Value::Object(data), &Value::Object(schemas), &Value::Object(options))
}

pub(super) fn classifications(role: &str, ids: &[i64]) -> Value {
    let schema = json!({ "create_id": { "type": "array", "items": { "type": "integer" } }, "id": { "type": "array", "items": { "type": "integer" } } });
    form(role, &json!({ "create_id": [], "id": ids }), &schema, &json!({}))
}

/// All that may be filled in when a node is made.
fn create(world: &World, call: &Call) -> Outcome {
    let parent = world.visible(call.need_int("parent_id")?, call.who)?;
    let kind = call.need_int("type")?;
    let mut ids: Vec<i64> =
        parent.categories.iter().filter(|(_, applied)| applied.inherits).map(|(id, _)| *id).collect();
    for id in call.ints("category_id")? {
        category(world, id)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut schema = json!({
        "name": { "title": "Name", "type": "string", "required": true, "minLength": 1, "maxLength": 248, "readonly": false },
        "description": { "title": "Description", "type": "string", "required": false, "readonly": false },
        "parent_id": { "type": "integer", "required": false, "readonly": true },
        "type": { "type": "integer", "required": true, "readonly": true },
    });
    if kind == super::node::kind::DOCUMENT {
        schema["file"] = json!({ "title": "File", "type": "string", "required": true });
    }
    let general =
        form("", &json!({ "name": "", "description": "", "parent_id": parent.id, "type": kind }), &schema, &json!({}));
    let inherited: Vec<i64> = parent.classes.iter().filter(|class| class.inherit).map(|class| class.class).collect();
    Ok(Answer::json(json!({ "forms": [
        general,
        // Inferred: the form shows the values that a new item inherits, as the dialogue of the product does.
        categories(world, &ids, Some(parent)),
        classifications("classifications", &inherited),
        classifications("rmclassifications", &[]),
    ] })))
}

fn update(world: &World, call: &Call) -> Outcome {
    let node = world.visible(call.need_int("id")?, call.who)?;
    let data = json!({ "name": node.name, "description": node.description, "metadata_token": node.token() });
    let schema = json!({
        "name": { "title": "Name", "type": "string", "required": true, "maxLength": 248 },
        "description": { "title": "Description", "type": "string", "required": false },
    });
    let (mut schemas, mut options, mut values) = (Map::new(), Map::new(), Map::new());
    for (id, applied) in &node.categories {
        let Some(category) = world.definitions.get(id) else { continue };
        let (schema, option, mut data) = category.form(&applied.values);
        data[format!("{id}_1")] = json!({ "metadata_token": node.category_token(*id) });
        schemas.insert(id.to_string(), json!({ "title": category.name, "type": "object", "properties": schema }));
        options.insert(id.to_string(), json!({ "fields": option }));
        values.insert(id.to_string(), data);
    }
    let categories = form("categories", &Value::Object(values), &Value::Object(schemas), &Value::Object(options));
    Ok(Answer::json(json!({ "forms": [form("", &data, &schema, &json!({})), categories] })))
}
