//! From a request to an answer: who asks, how many transfers run, what the body is, and which handler it goes to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest as _, Multipart, Request, State};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Response, StatusCode};
use percent_encoding::percent_decode_str;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::answer::{Answer, Outcome, render};
use super::call::{Call, Pairs, Sent, is_form, pieces};
use super::problem::{Problem, of_fault, unauthorized};
use super::routes::{self, Found};
use super::spool::{Failed, Spooled, take_in};
use super::world::{Id, Standing, User, World};
use super::{public_link, sandbox};
use crate::web::{Effects, Manners, Refusal, basic, credentials, file_name};

/// Bytes of a body that is no file.
const MAX_DOCUMENT: usize = 8 * 1024 * 1024;

/// What all requests share.
pub(super) struct Host {
    pub(super) world: Mutex<World>,
    /// How many files may be under way at once.
    pub(super) transfers: Arc<Semaphore>,
}

impl Host {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How faults are worded.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) realm: String,
}

impl Manners for Words {
    fn refuse(&self, refusal: &Refusal) -> Response<Body> {
        of_fault(refusal, &self.realm)
    }
}

/// Answers any request.
pub(super) async fn serve(State(host): State<Arc<Host>>, request: Request) -> Response<Body> {
    let segments: Vec<String> = request
        .uri()
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    match segments.first().map(String::as_str) {
        Some("rest") => rest(&host, request, &segments[1..]).await,
        Some("ssf") => {
            render(public_link::serve(&mut host.world(), request.method(), &segments[1..]), request.headers())
        }
        Some("sandbox") => beside(&host, request, &segments[1..]).await,
        _ => nowhere(),
    }
}

fn nowhere() -> Response<Body> {
    let mut response = Response::new(Body::from("<html><body><h1>HTTP Status 404</h1></body></html>"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("text/html;charset=utf-8"));
    response
}

async fn beside(host: &Host, request: Request, segments: &[String]) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let outcome = match to_bytes(body, MAX_DOCUMENT).await {
        Ok(bytes) => sandbox::serve(&mut host.world(), &parts.method, segments, &bytes),
        Err(_) => Err(Problem::bad("The body did not arrive.")),
    };
    render(outcome, &parts.headers)
}

async fn rest(host: &Arc<Host>, request: Request, segments: &[String]) -> Response<Body> {
    let headers = request.headers().clone();
    let (user, realm) = {
        let world = host.world();
        (who(&world, &headers), world.settings.product_name.clone())
    };
    let Some(user) = user else { return unauthorized(&realm) };
    render(answer(host, user, request, segments).await, &headers)
}

/// Who signs in with these headers; nobody without an account that is open to it.
fn who(world: &World, headers: &HeaderMap) -> Option<Id> {
    if let Some(token) = credentials(headers, "Bearer") {
        let user = world.users.get(&world.tokens.check(token)?.to)?;
        return is_let_in(world, user).then_some(user.id);
    }
    let (name, password) = basic(headers)?;
    let name = name.to_lowercase();
    let is_named =
        |user: &&User| user.name.to_lowercase() == name || user.is_external() && user.email.to_lowercase() == name;
    let user = world.users.values().find(is_named)?;
    (is_let_in(world, user) && user.password.as_ref() == Some(&password)).then_some(user.id)
}

fn is_let_in(world: &World, user: &User) -> bool {
    user.standing != Standing::Disabled && (world.settings.web_access || user.is_admin())
}

async fn answer(host: &Arc<Host>, user: Id, request: Request, segments: &[String]) -> Outcome {
    let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    {
        let world = host.world();
        let is_admin = world.users.get(&user).is_some_and(User::is_admin);
        if segments.first().is_some_and(|segment| segment == "admin") && !is_admin {
            return Err(Problem::denied());
        }
    }
    let (place, handler, args) = match routes::find(&method, segments, user)? {
        Found::Here { place, handler, args } => (place, handler, args),
        Found::Other(methods) => return Err(Problem::other_method(methods)),
        Found::Nowhere => return Err(Problem::missing("NOT_FOUND", "There is nothing at this address.")),
    };
    let query = Pairs::parse(request.uri().query().unwrap_or_default());
    let path = request.uri().path().strip_prefix("/rest").unwrap_or_default().to_owned();
    let headers = request.headers().clone();
    let is_upload = takes_file(&method, segments) && !is_form(&headers);
    let permit = if is_upload || sends_file(&method, segments) { Some(transfer(host)?) } else { None };
    let sent = if is_upload { receive(host, request).await? } else { read(request).await? };
    let call = Call { user, path, args, place, query, headers, sent };
    let outcome = handler(&mut host.world(), &call);
    match (outcome, permit) {
        (Ok(Answer::Bytes(mut download)), Some(permit)) => {
            download.blob = download.blob.counted(permit);
            Ok(Answer::Bytes(download))
        }
        (outcome, _) => outcome,
    }
}

fn takes_file(method: &Method, segments: &[String]) -> bool {
    let last = segments.last().map(String::as_str);
    let is_file = segments.len() == 2 && segments[0] == "files" && last != Some("validate_zipit");
    *method == Method::POST && (matches!(last, Some("library_files" | "attachments")) || is_file)
}

fn sends_file(method: &Method, segments: &[String]) -> bool {
    *method == Method::GET && segments.len() == 2 && matches!(segments[0].as_str(), "files" | "file_versions")
}

/// One of the transfers that may run at once.
fn transfer(host: &Host) -> Result<OwnedSemaphorePermit, Problem> {
    // Inferred: the vendor's documents give the status and no code.
    let full =
        |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "SERVER_ERROR", "Too many file transfers are in progress.");
    Arc::clone(&host.transfers).try_acquire_owned().map_err(full)
}

async fn read(request: Request) -> Result<Sent, Problem> {
    let bytes = to_bytes(request.into_body(), MAX_DOCUMENT).await;
    bytes.map(Sent::Bytes).map_err(|_| Problem::bad("The body did not arrive."))
}

/// The bytes of a file: the whole body, or the first file of a form of several parts.
async fn receive(host: &Host, request: Request) -> Result<Sent, Problem> {
    let (folder, limit) = {
        let world = host.world();
        (world.folder.clone(), world.settings.file_size_limit)
    };
    let bend = request.extensions().get::<Effects>().and_then(|effects| effects.corrupt_stored);
    let is_multipart = request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"multipart/"));
    let spooled = if is_multipart {
        let missing = || Problem::refused("MISSING_MULTIPART_FORM_DATA", "The form has no file.");
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| missing())?;
        loop {
            let part = form.next_field().await.map_err(|_| missing())?.ok_or_else(missing)?;
            if file_name(part.headers(), part.file_name()).is_some() {
                break take_in(part, &folder, limit, bend).await;
            }
        }
    } else {
        take_in(pieces(request.into_body()), &folder, limit, bend).await
    };
    spooled.map(Sent::Upload).map_err(|failed| match failed {
        Failed::TooLong => {
            Problem::forbidden("FILE_SIZE_LIMIT_EXCEEDED", "The file is larger than the limit of the server.")
        }
        Failed::Cut => Problem::bad("The body did not arrive."),
        Failed::Disk(error) => {
            tracing::warn!(%error, "a file cannot be kept");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "SERVER_ERROR", "The file cannot be stored.")
        }
    })
}

impl Sent {
    /// The bytes of a body that is no file.
    pub(super) fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Upload(Spooled { .. }) => None,
        }
    }
}
