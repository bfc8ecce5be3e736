//! The processes of the remote in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use bytes::Bytes;
use waybill_model::{FailureKind, Millis};

use super::memory::Bug;
use crate::{
    ConnectorError, Diagram, PageRequest, Process, ProcessFilter, ProcessModel, ProcessModels, ProcessPage,
    ProcessStart, ProcessStep, Processes, Result, conformance::ProcessBench,
};

/// Processes, shared by all handles on one place.
#[derive(Debug, Clone)]
pub(super) struct MemoryProcesses {
    all: Arc<Mutex<BTreeMap<String, Process>>>,
    deployed: Arc<Mutex<Vec<ProcessModel>>>,
    bug: Bug,
}

impl MemoryProcesses {
    pub(super) fn new(bug: Bug) -> Self {
        Self { all: Arc::default(), deployed: Arc::default(), bug }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Process>> {
        self.all.lock().unwrap()
    }

    fn end(&self, id: &str, reason: Option<&str>) {
        if let Some(process) = self.all().get_mut(id).filter(|process| process.ended.is_none()) {
            process.ended = Some(Millis(2));
            process.ended_because = reason.map(str::to_owned);
        }
    }
}

#[async_trait]
impl Processes for MemoryProcesses {
    async fn models(&self) -> Result<Vec<ProcessModel>> {
        Ok(vec![ProcessModel { key: "check".to_owned(), name: "Check".to_owned(), version: 1 }])
    }

    async fn start(&self, start: &ProcessStart) -> Result<Process> {
        if start.model != "check" {
            return Err(ConnectorError::new(FailureKind::NotFound, "start", "no such model"));
        }
        let id = self.all().len().to_string();
        let process = Process {
            id: id.clone(),
            name: start.name.clone(),
            business_key: start.business_key.clone(),
            started: Some(Millis(1)),
            variables: start.variables.clone(),
            ..Process::default()
        };
        self.all().insert(id, process.clone());
        Ok(process)
    }

    async fn process(&self, id: &str) -> Result<Option<Process>> {
        Ok(self.all().get(id).cloned())
    }

    async fn processes(&self, filter: &ProcessFilter, _page: PageRequest) -> Result<ProcessPage> {
        let about = |process: &Process, key: &String| match &process.business_key {
            Some(own) if self.bug == Bug::FindsNeighbours => own.starts_with(key.as_str()),
            own => own.as_ref() == Some(key),
        };
        let fits = |process: &Process| {
            filter.ended.is_none_or(|ended| process.ended.is_some() == ended)
                && filter.business_key.as_ref().is_none_or(|key| about(process, key))
        };
        let processes = self.all().values().filter(|process| fits(process)).cloned().collect();
        Ok(ProcessPage { processes, next: None })
    }

    async fn steps(&self, id: &str) -> Result<Vec<ProcessStep>> {
        let process = self.all().get(id).cloned().unwrap_or_default();
        Ok(vec![ProcessStep {
            name: "Check".to_owned(),
            assignee: None,
            started: process.started,
            ended: process.ended,
        }])
    }

    async fn suspend(&self, id: &str, on: bool) -> Result<()> {
        if let Some(process) = self.all().get_mut(id) {
            process.suspended = on;
        }
        Ok(())
    }

    async fn terminate(&self, id: &str, reason: &str) -> Result<()> {
        self.end(id, Some(reason));
        Ok(())
    }

    async fn diagram(&self, _id: &str) -> Result<Option<Diagram>> {
        Ok(Some(Diagram { kind: "image/png".to_owned(), bytes: Bytes::from(vec![0; 100]) }))
    }
}

#[async_trait]
impl ProcessModels for MemoryProcesses {
    async fn all(&self) -> Result<Vec<ProcessModel>> {
        Ok(self.deployed.lock().unwrap().iter().rev().cloned().collect())
    }

    async fn deploy(&self, _name: &str, file: Bytes) -> Result<ProcessModel> {
        let key = std::str::from_utf8(&file).unwrap().strip_prefix("model ");
        let key = key.ok_or_else(|| ConnectorError::new(FailureKind::Invalid, "deploy", "this is no model"))?;
        let mut deployed = self.deployed.lock().unwrap();
        let before = deployed.iter().filter(|one| one.key == key).count();
        let version = if self.bug == Bug::ForgetsVersions { 1 } else { u32::try_from(before).unwrap() + 1 };
        let model = ProcessModel { key: key.to_owned(), name: key.to_owned(), version };
        deployed.push(model.clone());
        Ok(model)
    }

    async fn file(&self, key: &str) -> Result<Bytes> {
        let mut deployed = self.deployed.lock().unwrap().clone().into_iter();
        let missing = || ConnectorError::new(FailureKind::NotFound, "file", "no such model");
        deployed.find(|one| one.key == key).map(|one| format!("model {}", one.key).into()).ok_or_else(missing)
    }
}

#[async_trait]
impl ProcessBench for MemoryProcesses {
    async fn model(&self) -> String {
        "check".to_owned()
    }

    async fn finish(&self, process: &str) {
        self.end(process, None);
    }

    fn model_file(&self, key: &str) -> Option<Vec<u8>> {
        Some(format!("model {key}").into_bytes())
    }
}
