//! What is known of a connector without asking the remote.

use serde::Serialize;
use waybill_model::names::NameRules;

/// Facts and limits. Data, no I/O; what a connection test found out is already in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// `folder`, `s3`, `sftp`.
    pub kind: &'static str,
    /// Sizes and counts.
    pub limits: Limits,
    /// What names the target takes.
    pub names: NameRules,
    /// Whether a crash costs a whole file.
    pub resume: ResumeSupport,
    /// Whether a file may be read again to prove it; `true` but where a connection's settings say that an
    /// acknowledgement is enough, or that nothing can be read there.
    pub read_back: bool,
    /// What a person should know before the first file goes, one sentence each.
    pub remarks: Vec<String>,
    /// What its listings tell beside name, size and time.
    pub columns: Vec<Column>,
}

/// One thing that a remote's listings tell beside what all tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The key in [`crate::Entry::facts`].
    pub key: &'static str,
    /// What people call it.
    pub title: crate::Phrase,
}

/// Sizes and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file in bytes.
    pub max_file_bytes: u64,
    /// Files up to this size go by `Write` in one piece, and are hashed before they are sent. Never over 16 MiB.
    pub single_write_bytes: u64,
    /// How many files the remote likes at once.
    pub parallel_files: u32,
    /// How many small files may be in flight at once; one where the remote allows a single session only.
    pub parallel_small_files: u32,
    /// How many ranges of one file may be read at once.
    pub parallel_ranges: u32,
}

/// What a crash in the middle of one file costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResumeSupport {
    /// The parts in flight.
    Parts,
    /// The whole file is sent again, and the card says so before it starts.
    WholeFile,
}

/// Who the remote says that we are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// A user, an access key's account, a folder.
    pub name: String,
    /// What answered: a server's banner or product, as far as it tells.
    pub server: Option<String>,
}
