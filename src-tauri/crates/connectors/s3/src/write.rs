//! A file in one request. Larger ones that come this way are cut into parts, so that memory stays bounded.

use async_trait::async_trait;
use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_sdk_s3::types::ServerSideEncryption;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, stream::FuturesUnordered};
use std::collections::BTreeMap;
use waybill_connector::{ByteStream, ConnectorError, Part, Result, ResumableUpload as _, Write, WriteOptions};
use waybill_model::{FailureKind, Md5, PartHash, Proof, Receipt, RemotePath, Sha256, Sha256Hasher};

use crate::{
    answers::{md5_of, md5_of_etag, plain_etag, sha256_of_answer},
    connector::{S3, SINGLE_WRITE_BYTES},
    location::Location,
    requests::PutRequest,
};

/// Under this name the SHA-256 of the whole is kept with the object, as metadata or as a tag.
pub(crate) const SHA256_NAME: &str = "waybill-sha256";

/// Hashing more than this leaves the other tasks of the thread waiting.
const HASH_INLINE_BYTES: usize = 1024 * 1024;

#[async_trait]
impl Write for S3 {
    async fn write(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let at = self.file("write", path)?;
        if options.size > SINGLE_WRITE_BYTES {
            return self.write_in_parts(path, body, options).await;
        }
        let bytes = gathered(body, options.size).await.map_err(|error| error.at(path))?;
        self.put_bytes(path, &at, bytes, &options).await.map_err(|error| error.at(path))
    }
}

impl S3 {
    async fn put_bytes(
        &self,
        path: &RemotePath,
        at: &Location,
        bytes: Bytes,
        options: &WriteOptions,
    ) -> Result<Receipt> {
        if !options.replace && self.facts.conditional_put != Some(true) {
            self.expect_nothing_at("write", path, at).await?;
        }
        let (sha256, md5) = self.digests(&bytes, options).await?;
        let request = PutRequest {
            bytes,
            sha256: self.facts.sends_checksums().then_some(sha256),
            only_new: !options.replace && self.facts.conditional_put != Some(false),
            metadata: metadata_of(options, Some(sha256)),
            ..PutRequest::of("write", at)
        };
        let answer = self.requests.put(&request).await?;
        Ok(Receipt {
            size: options.size,
            version: self.mark(answer.version_id.as_deref(), answer.e_tag.as_deref()),
            etag: answer.e_tag.as_deref().map(plain_etag).map(str::to_owned),
            modified: None,
            proof: self.proof_of_put(&answer, sha256, md5)?,
            remarks: self.not_as_asked(answer.server_side_encryption.as_ref()),
        })
    }

    /// Fails with `AlreadyExists` where a file has that key.
    pub(crate) async fn expect_nothing_at(
        &self,
        operation: &'static str,
        path: &RemotePath,
        at: &Location,
    ) -> Result<()> {
        match self.requests.head(operation, at, None, false).await {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err(already_there(operation).at(path)),
            // Who may write but not look relies on the condition alone.
            Err(error) if error.kind == FailureKind::Denied && self.facts.conditional_put != Some(false) => Ok(()),
            Err(error) => Err(error.at(path)),
        }
    }

    /// SHA-256 always; MD5 too where the server's word on a SHA-256 is no proof. There the announced SHA-256 is compared
    /// here, because nobody else does.
    async fn digests(&self, bytes: &Bytes, options: &WriteOptions) -> Result<(Sha256, Option<Md5>)> {
        let announced = options.sha256;
        let make = {
            let (bytes, enforced) = (bytes.clone(), self.facts.proves_sha256());
            move || match announced {
                Some(sha256) if enforced => (sha256, None),
                _ => (Sha256::of(&bytes), (!enforced).then(|| md5_of(&bytes))),
            }
        };
        let small = bytes.len() <= HASH_INLINE_BYTES || self.facts.proves_sha256() && announced.is_some();
        let (sha256, md5) = if small {
            make()
        } else {
            tokio::task::spawn_blocking(make).await.map_err(|error| {
                ConnectorError::new(FailureKind::Vendor, "write", "hashing was interrupted").caused_by(error)
            })?
        };
        if announced.is_some_and(|announced| announced != sha256) {
            let message = "the bytes are not those whose SHA-256 was announced; nothing was stored";
            return Err(ConnectorError::new(FailureKind::ChecksumMismatch, "write", message));
        }
        Ok((sha256, md5))
    }

