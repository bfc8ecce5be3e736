//! The versions of files: notes, standing, an older one made current, one removed.

use serde_json::{Value, json};

use super::access::Role;
use super::answer::{Answer, Download, Outcome, object};
use super::call::Call;
use super::files::{file_at, need_file};
use super::problem::Problem;
use super::routes::Route;
use super::shapes::tagged;
use super::spool::Spooled;
use super::world::{Attachment, Version, World};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "files/{}/versions", list),
    ("GET", "files/{}/versions/current", current),
    ("POST", "files/{}/versions/current", make_current),
    ("GET", "files/{}/major_version", major),
    ("POST", "files/{}/major_version", bump_major),
    ("GET", "file_versions/{}", download),
    ("DELETE", "file_versions/{}", delete),
    ("GET", "file_versions/{}/metadata", metadata),
    ("GET", "file_versions/{}/current", current_of),
    ("POST", "file_versions/{}/current", promote),
    ("GET", "file_versions/{}/note", note),
    ("POST", "file_versions/{}/note", set_note),
    ("GET", "file_versions/{}/status", status),
    ("POST", "file_versions/{}/status", set_status),
];

const FIELDS: &[&str] = &[
    "@type",
    "id",
    "version_number",
    "major_version",
    "minor_version",
    "length",
    "md5",
    "note",
    "status",
    "creation",
    "modification",
    "href",
    "links",
];
const KIND: &str = ".FileVersionProperties";

fn missing(id: &str) -> Problem {
    Problem::missing("FILE_VERSION_NOT_FOUND", format!("There is no file version {id}."))
}

/// A version with its file, which somebody may use at least so.
fn version_at<'a>(
    world: &'a World,
    call: &Call,
    id: &str,
    least: Role,
) -> Result<(&'a Attachment, &'a Version), Problem> {
    let found = world.files.values().find_map(|file| {
        let version = file.versions.iter().find(|version| version.id == id)?;
        Some((file, version))
    });
    let (file, version) = found.ok_or_else(|| missing(id))?;
    need_file(world, call.user, &file.id, least)?;
    Ok((file, version))
}

/// The body of a change; its discriminator is required.
fn body(call: &Call) -> Result<super::call::Document, Problem> {
    let document = call.document(FIELDS)?;
    match document.text("@type")? {
        Some(KIND) => Ok(document),
        _ => Err(Problem::bad("@type is missing or names another kind of object.")),
    }
}

fn list(world: &mut World, call: &Call) -> Outcome {
    need_file(world, call.user, call.arg(0), Role::Viewer)?;
    let file = file_at(world, call.arg(0))?;
    // Inferred: the list is not paged by default, and the newest version comes first.
    let versions: Vec<&Version> = file.versions.iter().rev().collect();
    object(call.list(&versions, i64::MAX, |version| world.version_value(file, version))?)
}

fn short(world: &World, file: &Attachment, version: &Version) -> Value {
    let whole = world.version_value(file, version);
    json!({ "@type": KIND, "id": version.id, "href": whole["href"], "links": whole["links"] })
}

fn current(world: &mut World, call: &Call) -> Outcome {
    need_file(world, call.user, call.arg(0), Role::Viewer)?;
    let file = file_at(world, call.arg(0))?;
    object(file.versions.last().map(|version| short(world, file, version)).unwrap_or_default())
}

fn current_of(world: &mut World, call: &Call) -> Outcome {
    let (file, _) = version_at(world, call, call.arg(0), Role::Viewer)?;
    object(file.versions.last().map(|version| short(world, file, version)).unwrap_or_default())
}

fn make_current(world: &mut World, call: &Call) -> Outcome {
    need_file(world, call.user, call.arg(0), Role::Editor)?;
    let document = body(call)?;
    let id = document.text("id")?.ok_or_else(|| Problem::bad("id is missing."))?.to_owned();
    if !file_at(world, call.arg(0))?.versions.iter().any(|version| version.id == id) {
        return Err(missing(&id));
    }
    restore(world, call, &id)
}

fn promote(world: &mut World, call: &Call) -> Outcome {
    version_at(world, call, call.arg(0), Role::Editor)?;
    restore(world, call, call.arg(0))
}

