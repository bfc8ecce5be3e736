//! What the service's refusals mean.

use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};
use waybill_net::Refusal;

/// Maps a refusal; what a conflict is about is the caller's to find out.
pub(crate) fn refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    let said = if refusal.words.is_empty() { "no reason was given" } else { &refusal.words };
    let new = |kind, why: String| {
        let error = ConnectorError::new(kind, operation, why).with("status", refusal.status.to_string());
        match &refusal.code {
            Some(code) => error.code(code.clone()),
            None => error,
        }
    };
    match refusal.status {
        400 | 422 => new(FailureKind::Invalid, format!("the workflow service does not take it: {said}")),
        401 => new(
            FailureKind::Unauthenticated,
            format!("the workflow service does not take the sign-in ({said}); sign in again"),
        ),
        403 => new(
            FailureKind::Denied,
            format!("this account may not do that ({said}); the tenant's administrator can allow it"),
        ),
        404 => new(FailureKind::NotFound, format!("it is over, or this account may not see it ({said})")),
        409 => new(FailureKind::Locked, format!("somebody else was faster, or it stands still: {said}"))
            .retry(Retry::Never),
        _ => refusal.to_connector_error(operation, "the workflow service"),
    }
}

#[cfg(test)]
mod tests {
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
    #[case(409, FailureKind::Locked, Retry::Never)]
    #[case(429, FailureKind::RateLimited, Retry::Backoff)]
    #[case(500, FailureKind::Vendor, Retry::Backoff)]
    #[case(503, FailureKind::Unreachable, Retry::Backoff)]
    fn a_status_has_its_kind(#[case] status: u16, #[case] kind: FailureKind, #[case] retry: Retry) {
        let error = refused("list", &refusal(status, None));
        assert_eq!((error.kind, error.retry), (kind, retry), "{error}");
        assert!(error.message.contains("why"), "{error}");
    }

    #[test]
    fn the_vendors_code_is_kept() {
        assert_eq!(refused("list", &refusal(400, Some("x"))).code.as_deref(), Some("x"));
    }
}
