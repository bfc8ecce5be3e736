//! How S3 answers on the wire: who is let in, error bodies, request ids, no body for `HEAD`.

use std::sync::Arc;

use bytes::Bytes;
use data_encoding::BASE64;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use s3s::service::S3Service;
use s3s::{Body, S3Error};

use super::credentials::{Credentials, decode, expired};
use super::request::custom;
use super::{document, operation};
use crate::web::{Arriving, Closed, Effects, Refusal, System};

/// Bytes of an error body.
const MAX_ERROR: usize = 64 * 1024;

/// S3 itself: the protocol over the store, and who may speak to it.
#[derive(Clone)]
pub(super) struct S3 {
    pub(super) service: S3Service,
    pub(super) credentials: Arc<Credentials>,
}

fn rendered(error: S3Error) -> Response<Body> {
    error.to_http_response().unwrap_or_else(|_| {
        let mut plain = Response::new(Body::empty());
        *plain.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        plain
    })
}

fn refusal_of(status: u16, code: Option<String>, retry_after: Option<u64>) -> Response<Body> {
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
    let mut response = refusal_of(500, None, None);
    *response.status_mut() = StatusCode::OK;
    response
}

fn bucket_in_host(parts: &Parts) -> bool {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    super::host::bucket(host).is_some()
}

fn operation_of(parts: &Parts) -> &'static str {
    operation::name(parts, bucket_in_host(parts))
}

impl System for S3 {
    type Body = Body;

    fn name(&self, parts: &Parts) -> (String, String) {
        (operation_of(parts).to_owned(), decode(parts.uri.path()))
    }

    fn refuse(&self, refusal: &Refusal) -> Response<Body> {
        match refusal {
            Refusal::Status { status, code, retry_after } => refusal_of(*status, code.clone(), *retry_after),
            Refusal::ErrorInSuccess => error_in_success(),
            Refusal::ExpiredCredentials => rendered(expired()),
        }
    }

    async fn serve(&self, parts: Parts, arriving: Arriving, effects: Effects) -> Result<Response<Body>, Closed> {
        if let Err(error) = self.credentials.check(&parts) {
            return Ok(rendered(error));
        }
        let operation = operation_of(&parts);
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
        let mut response = self.service.call(request).await.map_err(|_| Closed)?;
        if operation == "GetObjectAttributes" {
            unquote(&mut response).await;
        }
        Ok(response)
    }

    async fn dress(&self, mut response: Response<Body>, method: &Method) -> Response<Body> {
        dress(&mut response, method == Method::HEAD).await;
        response
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
