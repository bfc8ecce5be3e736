//! One SSH connection: the road over the jump hosts to the server, signed in. `handshake` is what happens at each of them,
//! `algorithms` what is offered there.

mod algorithms;
mod handshake;

use std::{sync::Arc, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use russh::{
    client::{self, Handle},
    keys::{Algorithm, PublicKey},
};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;
use waybill_proxy::{Stream, Way};

use crate::{
    auth::{Asking, SignIn},
    config::Config,
    errors,
    host_keys::Verdict,
    route::{Endpoint, Route},
};

use algorithms::ssh_config;
pub(crate) use handshake::{Client, SharedFacts};

const CONNECT_PATIENCE: Duration = Duration::from_secs(30);
/// How often a server is asked that hangs up before its first word, and how long is waited at first.
const TURNED_AWAY_TRIES: usize = 4;
const TURNED_AWAY_PAUSE: Duration = Duration::from_millis(150);

/// A signed-in connection to the server, and to the hosts on the way.
pub(crate) struct Transport {
    pub(crate) handle: Handle<Client>,
    pub(crate) facts: SharedFacts,
    pub(crate) place: String,
    /// They carry the connection and are closed after it.
    hops: Vec<Handle<Client>>,
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport").field("place", &self.place).field("hops", &self.hops.len()).finish_non_exhaustive()
    }
}

impl Transport {
    pub(crate) fn is_closed(&self) -> bool {
        self.handle.is_closed() || self.hops.iter().any(Handle::is_closed)
    }

    /// The SSH library's error with the server's own goodbye, where it said one.
    pub(crate) fn error(&self, operation: &'static str, error: russh::Error) -> ConnectorError {
        explained(operation, &self.place, &self.facts, error)
    }

    /// Puts host keys on record that the server announced and proves to hold, so that its next key is no surprise.
    pub(crate) async fn learn_announced(&self, endpoint: &Endpoint) {
        let announced = self.facts.with(|facts| std::mem::take(&mut facts.announced));
        if endpoint.record.is_pinned() || announced.is_empty() {
            return;
        }
        let fresh: Vec<_> = announced
            .into_iter()
            .filter(|key| matches!(endpoint.record.judge(key), Ok(Verdict::Changed { .. })))
            .collect();
        if fresh.is_empty() {
            return;
        }
        let proved = timeout(CONNECT_PATIENCE, self.handle.hostkeys_prove(fresh.clone())).await;
        if !matches!(proved, Ok(Ok(()))) {
            return;
        }
        for key in &fresh {
            if let Err(error) = endpoint.record.learn(key, false) {
                tracing::debug!(%error, "an announced host key could not be put on record");
            }
        }
    }
}

/// Connects to the server over all hosts on the way and signs in.
pub(crate) async fn connect(config: &Config, asking: &Asking) -> Result<(Transport, Endpoint)> {
    let route = Route::resolve(config)?;
    let mut without: Vec<Algorithm> = Vec::new();
    loop {
        let (handle, facts, hops) = match reach(config, asking, &route, &without, false).await {
            // A pin does not say its type: a server with several keys shows the pinned one only when the others are
            // not asked for.
            Err((error, facts)) if error.kind == FailureKind::HostKeyChanged && route.server.record.is_pinned() => {
                let shown = facts.with(|facts| facts.key.as_ref().map(PublicKey::algorithm));
                match shown {
                    Some(shown) if error.fact("host") == Some(&route.server.place()) && !without.contains(&shown) => {
                        if !other_key_is_shown(config, asking, &route, &mut without, shown).await {
                            return Err(error);
                        }
                        continue;
                    }
                    _ => return Err(error),
                }
            }
            Err((error, _)) => return Err(error),
            Ok((Some(handle), facts, hops)) => (handle, facts, hops),
            Ok((None, ..)) => return Err(no_key()),
        };
        let mut transport = Transport { handle, facts, place: route.server.place(), hops };
        let sign_in = SignIn {
            handle: &mut transport.handle,
            endpoint: &route.server,
            asking,
            legacy_algorithms: config.legacy_algorithms,
            patience: config.timeout,
        };
        if let Err(error) = sign_in.run().await {
            return Err(said_goodbye(&transport, error));
        }
        return Ok((transport, route.server));
    }
}

/// Whether the server has the pinned key among its others; `without` then leads to it.
async fn other_key_is_shown(
    config: &Config,
    asking: &Asking,
    route: &Route,
    without: &mut Vec<Algorithm>,
    shown: Algorithm,
) -> bool {
    without.push(shown);
    loop {
        match reach(config, asking, route, without, true).await {
            Err((error, _)) => {
                tracing::debug!(%error, "no further host key");
                return false;
            }
            Ok((_, facts, _)) => {
                let (verdict, key) = facts.with(|facts| (facts.verdict.clone(), facts.key.clone()));
                match (verdict, key.map(|key| key.algorithm())) {
                    (Some(Verdict::Trusted), _) => return true,
                    (_, Some(shown)) if !without.contains(&shown) => without.push(shown),
                    _ => return false,
                }
            }
        }
    }
}

