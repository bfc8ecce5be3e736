//! Points in time as the interface writes them: 17 digits, taken as UTC, or seconds since 1970 in filters.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::clock::Millis;

pub(super) const SECOND: Millis = 1_000;
pub(super) const MINUTE: Millis = 60 * SECOND;
pub(super) const HOUR: Millis = 60 * MINUTE;
pub(super) const DAY: Millis = 24 * HOUR;

/// `yyyyMMddHHmmssSSS`.
// Inferred: the zone is not documented; UTC here.
pub(super) fn digits(at: Millis) -> String {
    let date = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(TimeZone::UTC).datetime();
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}{:03}",
        date.year(),
        date.month(),
        date.day(),
        date.hour(),
        date.minute(),
        date.second(),
        date.millisecond()
    )
}

/// Reads `yyyyMMddHHmmssSSS`.
pub(super) fn parse_digits(text: &str) -> Option<Millis> {
    if text.len() != 17 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize, to: usize| i8::try_from(part(from, to)?).ok();
    let nanoseconds = i32::from(part(14, 17)?) * 1_000_000;
    let (year, month, day) = (part(0, 4)?, small(4, 6)?, small(6, 8)?);
    let date = DateTime::new(year, month, day, small(8, 10)?, small(10, 12)?, small(12, 14)?, nanoseconds).ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// `yyyy-MM-dd`, as custom fields hold dates.
pub(super) fn day(at: Millis) -> String {
    Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(TimeZone::UTC).date().to_string()
}

/// `2027-03-01T12:00:00.000Z`, as upload policies end.
pub(super) fn iso(at: Millis) -> String {
    let text = digits(at);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}T{}:{}:{}.{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14),
        part(14, 17)
    )
}

/// `20270301T120000Z`, as signatures name their time.
pub(super) fn basic(at: Millis) -> String {
    let text = digits(at);
    format!("{}T{}Z", text.get(..8).unwrap_or_default(), text.get(8..14).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seventeen_digits_come_back_as_they_were() {
        let at = 1_804_075_871_042;
        assert_eq!(digits(at), "20270303121111042");
        assert_eq!(parse_digits("20270303121111042"), Some(at));
        for wrong in ["", "20270303", "20271303121111042", "2027030312111104x"] {
            assert_eq!(parse_digits(wrong), None, "{wrong}");
        }
        assert_eq!(iso(at), "2027-03-03T12:11:11.042Z");
        assert_eq!(basic(at), "20270303T121111Z");
    }
}
