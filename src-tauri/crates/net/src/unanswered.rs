//! A call that got no answer: no name, no port, no trust, no time.

use std::{error::Error as StdError, io};

use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};

use crate::trust::Refused;

/// Maps what the client says to an error that names who can mend it.
pub(crate) fn unanswered(
    operation: &'static str,
    host: &str,
    error: reqwest::Error,
    refused: Option<Refused>,
) -> ConnectorError {
    let new = |kind, message: String| ConnectorError::new(kind, operation, message);
    let error = error.without_url();
    let texts: Vec<String> = chain(&error).map(ToString::to_string).collect();
    let says = |needle: &str| texts.iter().any(|text| text.contains(needle));
    let io = chain(&error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind).last();
    let mapped = if says("invalid peer certificate") || says("InvalidCertificate") {
        untrusted(operation, host, refused)
    } else if says("CertificateRequired") || says("HandshakeFailure") && says("alert") {
        new(FailureKind::Unauthenticated, format!("{host} asks for a client certificate, and none fits; enter one"))
            .with("step", "certificate")
    } else if says("dns error") || says("failed to lookup address") {
        new(FailureKind::Unreachable, format!("no address is known for {host}; check it and this computer's network"))
            .with("step", "name")
    } else if io == Some(io::ErrorKind::ConnectionRefused) {
        new(FailureKind::Unreachable, format!("nothing answers at {host}; check its address, or ask its administrator"))
            .with("step", "port")
    } else if error.is_timeout() || says("timed out") || io == Some(io::ErrorKind::TimedOut) {
        late(operation, host).with("step", "port")
    } else if says("InvalidMessage") || says("corrupt message") || says("wrong version number") {
        new(FailureKind::Invalid, format!("{host} does not speak TLS there; try `http://` or another port"))
            .with("step", "certificate")
    } else if error.is_builder() {
        new(
            FailureKind::Invalid,
            format!("the request to {host} cannot be made: {}", texts.last().cloned().unwrap_or_default()),
        )
    } else if error.is_body() && texts.iter().any(|text| text.contains("end of file before message length")) {
        new(FailureKind::Truncated, format!("the answer of {host} ended before its end"))
    } else {
        new(FailureKind::Unreachable, format!("the connection to {host} broke"))
    };
    mapped.caused_by(error)
}

/// It did not answer in time.
pub(crate) fn late(operation: &'static str, host: &str) -> ConnectorError {
    ConnectorError::new(
        FailureKind::TimedOut,
        operation,
        format!("{host} did not answer in time; a firewall may be in between"),
    )
}

/// The certificate that it shows is not trusted.
pub(crate) fn untrusted(operation: &'static str, host: &str, refused: Option<Refused>) -> ConnectorError {
    let why =
        refused.as_ref().map_or_else(|| "this computer does not trust it".to_owned(), |refused| refused.why.clone());
    let error = ConnectorError::new(
        FailureKind::Unreachable,
        operation,
        format!(
            "the certificate of {host} is not trusted: {why}; its administrator can renew it, yours can trust its issuer, or you \
             compare its fingerprint with them and pin it"
        ),
    )
    .code("certificate")
    .retry(Retry::Never)
    .with("step", "certificate");
    match refused {
        Some(refused) => error.with("fingerprint", refused.fingerprint.to_string()),
        None => error,
    }
}

/// An error and all that it was caused by.
fn chain<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}
