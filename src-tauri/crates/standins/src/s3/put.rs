//! `PutObject`: one object in one request.

use data_encoding::HEXLOWER;
use s3s::dto::{PutObjectInput, PutObjectOutput, ServerSideEncryption};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::blob::Blobs;
use super::checksum::{Algorithm, Digests, Kind, Pass, Stored};
use super::record::{Content, Keeping, NULL_VERSION};
use super::request::{
    Expected, attributes_of, checksums_of, effects_of, etag, keeping_of, lock_of, receive_error, set_checksums,
    tags_of_header, write_condition,
};
use super::service::Service;
use super::store::{Version, VersionDraft, internal};
use crate::web::Effects;

impl Service {
    pub(super) async fn put(&self, mut request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let effects = effects_of(&request);
        let checksums = checksums_of!(request.input);
        let expected =
            Expected::of(&request, request.input.content_length, request.input.content_md5.as_deref(), &checksums)?;
        let input = &mut request.input;
        let bucket = self.store.bucket(&input.bucket)?;
        let attributes = attributes_of!(input)?;
        let keeping = keeping_of!(input, &self.region)?;
        let tags = tags_of_header(input.tagging.as_deref())?;
        let lock = lock_of!(input, &bucket, self.store.now())?;
        let is_locking = lock.retention.is_some() || lock.legal_hold.is_some() || bucket.default_retention.is_some();
        if is_locking && !expected.is_vouched() {
            return Err(s3_error!(
                InvalidRequest,
                "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"
            ));
        }
        let mut condition = write_condition(input.if_match.take(), input.if_none_match.take())?;
        self.store.begin_conditional(&input.bucket, &input.key, &mut condition)?;

        let algorithm = expected.algorithm().unwrap_or(Algorithm::Crc64Nvme);
        let body = input.body.take().ok_or_else(|| s3_error!(IncompleteBody))?;
        let received = self
            .store
            .blobs
            .receive(body, Pass::new(algorithm, None), expected.length())
            .await
            .map_err(receive_error)?;
        expected.check(received.size, &received.digests)?;

        let content = single(&received.digests, algorithm, received.size, &keeping);
        let (bucket, key) = (input.bucket.clone(), input.key.clone());
        let blobs = vec![received.blob];
        let draft = VersionDraft { content, blobs, attributes, keeping, tags, lock, upload_id: None };
        let version = self.write(move |store| store.put_version(&bucket, &key, draft, &condition)).await?;
        spoil(&version, effects)?;
        Ok(S3Response::new(answer(&version)))
    }
}

/// The content of an object that came in one piece.
pub(super) fn single(digests: &Digests, algorithm: Algorithm, size: u64, keeping: &Keeping) -> Content {
    Content {
        size,
        etag: single_etag(&digests.md5, keeping),
        checksum: Some(Stored { algorithm, kind: Kind::FullObject, value: digests.of(algorithm).to_owned() }),
        parts: Vec::new(),
        blobs: Vec::new(),
    }
}

/// The MD5, or something that is not the MD5 where the service encrypts with a managed key.
pub(super) fn single_etag(md5: &[u8], keeping: &Keeping) -> String {
    if keeping.etag_is_md5() { HEXLOWER.encode(md5) } else { HEXLOWER.encode(&rand::random::<[u8; 16]>()) }
}

/// Applies the fault that inverts a stored byte.
pub(super) fn spoil(version: &Version, effects: Effects) -> S3Result<()> {
    let Some(mut offset) = effects.corrupt_stored else { return Ok(()) };
    for blob in &version.blobs {
        if offset < blob.reference().size {
            return Blobs::corrupt(blob, offset).map_err(|error| internal(&error));
        }
        offset -= blob.reference().size;
    }
    Ok(())
}

/// The version id that an answer shows: none in a bucket that never had versions.
pub(super) fn shown_version(version: &Version, versioned: bool) -> Option<String> {
    (versioned || version.record.version_id != NULL_VERSION).then(|| version.record.version_id.clone())
}

fn answer(version: &Version) -> PutObjectOutput {
    let keeping = &version.record.keeping;
    let mut output = PutObjectOutput {
        version_id: shown_version(version, false),
        server_side_encryption: Some(ServerSideEncryption::from(keeping.encryption_name())),
        ssekms_key_id: keeping.kms_key.clone(),
        ssekms_encryption_context: keeping.kms_context.clone(),
        bucket_key_enabled: keeping.bucket_key,
        ..PutObjectOutput::default()
    };
    if let Some(content) = &version.record.content {
        output.e_tag = Some(etag(&content.etag));
        if let Some(stored) = &content.checksum {
            output.checksum_type = Some(stored.kind.dto());
            set_checksums!(output, stored.dto());
        }
    }
    output
}
