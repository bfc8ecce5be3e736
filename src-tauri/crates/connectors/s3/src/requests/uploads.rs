//! Requests about uploads in parts.

use std::{collections::BTreeMap, ops::Range};

use aws_sdk_s3::{
    operation::{
        complete_multipart_upload::CompleteMultipartUploadOutput, list_multipart_uploads::ListMultipartUploadsOutput,
        upload_part::UploadPartOutput, upload_part_copy::UploadPartCopyOutput,
    },
    types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, EncodingType, Part},
};
use bytes::Bytes;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Sha256};

use super::{CopySource, Reading, Requests, Wait, found};
use crate::{answers::quoted_etag, location::Location, watch::Sending};

/// Opens an upload.
pub(crate) struct CreateRequest<'a> {
    pub(crate) at: &'a Location,
    /// Whether its parts will carry a SHA-256.
    pub(crate) checksums: bool,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) content_type: Option<String>,
    /// As a query string.
    pub(crate) tags: Option<String>,
}

impl<'a> CreateRequest<'a> {
    /// One that carries nothing but its bytes.
    pub(crate) fn of(at: &'a Location) -> Self {
        Self { at, checksums: false, metadata: BTreeMap::new(), content_type: None, tags: None }
    }
}

/// An upload that was opened.
pub(crate) struct Created {
    pub(crate) id: String,
    /// Whether the answer was not standard.
    pub(crate) odd: bool,
}

/// One part.
pub(crate) struct PartRequest<'a> {
    pub(crate) at: &'a Location,
    pub(crate) id: &'a str,
    pub(crate) number: u32,
    pub(crate) bytes: Bytes,
    pub(crate) sha256: Option<Sha256>,
}

/// Makes an object of parts.
pub(crate) struct CompleteRequest<'a> {
    pub(crate) at: &'a Location,
    pub(crate) id: &'a str,
    pub(crate) parts: Vec<CompletedPart>,
    pub(crate) size: u64,
    pub(crate) only_new: bool,
}

impl Requests {
    pub(crate) async fn create(&self, request: &CreateRequest<'_>) -> Result<Created> {
        let reading = Reading::default();
        let answer = self
            .send("begin", request.at, Wait::Answer, |client| {
                let mut create = client
                    .create_multipart_upload()
                    .bucket(&request.at.bucket)
                    .key(&request.at.key)
                    .set_checksum_algorithm(request.checksums.then_some(ChecksumAlgorithm::Sha256))
                    .set_content_type(request.content_type.clone())
                    .set_tagging(request.tags.clone())
                    .set_server_side_encryption(self.config.sse.clone())
                    .set_ssekms_key_id(self.config.kms_key_id.clone())
                    .set_storage_class(self.config.storage_class.clone());
                for (key, value) in &request.metadata {
                    create = create.metadata(key, value);
                }
                create.customize().interceptor(reading.clone()).send()
            })
            .await?;
        match answer.upload_id {
            Some(id) if !id.is_empty() => Ok(Created { id, odd: reading.was_odd() }),
            _ => Err(ConnectorError::new(
                FailureKind::Vendor,
                "begin",
                format!("{} opened an upload but gave it no id; its administrator can tell why", self.place.host),
            )),
        }
    }

    pub(crate) async fn put_part(&self, request: &PartRequest<'_>) -> Result<UploadPartOutput> {
        let sending = Sending::new(request.bytes.clone());
        let answer = self
            .send("put_part", request.at, Wait::Sending(&sending), |client| {
                client
                    .upload_part()
                    .bucket(&request.at.bucket)
                    .key(&request.at.key)
                    .upload_id(request.id)
                    .part_number(i32::try_from(request.number).unwrap_or(i32::MAX))
                    .body(sending.body())
                    .set_checksum_sha256(request.sha256.map(Sha256::to_base64))
                    .customize()
                    .disable_payload_signing()
                    .interceptor(Reading::default())
                    .send()
            })
            .await?;
        self.stored("put_part", answer.e_tag.as_deref())?;
        Ok(answer)
    }

    pub(crate) async fn copy_part(
        &self,
        source: &CopySource,
        to: (&Location, &str),
        number: i32,
        range: Range<u64>,
    ) -> Result<UploadPartCopyOutput> {
        self.send("copy", to.0, Wait::Assembly, |client| {
            client
                .upload_part_copy()
                .bucket(&to.0.bucket)
                .key(&to.0.key)
                .upload_id(to.1)
                .part_number(number)
                .copy_source(source.header())
                .set_copy_source_if_match(source.etag.as_deref().map(quoted_etag))
                .copy_source_range(format!("bytes={}-{}", range.start, range.end - 1))
                .customize()
                .interceptor(Reading::default())
                .send()
        })
        .await
    }

    /// All parts that the server holds of an upload.
    pub(crate) async fn parts(&self, at: &Location, id: &str) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        let mut marker: Option<String> = None;
        loop {
            let page = self
                .send("held", at, Wait::Answer, |client| {
                    client
                        .list_parts()
                        .bucket(&at.bucket)
                        .key(&at.key)
                        .upload_id(id)
                        .set_part_number_marker(marker.clone())
                        .customize()
                        .interceptor(Reading::default())
                        .send()
                })
                .await?;
            parts.extend(page.parts.unwrap_or_default());
            match page.next_part_number_marker {
                Some(next) if page.is_truncated == Some(true) && marker.as_ref() != Some(&next) => marker = Some(next),
                _ => return Ok(parts),
            }
        }
    }

    pub(crate) async fn complete(&self, request: &CompleteRequest<'_>) -> Result<CompleteMultipartUploadOutput> {
        let size = i64::try_from(request.size).ok();
        self.send("finish", request.at, Wait::Assembly, |client| {
            let parts = CompletedMultipartUpload::builder().set_parts(Some(request.parts.clone())).build();
            client
                .complete_multipart_upload()
                .bucket(&request.at.bucket)
                .key(&request.at.key)
                .upload_id(request.id)
                .multipart_upload(parts)
                .set_mpu_object_size(size)
                .set_if_none_match(request.only_new.then(|| "*".to_owned()))
                .customize()
                .interceptor(Reading::default())
                .send()
        })
        .await
    }

    /// Ends an upload. A missing one is no error.
    pub(crate) async fn abort(&self, at: &Location, id: &str) -> Result<()> {
        let answer = self
            .send("abort", at, Wait::Answer, |client| {
                client
                    .abort_multipart_upload()
                    .bucket(&at.bucket)
                    .key(&at.key)
                    .upload_id(id)
                    .customize()
                    .interceptor(Reading::default())
                    .send()
            })
            .await;
        found(answer).map(drop)
    }

    /// A page of the uploads that nobody finished; `after` is the key and the id that the page before ended with.
    pub(crate) async fn unfinished(
        &self,
        within: &Location,
        after: Option<&(String, String)>,
    ) -> Result<ListMultipartUploadsOutput> {
        self.send("unfinished", within, Wait::Answer, |client| {
            client
                .list_multipart_uploads()
                .bucket(&within.bucket)
                .prefix(&within.key)
                .set_key_marker(after.map(|(key, _)| key.clone()))
                .set_upload_id_marker(after.map(|(_, id)| id.clone()).filter(|id| !id.is_empty()))
                .encoding_type(EncodingType::Url)
                .customize()
                .interceptor(Reading::default())
                .send()
        })
        .await
    }
}
