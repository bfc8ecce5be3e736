//! What requests say about an object, read and judged in one place for all ways to write one.

use data_encoding::BASE64;
use s3s::dto::{Checksum, ETag, ETagCondition};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result, TrailingHeaders, s3_error};

use super::blob::ReceiveError;
use super::checksum::{Algorithm, Digests};
use super::clock::Millis;
use super::record::{Attributes, BucketRecord, Keeping, Lock, Mode, Retention};
use super::store::{Condition, internal};
use crate::web::Effects;

/// Bytes of one PUT, one part or one copy.
pub(super) const MAX_SINGLE: u64 = 5 * 1024 * 1024 * 1024;
/// Bytes of user metadata: names and values in UTF-8.
const MAX_METADATA: usize = 2 * 1024;
const MAX_TAGS: usize = 10;
const STORAGE_CLASSES: [&str; 11] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "SNOW",
    "EXPRESS_ONEZONE",
];

/// What faults ask of this request beyond the wire.
pub(super) fn effects_of<T>(request: &S3Request<T>) -> Effects {
    request.extensions.get::<Effects>().copied().unwrap_or_default()
}

/// The time whose state a read sees.
pub(super) fn as_of(effects: Effects, now: Millis) -> Millis {
    effects.stale.map_or(Millis::MAX, |ago| now - i64::try_from(ago.as_millis()).unwrap_or(0))
}

/// An error with a code that the protocol crate does not list.
pub(super) fn custom(code: &'static str, status: http::StatusCode, message: impl Into<String>) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message.into());
    error.set_status_code(status);
    error
}

/// Reads [`Attributes`] from any input that has the usual fields.
macro_rules! attributes_of {
    ($input:expr) => {
        $crate::s3::request::judge_attributes($crate::s3::record::Attributes {
            content_type: $input.content_type.take(),
            cache_control: $input.cache_control.take(),
            content_disposition: $input.content_disposition.take(),
            content_encoding: $input.content_encoding.take(),
            content_language: $input.content_language.take(),
            expires: $input.expires.take().map(|time| $crate::s3::clock::from_timestamp(&time)),
            website_redirect: $input.website_redirect_location.take(),
            metadata: $input.metadata.take().unwrap_or_default().into_iter().collect(),
        })
    };
}
pub(super) use attributes_of;

/// Reads [`Keeping`] from any input that has the usual fields.
macro_rules! keeping_of {
    ($input:expr, $region:expr) => {
        $crate::s3::request::judge_keeping(
            $crate::s3::record::Keeping {
                storage_class: $input.storage_class.take().map(|class| class.as_str().to_owned()),
                encryption: $input.server_side_encryption.take().map(|name| name.as_str().to_owned()),
                kms_key: $input.ssekms_key_id.take(),
                kms_context: $input.ssekms_encryption_context.take(),
                bucket_key: $input.bucket_key_enabled.take(),
            },
            $input.sse_customer_algorithm.is_some(),
            $region,
        )
    };
}
pub(super) use keeping_of;

/// Reads [`Lock`] from any input that has the usual fields.
macro_rules! lock_of {
    ($input:expr, $bucket:expr, $now:expr) => {
        $crate::s3::request::judge_lock(
            $input.object_lock_mode.as_ref().map(|mode| mode.as_str()),
            $input.object_lock_retain_until_date.as_ref().map($crate::s3::clock::from_timestamp),
            $input.object_lock_legal_hold_status.as_ref().map(|status| status.as_str()),
            $bucket,
            $now,
        )
    };
}
pub(super) use lock_of;

/// Collects the five checksum fields that many inputs and parts have.
macro_rules! checksums_of {
    ($input:expr) => {
        s3s::dto::Checksum {
            checksum_crc32: $input.checksum_crc32.clone(),
            checksum_crc32c: $input.checksum_crc32c.clone(),
            checksum_crc64nvme: $input.checksum_crc64nvme.clone(),
            checksum_sha1: $input.checksum_sha1.clone(),
            checksum_sha256: $input.checksum_sha256.clone(),
            checksum_type: None,
        }
    };
}
pub(super) use checksums_of;

