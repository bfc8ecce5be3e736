//! Which proxy is on the way to a host, and the stream through it.

use std::{env, io, net::IpAddr, str::FromStr as _, time::Duration};

use hyper_util::client::proxy::matcher::Matcher;
use secrecy::SecretString;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use waybill_connector::{NamedProxy, Proxy, ProxyAddress, ProxyProtocol};

use crate::{ProxyError, Trouble, http, socks};

/// Bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// What is said beyond the proxy; it decides which variables of the environment count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// `HTTP_PROXY`, else `ALL_PROXY`.
    Http,
    /// `HTTPS_PROXY`, else `ALL_PROXY`.
    Https,
    /// `ALL_PROXY` alone, as curl has it for SSH: the other two name proxies for the web, which seldom lead anywhere else.
    Other,
}

/// The proxy on the way to a host.
#[derive(Debug, Clone)]
pub struct Way {
    pub(crate) address: ProxyAddress,
    pub(crate) user: Option<(String, SecretString)>,
}

impl Way {
    /// The proxy on the way to `host`; `None` where it is reached directly. Fails where the environment names a proxy that
    /// is not spoken.
    pub fn to(proxy: &Proxy, traffic: Traffic, host: &str) -> Result<Option<Self>, ProxyError> {
        let host = bare(host);
        if is_this_computer(host) {
            return Ok(None);
        }
        match proxy {
            Proxy::None => Ok(None),
            Proxy::Environment => from_environment(traffic, host, |name| env::var(name).ok()),
            Proxy::Named(named) if is_excepted(&named.except, host) => Ok(None),
            Proxy::Named(NamedProxy { address, user, .. }) => {
                Ok(Some(Self { address: address.clone(), user: user.clone() }))
            }
        }
    }

    /// Where the proxy is.
    pub fn address(&self) -> &ProxyAddress {
        &self.address
    }

    /// Who signs in there.
    pub fn user(&self) -> Option<&(String, SecretString)> {
        self.user.as_ref()
    }

    /// A stream to `host` through the proxy, within `patience`.
    pub async fn connect(&self, host: &str, port: u16, patience: Duration) -> Result<Box<dyn Stream>, ProxyError> {
        let host = bare(host);
        let through = async {
            let stream = self.reach().await?;
            match self.address.speaks {
                ProxyProtocol::Http => http::tunnel(stream, self.user.as_ref(), &place(host, port)).await,
                ProxyProtocol::Socks5 => socks::tunnel(stream, self.user.as_ref(), host, port).await,
            }
        };
        let opened = timeout(patience, through).await.unwrap_or(Err(Trouble::Silent(patience)));
        opened.map_err(|trouble| self.error(host, port, trouble))
    }

    /// Whether the proxy itself can be reached, within `patience`; `host` is what is wanted beyond it.
    pub async fn knock(&self, host: &str, port: u16, patience: Duration) -> Result<(), ProxyError> {
        let reached = timeout(patience, self.reach()).await.unwrap_or(Err(Trouble::Silent(patience)));
        reached.map(drop).map_err(|trouble| self.error(host, port, trouble))
    }

    fn error(&self, host: &str, port: u16, trouble: Trouble) -> ProxyError {
        ProxyError { proxy: self.address.to_string(), target: place(bare(host), port), trouble }
    }

    /// A stream to the proxy itself.
    async fn reach(&self) -> Result<TcpStream, Trouble> {
        let found = tokio::net::lookup_host((self.address.host.as_str(), self.address.port)).await;
        let found: Vec<_> = found.map_err(|_| Trouble::NoAddress)?.collect();
        let stream = TcpStream::connect(found.as_slice()).await.map_err(Trouble::Gone)?;
        stream.set_nodelay(true).map_err(Trouble::Gone)?;
        Ok(stream)
    }
}

/// A failure of the stream to the proxy: gone in the middle, or broken.
pub(crate) fn broken(error: io::Error, signs_in: bool) -> Trouble {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            Trouble::Closed(signs_in)
        }
        _ => Trouble::Gone(error),
    }
}

/// `host:port`, as it stands in requests and messages.
fn place(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Whether `host` is the computer that asks, which no proxy leads to.
pub fn is_this_computer(host: &str) -> bool {
    let host = bare(host);
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| {
            let address = address.to_canonical();
            address.is_loopback() || address.is_unspecified()
        })
}

/// The rules of `NO_PROXY`, which the HTTP client obeys too.
fn is_excepted(except: &str, host: &str) -> bool {
    matched(&Matcher::builder().all("http://any:1").no(except).build(), host).is_none()
}

fn matched(matcher: &Matcher, host: &str) -> Option<hyper_util::client::proxy::matcher::Intercept> {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    matcher.intercept(&format!("http://{host}/").parse().ok()?)
}

fn from_environment(
    traffic: Traffic,
    host: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<Way>, ProxyError> {
    // A request to a server may set a variable `HTTP_PROXY` there; such a program is none of ours, and asks nobody.
    if variable("REQUEST_METHOD").is_some() {
        return Ok(None);
    }
    let named = |name: &str| variable(name).or_else(|| variable(&name.to_ascii_lowercase())).unwrap_or_default();
    let own = match traffic {
        Traffic::Http => named("HTTP_PROXY"),
        Traffic::Https => named("HTTPS_PROXY"),
        Traffic::Other => String::new(),
    };
    let matcher = Matcher::builder().http(own).all(named("ALL_PROXY")).no(named("NO_PROXY")).build();
    let Some(found) = matched(&matcher, host) else { return Ok(None) };
    let usual = match found.uri().scheme_str() {
        Some("http") => 80,
        _ => 1080,
    };
    let text = format!(
        "{}://{}:{}",
        found.uri().scheme_str().unwrap_or_default(),
        found.uri().host().unwrap_or_default(),
        found.uri().port_u16().unwrap_or(usual)
    );
    let Ok(address) = ProxyAddress::from_str(&text) else {
        return Err(ProxyError { proxy: text, target: host.to_owned(), trouble: Trouble::Unspoken });
    };
    let basic = found.basic_auth().and_then(|header| header.to_str().ok()).and_then(http::read_basic);
    let raw = found.raw_auth().map(|(user, password)| (user.to_owned(), password.into()));
    Ok(Some(Way { address, user: basic.or(raw) }))
}

#[cfg(test)]
mod tests;
