//! Requests about retention and legal hold.

use aws_sdk_s3::types::{ObjectLockLegalHold, ObjectLockLegalHoldStatus, ObjectLockRetention, ObjectLockRetentionMode};
use waybill_connector::Result;

use super::{Reading, Requests, Wait, found};
use crate::location::Location;

impl Requests {
    pub(crate) async fn retention(&self, at: &Location, version: Option<&str>) -> Result<Option<ObjectLockRetention>> {
        let answer = self
            .send("retention", at, Wait::Answer, |client| {
                client
                    .get_object_retention()
                    .bucket(&at.bucket)
                    .key(&at.key)
                    .set_version_id(version.map(str::to_owned))
                    .customize()
                    .interceptor(Reading::default())
                    .send()
            })
            .await;
        match lock_of(answer) {
            Ok(answer) => Ok(answer.and_then(|answer| answer.retention)),
            // moto keeps and enforces a retention, and answers the question for it with the object's bytes.
            Err(error) if error.fact("status") == Some("200") => self.retention_by_head(at, version).await,
            Err(error) => Err(error),
        }
    }

    async fn retention_by_head(&self, at: &Location, version: Option<&str>) -> Result<Option<ObjectLockRetention>> {
        let Some(head) = self.head("retention", at, version, false).await? else { return Ok(None) };
        let mode = head.object_lock_mode.map(|mode| ObjectLockRetentionMode::from(mode.as_str()));
        Ok(mode.map(|mode| {
            let until = head.object_lock_retain_until_date;
            ObjectLockRetention::builder().mode(mode).set_retain_until_date(until).build()
        }))
    }

    pub(crate) async fn set_retention(
        &self,
        at: &Location,
        version: Option<&str>,
        retention: ObjectLockRetention,
    ) -> Result<()> {
        self.send("set_retention", at, Wait::Answer, |client| {
            client
                .put_object_retention()
                .bucket(&at.bucket)
                .key(&at.key)
                .set_version_id(version.map(str::to_owned))
                .retention(retention.clone())
                .customize()
                .interceptor(Reading::default())
                .send()
        })
        .await
        .map(drop)
    }

    pub(crate) async fn legal_hold(&self, at: &Location, version: Option<&str>) -> Result<bool> {
        let answer = self
            .send("legal_hold", at, Wait::Answer, |client| {
                client
                    .get_object_legal_hold()
                    .bucket(&at.bucket)
                    .key(&at.key)
                    .set_version_id(version.map(str::to_owned))
                    .customize()
                    .interceptor(Reading::default())
                    .send()
            })
            .await;
        let hold = lock_of(answer)?.and_then(|answer| answer.legal_hold).and_then(|hold| hold.status);
        Ok(hold == Some(ObjectLockLegalHoldStatus::On))
    }

    pub(crate) async fn set_legal_hold(&self, at: &Location, version: Option<&str>, on: bool) -> Result<()> {
        let status = if on { ObjectLockLegalHoldStatus::On } else { ObjectLockLegalHoldStatus::Off };
        self.send("set_legal_hold", at, Wait::Answer, |client| {
            client
                .put_object_legal_hold()
                .bucket(&at.bucket)
                .key(&at.key)
                .set_version_id(version.map(str::to_owned))
                .legal_hold(ObjectLockLegalHold::builder().status(status.clone()).build())
                .customize()
                .interceptor(Reading::default())
                .send()
        })
        .await
        .map(drop)
    }
}

/// `None` where the object has no lock: S3 calls that *not found*, moto answers nothing at all; an object that is
/// missing is an error.
fn lock_of<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Err(error) if error.fact("status") == Some("200") && error.fact("body").is_some() => Ok(None),
        Err(error) if error.code.as_deref() == Some("NoSuchKey") || error.code.as_deref() == Some("NoSuchVersion") => {
            Err(error)
        }
        answer => found(answer),
    }
}
