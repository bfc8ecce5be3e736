//! A call that got no answer: no name, no port, no trust, no time.

use std::{error::Error as StdError, io};

use jiff::Timestamp;
use waybill_connector::{ConnectorError, Phrase, Said};
use waybill_model::{FailureKind, Retry};

use crate::{
    trust::{Refused, Why},
    words,
};

/// Maps what the client says to an error that names who can mend it.
pub(crate) fn unanswered(
    operation: &'static str,
    host: &str,
    error: reqwest::Error,
    refused: Option<&Refused>,
) -> ConnectorError {
    let new = |kind, phrase: Phrase| ConnectorError::saying(kind, operation, phrase.with(&[("place", host)]));
    let plain = |kind, message: String| ConnectorError::new(kind, operation, message);
    let error = error.without_url();
    let texts: Vec<String> = chain(&error).map(ToString::to_string).collect();
    let says = |needle: &str| texts.iter().any(|text| text.contains(needle));
    let io = chain(&error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind).last();
    let mapped = if says("invalid peer certificate") || says("InvalidCertificate") {
        untrusted(operation, host, refused)
    } else if says("CertificateRequired") || says("HandshakeFailure") && says("alert") {
        new(FailureKind::Unauthenticated, words::WHO_ARE_WE).with("step", "certificate")
    } else if says("dns error") || says("failed to lookup address") {
        unnamed(operation, host)
    } else if io == Some(io::ErrorKind::ConnectionRefused) {
        new(FailureKind::Unreachable, words::NO_PORT).with("step", "port")
    } else if error.is_timeout() || says("timed out") || io == Some(io::ErrorKind::TimedOut) {
        late(operation, host).with("step", "port")
    } else if says("InvalidMessage") || says("corrupt message") || says("wrong version number") {
        new(FailureKind::Invalid, words::NO_TLS).with("step", "certificate")
    } else if error.is_builder() {
        let why = texts.last().cloned().unwrap_or_default();
        plain(FailureKind::Invalid, format!("the request to {host} cannot be made: {why}"))
    } else if error.is_body() && texts.iter().any(|text| text.contains("end of file before message length")) {
        plain(FailureKind::Truncated, format!("the answer of {host} ended before its end"))
    } else {
        new(FailureKind::Unreachable, words::BROKE)
    };
    mapped.caused_by(error)
}

/// No address is known for its name.
pub(crate) fn unnamed(operation: &'static str, host: &str) -> ConnectorError {
    let said = words::NO_NAME.with(&[("host", host)]);
    ConnectorError::saying(FailureKind::Unreachable, operation, said).with("step", "name")
}

/// Nothing takes a connection there.
pub(crate) fn unconnected(operation: &'static str, place: &str, error: io::Error) -> ConnectorError {
    let phrase = match error.kind() {
        io::ErrorKind::ConnectionRefused => words::NO_PORT,
        io::ErrorKind::TimedOut => words::LATE,
        _ => words::NO_WAY,
    };
    let said = phrase.with(&[("place", place)]);
    ConnectorError::saying(FailureKind::Unreachable, operation, said).with("step", "port").caused_by(error)
}

/// It did not answer in time.
pub(crate) fn late(operation: &'static str, place: &str) -> ConnectorError {
    ConnectorError::saying(FailureKind::TimedOut, operation, words::LATE.with(&[("place", place)]))
}

/// What broke a line of TLS that stood, or was about to.
pub(crate) fn line_broke(operation: &'static str, place: &str, error: io::Error) -> ConnectorError {
    let text = error.to_string();
    let says = |needle: &str| text.contains(needle);
    let new = |kind, phrase: Phrase| ConnectorError::saying(kind, operation, phrase.with(&[("place", place)]));
    let mapped = if says("CertificateRequired") || says("HandshakeFailure") || says("AccessDenied") || says("UnknownCA")
    {
        new(FailureKind::Unauthenticated, words::WHO_ARE_WE).with("step", "certificate")
    } else if says("InvalidMessage") || says("corrupt message") || says("InvalidContentType") {
        new(FailureKind::Invalid, words::NO_TLS).with("step", "certificate")
    } else {
        new(FailureKind::Unreachable, words::BROKE)
    };
    mapped.caused_by(error)
}

/// The certificate that it shows is not trusted.
pub(crate) fn untrusted(operation: &'static str, place: &str, refused: Option<&Refused>) -> ConnectorError {
    let said = match refused {
        Some(refused) => why_not(place, refused),
        None => words::UNSEEN.with(&[("place", place)]),
    };
    let error = ConnectorError::saying(FailureKind::Unreachable, operation, said)
        .code("certificate")
        .retry(Retry::Never)
        .with("step", "certificate");
    match refused {
        Some(refused) => error.with("fingerprint", refused.fingerprint.to_string()),
        None => error,
    }
}

/// Why a certificate is not trusted, and who can mend it.
fn why_not(place: &str, refused: &Refused) -> Said {
    let fingerprint = refused.fingerprint.to_string();
    let names = refused.names.as_str();
    let said = |phrase: Phrase, more: &[(&str, &str)]| {
        phrase.with(&[&[("place", place), ("fingerprint", fingerprint.as_str())], more].concat())
    };
    match &refused.why {
        Why::RanOut(at) => said(words::RAN_OUT, &[("day", &day(*at))]),
        Why::NotYet(at) => said(words::NOT_YET, &[("day", &day(*at))]),
        Why::AnotherName => said(words::ANOTHER_NAME, &[("names", names)]),
        Why::SelfSigned => said(words::SELF_SIGNED, &[("names", names)]),
        Why::UnknownIssuer => said(words::UNKNOWN_ISSUER, &[("names", names)]),
        Why::TakenBack => said(words::TAKEN_BACK, &[]),
        Why::Changed(pin) => said(words::CHANGED, &[("pinned", &pin.to_string())]),
        Why::Other(why) => said(words::NOT_TRUSTED, &[("why", why)]),
    }
}

/// A day of the calendar in UTC, as `2026-11-22`.
fn day(seconds: u64) -> String {
    let at = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    at.map(|at| at.strftime("%F").to_string()).unwrap_or_default()
}

/// An error and all that it was caused by.
fn chain<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}
