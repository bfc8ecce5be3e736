//! Business workspaces: their types and templates, making, finding, and what they stand for in other systems.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused, results, single};
use super::call::{Call, text_of};
use super::create::{Spelling, container, give_roles, roles_of};
use super::forms;
use super::node::{Node, Reference, Workspace, is_volume, kind};
use super::permissions::MODIFY;
use super::view;
use super::world::World;

/// A type of workspaces.
#[derive(Debug, Clone)]
pub(super) struct WorkspaceType {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) config: i64,
    pub(super) templates: Vec<i64>,
    /// Where workspaces go that name no place.
    pub(super) location: i64,
    /// The category that forms of this type show.
    pub(super) category: i64,
    pub(super) system: String,
    pub(super) object: String,
    /// Names what is made by a number of its own, whatever the request says.
    pub(super) numbers: bool,
}

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v2", "businessworkspacetypes"]) => types(world, call),
        ("GET", ["v2", "businessworkspacetypes", id]) => {
            a_type(world, id).and_then(|found| single(call, type_row(world, found)["data"].clone()))
        }
        ("GET", ["v1", "businessworkspacetypes", id]) => a_type(world, id).map(|found| {
            Answer::json(
                json!({ "workspace_type": found.id, "icon_url": "/img/workspace.svg", "is_policies_enabled": false }),
            )
        }),
        ("GET", ["v2", "forms", "businessworkspaces", "create"]) => form(world, call),
        ("POST", ["v2", "businessworkspaces"]) => create(world, call),
        ("PUT", ["v2", "businessworkspaces"]) => bulk(world, call),
        ("GET", ["v2", "businessworkspaces"]) => super::workspace_lists::find(world, call),
        ("GET", ["v1" | "v2", "businessworkspaces", id]) => one(world, call, id),
        ("GET", ["v2", "externalsystems", system, "botypes", object, "boids", id]) => {
            by_object(world, call, system, object, id)
        }
        (verb @ ("PUT" | "POST" | "DELETE"), ["v2", "businessworkspaces", id, "workspacereferences"]) => {
            refer(world, call, id, verb != "DELETE")
        }
        ("GET", ["v1", "nodes", id, "businessworkspace"]) => of_node(world, call, id),
        ("GET", ["v2", "businessworkspaces", id, part @ ("doctypes" | "missingdocuments" | "inprocessdocuments")]) => {
            // Inferred: a workspace whose type asks for no documents has none that are missing.
            space(world, call, id).and_then(|_| results(call, json!({ "data": { *part: [] }, "documents": [] })))
        }
        _ => return None,
    };
    Some(outcome)
}

/// A workspace by its id.
pub(super) fn space(world: &World, call: &Call, id: &str) -> Result<i64, Refused> {
    let node = world.node(id, call.who)?;
    if node.workspace.is_some() { Ok(node.id) } else { Err(Refused::no_node(id)) }
}

fn a_type<'a>(world: &'a World, id: &str) -> Result<&'a WorkspaceType, Refused> {
    let id: i64 = id.trim().parse().map_err(|_| Refused::wrong_type("wksp_type_id"))?;
    world.workspace_types.get(&id).ok_or_else(|| Refused::bad(format!("Invalid workspace type ID '{id}'")))
}

fn type_row(world: &World, found: &WorkspaceType) -> Value {
    let templates = found.templates.iter().filter_map(|id| world.nodes.get(id));
    let templates: Vec<Value> =
        templates.map(|node| json!({ "id": node.id, "name": node.name, "subtype": node.kind })).collect();
    json!({ "data": { "properties": {
        "wksp_type_id": found.id, "wksp_type_name": found.name, "wksp_type_names": { "en": found.name, "de": found.name },
        "rm_enabled": false, "config_node_id": found.config, "templates": templates, "can_create_early": false, "is_doctypes_enabled": false,
        "is_policies_enabled": false, "ext_system_id": found.system, "bo_type": found.object,
    }, "wksp_info": { "wksp_type_icon": "/img/workspace.svg" } } })
}

