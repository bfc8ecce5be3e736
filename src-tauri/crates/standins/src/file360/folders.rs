//! Folders and workspaces: made, copied, changed, renamed, moved, put into the trash.

use serde_json::{Value, json};

use super::access::Role;
use super::answer::{Answer, Outcome, object};
use super::call::{Call, Place};
use super::listing::{binder, binder_of};
use super::probe::TEMPLATES;
use super::problem::Problem;
use super::routes::{Route, reserved};
use super::shapes::ENTRY_FIELDS;
use super::world::{Action, Binder, Description, Entity, Id, Purpose, Stamp, Subject, World, proper_name};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "folders|workspaces|binders/{}", read),
    ("PUT", "folders|workspaces|binders/{}", update),
    ("DELETE", "folders|workspaces|binders/{}", delete),
];

impl World {
    /// A new binder; the feed of changes knows it.
    pub(super) fn add_binder(&mut self, parent: Option<Id>, title: &str, purpose: Purpose, stamp: Stamp) -> Id {
        let id = self.next_id();
        let binder = Binder {
            id,
            parent,
            purpose,
            title: title.to_owned(),
            description: Description::default(),
            owner: None,
            created: stamp,
            modified: stamp,
            touched: stamp.at,
            trashed: None,
            rights: Vec::new(),
            quota: None,
            custom_fields: Vec::new(),
        };
        self.binders.insert(id, binder);
        if let Some(parent) = parent {
            self.changed(Action::Add, Subject::Binder(id), parent);
        }
        id
    }

    /// Marks a binder as changed by somebody now.
    pub(super) fn modified_binder(&mut self, id: Id, by: Id) {
        let stamp = self.stamp(by);
        let parent = self.binders.get_mut(&id).and_then(|binder| {
            binder.modified = stamp;
            binder.parent
        });
        if let Some(parent) = parent {
            self.changed(Action::Modify, Subject::Binder(id), parent);
        }
    }

    /// Fails where a binder has one of this title already.
    fn need_title(&self, call: &Call, parent: Id, title: &str, except: Option<Id>) -> Result<(), Problem> {
        match self.binder_titled(parent, title).filter(|found| Some(found.id) != except) {
            None => Ok(()),
            Some(found) => {
                let data = self.binder_brief(found, call.eye());
                Err(Problem::conflict("TITLE_EXISTS", format!("A folder named {title} already exists.")).with(data))
            }
        }
    }

    fn full(&self, id: Id, call: &Call) -> Outcome {
        let binder = self.binders.get(&id).ok_or_else(Problem::denied)?;
        object(self.binder_full(binder, call.eye(), true))
    }
}

fn read(world: &mut World, call: &Call) -> Outcome {
    match reserved(call.id(0)?) {
        Place::Binder(id) => {
            let binder = binder(world, call, id, Role::Viewer)?;
            object(world.binder_full(binder, call.eye(), call.query.flag("include_attachments", true)))
        }
        place => super::roots::of(world, call, place),
    }
}

/// A new folder of files, or with a form the copy of one.
pub(super) fn create(world: &mut World, call: &Call) -> Outcome {
    let parent = binder_of(world, call, Role::Contributor)?;
    world.need(call.user, Entity::Binder(parent), Role::Contributor)?;
    if !world.binder(parent).is_some_and(Binder::is_library) {
        return Err(Problem::missing("NOT_SUPPORTED", "This is not a folder for files."));
    }
    if call.is_form() {
        return copy(world, call, parent);
    }
    let document = call.document(ENTRY_FIELDS)?;
    let title = proper_name(document.text("title")?.ok_or_else(|| Problem::bad("title is missing."))?)?;
    world.need_title(call, parent, &title, None)?;
    let description = described(&document)?.unwrap_or_default();
    let id = world.add_binder(Some(parent), &title, Purpose::Folder, world.stamp(call.user));
    if let Some(binder) = world.binders.get_mut(&id) {
        binder.description = description;
    }
    world.did(Some(call.user), "add", Some(Entity::Binder(id)));
    world.full(id, call)
}

/// The description of a body.
pub(super) fn described(document: &super::call::Document) -> Result<Option<Description>, Problem> {
    let Some(value) = document.object("description", &["text", "format", "format_str"])? else { return Ok(None) };
    let is_html = value.number("format")? == Some(1) || value.text("format_str")? == Some("html");
    Ok(Some(Description { text: value.text("text")?.unwrap_or_default().to_owned(), is_html }))
}

