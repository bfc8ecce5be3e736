//! Points in time as the interface writes them: 17 digits.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use waybill_model::Millis;

/// Reads `yyyyMMddHHmmssSSS`, or its first 14 digits.
// Inferred: the zone is not documented; UTC here.
pub(crate) fn moment(text: &str) -> Option<Millis> {
    let text = text.trim();
    if !matches!(text.len(), 14 | 17) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize, to: usize| i8::try_from(part(from, to)?).ok();
    let nanoseconds = i32::from(part(14, 17).unwrap_or(0)) * 1_000_000;
    let (year, month, day) = (part(0, 4)?, small(4, 6)?, small(6, 8)?);
    let date = DateTime::new(year, month, day, small(8, 10)?, small(10, 12)?, small(12, 14)?, nanoseconds).ok()?;
    Some(Millis(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond()))
}

/// Writes `yyyyMMddHHmmssSSS`.
pub(crate) fn digits(at: Millis) -> String {
    let date = Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(TimeZone::UTC).datetime();
    let (day, time) = (date.date(), date.time());
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}{:03}",
        day.year(),
        day.month(),
        day.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.millisecond()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_and_written_the_same_way() {
        let at = moment("20270301120000123").unwrap();
        assert_eq!((at, digits(at).as_str()), (Millis(1_803_902_400_123), "20270301120000123"));
        assert_eq!(moment("20270301120000"), Some(Millis(1_803_902_400_000)));
        for wrong in ["", "2027", "20271301120000123", "2027-03-01T12:00"] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }
}
