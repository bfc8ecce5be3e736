//! Comments on instances and tasks.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::StatusCode;

use super::{json_of, needed};
use crate::workflow::engine::{Comment, Engine, new_id};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::narrow::page;
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;
use crate::workflow::show::{RUNTIME, Show};

fn list(caller: &Caller, parameters: &Parameters, path: &str, holds: impl Fn(&Engine, &Comment) -> bool) -> Answer {
    let show = Show::plain(caller, caller.naming(parameters)?);
    let body = caller.read(|engine| {
        let rows: Vec<&Comment> = engine.comments.iter().filter(|comment| holds(engine, comment)).collect();
        let address = caller.address(path);
        page(&rows, parameters, (&address, "comments"), |comment| show.comment(comment))
    })?;
    Ok(Json(body).into_response())
}

/// `GET /process-instances/{id}/comments`; they stay when the instance has ended.
pub(super) async fn of_instance(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    caller.read(|engine| {
        let is_known = engine.instances.contains_key(&id) || engine.history.instance(&id, engine.now).is_some();
        if is_known { Ok(()) } else { Err(Refused::missing("a process instance", &id)) }
    })?;
    let path = format!("{RUNTIME}/process-instances/{id}/comments");
    list(&caller, &parameters, &path, |_, comment| comment.instance.as_ref() == Some(&id))
}

/// `GET /tasks/{id}/comments`
pub(super) async fn of_task(caller: Caller, Path(id): Path<String>, parameters: Parameters) -> Answer {
    caller.read(|engine| {
        let is_known = engine.tasks.contains_key(&id) || engine.history.task(&id, engine.now).is_some();
        if is_known { Ok(()) } else { Err(Refused::missing("a task", &id)) }
    })?;
    let path = format!("{RUNTIME}/tasks/{id}/comments");
    list(&caller, &parameters, &path, |_, comment| comment.task.as_ref() == Some(&id))
}

fn write(
    caller: &Caller,
    body: &Bytes,
    place: impl FnOnce(&mut Engine) -> Answer<(Option<String>, Option<String>)>,
) -> Answer {
    let body = json_of(body)?;
    let show = Show::plain(caller, caller.naming_of(&body));
    let message = needed(&body, "message").map_err(|_| Refused::invalid("Comment text is required."))?;
    let shown = caller.write(|engine| {
        let (task, instance) = place(engine)?;
        if let Some(instance) = &instance {
            engine.involve(instance, Some(caller.who()))?;
        }
        let (author, at) = (caller.who().to_owned(), engine.now);
        let comment = Comment { id: new_id(), author, message: message.to_owned(), at, task, instance };
        let shown = show.comment(&comment);
        engine.comments.push(comment);
        Ok(shown)
    })?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// `POST /process-instances/{id}/comments`
pub(super) async fn on_instance(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    write(&caller, &body, |engine| {
        engine.instance(&id)?;
        Ok((None, Some(id)))
    })
}

/// `POST /tasks/{id}/comments`; a comment on a task of a process is one on the process too.
pub(super) async fn on_task(caller: Caller, Path(id): Path<String>, body: Bytes) -> Answer {
    write(&caller, &body, |engine| {
        let instance = engine.task(&id)?.instance.clone();
        Ok((Some(id), instance))
    })
}

fn delete(caller: &Caller, id: &str) -> Answer {
    caller.write(|engine| {
        let at = engine.comments.iter().position(|comment| comment.id == id);
        let at = at.ok_or_else(|| Refused::missing("a comment", id))?;
        // Inferred: clients offer this to the author alone; whether the service insists is not known, and it does not here.
        engine.comments.remove(at);
        Ok(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `DELETE /comments/{id}`
pub(super) async fn remove(caller: Caller, Path(id): Path<String>) -> Answer {
    delete(&caller, &id)
}

/// `DELETE /process-instances/{id}/comments/{comment}` and the same below a task.
pub(super) async fn remove_from(caller: Caller, Path((_, comment)): Path<(String, String)>) -> Answer {
    delete(&caller, &comment)
}

/// `GET /process-instances/{id}/comments/{comment}` and the same below a task.
pub(super) async fn one(caller: Caller, Path((owner, id)): Path<(String, String)>, parameters: Parameters) -> Answer {
    let show = Show::plain(&caller, caller.naming(&parameters)?);
    let shown = caller.read(|engine| {
        let found = engine.comments.iter().find(|comment| {
            let is_below = [&comment.task, &comment.instance].into_iter().any(|of| of.as_ref() == Some(&owner));
            comment.id == id && is_below
        });
        found.map(|comment| show.comment(comment)).ok_or_else(|| Refused::missing("a comment", &id))
    })?;
    Ok(Json(shown).into_response())
}
