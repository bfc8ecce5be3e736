//! Where an event's parts stand in what comes: the same pointers for the items of a feed and for what the listener hears.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256 as Sha2};
use waybill_connector::{BROKEN_ITEM, EventFile, EventKind, RemoteEvent};
use waybill_model::{Millis, Sha256};

use crate::{
    field_map::{FieldMap, in_one_sentence},
    template::plain,
};

/// The pointers, and the field map.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) word: String,
    pub(crate) time: String,
    pub(crate) subject: String,
    pub(crate) by: String,
    pub(crate) file: FileShape,
    pub(crate) map: FieldMap,
    /// Whose ids they are where the item does not say.
    pub(crate) usual_source: String,
}

/// Where a file's parts stand.
#[derive(Debug, Clone)]
pub(crate) struct FileShape {
    pub(crate) address: String,
    pub(crate) inline: String,
    pub(crate) name: String,
    pub(crate) sha256: String,
    pub(crate) size: String,
}

impl Shape {
    /// The event, or what is wrong with it.
    pub(crate) fn read(&self, item: &Value) -> Result<RemoteEvent, String> {
        let id = text(item, &self.id).ok_or_else(|| format!("nothing is at {}, where its id is due", self.id))?;
        let at = match text(item, &self.time) {
            Some(time) => Some(moment(&time).ok_or_else(|| format!("what is at {} is no time", self.time))?),
            None => None,
        };
        let word = text(item, &self.word).unwrap_or_else(|| "item".to_owned());
        let (data, faults) = self.map.apply(item);
        if !faults.is_empty() {
            return Err(in_one_sentence(&faults));
        }
        let data = match item.get("data") {
            Some(own) if self.map.is_empty() => own.clone(),
            _ => data,
        };
        Ok(RemoteEvent {
            source: self.source_of(item),
            id,
            kind: kind_of(&word),
            word,
            at,
            by: text(item, &self.by),
            path: None,
            subject: text(item, &self.subject),
            file: self.file.read(item)?,
            data,
        })
    }

    fn source_of(&self, item: &Value) -> String {
        text(item, &self.source).unwrap_or_else(|| self.usual_source.clone())
    }

    /// What stands for an item that cannot be read, so that it is neither lost nor in the way of the others.
    pub(crate) fn broken(&self, item: &Value, why: &str) -> RemoteEvent {
        let digest = || format!("broken-{}", HEXLOWER.encode(&Sha2::digest(item.to_string())));
        RemoteEvent {
            source: self.source_of(item),
            id: text(item, &self.id).unwrap_or_else(digest),
            kind: EventKind::Other,
            word: BROKEN_ITEM.to_owned(),
            at: None,
            by: None,
            path: None,
            subject: text(item, &self.subject),
            file: None,
            data: json!({ "why": why, "item": item }),
        }
    }
}

impl FileShape {
    fn read(&self, item: &Value) -> Result<Option<EventFile>, String> {
        let (address, inline) = (text(item, &self.address), text(item, &self.inline));
        if address.is_none() && inline.is_none() {
            return Ok(None);
        }
        let sha256 = match text(item, &self.sha256) {
            Some(told) => Some(digest(&told).ok_or_else(|| format!("what is at {} is no SHA-256", self.sha256))?),
            None => None,
        };
        let size = match text(item, &self.size) {
            Some(told) => Some(told.parse().map_err(|_| format!("what is at {} is no number of bytes", self.size))?),
            None => None,
        };
        let inline = if address.is_some() { None } else { inline };
        Ok(Some(EventFile { name: text(item, &self.name), address, inline, sha256, size }))
    }
}

/// What is at a pointer; nothing where the pointer is empty, since nobody set it.
fn text(item: &Value, pointer: &str) -> Option<String> {
    if pointer.is_empty() { None } else { item.pointer(pointer).and_then(plain) }
}

fn moment(text: &str) -> Option<Millis> {
    text.parse::<Timestamp>().ok().map(|time| Millis(time.as_millisecond()))
}

