//! Process instances: started, listed, halted, ended.

use std::sync::Arc;

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;
use http::header::LOCATION;
use serde_json::Value;

use super::{json_of, text_of};
use crate::workflow::engine::{Comment, Engine, Instance, Start, new_id};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::model::Definition;
use crate::workflow::narrow::{Key, Narrow, is_like, order, page};
use crate::workflow::parameters::Parameters;
use crate::workflow::people::Directory;
use crate::workflow::shared::Caller;
use crate::workflow::show::{RUNTIME, Show};
use crate::workflow::variable::Given;

const FIELDS: [&str; 8] =
    ["id", "startTime", "processDefinitionKey", "processDefinitionId", "name", "businessKey", "dueDate", "tenantId"];

/// What an instance is ordered by, here and in the history.
pub(super) fn key(instance: &Instance, field: &str) -> Key {
    let definition = &instance.definition;
    match field {
        "startTime" => Key::number(Some(instance.started)),
        "endTime" => Key::number(instance.ended),
        "duration" | "durationInMillis" => Key::number(instance.ended.map(|ended| ended - instance.started)),
        "dueDate" => Key::number(instance.due),
        "processDefinitionKey" => Key::text(Some(&definition.process.key)),
        "processDefinitionId" => Key::text(Some(&definition.id)),
        "name" => Key::text(instance.name.as_deref()),
        "businessKey" => Key::text(instance.business_key.as_deref()),
        "tenantId" => Key::Empty,
        _ => Key::text(Some(&instance.id)),
    }
}

/// The tests that running instances and the history have in common.
pub(super) fn shared_tests<'p>(narrow: &mut Narrow<'p, &Instance>, directory: &'p Directory) -> Answer<()> {
    narrow
        .by("processDefinitionKey", |row: &&Instance, wanted| row.definition.process.key == wanted)
        .by("processDefinitionId", |row, wanted| row.definition.id == wanted)
        .by("processDefinitionName", |row, wanted| row.definition.process.name == wanted)
        .by("processDefinitionCategory", |row, wanted| row.definition.process.category.as_deref() == Some(wanted))
        .by("deploymentId", |row, wanted| row.definition.deployment == wanted)
        .by("businessKey", |row, wanted| row.business_key.as_deref() == Some(wanted))
        .by("businessKeyLike", |row, wanted| row.business_key.as_deref().is_some_and(|own| is_like(own, wanted)))
        .by("startedBy", |row, who| row.starter == directory.known_as(who))
        .by("involvedUser", |row, who| row.involved.contains(directory.known_as(who)))
        .by("superProcessInstanceId", |row, wanted| row.parent.as_ref().is_some_and(|(parent, _)| parent == wanted))
        // No instance of the stand-in was started by another service.
        .by("callbackId", |_, _| false)
        .by("callbackType", |_, _| false)
        .number("processDefinitionVersion", |row, wanted| row.definition.version == wanted)?
        .only("excludeSubprocesses", |row| row.parent.is_none())?
        .moments(["startedOn", "startedBefore", "startedAfter"], |row| Some(row.started))?
        .moments(["dueOn", "dueBefore", "dueAfter"], |row| row.due)?;
    Ok(())
}

/// `GET /process-instances`
pub(super) async fn list(caller: Caller, parameters: Parameters) -> Answer {
    let show = Show::asked(&caller, &parameters)?;
    let body = caller.read(|engine| {
        let mut narrow = Narrow::new(&parameters);
        shared_tests(&mut narrow, &caller.tenant.directory)?;
        narrow
            .by("id", |row: &&Instance, wanted| row.id == wanted)
            .by("name", |row, wanted| row.name.as_deref() == Some(wanted))
            .by("nameLike", |row, wanted| row.name.as_deref().is_some_and(|own| is_like(own, wanted)))
            .by("nameLikeIgnoreCase", |row, wanted| {
                row.name.as_deref().is_some_and(|own| is_like(&own.to_lowercase(), &wanted.to_lowercase()))
            })
            .by("subProcessInstanceId", |row, child| {
                let child = engine.instances.get(child).and_then(|child| child.parent.as_ref());
                child.is_some_and(|(parent, _)| *parent == row.id)
            })
            .fact("suspended", |row| row.suspended)?;
        let mut rows: Vec<&Instance> = engine.instances.values().filter(|row| narrow.holds(row)).collect();
        order(&mut rows, &parameters, &FIELDS, |row, field| key(row, field))?;
        let address = caller.address(&format!("{RUNTIME}/process-instances"));
        page(&rows, &parameters, (&address, "process-instances"), |row| show.instance(engine, row))
    })?;
    Ok(Json(body).into_response())
}

