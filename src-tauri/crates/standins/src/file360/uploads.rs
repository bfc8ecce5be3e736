//! Files that come in: new ones, new versions of those that are there, and copies.

use serde_json::json;

use super::access::Role;
use super::answer::{Outcome, object};
use super::call::{Call, Eye};
use super::files::{file_at, need_file};
use super::listing::binder_of;
use super::problem::Problem;
use super::routes::Route;
use super::spool::Spooled;
use super::world::{
    Action, Attachment, Binder, Description, Entity, Entry, Id, Stamp, Version, World, hex_id, proper_name, same_name,
};

pub(super) const ROUTES: &[Route] =
    &[("POST", "files/{}", new_version), ("POST", "folder_entries/{}/attachments", attach_to_entry)];

impl World {
    /// Fails where more bytes would be over the quota of the person or of a binder.
    pub(super) fn need_space(&self, user: Id, parent: Id, more: u64) -> Result<(), Problem> {
        let used = self.used_by(user);
        if let Some(quota) = self.users.get(&user).and_then(|user| user.quota).filter(|quota| used + more > *quota) {
            let data = json!({ "disk_space_used": used, "disk_space_quota": quota });
            return Err(Problem::forbidden("USER_QUOTA_EXCEEDED", "This would exceed your quota.").with(data));
        }
        for id in self.line(parent) {
            let Some(quota) = self.binders.get(&id).and_then(|binder| binder.quota) else { continue };
            let inside = |file: &&Attachment| self.line_of(file.owner).contains(&id);
            let versions = self.files.values().filter(inside).flat_map(|file| &file.versions);
            if versions.map(|version| version.blob.length()).sum::<u64>() + more > quota {
                return Err(Problem::forbidden("BINDER_QUOTA_EXCEEDED", "This would exceed the quota of the folder."));
            }
        }
        Ok(())
    }

    /// A new entry with its file; the feed of changes knows it.
    pub(super) fn add_file(&mut self, parent: Id, name: &str, spooled: &Spooled, made: Stamp, modified: Stamp) -> Id {
        let id = self.next_id();
        let entry = Entry {
            id,
            parent,
            title: name.to_owned(),
            description: Description::default(),
            created: made,
            modified: made,
            trashed: None,
            reserved: None,
            custom_fields: Vec::new(),
        };
        self.entries.insert(id, entry);
        self.hang(Entity::Entry(id), name, spooled, made, modified);
        let subject = self.subject_of(id);
        self.changed(Action::Add, subject, parent);
        id
    }

    /// Hangs a file on an entry or binder.
    fn hang(&mut self, owner: Entity, name: &str, spooled: &Spooled, made: Stamp, modified: Stamp) -> String {
        let version = first_version(spooled, made, modified);
        let file = Attachment { id: hex_id(), owner, name: name.to_owned(), versions: vec![version] };
        let id = file.id.clone();
        self.files.insert(id.clone(), file);
        id
    }

    /// Adds a version that becomes the current one. Each later second than before, so that a client notices.
    pub(super) fn add_version(&mut self, file: &str, spooled: &Spooled, made: Stamp, modified: Stamp) {
        let Some(own) = self.files.get_mut(file) else { return };
        let number = own.versions.iter().map(|version| version.number).max().unwrap_or(0) + 1;
        let (major, minor) = own.versions.last().map_or((1, 0), |last| (last.major, last.minor + 1));
        own.versions.push(Version { number, major, minor, ..first_version(spooled, made, modified) });
        let owner = own.owner;
        self.modified_file(owner, made);
    }

    /// Marks what a file hangs on as changed.
    pub(super) fn modified_file(&mut self, owner: Entity, stamp: Stamp) {
        match owner {
            Entity::Entry(id) => {
                let Some(entry) = self.entries.get_mut(&id) else { return };
                entry.modified = stamp;
                let parent = entry.parent;
                let subject = self.subject_of(id);
                self.changed(Action::Modify, subject, parent);
            }
            Entity::Binder(id) => self.modified_binder(id, stamp.by),
        }
    }
}

fn first_version(spooled: &Spooled, made: Stamp, modified: Stamp) -> Version {
    Version {
        id: hex_id(),
        number: 1,
        major: 1,
        minor: 0,
        md5: spooled.md5.clone(),
        note: None,
        status: 0,
        created: made,
        modified,
        blob: spooled.blob.clone(),
    }
}

