//! Whether a host can be reached, step by step and before the first call: its name, its port, its certificate. Everything goes
//! by the connection's own proxy, authorities, pin and client certificate, so that what passes here passes later too. No
//! request is sent: what signs in goes nowhere before the certificate is known to be good.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls_pki_types::ServerName;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::Url;
use waybill_connector::{ConnectorError, Detail, ProxyProtocol, Result, StepOutcome, TestRun};
use waybill_model::FailureKind;
use waybill_proxy::{ProxyError, Stream, Traffic, Trouble, Way};

use crate::{
    Http,
    trust::{Taken, Witness},
    unanswered::{late, line_broke, unconnected, unnamed, untrusted},
    words,
};

/// What errors of these steps name.
const OPERATION: &str = "reach";

/// A host and a port, and what is spoken there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    host: String,
    port: u16,
    traffic: Traffic,
    is_secure: bool,
}

impl Place {
    /// Where an address leads.
    pub fn of(url: &Url) -> Self {
        let is_secure = url.scheme() == "https";
        Self {
            host: url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default().unwrap_or(443),
            traffic: if is_secure { Traffic::Https } else { Traffic::Http },
            is_secure,
        }
    }

    /// Where a line of TLS without HTTP leads.
    pub fn line(host: &str, port: u16) -> Self {
        let host = host.trim_matches(['[', ']']).to_owned();
        Self { host, port, traffic: Traffic::Other, is_secure: true }
    }

