//! Finding, writing, changing and deleting versions, with the rules of versioning, conditions and Object Lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rand::Rng as _;
use s3s::dto::ETagCondition;
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use super::{Blob, Bucket, Index, Store, Version, internal};
use crate::s3::clock::Millis;
use crate::s3::record::{Attributes, Content, Keeping, Lock, Mode, NULL_VERSION, VersionRecord, Versioning};

/// A version before the store gives it an id, an order and a time.
#[derive(Debug)]
pub(in crate::s3) struct VersionDraft {
    pub(in crate::s3) content: Content,
    pub(in crate::s3) blobs: Vec<Arc<Blob>>,
    pub(in crate::s3) attributes: Attributes,
    pub(in crate::s3) keeping: Keeping,
    pub(in crate::s3) tags: Vec<(String, String)>,
    /// `None` takes the bucket's default retention.
    pub(in crate::s3) lock: Lock,
    pub(in crate::s3) upload_id: Option<String>,
}

/// What must be true of the current version for a write to happen.
#[derive(Debug, Default)]
pub(in crate::s3) struct Condition {
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
    watch: Option<Arc<AtomicBool>>,
}

impl Condition {
    pub(in crate::s3) fn new(if_match: Option<ETagCondition>, if_none_match: Option<ETagCondition>) -> Self {
        Self { if_match, if_none_match, watch: None }
    }

    fn is_some(&self) -> bool {
        self.if_match.is_some() || self.if_none_match.is_some()
    }

    fn check(&self, current: Option<&Arc<Version>>) -> S3Result<()> {
        if self.watch.as_ref().is_some_and(|watch| watch.load(Ordering::Acquire)) {
            return Err(s3_error!(
                ConditionalRequestConflict,
                "The conditional request cannot succeed due to a conflicting operation against this resource."
            ));
        }
        let etag = current.and_then(|version| version.record.content.as_ref()).map(|content| content.etag.as_str());
        if self.if_none_match.is_some() && etag.is_some() {
            return Err(precondition_failed());
        }
        match (&self.if_match, etag) {
            (None, _) | (Some(ETagCondition::Any), Some(_)) => Ok(()),
            (Some(_), None) => Err(no_such_key()),
            (Some(ETagCondition::ETag(wanted)), Some(etag)) if wanted.value() == etag => Ok(()),
            (Some(ETagCondition::ETag(_)), Some(_)) => Err(precondition_failed()),
        }
    }
}

pub(in crate::s3) fn precondition_failed() -> S3Error {
    s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}

pub(in crate::s3) fn no_such_key() -> S3Error {
    s3_error!(NoSuchKey, "The specified key does not exist.")
}

/// What a deletion did.
#[derive(Debug, Default)]
pub(in crate::s3) struct Deleted {
    /// The version that was deleted, or the delete marker that was made.
    pub(in crate::s3) version_id: Option<String>,
    /// Whether that one is a delete marker.
    pub(in crate::s3) is_marker: bool,
}

/// A fresh opaque id.
pub(super) fn random_id(length: usize) -> String {
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(length).map(char::from).collect()
}

impl Bucket {
    /// The newest version as of a time; it may be a delete marker.
    pub(in crate::s3) fn current(versions: &[Arc<Version>], as_of: Millis) -> Option<&Arc<Version>> {
        versions.iter().rev().find(|version| version.record.created <= as_of)
    }

    /// The version that a read names.
    pub(in crate::s3) fn find(&self, key: &str, version_id: Option<&str>, as_of: Millis) -> S3Result<Arc<Version>> {
        let versions = self.keys.get(key).map_or(&[][..], Vec::as_slice);
        let Some(wanted) = version_id else {
            return Self::current(versions, as_of).cloned().ok_or_else(no_such_key);
        };
        versions.iter().find(|version| version.record.version_id == wanted).cloned().ok_or_else(|| {
            if is_version_id(wanted) {
                s3_error!(NoSuchVersion, "The specified version does not exist.")
            } else {
                s3_error!(InvalidArgument, "Invalid version id specified")
            }
        })
    }
}

