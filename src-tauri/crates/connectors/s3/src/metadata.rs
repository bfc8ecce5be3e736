//! What travels with an object, and its tags.

use std::collections::BTreeMap;

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Metadata, MetadataSet, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{answers::Mark, connector::S3, location::Location};

#[async_trait]
impl Metadata for S3 {
    async fn metadata(&self, path: &RemotePath, version: Option<&str>) -> Result<MetadataSet> {
        let at = self.file("metadata", path)?;
        let id = Mark::version_of(version);
        let head = self.requests.head("metadata", &at, id.as_deref(), false).await.map_err(|error| error.at(path))?;
        let Some(head) = head else {
            let message = "nothing is there under that name";
            return Err(ConnectorError::new(FailureKind::NotFound, "metadata", message).at(path));
        };
        let tags = self.tags_of(&at, id.as_deref()).await.map_err(|error| error.at(path))?;
        Ok(MetadataSet {
            metadata: head.metadata.unwrap_or_default().into_iter().collect(),
            tags_hidden: tags.is_none(),
            tags: tags.unwrap_or_default(),
            content_type: head.content_type,
            storage_class: head.storage_class.map(|class| class.as_str().to_owned()),
            encryption: head.server_side_encryption.map(|way| way.as_str().to_owned()),
            encryption_key: head.ssekms_key_id,
        })
    }

    async fn set_tags(&self, path: &RemotePath, tags: &BTreeMap<String, String>) -> Result<()> {
        let at = self.file("set_tags", path)?;
        if !self.offers(self.facts.tags) {
            return Err(ConnectorError::unsupported(
                "set_tags",
                "this server has no tags, or the connection was never tested",
            )
            .at(path));
        }
        let answer = if tags.is_empty() {
            self.requests.remove_tags(&at).await
        } else {
            self.requests.set_tags(&at, None, tags).await
        };
        answer.map_err(|error| error.at(path))
    }
}

impl S3 {
    /// `None` where there may be some and they are not shown.
    async fn tags_of(&self, at: &Location, version: Option<&str>) -> Result<Option<BTreeMap<String, String>>> {
        if !self.offers(self.facts.tags) {
            return Ok(Some(BTreeMap::new()));
        }
        match self.requests.tags(at, version).await {
            // Metadata may be read where tags may not, or are not there at all.
            Err(error) if error.kind == FailureKind::Unsupported => Ok(Some(BTreeMap::new())),
            Err(error) if error.kind == FailureKind::Denied => Ok(None),
            answer => answer.map(Some),
        }
    }
}
