//! Who asks: tickets of the content server, tickets and tokens of the directory service, and the calls that give them.

use std::sync::Arc;
use std::time::Duration;

use http::header::HeaderName;
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Refused};
use super::call::Call;
use super::world::{ADMIN, Member, World};
use crate::clock::{Clock, Millis};
use crate::web::{Grant, Tokens, credentials};

pub(super) const TICKET: HeaderName = HeaderName::from_static("otcsticket");

/// After this a new ticket comes with an answer; the old one stays good until its own end.
const RENEWED_AFTER: Millis = 60_000;

/// What a ticket stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) member: i64,
    pub(super) number: u64,
}

/// What a token of the directory service stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) member: i64,
    pub(super) client: String,
    pub(super) scope: String,
}

/// A code on its way through a browser.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) access: Access,
    pub(super) redirect: String,
    pub(super) challenge: Option<(String, String)>,
}

/// A client that the directory service knows. One without a secret is public and must prove its codes (PKCE).
#[derive(Clone)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: Option<String>,
}

/// All tickets and tokens.
pub(super) struct SignIn {
    pub(super) tickets: Tokens<Session>,
    pub(super) directory_tickets: Tokens<i64>,
    pub(super) access: Tokens<Access>,
    pub(super) refresh: Tokens<Access>,
    pub(super) codes: Tokens<Code>,
    pub(super) clients: Vec<Client>,
    pub(super) lifetime: Duration,
    pub(super) access_lifetime: Duration,
    sessions: std::sync::atomic::AtomicU64,
    clock: Arc<Clock>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignIn").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

impl SignIn {
    pub(super) fn new(clock: &Arc<Clock>, clients: Vec<Client>, lifetime: Duration, access_lifetime: Duration) -> Self {
        Self {
            tickets: Tokens::new(Arc::clone(clock)),
            directory_tickets: Tokens::new(Arc::clone(clock)),
            access: Tokens::new(Arc::clone(clock)),
            refresh: Tokens::new(Arc::clone(clock)),
            codes: Tokens::new(Arc::clone(clock)),
            clients,
            lifetime,
            access_lifetime,
            sessions: std::sync::atomic::AtomicU64::new(1),
            clock: Arc::clone(clock),
        }
    }

    fn begin(&self, member: i64) -> String {
        let number = self.sessions.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.tickets.issue("", Session { member, number }, self.lifetime)
    }

    /// Who asks, and the ticket that goes back with the answer.
    pub(super) fn identify(&self, call: &Call) -> Result<(i64, String), Refused> {
        if let Some(ticket) = call.header("otcsticket") {
            return self.by_ticket(ticket);
        }
        if let Some(ticket) = call.header("otdsticket") {
            let grant = self.directory_tickets.check(ticket).ok_or_else(Refused::no_ticket)?;
            return Ok((grant.to, self.begin(grant.to)));
        }
        if let Some(token) = credentials(&call.headers, "Bearer") {
            let grant = self.access.check(token).ok_or_else(Refused::no_ticket)?;
            return Ok((grant.to.member, self.begin(grant.to.member)));
        }
        match call.cookie("otcsticket").or_else(|| call.cookie("LLCookie")) {
            Some(ticket) => self.by_ticket(&ticket),
            None => Err(Refused::no_ticket()),
        }
    }

    fn by_ticket(&self, ticket: &str) -> Result<(i64, String), Refused> {
        let grant: Grant<Session> = self.tickets.check(ticket).ok_or_else(Refused::no_ticket)?;
        let lifetime = Millis::try_from(self.lifetime.as_millis()).unwrap_or(Millis::MAX);
        let is_old = grant.ends - self.clock.now() < lifetime.saturating_sub(RENEWED_AFTER);
        let ticket = if is_old { self.tickets.issue("", grant.to, self.lifetime) } else { ticket.to_owned() };
        Ok((grant.to.member, ticket))
    }
}

/// The member with this name and password; names are compared without case, a partition behind `@` is let pass.
pub(super) fn member_of<'a>(world: &'a World, name: &str, password: &str) -> Option<&'a Member> {
    let bare = name.split('@').next().unwrap_or(name);
    let found = world.members.values().find(|member| !member.is_group && member.name.eq_ignore_ascii_case(bare))?;
    (found.password == password).then_some(found)
}

/// The calls that need no ticket.
pub(super) fn open_route(world: &World, sign_in: &SignIn, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        // Inferred: what a ping says; clients need it not to be empty.
        ("GET", ["v1", "ping"]) => Ok(Answer::json(
            json!({ "rest_api": [{ "build": 3, "href": "api/v1", "version": 1 }, { "build": 3, "href": "api/v2", "version": 2 }] }),
        )),
        ("POST", ["v1" | "v2", "auth"]) => log_in(world, sign_in, call),
        ("GET", ["v1", "serverinfo"]) if sign_in.identify(call).is_err() => Ok(Answer::json(server_info(world))),
        _ => return None,
    };
    Some(outcome)
}

fn log_in(world: &World, sign_in: &SignIn, call: &Call) -> Outcome {
    let Some(name) = call.filled("username") else {
        return Err(Refused::new(500, "Argument username is required"));
    };
    let password = call.text("password").unwrap_or_default();
    let member = member_of(world, &name, &password);
    let member = member.ok_or_else(|| Refused::new(401, "Invalid username/password specified."))?;
    Ok(Answer::json(json!({ "ticket": sign_in.begin(member.id) })))
}

/// The calls about one's own session.
pub(super) fn route(world: &World, sign_in: &SignIn, call: &Call, ticket: &str) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v1" | "v2", "auth"]) => Ok(Answer::json(me(world, call.who))),
        ("DELETE", ["v1" | "v2", "auth"]) => {
            if let Some(grant) = sign_in.tickets.check(ticket) {
                sign_in.tickets.revoke(|session| session.number == grant.to.number);
            }
            Ok(Answer::json(json!({ "links": {}, "results": {} })))
        }
        ("GET", ["v1", "serverinfo"]) => Ok(Answer::json(server_info(world))),
        _ => return None,
    };
    Some(outcome)
}

fn me(world: &World, who: i64) -> Value {
    let data = world.members.get(&who).map_or(Value::Null, super::members::properties);
    // Inferred: the inside of the perspective, which only the vendor's own pages read.
    json!({ "data": data, "perspective": { "type": "landing", "options": {} } })
}

fn server_info(world: &World) -> Value {
    let session = u64::try_from(world.habits.session.as_millis()).unwrap_or(u64::MAX);
    json!({
        "mobile": { "cluster_id": "", "version": "25.4.0" },
        "server": {
            "advanced_versioning": 0,
            "cache_expiration": 0,
            "character_encoding": 1,
            "enabled_modules": ["restapi", "recman", "otsapxecm", "workflow", "category", "classification"],
            "language_code": "en",
            "languages": [{ "description": "English (United States)", "display_name": "English", "language_code": "en_US" }],
            "metadata_languages": [
                { "default": true, "display_name": "English", "language_code": "en", "language_name": "English" },
                { "default": false, "display_name": "German", "language_code": "de", "language_name": "German" },
            ],
            "url": "",
            "version": "25.4",
        },
        "sessions": {
            "enabled": true,
            "expire_after_last_login": false,
            "expire_after_last_request": true,
            "logout_url": "?func=ll.DoLogout",
            "session_inactivity": session,
            "session_reaction_time": 60_000,
            "session_timeout": session,
        },
        "viewer": { "content_suite": { "enabled": false } },
    })
}

/// The administrator's id, for clients that act in their own name.
pub(super) const fn service_member() -> i64 {
    ADMIN
}
