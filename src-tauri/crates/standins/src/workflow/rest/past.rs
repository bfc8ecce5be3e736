//! The history service: instances and tasks, whether they ended or not, as far as its writer has come.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;

use super::instances::{key, shared_tests};
use crate::clock::Millis;
use crate::workflow::engine::{Engine, Instance, Task};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::narrow::{Key, Narrow, is_like, order, page};
use crate::workflow::parameters::Parameters;
use crate::workflow::people::Directory;
use crate::workflow::shared::Caller;
use crate::workflow::show::{HISTORY, Show};

const INSTANCE_FIELDS: [&str; 10] = [
    "id",
    "startTime",
    "endTime",
    "duration",
    "durationInMillis",
    "processDefinitionKey",
    "processDefinitionId",
    "name",
    "businessKey",
    "dueDate",
];
const TASK_FIELDS: [&str; 12] = [
    "id",
    "name",
    "startTime",
    "endTime",
    "duration",
    "durationInMillis",
    "dueDate",
    "priority",
    "assignee",
    "owner",
    "processInstanceId",
    "taskDefinitionKey",
];

/// Up to which moment the writer has come.
fn visible(caller: &Caller, engine: &Engine) -> Millis {
    engine.now - caller.shared.settings().history_lag_ms
}

/// `GET /historic-process-instances`
pub(super) async fn instances(caller: Caller, parameters: Parameters) -> Answer {
    let show = Show::asked(&caller, &parameters)?;
    let body = caller.read(|engine| {
        let mut narrow = Narrow::new(&parameters);
        shared_tests(&mut narrow, &caller.tenant.directory)?;
        narrow
            .by("processInstanceId", |row: &&Instance, wanted| row.id == wanted)
            .by("processInstanceName", |row, wanted| row.name.as_deref() == Some(wanted))
            .by("processInstanceNameLike", |row, wanted| row.name.as_deref().is_some_and(|own| is_like(own, wanted)))
            .by("processInstanceNameLikeIgnoreCase", |row, wanted| {
                row.name.as_deref().is_some_and(|own| is_like(&own.to_lowercase(), &wanted.to_lowercase()))
            })
            .fact("finished", |row| row.ended.is_some())?
            .moments(["finishedOn", "finishedBefore", "finishedAfter"], |row| row.ended)?;
        let mut rows: Vec<&Instance> = engine.history.instances(engine.now).filter(|row| narrow.holds(row)).collect();
        order(&mut rows, &parameters, &INSTANCE_FIELDS, |row, field| key(row, field))?;
        let address = caller.address(&format!("{HISTORY}/historic-process-instances"));
        let visible = visible(&caller, engine);
        page(&rows, &parameters, (&address, "historic-process-instances"), |row| {
            show.past_instance(engine, row, visible)
        })
    })?;
    Ok(Json(body).into_response())
}

/// `GET /historic-process-instances/{id}`
pub(super) async fn instance(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let show = Show::asked(&caller, &parameters)?;
    let body = caller.read(|engine| {
        let found = engine.history.instance(&id, engine.now);
        let found = found.ok_or_else(|| Refused::missing("a historic process instance", &id))?;
        Ok(show.past_instance(engine, found, visible(&caller, engine)))
    })?;
    Ok(Json(body).into_response())
}

/// `GET /historic-task-instances/{id}`
pub(super) async fn task(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let show = Show::asked(&caller, &parameters)?;
    let body = caller.read(|engine| {
        let found = engine.history.task(&id, engine.now);
        let found = found.ok_or_else(|| Refused::missing("a historic task instance", &id))?;
        Ok(show.past_task(engine, found, visible(&caller, engine)))
    })?;
    Ok(Json(body).into_response())
}

/// A past task with the instance around it.
struct Row<'e> {
    task: &'e Task,
    instance: Option<&'e Instance>,
    engine: &'e Engine,
}

impl Row<'_> {
    fn text(&self, field: &str) -> Option<&str> {
        let (task, definition) = (self.task, self.task.definition.as_ref());
        match field {
            "taskId" | "id" => Some(&task.id),
            "processInstanceId" => task.instance.as_deref(),
            "processDefinitionId" => definition.map(|definition| definition.id.as_str()),
            "processDefinitionKey" => definition.map(|definition| definition.process.key.as_str()),
            "processDefinitionName" => definition.map(|definition| definition.process.name.as_str()),
            "processBusinessKey" => self.instance.and_then(|instance| instance.business_key.as_deref()),
            "executionId" => task.execution.as_deref(),
            "taskDefinitionKey" => task.element.as_deref(),
            "taskName" | "name" => task.name.as_deref(),
            "taskDescription" => task.description.as_deref(),
            "taskCategory" => task.category.as_deref(),
            "taskDeleteReason" => task.delete_reason.as_deref(),
            "taskAssignee" | "assignee" => task.assignee.as_deref(),
            "taskOwner" | "owner" => task.owner.as_deref(),
            "parentTaskId" => task.parent.as_deref(),
            _ => None,
        }
    }

    fn key(&self, field: &str) -> Key {
        let task = self.task;
        match field {
            "startTime" => Key::number(Some(task.created)),
            "endTime" => Key::number(task.ended),
            "duration" | "durationInMillis" => Key::number(task.ended.map(|ended| ended - task.created)),
            "dueDate" => Key::number(task.due),
            "priority" => Key::number(Some(task.priority)),
            _ => Key::text(self.text(field)),
        }
    }

    /// Whether the task's instance lies within another, also where both have ended.
    fn is_within(&self, outer: &str) -> bool {
        let mut at = self.task.instance.as_deref();
        while let Some(id) = at {
            if id == outer {
                return true;
            }
            let instance = self.engine.history.instance(id, self.engine.now);
            at = instance.and_then(|instance| instance.parent.as_ref()).map(|(parent, _)| parent.as_str());
        }
        false
    }
}

