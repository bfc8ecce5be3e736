//! Work that waits for a person's decision: what a task inbox shows, and what may be done there.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use waybill_model::{FailureKind, Millis};

use crate::{ConnectorError, PageRequest, Result};

/// A task as the remote has it now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The remote's id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What is to be done, in the words of whoever made the process.
    pub description: Option<String>,
    /// Who has it, as the remote names people; nobody where `None`.
    pub assignee: Option<String>,
    /// Who gave it away for a while and gets it back.
    pub owner: Option<String>,
    /// Whether it was given away for a while, and how far that is.
    pub delegation: Option<Delegation>,
    /// When it came up.
    pub created: Option<Millis>,
    /// When it should be done.
    pub due: Option<Millis>,
    /// How urgent, as the remote counts; more is more urgent.
    pub priority: Option<i32>,
    /// The process that it belongs to, by the remote's id.
    pub process: Option<String>,
    /// What is known of the matter, by name.
    pub variables: BTreeMap<String, Value>,
    /// Whether its process stands still.
    pub suspended: bool,
}

/// How far a task is that was given away for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delegation {
    /// Whoever has it now has not answered.
    Pending,
    /// It came back to its owner.
    Resolved,
}

/// Whose tasks are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// Those that I have, and those that I may take.
    #[default]
    Inbox,
    /// Those that I have.
    Mine,
    /// Those that I may take and nobody has.
    Free,
    /// All that I may see.
    All,
}

/// Which tasks are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskFilter {
    /// Whose.
    pub whose: Whose,
    /// Whose name holds this text, in any case.
    pub name: Option<String>,
    /// Of this process.
    pub process: Option<String>,
    /// Due before this time.
    pub due_before: Option<Millis>,
}

/// A piece of a list of tasks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskPage {
    /// The newest first; each comes once over all pages while none comes up or is done.
    pub tasks: Vec<Task>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
    /// How many there are in all, where the remote tells.
    pub total: Option<u64>,
}

/// One way to decide a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskOutcome {
    /// What is sent.
    pub value: String,
    /// What the button says, in the words of whoever made the process.
    pub label: String,
}

/// A decision.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The value of one of the task's outcomes; none where it has none.
    pub outcome: Option<String>,
    /// What the process is told beside it, by name.
    pub variables: BTreeMap<String, Value>,
}

/// What somebody said about a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskComment {
    /// Who, as the remote names people.
    pub author: Option<String>,
    /// When.
    pub at: Option<Millis>,
    /// What.
    pub text: String,
}

/// What is to be different about a task.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskChange {
    /// When it should be done.
    pub due: Option<Millis>,
    /// How urgent.
    pub priority: Option<i32>,
}

/// Something that belongs to a task: a file elsewhere, by its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskAttachment {
    /// The remote's id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Of which kind, in the remote's own word.
    pub kind: Option<String>,
    /// Who attached it, as the remote names people.
    pub by: Option<String>,
    /// When.
    pub at: Option<Millis>,
    /// Where it is.
    pub address: Option<String>,
}

/// Something to attach to a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAttachment {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Of which kind.
    pub kind: Option<String>,
    /// Where it is.
    pub address: String,
}

/// Tasks that wait for a person's decision.
///
/// What was done to a task before is no surprise: taking what I have, and giving back what nobody has, succeed. A task that
/// another person has is `Locked`, with that person as the fact `taken-by`; one that is over is `NotFound`.
#[async_trait]
pub trait Tasks: Send + Sync {
    /// One page of the tasks that fit.
    async fn tasks(&self, filter: &TaskFilter, page: PageRequest) -> Result<TaskPage>;

    /// The task, or `None` where it is over or may not be seen.
    async fn task(&self, id: &str) -> Result<Option<Task>>;

    /// The ways to decide it, in the order of its form; empty where it is only done or not done.
    async fn outcomes(&self, id: &str) -> Result<Vec<TaskOutcome>>;

    /// Takes it, so that nobody else decides it meanwhile. Two who take it at the same time: one has it.
    async fn claim(&self, id: &str) -> Result<()>;

    /// Gives it back to those who may take it.
    async fn unclaim(&self, id: &str) -> Result<()>;

    /// Gives it to somebody for a while; it comes back when they have answered.
    async fn delegate(&self, id: &str, to: &str) -> Result<()>;

    /// Answers a task that was given to me for a while, and gives it back to its owner.
    async fn resolve(&self, id: &str) -> Result<()>;

    /// Decides it, and the process goes on. `Invalid` where the outcome is none of the task's; nothing is decided then.
    async fn complete(&self, id: &str, decision: &Decision) -> Result<()>;

    /// Changes what is named.
    async fn change(&self, id: &str, change: TaskChange) -> Result<()>;

    /// What was said about it, the oldest first.
    async fn comments(&self, id: &str) -> Result<Vec<TaskComment>>;

    /// Says something about it.
    async fn comment(&self, id: &str, text: &str) -> Result<()>;

    /// What is attached to it, the oldest first; nothing where the remote attaches nothing.
    async fn attachments(&self, _id: &str) -> Result<Vec<TaskAttachment>> {
        Ok(Vec::new())
    }

    /// Attaches something. `Unsupported` where the remote attaches nothing.
    async fn attach(&self, _id: &str, _attachment: &NewAttachment) -> Result<TaskAttachment> {
        Err(nothing_attached("attach"))
    }

    /// Takes it away again. Succeeds where it is gone.
    async fn detach(&self, _id: &str, _attachment: &str) -> Result<()> {
        Err(nothing_attached("detach"))
    }
}

fn nothing_attached(operation: &'static str) -> ConnectorError {
    ConnectorError::new(FailureKind::Unsupported, operation, "nothing can be attached to tasks here")
}

/// The fact of a `Locked` task that names who has it.
pub const TAKEN_BY: &str = "taken-by";
