//! What the server's refusals mean: by the name of its code, else by the status.

use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};
use waybill_net::Refusal;

use crate::create_folder::existing;

/// Who speaks.
const SERVER: &str = "the file server";

/// Maps a refusal.
pub(crate) fn refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    let code = refusal.code.as_deref().unwrap_or_default();
    let said = if refusal.words.is_empty() { "it gave no reason" } else { &refusal.words };
    let new = |kind, why: String| {
        let error = ConnectorError::new(kind, operation, why).with("status", refusal.status.to_string());
        let error = if code.is_empty() { error } else { error.code(code) };
        match existing(refusal.json.as_ref()) {
            Some(id) => error.with("existing", id),
            None => error,
        }
    };
    if let Some((kind, why)) = by_code(code, said) {
        return match kind {
            FailureKind::Locked | FailureKind::QuotaExceeded => new(kind, why).retry(Retry::Never),
            kind => new(kind, why),
        };
    }
    match refusal.status {
        300..=399 => new(
            FailureKind::Invalid,
            format!("{SERVER} sends on to another page; a sign-in page or a proxy is in between, or the address is not its own"),
        ),
        401 => new(
            FailureKind::Unauthenticated,
            "the user name or the password is not taken, or the account is switched off; enter them again, or ask the \
             server's administrator"
                .to_owned(),
        ),
        404 | 405 if refusal.is_page => new(
            FailureKind::Invalid,
            "there is no such interface at this address; check the host and its port, often 8443, and the path of the interface"
                .to_owned(),
        ),
        // More than its fifty transfers at once: it says so by this status, and with no word when to come again.
        503 if refusal.retry_after.is_none() => {
            new(FailureKind::RateLimited, format!("{SERVER} has too much to do at the moment: {said}"))
        }
        _ => refusal.to_connector_error(operation, SERVER),
    }
}

/// What a code means, in words for who can mend it.
fn by_code(code: &str, said: &str) -> Option<(FailureKind, String)> {
    use FailureKind as Kind;
    Some(match code {
        "ACCESS_DENIED" => {
            (Kind::Denied, format!("this account may not do that ({said}); whoever owns the folder can allow it"))
        }
        "MIRRORED_ACCESS_DENIED" => {
            (Kind::Denied, format!("the storage behind this net folder does not let this account do that ({said})"))
        }
        "INVALID_EMAIL_ADDRESS" => (
            Kind::Denied,
            format!(
                "the server's rules forbid to share with this address ({said}); its administrator can change the list"
            ),
        ),
        "FILE_LOCKED" | "ENTRY_RESERVED" => (Kind::Locked, format!("somebody else has reserved it ({said})")),
        "FILE_SIZE_LIMIT_EXCEEDED" => (
            Kind::TooLarge,
            format!("the file is larger than the server takes ({said}); its administrator sets the limit"),
        ),
        "FILE_ONLY_VERSION" => {
            (Kind::Invalid, "the only version of a file cannot be removed; remove the file".to_owned())
        }
        "FILE_EXISTS" | "TITLE_EXISTS" => (Kind::AlreadyExists, "something of that name is there already".to_owned()),
        "FILE_VERSION_CONFLICT" | "OPTIMISTIC_LOCKING_FAILURE" => {
            (Kind::Changed, "somebody else changed it in the meantime".to_owned())
        }
        "BINDER_NOT_EMPTY" => (Kind::Invalid, "the folder is not empty".to_owned()),
        "ACL_CHANGED" | "CHANGES_PURGED" | "CHANGES_WINDOW_PASSED" | "ADHOC_SETTING_CHANGED" => {
            (Kind::NotFound, format!("the server no longer knows what happened since then ({said})"))
        }
        "FILE_CHECKSUM_FAILED" => {
            (Kind::ChecksumMismatch, "other bytes arrived than were sent; nothing was stored".to_owned())
        }
        "BAD_INPUT"
        | "ILLEGAL_CHARACTER"
        | "INVALID_RECIPIENT"
        | "SEARCH_INVALID_WILD_CARD"
        | "FILE_PATH_TOO_LONG"
        | "MISSING_MULTIPART_FORM_DATA" => (Kind::Invalid, format!("the server does not take it: {said}")),
        "NOT_SUPPORTED" | "UNSUPPORTED_MEDIA_TYPE" => (Kind::Unsupported, format!("the server cannot do that: {said}")),
        "MIRRORED_SERVER_DOWN" => {
            (Kind::Unreachable, format!("the storage behind this net folder does not answer ({said})"))
        }
        _ if code.ends_with("QUOTA_EXCEEDED") => (
            Kind::QuotaExceeded,
            format!("there is no space left for it ({said}); the server's administrator gives more"),
        ),
        _ if code.starts_with("FILE_AV_") => (Kind::Denied, format!("the server's virus scanner refuses it ({said})")),
        _ if code.ends_with("NOT_FOUND") => {
            (Kind::NotFound, format!("it is not there, or this account may not see it ({said})"))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

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
