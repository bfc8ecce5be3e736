//! Earlier versions and the marks that say *deleted*.

use std::cmp::Reverse;

use async_trait::async_trait;
use aws_sdk_s3::{operation::list_object_versions::ListObjectVersionsOutput, types::EncodingType};
use waybill_connector::{ConnectorError, ObjectVersion, Result, Versions};
use waybill_model::{FailureKind, Receipt, RemotePath};

use crate::{
    answers::{Mark, bytes, decoded_key, millis},
    connector::S3,
    requests::CopySource,
};

/// A version of some key.
pub(crate) struct KeyVersion {
    pub(crate) key: String,
    pub(crate) version: ObjectVersion,
}

#[async_trait]
impl Versions for S3 {
    async fn versions(&self, path: &RemotePath) -> Result<Vec<ObjectVersion>> {
        let at = self.file("versions", path)?;
        let mut versions = Vec::new();
        let mut after = None;
        loop {
            let answer =
                self.requests.versions("versions", &at, after.as_ref()).await.map_err(|error| error.at(path))?;
            let page = versions_of(&answer);
            // Keys come in order: once a longer one was seen, the rest of this one is through.
            let beyond = page.iter().any(|found| found.key != at.key);
            versions.extend(page.into_iter().filter(|found| found.key == at.key).map(|found| found.version));
            match next_page(&answer) {
                Some(next) if !beyond && after.as_ref() != Some(&next) => after = Some(next),
                _ => break,
            }
        }
        versions.sort_by_key(|version| (Reverse(version.latest), Reverse(version.modified)));
        Ok(versions)
    }

    async fn restore(&self, path: &RemotePath, id: &str) -> Result<Receipt> {
        let at = self.file("restore", path)?;
        let version = Mark::version_of(Some(id));
        let source = CopySource { at, version, etag: None };
        self.copy_object(path, source, path, true).await.map_err(|error| match error.kind {
            FailureKind::Unsupported => {
                let message = "this version has no bytes that could be restored: it is a mark that says deleted";
                ConnectorError::new(FailureKind::Invalid, "restore", message).at(path).caused_by(error)
            }
            _ => error,
        })
    }

    async fn delete_version(&self, path: &RemotePath, id: &str) -> Result<()> {
        let at = self.file("delete_version", path)?;
        self.remove(path, &at, Mark::version_of(Some(id)).as_deref()).await
    }
}

/// Versions and delete marks of a page, each with its key.
pub(crate) fn versions_of(answer: &ListObjectVersionsOutput) -> Vec<KeyVersion> {
    let url = answer.encoding_type == Some(EncodingType::Url);
    let decode = |key: &str| if url { decoded_key(key) } else { Some(key.to_owned()) };
    let stored = answer.versions.as_deref().unwrap_or_default().iter().filter_map(|version| {
        Some(KeyVersion {
            key: decode(version.key.as_deref()?)?,
            version: ObjectVersion {
                id: format!("v:{}", version.version_id.as_deref()?),
                number: None,
                size: bytes(version.size),
                modified: version.last_modified.as_ref().and_then(millis),
                latest: version.is_latest == Some(true),
                deleted: false,
            },
        })
    });
    let deleted = answer.delete_markers.as_deref().unwrap_or_default().iter().filter_map(|mark| {
        Some(KeyVersion {
            key: decode(mark.key.as_deref()?)?,
            version: ObjectVersion {
                id: format!("v:{}", mark.version_id.as_deref()?),
                number: None,
                size: 0,
                modified: mark.last_modified.as_ref().and_then(millis),
                latest: mark.is_latest == Some(true),
                deleted: true,
            },
        })
    });
    stored.chain(deleted).collect()
}

/// Where the next page begins.
pub(crate) fn next_page(answer: &ListObjectVersionsOutput) -> Option<(String, String)> {
    if answer.is_truncated != Some(true) {
        return None;
    }
    let url = answer.encoding_type == Some(EncodingType::Url);
    let key = answer.next_key_marker.as_deref()?;
    let key = if url { decoded_key(key)? } else { key.to_owned() };
    Some((key, answer.next_version_id_marker.clone().unwrap_or_default()))
}
