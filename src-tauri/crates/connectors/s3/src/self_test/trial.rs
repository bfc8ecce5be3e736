//! One run of the test: its steps so far, what it learned, and what it has to remove.

use std::time::Instant;

use bytes::Bytes;
use waybill_connector::{ConnectorError, StepOutcome, TestReport, TestStep};
use waybill_model::{FailureKind, RunId};

use crate::{
    answers::{md5_of, md5_of_etag},
    connector::S3,
    facts::Facts,
    versions::{next_page, versions_of},
};

/// Ends the test. The step that failed has been told already.
pub(super) type Stop = Box<ConnectorError>;

pub(super) struct Trial<'a> {
    pub(super) s3: &'a S3,
    tell: &'a mut (dyn for<'s> FnMut(&'s TestStep) + Send),
    steps: Vec<TestStep>,
    pub(super) facts: Facts,
    /// What all keys of this run begin with.
    pub(super) folder: String,
    /// Keys that may be there now.
    pub(super) written: Vec<String>,
    /// Uploads that may be open now.
    pub(super) open: Vec<(String, String)>,
    /// Why the bucket could not be listed, where the credentials may still be right.
    pub(super) listing_denied: Option<ConnectorError>,
    started: Instant,
}

impl<'a> Trial<'a> {
    pub(super) fn new(s3: &'a S3, tell: &'a mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> Self {
        let folder = format!("{}.waybill-test-{}/", s3.requests.config.base, RunId::fresh());
        Self {
            s3,
            tell,
            steps: Vec::new(),
            facts: s3.facts,
            folder,
            written: Vec::new(),
            open: Vec::new(),
            listing_denied: None,
            started: Instant::now(),
        }
    }

    /// All steps. One that fails ends the test.
    pub(super) async fn all(&mut self) -> Result<(), Stop> {
        self.reach().await?;
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

    /// Keeps a step and tells it.
    pub(super) fn step(&mut self, name: &str, outcome: StepOutcome, detail: impl Into<String>) {
        let milliseconds = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let step = TestStep { name: name.to_owned(), outcome, detail: detail.into(), milliseconds };
        (self.tell)(&step);
        self.steps.push(step);
        self.started = Instant::now();
    }

    pub(super) fn passed(&mut self, name: &str, detail: impl Into<String>) {
        self.step(name, StepOutcome::Passed, detail);
    }

    pub(super) fn noted(&mut self, name: &str, detail: impl Into<String>) {
        self.step(name, StepOutcome::Noted, detail);
    }

    pub(super) fn skipped(&mut self, names: &[&str], why: &str) {
        for name in names {
            self.step(name, StepOutcome::Skipped, why);
        }
    }

    /// Ends the test at this step.
    pub(super) fn failed(&mut self, name: &str, error: ConnectorError) -> Stop {
        self.step(name, StepOutcome::Failed, error.message.clone());
        Box::new(error)
    }

    /// A key of this run.
    pub(super) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    /// Whether an `ETag` is the MD5 of these bytes.
    pub(super) fn is_md5_of(etag: Option<&str>, bytes: &Bytes) -> bool {
        etag.and_then(md5_of_etag) == Some((md5_of(bytes), None))
    }

    /// Removes all that the run left: open uploads, files, and in a bucket with versions every one of them.
    pub(super) async fn clean_up(&mut self) -> Option<ConnectorError> {
        let mut trouble = None;
        for (key, id) in std::mem::take(&mut self.open) {
            trouble = self.s3.requests.abort(&key, &id).await.err().or(trouble);
        }
        if self.written.is_empty() {
            return trouble;
        }
        if self.s3.offers(self.facts.versions) {
            trouble = self.remove_versions().await.err().or(trouble);
        }
        for key in std::mem::take(&mut self.written) {
            let there = self.s3.requests.head("delete", &key, None, false).await;
            if !matches!(there, Ok(None)) {
                trouble = self.s3.requests.delete(&key, None, None).await.err().or(trouble);
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
                self.s3.requests.delete(&found.key, id.as_deref(), None).await?;
            }
            match next_page(&page) {
                Some(next) if after.as_ref() != Some(&next) => after = Some(next),
                _ => return Ok(()),
            }
        }
    }

    pub(super) fn report(self, error: Option<Stop>) -> TestReport {
        TestReport { steps: self.steps, learned: self.facts.to_learned(), error: error.map(|error| *error) }
    }
}
