//! What all handlers share: the tenants, the tokens and the clock; and who is asking.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::content::Store;
use super::engine::Engine;
use super::errors::{Answer, Refused, expired};
use super::metadata::Cabinet;
use super::openid::{Code, Session, Signer};
use super::parameters::Parameters;
use super::people::{Directory, Naming};
use crate::clock::{Clock, Millis};
use crate::web::{Control, Tokens};

/// What may be changed while it runs.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// How far the history lags behind.
    pub(super) history_lag_ms: Millis,
    /// Whether refusals are worded as the gateway's.
    pub(super) gateway_faults: bool,
    /// Whether only the person who has a task may complete it.
    pub(super) only_the_assignee_completes: bool,
}

/// A program that asks for tokens.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) id: String,
    /// A program without one is public and proves itself with PKCE.
    pub(super) secret: Option<String>,
    /// The account under which it acts by itself.
    pub(super) account: String,
}

/// One customer of the platform, apart from all others.
pub(super) struct Tenant {
    pub(super) id: String,
    pub(super) directory: Directory,
    pub(super) engine: Mutex<Engine>,
    pub(super) cabinet: Mutex<Cabinet>,
    pub(super) store: Store,
}

impl Tenant {
    pub(super) fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn cabinet(&self) -> MutexGuard<'_, Cabinet> {
        self.cabinet.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything.
pub(super) struct Shared {
    pub(super) base: String,
    pub(super) clock: Arc<Clock>,
    pub(super) control: Control,
    pub(super) settings: Mutex<Settings>,
    pub(super) tenants: BTreeMap<String, Arc<Tenant>>,
    pub(super) clients: Vec<Client>,
    pub(super) redirects: Vec<String>,
    pub(super) any_loopback: bool,
    pub(super) password: String,
    pub(super) subscription: String,
    pub(super) signer: Signer,
    pub(super) access_lifetime: Duration,
    pub(super) refresh_lifetime: Duration,
    pub(super) access: Tokens<Session>,
    pub(super) refresh: Tokens<Session>,
    /// Refresh tokens that were used, with what they stood for.
    pub(super) spent: Tokens<Session>,
    pub(super) codes: Tokens<Code>,
}

impl Shared {
    pub(super) fn settings(&self) -> Settings {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A tenant by the id in an address.
    pub(super) fn tenant(&self, id: &str) -> Answer<Arc<Tenant>> {
        self.tenants.get(id).cloned().ok_or_else(|| Refused::missing("a tenant", id))
    }
}

/// The state of the routes.
pub(super) type State = axum::extract::State<Arc<Shared>>;

/// Who asks, as the token says.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) shared: Arc<Shared>,
    pub(super) tenant: Arc<Tenant>,
    pub(super) session: Session,
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl FromRequestParts<Arc<Shared>> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Refused> {
        let invalid = || Refused::unauthorized("Invalid access token", "oauth.v2.InvalidAccessToken");
        let token = bearer(parts).ok_or_else(invalid)?;
        let Some(grant) = shared.access.check(token) else {
            // A token that is ours and over is told apart from one that never was.
            let is_ours = shared.signer.claims(token).is_some();
            return Err(if is_ours { expired() } else { invalid() });
        };
        let tenant = shared.tenants.get(&grant.to.tenant).cloned().ok_or_else(invalid)?;
        Ok(Self { shared: Arc::clone(shared), tenant, session: grant.to })
    }
}

impl Caller {
    /// The address under which the caller acts.
    pub(super) fn who(&self) -> &str {
        &self.session.user
    }

    /// Reads the engine at this moment.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Engine) -> Answer<T>) -> Answer<T> {
        let lag = self.shared.settings().history_lag_ms;
        let mut engine = self.tenant.engine();
        engine.begin(self.shared.clock.now(), lag);
        look(&engine)
    }

    /// Changes the engine: whole, or not at all.
    pub(super) fn write<T>(&self, change: impl FnOnce(&mut Engine) -> Answer<T>) -> Answer<T> {
        let lag = self.shared.settings().history_lag_ms;
        let mut engine = self.tenant.engine();
        engine.begin(self.shared.clock.now(), lag);
        let done = change(&mut engine);
        match &done {
            Ok(_) => engine.commit(lag),
            Err(_) => engine.roll_back(),
        }
        done
    }

    /// How people are told in the answer to these parameters.
    pub(super) fn naming(&self, parameters: &Parameters) -> Answer<Naming<'_>> {
        let user_ids = parameters.is_set("includeUserIds")?;
        let group_ids = parameters.is_set("includeGroupIds")?;
        Ok(Naming { directory: &self.tenant.directory, user_ids, group_ids })
    }

    /// How people are told in the answer to a body.
    pub(super) fn naming_of(&self, body: &serde_json::Value) -> Naming<'_> {
        let is_set = |name: &str| body.get(name).and_then(serde_json::Value::as_bool).unwrap_or(false);
        let (user_ids, group_ids) = (is_set("includeUserIds"), is_set("includeGroupIds"));
        Naming { directory: &self.tenant.directory, user_ids, group_ids }
    }

    /// The address of a place of the workflow service.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.shared.base)
    }
}