/// Fills the five checksum fields of an output.
macro_rules! set_checksums {
    ($output:expr, $checksums:expr) => {{
        let checksums = $checksums;
        $output.checksum_crc32 = checksums.checksum_crc32;
        $output.checksum_crc32c = checksums.checksum_crc32c;
        $output.checksum_crc64nvme = checksums.checksum_crc64nvme;
        $output.checksum_sha1 = checksums.checksum_sha1;
        $output.checksum_sha256 = checksums.checksum_sha256;
    }};
}
pub(super) use set_checksums;

/// Refuses metadata over the limit, and drops the transfer coding from the content encoding.
pub(super) fn judge_attributes(mut attributes: Attributes) -> S3Result<Attributes> {
    let size: usize = attributes.metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > MAX_METADATA {
        return Err(s3_error!(MetadataTooLarge, "Your metadata headers exceed the maximum allowed metadata size"));
    }
    attributes.content_encoding = attributes.content_encoding.and_then(|all| {
        let kept: Vec<_> =
            all.split(',').map(str::trim).filter(|one| *one != "aws-chunked" && !one.is_empty()).collect();
        (!kept.is_empty()).then(|| kept.join(","))
    });
    Ok(attributes)
}

/// Refuses storage classes and encryptions that the service does not know.
pub(super) fn judge_keeping(mut keeping: Keeping, customer_key: bool, region: &str) -> S3Result<Keeping> {
    if customer_key {
        return Err(s3_error!(
            InvalidRequest,
            "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection."
        ));
    }
    if let Some(class) = &keeping.storage_class
        && !STORAGE_CLASSES.contains(&class.as_str())
    {
        return Err(s3_error!(InvalidStorageClass, "The storage class you specified is not valid"));
    }
    keeping.storage_class = keeping.storage_class.filter(|class| class != "STANDARD");
    match keeping.encryption.as_deref() {
        None | Some("AES256") if keeping.kms_key.is_some() => Err(s3_error!(
            InvalidArgument,
            "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
        )),
        Some("aws:kms" | "aws:kms:dsse") => {
            let key = keeping.kms_key.get_or_insert_with(|| "alias/aws/s3".to_owned());
            if !key.starts_with("arn:") {
                let kind = if key.starts_with("alias/") { "" } else { "key/" };
                *key = format!("arn:aws:kms:{region}:{}:{kind}{key}", super::ACCOUNT);
            }
            Ok(keeping)
        }
        None | Some("AES256") => Ok(keeping),
        Some(_) => Err(s3_error!(InvalidEncryptionAlgorithmError, "The encryption method specified is not supported")),
    }
}

/// Reads the lock that a write asks for.
pub(super) fn judge_lock(
    mode: Option<&str>,
    until: Option<Millis>,
    legal_hold: Option<&str>,
    bucket: &BucketRecord,
    now: Millis,
) -> S3Result<Lock> {
    if mode.is_none() && until.is_none() && legal_hold.is_none() {
        return Ok(Lock::default());
    }
    if !bucket.object_lock {
        return Err(s3_error!(InvalidRequest, "Bucket is missing Object Lock Configuration"));
    }
    let retention = match (mode, until) {
        (None, None) => None,
        (Some(mode), Some(until)) if until > now => Some(Retention { mode: Mode::parse(mode)?, until }),
        (Some(_), Some(_)) => return Err(s3_error!(InvalidArgument, "The retain until date must be in the future!")),
        _ => {
            return Err(s3_error!(
                InvalidArgument,
                "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied"
            ));
        }
    };
    let legal_hold = match legal_hold {
        None => None,
        Some("ON") => Some(true),
        Some("OFF") => Some(false),
        Some(_) => return Err(s3_error!(InvalidArgument, "Legal Hold must be either of 'ON' or 'OFF'")),
    };
    Ok(Lock { retention, legal_hold })
}

/// Reads the tags of `x-amz-tagging`, a query string.
pub(super) fn tags_of_header(header: Option<&str>) -> S3Result<Vec<(String, String)>> {
    let pairs = header.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let tags = pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode_form(key)?, decode_form(value)?))
        })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| {
            s3_error!(
                InvalidArgument,
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates."
            )
        })?;
    judge_tags(tags)
}

