//! Executions: where an instance stands, and words from outside that let it go on.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{json_of, needed};
use crate::workflow::engine::{Engine, Instance};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::narrow::{Narrow, page};
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;
use crate::workflow::show::RUNTIME;
use crate::workflow::variable::Given;

/// An execution as it is answered; the instance itself is the one without an activity.
fn shown(caller: &Caller, instance: &Instance, (id, parent, element): (&str, Option<&str>, Option<&str>)) -> Value {
    json!({
        "id": id,
        "parentId": parent,
        "superExecutionId": instance.parent.as_ref().map(|(_, execution)| execution).filter(|_| parent.is_none()),
        "processInstanceId": instance.id,
        "activityId": element,
        "suspended": instance.suspended,
        "tenantId": caller.tenant.id,
        "subscriptionId": caller.shared.subscription,
        "_links": { "self": { "href": caller.address(&format!("{RUNTIME}/process-instances/executions/{id}")) } },
    })
}

fn all(caller: &Caller, engine: &Engine) -> Vec<Value> {
    let mut rows = Vec::new();
    for instance in engine.instances.values() {
        rows.push(shown(caller, instance, (&instance.id, None, None)));
        rows.extend(
            instance
                .executions
                .iter()
                .map(|one| shown(caller, instance, (&one.id, Some(&one.parent), Some(&one.element)))),
        );
    }
    rows
}

/// `GET /process-instances/executions`
pub(super) async fn list(caller: Caller, parameters: Parameters) -> Answer {
    let body = caller.read(|engine| {
        let mut narrow = Narrow::new(&parameters);
        for name in ["processInstanceId", "id", "parentId", "activityId"] {
            narrow.by(name, move |row: &Value, wanted| row[name] == wanted);
        }
        let rows: Vec<Value> = all(&caller, engine).into_iter().filter(|row| narrow.holds(row)).collect();
        let address = caller.address(&format!("{RUNTIME}/process-instances/executions"));
        page(&rows, &parameters, (&address, "executions"), Value::clone)
    })?;
    Ok(Json(body).into_response())
}

fn find(caller: &Caller, engine: &Engine, id: &str) -> Answer<Value> {
    all(caller, engine).into_iter().find(|row| row["id"] == id).ok_or_else(|| Refused::missing("an execution", id))
}

/// `GET /process-instances/executions/{id}`
pub(super) async fn one(caller: Caller, Path(id): Path<String>) -> Answer {
    let shown = caller.read(|engine| find(&caller, engine, &id))?;
    Ok(Json(shown).into_response())
}

/// `PUT /process-instances/executions/{id}`: lets a step that waits for a word go on; 204 where that ended it.
pub(super) async fn act(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let action = needed(&body, "action")?;
    let variables = Given::read_all(&body, "variables")?;
    let variables = variables.into_iter().map(|one| (one.name, one.variable)).collect();
    match action {
        "trigger" | "signal" => {}
        "signalEventReceived" => drop(needed(&body, "signalName")?),
        "messageEventReceived" => drop(needed(&body, "messageName")?),
        other => return Err(Refused::invalid(format!("Invalid action: '{other}'."))),
    }
    let left = caller.write(|engine| {
        find(&caller, engine, &id)?;
        if action.ends_with("EventReceived") {
            // No step of the models that run here waits for a named signal or message.
            return Err(Refused::conflict(format!("Execution with id '{id}' does not have a subscription.")));
        }
        engine.trigger(&id, variables)?;
        Ok(find(&caller, engine, &id).ok())
    })?;
    Ok(match left {
        Some(shown) => Json(shown).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
