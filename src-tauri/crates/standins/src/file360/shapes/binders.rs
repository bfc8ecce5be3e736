//! Folders, workspaces and the roots that have no binder of their own.

use serde_json::{Value, json};

use super::{description, links, tagged};
use crate::file360::call::Eye;
use crate::file360::world::{Binder, Entity, Id, Purpose, World};

/// Links that every binder has.
const BINDER_LINKS: &[(&str, &str)] = &[
    ("ancestry", "/ancestry"),
    ("attachments", "/attachments"),
    ("children", "/children"),
    ("child_binders", "/binders"),
    ("child_binder_tree", "/binder_tree"),
    ("child_files", "/files"),
    ("access", "/access"),
    ("title", "/title"),
    ("parent_binder", "/parent_binder"),
    ("recent_activity", "/recent_activity"),
    ("shares", "/shares"),
    ("team_members", "/team_members"),
    ("tags", "/tags"),
];

/// Links of what holds files.
const LIBRARY_LINKS: &[(&str, &str)] = &[
    ("library_changes", "/library_changes"),
    ("library_children", "/library_children"),
    ("library_info", "/library_info"),
    ("child_library_entities", "/library_entities"),
    ("child_library_folders", "/library_folders"),
    ("child_library_tree", "/library_tree"),
    ("child_library_files", "/library_files"),
];

/// Links of the roots.
const ROOT_LINKS: &[(&str, &str)] = &[
    ("child_binders", "/binders"),
    ("child_binder_tree", "/binder_tree"),
    ("child_files", "/files"),
    ("library_changes", "/library_changes"),
    ("library_children", "/library_children"),
    ("child_library_entities", "/library_entities"),
    ("child_library_folders", "/library_folders"),
    ("child_library_tree", "/library_tree"),
    ("child_library_files", "/library_files"),
    ("recent_activity", "/recent_activity"),
];

impl World {
    /// Where a binder lies, from the top down.
    pub(in crate::file360) fn path(&self, id: Id) -> String {
        let titles = self.line(id).into_iter().rev().filter_map(|id| self.binders.get(&id));
        titles.fold(String::new(), |path, binder| format!("{path}/{}", binder.title))
    }

    /// The parent as a child names it: what lies in one's own storage lies in "My Files".
    pub(in crate::file360) fn parent_value(&self, parent: Id, eye: Eye) -> Value {
        // Inferred: the hidden folder behind "My Files" is named by the reserved number.
        let own = self.users.get(&eye.user).is_some_and(|user| user.storage == parent);
        let path = eye.paths.then(|| self.path(parent));
        if own {
            return json!({ "id": -100, "href": "/self/my_files", "path": path });
        }
        let mut value = self.entity_value(Entity::Binder(parent));
        if let Some(fields) = value.as_object_mut() {
            fields.remove("type");
        }
        value["path"] = json!(path);
        value
    }

    /// Counts and sizes of what lies in a binder and below.
    pub(in crate::file360) fn library_info(&self, id: Id) -> Value {
        let tree = self.tree(id);
        let entries = || tree.iter().flat_map(|id| self.entries_in(*id));
        let files = || entries().flat_map(|entry| self.files_of(Entity::Entry(entry.id)));
        let space: u64 = files().filter_map(|file| file.versions.last()).map(|version| version.blob.length()).sum();
        let changed = tree.iter().filter_map(|id| self.binders.get(id)).map(|binder| binder.touched).max();
        let root = self.net_root(Entity::Binder(id));
        json!({
            "mod_date": changed.map(|at| self.date(at)), "file_count": files().count(), "folder_count": tree.len() - 1,
            "disk_space": space, "mirrored": root.map(|_| true),
            "mirrored_sync_date": root.map(|_| self.date(self.started)),
            "allow_client_initiated_sync": root.map(|_| false),
        })
    }

    /// The short form that lists have.
    pub(in crate::file360) fn binder_brief(&self, binder: &Binder, eye: Eye) -> Value {
        let kind = if binder.is_workspace() { "workspace" } else { "folder" };
        let href = format!("/{kind}s/{}", binder.id);
        let mut rels = BINDER_LINKS.to_vec();
        if binder.is_library() || binder.is_workspace() {
            rels.extend(LIBRARY_LINKS);
        }
        rels.extend(if binder.is_workspace() {
            &[("child_workspaces", "/workspaces"), ("child_folders", "/folders")][..]
        } else {
            &[("child_entries", "/entries"), ("child_folders", "/folders")][..]
        });
        let family = match binder.purpose {
            Purpose::Workspace => "workspace",
            Purpose::Discussion => "discussion",
            _ => "file",
        };
        let permalink = format!(
            "{}/ssf/a/c/p_name/ss_forum/p_action/1/entityType/{kind}/action/view_permalink/entryId/{}/",
            self.address, binder.id
        );
        json!({
            "id": binder.id, "title": binder.title, "family": family, "library": binder.is_library(),
            "mirrored": self.net_root(Entity::Binder(binder.id)).is_some(), "path": self.path(binder.id), "href": href,
            "links": links(&href, &rels), "doc_type": "binder", "entity_type": kind,
            "parent_binder": binder.parent.map(|parent| self.parent_value(parent, eye)),
            "icon_href": format!("{}/ssf/images/{kind}.svg", self.address), "permalink": permalink,
            "permalinks": [{ "rel": "subscribe", "href": format!("{permalink}subscribe/") },
                { "rel": "share", "href": format!("{permalink}share/") }],
            "creation": self.stamp_value(binder.created), "modification": self.stamp_value(binder.modified),
            "description": description(&binder.description, eye),
            "myFiles_dir": (binder.purpose == Purpose::Storage).then_some(true),
        })
    }

    /// The whole form that a binder's own address has.
    pub(in crate::file360) fn binder_full(&self, binder: &Binder, eye: Eye, with_attachments: bool) -> Value {
        let kind = if binder.is_workspace() { ".Workspace" } else { ".Folder" };
        let mut value = tagged(self.binder_brief(binder, eye), kind);
        if with_attachments {
            let files = self.files_of(Entity::Binder(binder.id));
            value["attachments"] = files.into_iter().map(|file| self.file_tagged(file, eye)).collect();
        }
        let definition = if binder.is_workspace() { "workspace" } else { "library_folder" };
        value["custom_fields"] = json!(binder.custom_fields);
        value["definition"] = json!({ "id": definition, "href": format!("/definitions/{definition}") });
        value
    }

    /// A root: a list with a reserved number, reached by its links.
    pub(in crate::file360) fn root(
        &self,
        id: Id,
        title: &str,
        href: &str,
        children: &str,
        info: bool,
        eye: Eye,
    ) -> Value {
        let storage = self.users.get(&eye.user).filter(|_| id == -100).map(|user| user.storage);
        json!({
            "id": id, "title": title, "family": "file", "library": true, "mirrored": false, "path": format!("/{title}"),
            "href": href, "links": links(children, ROOT_LINKS), "doc_type": "binder", "entity_type": "folder",
            "icon_href": format!("{}/ssf/images/folder.svg", self.address),
            "library_info": storage.filter(|_| info).map(|storage| self.library_info(storage)),
        })
    }
}
