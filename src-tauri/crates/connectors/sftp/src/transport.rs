//! One SSH connection: the road over the jump hosts, the host key check before anything else is said, the algorithms.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use russh::{
    Preferred, cipher,
    client::{self, DisconnectReason, Handle},
    kex,
    keys::{Algorithm, EcdsaCurve, HashAlg, PublicKey, PublicKeyOrCertificate},
    mac,
};
use tokio::{net::TcpStream, time::timeout};
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;

use crate::{
    auth::{Asking, SignIn},
    config::Config,
    errors,
    host_keys::Verdict,
    route::{Endpoint, Route},
};

const KEEP_ALIVE: Duration = Duration::from_secs(20);
const KEEP_ALIVES_MISSED: usize = 3;
const WINDOW_BYTES: u32 = 8 << 20;
const PACKET_BYTES: u32 = 65_535;
const CHANNEL_MESSAGES: usize = 256;
const CONNECT_PATIENCE: Duration = Duration::from_secs(30);

/// What the handshake found out, for the test of a connection and for better errors.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The server's identification, `SSH-2.0-OpenSSH_9.2`.
    pub(crate) server: Option<String>,
    /// Key exchange, host key, cipher and MAC, as agreed.
    pub(crate) algorithms: Vec<String>,
    /// The key that the server showed.
    pub(crate) key: Option<PublicKey>,
    verdict: Option<Verdict>,
    record_error: Option<String>,
    goodbye: Option<String>,
    /// Further host keys of the server that it announced after signing in.
    announced: Vec<PublicKey>,
}

/// Facts that the session's task writes and everybody reads.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedFacts(Arc<Mutex<Facts>>);

impl SharedFacts {
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Facts) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is weak about the connection, one sentence each.
    pub(crate) fn weaknesses(&self) -> Vec<String> {
        self.with(|facts| facts.algorithms.iter().filter_map(|name| weakness(name)).collect())
    }
}

/// A sentence for an algorithm that should not be used any more.
fn weakness(name: &str) -> Option<String> {
    let weak = name == "ssh-rsa"
        || name == "ssh-dss"
        || name.ends_with("-sha1")
        || name.starts_with("hmac-sha1")
        || name.ends_with("-cbc");
    weak.then(|| crate::words::WEAK.with(&[("name", name)]).text)
}

/// The handler of one host: checks its key and keeps what it says.
#[derive(Debug)]
pub(crate) struct Client {
    endpoint: Endpoint,
    facts: SharedFacts,
    /// Only the key is wanted; the handshake ends there.
    look_only: bool,
}

impl client::Handler for Client {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> std::result::Result<bool, russh::Error> {
        let key = shown.public_key();
        let judged = match shown {
            PublicKeyOrCertificate::Certificate(certificate) => self.endpoint.record.judge_certificate(certificate),
            PublicKeyOrCertificate::PublicKey { .. } => self.endpoint.record.judge(&key),
        };
        Ok(self.facts.with(|facts| {
            facts.key = Some(key);
            match judged {
                Ok(verdict) => {
                    let trusted = verdict == Verdict::Trusted;
                    facts.verdict = Some(verdict);
                    trusted && !self.look_only
                }
                Err(error) => {
                    facts.record_error = Some(error.to_string());
                    false
                }
            }
        }))
    }

    async fn kex_done(
        &mut self,
        _shared_secret: Option<&[u8]>,
        names: &russh::Names,
        session: &mut client::Session,
    ) -> std::result::Result<(), russh::Error> {
        self.facts.with(|facts| {
            facts.server = Some(String::from_utf8_lossy(session.remote_sshid()).trim().to_owned());
            facts.algorithms = vec![
                names.kex.as_ref().to_owned(),
                names.key.to_string(),
                names.cipher.as_ref().to_owned(),
                names.client_mac.as_ref().to_owned(),
            ];
        });
        Ok(())
    }

    async fn openssh_ext_host_keys_announced(
        &mut self,
        keys: Vec<PublicKey>,
        _session: &mut client::Session,
    ) -> std::result::Result<(), russh::Error> {
        self.facts.with(|facts| facts.announced = keys);
        Ok(())
    }

    async fn disconnected(&mut self, reason: DisconnectReason<russh::Error>) -> std::result::Result<(), russh::Error> {
        match reason {
            DisconnectReason::ReceivedDisconnect(info) => {
                let words = match info.reason_code {
                    russh::Disconnect::TooManyConnections => format!("too many connections ({})", info.message),
                    _ => info.message,
                };
                self.facts.with(|facts| facts.goodbye = Some(words));
                Ok(())
            }
            DisconnectReason::Error(error) => Err(error),
        }
    }
}

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

