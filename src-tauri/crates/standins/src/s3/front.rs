//! What stands between the socket and the protocol: faults, the journal, and the parts of an answer that every
//! operation shares (request ids, error bodies, no body for `HEAD`).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use s3s::service::S3Service;
use s3s::{Body, S3Error};

use super::body::{Arriving, Leaving, Shape};
use super::credentials::{Credentials, decode, expired};
use super::request::{Effects, custom};
use super::{document, operation};
use crate::faults::{Fault, Faults};

/// Bytes of an unread request body that are read after an early answer, so that the client gets to see the answer.
const MAX_DRAINED: u64 = 64 * 1024 * 1024;
/// Bytes of an error body.
const MAX_ERROR: usize = 64 * 1024;

/// The service as hyper sees it.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) service: S3Service,
    pub(super) credentials: Arc<Credentials>,
    pub(super) faults: Faults,
}

/// The faults of one request, sorted by where they act.
#[derive(Default)]
struct Plan {
    latency: Duration,
    refusal: Option<Response<Body>>,
    hang: bool,
    drop_request_after: Option<u64>,
    drop_answer: bool,
    shape: Shape,
    effects: Effects,
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("a fault closes the connection")]
pub(super) struct Closed;

impl Plan {
    fn of(faults: Vec<Fault>) -> Self {
        let mut plan = Self::default();
        for fault in faults {
            match fault {
                Fault::Latency(time) => plan.latency += time,
                Fault::Refuse { status, code, retry_after } => {
                    plan.refusal = Some(refusal(status, code, retry_after));
                }
                Fault::DropRequestAfter(bytes) => plan.drop_request_after = Some(bytes),
                Fault::DropResponseAfter(bytes) => plan.shape.drop_after = Some(bytes),
                Fault::DropAnswer => plan.drop_answer = true,
                Fault::Hang => plan.hang = true,
                Fault::CorruptStored(at) => plan.effects.corrupt_stored = Some(at),
                Fault::CorruptResponse(at) => plan.shape.corrupt_at = Some(at),
                Fault::WrongLength(by) => plan.shape.wrong_length = Some(by),
                Fault::ErrorInSuccess => plan.refusal = Some(error_in_success()),
                Fault::ExpiredCredentials => plan.refusal = Some(rendered(expired())),
                Fault::Stale(ago) => plan.effects.stale = Some(ago),
            }
        }
        plan
    }
}

fn rendered(error: S3Error) -> Response<Body> {
    error.to_http_response().unwrap_or_else(|_| {
        let mut plain = Response::new(Body::empty());
        *plain.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        plain
    })
}

fn refusal(status: u16, code: Option<String>, retry_after: Option<u64>) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (usual, message) = match status.as_u16() {
        503 => ("SlowDown", "Please reduce your request rate."),
        429 => ("TooManyRequests", "Please reduce your request rate."),
        403 => ("AccessDenied", "Access Denied"),
        408 => (
            "RequestTimeout",
            "Your socket connection to the server was not read from or written to within the timeout period.",
        ),
        507 => ("InsufficientStorage", "There is no room for the object."),
        _ => ("InternalError", "We encountered an internal error. Please try again."),
    };
    let mut error = custom(usual, status, message);
    if let Some(code) = code {
        error.set_code(s3s::S3ErrorCode::Custom(code.into()));
    }
    let mut response = rendered(error);
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn error_in_success() -> Response<Body> {
    let mut response = refusal(500, None, None);
    *response.status_mut() = StatusCode::OK;
    response
}

fn bucket_in_host(request: &Request<Incoming>) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    super::host::bucket(host).is_some()
}

impl Front {
    /// Answers one request; an error closes the connection.
    pub(super) async fn call(&self, request: Request<Incoming>) -> Result<Response<Leaving>, Closed> {
        let in_host = bucket_in_host(&request);
        let (parts, body) = request.into_parts();
        let operation = operation::name(&parts, in_host);
        let path = decode(parts.uri.path());
        let number = self.faults.begin(operation, parts.method.as_str(), &path);
        let plan = Plan::of(self.faults.take(operation, &path));
        tokio::time::sleep(plan.latency).await;
        if plan.hang {
            std::future::pending::<Infallible>().await;
        }
        let is_head = parts.method == Method::HEAD;
        let waits = parts.headers.contains_key(EXPECT);
        let arriving = Arriving::new(body, self.faults.clone(), number, plan.drop_request_after);
        let handle = arriving.clone();
        let mut response = match plan.refusal {
            Some(refusal) => refusal,
            None => self.serve(operation, parts, arriving, plan.effects).await?,
        };
        if handle.is_cut() || plan.drop_answer {
            return Err(Closed);
        }
        if !waits {
            handle.drain(MAX_DRAINED).await;
        }
        if operation == "GetObjectAttributes" {
            unquote(&mut response).await;
        }
        dress(&mut response, is_head).await;
        self.faults.amend(number, |record| record.status = Some(response.status().as_u16()));
        let mut shape = plan.shape;
        if let Some(by) = shape.wrong_length {
            announce(&mut response, by);
            // Without a body the announcement stands alone, and nothing contradicts it.
            shape.wrong_length = shape.wrong_length.filter(|_| !is_head);
        }
        let faults = self.faults.clone();
        Ok(response.map(|body| Leaving::new(body, shape, faults, number)))
    }