/// Whether `id` has the form of a version id.
pub(in crate::s3) fn is_version_id(id: &str) -> bool {
    id == NULL_VERSION || (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

impl Store {
    /// The version that a read names; a delete marker is an answer too.
    pub(in crate::s3) fn find(
        &self,
        bucket: &str,
        key: &str,
        version_id: Option<&str>,
        as_of: Millis,
    ) -> S3Result<Arc<Version>> {
        self.index().bucket(bucket)?.find(key, version_id, as_of)
    }

    /// Tries a condition before the bytes come, and watches the key until the write ends.
    pub(in crate::s3) fn begin_conditional(&self, bucket: &str, key: &str, condition: &mut Condition) -> S3Result<()> {
        if !condition.is_some() {
            return Ok(());
        }
        let mut index = self.index();
        let versions = index.bucket(bucket)?.keys.get(key).map_or(&[][..], Vec::as_slice);
        condition.check(Bucket::current(versions, Millis::MAX))?;
        let watch = Arc::new(AtomicBool::new(false));
        index.watches.retain(|(_, _, watch)| watch.strong_count() > 0);
        index.watches.push((bucket.to_owned(), key.to_owned(), Arc::downgrade(&watch)));
        condition.watch = Some(watch);
        Ok(())
    }

    /// Makes a new current version of a key.
    pub(in crate::s3) fn put_version(
        &self,
        bucket: &str,
        key: &str,
        draft: VersionDraft,
        condition: &Condition,
    ) -> S3Result<Arc<Version>> {
        self.put_version_in(&mut self.index(), bucket, key, draft, condition)
    }

    pub(super) fn put_version_in(
        &self,
        index: &mut Index,
        bucket: &str,
        key: &str,
        draft: VersionDraft,
        condition: &Condition,
    ) -> S3Result<Arc<Version>> {
        let held = index.bucket(bucket)?;
        let versions = held.keys.get(key).map_or(&[][..], Vec::as_slice);
        condition.check(Bucket::current(versions, Millis::MAX))?;
        let now = self.now();
        let mut content = draft.content;
        content.blobs = draft.blobs.iter().map(|blob| blob.reference().clone()).collect();
        let mut lock = draft.lock;
        if lock.retention.is_none() {
            lock.retention = held.record.default_retention.map(|default| default.from(now));
        }
        let record = VersionRecord {
            seq: index.next_seq,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version_id: new_version_id(held.record.versioning),
            created: now,
            content: Some(content),
            attributes: draft.attributes,
            keeping: draft.keeping,
            tags: draft.tags,
            lock,
            upload_id: draft.upload_id,
        };
        self.insert(index, record, draft.blobs)
    }

    /// Writes a version down, then drops the null version that it replaces.
    fn insert(&self, index: &mut Index, record: VersionRecord, blobs: Vec<Arc<Blob>>) -> S3Result<Arc<Version>> {
        index.next_seq += 1;
        self.disk.save_version(&record).map_err(|error| internal(&error))?;
        for blob in &blobs {
            blob.keep();
        }
        let version = Arc::new(Version { record, blobs });
        let bucket = index.bucket_mut(&version.record.bucket)?;
        let versions = bucket.keys.entry(version.record.key.clone()).or_default();
        let replaced = versions
            .iter()
            .position(|old| old.record.version_id == NULL_VERSION && version.record.version_id == NULL_VERSION)
            .map(|at| versions.remove(at));
        versions.push(Arc::clone(&version));
        if let Some(replaced) = replaced {
            self.forget(&replaced)?;
        }
        Ok(version)
    }

    /// Removes a version's record; its bytes go when the last reader is done.
    fn forget(&self, version: &Version) -> S3Result<()> {
        self.disk.remove_version(version.record.seq).map_err(|error| internal(&error))?;
        for blob in &version.blobs {
            blob.doom();
        }
        Ok(())
    }

    /// Deletes a key or one of its versions; deleting what is not there succeeds.
    pub(in crate::s3) fn delete(
        &self,
        bucket: &str,
        key: &str,
        version_id: Option<&str>,
        bypass_governance: bool,
        condition: &Condition,
    ) -> S3Result<Deleted> {
        let mut index = self.index();
        let held = index.bucket(bucket)?;
        let versions = held.keys.get(key).map_or(&[][..], Vec::as_slice);
        if condition.is_some() {
            condition.check(Bucket::current(versions, Millis::MAX))?;
        }
        for (_, _, watch) in index.watches.iter().filter(|(one, other, _)| one == bucket && other == key) {
            if let Some(watch) = watch.upgrade() {
                watch.store(true, Ordering::Release);
            }
        }
        if let Some(version_id) = version_id {
            return self.delete_version(&mut index, bucket, key, version_id, bypass_governance);
        }
        let versioning = held.record.versioning;
        if versioning == Versioning::Never {
            self.remove(&mut index, bucket, key, NULL_VERSION)?;
            return Ok(Deleted::default());
        }
        let marker = VersionRecord {
            seq: index.next_seq,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version_id: new_version_id(versioning),
            created: self.now(),
            content: None,
            attributes: Attributes::default(),
            keeping: Keeping::default(),
            tags: Vec::new(),
            lock: Lock::default(),
            upload_id: None,
        };
        let version_id = marker.version_id.clone();
        self.insert(&mut index, marker, Vec::new())?;
        Ok(Deleted { version_id: Some(version_id), is_marker: true })
    }

    fn delete_version(
        &self,
        index: &mut Index,
        bucket: &str,
        key: &str,
        version_id: &str,
        bypass_governance: bool,
    ) -> S3Result<Deleted> {
        if !is_version_id(version_id) {
            return Err(s3_error!(InvalidArgument, "Invalid version id specified"));
        }
        if let Ok(version) = index.bucket(bucket)?.find(key, Some(version_id), Millis::MAX) {
            self.refuse_if_locked(&version.record.lock, bypass_governance)?;
        }
        let is_marker = self.remove(index, bucket, key, version_id)?.is_some_and(|version| version.is_marker());
        Ok(Deleted { version_id: Some(version_id.to_owned()), is_marker })
    }

    fn refuse_if_locked(&self, lock: &Lock, bypass_governance: bool) -> S3Result<()> {
        let retained = lock.retention.is_some_and(|retention| {
            retention.until > self.now() && !(retention.mode == Mode::Governance && bypass_governance)
        });
        if retained || lock.legal_hold == Some(true) {
            return Err(s3_error!(AccessDenied, "Access Denied because object protected by object lock."));
        }
        Ok(())
    }

    fn remove(&self, index: &mut Index, bucket: &str, key: &str, version_id: &str) -> S3Result<Option<Arc<Version>>> {
        let bucket = index.bucket_mut(bucket)?;
        let Some(versions) = bucket.keys.get_mut(key) else { return Ok(None) };
        let Some(at) = versions.iter().position(|version| version.record.version_id == version_id) else {
            return Ok(None);
        };
        self.forget(&versions[at])?;
        let removed = versions.remove(at);
        if versions.is_empty() {
            bucket.keys.remove(key);
        }
        Ok(Some(removed))
    }

    /// Changes what is kept beside a version's bytes; refuses a delete marker.
    pub(in crate::s3) fn update_version(
        &self,
        bucket: &str,
        key: &str,
        version_id: Option<&str>,
        change: impl FnOnce(&mut VersionRecord) -> S3Result<()>,
    ) -> S3Result<Arc<Version>> {
        let mut index = self.index();
        let old = index.bucket(bucket)?.find(key, version_id, Millis::MAX)?;
        if old.is_marker() {
            return Err(if version_id.is_some() { marker_named() } else { no_such_key() });
        }
        let mut record = old.record.clone();
        change(&mut record)?;
        self.disk.save_version(&record).map_err(|error| internal(&error))?;
        let changed = Arc::new(Version { record, blobs: old.blobs.clone() });
        if let Some(versions) = index.bucket_mut(bucket)?.keys.get_mut(key)
            && let Some(place) = versions.iter_mut().find(|version| version.record.seq == old.record.seq)
        {
            *place = Arc::clone(&changed);
        }
        Ok(changed)
    }
}

/// The refusal of a request that names a delete marker by its version.
pub(in crate::s3) fn marker_named() -> S3Error {
    S3Error::with_message(S3ErrorCode::MethodNotAllowed, "The specified method is not allowed against this resource.")
}

fn new_version_id(versioning: Versioning) -> String {
    match versioning {
        Versioning::Enabled => random_id(32),
        Versioning::Never | Versioning::Suspended => NULL_VERSION.to_owned(),
    }
}
