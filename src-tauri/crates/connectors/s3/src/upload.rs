//! A file in parts that survive a crash: S3's multipart upload. What its end means stands in `finish`.

mod finish;

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_s3::types::Part as StoredPart;
use serde::{Deserialize, Serialize};
use waybill_connector::{ConnectorError, HashNeeds, Part, PartPlan, Result, ResumableUpload, WriteOptions};
use waybill_model::{FailureKind, PartReceipt, Receipt, RemotePath, SESSION_VERSION, Sha256, UploadSession};

use crate::{
    answers::{bytes as count, md5_of_etag, plain_etag},
    connector::{MAX_PART_BYTES, S3},
    location::Location,
    requests::{CompleteRequest, CreateRequest, PartRequest},
    write::metadata_of,
};

use finish::{completed, in_order};

/// Most parts that one upload may have.
pub(crate) const MAX_PARTS: u32 = 10_000;

/// Under this name the size of the parts is kept with the object, so that its composite can be checked later.
pub(crate) const PART_SIZE_NAME: &str = "waybill-part-size";

const MIB: u64 = 1024 * 1024;

/// Bytes of each part, until 10,000 of them are too few.
const PART_BYTES: u64 = 8 * MIB;

/// Parts on their way at once, as long as they are small.
const PARALLEL_PARTS: u64 = 6;

/// Bytes that may be on their way at once, one part at least.
const IN_FLIGHT_BYTES: u64 = 48 * MIB;

/// What is kept of an upload in `UploadSession::handle`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Handle {
    upload_id: String,
    /// Whether the parts carry a SHA-256.
    checksums: bool,
    /// Whether the SHA-256 of the whole already stands in the object's metadata.
    sha256_in_metadata: bool,
    /// Whether the server's answer was not standard.
    #[serde(default)]
    odd: bool,
    /// The bucket and the key that it was begun for.
    #[serde(default)]
    at: Option<Location>,
}

impl Handle {
    fn of(operation: &'static str, session: &UploadSession) -> Result<Self> {
        let usable = serde_json::from_value(session.handle.clone()).ok().filter(|_| session.version == SESSION_VERSION);
        usable.ok_or_else(|| {
            let message = "the upload was begun by another version of this program; it has to be sent anew";
            ConnectorError::new(FailureKind::NotFound, operation, message).at(&session.path)
        })
    }
}

#[async_trait]
impl ResumableUpload for S3 {
    fn plan(&self, size: u64) -> PartPlan {
        let part_size = part_size(size);
        let parallel = (IN_FLIGHT_BYTES / part_size).clamp(1, PARALLEL_PARTS);
        PartPlan {
            part_size,
            parallel: u32::try_from(parallel).unwrap_or(1),
            hashes: HashNeeds { sha256: self.facts.sends_checksums(), md5: !self.facts.proves_sha256() },
        }
    }

    async fn begin(&self, path: &RemotePath, options: WriteOptions) -> Result<UploadSession> {
        let at = self.file("begin", path)?;
        let limit = u64::from(MAX_PARTS) * MAX_PART_BYTES;
        if options.size > limit {
            let message = format!("the file has {} bytes, S3 takes {limit}", options.size);
            return Err(ConnectorError::new(FailureKind::TooLarge, "begin", message)
                .at(path)
                .with("limit", limit.to_string()));
        }
        if !options.replace {
            self.expect_nothing_at("begin", path, &at).await?;
        }
        let part_size = part_size(options.size);
        let mut metadata = metadata_of(&options, options.sha256);
        metadata.insert(PART_SIZE_NAME.to_owned(), part_size.to_string());
        let request = CreateRequest { checksums: self.facts.sends_checksums(), metadata, ..CreateRequest::of(&at) };
        let created = self.requests.create(&request).await.map_err(|error| error.at(path))?;
        let handle = Handle {
            upload_id: created.id,
            checksums: request.checksums,
            sha256_in_metadata: options.sha256.is_some(),
            odd: created.odd,
            at: Some(at),
        };
        Ok(UploadSession {
            version: SESSION_VERSION,
            path: path.clone(),
            size: options.size,
            part_size,
            replace: options.replace,
            handle: serde_json::to_value(handle).map_err(|error| {
                ConnectorError::new(FailureKind::Vendor, "begin", "the upload's handle cannot be kept").caused_by(error)
            })?,
        })
    }

