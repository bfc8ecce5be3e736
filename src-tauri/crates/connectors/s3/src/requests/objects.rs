//! Requests about whole objects, their tags and the listing.

use std::{collections::BTreeMap, ops::Range, time::Duration};

use aws_sdk_s3::{
    operation::{
        copy_object::CopyObjectOutput, get_object::GetObjectOutput, get_object_attributes::GetObjectAttributesOutput,
        head_object::HeadObjectOutput, list_objects_v2::ListObjectsV2Output, put_object::PutObjectOutput,
    },
    presigning::PresigningConfig,
    types::{ChecksumMode, EncodingType, ObjectAttributes, Tag, Tagging},
};
use bytes::Bytes;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Retry, Sha256};

use super::{Reading, Requests, Wait, found};
use crate::{
    answers::{encoded_key, encoded_value, quoted_etag},
    client::Lifetime,
    location::Location,
    watch::Sending,
};

/// A page of a listing.
pub(crate) struct ListRequest<'a> {
    pub(crate) operation: &'static str,
    pub(crate) within: &'a Location,
    /// Whether `/` groups what lies deeper.
    pub(crate) grouped: bool,
    pub(crate) token: Option<&'a str>,
    pub(crate) limit: u32,
}

/// Bytes of a file.
pub(crate) struct GetRequest<'a> {
    pub(crate) at: &'a Location,
    pub(crate) version: Option<&'a str>,
    pub(crate) etag: Option<&'a str>,
    pub(crate) range: Option<Range<u64>>,
}

/// A file in one piece.
pub(crate) struct PutRequest<'a> {
    pub(crate) operation: &'static str,
    pub(crate) at: &'a Location,
    pub(crate) bytes: Bytes,
    pub(crate) sha256: Option<Sha256>,
    pub(crate) only_new: bool,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// What to copy.
#[derive(Debug, Clone)]
pub(crate) struct CopySource {
    pub(crate) at: Location,
    pub(crate) version: Option<String>,
    /// The copy fails where the source is not this revision any more.
    pub(crate) etag: Option<String>,
}

impl<'a> GetRequest<'a> {
    /// All of the newest revision.
    pub(crate) fn of(at: &'a Location) -> Self {
        Self { at, version: None, etag: None, range: None }
    }
}

impl<'a> PutRequest<'a> {
    /// Nothing, over whatever is there.
    pub(crate) fn of(operation: &'static str, at: &'a Location) -> Self {
        Self { operation, at, bytes: Bytes::new(), sha256: None, only_new: false, metadata: BTreeMap::new() }
    }
}

impl CopySource {
    pub(super) fn header(&self) -> String {
        let version = self.version.as_ref().map(|id| format!("?versionId={}", encoded_value(id))).unwrap_or_default();
        format!("{}/{}{version}", self.at.bucket, encoded_key(&self.at.key))
    }
}

impl Requests {
    pub(crate) async fn list(&self, request: ListRequest<'_>) -> Result<ListObjectsV2Output> {
        self.list_read_by(request, &Reading::default()).await
    }

    /// Like [`Self::list`], with what the server calls itself in `reading`.
    pub(crate) async fn list_read_by(
        &self,
        request: ListRequest<'_>,
        reading: &Reading,
    ) -> Result<ListObjectsV2Output> {
        let limit = i32::try_from(request.limit.clamp(1, 1000)).unwrap_or(1000);
        self.send(request.operation, request.within, Wait::Answer, |client| {
            client
                .list_objects_v2()
                .bucket(&request.within.bucket)
                .prefix(&request.within.key)
                .set_delimiter(request.grouped.then(|| "/".to_owned()))
                .set_continuation_token(request.token.map(str::to_owned))
                .encoding_type(EncodingType::Url)
                .max_keys(limit)
                .customize()
                .interceptor(reading.clone())
                .send()
        })
        .await
    }

    /// What the server knows of an object, or `None`. An answer to HEAD has no body: where its status alone does not
    /// say what is wrong, a listing is asked for, whose answer has one.
    pub(crate) async fn head(
        &self,
        operation: &'static str,
        at: &Location,
        version: Option<&str>,
        checksums: bool,
    ) -> Result<Option<HeadObjectOutput>> {
        let answer = self.head_part(operation, at, version, checksums, None).await;
        match answer {
            Err(error) if super::is_silent(&error) => Err(self.explained(operation, at, error).await),
            answer => answer,
        }
    }

