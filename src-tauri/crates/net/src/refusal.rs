//! What a server says when it refuses, read from whatever form it chose.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use serde_json::Value;
use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Retry};

use crate::body::is_page;

/// Characters of a server's own words that are kept.
const WORDS: usize = 500;
/// The longest wait that is believed.
const LONGEST: Duration = Duration::from_hours(24);

/// A refusal, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The code by which the server's documents name it: `invalid_grant`, `FILE_EXISTS`.
    pub code: Option<String>,
    /// What it says, in its own words, on one line; empty where it says nothing.
    pub words: String,
    /// When it may be asked again.
    pub retry_after: Option<Duration>,
    /// Whether the body was a web page and no answer of an interface.
    pub is_page: bool,
    /// The body as JSON, where it is.
    pub json: Option<Value>,
}

impl Refusal {
    /// Reads status, headers and body.
    pub fn read(status: StatusCode, headers: &HeaderMap, kind: &str, body: &[u8], now: SystemTime) -> Self {
        let json: Option<Value> = serde_json::from_slice(body).ok().filter(Value::is_object);
        let text = String::from_utf8_lossy(body);
        let is_page = json.is_none() && is_page(kind, body);
        let (code, words) = match &json {
            Some(json) => (code_of(json), words_of(json)),
            None if is_page => (None, page_words(&text)),
            None if kind.contains("xml") || text.trim_start().starts_with("<?xml") => {
                (element(&text, "Code"), element(&text, "Message").unwrap_or_default())
            }
            None => (None, text.into_owned()),
        };
        Self {
            status: status.as_u16(),
            code,
            words: on_one_line(&words),
            retry_after: retry_after(headers, now),
            is_page,
            json,
        }
    }

    /// What it says, for a sentence of ours: whose words they are where a web page answered, and that there are none.
    pub fn said(&self) -> String {
        match (self.words.is_empty(), self.is_page) {
            (true, _) => "no reason was given".to_owned(),
            (false, true) => format!("a web page that says: {}", self.words),
            (false, false) => self.words.clone(),
        }
    }

    /// The error that the status alone calls for; a connector's table knows better where its vendor does.
    pub fn to_connector_error(&self, operation: &'static str, who: &str) -> ConnectorError {
        let kind = kind_of(self.status);
        let said = if self.words.is_empty() {
            format!("{who} answered {}", self.status)
        } else {
            format!("{who} says: {}", self.words)
        };
        let mut error = ConnectorError::new(kind, operation, said).with("status", self.status.to_string());
        if let Some(code) = &self.code {
            error = error.code(code.clone());
        }
        match self.retry_after {
            Some(wait) => error.retry(Retry::After(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))),
            None if is_passing(self.status) => error.retry(Retry::Backoff),
            None => error,
        }
    }
}

/// The kind of failure that a status stands for where nothing else is known.
fn kind_of(status: u16) -> FailureKind {
    match status {
        401 => FailureKind::Unauthenticated,
        403 => FailureKind::Denied,
        404 | 410 => FailureKind::NotFound,
        405 | 501 => FailureKind::Unsupported,
        408 | 504 => FailureKind::TimedOut,
        409 | 412 => FailureKind::Changed,
        413 => FailureKind::TooLarge,
        423 => FailureKind::Locked,
        429 => FailureKind::RateLimited,
        507 => FailureKind::QuotaExceeded,
        400 | 406 | 411 | 414..=422 => FailureKind::Invalid,
        502 | 503 => FailureKind::Unreachable,
        _ => FailureKind::Vendor,
    }
}

/// Whether the same request may be answered a little later.
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

/// How long a server wants to be left alone: `Retry-After` in seconds or as a date, within a day.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.min(LONGEST))
}

fn text_at<'a>(json: &'a Value, pointer: &str) -> Option<&'a str> {
    json.pointer(pointer).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// The code, by the forms that there are: an enumeration, OAuth, a gateway's fault, the type of a problem.
fn code_of(json: &Value) -> Option<String> {
    let found = ["/code", "/errorCode", "/fault/detail/errorcode", "/type"];
    let oauth = text_at(json, "/error").filter(|text| !text.contains(' '));
    let code = found.iter().find_map(|pointer| text_at(json, pointer)).or(oauth)?;
    (code != "about:blank").then(|| code.to_owned())
}

/// The words, the most telling first.
fn words_of(json: &Value) -> String {
    const FOUND: [&str; 12] = [
        "/detail",
        "/exception",
        "/details",
        "/error_description",
        "/errorDetail",
        "/message",
        "/error/message",
        "/fault/faultstring",
        "/title",
        "/error",
        "/errors/0/message",
        "/errors/0",
    ];
    FOUND.iter().find_map(|pointer| text_at(json, pointer)).unwrap_or_default().to_owned()
}

