//! A stream by HTTP `CONNECT`. What the host said right behind the proxy's answer is not lost: an SSH server speaks first.

use std::io;

use bytes::Bytes;
use data_encoding::BASE64;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{net::TcpStream, task::JoinSet};

use crate::{
    Trouble,
    way::{Stream, broken},
};

/// The largest head of an answer.
const LARGEST_HEAD: usize = 16 << 10;
/// The most of a proxy's own words that is repeated.
const LONGEST_REASON: usize = 120;

pub(crate) async fn tunnel(
    stream: TcpStream,
    user: Option<&(String, SecretString)>,
    place: &str,
) -> Result<Box<dyn Stream>, Trouble> {
    let request = request(user, place)?;
    let signs_in = user.is_some();
    let handshake = http1::Builder::new()
        .max_buf_size(LARGEST_HEAD)
        // Header names have no case, yet some proxies look for theirs in the usual spelling only.
        .title_case_headers(true)
        .handshake::<_, Empty<Bytes>>(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(|error| from_hyper(&error, signs_in))?;
    // Ends with this function; a tunnel that stands has left it by then.
    let mut driver = JoinSet::new();
    drop(driver.spawn(connection.with_upgrades()));
    let answer = sender.send_request(request).await.map_err(|error| from_hyper(&error, signs_in))?;
    if !answer.status().is_success() {
        return Err(refusal(answer.status(), reason(&answer), signs_in));
    }
    let upgraded = hyper::upgrade::on(answer).await.map_err(|error| from_hyper(&error, signs_in))?;
    Ok(Box::new(TokioIo::new(upgraded)))
}

fn request(user: Option<&(String, SecretString)>, place: &str) -> Result<Request<Empty<Bytes>>, Trouble> {
    let cannot = || Trouble::CannotSend("the host's name cannot stand in a request".to_owned());
    let target = Uri::builder().authority(place).build().map_err(|_| cannot())?;
    let mut request = Request::builder().method(Method::CONNECT).uri(target).header(header::HOST, place);
    if let Some((user, password)) = user {
        request = request.header(header::PROXY_AUTHORIZATION, basic(user, password)?);
    }
    request.body(Empty::new()).map_err(|_| cannot())
}

fn basic(user: &str, password: &SecretString) -> Result<HeaderValue, Trouble> {
    let both = SecretString::from(format!("{user}:{}", password.expose_secret()));
    let text = format!("Basic {}", BASE64.encode(both.expose_secret().as_bytes()));
    let mut value = HeaderValue::from_str(&text)
        .map_err(|_| Trouble::CannotSend("user or password cannot stand in a request".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Who signs in by a header.
pub(crate) fn read_basic(header: &str) -> Option<(String, SecretString)> {
    let both = BASE64.decode(header.strip_prefix("Basic ")?.as_bytes()).ok()?;
    let (user, password) = std::str::from_utf8(&both).ok()?.split_once(':')?;
    Some((user.to_owned(), password.into()))
}

fn refusal(status: StatusCode, reason: String, signs_in: bool) -> Trouble {
    match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED if signs_in => Trouble::SignIn,
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Trouble::WhoIsThere,
        StatusCode::FORBIDDEN | StatusCode::METHOD_NOT_ALLOWED => Trouble::Forbidden,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            Trouble::NoWay(reason)
        }
        _ => Trouble::Refused(reason),
    }
}

/// The status with the proxy's own words, made fit to be shown.
fn reason<B>(answer: &http::Response<B>) -> String {
    let told = answer.extensions().get::<hyper::ext::ReasonPhrase>();
    let told = told.map(|told| String::from_utf8_lossy(told.as_bytes()).into_owned());
    let status = answer.status();
    let words = told.unwrap_or_else(|| status.canonical_reason().unwrap_or_default().to_owned());
    let words: String = words.chars().take(LONGEST_REASON).collect();
    format!("{} {}", status.as_u16(), waybill_model::names::shown(&words)).trim_end().to_owned()
}

fn from_hyper(error: &hyper::Error, signs_in: bool) -> Trouble {
    if error.is_parse() {
        return Trouble::NoProxy;
    }
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let io = causes.filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind).last();
    match io {
        Some(kind) => broken(kind.into(), signs_in),
        None => Trouble::Closed(signs_in),
    }
}
