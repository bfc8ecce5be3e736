//! Points in time as the server writes and reads them.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::clock::Millis;

/// One day.
pub(super) const DAY: Millis = 24 * 60 * 60 * 1000;

fn stamp(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The form of the JSON values. The server writes its own zone's time with a literal `Z`; `offset` is that zone, in
/// minutes east of UTC.
pub(super) fn written(at: Millis, offset: i32) -> String {
    stamp(at.saturating_add(i64::from(offset) * 60_000)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The form of HTTP headers.
pub(super) fn http_date(at: Millis) -> String {
    stamp(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A point in time of ISO 8601. Inferred: without a zone it is UTC, and a day alone is its beginning.
pub(super) fn parse(text: &str) -> Option<Millis> {
    let text = text.trim();
    let stamp = text.parse::<Timestamp>().or_else(|_| format!("{text}Z").parse::<Timestamp>());
    let stamp = stamp.or_else(|_| format!("{text}T00:00:00Z").parse::<Timestamp>());
    stamp.ok().map(Timestamp::as_millisecond)
}

/// A point in time of an HTTP header.
pub(super) fn parse_http(text: &str) -> Option<Millis> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    PARSER.parse_timestamp(text).ok().map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_a_zone_only_shifts_it() {
        let at = parse("2026-03-12T09:30:00Z").unwrap();
        assert_eq!(written(at, 0), "2026-03-12T09:30:00Z");
        assert_eq!(written(at, 120), "2026-03-12T11:30:00Z");
        assert_eq!(http_date(at), "Thu, 12 Mar 2026 09:30:00 GMT");
        assert_eq!(parse_http("Thu, 12 Mar 2026 09:30:00 GMT"), Some(at));
        assert_eq!(parse("2026-03-12T10:30:00+01:00"), Some(at));
        assert_eq!(parse("2026-03-12T09:30:00"), Some(at));
        assert_eq!(parse("2026-03-12"), parse("2026-03-12T00:00:00Z"));
        assert_eq!(parse("yesterday"), None);
    }
}
