//! Requests about versions and about what the bucket is set up to do.

use aws_sdk_s3::{
    operation::list_object_versions::ListObjectVersionsOutput,
    types::{BucketVersioningStatus, EncodingType, ObjectLockConfiguration},
};
use waybill_connector::Result;
use waybill_model::FailureKind;

use super::{Reading, Requests, Wait, found};
use crate::location::Location;

impl Requests {
    /// A page of versions and delete marks; `after` is the key and the version that the page before ended with.
    pub(crate) async fn versions(
        &self,
        operation: &'static str,
        within: &Location,
        after: Option<&(String, String)>,
    ) -> Result<ListObjectVersionsOutput> {
        self.send(operation, within, Wait::Answer, |client| {
            client
                .list_object_versions()
                .bucket(&within.bucket)
                .prefix(&within.key)
                .set_key_marker(after.map(|(key, _)| key.clone()))
                .set_version_id_marker(after.map(|(_, id)| id.clone()).filter(|id| !id.is_empty()))
                .encoding_type(EncodingType::Url)
                .customize()
                .interceptor(Reading::default())
                .send()
        })
        .await
    }

    /// Whether the bucket keeps versions, or `None` where it never did.
    pub(crate) async fn versioning(&self, at: &Location) -> Result<Option<BucketVersioningStatus>> {
        let answer = self
            .send("self_test", at, Wait::Answer, |client| {
                client.get_bucket_versioning().bucket(&at.bucket).customize().interceptor(Reading::default()).send()
            })
            .await?;
        Ok(answer.status)
    }

    /// The bucket's Object Lock, or `None` where it has none.
    pub(crate) async fn bucket_lock(&self, at: &Location) -> Result<Option<ObjectLockConfiguration>> {
        let answer = self
            .send("self_test", at, Wait::Answer, |client| {
                client
                    .get_object_lock_configuration()
                    .bucket(&at.bucket)
                    .customize()
                    .interceptor(Reading::default())
                    .send()
            })
            .await;
        match found(answer) {
            Ok(answer) => Ok(answer.and_then(|answer| answer.object_lock_configuration)),
            Err(error) if error.kind == FailureKind::Unsupported => Ok(None),
            Err(error) => Err(error),
        }
    }
}
