//! The tasks of the remote in memory.
#![expect(clippy::result_large_err, reason = "the contract's own error")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use waybill_model::{FailureKind, Millis};

use super::memory::Bug;
use crate::{
    ConnectorError, Decision, Delegation, NewAttachment, PageRequest, Result, TAKEN_BY, Task, TaskAttachment,
    TaskChange, TaskComment, TaskFilter, TaskOutcome, TaskPage, Tasks, Whose, conformance::TaskBench,
};

const ME: &str = "me@desk.example";
const OTHER: &str = "other@desk.example";

#[derive(Debug, Default)]
struct Desk {
    tasks: BTreeMap<String, (Task, Vec<TaskOutcome>, Vec<TaskComment>)>,
    decided: BTreeMap<String, Option<String>>,
    attached: BTreeMap<String, Vec<TaskAttachment>>,
}

/// Tasks, shared by all handles on one place.
#[derive(Debug, Clone)]
pub(super) struct MemoryTasks {
    desk: Arc<Mutex<Desk>>,
    bug: Bug,
}

impl MemoryTasks {
    pub(super) fn new(bug: Bug) -> Self {
        Self { desk: Arc::default(), bug }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }

    fn with<T>(&self, id: &str, act: impl FnOnce(&mut Task) -> Result<T>) -> Result<T> {
        match self.desk().tasks.get_mut(id) {
            Some((task, ..)) => act(task),
            None => Err(ConnectorError::new(FailureKind::NotFound, "task", "it is over")),
        }
    }

