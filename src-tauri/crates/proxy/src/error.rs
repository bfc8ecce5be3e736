//! Why a proxy did not lead to a host, as a sentence that says who can mend it.

use std::{fmt, io, time::Duration};

use waybill_connector::{ConnectorError, PROXY_SIGN_IN};
use waybill_model::{FailureKind, Retry};

/// No way through the proxy.
#[derive(Debug)]
pub struct ProxyError {
    /// The proxy, `http://host:port`.
    pub proxy: String,
    /// The host beyond it, `host:port`.
    pub target: String,
    /// What went wrong.
    pub trouble: Trouble,
}

/// What can go wrong at a proxy.
#[derive(Debug)]
pub enum Trouble {
    /// It speaks something that is not spoken here.
    Unspoken,
    /// No address is known for its name.
    NoAddress,
    /// It cannot be reached.
    Gone(io::Error),
    /// It did not answer in time.
    Silent(Duration),
    /// What answers there is no such proxy.
    NoProxy,
    /// It wants to know who is there, and nobody is named.
    WhoIsThere,
    /// It does not take the user and the password.
    SignIn,
    /// A user or a password that cannot be sent.
    CannotSend(String),
    /// It does not let anybody through to the host.
    Forbidden,
    /// It finds no way to the host.
    NoWay(String),
    /// It refused for another reason.
    Refused(String),
    /// It ended the connection in the middle; `true` where it had been told who signs in.
    Closed(bool),
}

impl ProxyError {
    /// As the error of a connector's call.
    pub fn to_connector_error(&self, operation: &'static str) -> ConnectorError {
        let kind = match self.trouble {
            Trouble::Silent(_) => FailureKind::TimedOut,
            Trouble::WhoIsThere | Trouble::SignIn => FailureKind::Unauthenticated,
            Trouble::CannotSend(_) | Trouble::NoProxy | Trouble::Unspoken => FailureKind::Invalid,
            Trouble::Forbidden => FailureKind::Denied,
            Trouble::NoAddress | Trouble::Gone(_) | Trouble::NoWay(_) | Trouble::Refused(_) | Trouble::Closed(_) => {
                FailureKind::Unreachable
            }
        };
        let error = ConnectorError::new(kind, operation, self.to_string()).with("proxy", self.proxy.clone());
        match self.trouble {
            Trouble::WhoIsThere | Trouble::SignIn => error.code(PROXY_SIGN_IN).with(PROXY_SIGN_IN, self.proxy.clone()),
            // Offering a password again and again locks accounts.
            Trouble::Closed(true) => error.code(PROXY_SIGN_IN).retry(Retry::Never),
            _ => error,
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { proxy, target, trouble } = self;
        let mend = "check it under Settings, Network, or ask the network's administrator";
        match trouble {
            Trouble::Unspoken => write!(
                f,
                "the environment names {proxy} as the way to {target}, which is not spoken; HTTP and SOCKS5 are, and Settings, Network takes either"
            ),
            Trouble::NoAddress => {
                write!(f, "no address is known for the proxy {proxy}, over which {target} is reached; {mend}")
            }
            Trouble::Gone(error) => {
                let how = match error.kind() {
                    io::ErrorKind::ConnectionRefused => "nothing listens there",
                    io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "there is no way to it",
                    io::ErrorKind::TimedOut => "it does not answer",
                    _ => "the connection to it broke",
                };
                write!(f, "the proxy {proxy}, over which {target} is reached, cannot be reached: {how}; {mend}")
            }
            Trouble::Silent(patience) => {
                let seconds = patience.as_secs();
                write!(f, "the proxy {proxy} has not led to {target} within {seconds} s; {mend}")
            }
            Trouble::NoProxy => {
                write!(f, "what answers at {proxy} is no such proxy, so {target} is not reached; {mend}")
            }
            Trouble::WhoIsThere => {
                write!(
                    f,
                    "the proxy {proxy} asks who wants to reach {target}; enter user and password under Settings, Network"
                )
            }
            Trouble::SignIn => write!(
                f,
                "the proxy {proxy} does not take this user and password, so {target} is not reached; correct them under Settings, Network"
            ),
            Trouble::CannotSend(why) => {
                write!(f, "the proxy {proxy} cannot be asked for {target}: {why}; correct it under Settings, Network")
            }
            Trouble::Forbidden => {
                write!(
                    f,
                    "the proxy {proxy} does not let anybody through to {target}; the network's administrator can allow it"
                )
            }
            Trouble::NoWay(why) => write!(
                f,
                "the proxy {proxy} finds no way to {target}: {why}; check the host's name and port, or ask the network's administrator"
            ),
            Trouble::Refused(why) => {
                write!(f, "the proxy {proxy} refuses to lead to {target}: {why}; ask the network's administrator")
            }
            Trouble::Closed(false) => {
                write!(
                    f,
                    "the proxy {proxy} ended the connection before it led to {target}; ask the network's administrator"
                )
            }
            Trouble::Closed(true) => write!(
                f,
                "the proxy {proxy} ended the connection before it led to {target}; it may not take this user and password: check them under Settings, Network, or ask the network's administrator"
            ),
        }
    }
}

impl std::error::Error for ProxyError {}
