//! Moments on the wire. Three shapes go out, as the service has them in three places; each of them, and a bare date, comes in.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

use crate::clock::Millis;

/// The zone in which the history is told, in seconds east of UTC.
const HISTORY_ZONE: i32 = 19_800;

fn stamp(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// As tasks and running instances have it: `2018-04-17T10:17:43.902+0000`.
pub(super) fn runtime(at: Millis) -> String {
    stamp(at).strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

/// As comments, jobs and files have it: `2021-05-04T16:35:10.474Z`.
pub(super) fn zulu(at: Millis) -> String {
    stamp(at).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// As the history has it: `2020-04-02T17:20:18.722+05:30`.
pub(super) fn history(at: Millis) -> String {
    let zone = TimeZone::fixed(Offset::from_seconds(HISTORY_ZONE).unwrap_or(Offset::UTC));
    stamp(at).to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// A moment in any of the shapes; the flag says that only a day was given, which begins then in UTC.
pub(super) fn parse(text: &str) -> Option<(Millis, bool)> {
    // A plus sign that was not encoded in an address arrives as a space.
    let text = text.trim().replace(' ', "+");
    if let Ok(day) = text.parse::<jiff::civil::Date>()
        && !text.contains('T')
    {
        return Some((day.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond(), true));
    }
    let has_colon = text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.starts_with(':'));
    let zone = text.get(text.len().saturating_sub(5)..).filter(|end| end.starts_with(['+', '-']) && !has_colon);
    let full = match zone {
        Some(zone) => format!("{}{}:{}", &text[..text.len() - 5], &zone[..3], &zone[3..]),
        None => text,
    };
    if let Ok(at) = full.parse::<Timestamp>() {
        return Some((at.as_millisecond(), false));
    }
    let local = full.parse::<jiff::civil::DateTime>().ok()?;
    Some((local.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond(), false))
}

/// The moment that lies an ISO 8601 period (`PT5M`, `P3D`) after `from`.
pub(super) fn after(from: Millis, period: &str) -> Option<Millis> {
    let span = period.trim().parse::<Span>().ok()?;
    let then = stamp(from).to_zoned(TimeZone::UTC).checked_add(span).ok()?;
    Some(then.timestamp().as_millisecond())
}

/// A period in milliseconds.
pub(super) fn period(text: &str) -> Option<Millis> {
    let length = text.trim().parse::<SignedDuration>().ok()?;
    i64::try_from(length.as_millis()).ok().filter(|length| *length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_that_goes_out_comes_in_again() {
        let at = 1_523_960_263_902;
        assert_eq!(runtime(at), "2018-04-17T10:17:43.902+0000");
        assert_eq!(history(at), "2018-04-17T15:47:43.902+05:30");
        for text in [runtime(at), zulu(at), history(at), "2018-04-17T10:17:43.902 0000".to_owned()] {
            assert_eq!(parse(&text), Some((at, false)), "{text}");
        }
        assert_eq!(parse("2018-04-17"), Some((1_523_923_200_000, true)));
        assert_eq!(parse("soon"), None);
    }

    #[test]
    fn a_period_may_have_days() {
        assert_eq!(after(0, "P1DT1S"), Some(86_401_000));
        assert_eq!(period("PT10M"), Some(600_000));
        assert_eq!(period("-PT10M"), None);
    }
}
