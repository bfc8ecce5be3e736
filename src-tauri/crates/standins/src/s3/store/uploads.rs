//! Unfinished multipart uploads: their parts, and how they end.

use std::collections::BTreeMap;
use std::sync::Arc;

use s3s::{S3Error, S3Result, s3_error};

use super::versions::random_id;
use super::{Condition, Index, Part, Store, Upload, Version, VersionDraft, internal};
use crate::s3::blob::Blob;
use crate::s3::record::{PartRecord, UploadRecord};

/// The refusal of an upload id that is not, or no more, under way.
fn no_such_upload() -> S3Error {
    s3_error!(
        NoSuchUpload,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
    )
}

/// What a completion makes of an upload: called under the lock with the upload as it stands.
pub(in crate::s3) type Completion<'a> = dyn FnOnce(&Upload) -> S3Result<VersionDraft> + 'a;

impl Index {
    pub(in crate::s3) fn upload(&self, bucket: &str, key: &str, id: &str) -> S3Result<&Upload> {
        self.bucket(bucket)?.uploads.get(&(key.to_owned(), id.to_owned())).ok_or_else(no_such_upload)
    }
}

impl Store {
    /// Begins an upload; the record's id is chosen here and answered.
    pub(in crate::s3) fn begin_upload(&self, mut record: UploadRecord) -> S3Result<String> {
        record.id = random_id(64);
        let id = record.id.clone();
        let mut index = self.index();
        index.bucket(&record.bucket)?;
        self.disk.save_upload(&record).map_err(|error| internal(&error))?;
        let bucket = index.bucket_mut(&record.bucket)?;
        bucket.uploads.insert((record.key.clone(), id.clone()), Upload { record, parts: BTreeMap::new() });
        Ok(id)
    }

    /// Keeps a part, in place of an earlier one with its number.
    pub(in crate::s3) fn put_part(
        &self,
        (bucket, key, id): (&str, &str, &str),
        record: PartRecord,
        blob: Arc<Blob>,
    ) -> S3Result<()> {
        let mut index = self.index();
        index.upload(bucket, key, id)?;
        self.disk.save_part(id, &record).map_err(|error| internal(&error))?;
        blob.keep();
        let uploads = &mut index.bucket_mut(bucket)?.uploads;
        let upload = uploads.get_mut(&(key.to_owned(), id.to_owned())).ok_or_else(no_such_upload)?;
        if let Some(replaced) = upload.parts.insert(record.number, Part { record, blob }) {
            replaced.blob.doom();
        }
        Ok(())
    }

    /// Ends an upload and drops its parts.
    pub(in crate::s3) fn abort_upload(&self, bucket: &str, key: &str, id: &str) -> S3Result<()> {
        let mut index = self.index();
        index.upload(bucket, key, id)?;
        if let Some(upload) = index.bucket_mut(bucket)?.uploads.remove(&(key.to_owned(), id.to_owned())) {
            self.discard(upload);
        }
        Ok(())
    }

    /// Turns an upload into a version: `make` judges the parts and names the blobs to keep.
    pub(in crate::s3) fn complete_upload(
        &self,
        (bucket, key, id): (&str, &str, &str),
        condition: &Condition,
        make: Box<Completion<'_>>,
    ) -> S3Result<Arc<Version>> {
        let mut index = self.index();
        let draft = make(index.upload(bucket, key, id)?)?;
        let version = self.put_version_in(&mut index, bucket, key, draft, condition)?;
        if let Some(upload) = index.bucket_mut(bucket)?.uploads.remove(&(key.to_owned(), id.to_owned())) {
            self.discard(upload);
            for blob in &version.blobs {
                blob.keep();
            }
        }
        Ok(version)
    }

    /// Removes an upload that the index no longer holds.
    pub(super) fn discard(&self, upload: Upload) {
        if let Err(error) = self.disk.remove_upload(&upload.record.id) {
            tracing::error!(%error, "an ended upload stays on disk until the next start");
        }
        for part in upload.parts.into_values() {
            part.blob.doom();
        }
    }
}
