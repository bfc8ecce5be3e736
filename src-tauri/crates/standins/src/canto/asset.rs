//! An asset: what it is, what is said about it, and its versions.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::blob::Blob;
use crate::clock::Millis;

/// The type of an asset, a part of its identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scheme {
    Image,
    Video,
    Audio,
    Document,
    Presentation,
    Other,
}

impl Scheme {
    pub(super) const ALL: [Self; 6] =
        [Self::Image, Self::Video, Self::Audio, Self::Document, Self::Presentation, Self::Other];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Presentation => "presentation",
            Self::Other => "other",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// What a file of this name becomes.
    pub(super) fn of(file_name: &str) -> Self {
        match extension(file_name).as_str() {
            "jpg" | "jpeg" | "png" | "gif" | "tif" | "tiff" | "psd" | "ai" | "eps" | "svg" | "webp" | "bmp"
            | "heic" => Self::Image,
            "mp4" | "mov" | "avi" | "mkv" | "wmv" | "m4v" | "mpg" | "mpeg" | "webm" => Self::Video,
            "mp3" | "wav" | "aac" | "flac" | "ogg" | "m4a" | "aif" | "aiff" => Self::Audio,
            "pdf" | "doc" | "docx" | "txt" | "xls" | "xlsx" | "csv" | "rtf" | "md" | "odt" | "ods" | "indd" => {
                Self::Document
            }
            "ppt" | "pptx" | "key" | "odp" => Self::Presentation,
            _ => Self::Other,
        }
    }
}

/// The extension of a file name in lower case, without the dot.
pub(super) fn extension(file_name: &str) -> String {
    file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// The media type of a file name.
pub(super) fn content_type(file_name: &str) -> &'static str {
    match extension(file_name).as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "tif" | "tiff" => "image/tiff",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "pdf" => "application/pdf",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json",
        "zip" => "application/zip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => "application/octet-stream",
    }
}

/// The built-in states.
pub(super) const APPROVED: &str = "Approved";
pub(super) const PENDING: &str = "Pending";
pub(super) const RESTRICTED: &str = "Restricted";
pub(super) const EXPIRED: &str = "Expired";

/// What a custom field of an asset holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FieldValue {
    One(String),
    Many(Vec<String>),
}

impl FieldValue {
    /// Each value it holds.
    pub(super) fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    pub(super) fn json(&self) -> Value {
        match self {
            Self::One(value) => json!(value),
            Self::Many(values) => json!(values),
        }
    }
}

/// Measures that depend on the type; none for what is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Measures {
    /// In pixels.
    pub(super) width: Option<u32>,
    /// In pixels.
    pub(super) height: Option<u32>,
    pub(super) dpi: Option<u32>,
    /// In seconds.
    pub(super) duration: Option<u32>,
    pub(super) pages: Option<u32>,
}

impl Measures {
    /// What the beginning of a file tells.
    pub(super) fn of(scheme: Scheme, head: &Bytes) -> Self {
        match scheme {
            Scheme::Image => match imagesize::blob_size(head) {
                Ok(size) => Self {
                    width: u32::try_from(size.width).ok(),
                    height: u32::try_from(size.height).ok(),
                    dpi: Some(72),
                    ..Self::default()
                },
                Err(_) => Self::default(),
            },
            Scheme::Document => Self { pages: pages(head), ..Self::default() },
            _ => Self::default(),
        }
    }
}

/// Pages of a PDF whose page tree is not compressed.
fn pages(head: &[u8]) -> Option<u32> {
    let marker = b"/Type /Page";
    let is_page = |window: &&[u8]| window.starts_with(marker) && window.get(marker.len()) != Some(&b's');
    let found = head.windows(marker.len() + 1).filter(is_page).count();
    u32::try_from(found).ok().filter(|found| head.starts_with(b"%PDF") && *found > 0)
}

/// One version of an asset's file.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) id: String,
    /// The `userId` of who uploaded it.
    pub(super) owner: String,
    pub(super) at: Millis,
    pub(super) comment: Option<String>,
    pub(super) blob: Blob,
    pub(super) measures: Measures,
}

/// An asset. It has one version at least.
#[derive(Debug, Clone)]
pub(super) struct Asset {
    pub(super) id: String,
    pub(super) scheme: Scheme,
    pub(super) name: String,
    /// The `userId` of who uploaded it first.
    pub(super) owner: String,
    /// The `userId` of who changed it last.
    pub(super) changed_by: String,
    pub(super) created: Millis,
    pub(super) modified: Millis,
    pub(super) status: String,
    /// Then an approved asset becomes expired.
    pub(super) expires: Option<Millis>,
    pub(super) description: Option<String>,
    pub(super) author: Option<String>,
    pub(super) copyright: Option<String>,
    pub(super) terms: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) keywords: Vec<String>,
    /// What the image recognition saw.
    pub(super) smart_tags: Vec<String>,
    /// Ids of albums.
    pub(super) albums: Vec<String>,
    /// By field id.
    pub(super) fields: BTreeMap<String, FieldValue>,
    /// Whether it lies in the storage for what is seldom used.
    pub(super) frozen: bool,
    /// Before the current one, the oldest first.
    versions: Vec<Version>,
    pub(super) current: Version,
}

impl Asset {
    /// An asset of one version and nothing else.
    pub(super) fn new(id: String, name: &str, status: &str, version: Version) -> Self {
        Self {
            id,
            scheme: Scheme::of(name),
            name: name.to_owned(),
            owner: version.owner.clone(),
            changed_by: version.owner.clone(),
            created: version.at,
            modified: version.at,
            status: status.to_owned(),
            expires: None,
            description: None,
            author: None,
            copyright: None,
            terms: None,
            tags: Vec::new(),
            keywords: Vec::new(),
            smart_tags: Vec::new(),
            albums: Vec::new(),
            fields: BTreeMap::new(),
            frozen: false,
            versions: Vec::new(),
            current: version,
        }
    }

    /// All versions, the oldest first.
    pub(super) fn history(&self) -> impl DoubleEndedIterator<Item = &Version> + ExactSizeIterator {
        let all: Vec<&Version> = self.versions.iter().chain(std::iter::once(&self.current)).collect();
        all.into_iter()
    }

    /// A version by its id.
    pub(super) fn version(&self, id: &str) -> Option<&Version> {
        self.history().find(|version| version.id == id)
    }

    /// The same, to change it.
    pub(super) fn version_mut(&mut self, id: &str) -> Option<&mut Version> {
        self.versions.iter_mut().chain(std::iter::once(&mut self.current)).find(|version| version.id == id)
    }

    /// Makes `version` the current one.
    pub(super) fn add_version(&mut self, version: Version) {
        self.modified = version.at.max(self.modified + 1);
        self.changed_by.clone_from(&version.owner);
        let earlier = std::mem::replace(&mut self.current, version);
        self.versions.push(earlier);
    }

    /// Writes down that somebody changed it.
    pub(super) fn touch(&mut self, who: &str, now: Millis) {
        who.clone_into(&mut self.changed_by);
        // Two changes within a millisecond still differ.
        self.modified = now.max(self.modified + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_file_becomes() {
        for (name, scheme) in [
            ("Banner.JPG", Scheme::Image),
            ("clip.mov", Scheme::Video),
            ("jingle.wav", Scheme::Audio),
            ("terms.pdf", Scheme::Document),
            ("pitch.pptx", Scheme::Presentation),
            ("fonts.zip", Scheme::Other),
            ("no extension", Scheme::Other),
        ] {
            assert_eq!(Scheme::of(name), scheme, "{name}");
        }
    }
}
