//! The other side of the generic adapter on loopback: a system that takes events and files, offers a feed, and has the two
//! kinds of sinks that speak HTTP.
//!
//! | below the base URL | what it is |
//! |---|---|
//! | `/events` | takes `CloudEvents` 1.0 (structured, batch, binary), signed by Standard Webhooks |
//! | `/files/…` | takes files by PUT or multipart, with `Content-Digest`; gives them back |
//! | `/feed` | a paged JSON feed with a cursor |
//! | `/services/collector/…` | an HTTP event collector with acknowledgement |
//! | `/_bulk`, `/_search`, `/{index}`, `/{index}/_doc/{id}`, … | a search catalogue; what has an address above is no name of an index |
//! | `/oauth2/token` | client credentials |
//! | `/syslog` | what the log server of [`XconnectorStandin::syslog_address`] took: RFC 5424 over TLS with the framing of RFC 5425 |
//!
//! Each of the first three also stands below `/basic`, `/bearer`, `/header` and `/oauth`, where that sign-in is asked for.
//! Everything is gone when the server stops.

mod catalogue;
mod collector;
mod doors;
mod events;
mod feed;
mod files;
mod refused;
mod state;
mod syslog;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::web::{Control, Front, Routed, Server};
use refused::ProblemManners;
use state::State;

pub use state::{LoggedMessage, TakenEvent};
pub use syslog::LogTls;

/// The only signing secret of the demo; it proves nothing but to this server.
pub const DEMO_SIGNING_SECRET: &str = "whsec_d2F5YmlsbC1kZW1vLXByb3Zlcy1ub3RoaW5nLWVsc2U=";

/// How to start the server.
#[derive(Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// What signatures are made with, the one in use first; two during a rotation. `whsec_` and base64.
    pub signing_secrets: Vec<String>,
    /// User and password of `/basic`.
    pub basic: (String, String),
    /// Token of `/bearer`, of the event collector too.
    pub token: String,
    /// Name and value of the header of `/header`.
    pub header: (String, String),
    /// Client and its secret at `/oauth2/token`.
    pub client: (String, String),
    /// Bytes of an event that is taken.
    pub event_bytes: usize,
    /// Whether an answer to a file tells the SHA-256 of what was stored.
    pub tells_digest: bool,
    /// The authority, in PEM, by which the log server judges the certificates that its senders have to show; none is asked for
    /// where it is `None`.
    pub log_senders: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            signing_secrets: vec![DEMO_SIGNING_SECRET.to_owned()],
            basic: ("waybill".to_owned(), "sandbox".to_owned()),
            token: "waybill-demo-token-opens-nothing-but-it".to_owned(),
            header: ("x-api-key".to_owned(), "waybill-demo-key-opens-nothing-but-it".to_owned()),
            client: ("waybill".to_owned(), "waybill-demo-client-opens-nothing-but-it".to_owned()),
            event_bytes: 1024 * 1024,
            tells_digest: true,
            log_senders: None,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("port", &self.port)
            .field("event_bytes", &self.event_bytes)
            .finish_non_exhaustive()
    }
}

/// A running server; it stops when it is dropped.
pub struct XconnectorStandin {
    address: SocketAddr,
    options: Options,
    state: Arc<State>,
    control: Control,
    server: Server,
    log: syslog::LogServer,
}

impl std::fmt::Debug for XconnectorStandin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XconnectorStandin").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

impl XconnectorStandin {
    /// Starts a server on the current runtime; it answers when this returns.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let (listener, address) = Server::listen(options.port).await?;
        let control = Control::default();
        let state = Arc::new(State::new(options.clone(), format!("http://{address}"), Arc::new(Clock::default()))?);
        let log = syslog::LogServer::start(Arc::clone(&state), control.faults().clone()).await?;
        let router = router(&state).layer(DefaultBodyLimit::disable());
        let faults = control.faults().clone();
        let system = Routed::new(router, ProblemManners, control.clone());
        let server = Server::start(listener, Front { system, faults });
        Ok(Self { address, options, state, control, server, log })
    }

    /// The URL that clients are given, without a trailing slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was started with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The events that were taken, in their order, each once.
    pub fn events(&self) -> Vec<TakenEvent> {
        self.state.events()
    }

    /// Where the log server listens.
    pub fn syslog_address(&self) -> SocketAddr {
        self.log.address()
    }

    /// The log server's own certificate, which nobody issued but itself.
    pub fn syslog_tls(&self) -> &LogTls {
        self.log.tls()
    }

    /// The messages that the log server took, in their order, twins included.
    pub fn logged(&self) -> Vec<LoggedMessage> {
        self.state.logged()
    }

    /// The events that the collector took, in their order, twins included.
    pub fn collected(&self) -> Vec<serde_json::Value> {
        self.state.collected()
    }

    /// Every file with its bytes, the three of the feed included.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.state.file_bytes().into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect()
    }

    /// Puts a file there, as somebody else would.
    pub fn put_file(&self, name: &str, bytes: &[u8]) {
        let bytes = bytes::Bytes::copy_from_slice(bytes);
        drop(self.state.put_file(name, "application/octet-stream", bytes, std::collections::BTreeMap::new(), false));
    }

    /// Removes a file, as somebody else would.
    pub fn remove_file(&self, name: &str) {
        self.state.remove_file(name);
    }

    /// A document of the search catalogue.
    pub fn document(&self, index: &str, id: &str) -> Option<serde_json::Value> {
        let key = (index.to_owned(), id.to_owned());
        self.state.documents().get(&key).map(|document| document.source.clone())
    }

    /// Adds an item to the end of the feed.
    pub fn feed(&self, item: serde_json::Value) {
        self.state.add_to_feed(item);
    }

    /// Makes the feed answer its first page for ever, or no more.
    pub fn repeat_feed(&self, on: bool) {
        self.state.repeat_feed(on);
    }

    /// Faults to inject, and the journal of requests.
    pub fn faults(&self) -> &Faults {
        self.control.faults()
    }

    /// Moves the server's time of day forward, for signatures and tokens.
    pub fn advance_clock(&self, by: Duration) {
        self.state.clock.advance(by);
    }

    /// Stops: lets requests under way end for a moment, then closes all connections.
    pub async fn stop(mut self) {
        self.log.stop().await;
        self.server.stop().await;
    }
}

fn router(state: &Arc<State>) -> Router {
    let open = || events::routes().merge(files::routes()).merge(feed::routes());
    let mut router =
        open().merge(collector::routes()).merge(catalogue::routes()).merge(doors::token_route()).merge(syslog::route());
    for door in doors::Door::ALL {
        let guarded = open().layer(axum::middleware::from_fn_with_state((Arc::clone(state), door), doors::guard));
        router = router.nest(door.path(), guarded);
    }
    router
        .fallback(refused::no_such_address)
        .method_not_allowed_fallback(refused::no_such_method)
        .with_state(Arc::clone(state))
}
