//! What the server vouches for: only what it was seen to enforce, or computes itself.

use async_trait::async_trait;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use waybill_connector::{Checksums, ConnectorError, Result, Vouched};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    answers::{Mark, bytes, md5_of_etag, plain_etag, sha256_of_answer},
    connector::S3,
    location::Location,
    upload::PART_SIZE_NAME,
};

/// Up to so many parts are asked for their sizes one by one; beyond, reading the object again is the better proof.
const MOST_PARTS_ASKED: u32 = 256;

/// Questions on their way at once.
const ASKED_AT_ONCE: usize = 8;

#[async_trait]
impl Checksums for S3 {
    async fn vouched(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Vouched>> {
        let at = self.file("checksums", path)?;
        let mark = version.map(Mark::parse);
        let id = Mark::version_of(version);
        let head = self.requests.head("checksums", &at, id.as_deref(), true).await.map_err(|error| error.at(path))?;
        let Some(head) = head else {
            let message = "nothing is there under that name";
            return Err(ConnectorError::new(FailureKind::NotFound, "checksums", message).at(path));
        };
        if let (Some(Mark::ETag(wanted)), Some(given)) = (&mark, head.e_tag.as_deref())
            && wanted != plain_etag(given)
        {
            let message = "the file changed: it is another revision than the one that was asked about";
            return Err(ConnectorError::new(FailureKind::Changed, "checksums", message).at(path));
        }
        let vouched = match self.vouched_sha256(&at, id.as_deref(), &head).await? {
            Some(vouched) => Some(vouched),
            None => self.vouched_md5(&at, id.as_deref(), &head).await?,
        };
        Ok(vouched)
    }
}

impl S3 {
    async fn vouched_sha256(
        &self,
        at: &Location,
        id: Option<&str>,
        head: &HeadObjectOutput,
    ) -> Result<Option<Vouched>> {
        if !self.facts.proves_sha256() {
            return Ok(None);
        }
        let Some((digest, parts)) = head.checksum_sha256.as_deref().and_then(sha256_of_answer) else {
            return Ok(None);
        };
        let Some(parts) = parts else { return Ok(Some(Vouched::Sha256(digest))) };
        let sizes = self.part_sizes(at, id, head, parts).await?;
        Ok(sizes.map(|sizes| Vouched::Sha256Parts { composite: digest, sizes }))
    }

    async fn vouched_md5(&self, at: &Location, id: Option<&str>, head: &HeadObjectOutput) -> Result<Option<Vouched>> {
        if !self.etag_is_md5(head.server_side_encryption.as_ref()) || head.sse_customer_algorithm.is_some() {
            return Ok(None);
        }
        let Some((digest, parts)) = head.e_tag.as_deref().and_then(md5_of_etag) else { return Ok(None) };
        let Some(parts) = parts else { return Ok(Some(Vouched::Md5(digest))) };
        let sizes = self.part_sizes(at, id, head, parts).await?;
        Ok(sizes.map(|sizes| Vouched::Md5Parts { composite: digest, sizes }))
    }

    /// The size of each part, or `None` where it cannot be known for certain.
    async fn part_sizes(
        &self,
        at: &Location,
        id: Option<&str>,
        head: &HeadObjectOutput,
        parts: u32,
    ) -> Result<Option<Vec<u64>>> {
        let size = bytes(head.content_length);
        if parts == 1 {
            return Ok(Some(vec![size]));
        }
        if let Some(sizes) = noted_sizes(head, size, parts) {
            return Ok(Some(sizes));
        }
        if let Some(sizes) = self.asked_sizes(at, id, parts).await?.filter(|sizes| fits(sizes, size, parts)) {
            return Ok(Some(sizes));
        }
        // Servers that do not know the question answer it with the whole object: Garage does.
        if !self.requests.config.is_amazon() {
            return Ok(None);
        }
        let sizes = self.listed_sizes(at, id, parts).await?;
        Ok(sizes.filter(|sizes| fits(sizes, size, parts)))
    }

    async fn listed_sizes(&self, at: &Location, id: Option<&str>, parts: u32) -> Result<Option<Vec<u64>>> {
        let answer = match self.requests.attributes(at, id).await {
            Ok(answer) => answer,
            Err(error) if unavailable(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(listed) = answer.and_then(|answer| answer.object_parts) else { return Ok(None) };
        if listed.is_truncated == Some(true) {
            return Ok(None);
        }
        let mut sizes: Vec<_> =
            listed.parts.unwrap_or_default().iter().map(|part| (part.part_number, bytes(part.size))).collect();
        sizes.sort_unstable();
        let numbered = sizes.iter().map(|(number, _)| *number).eq((1..=parts).map(|n| i32::try_from(n).ok()));
        Ok(numbered.then(|| sizes.into_iter().map(|(_, size)| size).collect()))
    }

    async fn asked_sizes(&self, at: &Location, id: Option<&str>, parts: u32) -> Result<Option<Vec<u64>>> {
        if parts > MOST_PARTS_ASKED {
            return Ok(None);
        }
        let asked = stream::iter(1..=parts)
            .map(|number| async move {
                let number = i32::try_from(number).unwrap_or(i32::MAX);
                let head = self.requests.head_part("checksums", at, id, false, Some(number)).await?;
                // A server that ignores the number answers the whole, without a count.
                let counted = head.filter(|head| head.parts_count == i32::try_from(parts).ok());
                Ok(counted.map(|head| bytes(head.content_length)))
            })
            .buffered(ASKED_AT_ONCE)
            .try_collect::<Vec<Option<u64>>>()
            .await;
        match asked {
            Ok(sizes) => Ok(sizes.into_iter().collect()),
            Err(error) if unavailable(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether the server only lacks the question, or the right to ask it.
fn unavailable(error: &ConnectorError) -> bool {
    matches!(
        error.kind,
        FailureKind::Unsupported
            | FailureKind::Denied
            | FailureKind::Invalid
            | FailureKind::NotFound
            | FailureKind::Truncated
    )
}

/// The sizes that an upload of this desk noted in the object's metadata, if they still fit it.
fn noted_sizes(head: &HeadObjectOutput, size: u64, parts: u32) -> Option<Vec<u64>> {
    let noted: u64 = head.metadata.as_ref()?.get(PART_SIZE_NAME)?.parse().ok()?;
    (noted > 0 && size.div_ceil(noted) == u64::from(parts))
        .then(|| (0..u64::from(parts)).map(|index| noted.min(size - index * noted)).collect())
}

fn fits(sizes: &[u64], size: u64, parts: u32) -> bool {
    sizes.len() == parts as usize && sizes.iter().sum::<u64>() == size
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("10", 25, 3, Some(vec![10, 10, 5]))]
    #[case("10", 20, 2, Some(vec![10, 10]))]
    #[case("10", 25, 2, None)]
    #[case("0", 25, 3, None)]
    #[case("many", 25, 3, None)]
    fn noted_part_sizes_count_only_where_they_fit_the_object(
        #[case] noted: &str,
        #[case] size: u64,
        #[case] parts: u32,
        #[case] expected: Option<Vec<u64>>,
    ) {
        let head = HeadObjectOutput::builder().metadata(PART_SIZE_NAME, noted).build();
        assert_eq!(noted_sizes(&head, size, parts), expected);
    }

    #[test]
    fn sizes_that_do_not_add_up_are_no_sizes() {
        assert!(fits(&[10, 5], 15, 2));
        assert!(!fits(&[10, 5], 16, 2));
        assert!(!fits(&[15], 15, 2));
    }
}