    /// The same of one part of an object.
    pub(crate) async fn head_part(
        &self,
        operation: &'static str,
        at: &Location,
        version: Option<&str>,
        checksums: bool,
        part: Option<i32>,
    ) -> Result<Option<HeadObjectOutput>> {
        let answer = self
            .send(operation, at, Wait::Answer, |client| {
                client
                    .head_object()
                    .bucket(&at.bucket)
                    .key(&at.key)
                    .set_version_id(version.map(str::to_owned))
                    .set_checksum_mode(checksums.then_some(ChecksumMode::Enabled))
                    .set_part_number(part)
                    .send()
            })
            .await;
        found(answer)
    }

    /// The error that a listing of the same place meets, where it says more.
    pub(super) async fn explained(
        &self,
        operation: &'static str,
        at: &Location,
        error: ConnectorError,
    ) -> ConnectorError {
        let look = ListRequest { operation, within: at, grouped: false, token: None, limit: 1 };
        match self.list(look).await {
            Err(better) if better.kind != FailureKind::Denied => better,
            _ => error,
        }
    }

    /// An object's bytes. The answer is streamed, and its beginning alone is waited for.
    pub(crate) async fn get(&self, request: &GetRequest<'_>) -> Result<GetObjectOutput> {
        let range = request.range.as_ref().map(|range| format!("bytes={}-{}", range.start, range.end - 1));
        self.send("read", request.at, Wait::Answer, |client| {
            client
                .get_object()
                .bucket(&request.at.bucket)
                .key(&request.at.key)
                .set_version_id(request.version.map(str::to_owned))
                .set_if_match(request.etag.map(quoted_etag))
                .set_range(range.clone())
                .send()
        })
        .await
    }

    pub(crate) async fn put(&self, request: &PutRequest<'_>) -> Result<PutObjectOutput> {
        let sending = Sending::new(request.bytes.clone());
        let answer = self
            .send(request.operation, request.at, Wait::Sending(&sending), |client| {
                let mut put = client
                    .put_object()
                    .bucket(&request.at.bucket)
                    .key(&request.at.key)
                    .body(sending.body())
                    .set_checksum_sha256(request.sha256.map(Sha256::to_base64))
                    .set_if_none_match(request.only_new.then(|| "*".to_owned()))
                    .set_server_side_encryption(self.config.sse.clone())
                    .set_ssekms_key_id(self.config.kms_key_id.clone())
                    .set_storage_class(self.config.storage_class.clone());
                for (key, value) in &request.metadata {
                    put = put.metadata(key, value);
                }
                // The checksum is a signed header: hashing the payload for the signature too would prove nothing more.
                put.customize().disable_payload_signing().interceptor(Reading::default()).send()
            })
            .await?;
        self.stored(request.operation, answer.e_tag.as_deref())?;
        Ok(answer)
    }

    /// Removes an object or one version of it. A missing one is no error.
    pub(crate) async fn delete(&self, at: &Location, version: Option<&str>, etag: Option<&str>) -> Result<()> {
        let answer = self
            .send("delete", at, Wait::Answer, |client| {
                client
                    .delete_object()
                    .bucket(&at.bucket)
                    .key(&at.key)
                    .set_version_id(version.map(str::to_owned))
                    .set_if_match(etag.map(quoted_etag))
                    .customize()
                    .interceptor(Reading::default())
                    .send()
            })
            .await;
        found(answer).map(drop)
    }

    pub(crate) async fn copy(&self, source: &CopySource, to: &Location, only_new: bool) -> Result<CopyObjectOutput> {
        self.send("copy", to, Wait::Assembly, |client| {
            client
                .copy_object()
                .bucket(&to.bucket)
                .key(&to.key)
                .copy_source(source.header())
                .set_copy_source_if_match(source.etag.as_deref().map(quoted_etag))
                .set_if_none_match(only_new.then(|| "*".to_owned()))
                .set_server_side_encryption(self.config.sse.clone())
                .set_ssekms_key_id(self.config.kms_key_id.clone())
                .set_storage_class(self.config.storage_class.clone())
                .customize()
                .interceptor(Reading::default())
                .send()
        })
        .await
    }

