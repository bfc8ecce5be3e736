//! When a failed attempt is worth another one, and when.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, Millis, Retry};

/// Attempts before a passing failure counts as lasting: about a minute with the pauses below.
const ATTEMPTS: u32 = 8;
/// Attempts at a place that never answered: a wrong address does not get better.
const ATTEMPTS_AT_A_STRANGER: u32 = 2;
/// Attempts for bytes that arrive damaged: more would hide a broken cable or disk.
const ATTEMPTS_FOR_DAMAGE: u32 = 4;
/// Attempts while the remote itself says when to come again.
const ATTEMPTS_WHEN_TOLD: u32 = 30;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// The longest pause that a remote may ask for.
const LONGEST_TOLD: Duration = Duration::from_hours(1);

/// Whether a time that work was put off to is still to come. No pause is longer than what a remote may ask for: one that
/// seems to be was reckoned before the clock was set back.
pub(crate) fn is_to_come(time: Millis, now: Millis) -> bool {
    let longest = i64::try_from(LONGEST_TOLD.as_millis()).unwrap_or(i64::MAX);
    time > now && time.since(now) <= longest
}

/// How long to wait before the next attempt; `None` to give up. `failed` counts the attempts that failed, this one
/// included; `known` says whether the connection ever worked.
pub(crate) fn pause(error: &ConnectorError, failed: u32, known: bool) -> Option<Duration> {
    let allowed = match (error.retry, error.kind) {
        (Retry::Never, _) => return None,
        (Retry::After(_), _) => ATTEMPTS_WHEN_TOLD,
        (_, FailureKind::Truncated | FailureKind::ChecksumMismatch) => ATTEMPTS_FOR_DAMAGE,
        (_, FailureKind::Unreachable | FailureKind::TimedOut) if !known => ATTEMPTS_AT_A_STRANGER,
        _ => ATTEMPTS,
    };
    if failed >= allowed {
        return None;
    }
    if let Retry::After(milliseconds) = error.retry {
        return Some(Duration::from_millis(milliseconds).min(LONGEST_TOLD));
    }
    ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .with_max_times(ATTEMPTS as usize)
        .build()
        .nth(failed.saturating_sub(1) as usize)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(FailureKind::Unreachable, 1, true, true)]
    #[case(FailureKind::Unreachable, 7, true, true)]
    #[case(FailureKind::Unreachable, 8, true, false)]
    #[case(FailureKind::Unreachable, 2, false, false)]
    #[case(FailureKind::Denied, 1, true, false)]
    #[case(FailureKind::ChecksumMismatch, 3, true, true)]
    #[case(FailureKind::ChecksumMismatch, 4, true, false)]
    fn passing_failures_are_tried_again_and_lasting_ones_are_not(
        #[case] kind: FailureKind,
        #[case] failed: u32,
        #[case] known: bool,
        #[case] again: bool,
    ) {
        assert_eq!(pause(&ConnectorError::new(kind, "test", "x"), failed, known).is_some(), again);
    }

    #[test]
    fn a_remote_that_says_when_is_taken_at_its_word() {
        let error = ConnectorError::new(FailureKind::RateLimited, "test", "x").retry(Retry::After(7_000));
        assert_eq!(pause(&error, 20, true), Some(Duration::from_secs(7)));
    }

    #[test]
    fn a_pause_ends_when_the_clock_is_set_back() {
        let now = Millis(1_000_000_000);
        assert!(is_to_come(now.plus(60_000), now));
        assert!(!is_to_come(now, now));
        assert!(!is_to_come(now.plus(24 * 3_600_000), now), "a day from now was reckoned by another clock");
    }

    #[test]
    fn pauses_grow() {
        let error = ConnectorError::new(FailureKind::Unreachable, "test", "x");
        let (first, fifth) = (pause(&error, 1, true).unwrap(), pause(&error, 5, true).unwrap());
        assert!(fifth > first * 2, "{first:?} then {fifth:?}");
    }
}
