//! The token endpoint: all forms of a request, all grants, and tokens as their answer.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::discovery::about;
use super::signer::half_digest;
use super::{Code, Session};
use crate::web::{Grant, client_basic, is_answered_by, media_type};
use crate::workflow::errors::gateway_body;
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::{Client, Shared, State, Tenant};

/// A request for tokens that gets none.
struct Denied {
    status: StatusCode,
    body: Value,
}

type Tokens = Result<Value, Denied>;

fn refuse(status: StatusCode, error: &str, why: &str) -> Denied {
    Denied { status, body: json!({ "error": error, "error_description": why }) }
}

fn bad(error: &str, why: &str) -> Denied {
    refuse(StatusCode::BAD_REQUEST, error, why)
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Basic realm=\"oauth2\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// Who asks, proven by the secret where there is one.
fn client<'s>(shared: &'s Shared, headers: &HeaderMap, asked: &Parameters) -> Result<&'s Client, Denied> {
    let given = client_basic(headers);
    let id = given.as_ref().map(|(id, _)| id.as_str()).or_else(|| asked.text("client_id"));
    let secret = given.as_ref().map(|(_, secret)| secret.as_str()).filter(|secret| !secret.is_empty());
    let secret = secret.or_else(|| asked.text("client_secret"));
    let known = shared.clients.iter().find(|client| Some(client.id.as_str()) == id);
    let Some(known) = known else {
        // The gateway knows all clients and stops others before the provider sees them.
        let body = gateway_body("Invalid ApiKey", "oauth.v2.InvalidApiKey");
        return Err(Denied { status: StatusCode::UNAUTHORIZED, body });
    };
    if known.secret.as_deref().is_some_and(|own| Some(own) != secret) {
        return Err(refuse(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed."));
    }
    Ok(known)
}

fn issue(shared: &Shared, tenant: &Tenant, session: &Session, nonce: Option<&str>, refreshes: bool) -> Tokens {
    let failed = |why: String| refuse(StatusCode::INTERNAL_SERVER_ERROR, "server_error", &why);
    let now = shared.clock.now() / 1000;
    let lifetime = shared.access_lifetime.as_secs();
    let ends = now + i64::try_from(lifetime).unwrap_or(i64::MAX / 2);
    let issuer = shared.issuer(&tenant.id);
    let mut claims = about(tenant.directory.find(&session.user), session);
    claims["iss"] = json!(issuer);
    claims["iat"] = json!(now);
    claims["exp"] = json!(ends);
    claims["sid"] = json!(session.family);
    let mut access = claims.clone();
    access["aud"] = json!("workflow");
    access["cid"] = json!(session.client);
    access["scope"] = json!(session.scope);
    access["subscription"] = json!(shared.subscription);
    access["jti"] = json!(crate::workflow::engine::new_id());
    let access = shared.signer.sign(&access).map_err(failed)?;
    shared.access.let_in(access.clone(), session.clone(), shared.access_lifetime);
    let mut body = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": lifetime,
        "scope": session.scope,
    });
    if refreshes {
        body["refresh_token"] = json!(shared.refresh.issue("", session.clone(), shared.refresh_lifetime));
    }
    if session.scope.split(' ').any(|scope| scope == "openid") && refreshes {
        claims["aud"] = json!(session.client);
        claims["azp"] = json!(session.client);
        claims["auth_time"] = json!(session.signed_in);
        claims["at_hash"] = json!(half_digest(&access));
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        body["id_token"] = json!(shared.signer.sign(&claims).map_err(failed)?);
    }
    Ok(body)
}

fn begin(shared: &Shared, tenant: &Tenant, client: &Client, user: &str, asked: &Parameters) -> Session {
    Session {
        tenant: tenant.id.clone(),
        client: client.id.clone(),
        user: user.to_owned(),
        scope: asked.text("scope").unwrap_or_default().to_owned(),
        family: crate::workflow::engine::new_id(),
        signed_in: shared.clock.now() / 1000,
    }
}

fn by_itself(shared: &Shared, tenant: &Tenant, client: &Client, asked: &Parameters) -> Tokens {
    if client.secret.is_none() {
        return Err(bad("unauthorized_client", "A public client cannot act by itself."));
    }
    issue(shared, tenant, &begin(shared, tenant, client, &client.account, asked), None, false)
}

