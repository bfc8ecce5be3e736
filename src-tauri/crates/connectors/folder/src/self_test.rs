//! The test of a folder: is it there, can it be read and written, and does the file system keep what is relied on.

use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use uuid::Uuid;
use waybill_connector::{
    Connector as _, ConnectorError, Delete, Detail, List, PageRequest, Phrase, Read, ReadOptions, Result, SelfTest,
    StepOutcome, TestReport, TestStep, Write, WriteOptions, body_of,
};
use waybill_model::{FailureKind, RemotePath};

use crate::{connector::Folder, tree::Names, words};

const PROBE: &[u8] = b"Waybill tests this folder; the file goes away by itself.";

/// Steps as they end.
struct Steps<'a> {
    report: TestReport,
    tell: &'a mut (dyn for<'s> FnMut(&'s TestStep) + Send),
    began: Instant,
}

impl Steps<'_> {
    fn begin(&mut self, name: Phrase) {
        (self.tell)(&TestStep::trying(name));
    }

    fn end(&mut self, name: Phrase, outcome: StepOutcome, detail: impl Into<Detail>) {
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let step = TestStep::new(name, outcome, detail.into(), milliseconds);
        (self.tell)(&step);
        self.report.steps.push(step);
        self.began = Instant::now();
    }

    fn fail(&mut self, name: Phrase, error: ConnectorError) {
        self.end(name, StepOutcome::Failed, &error);
        self.report.error = Some(error);
    }
}

#[async_trait]
impl SelfTest for Folder {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut steps = Steps { report: TestReport::default(), tell, began: Instant::now() };
        steps.begin(words::FOUND);
        match self.check().await {
            Ok(identity) => steps.end(words::FOUND, StepOutcome::Passed, Detail::fact(identity.name)),
            Err(error) => {
                steps.fail(words::FOUND, error);
                return steps.report;
            }
        }
        steps.begin(words::LIST);
        match List::list(self, &RemotePath::root(), PageRequest::default()).await {
            Ok(page) => {
                let seen = if page.next.is_some() { words::ENTRIES_AND_MORE } else { words::ENTRIES };
                let count = page.entries.len().to_string();
                steps.end(words::LIST, StepOutcome::Passed, seen.with(&[("count", &count)]));
            }
            Err(error) => {
                steps.fail(words::LIST, error);
                return steps.report;
            }
        }
        let probe = RemotePath::root().join(&format!(".waybill-test-{}", Uuid::now_v7().simple()));
        steps.begin(words::WRITE_READ);
        match self.write_and_read_back(&probe).await {
            Ok(()) => steps.end(words::WRITE_READ, StepOutcome::Passed, words::SYNCED),
            Err(error) if error.kind == FailureKind::Denied => {
                let detail = Detail::Explained(words::ONLY_A_SOURCE.said(), error.to_string());
                steps.end(words::WRITE_READ, StepOutcome::Noted, detail);
                return steps.report;
            }
            Err(error) => {
                self.remove(&probe, &mut steps).await;
                steps.fail(words::WRITE_READ, error);
                return steps.report;
            }
        }
        self.refusal_to_replace(&probe, &mut steps).await;
        self.remove(&probe, &mut steps).await;
        steps.report
    }
}

impl Folder {
    async fn write_and_read_back(&self, probe: &RemotePath) -> Result<()> {
        let options = WriteOptions { size: PROBE.len() as u64, ..WriteOptions::default() };
        Write::write(self, probe, body_of(Bytes::from_static(PROBE)), options).await?;
        let mut body = Read::read(self, probe, ReadOptions::default()).await?;
        let mut found = Vec::new();
        while let Some(piece) = futures::StreamExt::next(&mut body).await {
            found.extend_from_slice(&piece?);
        }
        if found != PROBE {
            let message = "the disk gave back other bytes than were written";
            return Err(ConnectorError::new(FailureKind::ChecksumMismatch, "test", message).at(probe));
        }
        Ok(())
    }

    /// Renames the probe onto itself, which a file system that can refuse to replace refuses.
    async fn refusal_to_replace(&self, probe: &RemotePath, steps: &mut Steps<'_>) {
        let path = probe.clone();
        let name = words::NO_OVERWRITE;
        steps.begin(name);
        let tried = self.blocking("test", probe, move |place| {
            let names = Names::of(&path)?;
            let (above, name) = names.split()?;
            let dir = place.tree.folder(&above)?;
            match dir.rename_new(name, &dir, name) {
                Err(crate::fault::Fault::Exists) => Ok(true),
                Ok(Some(())) => Ok(false),
                Ok(None) => match dir.link_new(name, &dir, name) {
                    Err(crate::fault::Fault::Exists) => Ok(true),
                    other => other.map(|_| false),
                },
                Err(fault) => Err(fault),
            }
        });
        match tried.await {
            Ok(true) => {
                steps.report.learned.set("refuses_to_replace", true);
                steps.end(name, StepOutcome::Passed, words::REFUSES_TO_REPLACE);
            }
            Ok(false) => {
                steps.report.learned.set("refuses_to_replace", false);
                steps.end(name, StepOutcome::Noted, words::NAME_TAKEN_FIRST);
            }
            Err(error) => steps.end(name, StepOutcome::Noted, &error),
        }
    }

    async fn remove(&self, probe: &RemotePath, steps: &mut Steps<'_>) {
        steps.begin(words::CLEAN_UP);
        match Delete::delete(self, probe).await {
            Ok(()) => steps.end(words::CLEAN_UP, StepOutcome::Passed, Detail::Nothing),
            Err(error) => {
                let detail = Detail::Explained(words::BY_HAND.said(), error.to_string());
                steps.end(words::CLEAN_UP, StepOutcome::Noted, detail);
            }
        }
    }
}
