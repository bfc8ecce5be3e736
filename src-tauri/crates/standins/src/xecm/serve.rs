//! From a request to a handler and back: the prefix of the installation, who asks, and the manners of the system.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Payload, Refused, respond};
use super::call::Call;
use super::sign_in::{self, SignIn, TICKET};
use super::world::World;
use super::{
    actions, audit, browse, categories, change, classifications, clearances, create, directory, forms, group_tasks,
    holds, large_files, members, permissions, records, regions, rsis, search, teams, versions, workflow_starts,
    workflows, workspaces,
};
use crate::web::{Control, Manners, Refusal};

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) world: Mutex<World>,
    pub(super) sign_in: SignIn,
    pub(super) prefix: String,
    pub(super) control: Control,
}

impl Shared {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(serve).layer(DefaultBodyLimit::disable()).with_state(shared)
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if let Some(below) = path.strip_prefix("/otdsws") {
        match Call::read(request, below).await {
            Ok(call) => finish(directory::route(&shared.world(), &shared.sign_in, &call)),
            Err(refused) => finish(Err(refused)),
        }
    } else if path.ends_with("/csconfigured") {
        respond(StatusCode::OK, &json!({ "configured": true }))
    } else if let Some(below) = path.strip_prefix("/sandbox/") {
        extension(&shared, below)
    } else if let Some(below) = path.strip_prefix(&shared.prefix).and_then(|rest| rest.strip_prefix("/api")) {
        api(&shared, request, below).await
    } else {
        // Inferred: outside the interface stands the sign-in page of the product.
        finish(Ok(Answer::page(StatusCode::NOT_FOUND, "<!doctype html><title>Not found</title><p>Not found")))
    }
}

async fn api(shared: &Shared, request: Request<Body>, below: &str) -> Response<Body> {
    let mut call = match Call::read(request, below).await {
        Ok(call) => call,
        Err(refused) => return finish(Err(refused)),
    };
    let open = sign_in::open_route(&shared.world(), &shared.sign_in, &call);
    if let Some(outcome) = open {
        return finish(outcome);
    }
    let (who, ticket) = match shared.sign_in.identify(&call) {
        Ok(found) => found,
        Err(refused) => return suppressed(&call, finish(Err(refused.clone())), &Err(refused)),
    };
    call.who = who;
    let outcome = {
        let mut world = shared.world();
        sign_in::route(&world, &shared.sign_in, &call, &ticket).unwrap_or_else(|| dispatch(&mut world, &mut call))
    };
    let is_suppressed = call.has("suppress_response_codes");
    let mut response = match outcome {
        Err(refused) if is_suppressed => suppressed(&call, finish(Err(refused.clone())), &Err(refused)),
        Ok(Answer { status, headers, body: Payload::Json(mut document) }) => {
            if is_suppressed && document.is_object() {
                document["statusCode"] = json!(status.as_u16());
            }
            finish(Ok(Answer { status, headers, body: Payload::Json(document) }))
        }
        outcome => finish(outcome),
    };
    if let Ok(ticket) = HeaderValue::from_str(&ticket) {
        response.headers_mut().insert(TICKET, ticket);
    }
    response
}

/// A refusal with 200 in the status and the true status in the document, where the request asks for that.
fn suppressed(call: &Call, response: Response<Body>, outcome: &Outcome) -> Response<Body> {
    match outcome {
        Err(refused) if call.has("suppress_response_codes") => {
            let mut document = refused.document();
            document["statusCode"] = json!(refused.status);
            respond(StatusCode::OK, &document)
        }
        _ => response,
    }
}

