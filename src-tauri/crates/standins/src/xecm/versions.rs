//! Versions of documents and their bytes.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Payload, Refused, paged, results, single};
use super::call::Call;
use super::create::{Spelling, arriving, give_roles, roles_of};
use super::download::Download;
use super::node::{Node, Version, kind};
use super::permissions::{ADD_MAJOR_VERSION, DELETE_VERSIONS, MODIFY, SEE_CONTENTS};
use super::view;
use super::world::{VersionDraft, World};

pub(super) fn route(world: &mut World, call: &mut Call) -> Option<Outcome> {
    let path: Vec<String> = call.path().into_iter().map(str::to_owned).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let outcome = match (call.verb(), path.as_slice()) {
        ("POST", ["v1" | "v2", "nodes", id, "versions"]) => add(world, call, id),
        ("GET", ["v2", "nodes", id, "versions"]) => all(world, call, id),
        ("GET", ["v1", "nodes", id, "versions"]) => all_v1(world, call, id),
        ("DELETE", ["v2", "nodes", id, "versions"]) => purge(world, call, id),
        ("GET", ["v1", "nodes", id, "versions", "latest"]) => latest(world, call, id),
        ("GET", ["v1" | "v2", "nodes", id, "versions", number]) => one(world, call, id, number),
        ("PUT", ["v1" | "v2", "nodes", id, "versions", number]) => describe(world, call, id, number),
        ("DELETE", ["v1" | "v2", "nodes", id, "versions", number]) => remove(world, call, id, number),
        ("POST", ["v2", "nodes", id, "versions", number, "promote"]) => promote(world, call, id, number),
        ("POST", ["v2", "nodes", id, "versions", number, "lock"]) => lock(world, call, id, number, true),
        ("POST", ["v2", "nodes", id, "versions", number, "unlock"]) => lock(world, call, id, number, false),
        (
            "GET",
            ["v1" | "v2", "nodes", id, "versions", number, "content"]
            | ["v1" | "v2", "nodes", id, "versions", number, "content", _],
        ) => content(world, call, id, Some(number)),
        ("GET", ["v1" | "v2", "nodes", id, "content"] | ["v1" | "v2", "nodes", id, "content", _]) => {
            content(world, call, id, None)
        }
        _ => return None,
    };
    Some(outcome)
}

fn document<'a>(world: &'a World, call: &Call, id: &str) -> Result<&'a Node, Refused> {
    let node = world.node(id, call.who)?;
    if node.kind != kind::DOCUMENT {
        // Inferred: the text.
        return Err(Refused::bad("The item does not support versions."));
    }
    Ok(node)
}

fn no_version(id: i64) -> Refused {
    Refused::new(500, format!("Could not locate node: {id}, The version is not found"))
}

fn version_of<'a>(node: &'a Node, number: &str) -> Result<&'a Version, Refused> {
    if number == "latest" {
        return node.newest().ok_or_else(|| no_version(node.id));
    }
    let number = number.parse().map_err(|_| Refused::wrong_type("version_number"))?;
    node.version(number).ok_or_else(|| no_version(node.id))
}

fn find(world: &World, call: &Call, id: &str, number: &str) -> Result<(i64, u32), Refused> {
    let node = document(world, call, id)?;
    Ok((node.id, version_of(node, number)?.number))
}

fn add(world: &mut World, call: &mut Call, id: &str) -> Outcome {
    let node = document(world, call, id)?;
    let (id, name) = (node.id, node.name.clone());
    world.demand(id, call.who, ADD_MAJOR_VERSION)?;
    world.demand_free(id, call.who, "changed")?;
    let description = call.text("description").unwrap_or_default();
    if description.chars().count() > 255 {
        return Err(Refused::bad("The description of a version may have at most 255 characters."));
    }
    give_roles(world, id, &roles_of(call), Spelling::Flat)?;
    let draft = arriving(world, call, &name)?.ok_or_else(|| Refused::missing("file"))?;
    world.add_version(id, VersionDraft { description, ..draft }, call.flag("add_major_version"), call.who)?;
    super::large_files::settle(world, call);
    world.note(id, call.who, "addversion", None);
    let node = world.known(id)?;
    if call.path().first() == Some(&"v1") {
        let number = node.newest().map(|newest| newest.number);
        return Ok(Answer::json(json!({ "id": node.id, "version_number": number })));
    }
    let newest = node.newest().map(|newest| view::version(node, newest));
    single(call, json!({ "properties": view::properties(world, node, call.who), "versions": newest }))
}

fn all(world: &World, call: &Call, id: &str) -> Outcome {
    let node = document(world, call, id)?;
    let mut rows: Vec<Value> =
        node.versions.iter().map(|version| json!({ "data": { "versions": view::version(node, version) } })).collect();
    if call.text("order").as_deref() == Some("desc") {
        rows.reverse();
    }
    paged(call, rows, 100)
}

fn all_v1(world: &World, call: &Call, id: &str) -> Outcome {
    let node = document(world, call, id)?;
    let rows: Vec<Value> = node.versions.iter().map(|version| view::version(node, version)).collect();
    Ok(Answer::json(json!({ "data": rows, "definitions": {}, "definitions_base": [], "definitions_order": [] })))
}