    fn shown(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

type Reached = Box<dyn Stream>;

impl Http {
    /// Tries each place once, and tells its steps. `None` where one failed: the report has its error, and the test is over.
    pub async fn reach(&self, run: &mut TestRun<'_>, places: impl IntoIterator<Item = Place>) -> Option<()> {
        let mut tried: Vec<Place> = Vec::new();
        for place in places {
            let again =
                |one: &Place| (&one.host, one.port, one.is_secure) == (&place.host, place.port, place.is_secure);
            if !tried.iter().any(again) {
                self.reach_one(run, &place).await?;
                tried.push(place);
            }
        }
        Some(())
    }

    async fn reach_one(&self, run: &mut TestRun<'_>, place: &Place) -> Option<()> {
        let options = &self.0.options;
        let patience = options.patience.connect;
        let stream = match Way::to(&options.network.proxy, place.traffic, &place.host) {
            Ok(None) => Some(directly(run, place, patience).await?),
            Ok(Some(way)) => over(run, place, &way, patience).await?,
            Err(refused) => {
                let refused = async { Result::<()>::Err(at_proxy(&refused)) };
                run.step(words::PROXY, refused, |()| Detail::Nothing).await?;
                None
            }
        };
        let Some(stream) = stream.filter(|_| place.is_secure) else { return Some(()) };
        let judged = |taken: &Option<Taken>| match taken {
            Some(Taken { fingerprint, is_pinned: true }) => {
                let said = words::PINNED.with(&[("host", &place.host), ("fingerprint", &fingerprint.to_string())]);
                (StepOutcome::Passed, said.into())
            }
            _ => (StepOutcome::Passed, words::TRUSTED.with(&[("host", &place.host)]).into()),
        };
        run.judge(words::CERTIFICATE, self.shake_hands(place, stream), judged).await.map(drop)
    }

    /// Sees the certificate, and ends the line.
    async fn shake_hands(&self, place: &Place, stream: Reached) -> Result<Option<Taken>> {
        let (options, shown) = (&self.0.options, place.shown());
        let name = ServerName::try_from(place.host.clone()).map_err(|error| {
            let why = format!("{} is no name of a host", place.host);
            ConnectorError::new(FailureKind::Invalid, OPERATION, why).caused_by(error)
        })?;
        let witness = Witness::default();
        let config = self.0.trust.witnessed(options.identity.as_ref(), witness.clone())?;
        let handshake = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let met = timeout(options.patience.connect, handshake).await;
        let met = met.map_err(|_| late(OPERATION, &shown).with("step", "certificate"))?;
        match (met, witness.judged()) {
            (Err(error), Some(Err(refused))) => Err(untrusted(OPERATION, &shown, Some(&refused)).caused_by(error)),
            (Err(error), _) => Err(line_broke(OPERATION, &shown, error)),
            (Ok(mut line), judged) => {
                // Its end is nobody's loss, and is not waited for long.
                drop(timeout(Duration::from_secs(1), line.shutdown()).await);
                Ok(judged.and_then(std::result::Result::ok))
            }
        }
    }
}

/// Name and port, by this computer's own network.
async fn directly(run: &mut TestRun<'_>, place: &Place, patience: Duration) -> Option<Reached> {
    let host = place.host.as_str();
    let looked_up = async {
        let found = timeout(patience, lookup_host((host, place.port))).await;
        let found = found.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        let found: Vec<_> = found.map_err(|error| unnamed(OPERATION, host).caused_by(error))?.collect();
        if found.is_empty() { Err(unnamed(OPERATION, host)) } else { Ok(found) }
    };
    let addresses = if let Ok(number) = host.parse::<IpAddr>() {
        vec![SocketAddr::new(number, place.port)]
    } else {
        let told = |found: &Vec<SocketAddr>| match found.first() {
            Some(first) => Detail::fact(format!("{host}: {}", first.ip())),
            None => Detail::Nothing,
        };
        run.step(words::NAME, looked_up, told).await?
    };
    let shown = place.shown();
    let connected = async {
        let stream = timeout(patience, TcpStream::connect(addresses.as_slice())).await;
        let stream = stream.map_err(|_| late(OPERATION, &shown).with("step", "port"))?;
        stream.map_err(|error| unconnected(OPERATION, &shown, error))
    };
    let stream = run.step(words::PORT, connected, |_| Detail::fact(shown.clone())).await?;
    Some(Box::new(stream))
}

/// The proxy, and through it the port. The name is the proxy's to find, and is told so. `Some(None)` where the proxy is shown
/// each request, and leads nowhere before one.
async fn over(run: &mut TestRun<'_>, place: &Place, way: &Way, patience: Duration) -> Option<Option<Reached>> {
    let (proxy, shown) = (way.address().to_string(), place.shown());
    let tunnels = place.is_secure || way.address().speaks == ProxyProtocol::Socks5;
    let led = async {
        let led = if tunnels {
            way.connect(&place.host, place.port, patience).await.map(Some)
        } else {
            way.knock(&place.host, place.port, patience).await.map(|()| None)
        };
        match led {
            // The proxy is there; it is the way on that is not.
            Err(refused) if is_beyond(&refused) => Ok(Err(at_proxy(&refused).with("step", "port"))),
            Err(refused) => Err(at_proxy(&refused).with("step", "proxy")),
            Ok(stream) => Ok(Ok(stream)),
        }
    };
    let led = run.step(words::PROXY, led, |_| Detail::fact(proxy.clone())).await?;
    if place.host.parse::<IpAddr>().is_err() {
        let said = words::NAME_BY_PROXY.with(&[("proxy", &proxy), ("host", &place.host)]);
        run.note(words::NAME, StepOutcome::Noted, said.into());
    }
    let judged = |stream: &Option<Reached>| match stream {
        Some(_) => (StepOutcome::Passed, Detail::fact(shown.clone())),
        None => (StepOutcome::Noted, words::FIRST_BY_PROXY.with(&[("proxy", &proxy), ("place", &shown)]).into()),
    };
    run.judge(words::PORT, async { led }, judged).await
}

/// Whether the proxy answered, and the host beyond it is what it does not lead to.
fn is_beyond(refused: &ProxyError) -> bool {
    matches!(refused.trouble, Trouble::Forbidden | Trouble::NoWay(_) | Trouble::Refused(_))
}

fn at_proxy(refused: &ProxyError) -> ConnectorError {
    refused.to_connector_error(OPERATION)
}
