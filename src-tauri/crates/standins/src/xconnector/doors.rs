//! The ways to sign in, each before a copy of the same routes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Form, Request, State as Shared};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use data_encoding::BASE64;
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use serde_json::json;

use super::refused::Problem;
use super::state::State;

const TOKEN_LIFETIME: Duration = Duration::from_hours(1);

/// One way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Basic,
    Bearer,
    Header,
    OAuth,
}

impl Door {
    pub(super) const ALL: [Self; 4] = [Self::Basic, Self::Bearer, Self::Header, Self::OAuth];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Basic => "/basic",
            Self::Bearer => "/bearer",
            Self::Header => "/header",
            Self::OAuth => "/oauth",
        }
    }

    fn lets_in(self, state: &State, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let after = |scheme: &str| text(AUTHORIZATION.as_str()).strip_prefix(scheme).map(str::to_owned);
        let options = &state.options;
        match self {
            Self::Basic => after("Basic ") == Some(basic(&options.basic)),
            Self::Bearer => after("Bearer ").as_deref() == Some(options.token.as_str()),
            Self::Header => text(&options.header.0) == options.header.1,
            Self::OAuth => after("Bearer ").is_some_and(|token| state.tokens.check(&token).is_some()),
        }
    }
}

fn basic((user, password): &(String, String)) -> String {
    BASE64.encode(format!("{user}:{password}").as_bytes())
}

/// Lets a request through whose sign-in is right.
pub(super) async fn guard(Shared((state, door)): Shared<(Arc<State>, Door)>, request: Request, next: Next) -> Response {
    if door.lets_in(&state, request.headers()) {
        return next.run(request).await;
    }
    let mut response =
        Problem::new(StatusCode::UNAUTHORIZED, "not-signed-in", "the sign-in is missing or wrong").into_response();
    let asks = if door == Door::Basic { "Basic realm=\"xconnector\"" } else { "Bearer" };
    if let Ok(asks) = asks.parse() {
        response.headers_mut().insert(http::header::WWW_AUTHENTICATE, asks);
    }
    response
}

pub(super) fn token_route() -> Router<Arc<State>> {
    Router::new().route("/oauth2/token", post(token))
}

/// Client credentials, in the form or as Basic (RFC 6749, 2.3.1 and 4.4).
async fn token(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let refuse = |status: StatusCode, error: &str| (status, Json(json!({ "error": error }))).into_response();
    if form.get("grant_type").map(String::as_str) != Some("client_credentials") {
        return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let given = |name: &str| form.get(name).cloned().unwrap_or_default();
    let by_form = (given("client_id"), given("client_secret")) == state.options.client;
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !by_form && header.strip_prefix("Basic ") != Some(&basic(&state.options.client)) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let token = state.tokens.issue("xc-", state.options.client.0.clone(), TOKEN_LIFETIME);
    Json(json!({ "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFETIME.as_secs() }))
        .into_response()
}
