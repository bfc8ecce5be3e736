//! Workflow assignments: the tasks of running workflows that are on this account's desk.
//!
//! A task is named by its process, its subprocess and its number: `4711/4711/2`. The server knows no giving back, no dates and
//! no remarks of their own; a remark goes with a decision.

use std::collections::BTreeMap;

use async_trait::async_trait;
use http::Method;
use serde_json::{Map, Value, json};
use waybill_connector::{
    ConnectorError, Decision, PageRequest, Result, TAKEN_BY, Task, TaskChange, TaskComment, TaskFilter, TaskOutcome,
    TaskPage, Tasks, Whose,
};
use waybill_model::{FailureKind, Retry};

use crate::{
    connector::XecmConnector,
    list::{next_page, page_of},
    wire::{flag, has_more, int, rows, text, time},
};

/// Rows of a page: who has a task is asked for each.
const ROWS: u32 = 25;
/// Pages that are searched for one task.
const PAGES: u64 = 40;
/// What sends a task on where nothing is to be decided.
const SEND_ON: &str = "SendOn";
/// The detail of a refusal that wants the password once more.
const WANTS_PASSWORD: &str = "662306821";

/// A task's three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    process: i64,
    sub: i64,
    task: i64,
}

impl Place {
    fn read(id: &str) -> Option<Self> {
        let mut parts = id.split('/').map(|part| part.parse().ok());
        let place = Self { process: parts.next()??, sub: parts.next()??, task: parts.next()?? };
        parts.next().is_none().then_some(place)
    }

    fn id(self) -> String {
        format!("{}/{}/{}", self.process, self.sub, self.task)
    }
}

#[async_trait]
impl Tasks for XecmConnector {
    async fn tasks(&self, filter: &TaskFilter, page: PageRequest) -> Result<TaskPage> {
        let wanted = page_of(&PageRequest { limit: page.limit.min(ROWS), ..page });
        let (found, more) = self.page_of_tasks(wanted).await?;
        let mut tasks = Vec::new();
        for mut task in found {
            let named = filter.name.as_ref().is_none_or(|name| task.name.to_lowercase().contains(&name.to_lowercase()));
            let of_process = filter.process.as_ref().is_none_or(|process| task.process.as_ref() == Some(process));
            let in_time = filter.due_before.is_none_or(|before| task.due.is_some_and(|due| due < before));
            if !(named && of_process && in_time) {
                continue;
            }
            task.assignee = self.assignee(&task.id).await?;
            let fits = match filter.whose {
                Whose::Inbox | Whose::All => true,
                Whose::Mine => task.assignee.is_some(),
                Whose::Free => task.assignee.is_none(),
            };
            if fits {
                tasks.push(task);
            }
        }
        Ok(TaskPage { tasks, next: next_page(wanted, more), total: None })
    }

    async fn task(&self, id: &str) -> Result<Option<Task>> {
        for page in 1..=PAGES {
            let (found, more) = self.page_of_tasks((page, 100)).await?;
            if let Some(mut task) = found.into_iter().find(|task| task.id == id) {
                task.assignee = self.assignee(id).await?;
                task.created = self.begun(&task).await?.or(task.created);
                return Ok(Some(task));
            }
            if !more {
                break;
            }
        }
        Ok(None)
    }

    async fn outcomes(&self, id: &str) -> Result<Vec<TaskOutcome>> {
        let form = self.form_of_task("outcomes", id).await?;
        Ok(outcomes_in(&form))
    }

