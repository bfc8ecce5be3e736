//! The inbox, and what may be done there.

use async_trait::async_trait;
use http::Method;
use serde_json::{Map, Value, json};
use waybill_connector::{
    ConnectorError, Decision, Delegation, NewAttachment, PageRequest, Result, TAKEN_BY, Task, TaskAttachment,
    TaskChange, TaskComment, TaskFilter, TaskOutcome, TaskPage, Tasks, Whose,
};
use waybill_model::{FailureKind, Retry};

use crate::{
    connector::WorkflowConnector,
    wire::{List, WireAttachment, WireComment, WireTask},
    words,
};

/// Tasks that are asked for at once.
const MOST: u32 = 200;
const WITH_VARIABLES: (&str, &str) = ("includeProcessVariables", "true");

impl WorkflowConnector {
    /// The person whose inbox it is.
    fn me(&self) -> Result<&str> {
        self.config.user.as_deref().ok_or_else(|| {
            ConnectorError::new(FailureKind::Invalid, "tasks", words::NO_USER.english).code(words::NO_USER.code)
        })
    }

    /// How many tasks are in the inbox; the cheapest call that needs a sign-in.
    pub(crate) async fn count_inbox(&self) -> Result<u64> {
        let mut query = vec![("count", "1")];
        if let Some(user) = &self.config.user {
            query.push(("candidateOrAssigned", user));
        }
        let list: List<WireTask> = self.read("check", &self.service(&["tasks"], &query)).await?;
        Ok(list.total().unwrap_or(list.into_items().len() as u64))
    }

    async fn wire_task(&self, operation: &'static str, id: &str) -> Result<Option<WireTask>> {
        self.find(operation, &self.service(&["tasks", id], &[WITH_VARIABLES])).await
    }

    /// The task, where it is there and nobody else has it.
    async fn free_task(&self, operation: &'static str, id: &str) -> Result<WireTask> {
        let me = self.me()?;
        let task = self.wire_task(operation, id).await?.ok_or_else(|| over(operation))?;
        match &task.assignee() {
            Some(other) if !other.eq_ignore_ascii_case(me) => Err(taken(operation, other)),
            _ => Ok(task),
        }
    }

    /// What a conflict is about: somebody has it, or it is over.
    async fn conflict(&self, operation: &'static str, id: &str, error: ConnectorError) -> ConnectorError {
        if error.kind != FailureKind::Locked {
            return error;
        }
        match self.free_task(operation, id).await {
            Ok(_) => error,
            Err(explained) => explained,
        }
    }
}

fn over(operation: &'static str) -> ConnectorError {
    ConnectorError::new(FailureKind::NotFound, operation, "the task is over, or this account may not see it")
}

fn taken(operation: &'static str, by: &str) -> ConnectorError {
    let why = format!("the task is taken by {by}; they can give it back");
    ConnectorError::new(FailureKind::Locked, operation, why).with(TAKEN_BY, by).retry(Retry::Never)
}

#[async_trait]
impl Tasks for WorkflowConnector {
    async fn tasks(&self, filter: &TaskFilter, page: PageRequest) -> Result<TaskPage> {
        let offset: u64 = page.cursor.as_deref().unwrap_or("0").parse().map_err(|_| {
            ConnectorError::new(FailureKind::Invalid, "tasks", "the place in the list is none of this connection's")
        })?;
        let (count, begin) = (page.limit.clamp(1, MOST).to_string(), offset.to_string());
        let due = filter.due_before.map(waybill_model::Millis::to_rfc3339);
        let mut query = vec![
            ("offset", begin.as_str()),
            ("count", &count),
            ("sort", "createTime"),
            ("order", "desc"),
            WITH_VARIABLES,
        ];
        match filter.whose {
            Whose::Inbox => query.push(("candidateOrAssigned", self.me()?)),
            Whose::Mine => query.push(("assignee", self.me()?)),
            Whose::Free => query.extend([("candidateOrAssigned", self.me()?), ("unassigned", "true")]),
            Whose::All => {}
        }
        query.extend(filter.process.as_deref().map(|process| ("processInstanceId", process)));
        query.extend(due.as_deref().map(|due| ("dueBefore", due)));
        let list: List<WireTask> = self.read("tasks", &self.service(&["tasks"], &query)).await?;
        let (total, has_next) = (list.total(), list.has_next());
        let items = list.into_items();
        let end = offset + items.len() as u64;
        let more = !items.is_empty() && total.map_or(has_next, |total| end < total);
        let wanted = filter.name.as_ref().map(|name| name.to_lowercase());
        let fits = |task: &Task| wanted.as_ref().is_none_or(|wanted| task.name.to_lowercase().contains(wanted));
        Ok(TaskPage {
            tasks: items.into_iter().map(Task::from).filter(fits).collect(),
            next: more.then(|| end.to_string()),
            total: total.filter(|_| wanted.is_none()),
        })
    }

    async fn task(&self, id: &str) -> Result<Option<Task>> {
        Ok(self.wire_task("task", id).await?.map(Task::from))
    }

