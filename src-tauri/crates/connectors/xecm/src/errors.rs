//! What the server's refusals mean. They have no codes: the text decides, and the status where the text is unknown.

use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};
use waybill_net::{Meaning, Refusal, Vendor};

const SERVER: Vendor = Vendor {
    name: "Content Server",
    sign_in: "correct user and password, or sign in again",
    allows: "the server's administrator",
    // Overload and outages are told by their status, whatever the text says.
    own: |refusal| match refusal.status {
        408 | 429 | 502..=504 => None,
        _ => kind_of_text(&refusal.words).map(|kind| meaning(kind, &refusal.said())),
    },
};

/// What stands in front and refuses in its place with a web page, or is there instead.
const FRONT: Vendor = Vendor {
    name: "the web server in front of Content Server",
    own: |refusal| match refusal.status {
        404 | 405 => Some(Meaning::Own(
            FailureKind::Invalid,
            format!(
                "no Content Server answers at this address ({}); it ends in something like /otcs/cs.exe or /otcs/cs",
                refusal.words
            ),
        )),
        _ => None,
    },
    ..SERVER
};

/// What a text says, wherever it stands in the refusal.
const TEXTS: &[(&str, FailureKind)] = &[
    ("already exists", FailureKind::AlreadyExists),
    ("invalid username/password", FailureKind::Unauthenticated),
    ("authentication required", FailureKind::Unauthenticated),
    ("authentication failed", FailureKind::Unauthenticated),
    ("edit conflict", FailureKind::Changed),
    ("could not get a node", FailureKind::NotFound),
    ("could not locate node", FailureKind::NotFound),
    ("no exact match was found", FailureKind::NotFound),
    ("could not be accessed", FailureKind::Denied),
    ("do not have permission", FailureKind::Denied),
    ("file size must be between", FailureKind::TooLarge),
    ("mappings registry", FailureKind::Unsupported),
    ("not registered", FailureKind::Unsupported),
    ("error evaluating query", FailureKind::Invalid),
    ("invalid datatype", FailureKind::Invalid),
    ("missing required parameter", FailureKind::Invalid),
    ("non-matching attribute", FailureKind::Invalid),
    ("cannot be parsed", FailureKind::Invalid),
    // Inferred: how a held item, a final record and a reserved item refuse is nowhere documented. Where these texts do not
    // stand, the holds, the record and the reservation are asked for (`delete.rs`).
    ("on hold", FailureKind::Held),
    ("final record", FailureKind::Held),
    ("record is final", FailureKind::Held),
    ("reserved by", FailureKind::Locked),
];

/// What a text alone says.
pub(crate) fn kind_of_text(text: &str) -> Option<FailureKind> {
    let text = text.to_lowercase();
    TEXTS.iter().find(|(known, _)| text.contains(known)).map(|(_, kind)| *kind)
}

/// What a kind means here.
fn meaning(kind: FailureKind, said: &str) -> Meaning {
    match kind {
        FailureKind::Unsupported => {
            Meaning::Own(kind, format!("this server cannot do that ({said}); a module may not be installed"))
        }
        FailureKind::Held => {
            Meaning::Own(kind, format!("a hold or a record keeps it from being changed or deleted ({said})"))
        }
        kind => Meaning::Usual(kind),
    }
}

/// Maps a refusal.
pub(crate) fn refused(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    if refusal.is_page { &FRONT } else { &SERVER }.refused(operation, refusal)
}

/// An error in an answer that says that all went well.
pub(crate) fn in_success(operation: &'static str, text: &str, status: Option<i64>) -> ConnectorError {
    if let Some(kind) = kind_of_text(text) {
        return known(operation, kind, text);
    }
    let error = known(operation, FailureKind::Vendor, text).retry(Retry::Backoff);
    error.with("status", status.unwrap_or(200).to_string())
}

