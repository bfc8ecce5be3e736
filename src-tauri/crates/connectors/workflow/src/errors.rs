//! What the service's refusals mean.

use waybill_connector::ConnectorError;
use waybill_model::FailureKind;
use waybill_net::{Meaning, Refusal, Vendor};

const SERVICE: Vendor = Vendor {
    name: "the workflow service",
    sign_in: "sign in again",
    allows: "the tenant's administrator",
    own: |refusal| match refusal.status {
        404 => Some(Meaning::Own(
            FailureKind::NotFound,
            format!("it is over, or this account may not see it ({})", refusal.said()),
        )),
        409 => Some(Meaning::Own(
            FailureKind::Locked,
            format!("somebody else was faster, or it stands still: {}", refusal.said()),
        )),
        _ => None,
    },
};

/// Maps a refusal; what a conflict is about is the caller's to find out.
pub(crate) fn refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    SERVICE.refused(operation, refusal)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use waybill_model::Retry;

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