    async fn outcomes(&self, id: &str) -> Result<Vec<TaskOutcome>> {
        let task = self.wire_task("outcomes", id).await?.ok_or_else(|| over("outcomes"))?;
        self.outcomes_of(&task).await
    }

    async fn claim(&self, id: &str) -> Result<()> {
        let me = self.me()?;
        if self.free_task("claim", id).await?.assignee().is_some() {
            return Ok(());
        }
        match self.act_on_task("claim", id, json!({ "action": "claim", "assignee": me })).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.conflict("claim", id, error).await),
        }
    }

    async fn unclaim(&self, id: &str) -> Result<()> {
        let me = self.me()?;
        if self.free_task("unclaim", id).await?.assignee().is_none() {
            return Ok(());
        }
        self.act_on_task("unclaim", id, json!({ "action": "unclaim", "assignee": me })).await
    }

    async fn delegate(&self, id: &str, to: &str) -> Result<()> {
        self.free_task("delegate", id).await?;
        self.act_on_task("delegate", id, json!({ "action": "delegate", "assignee": to })).await
    }

    async fn resolve(&self, id: &str) -> Result<()> {
        let me = self.me()?;
        self.free_task("resolve", id).await?;
        self.act_on_task("resolve", id, json!({ "action": "resolve", "assignee": me })).await
    }

    async fn complete(&self, id: &str, decision: &Decision) -> Result<()> {
        let task = self.free_task("complete", id).await?;
        let outcomes = self.outcomes_of(&task).await?;
        let is_one = |value: &str| outcomes.iter().any(|outcome| outcome.value == value);
        let is_right = decision.outcome.as_deref().map_or(outcomes.is_empty(), is_one);
        if !is_right {
            let values: Vec<_> = outcomes.iter().map(|outcome| outcome.value.as_str()).collect();
            let why = if values.is_empty() {
                "the task has no outcomes to choose from; it is only done".to_owned()
            } else {
                format!("the task is decided by one of {}", values.join(", "))
            };
            return Err(ConnectorError::new(FailureKind::Invalid, "complete", why));
        }
        if Task::from(task).delegation == Some(Delegation::Pending) {
            let why = "the task was given away for a while, and comes back before it is decided";
            return Err(ConnectorError::new(FailureKind::Locked, "complete", why).retry(Retry::Never));
        }
        let variables: Vec<Value> =
            decision.variables.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let mut body = json!({ "action": "complete", "variables": variables });
        if let Some(outcome) = &decision.outcome {
            body["outcome"] = outcome.as_str().into();
        }
        match self.act_on_task("complete", id, body).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.conflict("complete", id, error).await),
        }
    }

    async fn change(&self, id: &str, change: TaskChange) -> Result<()> {
        let mut body = Map::new();
        if let Some(due) = change.due {
            body.insert("dueDate".to_owned(), due.to_rfc3339().into());
            body.insert("duedateSet".to_owned(), true.into());
        }
        if let Some(priority) = change.priority {
            body.insert("priority".to_owned(), priority.into());
            body.insert("prioritySet".to_owned(), true.into());
        }
        self.act("change", Method::PUT, &self.service(&["tasks", id], &[]), &body).await
    }

    async fn comments(&self, id: &str) -> Result<Vec<TaskComment>> {
        let url = self.service(&["tasks", id, "comments"], &[("count", "1000")]);
        let list: List<WireComment> = self.read("comments", &url).await?;
        let mut comments: Vec<TaskComment> = list.into_items().into_iter().map(TaskComment::from).collect();
        comments.sort_by_key(|comment| comment.at);
        Ok(comments)
    }

    async fn comment(&self, id: &str, text: &str) -> Result<()> {
        let url = self.service(&["tasks", id, "comments"], &[]);
        self.act("comment", Method::POST, &url, &json!({ "message": text })).await
    }

    async fn attachments(&self, id: &str) -> Result<Vec<TaskAttachment>> {
        let url = self.service(&["tasks", id, "attachments"], &[("count", "1000")]);
        let list: List<WireAttachment> = self.read("attachments", &url).await?;
        let mut found: Vec<TaskAttachment> = list.into_items().into_iter().map(TaskAttachment::from).collect();
        found.sort_by_key(|one| one.at);
        Ok(found)
    }

    async fn attach(&self, id: &str, attachment: &NewAttachment) -> Result<TaskAttachment> {
        // Inferred: the fields are those of the engine that the service is built on.
        let body = json!({
            "name": attachment.name,
            "description": attachment.description,
            "type": attachment.kind,
            "externalUrl": attachment.address,
        });
        let url = self.service(&["tasks", id, "attachments"], &[]);
        self.make::<WireAttachment>("attach", &url, &body).await.map(TaskAttachment::from)
    }

    async fn detach(&self, id: &str, attachment: &str) -> Result<()> {
        let url = self.service(&["tasks", id, "attachments", attachment], &[]);
        match self.remove("detach", &url).await {
            Err(error) if error.kind == FailureKind::NotFound => {
                // Either the attachment is gone, which is as asked, or the task is.
                self.wire_task("detach", id).await?.map(drop).ok_or_else(|| over("detach"))
            }
            done => done,
        }
    }
}