/// Fails where the bytes are not what the client says they are, or are a virus.
fn checked(call: &Call) -> Result<&Spooled, Problem> {
    let spooled = call.upload()?;
    if call.query.get("md5").is_some_and(|md5| !md5.is_empty() && !md5.eq_ignore_ascii_case(&spooled.md5)) {
        return Err(Problem::refused("FILE_CHECKSUM_FAILED", "The MD5 checksum does not match the file that arrived."));
    }
    // Inferred: the status of what a virus scanner finds.
    if spooled.is_virus {
        return Err(Problem::forbidden("FILE_AV_VIRUS", "The file has a virus."));
    }
    Ok(spooled)
}

/// When the file was last changed where it comes from; now where the client does not say.
fn modified(world: &World, call: &Call) -> Result<Stamp, Problem> {
    let now = world.stamp(call.user);
    Ok(Stamp { at: call.query.date("mod_date")?.unwrap_or(now.at), ..now })
}

fn shown(world: &World, call: &Call, file: &str) -> Outcome {
    let file = world.files.get(file).ok_or_else(Problem::denied)?;
    let mut value = world.file_tagged(file, call.eye());
    if call.query.flag("include_user_quota", false)
        && let Some(user) = world.users.get(&call.user)
    {
        // Inferred: newer builds add the quota to the answer under this name.
        value["user_quota"] = json!({ "disk_space_used": world.used_by(user.id), "disk_space_quota": user.quota });
    }
    object(value)
}

/// A new file, or with a form the copy of one.
pub(super) fn create(world: &mut World, call: &Call) -> Outcome {
    let parent = binder_of(world, call, Role::Viewer)?;
    if !world.binder(parent).is_some_and(Binder::is_library) {
        return Err(Problem::missing("NOT_SUPPORTED", "This is not a folder for files."));
    }
    if call.is_form() {
        return copy(world, call, parent);
    }
    let name = call.query.get("file_name").ok_or_else(|| Problem::bad("file_name is missing."))?;
    let name = proper_name(name)?;
    let existing = world.entry_named(parent, &name).map(|entry| entry.id);
    if let Some(existing) = existing {
        return overwrite(world, call, existing);
    }
    world.need(call.user, Entity::Binder(parent), Role::Contributor)?;
    if world.binder_titled(parent, &name).is_some() {
        return Err(Problem::conflict("TITLE_EXISTS", format!("A folder named {name} already exists.")));
    }
    let spooled = checked(call)?;
    let (made, modified) = (world.stamp(call.user), modified(world, call)?);
    world.need_space(call.user, parent, spooled.blob.length())?;
    let id = world.add_file(parent, &name, spooled, made, modified);
    world.did(Some(call.user), "add", Some(Entity::Entry(id)));
    let file = world.primary(id).map(|file| file.id.clone()).unwrap_or_default();
    shown(world, call, &file)
}

fn exists(world: &World, entry: Id, eye: Eye) -> Problem {
    let name = world.name_of(Entity::Entry(entry));
    let data = world.primary(entry).map(|file| world.file_plain(file, eye)).unwrap_or_default();
    Problem::conflict("FILE_EXISTS", format!("A file named {name} already exists.")).with(data)
}

fn overwrite(world: &mut World, call: &Call, entry: Id) -> Outcome {
    if !call.query.flag("overwrite_existing", false) {
        return Err(exists(world, entry, call.eye()));
    }
    world.need_free(call.user, entry, Role::Editor)?;
    let file = world.primary(entry).map(|file| file.id.clone()).ok_or_else(Problem::denied)?;
    store_version(world, call, &file)
}

fn store_version(world: &mut World, call: &Call, file: &str) -> Outcome {
    let spooled = checked(call)?;
    let (made, modified) = (world.stamp(call.user), modified(world, call)?);
    let owner = world.files.get(file).map(|file| file.owner).ok_or_else(Problem::denied)?;
    world.check_hold(owner)?;
    let parent = world.line_of(owner).first().copied().unwrap_or_default();
    world.need_space(call.user, parent, spooled.blob.length())?;
    world.add_version(file, spooled, made, modified);
    world.did(Some(call.user), "modify", Some(owner));
    shown(world, call, file)
}

