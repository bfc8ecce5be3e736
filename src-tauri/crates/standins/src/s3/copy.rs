//! `CopyObject` and `UploadPartCopy`: bytes that never leave the service.

use std::ops::Range;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use futures::StreamExt as _;
use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopyPartResult, CopySource, ETagCondition,
    ServerSideEncryption, Timestamp, UploadPartCopyInput, UploadPartCopyOutput,
};
use s3s::{S3Request, S3Response, S3Result, StdError, s3_error};

use super::blob::Reading;
use super::checksum::{Algorithm, Digests, Kind, Pass, of_part};
use super::clock::to_whole_seconds;
use super::get::{Conditions, readable};
use super::put::{shown_version, single, spoil};
use super::record::{Attributes, Content, PartRecord, Versioning};
use super::request::{
    MAX_SINGLE, attributes_of, effects_of, etag, judge_tags, keeping_of, lock_of, receive_error, set_checksums,
    tags_of_header, write_condition,
};
use super::service::Service;
use super::store::{Version, VersionDraft, internal, precondition_failed};

/// Where a copy comes from.
struct Source {
    version: Arc<Version>,
    versioned: bool,
}

impl Source {
    fn content(&self) -> S3Result<&Content> {
        readable(&self.version, None)
    }

    /// Refuses the copy unless the source is as the client believes.
    fn check(
        &self,
        if_match: Option<&ETagCondition>,
        if_none_match: Option<&ETagCondition>,
        if_modified_since: Option<&Timestamp>,
        if_unmodified_since: Option<&Timestamp>,
    ) -> S3Result<()> {
        let conditions = Conditions { if_match, if_none_match, if_modified_since, if_unmodified_since };
        if conditions.check(&self.version, self.content()?)? { Ok(()) } else { Err(precondition_failed()) }
    }

    fn shown_version(&self) -> Option<String> {
        shown_version(&self.version, self.versioned)
    }
}

fn condition_header<T>(request: &S3Request<T>, name: &http::HeaderName) -> S3Result<Option<ETagCondition>> {
    let Some(value) = request.headers.get(name) else { return Ok(None) };
    ETagCondition::parse_http_header(value.as_bytes())
        .map(Some)
        .map_err(|_| s3_error!(InvalidArgument, "The header {name} is not an entity tag."))
}

impl Service {
    fn source(&self, source: &CopySource) -> S3Result<Source> {
        let CopySource::Bucket { bucket, key, version_id } = source else {
            return Err(s3_error!(NotImplemented, "Access points are not implemented."));
        };
        let versioned = self.store.bucket(bucket)?.versioning != Versioning::Never;
        let version = self.store.find(bucket, key, version_id.as_deref(), i64::MAX)?;
        if version.is_marker() && version_id.is_some() {
            return Err(s3_error!(
                InvalidRequest,
                "The source of a copy request may not specifically refer to a delete marker by version id."
            ));
        }
        let source = Source { version, versioned };
        source.content()?;
        Ok(source)
    }

    async fn digest(&self, version: &Arc<Version>, range: Range<u64>, algorithm: Algorithm) -> S3Result<Digests> {
        let version = Arc::clone(version);
        self.blocking(move || {
            let reading = Reading::open(&version.blobs, range).map_err(|error| internal(&error))?;
            reading.digest(Pass::new(algorithm, None)).map_err(|error| internal(&error))
        })
        .await
    }

