//! What an S3 server answers -> what the desk acts on, by one `table`. Every message says who can mend it. A call that got
//! no answer at all is judged in `unanswered`.

mod table;
mod unanswered;

use std::error::Error as StdError;

use aws_sdk_s3::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};
use waybill_proxy::{ProxyError, Traffic, Trouble, Way};

use crate::{answers::xml_text, config::Config, watch::Silence};

use table::{COND, EXPIRED, SKEWED, TABLE, WRONG_REGION, by_status};
use unanswered::from_wire;

/// Longest `Retry-After` that is obeyed; more is a server's mistake.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;

/// Only proxies answer so.
const PROXY_SIGN_IN_NEEDED: u16 = 407;

/// An answer that is no success, as far as it tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after_ms: Option<u64>,
    /// The region that the bucket lies in, where the answer names it.
    pub(crate) region: Option<String>,
    /// The server's time and the time that the request was signed with.
    pub(crate) times: Option<(String, String)>,
}

/// What is known about the connection that messages need.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// `None` where the call is about the account and no bucket.
    pub(crate) bucket: Option<String>,
    pub(crate) host: String,
    pub(crate) region: String,
    /// Whether another credential can be fetched without a person.
    pub(crate) renewable: bool,
    pub(crate) profile: Option<String>,
    /// What stands on the way there.
    pub(crate) proxy: Option<String>,
}

impl Place {
    pub(crate) fn of(config: &Config) -> Self {
        let (secure, host, port) = config.address();
        let traffic = if secure { Traffic::Https } else { Traffic::Http };
        let way = Way::to(&config.network.proxy, traffic, &host).ok().flatten();
        let (renewable, profile) = match &config.signer {
            crate::config::Signer::Key { .. } => (false, None),
            crate::config::Signer::Chain { profile, .. } => (true, profile.clone()),
        };
        Self {
            bucket: config.bucket.clone(),
            host: if matches!(port, 80 | 443) { host } else { format!("{host}:{port}") },
            region: config.signing_region().to_owned(),
            renewable,
            profile,
            proxy: way.map(|way| way.address().to_string()),
        }
    }

    /// The same place, with the bucket that a call is about.
    pub(crate) fn about(&self, bucket: Option<&str>) -> Self {
        Self { bucket: bucket.map(str::to_owned), ..self.clone() }
    }

    /// Whom a message means.
    fn whose(&self) -> String {
        self.bucket.as_ref().map_or_else(|| self.host.clone(), |bucket| format!("the bucket `{bucket}`"))
    }
}

/// The one mapping of an answer. `reading` decides whether a failed condition means *changed* or *already there*.
pub(crate) fn from_answer(operation: &'static str, reading: bool, answer: &Answer, place: &Place) -> ConnectorError {
    // What is not encrypted goes to a proxy as a request, and the refusal comes back as an answer.
    if let (PROXY_SIGN_IN_NEEDED, Some(proxy)) = (answer.status, &place.proxy) {
        let refused = ProxyError { proxy: proxy.clone(), target: place.host.clone(), trouble: Trouble::SignIn };
        return refused.to_connector_error(operation).with("step", "proxy");
    }
    let known = TABLE.iter().find(|row| row.code == answer.code);
    let (mut kind, retry, mut says) =
        known.map_or_else(|| by_status(answer.status), |row| (row.kind, row.retry, row.says));
    if reading && kind == FailureKind::AlreadyExists {
        (kind, says) = (FailureKind::Changed, COND);
    }
    let mut message = filled(says, place);
    if says == WRONG_REGION {
        message = wrong_region(answer, place);
    } else if says == SKEWED {
        if let Some((theirs, ours)) = &answer.times {
            message = format!("{message} (it signed at {ours}, {} had {theirs})", place.host);
        }
    } else if says == EXPIRED {
        message = expired(place);
    } else if (known.is_none() || kind == FailureKind::Denied) && tells_more(&answer.message) {
        message = format!("{message}: {}", answer.message.trim_end_matches('.'));
    }
    let mut error = ConnectorError::new(kind, operation, message);
    if let Some(retry) = retry {
        error = error.retry(retry);
    }
    if let (Some(ms), true) = (answer.retry_after_ms, error.retry != Retry::Never) {
        error = error.retry(Retry::After(ms.min(LONGEST_WAIT_MS)));
    }
    error = error.code(if answer.code.is_empty() { answer.status.to_string() } else { answer.code.clone() });
    error = error.with("status", answer.status.to_string());
    if let Some(id) = &answer.request_id {
        error = error.with("request-id", id.clone());
    }
    if let Some(region) = &answer.region {
        error = error.with("region", region.clone());
    }
    if !answer.message.is_empty() {
        error = error.with("answer", answer.message.clone());
    }
    error
}

/// Whether the server's sentence says more than *access denied*, as Garage's does for a wrong secret.
fn tells_more(message: &str) -> bool {
    !message.is_empty() && !message.trim_end_matches('.').eq_ignore_ascii_case("access denied")
}

fn filled(says: &str, place: &Place) -> String {
    let says = says.replace("the bucket `{bucket}`", &place.whose());
    says.replace("{bucket}", place.bucket.as_deref().unwrap_or_default())
        .replace("{host}", &place.host)
        .replace("{region}", &place.region)
}

