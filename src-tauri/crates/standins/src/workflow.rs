//! A stand-in for OpenText Workflow Service on loopback: processes that run, tasks, history, external jobs, the services for
//! content and metadata beside them, and an `OpenID` provider for each tenant.
//!
//! It runs the part of BPMN that the vendor's own models use: start (also by message), tasks for people, exclusive, inclusive and
//! parallel gateways, receive tasks, external workers, mails (kept, not sent), call activities, timers, ends. Models
//! with anything else are refused at their deployment; no scripts, listeners or calls of other servers run.
//!
//! | call | does |
//! |---|---|
//! | `GET /sandbox/settings`, `PUT /sandbox/settings` | reads and changes `history_lag_ms`, `gateway_faults`, `only_the_assignee_completes` |
//! | `POST /sandbox/clock` | `{"advance_ms": 60000}` moves the time of day forward |
//! | `GET /sandbox/outbox` | the mails of a tenant's processes; only with the extensions on |

mod content;
mod engine;
mod errors;
mod expression;
mod history;
mod metadata;
mod model;
mod moment;
mod narrow;
mod openid;
mod parameters;
mod people;
mod rest;
mod routes;
mod seeds;
mod shared;
mod show;
mod variable;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::web::{Control, Front, Routed, Server, Tokens};
use openid::Signer;
use people::Directory;
use routes::Manner;
use shared::{Client, Settings, Shared, Tenant};

pub use people::{Person, demo_people};

/// The demo's tenant.
pub const DEMO_TENANT: &str = "5f0c6c1e-8d1b-4b57-9a55-2f6f0a5b7e10";
/// The demo's program with a secret.
pub const DEMO_CLIENT_ID: &str = "waybill-service";
/// Its secret; it opens nothing but this server.
pub const DEMO_CLIENT_SECRET: &str = "waybill-demo-secret-opens-nothing-but-it";
/// The demo's program without a secret.
pub const DEMO_PUBLIC_CLIENT_ID: &str = "waybill-desk";
/// The password of everybody, for the password grant.
pub const DEMO_PASSWORD: &str = "tarnwick-demo";

/// How to start the server.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Options {
    /// Port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// Tenants, each with its own models, processes and files; the same people are in all of them.
    pub tenants: Vec<String>,
    /// The program with a secret.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The program without a secret, for people who sign in.
    pub public_client_id: String,
    /// Addresses to which a sign-in may lead back.
    pub redirect_uris: Vec<String>,
    /// Whether a sign-in may also lead to any port of this machine.
    pub any_loopback_redirect: bool,
    /// Who there is.
    pub people: Vec<Person>,
    /// The password of everybody.
    pub password: String,
    /// The subscription that the tokens name.
    pub subscription: String,
    /// How long an access token lives.
    pub access_token_lifetime: Duration,
    /// How long a refresh token lives that is not used.
    pub refresh_token_lifetime: Duration,
    /// How far the history lags behind what was done.
    pub history_lag: Duration,
    /// Whether refusals are worded as the gateway's instead of the service's.
    pub gateway_faults: bool,
    /// Whether only the person who has a task may complete it.
    pub only_the_assignee_completes: bool,
    /// Whether there are models.
    pub with_models: bool,
    /// Whether there is work with the models already.
    pub with_story: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            tenants: vec![DEMO_TENANT.to_owned()],
            client_id: DEMO_CLIENT_ID.to_owned(),
            client_secret: DEMO_CLIENT_SECRET.to_owned(),
            public_client_id: DEMO_PUBLIC_CLIENT_ID.to_owned(),
            redirect_uris: vec!["https://localhost:3000".to_owned(), "https://localhost:4000".to_owned()],
            any_loopback_redirect: true,
            people: demo_people(),
            password: DEMO_PASSWORD.to_owned(),
            subscription: "tarnwick-desk".to_owned(),
            access_token_lifetime: Duration::from_hours(1),
            refresh_token_lifetime: Duration::from_hours(24),
            history_lag: Duration::ZERO,
            gateway_faults: false,
            only_the_assignee_completes: false,
            with_models: true,
            with_story: true,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("tenants", &self.tenants)
            .field("client_id", &self.client_id)
            .field("public_client_id", &self.public_client_id)
            .field("history_lag", &self.history_lag)
            .field("gateway_faults", &self.gateway_faults)
            .finish_non_exhaustive()
    }
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or loopback is not there.
    #[error("cannot listen on 127.0.0.1 port {port}: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The key that signs tokens cannot be made.
    #[error("cannot make a key that signs tokens: {0}")]
    Key(String),
    /// What the server begins with cannot be made.
    #[error("cannot make the first models and processes: {0}")]
    Seed(String),
}

/// A running server; it stops when it is dropped.
pub struct WorkflowStandin {
    address: SocketAddr,
    shared: Arc<Shared>,
    tenant: String,
    public_client_id: String,
    server: Server,
}

