//! Files by their own ids: what is known of them, names, places, and the end.

use serde_json::{Value, json};

use super::access::Role;
use super::answer::{Answer, Outcome, object};
use super::call::{Call, Document};
use super::folders::target;
use super::listing::{above, binder_of, fits};
use super::problem::Problem;
use super::routes::Route;
use super::world::{Action, Attachment, Entity, Id, World, proper_name};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "files", batch),
    ("POST", "files/validate_zipit", validate_zip),
    ("GET", "files/{}/metadata", metadata),
    ("GET", "files/{}/access", access),
    ("GET", "files/{}/ancestry", ancestry),
    ("GET", "files/{}/name", name),
    ("POST", "files/{}/name", rename),
    ("GET", "files/{}/parent_folder", parent),
    ("POST", "files/{}/parent_folder", move_to),
    ("DELETE", "files/{}", delete),
    ("GET", "folder_entries/{}/attachments", entry_attachments),
];

/// A file by its id.
pub(super) fn file_at<'a>(world: &'a World, id: &str) -> Result<&'a Attachment, Problem> {
    let missing = || Problem::missing("FILE_NOT_FOUND", format!("There is no file {id}."));
    world.files.get(id).filter(|file| world.exists(file.owner)).ok_or_else(missing)
}

/// Fails unless somebody may do at least this with a file; to change it nobody else may have reserved it.
pub(super) fn need_file(world: &World, user: Id, id: &str, least: Role) -> Result<Entity, Problem> {
    let owner = file_at(world, id)?.owner;
    let needed = match owner {
        Entity::Entry(entry) if least > Role::Viewer => world.need_free(user, entry, least),
        owner => world.need(user, owner, least).map(|_| ()),
    };
    needed.map_err(|problem| {
        let is_missing = problem.status == http::StatusCode::NOT_FOUND;
        if is_missing { Problem::missing("FILE_NOT_FOUND", format!("There is no file {id}.")) } else { problem }
    })?;
    Ok(owner)
}

/// Several files by id, or those whose names fit a pattern.
fn batch(world: &mut World, call: &Call) -> Outcome {
    let may = |file: &&Attachment| need_file(world, call.user, &file.id, Role::Viewer).is_ok();
    let mut found: Vec<&Attachment> = match call.query.get("file_name") {
        Some(pattern) => {
            if pattern.is_empty() || pattern.starts_with(['*', '?']) {
                return Err(Problem::refused("SEARCH_INVALID_WILD_CARD", "A pattern must not begin with a wild card."));
            }
            let pattern = pattern.to_lowercase();
            let only_library = call.query.flag("library", true);
            let fitting = world.files.values().filter(|file| fits(&pattern, &file.name.to_lowercase()));
            let fitting = fitting.filter(|file| !only_library || matches!(file.owner, Entity::Entry(_)));
            let mut fitting: Vec<_> = fitting.filter(may).filter(|file| world.is_indexed(file.owner)).collect();
            fitting.sort_by_key(|file| (file.name.to_lowercase(), file.id.clone()));
            fitting
        }
        None => call.query.all("id").into_iter().filter_map(|id| file_at(world, id).ok()).filter(may).collect(),
    };
    found.dedup_by_key(|file| file.id.clone());
    object(call.list(&found, 100, |file| world.file_tagged(file, call.eye()))?)
}

fn shown(world: &World, call: &Call) -> Outcome {
    object(world.file_tagged(file_at(world, call.arg(0))?, call.eye()))
}

fn metadata(world: &mut World, call: &Call) -> Outcome {
    need_file(world, call.user, call.arg(0), Role::Viewer)?;
    shown(world, call)
}

fn access(world: &mut World, call: &Call) -> Outcome {
    let owner = need_file(world, call.user, call.arg(0), Role::Viewer)?;
    object(world.access(call.user, owner)?)
}

fn ancestry(world: &mut World, call: &Call) -> Outcome {
    let owner = need_file(world, call.user, call.arg(0), Role::Viewer)?;
    object(above(world, call, &world.line_of(owner)))
}

fn name(world: &mut World, call: &Call) -> Outcome {
    need_file(world, call.user, call.arg(0), Role::Viewer)?;
    object(json!({ "name": file_at(world, call.arg(0))?.name }))
}

fn parent(world: &mut World, call: &Call) -> Outcome {
    let owner = need_file(world, call.user, call.arg(0), Role::Viewer)?;
    let parent = world.line_of(owner).first().and_then(|id| world.binder(*id));
    object(parent.map_or(Value::Null, |parent| world.binder_full(parent, call.eye(), true)))
}

/// Fails where another file of a folder has this name.
fn need_name(world: &World, call: &Call, folder: Id, name: &str, except: Id) -> Result<(), Problem> {
    match world.entry_named(folder, name).filter(|entry| entry.id != except) {
        None => Ok(()),
        Some(entry) => {
            let data = world.primary(entry.id).map(|file| world.file_plain(file, call.eye())).unwrap_or_default();
            Err(Problem::conflict("FILE_EXISTS", format!("A file named {name} already exists.")).with(data))
        }
    }
}

