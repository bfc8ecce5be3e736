//! Who asks: the bearer of a request, and what that lets it do.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath};
use http::header::{AUTHORIZATION, USER_AGENT};
use http::request::Parts;

use super::asset::{APPROVED, Asset};
use super::limits;
use super::options::Role;
use super::refused::{Outcome, Refused};
use super::tenant::Tenant;
use crate::web::Grant;

/// What an access or a refresh token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rights {
    /// The `userId` it acts for; none for the application itself.
    pub(super) user: Option<String>,
    /// It may do no more than this, whatever the user may.
    pub(super) scope: Role,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The `userId`.
    pub(super) user: String,
    pub(super) role: Role,
    pub(super) approves: bool,
    /// Whether assets that are not approved are kept from consumers.
    pub(super) approval: bool,
}

impl Caller {
    /// Consumers see approved assets, others all.
    pub(super) fn sees(&self, asset: &Asset) -> bool {
        !self.approval || self.role > Role::Consumer || asset.status == APPROVED
    }

    /// Refuses consumers.
    pub(super) fn must_contribute(&self) -> Outcome<()> {
        if self.role >= Role::Contributor {
            return Ok(());
        }
        Err(Refused::forbidden("This needs the role of a contributor."))
    }

    /// Refuses all but administrators.
    pub(super) fn must_administrate(&self) -> Outcome<()> {
        if self.role == Role::Administrator {
            return Ok(());
        }
        Err(Refused::forbidden("This needs the role of an administrator."))
    }

    /// Refuses who lacks the privilege to approve.
    pub(super) fn must_approve(&self) -> Outcome<()> {
        if self.approves {
            return Ok(());
        }
        Err(Refused::forbidden("This needs the privilege \"Approve Content\"."))
    }

    /// Whether it may delete what `owner` made.
    // Inferred: a contributor deletes what is their own, an administrator everything.
    pub(super) fn deletes_of(&self, owner: &str) -> bool {
        self.role == Role::Administrator || (self.role == Role::Contributor && self.user.eq_ignore_ascii_case(owner))
    }
}

impl FromRequestParts<Arc<Tenant>> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, tenant: &Arc<Tenant>) -> Outcome<Self> {
        if tenant.options.requires_user_agent && !parts.headers.contains_key(USER_AGENT) {
            return Err(Refused::forbidden("A User-Agent is required."));
        }
        let rights = authenticate(parts, tenant)?;
        let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
        let level = limits::level(&parts.method, route);
        if !tenant.limits.admit(level, &tenant.options.rate_limits, tenant.clock.now()) {
            return Err(Refused::too_many(tenant.options.retry_after));
        }
        tenant.caller(&rights)
    }
}

fn authenticate(parts: &Parts, tenant: &Tenant) -> Outcome<Rights> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
    });
    match bearer {
        Some(token) => {
            let grant: Option<Grant<Rights>> = tenant.access.check(token);
            grant.map(|grant| grant.to).ok_or_else(|| Refused::unauthorized("The access token is invalid or expired."))
        }
        None if tenant.options.hides_from_strangers => Err(Refused::not_found("Not found.")),
        None => Err(Refused::unauthorized("An access token is required.")),
    }
}
