//! Multipart uploads: begin, parts, list, abort, complete.

use std::sync::Arc;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput, CompleteMultipartUploadOutput,
    CompletedPart, CreateMultipartUploadInput, CreateMultipartUploadOutput, Initiator, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput, MultipartUpload, Part, ServerSideEncryption,
    StorageClass, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Error, S3Request, S3Response, S3Result, s3_error};

use super::blob::Blob;
use super::checksum::{Algorithm, Kind, Pass, Stored, composite, full_object, of_part};
use super::clock::to_whole_seconds;
use super::list::{Encoder, page_size, rolled_up};
use super::put::{shown_version, single_etag, spoil};
use super::record::{Content, ObjectPart, PartRecord, UploadRecord};
use super::request::{
    Expected, attributes_of, checksums_of, effects_of, etag, given, keeping_of, lock_of, receive_error, set_checksums,
    signed, tags_of_header, write_condition,
};
use super::service::{Service, owner};
use super::store::{self, Upload, VersionDraft};

/// Bytes that every part but the last must have.
const MIN_PART: u64 = 5 * 1024 * 1024;
const MAX_PART_NUMBER: i32 = 10_000;

/// Refuses part numbers outside of 1 to 10,000.
pub(super) fn judge_number(number: i32) -> S3Result<()> {
    if (1..=MAX_PART_NUMBER).contains(&number) {
        Ok(())
    } else {
        Err(s3_error!(InvalidArgument, "Part number must be an integer between 1 and {MAX_PART_NUMBER}, inclusive"))
    }
}

fn initiator() -> Initiator {
    let owner = owner();
    Initiator { display_name: owner.display_name, id: owner.id }
}

impl Service {
    pub(super) async fn begin(
        &self,
        mut request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let input = &mut request.input;
        let bucket = self.store.bucket(&input.bucket)?;
        let named = input.checksum_algorithm.as_ref().map(|name| Algorithm::parse(name.as_str())).transpose()?;
        let kind_named = input.checksum_type.as_ref().map(s3s::dto::ChecksumType::as_str);
        if kind_named.is_some() && named.is_none() {
            return Err(s3_error!(
                InvalidRequest,
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
            ));
        }
        let algorithm = named.unwrap_or(Algorithm::Crc64Nvme);
        let record = UploadRecord {
            id: String::new(),
            bucket: input.bucket.clone(),
            key: input.key.clone(),
            initiated: self.store.now(),
            algorithm_named: named.is_some(),
            algorithm,
            kind: Kind::choose(algorithm, kind_named)?,
            attributes: attributes_of!(input)?,
            keeping: keeping_of!(input, &self.region)?,
            tags: tags_of_header(input.tagging.as_deref())?,
            lock: lock_of!(input, &bucket, self.store.now())?,
        };
        let mut output = CreateMultipartUploadOutput {
            bucket: Some(record.bucket.clone()),
            key: Some(record.key.clone()),
            checksum_algorithm: named.map(Algorithm::dto),
            checksum_type: named.map(|_| record.kind.dto()),
            server_side_encryption: Some(ServerSideEncryption::from(record.keeping.encryption_name())),
            ssekms_key_id: record.keeping.kms_key.clone(),
            bucket_key_enabled: record.keeping.bucket_key,
            ..CreateMultipartUploadOutput::default()
        };
        output.upload_id = Some(self.write(move |store| store.begin_upload(record)).await?);
        Ok(S3Response::new(output))
    }