/// The error of a text that is known.
pub(crate) fn known(operation: &'static str, kind: FailureKind, words: &str) -> ConnectorError {
    let said = if words.is_empty() { "no reason was given" } else { words };
    SERVER.says(operation, meaning(kind, said), said)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn refusal(status: u16, words: &str) -> Refusal {
        Refusal { status, code: None, words: words.to_owned(), retry_after: None, is_page: false, json: None }
    }

    #[rstest]
    #[case(500, "An item with the name 'X' already exists.", FailureKind::AlreadyExists, Retry::Never)]
    #[case(400, "An item with the name 'X' already exists.", FailureKind::AlreadyExists, Retry::Never)]
    #[case(401, "Authentication Required", FailureKind::Unauthenticated, Retry::Never)]
    #[case(401, "Invalid username/password specified.", FailureKind::Unauthenticated, Retry::Never)]
    #[case(401, "", FailureKind::Unauthenticated, Retry::Never)]
    #[case(400, "Could not get a node for 7", FailureKind::NotFound, Retry::Never)]
    #[case(500, "Could not get a node for 7", FailureKind::NotFound, Retry::Never)]
    #[case(500, "Could not locate node: 7, The version is not found", FailureKind::NotFound, Retry::Never)]
    #[case(404, "Sorry, no exact match was found for the nickname", FailureKind::NotFound, Retry::Never)]
    #[case(400, "Sorry, the item you requested could not be accessed.", FailureKind::Denied, Retry::Never)]
    #[case(404, "Sorry, the item you requested could not be accessed.", FailureKind::Denied, Retry::Never)]
    #[case(409, "Could not update metadata (edit conflict).", FailureKind::Changed, Retry::Never)]
    #[case(400, "Could not update metadata (edit conflict).", FailureKind::Changed, Retry::Never)]
    #[case(400, "Invalid datatype specified for argument 'id'", FailureKind::Invalid, Retry::Never)]
    #[case(400, "Missing required parameter 'name'", FailureKind::Invalid, Retry::Never)]
    #[case(400, "a non-matching attribute (5001_99) was found", FailureKind::Invalid, Retry::Never)]
    #[case(400, "The REST API URL could not be found in the mappings registry", FailureKind::Unsupported, Retry::Never)]
    #[case(500, "Subtype 550 not registered", FailureKind::Unsupported, Retry::Never)]
    #[case(500, "Invalid block size: File size must be between 1 and 2 bytes.", FailureKind::TooLarge, Retry::Never)]
    #[case(500, "The item 'X' cannot be deleted because it is on hold.", FailureKind::Held, Retry::Never)]
    #[case(500, "The item 'X' cannot be changed because it is a final record.", FailureKind::Held, Retry::Never)]
    #[case(400, "The item 'X' cannot be changed because it is reserved by lead.", FailureKind::Locked, Retry::Never)]
    #[case(400, "something unknown", FailureKind::Invalid, Retry::Never)]
    #[case(404, "something unknown", FailureKind::NotFound, Retry::Never)]
    #[case(429, "Too many requests.", FailureKind::RateLimited, Retry::Backoff)]
    #[case(500, "Error Processing Request", FailureKind::Vendor, Retry::Backoff)]
    #[case(503, "Service Unavailable", FailureKind::Unreachable, Retry::Backoff)]
    fn a_refusal_has_its_kind(
        #[case] status: u16,
        #[case] words: &str,
        #[case] kind: FailureKind,
        #[case] retry: Retry,
    ) {
        let error = refused("list", &refusal(status, words));
        assert_eq!((error.kind, error.retry), (kind, retry), "{error}");
        assert!(error.message.contains(words), "{error}");
    }

    #[rstest]
    #[case(404, FailureKind::Invalid, Retry::Never)]
    #[case(413, FailureKind::TooLarge, Retry::Never)]
    #[case(500, FailureKind::Vendor, Retry::Backoff)]
    #[case(503, FailureKind::Unreachable, Retry::Backoff)]
    fn a_page_is_no_answer_of_the_interface(#[case] status: u16, #[case] kind: FailureKind, #[case] retry: Retry) {
        let error = refused("list", &Refusal { is_page: true, ..refusal(status, "Not found") });
        assert_eq!((error.kind, error.retry), (kind, retry), "{error}");
    }

    #[test]
    fn an_error_in_a_success_is_tried_again_unless_its_text_is_known() {
        let error = in_success("write", "Content Server Client Error", Some(500));
        assert_eq!((error.kind, error.retry), (FailureKind::Vendor, Retry::Backoff));
        assert_eq!(in_success("write", "'X' already exists.", None).kind, FailureKind::AlreadyExists);
    }
}
