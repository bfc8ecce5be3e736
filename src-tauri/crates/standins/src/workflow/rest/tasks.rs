//! Tasks: the list, one of them, and the actions.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use super::{json_of, needed, task_list, text_of};
use crate::workflow::engine::Engine;
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::narrow::page;
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;
use crate::workflow::show::{RUNTIME, Show};
use crate::workflow::variable::Given;

/// `GET /tasks`
pub(super) async fn list(caller: Caller, parameters: Parameters) -> Answer {
    let show = Show::asked(&caller, &parameters)?;
    let body = caller.read(|engine| {
        let rows = task_list::tasks(engine, &parameters, &caller.tenant.directory)?;
        let address = caller.address(&format!("{RUNTIME}/tasks"));
        page(&rows, &parameters, (&address, "tasks"), |row| show.task(engine, row.task))
    })?;
    Ok(Json(body).into_response())
}

/// `GET /tasks/{id}`
pub(super) async fn one(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let show = Show::asked(&caller, &parameters)?;
    let body = caller.read(|engine| Ok(show.task(engine, engine.task(&id)?)))?;
    Ok(Json(body).into_response())
}

fn complete(caller: &Caller, engine: &mut Engine, id: &str, body: &Value) -> Answer<()> {
    let assignee = engine.task(id)?.assignee.as_deref();
    if caller.shared.settings().only_the_assignee_completes && assignee != Some(caller.who()) {
        return Err(Refused::forbidden(format!("Task '{id}' is not assigned to '{}'.", caller.who())));
    }
    let given = Given::read_all(body, "variables")?;
    let transient = Given::read_all(body, "transientVariables")?;
    let transient = transient.into_iter().map(|one| (one.name, one.variable.value)).collect();
    engine.complete(id, text_of(body, "outcome"), (given, transient))
}

fn act_on(caller: &Caller, engine: &mut Engine, id: &str, body: &Value) -> Answer<()> {
    let directory = &caller.tenant.directory;
    engine.task(id)?;
    match needed(body, "action")?.to_ascii_lowercase().as_str() {
        "claim" => match text_of(body, "assignee") {
            Some(who) => engine.claim(id, &directory.email(who)?),
            // A claim for nobody gives the task back.
            None => engine.unclaim(id),
        },
        "unclaim" => engine.unclaim(id),
        "delegate" => {
            let who = text_of(body, "assignee")
                .ok_or_else(|| Refused::invalid("An assignee is required when delegating a task."))?;
            engine.delegate(id, &directory.email(who)?)
        }
        "resolve" => engine.resolve(id),
        "complete" => complete(caller, engine, id, body),
        other => Err(Refused::invalid(format!("Invalid action: '{other}'."))),
    }
}

/// `POST /tasks/{id}`
pub(super) async fn act(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let show = Show::plain(&caller, caller.naming_of(&body));
    let shown = caller.write(|engine| {
        act_on(&caller, engine, &id, &body)?;
        // Inferred: the answer to a completion has no body; clients take any success for one.
        Ok(engine.tasks.get(&id).filter(|task| task.ended.is_none()).map(|task| show.task(engine, task)))
    })?;
    Ok(match shown {
        Some(task) => Json(task).into_response(),
        None => StatusCode::OK.into_response(),
    })
}
