//! Variables of instances and tasks, one by one and as lists.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::json_of;
use crate::workflow::engine::Engine;
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::narrow::page;
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;
use crate::workflow::show::RUNTIME;
use crate::workflow::variable::{Given, Level, Variable};

type Row = (String, Variable, Level);

fn missing(name: &str, owner: &str) -> Refused {
    Refused::absent(format!("'{owner}' doesn't have variable with name: '{name}'."))
}

fn shown((name, variable, level): &Row, address: &str) -> Value {
    let mut shown = variable.show(name, *level);
    let href = format!("{address}/{}", percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC));
    shown["links"] = json!([{ "rel": "self", "href": href }]);
    shown["_links"] = json!({ "self": { "href": href } });
    shown
}

fn level_of(parameters: &Parameters) -> Answer<Option<Level>> {
    match parameters.text("scope").map(str::to_lowercase).as_deref() {
        None => Ok(None),
        Some("local") => Ok(Some(Level::Local)),
        Some("global") => Ok(Some(Level::Global)),
        Some(other) => Err(Refused::invalid(format!("Invalid variable scope: '{other}'"))),
    }
}

fn list(rows: Vec<Row>, parameters: &Parameters, address: &str) -> Answer {
    let kind = parameters.text("type");
    let rows: Vec<Row> = rows.into_iter().filter(|(_, one, _)| kind.is_none_or(|kind| one.kind == kind)).collect();
    let body = page(&rows, parameters, (address, "variables"), |row| shown(row, address))?;
    Ok(Json(body).into_response())
}

fn rows_of_task(engine: &Engine, id: &str, level: Option<Level>) -> Answer<Vec<Row>> {
    let task = engine.task(id)?;
    let row = |level: Level| move |(name, one): (&String, &Variable)| (name.clone(), one.clone(), level);
    let mut rows: Vec<Row> = Vec::new();
    if level != Some(Level::Global) {
        rows.extend(task.variables.iter().map(row(Level::Local)));
    }
    if level != Some(Level::Local)
        && let Some(instance) = task.instance.as_deref().and_then(|id| engine.instances.get(id))
    {
        // A local variable hides the one of the same name around it.
        let hidden = |name: &String| level.is_none() && task.variables.contains_key(name);
        rows.extend(instance.variables.iter().filter(|(name, _)| !hidden(name)).map(row(Level::Global)));
    }
    Ok(rows)
}

/// `GET /process-instances/{id}/variables`
pub(super) async fn of_instance(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let level = level_of(&parameters)?;
    let rows = caller.read(|engine| {
        let all = engine.instance(&id)?.variables.iter();
        // On an instance everything is local.
        let all = all.filter(|_| level != Some(Level::Global));
        Ok(all.map(|(name, one)| (name.clone(), one.clone(), Level::Local)).collect())
    })?;
    list(rows, &parameters, &caller.address(&format!("{RUNTIME}/process-instances/{id}/variables")))
}

/// `GET /tasks/{id}/variables`
pub(super) async fn of_task(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let level = level_of(&parameters)?;
    let rows = caller.read(|engine| rows_of_task(engine, &id, level))?;
    list(rows, &parameters, &caller.address(&format!("{RUNTIME}/tasks/{id}/variables")))
}

fn written(body: &Value, rows: &[Row], address: &str) -> Value {
    let all: Vec<_> = rows.iter().map(|row| shown(row, address)).collect();
    if body.is_array() { Value::Array(all) } else { all.into_iter().next().unwrap_or_default() }
}

fn set_in_instance(engine: &mut Engine, id: &str, given: Vec<Given>, only_new: bool) -> Answer<Vec<Row>> {
    let instance = engine.instance_mut(id)?;
    let mut rows = Vec::new();
    for one in given {
        if only_new && instance.variables.contains_key(&one.name) {
            return Err(Refused::conflict(format!("Variable '{}' is already present on execution '{id}'.", one.name)));
        }
        instance.variables.insert(one.name.clone(), one.variable.clone());
        rows.push((one.name, one.variable, Level::Local));
    }
    Ok(rows)
}

/// `POST /process-instances/{id}/variables`: only names that are not there yet.
pub(super) async fn create(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let given = Given::read_body(&body)?;
    let rows = caller.write(|engine| set_in_instance(engine, &id, given, true))?;
    let address = caller.address(&format!("{RUNTIME}/process-instances/{id}/variables"));
    Ok((StatusCode::CREATED, Json(written(&body, &rows, &address))).into_response())
}

/// `PUT /process-instances/{id}/variables`: also names that are there.
pub(super) async fn put_all(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let given = Given::read_body(&body)?;
    let rows = caller.write(|engine| set_in_instance(engine, &id, given, false))?;
    let address = caller.address(&format!("{RUNTIME}/process-instances/{id}/variables"));
    Ok((StatusCode::CREATED, Json(written(&body, &rows, &address))).into_response())
}

