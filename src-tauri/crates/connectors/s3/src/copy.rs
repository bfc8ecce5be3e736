//! Copying within a server, from one bucket to another too; the bytes do not pass through this computer.

use std::ops::Range;

use async_trait::async_trait;
use aws_sdk_s3::{
    operation::{complete_multipart_upload::CompleteMultipartUploadOutput, head_object::HeadObjectOutput},
    types::CompletedPart,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use waybill_connector::{ConnectorError, Result, ServerCopy};
use waybill_model::{FailureKind, Receipt, RemotePath};

use crate::{
    answers::{bytes, encoded_value, plain_etag},
    connector::{MAX_PART_BYTES, S3},
    location::Location,
    requests::{CompleteRequest, CopySource, CreateRequest},
    upload::{MAX_PARTS, PART_SIZE_NAME},
};

/// From where on a copy goes in parts, and how large they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CopyLimits {
    /// The largest object that one request copies.
    pub(crate) whole: u64,
    /// Bytes of each part, until 10,000 of them are too few.
    pub(crate) part: u64,
}

impl Default for CopyLimits {
    fn default() -> Self {
        Self { whole: MAX_PART_BYTES, part: 512 * 1024 * 1024 }
    }
}

/// Parts that the server copies at once.
const PARALLEL_COPIES: usize = 4;

#[async_trait]
impl ServerCopy for S3 {
    async fn copy(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<Receipt> {
        let (source, target) = (self.file("copy", from)?, self.file("copy", to)?);
        if source == target {
            let message = "source and target are the same file";
            return Err(ConnectorError::new(FailureKind::Invalid, "copy", message).at(from));
        }
        if !replace {
            self.expect_nothing_at("copy", to, &target).await?;
        }
        self.copy_object(from, CopySource { at: source, version: None, etag: None }, to, replace).await
    }
}

impl S3 {
    /// Copies one revision of `source` over `to`. The revision is the one that is there when this begins, or the version
    /// that the source names.
    pub(crate) async fn copy_object(
        &self,
        from: &RemotePath,
        source: CopySource,
        to: &RemotePath,
        replace: bool,
    ) -> Result<Receipt> {
        let head = self.requests.head("copy", &source.at, source.version.as_deref(), false).await;
        let Some(head) = head.map_err(|error| error.at(from))? else {
            let message = "there is nothing to copy under that name";
            return Err(ConnectorError::new(FailureKind::NotFound, "copy", message).at(from));
        };
        let source = CopySource { etag: head.e_tag.as_deref().map(plain_etag).map(str::to_owned), ..source };
        let target = self.file("copy", to)?;
        let size = bytes(head.content_length);
        let only_new = !replace && self.facts.conditional_put != Some(false);
        if size > self.copy_limits.whole {
            return self.copy_in_parts(&source, &head, &target, only_new).await.map_err(|error| error.at(to));
        }
        let answer = self.requests.copy(&source, &target, only_new).await;
        let answer = answer.map_err(|error| copy_failed(error, from, to))?;
        let result = answer.copy_object_result;
        let etag = result.as_ref().and_then(|result| result.e_tag.as_deref());
        Ok(Receipt {
            size,
            version: self.mark(answer.version_id.as_deref(), etag),
            etag: etag.map(plain_etag).map(str::to_owned),
            modified: result.as_ref().and_then(|result| result.last_modified.as_ref()).and_then(crate::answers::millis),
            proof: None,
            remarks: self.not_as_asked(answer.server_side_encryption.as_ref()),
        })
    }

    async fn copy_in_parts(
        &self,
        source: &CopySource,
        head: &HeadObjectOutput,
        target: &Location,
        only_new: bool,
    ) -> Result<Receipt> {
        let size = bytes(head.content_length);
        let created = self.requests.create(&self.like(source, head, target).await?).await?;
        let copied = self.copy_parts(source, target, &created.id, size, only_new).await;
        let answer = match copied {
            Ok(answer) => answer,
            Err(error) => {
                drop(self.requests.abort(target, &created.id).await);
                return Err(error);
            }
        };
        Ok(Receipt {
            size,
            version: self.mark(answer.version_id.as_deref(), answer.e_tag.as_deref()),
            etag: answer.e_tag.as_deref().map(plain_etag).map(str::to_owned),
            remarks: self.not_as_asked(answer.server_side_encryption.as_ref()),
            ..Receipt::default()
        })
    }

    /// An upload that gives the copy what the source has: a copy in parts takes nothing along by itself.
    async fn like<'a>(
        &self,
        source: &CopySource,
        head: &HeadObjectOutput,
        target: &'a Location,
    ) -> Result<CreateRequest<'a>> {
        let mut metadata: std::collections::BTreeMap<_, _> =
            head.metadata.iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect();
        metadata.remove(PART_SIZE_NAME);
        // Many servers do not count tags in this answer.
        let may_have_tags = head.tag_count.map_or_else(|| self.offers(self.facts.tags), |count| count > 0);
        let tags =
            if may_have_tags { Some(self.requests.tags(&source.at, source.version.as_deref()).await?) } else { None };
        let query = |tags: std::collections::BTreeMap<String, String>| {
            let pairs = tags.iter().map(|(key, value)| format!("{}={}", encoded_value(key), encoded_value(value)));
            pairs.collect::<Vec<_>>().join("&")
        };
        Ok(CreateRequest {
            checksums: self.facts.sends_checksums(),
            metadata,
            content_type: head.content_type.clone(),
            tags: tags.filter(|tags| !tags.is_empty()).map(query),
            ..CreateRequest::of(target)
        })
    }

    async fn copy_parts(
        &self,
        source: &CopySource,
        target: &Location,
        id: &str,
        size: u64,
        only_new: bool,
    ) -> Result<CompleteMultipartUploadOutput> {
        let parts = stream::iter(self.copy_limits.ranges(size))
            .map(|(number, range)| async move {
                let answer = self.requests.copy_part(source, (target, id), number, range).await?;
                let result = answer.copy_part_result;
                let part = CompletedPart::builder()
                    .part_number(number)
                    .set_e_tag(result.as_ref().and_then(|result| result.e_tag.clone()))
                    .set_checksum_sha256(result.and_then(|result| result.checksum_sha256))
                    .build();
                Ok::<_, ConnectorError>(part)
            })
            .buffered(PARALLEL_COPIES)
            .try_collect()
            .await?;
        self.requests.complete(&CompleteRequest { at: target, id, parts, size, only_new }).await
    }
}

/// A condition that failed is about the source, unless the target was to be new.
fn copy_failed(error: ConnectorError, from: &RemotePath, to: &RemotePath) -> ConnectorError {
    if error.kind == FailureKind::NotFound { error.at(from) } else { error.at(to) }
}

impl CopyLimits {
    fn ranges(self, size: u64) -> Vec<(i32, Range<u64>)> {
        let part = self.part.max(size.div_ceil(u64::from(MAX_PARTS)));
        let starts = (0..size).step_by(usize::try_from(part).unwrap_or(usize::MAX));
        (1..).zip(starts.map(|start| start..(start + part).min(size))).collect()
    }
}

#[cfg(test)]
#[path = "copy/tests.rs"]
mod tests;
