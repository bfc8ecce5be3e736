//! One test a row, and the rules beside the table.

use rstest::rstest;

use super::*;

fn place() -> Place {
    Place {
        bucket: Some("invoices".to_owned()),
        host: "s3.example.com".to_owned(),
        region: "eu-central-1".to_owned(),
        renewable: false,
        profile: None,
        proxy: None,
    }
}

fn mapped(status: u16, code: &str) -> ConnectorError {
    let answer =
        Answer { status, code: code.to_owned(), message: "As the server says.".to_owned(), ..Answer::default() };
    from_answer("list", false, &answer, &place())
}

#[rstest]
#[case(404, "NoSuchKey", FailureKind::NotFound, Retry::Never)]
#[case(404, "NotFound", FailureKind::NotFound, Retry::Never)]
#[case(404, "NoSuchVersion", FailureKind::NotFound, Retry::Never)]
#[case(404, "NoSuchUpload", FailureKind::NotFound, Retry::Never)]
#[case(404, "NoSuchBucket", FailureKind::NotFound, Retry::Never)]
#[case(404, "NoSuchTagSet", FailureKind::NotFound, Retry::Never)]
#[case(404, "ObjectLockConfigurationNotFoundError", FailureKind::NotFound, Retry::Never)]
#[case(404, "NoSuchObjectLockConfiguration", FailureKind::NotFound, Retry::Never)]
#[case(403, "AccessDenied", FailureKind::Denied, Retry::Never)]
#[case(403, "AllAccessDisabled", FailureKind::Denied, Retry::Never)]
#[case(403, "AccountProblem", FailureKind::Denied, Retry::Never)]
#[case(403, "InvalidAccessKeyId", FailureKind::Unauthenticated, Retry::Never)]
#[case(403, "SignatureDoesNotMatch", FailureKind::Unauthenticated, Retry::Never)]
#[case(400, "ExpiredToken", FailureKind::Unauthenticated, Retry::Never)]
#[case(400, "ExpiredTokenException", FailureKind::Unauthenticated, Retry::Never)]
#[case(400, "TokenRefreshRequired", FailureKind::Unauthenticated, Retry::Never)]
#[case(400, "RequestExpired", FailureKind::Unauthenticated, Retry::Never)]
#[case(400, "InvalidToken", FailureKind::Unauthenticated, Retry::Never)]
#[case(403, "InvalidSecurity", FailureKind::Unauthenticated, Retry::Never)]
#[case(403, "NotSignedUp", FailureKind::Unauthenticated, Retry::Never)]
#[case(403, "RequestTimeTooSkewed", FailureKind::Unauthenticated, Retry::Never)]
#[case(400, "AuthorizationHeaderMalformed", FailureKind::Invalid, Retry::Never)]
#[case(301, "PermanentRedirect", FailureKind::Invalid, Retry::Never)]
#[case(307, "TemporaryRedirect", FailureKind::Invalid, Retry::Never)]
#[case(400, "IllegalLocationConstraintException", FailureKind::Invalid, Retry::Never)]
#[case(412, "PreconditionFailed", FailureKind::AlreadyExists, Retry::Never)]
#[case(409, "ConditionalRequestConflict", FailureKind::Locked, Retry::Backoff)]
#[case(409, "OperationAborted", FailureKind::Locked, Retry::Backoff)]
#[case(416, "InvalidRange", FailureKind::Truncated, Retry::Backoff)]
#[case(400, "BadDigest", FailureKind::ChecksumMismatch, Retry::Backoff)]
#[case(400, "InvalidDigest", FailureKind::ChecksumMismatch, Retry::Backoff)]
#[case(400, "XAmzContentSHA256Mismatch", FailureKind::ChecksumMismatch, Retry::Backoff)]
#[case(400, "XAmzContentChecksumMismatch", FailureKind::ChecksumMismatch, Retry::Backoff)]
#[case(400, "EntityTooLarge", FailureKind::TooLarge, Retry::Never)]
#[case(400, "EntityTooSmall", FailureKind::Invalid, Retry::Never)]
#[case(400, "MetadataTooLarge", FailureKind::Invalid, Retry::Never)]
#[case(400, "KeyTooLongError", FailureKind::Invalid, Retry::Never)]
#[case(400, "KeyTooLong", FailureKind::Invalid, Retry::Never)]
#[case(400, "InvalidBucketName", FailureKind::Invalid, Retry::Never)]
#[case(400, "InvalidStorageClass", FailureKind::Invalid, Retry::Never)]
#[case(403, "InvalidObjectState", FailureKind::Invalid, Retry::Never)]
#[case(400, "InvalidRetentionDate", FailureKind::Invalid, Retry::Never)]
#[case(400, "InvalidPart", FailureKind::Invalid, Retry::Backoff)]
#[case(400, "InvalidPartOrder", FailureKind::Invalid, Retry::Backoff)]
#[case(400, "IncompleteBody", FailureKind::Truncated, Retry::Backoff)]
#[case(400, "RequestTimeout", FailureKind::TimedOut, Retry::Backoff)]
#[case(503, "SlowDown", FailureKind::RateLimited, Retry::Backoff)]
#[case(503, "SlowDownRead", FailureKind::RateLimited, Retry::Backoff)]
#[case(503, "SlowDownWrite", FailureKind::RateLimited, Retry::Backoff)]
#[case(503, "ServiceUnavailable", FailureKind::RateLimited, Retry::Backoff)]
#[case(400, "Throttling", FailureKind::RateLimited, Retry::Backoff)]
#[case(400, "ThrottlingException", FailureKind::RateLimited, Retry::Backoff)]
#[case(429, "TooManyRequests", FailureKind::RateLimited, Retry::Backoff)]
#[case(400, "RequestLimitExceeded", FailureKind::RateLimited, Retry::Backoff)]
#[case(500, "InternalError", FailureKind::Vendor, Retry::Backoff)]
#[case(501, "NotImplemented", FailureKind::Unsupported, Retry::Never)]
#[case(405, "MethodNotAllowed", FailureKind::Unsupported, Retry::Never)]
#[case(400, "UnsupportedOperation", FailureKind::Unsupported, Retry::Never)]
#[case(403, "QuotaExceeded", FailureKind::QuotaExceeded, Retry::Never)]
#[case(507, "StorageFull", FailureKind::QuotaExceeded, Retry::Never)]
#[case(507, "XMinioStorageFull", FailureKind::QuotaExceeded, Retry::Never)]
#[case(400, "XMinioAdminBucketQuotaExceeded", FailureKind::QuotaExceeded, Retry::Never)]
#[case(400, "ObjectLocked", FailureKind::Held, Retry::Never)]
#[case(400, "KMS.DisabledException", FailureKind::Denied, Retry::Never)]
#[case(400, "KMS.NotFoundException", FailureKind::Denied, Retry::Never)]
#[case(400, "KMS.KMSInvalidStateException", FailureKind::Denied, Retry::Never)]
#[case(400, "KMS.InvalidKeyUsageException", FailureKind::Denied, Retry::Never)]
// By status alone: the answer to a HEAD has no body, and proxies answer in HTML.
#[case(301, "", FailureKind::Invalid, Retry::Never)]
#[case(401, "", FailureKind::Unauthenticated, Retry::Never)]
#[case(403, "", FailureKind::Denied, Retry::Never)]
#[case(404, "", FailureKind::NotFound, Retry::Never)]
#[case(405, "", FailureKind::Unsupported, Retry::Never)]
#[case(408, "", FailureKind::TimedOut, Retry::Backoff)]
#[case(409, "", FailureKind::Locked, Retry::Backoff)]
#[case(412, "", FailureKind::AlreadyExists, Retry::Never)]
#[case(413, "", FailureKind::TooLarge, Retry::Never)]
#[case(416, "", FailureKind::Truncated, Retry::Backoff)]
#[case(423, "", FailureKind::Held, Retry::Never)]
#[case(429, "", FailureKind::RateLimited, Retry::Backoff)]
#[case(500, "", FailureKind::Vendor, Retry::Backoff)]
#[case(502, "", FailureKind::Vendor, Retry::Backoff)]
#[case(503, "", FailureKind::RateLimited, Retry::Backoff)]
#[case(504, "", FailureKind::TimedOut, Retry::Backoff)]
#[case(507, "", FailureKind::QuotaExceeded, Retry::Never)]
#[case(418, "", FailureKind::Invalid, Retry::Never)]
#[case(200, "", FailureKind::Vendor, Retry::Backoff)]
fn an_answer_means(#[case] status: u16, #[case] code: &str, #[case] kind: FailureKind, #[case] retry: Retry) {
    let error = mapped(status, code);
    assert_eq!((error.kind, error.retry), (kind, retry), "{status} {code}: {}", error.message);
    assert!(!error.message.contains('{'), "every blank is filled in: {}", error.message);
}

