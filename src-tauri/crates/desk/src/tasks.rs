//! Tasks on remotes: the inbox of a connection, and what may be done there.

use std::sync::Arc;

use waybill_connector::{Connector, ConnectorError, Decision, PageRequest, Task, TaskFilter, TaskOutcome, Tasks};
use waybill_model::{ConnectionId, FailureKind};

use crate::{Desk, DeskError};

/// Pages that one look takes; the oldest tasks of a longer inbox are looked for by a filter.
const PAGES: usize = 50;

/// A task with the ways to decide it.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskOfConnection {
    /// The task.
    pub task: Task,
    /// In the order of its form; empty where it is only done.
    pub outcomes: Vec<TaskOutcome>,
}

fn tasks_of(connector: &dyn Connector) -> Result<&dyn Tasks, DeskError> {
    let none = || ConnectorError::new(FailureKind::Unsupported, "tasks", "this connection has no tasks");
    Ok(connector.tasks().ok_or_else(none)?)
}

impl Desk {
    async fn connector_of(&self, id: ConnectionId) -> Result<Arc<dyn Connector>, DeskError> {
        let row = self.inner.store.connection(id).await?;
        Ok(self.inner.opener.open_row(row).await?.connector)
    }

    /// The tasks of a connection that fit, the newest first; at most fifty pages of them.
    pub async fn tasks(&self, id: ConnectionId, filter: &TaskFilter) -> Result<Vec<Task>, DeskError> {
        let connector = self.connector_of(id).await?;
        let tasks = tasks_of(&*connector)?;
        let (mut found, mut cursor) = (Vec::new(), None);
        for _ in 0..PAGES {
            let page = tasks.tasks(filter, PageRequest { cursor, limit: 200 }).await?;
            found.extend(page.tasks);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// One task with the ways to decide it.
    pub async fn task(&self, id: ConnectionId, task: &str) -> Result<TaskOfConnection, DeskError> {
        let connector = self.connector_of(id).await?;
        let tasks = tasks_of(&*connector)?;
        let over =
            || ConnectorError::new(FailureKind::NotFound, "task", "the task is over, or this account may not see it");
        let found = tasks.task(task).await?.ok_or_else(over)?;
        Ok(TaskOfConnection { outcomes: tasks.outcomes(task).await?, task: found })
    }

    /// Takes a task, so that nobody else decides it meanwhile.
    pub async fn claim_task(&self, id: ConnectionId, task: &str) -> Result<(), DeskError> {
        let connector = self.connector_of(id).await?;
        Ok(tasks_of(&*connector)?.claim(task).await?)
    }

    /// Gives a task back.
    pub async fn unclaim_task(&self, id: ConnectionId, task: &str) -> Result<(), DeskError> {
        let connector = self.connector_of(id).await?;
        Ok(tasks_of(&*connector)?.unclaim(task).await?)
    }

    /// Decides a task, and the process goes on. A remark is said before, so that it is there when somebody reads the
    /// decision.
    pub async fn complete_task(
        &self,
        id: ConnectionId,
        task: &str,
        decision: &Decision,
        remark: Option<&str>,
    ) -> Result<(), DeskError> {
        let connector = self.connector_of(id).await?;
        let tasks = tasks_of(&*connector)?;
        if let Some(remark) = remark {
            tasks.comment(task, remark).await?;
        }
        Ok(tasks.complete(task, decision).await?)
    }
}