    async fn claim(&self, id: &str) -> Result<()> {
        let place = self.place_of_task("claim", id).await?;
        if self.assignee(id).await?.is_some() {
            return Ok(());
        }
        let address = self.addresses.accept_task(place.process, place.sub, place.task);
        match self.act("claim", Method::POST, &address, &json!({})).await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.place_of_task("claim", id).await?;
                Err(error)
            }
        }
    }

    async fn unclaim(&self, id: &str) -> Result<()> {
        let place = self.place_of_task("unclaim", id).await?;
        match self.assignee(&place.id()).await? {
            None => Ok(()),
            Some(_) => Err(unsupported("unclaim", "this server takes no task back; delegate it")),
        }
    }

    async fn delegate(&self, id: &str, to: &str) -> Result<()> {
        let place = self.place_of_task("delegate", id).await?;
        let member = self.must_be_member("delegate", to).await?.id;
        self.done("delegate", place, json!({ "action": "Delegate", "assignee": member })).await
    }

    async fn resolve(&self, _id: &str) -> Result<()> {
        Err(unsupported("resolve", "what is delegated here stays with whoever has it"))
    }

    async fn complete(&self, id: &str, decision: &Decision) -> Result<()> {
        let place = self.place_of_task("complete", id).await?;
        let form = self.form_of_task("complete", id).await?;
        let outcomes = outcomes_in(&form);
        let mut body = json!({});
        match &decision.outcome {
            Some(outcome) if outcomes.iter().any(|one| one.value == *outcome) => body["custom_action"] = json!(outcome),
            None if outcomes.is_empty() => body["action"] = json!(SEND_ON),
            _ => {
                let ways: Vec<&str> = outcomes.iter().map(|one| one.value.as_str()).collect();
                let why = format!("this is no way to decide the task; it has {}", ways.join(", "));
                return Err(ConnectorError::new(FailureKind::Invalid, "complete", why));
            }
        }
        if !decision.variables.is_empty() {
            body["values"] = decision
                .variables
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect::<Map<_, _>>()
                .into();
        }
        self.done("complete", place, body).await
    }

    async fn change(&self, _id: &str, _change: TaskChange) -> Result<()> {
        Err(unsupported("change", "dates and urgency of a task stand in its workflow, and are not changed here"))
    }

    async fn comments(&self, id: &str) -> Result<Vec<TaskComment>> {
        let place = self.place_of_task("comments", id).await?;
        let answer = self.get("comments", &self.addresses.activities(place.process, place.sub), &[]).await?;
        let of = answer.pointer("/results/data").unwrap_or(&answer["results"]);
        let mut found = Vec::new();
        for row in of.as_array().into_iter().flatten() {
            // Inferred: how the fields of an activity are spelled.
            let of = |keys: [&str; 2]| keys.iter().find_map(|key| text(&row[*key]));
            let Some(text) = of(["Comment", "comment"]) else { continue };
            let by = int(&row["User_ID"]).or_else(|| int(&row["user_id"]));
            let author = match by {
                Some(id) => Some(self.name_of_member("comments", id).await?),
                None => None,
            };
            found.push(TaskComment { author, at: time(&row["Date"]).or_else(|| time(&row["date"])), text });
        }
        Ok(found)
    }

    async fn comment(&self, _id: &str, _text: &str) -> Result<()> {
        Err(unsupported("comment", "a remark goes with a decision here, and not on its own"))
    }
}

fn unsupported(operation: &'static str, why: &str) -> ConnectorError {
    ConnectorError::unsupported(operation, why)
}

/// The ways to decide; none where the task is only sent on.
fn outcomes_in(form: &Value) -> Vec<TaskOutcome> {
    let of = &form["data"]["custom_actions"];
    let rows = of.as_array().into_iter().flatten();
    rows.filter_map(|row| {
        let value = text(&row["key"])?;
        Some(TaskOutcome { label: text(&row["label"]).unwrap_or_else(|| value.clone()), value })
    })
    .collect()
}

fn over() -> ConnectorError {
    ConnectorError::new(FailureKind::NotFound, "task", "the task is over, or this account may not see it")
}

impl XecmConnector {
    async fn page_of_tasks(&self, (page, limit): (u64, u64)) -> Result<(Vec<Task>, bool)> {
        let (page_text, limit_text) = (page.to_string(), limit.to_string());
        let query = [("page", page_text.as_str()), ("limit", limit_text.as_str())];
        let answer = self.get("tasks", &self.addresses.assignments(), &query).await?;
        let come = rows(&answer);
        let more = has_more(&answer, page, limit, come.len());
        Ok((come.iter().filter_map(|row| task_of(&row["data"]["assignments"])).collect(), more))
    }

