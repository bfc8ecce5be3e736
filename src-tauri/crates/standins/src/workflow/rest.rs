//! The workflow service's own routes: models, instances, tasks, jobs, history.

mod assignments;
mod attachments;
mod comments;
mod definitions;
mod diagram;
mod executions;
mod instances;
mod jobs;
mod letters;
mod past;
mod picture;
mod task_changes;
mod task_list;
mod tasks;
mod variables;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};
use bytes::Bytes;
use serde_json::Value;

use super::errors::{Answer, Refused};
use super::shared::Shared;

pub(super) use definitions::deploy_into;

/// Reads a body of JSON; an empty one is an empty object.
pub(super) fn json_of(body: &Bytes) -> Answer<Value> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(body).map_err(|error| Refused::invalid(format!("JSON parse error: {error}")))
}

/// A text of a body; an empty one counts as not sent.
pub(super) fn text_of<'b>(body: &'b Value, name: &str) -> Option<&'b str> {
    body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A text of a body that must be there.
pub(super) fn needed<'b>(body: &'b Value, name: &str) -> Answer<&'b str> {
    text_of(body, name).ok_or_else(|| Refused::invalid(format!("'{name}' is required")))
}

fn runtime() -> Router<Arc<Shared>> {
    Router::new()
        .route("/runtime/models", get(definitions::list).post(definitions::deploy))
        .route("/runtime/models/{id}", get(definitions::one).delete(definitions::remove))
        .route("/process-instances", get(instances::list).post(instances::start))
        .route("/process-instances/executions", get(executions::list))
        .route("/process-instances/executions/{id}", get(executions::one).put(executions::act))
        .route("/process-instances/{id}", get(instances::one).put(instances::act).delete(instances::remove))
        .route("/process-instances/{id}/diagram", get(diagram::diagram))
        .route(
            "/process-instances/{id}/variables",
            get(variables::of_instance).post(variables::create).put(variables::put_all),
        )
        .route(
            "/process-instances/{id}/variables/{name}",
            get(variables::one).put(variables::put).delete(variables::remove),
        )
        .route("/process-instances/{id}/comments", get(comments::of_instance).post(comments::on_instance))
        .route("/process-instances/{id}/comments/{comment}", get(comments::one).delete(comments::remove_from))
        .route("/comments/{id}", delete(comments::remove))
        .route("/tasks", get(tasks::list).post(task_changes::create))
        .route("/tasks/{id}", get(tasks::one).post(tasks::act).put(task_changes::update).delete(task_changes::remove))
        .route(
            "/tasks/{id}/assignments",
            get(assignments::list).post(assignments::add).put(assignments::replace).delete(assignments::remove),
        )
        .route("/tasks/{id}/attachments", get(attachments::list).post(attachments::add))
        .route("/tasks/{id}/attachments/{attachment}", get(attachments::one).delete(attachments::remove))
        .route("/tasks/{id}/comments", get(comments::of_task).post(comments::on_task))
        .route("/tasks/{id}/comments/{comment}", get(comments::one).delete(comments::remove_from))
        .route("/tasks/{id}/variables", get(variables::of_task).post(variables::create_in_task))
        .route(
            "/tasks/{id}/variables/{name}",
            get(variables::one_of_task).put(variables::put_in_task).delete(variables::remove_from_task),
        )
}

fn workers() -> Router<Arc<Shared>> {
    Router::new()
        .route("/external-jobs", get(jobs::list).post(jobs::acquire))
        .route("/external-jobs/{id}", get(jobs::one))
        .route("/external-jobs/{id}/complete", post(jobs::complete))
        .route("/external-jobs/{id}/bpmnError", post(jobs::process_error))
        .route("/external-jobs/{id}/fail", post(jobs::fail))
}

fn history() -> Router<Arc<Shared>> {
    Router::new()
        .route("/historic-process-instances", get(past::instances))
        .route("/historic-process-instances/{id}", get(past::instance))
        .route("/historic-task-instances", get(past::tasks))
        .route("/historic-task-instances/{id}", get(past::task))
}

/// The routes.
pub(super) fn routes() -> Router<Arc<Shared>> {
    // Inferred: the root of the job service is not known; it is to be found at both likely places.
    Router::new()
        .nest("/workflow/v1", runtime().merge(workers()))
        .nest("/workflow-job/v1", workers())
        .nest("/workflow-history/v1", history())
}
