//! Listings: objects (both versions of the call), versions, and unfinished uploads.
//!
//! All of them walk keys in the order of their UTF-8 bytes, roll keys up to the delimiter, and count a rolled-up
//! prefix as one entry of a page.

use std::ops::Bound;
use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use s3s::dto::{
    CommonPrefix, DeleteMarkerEntry, EncodingType, ListObjectVersionsInput, ListObjectVersionsOutput, ListObjectsInput,
    ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output, Object, ObjectStorageClass, ObjectVersion,
    ObjectVersionStorageClass, Owner,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::clock::{Millis, to_whole_seconds};
use super::request::{as_of, effects_of, etag, signed};
use super::service::{Service, owner};
use super::store::{Bucket, Version};

/// Entries of one page, whatever is asked.
const MAX_PAGE: i32 = 1000;

/// How many entries a page may have.
pub(super) fn page_size(asked: Option<i32>) -> S3Result<i32> {
    match asked.unwrap_or(MAX_PAGE) {
        negative if negative < 0 => {
            Err(s3_error!(InvalidArgument, "Argument max-keys must be an integer between 0 and 2147483647"))
        }
        size => Ok(size.min(MAX_PAGE)),
    }
}

/// Encodes keys where the client asked for it, since XML cannot carry every key.
#[derive(Clone)]
pub(super) struct Encoder(Option<EncodingType>);

impl Encoder {
    pub(super) fn new(asked: Option<EncodingType>) -> S3Result<Self> {
        match asked {
            Some(asked) if asked.as_str() != "url" => {
                Err(s3_error!(InvalidArgument, "Invalid Encoding Method specified in Request"))
            }
            asked => Ok(Self(asked)),
        }
    }

    pub(super) fn kind(&self) -> Option<EncodingType> {
        self.0.clone()
    }

    pub(super) fn text(&self, text: &str) -> String {
        if self.0.is_none() {
            return text.to_owned();
        }
        let mut encoded = String::with_capacity(text.len());
        for byte in text.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                    encoded.push(char::from(byte));
                }
                b' ' => encoded.push('+'),
                other => {
                    encoded.push('%');
                    encoded.push_str(&data_encoding::HEXUPPER.encode(&[other]));
                }
            }
        }
        encoded
    }

    pub(super) fn optional(&self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.text(text))
    }

    pub(super) fn prefixes(&self, prefixes: &[String]) -> Option<Vec<CommonPrefix>> {
        let all = prefixes.iter().map(|prefix| CommonPrefix { prefix: Some(self.text(prefix)) });
        (!prefixes.is_empty()).then(|| all.collect())
    }
}

/// The prefix that `key` rolls up to, delimiter included.
pub(super) fn rolled_up<'a>(key: &'a str, prefix: &str, delimiter: Option<&str>) -> Option<&'a str> {
    let delimiter = delimiter.filter(|delimiter| !delimiter.is_empty())?;
    let rest = key.strip_prefix(prefix)?;
    let at = rest.find(delimiter)?;
    Some(&key[..prefix.len() + at + delimiter.len()])
}

/// One page of current objects.
struct Page {
    objects: Vec<Arc<Version>>,
    prefixes: Vec<String>,
    /// Last entry of the page, where more follow.
    next: Option<String>,
}

fn page(bucket: &Bucket, prefix: &str, delimiter: Option<&str>, after: &str, size: i32, as_of: Millis) -> Page {
    let mut found = Page { objects: Vec::new(), prefixes: Vec::new(), next: None };
    let size = usize::try_from(size).unwrap_or(0);
    if size == 0 {
        return found;
    }
    let start = if after < prefix { Bound::Included(prefix) } else { Bound::Excluded(after) };
    let mut last = String::new();
    for (key, versions) in bucket.keys.range::<str, _>((start, Bound::Unbounded)) {
        if !key.starts_with(prefix) {
            break;
        }
        let Some(current) = Bucket::current(versions, as_of).filter(|version| !version.is_marker()) else { continue };
        let rolled = rolled_up(key, prefix, delimiter);
        // The marker of a page that ended with a prefix names that prefix: everything under it has been told.
        if let Some(rolled) = rolled
            && (after == rolled || (after.starts_with(rolled) && after.len() >= rolled.len()) || last == rolled)
        {
            continue;
        }
        if found.objects.len() + found.prefixes.len() == size {
            found.next = Some(last);
            return found;
        }
        if let Some(rolled) = rolled {
            rolled.clone_into(&mut last);
            found.prefixes.push(last.clone());
        } else {
            last.clone_from(key);
            found.objects.push(Arc::clone(current));
        }
    }
    found
}