    async fn put_part(&self, session: &UploadSession, part: Part) -> Result<PartReceipt> {
        let handle = Handle::of("put_part", session)?;
        let at = self.begun_at("put_part", session, &handle)?;
        let length = part.bytes.len() as u64;
        if session.size == 0 {
            return Ok(empty_part(&part));
        }
        let request = PartRequest {
            at: &at,
            id: &handle.upload_id,
            number: part.number,
            bytes: part.bytes,
            sha256: part.hash.sha256.filter(|_| handle.checksums),
        };
        let answer = match self.requests.put_part(&request).await {
            Ok(answer) => answer,
            // A server that knows of no such upload may say so before it has read the part, and close: its words are
            // then lost with the connection.
            Err(error) if error.kind == FailureKind::Unreachable => {
                return Err(self.unless_gone(&handle, &at, error).await.at(&session.path));
            }
            Err(error) => return Err(error.at(&session.path)),
        };
        let theirs = answer.checksum_sha256.as_deref().and_then(Sha256::from_base64);
        let md5 = answer.e_tag.as_deref().and_then(md5_of_etag).map(|(md5, _)| md5);
        let other_sha256 = theirs.zip(part.hash.sha256).is_some_and(|(theirs, ours)| theirs != ours);
        let other_md5 = self.etag_is_md5(answer.server_side_encryption.as_ref())
            && md5.zip(part.hash.md5).is_some_and(|(theirs, ours)| theirs != ours);
        if other_sha256 || other_md5 {
            return Err(self.other_bytes("put_part").at(&session.path));
        }
        Ok(PartReceipt {
            number: part.number,
            offset: part.offset,
            length,
            hash: part.hash,
            prefix_sha256: part.prefix_sha256,
            token: answer.e_tag.as_deref().map(plain_etag).unwrap_or_default().to_owned(),
        })
    }

    async fn held(&self, session: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<u32>> {
        let handle = Handle::of("held", session)?;
        let at = self.begun_at("held", session, &handle)?;
        let stored = self.requests.parts(&at, &handle.upload_id).await.map_err(|error| error.at(&session.path))?;
        let by_number: BTreeMap<_, _> =
            stored.iter().filter_map(|part| Some((u32::try_from(part.part_number?).ok()?, part))).collect();
        let proved = |receipt: &&PartReceipt| {
            session.size == 0 || by_number.get(&receipt.number).is_some_and(|part| self.is_proved(part, receipt))
        };
        Ok(receipts.iter().filter(proved).map(|receipt| receipt.number).collect())
    }

    async fn finish(
        &self,
        session: &UploadSession,
        receipts: &[PartReceipt],
        options: WriteOptions,
    ) -> Result<Receipt> {
        let handle = Handle::of("finish", session)?;
        let at = self.begun_at("finish", session, &handle)?;
        let receipts = in_order(session, receipts)?;
        if !session.replace && self.facts.conditional_complete != Some(true) {
            self.expect_nothing_at("finish", &session.path, &at).await?;
        }
        if session.size == 0 {
            return self.finish_empty(session, &at, &handle, options).await;
        }
        let request = CompleteRequest {
            at: &at,
            id: &handle.upload_id,
            parts: receipts.iter().map(|receipt| completed(receipt, handle.checksums)).collect(),
            size: session.size,
            only_new: !session.replace && self.facts.conditional_complete != Some(false),
        };
        let answer = match self.requests.complete(&request).await {
            Ok(answer) => answer,
            Err(error) if error.kind == FailureKind::AlreadyExists => {
                // The name may be taken by this very upload, whose answer was lost.
                return Err(self.unless_gone(&handle, &at, error).await.at(&session.path));
            }
            Err(error) => return Err(error.at(&session.path)),
        };
        self.settled(session, &handle, &at, &receipts, &answer, &options).await.map_err(|error| error.at(&session.path))
    }

    async fn abort(&self, session: &UploadSession) -> Result<()> {
        // A handle that cannot be read names nothing that could be freed.
        let Ok(handle) = Handle::of("abort", session) else { return Ok(()) };
        // It is freed where it was begun, wherever the connection leads now.
        let at = handle.at.clone().map_or_else(|| self.file("abort", &session.path), Ok)?;
        self.requests.abort(&at, &handle.upload_id).await.map_err(|error| error.at(&session.path))
    }
}

impl S3 {
    /// Where an upload was begun. It stays in its bucket: a connection whose path leads elsewhere by now has not begun it.
    fn begun_at(&self, operation: &'static str, session: &UploadSession, handle: &Handle) -> Result<Location> {
        let now = self.file(operation, &session.path)?;
        if handle.at.as_ref().is_none_or(|begun| *begun == now) {
            return Ok(now);
        }
        let message = "the upload was begun for another bucket or folder than the connection has now; it has to be \
                       sent anew";
        Err(ConnectorError::new(FailureKind::NotFound, operation, message).at(&session.path))
    }

