//! Addresses that need no token: the direct links of each asset, which are secrets, and the delivery of media.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;

use super::asset::{APPROVED, Asset, Scheme};
use super::file_answer::{Given, answer};
use super::filter::parameter;
use super::refused::{Outcome, Refused};
use super::rendition::Rendition;
use super::tenant::{Shared, Tenant};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/direct/{scheme}/{id}/{hash}/original", get(original))
        .route("/direct/{scheme}/{id}/{hash}/play", get(play))
        .route("/direct/{scheme}/{id}/{hash}/{preset}/{size}", get(preview))
        .route("/mdc/asset/{account}/{key}", get(delivered_file))
        .route("/mdc/image/{account}/{key}", get(delivered_file))
        .route("/mdc/image/{account}/{key}/{operations}", get(delivered_image))
}

/// What makes a direct link a secret.
pub(super) fn hash(tenant: &Tenant, scheme: &str, id: &str) -> String {
    let mut hash = tenant.signer.sign(&format!("direct/{scheme}/{id}"));
    hash.truncate(32);
    hash
}

fn gone() -> Refused {
    Refused::not_found("Not found.")
}

/// What a direct link leads to.
fn linked(
    tenant: &Tenant,
    scheme: &str,
    id: &str,
    given_hash: &str,
    rendition: impl FnOnce(&Asset) -> Option<Rendition>,
) -> Outcome<Given> {
    if hash(tenant, scheme, id) != given_hash {
        return Err(gone());
    }
    tenant.with(|library| {
        let asset = library.assets.get(id).filter(|asset| asset.scheme.name() == scheme).ok_or_else(gone)?;
        let rendition = rendition(asset).filter(|rendition| rendition.is_there_for(asset.scheme)).ok_or_else(gone)?;
        Ok(Given::new(asset, &asset.current, rendition))
    })
}

async fn send(headers: &HeaderMap, given: Given, attach: bool) -> Outcome<Response> {
    answer(headers, given, attach).await.map_err(|error| Refused::broken(&error))
}

async fn original(
    State(tenant): State<Shared>,
    Path((scheme, id, hash)): Path<(String, String, String)>,
    query: Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let mut given = linked(&tenant, &scheme, &id, &hash, |_| Some(Rendition::Original))?;
    if let Some(kind) = parameter(&query, "content-type") {
        kind.clone_into(&mut given.kind);
    }
    if let Some(name) = parameter(&query, "name") {
        name.clone_into(&mut given.name);
    }
    send(&headers, given, true).await
}

async fn play(
    State(tenant): State<Shared>,
    Path((scheme, id, hash)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let only_films = |asset: &Asset| (asset.scheme == Scheme::Video).then_some(Rendition::Original);
    send(&headers, linked(&tenant, &scheme, &id, &hash, only_films)?, false).await
}

async fn preview(
    State(tenant): State<Shared>,
    Path((scheme, id, hash, preset, size)): Path<(String, String, String, String, String)>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let sized = |_: &Asset| Rendition::preview(&size).filter(|_| preset == format!("m{size}"));
    send(&headers, linked(&tenant, &scheme, &id, &hash, sized)?, false).await
}

/// An approved asset of the account by `{scheme}_{id}`.
// Inferred: only what is approved is delivered.
fn delivered(tenant: &Tenant, account: &str, key: &str, rendition: Rendition) -> Outcome<Given> {
    let (scheme, id) = key.split_once('_').filter(|_| account == tenant.options.tenant).ok_or_else(gone)?;
    tenant.with(|library| {
        let is_open = |asset: &&Asset| !tenant.options.approval || asset.status == APPROVED;
        let asset = library.assets.get(id).filter(|asset| asset.scheme.name() == scheme).filter(is_open);
        let asset = asset.filter(|asset| rendition.is_there_for(asset.scheme)).ok_or_else(gone)?;
        Ok(Given::new(asset, &asset.current, rendition))
    })
}

async fn delivered_file(
    State(tenant): State<Shared>,
    Path((account, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Outcome<Response> {
    send(&headers, delivered(&tenant, &account, &key, Rendition::Original)?, false).await
}

/// Operations as `-FJPG`, `-FPNG`, `-S800`; a preset `-T…` is a preview.
async fn delivered_image(
    State(tenant): State<Shared>,
    Path((account, key, operations)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Outcome<Response> {
    // Inferred: the sizes; presets of a tenant are not known here.
    let operation = |letter: char| operations.split('-').find_map(|one| one.strip_prefix(letter));
    let size = operation('S').map(|size| size.parse().map_err(|_| Refused::bad("A size is a number.")));
    let rendition = match (size.transpose()?, operation('F'), operation('T')) {
        (Some(size), ..) => Rendition::Preview(size),
        (None, Some("PNG"), _) => Rendition::Png,
        (None, Some(_), _) => Rendition::HighJpg,
        (None, None, Some(_)) => Rendition::PREVIEW,
        _ => return Err(Refused::bad("There is no such operation.")),
    };
    send(&headers, delivered(&tenant, &account, &key, rendition)?, false).await
}