/// What a web page says: its title, else its text.
fn page_words(html: &str) -> String {
    if let Some(title) = element(html, "title").filter(|title| !title.trim().is_empty()) {
        return title;
    }
    let mut words = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                words.push(' ');
            }
            c if !inside => words.push(c),
            _ => {}
        }
    }
    words
}

/// The text of the first element of that name.
fn element(text: &str, name: &str) -> Option<String> {
    let (_, after) = text.split_once(&format!("<{name}>"))?;
    let (inside, _) = after.split_once(&format!("</{name}>"))?;
    Some(inside.to_owned())
}

/// Blanks and line breaks as one blank, control characters gone, and no more than a person reads.
fn on_one_line(words: &str) -> String {
    let line = words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(WORDS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(kind: &str, body: &str) -> Refusal {
        Refusal::read(StatusCode::BAD_REQUEST, &HeaderMap::new(), kind, body.as_bytes(), SystemTime::UNIX_EPOCH)
    }

    #[rstest]
    #[case::problem(
        "application/problem+json",
        r#"{"type":"https://e/x","title":"T","detail":"D"}"#,
        Some("https://e/x"),
        "D"
    )]
    #[case::blank_problem(
        "application/problem+json",
        r#"{"type":"about:blank","title":"Not Found"}"#,
        None,
        "Not Found"
    )]
    #[case::oauth(
        "application/json",
        r#"{"error":"invalid_grant","error_description":"used"}"#,
        Some("invalid_grant"),
        "used"
    )]
    #[case::gateway(
        "application/json",
        r#"{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}"#,
        Some("oauth.v2.InvalidApiKey"),
        "Invalid ApiKey"
    )]
    #[case::engine(
        "application/json",
        r#"{"status":400,"message":"Bad request","exception":"no such model"}"#,
        None,
        "no such model"
    )]
    #[case::files("application/json", r#"{"code":"FILE_EXISTS","message":"exists"}"#, Some("FILE_EXISTS"), "exists")]
    #[case::content(
        "application/json",
        r#"{"error":"Could not get a node for 7"}"#,
        None,
        "Could not get a node for 7"
    )]
    #[case::page("text/html", "<html><title>502 Bad\n Gateway</title></html>", None, "502 Bad Gateway")]
    #[case::page_without_title("text/html", "<h1>HTTP Status 401</h1><p>no", None, "HTTP Status 401 no")]
    #[case::storage(
        "application/xml",
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>expired</Message></Error>",
        Some("AccessDenied"),
        "expired"
    )]
    #[case::text("text/plain", "busy\u{7}\n", None, "busy")]
    #[case::nothing("application/json", "", None, "")]
    fn every_form_of_refusal_is_read(
        #[case] kind: &str,
        #[case] body: &str,
        #[case] code: Option<&str>,
        #[case] words: &str,
    ) {
        let refusal = read(kind, body);
        assert_eq!((refusal.code.as_deref(), refusal.words.as_str()), (code, words));
    }

    #[test]
    fn a_long_refusal_is_cut_and_a_page_is_told_from_an_answer() {
        assert_eq!(read("text/plain", &"x".repeat(900)).words.chars().count(), 501);
        assert!(read("text/html", "<p>x").is_page);
        assert!(!read("application/json", "{}").is_page);
    }

    #[rstest]
    #[case("3", Some(3))]
    #[case(" 120 ", Some(120))]
    #[case("Thu, 01 Jan 1970 00:01:00 GMT", Some(60))]
    #[case("99999999", Some(86_400))]
    #[case("soon", None)]
    fn when_to_come_again_is_seconds_or_a_date(#[case] text: &str, #[case] seconds: Option<u64>) {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
        assert_eq!(retry_after(&headers, SystemTime::UNIX_EPOCH), seconds.map(Duration::from_secs));
    }

    #[test]
    fn a_status_has_its_kind_and_its_retry() {
        let error = |status: u16| {
            let status = StatusCode::from_u16(status).unwrap();
            Refusal::read(status, &HeaderMap::new(), "", b"", SystemTime::UNIX_EPOCH).to_connector_error("list", "h")
        };
        assert_eq!((error(429).kind, error(429).retry), (FailureKind::RateLimited, Retry::Backoff));
        assert_eq!((error(503).kind, error(503).retry), (FailureKind::Unreachable, Retry::Backoff));
        assert_eq!((error(400).kind, error(400).retry), (FailureKind::Invalid, Retry::Never));
        assert_eq!(error(401).kind, FailureKind::Unauthenticated);
    }
}
