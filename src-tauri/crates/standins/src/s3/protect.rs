//! Tags, retention and legal holds of objects.

use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectLegalHoldInput, GetObjectLegalHoldOutput,
    GetObjectRetentionInput, GetObjectRetentionOutput, GetObjectTaggingInput, GetObjectTaggingOutput,
    ObjectLockLegalHold, ObjectLockLegalHoldStatus, ObjectLockRetention, ObjectLockRetentionMode,
    PutObjectLegalHoldInput, PutObjectLegalHoldOutput, PutObjectRetentionInput, PutObjectRetentionOutput,
    PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
};
use s3s::{S3Error, S3Response, S3Result, s3_error};

use super::clock::{Millis, from_timestamp, to_timestamp};
use super::get::readable;
use super::put::shown_version;
use super::record::{Lock, Mode, Retention};
use super::request::judge_tags;
use super::service::Service;

/// Tags from a request body.
pub(super) fn pairs(tags: Vec<Tag>) -> Vec<(String, String)> {
    tags.into_iter().map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default())).collect()
}

/// Tags for an answer.
pub(super) fn to_tags(pairs: &[(String, String)]) -> Vec<Tag> {
    pairs.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect()
}

fn malformed() -> S3Error {
    s3_error!(MalformedXML, "The XML you provided was not well-formed or did not validate against our published schema")
}

fn no_configuration() -> S3Error {
    s3_error!(NoSuchObjectLockConfiguration, "The specified object does not have a ObjectLock configuration")
}

impl Service {
    pub(super) async fn put_tags(&self, input: PutObjectTaggingInput) -> S3Result<S3Response<PutObjectTaggingOutput>> {
        let tags = judge_tags(pairs(input.tagging.tag_set))?;
        let version = self
            .write(move |store| {
                store.update_version(&input.bucket, &input.key, input.version_id.as_deref(), |record| {
                    record.tags = tags;
                    Ok(())
                })
            })
            .await?;
        Ok(S3Response::new(PutObjectTaggingOutput { version_id: shown_version(&version, false) }))
    }

    pub(super) fn get_tags(&self, input: &GetObjectTaggingInput) -> S3Result<S3Response<GetObjectTaggingOutput>> {
        let version = self.store.find(&input.bucket, &input.key, input.version_id.as_deref(), Millis::MAX)?;
        readable(&version, input.version_id.as_deref())?;
        Ok(S3Response::new(GetObjectTaggingOutput {
            tag_set: to_tags(&version.record.tags),
            version_id: shown_version(&version, false),
        }))
    }

    pub(super) async fn delete_tags(
        &self,
        input: DeleteObjectTaggingInput,
    ) -> S3Result<S3Response<DeleteObjectTaggingOutput>> {
        let version = self
            .write(move |store| {
                store.update_version(&input.bucket, &input.key, input.version_id.as_deref(), |record| {
                    record.tags.clear();
                    Ok(())
                })
            })
            .await?;
        let mut response = S3Response::new(DeleteObjectTaggingOutput { version_id: shown_version(&version, false) });
        response.status = Some(http::StatusCode::NO_CONTENT);
        Ok(response)
    }

    fn refuse_without_lock(&self, bucket: &str) -> S3Result<()> {
        if self.store.bucket(bucket)?.object_lock {
            Ok(())
        } else {
            Err(s3_error!(InvalidRequest, "Bucket is missing Object Lock Configuration"))
        }
    }

    fn lock_of(&self, bucket: &str, key: &str, version_id: Option<&str>) -> S3Result<Lock> {
        self.refuse_without_lock(bucket)?;
        let version = self.store.find(bucket, key, version_id, Millis::MAX)?;
        readable(&version, version_id)?;
        Ok(version.record.lock)
    }

    pub(super) async fn put_retention(
        &self,
        input: PutObjectRetentionInput,
    ) -> S3Result<S3Response<PutObjectRetentionOutput>> {
        self.refuse_without_lock(&input.bucket)?;
        let asked = input.retention.ok_or_else(malformed)?;
        let wanted = match (asked.mode, asked.retain_until_date) {
            (None, None) => None,
            (Some(mode), Some(until)) => Some(Retention {
                mode: Mode::parse(mode.as_str()).map_err(|_| malformed())?,
                until: from_timestamp(&until),
            }),
            _ => return Err(malformed()),
        };
        let now = self.store.now();
        if wanted.is_some_and(|wanted| wanted.until <= now) {
            return Err(s3_error!(InvalidArgument, "The retain until date must be in the future!"));
        }
        let bypass = input.bypass_governance_retention.unwrap_or(false);
        self.write(move |store| {
            store.update_version(&input.bucket, &input.key, input.version_id.as_deref(), |record| {
                judge_change(record.lock.retention, wanted, bypass, now)?;
                record.lock.retention = wanted;
                Ok(())
            })
        })
        .await?;
        Ok(S3Response::new(PutObjectRetentionOutput::default()))
    }

    pub(super) fn get_retention(
        &self,
        input: &GetObjectRetentionInput,
    ) -> S3Result<S3Response<GetObjectRetentionOutput>> {
        let lock = self.lock_of(&input.bucket, &input.key, input.version_id.as_deref())?;
        let retention = lock.retention.ok_or_else(no_configuration)?;
        Ok(S3Response::new(GetObjectRetentionOutput {
            retention: Some(ObjectLockRetention {
                mode: Some(ObjectLockRetentionMode::from_static(retention.mode.name())),
                retain_until_date: Some(to_timestamp(retention.until)),
            }),
        }))
    }

    pub(super) async fn put_hold(
        &self,
        input: PutObjectLegalHoldInput,
    ) -> S3Result<S3Response<PutObjectLegalHoldOutput>> {
        self.refuse_without_lock(&input.bucket)?;
        let status = input.legal_hold.and_then(|hold| hold.status).ok_or_else(malformed)?;
        let on = match status.as_str() {
            "ON" => true,
            "OFF" => false,
            _ => return Err(malformed()),
        };
        self.write(move |store| {
            store.update_version(&input.bucket, &input.key, input.version_id.as_deref(), |record| {
                record.lock.legal_hold = Some(on);
                Ok(())
            })
        })
        .await?;
        Ok(S3Response::new(PutObjectLegalHoldOutput::default()))
    }

    pub(super) fn get_hold(&self, input: &GetObjectLegalHoldInput) -> S3Result<S3Response<GetObjectLegalHoldOutput>> {
        let lock = self.lock_of(&input.bucket, &input.key, input.version_id.as_deref())?;
        let on = lock.legal_hold.ok_or_else(no_configuration)?;
        Ok(S3Response::new(GetObjectLegalHoldOutput {
            legal_hold: Some(ObjectLockLegalHold {
                status: Some(ObjectLockLegalHoldStatus::from_static(if on { "ON" } else { "OFF" })),
            }),
        }))
    }
}

/// A standing retention may always be made longer; anything weaker needs the bypass, and compliance knows none.
fn judge_change(old: Option<Retention>, new: Option<Retention>, bypass: bool, now: Millis) -> S3Result<()> {
    let Some(old) = old.filter(|old| old.until > now) else { return Ok(()) };
    let is_stronger =
        new.is_some_and(|new| new.until >= old.until && (new.mode == old.mode || new.mode == Mode::Compliance));
    if is_stronger || (old.mode == Mode::Governance && bypass) {
        return Ok(());
    }
    Err(s3_error!(AccessDenied, "Access Denied because object protected by object lock."))
}