/// `GET /process-instances/{id}`
pub(super) async fn one(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let show = Show::asked(&caller, &parameters)?;
    let body = caller.read(|engine| Ok(show.instance(engine, engine.instance(&id)?)))?;
    Ok(Json(body).into_response())
}

/// The definition that a start names, and the message by which it does.
fn wanted(engine: &Engine, body: &Value) -> Answer<(Arc<Definition>, Option<String>)> {
    let names = ["processDefinitionKey", "processDefinitionId", "message"];
    let given: Vec<_> = names.iter().filter_map(|name| Some((*name, text_of(body, name)?))).collect();
    let [(name, value)] = given.as_slice() else {
        let word = if given.is_empty() { "Either" } else { "Only one of" };
        return Err(Refused::invalid(format!(
            "{word} processDefinitionId, processDefinitionKey or message should be set."
        )));
    };
    let none = |what: &str| Refused::invalid(format!("No process definition found for {what} '{value}'"));
    match *name {
        "processDefinitionKey" => Ok((engine.latest(value).cloned().ok_or_else(|| none("key"))?, None)),
        "processDefinitionId" => Ok((engine.definition(value).cloned().ok_or_else(|| none("id"))?, None)),
        _ => {
            let keys = engine.definitions.iter().map(|definition| definition.process.key.as_str());
            let found = keys.filter_map(|key| engine.latest(key)).find(|one| one.process.start(Some(value)).is_some());
            Ok((found.cloned().ok_or_else(|| none("message"))?, Some((*value).to_owned())))
        }
    }
}

/// Writes down the comment of a body, where there is one.
fn comment_of(caller: &Caller, engine: &mut Engine, id: &str, body: &Value) {
    let Some(message) = body.pointer("/comment/message").and_then(Value::as_str) else { return };
    let (author, at) = (caller.who().to_owned(), engine.now);
    let instance = Some(id.to_owned());
    engine.comments.push(Comment { id: new_id(), author, message: message.to_owned(), at, task: None, instance });
}

/// `POST /process-instances`
pub(super) async fn start(caller: Caller, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let mut show = Show::plain(&caller, caller.naming_of(&body));
    show.process_variables = body.get("returnVariables").and_then(Value::as_bool).unwrap_or(false);
    let (id, shown) = caller.write(|engine| {
        let (definition, message) = wanted(engine, &body)?;
        let mut variables = Given::read_all(&body, "variables")?;
        variables.extend(Given::read_all(&body, "startFormVariables")?);
        let transient = Given::read_all(&body, "transientVariables")?;
        let id = engine.start(Start {
            message,
            name: text_of(&body, "name").map(str::to_owned),
            business_key: text_of(&body, "businessKey").map(str::to_owned),
            starter: caller.who().to_owned(),
            variables: variables.into_iter().map(|one| (one.name, one.variable)).collect(),
            transient: transient.into_iter().map(|one| (one.name, one.variable.value)).collect(),
            ..Start::of(definition)
        })?;
        comment_of(&caller, engine, &id, &body);
        let shown = show.instance(engine, engine.instance(&id)?);
        Ok((id, shown))
    })?;
    let location = caller.address(&format!("{RUNTIME}/process-instances/{id}"));
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(shown)).into_response())
}

/// `PUT /process-instances/{id}`: halts it, lets it go on, or renames it.
pub(super) async fn act(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let show = Show::plain(&caller, caller.naming_of(&body));
    let shown = caller.write(|engine| {
        engine.instance(&id)?;
        let (name, business_key) = (text_of(&body, "name"), text_of(&body, "businessKey"));
        match text_of(&body, "action") {
            Some("suspend") => engine.suspend(&id, true)?,
            Some("activate") => engine.suspend(&id, false)?,
            Some(other) => return Err(Refused::invalid(format!("Invalid action: '{other}'."))),
            None if name.is_none() && business_key.is_none() => {
                return Err(Refused::invalid("No action found in request body."));
            }
            None => {}
        }
        let instance = engine.instance_mut(&id)?;
        if let Some(name) = name {
            instance.name = Some(name.to_owned());
        }
        if let Some(business_key) = business_key {
            instance.business_key = Some(business_key.to_owned());
        }
        comment_of(&caller, engine, &id, &body);
        Ok(show.instance(engine, engine.instance(&id)?))
    })?;
    Ok(Json(shown).into_response())
}

/// `DELETE /process-instances/{id}`
pub(super) async fn remove(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let reason = parameters.text("deleteReason").unwrap_or("deleted by the user");
    caller.write(|engine| engine.terminate(&id, reason))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
