//! Jobs of external workers: taken for a while, then done, failed or given back.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{json_of, needed, text_of};
use crate::workflow::engine::{Engine, Outcome};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::moment;
use crate::workflow::narrow::{Narrow, page};
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;
use crate::workflow::show::{RUNTIME, Show};
use crate::workflow::variable::{Given, Variables};

/// Milliseconds of a lock that names none.
const USUAL_LOCK: i64 = 300_000;

/// `GET /external-jobs`
pub(super) async fn list(caller: Caller, parameters: Parameters) -> Answer {
    let show = Show::plain(&caller, caller.naming(&parameters)?);
    let body = caller.read(|engine| {
        let mut narrow = Narrow::new(&parameters);
        let fields = [
            "id",
            "executionId",
            "processInstanceId",
            "processDefinitionId",
            "elementId",
            "elementName",
            "topic",
            "exceptionMessage",
        ];
        for name in fields {
            narrow.by(name, move |row: &Value, wanted| row[name] == wanted);
        }
        let now = engine.now;
        let is_locked = move |row: &Value| {
            let until = row["lockExpirationTime"].as_str().and_then(moment::parse);
            until.is_some_and(|(until, _)| until > now)
        };
        narrow.only("withException", |row| row["exceptionMessage"].is_string())?;
        narrow.only("locked", is_locked)?.only("unlocked", move |row| !is_locked(row))?;
        let rows = engine.jobs().into_iter().map(|found| show.job(found, false));
        let rows: Vec<Value> = rows.filter(|row| narrow.holds(row)).collect();
        let address = caller.address(&format!("{RUNTIME}/external-jobs"));
        page(&rows, &parameters, (&address, "external-jobs"), Value::clone)
    })?;
    Ok(Json(body).into_response())
}

fn find(show: &Show<'_>, engine: &Engine, id: &str) -> Answer<Value> {
    let found = engine.jobs().into_iter().find(|(_, _, job)| job.id == id);
    found.map(|found| show.job(found, true)).ok_or_else(|| Refused::missing("an external worker job", id))
}

/// `GET /external-jobs/{id}`
pub(super) async fn one(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let show = Show::plain(&caller, caller.naming(&parameters)?);
    let shown = caller.read(|engine| find(&show, engine, &id))?;
    Ok(Json(shown).into_response())
}

/// `POST /external-jobs`: locks free jobs of a topic.
pub(super) async fn acquire(caller: Caller, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let show = Show::plain(&caller, caller.naming_of(&body));
    let (topic, worker) = (needed(&body, "topic")?, needed(&body, "workerId")?);
    let number = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(1),
        Some(value) => {
            let number = value.as_u64().filter(|number| *number > 0).and_then(|number| usize::try_from(number).ok());
            number.ok_or_else(|| Refused::invalid(format!("'{name}' must be a positive number")))
        }
    };
    let count = number("numberOfTasks")?;
    number("numberOfRetries")?;
    let length = match text_of(&body, "lockDuration") {
        None => USUAL_LOCK,
        Some(text) => moment::period(text).ok_or_else(|| Refused::invalid(format!("'{text}' is not a duration")))?,
    };
    let jobs = caller.write(|engine| {
        let ids = engine.lock_jobs(topic, worker, (count, length))?;
        ids.iter().map(|id| find(&show, engine, id)).collect::<Answer<Vec<_>>>()
    })?;
    // Inferred: the locked jobs come as a bare list, as in the engine that the service is built on.
    Ok(Json(json!(jobs)).into_response())
}

fn variables(body: &Value) -> Answer<Variables> {
    let given = Given::read_all(body, "variables")?;
    Ok(given.into_iter().map(|one| (one.name, one.variable)).collect())
}

fn end(caller: &Caller, id: &str, body: &Value, outcome: Outcome) -> Answer {
    let worker = needed(body, "workerId")?;
    caller.write(|engine| engine.end_job(id, worker, outcome))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /external-jobs/{id}/complete`
pub(super) async fn complete(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    end(&caller, &id, &body, Outcome::Done(variables(&body)?))
}

/// `POST /external-jobs/{id}/bpmnError`
pub(super) async fn process_error(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let code = text_of(&body, "errorCode").unwrap_or_default().to_owned();
    end(&caller, &id, &body, Outcome::ProcessError(code, variables(&body)?))
}

/// `POST /external-jobs/{id}/fail`
pub(super) async fn fail(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let problem = text_of(&body, "errorMessage").unwrap_or("The worker failed").to_owned();
    let again_after = text_of(&body, "retryTimeout").and_then(moment::period);
    let retries = body.get("retries").and_then(Value::as_i64);
    end(&caller, &id, &body, Outcome::Failed { problem, retries, again_after })
}
