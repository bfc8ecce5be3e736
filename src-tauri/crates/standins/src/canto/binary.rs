//! Binaries for callers with a token: where an original, an earlier version or a rendition lies.

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::asset_json;
use super::batch::References;
use super::file_answer::{Given, answer};
use super::filter::{Parameters, parameter};
use super::refused::{Outcome, Refused};
use super::rendition::{Rendition, fitted};
use super::session::Caller;
use super::signed;
use super::tenant::{Shared, Tenant};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api_binary/v1/{scheme}/{id}", get(original))
        .route("/api_binary/v1/{scheme}/{id}/{what}", get(part))
        .route("/api_binary/v1/{scheme}/{id}/{what}/{size}", get(sized))
        .route("/api_binary/v1/batch/directuri", post(many))
        .route("/api_binary/v1/advance/{scheme}/{id}/download", get(converted))
        .route("/api_binary/v1/advance/{scheme}/{id}/download/directuri", get(converted_uri))
}

/// One file: which asset, which version of it, and as what.
struct Wanted<'request> {
    scheme: &'request str,
    id: &'request str,
    version: Option<&'request str>,
    rendition: Rendition,
}

impl Wanted<'_> {
    /// What it is, and where anybody can get it for a while.
    fn find(&self, tenant: &Tenant, caller: &Caller) -> Outcome<(Given, String)> {
        tenant.with(|library| {
            let asset = library.asset(self.scheme, self.id, caller)?;
            let version = self.version.map_or(Some(&asset.current), |id| asset.version(id));
            let version = version.filter(|_| self.rendition.is_there_for(asset.scheme));
            let version = version.ok_or_else(|| Refused::not_found("There is no such file."))?;
            let url = signed::url(tenant, asset, &version.id, self.rendition);
            Ok((Given::new(asset, version, self.rendition), url))
        })
    }

    async fn give(&self, tenant: &Tenant, caller: &Caller, headers: &HeaderMap) -> Outcome {
        let (given, url) = self.find(tenant, caller)?;
        if tenant.options.redirects_binaries {
            return Ok((StatusCode::FOUND, [(LOCATION, url)]).into_response());
        }
        answer(headers, given, true).await.map_err(|error| Refused::broken(&error))
    }
}

async fn original(
    State(tenant): State<Shared>,
    Path((scheme, id)): Path<(String, String)>,
    caller: Caller,
    headers: HeaderMap,
) -> Outcome {
    let wanted = Wanted { scheme: &scheme, id: &id, version: None, rendition: Rendition::Original };
    wanted.give(&tenant, &caller, &headers).await
}

async fn part(
    State(tenant): State<Shared>,
    Path((scheme, id, what)): Path<(String, String, String)>,
    caller: Caller,
    headers: HeaderMap,
) -> Outcome {
    let (scheme, id) = (scheme.as_str(), id.as_str());
    let uri = |rendition| Ok(Wanted { scheme, id, version: None, rendition }.find(&tenant, &caller)?.1.into_response());
    match what.as_str() {
        "directuri" => uri(Rendition::Original),
        "previewURI" => uri(Rendition::PREVIEW),
        "metadata" => tenant.with(|library| {
            let asset = library.asset(scheme, id, &caller)?;
            Ok(Json(asset_json::metadata(asset)).into_response())
        }),
        word => {
            let (version, rendition) =
                Rendition::parse(word).map_or((Some(word), Rendition::Original), |rendition| (None, rendition));
            Wanted { scheme, id, version, rendition }.give(&tenant, &caller, &headers).await
        }
    }
}

async fn sized(
    State(tenant): State<Shared>,
    Path((scheme, id, what, size)): Path<(String, String, String, String)>,
    caller: Caller,
    headers: HeaderMap,
) -> Outcome {
    let (scheme, id) = (scheme.as_str(), id.as_str());
    let sized = || Rendition::preview(&size).ok_or_else(|| Refused::not_found("There is no preview of this size."));
    match what.as_str() {
        "preview" => {
            let wanted = Wanted { scheme, id, version: None, rendition: sized()? };
            wanted.give(&tenant, &caller, &headers).await
        }
        "previewURI" => {
            let wanted = Wanted { scheme, id, version: None, rendition: sized()? };
            Ok(wanted.find(&tenant, &caller)?.1.into_response())
        }
        version if size == "preview" => {
            let wanted = Wanted { scheme, id, version: Some(version), rendition: Rendition::PREVIEW };
            wanted.give(&tenant, &caller, &headers).await
        }
        _ => Err(Refused::not_found("There is no such file.")),
    }
}

// Inferred: what the caller may not see is left out.
async fn many(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<Json<Value>> {
    let references = References::parse(&body)?;
    tenant.pause(references.len()).await;
    Ok(tenant.with(|library| {
        let one = |asset: &super::asset::Asset| {
            json!({
                "id": asset.id,
                "scheme": asset.scheme.name(),
                "name": asset.name,
                "url": signed::url(&tenant, asset, &asset.current.id, Rendition::Original),
                "size": asset.current.blob.len().to_string(),
            })
        };
        let found = references.iter().filter_map(|wanted| library.asset(&wanted.scheme, &wanted.id, &caller).ok());
        Json(found.map(one).collect())
    }))
}

type Parsed = Query<Vec<(String, String)>>;

async fn converted(
    State(tenant): State<Shared>,
    Path((scheme, id)): Path<(String, String)>,
    caller: Caller,
    query: Parsed,
    headers: HeaderMap,
) -> Outcome {
    let rendition = conversion(&tenant, &caller, &scheme, &id, &query)?;
    Wanted { scheme: &scheme, id: &id, version: None, rendition }.give(&tenant, &caller, &headers).await
}

async fn converted_uri(
    State(tenant): State<Shared>,
    Path((scheme, id)): Path<(String, String)>,
    caller: Caller,
    query: Parsed,
) -> Outcome {
    let rendition = conversion(&tenant, &caller, &scheme, &id, &query)?;
    let wanted = Wanted { scheme: &scheme, id: &id, version: None, rendition };
    Ok(wanted.find(&tenant, &caller)?.1.into_response())
}

fn conversion(tenant: &Tenant, caller: &Caller, scheme: &str, id: &str, query: &Parameters) -> Outcome<Rendition> {
    let measures = tenant.with(|library| library.asset(scheme, id, caller).map(|asset| asset.current.measures))?;
    let number = |name: &str, text: &str| {
        let number = text.parse::<u32>().ok().filter(|number| (1..=10_000).contains(number));
        number.ok_or_else(|| Refused::bad(format!("{name} must be a whole number of pixels.")))
    };
    let png = match parameter(query, "type").unwrap_or("jpg").to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => false,
        "png" => true,
        other => return Err(Refused::bad(format!("There is no type {other}."))),
    };
    let dpi = parameter(query, "dpi").map_or(Ok(72), |dpi| number("dpi", dpi))?;
    let (width, height) = match (parameter(query, "resize"), parameter(query, "maxsize")) {
        (Some(sides), _) => {
            let (width, height) = sides.split_once(['x', 'X']).unwrap_or((sides, sides));
            (number("resize", width)?, number("resize", height)?)
        }
        (None, Some(longest)) => fitted(&measures, number("maxsize", longest)?),
        (None, None) => fitted(&measures, u32::MAX),
    };
    Ok(Rendition::Converted { png, width, height, dpi })
}
