//! How a connector reaches the network: over which proxy, and whose certificates it trusts beside the system's.

use std::{fmt, net::Ipv6Addr, str::FromStr, sync::Arc};

use secrecy::SecretString;

/// How the network is reached. Connectors that reach servers obey it.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Over which proxy.
    pub proxy: Proxy,
    /// Certificates in PEM form that are trusted beside the system's; whoever hands them over has checked them.
    pub certificates: Option<Arc<[u8]>>,
}

/// Which proxy. None of them is ever on the way to this computer itself.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// None.
    #[default]
    None,
    /// The one that the environment names.
    Environment,
    /// This one.
    Named(NamedProxy),
}

/// A proxy that somebody named.
#[derive(Debug, Clone)]
pub struct NamedProxy {
    /// Where it is and what it speaks.
    pub address: ProxyAddress,
    /// Who signs in there, with the password.
    pub user: Option<(String, SecretString)>,
    /// Hosts that are reached without it, separated by commas.
    pub except: String,
}

/// The code of a failure where the proxy takes no sign-in, and its fact that names the proxy: the host beyond was never
/// asked, so the connection's own secret is not what is wrong.
pub const PROXY_SIGN_IN: &str = "proxy-sign-in";

/// What a proxy speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyProtocol {
    /// HTTP, and `CONNECT` for what is no HTTP.
    Http,
    /// SOCKS 5; the proxy finds the addresses of names.
    Socks5,
}

/// Where a proxy is, written as people type it: `http://host:port` or `socks5://host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyAddress {
    /// What is spoken there.
    pub speaks: ProxyProtocol,
    /// Its name or address, an IPv6 one without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// Why a text is no proxy's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadProxyAddress {
    /// There is none.
    Missing,
    /// It holds who signs in, which has a place of its own.
    UserInside,
    /// It begins with something else than `http://` or `socks5://`.
    Protocol,
    /// It does not name a host and a port.
    Place,
}

impl FromStr for ProxyAddress {
    type Err = BadProxyAddress;

    fn from_str(text: &str) -> Result<Self, BadProxyAddress> {
        if text.is_empty() {
            return Err(BadProxyAddress::Missing);
        }
        if text.contains('@') {
            return Err(BadProxyAddress::UserInside);
        }
        let (scheme, place) = text.split_once("://").ok_or(BadProxyAddress::Protocol)?;
        let speaks = match scheme.to_ascii_lowercase().as_str() {
            "http" => ProxyProtocol::Http,
            // Others tell by the `h` that the proxy finds the names; here it always does.
            "socks5" | "socks5h" => ProxyProtocol::Socks5,
            _ => return Err(BadProxyAddress::Protocol),
        };
        let place = place.strip_suffix('/').unwrap_or(place);
        let (host, port) = place.rsplit_once(':').ok_or(BadProxyAddress::Place)?;
        let port = port.parse().ok().filter(|port| *port > 0).ok_or(BadProxyAddress::Place)?;
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let right = match bracketed {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')),
        };
        if !right {
            return Err(BadProxyAddress::Place);
        }
        Ok(Self { speaks, host: bracketed.unwrap_or(host).to_owned(), port })
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.speaks {
            ProxyProtocol::Http => "http",
            ProxyProtocol::Socks5 => "socks5",
        };
        if self.host.contains(':') {
            write!(f, "{scheme}://[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{scheme}://{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_typed_and_written_the_same_way() {
        for text in ["http://proxy.example.com:8080", "socks5://10.0.0.1:1080", "http://[fd00::1]:3128"] {
            assert_eq!(text.parse::<ProxyAddress>().map(|address| address.to_string()).as_deref(), Ok(text));
        }
        let typed = "SOCKS5H://proxy:1080/".parse::<ProxyAddress>().map(|address| address.to_string());
        assert_eq!(typed.as_deref(), Ok("socks5://proxy:1080"), "names are the proxy's to find in either spelling");
    }

    #[test]
    fn a_text_that_is_no_address_says_what_is_wrong_with_it() {
        use BadProxyAddress as Bad;
        for (text, why) in [
            ("", Bad::Missing),
            ("http://ada:secret@proxy:8080", Bad::UserInside),
            ("proxy:8080", Bad::Protocol),
            ("https://proxy:8080", Bad::Protocol),
            ("socks4://proxy:1080", Bad::Protocol),
            ("socks5://proxy", Bad::Place),
            ("socks5://proxy:0", Bad::Place),
            ("http://:8080", Bad::Place),
            ("http://[proxy]:8080", Bad::Place),
            ("http://fd00::1:8080", Bad::Place),
            ("http://proxy:8080/path", Bad::Place),
        ] {
            assert_eq!(text.parse::<ProxyAddress>(), Err(why), "{text}");
        }
    }
}