/// A new version, if the client knows the current one or does not care.
fn new_version(world: &mut World, call: &Call) -> Outcome {
    let id = call.arg(0).to_owned();
    call.upload()?;
    need_file(world, call.user, &id, Role::Editor)?;
    let (last, major) = (call.query.number("last_version")?, call.query.number("last_major_version")?);
    let minor = call.query.number("last_minor_version")?;
    let current = file_at(world, &id)?.versions.last().map(|version| (version.number, version.major, version.minor));
    let (number, own_major, own_minor) = current.unwrap_or_default();
    let is_current = match (last, major, minor) {
        _ if call.query.flag("force_overwrite", false) => true,
        (Some(last), _, _) => last == number,
        (None, Some(major), Some(minor)) => (major, minor) == (own_major, own_minor),
        _ => {
            return Err(Problem::bad(
                "One of last_version, last_major_version with last_minor_version, or force_overwrite must be given.",
            ));
        }
    };
    if !is_current {
        let data = world.file_plain(file_at(world, &id)?, call.eye());
        return Err(
            Problem::conflict("FILE_VERSION_CONFLICT", "The file has been changed by somebody else.").with(data)
        );
    }
    store_version(world, call, &id)
}

/// A second entry with the current bytes of an entry's file.
pub(super) fn copy_entry(world: &mut World, user: Id, source: Id, parent: Id, name: &str) -> Option<Id> {
    let current = world.primary(source)?.versions.last()?;
    let spooled = Spooled { blob: current.blob.clone(), md5: current.md5.clone(), is_virus: false };
    let (made, at) = (world.stamp(user), current.modified.at);
    Some(world.add_file(parent, name, &spooled, made, Stamp { by: user, at }))
}

fn copy(world: &mut World, call: &Call, parent: Id) -> Outcome {
    world.need(call.user, Entity::Binder(parent), Role::Contributor)?;
    let form = call.form()?;
    let source = form.get("source_id").ok_or_else(|| Problem::bad("source_id is missing."))?;
    need_file(world, call.user, source, Role::Viewer)?;
    let file = file_at(world, source)?;
    let Entity::Entry(entry) = file.owner else {
        return Err(Problem::refused("NOT_SUPPORTED", "Only files of a folder can be copied."));
    };
    let length = file.versions.last().map_or(0, |version| version.blob.length());
    let name = proper_name(form.get("file_name").unwrap_or(&file.name))?;
    if let Some(existing) = world.entry_named(parent, &name) {
        return Err(exists(world, existing.id, call.eye()));
    }
    world.need_space(call.user, parent, length)?;
    let id = copy_entry(world, call.user, entry, parent, &name).ok_or_else(Problem::denied)?;
    world.did(Some(call.user), "copy", Some(Entity::Entry(id)));
    let file = world.primary(id).map(|file| file.id.clone()).unwrap_or_default();
    shown(world, call, &file)
}

/// A file on a binder itself.
pub(super) fn attach(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, Role::Contributor)?;
    hang_on(world, call, Entity::Binder(id), id)
}

/// A further file on an entry.
fn attach_to_entry(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need_free(call.user, id, Role::Editor)?;
    let parent = world.entry(id).map(|entry| entry.parent).unwrap_or_default();
    hang_on(world, call, Entity::Entry(id), parent)
}

fn hang_on(world: &mut World, call: &Call, owner: Entity, parent: Id) -> Outcome {
    let spooled = checked(call)?;
    let name = proper_name(call.query.get("file_name").ok_or_else(|| Problem::bad("file_name is missing."))?)?;
    let existing = world.files_of(owner).into_iter().find(|file| same_name(&file.name, &name));
    if let Some(existing) = existing.map(|file| file.id.clone()) {
        if call.query.flag("overwrite_existing", false) {
            return store_version(world, call, &existing);
        }
        let data = world.file_plain(file_at(world, &existing)?, call.eye());
        return Err(Problem::conflict("FILE_EXISTS", format!("A file named {name} already exists.")).with(data));
    }
    world.need_space(call.user, parent, spooled.blob.length())?;
    let (made, modified) = (world.stamp(call.user), modified(world, call)?);
    let file = world.hang(owner, &name, spooled, made, modified);
    world.modified_file(owner, made);
    shown(world, call, &file)
}
