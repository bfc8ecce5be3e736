//! `GetObject`, `HeadObject` and `GetObjectAttributes`.

use std::ops::Range;
use std::sync::Arc;

use http::header::{ALLOW, CONTENT_RANGE, ETAG, LAST_MODIFIED};
use http::{HeaderMap, HeaderValue, StatusCode};
use s3s::dto::{
    ChecksumMode, ETagCondition, GetObjectAttributesInput, GetObjectAttributesOutput, GetObjectAttributesParts,
    GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, Metadata, ObjectLockLegalHoldStatus,
    ObjectLockMode, ObjectPart, ServerSideEncryption, StorageClass, StreamingBlob, Timestamp, TimestampFormat,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};

use super::blob::Reading;
use super::checksum::of_part;
use super::clock::{from_timestamp, to_timestamp, to_whole_seconds};
use super::record::Content;
use super::request::{as_of, custom, effects_of, etag, set_checksums, signed};
use super::service::Service;
use super::store::{Version, internal, marker_named, no_such_key, precondition_failed};

/// The conditional headers of a read.
#[expect(clippy::struct_field_names, reason = "they are named as the headers are")]
pub(super) struct Conditions<'a> {
    pub(super) if_match: Option<&'a ETagCondition>,
    pub(super) if_none_match: Option<&'a ETagCondition>,
    pub(super) if_modified_since: Option<&'a Timestamp>,
    pub(super) if_unmodified_since: Option<&'a Timestamp>,
}

impl Conditions<'_> {
    /// Applies them in the order of RFC 9110; `Ok(false)` means that the reader's copy is current.
    pub(super) fn check(&self, version: &Version, content: &Content) -> S3Result<bool> {
        let matches = |condition: &ETagCondition| match condition {
            ETagCondition::Any => true,
            ETagCondition::ETag(tag) => tag.value() == content.etag,
        };
        let modified = version.record.created / 1000;
        match (self.if_match, self.if_unmodified_since) {
            (Some(condition), _) if !matches(condition) => return Err(precondition_failed()),
            (None, Some(since)) if modified > from_timestamp(since) / 1000 => return Err(precondition_failed()),
            _ => {}
        }
        Ok(match (self.if_none_match, self.if_modified_since) {
            (Some(condition), _) => !matches(condition),
            (None, Some(since)) => modified > from_timestamp(since) / 1000,
            (None, None) => true,
        })
    }
}

/// What of an object is asked for.
struct Selected {
    range: Range<u64>,
    /// Present where it is not simply everything.
    content_range: Option<String>,
    /// Base64 of the part's own checksum.
    part_checksum: Option<String>,
    parts_count: Option<i32>,
}

fn select(content: &Content, range: Option<s3s::dto::Range>, part: Option<i32>) -> S3Result<Selected> {
    let size = content.size;
    match (range, part) {
        (None, None) => Ok(Selected { range: 0..size, content_range: None, part_checksum: None, parts_count: None }),
        (Some(_), Some(_)) => {
            Err(s3_error!(InvalidRequest, "Cannot specify both Range header and partNumber query parameter"))
        }
        (Some(range), None) => {
            let range = range.check(size).ok().filter(|range| !range.is_empty()).ok_or_else(|| {
                let mut error = s3_error!(InvalidRange, "The requested range is not satisfiable");
                error.set_headers(headers([(CONTENT_RANGE, format!("bytes */{size}"))]));
                error
            })?;
            let content_range = Some(content_range(&range, size));
            Ok(Selected { range, content_range, part_checksum: None, parts_count: None })
        }
        (None, Some(number)) => select_part(content, number),
    }
}

fn select_part(content: &Content, number: i32) -> S3Result<Selected> {
    let unsatisfiable = || {
        custom("InvalidPartNumber", StatusCode::RANGE_NOT_SATISFIABLE, "The requested partnumber is not satisfiable")
    };
    if content.parts.is_empty() {
        let range = 0..content.size;
        let content_range = (content.size > 0).then(|| content_range(&range, content.size));
        return if number == 1 {
            Ok(Selected { range, content_range, part_checksum: None, parts_count: None })
        } else {
            Err(unsatisfiable())
        };
    }
    // Parts are counted from 1 in the finished object, whatever numbers they were uploaded under.
    let at = usize::try_from(number - 1).map_err(|_| unsatisfiable())?;
    let part = content.parts.get(at).ok_or_else(unsatisfiable)?;
    let start: u64 = content.parts[..at].iter().map(|part| part.size).sum();
    let range = start..start + part.size;
    Ok(Selected {
        content_range: Some(content_range(&range, content.size)),
        range,
        part_checksum: part.checksum.clone(),
        parts_count: i32::try_from(content.parts.len()).ok(),
    })
}

fn content_range(range: &Range<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1))
}

