//! Entries, comments and tags.

use serde_json::{Value, json};

use super::{description, links, tagged};
use crate::file360::call::Eye;
use crate::file360::world::{Entity, Entry, Id, Reply, Tag, World};

/// What a body that changes an entry or a folder may hold.
pub(in crate::file360) const ENTRY_FIELDS: &[&str] = &[
    "@type",
    "id",
    "title",
    "description",
    "custom_fields",
    "family",
    "library",
    "mirrored",
    "path",
    "href",
    "links",
    "doc_type",
    "entity_type",
    "entry_type",
    "parent_binder",
    "icon_href",
    "permalink",
    "permalinks",
    "creation",
    "modification",
    "attachments",
    "definition",
    "home_dir",
    "myFiles_dir",
    "library_info",
];

const ENTRY_LINKS: &[(&str, &str)] = &[
    ("access", "/access"),
    ("ancestry", "/ancestry"),
    ("attachments", "/attachments"),
    ("parent_folder", "/parent_folder"),
    ("replies", "/replies"),
    ("reply_tree", "/reply_tree"),
    ("reservation", "/reservation"),
    ("shares", "/shares"),
    ("tags", "/tags"),
];

impl World {
    pub(in crate::file360) fn entry_brief(&self, entry: &Entry, eye: Eye) -> Value {
        let files = self.files_of(Entity::Entry(entry.id));
        let names: Vec<_> = files.iter().map(|file| file.name.clone()).collect();
        let primary = files.first().and_then(|file| {
            let current = file.versions.last()?;
            Some(json!({
                "id": file.id, "name": file.name, "version": current.number, "length": current.blob.length(),
                "md5": current.md5, "mod_date": self.date(current.modified.at),
            }))
        });
        let replies = self.replies_on(entry.id);
        let href = format!("/folder_entries/{}", entry.id);
        json!({
            "id": entry.id, "title": entry.title, "doc_type": "entry", "entry_type": "entry", "entity_type": "folderEntry",
            // Inferred: entries of a folder are counted in the order they were made.
            "doc_number": self.entries.range(..=entry.id).filter(|(_, other)| other.parent == entry.parent).count().to_string(),
            "doc_level": 0, "file_names": names, "primary_file": primary, "href": href,
            "reply_count": replies.iter().filter(|reply| reply.parent.is_none()).count(),
            "total_reply_count": replies.len(), "creation": self.stamp_value(entry.created),
            "modification": self.stamp_value(entry.modified), "description": description(&entry.description, eye),
            "parent_binder": self.parent_value(entry.parent, eye), "links": links(&href, ENTRY_LINKS),
        })
    }

    pub(in crate::file360) fn entry_full(&self, entry: &Entry, eye: Eye) -> Value {
        let mut value = tagged(self.entry_brief(entry, eye), ".FolderEntry");
        let files = self.files_of(Entity::Entry(entry.id));
        value["attachments"] = files.into_iter().map(|file| self.file_tagged(file, eye)).collect();
        value["custom_fields"] = json!(entry.custom_fields);
        value["definition"] = json!({ "id": "file_entry", "href": "/definitions/file_entry" });
        value["reservation"] = entry.reserved.map_or(Value::Null, |stamp| self.stamp_value(stamp));
        value
    }

    /// The comments right below this one.
    pub(in crate::file360) fn answers_to(&self, reply: Id) -> Vec<&Reply> {
        self.replies.values().filter(|other| other.parent == Some(reply)).collect()
    }

    pub(in crate::file360) fn reply_value(&self, reply: &Reply, eye: Eye) -> Value {
        let top = json!({ "id": reply.entry, "href": format!("/folder_entries/{}", reply.entry) });
        let parent =
            reply.parent.map_or_else(|| top.clone(), |id| json!({ "id": id, "href": format!("/replies/{id}") }));
        let href = format!("/replies/{}", reply.id);
        let below = self.below(reply.id);
        json!({
            "id": reply.id, "title": reply.title, "description": description(&reply.description, eye),
            "doc_type": "entry", "entry_type": "reply", "doc_number": reply.number,
            "doc_level": reply.number.matches('.').count(), "reply_count": self.answers_to(reply.id).len(),
            "total_reply_count": below, "parent_entry": parent, "top_entry": top, "href": href,
            "links": links(&href, &[("replies", "/replies"), ("reply_tree", "/reply_tree")]),
            "creation": self.stamp_value(reply.created), "modification": self.stamp_value(reply.modified),
        })
    }

    /// How many comments lie below this one.
    fn below(&self, reply: Id) -> usize {
        self.answers_to(reply).iter().map(|answer| 1 + self.below(answer.id)).sum()
    }

    pub(in crate::file360) fn tag_value(&self, tag: &Tag) -> Value {
        let entity = self.entity_value(tag.entity);
        let base = entity["href"].as_str().unwrap_or_default().to_owned();
        json!({
            "id": tag.id, "name": tag.name, "public": tag.is_public, "href": format!("{base}/tags/{}", tag.id),
            "entity": entity,
        })
    }
}
