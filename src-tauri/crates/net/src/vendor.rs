//! What a vendor's refusals mean: its own table first, then what a status says of itself. Each kind of failure has one sentence
//! for all vendors, with their names in it.

use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};

use crate::Refusal;

/// A vendor's interface, as errors tell of it.
#[derive(Debug, Clone, Copy)]
pub struct Vendor {
    /// Who answers: `Canto`, `the file server`.
    pub name: &'static str,
    /// What is done about a sign-in that is not taken: `sign in again`.
    pub sign_in: &'static str,
    /// Who can allow what an account may not do: `the tenant's administrator`.
    pub allows: &'static str,
    /// What a refusal means with this vendor and with no other; `None` where the status alone decides.
    pub own: fn(&Refusal) -> Option<Meaning>,
}

/// What a refusal means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// What others mean by it too, in the sentence that all share.
    Usual(FailureKind),
    /// Something that only this vendor's words tell.
    Own(FailureKind, String),
}

impl From<FailureKind> for Meaning {
    fn from(kind: FailureKind) -> Self {
        Self::Usual(kind)
    }
}

impl Vendor {
    /// The error of a refusal.
    pub fn refused(&self, operation: &'static str, refusal: &Refusal) -> ConnectorError {
        let meaning = (self.own)(refusal).or_else(|| usual(refusal.status).map(Meaning::Usual));
        let error = match meaning {
            Some(meaning) => {
                let error = self.says(operation, meaning, &refusal.said());
                let error = error.with("status", refusal.status.to_string());
                match &refusal.code {
                    Some(code) => error.code(code.clone()),
                    None => error,
                }
            }
            None => refusal.to_connector_error(operation, self.name),
        };
        if refusal.is_page { error.with("page", "true") } else { error }
    }

    /// The error of what the vendor means, with its own words in it.
    pub fn says(&self, operation: &'static str, meaning: impl Into<Meaning>, said: &str) -> ConnectorError {
        let Self { name, sign_in, allows, .. } = self;
        let (kind, why) = match meaning.into() {
            Meaning::Own(kind, why) => (kind, why),
            Meaning::Usual(kind) => (
                kind,
                match kind {
                    FailureKind::Unauthenticated => format!("{name} does not take the sign-in ({said}); {sign_in}"),
                    FailureKind::Denied => format!("this account may not do that ({said}); {allows} can allow it"),
                    FailureKind::NotFound => format!("it is not there, or this account may not see it ({said})"),
                    FailureKind::AlreadyExists => format!("something of that name is there already ({said})"),
                    FailureKind::Changed => format!("somebody else changed it in the meantime ({said})"),
                    FailureKind::Locked => format!("somebody else has reserved it ({said})"),
                    FailureKind::TooLarge => format!("{name} takes nothing of that size ({said})"),
                    FailureKind::Unsupported => format!("{name} cannot do that ({said})"),
                    FailureKind::Invalid => format!("{name} does not take it: {said}"),
                    _ => format!("{name} says: {said}"),
                },
            ),
        };
        let error = ConnectorError::new(kind, operation, why);
        // A reservation does not end by itself while somebody waits.
        if kind == FailureKind::Locked { error.retry(Retry::Never) } else { error }
    }
}

/// What every vendor means by a status.
fn usual(status: u16) -> Option<FailureKind> {
    Some(match status {
        400 | 422 => FailureKind::Invalid,
        401 => FailureKind::Unauthenticated,
        403 => FailureKind::Denied,
        404 => FailureKind::NotFound,
        413 => FailureKind::TooLarge,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use super::*;

    const ACME: Vendor =
        Vendor { name: "Acme", sign_in: "sign in again", allows: "Acme's administrator", own: own_table };

    fn own_table(refusal: &Refusal) -> Option<Meaning> {
        match refusal.status {
            404 if refusal.is_page => Some(Meaning::Own(FailureKind::Invalid, "Acme is elsewhere".to_owned())),
            409 => Some(Meaning::Usual(FailureKind::Locked)),
            _ => None,
        }
    }

    fn refusal(status: u16) -> Refusal {
        Refusal {
            status,
            code: Some("x".to_owned()),
            words: "why".to_owned(),
            retry_after: None,
            is_page: false,
            json: None,
        }
    }

    #[rstest]
    #[case(400, FailureKind::Invalid, Retry::Never, "Acme does not take it: why")]
    #[case(401, FailureKind::Unauthenticated, Retry::Never, "Acme does not take the sign-in (why); sign in again")]
    #[case(
        403,
        FailureKind::Denied,
        Retry::Never,
        "this account may not do that (why); Acme's administrator can allow it"
    )]
    #[case(404, FailureKind::NotFound, Retry::Never, "it is not there, or this account may not see it (why)")]
    #[case(409, FailureKind::Locked, Retry::Never, "somebody else has reserved it (why)")]
    #[case(413, FailureKind::TooLarge, Retry::Never, "Acme takes nothing of that size (why)")]
    #[case(500, FailureKind::Vendor, Retry::Backoff, "Acme says: why")]
    fn a_status_has_its_kind_and_its_sentence(
        #[case] status: u16,
        #[case] kind: FailureKind,
        #[case] retry: Retry,
        #[case] why: &str,
    ) {
        let error = ACME.refused("list", &refusal(status));
        assert_eq!((error.kind, error.retry, error.message.as_str()), (kind, retry, why));
        assert_eq!((error.code.as_deref(), error.fact("status")), (Some("x"), Some(status.to_string().as_str())));
    }

    #[test]
    fn the_vendors_own_meaning_goes_first() {
        let page = Refusal { is_page: true, ..refusal(404) };
        assert_eq!(ACME.refused("list", &page).message, "Acme is elsewhere");
        let page = Refusal { is_page: true, ..refusal(403) };
        let said = ACME.refused("list", &page).message;
        assert!(said.contains("a web page that says: why"), "{said}");
    }

    #[test]
    fn the_time_to_come_again_is_kept_and_silence_is_told() {
        let wait = Refusal { retry_after: Some(Duration::from_secs(7)), ..refusal(429) };
        assert_eq!(ACME.refused("list", &wait).retry, Retry::After(7000));
        let silent = Refusal { words: String::new(), ..refusal(400) };
        assert_eq!(ACME.refused("list", &silent).message, "Acme does not take it: no reason was given");
    }
}