    pub(super) async fn put_part(
        &self,
        mut request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let effects = effects_of(&request);
        judge_number(request.input.part_number)?;
        let upload = {
            let index = self.store.index();
            let input = &request.input;
            index.upload(&input.bucket, &input.key, &input.upload_id)?.record.clone()
        };
        let checksums = checksums_of!(request.input);
        let expected =
            Expected::of(&request, request.input.content_length, request.input.content_md5.as_deref(), &checksums)?;
        judge_algorithm(&upload, expected.algorithm())?;
        let body = request.input.body.take().ok_or_else(|| s3_error!(IncompleteBody))?;
        let received = self
            .store
            .blobs
            .receive(body, Pass::new(upload.algorithm, expected.algorithm()), expected.length())
            .await
            .map_err(receive_error)?;
        expected.check(received.size, &received.digests)?;
        let record = PartRecord {
            number: request.input.part_number,
            size: received.size,
            etag: single_etag(&received.digests.md5, &upload.keeping),
            md5: HEXLOWER.encode(&received.digests.md5),
            checksum: received.digests.of(upload.algorithm).to_owned(),
            given: expected
                .algorithm()
                .filter(|given| *given != upload.algorithm)
                .map(|given| (given, received.digests.of(given).to_owned())),
            modified: self.store.now(),
            blob: received.blob.reference().clone(),
        };
        let mut output = UploadPartOutput {
            e_tag: Some(etag(&record.etag)),
            server_side_encryption: Some(ServerSideEncryption::from(upload.keeping.encryption_name())),
            ssekms_key_id: upload.keeping.kms_key.clone(),
            bucket_key_enabled: upload.keeping.bucket_key,
            ..UploadPartOutput::default()
        };
        let (algorithm, value) = record.given.clone().unwrap_or((upload.algorithm, record.checksum.clone()));
        set_checksums!(output, of_part(algorithm, Some(value)));
        let input = request.input;
        let stored = Arc::clone(&received.blob);
        self.write(move |store| store.put_part((&input.bucket, &input.key, &input.upload_id), record, received.blob))
            .await?;
        if let Some(offset) = effects.corrupt_stored.filter(|offset| *offset < stored.reference().size) {
            super::blob::Blobs::corrupt(&stored, offset).map_err(|error| store::internal(&error))?;
        }
        Ok(S3Response::new(output))
    }

    pub(super) async fn abort(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let input = request.input;
        self.write(move |store| store.abort_upload(&input.bucket, &input.key, &input.upload_id)).await?;
        let mut response = S3Response::new(AbortMultipartUploadOutput::default());
        response.status = Some(http::StatusCode::NO_CONTENT);
        Ok(response)
    }

    pub(super) async fn complete(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let effects = effects_of(&request);
        let mut input = request.input;
        let mut condition = write_condition(input.if_match.take(), input.if_none_match.take())?;
        self.store.index().upload(&input.bucket, &input.key, &input.upload_id)?;
        self.store.begin_conditional(&input.bucket, &input.key, &mut condition)?;
        let wanted = Wanted {
            parts: input.multipart_upload.take().and_then(|list| list.parts).unwrap_or_default(),
            checksum: given(&checksums_of!(input))?,
            kind: input.checksum_type.take().map(|kind| kind.as_str().to_owned()),
            size: input.mpu_object_size,
        };
        let (bucket, key, id) = (input.bucket.clone(), input.key.clone(), input.upload_id.clone());
        let version = self
            .write(move |store| {
                let make = Box::new(move |upload: &Upload| wanted.judge(upload));
                store.complete_upload((&bucket, &key, &id), &condition, make)
            })
            .await?;
        spoil(&version, effects)?;
        let keeping = &version.record.keeping;
        let path = Encoder::new(Some("url".to_owned().into()))?.text(&input.key);
        let mut output = CompleteMultipartUploadOutput {
            location: Some(format!("{}/{}/{path}", self.endpoint, input.bucket)),
            bucket: Some(input.bucket),
            key: Some(input.key),
            version_id: shown_version(&version, false),
            server_side_encryption: Some(ServerSideEncryption::from(keeping.encryption_name())),
            ssekms_key_id: keeping.kms_key.clone(),
            bucket_key_enabled: keeping.bucket_key,
            ..CompleteMultipartUploadOutput::default()
        };
        if let Some(content) = &version.record.content {
            output.e_tag = Some(etag(&content.etag));
            if let Some(stored) = &content.checksum {
                output.checksum_type = Some(stored.kind.dto());
                set_checksums!(output, stored.dto());
            }
        }
        Ok(S3Response::new(output))
    }