fn types(world: &World, call: &Call) -> Outcome {
    let (system, object) = (call.filled("ext_system_id"), call.filled("bo_type"));
    let is_wanted = |found: &&WorkspaceType| {
        system.as_ref().is_none_or(|system| *system == found.system)
            && object.as_ref().is_none_or(|object| *object == found.object)
    };
    results(
        call,
        world.workspace_types.values().filter(is_wanted).map(|found| type_row(world, found)).collect::<Vec<Value>>(),
    )
}

fn type_of_template(world: &World, template: i64) -> Option<&WorkspaceType> {
    world.workspace_types.values().find(|found| found.templates.contains(&template))
}

fn form(world: &World, call: &Call) -> Outcome {
    let template = call.need_int("template_id")?;
    let found =
        type_of_template(world, template).ok_or_else(|| Refused::bad(format!("Invalid template ID '{template}'")))?;
    let template = world.visible(template, call.who)?;
    let schema = json!({
        "name": { "title": "Name", "type": "string", "required": !found.numbers, "maxLength": 248, "readonly": found.numbers },
        "description": { "title": "Description", "type": "string", "required": false },
        "parent_id": { "type": "integer" }, "type": { "type": "integer" },
    });
    let data = json!({ "name": "", "description": template.description, "parent_id": found.location, "type": 848, "template_id": template.id, "wksp_type_id": found.id });
    let mut general = forms::form("", &data, &schema, &json!({}));
    if let Some(object) = call.filled("bo_id") {
        general["data"]["bo_id"] = json!(object);
    }
    let forms = json!([
        general,
        forms::categories(world, &[found.category], None),
        forms::classifications("classifications", &[])
    ]);
    results(call, json!({ "forms": forms })).map(|mut answer| {
        if let super::answer::Payload::Json(document) = &mut answer.body {
            document["forms"] = forms;
        }
        answer
    })
}

fn reference_in(fields: &Map<String, Value>) -> Option<Reference> {
    let of = |name: &str| fields.get(name).and_then(text_of).filter(|text| !text.is_empty());
    Some(Reference { system: of("ext_system_id")?, kind: of("bo_type")?, id: of("bo_id")? })
}

fn linked<'a>(world: &'a World, reference: &Reference) -> Option<&'a Node> {
    let has = |node: &&Node| node.workspace.as_ref().is_some_and(|workspace| workspace.references.contains(reference));
    world.nodes.values().find(|node| has(node) && world.is_alive(node))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let template = call.need_int("template_id")?;
    let by_template = type_of_template(world, template).map(|found| found.id);
    let kind = call
        .int("wksp_type_id")?
        .or(by_template)
        .ok_or_else(|| Refused::bad(format!("Invalid template ID '{template}'")))?;
    let found = a_type(world, &kind.to_string())?.clone();
    if !found.templates.contains(&template) {
        return Err(Refused::bad(format!("Invalid template ID '{template}'")));
    }
    let reference = reference_in(&call.fields());
    if reference.as_ref().is_some_and(|reference| linked(world, reference).is_some()) {
        // Inferred: the text; a business object has one workspace.
        return Err(Refused::new(500, "A workspace for this business object already exists."));
    }
    let parent = container(world, call.int("parent_id")?.unwrap_or(found.location), call.who)?;
    let id = plant(world, &found, template, parent, call)?;
    let roles = roles_of(call);
    if let Err(refused) = give_roles(world, id, &roles, Spelling::Nested) {
        world.uproot(id);
        return Err(refused);
    }
    let external = super::create::external(call);
    let node = world.known_mut(id)?;
    node.external = external;
    if let Some(workspace) = &mut node.workspace {
        workspace.references.extend(reference);
    }
    for (name, value) in [("bo_relations", "child")] {
        for other in call.ints(name).unwrap_or_default() {
            super::teams::relate(world, id, other, value)?;
        }
    }
    results(call, json!({ "id": id, "direct_open": true, "sub_folder_id": 0 }))
}