/// Opens the stream to one host, straight or through the hop before, and agrees on keys.
async fn shake_hands(
    config: &Config,
    endpoint: &Endpoint,
    through: Option<&Handle<Client>>,
    client: Client,
    without: &[Algorithm],
) -> Result<Option<Handle<Client>>> {
    let place = endpoint.place();
    let facts = client.facts.clone();
    let look_only = client.look_only;
    let ssh = Arc::new(ssh_config(config, endpoint, without));
    let patience = CONNECT_PATIENCE.min(config.timeout);
    let attempt = async {
        match through {
            None => {
                let place = (endpoint.host.as_str(), endpoint.port);
                let found = tokio::net::lookup_host(place).await;
                let found: Vec<_> =
                    found.map_err(|error| std::io::Error::new(std::io::ErrorKind::NotFound, error))?.collect();
                let stream = TcpStream::connect(found.as_slice()).await?;
                stream.set_nodelay(true)?;
                client::connect_stream(ssh, stream, client).await
            }
            Some(hop) => {
                let channel =
                    hop.channel_open_direct_tcpip(&endpoint.host, u32::from(endpoint.port), "127.0.0.1", 0).await?;
                client::connect_stream(ssh, channel.into_stream(), client).await
            }
        }
    };
    match timeout(patience, attempt).await {
        Err(_) => Err(ConnectorError::new(
            FailureKind::TimedOut,
            "connect",
            format!("{place} has not answered within {} s", patience.as_secs()),
        )),
        Ok(Ok(handle)) => Ok(Some(handle)),
        Ok(Err(_)) if look_only && facts.with(|facts| facts.verdict.is_some()) => Ok(None),
        Ok(Err(error)) => {
            Err(refused_key(&place, &facts).unwrap_or_else(|| explained("connect", &place, &facts, error)))
        }
    }
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

fn ssh_config(config: &Config, endpoint: &Endpoint, without: &[Algorithm]) -> client::Config {
    client::Config {
        client_id: russh::SshId::Standard(Cow::Borrowed(concat!("SSH-2.0-Waybill_", env!("CARGO_PKG_VERSION")))),
        window_size: WINDOW_BYTES,
        maximum_packet_size: PACKET_BYTES,
        channel_buffer_size: CHANNEL_MESSAGES,
        keepalive_interval: Some(KEEP_ALIVE),
        keepalive_max: KEEP_ALIVES_MISSED,
        nodelay: true,
        preferred: Preferred {
            // Only for whom somebody vouches here: a server that has a certificate shows it in place of its key.
            host_key_certificates: if endpoint.record.has_authorities() {
                Cow::Owned(host_key_order(config.legacy_algorithms, &[], without))
            } else {
                Cow::Borrowed(&[])
            },
            ..preferred(config.legacy_algorithms, &endpoint.record.known_types(), without)
        },
        ..client::Config::default()
    }
}

/// Modern algorithms, the fast ciphers first; old ones last and only by choice.
fn preferred(legacy: bool, known: &[Algorithm], without: &[Algorithm]) -> Preferred {
    let mut ciphers = vec![
        cipher::AES_128_GCM,
        cipher::AES_256_GCM,
        cipher::CHACHA20_POLY1305,
        cipher::AES_128_CTR,
        cipher::AES_192_CTR,
        cipher::AES_256_CTR,
    ];
    let mut macs = Preferred::DEFAULT.mac.to_vec();
    let mut exchanges = Preferred::DEFAULT.kex.to_vec();
    exchanges.extend([kex::ECDH_SHA2_NISTP256, kex::ECDH_SHA2_NISTP384, kex::ECDH_SHA2_NISTP521]);
    if legacy {
        ciphers.extend([cipher::AES_128_CBC, cipher::AES_192_CBC, cipher::AES_256_CBC]);
        macs.extend([mac::HMAC_SHA1_ETM, mac::HMAC_SHA1]);
        exchanges.extend([kex::DH_GEX_SHA1, kex::DH_G14_SHA1, kex::DH_G1_SHA1]);
    }
    Preferred {
        kex: Cow::Owned(exchanges),
        key: Cow::Owned(host_key_order(legacy, known, without)),
        cipher: Cow::Owned(ciphers),
        mac: Cow::Owned(macs),
        compression: Cow::Borrowed(&[russh::compression::NONE]),
        ..Preferred::DEFAULT
    }
}

/// Types on record come first, because a server shows only one of its keys.
fn host_key_order(legacy: bool, known: &[Algorithm], without: &[Algorithm]) -> Vec<Algorithm> {
    let mut all = vec![
        Algorithm::Ed25519,
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
        Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
        Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
    ];
    if legacy {
        all.push(Algorithm::Rsa { hash: None });
    }
    let same = |one: &Algorithm, other: &Algorithm| {
        one == other || matches!((one, other), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }))
    };
    all.retain(|one| !without.iter().any(|other| same(one, other)));
    all.sort_by_key(|one| !known.iter().any(|other| same(one, other)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_on_record_is_asked_for_first() {
        let order = host_key_order(false, &[Algorithm::Rsa { hash: None }], &[]);
        assert_eq!(order[0], Algorithm::Rsa { hash: Some(HashAlg::Sha512) });
        assert_eq!(order.len(), 6, "the others stay possible");
    }

    #[test]
    fn sha1_is_spoken_by_choice_only() {
        let weak = |legacy| {
            let preferred = preferred(legacy, &[], &[]);
            let names = preferred.kex.iter().map(|name| name.as_ref().to_owned());
            let names = names.chain(preferred.mac.iter().map(|name| name.as_ref().to_owned()));
            names.filter(|name| weakness(name).is_some()).count()
                + preferred.key.iter().filter(|key| **key == Algorithm::Rsa { hash: None }).count()
        };
        assert_eq!(weak(false), 0);
        assert_eq!(weak(true), 6);
    }

    #[test]
    fn the_fast_ciphers_come_first() {
        assert_eq!(preferred(false, &[], &[]).cipher[0].as_ref(), "aes128-gcm@openssh.com");
    }
}
