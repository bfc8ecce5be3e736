//! Buckets, versions and unfinished uploads: an index in memory over small files on disk.
//!
//! A change is made by one rename, under one lock: after a crash each object is whole or absent. What a crash leaves
//! over (bytes that no record names, a replaced version) is cleared at the next start.

mod disk;
mod uploads;
mod versions;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use camino::Utf8PathBuf;
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use super::blob::{Blob, Blobs};
use super::clock::{Clock, Millis};
use super::record::{BucketRecord, PartRecord, UploadRecord, VersionRecord};
use disk::Disk;
pub(super) use disk::OpenError;
pub(super) use versions::{Condition, Deleted, VersionDraft, marker_named, no_such_key, precondition_failed};

/// A version and the files that hold its bytes.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) record: VersionRecord,
    pub(super) blobs: Vec<Arc<Blob>>,
}

impl Version {
    pub(super) fn is_marker(&self) -> bool {
        self.record.content.is_none()
    }
}

/// A part and the file that holds its bytes.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) record: PartRecord,
    pub(super) blob: Arc<Blob>,
}

/// An unfinished upload with its parts by number.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) record: UploadRecord,
    pub(super) parts: BTreeMap<i32, Part>,
}

/// A bucket with everything in it.
#[derive(Debug)]
pub(super) struct Bucket {
    pub(super) record: BucketRecord,
    /// The versions of each key, oldest first; no key without a version.
    pub(super) keys: BTreeMap<String, Vec<Arc<Version>>>,
    /// By key, then by id.
    pub(super) uploads: BTreeMap<(String, String), Upload>,
}

/// Everything, by bucket.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) buckets: BTreeMap<String, Bucket>,
    next_seq: u64,
    /// Conditional writes under way, each with its key; raised when the key is deleted meanwhile.
    watches: Vec<(String, String, Weak<AtomicBool>)>,
}

impl Index {
    pub(super) fn bucket(&self, name: &str) -> S3Result<&Bucket> {
        self.buckets.get(name).ok_or_else(no_such_bucket)
    }

    fn bucket_mut(&mut self, name: &str) -> S3Result<&mut Bucket> {
        self.buckets.get_mut(name).ok_or_else(no_such_bucket)
    }
}

fn no_such_bucket() -> S3Error {
    s3_error!(NoSuchBucket, "The specified bucket does not exist")
}

/// The store behind the protocol.
#[derive(Debug)]
pub(super) struct Store {
    disk: Disk,
    pub(super) blobs: Blobs,
    pub(super) clock: Arc<Clock>,
    index: Mutex<Index>,
}

impl Store {
    /// Opens the store in `dir`, which may be empty, and clears what a crash left over.
    pub(super) fn open(dir: Utf8PathBuf, clock: Arc<Clock>) -> Result<Self, OpenError> {
        let (disk, blobs, index) = disk::load(dir)?;
        Ok(Self { disk, blobs, clock, index: Mutex::new(index) })
    }

    pub(super) fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(super) fn bucket(&self, name: &str) -> S3Result<BucketRecord> {
        self.index().bucket(name).map(|bucket| bucket.record.clone())
    }

    /// Creates a bucket; refuses a name that is taken.
    pub(super) fn create_bucket(&self, record: BucketRecord) -> S3Result<()> {
        let mut index = self.index();
        if index.buckets.contains_key(&record.name) {
            return Err(s3_error!(
                BucketAlreadyOwnedByYou,
                "Your previous request to create the named bucket succeeded and you already own it."
            ));
        }
        self.disk.save_bucket(&record).map_err(|error| internal(&error))?;
        let bucket = Bucket { record: record.clone(), keys: BTreeMap::new(), uploads: BTreeMap::new() };
        index.buckets.insert(record.name, bucket);
        Ok(())
    }

    /// Changes a bucket's settings.
    pub(super) fn update_bucket(
        &self,
        name: &str,
        change: impl FnOnce(&mut BucketRecord) -> S3Result<()>,
    ) -> S3Result<()> {
        let mut index = self.index();
        let bucket = index.bucket_mut(name)?;
        let mut record = bucket.record.clone();
        change(&mut record)?;
        self.disk.save_bucket(&record).map_err(|error| internal(&error))?;
        bucket.record = record;
        Ok(())
    }

    /// Deletes an empty bucket; its unfinished uploads go with it.
    pub(super) fn delete_bucket(&self, name: &str) -> S3Result<()> {
        let mut index = self.index();
        let bucket = index.bucket_mut(name)?;
        if bucket.keys.values().flatten().any(|version| !version.is_marker()) {
            return Err(s3_error!(BucketNotEmpty, "The bucket you tried to delete is not empty"));
        }
        if !bucket.keys.is_empty() {
            return Err(s3_error!(
                BucketNotEmpty,
                "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
            ));
        }
        self.disk.remove_bucket(name).map_err(|error| internal(&error))?;
        for upload in std::mem::take(&mut bucket.uploads).into_values() {
            self.discard(upload);
        }
        index.buckets.remove(name);
        Ok(())
    }
}

/// The answer to a client where our own disk failed.
pub(super) fn internal(error: &std::io::Error) -> S3Error {
    tracing::error!(%error, "the store failed");
    S3Error::with_message(S3ErrorCode::InternalError, "We encountered an internal error. Please try again.")
}
