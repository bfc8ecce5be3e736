//! A paged feed with a cursor.

use std::sync::Arc;

use axum::extract::{Query, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::json;

use super::refused::Problem;
use super::state::State;

const USUAL: usize = 50;
const MOST: usize = 500;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/feed", get(page))
}

async fn page(Shared(state): Shared<Arc<State>>, Query(asked): Query<Vec<(String, String)>>) -> Response {
    let given = |name: &str| {
        let found = asked.iter().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    };
    let Ok(limit) = given("limit").map_or(Ok(USUAL), str::parse) else {
        return Problem::new(StatusCode::BAD_REQUEST, "limit", "the limit is no whole number").into_response();
    };
    let from = match given("cursor") {
        None => 0,
        Some(cursor) => match cursor.strip_prefix("after-").and_then(|number| number.parse().ok()) {
            Some(number) => number,
            None => {
                return Problem::new(StatusCode::BAD_REQUEST, "cursor", "the cursor is none of this feed")
                    .into_response();
            }
        },
    };
    let (items, next, more) = state.page(from, limit.clamp(1, MOST));
    Json(json!({ "items": items, "page": { "next": format!("after-{next}"), "more": more } })).into_response()
}
