//! What a person does in the web interface, for tests in another process, and what only the stand-in can report.
//!
//! | call | does |
//! |---|---|
//! | `POST /sandbox/clock` | `{"seconds": 60}`: moves the clock forward |
//! | `PUT /sandbox/sign-in` | `{"userId": "…"}`: who is signed in to the browser; `null` declines authorizations |
//! | `POST /sandbox/tokens` | `{"userId": "…"}`: makes an access token by hand |
//! | `DELETE /sandbox/tokens` | `{"accessToken": "…"}` revokes that one, `{"userId": "…"}` all of somebody's |
//! | `GET`, `POST`, `DELETE /sandbox/webhooks` | the list of webhooks; adds one; removes all |
//! | `GET /sandbox/shares` | extension: share links, and when each was opened |
//! | `GET /sandbox/trash` | extension: what was deleted, by whom |

use std::sync::PoisonError;
use std::time::Duration;

use axum::extract::State;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::moment::digits;
use super::oauth::token_answer;
use super::options::Role;
use super::refused::{Outcome, Refused};
use super::session::Rights;
use super::tenant::{Shared, Tenant};
use super::webhook::Webhook;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/sandbox/clock", post(advance))
        .route("/sandbox/sign-in", put(sign_in))
        .route("/sandbox/tokens", post(make_token).delete(revoke_token))
        .route("/sandbox/webhooks", get(webhooks).post(add_webhook).delete(remove_webhooks))
        .route("/sandbox/shares", get(shares))
        .route("/sandbox/trash", get(trash))
}

#[derive(Debug, Deserialize)]
struct Advance {
    seconds: u64,
}

async fn advance(State(tenant): State<Shared>, Json(advance): Json<Advance>) -> StatusCode {
    tenant.clock.advance(Duration::from_secs(advance.seconds));
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    user_id: Option<String>,
}

async fn sign_in(State(tenant): State<Shared>, Json(draft): Json<SignIn>) -> Outcome<StatusCode> {
    if let Some(user) = &draft.user_id {
        known(&tenant, user)?;
    }
    *tenant.signed_in.lock().unwrap_or_else(PoisonError::into_inner) = draft.user_id;
    Ok(StatusCode::NO_CONTENT)
}

fn known(tenant: &Tenant, user: &str) -> Outcome<()> {
    if tenant.with(|library| library.person(user).is_some()) {
        return Ok(());
    }
    Err(Refused::not_found(format!("There is no user {user}.")))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenDraft {
    user_id: Option<String>,
    scope: Option<String>,
}

async fn make_token(State(tenant): State<Shared>, Json(draft): Json<TokenDraft>) -> Outcome<Json<Value>> {
    if let Some(user) = &draft.user_id {
        known(&tenant, user)?;
    }
    let scope = draft.scope.as_deref().map_or(Some(Role::Administrator), Role::parse);
    let scope = scope.ok_or_else(|| Refused::bad("There is no such scope."))?;
    let access = tenant.access.issue("", Rights { user: draft.user_id, scope }, tenant.options.access_lifetime);
    Ok(Json(token_answer(&tenant, tenant.options.token_names, &access, None)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Revoked {
    access_token: Option<String>,
    user_id: Option<String>,
}

async fn revoke_token(State(tenant): State<Shared>, Json(revoked): Json<Revoked>) -> Outcome<StatusCode> {
    if let Some(user) = revoked.user_id {
        known(&tenant, &user)?;
        let is_theirs = |rights: &Rights| rights.user.as_deref() == Some(&user);
        tenant.access.revoke(is_theirs);
        tenant.refresh.revoke(is_theirs);
        return Ok(StatusCode::NO_CONTENT);
    }
    let spent = tenant.access.spend(revoked.access_token.as_deref().unwrap_or_default());
    spent.map(|_| StatusCode::NO_CONTENT).ok_or_else(|| Refused::not_found("The token is unknown."))
}

async fn webhooks(State(tenant): State<Shared>) -> Json<Value> {
    Json(tenant.with(|library| json!(library.webhooks)))
}

async fn add_webhook(State(tenant): State<Shared>, Json(webhook): Json<Webhook>) -> Outcome<StatusCode> {
    if webhook.target().is_none() {
        return Err(Refused::bad("Only addresses on loopback are called."));
    }
    tenant.with(|library| library.webhooks.push(webhook));
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_webhooks(State(tenant): State<Shared>) -> StatusCode {
    tenant.with(|library| library.webhooks.clear());
    StatusCode::NO_CONTENT
}

fn must_be_extended(tenant: &Tenant) -> Outcome<()> {
    if tenant.control.is_extended() {
        return Ok(());
    }
    Err(Refused::not_found("The extensions are off."))
}

async fn shares(State(tenant): State<Shared>) -> Outcome<Json<Value>> {
    must_be_extended(&tenant)?;
    Ok(Json(tenant.with(|library| {
        let shares = library.shares.iter().map(|(token, share)| {
            let opened = share.opened.iter().map(|(at, what)| json!({ "time": digits(*at), "what": what }));
            let contents = share.contents.iter().map(super::batch::Reference::json);
            json!({
                "link": format!("{}/share/{token}", tenant.base),
                "by": share.by,
                "created": digits(share.created),
                "expires": share.expires.map(digits),
                "contents": contents.collect::<Vec<_>>(),
                "opened": opened.collect::<Vec<_>>(),
            })
        });
        shares.collect()
    })))
}

async fn trash(State(tenant): State<Shared>) -> Outcome<Json<Value>> {
    must_be_extended(&tenant)?;
    Ok(Json(tenant.with(|library| {
        let thrown = library.trash.iter().map(|(asset, by, at)| {
            let (id, scheme) = (&asset.id, asset.scheme.name());
            json!({ "id": id, "scheme": scheme, "name": asset.name, "by": by, "time": digits(*at) })
        });
        thrown.collect()
    })))
}