    /// Whether a stored part is the receipt's: it still has the token that was given for those bytes, and a digest
    /// says so, or the server was seen refusing bytes that do not fit theirs.
    fn is_proved(&self, part: &StoredPart, receipt: &PartReceipt) -> bool {
        let etag = part.e_tag.as_deref().map(plain_etag).unwrap_or_default();
        if count(part.size) != receipt.length || etag != receipt.token || etag.is_empty() {
            return false;
        }
        let theirs = part.checksum_sha256.as_deref().and_then(Sha256::from_base64);
        let sha256 = theirs.zip(receipt.hash.sha256).map(|(theirs, ours)| theirs == ours);
        let md5 = md5_of_etag(etag).zip(receipt.hash.md5).map(|((theirs, _), ours)| theirs == ours);
        match (sha256, md5) {
            (Some(false), _) => false,
            _ if self.facts.proves_sha256() && receipt.hash.sha256.is_some() => true,
            (_, Some(same)) => same,
            (_, None) => false,
        }
    }

    /// The error, or that the upload is not there any more.
    async fn unless_gone(&self, handle: &Handle, at: &Location, error: ConnectorError) -> ConnectorError {
        match self.requests.parts(at, &handle.upload_id).await {
            Err(gone) if gone.kind == FailureKind::NotFound => gone,
            _ => error,
        }
    }
}

/// Parts of 16 MiB, larger ones where 10,000 would not hold the file.
fn part_size(size: u64) -> u64 {
    let needed = size.div_ceil(u64::from(MAX_PARTS));
    PART_BYTES.max(needed.div_ceil(MIB) * MIB).min(MAX_PART_BYTES)
}

/// The only part of an empty file: nothing is sent for it.
fn empty_part(part: &Part) -> PartReceipt {
    PartReceipt {
        number: part.number,
        offset: part.offset,
        length: 0,
        hash: part.hash,
        prefix_sha256: part.prefix_sha256,
        token: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, 8 * MIB)]
    #[case(80_000 * MIB, 8 * MIB)]
    #[case(80_000 * MIB + 1, 9 * MIB)]
    #[case(MAX_PART_BYTES * 10_000, MAX_PART_BYTES)]
    fn parts_grow_with_the_file(#[case] size: u64, #[case] expected: u64) {
        assert_eq!(part_size(size), expected);
        assert!(size.div_ceil(expected) <= u64::from(MAX_PARTS), "10,000 parts hold the file");
    }

    fn session() -> UploadSession {
        UploadSession {
            version: SESSION_VERSION,
            path: RemotePath::new("/a"),
            size: 25,
            part_size: 10,
            replace: true,
            handle: serde_json::json!({"upload_id": "7", "checksums": true, "sha256_in_metadata": false}),
        }
    }

    fn receipt(number: u32) -> PartReceipt {
        let (offset, length) = session().part_range(number);
        PartReceipt {
            number,
            offset,
            length,
            hash: waybill_model::PartHash::default(),
            prefix_sha256: Sha256::of_nothing(),
            token: number.to_string(),
        }
    }

    #[test]
    fn receipts_in_any_order_make_the_object_in_its_own() {
        let ordered = in_order(&session(), &[receipt(3), receipt(1), receipt(2)]).unwrap();
        assert_eq!(ordered.iter().map(|receipt| receipt.number).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[rstest]
    #[case(&[receipt(1), receipt(3)])]
    #[case(&[receipt(1), receipt(2), PartReceipt { length: 4, ..receipt(3) }])]
    #[case(&[receipt(1), receipt(2), receipt(3), receipt(4)])]
    fn an_upload_with_a_part_missing_short_or_too_many_is_not_finished(#[case] receipts: &[PartReceipt]) {
        assert_eq!(in_order(&session(), receipts).unwrap_err().kind, FailureKind::Invalid);
    }

    #[test]
    fn a_session_of_another_version_is_gone() {
        let later = UploadSession { version: SESSION_VERSION + 1, ..session() };
        assert_eq!(Handle::of("held", &later).unwrap_err().kind, FailureKind::NotFound);
        assert_eq!(Handle::of("held", &session()).unwrap().upload_id, "7");
    }
}
