//! Tasks made, changed and removed outside of a process's course.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use super::{json_of, text_of};
use crate::workflow::engine::{Delegation, Engine, Task, USUAL_PRIORITY, new_id};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::moment;
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;
use crate::workflow::show::Show;

fn text(value: &Value, name: &str) -> Answer<Option<String>> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(Refused::invalid(format!("'{name}' must be a text"))),
    }
}

fn person(caller: &Caller, value: &Value, name: &str) -> Answer<Option<String>> {
    let who = text(value, name)?.filter(|who| !who.is_empty());
    who.map(|who| caller.tenant.directory.email(&who)).transpose()
}

/// Changes one field; fields that are not known, such as the `…Set` flags, are passed over.
fn change(caller: &Caller, task: &mut Task, name: &str, value: &Value) -> Answer<()> {
    match name {
        "name" => task.name = text(value, name)?,
        "description" => task.description = text(value, name)?,
        "category" => task.category = text(value, name)?,
        "formKey" => task.form_key = text(value, name)?,
        "parentTaskId" => task.parent = text(value, name)?,
        "assignee" => task.assignee = person(caller, value, name)?,
        "owner" => task.owner = person(caller, value, name)?,
        "dueDate" => {
            let due = text(value, name)?;
            let read = |due: String| {
                let at = moment::parse(&due).map(|(at, _)| at);
                at.ok_or_else(|| Refused::invalid(format!("Failed to parse date '{due}'")))
            };
            task.due = due.map(read).transpose()?;
        }
        "priority" => {
            let wrong = || Refused::invalid("'priority' must be a whole number");
            task.priority = if value.is_null() { USUAL_PRIORITY } else { value.as_i64().ok_or_else(wrong)? };
        }
        "delegationState" => {
            let state = text(value, name)?.map(|state| state.to_lowercase());
            task.delegation = match state.as_deref() {
                None => None,
                Some("pending") => Some(Delegation::Pending),
                Some("resolved") => Some(Delegation::Resolved),
                Some(other) => return Err(Refused::invalid(format!("Illegal value for delegationState: {other}"))),
            };
        }
        _ => {}
    }
    Ok(())
}

fn fields(body: &Value) -> Answer<&serde_json::Map<String, Value>> {
    body.as_object().ok_or_else(|| Refused::invalid("The body must be an object"))
}

fn check_parent(engine: &Engine, task: &str, parent: Option<&str>) -> Answer<()> {
    let Some(parent) = parent else { return Ok(()) };
    let mut at = Some(parent);
    while let Some(id) = at {
        if id == task {
            return Err(Refused::invalid("A task cannot lie below itself"));
        }
        let above = engine.task(id).map_err(|_| Refused::invalid(format!("The parent task '{id}' does not exist")))?;
        at = above.parent.as_deref();
    }
    Ok(())
}

/// `PUT /tasks/{id}`: changes what is in the body; what is there and null is emptied.
pub(super) async fn update(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let show = Show::plain(&caller, caller.naming_of(&body));
    let shown = caller.write(|engine| {
        let given = fields(&body)?;
        check_parent(engine, &id, text_of(&body, "parentTaskId"))?;
        let task = engine.task_mut(&id)?;
        for (name, value) in given {
            change(&caller, task, name, value)?;
        }
        if let (Some(instance), Some(assignee)) = (task.instance.clone(), task.assignee.clone()) {
            engine.involve(&instance, Some(&assignee))?;
        }
        Ok(show.task(engine, engine.task(&id)?))
    })?;
    Ok(Json(shown).into_response())
}

/// `POST /tasks`: a task that belongs to no process.
pub(super) async fn create(caller: Caller, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let show = Show::plain(&caller, caller.naming_of(&body));
    let shown = caller.write(|engine| {
        let mut task = Task { id: new_id(), priority: USUAL_PRIORITY, created: engine.now, ..Task::default() };
        for (name, value) in fields(&body)? {
            change(&caller, &mut task, name, value)?;
        }
        check_parent(engine, &task.id, task.parent.as_deref())?;
        let shown = show.task(engine, &task);
        engine.add_task(task);
        Ok(shown)
    })?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// `DELETE /tasks/{id}`
pub(super) async fn remove(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let forgets = parameters.is_set("cascadeHistory")?;
    caller.write(|engine| {
        if engine.task(&id)?.instance.is_some() {
            return Err(Refused::forbidden("Cannot delete a task that is part of a process instance."));
        }
        let (now, reason) = (engine.now, parameters.text("deleteReason").unwrap_or("deleted").to_owned());
        let task = engine.task_mut(&id)?;
        task.ended = Some(now);
        task.delete_reason = Some(reason);
        Ok(())
    })?;
    if forgets {
        caller.tenant.engine().history.forget_task(&id);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
