//! The table: a server's code, or its status where the code is not known, and what that means here.

use waybill_model::{FailureKind, Retry};

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
pub(super) const EXPIRED: &str = "the credentials have expired; sign in again or enter new ones";
const NO_SUCH_ID: &str = "{host} does not know this access key ID; check it, or ask the account's administrator whether the \
                          key is still active";
const BAD_SECRET: &str = "the secret access key does not belong to this access key ID; enter it again";
pub(super) const SKEWED: &str = "the clocks of this computer and of {host} differ too much; set this computer's clock";
pub(super) const WRONG_REGION: &str =
    "the bucket `{bucket}` is not in the region `{region}`; correct the connection's region";
const WRONG_BYTES: &str =
    "the bytes that arrived at {host} are not those that were sent; something on the way changed them";
const SLOW_DOWN: &str = "{host} asks for fewer requests";
const BROKEN: &str = "{host} failed by itself; its administrator can tell why";
const CANNOT: &str = "{host} does not offer this";
const FULL: &str = "the storage behind the bucket `{bucket}` is full; its administrator can make room";
const KMS: &str =
    "the encryption key of the bucket `{bucket}` cannot be used; its administrator can enable it or grant its use";
pub(super) const COND: &str = "the entry changed since it was looked at";

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
pub(super) fn by_status(status: u16) -> (FailureKind, Option<Retry>, &'static str) {
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