fn dispatch(world: &mut World, call: &mut Call) -> Outcome {
    let found = create::route(world, call)
        .or_else(|| actions::route(world, call))
        .or_else(|| categories::route(world, call))
        .or_else(|| versions::route(world, call))
        .or_else(|| permissions::route(world, call))
        .or_else(|| large_files::route(world, call))
        .or_else(|| browse::route(world, call))
        .or_else(|| change::route(world, call))
        .or_else(|| members::route(world, call))
        .or_else(|| forms::route(world, call))
        .or_else(|| classifications::route(world, call))
        .or_else(|| records::route(world, call))
        .or_else(|| clearances::route(world, call))
        .or_else(|| rsis::route(world, call))
        .or_else(|| holds::route(world, call))
        .or_else(|| workspaces::route(world, call))
        .or_else(|| teams::route(world, call))
        .or_else(|| search::route(world, call))
        .or_else(|| regions::route(call))
        .or_else(|| workflow_starts::route(world, call))
        .or_else(|| workflows::route(world, call))
        .or_else(|| group_tasks::route(world, call))
        .or_else(|| audit::route(world, call));
    found.unwrap_or_else(|| Err(Refused::bad("The REST API URL could not be found in the mappings registry")))
}

/// What the documented interface cannot report, once the extensions are on.
fn extension(shared: &Shared, below: &str) -> Response<Body> {
    if !shared.control.is_extended() {
        return respond(StatusCode::NOT_FOUND, &json!({ "error": "the extensions are off" }));
    }
    let world = shared.world();
    match below.trim_end_matches('/') {
        "opened" => {
            let opened = world.events.iter().filter(|event| matches!(event.kind, "fetch" | "view"));
            let rows: Vec<Value> = opened
                .map(|event| json!({ "node": event.node, "by": event.by, "at": super::view::time(event.at) }))
                .collect();
            respond(StatusCode::OK, &json!(rows))
        }
        "held" => {
            let held = world.nodes.values().filter(|node| world.is_held(node)).map(|node| node.id);
            respond(StatusCode::OK, &json!(held.collect::<Vec<i64>>()))
        }
        _ => respond(StatusCode::NOT_FOUND, &json!({ "error": "no such extension" })),
    }
}

fn finish(outcome: Outcome) -> Response<Body> {
    let answer = outcome.unwrap_or_else(Answer::from);
    let mut response = match answer.body {
        Payload::Json(document) => respond(answer.status, &document),
        Payload::Page(html) => page(answer.status, html),
        Payload::File(download) => download.respond(),
    };
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn page(status: StatusCode, html: String) -> Response<Body> {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"));
    response
}

/// How the system words what faults ask for.
#[derive(Debug, Clone)]
pub(super) struct Words;

impl Manners for Words {
    fn refuse(&self, refusal: &Refusal) -> Response<Body> {
        match refusal {
            Refusal::ExpiredCredentials => finish(Err(Refused::no_ticket())),
            Refusal::ErrorInSuccess => {
                let document = json!({ "error": "Content Server Client Error", "statusCode": 500 });
                respond(StatusCode::OK, &document)
            }
            Refusal::Status { status, code, retry_after } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let text = code.clone().unwrap_or_else(|| text_of(status).to_owned());
                // What never reached the interface answers as the web server in front of it does: with a page.
                let mut response = if status.is_server_error() && code.is_none() {
                    page(
                        status,
                        format!(
                            "<!doctype html><html><head><title>{status}</title></head><body><h1>{text}</h1></body></html>"
                        ),
                    )
                } else {
                    respond(status, &json!({ "error": text }))
                };
                if let Some(seconds) = retry_after {
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
                }
                response
            }
        }
    }

    fn dress(&self, response: &mut Response<Body>) {
        let cache = HeaderName::from_static("cache-control");
        response.headers_mut().entry(cache).or_insert(HeaderValue::from_static("no-store"));
    }
}

fn text_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "Authentication Required",
        403 | 404 => "Sorry, the item you requested could not be accessed.",
        409 => "Could not update metadata (edit conflict).",
        429 => "Too many requests. Please try again later.",
        500 => "Error Processing Request",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Content Server Client Error",
    }
}
