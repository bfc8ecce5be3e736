//! The client of one connection: its pool, its way through the network, its pace.

use std::{sync::Arc, time::Duration};

use http::Method;
use reqwest::{Client, redirect};
use secrecy::ExposeSecret as _;
use url::Url;
use waybill_connector::{ConnectorError, Network, ProxyProtocol, Result};
use waybill_model::{Clock, FailureKind};
use waybill_proxy::{Traffic, Way};

use crate::{Call, Fingerprint, Identity, Inspector, Pace, pace::Pacer, trust::Trust};

/// How long to wait. No limit on a whole exchange: only on silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Without a byte taken or given while a body is under way.
    pub stall: Duration,
    /// Until an answer begins, once the request is written.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), stall: Duration::from_mins(1), answer: Duration::from_mins(2) }
    }
}

/// What a client is made of.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// What the connection is called.
    pub connection: String,
    /// How the network is reached.
    pub network: Network,
    /// Sent with every request.
    pub user_agent: String,
    /// How fast.
    pub pace: Pace,
    /// How long to wait.
    pub patience: Patience,
    /// The one certificate that is trusted whoever issued it.
    pub pin: Option<Fingerprint>,
    /// Who we are to a server that asks for a certificate.
    pub identity: Option<Identity>,
    /// Where exchanges are kept.
    pub inspector: Inspector,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl HttpOptions {
    /// The usual ones.
    pub fn new(connection: impl Into<String>, network: Network, inspector: Inspector, clock: Arc<dyn Clock>) -> Self {
        Self {
            connection: connection.into(),
            network,
            user_agent: concat!("Waybill/", env!("CARGO_PKG_VERSION")).to_owned(),
            pace: Pace::default(),
            patience: Patience::default(),
            pin: None,
            identity: None,
            inspector,
            clock,
        }
    }
}

/// The client. Clones are the same.
#[derive(Debug, Clone)]
pub struct Http(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) client: Client,
    pub(crate) options: HttpOptions,
    pub(crate) pacer: Pacer,
    pub(crate) trust: Arc<Trust>,
}

impl Http {
    /// Makes a client; no I/O but for the system's certificates. Fails where the certificate that we show is none.
    pub fn new(options: HttpOptions) -> Result<Self> {
        let trust = Trust::new(options.network.certificates.as_deref(), options.pin)?;
        let tls = trust.config(options.identity.as_ref())?;
        let network = options.network.clone();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .user_agent(options.user_agent.as_str())
            .connect_timeout(options.patience.connect)
            .tcp_nodelay(true)
            .no_proxy()
            // A proxy that is not spoken was told before anything was sent.
            .proxy(reqwest::Proxy::custom(move |url| {
                way_to(&network, url).ok().flatten().and_then(|way| address_of(&way))
            }))
            .build()
            .map_err(|error| {
                ConnectorError::new(FailureKind::Invalid, "open", "the HTTP client cannot be set up").caused_by(error)
            })?;
        let pacer = Pacer::new(options.pace);
        Ok(Self(Arc::new(Inner { client, options, pacer, trust })))
    }

    /// A request for `operation`, the name that errors and the inspector show.
    pub fn call(&self, operation: &'static str, method: Method, url: Url) -> Call {
        Call::new(self.clone(), operation, method, url)
    }

    /// A GET.
    pub fn get(&self, operation: &'static str, url: Url) -> Call {
        self.call(operation, Method::GET, url)
    }

    /// A POST.
    pub fn post(&self, operation: &'static str, url: Url) -> Call {
        self.call(operation, Method::POST, url)
    }

    /// What the connection is called.
    pub fn connection(&self) -> &str {
        &self.0.options.connection
    }

    /// The time, as everyone is told it.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.options.clock
    }

    /// The proxy on the way to an address.
    pub(crate) fn way_to(&self, url: &Url) -> std::result::Result<Option<Way>, waybill_proxy::ProxyError> {
        way_to(&self.0.options.network, url)
    }
}

fn way_to(network: &Network, url: &Url) -> std::result::Result<Option<Way>, waybill_proxy::ProxyError> {
    let traffic = if url.scheme() == "https" { Traffic::Https } else { Traffic::Http };
    Way::to(&network.proxy, traffic, url.host_str().unwrap_or_default())
}

/// A proxy in the form that the client reads.
fn address_of(way: &Way) -> Option<Url> {
    let address = way.address().to_string();
    let address = match way.address().speaks {
        ProxyProtocol::Http => address,
        // The proxy finds the addresses of names.
        ProxyProtocol::Socks5 => address.replacen("socks5://", "socks5h://", 1),
    };
    let mut url = Url::parse(&address).ok()?;
    if let Some((user, password)) = way.user() {
        url.set_username(user).ok()?;
        url.set_password(Some(password.expose_secret())).ok()?;
    }
    Some(url)
}