    pub(crate) async fn attributes(
        &self,
        at: &Location,
        version: Option<&str>,
    ) -> Result<Option<GetObjectAttributesOutput>> {
        let answer = self
            .send("checksums", at, Wait::Answer, |client| {
                client
                    .get_object_attributes()
                    .bucket(&at.bucket)
                    .key(&at.key)
                    .set_version_id(version.map(str::to_owned))
                    .object_attributes(ObjectAttributes::ObjectParts)
                    .object_attributes(ObjectAttributes::Checksum)
                    .max_parts(10_000)
                    .customize()
                    .interceptor(Reading::default())
                    .send()
            })
            .await;
        found(answer)
    }

    pub(crate) async fn tags(&self, at: &Location, version: Option<&str>) -> Result<BTreeMap<String, String>> {
        let answer = self
            .send("metadata", at, Wait::Answer, |client| {
                client
                    .get_object_tagging()
                    .bucket(&at.bucket)
                    .key(&at.key)
                    .set_version_id(version.map(str::to_owned))
                    .customize()
                    .interceptor(Reading::default())
                    .send()
            })
            .await;
        match answer {
            Ok(answer) => Ok(answer.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect()),
            Err(error) if error.code.as_deref() == Some("NoSuchTagSet") => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn set_tags(
        &self,
        at: &Location,
        version: Option<&str>,
        tags: &BTreeMap<String, String>,
    ) -> Result<()> {
        let mut set = Tagging::builder().set_tag_set(Some(Vec::new()));
        for (name, value) in tags {
            let tag = Tag::builder().key(name).value(value).build().map_err(|error| self.unmade("set_tags", error))?;
            set = set.tag_set(tag);
        }
        let set = set.build().map_err(|error| self.unmade("set_tags", error))?;
        self.send("set_tags", at, Wait::Answer, |client| {
            client
                .put_object_tagging()
                .bucket(&at.bucket)
                .key(&at.key)
                .set_version_id(version.map(str::to_owned))
                .tagging(set.clone())
                .customize()
                .interceptor(Reading::default())
                .send()
        })
        .await
        .map(drop)
    }

    pub(crate) async fn remove_tags(&self, at: &Location) -> Result<()> {
        let answer = self
            .send("set_tags", at, Wait::Answer, |client| {
                client
                    .delete_object_tagging()
                    .bucket(&at.bucket)
                    .key(&at.key)
                    .customize()
                    .interceptor(Reading::default())
                    .send()
            })
            .await;
        answer.map(drop)
    }

    /// A link to read an object, made here without a request, and for how many seconds the credentials that signed it
    /// still hold; `None` where they do not end. Temporary ones of unknown age hold for at most the longest that the token
    /// service gives out.
    pub(crate) async fn presigned(&self, at: &Location, seconds: u64) -> Result<(String, Option<u64>)> {
        /// 36 hours.
        const LONGEST_SESSION: u64 = 36 * 60 * 60;

        let span =
            PresigningConfig::expires_in(Duration::from_secs(seconds)).map_err(|error| self.unmade("link", error))?;
        let signed = self.signed().await;
        let get = signed.client.get_object().bucket(&at.bucket).key(&at.key);
        let link = get.presigned(span).await.map_err(|error| self.mapped("link", Some(&at.bucket), error))?;
        let clock = signed.client.config().time_source();
        let left = match signed.credentials.lifetime() {
            Some(Lifetime::Until(end)) => clock.map(|clock| end.duration_since(clock.now()).map_or(0, |d| d.as_secs())),
            Some(Lifetime::Unknown) => Some(LONGEST_SESSION),
            Some(Lifetime::Endless) | None => None,
        };
        Ok((link.uri().to_owned(), left))
    }

    /// A success that names no `ETag` is none: S3 gives one to everything that it stores, and some proxies and servers hide
    /// an error behind the status of a success.
    pub(super) fn stored(&self, operation: &'static str, etag: Option<&str>) -> Result<()> {
        if etag.is_some_and(|etag| !etag.is_empty()) {
            return Ok(());
        }
        let message = format!("{} answers success but names nothing that it stored", self.place.host);
        Err(ConnectorError::new(FailureKind::Vendor, operation, message).retry(Retry::Backoff))
    }

    /// A request that could not even be put together.
    pub(super) fn unmade(
        &self,
        operation: &'static str,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> ConnectorError {
        let message = format!("the request to {} cannot be made: {error}", self.place.host);
        ConnectorError::new(FailureKind::Invalid, operation, message).caused_by(error)
    }
}
