//! What is kept of each thing: people, binders, entries, files with their versions, comments, tags, changes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::access::{Principal, Role};
use super::spool::Blob;
use crate::clock::Millis;

/// The number of a person, binder, entry, reply, share or tag.
pub(super) type Id = i64;

/// The workspace that everything lies below.
pub(super) const TOP: Id = 1;

/// Who did something, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    pub(super) by: Id,
    pub(super) at: Millis,
}

/// A text with its format.
#[derive(Debug, Clone, Default)]
pub(super) struct Description {
    pub(super) text: String,
    pub(super) is_html: bool,
}

/// Somebody with an account. It has no debug output, as it holds a password.
#[derive(Clone)]
pub(super) struct User {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: String,
    pub(super) password: Option<String>,
    pub(super) standing: Standing,
    /// The personal workspace.
    pub(super) workspace: Id,
    /// The folder that holds what "My Files" shows.
    pub(super) storage: Id,
    /// Bytes that files may take; `None` is without limit.
    pub(super) quota: Option<u64>,
}

/// What an account may do at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Admin,
    Internal,
    External,
    Disabled,
}

impl User {
    pub(super) fn title(&self) -> String {
        let title = format!("{} {}", self.first_name, self.last_name).trim().to_owned();
        if title.is_empty() { self.name.clone() } else { title }
    }

    pub(super) fn is_admin(&self) -> bool {
        self.standing == Standing::Admin
    }

    pub(super) fn is_external(&self) -> bool {
        self.standing == Standing::External
    }
}

/// People under one name.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) members: BTreeSet<Id>,
    /// Everybody with an internal account, without being listed.
    pub(super) is_everybody: bool,
}

/// What a binder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A workspace.
    Workspace,
    /// A folder of files.
    Folder,
    /// The hidden folder behind somebody's "My Files".
    Storage,
    /// The root of a net folder whose files nobody may change.
    NetReadOnly,
    /// The root of a net folder.
    Net,
    /// A folder that holds discussions, no files.
    Discussion,
}

/// A folder or workspace.
#[derive(Debug, Clone)]
pub(super) struct Binder {
    pub(super) id: Id,
    pub(super) parent: Option<Id>,
    pub(super) purpose: Purpose,
    pub(super) title: String,
    pub(super) description: Description,
    /// Who owns it and all below.
    pub(super) owner: Option<Id>,
    pub(super) created: Stamp,
    pub(super) modified: Stamp,
    /// When what lies in it last changed; never twice in the same second.
    pub(super) touched: Millis,
    pub(super) trashed: Option<Millis>,
    /// Rights that hold here and below, beside shares.
    pub(super) rights: Vec<(Principal, Role)>,
    /// Bytes that may lie here and below.
    pub(super) quota: Option<u64>,
    pub(super) custom_fields: Vec<Value>,
}

impl Binder {
    pub(super) fn is_workspace(&self) -> bool {
        self.purpose == Purpose::Workspace
    }

    pub(super) fn is_library(&self) -> bool {
        !matches!(self.purpose, Purpose::Workspace | Purpose::Discussion)
    }
}

/// What holds one file, its comments, tags and shares.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: Id,
    pub(super) parent: Id,
    pub(super) title: String,
    pub(super) description: Description,
    pub(super) created: Stamp,
    pub(super) modified: Stamp,
    pub(super) trashed: Option<Millis>,
    pub(super) reserved: Option<Stamp>,
    pub(super) custom_fields: Vec<Value>,
}

/// What files, shares, tags and comments hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Entity {
    Binder(Id),
    Entry(Id),
}

/// One state of a file.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) number: i64,
    pub(super) major: i64,
    pub(super) minor: i64,
    pub(super) md5: String,
    pub(super) note: Option<String>,
    /// 0 none, 1 official, 2 draft, 3 obsolete.
    pub(super) status: i64,
    pub(super) created: Stamp,
    pub(super) modified: Stamp,
    pub(super) blob: Blob,
}

/// A file with its versions, oldest first; the last one is current.
#[derive(Debug, Clone)]
pub(super) struct Attachment {
    pub(super) id: String,
    pub(super) owner: Entity,
    pub(super) name: String,
    pub(super) versions: Vec<Version>,
}

/// A comment on an entry or on another comment.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) id: Id,
    pub(super) entry: Id,
    /// The comment that it answers.
    pub(super) parent: Option<Id>,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) description: Description,
    pub(super) created: Stamp,
    pub(super) modified: Stamp,
}

/// A word on a binder or entry.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) id: Id,
    pub(super) entity: Entity,
    pub(super) name: String,
    pub(super) is_public: bool,
    pub(super) owner: Id,
}

/// What happened to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Add,
    Modify,
    Delete,
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Subject {
    File(String),
    Binder(Id),
    Entry(Id),
}

/// One line of the feed of changes.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) at: Millis,
    pub(super) action: Action,
    pub(super) subject: Subject,
    /// The binders it lay in, nearest first.
    pub(super) within: Vec<Id>,
}

/// One line of what people did; only the extensions show it.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    pub(super) at: Millis,
    /// `None` is somebody with a public link.
    pub(super) who: Option<Id>,
    pub(super) verb: &'static str,
    pub(super) entity: Option<Entity>,
    pub(super) name: String,
}

/// A mail that would have been sent.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    pub(super) at: Millis,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) share: Id,
}