fn by_password(shared: &Shared, tenant: &Tenant, client: &Client, asked: &Parameters) -> Tokens {
    let (Some(name), Some(password)) = (asked.text("username"), asked.text("password")) else {
        return Err(bad("invalid_request", "username or password is missing."));
    };
    match tenant.directory.find(name) {
        Some(member) if password == shared.password => {
            issue(shared, tenant, &begin(shared, tenant, client, &member.person.email, asked), None, true)
        }
        _ => Err(bad("invalid_grant", "The user name or the password is wrong.")),
    }
}

fn by_code(shared: &Shared, tenant: &Tenant, client: &Client, asked: &Parameters) -> Tokens {
    let wrong = |why: &str| bad("invalid_grant", why);
    let code = asked.text("code").ok_or_else(|| bad("invalid_request", "code is missing."))?;
    let grant = shared.codes.spend(code).ok_or_else(|| wrong("The code is unknown, used or over."))?;
    let Code { session, redirect, challenge, nonce } = grant.to;
    if session.client != client.id || session.tenant != tenant.id {
        return Err(wrong("The code was given to another client."));
    }
    let Some(address) = asked.text("redirect_uri") else {
        return Err(bad("invalid_request", "redirect_uri is missing."));
    };
    if address != redirect {
        return Err(wrong("The redirect URI is not the one of the sign-in."));
    }
    match (challenge, asked.text("code_verifier")) {
        (Some((method, challenge)), Some(verifier)) if is_answered_by(&method, &challenge, verifier) => {}
        (None, None) => {}
        _ => return Err(wrong("The code verifier does not answer the challenge.")),
    }
    issue(shared, tenant, &session, nonce.as_deref(), true)
}

fn by_refresh(shared: &Shared, tenant: &Tenant, client: &Client, asked: &Parameters) -> Tokens {
    let token = asked.text("refresh_token").ok_or_else(|| bad("invalid_request", "refresh_token is missing."))?;
    let own = |grant: &Grant<Session>| grant.to.client == client.id && grant.to.tenant == tenant.id;
    let Some(grant) = shared.refresh.check(token).filter(own) else {
        if let Some(reused) = shared.spent.check(token).filter(own) {
            // Inferred: a token that is used twice may be stolen, so all that followed from its sign-in ends.
            shared.refresh.revoke(|session| session.family == reused.to.family);
            shared.access.revoke(|session| session.family == reused.to.family);
        }
        return Err(bad("invalid_grant", "The refresh token is unknown, used or over."));
    };
    shared.refresh.spend(token);
    shared.spent.let_in(token.to_owned(), grant.to.clone(), shared.refresh_lifetime);
    issue(shared, tenant, &grant.to, None, true)
}

/// `POST …/oauth2/token`
pub(super) async fn token(shared: State, Path(tenant): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = match tokens(&shared, &tenant, &headers, &body) {
        Ok(body) => Json(body).into_response(),
        Err(denied) => denied.into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn tokens(shared: &Shared, tenant: &str, headers: &HeaderMap, body: &Bytes) -> Tokens {
    let Ok(tenant) = shared.tenant(tenant) else {
        return Err(refuse(StatusCode::NOT_FOUND, "invalid_request", "The tenant is not known."));
    };
    let asked = if media_type(headers) == "application/json" {
        serde_json::from_slice::<Value>(body).ok().and_then(|value| Parameters::of_json(&value))
    } else {
        std::str::from_utf8(body).ok().map(Parameters::of)
    };
    let asked = asked.ok_or_else(|| bad("invalid_request", "The body cannot be read."))?;
    let client = client(shared, headers, &asked)?;
    match asked.text("grant_type") {
        Some("client_credentials") => by_itself(shared, &tenant, client, &asked),
        Some("authorization_code") => by_code(shared, &tenant, client, &asked),
        Some("refresh_token") => by_refresh(shared, &tenant, client, &asked),
        Some("password") => by_password(shared, &tenant, client, &asked),
        Some(_) => Err(bad("unsupported_grant_type", "The grant type is not supported.")),
        None => Err(bad("invalid_request", "grant_type is missing.")),
    }
}