    async fn form_of_task(&self, operation: &'static str, id: &str) -> Result<Value> {
        let Some(place) = Place::read(id) else { return Err(over()) };
        let numbers = [place.process, place.sub, place.task].map(|number| number.to_string());
        let query = [
            ("process_id", numbers[0].as_str()),
            ("subprocess_id", numbers[1].as_str()),
            ("task_id", numbers[2].as_str()),
        ];
        self.get(operation, &self.addresses.task_form(), &query).await
    }

    /// Who has a task that is on this account's desk: this account, or nobody of the group that it waits for.
    async fn assignee(&self, id: &str) -> Result<Option<String>> {
        let form = self.form_of_task("tasks", id).await?;
        // Inferred: a group's task that nobody took says that it can be accepted.
        if flag(&form["data"]["member_accept"]) {
            return Ok(None);
        }
        Ok(Some(self.me("tasks").await?.name.clone()))
    }

    /// When a task's workflow began; a list does not tell when a task came up.
    async fn begun(&self, task: &Task) -> Result<Option<waybill_model::Millis>> {
        let Some(Place { process, .. }) = Place::read(&task.id) else { return Ok(None) };
        let status = self.look("tasks", &self.addresses.process_status(process), &[]).await?.unwrap_or(Value::Null);
        let of = &status["results"]["wf_details"];
        Ok(time(&of["date_initiated"]).or_else(|| time(&of["work_dateInitiated"])))
    }

    /// A task that is on this account's desk. One that another has is `Locked`, one that is over `NotFound`.
    async fn place_of_task(&self, operation: &'static str, id: &str) -> Result<Place> {
        let place = Place::read(id).ok_or_else(over)?;
        if self.task(id).await?.is_some() {
            return Ok(place);
        }
        let status = match self.get(operation, &self.addresses.process_status(place.process), &[]).await {
            Ok(status) => status,
            Err(error) if error.retry == Retry::Never => return Err(over()),
            Err(error) => return Err(error),
        };
        let current = status.pointer("/results/step_list/current").and_then(Value::as_array);
        let step = current.into_iter().flatten().find(|step| int(&step["task_id"]) == Some(place.task));
        let by = step.and_then(|step| step.pointer("/task_assignees/assignedto/0")).and_then(int);
        match by {
            Some(by) => {
                let name = self.name_of_member(operation, by).await?;
                let error = ConnectorError::new(FailureKind::Locked, operation, format!("{name} has the task"));
                Err(error.retry(Retry::Never).with(TAKEN_BY, name))
            }
            None => Err(over()),
        }
    }

    /// Does something with a task. Where no answer comes, it is looked whether the task is still there.
    async fn done(&self, operation: &'static str, place: Place, body: Value) -> Result<()> {
        let address = self.addresses.task(place.process, place.sub, place.task);
        let Err(error) = self.act(operation, Method::PUT, &address, &body).await else { return Ok(()) };
        if error.message.contains(WANTS_PASSWORD) {
            let why = "this task wants the password once more; decide it in the server's own pages";
            return Err(ConnectorError::new(FailureKind::Denied, operation, why));
        }
        if error.retry != Retry::Never && self.task(&place.id()).await.is_ok_and(|task| task.is_none()) {
            return Ok(());
        }
        Err(error)
    }
}

fn task_of(of: &Value) -> Option<Task> {
    let process = int(&of["workflow_id"])?;
    let sub = int(&of["workflow_subworkflow_id"]).unwrap_or(process);
    let task = int(&of["workflow_subworkflow_task_id"])?;
    let mut variables = BTreeMap::new();
    variables.extend(text(&of["workflow_name"]).map(|name| ("workflow".to_owned(), json!(name))));
    Some(Task {
        id: Place { process, sub, task }.id(),
        name: text(&of["name"]).unwrap_or_default(),
        description: text(&of["instructions"]).or_else(|| text(&of["description"])),
        created: time(&of["date_received"]).or_else(|| time(&of["date_initiated"])),
        due: time(&of["date_due"]),
        priority: int(&of["priority"]).and_then(|priority| i32::try_from(priority).ok()),
        process: Some(process.to_string()),
        variables,
        ..Task::default()
    })
}
