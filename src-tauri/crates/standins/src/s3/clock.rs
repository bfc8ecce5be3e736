//! Times in the protocol's form.

use std::time::{Duration, UNIX_EPOCH};

use s3s::dto::Timestamp;

pub(super) use crate::clock::{Clock, Millis};

/// The protocol's form of a time, to the millisecond.
pub(super) fn to_timestamp(at: Millis) -> Timestamp {
    Timestamp::from(UNIX_EPOCH + Duration::from_millis(u64::try_from(at).unwrap_or(0)))
}

/// The protocol's form of a time in whole seconds, as S3 reports modifications.
pub(super) fn to_whole_seconds(at: Millis) -> Timestamp {
    to_timestamp(at - at.rem_euclid(1000))
}

/// Our form of a time from a request; times before 1970 become 0.
pub(super) fn from_timestamp(time: &Timestamp) -> Millis {
    let mut text = Vec::new();
    if time.format(s3s::dto::TimestampFormat::EpochSeconds, &mut text).is_err() {
        return 0;
    }
    let text = String::from_utf8_lossy(&text);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let millis = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(3)
        .fold(0, |sum, digit| sum * 10 + i64::from(digit.saturating_sub(b'0').min(9)));
    whole.parse::<i64>().map_or(0, |seconds| seconds.saturating_mul(1000).saturating_add(millis)).max(0)
}
