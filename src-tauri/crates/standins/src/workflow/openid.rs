//! The `OpenID` provider of each tenant: discovery, sign-in, tokens, keys, who somebody is, sign-out.

mod authorize;
mod discovery;
mod leave;
mod page;
mod signer;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::shared::Shared;

pub(super) use signer::Signer;

/// What an access or refresh token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) tenant: String,
    pub(super) client: String,
    /// The address of a person, or the account of a program.
    pub(super) user: String,
    pub(super) scope: String,
    /// All tokens that follow from one sign-in.
    pub(super) family: String,
    /// When somebody signed in, in seconds since 1970.
    pub(super) signed_in: i64,
}

/// What a code of a sign-in stands for.
#[derive(Debug, Clone)]
pub(super) struct Code {
    session: Session,
    redirect: String,
    /// Method and challenge.
    challenge: Option<(String, String)>,
    nonce: Option<String>,
}

/// The routes of all tenants.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/tenants/{tenant}/.well-known/openid-configuration", get(discovery::configuration))
        .route("/tenants/{tenant}/oauth2/jwks", get(discovery::keys))
        .route("/tenants/{tenant}/oauth2/auth", get(authorize::ask).post(authorize::ask_by_form))
        .route("/tenants/{tenant}/oauth2/auth/sign-in", post(authorize::sign_in))
        .route("/tenants/{tenant}/oauth2/token", post(token::token))
        .route("/tenants/{tenant}/oauth2/userinfo", get(discovery::person).post(discovery::person))
        .route("/tenants/{tenant}/oauth2/logout", get(leave::leave).post(leave::leave_by_form))
}
