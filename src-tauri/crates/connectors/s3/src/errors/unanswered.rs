//! A call that got no answer: no credentials to sign it with, no name, no port, no trust, no time.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::{
    config::http::HttpResponse,
    error::{ErrorMetadata, SdkError},
};
use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};
use waybill_proxy::ProxyError;

use super::{Place, chain};

/// Maps a call that got no answer at all.
pub(super) fn from_wire<E>(operation: &'static str, error: SdkError<E, HttpResponse>, place: &Place) -> ConnectorError
where
    E: StdError + Send + Sync + 'static,
{
    let host = &place.host;
    let new = |kind, message: String| ConnectorError::new(kind, operation, message);
    let cause = chain(&error).find_map(|cause| cause.downcast_ref::<CredentialsError>());
    if let Some(unsigned) = cause.map(|cause| credentials(operation, cause, place)) {
        return unsigned.caused_by(error);
    }
    let proxy = chain(&error).find_map(|cause| cause.downcast_ref::<ProxyError>());
    if let Some(refused) = proxy.map(|proxy| proxy.to_connector_error(operation)) {
        return refused.with("step", "proxy").caused_by(error);
    }
    let texts: Vec<String> = chain(&error).map(ToString::to_string).collect();
    let says = |needle: &str| texts.iter().any(|text| text.contains(needle));
    let io = chain(&error).filter_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind).last();
    let mapped = if says("invalid peer certificate") || says("certificate") {
        let why = texts.last().map(String::as_str).unwrap_or_default();
        new(
            FailureKind::Unreachable,
            format!("the certificate of {host} is not trusted ({why}); its administrator can renew it, or yours can trust its issuer"),
        )
        .retry(Retry::Never)
        .with("step", "certificate")
    } else if says("dns error") || says("failed to lookup address") {
        new(
            FailureKind::Unreachable,
            format!("no address is known for {host}; check the endpoint and this computer's network"),
        )
        .with("step", "name")
    } else if io == Some(std::io::ErrorKind::ConnectionRefused) {
        new(
            FailureKind::Unreachable,
            format!("nothing answers at {host}; check the endpoint's port, or ask its administrator"),
        )
        .with("step", "port")
    } else if matches!(&error, SdkError::TimeoutError(_))
        || says("timed out")
        || io == Some(std::io::ErrorKind::TimedOut)
    {
        new(FailureKind::TimedOut, format!("{host} did not answer in time; a firewall may be in between"))
            .with("step", "port")
    } else if says("InvalidMessage") || says("received corrupt message") || says("wrong version number") {
        new(FailureKind::Invalid, format!("{host} does not speak TLS there; try `http://` or another port"))
            .with("step", "certificate")
    } else if let SdkError::ConstructionFailure(_) = &error {
        let why = texts.last().cloned().unwrap_or_default();
        new(FailureKind::Invalid, format!("the request to {host} cannot be made: {why}"))
    } else {
        new(FailureKind::Unreachable, format!("the connection to {host} broke"))
    };
    mapped.caused_by(error)
}

fn credentials(operation: &'static str, cause: &CredentialsError, place: &Place) -> ConnectorError {
    let whose = place.profile.as_ref().map_or_else(
        || "no credentials were found in the environment, a profile or this machine".to_owned(),
        |profile| format!("the profile `{profile}` gave no credentials"),
    );
    let why = root(cause);
    let hint = match &place.profile {
        Some(profile) => format!("sign in with `aws sso login --profile {profile}`, or correct the profile"),
        None => "enter an access key, or name a profile".to_owned(),
    };
    let timed_out = matches!(cause, CredentialsError::ProviderTimedOut(_));
    let error = ConnectorError::new(FailureKind::Unauthenticated, operation, format!("{whose} ({why}); {hint}"));
    if timed_out { error.retry(Retry::Backoff) } else { error }
}

/// What a token service said, else what the error began with.
fn root(cause: &CredentialsError) -> String {
    let told = chain(cause).find_map(|cause| {
        let meta = cause.downcast_ref::<ErrorMetadata>()?;
        match (meta.message(), meta.code()) {
            (Some(message), Some(code)) => Some(format!("{}, {code}", message.trim_end_matches('.'))),
            (words, code) => words.or(code).map(str::to_owned),
        }
    });
    let texts = chain(cause).filter(|cause| !cause.is::<ErrorMetadata>()).map(ToString::to_string);
    told.or_else(|| texts.last()).unwrap_or_default()
}
