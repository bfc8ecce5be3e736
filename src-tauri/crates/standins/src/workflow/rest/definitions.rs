//! Models: deployed, listed, read in either language, removed.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{json_of, needed, text_of};
use crate::workflow::engine::Engine;
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::model::{Definition, Language, Process};
use crate::workflow::moment;
use crate::workflow::narrow::{Key, Narrow, is_like, order, page};
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;
use crate::workflow::show::RUNTIME;

const FIELDS: [&str; 6] = ["name", "key", "version", "id", "createTime", "category"];

fn shown(caller: &Caller, definition: &Definition) -> Value {
    let process = &definition.process;
    // Inferred: a model and its process definition have one id, since either name is used for what a deployment answers.
    json!({
        "id": definition.id,
        "processDefinitionId": definition.id,
        "key": process.key,
        "name": process.name,
        "description": process.documentation,
        "category": process.category,
        "version": definition.version,
        "modelType": definition.written_in.word(),
        "createTime": moment::zulu(definition.created),
        "deploymentId": definition.deployment,
        "tenantId": caller.tenant.id,
        "subscriptionId": caller.shared.subscription,
        "_links": { "self": { "href": caller.address(&format!("{RUNTIME}/runtime/models/{}", definition.id)) } },
    })
}

/// `GET /runtime/models`
pub(super) async fn list(caller: Caller, parameters: Parameters) -> Answer {
    // Inferred: in a list `modelType` only says in which language the model is wanted; each model is to be had in both.
    parameters.text("modelType").map(Language::of).transpose()?;
    let body = caller.read(|engine| {
        let mut narrow = Narrow::new(&parameters);
        narrow
            .by("key", |row: &&Definition, wanted| row.process.key == wanted)
            .by("keyLike", |row, wanted| is_like(&row.process.key, wanted))
            .by("name", |row, wanted| row.process.name == wanted)
            .by("nameLike", |row, wanted| is_like(&row.process.name, wanted))
            .by("category", |row, wanted| row.process.category.as_deref() == Some(wanted))
            .by("processDefinitionId", |row, wanted| row.id == wanted)
            .number("version", |row, wanted| row.version == wanted)?
            .only("latestVersion", |row| {
                engine.latest(&row.process.key).is_some_and(|latest| latest.version == row.version)
            })?;
        let all = engine.definitions.iter().map(std::convert::AsRef::as_ref);
        let mut rows: Vec<&Definition> = all.filter(|row| narrow.holds(row)).collect();
        order(&mut rows, &parameters, &FIELDS, |row, field| match field {
            "key" => Key::text(Some(&row.process.key)),
            "version" => Key::number(Some(row.version)),
            "id" => Key::text(Some(&row.id)),
            "createTime" => Key::number(Some(row.created)),
            "category" => Key::text(row.process.category.as_deref()),
            _ => Key::text(Some(&row.process.name)),
        })?;
        let address = caller.address(&format!("{RUNTIME}/runtime/models"));
        page(&rows, &parameters, (&address, "models"), |row| shown(&caller, row))
    })?;
    Ok(Json(body).into_response())
}

/// Deploys a process under the next version of its key.
pub(in crate::workflow) fn deploy_into(engine: &mut Engine, language: Language, content: Value) -> Answer<String> {
    let process = Process::read(language, &content)?;
    let version = engine.latest(&process.key).map_or(1, |latest| latest.version + 1);
    let definition = Definition::deploy(process, (language, content), version, engine.now);
    let id = definition.id.clone();
    engine.definitions.push(definition);
    Ok(id)
}

/// `POST /runtime/models`
pub(super) async fn deploy(caller: Caller, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let language = Language::of(needed(&body, "modelType")?)?;
    let content = body.get("modelContent").filter(|content| !content.is_null()).cloned();
    let mut content = content.ok_or_else(|| Refused::invalid("'modelContent' is required"))?;
    if let (Language::Json, Value::String(text)) = (language, &content) {
        content = serde_json::from_str(text)
            .map_err(|error| Refused::invalid(format!("modelContent is not JSON: {error}")))?;
    }
    let shown = caller.write(|engine| {
        if let Some(id) = text_of(&body, "modelId")
            && engine.definition(id).is_none()
        {
            // Inferred: `modelId` names the model of which this is a further version.
            return Err(Refused::invalid(format!("The model '{id}' does not exist")));
        }
        let id = deploy_into(engine, language, content)?;
        engine.definition(&id).map(|one| shown(&caller, one)).ok_or_else(|| Refused::missing("a model", &id))
    })?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// `GET /runtime/models/{id}`
pub(super) async fn one(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let language = parameters.text("modelType").map(Language::of).transpose()?;
    let body = caller.read(|engine| {
        let found = engine.definition(&id).ok_or_else(|| Refused::missing("a model", &id))?;
        let language = language.unwrap_or(found.written_in);
        let mut body = shown(&caller, found);
        body["modelType"] = json!(language.word());
        body["modelContent"] = found.content_in(language);
        Ok(body)
    })?;
    Ok(Json(body).into_response())
}

/// `DELETE /runtime/models/{id}`
pub(super) async fn remove(caller: Caller, Path(id): Path<String>) -> Answer {
    caller.write(|engine| {
        let at = engine.definitions.iter().position(|one| one.id == id);
        let at = at.ok_or_else(|| Refused::missing("a model", &id))?;
        // Inferred: a model whose instances still run is kept, so that they can end.
        if engine.instances.values().any(|instance| instance.definition.id == id) {
            return Err(Refused::conflict(format!("The model '{id}' has running process instances.")));
        }
        engine.definitions.remove(at);
        Ok(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
