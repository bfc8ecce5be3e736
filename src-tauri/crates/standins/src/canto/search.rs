//! Searching: everywhere, one type, an album, below a folder, a collection; all answer the same envelope.

use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::asset::{Asset, Scheme};
use super::asset_json;
use super::container::Kind;
use super::filter::{Filters, Order, Parameters, parameter};
use super::library::Library;
use super::options::NoResults;
use super::refused::{Outcome, Refused};
use super::session::Caller;
use super::tenant::{Shared, Tenant};

/// Assets of a page unless the request says.
const PAGE: usize = 100;

type Parsed = Query<Vec<(String, String)>>;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1/search", get(everywhere))
        .route("/api/v1/{scheme}", get(one_type))
        .route("/api/v1/album/{id}", get(in_album))
        .route("/api/v1/folder/{id}", get(below_folder))
        .route("/api/v1/mycollections/{id}", get(collection))
}

async fn everywhere(State(tenant): State<Shared>, caller: Caller, query: Parsed) -> Outcome<Json<Value>> {
    tenant.with(|library| {
        let found = library.assets.values().collect();
        envelope(&tenant, library, &caller, &query, found).map(Json)
    })
}

async fn one_type(
    State(tenant): State<Shared>,
    Path(scheme): Path<String>,
    caller: Caller,
    query: Parsed,
) -> Outcome<Json<Value>> {
    let scheme = Scheme::parse(&scheme).ok_or_else(|| Refused::not_found(format!("There is no {scheme}.")))?;
    tenant.with(|library| {
        let found = library.assets.values().filter(|asset| asset.scheme == scheme).collect();
        envelope(&tenant, library, &caller, &query, found).map(Json)
    })
}

async fn in_album(
    State(tenant): State<Shared>,
    Path(id): Path<String>,
    caller: Caller,
    query: Parsed,
) -> Outcome<Json<Value>> {
    tenant.with(|library| {
        library.container(Kind::Album, &id)?;
        let found = library.in_album(&id, &caller).collect();
        envelope(&tenant, library, &caller, &query, found).map(Json)
    })
}

async fn below_folder(
    State(tenant): State<Shared>,
    Path(id): Path<String>,
    caller: Caller,
    query: Parsed,
) -> Outcome<Json<Value>> {
    tenant.with(|library| {
        library.container(Kind::Folder, &id)?;
        let is_below = |asset: &&Asset| asset.albums.iter().any(|album| library.is_below(album, &id));
        let found = library.assets.values().filter(is_below).collect();
        envelope(&tenant, library, &caller, &query, found).map(Json)
    })
}

// Inferred: a collection answers like an album, with its own name beside.
async fn collection(
    State(tenant): State<Shared>,
    Path(id): Path<String>,
    caller: Caller,
    query: Parsed,
) -> Outcome<Json<Value>> {
    tenant.with(|library| {
        let own = library.collections.iter().find(|other| other.id == id && other.owner == caller.user);
        let own = own.ok_or_else(|| Refused::not_found(format!("There is no collection {id}.")))?;
        let found = own.assets.iter().filter_map(|id| library.assets.get(id)).collect();
        let mut answer = envelope(&tenant, library, &caller, &query, found)?;
        answer["id"] = json!(own.id);
        answer["name"] = json!(own.name);
        answer["owner"] = json!(own.owner);
        answer["created"] = json!(super::moment::digits(own.created));
        Ok(Json(answer))
    })
}

/// A whole number from 0.
fn whole(query: &Parameters, name: &str, default: usize) -> Outcome<usize> {
    parameter(query, name).map_or(Ok(default), |text| {
        text.parse().map_err(|_| Refused::bad(format!("{name} must be a whole number from 0.")))
    })
}

fn envelope(
    tenant: &Tenant,
    library: &Library,
    caller: &Caller,
    query: &Parameters,
    among: Vec<&Asset>,
) -> Outcome<Value> {
    let filters = Filters::parse(query, library)?;
    let order = Order::parse(query);
    let (limit, start) = (whole(query, "limit", PAGE)?, whole(query, "start", 0)?);
    let mut found: Vec<&Asset> =
        among.into_iter().filter(|asset| caller.sees(asset) && filters.let_through(asset, library)).collect();
    order.sort(&mut found);
    let mut answer = json!({
        "facets": [],
        "limit": limit,
        "found": found.len(),
        "sortBy": order.by(),
        "sortDirection": order.direction(),
        "matchExpr": Filters::expression(query),
    });
    if !tenant.options.omit_start {
        answer["start"] = json!(start);
    }
    let page: Vec<Value> =
        found.into_iter().skip(start).take(limit).map(|asset| asset_json::asset(tenant, library, asset)).collect();
    match (page.is_empty(), tenant.options.no_results) {
        (true, NoResults::Missing) => {}
        (true, NoResults::Null) => answer["results"] = Value::Null,
        _ => answer["results"] = Value::Array(page),
    }
    Ok(answer)
}