/// Makes a workspace as its template is: folders, roles and categories come with it.
fn plant(world: &mut World, found: &WorkspaceType, template: i64, parent: i64, call: &Call) -> Result<i64, Refused> {
    let name = if found.numbers {
        // A type may name its workspaces itself; what the request says is not looked at then.
        let count = world
            .nodes
            .values()
            .filter(|node| node.workspace.as_ref().is_some_and(|space| space.kind == found.id))
            .count();
        format!("{} {:05}", found.name, count)
    } else {
        World::fit_name(&call.need("name")?)?
    };
    world.demand_name(parent, &name, 0)?;
    let source = world.known(template)?.clone();
    let id = world.plant(parent, kind::WORKSPACE, &name, call.who);
    let mut workspace =
        Workspace { kind: found.id, template: Some(template), ..source.workspace.clone().unwrap_or_default() };
    workspace.references.clear();
    workspace.children.clear();
    for role in &mut workspace.roles {
        role.id = world.fresh();
        if role.leader {
            role.members.insert(call.who);
        }
    }
    let names = call.object("name_multilingual").unwrap_or_default();
    let node = world.known_mut(id)?;
    node.workspace = Some(workspace);
    node.names = names;
    node.description = call.text("description").unwrap_or_default();
    node.categories = source.categories;
    copy_folders(world, template, id, call.who);
    Ok(id)
}

fn copy_folders(world: &mut World, from: i64, to: i64, who: i64) {
    let children: Vec<(i64, i64, String)> =
        world.children(from).map(|child| (child.id, child.kind, child.name.clone())).collect();
    for (child, kind, name) in children {
        let id = world.plant(to, kind, &name, who);
        copy_folders(world, child, id, who);
    }
}

/// Makes or changes workspaces by their business objects.
fn bulk(world: &mut World, call: &Call) -> Outcome {
    let infos = match call.value("bws_infos") {
        Some(Value::Array(infos)) => infos,
        Some(Value::String(text)) => serde_json::from_str(&text).map_err(|_| Refused::wrong_type("bws_infos"))?,
        _ => return Err(Refused::missing("bws_infos")),
    };
    let mut rows = Vec::new();
    for info in infos {
        let Value::Object(info) = info else { return Err(Refused::wrong_type("bws_infos")) };
        let reference = reference_in(&info).ok_or_else(|| Refused::missing("bo_id"))?;
        let known = linked(world, &reference).map(|node| node.id);
        let outcome = known.map_or_else(|| bulk_create(world, call, &info, &reference), Ok);
        let id = match outcome {
            Ok(id) => id,
            Err(refused) => {
                rows.push(json!({ "bo_id": reference.id, "ok": false, "errMsg": refused.text }));
                continue;
            }
        };
        if let Some(description) = info.get("description").and_then(text_of) {
            world.known_mut(id)?.description = description;
        }
        let roles = info.get("roles").and_then(Value::as_object).cloned().unwrap_or_default();
        let given = give_roles(world, id, &roles, Spelling::Nested);
        rows.push(json!({ "bo_id": reference.id, "id": id, "ok": given.is_ok(), "errMsg": given.err().map(|refused| refused.text) }));
    }
    results(call, rows)
}

fn bulk_create(
    world: &mut World,
    call: &Call,
    info: &Map<String, Value>,
    reference: &Reference,
) -> Result<i64, Refused> {
    let found =
        world.workspace_types.values().find(|found| found.system == reference.system && found.object == reference.kind);
    let found = found.cloned().ok_or_else(|| Refused::bad("Invalid business object type"))?;
    let template = *found.templates.first().ok_or_else(|| Refused::bad("Invalid template ID"))?;
    let name = info.get("name").and_then(text_of).unwrap_or_else(|| reference.id.clone());
    let name = World::fit_name(&name)?;
    world.demand_name(found.location, &name, 0)?;
    let id = world.plant(found.location, kind::WORKSPACE, &name, call.who);
    let source = world.known(template)?.clone();
    let node = world.known_mut(id)?;
    node.workspace = Some(Workspace {
        kind: found.id,
        template: Some(template),
        references: vec![reference.clone()],
        ..source.workspace.unwrap_or_default()
    });
    node.categories = source.categories;
    copy_folders(world, template, id, call.who);
    Ok(id)
}

