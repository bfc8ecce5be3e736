//! Processes that run elsewhere: started with what they need to know, followed, held and ended.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use waybill_model::Millis;

use crate::{PageRequest, Result};

/// A kind of process that can be started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessModel {
    /// What it is started by; the same for all its versions.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Which version a new process runs on.
    pub version: u32,
}

/// What a process begins with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ProcessStart {
    /// The key of its model.
    pub model: String,
    /// What it is called.
    pub name: Option<String>,
    /// What it is about, by a number of one's own. It finds the process again where the answer to the start was lost.
    pub business_key: Option<String>,
    /// What it is told, by name. Numbers, texts, truth values, and anything else as JSON.
    pub variables: BTreeMap<String, Value>,
}

/// A process as the remote has it now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// The remote's id.
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// What people call its model, where the remote tells.
    pub model: Option<String>,
    /// What it is about.
    pub business_key: Option<String>,
    /// When it began.
    pub started: Option<Millis>,
    /// When it ended; `None` while it runs.
    pub ended: Option<Millis>,
    /// Why it was ended before its end.
    pub ended_because: Option<String>,
    /// Whether it stands still.
    pub suspended: bool,
    /// What it knows, by name.
    pub variables: BTreeMap<String, Value>,
}

/// A task of a process, done or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessStep {
    /// What it was called.
    pub name: String,
    /// Who had it, as the remote names people.
    pub assignee: Option<String>,
    /// When it came up.
    pub started: Option<Millis>,
    /// When it was decided.
    pub ended: Option<Millis>,
}

/// Which processes are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessFilter {
    /// Those that have ended, or those that run; all where `None`.
    pub ended: Option<bool>,
    /// Of this model, by its key.
    pub model: Option<String>,
    /// About this.
    pub business_key: Option<String>,
}

/// A piece of a list of processes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProcessPage {
    /// The newest first.
    pub processes: Vec<Process>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
}

/// A drawing of a process with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    /// The media type.
    pub kind: String,
    /// The picture.
    pub bytes: Bytes,
}

/// Processes that run elsewhere.
///
/// A remote may write its history with a lag: what has just been done may be missing from [`Self::processes`] and
/// [`Self::steps`] for a while.
#[async_trait]
pub trait Processes: Send + Sync {
    /// What can be started, each in its latest version.
    async fn models(&self) -> Result<Vec<ProcessModel>>;

    /// Starts one. It is never started twice by this call; where the answer is lost, whoever asked looks by the business
    /// key whether it began. `NotFound` where there is no such model.
    async fn start(&self, start: &ProcessStart) -> Result<Process>;

    /// The process, running or ended; `None` where there is none, or the history does not know yet that it has ended.
    async fn process(&self, id: &str) -> Result<Option<Process>>;

    /// One page of those that fit.
    async fn processes(&self, filter: &ProcessFilter, page: PageRequest) -> Result<ProcessPage>;

    /// Its tasks, the oldest first.
    async fn steps(&self, id: &str) -> Result<Vec<ProcessStep>>;

    /// Makes it stand still, or go on. Succeeds where it does already.
    async fn suspend(&self, id: &str, on: bool) -> Result<()>;

    /// Ends it before its end. Succeeds where it is over.
    async fn terminate(&self, id: &str, reason: &str) -> Result<()>;

    /// A drawing of it; `None` where the remote draws none.
    async fn diagram(&self, id: &str) -> Result<Option<Diagram>>;
}

/// Models of processes: putting up new ones.
#[async_trait]
pub trait ProcessModels: Send + Sync {
    /// Every version of every model, the newest first.
    async fn all(&self) -> Result<Vec<ProcessModel>>;

    /// Puts up a model from its file (BPMN 2.0), as a new version where its key is there already. `Invalid` where the remote
    /// cannot read it.
    async fn deploy(&self, name: &str, file: Bytes) -> Result<ProcessModel>;

    /// The file that the latest version of a model came from. `NotFound` where there is no such model.
    async fn file(&self, key: &str) -> Result<Bytes>;
}