    fn proof_of_put(&self, answer: &PutObjectOutput, sha256: Sha256, md5: Option<Md5>) -> Result<Option<Proof>> {
        if let Some((theirs, None)) = answer.checksum_sha256.as_deref().and_then(sha256_of_answer)
            && theirs != sha256
        {
            return Err(self.other_bytes("write"));
        }
        if self.facts.proves_sha256() {
            return Ok(Some(Proof::Sha256));
        }
        let theirs = answer.e_tag.as_deref().and_then(md5_of_etag);
        match (theirs, md5) {
            (Some((theirs, None)), Some(ours)) if theirs == ours => Ok(Some(Proof::Md5)),
            (Some((_, None)), Some(_)) if self.etag_is_md5(answer.server_side_encryption.as_ref()) => {
                Err(self.other_bytes("write"))
            }
            _ => Ok(None),
        }
    }

    /// Whether an `ETag` that looks like an MD5 is one: promised by Amazon but for KMS, tried out elsewhere.
    pub(crate) fn etag_is_md5(&self, encryption: Option<&ServerSideEncryption>) -> bool {
        let kms = matches!(encryption, Some(ServerSideEncryption::AwsKms | ServerSideEncryption::AwsKmsDsse));
        let known = self.facts.etag_is_md5.unwrap_or_else(|| self.requests.config.is_amazon());
        known && !kms
    }

    pub(crate) fn other_bytes(&self, operation: &'static str) -> ConnectorError {
        let message =
            format!("{} holds other bytes than were sent; something on the way changed them", self.requests.place.host);
        ConnectorError::new(FailureKind::ChecksumMismatch, operation, message)
    }

    /// The whole of a large body, part after part, and nothing left behind where it fails.
    async fn write_in_parts(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let session = self.begin(path, options.clone()).await?;
        let sent = self.send_parts(&session, body).await;
        let finished = match sent {
            Ok((receipts, whole)) => {
                let sha256 = options.sha256.or(Some(whole));
                self.finish(&session, &receipts, WriteOptions { sha256, ..options }).await
            }
            Err(error) => Err(error),
        };
        if finished.is_err() {
            // The first error is the one to tell; what is left behind is listed among the unfinished uploads.
            drop(self.abort(&session).await);
        }
        finished.map_err(|error| error.at(path))
    }

    async fn send_parts(
        &self,
        session: &waybill_model::UploadSession,
        mut body: ByteStream,
    ) -> Result<(Vec<waybill_model::PartReceipt>, Sha256)> {
        let plan = self.plan(session.size);
        let mut under_way = FuturesUnordered::new();
        let mut receipts = Vec::new();
        let mut left = Bytes::new();
        let mut whole = Sha256Hasher::default();
        for number in 1..=session.part_count() {
            let (offset, length) = session.part_range(number);
            let bytes = take(&mut body, &mut left, length).await?;
            whole.update(&bytes);
            let hash = PartHash {
                sha256: plan.hashes.sha256.then(|| Sha256::of(&bytes)),
                md5: plan.hashes.md5.then(|| md5_of(&bytes)),
            };
            if under_way.len() >= plan.parallel as usize {
                receipts.extend(under_way.next().await.transpose()?);
            }
            under_way.push(self.put_part(session, Part { number, offset, bytes, hash, prefix_sha256: whole.so_far() }));
        }
        if !left.is_empty() || next_piece(&mut body).await?.is_some() {
            return Err(too_many(session.size));
        }
        while let Some(receipt) = under_way.next().await {
            receipts.push(receipt?);
        }
        Ok((receipts, whole.finish()))
    }
}

pub(crate) fn already_there(operation: &'static str) -> ConnectorError {
    ConnectorError::new(FailureKind::AlreadyExists, operation, "something with that name is already there")
}

/// What is kept with the object from the start.
pub(crate) fn metadata_of(options: &WriteOptions, sha256: Option<Sha256>) -> BTreeMap<String, String> {
    let mut metadata = BTreeMap::new();
    if let Some(sha256) = sha256 {
        metadata.insert(SHA256_NAME.to_owned(), sha256.to_string());
    }
    if let Some(modified) = options.modified {
        // Seconds, as rclone reads and writes them.
        let (sign, ms) = (if modified.0 < 0 { "-" } else { "" }, modified.0.unsigned_abs());
        let text = format!("{sign}{}.{:03}", ms / 1000, ms % 1000);
        metadata.insert("mtime".to_owned(), text);
    }
    metadata
}

