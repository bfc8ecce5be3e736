//! What the remote in memory keeps with a file: versions, metadata, holds; and how it is reached.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use waybill_model::{FailureKind, Receipt, RemotePath, Sha256};

use super::{Bug, Memory, Stored, fail};
use crate::{
    ConnectorError, Detail, Links, Metadata, MetadataSet, ObjectVersion, Phrase, Records, Result, Retention, SelfTest,
    Space, SpaceReport, StepOutcome, TestReport, TestStep, Trust, Versions,
};

#[async_trait]
impl SelfTest for Memory {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        if self.bug == Bug::LeavesProbe {
            self.state().put("/probe", Bytes::new(), false);
        }
        let outcome = StepOutcome::Passed;
        let found = Phrase { code: "found", english: "Found" };
        tell(&TestStep::trying(found));
        let step = TestStep::new(found, outcome, Detail::Nothing, 0);
        tell(&step);
        TestReport { steps: vec![step], ..TestReport::default() }
    }
}

#[async_trait]
impl Versions for Memory {
    async fn versions(&self, path: &RemotePath) -> Result<Vec<ObjectVersion>> {
        let state = self.state();
        let versions = state.files.get(path.as_str()).map(Vec::as_slice).unwrap_or_default();
        let row = |(age, stored): (usize, &Stored)| ObjectVersion {
            id: stored.id.clone(),
            number: None,
            size: stored.bytes.len() as u64,
            modified: None,
            latest: age == 0,
            deleted: stored.deleted,
        };
        Ok(versions.iter().rev().enumerate().map(row).collect())
    }

    async fn restore(&self, path: &RemotePath, id: &str) -> Result<Receipt> {
        let mut state = self.state();
        let bytes = self.version(&mut state, path, Some(id))?.bytes.clone();
        if self.bug == Bug::RestoresNothing {
            return Ok(Self::receipt(bytes.len(), id.to_owned()));
        }
        let size = bytes.len();
        Ok(Self::receipt(size, state.put(path.as_str(), bytes, false)))
    }

    async fn delete_version(&self, path: &RemotePath, id: &str) -> Result<()> {
        let mut state = self.state();
        let versions = state.files.entry(path.to_string()).or_default();
        if versions.iter().any(|stored| stored.id == id && (stored.hold || stored.retention.is_some())) {
            return fail(FailureKind::Held, "delete_version", path);
        }
        versions.retain(|stored| stored.id != id);
        Ok(())
    }
}

#[async_trait]
impl Metadata for Memory {
    async fn metadata(&self, path: &RemotePath, version: Option<&str>) -> Result<MetadataSet> {
        let tags = self.version(&mut self.state(), path, version)?.tags.clone();
        Ok(MetadataSet { tags, ..MetadataSet::default() })
    }
    async fn set_tags(&self, path: &RemotePath, tags: &BTreeMap<String, String>) -> Result<()> {
        self.version(&mut self.state(), path, None)?.tags = tags.clone();
        Ok(())
    }
}

#[async_trait]
impl Links for Memory {
    async fn link(&self, path: &RemotePath, seconds: u64) -> Result<String> {
        if seconds > 604_800 {
            return fail(FailureKind::Invalid, "link", path).map_err(|e: ConnectorError| e.with("limit", "604800"));
        }
        Ok(format!("memory:/{path}!{}", Sha256::of(path.as_str().as_bytes())))
    }
}

#[async_trait]
impl Records for Memory {
    async fn retention(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Retention>> {
        Ok(self.version(&mut self.state(), path, version)?.retention)
    }
    async fn set_retention(&self, path: &RemotePath, version: Option<&str>, retention: Retention) -> Result<()> {
        let mut state = self.state();
        let stored = self.version(&mut state, path, version)?;
        let shorter = stored.retention.is_some_and(|earlier| earlier.until > retention.until);
        if shorter && self.bug != Bug::ShortensRetention {
            return fail(FailureKind::Held, "set_retention", path);
        }
        stored.retention = Some(retention);
        Ok(())
    }
    async fn legal_hold(&self, path: &RemotePath, version: Option<&str>) -> Result<bool> {
        Ok(self.version(&mut self.state(), path, version)?.hold)
    }
    async fn set_legal_hold(&self, path: &RemotePath, version: Option<&str>, on: bool) -> Result<()> {
        self.version(&mut self.state(), path, version)?.hold = on;
        Ok(())
    }
}

#[async_trait]
impl Space for Memory {
    async fn space(&self, _folder: &RemotePath) -> Result<SpaceReport> {
        Ok(SpaceReport { free: 1, total: 2 })
    }
}

const FINGERPRINT: &str = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

#[async_trait]
impl Trust for Memory {
    async fn offered(&self) -> Result<String> {
        Ok(FINGERPRINT.to_owned())
    }
    async fn accept(&self, fingerprint: &str, _replace: bool) -> Result<()> {
        if fingerprint == FINGERPRINT {
            Ok(())
        } else {
            fail(FailureKind::HostKeyChanged, "accept", &RemotePath::root())
        }
    }
}