fn said_goodbye(transport: &Transport, error: ConnectorError) -> ConnectorError {
    if error.kind != FailureKind::Unreachable {
        return error;
    }
    let words = transport.facts.with(|facts| facts.goodbye.clone());
    words.and_then(|words| errors::from_goodbye("sign_in", &transport.place, &words)).unwrap_or(error)
}

/// The first host on the way whose key is not trusted, or the server: its endpoint, key and what the record says.
/// Signs in at the hosts before it only, and says nothing to it but what the handshake needs.
pub(crate) async fn look(config: &Config, asking: &Asking) -> Result<(Endpoint, PublicKey, Verdict)> {
    let route = Route::resolve(config)?;
    let (facts, endpoint) = match reach(config, asking, &route, &[], true).await {
        Ok((_, facts, _)) => (facts, route.server),
        Err((error, facts)) => {
            let untrusted = matches!(error.kind, FailureKind::HostKeyUnknown | FailureKind::HostKeyChanged);
            let at = route.hops.into_iter().find(|hop| error.fact("host") == Some(&hop.place()));
            match at {
                Some(hop) if untrusted => (facts, hop),
                _ => return Err(error),
            }
        }
    };
    facts
        .with(|facts| facts.key.clone().zip(facts.verdict.clone()))
        .map(|(key, verdict)| (endpoint, key, verdict))
        .ok_or_else(no_key)
}

fn no_key() -> ConnectorError {
    ConnectorError::new(FailureKind::Unreachable, "connect", "the server showed no host key")
}

/// The server where more than a look was wanted, what is known of it, and the hosts on the way.
type Reached = (Option<Handle<Client>>, SharedFacts, Vec<Handle<Client>>);

/// The server, its key checked and nothing more said.
async fn reach(
    config: &Config,
    asking: &Asking,
    route: &Route,
    without: &[Algorithm],
    look_only: bool,
) -> std::result::Result<Reached, (ConnectorError, SharedFacts)> {
    let mut hops: Vec<Handle<Client>> = Vec::new();
    for endpoint in &route.hops {
        let facts = SharedFacts::default();
        let client = Client { endpoint: endpoint.clone(), facts: facts.clone(), look_only: false };
        let mut handle = shake_hands(config, endpoint, hops.last(), client, &[])
            .await
            .and_then(|handle| handle.ok_or_else(no_key))
            .map_err(|error| (error, facts.clone()))?;
        let legacy_algorithms = config.legacy_algorithms;
        let patience = config.timeout;
        let sign_in = SignIn { handle: &mut handle, endpoint, asking, legacy_algorithms, patience };
        sign_in.run().await.map_err(|error| (error, facts))?;
        hops.push(handle);
    }
    let facts = SharedFacts::default();
    let client = Client { endpoint: route.server.clone(), facts: facts.clone(), look_only };
    match shake_hands(config, &route.server, hops.last(), client, without).await {
        Ok(handle) => Ok((handle, facts, hops)),
        Err(error) => Err((error, facts)),
    }
}

/// Opens the stream to one host, straight, over the proxy or through the hop before, and agrees on keys. A server that
/// hangs up before it has said who it is gets asked again: a busy one turns connections away at random so (OpenSSH's
/// `MaxStartups`), and until then it was told nothing.
async fn shake_hands(
    config: &Config,
    endpoint: &Endpoint,
    through: Option<&Handle<Client>>,
    client: Client,
    without: &[Algorithm],
) -> Result<Option<Handle<Client>>> {
    let mut pauses = ExponentialBuilder::default()
        .with_min_delay(TURNED_AWAY_PAUSE)
        .with_factor(3.0)
        .with_max_times(TURNED_AWAY_TRIES - 1)
        .with_jitter()
        .build();
    loop {
        match shake_hands_once(config, endpoint, through, client.clone(), without).await {
            Ok(handle) => return Ok(handle),
            Err(NoHandshake::Failed(error)) => return Err(error),
            Err(NoHandshake::TurnedAway(mut error, way)) => {
                let Some(pause) = pauses.next() else {
                    error.message = format!(
                        "{} {TURNED_AWAY_TRIES} times before it said who it is; it may have too many visitors, or \
                         refuse this machine's address: ask its administrator",
                        error.message
                    );
                    return Err(beyond(way.as_ref(), error));
                };
                tracing::debug!(%error, ?pause, "turned away before the first word");
                sleep(pause).await;
            }
        }
    }
}

enum NoHandshake {
    /// The server hung up without a word; over a proxy, it may have been that one.
    TurnedAway(ConnectorError, Option<Way>),
    Failed(ConnectorError),
}