/// A SHA-256 in hexadecimal or base64, bare or after `sha256:` and its like.
pub(crate) fn digest(text: &str) -> Option<Sha256> {
    let text = text.trim();
    let bare = ["sha256:", "sha-256:", "SHA256:", "SHA-256:", "sha-256=:", "sha256="]
        .iter()
        .find_map(|start| text.strip_prefix(start))
        .unwrap_or(text);
    bare.parse().ok().or_else(|| Sha256::from_base64(bare.trim_end_matches(':')))
}

/// What a word ends in says what it is about; anything else stays what it is.
fn kind_of(word: &str) -> EventKind {
    let end = word.rsplit(['.', ':', '/', '_', '-']).next().unwrap_or_default().to_ascii_lowercase();
    match end.as_str() {
        "created" | "added" | "new" => EventKind::Created,
        "changed" | "updated" | "modified" => EventKind::Changed,
        "deleted" | "removed" => EventKind::Removed,
        "moved" | "renamed" => EventKind::Moved,
        _ => EventKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn shape(map: &str) -> Shape {
        let at = str::to_owned;
        Shape {
            id: at("/id"),
            source: at("/source"),
            word: at("/type"),
            time: at("/time"),
            subject: at("/subject"),
            by: String::new(),
            file: FileShape {
                address: at("/dataref"),
                inline: at("/data_base64"),
                name: at("/data/name"),
                sha256: at("/data/sha256"),
                size: at("/data/size"),
            },
            map: FieldMap::parse(map).unwrap(),
            usual_source: at("https://feed.example"),
        }
    }

    #[test]
    fn an_item_becomes_an_event_with_its_file() {
        let digest = Sha256::of(b"x");
        let item = json!({
            "id": 7, "type": "invoice.created", "time": "2026-03-01T08:30:00+01:00", "subject": "PO-1", "dataref": "/f/1",
            "data": { "name": "1.pdf", "sha256": digest.to_string(), "size": "1" },
        });
        let event = shape("").read(&item).unwrap();
        assert_eq!(
            (event.id.as_str(), event.kind, event.source.as_str()),
            ("7", EventKind::Created, "https://feed.example")
        );
        assert_eq!(event.at, Some(Millis(1_772_350_200_000)));
        assert_eq!(event.data, item["data"]);
        let file = event.file.unwrap();
        assert_eq!((file.address.as_deref(), file.size, file.sha256), (Some("/f/1"), Some(1), Some(digest)));
    }

    #[rstest]
    #[case(json!({}), "nothing is at /id")]
    #[case(json!({ "id": {} }), "nothing is at /id")]
    #[case(json!({ "id": "1", "time": "soon" }), "/time is no time")]
    #[case(json!({ "id": "1", "dataref": "/f", "data": { "order": 1, "sha256": "x" } }), "/data/sha256 is no SHA-256")]
    #[case(json!({ "id": "1", "dataref": "/f", "data": { "order": 1, "size": -1 } }), "/data/size is no number of bytes")]
    #[case(json!({ "id": "1" }), "row 1 (order): nothing is at /data/order")]
    fn what_is_wrong_is_named(#[case] item: Value, #[case] expected: &str) {
        let shape = shape(r#"[{"target": "order", "pointer": "/data/order", "required": true}]"#);
        let why = shape.read(&item).unwrap_err();
        assert!(why.contains(expected), "{why}");
        let broken = shape.broken(&item, &why);
        assert_eq!((broken.word.as_str(), &broken.data["item"]), (BROKEN_ITEM, &item));
        assert_eq!(shape.broken(&item, &why).id, broken.id);
    }

    #[test]
    fn a_digest_is_read_in_each_spelling() {
        let digest_of_x = Sha256::of(b"x");
        for text in [
            digest_of_x.to_string(),
            format!("sha256:{digest_of_x}"),
            digest_of_x.to_base64(),
            format!("sha-256=:{}:", digest_of_x.to_base64()),
        ] {
            assert_eq!(digest(&text), Some(digest_of_x), "{text}");
        }
        assert_eq!(digest("abc"), None);
    }
}