fn listed(version: &Version, encoder: &Encoder, owner: Option<Owner>) -> Object {
    let record = &version.record;
    let content = record.content.as_ref();
    let stored = content.and_then(|content| content.checksum.as_ref());
    let class = record.keeping.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned());
    Object {
        key: Some(encoder.text(&record.key)),
        size: content.map(|content| signed(content.size)),
        e_tag: content.map(|content| etag(&content.etag)),
        last_modified: Some(to_whole_seconds(record.created)),
        storage_class: Some(ObjectStorageClass::from(class)),
        checksum_algorithm: stored.map(|stored| vec![stored.algorithm.dto()]),
        checksum_type: stored.map(|stored| stored.kind.dto()),
        owner,
        ..Object::default()
    }
}

impl Service {
    pub(super) fn list_v2(&self, request: &S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = &request.input;
        let as_of = as_of(effects_of(request), self.store.now());
        let size = page_size(input.max_keys)?;
        let encoder = Encoder::new(input.encoding_type.clone())?;
        let after = match &input.continuation_token {
            Some(token) => BASE64URL_NOPAD
                .decode(token.as_bytes())
                .ok()
                .and_then(|raw| String::from_utf8(raw).ok())
                .ok_or_else(|| s3_error!(InvalidArgument, "The continuation token provided is incorrect"))?,
            None => input.start_after.clone().unwrap_or_default(),
        };
        let prefix = input.prefix.clone().unwrap_or_default();
        let delimiter = input.delimiter.clone().filter(|delimiter| !delimiter.is_empty());
        let page = {
            let index = self.store.index();
            page(index.bucket(&input.bucket)?, &prefix, delimiter.as_deref(), &after, size, as_of)
        };
        let fetch_owner = input.fetch_owner.unwrap_or(false);
        let objects = page.objects.iter().map(|one| listed(one, &encoder, fetch_owner.then(owner)));
        let count = page.objects.len() + page.prefixes.len();
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket.clone()),
            prefix: Some(encoder.text(&prefix)),
            max_keys: Some(size),
            key_count: i32::try_from(count).ok(),
            is_truncated: Some(page.next.is_some()),
            continuation_token: input.continuation_token.clone(),
            next_continuation_token: page.next.map(|next| BASE64URL_NOPAD.encode(next.as_bytes())),
            contents: (!page.objects.is_empty()).then(|| objects.collect()),
            common_prefixes: encoder.prefixes(&page.prefixes),
            delimiter: encoder.optional(delimiter.as_ref()),
            start_after: encoder.optional(input.start_after.as_ref()),
            encoding_type: encoder.kind(),
            ..ListObjectsV2Output::default()
        }))
    }

    pub(super) fn list_v1(&self, request: &S3Request<ListObjectsInput>) -> S3Result<S3Response<ListObjectsOutput>> {
        let input = &request.input;
        let as_of = as_of(effects_of(request), self.store.now());
        let size = page_size(input.max_keys)?;
        let encoder = Encoder::new(input.encoding_type.clone())?;
        let (prefix, marker) = (input.prefix.clone().unwrap_or_default(), input.marker.clone().unwrap_or_default());
        let delimiter = input.delimiter.clone().filter(|delimiter| !delimiter.is_empty());
        let page = {
            let index = self.store.index();
            page(index.bucket(&input.bucket)?, &prefix, delimiter.as_deref(), &marker, size, as_of)
        };
        let objects = page.objects.iter().map(|one| listed(one, &encoder, Some(owner())));
        Ok(S3Response::new(ListObjectsOutput {
            name: Some(input.bucket.clone()),
            prefix: Some(encoder.text(&prefix)),
            marker: Some(encoder.text(&marker)),
            max_keys: Some(size),
            is_truncated: Some(page.next.is_some()),
            // Only a listing with a delimiter says where to go on; else it is the last key.
            next_marker: page.next.as_ref().filter(|_| delimiter.is_some()).map(|next| encoder.text(next)),
            contents: (!page.objects.is_empty()).then(|| objects.collect()),
            common_prefixes: encoder.prefixes(&page.prefixes),
            delimiter: encoder.optional(delimiter.as_ref()),
            encoding_type: encoder.kind(),
            ..ListObjectsOutput::default()
        }))
    }

    pub(super) fn list_versions(
        &self,
        request: &S3Request<ListObjectVersionsInput>,
    ) -> S3Result<S3Response<ListObjectVersionsOutput>> {
        let input = &request.input;
        let size = page_size(input.max_keys)?;
        let encoder = Encoder::new(input.encoding_type.clone())?;
        let prefix = input.prefix.clone().unwrap_or_default();
        let delimiter = input.delimiter.clone().filter(|delimiter| !delimiter.is_empty());
        let key_marker = input.key_marker.clone().unwrap_or_default();
        let id_marker = input.version_id_marker.as_deref().filter(|marker| !marker.is_empty());
        if key_marker.is_empty() && id_marker.is_some() {
            return Err(s3_error!(InvalidArgument, "A version-id marker cannot be specified without a key marker."));
        }
        let found = {
            let index = self.store.index();
            let markers = (key_marker.as_str(), id_marker);
            version_page(index.bucket(&input.bucket)?, &prefix, delimiter.as_deref(), markers, size)
        };
        let (mut versions, mut delete_markers) = (Vec::new(), Vec::new());
        for (version, is_latest) in &found.versions {
            if version.is_marker() {
                delete_markers.push(listed_marker(version, *is_latest, &encoder));
            } else {
                versions.push(listed_version(version, *is_latest, &encoder));
            }
        }
        let (next_key, next_id) = found.next.unzip();
        Ok(S3Response::new(ListObjectVersionsOutput {
            name: Some(input.bucket.clone()),
            prefix: Some(encoder.text(&prefix)),
            delimiter: encoder.optional(delimiter.as_ref()),
            key_marker: Some(encoder.text(&key_marker)),
            version_id_marker: Some(id_marker.unwrap_or_default().to_owned()),
            max_keys: Some(size),
            is_truncated: Some(next_key.is_some()),
            next_key_marker: next_key.map(|key| encoder.text(&key)),
            next_version_id_marker: next_id.flatten(),
            versions: (!versions.is_empty()).then_some(versions),
            delete_markers: (!delete_markers.is_empty()).then_some(delete_markers),
            common_prefixes: encoder.prefixes(&found.prefixes),
            encoding_type: encoder.kind(),
            ..ListObjectVersionsOutput::default()
        }))
    }
}

