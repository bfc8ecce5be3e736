use rstest::rstest;

use super::*;

fn of_errno(errno: i32) -> ConnectorError {
    error("write", &RemotePath::new("/in/x"), Fault::Io(io::Error::from_raw_os_error(errno)))
}

#[cfg(target_os = "linux")]
#[rstest]
#[case("ENOENT", 2, FailureKind::NotFound, Retry::Never)]
#[case("ENOTDIR", 20, FailureKind::NotFound, Retry::Never)]
#[case("EEXIST", 17, FailureKind::AlreadyExists, Retry::Never)]
#[case("EACCES", 13, FailureKind::Denied, Retry::Never)]
#[case("EPERM", 1, FailureKind::Denied, Retry::Never)]
#[case("EROFS", 30, FailureKind::Denied, Retry::Never)]
#[case("ENOSPC", 28, FailureKind::QuotaExceeded, Retry::Never)]
#[case("EDQUOT", 122, FailureKind::QuotaExceeded, Retry::Never)]
#[case("EFBIG", 27, FailureKind::TooLarge, Retry::Never)]
#[case("ENAMETOOLONG", 36, FailureKind::Invalid, Retry::Never)]
#[case("EINVAL", 22, FailureKind::Invalid, Retry::Never)]
#[case("EILSEQ", 84, FailureKind::Invalid, Retry::Never)]
#[case("EISDIR", 21, FailureKind::Invalid, Retry::Never)]
#[case("ENOTEMPTY", 39, FailureKind::Invalid, Retry::Never)]
#[case("ELOOP", 40, FailureKind::Invalid, Retry::Never)]
#[case("EXDEV", 18, FailureKind::Unsupported, Retry::Never)]
#[case("EOPNOTSUPP", 95, FailureKind::Unsupported, Retry::Never)]
#[case("EBUSY", 16, FailureKind::Locked, Retry::Backoff)]
#[case("ETXTBSY", 26, FailureKind::Locked, Retry::Backoff)]
#[case("EAGAIN", 11, FailureKind::Locked, Retry::Backoff)]
#[case("EIO", 5, FailureKind::Unreachable, Retry::Backoff)]
#[case("ENXIO", 6, FailureKind::Unreachable, Retry::Backoff)]
#[case("ENODEV", 19, FailureKind::Unreachable, Retry::Backoff)]
#[case("ESTALE", 116, FailureKind::Unreachable, Retry::Backoff)]
#[case("EHOSTDOWN", 112, FailureKind::Unreachable, Retry::Backoff)]
#[case("EHOSTUNREACH", 113, FailureKind::Unreachable, Retry::Backoff)]
#[case("ENETUNREACH", 101, FailureKind::Unreachable, Retry::Backoff)]
#[case("ENETDOWN", 100, FailureKind::Unreachable, Retry::Backoff)]
#[case("ENOTCONN", 107, FailureKind::Unreachable, Retry::Backoff)]
#[case("ECONNRESET", 104, FailureKind::Unreachable, Retry::Backoff)]
#[case("EREMOTEIO", 121, FailureKind::Unreachable, Retry::Backoff)]
#[case("ETIMEDOUT", 110, FailureKind::TimedOut, Retry::Backoff)]
#[case("EMFILE", 24, FailureKind::RateLimited, Retry::Backoff)]
#[case("ENFILE", 23, FailureKind::RateLimited, Retry::Backoff)]
#[case("an unknown number", 9999, FailureKind::Vendor, Retry::Never)]
fn each_answer_of_the_system_has_its_kind(
    #[case] name: &str,
    #[case] errno: i32,
    #[case] kind: FailureKind,
    #[case] retry: Retry,
) {
    let error = of_errno(errno);
    assert_eq!((error.kind, error.retry), (kind, retry), "{name}: {error}");
    assert_eq!(error.code, Some(format!("os error {errno}")), "{name}");
}

#[rstest]
#[case(Fault::LeadsOut, FailureKind::Denied)]
#[case(Fault::Exists, FailureKind::AlreadyExists)]
#[case(Fault::NotAFile("a FIFO"), FailureKind::Invalid)]
#[case(Fault::NotAFolder, FailureKind::Invalid)]
#[case(Fault::IsRoot, FailureKind::Invalid)]
#[case(Fault::SessionGone, FailureKind::NotFound)]
#[case(Fault::Changed("it grew".to_owned()), FailureKind::Changed)]
#[case(Fault::Truncated("it ended".to_owned()), FailureKind::Truncated)]
fn each_fault_of_ours_has_its_kind(#[case] fault: Fault, #[case] kind: FailureKind) {
    let made = error("read", &RemotePath::new("/in/x"), fault);
    assert_eq!(made.kind, kind);
    assert!(made.to_string().contains("/in/x"), "{made}");
}

#[test]
fn a_root_that_is_not_mounted_is_tried_again_and_named() {
    let fault = Fault::RootMissing { root: "/mnt/archive".into(), source: io::ErrorKind::NotFound.into() };
    let made = error("list", &RemotePath::root(), fault);
    assert_eq!((made.kind, made.retry), (FailureKind::Unreachable, Retry::Backoff));
    assert!(made.to_string().contains("`/mnt/archive`"), "{made}");
}