fn copy(world: &mut World, call: &Call, parent: Id) -> Outcome {
    let form = call.form()?;
    let source = form.number("source_id")?.ok_or_else(|| Problem::bad("source_id is missing."))?;
    world.need(call.user, Entity::Binder(source), Role::Viewer)?;
    let title = form.get("title").map_or_else(|| world.name_of(Entity::Binder(source)), str::to_owned);
    let title = proper_name(&title)?;
    world.need_title(call, parent, &title, None)?;
    if world.line(parent).contains(&source) {
        return Err(Problem::refused("NOT_SUPPORTED", "A folder cannot be copied into itself."));
    }
    let bytes: u64 = world.library_info(source)["disk_space"].as_u64().unwrap_or(0);
    world.need_space(call.user, parent, bytes)?;
    let id = copy_tree(world, call.user, source, parent, &title);
    world.did(Some(call.user), "copy", Some(Entity::Binder(id)));
    world.full(id, call)
}

fn copy_tree(world: &mut World, user: Id, source: Id, parent: Id, title: &str) -> Id {
    let id = world.add_binder(Some(parent), title, Purpose::Folder, world.stamp(user));
    let description = world.binders.get(&source).map(|binder| binder.description.clone()).unwrap_or_default();
    if let Some(binder) = world.binders.get_mut(&id) {
        binder.description = description;
    }
    let entries: Vec<Id> = world.entries_in(source).iter().map(|entry| entry.id).collect();
    for entry in entries {
        let name = world.name_of(Entity::Entry(entry));
        super::uploads::copy_entry(world, user, entry, id, &name);
    }
    let below: Vec<(Id, String)> =
        world.binders_in(source).iter().map(|binder| (binder.id, binder.title.clone())).collect();
    for (below, title) in below {
        copy_tree(world, user, below, id, &title);
    }
    id
}

/// A folder or workspace from a template, in a workspace.
pub(super) fn create_from_template(world: &mut World, call: &Call) -> Outcome {
    let parent = binder_of(world, call, Role::Viewer)?;
    let wanted = if call.path.ends_with("/workspaces") { "workspace" } else { "folder" };
    let template = call.query.number("template")?;
    let found =
        TEMPLATES.iter().find(|(id, _, kind)| template.is_none_or(|template| template == *id) && *kind == wanted);
    let found = found.ok_or_else(|| Problem::missing("TEMPLATE_NOT_FOUND", "There is no such template."))?;
    // Inferred: who may not change the workspace may still found a team in the workspace of teams.
    if !(wanted == "workspace" && Some(parent) == world.teams()) {
        world.need(call.user, Entity::Binder(parent), Role::Contributor)?;
    }
    let document = call.document(ENTRY_FIELDS)?;
    let title = proper_name(document.text("title")?.ok_or_else(|| Problem::bad("title is missing."))?)?;
    world.need_title(call, parent, &title, None)?;
    let purpose = match found.0 {
        903 => Purpose::Workspace,
        902 => Purpose::Discussion,
        _ => Purpose::Folder,
    };
    let id = world.add_binder(Some(parent), &title, purpose, world.stamp(call.user));
    if let Some(binder) = world.binders.get_mut(&id) {
        binder.owner = Some(call.user);
    }
    if purpose == Purpose::Workspace {
        world.add_binder(Some(id), "Files", Purpose::Folder, world.stamp(call.user));
    }
    world.full(id, call)
}

impl World {
    /// The workspace that teams lie in.
    pub(super) fn teams(&self) -> Option<Id> {
        self.binder_titled(super::world::TOP, "Team Workspaces").map(|binder| binder.id)
    }
}

fn update(world: &mut World, call: &Call) -> Outcome {
    let id = binder(world, call, call.id(0)?, Role::Contributor)?.id;
    let document = call.document(ENTRY_FIELDS)?;
    if let Some(title) = document.text("title")? {
        rename_to(world, call, id, title)?;
    }
    if let Some(description) = described(&document)?
        && let Some(binder) = world.binders.get_mut(&id)
    {
        binder.description = description;
    }
    // Inferred: the stock definition has no fields of its own, and values for them are dropped.
    world.modified_binder(id, call.user);
    world.did(Some(call.user), "modify", Some(Entity::Binder(id)));
    world.full(id, call)
}

fn rename_to(world: &mut World, call: &Call, id: Id, title: &str) -> Result<(), Problem> {
    let title = proper_name(title)?;
    world.check_hold(Entity::Binder(id))?;
    let parent = world.binders.get(&id).and_then(|binder| binder.parent).ok_or_else(Problem::denied)?;
    if world.binders.get(&id).is_some_and(|binder| binder.purpose == Purpose::Storage) {
        return Err(Problem::denied());
    }
    world.need_title(call, parent, &title, Some(id))?;
    if let Some(binder) = world.binders.get_mut(&id) {
        binder.title = title;
    }
    Ok(())
}

pub(super) fn title(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Viewer)?;
    object(json!({ "title": world.name_of(Entity::Binder(id)) }))
}

