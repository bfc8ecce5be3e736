//! Takes files, by PUT or in parts, and gives them back.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Extension, Multipart, Path, Request, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::{Bytes, BytesMut};
use data_encoding::{BASE64, HEXLOWER};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::refused::Problem;
use super::state::{State, StoredFile};
use crate::web::{Effects, Encoded, file_name};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/files", post(post_parts)).route("/files/{*name}", get(give).put(put).delete(remove))
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Compares with `Content-Digest` (RFC 9530), where it names SHA-256: it is about the content as it was transferred.
fn judge_digest(headers: &HeaderMap, file: &[u8], encoded: Option<&Encoded>) -> Result<(), Problem> {
    let given = header(headers, "content-digest").split(',').find_map(|one| {
        one.trim().strip_prefix("sha-256=:").and_then(|rest| rest.strip_suffix(':')).map(str::to_owned)
    });
    let Some(given) = given else { return Ok(()) };
    let transferred = encoded.map_or(file, |encoded| &encoded.0);
    if BASE64.encode(&Sha256::digest(transferred)) == given {
        return Ok(());
    }
    Err(Problem::new(StatusCode::BAD_REQUEST, "digest", "the bytes are not those that Content-Digest names"))
}

fn stored(state: &State, name: &str, file: &StoredFile) -> Response {
    let mut answer =
        json!({ "receipt": { "id": file.id, "name": name }, "size": file.bytes.len(), "metadata": file.metadata });
    if state.options.tells_digest {
        answer["sha256"] = file.sha256.clone().into();
    }
    (StatusCode::CREATED, Json(answer)).into_response()
}

/// The bytes as a failing disk would keep them where a fault says so.
fn kept(bytes: &Bytes, effects: Effects) -> Bytes {
    let at = effects.corrupt_stored.and_then(|at| usize::try_from(at).ok());
    let mut kept = BytesMut::from(&bytes[..]);
    if let Some(byte) = at.and_then(|at| kept.get_mut(at)) {
        *byte = !*byte;
    }
    kept.freeze()
}

/// A file that was not to be replaced, told with what is there.
fn is_there(state: &State, name: &str, file: &StoredFile) -> Response {
    let problem = Problem::new(StatusCode::PRECONDITION_FAILED, "exists", "a file of that name is there");
    let problem = problem.with("receipt", json!({ "id": file.id, "name": name }));
    let tells = state.options.tells_digest;
    if tells { problem.with("sha256", file.sha256.clone()) } else { problem }.into_response()
}

async fn put(
    Shared(state): Shared<Arc<State>>,
    Extension(effects): Extension<Effects>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    let only_new = header(headers, IF_NONE_MATCH.as_str()) == "*";
    if let Some(file) = state.file(&name).filter(|_| only_new) {
        return is_there(&state, &name, &file);
    }
    let announced: Option<u64> = header(headers, CONTENT_LENGTH.as_str()).parse().ok();
    let bytes = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Problem::new(StatusCode::BAD_REQUEST, "body", error.to_string()).into_response(),
    };
    if announced.is_some_and(|announced| announced != bytes.len() as u64) {
        return Problem::new(StatusCode::BAD_REQUEST, "length", "the body is not as long as announced").into_response();
    }
    if let Err(problem) = judge_digest(headers, &bytes, parts.extensions.get()) {
        return problem.into_response();
    }
    let metadata = headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().strip_prefix("x-meta-")?.to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    let kind = header(headers, CONTENT_TYPE.as_str());
    match state.put_file(&name, kind, kept(&bytes, effects), metadata, only_new) {
        (file, true) => stored(&state, &name, &file),
        // Somebody else was faster while the body came.
        (file, false) => is_there(&state, &name, &file),
    }
}

/// One file in the part `file`; every other part of text is metadata.
async fn post_parts(
    Shared(state): Shared<Arc<State>>,
    Extension(effects): Extension<Effects>,
    headers: HeaderMap,
    mut parts: Multipart,
) -> Response {
    let refuse = |why: String| Problem::new(StatusCode::BAD_REQUEST, "parts", why).into_response();
    let (mut file, mut metadata) = (None, BTreeMap::new());
    loop {
        let part = match parts.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) => return refuse(error.body_text()),
        };
        let (name, file_name) =
            (part.name().unwrap_or_default().to_owned(), file_name(part.headers(), part.file_name()));
        let kind = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = match part.bytes().await {
            Ok(bytes) => bytes,
            Err(error) => return refuse(error.body_text()),
        };
        match file_name {
            Some(file_name) if name == "file" => file = Some((file_name, kind, bytes)),
            _ => {
                metadata.insert(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    let Some((name, kind, bytes)) = file.filter(|(name, ..)| !name.is_empty()) else {
        return refuse("there is no part named file with a file name".to_owned());
    };
    if let Err(problem) = judge_digest(&headers, &bytes, None) {
        return problem.into_response();
    }
    let (file, _) = state.put_file(&name, &kind, kept(&bytes, effects), metadata, false);
    stored(&state, &name, &file)
}

async fn give(Shared(state): Shared<Arc<State>>, Path(name): Path<String>) -> Response {
    let Some(file) = state.file(&name) else {
        return Problem::new(StatusCode::NOT_FOUND, "no-such-file", "there is no file of that name").into_response();
    };
    let digest = HEXLOWER.decode(file.sha256.as_bytes()).map(|digest| BASE64.encode(&digest)).unwrap_or_default();
    let kind = if file.kind.is_empty() { "application/octet-stream".to_owned() } else { file.kind };
    ([("content-type", kind), ("content-digest", format!("sha-256=:{digest}:"))], file.bytes).into_response()
}

async fn remove(Shared(state): Shared<Arc<State>>, Path(name): Path<String>) -> Response {
    if state.remove_file(&name) {
        return StatusCode::NO_CONTENT.into_response();
    }
    Problem::new(StatusCode::NOT_FOUND, "no-such-file", "there is no file of that name").into_response()
}
