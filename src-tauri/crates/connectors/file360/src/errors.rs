//! What the server's refusals mean: by the name of its code, else by the status.

use waybill_connector::ConnectorError;
use waybill_model::FailureKind;
use waybill_net::{Meaning, Refusal, Vendor};

use crate::create_folder::existing;

const SERVER: Vendor = Vendor {
    name: "the file server",
    sign_in: "enter user name and password again, or ask the server's administrator whether the account is switched off",
    allows: "whoever owns the folder",
    own: |refusal| by_code(refusal).or_else(|| by_status(refusal)),
};

/// Maps a refusal.
pub(crate) fn refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    let error = SERVER.refused(operation, refusal);
    match existing(refusal.json.as_ref()) {
        Some(id) => error.with("existing", id),
        None => error,
    }
}

/// What a status means with this server alone.
fn by_status(refusal: &Refusal) -> Option<Meaning> {
    let own = |kind, why: &str| Some(Meaning::Own(kind, why.to_owned()));
    match refusal.status {
        300..=399 => own(
            FailureKind::Invalid,
            "the file server sends on to another page; a sign-in page or a proxy is in between, or the address is not its own",
        ),
        404 | 405 if refusal.is_page => own(
            FailureKind::Invalid,
            "there is no such interface at this address; check the host and its port, often 8443, and the path of the interface",
        ),
        // More than its fifty transfers at once: it says so by this status, and with no word when to come again.
        503 if refusal.retry_after.is_none() => Some(Meaning::Own(
            FailureKind::RateLimited,
            format!("the file server has too much to do at the moment: {}", refusal.said()),
        )),
        _ => None,
    }
}