async fn shake_hands_once(
    config: &Config,
    endpoint: &Endpoint,
    through: Option<&Handle<Client>>,
    client: Client,
    without: &[Algorithm],
) -> std::result::Result<Option<Handle<Client>>, NoHandshake> {
    let place = endpoint.place();
    let facts = client.facts.clone();
    let look_only = client.look_only;
    let ssh = Arc::new(ssh_config(config, endpoint, without));
    let patience = CONNECT_PATIENCE.min(config.timeout);
    let way = if through.is_none() { endpoint.way(&config.proxy) } else { Ok(None) };
    let way = way.map_err(|error| NoHandshake::Failed(error.to_connector_error("connect")))?;
    let tunnel = match &way {
        Some(way) => Some(tunnel(way, endpoint, patience).await.map_err(NoHandshake::Failed)?),
        None => None,
    };
    let attempt = async {
        match (through, tunnel) {
            (Some(hop), _) => {
                let channel =
                    hop.channel_open_direct_tcpip(&endpoint.host, u32::from(endpoint.port), "127.0.0.1", 0).await?;
                client::connect_stream(ssh, channel.into_stream(), client).await
            }
            (None, Some(tunnel)) => client::connect_stream(ssh, tunnel, client).await,
            (None, None) => client::connect_stream(ssh, straight(endpoint).await?, client).await,
        }
    };
    let mut hung_up = false;
    let failed = match timeout(patience, attempt).await {
        Err(_) => ConnectorError::new(
            FailureKind::TimedOut,
            "connect",
            format!("{place} has not answered within {} s", patience.as_secs()),
        ),
        Ok(Ok(handle)) => return Ok(Some(handle)),
        Ok(Err(_)) if look_only && facts.with(|facts| facts.verdict.is_some()) => return Ok(None),
        Ok(Err(error)) => {
            hung_up = errors::is_hang_up(&error);
            refused_key(&place, &facts).unwrap_or_else(|| explained("connect", &place, &facts, error))
        }
    };
    Err(match said_nothing(&failed, &facts) {
        true if hung_up => NoHandshake::TurnedAway(failed, way),
        true => NoHandshake::Failed(beyond(way.as_ref(), failed)),
        false => NoHandshake::Failed(failed),
    })
}

async fn straight(endpoint: &Endpoint) -> std::io::Result<TcpStream> {
    let found = tokio::net::lookup_host((endpoint.host.as_str(), endpoint.port)).await;
    let found: Vec<_> = found.map_err(|error| std::io::Error::new(std::io::ErrorKind::NotFound, error))?.collect();
    let stream = TcpStream::connect(found.as_slice()).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn tunnel(way: &Way, endpoint: &Endpoint, patience: Duration) -> Result<Box<dyn Stream>> {
    let opened = way.connect(&endpoint.host, endpoint.port, patience).await;
    opened.map_err(|error| error.to_connector_error("connect").caused_by(error))
}

/// Whether nothing came from a server before the connection failed: then it may be the proxy's doing.
fn said_nothing(error: &ConnectorError, facts: &SharedFacts) -> bool {
    let by_the_network = matches!(error.kind, FailureKind::Unreachable | FailureKind::TimedOut);
    by_the_network && facts.with(|facts| facts.server.is_none() && facts.key.is_none())
}

/// Some proxies promise the way before they have found it.
fn beyond(way: Option<&Way>, mut error: ConnectorError) -> ConnectorError {
    let Some(way) = way else { return error };
    let proxy = way.address().to_string();
    error.message = format!(
        "{}; it was asked over the proxy {proxy}, which may have found no way there: ask the network's administrator",
        error.message
    );
    error.with("proxy", proxy)
}

fn explained(operation: &'static str, place: &str, facts: &SharedFacts, error: russh::Error) -> ConnectorError {
    let goodbye = facts.with(|facts| facts.goodbye.clone());
    goodbye
        .and_then(|words| errors::from_goodbye(operation, place, &words))
        .unwrap_or_else(|| errors::from_ssh(operation, place, error))
}

/// The error of a host key that is not trusted; `None` where the key was not why the handshake ended.
fn refused_key(place: &str, facts: &SharedFacts) -> Option<ConnectorError> {
    let (verdict, record_error) = facts.with(|facts| (facts.verdict.clone(), facts.record_error.clone()));
    if let Some(why) = record_error {
        return Some(ConnectorError::new(
            FailureKind::Invalid,
            "connect",
            format!("the host keys on record cannot be read: {why}"),
        ));
    }
    let error = |kind, message: String| ConnectorError::new(kind, "connect", message).with("host", place);
    Some(match verdict? {
        Verdict::Trusted => return None,
        Verdict::Unknown { offered } => error(
            FailureKind::HostKeyUnknown,
            format!("the host key of {place} is not on record; compare {offered} with what its administrator says"),
        )
        .with("fingerprint", offered),
        Verdict::Changed { known, offered } => error(
            FailureKind::HostKeyChanged,
            format!(
                "{place} shows another host key than the one on record: {offered} instead of {known}. \
                 Somebody may be listening; ask its administrator before anything else"
            ),
        )
        .with("known", known)
        .with("offered", offered.clone())
        .with("fingerprint", offered),
        Verdict::Revoked { offered } => error(
            FailureKind::HostKeyChanged,
            format!("{place} shows a host key that is on record as revoked: {offered}"),
        )
        .with("known", "revoked")
        .with("offered", offered.clone())
        .with("fingerprint", offered),
    })
}
