//! Signed addresses, as the delivery network has them: anybody who has one gets the file until it ends.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};

use super::asset::Asset;
use super::asset_json::encoded;
use super::file_answer::{Given, answer};
use super::filter::parameter;
use super::moment::SECOND;
use super::refused::in_xml;
use super::rendition::Rendition;
use super::tenant::{Shared, Tenant};

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/cdn/{scheme}/{id}/{version}/{rendition}", get(give))
}

/// The address of a file, good for a while.
pub(super) fn url(tenant: &Tenant, asset: &Asset, version: &str, rendition: Rendition) -> String {
    let lifetime = i64::try_from(tenant.options.signed_lifetime.as_secs()).unwrap_or(i64::MAX);
    let expires = (tenant.now() / SECOND).saturating_add(lifetime);
    let path = format!("/cdn/{}/{}/{version}/{}", asset.scheme.name(), asset.id, rendition.word());
    let signature = tenant.signer.sign(&format!("{path}?{expires}"));
    let key = tenant.signer.access_key_id();
    let name = encoded(&asset.name);
    format!("{}{path}?name={name}&Expires={expires}&Signature={signature}&Key-Pair-Id={key}", tenant.base)
}

async fn give(
    State(tenant): State<Shared>,
    Path((scheme, id, version, word)): Path<(String, String, String, String)>,
    query: Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    if tenant.options.signed_refuses_bearer && headers.contains_key(AUTHORIZATION) {
        let message = "Only one auth mechanism allowed; only the Signature query string parameter or the \
                       Authorization header should be specified";
        return in_xml(StatusCode::BAD_REQUEST, "InvalidArgument", message);
    }
    let denied = || in_xml(StatusCode::FORBIDDEN, "AccessDenied", "Access denied");
    let expires = parameter(&query, "Expires").and_then(|expires| expires.parse::<i64>().ok()).unwrap_or(0);
    let signature = tenant.signer.sign(&format!("/cdn/{scheme}/{id}/{version}/{word}?{expires}"));
    if parameter(&query, "Signature") != Some(&signature) || expires <= tenant.now() / SECOND {
        return denied();
    }
    let given = tenant.with(|library| {
        let asset = library.assets.get(&id).filter(|asset| asset.scheme.name() == scheme)?;
        Some(Given::new(asset, asset.version(&version)?, Rendition::of_word(&word)?))
    });
    match given {
        None => denied(),
        Some(given) => answer(&headers, given, true)
            .await
            .unwrap_or_else(|error| in_xml(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &error.to_string())),
    }
}