fn wrong_region(answer: &Answer, place: &Place) -> String {
    match &answer.region {
        Some(region) if *region != place.region => format!(
            "{} is in the region `{region}`, not in `{}`; set the connection's region to `{region}`",
            place.whose(),
            place.region
        ),
        _ => filled(WRONG_REGION, place),
    }
}

fn expired(place: &Place) -> String {
    match (&place.profile, place.renewable) {
        (Some(profile), _) => {
            format!(
                "the credentials of the profile `{profile}` have expired; sign in with `aws sso login --profile {profile}` or renew them"
            )
        }
        (None, true) => {
            "the credentials that AWS's own rules found have expired; renew them where they come from".to_owned()
        }
        (None, false) => "the session token has expired; enter new temporary credentials".to_owned(),
    }
}

/// Maps what the SDK hands back.
pub(crate) fn from_sdk<E>(
    operation: &'static str,
    reading: bool,
    error: SdkError<E, HttpResponse>,
    place: &Place,
) -> ConnectorError
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    if let Some(response) = error.raw_response() {
        let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
        let body = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
        let answer = Answer {
            status: response.status().as_u16(),
            code: meta.and_then(|meta| meta.code()).or_else(|| xml_text(&body, "Code")).unwrap_or_default().to_owned(),
            message: meta
                .and_then(|meta| meta.message())
                .or_else(|| xml_text(&body, "Message"))
                .unwrap_or_default()
                .to_owned(),
            request_id: response.headers().get("x-amz-request-id").map(str::to_owned),
            retry_after_ms: retry_after(response),
            region: response
                .headers()
                .get("x-amz-bucket-region")
                .or_else(|| xml_text(&body, "Region"))
                .or_else(|| region_of_endpoint(xml_text(&body, "Endpoint")?))
                .map(str::to_owned),
            times: xml_text(&body, "ServerTime")
                .zip(xml_text(&body, "RequestTime"))
                .map(|(theirs, ours)| (theirs.to_owned(), ours.to_owned())),
        };
        if let Some(broken) = cut_short(operation, &error, place) {
            return broken;
        }
        let mapped = from_answer(operation, reading, &answer, place);
        let mapped = if body.is_empty() { mapped.with("body", "empty") } else { mapped };
        return mapped.caused_by(error);
    }
    from_wire(operation, error, place)
}

/// An answer that began well and broke off.
fn cut_short<E>(operation: &'static str, error: &SdkError<E, HttpResponse>, place: &Place) -> Option<ConnectorError>
where
    E: StdError + Send + Sync + 'static,
{
    let SdkError::ResponseError(_) = error else { return None };
    let io = chain(error).any(|cause| cause.is::<std::io::Error>() || is_incomplete(cause));
    io.then(|| {
        ConnectorError::new(
            FailureKind::Unreachable,
            operation,
            format!("the connection to {} broke while it answered", place.host),
        )
    })
}

/// Whether hyper says that a body ended early.
pub(crate) fn is_incomplete(cause: &(dyn StdError + 'static)) -> bool {
    let text = cause.to_string();
    text.contains("end of file before message length reached")
        || text.contains("connection closed before message completed")
        || text.contains("unexpected EOF")
        || text.contains("error reading a body from connection")
}

fn region_of_endpoint(endpoint: &str) -> Option<&str> {
    let rest = endpoint.strip_suffix(".amazonaws.com")?;
    rest.rsplit(['.']).next().map(|name| name.strip_prefix("s3-").unwrap_or(name)).filter(|name| name.contains('-'))
}

/// Every error from the outermost to its root.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn StdError + 'static) = *error;
        error.source()
    })
}

/// Milliseconds of `Retry-After`, given in seconds or as a date, which counts from the answer's own `Date`.
fn retry_after(response: &HttpResponse) -> Option<u64> {
    let value = response.headers().get("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds.saturating_mul(1000));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?;
    let now = jiff::fmt::rfc2822::parse(response.headers().get("date")?).ok()?;
    let wait = at.timestamp().as_millisecond() - now.timestamp().as_millisecond();
    Some(u64::try_from(wait).unwrap_or(0))
}

/// Nothing came for too long.
pub(crate) fn silent(operation: &'static str, silence: Silence, place: &Place) -> ConnectorError {
    let (host, seconds) = (&place.host, silence.seconds);
    let message = if silence.sending {
        format!("{host} took no more bytes for {seconds} s")
    } else {
        format!("{host} did not answer for {seconds} s")
    };
    ConnectorError::new(FailureKind::TimedOut, operation, message)
}

/// A body broke off or stalled while it was read.
pub(crate) fn broken_body(place: &Place, got: u64, wanted: Option<u64>) -> ConnectorError {
    let of = wanted.map_or_else(String::new, |wanted| format!(" of {wanted}"));
    ConnectorError::new(
        FailureKind::Truncated,
        "read",
        format!("the connection to {} ended after {got}{of} bytes", place.host),
    )
}

#[cfg(test)]
#[path = "errors/tests.rs"]
mod tests;