fn too_few(got: u64, size: u64) -> ConnectorError {
    let message = format!("the source ended after {got} of {size} bytes; nothing was stored");
    ConnectorError::new(FailureKind::Truncated, "write", message)
}

fn too_many(size: u64) -> ConnectorError {
    let message =
        format!("the source has more than the {size} bytes that it had when it was looked at; nothing was stored");
    ConnectorError::new(FailureKind::Changed, "write", message)
}

async fn next_piece(body: &mut ByteStream) -> Result<Option<Bytes>> {
    while let Some(piece) = body.next().await {
        let piece = piece?;
        if !piece.is_empty() {
            return Ok(Some(piece));
        }
    }
    Ok(None)
}

/// The whole body, which has to have exactly `size` bytes. One piece is passed on without a copy.
async fn gathered(mut body: ByteStream, size: u64) -> Result<Bytes> {
    let mut left = Bytes::new();
    let bytes = take(&mut body, &mut left, size).await?;
    if left.is_empty() && next_piece(&mut body).await?.is_none() { Ok(bytes) } else { Err(too_many(size)) }
}

/// The next `length` bytes; what comes beyond them stays in `left`.
async fn take(body: &mut ByteStream, left: &mut Bytes, length: u64) -> Result<Bytes> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if left.is_empty() && length > 0 {
        *left = next_piece(body).await?.ok_or_else(|| too_few(0, length as u64))?;
    }
    if left.len() >= length {
        return Ok(left.split_to(length));
    }
    let mut bytes = BytesMut::with_capacity(length);
    bytes.extend_from_slice(left);
    left.clear();
    while bytes.len() < length {
        let mut piece = next_piece(body).await?.ok_or_else(|| too_few(bytes.len() as u64, length as u64))?;
        let now = piece.split_to(piece.len().min(length - bytes.len()));
        bytes.extend_from_slice(&now);
        *left = piece;
    }
    Ok(bytes.freeze())
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use rstest::rstest;
    use waybill_model::Millis;

    use super::*;

    fn body(pieces: &[&'static str]) -> ByteStream {
        Box::pin(stream::iter(pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect::<Vec<_>>()))
    }

    #[rstest]
    #[case(&["abc"], 3, Ok("abc"))]
    #[case(&["a", "", "bc"], 3, Ok("abc"))]
    #[case(&[], 0, Ok(""))]
    #[case(&["ab"], 3, Err(FailureKind::Truncated))]
    #[case(&[], 1, Err(FailureKind::Truncated))]
    #[case(&["abcd"], 3, Err(FailureKind::Changed))]
    #[case(&["ab", "cd"], 3, Err(FailureKind::Changed))]
    #[case(&["abc", "d"], 3, Err(FailureKind::Changed))]
    #[case(&["a"], 0, Err(FailureKind::Changed))]
    #[tokio::test]
    async fn exactly_the_announced_bytes_are_taken(
        #[case] pieces: &[&'static str],
        #[case] size: u64,
        #[case] expected: std::result::Result<&'static str, FailureKind>,
    ) {
        let bytes = gathered(body(pieces), size).await.map_err(|error| error.kind);
        assert_eq!(bytes, expected.map(|text| Bytes::from_static(text.as_bytes())));
    }

    #[tokio::test]
    async fn a_body_of_one_piece_is_not_copied() {
        let bytes = Bytes::from(vec![1, 2, 3]);
        let taken = gathered(waybill_connector::body_of(bytes.clone()), 3).await.unwrap();
        assert_eq!(taken.as_ptr(), bytes.as_ptr());
    }

    #[tokio::test]
    async fn what_comes_beyond_a_part_belongs_to_the_next() {
        let (mut body, mut left) = (body(&["abcd", "e"]), Bytes::new());
        assert_eq!(take(&mut body, &mut left, 2).await.unwrap(), "ab");
        assert_eq!(take(&mut body, &mut left, 3).await.unwrap(), "cde");
    }

    #[test]
    fn the_sources_time_is_kept_as_rclone_keeps_it() {
        let options = WriteOptions { modified: Some(Millis(-1)), ..WriteOptions::default() };
        assert_eq!(metadata_of(&options, None)["mtime"], "-0.001");
        let options = WriteOptions { modified: Some(Millis(1_500)), ..WriteOptions::default() };
        assert_eq!(metadata_of(&options, None)["mtime"], "1.500");
    }
}
