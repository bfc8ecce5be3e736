//! A stream by SOCKS 5. Names go to the proxy as they are.

use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpStream;
use tokio_socks::{Error, tcp::Socks5Stream};

use crate::{
    Trouble,
    way::{Stream, broken},
};

/// The longest user, password or name that SOCKS 5 can carry.
const LONGEST: usize = 255;

pub(crate) async fn tunnel(
    stream: TcpStream,
    user: Option<&(String, SecretString)>,
    host: &str,
    port: u16,
) -> Result<Box<dyn Stream>, Trouble> {
    if host.len() > LONGEST {
        return Err(Trouble::CannotSend("the host's name is too long for SOCKS5".to_owned()));
    }
    let opened = match user {
        None => Socks5Stream::connect_with_socket(stream, (host, port)).await,
        Some((user, password)) => {
            let password = password.expose_secret();
            if user.is_empty() || password.is_empty() || user.len() > LONGEST || password.len() > LONGEST {
                let why = "SOCKS5 takes a user and a password of 1 to 255 bytes each";
                return Err(Trouble::CannotSend(why.to_owned()));
            }
            Socks5Stream::connect_with_password_and_socket(stream, (host, port), user, password).await
        }
    };
    match opened {
        Ok(opened) => Ok(Box::new(opened.into_inner())),
        Err(error) => Err(trouble(error, user.is_some())),
    }
}

fn trouble(error: Error, signs_in: bool) -> Trouble {
    let why = error.to_string();
    match error {
        Error::Io(error) => broken(error, signs_in),
        Error::PasswordAuthFailure(_) => Trouble::SignIn,
        Error::AuthorizationRequired => Trouble::WhoIsThere,
        // It was offered to sign in with a password, or without one, and takes neither.
        Error::NoAcceptableAuthMethods if !signs_in => Trouble::WhoIsThere,
        Error::NoAcceptableAuthMethods | Error::UnknownAuthMethod => {
            Trouble::Refused("it takes no way to sign in that is known here".to_owned())
        }
        Error::ConnectionNotAllowedByRuleset => Trouble::Forbidden,
        Error::NetworkUnreachable => Trouble::NoWay("there is no way to its network".to_owned()),
        Error::HostUnreachable => Trouble::NoWay("the host is not known or does not answer".to_owned()),
        Error::ConnectionRefused => Trouble::NoWay("nothing listens there".to_owned()),
        Error::TtlExpired => Trouble::NoWay("the host does not answer".to_owned()),
        Error::GeneralSocksServerFailure => Trouble::NoWay("it says no more".to_owned()),
        Error::CommandNotSupported | Error::AddressTypeNotSupported | Error::UnknownError => Trouble::Refused(why),
        Error::InvalidTargetAddress(_) | Error::InvalidAuthValues(_) | Error::ParseError(_) => Trouble::CannotSend(why),
        Error::ProxyServerUnreachable
        | Error::InvalidResponseVersion
        | Error::InvalidReservedByte
        | Error::UnknownAddressType
        | Error::IdentdAuthFailure
        | Error::InvalidUserIdAuthFailure => Trouble::NoProxy,
    }
}
