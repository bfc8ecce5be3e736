//! Who may ask: one key pair, session tokens, and what the protocol crate does not check about a signature.

use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::HEXLOWER;
use http::StatusCode;
use http::request::Parts;
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Result, s3_error};

use super::clock::{Clock, Millis};
use super::request::custom;

/// Longest life of a presigned URL, in seconds.
const MAX_PRESIGNED: u64 = 7 * 24 * 60 * 60;

/// The key pair and the session tokens that go with it.
pub(super) struct Credentials {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) region: String,
    pub(super) clock: Arc<Clock>,
    /// Tokens with the end of their life; where there is one, every request needs one.
    pub(super) sessions: Mutex<Vec<(String, Millis)>>,
}

#[async_trait::async_trait]
impl S3Auth for Shared {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.0.access_key_id {
            return Ok(SecretKey::from(self.0.secret_access_key.clone()));
        }
        Err(s3_error!(InvalidAccessKeyId, "The AWS Access Key Id you provided does not exist in our records."))
    }
}

/// The same credentials for the protocol crate.
pub(super) struct Shared(pub(super) Arc<Credentials>);

/// Regions that were there before Signature Version 4, and still take Version 2.
const OLD_REGIONS: [&str; 8] = [
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
];

/// What a request says about its signature.
struct Claim {
    token: Option<String>,
    presigned: bool,
    /// The credential scope and the signed headers; Version 2 has neither.
    version_4: Option<(String, String)>,
}

impl Credentials {
    /// Judges a request before its signature: its scheme, region, signed headers and session.
    pub(super) fn check(&self, parts: &Parts) -> S3Result<()> {
        let Some(claim) = read_claim(parts)? else { return Ok(()) };
        match &claim.version_4 {
            Some((scope, signed)) => self.check_scope(parts, scope, signed, claim.presigned)?,
            None if !OLD_REGIONS.contains(&self.region.as_str()) => return Err(unsupported()),
            None => {}
        }
        self.check_session(claim.token.as_deref())
    }

    fn check_scope(&self, parts: &Parts, scope: &str, signed: &str, presigned: bool) -> S3Result<()> {
        let region = scope.split('/').nth_back(2).unwrap_or_default();
        if region != self.region {
            let expecting = &self.region;
            let message = format!(
                "The authorization header is malformed; the region '{region}' is wrong; expecting '{expecting}'"
            );
            return Err(custom("AuthorizationHeaderMalformed", StatusCode::BAD_REQUEST, message));
        }
        let is_unsigned = parts.headers.keys().map(http::HeaderName::as_str).any(|name| {
            let must = name.starts_with("x-amz-") && !(presigned && name == "x-amz-content-sha256");
            must && !signed.split(';').any(|one| one == name)
        });
        if is_unsigned {
            return Err(s3_error!(AccessDenied, "There were headers present in the request which were not signed"));
        }
        Ok(())
    }

    fn check_session(&self, token: Option<&str>) -> S3Result<()> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(token) = token else {
            return if sessions.is_empty() {
                Ok(())
            } else {
                Err(s3_error!(InvalidAccessKeyId, "The AWS Access Key Id you provided does not exist in our records."))
            };
        };
        match sessions.iter().find(|(known, _)| known == token) {
            None => Err(s3_error!(InvalidToken, "The provided token is malformed or otherwise invalid.")),
            Some((_, end)) if *end <= self.clock.now() => Err(expired()),
            Some(_) => Ok(()),
        }
    }
}

/// The refusal of credentials that ran out.
pub(super) fn expired() -> s3s::S3Error {
    custom("ExpiredToken", StatusCode::BAD_REQUEST, "The provided token has expired.")
}

fn read_claim(parts: &Parts) -> S3Result<Option<Claim>> {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let query = parts.uri.query().unwrap_or_default();
    let parameter = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map(|(_, value)| decode(value))
    };
    if let Some(authorization) = header("authorization") {
        let token = header("x-amz-security-token").map(str::to_owned);
        let Some(fields) = authorization.strip_prefix("AWS4-HMAC-SHA256") else {
            let old = authorization.starts_with("AWS ");
            return if old { Ok(Some(Claim { token, presigned: false, version_4: None })) } else { Err(unsupported()) };
        };
        let field = |name: &str| {
            fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
        };
        return Ok(field("Credential").zip(field("SignedHeaders")).map(|both| Claim {
            token,
            presigned: false,
            version_4: Some(both),
        }));
    }
    if parameter("AWSAccessKeyId").is_some() {
        let token = parameter("x-amz-security-token");
        return Ok(Some(Claim { token, presigned: true, version_4: None }));
    }
    let life = parameter("X-Amz-Expires").and_then(|seconds| seconds.parse::<u64>().ok());
    if life.is_some_and(|life| life > MAX_PRESIGNED) {
        return Err(custom(
            "AuthorizationQueryParametersError",
            StatusCode::BAD_REQUEST,
            format!(
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than {MAX_PRESIGNED} seconds"
            ),
        ));
    }
    let both = parameter("X-Amz-Credential").zip(parameter("X-Amz-SignedHeaders"));
    let token = parameter("X-Amz-Security-Token");
    Ok(both.map(|both| Claim { token, presigned: true, version_4: Some(both) }))
}

fn unsupported() -> s3s::S3Error {
    s3_error!(
        InvalidRequest,
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
    )
}

/// Undoes percent-encoding; what is not well-formed stays as it is.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|_| *first == b'%').map(<[u8]>::to_ascii_lowercase);
        if let Some(Ok(byte)) = pair.map(|pair| HEXLOWER.decode(&pair)) {
            bytes.extend(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
