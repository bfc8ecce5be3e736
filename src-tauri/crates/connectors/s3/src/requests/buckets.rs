//! Requests about buckets themselves, which are looked at and never made or removed.

use aws_sdk_s3::operation::list_buckets::ListBucketsOutput;
use waybill_connector::Result;
use waybill_model::FailureKind;

use super::{Reading, Requests, Wait, found};
use crate::location::Location;

/// Most buckets that a page has.
const PAGE: u32 = 10_000;

impl Requests {
    /// A page of the account's buckets, with what the server calls itself in `reading`.
    pub(crate) async fn buckets(
        &self,
        operation: &'static str,
        token: Option<&str>,
        limit: u32,
        reading: &Reading,
    ) -> Result<ListBucketsOutput> {
        let limit = i32::try_from(limit.clamp(1, PAGE)).unwrap_or(1000);
        let answer = self
            .send_about(operation, None, Wait::Answer, |client| {
                client
                    .list_buckets()
                    .max_buckets(limit)
                    .set_continuation_token(token.map(str::to_owned))
                    .customize()
                    .interceptor(reading.clone())
                    .send()
            })
            .await;
        answer.map_err(|mut error| {
            if error.kind == FailureKind::Denied {
                error.message = format!(
                    "{}; the account's administrator can grant listing its buckets, and without that a bucket has to be \
                     named in the connection or in the path",
                    error.message
                );
            }
            error
        })
    }

    /// Whether there is such a bucket.
    pub(crate) async fn has_bucket(&self, operation: &'static str, at: &Location) -> Result<bool> {
        let answer =
            self.send(operation, at, Wait::Answer, |client| client.head_bucket().bucket(&at.bucket).send()).await;
        match found(answer) {
            Err(error) if super::is_silent(&error) => Err(self.explained(operation, at, error).await),
            answer => Ok(answer?.is_some()),
        }
    }
}