    pub(super) fn list_parts(&self, input: &ListPartsInput) -> S3Result<S3Response<ListPartsOutput>> {
        let size = page_size(input.max_parts)?;
        let marker = input.part_number_marker.unwrap_or(0);
        let index = self.store.index();
        let upload = index.upload(&input.bucket, &input.key, &input.upload_id)?;
        let mut following = upload.parts.range(marker.saturating_add(1)..).map(|(_, part)| &part.record);
        let records: Vec<_> = following.by_ref().take(usize::try_from(size).unwrap_or(0)).collect();
        let record = &upload.record;
        let parts = records.iter().map(|part| {
            let mut listed = Part {
                part_number: Some(part.number),
                size: Some(signed(part.size)),
                e_tag: Some(etag(&part.etag)),
                last_modified: Some(to_whole_seconds(part.modified)),
                ..Part::default()
            };
            if record.algorithm_named {
                set_checksums!(listed, of_part(record.algorithm, Some(part.checksum.clone())));
            }
            listed
        });
        let class = record.keeping.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned());
        Ok(S3Response::new(ListPartsOutput {
            bucket: Some(input.bucket.clone()),
            key: Some(input.key.clone()),
            upload_id: Some(input.upload_id.clone()),
            part_number_marker: Some(marker),
            next_part_number_marker: Some(records.last().map_or(0, |part| part.number)),
            max_parts: Some(size),
            is_truncated: Some(size > 0 && following.next().is_some()),
            parts: (!records.is_empty()).then(|| parts.collect()),
            checksum_algorithm: record.algorithm_named.then(|| record.algorithm.dto()),
            checksum_type: record.algorithm_named.then(|| record.kind.dto()),
            initiator: Some(initiator()),
            owner: Some(owner()),
            storage_class: Some(StorageClass::from(class)),
            ..ListPartsOutput::default()
        }))
    }

    pub(super) fn list_uploads(
        &self,
        input: &ListMultipartUploadsInput,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let size = usize::try_from(page_size(input.max_uploads)?).unwrap_or(0);
        let encoder = Encoder::new(input.encoding_type.clone())?;
        let prefix = input.prefix.clone().unwrap_or_default();
        let delimiter = input.delimiter.clone().filter(|delimiter| !delimiter.is_empty());
        let key_marker = input.key_marker.clone().unwrap_or_default();
        let id_marker = input.upload_id_marker.clone().unwrap_or_default();
        let index = self.store.index();
        let mut all: Vec<_> = index.bucket(&input.bucket)?.uploads.values().map(|upload| &upload.record).collect();
        all.retain(|record| record.key.starts_with(&prefix) && record.key >= key_marker);
        all.sort_by(|one, other| (&one.key, one.initiated, &one.id).cmp(&(&other.key, other.initiated, &other.id)));
        let told = all.iter().position(|record| record.key == key_marker && record.id == id_marker);
        let mut rest = all.iter().enumerate().filter(|(at, record)| {
            record.key > key_marker || (!id_marker.is_empty() && told.is_some_and(|told| *at > told))
        });
        let (mut uploads, mut prefixes) = (Vec::new(), Vec::<String>::new());
        let (mut last, mut more) = ((String::new(), String::new()), false);
        for (_, record) in rest.by_ref() {
            let rolled = rolled_up(&record.key, &prefix, delimiter.as_deref());
            if rolled.is_some_and(|rolled| {
                key_marker.starts_with(rolled) || prefixes.last().is_some_and(|told| told == rolled)
            }) {
                continue;
            }
            if uploads.len() + prefixes.len() == size {
                more = size > 0;
                break;
            }
            if let Some(rolled) = rolled {
                prefixes.push(rolled.to_owned());
                last = (rolled.to_owned(), String::new());
            } else {
                uploads.push(listed(record, &encoder));
                last = (record.key.clone(), record.id.clone());
            }
        }
        Ok(S3Response::new(ListMultipartUploadsOutput {
            bucket: Some(input.bucket.clone()),
            prefix: Some(encoder.text(&prefix)),
            delimiter: encoder.optional(delimiter.as_ref()),
            key_marker: Some(encoder.text(&key_marker)),
            upload_id_marker: Some(id_marker.clone()),
            next_key_marker: more.then(|| encoder.text(&last.0)),
            next_upload_id_marker: more.then_some(last.1),
            max_uploads: i32::try_from(size).ok(),
            is_truncated: Some(more),
            uploads: (!uploads.is_empty()).then_some(uploads),
            common_prefixes: encoder.prefixes(&prefixes),
            encoding_type: encoder.kind(),
            ..ListMultipartUploadsOutput::default()
        }))
    }
}

