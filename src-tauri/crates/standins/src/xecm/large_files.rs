//! Large files in parts: a key, numbered parts that may come again, and a node or version made from the key.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use rand::RngCore as _;
use serde_json::json;

use super::answer::{Outcome, Refused, results, single};
use super::call::Call;
use super::content::Content;
use super::world::World;
use crate::clock::Millis;

/// How long a key is good.
const LIFETIME: Millis = 24 * 3_600_000;

/// An upload in parts.
#[derive(Debug)]
pub(super) struct Upload {
    file_name: String,
    mime_type: Option<String>,
    size: u64,
    part_size: u64,
    parts: BTreeMap<u64, Content>,
    ends: Millis,
    by: i64,
    whole: Option<Content>,
}

impl Upload {
    fn count(&self) -> u64 {
        self.size.div_ceil(self.part_size).max(1)
    }

    /// Bytes of the part with this number.
    fn length(&self, number: u64) -> u64 {
        if number == self.count() { self.size - (number - 1) * self.part_size } else { self.part_size }
    }
}

pub(super) fn route(world: &mut World, call: &mut Call) -> Option<Outcome> {
    let path: Vec<String> = call.path().into_iter().map(str::to_owned).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let outcome = match (call.verb(), path.as_slice()) {
        ("GET", ["v2", "multipart", "settings"]) => {
            let (min, max) = (world.habits.large_file_min, world.habits.large_file_max);
            both(call, json!({ "is_enabled": true, "min_size": min, "max_size": max }))
        }
        ("POST", ["v2", "multipart"]) => begin(world, call),
        ("POST", ["v2", "multipart", key]) => complete(world, call, key),
        ("DELETE", ["v2", "multipart", key]) => upload(world, call, key).map(drop).and_then(|()| {
            world.uploads.remove(*key);
            results(call, json!({ "data": { "upload_key": key } }))
        }),
        ("POST" | "PUT", ["v2", "multipart", key, number]) => part(world, call, key, number),
        _ => return None,
    };
    Some(outcome)
}

fn begin(world: &mut World, call: &Call) -> Outcome {
    let size = u64::try_from(call.need_int("file_size")?).map_err(|_| Refused::wrong_type("file_size"))?;
    let (min, max) = (world.habits.large_file_min, world.habits.large_file_max);
    if size < min || size > max {
        return Err(Refused::new(500, format!("Invalid block size: File size must be between {min} and {max} bytes.")));
    }
    let mut random = [0; 16];
    rand::rng().fill_bytes(&mut random);
    let key = HEXLOWER.encode(&random);
    let upload = Upload {
        file_name: call.need("file_name")?,
        mime_type: call.filled("mime_type"),
        size,
        part_size: world.habits.part_size.max(1),
        parts: BTreeMap::new(),
        ends: world.now() + LIFETIME,
        by: call.who,
        whole: None,
    };
    let document =
        json!({ "upload_key": key, "num_parts": upload.count(), "part_size": upload.part_size, "max_retries": 3 });
    world.uploads.insert(key, upload);
    both(call, document)
}

/// An object in an envelope and without one.
// Inferred: both places, since the documents show it flat and servers were seen to put it into an envelope.
fn both(call: &Call, document: serde_json::Value) -> Outcome {
    let mut answer = single(call, document.clone())?;
    if let (super::answer::Payload::Json(serde_json::Value::Object(whole)), serde_json::Value::Object(flat)) =
        (&mut answer.body, document)
    {
        whole.extend(flat);
    }
    Ok(answer)
}

fn upload<'a>(world: &'a mut World, call: &Call, key: &str) -> Result<&'a mut Upload, Refused> {
    let now = world.now();
    let upload = world.uploads.get_mut(key).filter(|upload| upload.by == call.who).ok_or_else(unknown)?;
    if upload.ends <= now {
        return Err(Refused::new(500, "Multipart Upload session expired"));
    }
    Ok(upload)
}

fn unknown() -> Refused {
    Refused::new(
        500,
        "Failed to complete request. Either the UploadKey is invalid, or the upload was completed or cancelled.",
    )
}

fn part(world: &mut World, call: &mut Call, key: &str, number: &str) -> Outcome {
    let number: u64 = number.parse().map_err(|_| Refused::wrong_type("part_number"))?;
    let file = call.take_file();
    let upload = upload(world, call, key)?;
    let content = file.ok_or_else(|| Refused::missing("part_content"))?.content;
    if number == 0 || number > upload.count() {
        return Err(Refused::new(500, format!("Invalid BlockID: Expected a number from 1 to {}.", upload.count())));
    }
    let expected = upload.length(number);
    if content.size() != expected {
        // Inferred: the text for a part of the wrong length.
        return Err(Refused::new(
            500,
            format!("Invalid block size: Expected {expected} bytes, received {}.", content.size()),
        ));
    }
    if upload.whole.is_some() {
        return Err(Refused::new(500, "Invalid BlockID: the upload was already completed."));
    }
    upload.parts.insert(number, content);
    single(call, json!({ "upload_key": key, "part_number": number }))
}

fn complete(world: &mut World, call: &Call, key: &str) -> Outcome {
    let upload = upload(world, call, key)?;
    if let Some(missing) = (1..=upload.count()).find(|number| !upload.parts.contains_key(number)) {
        return Err(Refused::new(500, format!("Invalid BlockID: Expected {missing}.")));
    }
    if upload.whole.is_none() {
        let whole = Content::join(upload.parts.values());
        upload.whole = Some(whole.map_err(|error| Refused::new(500, error.to_string()))?);
        upload.parts = std::mem::take(&mut upload.parts)
            .into_keys()
            .map(|number| (number, Content::Memory(bytes::Bytes::new())))
            .collect();
    }
    let (name, size) = (upload.file_name.clone(), upload.size);
    single(call, json!({ "upload_key": key, "file_name": name, "file_size": size }))
}

/// The file behind a key of this member; it stays until [`settle`].
pub(super) fn redeem(world: &World, call: &Call, key: &str) -> Result<(String, Option<String>, Content), Refused> {
    let mine = world.uploads.get(key).filter(|upload| upload.by == call.who && upload.ends > world.now());
    let upload = mine.ok_or_else(unknown)?;
    let content = upload.whole.clone().ok_or_else(unknown)?;
    Ok((upload.file_name.clone(), upload.mime_type.clone(), content))
}

/// Forgets the key that a request used: it is good for one node or version.
pub(super) fn settle(world: &mut World, call: &Call) {
    if let Some(key) = call.filled("upload_key") {
        world.uploads.remove(&key);
    }
}