/// Headers of an error; the protocol crate replaces its own with them.
fn headers<const N: usize>(all: [(http::HeaderName, String); N]) -> HeaderMap {
    let mut map = HeaderMap::new();
    map.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    for (name, value) in all {
        if let Ok(value) = HeaderValue::try_from(value) {
            map.insert(name, value);
        }
    }
    map
}

fn http_date(at: i64) -> String {
    let mut text = Vec::new();
    let formatted = to_timestamp(at).format(TimestampFormat::HttpDate, &mut text);
    if formatted.is_ok() { String::from_utf8(text).unwrap_or_default() } else { String::new() }
}

/// The version's bytes, or the refusal to read a delete marker.
pub(super) fn readable<'a>(version: &'a Version, version_id: Option<&str>) -> S3Result<&'a Content> {
    if let Some(content) = &version.record.content {
        return Ok(content);
    }
    let marker = http::HeaderName::from_static("x-amz-delete-marker");
    let id = http::HeaderName::from_static("x-amz-version-id");
    let (mut error, extra) = if version_id.is_some() {
        (marker_named(), (LAST_MODIFIED, http_date(version.record.created)))
    } else {
        (no_such_key(), (id.clone(), version.record.version_id.clone()))
    };
    let mut map = headers([(marker, "true".to_owned()), (id, version.record.version_id.clone()), extra]);
    if version_id.is_some() {
        map.insert(ALLOW, HeaderValue::from_static("DELETE"));
    }
    error.set_headers(map);
    Err(error)
}

fn not_modified(version: &Version, content: &Content) -> S3Error {
    let mut error = S3Error::new(S3ErrorCode::NotModified);
    error.set_status_code(StatusCode::NOT_MODIFIED);
    error.set_headers(headers([
        (ETAG, format!("\"{}\"", content.etag)),
        (LAST_MODIFIED, http_date(version.record.created)),
    ]));
    error
}

fn is_archived(version: &Version) -> bool {
    matches!(version.record.keeping.storage_class.as_deref(), Some("GLACIER" | "DEEP_ARCHIVE"))
}

/// Fills the fields that `GetObject` and `HeadObject` answer alike.
macro_rules! describe {
    ($output:ty, $version:expr, $content:expr, $selected:expr, $mode:expr, $versioned:expr) => {{
        let (version, content, selected): (&Version, &Content, &Selected) = ($version, $content, $selected);
        let record = &version.record;
        let (attributes, keeping) = (&record.attributes, &record.keeping);
        let mut output = <$output>::default();
        output.accept_ranges = Some("bytes".to_owned());
        output.e_tag = Some(etag(&content.etag));
        output.last_modified = Some(to_whole_seconds(record.created));
        output.content_length = Some(signed(selected.range.end - selected.range.start));
        output.content_range = selected.content_range.clone();
        output.parts_count = selected.parts_count;
        output.version_id = super::put::shown_version(version, $versioned);
        output.content_type = Some(attributes.content_type.clone().unwrap_or_else(|| "binary/octet-stream".to_owned()));
        output.cache_control = attributes.cache_control.clone();
        output.content_disposition = attributes.content_disposition.clone();
        output.content_encoding = attributes.content_encoding.clone();
        output.content_language = attributes.content_language.clone();
        output.expires = attributes.expires.map(to_timestamp);
        output.website_redirect_location = attributes.website_redirect.clone();
        output.metadata =
            (!attributes.metadata.is_empty()).then(|| attributes.metadata.clone().into_iter().collect::<Metadata>());
        output.storage_class = keeping.storage_class.clone().map(StorageClass::from);
        output.server_side_encryption = Some(ServerSideEncryption::from(keeping.encryption_name()));
        output.ssekms_key_id = keeping.kms_key.clone();
        output.bucket_key_enabled = keeping.bucket_key;
        output.object_lock_mode =
            record.lock.retention.map(|retention| ObjectLockMode::from_static(retention.mode.name()));
        output.object_lock_retain_until_date = record.lock.retention.map(|retention| to_timestamp(retention.until));
        output.object_lock_legal_hold_status =
            record.lock.legal_hold.map(|on| ObjectLockLegalHoldStatus::from_static(if on { "ON" } else { "OFF" }));
        let asked = $mode.is_some_and(|mode: ChecksumMode| mode.as_str().eq_ignore_ascii_case("ENABLED"));
        if let Some(stored) = content.checksum.as_ref().filter(|_| asked) {
            if selected.part_checksum.is_some() {
                set_checksums!(output, of_part(stored.algorithm, selected.part_checksum.clone()));
            } else if selected.range.end - selected.range.start == content.size {
                set_checksums!(output, stored.dto());
            }
            output.checksum_type = Some(stored.kind.dto());
        }
        output
    }};
}

impl Service {
    fn look_up<T>(&self, request: &S3Request<T>, bucket: &str, key: &str, id: Option<&str>) -> S3Result<Arc<Version>> {
        let as_of = as_of(effects_of(request), self.store.now());
        self.store.find(bucket, key, id, as_of)
    }