/// What a code means.
fn by_code(refusal: &Refusal) -> Option<Meaning> {
    use FailureKind as Kind;
    use Meaning::{Own, Usual};
    let said = refusal.said();
    let code = refusal.code.as_deref()?;
    let own = |kind, why: &str| Own(kind, why.to_owned());
    Some(match code {
        "ACCESS_DENIED" => Usual(Kind::Denied),
        "MIRRORED_ACCESS_DENIED" => {
            Own(Kind::Denied, format!("the storage behind this net folder does not let this account do that ({said})"))
        }
        "INVALID_EMAIL_ADDRESS" => Own(
            Kind::Denied,
            format!(
                "the server's rules forbid to share with this address ({said}); its administrator can change the list"
            ),
        ),
        "FILE_LOCKED" | "ENTRY_RESERVED" => Usual(Kind::Locked),
        "FILE_SIZE_LIMIT_EXCEEDED" => Own(
            Kind::TooLarge,
            format!("the file is larger than the server takes ({said}); its administrator sets the limit"),
        ),
        "FILE_ONLY_VERSION" => own(Kind::Invalid, "the only version of a file cannot be removed; remove the file"),
        "FILE_EXISTS" | "TITLE_EXISTS" => Usual(Kind::AlreadyExists),
        "FILE_VERSION_CONFLICT" | "OPTIMISTIC_LOCKING_FAILURE" => Usual(Kind::Changed),
        "BINDER_NOT_EMPTY" => own(Kind::Invalid, "the folder is not empty"),
        "ACL_CHANGED" | "CHANGES_PURGED" | "CHANGES_WINDOW_PASSED" | "ADHOC_SETTING_CHANGED" => {
            Own(Kind::NotFound, format!("the server no longer knows what happened since then ({said})"))
        }
        "FILE_CHECKSUM_FAILED" => own(Kind::ChecksumMismatch, "other bytes arrived than were sent; nothing was stored"),
        "BAD_INPUT"
        | "ILLEGAL_CHARACTER"
        | "INVALID_RECIPIENT"
        | "SEARCH_INVALID_WILD_CARD"
        | "FILE_PATH_TOO_LONG"
        | "MISSING_MULTIPART_FORM_DATA" => Usual(Kind::Invalid),
        "NOT_SUPPORTED" | "UNSUPPORTED_MEDIA_TYPE" => Usual(Kind::Unsupported),
        "MIRRORED_SERVER_DOWN" => {
            Own(Kind::Unreachable, format!("the storage behind this net folder does not answer ({said})"))
        }
        _ if code.ends_with("QUOTA_EXCEEDED") => Own(
            Kind::QuotaExceeded,
            format!("there is no space left for it ({said}); the server's administrator gives more"),
        ),
        _ if code.starts_with("FILE_AV_") => {
            Own(Kind::Denied, format!("the server's virus scanner refuses it ({said})"))
        }
        _ if code.ends_with("NOT_FOUND") => Usual(Kind::NotFound),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use waybill_model::Retry;

    use super::*;

    fn refusal(status: u16, code: Option<&str>) -> Refusal {
        let code = code.map(str::to_owned);
        Refusal { status, code, words: "why".to_owned(), retry_after: None, is_page: false, json: None }
    }

    #[rstest]
    #[case(403, "ACCESS_DENIED", FailureKind::Denied, Retry::Never)]
    #[case(403, "MIRRORED_ACCESS_DENIED", FailureKind::Denied, Retry::Never)]
    #[case(403, "INVALID_EMAIL_ADDRESS", FailureKind::Denied, Retry::Never)]
    #[case(403, "FILE_LOCKED", FailureKind::Locked, Retry::Never)]
    #[case(403, "ENTRY_RESERVED", FailureKind::Locked, Retry::Never)]
    #[case(403, "FILE_SIZE_LIMIT_EXCEEDED", FailureKind::TooLarge, Retry::Never)]
    #[case(403, "FILE_ONLY_VERSION", FailureKind::Invalid, Retry::Never)]
    #[case(403, "USER_QUOTA_EXCEEDED", FailureKind::QuotaExceeded, Retry::Never)]
    #[case(403, "BINDER_QUOTA_EXCEEDED", FailureKind::QuotaExceeded, Retry::Never)]
    #[case(403, "FILE_AV_VIRUS", FailureKind::Denied, Retry::Never)]
    #[case(409, "FILE_EXISTS", FailureKind::AlreadyExists, Retry::Never)]
    #[case(409, "TITLE_EXISTS", FailureKind::AlreadyExists, Retry::Never)]
    #[case(409, "FILE_VERSION_CONFLICT", FailureKind::Changed, Retry::Never)]
    #[case(409, "OPTIMISTIC_LOCKING_FAILURE", FailureKind::Changed, Retry::Never)]
    #[case(409, "BINDER_NOT_EMPTY", FailureKind::Invalid, Retry::Never)]
    #[case(409, "ACL_CHANGED", FailureKind::NotFound, Retry::Never)]
    #[case(409, "CHANGES_PURGED", FailureKind::NotFound, Retry::Never)]
    #[case(409, "CHANGES_WINDOW_PASSED", FailureKind::NotFound, Retry::Never)]
    #[case(409, "ADHOC_SETTING_CHANGED", FailureKind::NotFound, Retry::Never)]
    #[case(400, "FILE_CHECKSUM_FAILED", FailureKind::ChecksumMismatch, Retry::Backoff)]
    #[case(400, "BAD_INPUT", FailureKind::Invalid, Retry::Never)]
    #[case(400, "ILLEGAL_CHARACTER", FailureKind::Invalid, Retry::Never)]
    #[case(400, "INVALID_RECIPIENT", FailureKind::Invalid, Retry::Never)]
    #[case(400, "SEARCH_INVALID_WILD_CARD", FailureKind::Invalid, Retry::Never)]
    #[case(400, "MISSING_MULTIPART_FORM_DATA", FailureKind::Invalid, Retry::Never)]
    #[case(500, "FILE_PATH_TOO_LONG", FailureKind::Invalid, Retry::Never)]
    #[case(404, "NOT_SUPPORTED", FailureKind::Unsupported, Retry::Never)]
    #[case(415, "UNSUPPORTED_MEDIA_TYPE", FailureKind::Unsupported, Retry::Never)]
    #[case(404, "SHAREITEM_NOT_FOUND", FailureKind::NotFound, Retry::Never)]
    #[case(503, "MIRRORED_SERVER_DOWN", FailureKind::Unreachable, Retry::Backoff)]
    #[case(503, "SERVER_ERROR", FailureKind::RateLimited, Retry::Backoff)]
    #[case(500, "SERVER_ERROR", FailureKind::Vendor, Retry::Backoff)]
    #[case(500, "MIRRORED_ERROR", FailureKind::Vendor, Retry::Backoff)]
    fn a_code_has_its_kind(#[case] status: u16, #[case] code: &str, #[case] kind: FailureKind, #[case] retry: Retry) {
        let error = refused("write", &refusal(status, Some(code)));
        assert_eq!((error.kind, error.retry, error.code.as_deref()), (kind, retry, Some(code)), "{error}");
    }

    #[rstest]
    #[case(302, FailureKind::Invalid)]
    #[case(401, FailureKind::Unauthenticated)]
    #[case(403, FailureKind::Denied)]
    #[case(404, FailureKind::NotFound)]
    #[case(429, FailureKind::RateLimited)]
    #[case(502, FailureKind::Unreachable)]
    fn a_status_alone_has_its_kind(#[case] status: u16, #[case] kind: FailureKind) {
        assert_eq!(refused("list", &refusal(status, None)).kind, kind);
    }

    #[test]
    fn a_page_where_nothing_is_means_another_address() {
        let page = Refusal { is_page: true, ..refusal(404, None) };
        assert_eq!(refused("list", &page).kind, FailureKind::Invalid);
    }
}
