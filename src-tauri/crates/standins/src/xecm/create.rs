//! Making nodes: folders, documents, links, copies, and asking beforehand which names are free.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused, single};
use super::attributes;
use super::call::{Call, list_of};
use super::node::{Classified, is_container, kind};
use super::permissions::{ADD_ITEMS, SEE_CONTENTS};
use super::view;
use super::world::{VersionDraft, World};

/// What comes with a node from outside, by its name behind `external_`.
const EXTERNAL: &[&str] = &["create_date", "modify_date", "source", "identity", "identity_type"];

/// How a route spells categories in roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `{"5001_2": "x"}`
    Flat,
    /// `{"5001": {"5001_2": "x"}}`
    Nested,
}

pub(super) fn route(world: &mut World, call: &mut Call) -> Option<Outcome> {
    let path: Vec<String> = call.path().into_iter().map(str::to_owned).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let outcome = match (call.verb(), path.as_slice()) {
        ("POST", ["v2", "nodes"]) => create(world, call, Spelling::Flat),
        ("POST", ["v1", "nodes"]) => create(world, call, Spelling::Nested)
            .map_err(|refused| if refused.text.ends_with("already exists.") { refused.status(400) } else { refused }),
        ("POST", ["v1", "validation", "nodes", "names"]) => names(world, call, true),
        ("POST", ["v1", "validation", "nodes"]) => names(world, call, false),
        _ => return None,
    };
    Some(outcome)
}

pub(super) fn external(call: &Call) -> BTreeMap<&'static str, String> {
    EXTERNAL.iter().filter_map(|name| Some((*name, call.filled(&format!("external_{name}"))?))).collect()
}

/// The type of a file by its name, where the request does not say.
fn mime_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "txt" | "log" => "text/plain",
        "csv" => "text/csv",
        "xml" => "text/xml",
        "htm" | "html" => "text/html",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "json" => "application/json",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "msg" => "application/vnd.ms-outlook",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// The version that a request brings, by its file or by the key of a finished large upload.
pub(super) fn arriving(world: &World, call: &mut Call, name: &str) -> Result<Option<VersionDraft>, Refused> {
    let (file_name, mime_type, mut content) = if let Some(key) = call.filled("upload_key") {
        super::large_files::redeem(world, call, &key)?
    } else if let Some(part) = call.take_file() {
        (part.file_name, part.mime_type, part.content)
    } else {
        return Ok(None);
    };
    if let Some(at) = call.effects.corrupt_stored {
        content.spoil(at).map_err(|error| Refused::new(500, error.to_string()))?;
    }
    let file_name = if file_name.is_empty() { name.to_owned() } else { file_name };
    let mime_type = mime_type
        .filter(|mime| !mime.is_empty() && mime != "application/octet-stream")
        .unwrap_or_else(|| mime_of(&file_name).to_owned());
    let description = String::new();
    Ok(Some(VersionDraft { file_name, mime_type, content, description, external: external(call) }))
}

/// What roles say about categories, by category.
pub(super) fn categories_in(
    roles: &Map<String, Value>,
    spelling: Spelling,
) -> Result<BTreeMap<i64, Map<String, Value>>, Refused> {
    let unreadable = || Refused::new(500, "The role 'categories' of the parameter 'roles' cannot be parsed.");
    let given = match roles.get("categories") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(unreadable()),
    };
    match spelling {
        // Inferred: a nested form where a flat one is asked for is refused as the reverse is.
        Spelling::Flat if given.keys().any(|key| !key.contains('_')) => Err(unreadable()),
        Spelling::Flat => Ok(attributes::by_category(given)),
        Spelling::Nested => {
            let mut found = BTreeMap::new();
            for (key, value) in given {
                let id: i64 = key.parse().map_err(|_| unreadable())?;
                let Value::Object(values) = value else { return Err(unreadable()) };
                found.insert(id, values.clone());
            }
            Ok(found)
        }
    }
}

/// Roles as an object, from an object or a text of JSON.
pub(super) fn roles_of(call: &Call) -> Map<String, Value> {
    call.object("roles").unwrap_or_default()
}

