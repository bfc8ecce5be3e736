//! The sign-in: an authorization in the browser, codes, refreshing, the application by itself, and which tenant a
//! token belongs to.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CACHE_CONTROL, LOCATION, PRAGMA, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::sync::PoisonError;
use std::time::Duration;

use super::asset_json::encoded;
use super::options::{Role, TokenNames};
use super::refused::{Outcome, Refused};
use super::session::Rights;
use super::tenant::{Shared, Tenant};
use crate::web::{client_basic, is_answered_by};

/// Life of a code.
const CODE: Duration = Duration::from_mins(10);

/// What a code stands for.
#[derive(Debug, Clone)]
pub(super) struct Code {
    user: String,
    redirect_uri: String,
    scope: Role,
    /// The method and the challenge of a public client.
    challenge: Option<(String, String)>,
}

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/oauth/api/oauth2/authorize", get(authorize))
        .route("/oauth/api/oauth2/compatible/authorize", get(authorize))
        .route("/oauth/api/oauth2/universal2/authorize", get(authorize))
        .route("/oauth/api/oauth2/token", post(plain_token))
        .route("/oauth/api/oauth2/compatible/token", post(compatible_token))
        .route("/oauth/api/oauth2/universal2/token", post(public_token))
        .route("/oauth/api/oauth2/tenant/{token}", get(which_tenant))
}

/// The pairs of a form.
pub(super) fn form(body: &[u8]) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let body = String::from_utf8_lossy(body);
    let pairs = body.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// Parameters from the form and the address, and what a client shows of itself in the header.
struct Given {
    pairs: Vec<(String, String)>,
    /// Id and secret of `Basic` (RFC 6749, 2.3.1).
    shown: Option<(String, String)>,
    /// Whether it tried by a header at all.
    by_header: bool,
}

