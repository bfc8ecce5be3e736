//! What Canto's refusals mean, and those of the storage that takes its uploads.

use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};
use waybill_net::{Meaning, Refusal, Vendor};

const CANTO: Vendor = Vendor {
    name: "Canto",
    sign_in: "sign in again",
    allows: "an administrator of the tenant",
    own: |refusal| match refusal.status {
        404 if refusal.is_page => Some(Meaning::Own(
            FailureKind::NotFound,
            format!("a web page answered where Canto was due ({}); check the tenant's address", refusal.words),
        )),
        409 => Some(Meaning::Usual(FailureKind::AlreadyExists)),
        _ => None,
    },
};

/// Other hosts, which know nothing of Canto's sign-in.
const STORAGE: Vendor = Vendor { name: "the storage of Canto", own: of_storage, ..CANTO };

fn of_storage(refusal: &Refusal) -> Option<Meaning> {
    let said = refusal.said();
    Some(match (refusal.status, refusal.code.as_deref()) {
        (_, Some("EntityTooLarge")) | (413, _) => Meaning::Usual(FailureKind::TooLarge),
        (403, Some("AccessDenied")) if has_run_out(refusal) => Meaning::Own(
            FailureKind::Vendor,
            format!("the storage does not take Canto's upload form any more ({said})"),
        ),
        (400 | 403, _) => Meaning::Own(
            FailureKind::Denied,
            format!("the storage refuses Canto's upload form ({said}); Canto's support can help"),
        ),
        _ => return None,
    })
}

fn has_run_out(refusal: &Refusal) -> bool {
    refusal.words.to_lowercase().contains("expired")
}

/// Maps a refusal of the tenant.
pub(crate) fn refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    CANTO.refused(operation, refusal)
}

/// Maps a refusal of the storage.
pub(crate) fn storage_refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    let error = STORAGE.refused(operation, refusal);
    // The next attempt asks for a new form.
    let has_run_out = refusal.status == 403 && error.kind == FailureKind::Vendor;
    if has_run_out { error.retry(Retry::Backoff) } else { error }
}

/// The interface signs nobody in without a token, and may answer as if nothing were there.
// Inferred: a 404 for the own account means that the sign-in is not taken.
pub(crate) fn account_refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    let error = refused(operation, refusal);
    if refusal.status != 404 || refusal.is_page {
        return error;
    }
    let why = "Canto knows no account for this sign-in; check tenant and App ID, and sign in again";
    ConnectorError { kind: FailureKind::Unauthenticated, message: why.to_owned(), ..error }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use super::*;

    fn refusal(status: u16, code: Option<&str>) -> Refusal {
        Refusal {
            status,
            code: code.map(str::to_owned),
            words: "why".to_owned(),
            retry_after: None,
            is_page: false,
            json: None,
        }
    }

    #[rstest]
    #[case(400, FailureKind::Invalid, Retry::Never)]
    #[case(401, FailureKind::Unauthenticated, Retry::Never)]
    #[case(403, FailureKind::Denied, Retry::Never)]
    #[case(404, FailureKind::NotFound, Retry::Never)]
    #[case(409, FailureKind::AlreadyExists, Retry::Never)]
    #[case(422, FailureKind::Invalid, Retry::Never)]
    #[case(429, FailureKind::RateLimited, Retry::Backoff)]
    #[case(500, FailureKind::Vendor, Retry::Backoff)]
    #[case(503, FailureKind::Unreachable, Retry::Backoff)]
    fn a_status_has_its_kind(#[case] status: u16, #[case] kind: FailureKind, #[case] retry: Retry) {
        let error = refused("list", &refusal(status, None));
        assert_eq!((error.kind, error.retry), (kind, retry), "{error}");
        assert!(error.message.contains("why"), "{error}");
    }

    #[rstest]
    #[case(400, Some("EntityTooLarge"), FailureKind::TooLarge, Retry::Never)]
    #[case(413, None, FailureKind::TooLarge, Retry::Never)]
    #[case(403, Some("SignatureDoesNotMatch"), FailureKind::Denied, Retry::Never)]
    #[case(400, Some("MalformedPOSTRequest"), FailureKind::Denied, Retry::Never)]
    #[case(503, Some("SlowDown"), FailureKind::Unreachable, Retry::Backoff)]
    fn a_code_of_the_storage_has_its_kind(
        #[case] status: u16,
        #[case] code: Option<&str>,
        #[case] kind: FailureKind,
        #[case] retry: Retry,
    ) {
        let error = storage_refused("write", &refusal(status, code));
        assert_eq!((error.kind, error.retry), (kind, retry), "{error}");
    }

    #[test]
    fn a_form_that_ran_out_is_asked_for_again() {
        let words = "Invalid according to Policy: Policy expired.".to_owned();
        let error = storage_refused("write", &Refusal { words, ..refusal(403, Some("AccessDenied")) });
        assert_eq!((error.kind, error.retry), (FailureKind::Vendor, Retry::Backoff));
    }

    #[test]
    fn no_account_means_that_the_sign_in_is_not_taken() {
        assert_eq!(account_refused("check", &refusal(404, None)).kind, FailureKind::Unauthenticated);
        let page = Refusal { is_page: true, ..refusal(404, None) };
        assert_eq!(account_refused("check", &page).kind, FailureKind::NotFound);
        assert_eq!(refused("list", &refusal(404, Some("x"))).code.as_deref(), Some("x"));
    }

    #[test]
    fn the_time_to_come_again_is_kept() {
        let wait = Refusal { retry_after: Some(Duration::from_secs(7)), ..refusal(429, None) };
        assert_eq!(refused("list", &wait).retry, Retry::After(7000));
    }
}