pub(super) fn rename(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Contributor)?;
    let form = call.form()?;
    rename_to(world, call, id, form.get("title").ok_or_else(|| Problem::bad("title is missing."))?)?;
    world.modified_binder(id, call.user);
    world.did(Some(call.user), "rename", Some(Entity::Binder(id)));
    world.full(id, call)
}

pub(super) fn parent(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Viewer)?;
    let parent = world.binders.get(&id).and_then(|binder| binder.parent).and_then(|parent| world.binder(parent));
    object(parent.map_or(Value::Null, |parent| world.binder_full(parent, call.eye(), true)))
}

/// The folder that a form names as the new parent; −100 is one's own storage.
pub(super) fn target(world: &World, call: &Call, id: Id) -> Result<Id, Problem> {
    let id = match reserved(id) {
        Place::MyFiles => {
            world.need_root(call.user, Place::MyFiles)?;
            world.users.get(&call.user).map_or(id, |user| user.storage)
        }
        _ => id,
    };
    if world.binder(id).is_none() {
        return Err(Problem::missing("FOLDER_NOT_FOUND", format!("There is no folder {id}.")));
    }
    world.need(call.user, Entity::Binder(id), Role::Contributor)?;
    if !world.binder(id).is_some_and(Binder::is_library) {
        return Err(Problem::missing("NOT_SUPPORTED", "This is not a folder for files."));
    }
    Ok(id)
}

pub(super) fn move_to(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Contributor)?;
    let form = call.form()?;
    let to = form.number("binder_id")?.ok_or_else(|| Problem::bad("binder_id is missing."))?;
    let to = target(world, call, to)?;
    world.check_hold(Entity::Binder(id))?;
    let binder = world.binders.get(&id).cloned().ok_or_else(Problem::denied)?;
    if binder.purpose != Purpose::Folder || world.line(to).contains(&id) {
        return Err(Problem::refused("NOT_SUPPORTED", "This cannot be moved there."));
    }
    world.need_title(call, to, &binder.title, Some(id))?;
    if let Some(from) = binder.parent.filter(|from| *from != to) {
        world.changed(Action::Delete, Subject::Binder(id), from);
        if let Some(binder) = world.binders.get_mut(&id) {
            binder.parent = Some(to);
        }
        world.changed(Action::Add, Subject::Binder(id), to);
    }
    world.did(Some(call.user), "move", Some(Entity::Binder(id)));
    world.full(id, call)
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let id = binder(world, call, call.id(0)?, Role::Contributor)?.id;
    world.check_hold(Entity::Binder(id))?;
    let Some(Binder { parent: Some(parent), purpose, .. }) = world.binders.get(&id).cloned() else {
        return Err(Problem::denied());
    };
    if purpose == Purpose::Storage || world.is_personal(id) || world.line(id).len() < 3 {
        return Err(Problem::denied());
    }
    let is_empty = world.binders_in(id).is_empty() && world.entries_in(id).is_empty();
    if call.query.flag("only_if_empty", false) && !is_empty {
        return Err(Problem::conflict("BINDER_NOT_EMPTY", "The folder is not empty."));
    }
    let purge = call.query.flag("purge", false) || world.net_root(Entity::Binder(id)).is_some();
    world.did(Some(call.user), if purge { "purge" } else { "delete" }, Some(Entity::Binder(id)));
    world.changed(Action::Delete, Subject::Binder(id), parent);
    for below in world.tree(id) {
        let subjects: Vec<Subject> = world.entries_in(below).iter().map(|entry| world.subject_of(entry.id)).collect();
        for subject in subjects {
            world.changed(Action::Delete, subject, below);
        }
    }
    let now = world.now();
    if purge {
        world.purge_binder(id);
    } else if let Some(binder) = world.binders.get_mut(&id) {
        binder.trashed = Some(now);
    }
    Ok(Answer::Nothing)
}

impl World {
    /// Removes a binder and all below it for good, the trash within included.
    pub(super) fn purge_binder(&mut self, id: Id) {
        let below: Vec<Id> =
            self.binders.values().filter(|binder| binder.parent == Some(id)).map(|binder| binder.id).collect();
        for id in below {
            self.purge_binder(id);
        }
        let entries: Vec<Id> = self.entries.values().filter(|entry| entry.parent == id).map(|entry| entry.id).collect();
        for id in entries {
            self.purge_entry(id);
        }
        self.binders.remove(&id);
        self.forget(Entity::Binder(id));
    }

    /// Removes an entry with its files and comments for good.
    pub(super) fn purge_entry(&mut self, id: Id) {
        self.entries.remove(&id);
        self.replies.retain(|_, reply| reply.entry != id);
        self.forget(Entity::Entry(id));
    }

    fn forget(&mut self, entity: Entity) {
        self.files.retain(|_, file| file.owner != entity);
        self.shares.retain(|_, share| share.entity != entity);
        self.tags.retain(|_, tag| tag.entity != entity);
        self.holds.remove(&entity);
    }
}