    async fn serve(
        &self,
        operation: &str,
        parts: http::request::Parts,
        arriving: Arriving,
        effects: Effects,
    ) -> Result<Response<Body>, Closed> {
        if let Err(error) = self.credentials.check(&parts) {
            return Ok(rendered(error));
        }
        let body = match document::needs_digest(operation, &parts.headers) {
            None => Body::http_body_unsync(arriving),
            Some(must) => {
                let collected = http_body_util::Limited::new(arriving, document::MAX_DOCUMENT).collect().await;
                let Ok(collected) = collected else { return Ok(rendered(s3s::s3_error!(MaxMessageLengthExceeded))) };
                let bytes = collected.to_bytes();
                if let Err(error) = document::judge(&parts.headers, &bytes, must) {
                    return Ok(rendered(error));
                }
                Body::from(bytes)
            }
        };
        let mut request = Request::from_parts(parts, body);
        request.extensions_mut().insert(effects);
        self.service.call(request).await.map_err(|_| Closed)
    }
}

/// Takes the quotes off the `ETag`, which this one operation answers bare.
async fn unquote(response: &mut Response<Body>) {
    let body = std::mem::take(response.body_mut());
    let Ok(collected) = body.collect().await else { return };
    let text = String::from_utf8_lossy(&collected.to_bytes()).into_owned();
    let text = text
        .replace("<ETag>\"", "<ETag>")
        .replace("\"</ETag>", "</ETag>")
        .replace("<ETag>&quot;", "<ETag>")
        .replace("&quot;</ETag>", "</ETag>");
    response.headers_mut().remove(CONTENT_LENGTH);
    *response.body_mut() = Body::from(text);
}

/// Announces a length that is wrong by `by`.
fn announce(response: &mut Response<Body>, by: i64) {
    let known = response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let length = known.or_else(|| hyper::body::Body::size_hint(response.body()).exact());
    let wrong = length.unwrap_or(0).saturating_add_signed(by);
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(wrong));
}

/// Adds what every answer of the service has.
async fn dress(response: &mut Response<Body>, is_head: bool) {
    let request_id = uuid::Uuid::now_v7().simple().to_string()[16..].to_uppercase();
    let host_id = BASE64.encode(uuid::Uuid::now_v7().as_bytes());
    let status = response.status();
    if is_head && !status.is_success() || status == StatusCode::NOT_MODIFIED {
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(CONTENT_LENGTH);
        if status == StatusCode::NOT_MODIFIED {
            response.headers_mut().remove(CONTENT_TYPE);
        }
    } else if !status.is_success() {
        complete_error(response, &request_id, &host_id).await;
    }
    let headers = response.headers_mut();
    for (name, value) in [("x-amz-request-id", request_id), ("x-amz-id-2", host_id)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

/// Puts the ids, and a message where there is none, into an error body.
async fn complete_error(response: &mut Response<Body>, request_id: &str, host_id: &str) {
    let body = std::mem::take(response.body_mut());
    let Ok(collected) = http_body_util::Limited::new(body, MAX_ERROR).collect().await else { return };
    let mut text = String::from_utf8_lossy(&collected.to_bytes()).into_owned();
    if let Some(at) = text.rfind("</Error>") {
        let message = if text.contains("<Message>") {
            String::new()
        } else {
            format!("<Message>{}</Message>", usual_message(&text))
        };
        let ids = format!("<RequestId>{request_id}</RequestId><HostId>{host_id}</HostId>");
        text.insert_str(at, &(message + &ids));
    }
    response.headers_mut().remove(CONTENT_LENGTH);
    *response.body_mut() = Body::from(Bytes::from(text));
}

fn usual_message(error: &str) -> &'static str {
    let rows = [
        (
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        ),
        ("KeyTooLongError", "Your key is too long"),
        ("InvalidBucketName", "The specified bucket is not valid."),
        ("InvalidURI", "Couldn't parse the specified URI."),
        ("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema"),
        ("MissingContentLength", "You must provide the Content-Length HTTP header."),
        ("MethodNotAllowed", "The specified method is not allowed against this resource."),
        ("NotImplemented", "A header you provided implies functionality that is not implemented"),
    ];
    let row = rows.iter().find(|(code, _)| error.contains(&format!("<Code>{code}</Code>")));
    row.map_or("The request could not be served.", |(_, message)| *message)
}
