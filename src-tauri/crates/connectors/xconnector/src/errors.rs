//! What the other side's refusals mean.

use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};
use waybill_net::Refusal;

/// Maps a refusal. What a conflict is about is the caller's to say.
pub(crate) fn refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    let said = match (refusal.is_page, refusal.words.is_empty()) {
        (true, _) => format!("a web page that says: {}", refusal.words),
        (_, true) => "no reason was given".to_owned(),
        _ => refusal.words.clone(),
    };
    let new = |kind, why: String| {
        let error =
            ConnectorError::new(kind, operation, why).retry(Retry::Never).with("status", refusal.status.to_string());
        match &refusal.code {
            Some(code) => error.code(code.clone()),
            None => error,
        }
    };
    match refusal.status {
        300..=399 => new(
            FailureKind::Invalid,
            format!("the other side sends elsewhere ({}); enter the address that it leads to", refusal.status),
        ),
        400 | 422 => new(FailureKind::Invalid, format!("the other side does not take it: {said}")),
        401 => new(
            FailureKind::Unauthenticated,
            format!("the other side does not take the sign-in ({said}); correct it in the connection's settings"),
        ),
        403 => new(
            FailureKind::Denied,
            format!("the sign-in may not do that ({said}); the other side's administrator can allow it"),
        ),
        404 => new(FailureKind::NotFound, format!("nothing is at that address ({said}); check it")),
        409 | 412 => new(
            FailureKind::AlreadyExists,
            format!("the other side has it already, or something else in its place: {said}"),
        ),
        410 => new(
            FailureKind::NotFound,
            format!("the other side takes no more there, for good ({said}); ask its administrator for another address"),
        )
        .code("gone")
        .with("stops", "410"),
        413 => new(FailureKind::TooLarge, format!("the other side takes nothing so large: {said}")),
        415 => new(FailureKind::Unsupported, format!("the other side does not take that form: {said}")),
        _ => refusal.to_connector_error(operation, "the other side"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

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