fn listed(record: &UploadRecord, encoder: &Encoder) -> MultipartUpload {
    let class = record.keeping.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned());
    MultipartUpload {
        key: Some(encoder.text(&record.key)),
        upload_id: Some(record.id.clone()),
        initiated: Some(to_whole_seconds(record.initiated)),
        checksum_algorithm: record.algorithm_named.then(|| record.algorithm.dto()),
        checksum_type: record.algorithm_named.then(|| record.kind.dto()),
        initiator: Some(initiator()),
        owner: Some(owner()),
        storage_class: Some(StorageClass::from(class)),
    }
}

/// Refuses a part whose checksum is not of the algorithm that the upload named, if it named one.
fn judge_algorithm(upload: &UploadRecord, given: Option<Algorithm>) -> S3Result<()> {
    let expected = upload.algorithm_named.then_some(upload.algorithm);
    if expected.is_none() {
        return Ok(());
    }
    // A full-object checksum is the service's to compute: parts may come without one.
    if given == expected || (given.is_none() && upload.kind == Kind::FullObject) {
        return Ok(());
    }
    let name = |one: Option<Algorithm>| one.map_or_else(|| "null".to_owned(), |one| one.name().to_lowercase());
    Err(s3_error!(
        InvalidRequest,
        "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
        name(expected),
        name(given)
    ))
}

/// What a completion names.
struct Wanted {
    parts: Vec<CompletedPart>,
    checksum: Option<(Algorithm, String)>,
    kind: Option<String>,
    size: Option<i64>,
}

impl Wanted {
    /// Compares the list with the parts that are there, and makes a version of them.
    fn judge(self, upload: &Upload) -> S3Result<VersionDraft> {
        let found = self.find_parts(upload)?;
        let record = &upload.record;
        let size = found.iter().map(|part| part.record.size).sum::<u64>();
        if let Some(wanted) = self.size.filter(|wanted| *wanted != signed(size)) {
            return Err(s3_error!(
                InvalidRequest,
                "The provided 'x-amz-mp-object-size' header value {wanted} does not match what was computed: {size}"
            ));
        }
        let sums = found.iter().map(|part| (part.record.checksum.as_str(), part.record.size));
        let value = match record.kind {
            Kind::Composite => Some(composite(record.algorithm, sums.map(|(sum, _)| sum))),
            Kind::FullObject => full_object(record.algorithm, sums),
        };
        let checksum = value.map(|value| Stored { algorithm: record.algorithm, kind: record.kind, value });
        self.check_whole(checksum.as_ref())?;
        let parts = found.iter().zip(1..).map(|(part, number)| ObjectPart {
            number,
            size: part.record.size,
            checksum: record.algorithm_named.then(|| part.record.checksum.clone()),
        });
        let blobs: Vec<Arc<Blob>> = found.iter().map(|part| Arc::clone(&part.blob)).collect();
        Ok(VersionDraft {
            content: Content {
                size,
                etag: whole_etag(&found, record),
                checksum,
                parts: parts.collect(),
                blobs: Vec::new(),
            },
            blobs,
            attributes: record.attributes.clone(),
            keeping: record.keeping.clone(),
            tags: record.tags.clone(),
            lock: record.lock,
            upload_id: Some(record.id.clone()),
        })
    }

