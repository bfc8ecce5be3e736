//! What is attached to tasks: links, and files of the content service.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;

use super::{json_of, needed, text_of};
use crate::workflow::engine::{Attachment, new_id};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::narrow::page;
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;
use crate::workflow::show::{RUNTIME, Show};

/// `GET /tasks/{id}/attachments`
pub(super) async fn list(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    let show = Show::plain(&caller, caller.naming(&parameters)?);
    let body = caller.read(|engine| {
        engine.task(&id)?;
        let rows: Vec<&Attachment> = engine.attachments.iter().filter(|one| one.task == id).collect();
        let address = caller.address(&format!("{RUNTIME}/tasks/{id}/attachments"));
        page(&rows, &parameters, (&address, "attachments"), |one| show.attachment(one))
    })?;
    Ok(Json(body).into_response())
}

/// `GET /tasks/{id}/attachments/{attachment}`
pub(super) async fn one(caller: Caller, Path((task, id)): Path<(String, String)>, parameters: Parameters) -> Answer {
    let show = Show::plain(&caller, caller.naming(&parameters)?);
    let shown = caller.read(|engine| {
        engine.task(&task)?;
        let found = engine.attachments.iter().find(|one| one.task == task && one.id == id);
        found.map(|one| show.attachment(one)).ok_or_else(|| Refused::missing("an attachment", &id))
    })?;
    Ok(Json(shown).into_response())
}

/// `POST /tasks/{id}/attachments`
pub(super) async fn add(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = json_of(&body)?;
    let show = Show::plain(&caller, caller.naming_of(&body));
    let name = needed(&body, "name").map_err(|_| Refused::invalid("Attachment name is required."))?;
    // Inferred: the body is not documented; `contentId` names a file of the content service.
    let content = text_of(&body, "contentId");
    if let Some(content) = content {
        caller
            .tenant
            .store
            .find(content)
            .map_err(|_| Refused::invalid(format!("The content '{content}' does not exist.")))?;
    }
    let shown = caller.write(|engine| {
        let instance = engine.task(&id)?.instance.clone();
        let owned = |name: &str| text_of(&body, name).map(str::to_owned);
        let attachment = Attachment {
            id: new_id(),
            task: id.clone(),
            instance,
            name: name.to_owned(),
            description: owned("description"),
            kind: owned("type"),
            external: owned("externalUrl"),
            content: content.map(str::to_owned),
            user: caller.who().to_owned(),
            at: engine.now,
        };
        let shown = show.attachment(&attachment);
        engine.attachments.push(attachment);
        Ok(shown)
    })?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// `DELETE /tasks/{id}/attachments/{attachment}`: with `cascade` or `cascadeContent` also the file behind it.
pub(super) async fn remove(caller: Caller, Path((task, id)): Path<(String, String)>, parameters: Parameters) -> Answer {
    let cascades = parameters.is_set("cascade")? | parameters.is_set("cascadeContent")?;
    let removed = caller.write(|engine| {
        engine.task(&task)?;
        let at = engine.attachments.iter().position(|one| one.task == task && one.id == id);
        let at = at.ok_or_else(|| Refused::missing("an attachment", &id))?;
        Ok(engine.attachments.remove(at))
    })?;
    if let Some(content) = removed.content.filter(|_| cascades) {
        caller.tenant.cabinet().remove_with_blob(&content);
        caller.tenant.store.remove(&content);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
