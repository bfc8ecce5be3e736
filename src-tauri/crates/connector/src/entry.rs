//! What a listing shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use waybill_model::{Millis, RemotePath, Stamp};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// Bytes.
    File,
    /// Holds entries.
    Folder,
    /// A FIFO, socket, device or dangling link: shown, never read.
    Other,
}

/// One file or folder seen in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it is, exactly as the remote spells it.
    pub path: RemotePath,
    /// Its last name, for people. Where `addressable` is false it is only a likeness.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes; zero for folders.
    pub size: u64,
    /// Last modification, where told.
    pub modified: Option<Millis>,
    /// The remote's mark of this revision: an S3 version id, else its `ETag`.
    pub version: Option<String>,
    /// POSIX permission bits, where told.
    pub mode: Option<u32>,
    /// False for a name that this desk cannot spell, so that it never touches another by mistake.
    pub addressable: bool,
    /// Whether it is a symbolic link, described by what it leads to: removing it removes the link alone.
    pub link: bool,
    /// What this remote tells beside, by the keys of [`crate::Descriptor::columns`]; plain texts, moments as RFC 3339.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}

impl Entry {
    /// What to compare later to notice a change.
    pub fn stamp(&self) -> Stamp {
        Stamp { size: self.size, modified: self.modified, version: self.version.clone(), ..Stamp::default() }
    }
}

/// Which part of a listing is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Where the page before ended; `None` for the first.
    pub cursor: Option<String>,
    /// At most so many entries; a remote may give fewer.
    pub limit: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { cursor: None, limit: 1000 }
    }
}

/// A piece of a listing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// In the remote's order; each entry comes once over all pages.
    pub entries: Vec<Entry>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
}
