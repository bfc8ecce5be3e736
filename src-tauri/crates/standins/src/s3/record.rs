//! What is kept on disk about buckets, versions, uploads and parts: one small JSON file each.

use std::collections::BTreeMap;

use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};

use super::blob::BlobRef;
use super::checksum::{Algorithm, Kind, Stored};
use super::clock::Millis;

/// The version id of an object written without versioning.
pub(super) const NULL_VERSION: &str = "null";

/// Whether a bucket keeps versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) enum Versioning {
    #[default]
    Never,
    Enabled,
    Suspended,
}

/// How strictly a version is retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Mode {
    Governance,
    Compliance,
}

impl Mode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }

    pub(super) fn parse(name: &str) -> S3Result<Self> {
        match name {
            "GOVERNANCE" => Ok(Self::Governance),
            "COMPLIANCE" => Ok(Self::Compliance),
            _ => Err(s3_error!(InvalidArgument, "Unknown wormMode directive.")),
        }
    }
}

/// A version may not be deleted before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Retention {
    pub(super) mode: Mode,
    pub(super) until: Millis,
}

/// The retention that new objects of a bucket get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DefaultRetention {
    pub(super) mode: Mode,
    pub(super) days: Option<i32>,
    pub(super) years: Option<i32>,
}

impl DefaultRetention {
    /// The retention of an object created at `at`.
    pub(super) fn from(self, at: Millis) -> Retention {
        let days = i64::from(self.days.unwrap_or(0)) + i64::from(self.years.unwrap_or(0)) * 365;
        Retention { mode: self.mode, until: at + days * 24 * 60 * 60 * 1000 }
    }
}

/// What protects one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Lock {
    pub(super) retention: Option<Retention>,
    /// `None` where it was never set.
    pub(super) legal_hold: Option<bool>,
}

/// A bucket and its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BucketRecord {
    pub(super) name: String,
    pub(super) created: Millis,
    pub(super) versioning: Versioning,
    pub(super) object_lock: bool,
    pub(super) default_retention: Option<DefaultRetention>,
}

/// What a client says about an object besides its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Attributes {
    pub(super) content_type: Option<String>,
    pub(super) cache_control: Option<String>,
    pub(super) content_disposition: Option<String>,
    pub(super) content_encoding: Option<String>,
    pub(super) content_language: Option<String>,
    pub(super) expires: Option<Millis>,
    pub(super) website_redirect: Option<String>,
    pub(super) metadata: BTreeMap<String, String>,
}

/// How an object is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Keeping {
    /// `None` is `STANDARD`.
    pub(super) storage_class: Option<String>,
    /// `AES256`, `aws:kms` or `aws:kms:dsse`.
    pub(super) encryption: Option<String>,
    pub(super) kms_key: Option<String>,
    pub(super) kms_context: Option<String>,
    pub(super) bucket_key: Option<bool>,
}

impl Keeping {
    /// Whether an `ETag` is the MD5 of the bytes.
    pub(super) fn etag_is_md5(&self) -> bool {
        !self.encryption.as_deref().is_some_and(|name| name.starts_with("aws:kms"))
    }

    pub(super) fn encryption_name(&self) -> String {
        self.encryption.clone().unwrap_or_else(|| "AES256".to_owned())
    }
}

/// A part of a finished multipart object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ObjectPart {
    pub(super) number: i32,
    pub(super) size: u64,
    pub(super) checksum: Option<String>,
}

/// The bytes of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) size: u64,
    pub(super) etag: String,
    pub(super) checksum: Option<Stored>,
    /// Empty where the object was not uploaded in parts.
    pub(super) parts: Vec<ObjectPart>,
    pub(super) blobs: Vec<BlobRef>,
}

/// One version of a key, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct VersionRecord {
    /// Order of creation over all buckets, also the name of the file.
    pub(super) seq: u64,
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) version_id: String,
    pub(super) created: Millis,
    /// `None` in a delete marker.
    pub(super) content: Option<Content>,
    pub(super) attributes: Attributes,
    pub(super) keeping: Keeping,
    pub(super) tags: Vec<(String, String)>,
    pub(super) lock: Lock,
    /// The multipart upload that made it.
    pub(super) upload_id: Option<String>,
}

/// A multipart upload that is neither completed nor aborted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadRecord {
    pub(super) id: String,
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) initiated: Millis,
    /// Whether the client named the algorithm, else it is the service's own choice.
    pub(super) algorithm_named: bool,
    pub(super) algorithm: Algorithm,
    pub(super) kind: Kind,
    pub(super) attributes: Attributes,
    pub(super) keeping: Keeping,
    pub(super) tags: Vec<(String, String)>,
    pub(super) lock: Lock,
}

/// A part that waits for its upload to be completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartRecord {
    pub(super) number: i32,
    pub(super) size: u64,
    /// Without quotes.
    pub(super) etag: String,
    /// Hex of the MD5, which the `ETag` is not under KMS.
    pub(super) md5: String,
    /// Base64, by the upload's algorithm.
    pub(super) checksum: String,
    /// What the client sent where that is of another algorithm than the service's own choice.
    #[serde(default)]
    pub(super) given: Option<(Algorithm, String)>,
    pub(super) modified: Millis,
    pub(super) blob: BlobRef,
}
