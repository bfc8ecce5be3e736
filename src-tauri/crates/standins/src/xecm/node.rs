//! A node of the tree, whatever it is: folder, document, category, workspace.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::content::Content;
use super::permissions::Acl;
use super::record::Record;
use crate::clock::Millis;

/// Subtypes, as the interface numbers them.
pub(super) mod kind {
    pub(in crate::xecm) const FOLDER: i64 = 0;
    pub(in crate::xecm) const SHORTCUT: i64 = 1;
    pub(in crate::xecm) const WORKFLOW_MAP: i64 = 128;
    pub(in crate::xecm) const CATEGORY: i64 = 131;
    pub(in crate::xecm) const CATEGORY_FOLDER: i64 = 132;
    pub(in crate::xecm) const COMPOUND: i64 = 136;
    pub(in crate::xecm) const URL: i64 = 140;
    pub(in crate::xecm) const DOCUMENT: i64 = 144;
    pub(in crate::xecm) const CLASSIFICATION_TREE: i64 = 196;
    pub(in crate::xecm) const CLASSIFICATION: i64 = 199;
    pub(in crate::xecm) const COLLECTION: i64 = 298;
    pub(in crate::xecm) const RM_CLASSIFICATION: i64 = 551;
    pub(in crate::xecm) const WORKSPACE: i64 = 848;
}

/// Which subtypes hold others.
const CONTAINERS: &[i64] = &[
    0, 132, 133, 136, 141, 142, 196, 198, 202, 298, 405, 413, 525, 528, 531, 550, 751, 848, 849, 854, 862, 876, 877,
    882, 898, 899, 901, 908, 20541,
];

/// Volumes by subtype and name.
pub(super) const VOLUMES: &[(i64, &str)] = &[
    (141, "Enterprise"),
    (142, "Personal"),
    (133, "Content Server Categories"),
    (198, "Classification Volume"),
    (405, "Recycle Bin"),
    (413, "Physical Objects"),
    (550, "Records Management"),
    (862, "Business Workspaces"),
    (876, "Smart Document Types"),
    (882, "Extended ECM"),
    (898, "Bots"),
    (901, "Facets Volume"),
    (908, "Perspectives"),
    (525, "Transport"),
    (20541, "Content Server Document Templates"),
];

/// What people call a subtype.
pub(super) fn type_name(kind: i64) -> &'static str {
    match kind {
        0 => "Folder",
        1 => "Shortcut",
        2 => "Generation",
        128 => "Workflow Map",
        131 => "Category",
        132 => "Category Folder",
        136 => "Compound Document",
        140 => "URL",
        144 => "Document",
        190 => "Workflow Status",
        196 => "Classification Tree",
        199 => "Classification",
        202 => "Project",
        204 => "Task List",
        205 => "Task",
        207 => "Channel",
        208 => "News",
        215 => "Discussion",
        258 => "Search Query",
        298 => "Collection",
        551 => "RM Classification",
        552 => "RSI",
        554 => "Box",
        555 => "Physical Item",
        749 => "Email",
        751 => "Email Folder",
        833 => "Hold",
        848 => "Business Workspace",
        899 => "Virtual Folder",
        volume => VOLUMES.iter().find(|(kind, _)| *kind == volume).map_or("Item", |(_, name)| name),
    }
}

pub(super) fn is_container(kind: i64) -> bool {
    CONTAINERS.contains(&kind)
}

pub(super) fn is_volume(kind: i64) -> bool {
    VOLUMES.iter().any(|(volume, _)| *volume == kind)
}

/// One version of a document.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) id: i64,
    pub(super) number: u32,
    pub(super) major: u32,
    pub(super) minor: u32,
    pub(super) file_name: String,
    pub(super) mime_type: String,
    pub(super) content: Content,
    pub(super) created: Millis,
    pub(super) owner: i64,
    pub(super) description: String,
    pub(super) locked: Option<(i64, Millis)>,
    pub(super) external: BTreeMap<&'static str, String>,
}

/// The values of one category on a node, by their keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Applied {
    pub(super) values: BTreeMap<String, Value>,
    /// Changes with each update; clients send it back to notice each other.
    pub(super) revision: u64,
    pub(super) inherits: bool,
}

