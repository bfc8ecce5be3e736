//! All that the server keeps: people, binders, entries with their files, shares, tags, replies, and what changed when.
//!
//! One lock guards it. Numbers are handed out once; what lies in the trash keeps its own and is seen by nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use rand::RngCore as _;
use unicode_normalization::UnicodeNormalization as _;

use super::access::{Principal, Rights};
use super::problem::Problem;
pub(super) use super::record::{
    Action, Attachment, Binder, Change, Deed, Description, Entity, Entry, Group, Id, Mail, Purpose, Reply, Stamp,
    Standing, Subject, TOP, Tag, User, Version,
};
use super::settings::Settings;
use super::share_record::Share;
use crate::clock::{Clock, Millis};
use crate::web::{Control, Tokens};

/// All of it. It has no debug output, as it holds passwords.
pub(super) struct World {
    pub(super) clock: Arc<Clock>,
    pub(super) control: Control,
    pub(super) settings: Settings,
    /// The address by which clients reach the server, without a trailing slash.
    pub(super) address: String,
    pub(super) folder: PathBuf,
    pub(super) started: Millis,
    /// Tokens instead of a password.
    pub(super) tokens: Tokens<Id>,
    pub(super) users: BTreeMap<Id, User>,
    pub(super) groups: BTreeMap<Id, Group>,
    pub(super) binders: BTreeMap<Id, Binder>,
    pub(super) entries: BTreeMap<Id, Entry>,
    pub(super) files: BTreeMap<String, Attachment>,
    pub(super) replies: BTreeMap<Id, Reply>,
    pub(super) shares: BTreeMap<Id, Share>,
    pub(super) tags: BTreeMap<Id, Tag>,
    pub(super) changes: Vec<Change>,
    /// Changes before this are forgotten.
    pub(super) purged: Option<Millis>,
    pub(super) deeds: Vec<Deed>,
    pub(super) mails: Vec<Mail>,
    /// Entries and binders that the extensions hold.
    pub(super) holds: BTreeMap<Entity, String>,
    pub(super) favorites: Vec<(Id, Id)>,
    /// For whom what was opened or closed, and when.
    pub(super) opened: Vec<(Principal, Entity, Millis)>,
    next: Id,
}

impl World {
    pub(super) fn new(
        clock: Arc<Clock>,
        control: Control,
        settings: Settings,
        address: String,
        folder: PathBuf,
    ) -> Self {
        let (started, tokens) = (clock.now(), Tokens::new(Arc::clone(&clock)));
        Self {
            clock,
            control,
            settings,
            address,
            folder,
            started,
            tokens,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            binders: BTreeMap::new(),
            entries: BTreeMap::new(),
            files: BTreeMap::new(),
            replies: BTreeMap::new(),
            shares: BTreeMap::new(),
            tags: BTreeMap::new(),
            changes: Vec::new(),
            purged: None,
            deeds: Vec::new(),
            mails: Vec::new(),
            holds: BTreeMap::new(),
            favorites: Vec::new(),
            opened: Vec::new(),
            next: TOP,
        }
    }

    pub(super) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(super) fn stamp(&self, by: Id) -> Stamp {
        Stamp { by, at: self.now() }
    }

    pub(super) fn next_id(&mut self) -> Id {
        let id = self.next;
        self.next += 1;
        id
    }

    /// The binder, unless it or one above it lies in the trash.
    pub(super) fn binder(&self, id: Id) -> Option<&Binder> {
        let binder = self.binders.get(&id)?;
        let is_trashed = |id: &Id| self.binders.get(id).is_none_or(|binder| binder.trashed.is_some());
        (!self.line(id).iter().any(is_trashed)).then_some(binder)
    }

    /// The entry, unless it lies in the trash.
    pub(super) fn entry(&self, id: Id) -> Option<&Entry> {
        let entry = self.entries.get(&id).filter(|entry| entry.trashed.is_none())?;
        self.binder(entry.parent).map(|_| entry)
    }

    /// The binder and those above it, nearest first.
    pub(super) fn line(&self, id: Id) -> Vec<Id> {
        let above = |id: &Id| self.binders.get(id).and_then(|binder| binder.parent);
        std::iter::successors(Some(id), above).collect()
    }

    /// The binders that something lies in, nearest first; a binder lies in itself.
    pub(super) fn line_of(&self, entity: Entity) -> Vec<Id> {
        match entity {
            Entity::Binder(id) => self.line(id),
            Entity::Entry(id) => self.entries.get(&id).map(|entry| self.line(entry.parent)).unwrap_or_default(),
        }
    }

    pub(super) fn exists(&self, entity: Entity) -> bool {
        match entity {
            Entity::Binder(id) => self.binder(id).is_some(),
            Entity::Entry(id) => self.entry(id).is_some(),
        }
    }

    /// What people call it.
    pub(super) fn name_of(&self, entity: Entity) -> String {
        match entity {
            Entity::Binder(id) => self.binders.get(&id).map(|binder| binder.title.clone()),
            Entity::Entry(id) => self.entries.get(&id).map(|entry| entry.title.clone()),
        }
        .unwrap_or_default()
    }

    /// The binders right below, by title; those in the trash are left out.
    pub(super) fn binders_in(&self, id: Id) -> Vec<&Binder> {
        let mut found: Vec<_> =
            self.binders.values().filter(|binder| binder.parent == Some(id) && binder.trashed.is_none()).collect();
        found.sort_by_cached_key(|binder| (binder.title.to_lowercase(), binder.id));
        found
    }

    /// The entries right in a binder, by title; those in the trash are left out.
    pub(super) fn entries_in(&self, id: Id) -> Vec<&Entry> {
        let mut found: Vec<_> =
            self.entries.values().filter(|entry| entry.parent == id && entry.trashed.is_none()).collect();
        found.sort_by_cached_key(|entry| (entry.title.to_lowercase(), entry.id));
        found
    }

