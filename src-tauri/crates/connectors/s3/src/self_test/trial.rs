//! One run of the test in a bucket: what it learned, and what it has to remove.

use bytes::Bytes;
use waybill_connector::{ConnectorError, TestReport};
use waybill_model::{FailureKind, RunId};

use super::telling::{Stop, Telling};
use crate::{
    answers::{md5_of, md5_of_etag},
    connector::S3,
    facts::Facts,
    location::Location,
    versions::{next_page, versions_of},
};

pub(super) struct Trial<'a> {
    pub(super) s3: &'a S3,
    pub(super) telling: Telling<'a>,
    pub(super) facts: Facts,
    /// What all keys of this run begin with.
    pub(super) folder: Location,
    /// Files that may be there now.
    pub(super) written: Vec<Location>,
    /// Uploads that may be open now.
    pub(super) open: Vec<(Location, String)>,
    /// Why the bucket could not be listed, where the credentials may still be right.
    pub(super) listing_denied: Option<ConnectorError>,
}

impl<'a> Trial<'a> {
    /// A run that writes, if it gets that far, below `top` and nowhere else.
    pub(super) fn new(s3: &'a S3, top: &Location, telling: Telling<'a>) -> Self {
        let key = format!("{}.waybill-test-{}/", top.key, RunId::fresh());
        let folder = Location { bucket: top.bucket.clone(), key };
        Self { s3, telling, facts: s3.facts, folder, written: Vec::new(), open: Vec::new(), listing_denied: None }
    }

    /// All steps. One that fails ends the test.
    pub(super) async fn all(&mut self) -> Result<(), Stop> {
        self.telling.reach(&self.s3.requests).await?;
        self.sign_in().await?;
        self.versions().await?;
        let keeps_everything = self.object_lock().await?;
        if keeps_everything {
            return self.without_traces().await;
        }
        if !self.write().await? {
            return Ok(());
        }
        self.read_back().await?;
        self.wrong_checksum().await?;
        self.no_overwrite().await?;
        self.parts().await?;
        self.tags().await?;
        self.folder_marker().await?;
        self.delete().await
    }

    /// A file of this run.
    pub(super) fn at(&self, name: &str) -> Location {
        Location { bucket: self.folder.bucket.clone(), key: format!("{}{name}", self.folder.key) }
    }

    /// Whether an `ETag` is the MD5 of these bytes.
    pub(super) fn is_md5_of(etag: Option<&str>, bytes: &Bytes) -> bool {
        etag.and_then(md5_of_etag) == Some((md5_of(bytes), None))
    }

    /// Removes all that the run left: open uploads, files, and in a bucket with versions every one of them.
    pub(super) async fn clean_up(&mut self) -> Option<ConnectorError> {
        let mut trouble = None;
        for (at, id) in std::mem::take(&mut self.open) {
            trouble = self.s3.requests.abort(&at, &id).await.err().or(trouble);
        }
        if self.written.is_empty() {
            return trouble;
        }
        if self.s3.offers(self.facts.versions) {
            trouble = self.remove_versions().await.err().or(trouble);
        }
        for at in std::mem::take(&mut self.written) {
            let there = self.s3.requests.head("delete", &at, None, false).await;
            if !matches!(there, Ok(None)) {
                trouble = self.s3.requests.delete(&at, None, None).await.err().or(trouble);
            }
        }
        trouble
    }

    async fn remove_versions(&mut self) -> waybill_connector::Result<()> {
        let mut after = None;
        loop {
            let page = match self.s3.requests.versions("delete", &self.folder, after.as_ref()).await {
                // Without versions there is nothing of them to remove.
                Err(error) if matches!(error.kind, FailureKind::Unsupported | FailureKind::Denied) => return Ok(()),
                page => page?,
            };
            for found in versions_of(&page) {
                let id = crate::answers::Mark::version_of(Some(&found.version.id));
                let at = Location { bucket: self.folder.bucket.clone(), key: found.key };
                self.s3.requests.delete(&at, id.as_deref(), None).await?;
            }
            match next_page(&page) {
                Some(next) if after.as_ref() != Some(&next) => after = Some(next),
                _ => return Ok(()),
            }
        }
    }

    pub(super) fn report(self, error: Option<Stop>) -> TestReport {
        self.telling.report(self.facts.to_learned(), error)
    }
}
