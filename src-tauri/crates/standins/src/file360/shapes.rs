//! How objects are written: one file for each family of them.

mod binders;
mod files;
mod people;
mod talk;

pub(super) use people::{group_brief, user_brief};
pub(super) use talk::ENTRY_FIELDS;

use serde_json::{Value, json};

use super::call::Eye;
use super::dates;
use super::world::{Description, Entity, Id, Stamp, World};
use crate::clock::Millis;

/// Puts the discriminator on an object.
pub(super) fn tagged(mut value: Value, kind: &str) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.insert("@type".to_owned(), json!(kind));
    }
    value
}

/// Links by their relations.
pub(super) fn links(base: &str, pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(rel, suffix)| json!({ "rel": rel, "href": format!("{base}{suffix}") })).collect()
}

pub(super) fn user_ref(id: Id) -> Value {
    json!({ "id": id, "href": format!("/users/{id}") })
}

impl World {
    pub(super) fn date(&self, at: Millis) -> String {
        dates::written(at, self.settings.date_offset)
    }

    pub(super) fn stamp_value(&self, stamp: Stamp) -> Value {
        json!({ "principal": user_ref(stamp.by), "date": self.date(stamp.at) })
    }

    pub(super) fn entity_value(&self, entity: Entity) -> Value {
        match entity {
            Entity::Entry(id) => json!({ "id": id, "type": "folderEntry", "href": format!("/folder_entries/{id}") }),
            Entity::Binder(id) => {
                let is_workspace = self.binders.get(&id).is_some_and(super::world::Binder::is_workspace);
                let kind = if is_workspace { "workspace" } else { "folder" };
                json!({ "id": id, "type": kind, "href": format!("/{kind}s/{id}") })
            }
        }
    }
}

/// A description in the form that the request asks for.
pub(super) fn description(description: &Description, eye: Eye) -> Value {
    let html = eye.html.unwrap_or(description.is_html);
    let text = match (description.is_html, html) {
        (false, true) => super::answer::escape(&description.text),
        (true, false) => without_marks(&description.text),
        _ => description.text.clone(),
    };
    let (format, name) = if html { (1, "html") } else { (0, "text") };
    json!({ "text": text, "format": format, "format_str": name })
}

fn without_marks(html: &str) -> String {
    let mut depth = 0_u32;
    let kept = html.chars().filter(|letter| match letter {
        '<' => {
            depth += 1;
            false
        }
        '>' if depth > 0 => {
            depth -= 1;
            false
        }
        _ => depth == 0,
    });
    let text: String = kept.collect();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
