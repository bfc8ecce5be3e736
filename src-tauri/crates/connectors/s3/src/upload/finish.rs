//! The end of an upload in parts: its receipts in order, what the finished object is, and what proves it.

use std::collections::BTreeMap;

use aws_sdk_s3::{
    operation::{complete_multipart_upload::CompleteMultipartUploadOutput, head_object::HeadObjectOutput},
    types::CompletedPart,
};
use bytes::Bytes;
use waybill_connector::{ConnectorError, Result, Write as _, WriteOptions, body_of};
use waybill_model::{FailureKind, Md5, PartReceipt, Proof, Receipt, Sha256, UploadSession};

use super::Handle;
use crate::{
    answers::{
        Mark, bytes as count, composite_md5, composite_sha256, md5_of_etag, millis, plain_etag, sha256_of_answer,
    },
    connector::S3,
    location::Location,
    write::SHA256_NAME,
};

impl S3 {
    /// Not every server takes a part without bytes: an empty file goes in one request, and the upload ends unused.
    pub(super) async fn finish_empty(
        &self,
        session: &UploadSession,
        at: &Location,
        handle: &Handle,
        options: WriteOptions,
    ) -> Result<Receipt> {
        // Asks first, so that an upload that is gone is told apart from one that was never finished.
        self.requests.parts(at, &handle.upload_id).await.map_err(|error| error.at(&session.path))?;
        let options = WriteOptions { replace: session.replace, sha256: Some(Sha256::of_nothing()), ..options };
        let receipt = self.write(&session.path, body_of(Bytes::new()), options).await?;
        self.requests.abort(at, &handle.upload_id).await.map_err(|error| error.at(&session.path))?;
        Ok(receipt)
    }

    /// What the finished object is: its size, its digest and its tag.
    pub(super) async fn settled(
        &self,
        session: &UploadSession,
        handle: &Handle,
        at: &Location,
        receipts: &[PartReceipt],
        answer: &CompleteMultipartUploadOutput,
        options: &WriteOptions,
    ) -> Result<Receipt> {
        let version = answer.version_id.as_deref().filter(|id| *id != "null" && self.offers(self.facts.versions));
        // Who may write but not look goes without; the answer to the upload has to do then.
        let head = self.requests.head("finish", at, version, true).await.ok().flatten();
        if let Some(head) = &head {
            let size = count(head.content_length);
            if size != session.size && Mark::of(None, head.e_tag.as_deref()) == Mark::of(None, answer.e_tag.as_deref())
            {
                let message = format!("the server holds {size} bytes of {} that were sent", session.size);
                return Err(ConnectorError::new(FailureKind::Truncated, "finish", message));
            }
        }
        let mut etag = answer.e_tag.as_deref();
        let encryption = head.as_ref().map_or(&answer.server_side_encryption, |head| &head.server_side_encryption);
        let mut remarks = self.not_as_asked(encryption.as_ref());
        if handle.odd {
            // Such a server names the finished object otherwise a moment later.
            etag = head.as_ref().and_then(|head| head.e_tag.as_deref()).or(etag);
            remarks.push(crate::words::WAS_LENIENT.english.to_owned());
        }
        let proof = self.proof_of_parts(receipts, answer, head.as_ref())?;
        if let Some(sha256) = options.sha256.filter(|_| !handle.sha256_in_metadata)
            && !self.tag(at, version, sha256).await
        {
            remarks.push(crate::words::LEDGER_ONLY.english.to_owned());
        }
        Ok(Receipt {
            size: session.size,
            version: self.mark(version, etag),
            etag: etag.map(plain_etag).map(str::to_owned),
            modified: head.as_ref().and_then(|head| head.last_modified.as_ref()).and_then(millis),
            proof,
            remarks,
        })
    }

    /// Compares the digest that the server has of the whole with the one made of our own parts.
    fn proof_of_parts(
        &self,
        receipts: &[PartReceipt],
        answer: &CompleteMultipartUploadOutput,
        head: Option<&HeadObjectOutput>,
    ) -> Result<Option<Proof>> {
        let same =
            |head: &&HeadObjectOutput| Mark::of(None, head.e_tag.as_deref()) == Mark::of(None, answer.e_tag.as_deref());
        let head = head.filter(same);
        let theirs = answer.checksum_sha256.as_deref().or_else(|| head?.checksum_sha256.as_deref());
        let ours: Option<Vec<Sha256>> = receipts.iter().map(|receipt| receipt.hash.sha256).collect();
        if let (Some((theirs, Some(parts))), Some(ours)) = (theirs.and_then(sha256_of_answer), ours) {
            let count = ours.len();
            if theirs != composite_sha256(ours) || parts as usize != count {
                return Err(self.other_bytes("finish"));
            }
            if self.facts.proves_sha256() {
                return Ok(Some(Proof::Sha256));
            }
        }
        let theirs = answer.e_tag.as_deref().and_then(md5_of_etag);
        let ours: Option<Vec<Md5>> = receipts.iter().map(|receipt| receipt.hash.md5).collect();
        let encryption = answer.server_side_encryption.as_ref().or_else(|| head?.server_side_encryption.as_ref());
        match (theirs, ours) {
            (Some((theirs, Some(_))), Some(ours)) if theirs == composite_md5(ours.iter().copied()) => {
                Ok(Some(Proof::Md5))
            }
            (Some((_, Some(_))), Some(_)) if self.etag_is_md5(encryption) && self.requests.config.is_amazon() => {
                Err(self.other_bytes("finish"))
            }
            _ => Ok(None),
        }
    }

    /// Puts the digest of the whole beside the object; false where that cannot be.
    async fn tag(&self, at: &Location, version: Option<&str>, sha256: Sha256) -> bool {
        if !self.offers(self.facts.tags) {
            return false;
        }
        let tags = BTreeMap::from([(SHA256_NAME.to_owned(), sha256.to_string())]);
        match self.requests.set_tags(at, version, &tags).await {
            Ok(()) => true,
            Err(error) => {
                tracing::debug!(kind = error.kind.as_str(), code = error.code, "the object keeps no tag");
                false
            }
        }
    }
}

/// All receipts in order, once each.
pub(super) fn in_order(session: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<PartReceipt>> {
    let by_number: BTreeMap<u32, &PartReceipt> = receipts.iter().map(|receipt| (receipt.number, receipt)).collect();
    let count = session.part_count();
    let ordered: Vec<PartReceipt> = (1..=count)
        .filter_map(|number| by_number.get(&number).copied())
        .filter(|receipt| (receipt.offset, receipt.length) == session.part_range(receipt.number))
        .cloned()
        .collect();
    if ordered.len() == count as usize && by_number.len() == ordered.len() {
        return Ok(ordered);
    }
    let message = format!("{} of {count} parts are there; the upload cannot be finished", ordered.len());
    Err(ConnectorError::new(FailureKind::Invalid, "finish", message).at(&session.path))
}

/// A receipt as the request to finish names it.
pub(super) fn completed(receipt: &PartReceipt, checksums: bool) -> CompletedPart {
    CompletedPart::builder()
        .part_number(i32::try_from(receipt.number).unwrap_or(i32::MAX))
        .e_tag(crate::answers::quoted_etag(&receipt.token))
        .set_checksum_sha256(receipt.hash.sha256.filter(|_| checksums).map(Sha256::to_base64))
        .build()
}