/// One page of versions, newest of each key first, with whether each is the latest.
struct VersionPage {
    versions: Vec<(Arc<Version>, bool)>,
    prefixes: Vec<String>,
    /// Last key of the page, and its last version unless it is a prefix.
    next: Option<(String, Option<String>)>,
}

fn version_page(
    bucket: &Bucket,
    prefix: &str,
    delimiter: Option<&str>,
    (key_marker, id_marker): (&str, Option<&str>),
    size: i32,
) -> VersionPage {
    let mut found = VersionPage { versions: Vec::new(), prefixes: Vec::new(), next: None };
    let size = usize::try_from(size).unwrap_or(0);
    if size == 0 {
        return found;
    }
    let start = if key_marker < prefix { prefix } else { key_marker };
    let mut last = None;
    for (key, versions) in bucket.keys.range::<str, _>((Bound::Included(start), Bound::Unbounded)) {
        if !key.starts_with(prefix) {
            break;
        }
        if let Some(rolled) = rolled_up(key, prefix, delimiter) {
            if key_marker.starts_with(rolled) || found.prefixes.last().is_some_and(|told| told == rolled) {
                continue;
            }
            if found.versions.len() + found.prefixes.len() == size {
                found.next = last;
                return found;
            }
            found.prefixes.push(rolled.to_owned());
            last = Some((rolled.to_owned(), None));
            continue;
        }
        if key == key_marker && id_marker.is_none() {
            continue;
        }
        let newest_first = versions.iter().rev().enumerate();
        let told = id_marker
            .filter(|_| key == key_marker)
            .and_then(|marker| versions.iter().rev().position(|version| version.record.version_id == marker));
        for (at, version) in newest_first.skip(told.map_or(0, |at| at + 1)) {
            if found.versions.len() + found.prefixes.len() == size {
                found.next = last;
                return found;
            }
            found.versions.push((Arc::clone(version), at == 0));
            last = Some((key.clone(), Some(version.record.version_id.clone())));
        }
    }
    found
}

fn listed_version(version: &Version, is_latest: bool, encoder: &Encoder) -> ObjectVersion {
    let object = listed(version, encoder, Some(owner()));
    ObjectVersion {
        key: object.key,
        version_id: Some(version.record.version_id.clone()),
        is_latest: Some(is_latest),
        size: object.size,
        e_tag: object.e_tag,
        last_modified: object.last_modified,
        storage_class: object.storage_class.map(|class| ObjectVersionStorageClass::from(class.as_str().to_owned())),
        checksum_algorithm: object.checksum_algorithm,
        checksum_type: object.checksum_type,
        owner: object.owner,
        ..ObjectVersion::default()
    }
}

fn listed_marker(version: &Version, is_latest: bool, encoder: &Encoder) -> DeleteMarkerEntry {
    DeleteMarkerEntry {
        key: Some(encoder.text(&version.record.key)),
        version_id: Some(version.record.version_id.clone()),
        is_latest: Some(is_latest),
        last_modified: Some(to_whole_seconds(version.record.created)),
        owner: Some(owner()),
    }
}