#[test]
fn every_row_has_its_test_and_stands_once() {
    let tests = include_str!("tests.rs");
    for (index, row) in TABLE.iter().enumerate() {
        assert!(tests.contains(&format!(", \"{}\",", row.code)), "{} has no case above", row.code);
        assert!(TABLE[..index].iter().all(|other| other.code != row.code), "{} stands twice", row.code);
    }
}

#[test]
fn a_wait_that_the_server_names_is_kept() {
    let answer = Answer { status: 503, code: "SlowDown".to_owned(), retry_after_ms: Some(7000), ..Answer::default() };
    assert_eq!(from_answer("put", false, &answer, &place()).retry, Retry::After(7000));
    let denied = Answer { status: 403, retry_after_ms: Some(7000), ..Answer::default() };
    assert_eq!(from_answer("put", false, &denied, &place()).retry, Retry::Never, "waiting grants no right");
}

#[test]
fn a_failed_condition_is_a_change_to_a_reader_and_a_name_taken_to_a_writer() {
    let answer = Answer { status: 412, code: "PreconditionFailed".to_owned(), ..Answer::default() };
    assert_eq!(from_answer("read", true, &answer, &place()).kind, FailureKind::Changed);
    assert_eq!(from_answer("write", false, &answer, &place()).kind, FailureKind::AlreadyExists);
}