fn references(node: &Node) -> Vec<Value> {
    let workspace = node.workspace.iter();
    workspace
        .flat_map(|workspace| &workspace.references)
        .map(|reference| json!({ "ext_system_id": reference.system, "bo_type": reference.kind, "bo_id": reference.id }))
        .collect()
}

/// What is said about a workspace beyond its node.
pub(super) fn row(world: &World, call: &Call, node: &Node) -> Value {
    let kind = node.workspace.as_ref().and_then(|workspace| world.workspace_types.get(&workspace.kind));
    let mut row = view::row(world, call, node);
    row["data"]["business_properties"] = json!({
        "workspace_type_id": kind.map(|kind| kind.id), "workspace_type_name": kind.map(|kind| &kind.name),
        "isEarly": false, "has_metadata_form": true,
        "workspace_template_id": node.workspace.as_ref().and_then(|workspace| workspace.template),
    });
    row["data"]["workspace_references"] = json!(references(node));
    if let Some(properties) = row["data"]["properties"].as_object_mut() {
        for applied in node.categories.values() {
            for (key, value) in &applied.values {
                properties.insert(format!("wnf_att_{}", key.replace('_', "")), value.clone());
            }
        }
        properties.insert("wnf_wksp_type_id".to_owned(), json!(kind.map(|kind| kind.id)));
    }
    row
}

fn one(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = space(world, call, id)?;
    if let Some(member) = world.members.get_mut(&call.who) {
        member.accessed.retain(|accessed| *accessed != id);
        member.accessed.push(id);
    }
    results(call, row(world, call, world.known(id)?))
}

fn by_object(world: &World, call: &Call, system: &str, kind: &str, id: &str) -> Outcome {
    let reference = Reference { system: system.to_owned(), kind: kind.to_owned(), id: id.to_owned() };
    let node = linked(world, &reference)
        .ok_or_else(|| Refused::new(404, "Sorry, no exact match was found for the business object."))?;
    let node = world.visible(node.id, call.who)?;
    results(call, row(world, call, node)).map(|mut answer| {
        if let super::answer::Payload::Json(document) = &mut answer.body {
            document["wksp_id"] = json!(node.id);
        }
        answer
    })
}

fn refer(world: &mut World, call: &Call, id: &str, on: bool) -> Outcome {
    let id = space(world, call, id)?;
    world.demand(id, call.who, MODIFY)?;
    let fields: Map<String, Value> = ["ext_system_id", "bo_type", "bo_id"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), call.value(name)?)))
        .collect();
    let reference = reference_in(&fields).ok_or_else(|| Refused::missing("bo_id"))?;
    if on && linked(world, &reference).is_some_and(|node| node.id != id) {
        return Err(Refused::new(500, "A workspace for this business object already exists."));
    }
    if let Some(workspace) = &mut world.known_mut(id)?.workspace {
        workspace.references.retain(|known| *known != reference);
        if on {
            workspace.references.push(reference);
        }
    }
    results(call, row(world, call, world.known(id)?))
}

fn of_node(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    let found =
        world.workspace_of(node).ok_or_else(|| Refused::new(404, "Sorry, the item is in no business workspace."))?;
    debug_assert!(!is_volume(found.kind), "a workspace is no volume of the list");
    let workspace = found.workspace.as_ref();
    Ok(Answer::json(json!({
        "id": found.id, "isLinked": workspace.is_some_and(|workspace| !workspace.references.is_empty()), "type": kind::WORKSPACE,
        "workspace_type_id": workspace.map(|workspace| workspace.kind), "name": found.name,
    })))
}