    fn free_for_me(&self, task: &Task) -> Result<()> {
        match &task.assignee {
            Some(other) if other != ME && self.bug != Bug::TakesAnyTask => {
                Err(ConnectorError::new(FailureKind::Locked, "task", "taken").with(TAKEN_BY, other))
            }
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Tasks for MemoryTasks {
    async fn tasks(&self, filter: &TaskFilter, page: PageRequest) -> Result<TaskPage> {
        let skip: usize = page.cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let fits = |task: &Task| {
            let mine = task.assignee.as_deref() == Some(ME);
            let free = task.assignee.is_none();
            let name = filter.name.as_ref().is_none_or(|name| task.name.to_lowercase().contains(&name.to_lowercase()));
            let due = filter.due_before.is_none_or(|before| task.due.is_some_and(|due| due < before));
            let whose = match filter.whose {
                Whose::Inbox => mine || free,
                Whose::Mine => mine,
                Whose::Free => free,
                Whose::All => true,
            };
            name && due && whose && filter.process.as_ref().is_none_or(|process| task.process.as_ref() == Some(process))
        };
        let all: Vec<Task> =
            self.desk().tasks.values().rev().map(|(task, ..)| task.clone()).filter(|task| fits(task)).collect();
        let limit = usize::try_from(page.limit).unwrap();
        let tasks: Vec<Task> = all.iter().skip(skip).take(limit).cloned().collect();
        let end = skip + tasks.len();
        Ok(TaskPage { next: (end < all.len()).then(|| end.to_string()), total: Some(all.len() as u64), tasks })
    }

    async fn task(&self, id: &str) -> Result<Option<Task>> {
        Ok(self.desk().tasks.get(id).map(|(task, ..)| task.clone()))
    }

    async fn outcomes(&self, id: &str) -> Result<Vec<TaskOutcome>> {
        Ok(self.desk().tasks.get(id).map(|(_, outcomes, _)| outcomes.clone()).unwrap_or_default())
    }

    async fn claim(&self, id: &str) -> Result<()> {
        self.with(id, |task| {
            self.free_for_me(task)?;
            task.assignee = Some(ME.to_owned());
            Ok(())
        })
    }

    async fn unclaim(&self, id: &str) -> Result<()> {
        self.with(id, |task| {
            task.assignee = None;
            Ok(())
        })
    }

    async fn delegate(&self, id: &str, to: &str) -> Result<()> {
        self.with(id, |task| {
            task.owner = task.assignee.replace(to.to_owned());
            task.delegation = Some(Delegation::Pending);
            Ok(())
        })
    }

    async fn resolve(&self, id: &str) -> Result<()> {
        self.with(id, |task| {
            task.assignee = task.owner.clone();
            task.delegation = Some(Delegation::Resolved);
            Ok(())
        })
    }

    async fn complete(&self, id: &str, decision: &Decision) -> Result<()> {
        let outcomes = self.outcomes(id).await?;
        self.with(id, |task| {
            self.free_for_me(task)?;
            if task.delegation == Some(Delegation::Pending) {
                return Err(ConnectorError::new(FailureKind::Locked, "task", "given away"));
            }
            let is_one = |value: &String| outcomes.iter().any(|outcome| outcome.value == *value);
            if !decision.outcome.as_ref().is_some_and(is_one) && self.bug != Bug::DecidesAnyhow {
                return Err(ConnectorError::new(FailureKind::Invalid, "task", "no such outcome"));
            }
            Ok(())
        })?;
        let mut desk = self.desk();
        desk.tasks.remove(id);
        desk.decided.insert(id.to_owned(), decision.outcome.clone());
        Ok(())
    }

    async fn change(&self, id: &str, change: TaskChange) -> Result<()> {
        self.with(id, |task| {
            task.due = change.due.or(task.due);
            task.priority = change.priority.or(task.priority);
            Ok(())
        })
    }

    async fn comments(&self, id: &str) -> Result<Vec<TaskComment>> {
        Ok(self.desk().tasks.get(id).map(|(.., comments)| comments.clone()).unwrap_or_default())
    }

    async fn comment(&self, id: &str, text: &str) -> Result<()> {
        if let Some((.., comments)) = self.desk().tasks.get_mut(id) {
            comments.push(TaskComment { author: Some(ME.to_owned()), at: None, text: text.to_owned() });
        }
        Ok(())
    }

    async fn attachments(&self, id: &str) -> Result<Vec<TaskAttachment>> {
        Ok(self.desk().attached.get(id).cloned().unwrap_or_default())
    }

    async fn attach(&self, id: &str, attachment: &NewAttachment) -> Result<TaskAttachment> {
        let mut desk = self.desk();
        let all = desk.attached.entry(id.to_owned()).or_default();
        let attached = TaskAttachment {
            id: all.len().to_string(),
            name: attachment.name.clone(),
            kind: attachment.kind.clone(),
            by: Some(ME.to_owned()),
            at: Some(Millis(1)),
            address: Some(attachment.address.clone()),
        };
        all.push(attached.clone());
        Ok(attached)
    }

    async fn detach(&self, id: &str, attachment: &str) -> Result<()> {
        if let Some(all) = self.desk().attached.get_mut(id) {
            all.retain(|one| one.id != attachment);
        }
        Ok(())
    }
}

#[async_trait]
impl TaskBench for MemoryTasks {
    async fn put_up(&self, name: &str, outcomes: &[(&str, &str)]) -> String {
        let mut desk = self.desk();
        let id = format!("{:04}", desk.tasks.len() + desk.decided.len());
        let task = Task { id: id.clone(), name: name.to_owned(), created: Some(Millis(1)), ..Task::default() };
        let outcomes = outcomes
            .iter()
            .map(|(label, value)| TaskOutcome { label: (*label).to_owned(), value: (*value).to_owned() })
            .collect();
        desk.tasks.insert(id.clone(), (task, outcomes, Vec::new()));
        id
    }

    async fn claim_as_another(&self, id: &str) -> String {
        self.with(id, |task| {
            task.assignee = Some(OTHER.to_owned());
            Ok(())
        })
        .unwrap();
        OTHER.to_owned()
    }

    async fn decided(&self, id: &str) -> Option<String> {
        self.desk().decided.get(id).cloned().flatten()
    }

    fn me(&self) -> Option<String> {
        Some(ME.to_owned())
    }
}