#[test]
fn a_wrong_region_names_the_right_one() {
    let answer = Answer { status: 301, region: Some("us-west-2".to_owned()), ..Answer::default() };
    let error = from_answer("list", false, &answer, &place());
    assert!(error.message.contains("`us-west-2`") && error.message.contains("`eu-central-1`"), "{}", error.message);
    assert_eq!(error.fact("region"), Some("us-west-2"));
}

#[test]
fn a_wrong_clock_is_named_with_both_times() {
    let answer = Answer {
        status: 403,
        code: "RequestTimeTooSkewed".to_owned(),
        times: Some(("2026-11-21T08:00:00Z".to_owned(), "20261121T060000Z".to_owned())),
        ..Answer::default()
    };
    let message = from_answer("list", false, &answer, &place()).message;
    for part in ["clock", "2026-11-21T08:00:00Z", "20261121T060000Z"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn an_expired_profile_is_told_how_to_sign_in() {
    let place = Place { profile: Some("audit".to_owned()), renewable: true, ..place() };
    let answer = Answer { status: 400, code: "ExpiredToken".to_owned(), ..Answer::default() };
    let message = from_answer("list", false, &answer, &place).message;
    assert!(message.contains("aws sso login --profile audit"), "{message}");
}

#[test]
fn a_missing_bucket_is_named() {
    assert!(mapped(404, "NoSuchBucket").message.contains("`invoices`"));
}

#[rstest]
#[case("bucket.s3.us-west-2.amazonaws.com", Some("us-west-2"))]
#[case("bucket.s3-eu-west-1.amazonaws.com", Some("eu-west-1"))]
#[case("s3.example.com", None)]
fn an_endpoint_in_a_redirect_tells_the_region(#[case] endpoint: &str, #[case] region: Option<&str>) {
    assert_eq!(region_of_endpoint(endpoint), region);
}
