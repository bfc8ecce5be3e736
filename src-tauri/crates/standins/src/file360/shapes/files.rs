//! Files and their versions.

use serde_json::{Value, json};

use super::{links, tagged, user_ref};
use crate::file360::call::Eye;
use crate::file360::world::{Attachment, Entity, Version, World};

const FILE_LINKS: &[(&str, &str)] = &[
    ("content", ""),
    ("ancestry", "/ancestry"),
    ("major_version", "/major_version"),
    ("name", "/name"),
    ("parent_folder", "/parent_folder"),
    ("access", "/access"),
    ("versions", "/versions"),
    ("thumbnail", "/thumbnail"),
    ("scaled_image", "/scaled"),
    ("current_version", "/versions/current"),
];

const VERSION_LINKS: &[(&str, &str)] =
    &[("content", ""), ("note", "/note"), ("status", "/status"), ("current", "/current")];

impl World {
    /// A file without its discriminator, as mixed lists and errors have it.
    pub(in crate::file360) fn file_plain(&self, file: &Attachment, eye: Eye) -> Value {
        let Some(current) = file.versions.last() else { return Value::Null };
        let href = format!("/files/{}", file.id);
        let mut rels = links(&href, FILE_LINKS);
        let (parent, entry) = match file.owner {
            Entity::Binder(id) => (Some(id), None),
            Entity::Entry(id) => (self.entries.get(&id).map(|entry| entry.parent), self.entries.get(&id)),
        };
        if let (Some(entry), Some(rels)) = (entry, rels.as_array_mut()) {
            let of_entry =
                [("shares", "/shares"), ("replies", "/replies"), ("reply_tree", "/reply_tree"), ("tags", "/tags")];
            let more = links(&format!("/folder_entries/{}", entry.id), &of_entry);
            rels.extend(more.as_array().cloned().unwrap_or_default());
        }
        let created = entry.map_or(file.versions.first().map(|version| version.created), |entry| Some(entry.created));
        let reserved = entry.and_then(|entry| entry.reserved);
        let permalink = format!(
            "{}/ssf/a/c/p_name/ss_forum/p_action/1/entityType/folderEntry/action/view_permalink/entryId/{}/",
            self.address,
            entry.map_or(0, |entry| entry.id)
        );
        json!({
            "id": file.id, "name": file.name, "length": current.blob.length(), "md5": current.md5,
            "version_number": current.number, "major_version": current.major, "minor_version": current.minor,
            "note": current.note, "status": current.status, "creation": created.map(|stamp| self.stamp_value(stamp)),
            "modification": self.stamp_value(current.modified), "doc_type": "file",
            "owning_entity": self.entity_value(file.owner),
            "parent_binder": parent.map(|parent| self.parent_value(parent, eye)),
            // Inferred: who has reserved the entry is named as the one who locks the file.
            "locked_by": reserved.map(|stamp| user_ref(stamp.by)),
            "href": format!("{href}/metadata"), "links": rels, "permalink": permalink,
            "permalinks": [{ "rel": "subscribe", "href": format!("{permalink}subscribe/") },
                { "rel": "share", "href": format!("{permalink}share/") },
                { "rel": "content", "href": format!("{}/rest{href}", self.address) }],
        })
    }

    /// A file as its own address and lists of files have it.
    pub(in crate::file360) fn file_tagged(&self, file: &Attachment, eye: Eye) -> Value {
        tagged(self.file_plain(file, eye), ".FileProperties")
    }

    /// One state of a file.
    pub(in crate::file360) fn version_value(&self, file: &Attachment, version: &Version) -> Value {
        let href = format!("/file_versions/{}", version.id);
        let mut rels = links(&href, VERSION_LINKS);
        if let Some(rels) = rels.as_array_mut() {
            rels.push(json!({ "rel": "file_metadata", "href": format!("/files/{}/metadata", file.id) }));
        }
        let value = json!({
            "id": version.id, "version_number": version.number, "major_version": version.major,
            "minor_version": version.minor, "length": version.blob.length(), "md5": version.md5, "note": version.note,
            "status": version.status, "creation": self.stamp_value(version.created),
            "modification": self.stamp_value(version.modified), "href": format!("{href}/metadata"), "links": rels,
        });
        tagged(value, ".FileVersionProperties")
    }
}
