//! A content server with records and business workspaces on loopback, and the directory service beside it.
//!
//! It speaks the documented REST interface in its versions 1 and 2: one state, changed by what clients send, with
//! permissions, versions, categories, holds and a recycle bin. There is no SOAP, no administration and no page for
//! people but the one that signs in.

mod actions;
mod answer;
mod attribute_kind;
mod attributes;
mod audit;
mod browse;
mod call;
mod categories;
mod change;
mod classifications;
mod clearances;
mod content;
mod create;
mod directory;
mod download;
mod forms;
mod group_tasks;
mod holds;
mod large_files;
mod members;
mod node;
mod permissions;
mod record;
mod records;
mod regions;
mod rsis;
mod schema;
mod search;
mod seed;
mod serve;
mod sign_in;
mod teams;
mod versions;
mod view;
mod workflow_starts;
mod workflows;
mod workspace_lists;
mod workspaces;
mod world;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::web::{Control, Front, Routed, Server};
use serve::{Shared, Words};
use sign_in::{Client, SignIn};
use world::{Habits, World};

/// What stands there at the start and a client cannot guess, by its id.
pub const SEEDS: [(&str, i64); 5] = [
    ("category", seed::FILING),
    ("classification", seed::CLASS),
    ("rm_classification", seed::RM_CLASS),
    ("template", seed::TEMPLATE),
    ("inbox", seed::INBOX),
];
/// The administrator of the demo.
pub const ADMIN: &str = "Admin";
/// A user of the demo who is no administrator.
pub const CLERK: &str = "clerk";
/// The password of both at the start; it opens nothing but this server.
pub const DEMO_PASSWORD: &str = "sandbox";
/// The OAuth client of a desktop: it has no secret and must prove its codes (PKCE).
pub const PUBLIC_CLIENT: &str = "waybill-desk";
/// The OAuth client of a service.
pub const SERVICE_CLIENT: &str = "waybill-service";
/// The secret of the service's client; it opens nothing but this server.
pub const SERVICE_SECRET: &str = "waybill-demo-service-secret";

/// How to start the server.
#[derive(Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// Where the interface stands before `/api`: begins with a slash and does not end with one.
    pub path: String,
    /// The administrator's password.
    pub admin_password: String,
    /// The password of all other users.
    pub clerk_password: String,
    /// How long a ticket is good.
    pub ticket_lifetime: Duration,
    /// How long an access token is good.
    pub access_token_lifetime: Duration,
    /// How long it takes until a search finds what was made.
    pub index_lag: Duration,
    /// Whether deleted items go to the recycle bin.
    pub recycle_bin: bool,
    /// Whether a node that is gone answers 404 in place of 400, as some installations do.
    pub gone_is_404: bool,
    /// Bytes from which on, and up to which, a file may come in parts.
    pub large_files: std::ops::RangeInclusive<u64>,
    /// Bytes of a part.
    pub part_size: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            path: "/otcs/cs.exe".to_owned(),
            admin_password: DEMO_PASSWORD.to_owned(),
            clerk_password: DEMO_PASSWORD.to_owned(),
            ticket_lifetime: Duration::from_mins(30),
            access_token_lifetime: Duration::from_hours(1),
            index_lag: Duration::from_secs(1),
            recycle_bin: true,
            gone_is_404: false,
            large_files: 104_857_600..=3_638_558_720,
            part_size: 16 * 1024 * 1024,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("path", &self.path)
            .field("ticket_lifetime", &self.ticket_lifetime)
            .field("index_lag", &self.index_lag)
            .field("recycle_bin", &self.recycle_bin)
            .finish_non_exhaustive()
    }
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on 127.0.0.1 port {port}: {source}")]
pub struct StartError {
    /// The port that was asked for.
    pub port: u16,
    /// What the system said.
    pub source: std::io::Error,
}

/// A running server; it stops when it is dropped.
pub struct XecmStandin {
    address: SocketAddr,
    path: String,
    clock: Arc<Clock>,
    control: Control,
    shared: Arc<Shared>,
    server: Server,
}

impl std::fmt::Debug for XecmStandin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("XecmStandin").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

impl XecmStandin {
    /// Starts a server on the current runtime; it answers when this returns.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listening = Server::listen(options.port).await;
        let (listener, address) = listening.map_err(|source| StartError { port: options.port, source })?;
        let clock = Arc::new(Clock::default());
        let habits = Habits {
            index_lag: options.index_lag,
            recycle_bin: options.recycle_bin,
            large_file_min: *options.large_files.start(),
            large_file_max: *options.large_files.end(),
            part_size: options.part_size,
            gone_is_404: options.gone_is_404,
            session: options.ticket_lifetime,
        };
        let mut world = World::new(Arc::clone(&clock), habits);
        seed::plant(&mut world, &options.admin_password, &options.clerk_password);
        let clients = vec![
            Client { id: PUBLIC_CLIENT.to_owned(), secret: None },
            Client { id: SERVICE_CLIENT.to_owned(), secret: Some(SERVICE_SECRET.to_owned()) },
        ];
        let sign_in = SignIn::new(&clock, clients, options.ticket_lifetime, options.access_token_lifetime);
        let control = Control::default();
        let path = options.path;
        let shared = Shared { world: Mutex::new(world), sign_in, prefix: path.clone(), control: control.clone() };
        let shared = Arc::new(shared);
        let system = Routed::new(serve::router(Arc::clone(&shared)), Words, control.clone());
        let server = Server::start(listener, Front { system, faults: control.faults().clone() });
        Ok(Self { address, path, clock, control, shared, server })
    }

    /// The URL that clients are given, as `http://127.0.0.1:1234/otcs/cs.exe`.
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    /// The URL of the directory service, without a trailing slash.
    pub fn directory_url(&self) -> String {
        format!("http://{}/otdsws", self.address)
    }

    /// Faults to inject, and the journal of requests.
    pub fn faults(&self) -> &Faults {
        self.control.faults()
    }

    /// Moves the server's time of day forward, for tickets, tokens, the index and what is due.
    pub fn advance_clock(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Puts up a task for the filing office, with these ways to decide it as label and key, and answers the number of its
    /// workflow. No call of the interface makes a workflow of a shape of its own.
    pub fn put_up_task(&self, name: &str, outcomes: &[(&str, &str)]) -> i64 {
        workflows::put_up(&mut self.shared.world(), name, outcomes, seed::FILERS)
    }

    /// Switches what the documented interface cannot report: `/sandbox/opened` and `/sandbox/held`.
    pub fn extend(&self, on: bool) {
        self.control.extend(on);
    }

    /// Stops: lets requests under way end for a moment, then closes all connections.
    pub async fn stop(mut self) {
        self.server.stop().await;
    }
}