/// The variable of a body for the name in the address, which the body may leave out.
fn given_for(name: &str, body: &Bytes) -> Answer<Given> {
    let mut body = json_of(body)?;
    if let Some(fields) = body.as_object_mut() {
        fields.entry("name").or_insert_with(|| json!(name));
    }
    let given = Given::read(&body)?;
    if given.name != name {
        return Err(Refused::invalid(
            "Variable name in the body should be equal to the name used in the requested URL.",
        ));
    }
    Ok(given)
}

/// `PUT /process-instances/{id}/variables/{name}`
pub(super) async fn put(caller: Caller, Path((id, name)): Path<(String, String)>, body: Bytes) -> Answer {
    let given = given_for(&name, &body)?;
    let rows = caller.write(|engine| {
        if !engine.instance(&id)?.variables.contains_key(&name) {
            return Err(missing(&name, &id));
        }
        set_in_instance(engine, &id, vec![given], false)
    })?;
    let address = caller.address(&format!("{RUNTIME}/process-instances/{id}/variables"));
    Ok(Json(written(&Value::Null, &rows, &address)).into_response())
}

/// `GET /process-instances/{id}/variables/{name}`
pub(super) async fn one(caller: Caller, Path((id, name)): Path<(String, String)>) -> Answer {
    let variable =
        caller.read(|engine| engine.instance(&id)?.variables.get(&name).cloned().ok_or_else(|| missing(&name, &id)))?;
    let address = caller.address(&format!("{RUNTIME}/process-instances/{id}/variables"));
    Ok(Json(shown(&(name, variable, Level::Local), &address)).into_response())
}

/// `DELETE /process-instances/{id}/variables/{name}`
pub(super) async fn remove(caller: Caller, Path((id, name)): Path<(String, String)>) -> Answer {
    caller.write(|engine| {
        engine.instance_mut(&id)?.variables.remove(&name).map(drop).ok_or_else(|| missing(&name, &id))
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn set_in_task(engine: &mut Engine, id: &str, given: Vec<Given>, only_new: bool) -> Answer<Vec<Row>> {
    let has_process = engine.task(id)?.instance.is_some();
    let mut rows = Vec::new();
    for one in &given {
        let level = one.level.filter(|_| has_process).unwrap_or(Level::Local);
        let there = rows_of_task(engine, id, Some(level))?.iter().any(|(name, _, _)| *name == one.name);
        if only_new && there {
            return Err(Refused::conflict(format!("Variable '{}' is already present on task '{id}'.", one.name)));
        }
        if !only_new && !there {
            return Err(missing(&one.name, id));
        }
        rows.push((one.name.clone(), one.variable.clone(), level));
    }
    engine.set_in_task(id, given, Level::Local)?;
    Ok(rows)
}

/// `POST /tasks/{id}/variables`
pub(super) async fn create_in_task(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let given = Given::read_body(&body)?;
    let rows = caller.write(|engine| set_in_task(engine, &id, given, true))?;
    let address = caller.address(&format!("{RUNTIME}/tasks/{id}/variables"));
    Ok((StatusCode::CREATED, Json(written(&body, &rows, &address))).into_response())
}

/// `PUT /tasks/{id}/variables/{name}`
pub(super) async fn put_in_task(caller: Caller, Path((id, name)): Path<(String, String)>, body: Bytes) -> Answer {
    let given = given_for(&name, &body)?;
    let rows = caller.write(|engine| set_in_task(engine, &id, vec![given], false))?;
    let address = caller.address(&format!("{RUNTIME}/tasks/{id}/variables"));
    Ok(Json(written(&Value::Null, &rows, &address)).into_response())
}

/// `GET /tasks/{id}/variables/{name}`
pub(super) async fn one_of_task(
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
    parameters: Parameters,
) -> Answer {
    let level = level_of(&parameters)?;
    let rows = caller.read(|engine| rows_of_task(engine, &id, level))?;
    let row = rows.into_iter().find(|(own, _, _)| *own == name).ok_or_else(|| missing(&name, &id))?;
    let address = caller.address(&format!("{RUNTIME}/tasks/{id}/variables"));
    Ok(Json(shown(&row, &address)).into_response())
}

/// `DELETE /tasks/{id}/variables/{name}`
pub(super) async fn remove_from_task(
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
    parameters: Parameters,
) -> Answer {
    let level = level_of(&parameters)?.unwrap_or(Level::Local);
    caller.write(|engine| {
        let instance = engine.task(&id)?.instance.clone();
        let removed = match (level, instance) {
            (Level::Global, Some(instance)) => engine.instance_mut(&instance)?.variables.remove(&name),
            _ => engine.task_mut(&id)?.variables.remove(&name),
        };
        removed.map(drop).ok_or_else(|| missing(&name, &id))
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