/// Makes an older version current by a new one with its bytes.
fn restore(world: &mut World, call: &Call, id: &str) -> Outcome {
    let (file, version) = version_at(world, call, id, Role::Editor)?;
    // Inferred: what is current already cannot be made so.
    if file.versions.last().is_some_and(|last| last.id == id) {
        return Err(Problem::conflict("NOT_SUPPORTED", "This version is the current one."));
    }
    let (file, owner) = (file.id.clone(), file.owner);
    let spooled = Spooled { blob: version.blob.clone(), md5: version.md5.clone(), is_virus: false };
    let stamp = world.stamp(call.user);
    world.check_hold(owner)?;
    world.add_version(&file, &spooled, stamp, stamp);
    world.did(Some(call.user), "restore", Some(owner));
    object(world.file_tagged(file_at(world, &file)?, call.eye()))
}

fn major(world: &mut World, call: &Call) -> Outcome {
    need_file(world, call.user, call.arg(0), Role::Viewer)?;
    let version = file_at(world, call.arg(0))?.versions.last();
    object(tagged(json!({ "major_version": version.map(|version| version.major) }), KIND))
}

fn bump_major(world: &mut World, call: &Call) -> Outcome {
    let id = call.arg(0);
    let owner = need_file(world, call.user, id, Role::Editor)?;
    if let Some(version) = world.files.get_mut(id).and_then(|file| file.versions.last_mut()) {
        version.major += 1;
        version.minor = 0;
    }
    world.modified_file(owner, world.stamp(call.user));
    object(world.file_tagged(file_at(world, id)?, call.eye()))
}

fn download(world: &mut World, call: &Call) -> Outcome {
    let (file, version) = version_at(world, call, call.arg(0), Role::Viewer)?;
    let (owner, modified) = (file.owner, version.modified.at);
    if call.has_since(modified) {
        return Ok(Answer::Unchanged(modified));
    }
    let answer = Download { blob: version.blob.clone(), name: file.name.clone(), modified };
    world.did(Some(call.user), "download", Some(owner));
    Ok(Answer::Bytes(answer))
}

fn metadata(world: &mut World, call: &Call) -> Outcome {
    let (file, version) = version_at(world, call, call.arg(0), Role::Viewer)?;
    object(world.version_value(file, version))
}

fn note(world: &mut World, call: &Call) -> Outcome {
    let (_, version) = version_at(world, call, call.arg(0), Role::Viewer)?;
    object(tagged(json!({ "id": version.id, "note": version.note }), KIND))
}

fn status(world: &mut World, call: &Call) -> Outcome {
    let (_, version) = version_at(world, call, call.arg(0), Role::Viewer)?;
    object(tagged(json!({ "id": version.id, "status": version.status }), KIND))
}

/// Changes a version and answers it.
fn change(world: &mut World, call: &Call, change: impl FnOnce(&mut Version)) -> Outcome {
    let id = call.arg(0);
    let (file, _) = version_at(world, call, id, Role::Editor)?;
    let (file, owner) = (file.id.clone(), file.owner);
    let versions = world.files.get_mut(&file).map(|file| &mut file.versions);
    if let Some(version) = versions.and_then(|versions| versions.iter_mut().find(|version| version.id == id)) {
        change(version);
    }
    world.modified_file(owner, world.stamp(call.user));
    metadata(world, call)
}

fn set_note(world: &mut World, call: &Call) -> Outcome {
    let note = body(call)?.text("note")?.map(str::to_owned);
    change(world, call, |version| version.note = note.filter(|note| !note.is_empty()))
}

fn set_status(world: &mut World, call: &Call) -> Outcome {
    let status = body(call)?.number("status")?.filter(|status| (0..=3).contains(status));
    let status = status.ok_or_else(|| Problem::bad("status must be 0, 1, 2 or 3."))?;
    change(world, call, |version| version.status = status)
}

/// Removes a version; that it is not there is no error.
fn delete(world: &mut World, call: &Call) -> Outcome {
    let id = call.arg(0);
    let (file, _) = match version_at(world, call, id, Role::Contributor) {
        Ok(found) => found,
        Err(problem) if problem.code == "FILE_VERSION_NOT_FOUND" => return Ok(Answer::Nothing),
        Err(problem) => return Err(problem),
    };
    if file.versions.len() == 1 {
        return Err(Problem::forbidden("FILE_ONLY_VERSION", "The only version of a file cannot be deleted."));
    }
    let (file, owner) = (file.id.clone(), file.owner);
    world.check_hold(owner)?;
    if let Some(file) = world.files.get_mut(&file) {
        file.versions.retain(|version| version.id != id);
    }
    world.modified_file(owner, world.stamp(call.user));
    Ok(Answer::Nothing)
}