impl std::fmt::Debug for WorkflowStandin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WorkflowStandin").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn tenants(options: &Options, clients: &[Client], now: i64) -> Result<BTreeMap<String, Arc<Tenant>>, StartError> {
    let services = clients.iter().filter(|client| client.secret.is_some());
    let services: Vec<_> = services.map(|client| Person::new(&client.account, &client.id, &[])).collect();
    let mut tenants = BTreeMap::new();
    for id in &options.tenants {
        let tenant = Tenant {
            id: id.clone(),
            directory: Directory::new(&options.people, &services),
            engine: Mutex::default(),
            cabinet: Mutex::default(),
            store: content::Store::default(),
        };
        if options.with_models {
            let filled = seeds::fill(&tenant, now, options.with_story);
            filled.map_err(|refused| StartError::Seed(refused.reason))?;
        }
        tenants.insert(id.clone(), Arc::new(tenant));
    }
    Ok(tenants)
}

impl WorkflowStandin {
    /// Starts a server on the current runtime; it answers when this returns.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listening = Server::listen(options.port).await;
        let (listener, address) = listening.map_err(|source| StartError::Listen { port: options.port, source })?;
        let signer = tokio::task::spawn_blocking(Signer::generate).await;
        let signer = signer.map_err(|error| StartError::Key(error.to_string()))?.map_err(StartError::Key)?;
        let (clock, control) = (Arc::new(Clock::default()), Control::default());
        let account = |id: &str| format!("{id}@services.tarnwick.example");
        let client = |id: &str, secret: Option<&str>| Client {
            id: id.to_owned(),
            secret: secret.map(str::to_owned),
            account: account(id),
        };
        let clients =
            vec![client(&options.client_id, Some(&options.client_secret)), client(&options.public_client_id, None)];
        let tenants = tenants(&options, &clients, clock.now())?;
        let settings = Settings {
            history_lag_ms: milliseconds(options.history_lag),
            gateway_faults: options.gateway_faults,
            only_the_assignee_completes: options.only_the_assignee_completes,
        };
        let tenant = options.tenants.first().cloned().unwrap_or_default();
        let public_client_id = options.public_client_id;
        let shared = Arc::new(Shared {
            base: format!("http://{address}"),
            control: control.clone(),
            settings: Mutex::new(settings),
            tenants,
            clients,
            redirects: options.redirect_uris,
            any_loopback: options.any_loopback_redirect,
            password: options.password,
            subscription: options.subscription,
            signer,
            access_lifetime: options.access_token_lifetime,
            refresh_lifetime: options.refresh_token_lifetime,
            access: Tokens::new(Arc::clone(&clock)),
            refresh: Tokens::new(Arc::clone(&clock)),
            spent: Tokens::new(Arc::clone(&clock)),
            codes: Tokens::new(Arc::clone(&clock)),
            clock,
        });
        let system = Routed::new(routes::all(Arc::clone(&shared)), Manner(Arc::clone(&shared)), control.clone());
        let server = Server::start(listener, Front { system, faults: control.faults().clone() });
        Ok(Self { address, shared, tenant, public_client_id, server })
    }

    /// The URL of the platform, without a trailing slash; all services are below it.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The first tenant's id.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The issuer of the first tenant, below which discovery answers.
    pub fn issuer(&self) -> String {
        self.shared.issuer(&self.tenant)
    }

    /// The program with a secret.
    pub fn client_id(&self) -> &str {
        self.shared.clients.first().map(|client| client.id.as_str()).unwrap_or_default()
    }

    /// Its secret.
    pub fn client_secret(&self) -> &str {
        self.shared.clients.first().and_then(|client| client.secret.as_deref()).unwrap_or_default()
    }

    /// The program without a secret.
    pub fn public_client_id(&self) -> &str {
        &self.public_client_id
    }

    /// Faults to inject, and the journal of requests.
    pub fn faults(&self) -> &Faults {
        self.shared.control.faults()
    }

    /// Moves the time of day forward: tokens end, timers fire, tasks become overdue, the history catches up.
    pub fn advance_clock(&self, by: Duration) {
        self.shared.clock.advance(by);
    }

    /// Answers what the documented interface cannot report, below `/sandbox/`.
    pub fn extend(&self, on: bool) {
        self.shared.control.extend(on);
    }

    /// How far the history lags behind from now on.
    pub fn set_history_lag(&self, lag: Duration) {
        self.shared.change_settings(|settings| settings.history_lag_ms = milliseconds(lag));
    }

    /// Whether refusals are worded as the gateway's.
    pub fn set_gateway_faults(&self, on: bool) {
        self.shared.change_settings(|settings| settings.gateway_faults = on);
    }

    /// Stops: lets requests under way end for a moment, then closes all connections.
    pub async fn stop(mut self) {
        self.server.stop().await;
    }
}