fn latest(world: &World, call: &Call, id: &str) -> Outcome {
    let node = document(world, call, id)?;
    let newest = node.newest().ok_or_else(|| no_version(node.id))?;
    Ok(Answer::json(
        json!({ "data": view::version(node, newest), "definitions": {}, "definitions_base": [], "definitions_order": [] }),
    ))
}

fn one(world: &World, call: &Call, id: &str, number: &str) -> Outcome {
    let node = document(world, call, id)?;
    let version = view::version(node, version_of(node, number)?);
    if call.path().first() == Some(&"v1") {
        return Ok(Answer::json(json!({ "data": version })));
    }
    single(call, json!({ "versions": version }))
}

fn describe(world: &mut World, call: &Call, id: &str, number: &str) -> Outcome {
    let (id, number) = find(world, call, id, number)?;
    world.demand(id, call.who, MODIFY)?;
    world.demand_free(id, call.who, "changed")?;
    let external = super::create::external(call);
    let node = world.known_mut(id)?;
    if let Some(version) = node.versions.iter_mut().find(|version| version.number == number) {
        if let Some(description) = call.text("description") {
            version.description = description;
        }
        version.external.extend(external);
    }
    world.touch(id, call.who);
    one(world, call, &id.to_string(), &number.to_string())
}

fn demand_unlocked(node: &Node, number: u32) -> Result<(), Refused> {
    if node.version(number).is_some_and(|version| version.locked.is_some()) {
        // Inferred: the text.
        return Err(Refused::bad("The version is locked."));
    }
    Ok(())
}

fn remove(world: &mut World, call: &Call, id: &str, number: &str) -> Outcome {
    let (id, number) = find(world, call, id, number)?;
    world.demand(id, call.who, DELETE_VERSIONS)?;
    world.demand_free(id, call.who, "changed")?;
    let node = world.known_mut(id)?;
    demand_unlocked(node, number)?;
    if node.versions.len() == 1 {
        // Inferred: a document keeps one version.
        return Err(Refused::bad("The last version of a document cannot be deleted."));
    }
    node.versions.retain(|version| version.number != number);
    world.touch(id, call.who);
    world.note(id, call.who, "deleteversion", None);
    results(call, json!({}))
}

/// Removes old versions, minor ones only where versions are major and minor; locked ones stay.
fn purge(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = document(world, call, id)?.id;
    world.demand(id, call.who, DELETE_VERSIONS)?;
    world.demand_free(id, call.who, "changed")?;
    let keep = call.int("number_to_keep")?.unwrap_or(1);
    let keep =
        usize::try_from(keep).ok().filter(|keep| *keep > 0).ok_or_else(|| Refused::wrong_type("number_to_keep"))?;
    let node = world.known_mut(id)?;
    let old = node.versions.len().saturating_sub(keep);
    let (advanced, mut at) = (node.advanced_versioning, 0);
    node.versions.retain(|version| {
        at += 1;
        at > old || version.locked.is_some() || (advanced && version.minor == 0)
    });
    world.touch(id, call.who);
    world.note(id, call.who, "purgeversions", None);
    all(world, call, &id.to_string())
}

fn promote(world: &mut World, call: &Call, id: &str, number: &str) -> Outcome {
    let (id, number) = find(world, call, id, number)?;
    world.demand(id, call.who, ADD_MAJOR_VERSION)?;
    world.demand_free(id, call.who, "changed")?;
    let node = world.known(id)?;
    if !node.advanced_versioning {
        return Err(Refused::bad("Only versions of items with advanced version control can be promoted."));
    }
    let old = node.version(number).cloned().ok_or_else(|| no_version(id))?;
    let draft = VersionDraft {
        file_name: old.file_name,
        mime_type: old.mime_type,
        content: old.content,
        description: call.text("description").unwrap_or(old.description),
        external: old.external,
    };
    world.add_version(id, draft, true, call.who)?;
    one(world, call, &id.to_string(), "latest")
}

fn lock(world: &mut World, call: &Call, id: &str, number: &str, on: bool) -> Outcome {
    let (id, number) = find(world, call, id, number)?;
    world.demand(id, call.who, MODIFY)?;
    let now = world.now();
    let node = world.known_mut(id)?;
    if let Some(version) = node.versions.iter_mut().find(|version| version.number == number) {
        version.locked = on.then_some((call.who, now));
    }
    one(world, call, &id.to_string(), &number.to_string())
}

fn content(world: &mut World, call: &Call, id: &str, number: Option<&str>) -> Outcome {
    let node = document(world, call, id)?;
    world.demand(node.id, call.who, SEE_CONTENTS)?;
    let wanted = call.text("version_number").filter(|_| number.is_none());
    let version = version_of(node, number.or(wanted.as_deref()).unwrap_or("latest"))?;
    let opens = call.text("action").as_deref() == Some("open");
    let download = Download {
        content: version.content.clone(),
        name: version.file_name.clone(),
        mime_type: if call.text("action").as_deref() == Some("download") {
            "application/octet-stream".to_owned()
        } else {
            version.mime_type.clone()
        },
        inline: opens,
    };
    let id = node.id;
    world.note(id, call.who, if opens { "view" } else { "fetch" }, None);
    Ok(Answer { status: http::StatusCode::OK, headers: Vec::new(), body: Payload::File(download) })
}
