//! A faithful Canto on loopback: the sign-in, the tenant's interface and its binaries, and the storage that takes
//! uploads, all on one port under different paths.
//!
//! | face | below the base URL |
//! |---|---|
//! | sign-in (`oauth.canto.com`) | `/oauth/api/oauth2/` |
//! | tenant | `/api/v1/`, `/api_binary/v1/`, `/direct/`, `/share/` |
//! | storage and delivery (S3, signed addresses, media delivery) | `/s3/`, `/cdn/`, `/mdc/` |
//!
//! Handlers that rest on what no document says are marked `Inferred`. Previews are pictures of the right form in one
//! colour: nothing here reads what is in a file. Everything is gone when the server stops.

mod asset;
mod asset_json;
mod batch;
mod binary;
mod blob;
mod container;
mod detail;
mod direct;
mod edit;
mod file_answer;
mod filter;
mod form;
mod library;
mod limits;
mod moment;
mod oauth;
mod options;
mod people;
mod picture;
mod refused;
mod rendition;
mod sandbox;
mod search;
mod seed;
mod session;
mod share;
mod signed;
mod signer;
mod tenant;
mod tree;
mod upload;
mod webhook;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::web::{Control, Front, Routed, Server};
use library::Library;
use refused::{CantoManners, Refused};
use tenant::{Shared, Tenant};

pub use options::{
    DEMO_ADMINISTRATOR, DEMO_APP_ID, DEMO_APP_SECRET, DEMO_CONSUMER, DEMO_CONTRIBUTOR, NoResults, Options, Person,
    Region, Role, TokenNames,
};

/// Bytes of a request that is not an upload.
const MAX_BODY: usize = 16 * 1024 * 1024;

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
    /// The folder for large uploads cannot be made.
    #[error("cannot make the folder for uploads: {0}")]
    Folder(#[source] std::io::Error),
    /// The options contradict each other.
    #[error("{0}")]
    Options(String),
}

/// A running server; it stops when it is dropped.
pub struct CantoStandin {
    address: SocketAddr,
    tenant: Shared,
    server: Server,
}

impl std::fmt::Debug for CantoStandin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CantoStandin").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

impl CantoStandin {
    /// Starts a server on the current runtime; it answers when this returns.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        check(&options)?;
        if let Some(dir) = &options.dir {
            fs_err::create_dir_all(dir).map_err(StartError::Folder)?;
        }
        let listening = Server::listen(options.port).await;
        let (listener, address) = listening.map_err(|source| StartError::Listen { port: options.port, source })?;
        let (clock, control) = (Arc::new(Clock::default()), Control::default());
        let mut library = Library { people: options.people.clone(), ..Library::default() };
        if options.seed {
            seed::fill(&mut library, &options, clock.now());
        }
        if !options.approval {
            library.approve_all();
        }
        let tenant = Tenant::new(format!("http://{address}"), options, library, control.clone(), clock);
        let tenant = Arc::new(tenant);
        let system = Routed::new(routes(Arc::clone(&tenant)), CantoManners, control.clone());
        let server = Server::start(listener, Front { system, faults: control.faults().clone() });
        Ok(Self { address, tenant, server })
    }

    /// The tenant's URL, without a trailing slash; all other addresses lie below it.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where a browser goes for an authorization.
    pub fn oauth_url(&self) -> String {
        format!("{}/oauth/api/oauth2/authorize", self.base_url())
    }

    /// Where codes and credentials become tokens.
    pub fn oauth_token_url(&self) -> String {
        format!("{}/oauth/api/oauth2/token", self.base_url())
    }

    /// The App ID of the API key.
    pub fn app_id(&self) -> &str {
        &self.tenant.options.app_id
    }

    /// The App Secret of the API key.
    pub fn app_secret(&self) -> &str {
        &self.tenant.options.app_secret
    }

    /// Who was there at the start.
    pub fn people(&self) -> &[Person] {
        &self.tenant.options.people
    }

    /// Faults to inject, and the journal of requests.
    pub fn faults(&self) -> &Faults {
        self.tenant.control.faults()
    }

    /// Switches the extensions: what the documented interface cannot report.
    pub fn extend(&self, on: bool) {
        self.tenant.control.extend(on);
    }

    /// Moves the clock forward: tokens, forms, links and approvals run out, uploads get done.
    pub fn advance_clock(&self, by: Duration) {
        self.tenant.clock.advance(by);
    }

    /// Sets the clock back: what changes next has an earlier time than what is seen already.
    pub fn set_back_clock(&self, by: Duration) {
        self.tenant.clock.set_back(by);
    }

    /// An access token as an administrator makes one by hand; `None` acts for the application itself.
    pub fn issue_token(&self, user: Option<&str>) -> String {
        let grant = session::Rights { user: user.map(str::to_owned), scope: Role::Administrator };
        self.tenant.access.issue("", grant, self.tenant.options.access_lifetime)
    }

    /// Stops: lets requests under way end for a moment, then closes all connections.
    pub async fn stop(mut self) {
        self.server.stop().await;
    }
}

fn check(options: &Options) -> Result<(), StartError> {
    let refuse = |text: &str| Err(StartError::Options(text.to_owned()));
    if !options.people.iter().any(|person| person.role == Role::Administrator) {
        return refuse("the tenant needs an administrator");
    }
    if !options.tenant.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        || options.tenant.is_empty()
    {
        return refuse("the tenant's name is made of letters, digits and hyphens");
    }
    let signed_in = options.signed_in.as_deref();
    if signed_in.is_some_and(|user| !options.people.iter().any(|person| person.email == user)) {
        return refuse("who is signed in is not among the people");
    }
    Ok(())
}

fn routes(tenant: Shared) -> Router {
    Router::new()
        .merge(oauth::routes())
        .merge(people::routes())
        .merge(search::routes())
        .merge(tree::routes())
        .merge(detail::routes())
        .merge(batch::routes())
        .merge(upload::routes())
        .merge(share::routes())
        .merge(binary::routes())
        .merge(signed::routes())
        .merge(direct::routes())
        .merge(sandbox::routes())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .merge(form::routes())
        .fallback(async || Refused::not_found("Not found."))
        .method_not_allowed_fallback(async || Refused::other_method())
        .with_state(tenant)
}