    fn find_parts<'a>(&self, upload: &'a Upload) -> S3Result<Vec<&'a store::Part>> {
        if self.parts.is_empty() {
            return Err(s3_error!(
                MalformedXML,
                "The XML you provided was not well-formed or did not validate against our published schema"
            ));
        }
        if self.parts.windows(2).any(|pair| pair[0].part_number >= pair[1].part_number) {
            return Err(s3_error!(
                InvalidPartOrder,
                "The list of parts was not in ascending order. Parts must be ordered by part number."
            ));
        }
        let mut found = Vec::with_capacity(self.parts.len());
        for (at, named) in self.parts.iter().enumerate() {
            let number = named.part_number.ok_or_else(invalid_part)?;
            let part = upload.parts.get(&number).ok_or_else(invalid_part)?;
            if named.e_tag.as_ref().is_none_or(|tag| tag.value() != part.record.etag) {
                return Err(invalid_part());
            }
            judge_part_checksum(&upload.record, named, part)?;
            if part.record.size < MIN_PART && at + 1 < self.parts.len() {
                return Err(s3_error!(EntityTooSmall, "Your proposed upload is smaller than the minimum allowed size"));
            }
            found.push(part);
        }
        Ok(found)
    }

    fn check_whole(&self, checksum: Option<&Stored>) -> S3Result<()> {
        if let (Some(kind), Some(stored)) = (&self.kind, checksum)
            && kind != stored.kind.name()
        {
            return Err(s3_error!(
                InvalidRequest,
                "The upload was created using the {} checksum mode. The complete request must use the same checksum mode.",
                stored.kind.name()
            ));
        }
        let Some((algorithm, value)) = &self.checksum else { return Ok(()) };
        let same = checksum.is_some_and(|stored| {
            let digest = stored.value.split_once('-').map_or(stored.value.as_str(), |(digest, _)| digest);
            stored.algorithm == *algorithm && (stored.value == *value || digest == value)
        });
        if same {
            return Ok(());
        }
        let name = algorithm.name().to_lowercase();
        Err(s3_error!(BadDigest, "The {name} you specified did not match the calculated checksum."))
    }
}

fn invalid_part() -> S3Error {
    s3_error!(
        InvalidPart,
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."
    )
}

fn judge_part_checksum(upload: &UploadRecord, named: &CompletedPart, part: &store::Part) -> S3Result<()> {
    match given(&checksums_of!(named))? {
        Some((algorithm, value)) if algorithm == upload.algorithm && value == part.record.checksum => Ok(()),
        given @ Some(_) if given == part.record.given => Ok(()),
        Some(_) => Err(invalid_part()),
        None if upload.algorithm_named && upload.kind == Kind::Composite => {
            let name = upload.algorithm.name().to_lowercase();
            let number = part.record.number;
            Err(s3_error!(
                InvalidRequest,
                "The upload was created using a {name} checksum. The complete request must include the checksum for each part. It was missing for part {number} in the request."
            ))
        }
        None => Ok(()),
    }
}

fn whole_etag(parts: &[&store::Part], upload: &UploadRecord) -> String {
    let mut all = Md5::new();
    for part in parts {
        all.update(&HEXLOWER_PERMISSIVE.decode(part.record.md5.as_bytes()).unwrap_or_default());
    }
    format!("{}-{}", single_etag(&all.finalize(), &upload.keeping), parts.len())
}
