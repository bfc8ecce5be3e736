//! The other side of the generic adapter on loopback: a system that takes events and files, offers a feed, and has the two
//! kinds of sinks that speak HTTP.
//!
//! | below the base URL | what it is |
//! |---|---|
//! | `/events` | takes `CloudEvents` 1.0 (structured, batch, binary), signed by Standard Webhooks |
//! | `/files/…` | takes files by PUT or multipart, with `Content-Digest`; gives them back |
//! | `/feed` | a paged JSON feed with a cursor |
//! | `/services/collector/…` | an HTTP event collector with acknowledgement |
//! | `/_bulk`, `/{index}/_bulk`, `/{index}/_doc/{id}` | a search catalogue |
//! | `/oauth2/token` | client credentials |
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

pub use state::TakenEvent;

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
        let router = router(&state).layer(DefaultBodyLimit::disable());
        let faults = control.faults().clone();
        let system = Routed::new(router, ProblemManners, control.clone());
        let server = Server::start(listener, Front { system, faults });
        Ok(Self { address, options, state, control, server })
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
        self.server.stop().await;
    }
}

fn router(state: &Arc<State>) -> Router {
    let open = || events::routes().merge(files::routes()).merge(feed::routes());
    let mut router = open().merge(collector::routes()).merge(catalogue::routes()).merge(doors::token_route());
    for door in doors::Door::ALL {
        let guarded = open().layer(axum::middleware::from_fn_with_state((Arc::clone(state), door), doors::guard));
        router = router.nest(door.path(), guarded);
    }
    router.fallback(refused::no_such_address).with_state(Arc::clone(state))
}