/// A classification on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Classified {
    pub(super) class: i64,
    pub(super) inherit: bool,
}

/// What makes a node a business workspace.
#[derive(Debug, Clone, Default)]
pub(super) struct Workspace {
    pub(super) kind: i64,
    pub(super) template: Option<i64>,
    pub(super) references: Vec<Reference>,
    pub(super) roles: Vec<Role>,
    /// Related workspaces by their ids; a relation is kept at the parent.
    pub(super) children: BTreeSet<i64>,
}

/// A business object that a workspace stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) system: String,
    pub(super) kind: String,
    pub(super) id: String,
}

/// A role of a workspace's team.
#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) leader: bool,
    pub(super) perms: u32,
    pub(super) inherited_from: Option<i64>,
    pub(super) members: BTreeSet<i64>,
}

/// A node.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) id: i64,
    pub(super) parent: i64,
    pub(super) kind: i64,
    pub(super) name: String,
    pub(super) names: Map<String, Value>,
    pub(super) description: String,
    pub(super) descriptions: Map<String, Value>,
    pub(super) created: Millis,
    pub(super) creator: i64,
    pub(super) modified: Millis,
    pub(super) modifier: i64,
    pub(super) reserved: Option<(i64, Millis)>,
    /// Who waits until the node is free, first come first.
    pub(super) waiting: Vec<i64>,
    pub(super) nickname: Option<String>,
    pub(super) hidden: bool,
    pub(super) versions: Vec<Version>,
    /// The number of the newest version ever; purging does not give numbers back.
    pub(super) last_version: u32,
    pub(super) advanced_versioning: bool,
    pub(super) url: Option<String>,
    pub(super) original: Option<i64>,
    pub(super) external: BTreeMap<&'static str, String>,
    pub(super) categories: BTreeMap<i64, Applied>,
    pub(super) classes: Vec<Classified>,
    pub(super) record: Option<Record>,
    pub(super) holds: BTreeMap<i64, Millis>,
    pub(super) clearance: i64,
    pub(super) markings: Vec<String>,
    /// Cross references: type and node.
    pub(super) xrefs: Vec<(String, i64)>,
    pub(super) acl: Acl,
    pub(super) deleted: Option<(i64, Millis)>,
    pub(super) workspace: Option<Workspace>,
    /// What a collection holds.
    pub(super) collected: Vec<i64>,
    pub(super) status: Option<i64>,
    /// Changes with each update.
    pub(super) revision: u64,
}

impl Node {
    pub(super) fn new(id: i64, parent: i64, kind: i64, name: impl Into<String>, by: i64, at: Millis, acl: Acl) -> Self {
        Self {
            id,
            parent,
            kind,
            name: name.into(),
            names: Map::new(),
            description: String::new(),
            descriptions: Map::new(),
            created: at,
            creator: by,
            modified: at,
            modifier: by,
            reserved: None,
            waiting: Vec::new(),
            nickname: None,
            hidden: false,
            versions: Vec::new(),
            last_version: 0,
            advanced_versioning: false,
            url: None,
            original: None,
            external: BTreeMap::new(),
            categories: BTreeMap::new(),
            classes: Vec::new(),
            record: None,
            holds: BTreeMap::new(),
            clearance: 0,
            markings: Vec::new(),
            xrefs: Vec::new(),
            acl,
            deleted: None,
            workspace: None,
            collected: Vec::new(),
            status: None,
            revision: 1,
        }
    }

    pub(super) fn newest(&self) -> Option<&Version> {
        self.versions.last()
    }

    pub(super) fn version(&self, number: u32) -> Option<&Version> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// The token by which clients notice each other's updates.
    pub(super) fn token(&self) -> String {
        token(self.id, 0, self.revision)
    }

    pub(super) fn category_token(&self, category: i64) -> String {
        token(self.id, category, self.categories.get(&category).map_or(0, |applied| applied.revision))
    }
}

/// Thirty-two hexadecimal digits, as the interface's tokens look.
pub(super) fn token(node: i64, category: i64, revision: u64) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(format!("{node}/{category}/{revision}"));
    data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default())
}