/// Refuses tags that the service would refuse.
pub(super) fn judge_tags(tags: Vec<(String, String)>) -> S3Result<Vec<(String, String)>> {
    if tags.len() > MAX_TAGS {
        return Err(custom("BadRequest", http::StatusCode::BAD_REQUEST, "Object tags cannot be greater than 10"));
    }
    for (at, (key, value)) in tags.iter().enumerate() {
        if key.is_empty() || key.encode_utf16().count() > 128 || !key.chars().all(is_tag_char) {
            return Err(s3_error!(InvalidTag, "The TagKey you have provided is invalid"));
        }
        if value.encode_utf16().count() > 256 || !value.chars().all(is_tag_char) {
            return Err(s3_error!(InvalidTag, "The TagValue you have provided is invalid"));
        }
        if key.starts_with("aws:") {
            return Err(s3_error!(InvalidTag, "System tags cannot be added/updated by requester"));
        }
        if tags[..at].iter().any(|(earlier, _)| earlier == key) {
            return Err(s3_error!(InvalidTag, "Cannot provide multiple Tags with the same key"));
        }
    }
    Ok(tags)
}

fn is_tag_char(one: char) -> bool {
    one.is_alphanumeric() || one == ' ' || "+-=._:/@".contains(one)
}

fn decode_form(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}

/// The conditions of a write; `If-None-Match` knows only the asterisk, as the service does.
pub(super) fn write_condition(
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
) -> S3Result<Condition> {
    let implied = "A header you provided implies functionality that is not implemented";
    if matches!(if_none_match, Some(ETagCondition::ETag(_))) || (if_match.is_some() && if_none_match.is_some()) {
        return Err(s3_error!(NotImplemented, "{implied}"));
    }
    Ok(Condition::new(if_match, if_none_match))
}

/// What a body must turn out to be.
#[derive(Debug)]
pub(super) struct Expected {
    length: u64,
    md5: Option<Vec<u8>>,
    /// `None` where the request names no algorithm.
    algorithm: Option<Algorithm>,
    /// `None` where it comes in a trailer, or not at all.
    checksum: Option<String>,
    trailing: Option<TrailingHeaders>,
}

impl Expected {
    /// Reads what a request announces about its body.
    pub(super) fn of<T>(
        request: &S3Request<T>,
        length: Option<i64>,
        md5: Option<&str>,
        checksums: &Checksum,
    ) -> S3Result<Self> {
        let length = length
            .and_then(|length| u64::try_from(length).ok())
            .ok_or_else(|| s3_error!(MissingContentLength, "You must provide the Content-Length HTTP header."))?;
        if length > MAX_SINGLE {
            return Err(too_large());
        }
        let md5 = match md5.map(|text| BASE64.decode(text.as_bytes())) {
            None => None,
            Some(Ok(md5)) if md5.len() == 16 => Some(md5),
            Some(_) => return Err(s3_error!(InvalidDigest, "The Content-MD5 you specified was invalid.")),
        };
        let given = given(checksums)?;
        let trailer = request.headers.get("x-amz-trailer").and_then(|value| value.to_str().ok());
        let announced = Algorithm::ALL
            .into_iter()
            .find(|one| trailer.is_some_and(|text| text.trim().eq_ignore_ascii_case(one.header())));
        let sdk = request.headers.get("x-amz-sdk-checksum-algorithm").and_then(|value| value.to_str().ok());
        if sdk.is_some() && given.is_none() && announced.is_none() {
            return Err(s3_error!(
                InvalidRequest,
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."
            ));
        }
        let (algorithm, checksum) = match (given, announced) {
            (Some((algorithm, value)), _) => (Some(algorithm), Some(value)),
            (None, announced) => (announced, None),
        };
        Ok(Self { length, md5, algorithm, checksum, trailing: request.trailing_headers.clone() })
    }