    /// Whether answers about a bucket's objects show version ids.
    fn shows_versions(&self, bucket: &str) -> S3Result<bool> {
        Ok(self.store.bucket(bucket)?.versioning != super::record::Versioning::Never)
    }

    pub(super) async fn get(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let input = &request.input;
        let version_id = input.version_id.as_deref();
        let version = self.look_up(&request, &input.bucket, &input.key, version_id)?;
        let content = readable(&version, version_id)?;
        let conditions = Conditions {
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            if_modified_since: input.if_modified_since.as_ref(),
            if_unmodified_since: input.if_unmodified_since.as_ref(),
        };
        if !conditions.check(&version, content)? {
            return Err(not_modified(&version, content));
        }
        if is_archived(&version) {
            return Err(s3_error!(InvalidObjectState, "The operation is not valid for the object's storage class"));
        }
        let selected = select(content, input.range, input.part_number)?;
        let versioned = self.shows_versions(&input.bucket)?;
        let mode = input.checksum_mode.clone();
        let mut output = describe!(GetObjectOutput, &version, content, &selected, mode, versioned);
        output.tag_count = i32::try_from(version.record.tags.len()).ok().filter(|count| *count > 0);
        let range = selected.range.clone();
        let blobs = version.blobs.clone();
        let reading = self.blocking(move || Reading::open(&blobs, range).map_err(|error| internal(&error))).await?;
        output.body = Some(StreamingBlob::wrap(reading.into_stream()));
        Ok(S3Response::new(output))
    }

    pub(super) fn head(&self, request: &S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let input = &request.input;
        let version_id = input.version_id.as_deref();
        let version = self.look_up(request, &input.bucket, &input.key, version_id)?;
        let content = readable(&version, version_id)?;
        let conditions = Conditions {
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            if_modified_since: input.if_modified_since.as_ref(),
            if_unmodified_since: input.if_unmodified_since.as_ref(),
        };
        if !conditions.check(&version, content)? {
            return Err(not_modified(&version, content));
        }
        let selected = select(content, input.range, input.part_number)?;
        let versioned = self.shows_versions(&input.bucket)?;
        let mode = input.checksum_mode.clone();
        let output = describe!(HeadObjectOutput, &version, content, &selected, mode, versioned);
        let mut response = S3Response::new(output);
        response.status = selected.content_range.is_some().then_some(StatusCode::PARTIAL_CONTENT);
        Ok(response)
    }

    pub(super) fn attributes(
        &self,
        request: &S3Request<GetObjectAttributesInput>,
    ) -> S3Result<S3Response<GetObjectAttributesOutput>> {
        let input = &request.input;
        let version_id = input.version_id.as_deref();
        let version = self.look_up(request, &input.bucket, &input.key, version_id)?;
        let content = readable(&version, version_id)?;
        let named: Vec<_> =
            input.object_attributes.iter().flat_map(|list| list.as_str().split(',')).map(str::trim).collect();
        let asks = |name: &str| named.contains(&name);
        let class = version.record.keeping.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned());
        let output = GetObjectAttributesOutput {
            e_tag: asks("ETag").then(|| etag(&content.etag)),
            checksum: content.checksum.as_ref().filter(|_| asks("Checksum")).map(super::checksum::Stored::dto),
            object_parts: (asks("ObjectParts") && !content.parts.is_empty())
                .then(|| page_of_parts(content, input.part_number_marker, input.max_parts)),
            object_size: asks("ObjectSize").then(|| signed(content.size)),
            storage_class: asks("StorageClass").then(|| StorageClass::from(class)),
            last_modified: Some(to_whole_seconds(version.record.created)),
            version_id: super::put::shown_version(&version, self.shows_versions(&input.bucket)?),
            ..GetObjectAttributesOutput::default()
        };
        Ok(S3Response::new(output))
    }
}

/// Parts after a marker; the service lists them only where each has a checksum of its own.
fn page_of_parts(content: &Content, marker: Option<i32>, max: Option<i32>) -> GetObjectAttributesParts {
    let (marker, max) = (marker.unwrap_or(0), max.unwrap_or(1000).clamp(0, 1000));
    let mut left = content.parts.iter().filter(|part| part.number > marker);
    let page: Vec<_> = left.by_ref().take(usize::try_from(max).unwrap_or(0)).collect();
    let parts = page.iter().filter_map(|part| {
        let stored = content.checksum.as_ref()?;
        let mut listed =
            ObjectPart { part_number: Some(part.number), size: Some(signed(part.size)), ..ObjectPart::default() };
        set_checksums!(listed, of_part(stored.algorithm, Some(part.checksum.clone()?)));
        Some(listed)
    });
    GetObjectAttributesParts {
        parts: Some(parts.collect()),
        total_parts_count: i32::try_from(content.parts.len()).ok(),
        part_number_marker: Some(marker),
        next_part_number_marker: Some(page.last().map_or(0, |part| part.number)),
        max_parts: Some(max),
        is_truncated: Some(left.next().is_some()),
    }
}