/// Puts what roles say on a node: categories and classifications. Nothing is put where one thing is refused.
pub(super) fn give_roles(
    world: &mut World,
    id: i64,
    roles: &Map<String, Value>,
    spelling: Spelling,
) -> Result<(), Refused> {
    let given = categories_in(roles, spelling)?;
    let mut node = world.known(id)?.clone();
    for (category, values) in given {
        let definition = world.definitions.get(&category);
        let definition = definition.ok_or_else(|| Refused::bad(format!("Invalid category ID '{category}'")))?;
        attributes::assign(&mut node, definition, &values)?;
    }
    for role in ["classifications", "rmclassifications"] {
        let Some(given) = roles.get(role) else { continue };
        let ids = list_of(given.get("id").unwrap_or(&Value::Null)).into_iter();
        let ids = ids.chain(list_of(given.get("create_id").unwrap_or(&Value::Null)));
        for class in ids.filter_map(|id| id.parse::<i64>().ok()) {
            let found = world.nodes.get(&class).map(|node| node.kind);
            match (role, found) {
                ("classifications", Some(kind::CLASSIFICATION)) => {
                    node.classes.push(Classified { class, inherit: false });
                }
                ("rmclassifications", Some(kind::RM_CLASSIFICATION)) => {
                    super::records::declare(&mut node, class, world.now());
                }
                _ => return Err(Refused::bad(format!("Invalid classification ID '{class}'"))),
            }
        }
    }
    node.classes.dedup_by_key(|class| class.class);
    world.nodes.insert(id, node);
    Ok(())
}

/// Refuses a new document whose inherited categories lack a required value.
// Inferred: a required value is demanded of what inherits a category as of what is assigned one, and of documents alone.
fn demand_inherited(world: &World, id: i64) -> Result<(), Refused> {
    let node = world.known(id)?;
    let carried = if node.kind == kind::DOCUMENT { Some(&node.categories) } else { None };
    carried
        .into_iter()
        .flatten()
        .filter_map(|(category, applied)| Some((world.definitions.get(category)?, applied)))
        .try_for_each(|(category, applied)| category.demand_required(&applied.values))
}

/// Checks the container into which something is to come.
pub(super) fn container(world: &World, id: i64, who: i64) -> Result<i64, Refused> {
    let parent = world.visible(id, who)?;
    if !is_container(parent.kind) {
        // Inferred: the text.
        return Err(Refused::bad("The parent item is not a container."));
    }
    world.demand(parent.id, who, ADD_ITEMS)?;
    Ok(parent.id)
}

fn create(world: &mut World, call: &mut Call, spelling: Spelling) -> Outcome {
    let parent = container(world, call.need_int("parent_id")?, call.who)?;
    let kind = call.int("type")?;
    if kind.is_none() && call.has("original_id") {
        return copy(world, call, parent);
    }
    let kind = kind.ok_or_else(|| Refused::missing("type"))?;
    let name = World::fit_name(&call.need("name")?)?;
    world.demand_name(parent, &name, 0)?;
    let makes = [
        kind::FOLDER,
        kind::SHORTCUT,
        kind::CATEGORY_FOLDER,
        kind::COMPOUND,
        kind::URL,
        kind::DOCUMENT,
        kind::CLASSIFICATION_TREE,
        kind::CLASSIFICATION,
        kind::COLLECTION,
        kind::RM_CLASSIFICATION,
        202,
        751,
    ];
    if !makes.contains(&kind) {
        return Err(Refused::bad(format!("Invalid type '{kind}' specified")));
    }
    let version = arriving(world, call, &name)?;
    if kind == kind::DOCUMENT && version.is_none() {
        return Err(Refused::missing("file"));
    }
    let original = call.int("original_id")?;
    if kind == kind::SHORTCUT {
        world.visible(original.ok_or_else(|| Refused::missing("original_id"))?, call.who)?;
    }
    let url = if kind == kind::URL { Some(call.need("url")?) } else { None };
    let (who, roles) = (call.who, roles_of(call));
    let id = world.plant(parent, kind, &name, who);
    if let Err(refused) = give_roles(world, id, &roles, spelling).and_then(|()| demand_inherited(world, id)) {
        world.uproot(id);
        return Err(refused);
    }
    let node = world.known_mut(id)?;
    node.description = call.text("description").unwrap_or_default();
    node.names = call.object("name_multilingual").unwrap_or_default();
    node.descriptions = call.object("description_multilingual").unwrap_or_default();
    node.external = external(call);
    node.advanced_versioning = call.flag("advanced_versioning");
    node.original = original;
    node.url = url;
    if let Some(mut version) = version {
        version.description = call.text("version_description").unwrap_or_default();
        world.add_version(id, version, call.flag("add_major_version"), who)?;
        super::large_files::settle(world, call);
    }
    created(world, call, id)
}

