//! Who has to do with a task, as a list that can be changed.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{json_of, needed, text_of};
use crate::workflow::engine::{Engine, Task};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::narrow::page;
use crate::workflow::parameters::Parameters;
use crate::workflow::people::Directory;
use crate::workflow::shared::Caller;
use crate::workflow::show::{RUNTIME, Show};

/// The items of a body.
fn items(body: &Value) -> Vec<Value> {
    // Inferred: the bodies are not documented; one item, a list and an object around a list are all understood.
    match body.get("assignments").unwrap_or(body) {
        Value::Array(items) => items.clone(),
        Value::Object(fields) if fields.is_empty() => Vec::new(),
        one => vec![one.clone()],
    }
}

/// Adds an item to a task, or takes it away.
fn apply(task: &mut Task, item: &Value, directory: &Directory, adds: bool) -> Answer<()> {
    let user = text_of(item, "user").map(|user| directory.email(user)).transpose()?;
    let group = text_of(item, "group").map(|group| directory.group(group)).transpose()?;
    let kind = needed(item, "type")?;
    match (kind, user, group) {
        ("assignee", Some(user), None) => task.assignee = adds.then_some(user),
        ("owner", Some(user), None) => task.owner = adds.then_some(user),
        ("candidate", Some(user), None) if adds => drop(task.users.insert(user)),
        ("candidate", Some(user), None) => drop(task.users.remove(&user)),
        ("candidate", None, Some(group)) if adds => drop(task.groups.insert(group)),
        ("candidate", None, Some(group)) => drop(task.groups.remove(&group)),
        ("assignee" | "owner", None, _) => return Err(Refused::invalid(format!("'{kind}' needs a user."))),
        ("candidate", _, _) => {
            return Err(Refused::invalid("Only one of user or group can be used to create an assignment."));
        }
        _ => return Err(Refused::invalid(format!("Invalid assignment type: '{kind}'."))),
    }
    Ok(())
}

fn change(
    caller: &Caller,
    (id, body): (&str, &Value),
    how: impl FnOnce(&mut Task, &[Value], &Directory) -> Answer<()>,
) -> Answer<Value> {
    let show = Show::plain(caller, caller.naming_of(body));
    caller.write(|engine: &mut Engine| {
        let items = items(body);
        let task = engine.task_mut(id)?;
        how(task, &items, &caller.tenant.directory)?;
        Ok(json!(show.assignments_of(engine.task(id)?)))
    })
}

/// `GET /tasks/{id}/assignments`
pub(super) async fn list(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let show = Show::plain(&caller, caller.naming(&parameters)?);
    let body = caller.read(|engine| {
        let rows = show.assignments_of(engine.task(&id)?);
        let address = caller.address(&format!("{RUNTIME}/tasks/{id}/assignments"));
        page(&rows, &parameters, (&address, "assignments"), Value::clone)
    })?;
    Ok(Json(body).into_response())
}

fn some(items: &[Value]) -> Answer<()> {
    if items.is_empty() { Err(Refused::invalid("There is no assignment in the body.")) } else { Ok(()) }
}

/// `POST /tasks/{id}/assignments`
pub(super) async fn add(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let all = change(&caller, (&id, &body), |task, items, directory| {
        some(items)?;
        items.iter().try_for_each(|item| apply(task, item, directory, true))
    })?;
    Ok((StatusCode::CREATED, Json(all)).into_response())
}

/// `PUT /tasks/{id}/assignments`: these and no others.
pub(super) async fn replace(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let all = change(&caller, (&id, &body), |task, items, directory| {
        some(items)?;
        task.assignee = None;
        task.owner = None;
        task.users.clear();
        task.groups.clear();
        items.iter().try_for_each(|item| apply(task, item, directory, true))
    })?;
    Ok(Json(all).into_response())
}

/// `DELETE /tasks/{id}/assignments`: those of the body, or the one that the parameters name.
pub(super) async fn remove(caller: Caller, Path(id): Path<String>, parameters: Parameters, body: Bytes) -> Answer {
    let mut body = json_of(&body)?;
    if let Some(kind) = parameters.text("type") {
        body = json!({ "type": kind, "user": parameters.text("user"), "group": parameters.text("group") });
    }
    change(&caller, (&id, &body), |task, items, directory| {
        some(items)?;
        items.iter().try_for_each(|item| apply(task, item, directory, false))
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
