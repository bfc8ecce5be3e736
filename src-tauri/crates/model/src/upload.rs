//! What is kept of an upload so that another process can go on with it.

use serde::{Deserialize, Serialize};

use crate::{Md5, Millis, Proof, RemotePath, Sha256};

/// The version of [`UploadSession`] and [`PartReceipt`] as stored; a session of another version is
/// aborted and begun anew.
pub const SESSION_VERSION: u32 = 1;

/// A resumable upload that was begun on a remote. Stored before its first part is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadSession {
    /// [`SESSION_VERSION`] of the program that began it.
    pub version: u32,
    /// Where the object will be.
    pub path: RemotePath,
    /// Bytes of the whole.
    pub size: u64,
    /// Bytes of each part but the last.
    pub part_size: u64,
    /// Whether finishing may replace what is there.
    pub replace: bool,
    /// The connector's own handle: an upload id, a temporary name. Never a secret.
    pub handle: serde_json::Value,
}

impl UploadSession {
    /// How many parts the object has; an empty object has one empty part.
    pub fn part_count(&self) -> u32 {
        u32::try_from(self.size.div_ceil(self.part_size.max(1)).max(1)).unwrap_or(u32::MAX)
    }

    /// Offset and length of part `number`, counted from one.
    pub fn part_range(&self, number: u32) -> (u64, u64) {
        let offset = u64::from(number.saturating_sub(1)) * self.part_size;
        (offset, self.part_size.min(self.size.saturating_sub(offset)))
    }
}

/// The digests of one part that a connector asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartHash {
    /// SHA-256 of the part alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256>,
    /// MD5 of the part alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub md5: Option<Md5>,
}

/// Proof that the remote took one part. Stored before the next step depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartReceipt {
    /// Counted from one.
    pub number: u32,
    /// Where the part begins.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
    /// Digests of the part alone, as far as the connector asked for them.
    #[serde(default)]
    pub hash: PartHash,
    /// SHA-256 of everything from the first byte to this part's end: proves a partial file.
    pub prefix_sha256: Sha256,
    /// What the remote called it: an `ETag`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub token: String,
}

/// What the remote says that it stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Bytes, as the remote counts them.
    pub size: u64,
    /// The remote's mark of this revision: a version id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The `ETag`, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When the remote stored it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Millis>,
    /// Set where storing it proved it already: the remote checked a digest that it is known to enforce.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// What a person should know about how it was stored, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_object_without_gap_or_overlap() {
        for size in [0, 1, 9, 10, 11, 20, 25] {
            let session = UploadSession {
                version: SESSION_VERSION,
                path: RemotePath::new("/x"),
                size,
                part_size: 10,
                replace: false,
                handle: serde_json::Value::Null,
            };
            let mut end = 0;
            for number in 1..=session.part_count() {
                let (offset, length) = session.part_range(number);
                assert_eq!(offset, end, "part {number} of {size} bytes");
                end = offset + length;
            }
            assert_eq!(end, size);
        }
    }
}
