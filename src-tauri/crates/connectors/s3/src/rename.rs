//! Moving: a copy, a proof that it is equal, and only then a deletion.

use async_trait::async_trait;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use futures::TryStreamExt as _;
use waybill_connector::{ConnectorError, Read as _, ReadOptions, Rename, Result, ServerCopy as _};
use waybill_model::{FailureKind, RemotePath, Sha256, Sha256Hasher, Stamp};

use crate::{
    answers::{Mark, bytes, md5_of_etag, plain_etag, sha256_of_answer},
    connector::S3,
    location::Location,
};

#[async_trait]
impl Rename for S3 {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        let receipt = self.copy(from, to, replace).await?;
        let (source, target) = (self.file("rename", from)?, self.file("rename", to)?);
        let before = self.looked_at(from, &source, None).await?;
        let version = Mark::version_of(receipt.version.as_deref());
        let after = self.looked_at(to, &target, version.as_deref()).await?;
        if !self.are_equal((from, &before), (to, &after)).await? {
            let message = "the copy differs from the file, or the file changed meanwhile; nothing was deleted";
            return Err(ConnectorError::new(FailureKind::Changed, "rename", message).at(from));
        }
        // Somebody may have written the old name since: Amazon deletes only what was copied, elsewhere a look comes first.
        let etag = before.e_tag.as_deref().map(plain_etag);
        let condition = etag.filter(|_| self.requests.config.is_amazon());
        let now = self.looked_at(from, &source, None).await?;
        if now.e_tag != before.e_tag || now.version_id != before.version_id {
            let message = "the file changed while it was moved; its copy is there and nothing was deleted";
            return Err(ConnectorError::new(FailureKind::Changed, "rename", message).at(from));
        }
        match self.requests.delete(&source, None, condition).await {
            Err(error) if error.kind == FailureKind::Denied => Err(self.held_or(error, &source, None).await.at(from)),
            answer => answer.map_err(|error| error.at(from)),
        }
    }
}

impl S3 {
    async fn looked_at(&self, path: &RemotePath, at: &Location, version: Option<&str>) -> Result<HeadObjectOutput> {
        let head = self.requests.head("rename", at, version, true).await.map_err(|error| error.at(path))?;
        head.ok_or_else(|| {
            ConnectorError::new(FailureKind::NotFound, "rename", "nothing is there under that name").at(path)
        })
    }

    /// Whether two objects hold the same bytes: by digests that the server vouches for, else by reading both.
    async fn are_equal(
        &self,
        one: (&RemotePath, &HeadObjectOutput),
        other: (&RemotePath, &HeadObjectOutput),
    ) -> Result<bool> {
        let (left, right) = (one.1, other.1);
        if bytes(left.content_length) != bytes(right.content_length) {
            return Ok(false);
        }
        if self.facts.proves_sha256()
            && let (Some((left, None)), Some((right, None))) = (whole_sha256(left), whole_sha256(right))
        {
            return Ok(left == right);
        }
        let md5 = |head: &HeadObjectOutput| {
            let known = self.etag_is_md5(head.server_side_encryption.as_ref());
            head.e_tag.as_deref().filter(|_| known).and_then(md5_of_etag)
        };
        if let (Some((left, None)), Some((right, None))) = (md5(left), md5(right)) {
            return Ok(left == right);
        }
        Ok(self.read_again(one.0, left).await? == self.read_again(other.0, right).await?)
    }

    async fn read_again(&self, path: &RemotePath, head: &HeadObjectOutput) -> Result<Sha256> {
        let stamp = Stamp {
            size: bytes(head.content_length),
            version: self.mark(head.version_id.as_deref(), head.e_tag.as_deref()),
            ..Stamp::default()
        };
        let body = self.read(path, ReadOptions { range: None, stamp: Some(stamp) }).await?;
        let hasher = body
            .try_fold(Sha256Hasher::default(), |mut hasher, piece| async move {
                hasher.update(&piece);
                Ok(hasher)
            })
            .await?;
        Ok(hasher.finish())
    }
}

fn whole_sha256(head: &HeadObjectOutput) -> Option<(Sha256, Option<u32>)> {
    head.checksum_sha256.as_deref().and_then(sha256_of_answer)
}
