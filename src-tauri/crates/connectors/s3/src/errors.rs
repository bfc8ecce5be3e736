//! One table: what an S3 server answers -> what the desk acts on. Every message says who can mend it.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::{
    config::http::HttpResponse,
    error::{ErrorMetadata, ProvideErrorMetadata, SdkError},
};
use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};

use crate::{answers::xml_text, config::Config, watch::Silence};

/// Longest `Retry-After` that is obeyed; more is a server's mistake.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;

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
}

impl Place {
    pub(crate) fn of(config: &Config) -> Self {
        let (_, host, port) = config.address();
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

/// A row: the server's code, what it means here, and the sentence for it.
pub(crate) struct Row {
    pub(crate) code: &'static str,
    pub(crate) kind: FailureKind,
    /// Whether trying again helps; `None` where it follows from the kind.
    pub(crate) retry: Option<Retry>,
    /// `{bucket}`, `{host}` and `{region}` are filled in.
    pub(crate) says: &'static str,
}

const fn row(code: &'static str, kind: FailureKind, says: &'static str) -> Row {
    Row { code, kind, retry: None, says }
}

const fn again(code: &'static str, kind: FailureKind, says: &'static str) -> Row {
    Row { code, kind, retry: Some(Retry::Backoff), says }
}

const NO_KEY: &str = "nothing is there under that name";
const NO_VERSION: &str = "that version is not there any more";
const NO_BUCKET: &str = "there is no bucket `{bucket}` at {host}; check its name, its region and the endpoint, or ask its \
                         owner to create it";
const DENIED: &str = "the bucket `{bucket}` does not allow this to the credentials in use; its owner can grant it";
const EXPIRED: &str = "the credentials have expired; sign in again or enter new ones";
const NO_SUCH_ID: &str = "{host} does not know this access key ID; check it, or ask the account's administrator whether the \
                          key is still active";
const BAD_SECRET: &str = "the secret access key does not belong to this access key ID; enter it again";
const SKEWED: &str = "the clocks of this computer and of {host} differ too much; set this computer's clock";
const WRONG_REGION: &str = "the bucket `{bucket}` is not in the region `{region}`; correct the connection's region";
const WRONG_BYTES: &str =
    "the bytes that arrived at {host} are not those that were sent; something on the way changed them";
const SLOW_DOWN: &str = "{host} asks for fewer requests";
const BROKEN: &str = "{host} failed by itself; its administrator can tell why";
const CANNOT: &str = "{host} does not offer this";
const FULL: &str = "the storage behind the bucket `{bucket}` is full; its administrator can make room";
const KMS: &str =
    "the encryption key of the bucket `{bucket}` cannot be used; its administrator can enable it or grant its use";
const COND: &str = "the entry changed since it was looked at";

/// The table. A code that is missing here is judged by its status.
pub(crate) const TABLE: &[Row] = &[
    row("NoSuchKey", FailureKind::NotFound, NO_KEY),
    row("NotFound", FailureKind::NotFound, NO_KEY),
    row("NoSuchVersion", FailureKind::NotFound, NO_VERSION),
    row(
        "NoSuchUpload",
        FailureKind::NotFound,
        "{host} does not know this upload any more: it was completed, ended or has expired",
    ),
    row("NoSuchBucket", FailureKind::NotFound, NO_BUCKET),
    row("NoSuchTagSet", FailureKind::NotFound, "the object has no tags"),
    row("ObjectLockConfigurationNotFoundError", FailureKind::NotFound, "the bucket `{bucket}` has no Object Lock"),
    row("NoSuchObjectLockConfiguration", FailureKind::NotFound, "the object has no lock"),
    row("AccessDenied", FailureKind::Denied, DENIED),
    row("AllAccessDisabled", FailureKind::Denied, DENIED),
    row(
        "AccountProblem",
        FailureKind::Denied,
        "the account behind the credentials has a problem; its owner has to solve it",
    ),
    row("InvalidAccessKeyId", FailureKind::Unauthenticated, NO_SUCH_ID),
    row("SignatureDoesNotMatch", FailureKind::Unauthenticated, BAD_SECRET),
    row("ExpiredToken", FailureKind::Unauthenticated, EXPIRED),
    row("ExpiredTokenException", FailureKind::Unauthenticated, EXPIRED),
    row("TokenRefreshRequired", FailureKind::Unauthenticated, EXPIRED),
    row("RequestExpired", FailureKind::Unauthenticated, EXPIRED),
    row(
        "InvalidToken",
        FailureKind::Unauthenticated,
        "the session token is not valid; sign in again or enter new credentials",
    ),
    row("InvalidSecurity", FailureKind::Unauthenticated, "the credentials are not valid; enter them again"),
    row("NotSignedUp", FailureKind::Unauthenticated, "the account is not signed up for S3; its owner can mend it"),
    row("RequestTimeTooSkewed", FailureKind::Unauthenticated, SKEWED),
    row("AuthorizationHeaderMalformed", FailureKind::Invalid, WRONG_REGION),
    row("PermanentRedirect", FailureKind::Invalid, WRONG_REGION),
    row("TemporaryRedirect", FailureKind::Invalid, WRONG_REGION),
    row("IllegalLocationConstraintException", FailureKind::Invalid, WRONG_REGION),
    row("PreconditionFailed", FailureKind::AlreadyExists, "something with that name is already there"),
    row("ConditionalRequestConflict", FailureKind::Locked, "another write to the same name is under way"),
    row("OperationAborted", FailureKind::Locked, "another change to the same thing is under way"),
    row("InvalidRange", FailureKind::Truncated, "the file ends before the bytes that were asked for"),
    row("BadDigest", FailureKind::ChecksumMismatch, WRONG_BYTES),
    row("InvalidDigest", FailureKind::ChecksumMismatch, WRONG_BYTES),
    row("XAmzContentSHA256Mismatch", FailureKind::ChecksumMismatch, WRONG_BYTES),
    row("XAmzContentChecksumMismatch", FailureKind::ChecksumMismatch, WRONG_BYTES),
    row("EntityTooLarge", FailureKind::TooLarge, "the file is larger than {host} takes"),
    row("EntityTooSmall", FailureKind::Invalid, "a part is smaller than {host} takes"),
    row("MetadataTooLarge", FailureKind::Invalid, "the object's metadata is larger than {host} takes"),
    row("KeyTooLongError", FailureKind::Invalid, "the name is longer than {host} takes"),
    row("KeyTooLong", FailureKind::Invalid, "the name is longer than {host} takes"),
    row(
        "InvalidBucketName",
        FailureKind::Invalid,
        "`{bucket}` is not a name that a bucket can have; correct the connection",
    ),
    row(
        "InvalidStorageClass",
        FailureKind::Invalid,
        "{host} does not know the storage class of this connection; correct it",
    ),
    row(
        "InvalidObjectState",
        FailureKind::Invalid,
        "the object lies in an archive and has to be restored there first; the bucket's owner can do that",
    ),
    row("InvalidRetentionDate", FailureKind::Invalid, "the date of the retention is not one that {host} takes"),
    again("InvalidPart", FailureKind::Invalid, "{host} has lost a part of this upload; it is sent again"),
    again("InvalidPartOrder", FailureKind::Invalid, "{host} wants the parts of this upload in another order"),
    row("IncompleteBody", FailureKind::Truncated, "fewer bytes arrived at {host} than were announced"),
    row("RequestTimeout", FailureKind::TimedOut, "{host} waited for bytes that did not come in time"),
    row("SlowDown", FailureKind::RateLimited, SLOW_DOWN),
    row("SlowDownRead", FailureKind::RateLimited, SLOW_DOWN),
    row("SlowDownWrite", FailureKind::RateLimited, SLOW_DOWN),
    row("ServiceUnavailable", FailureKind::RateLimited, SLOW_DOWN),
    row("Throttling", FailureKind::RateLimited, SLOW_DOWN),
    row("ThrottlingException", FailureKind::RateLimited, SLOW_DOWN),
    row("TooManyRequests", FailureKind::RateLimited, SLOW_DOWN),
    row("RequestLimitExceeded", FailureKind::RateLimited, SLOW_DOWN),
    again("InternalError", FailureKind::Vendor, BROKEN),
    row("NotImplemented", FailureKind::Unsupported, CANNOT),
    row("MethodNotAllowed", FailureKind::Unsupported, CANNOT),
    row("UnsupportedOperation", FailureKind::Unsupported, CANNOT),
    row("QuotaExceeded", FailureKind::QuotaExceeded, FULL),
    row("StorageFull", FailureKind::QuotaExceeded, FULL),
    row("XMinioStorageFull", FailureKind::QuotaExceeded, FULL),
    row("XMinioAdminBucketQuotaExceeded", FailureKind::QuotaExceeded, FULL),
    row("ObjectLocked", FailureKind::Held, "a retention rule or a legal hold protects it"),
    row("KMS.DisabledException", FailureKind::Denied, KMS),
    row("KMS.NotFoundException", FailureKind::Denied, KMS),
    row("KMS.KMSInvalidStateException", FailureKind::Denied, KMS),
    row("KMS.InvalidKeyUsageException", FailureKind::Denied, KMS),
];

/// What an answer means when its code is not in the table.
fn by_status(status: u16) -> (FailureKind, Option<Retry>, &'static str) {
    match status {
        301 | 302 | 307 | 308 => (FailureKind::Invalid, None, WRONG_REGION),
        401 => (FailureKind::Unauthenticated, None, "{host} did not accept the credentials; enter them again"),
        403 => (FailureKind::Denied, None, DENIED),
        404 => (FailureKind::NotFound, None, NO_KEY),
        405 | 501 => (FailureKind::Unsupported, None, CANNOT),
        408 => (FailureKind::TimedOut, None, "{host} waited for bytes that did not come in time"),
        409 => (FailureKind::Locked, None, "another change to the same thing is under way"),
        412 => (FailureKind::AlreadyExists, None, "something with that name is already there"),
        413 => (FailureKind::TooLarge, None, "the file is larger than {host} takes"),
        416 => (FailureKind::Truncated, None, "the file ends before the bytes that were asked for"),
        423 => (FailureKind::Held, None, "a retention rule or a legal hold protects it"),
        429 | 503 => (FailureKind::RateLimited, None, SLOW_DOWN),
        507 => (FailureKind::QuotaExceeded, None, FULL),
        504 => (FailureKind::TimedOut, None, "what stands before {host} got no answer from it in time"),
        500..=599 => (FailureKind::Vendor, Some(Retry::Backoff), BROKEN),
        400..=499 => (FailureKind::Invalid, None, "{host} refuses the request"),
        // A success that could not be read.
        _ => (FailureKind::Vendor, Some(Retry::Backoff), "the answer of {host} could not be understood"),
    }
}

/// The one mapping of an answer. `reading` decides whether a failed condition means *changed* or *already there*.
pub(crate) fn from_answer(operation: &'static str, reading: bool, answer: &Answer, place: &Place) -> ConnectorError {
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

/// Maps a call that got no answer at all.
fn from_wire<E>(operation: &'static str, error: SdkError<E, HttpResponse>, place: &Place) -> ConnectorError
where
    E: StdError + Send + Sync + 'static,
{
    let host = &place.host;
    let new = |kind, message: String| ConnectorError::new(kind, operation, message);
    let cause = chain(&error).find_map(|cause| cause.downcast_ref::<CredentialsError>());
    if let Some(unsigned) = cause.map(|cause| credentials(operation, cause, place)) {
        return unsigned.caused_by(error);
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