impl Given {
    fn new(Query(query): Query<Vec<(String, String)>>, headers: &HeaderMap, body: &Bytes) -> Self {
        let pairs = form(body).into_iter().chain(query).collect();
        Self { pairs, shown: client_basic(headers), by_header: headers.contains_key(AUTHORIZATION) }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The key of the application has two names.
    fn app_id(&self) -> Option<&str> {
        let shown = self.shown.as_ref().map(|(id, _)| id.as_str());
        shown.or_else(|| self.get("app_id")).or_else(|| self.get("client_id"))
    }

    fn app_secret(&self) -> Option<&str> {
        // A header with a name alone leaves the secret to the form.
        let shown = self.shown.as_ref().map(|(_, secret)| secret.as_str()).filter(|secret| !secret.is_empty());
        shown.or_else(|| self.get("app_secret")).or_else(|| self.get("client_secret"))
    }

    fn need(&self, name: &str) -> Outcome<&str> {
        self.get(name).ok_or_else(|| Refused::oauth("invalid_request", format!("{name} is missing.")))
    }
}

/// A browser comes here and is sent back with a code.
async fn authorize(State(tenant): State<Shared>, query: Parsed) -> Outcome {
    let given = Given::new(query, &HeaderMap::new(), &Bytes::new());
    if given.app_id() != Some(&tenant.options.app_id) {
        return Err(Refused::oauth("invalid_client", "The app_id is unknown."));
    }
    let target = redirect_target(&tenant, &given)?;
    let state = given.get("state").map(|state| format!("&state={}", encoded(state))).unwrap_or_default();
    let join = if target.contains('?') { '&' } else { '?' };
    let back = |answer: String| {
        let location = format!("{target}{join}{answer}{state}");
        (StatusCode::FOUND, [(LOCATION, location)]).into_response()
    };
    let error = |error: &str, text: &str| Ok(back(format!("error={error}&error_description={}", encoded(text))));
    if given.get("response_type") != Some("code") {
        return error("unsupported_response_type", "Only the response type code is supported.");
    }
    // Inferred: nobody has to click here; who is signed in to the browser agrees.
    let Some(user) = tenant.signed_in.lock().unwrap_or_else(PoisonError::into_inner).clone() else {
        return error("access_denied", "The user denied the request.");
    };
    let challenge = given
        .get("code_challenge")
        .map(|challenge| (given.get("code_challenge_method").unwrap_or("plain").to_owned(), challenge.to_owned()));
    let code = Code { user, redirect_uri: target.clone(), scope: scope(&given)?, challenge };
    let code = tenant.codes.issue("", code, CODE);
    Ok(back(format!("code={}", encoded(&code))))
}

/// Only where the key allows it; else no browser is sent anywhere.
fn redirect_target(tenant: &Tenant, given: &Given) -> Outcome<String> {
    let registered = &tenant.options.redirect_uris;
    match (given.get("redirect_uri"), registered.as_slice()) {
        (Some(uri), _) if registered.iter().any(|known| leads_to(known, uri)) => Ok(uri.to_owned()),
        (None, [only]) => Ok(only.clone()),
        _ => Err(Refused::oauth("invalid_request", "The redirect_uri is not registered.")),
    }
}

/// Whether a registered address covers another one.
// Inferred: a loopback address without a port stands for all ports and paths, as native applications need.
fn leads_to(registered: &str, uri: &str) -> bool {
    if registered == uri {
        return true;
    }
    let is_loopback = matches!(registered, "http://127.0.0.1" | "http://localhost");
    is_loopback && uri.strip_prefix(registered).is_some_and(|rest| rest.starts_with([':', '/', '?']))
}

fn scope(given: &Given) -> Outcome<Role> {
    given.get("scope").map_or(Ok(Role::Administrator), |scope| {
        Role::parse(scope).ok_or_else(|| Refused::oauth("invalid_scope", format!("There is no scope {scope}.")))
    })
}

type Parsed = Query<Vec<(String, String)>>;

async fn plain_token(State(tenant): State<Shared>, query: Parsed, headers: HeaderMap, body: Bytes) -> Response {
    let given = Given::new(query, &headers, &body);
    let names = tenant.options.token_names;
    told(&given, with_secret(&tenant, &given).and_then(|()| grant(&tenant, &given, names)))
}

async fn compatible_token(State(tenant): State<Shared>, query: Parsed, headers: HeaderMap, body: Bytes) -> Response {
    let given = Given::new(query, &headers, &body);
    told(&given, with_secret(&tenant, &given).and_then(|()| grant(&tenant, &given, TokenNames::Compatible)))
}

/// For clients that cannot keep a secret: the answer to the challenge stands for it.
// Inferred: it is open to any client here, and answers like the plain one.
async fn public_token(State(tenant): State<Shared>, query: Parsed, headers: HeaderMap, body: Bytes) -> Response {
    let given = Given::new(query, &headers, &body);
    told(&given, without_secret(&tenant, &given))
}

fn without_secret(tenant: &Tenant, given: &Given) -> Outcome {
    if given.app_id() != Some(&tenant.options.app_id) {
        return Err(Refused::oauth("invalid_client", "The app_id is unknown."));
    }
    if given.get("grant_type") == Some("authorization_code") {
        given.need("code_verifier")?;
    } else if given.get("grant_type") == Some("client_credentials") {
        return Err(Refused::oauth("unauthorized_client", "A public client has no credentials."));
    }
    grant(tenant, given, tenant.options.token_names)
}

fn with_secret(tenant: &Tenant, given: &Given) -> Outcome<()> {
    let options = &tenant.options;
    if given.app_id() == Some(&options.app_id) && given.app_secret() == Some(&options.app_secret) {
        return Ok(());
    }
    Err(Refused::oauth("invalid_client", "The app_id or the app_secret is wrong."))
}

/// No answer about tokens is kept on the way (RFC 6749, 5.1), and a client that tried by the header is told by which scheme
/// (5.2).
fn told(given: &Given, outcome: Outcome) -> Response {
    let is_unknown = outcome.as_ref().is_err_and(|refused| refused.is_about("invalid_client"));
    let mut response = outcome.unwrap_or_else(Refused::into_response);
    if is_unknown && given.by_header {
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"canto\""));
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn grant(tenant: &Tenant, given: &Given, names: TokenNames) -> Outcome {
    let (to, refresh) = match given.need("grant_type")? {
        "authorization_code" => {
            let to = from_code(tenant, given)?;
            let refresh = tenant.refresh.issue("", to.clone(), tenant.options.refresh_lifetime);
            (to, Some(refresh))
        }
        "refresh_token" => {
            let token = given.need("refresh_token")?;
            let known = tenant.refresh.check(token).map(|grant| grant.to);
            let to = known.ok_or_else(|| invalid("The refresh token is invalid or expired."))?;
            // Inferred: the refresh token stays the same until it runs out.
            (to, Some(token.to_owned()))
        }
        "client_credentials" => (by_itself(tenant, given)?, None),
        other => {
            let description = format!("The grant type {other} is not supported.");
            return Err(Refused::oauth("unsupported_grant_type", description));
        }
    };
    let access = tenant.access.issue("", to, tenant.options.access_lifetime);
    let answer = token_answer(tenant, names, &access, refresh.as_deref());
    Ok(Json(answer).into_response())
}

fn invalid(description: &str) -> Refused {
    Refused::oauth("invalid_grant", description)
}

fn from_code(tenant: &Tenant, given: &Given) -> Outcome<Rights> {
    let code = tenant.codes.spend(given.need("code")?).map(|grant| grant.to);
    let code = code.ok_or_else(|| invalid("The code is invalid or expired."))?;
    // Some clients leave the address out.
    if given.get("redirect_uri").is_some_and(|uri| uri != code.redirect_uri) {
        return Err(invalid("The redirect_uri is not the one of the authorization."));
    }
    match (&code.challenge, given.get("code_verifier")) {
        (None, None) => {}
        (Some((method, challenge)), Some(verifier)) if is_answered_by(method, challenge, verifier) => {}
        _ => return Err(invalid("The code_verifier does not answer the challenge.")),
    }
    Ok(Rights { user: Some(code.user), scope: code.scope })
}

fn by_itself(tenant: &Tenant, given: &Given) -> Outcome<Rights> {
    if !tenant.options.client_credentials {
        return Err(Refused::oauth("unauthorized_client", "The key does not support client credentials."));
    }
    let user = given.get("user_id").map(str::to_owned);
    if user.as_deref().is_some_and(|user| tenant.with(|library| library.person(user).is_none())) {
        return Err(invalid("The user_id is unknown."));
    }
    Ok(Rights { user, scope: scope(given)? })
}

/// What a token address answers.
pub(super) fn token_answer(tenant: &Tenant, names: TokenNames, access: &str, refresh: Option<&str>) -> Value {
    let seconds = tenant.options.access_lifetime.as_secs();
    let expires = if tenant.options.expires_in_as_text { json!(seconds.to_string()) } else { json!(seconds) };
    match names {
        TokenNames::Camel => {
            json!({ "accessToken": access, "expiresIn": expires, "tokenType": "Bearer", "refreshToken": refresh })
        }
        TokenNames::Compatible => {
            let mut answer = json!({ "access_token": access, "expires_in": expires, "token_type": "Bearer" });
            // Inferred: the standard knows no refresh token that is null, so where there is none, none is named.
            if let Some(refresh) = refresh {
                answer["refresh_token"] = json!(refresh);
            }
            answer
        }
    }
}

async fn which_tenant(State(tenant): State<Shared>, Path(token): Path<String>) -> Outcome<Response> {
    if tenant.refresh.check(&token).is_none() {
        return Err(Refused::not_found("The token is unknown."));
    }
    Ok(tenant.host().to_owned().into_response())
}