    pub(super) async fn copy(&self, mut request: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        let effects = effects_of(&request);
        let mut condition = write_condition(
            condition_header(&request, &http::header::IF_MATCH)?,
            condition_header(&request, &http::header::IF_NONE_MATCH)?,
        )?;
        let input = &mut request.input;
        let bucket = self.store.bucket(&input.bucket)?;
        let source = self.source(&input.copy_source)?;
        source.check(
            input.copy_source_if_match.as_ref(),
            input.copy_source_if_none_match.as_ref(),
            input.copy_source_if_modified_since.as_ref(),
            input.copy_source_if_unmodified_since.as_ref(),
        )?;
        let size = source.content()?.size;
        if size > MAX_SINGLE {
            return Err(s3_error!(
                InvalidRequest,
                "The specified copy source is larger than the maximum allowable size for a copy source: {MAX_SINGLE}"
            ));
        }
        let replace_metadata = is_replace(input.metadata_directive.as_ref().map(s3s::dto::MetadataDirective::as_str))?;
        let replace_tags = is_replace(input.tagging_directive.as_ref().map(s3s::dto::TaggingDirective::as_str))?;
        let keeping = keeping_of!(input, &self.region)?;
        let given = attributes_of!(input)?;
        let is_change = replace_metadata
            || keeping != super::record::Keeping::default()
            || given.website_redirect.is_some()
            || source.version.record.seq
                != self
                    .store
                    .find(&input.bucket, &input.key, None, i64::MAX)
                    .map_or(u64::MAX, |current| current.record.seq);
        if !is_change {
            return Err(s3_error!(
                InvalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."
            ));
        }
        let record = &source.version.record;
        let attributes = if replace_metadata {
            given
        } else {
            Attributes { website_redirect: given.website_redirect, ..record.attributes.clone() }
        };
        let tags =
            if replace_tags { tags_of_header(input.tagging.as_deref())? } else { judge_tags(record.tags.clone())? };
        let lock = lock_of!(input, &bucket, self.store.now())?;
        self.store.begin_conditional(&input.bucket, &input.key, &mut condition)?;

        let asked = input.checksum_algorithm.as_ref().map(|name| Algorithm::parse(name.as_str())).transpose()?;
        let content = self.copied_content(&source, asked, &keeping).await?;
        let (bucket, key) = (input.bucket.clone(), input.key.clone());
        let from = Arc::clone(&source.version);
        let version = self
            .write(move |store| {
                let blobs = from.blobs.iter().map(|blob| store.blobs.duplicate(blob)).collect::<Result<Vec<_>, _>>();
                let blobs = blobs.map_err(|error| internal(&error))?;
                let draft = VersionDraft { content, blobs, attributes, keeping, tags, lock, upload_id: None };
                store.put_version(&bucket, &key, draft, &condition)
            })
            .await?;
        spoil(&version, effects)?;
        Ok(S3Response::new(answer(&version, &source)?))
    }

    /// The content of the copy: a whole-object MD5 and checksum, read again only where the source has none.
    async fn copied_content(
        &self,
        source: &Source,
        asked: Option<Algorithm>,
        keeping: &super::record::Keeping,
    ) -> S3Result<Content> {
        let content = source.content()?;
        let stored = content.checksum.as_ref();
        let algorithm = asked.or(stored.map(|stored| stored.algorithm)).unwrap_or(Algorithm::Crc64Nvme);
        let md5 = HEXLOWER.decode(content.etag.as_bytes()).ok().and_then(|raw| <[u8; 16]>::try_from(raw).ok());
        let known = stored.filter(|stored| stored.kind == Kind::FullObject && stored.algorithm == algorithm);
        let digests = match (known, md5) {
            (Some(known), Some(md5)) if content.parts.is_empty() && source.version.record.keeping.etag_is_md5() => {
                Digests { md5, checksums: vec![(algorithm, known.value.clone())] }
            }
            _ => self.digest(&source.version, 0..content.size, algorithm).await?,
        };
        Ok(single(&digests, algorithm, content.size, keeping))
    }