fn rename(world: &mut World, call: &Call) -> Outcome {
    let (id, form) = (call.arg(0), call.form()?);
    let owner = need_file(world, call.user, id, Role::Contributor)?;
    let name = proper_name(form.get("name").ok_or_else(|| Problem::bad("name is missing."))?)?;
    world.check_hold(owner)?;
    let is_primary = match owner {
        Entity::Entry(entry) => {
            let parent = world.line_of(owner).first().copied().unwrap_or_default();
            need_name(world, call, parent, &name, entry)?;
            world.primary(entry).is_some_and(|file| file.id == id)
        }
        Entity::Binder(_) => false,
    };
    if let Entity::Entry(entry) = owner
        && is_primary
        && let Some(entry) = world.entries.get_mut(&entry)
    {
        entry.title.clone_from(&name);
    }
    if let Some(file) = world.files.get_mut(id) {
        file.name = name;
    }
    world.modified_file(owner, world.stamp(call.user));
    world.did(Some(call.user), "rename", Some(owner));
    shown(world, call)
}

fn move_to(world: &mut World, call: &Call) -> Outcome {
    let (id, form) = (call.arg(0), call.form()?);
    let owner = need_file(world, call.user, id, Role::Contributor)?;
    let Entity::Entry(entry) = owner else {
        return Err(Problem::refused("NOT_SUPPORTED", "Only files of a folder can be moved."));
    };
    let to = form.number("folder_id")?.ok_or_else(|| Problem::bad("folder_id is missing."))?;
    let to = target(world, call, to)?;
    let name = proper_name(form.get("name").unwrap_or(&file_at(world, id)?.name))?;
    need_name(world, call, to, &name, entry)?;
    world.check_hold(owner)?;
    let from = world.line_of(owner).first().copied().unwrap_or_default();
    let (subject, stamp) = (world.subject_of(entry), world.stamp(call.user));
    if let Some(own) = world.entries.get_mut(&entry) {
        own.title.clone_from(&name);
        own.parent = to;
        own.modified = stamp;
    }
    if let Some(file) = world.files.get_mut(id) {
        file.name = name;
    }
    if from == to {
        world.changed(Action::Modify, subject, to);
    } else {
        world.changed(Action::Delete, subject.clone(), from);
        world.changed(Action::Add, subject, to);
    }
    world.did(Some(call.user), "move", Some(owner));
    shown(world, call)
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let id = call.arg(0);
    let owner = need_file(world, call.user, id, Role::Contributor)?;
    let file = file_at(world, id)?;
    let current = file.versions.last().map(|version| version.number);
    if call.query.number("version")?.is_some_and(|wanted| Some(wanted) != current) {
        let data = world.file_plain(file, call.eye());
        return Err(
            Problem::conflict("FILE_VERSION_CONFLICT", "The file has been changed by somebody else.").with(data)
        );
    }
    world.check_hold(owner)?;
    let purge = call.query.flag("purge", false) || world.net_root(owner).is_some();
    match owner {
        Entity::Entry(entry) if world.primary(entry).is_some_and(|file| file.id == id) => {
            world.remove_entry(entry, call.user, purge);
        }
        _ => {
            world.files.remove(id);
            world.modified_file(owner, world.stamp(call.user));
        }
    }
    Ok(Answer::Nothing)
}

impl World {
    /// Puts an entry into the trash, or removes it for good.
    pub(super) fn remove_entry(&mut self, id: Id, by: Id, purge: bool) {
        let Some(parent) = self.entries.get(&id).map(|entry| entry.parent) else { return };
        let (subject, now) = (self.subject_of(id), self.now());
        self.did(Some(by), if purge { "purge" } else { "delete" }, Some(Entity::Entry(id)));
        self.changed(Action::Delete, subject, parent);
        if purge {
            self.purge_entry(id);
        } else if let Some(entry) = self.entries.get_mut(&id) {
            entry.trashed = Some(now);
        }
    }
}

fn entry_attachments(world: &mut World, call: &Call) -> Outcome {
    let entity = Entity::Entry(call.id(0)?);
    world.need(call.user, entity, Role::Viewer)?;
    list_of(world, call, entity)
}

pub(super) fn attachments(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Viewer)?;
    list_of(world, call, Entity::Binder(id))
}

fn list_of(world: &World, call: &Call, entity: Entity) -> Outcome {
    let files = world.files_of(entity);
    object(call.list(&files, 100, |file| world.file_tagged(file, call.eye()))?)
}

/// Whether these things can go into one archive together.
fn validate_zip(world: &mut World, call: &Call) -> Outcome {
    // Inferred: nothing is answered where all may be read, and the first that may not is refused.
    let bytes = call.sent.bytes().cloned().unwrap_or_default();
    let items: Vec<Value> =
        serde_json::from_slice(&bytes).map_err(|error| Problem::bad(format!("The body is no list: {error}.")))?;
    for item in &items {
        let item = Document::of(item, &["id", "type"])?;
        match item.text("type")? {
            Some("folder" | "workspace") => {
                let id = item.number("id")?.unwrap_or_default();
                world.need(call.user, Entity::Binder(id), Role::Viewer)?;
            }
            Some("folderEntry") => {
                world.need(call.user, Entity::Entry(item.number("id")?.unwrap_or_default()), Role::Viewer)?;
            }
            Some("file") => {
                need_file(world, call.user, item.text("id")?.unwrap_or_default(), Role::Viewer)?;
            }
            _ => return Err(Problem::bad("type must be folder, folderEntry or file.")),
        }
    }
    Ok(Answer::Nothing)
}
