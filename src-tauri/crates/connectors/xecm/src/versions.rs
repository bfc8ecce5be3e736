//! Earlier versions. Making one the latest again sends its bytes as a new version, through this computer: the server's own call
//! for it works on major and minor versions alone.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, ObjectVersion, Result, Versions, WriteOptions};
use waybill_model::{FailureKind, Receipt, RemotePath};

use crate::{
    connector::XecmConnector,
    content::{Watch, exactly},
    tree::PAGE,
    upload::Target,
    wire::{Node, Version, has_more, mark, marked, rows},
    write::receipt,
};

/// Pages of versions that are read.
const PAGES: u64 = 100;

#[async_trait]
impl Versions for XecmConnector {
    async fn versions(&self, path: &RemotePath) -> Result<Vec<ObjectVersion>> {
        let node = self.must("versions", path).await?;
        let mut found = self.versions_of(&node).await.map_err(|error| error.at(path))?;
        found.sort_by_key(|version| std::cmp::Reverse(version.number));
        let row = |(age, version): (usize, Version)| ObjectVersion {
            id: mark(node.id, version.number),
            number: Some(version.number),
            size: version.size,
            modified: version.stored,
            latest: age == 0,
            deleted: false,
        };
        Ok(found.into_iter().enumerate().map(row).collect())
    }

    async fn restore(&self, path: &RemotePath, id: &str) -> Result<Receipt> {
        let node = self.must("restore", path).await?;
        let number = number_in(&node, id).map_err(|error| error.at(path))?;
        self.demand_unreserved("restore", &node).await.map_err(|error| error.at(path))?;
        self.restored(&node, number).await.map_err(|error| error.at(path))
    }

    async fn delete_version(&self, path: &RemotePath, id: &str) -> Result<()> {
        let node = self.must("delete_version", path).await?;
        let number = number_in(&node, id).map_err(|error| error.at(path))?;
        let removed = self.remove("delete_version", &self.addresses.version(node.id, number), &[]).await;
        match removed {
            Err(error) if error.kind == FailureKind::NotFound => Ok(()),
            Err(error) => Err(self.why_not("delete_version", &node, error).await.at(path)),
            Ok(()) => Ok(()),
        }
    }
}

/// The number of a version of `node`. Another document's versions are not its own.
fn number_in(node: &Node, id: &str) -> Result<u64> {
    marked(id).filter(|(of, _)| *of == node.id).map(|(_, number)| number).ok_or_else(|| {
        let why = format!("{id} is no version of it");
        ConnectorError::new(FailureKind::NotFound, "version", why)
    })
}

impl XecmConnector {
    async fn versions_of(&self, node: &Node) -> Result<Vec<Version>> {
        let mut found = Vec::new();
        for page in 1..=PAGES {
            let (page_text, limit) = (page.to_string(), PAGE.to_string());
            let query = [("page", page_text.as_str()), ("limit", limit.as_str())];
            let answer = self.get("versions", &self.addresses.versions(node.id), &query).await?;
            let come = rows(&answer);
            found.extend(come.iter().filter_map(|row| Version::read(&row["data"]["versions"])));
            if !has_more(&answer, page, PAGE, come.len()) {
                break;
            }
        }
        Ok(found)
    }

    async fn restored(&self, node: &Node, number: u64) -> Result<Receipt> {
        let gone = || ConnectorError::new(FailureKind::NotFound, "restore", "this version is gone");
        let old = self.version_of(node.id, number).await?.ok_or_else(gone)?;
        let before = node.version.as_ref().map_or(0, |version| version.number);
        let watch = Watch::default();
        let body = exactly(self.bytes_of(node, number).await?, old.size, None, &watch);
        let target = Target::Version { node: node.id, name: node.name.clone() };
        let options = WriteOptions { size: old.size, ..WriteOptions::default() };
        if let Err(not) = self.send_file(&target, body, &options, None).await {
            if not.sure {
                return Err(self.why_not("restore", node, not.error).await);
            }
            let sent = crate::lost::Sent { size: old.size, sha256: watch.sha256(), before };
            let now = self.node("restore", node.id).await?.ok_or_else(gone)?;
            return match self.made_of(&now, sent).await? {
                Some(version) => Ok(receipt(&now, &version)),
                None => Err(not.error),
            };
        }
        let now = self.node("restore", node.id).await?.ok_or_else(gone)?;
        let stored = now.version.clone().filter(|version| version.number > before && version.size == old.size);
        stored.map(|version| receipt(&now, &version)).ok_or_else(|| {
            let why = "the server took the earlier version, and the latest one is another";
            ConnectorError::new(FailureKind::Changed, "restore", why)
        })
    }
}