    pub(super) async fn copy_part(
        &self,
        request: S3Request<UploadPartCopyInput>,
    ) -> S3Result<S3Response<UploadPartCopyOutput>> {
        let input = request.input;
        super::multipart::judge_number(input.part_number)?;
        let (algorithm, keeping) = {
            let index = self.store.index();
            let upload = &index.upload(&input.bucket, &input.key, &input.upload_id)?.record;
            (upload.algorithm, upload.keeping.clone())
        };
        let source = self.source(&input.copy_source)?;
        source.check(
            input.copy_source_if_match.as_ref(),
            input.copy_source_if_none_match.as_ref(),
            input.copy_source_if_modified_since.as_ref(),
            input.copy_source_if_unmodified_since.as_ref(),
        )?;
        let range = part_range(input.copy_source_range.as_deref(), source.content()?.size)?;
        let version = Arc::clone(&source.version);
        let reading =
            self.blocking(move || Reading::open(&version.blobs, range).map_err(|error| internal(&error))).await?;
        let stream = reading.into_stream().map(|chunk| chunk.map_err(StdError::from));
        let received =
            self.store.blobs.receive(stream, Pass::new(algorithm, None), MAX_SINGLE).await.map_err(receive_error)?;
        let record = PartRecord {
            number: input.part_number,
            size: received.size,
            etag: super::put::single_etag(&received.digests.md5, &keeping),
            md5: HEXLOWER.encode(&received.digests.md5),
            checksum: received.digests.of(algorithm).to_owned(),
            given: None,
            modified: self.store.now(),
            blob: received.blob.reference().clone(),
        };
        let mut result = CopyPartResult {
            e_tag: Some(etag(&record.etag)),
            last_modified: Some(to_whole_seconds(record.modified)),
            ..CopyPartResult::default()
        };
        set_checksums!(result, of_part(algorithm, Some(record.checksum.clone())));
        self.write(move |store| store.put_part((&input.bucket, &input.key, &input.upload_id), record, received.blob))
            .await?;
        Ok(S3Response::new(UploadPartCopyOutput {
            copy_part_result: Some(result),
            copy_source_version_id: source.shown_version(),
            server_side_encryption: Some(ServerSideEncryption::from(keeping.encryption_name())),
            ssekms_key_id: keeping.kms_key.clone(),
            ..UploadPartCopyOutput::default()
        }))
    }
}

fn is_replace(directive: Option<&str>) -> S3Result<bool> {
    match directive {
        None | Some("COPY") => Ok(false),
        Some("REPLACE") => Ok(true),
        Some(_) => Err(s3_error!(InvalidArgument, "Unknown metadata directive.")),
    }
}

/// The range of a part copy: `bytes=first-last`, both given and inside the source.
fn part_range(header: Option<&str>, size: u64) -> S3Result<Range<u64>> {
    let Some(header) = header else {
        return if size > MAX_SINGLE { Err(super::request::too_large()) } else { Ok(0..size) };
    };
    let parsed = header
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
        .and_then(|(first, last)| Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?)));
    let Some((first, last)) = parsed else {
        return Err(s3_error!(
            InvalidArgument,
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy"
        ));
    };
    if first > last || last >= size {
        return Err(s3_error!(InvalidArgument, "Range specified is not valid for source object of size: {size}"));
    }
    Ok(first..last + 1)
}

fn answer(version: &Version, source: &Source) -> S3Result<CopyObjectOutput> {
    let content = readable(version, None)?;
    let mut result = CopyObjectResult {
        e_tag: Some(etag(&content.etag)),
        last_modified: Some(to_whole_seconds(version.record.created)),
        ..CopyObjectResult::default()
    };
    if let Some(stored) = &content.checksum {
        result.checksum_type = Some(stored.kind.dto());
        set_checksums!(result, stored.dto());
    }
    let keeping = &version.record.keeping;
    Ok(CopyObjectOutput {
        copy_object_result: Some(result),
        copy_source_version_id: source.shown_version(),
        version_id: shown_version(version, false),
        server_side_encryption: Some(ServerSideEncryption::from(keeping.encryption_name())),
        ssekms_key_id: keeping.kms_key.clone(),
        ssekms_encryption_context: keeping.kms_context.clone(),
        bucket_key_enabled: keeping.bucket_key,
        ..CopyObjectOutput::default()
    })
}
