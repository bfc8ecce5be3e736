//! What a value becomes: text, number, date or list. `None` where it cannot be that.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    fmt::strtime::{self, BrokenDownTime},
    tz::TimeZone,
};
use serde_json::{Number, Value};

use crate::template::plain;

/// Seconds and milliseconds since 1970, as formats.
const EPOCH: &str = "epoch";
const EPOCH_MILLIS: &str = "epoch-ms";

pub(super) fn text(value: &Value) -> Option<Value> {
    plain(value).map(Value::String)
}

/// A number, or a text that is one. Signs that group digits are passed over.
pub(super) fn number(value: &Value, decimal: char) -> Option<Value> {
    let text = match value {
        Value::Number(_) => return Some(value.clone()),
        Value::String(text) => text.trim(),
        _ => return None,
    };
    let groups = |sign: char| matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’') || sign == other(decimal);
    let whole = text.split(decimal).next().unwrap_or_default();
    // A sign that groups stands between threes of digits, else `1,5` would be read as fifteen.
    let grouped: Vec<&str> = whole.trim_start_matches(['-', '+']).split(groups).collect();
    let is_grouped = grouped.len() == 1
        || grouped[0].len() <= 3 && !grouped[0].is_empty() && grouped[1..].iter().all(|part| part.len() == 3);
    if !is_grouped || text.matches(decimal).count() > 1 {
        return None;
    }
    let rest = text[whole.len()..].replace(decimal, ".");
    let plain: String = whole.chars().filter(|sign| !groups(*sign) && *sign != '+').chain(rest.chars()).collect();
    let digits = |sign: char| sign.is_ascii_digit() || matches!(sign, '.' | '-' | '+' | 'e' | 'E');
    if !plain.chars().all(digits) {
        return None;
    }
    let whole = plain.parse::<i64>().ok().map(Number::from).or_else(|| plain.parse::<u64>().ok().map(Number::from));
    whole.or_else(|| plain.parse::<f64>().ok().and_then(Number::from_f64)).map(Value::Number)
}

fn other(decimal: char) -> char {
    if decimal == ',' { '.' } else { ',' }
}

/// Whether a format can be used.
pub(super) fn is_format(format: &str) -> bool {
    let sample = BrokenDownTime::from(&Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC));
    matches!(format, EPOCH | EPOCH_MILLIS) || format.contains('%') && sample.to_string(format).is_ok()
}

/// A day as `2026-01-31`, or a moment as `2026-01-31T08:15:00Z`.
pub(super) fn date(value: &Value, format: Option<&str>, zone: &TimeZone) -> Option<Value> {
    let moment = |moment: Timestamp| Value::String(moment.to_string());
    match (format, value) {
        (Some(EPOCH), _) => {
            plain(value)?.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).map(moment)
        }
        (Some(EPOCH_MILLIS), _) => {
            plain(value)?.parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok()).map(moment)
        }
        (Some(format), Value::String(text)) => {
            let parsed = strtime::parse(format, text.trim()).ok()?;
            if let Ok(told) = parsed.to_timestamp() {
                return Some(moment(told));
            }
            if parsed.hour().is_none() {
                return parsed.to_date().ok().map(|day| Value::String(day.to_string()));
            }
            parsed.to_datetime().ok()?.to_zoned(zone.clone()).ok().map(|zoned| moment(zoned.timestamp()))
        }
        (None, Value::String(text)) => {
            let text = text.trim();
            if let Ok(told) = text.parse::<Timestamp>() {
                return Some(moment(told));
            }
            if text.len() == 10 {
                return text.parse::<Date>().ok().map(|day| Value::String(day.to_string()));
            }
            text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok().map(|zoned| moment(zoned.timestamp()))
        }
        _ => None,
    }
}

/// A list of texts; a single text is a list of one, or is cut at the separator.
pub(super) fn list(value: &Value, separator: Option<&str>) -> Option<Value> {
    match (value, separator) {
        (Value::Array(values), _) => values.iter().map(text).collect::<Option<Vec<_>>>().map(Value::Array),
        (Value::String(all), Some(separator)) => {
            let parts = all.split(separator).map(str::trim).filter(|part| !part.is_empty());
            Some(Value::Array(parts.map(|part| Value::String(part.to_owned())).collect()))
        }
        _ => text(value).map(|one| Value::Array(vec![one])),
    }
}
