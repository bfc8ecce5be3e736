//! What the other side's refusals mean.

use waybill_connector::ConnectorError;
use waybill_model::FailureKind;
use waybill_net::{Meaning, Refusal, Vendor};

const OTHER_SIDE: Vendor = Vendor {
    name: "the other side",
    sign_in: "correct it in the connection's settings",
    allows: "the other side's administrator",
    own,
};

fn own(refusal: &Refusal) -> Option<Meaning> {
    let said = refusal.said();
    let (kind, why) = match refusal.status {
        300..=399 => (
            FailureKind::Invalid,
            format!("the other side sends elsewhere ({}); enter the address that it leads to", refusal.status),
        ),
        404 => (FailureKind::NotFound, format!("nothing is at that address ({said}); check it")),
        409 | 412 => (
            FailureKind::AlreadyExists,
            format!("the other side has it already, or something else in its place: {said}"),
        ),
        410 => (
            FailureKind::NotFound,
            format!("the other side takes no more there, for good ({said}); ask its administrator for another address"),
        ),
        415 => (FailureKind::Unsupported, format!("the other side does not take that form: {said}")),
        _ => return None,
    };
    Some(Meaning::Own(kind, why))
}

/// Maps a refusal. What a conflict is about is the caller's to say.
pub(crate) fn refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    let error = OTHER_SIDE.refused(operation, refusal);
    if refusal.status == 410 { error.code("gone").with("stops", "410") } else { error }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;
    use waybill_model::Retry;

    use super::*;

    fn refusal(status: u16, retry_after: Option<u64>) -> Refusal {
        Refusal {
            status,
            code: None,
            words: "why".to_owned(),
            retry_after: retry_after.map(Duration::from_secs),
            is_page: false,
            json: None,
        }
    }

    #[rstest]
    #[case(302, FailureKind::Invalid, Retry::Never)]
    #[case(400, FailureKind::Invalid, Retry::Never)]
    #[case(401, FailureKind::Unauthenticated, Retry::Never)]
    #[case(403, FailureKind::Denied, Retry::Never)]
    #[case(404, FailureKind::NotFound, Retry::Never)]
    #[case(409, FailureKind::AlreadyExists, Retry::Never)]
    #[case(410, FailureKind::NotFound, Retry::Never)]
    #[case(412, FailureKind::AlreadyExists, Retry::Never)]
    #[case(413, FailureKind::TooLarge, Retry::Never)]
    #[case(415, FailureKind::Unsupported, Retry::Never)]
    #[case(422, FailureKind::Invalid, Retry::Never)]
    #[case(429, FailureKind::RateLimited, Retry::Backoff)]
    #[case(500, FailureKind::Vendor, Retry::Backoff)]
    #[case(503, FailureKind::Unreachable, Retry::Backoff)]
    fn a_status_has_its_kind(#[case] status: u16, #[case] kind: FailureKind, #[case] retry: Retry) {
        let error = refused("publish", &refusal(status, None));
        assert_eq!((error.kind, error.retry), (kind, retry), "{error}");
    }

    #[rstest]
    #[case(429)]
    #[case(503)]
    fn when_to_come_again_is_kept(#[case] status: u16) {
        assert_eq!(refused("publish", &refusal(status, Some(7))).retry, Retry::After(7000));
    }

    #[test]
    fn what_is_gone_for_good_stops() {
        assert_eq!(refused("publish", &refusal(410, Some(7))).code.as_deref(), Some("gone"));
    }
}
