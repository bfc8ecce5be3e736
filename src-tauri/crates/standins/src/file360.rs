//! A faithful file-sharing appliance on loopback: the documented REST interface over a store in memory.
//!
//! It speaks plain HTTP under `/rest` with Basic authentication on every request, and serves public links under
//! `/ssf`. It has roots, folders, files with versions, shares of every kind, comments, tags, search and the feed of
//! changes; it has no web pages, no `WebDAV` and no OAuth, since nobody documents that. What the interface cannot
//! report is answered under `/sandbox/`, once the extensions are on.

mod access;
mod admin;
mod answer;
mod call;
mod changes;
mod comments;
mod content;
mod dates;
mod entries;
mod files;
mod folders;
mod host;
mod listing;
mod people;
mod probe;
mod problem;
mod public_link;
mod record;
mod roots;
mod routes;
mod sandbox;
mod search;
mod seed;
mod settings;
mod shapes;
mod share_lists;
mod share_record;
mod share_writes;
mod spool;
mod tags;
mod uploads;
mod versions;
mod world;
mod zone;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::web::{Control, Front, Routed, Server};
use host::{Host, Words};
use settings::{Restrictions, Settings};
use world::World;

/// The administrator.
pub const ADMIN: &str = "admin";
/// Somebody with files, shares and a case.
pub const OPERATOR: &str = "operator";
/// Somebody with little space who was given an editor's rights.
pub const REVIEWER: &str = "reviewer";
/// Somebody who may only look, as a member of a group.
pub const AUDITOR: &str = "auditor";
/// An account that is switched off.
pub const DISABLED: &str = "disabled";
/// Somebody from outside who may add files to the case.
pub const SUPPLIER: &str = "quotes@dichtwerk.example";
/// The password of them all at the start; it opens nothing but this server.
pub const PASSWORD: &str = "file-360-opens-nothing-but-it";

/// How to start the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// The product's name, as the probe and the challenge for a password say it.
    pub product_name: String,
    /// Its version.
    pub product_version: String,
    /// How long a new file is missing from searches.
    pub index_lag: Duration,
    /// The server's own zone in minutes east of UTC: dates are printed in it, and marked as UTC all the same.
    pub date_offset_minutes: i32,
    /// Whether reading a share by its number fails, as it does on real servers.
    pub share_read_bug: bool,
    /// Whether what one may not see is 404 instead of 403.
    pub hidden_as_missing: bool,
    /// Bytes of one upload; `None` is without limit.
    pub file_size_limit: Option<u64>,
    /// How far back changes are answered.
    pub changes_window: Duration,
    /// File transfers that may run at once; one more is answered with 503.
    pub max_transfers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            product_name: "OpenText Filr".to_owned(),
            product_version: "24.2".to_owned(),
            index_lag: Duration::ZERO,
            date_offset_minutes: 0,
            share_read_bug: true,
            hidden_as_missing: false,
            file_size_limit: None,
            changes_window: Duration::from_hours(30 * 24),
            max_transfers: 50,
        }
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
    /// A temporary folder cannot be made.
    #[error("cannot make a temporary folder: {0}")]
    Folder(#[source] std::io::Error),
}

/// A running server; it stops when it is dropped.
pub struct File360Standin {
    address: SocketAddr,
    clock: Arc<Clock>,
    control: Control,
    server: Server,
    _folder: tempfile::TempDir,
}

impl std::fmt::Debug for File360Standin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("File360Standin").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

impl File360Standin {
    /// Starts a server on the current runtime; it answers when this returns.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let folder = tempfile::tempdir().map_err(StartError::Folder)?;
        let listening = Server::listen(options.port).await;
        let (listener, address) = listening.map_err(|source| StartError::Listen { port: options.port, source })?;
        let (clock, control) = (Arc::new(Clock::default()), Control::default());
        let (realm, transfers) = (options.product_name.clone(), options.max_transfers);
        let origin = format!("http://{address}");
        let settings = settings_of(options);
        let mut world = World::new(Arc::clone(&clock), control.clone(), settings, origin, folder.path().to_owned());
        seed::fill(&mut world, PASSWORD);
        let host = Arc::new(Host { world: Mutex::new(world), transfers: Arc::new(Semaphore::new(transfers)) });
        let router = Router::new().fallback(host::serve).layer(DefaultBodyLimit::disable()).with_state(host);
        let system = Routed::new(router, Words { realm }, control.clone());
        let server = Server::start(listener, Front { system, faults: control.faults().clone() });
        Ok(Self { address, clock, control, server, _folder: folder })
    }

    /// The URL that clients are given, without `/rest` and without a trailing slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Faults to inject, and the journal of requests.
    pub fn faults(&self) -> &Faults {
        self.control.faults()
    }

    /// Moves the server's time of day forward, for shares that expire, the index and the feed of changes.
    pub fn advance_clock(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Switches on what the documented interface cannot report, under `/sandbox/`.
    pub fn extend(&self, on: bool) {
        self.control.extend(on);
    }

    /// Stops: lets requests under way end for a moment, then closes all connections.
    pub async fn stop(mut self) {
        self.server.stop().await;
    }
}

fn settings_of(options: Options) -> Settings {
    Settings {
        product_name: options.product_name,
        product_version: options.product_version,
        index_lag: options.index_lag,
        date_offset: options.date_offset_minutes,
        share_read_bug: options.share_read_bug,
        hidden_as_missing: options.hidden_as_missing,
        file_size_limit: options.file_size_limit,
        changes_window: options.changes_window,
        versions_max_age: Some(365),
        personal_storage: true,
        storage_switched: None,
        web_access: true,
        public_shares: true,
        ldap_groups: true,
        restrictions: Restrictions { mode: "none".to_owned(), ..Restrictions::default() },
        permissions: Vec::new(),
        leak_policies: Vec::new(),
    }
}