    /// The binder and all below it that are not in the trash.
    pub(super) fn tree(&self, id: Id) -> Vec<Id> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            found.extend(self.binders_in(id).iter().map(|binder| binder.id));
            next += 1;
        }
        found
    }

    /// The files of an entry or binder; an entry's own file comes first.
    pub(super) fn files_of(&self, entity: Entity) -> Vec<&Attachment> {
        let title = self.name_of(entity);
        let mut found: Vec<_> = self.files.values().filter(|file| file.owner == entity).collect();
        found.sort_by_key(|file| (file.name != title, file.name.to_lowercase()));
        found
    }

    /// The file that an entry is there for.
    pub(super) fn primary(&self, entry: Id) -> Option<&Attachment> {
        self.files_of(Entity::Entry(entry)).into_iter().next()
    }

    /// The entry of this name in a binder.
    pub(super) fn entry_named(&self, binder: Id, name: &str) -> Option<&Entry> {
        let mut inside = self.entries.values().filter(|entry| entry.parent == binder && entry.trashed.is_none());
        let wanted = name.to_lowercase();
        inside.find(|entry| entry.title.to_lowercase() == wanted)
    }

    /// The binder of this title in a binder.
    pub(super) fn binder_titled(&self, parent: Id, title: &str) -> Option<&Binder> {
        self.binders_in(parent).into_iter().find(|binder| same_name(&binder.title, title))
    }

    /// The comments on an entry, oldest first.
    pub(super) fn replies_on(&self, entry: Id) -> Vec<&Reply> {
        self.replies.values().filter(|reply| reply.entry == entry).collect()
    }

    /// Writes a change into the feed and marks the binder it is in.
    pub(super) fn changed(&mut self, action: Action, subject: Subject, parent: Id) {
        let at = self.now();
        let within = self.line(parent);
        self.changes.push(Change { at, action, subject, within });
        if let Some(binder) = self.binders.get_mut(&parent) {
            // A later second than before: answers are dated by the second, and none may hide behind another.
            binder.touched = at.max(binder.touched + 1000);
        }
    }

    /// The subject by which the feed knows an entry.
    pub(super) fn subject_of(&self, entry: Id) -> Subject {
        self.primary(entry).map_or(Subject::Entry(entry), |file| Subject::File(file.id.clone()))
    }

    pub(super) fn did(&mut self, who: Option<Id>, verb: &'static str, entity: Option<Entity>) {
        let (at, name) = (self.now(), entity.map(|entity| self.name_of(entity)).unwrap_or_default());
        self.deeds.push(Deed { at, who, verb, entity, name });
    }

    /// Refuses what a hold forbids; holds exist only where the extensions are on.
    pub(super) fn check_hold(&self, entity: Entity) -> Result<(), Problem> {
        if !self.control.is_extended() {
            return Ok(());
        }
        let line = self.line_of(entity).into_iter().map(Entity::Binder);
        let held_above = line.chain([entity]).find_map(|entity| self.holds.get(&entity));
        let held_below = || {
            self.holds.iter().find_map(|(held, why)| {
                matches!(entity, Entity::Binder(id) if self.line_of(*held).contains(&id)).then_some(why)
            })
        };
        match held_above.or_else(held_below) {
            Some(why) => Err(Problem::forbidden("ACCESS_DENIED", format!("This is on hold: {why}."))),
            None => Ok(()),
        }
    }

    /// Bytes of all versions that somebody made, those in the trash too; net folders lie on storage of their own.
    pub(super) fn used_by(&self, user: Id) -> u64 {
        let is_net = |id: &Id| self.net_root(Entity::Binder(*id)).is_some();
        let net: BTreeSet<Id> = self.binders.keys().copied().filter(is_net).collect();
        let is_counted = |file: &&Attachment| {
            let parent = match file.owner {
                Entity::Binder(id) => Some(id),
                Entity::Entry(id) => self.entries.get(&id).map(|entry| entry.parent),
            };
            parent.is_none_or(|parent| !net.contains(&parent))
        };
        let counted = self.files.values().filter(is_counted);
        let own = counted.flat_map(|file| &file.versions).filter(|version| version.created.by == user);
        own.map(|version| version.blob.length()).sum()
    }

    /// Every right that the options of the zone leave to somebody.
    pub(super) fn policy(&self, user: Id) -> Rights {
        self.settings.policy(|principal| principal.covers(self, user))
    }
}

/// Names are told apart without regard to case.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A name as it is kept: normalised, within the limits, and without the characters that folders cannot have.
pub(super) fn proper_name(name: &str) -> Result<String, Problem> {
    let name: String = name.trim().nfc().collect();
    if name.is_empty() || name == "." || name == ".." {
        return Err(Problem::bad("A name is missing."));
    }
    // Inferred: the vendor's documents name the code and not the characters.
    if name.chars().any(|letter| "\\/:*?\"<>|".contains(letter) || letter.is_control()) {
        return Err(Problem::refused(
            "ILLEGAL_CHARACTER",
            format!("The name {name} has a character that is not allowed."),
        ));
    }
    // Inferred: the limit is 255 bytes of UTF-8.
    if name.len() > 255 {
        let status = http::StatusCode::INTERNAL_SERVER_ERROR;
        return Err(Problem::new(status, "FILE_PATH_TOO_LONG", "The path of the file is too long."));
    }
    Ok(name)
}

/// An id of 32 hexadecimal digits.
pub(super) fn hex_id() -> String {
    let mut random = [0; 16];
    rand::rng().fill_bytes(&mut random);
    data_encoding::HEXLOWER.encode(&random)
}