const TEXTS: [&str; 15] = [
    "taskId",
    "processInstanceId",
    "processDefinitionId",
    "processDefinitionKey",
    "processDefinitionName",
    "processBusinessKey",
    "executionId",
    "taskDefinitionKey",
    "taskName",
    "taskDescription",
    "taskCategory",
    "taskDeleteReason",
    "taskAssignee",
    "taskOwner",
    "parentTaskId",
];
const PATTERNS: [(&str, &str); 8] = [
    ("processDefinitionKeyLike", "processDefinitionKey"),
    ("processDefinitionNameLike", "processDefinitionName"),
    ("processBusinessKeyLike", "processBusinessKey"),
    ("taskNameLike", "taskName"),
    ("taskDescriptionLike", "taskDescription"),
    ("taskDeleteReasonLike", "taskDeleteReason"),
    ("taskAssigneeLike", "taskAssignee"),
    ("taskOwnerLike", "taskOwner"),
];

fn narrowed<'p, 'e>(parameters: &'p Parameters, directory: &'p Directory) -> Answer<Narrow<'p, Row<'e>>> {
    let mut narrow: Narrow<'p, Row<'e>> = Narrow::new(parameters);
    for name in TEXTS {
        let is_person = matches!(name, "taskAssignee" | "taskOwner");
        narrow.by(name, move |row, wanted| {
            row.text(name) == Some(if is_person { directory.known_as(wanted) } else { wanted })
        });
    }
    for (name, of) in PATTERNS {
        narrow.by(name, move |row, wanted| row.text(of).is_some_and(|own| is_like(own, wanted)));
    }
    narrow
        .by("processInstanceIdWithChildren", Row::is_within)
        .any_of("taskDefinitionKeys", |row, keys| {
            row.task.element.as_ref().is_some_and(|element| keys.contains(element))
        })
        .by("taskInvolvedUser", |row, who| {
            let (who, task) = (directory.known_as(who), row.task);
            [&task.assignee, &task.owner].into_iter().any(|own| own.as_deref() == Some(who)) || task.users.contains(who)
        })
        // No task of the stand-in belongs to anything but a process.
        .by("scopeId", |_, _| false)
        .by("scopeType", |_, _| false)
        .by("scopeDefinitionId", |_, _| false)
        .number("taskPriority", |row, wanted| row.task.priority == wanted)?
        .fact("finished", |row| row.task.ended.is_some())?
        .fact("processFinished", |row| row.instance.is_some_and(|instance| instance.ended.is_some()))?
        .only("withoutDueDate", |row| row.task.due.is_none())?
        .only("excludeSubTasks", |row| row.task.parent.is_none())?
        .moments(["dueDate", "dueDateBefore", "dueDateAfter"], |row| row.task.due)?
        .moments(["taskCompletedOn", "taskCompletedBefore", "taskCompletedAfter"], |row| row.task.ended)?
        .moments(["taskCreatedOn", "taskCreatedBefore", "taskCreatedAfter"], |row| Some(row.task.created))?;
    parameters.flag("filterByCurrentSubscription")?;
    Ok(narrow)
}

/// `GET /historic-task-instances`
pub(super) async fn tasks(caller: Caller, parameters: Parameters) -> Answer {
    let show = Show::asked(&caller, &parameters)?;
    let body = caller.read(|engine| {
        let narrow = narrowed(&parameters, &caller.tenant.directory)?;
        let rows = engine.history.tasks(engine.now).map(|task| {
            let instance = task.instance.as_deref().and_then(|id| engine.history.instance(id, engine.now));
            Row { task, instance, engine }
        });
        let mut rows: Vec<_> = rows.filter(|row| narrow.holds(row)).collect();
        order(&mut rows, &parameters, &TASK_FIELDS, Row::key)?;
        let address = caller.address(&format!("{HISTORY}/historic-task-instances"));
        let visible = visible(&caller, engine);
        page(&rows, &parameters, (&address, "historic-task-instances"), |row| show.past_task(engine, row.task, visible))
    })?;
    Ok(Json(body).into_response())
}
