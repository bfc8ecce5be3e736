//! What a client may find out about a provider, and about the person who signed in.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use serde_json::{Value, json};

use super::Session;
use crate::workflow::errors::Answer;
use crate::workflow::people::{Member, PARTITION};
use crate::workflow::shared::{Caller, Shared, State};

impl Shared {
    /// The issuer of a tenant: the address below which its provider answers.
    pub(in crate::workflow) fn issuer(&self, tenant: &str) -> String {
        format!("{}/tenants/{tenant}", self.base)
    }
}

/// `GET …/.well-known/openid-configuration`
pub(super) async fn configuration(shared: State, Path(tenant): Path<String>) -> Answer {
    shared.tenant(&tenant)?;
    let issuer = shared.issuer(&tenant);
    // Inferred: the addresses of keys and of `userinfo`; the documents name discovery, authorize, token and logout.
    let body = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth2/auth"),
        "token_endpoint": format!("{issuer}/oauth2/token"),
        "end_session_endpoint": format!("{issuer}/oauth2/logout"),
        "userinfo_endpoint": format!("{issuer}/oauth2/userinfo"),
        "jwks_uri": format!("{issuer}/oauth2/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported": ["authorization_code", "client_credentials", "password", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256", "plain"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["openid", "otds:groups", "profile", "email", "offline_access"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid", "tid", "preferred_username",
            "name", "given_name", "family_name", "email", "grp",
        ],
    });
    Ok(Json(body).into_response())
}

/// `GET …/oauth2/jwks`
pub(super) async fn keys(shared: State, Path(tenant): Path<String>) -> Answer {
    shared.tenant(&tenant)?;
    let mut response = Json(json!({ "keys": [shared.signer.public()] })).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET …/oauth2/userinfo`
pub(super) async fn person(caller: Caller) -> Response {
    let member = caller.tenant.directory.find(&caller.session.user);
    Json(about(member, &caller.session)).into_response()
}

/// What tokens say about a person.
pub(super) fn about(member: Option<&Member>, session: &Session) -> Value {
    let Some(member) = member else { return json!({ "sub": session.user }) };
    let person = &member.person;
    let (given, family) = person.name.split_once(' ').unwrap_or((person.name.as_str(), ""));
    let mut claims = json!({
        "sub": member.id,
        "preferred_username": person.email,
        "name": person.name,
        "given_name": given,
        "family_name": family,
        "email": person.email,
        "tid": session.tenant,
    });
    // The groups are told only where they were asked for.
    if session.scope.split(' ').any(|scope| scope == "otds:groups") {
        let groups = person.groups.iter().map(|group| format!("{group}@{PARTITION}"));
        claims["grp"] = groups.collect();
    }
    claims
}