    /// The algorithm that the client named.
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }

    /// Whether anything vouches for the body.
    pub(super) fn is_vouched(&self) -> bool {
        self.md5.is_some() || self.algorithm.is_some()
    }

    /// Bytes that the body announces.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Compares the body with what was announced.
    pub(super) fn check(&self, size: u64, digests: &Digests) -> S3Result<()> {
        if size != self.length {
            return Err(incomplete());
        }
        if self.md5.as_ref().is_some_and(|md5| md5[..] != digests.md5) {
            return Err(s3_error!(BadDigest, "The Content-MD5 you specified did not match what we received."));
        }
        let Some(algorithm) = self.algorithm else { return Ok(()) };
        let wanted = match &self.checksum {
            Some(value) => value.clone(),
            None => self.trailer(algorithm)?,
        };
        if wanted == digests.of(algorithm) {
            return Ok(());
        }
        let name = algorithm.name();
        Err(s3_error!(BadDigest, "The {name} you specified did not match the calculated checksum."))
    }

    fn trailer(&self, algorithm: Algorithm) -> S3Result<String> {
        let value = self.trailing.as_ref().and_then(|trailing| {
            trailing.read(|map| map.get(algorithm.header()).and_then(|value| value.to_str().ok().map(str::to_owned)))
        });
        let value = value.flatten().ok_or_else(|| {
            custom("MalformedTrailerError", http::StatusCode::BAD_REQUEST, "The request contained trailing data that was not well-formed or did not conform to our published schema.")
        })?;
        judge_value(algorithm, value.trim()).map(str::to_owned)
    }
}

/// The one checksum that a request gives, with its algorithm.
pub(super) fn given(checksums: &Checksum) -> S3Result<Option<(Algorithm, String)>> {
    let fields = [
        &checksums.checksum_crc32,
        &checksums.checksum_crc32c,
        &checksums.checksum_crc64nvme,
        &checksums.checksum_sha1,
        &checksums.checksum_sha256,
    ];
    let mut found = None;
    for (algorithm, value) in Algorithm::ALL.into_iter().zip(fields) {
        let Some(value) = value else { continue };
        if found.is_some() {
            return Err(s3_error!(
                InvalidRequest,
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
            ));
        }
        found = Some((algorithm, judge_value(algorithm, value)?.to_owned()));
    }
    Ok(found)
}

fn judge_value(algorithm: Algorithm, value: &str) -> S3Result<&str> {
    let digest = value.split_once('-').map_or(value, |(digest, _)| digest);
    if BASE64.decode(digest.as_bytes()).is_ok_and(|raw| raw.len() == algorithm.length()) {
        return Ok(value);
    }
    Err(s3_error!(InvalidRequest, "Value for {} header is invalid.", algorithm.header()))
}

pub(super) fn too_large() -> S3Error {
    s3_error!(EntityTooLarge, "Your proposed upload exceeds the maximum allowed size")
}

fn incomplete() -> S3Error {
    s3_error!(IncompleteBody, "You did not provide the number of bytes specified by the Content-Length HTTP header")
}

/// The answer where a body could not be stored.
pub(super) fn receive_error(error: ReceiveError) -> S3Error {
    match error {
        ReceiveError::TooLarge => incomplete(),
        ReceiveError::Disk(error) => internal(&error),
        ReceiveError::Body(error) => {
            // The protocol crate keeps the types of these errors to itself.
            let text = error.to_string();
            if text.contains("Sha256Mismatch") {
                custom(
                    "XAmzContentSHA256Mismatch",
                    http::StatusCode::BAD_REQUEST,
                    "The provided 'x-amz-content-sha256' header does not match what was computed.",
                )
            } else if text.contains("SignatureMismatch") {
                s3_error!(
                    SignatureDoesNotMatch,
                    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
                )
            } else if text.contains("FormatError") || text.contains("TooLarge") || text.contains("TooMany") {
                s3_error!(InvalidRequest, "The body is not well-formed aws-chunked.")
            } else {
                incomplete()
            }
        }
    }
}

/// An `ETag` of our own in the protocol's form.
pub(super) fn etag(value: &str) -> ETag {
    ETag::Strong(value.to_owned())
}

/// A size in the protocol's form.
pub(super) fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