/// What is said about a new node.
pub(super) fn created(world: &World, call: &Call, id: i64) -> Outcome {
    let node = world.known(id)?;
    match call.path().first() {
        Some(&"v1") => {
            Ok(Answer::json(json!({ "id": id, "name": node.name, "type": node.kind, "parent_id": node.parent })))
        }
        _ => single(
            call,
            json!({ "properties": view::properties(world, node, call.who), "versions": node.newest().map(|newest| view::version(node, newest)) }),
        ),
    }
}

fn copy(world: &mut World, call: &Call, parent: i64) -> Outcome {
    let original = world.visible(call.need_int("original_id")?, call.who)?;
    let (original, name) = (original.id, call.filled("name").unwrap_or_else(|| original.name.clone()));
    world.demand(original, call.who, SEE_CONTENTS)?;
    let name = World::fit_name(&name)?;
    world.demand_name(parent, &name, 0)?;
    if original == parent || world.below(original).contains(&parent) {
        return Err(Refused::bad("An item cannot be copied into itself."));
    }
    let id = copy_tree(world, original, parent, &name, call.who)?;
    merge_categories(world, id, original, call)?;
    if let Err(refused) = give_roles(world, id, &roles_of(call), Spelling::Flat) {
        world.uproot(id);
        return Err(refused);
    }
    world.note(original, call.who, "copy", None);
    created(world, call, id)
}

/// `inheritance` of a copy or a move: 0 as the original, 1 as the destination, 2 both.
pub(super) fn merge_categories(world: &mut World, id: i64, original: i64, call: &Call) -> Result<(), Refused> {
    let way = roles_of(call).get("categories").and_then(|given| given.get("inheritance")).and_then(Value::as_i64);
    let way = way.or(call.int("inheritance")?).unwrap_or(0);
    let own = world.known(original)?.categories.clone();
    let parent = world.known(id)?.parent;
    let theirs = world.nodes.get(&parent).map(|parent| parent.categories.clone()).unwrap_or_default();
    let theirs = theirs.into_iter().filter(|(_, applied)| applied.inherits);
    let node = world.known_mut(id)?;
    node.categories = match way {
        1 => theirs.collect(),
        2 => theirs.chain(own).collect(),
        _ => own,
    };
    Ok(())
}

/// Copies a node and all below it; a copy's versions begin anew with the newest one.
fn copy_tree(world: &mut World, original: i64, parent: i64, name: &str, who: i64) -> Result<i64, Refused> {
    let source = world.known(original)?.clone();
    let id = world.plant(parent, source.kind, name, who);
    let newest = source.newest().cloned();
    let node = world.known_mut(id)?;
    node.description = source.description;
    node.names = source.names;
    node.descriptions = source.descriptions;
    node.url = source.url;
    node.original = source.original;
    node.external = source.external;
    node.categories = source.categories;
    node.classes = source.classes;
    node.advanced_versioning = source.advanced_versioning;
    if let Some(newest) = newest {
        let draft = VersionDraft {
            file_name: newest.file_name,
            mime_type: newest.mime_type,
            content: newest.content,
            description: newest.description,
            external: newest.external,
        };
        world.add_version(id, draft, true, who)?;
    }
    let children: Vec<(i64, String)> = world.children(original).map(|child| (child.id, child.name.clone())).collect();
    for (child, name) in children.into_iter().filter(|(child, _)| *child != id) {
        copy_tree(world, child, id, &name, who)?;
    }
    Ok(id)
}

/// Which names are taken in a container.
fn names(world: &World, call: &Call, only_taken: bool) -> Outcome {
    let parent = world.visible(call.need_int("parent_id")?, call.who)?.id;
    let names = match call.value("names") {
        // A name may hold a comma: a list in JSON is taken as it is.
        Some(Value::Array(names)) => names.iter().filter_map(super::call::text_of).collect(),
        Some(other) => list_of(&other),
        None => return Err(Refused::missing("names")),
    };
    let mut rows = Vec::new();
    for name in names {
        let found = world.child(parent, name.trim());
        if only_taken {
            rows.extend(found.map(|node| json!({ "name": name, "id": node.id })));
        } else {
            rows.push(json!({
                "name": name,
                "id": found.map(|node| node.id),
                "type": found.map(|node| node.kind),
                "versioned": found.is_some_and(|node| node.kind == kind::DOCUMENT),
            }));
        }
    }
    Ok(Answer::json(json!({ "results": rows })))
}
