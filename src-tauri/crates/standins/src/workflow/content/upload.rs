//! Files in: one part of a form whatever its name, or the body itself.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Path, Request};
use axum::response::IntoResponse as _;
use futures::StreamExt as _;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::Stored;
use super::blob::Arrival;
use crate::web::Effects;
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::Caller;

/// The type of bytes of which nothing is known.
const UNKNOWN: &str = "application/octet-stream";

fn broken(error: impl std::fmt::Display) -> Refused {
    Refused::invalid(format!("The upload ended early: {error}"))
}

fn header<'h>(headers: &'h HeaderMap, name: &http::HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok()).filter(|value| !value.is_empty())
}

/// A file name without folders.
fn plain(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

async fn keep(caller: &Caller, arrival: Arrival, (name, kind): (String, String)) -> Answer<Stored> {
    let blob = arrival.finish().await.map_err(broken)?;
    let id = crate::workflow::engine::new_id();
    let name = if name.is_empty() { id.clone() } else { name };
    let created = caller.shared.clock.now();
    let stored = Stored { id, name, kind, created, blob: Arc::new(blob) };
    caller.tenant.store.keep(stored.clone());
    Ok(stored)
}

/// The first part of a form that is a file, or else its only part.
async fn from_form(caller: &Caller, request: Request, spoil: Option<u64>) -> Answer<Stored> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|error| Refused::invalid(error.to_string()))?;
    let mut found: Option<(Arrival, (String, String))> = None;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let is_file = field.file_name().is_some();
        let name = plain(field.file_name().unwrap_or_default());
        let kind = field.content_type().unwrap_or(UNKNOWN).to_owned();
        let mut arrival = Arrival::new(spoil);
        while let Some(part) = field.chunk().await.map_err(broken)? {
            arrival.add(part).await.map_err(broken)?;
        }
        if is_file || found.is_none() {
            let had_file = found.as_ref().is_some_and(|(_, (name, _))| !name.is_empty());
            if had_file {
                return Err(Refused::invalid("Only one file can be uploaded at a time."));
            }
            found = Some((arrival, (name, kind)));
        }
    }
    let (arrival, about) = found.ok_or_else(|| Refused::invalid("There is no file in the form."))?;
    keep(caller, arrival, about).await
}

async fn from_body(caller: &Caller, request: Request, spoil: Option<u64>) -> Answer<Stored> {
    let asked = Parameters::of(request.uri().query().unwrap_or_default());
    let disposition = header(request.headers(), &CONTENT_DISPOSITION).unwrap_or_default();
    let quoted = disposition.split("filename=").nth(1).map(|rest| rest.trim_matches(['"', ';', ' ']));
    // Inferred: a file that comes as the bare body is named by a parameter or its disposition, if at all.
    let name = asked.text("fileName").or_else(|| asked.text("name")).or(quoted).unwrap_or_default();
    let about = (plain(name), header(request.headers(), &CONTENT_TYPE).unwrap_or(UNKNOWN).to_owned());
    let mut arrival = Arrival::new(spoil);
    let mut parts = Body::into_data_stream(request.into_body());
    while let Some(part) = parts.next().await {
        arrival.add(part.map_err(broken)?).await.map_err(broken)?;
    }
    keep(caller, arrival, about).await
}

async fn store(caller: &Caller, request: Request) -> Answer<Stored> {
    let spoil = request.extensions().get::<Effects>().and_then(|effects| effects.corrupt_stored);
    let is_form = header(request.headers(), &CONTENT_TYPE).is_some_and(|kind| kind.starts_with("multipart/"));
    if is_form { from_form(caller, request, spoil).await } else { from_body(caller, request, spoil).await }
}

/// `POST /v3/files/fromStream`
pub(super) async fn present(caller: Caller, request: Request) -> Answer {
    let stored = store(&caller, request).await?;
    Ok((StatusCode::CREATED, Json(stored.show(&caller.shared.base))).into_response())
}

/// `POST /css/v2/tenant/{tenant}/content`
pub(super) async fn old(caller: Caller, Path(tenant): Path<String>, request: Request) -> Answer {
    if tenant != caller.tenant.id {
        return Err(Refused::forbidden(format!("The token is not one of the tenant '{tenant}'.")));
    }
    let stored = store(&caller, request).await?;
    let body = json!({ "entries": [stored.entry(&caller.shared.base)], "total": 1 });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}
