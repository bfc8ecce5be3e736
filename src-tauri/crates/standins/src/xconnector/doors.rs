//! The ways to sign in, each before a copy of the same routes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Request, State as Shared};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use super::refused::Problem;
use super::state::State;
use crate::web::{basic, client_basic, credentials};

const TOKEN_LIFETIME: Duration = Duration::from_hours(1);
/// No answer about tokens is kept on the way (RFC 6749, 5.1).
const KEPT: (HeaderName, &str) = (CACHE_CONTROL, "no-store");

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
        let (options, bearer) = (&state.options, credentials(headers, "Bearer"));
        match self {
            Self::Basic => basic(headers).as_ref() == Some(&options.basic),
            Self::Bearer => bearer == Some(options.token.as_str()),
            Self::Header => {
                headers.get(&options.header.0).is_some_and(|value| value.as_bytes() == options.header.1.as_bytes())
            }
            Self::OAuth => bearer.is_some_and(|token| state.tokens.check(token).is_some()),
        }
    }
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
    form: Result<Form<HashMap<String, String>>, FormRejection>,
) -> Response {
    let refuse = |status: StatusCode, error: &str| (status, [KEPT], Json(json!({ "error": error }))).into_response();
    let Ok(Form(form)) = form else { return refuse(StatusCode::BAD_REQUEST, "invalid_request") };
    match form.get("grant_type").map(String::as_str).filter(|kind| !kind.is_empty()) {
        Some("client_credentials") => {}
        Some(_) => return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        None => return refuse(StatusCode::BAD_REQUEST, "invalid_request"),
    }
    let given = |name: &str| form.get(name).cloned().unwrap_or_default();
    let by_form = (given("client_id"), given("client_secret")) == state.options.client;
    let shown = client_basic(&headers);
    if !by_form && shown.as_ref() != Some(&state.options.client) {
        let mut refused = refuse(StatusCode::UNAUTHORIZED, "invalid_client");
        // Who tried by the header is told by which scheme (5.2).
        if headers.contains_key(AUTHORIZATION) {
            refused
                .headers_mut()
                .insert(http::header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"xconnector\""));
        }
        return refused;
    }
    let token = state.tokens.issue("xc-", state.options.client.0.clone(), TOKEN_LIFETIME);
    let answer = json!({ "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFETIME.as_secs() });
    ([KEPT], Json(answer)).into_response()
}
