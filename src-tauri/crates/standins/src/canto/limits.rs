//! The rate levels: how many requests of each an account has in a minute.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use http::Method;

use super::moment::MINUTE;
use crate::clock::Millis;

/// What was asked in the last minute, by level.
#[derive(Debug, Default)]
pub(super) struct Limits {
    seen: Mutex<[VecDeque<Millis>; 4]>,
}

impl Limits {
    /// Counts a request, unless its level is full.
    pub(super) fn admit(&self, level: usize, limits: &[Option<u32>; 4], now: Millis) -> bool {
        let Some(limit) = limits.get(level.saturating_sub(1)).copied().flatten() else { return true };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(times) = seen.get_mut(level.saturating_sub(1)) else { return true };
        while times.front().is_some_and(|time| *time <= now - MINUTE) {
            times.pop_front();
        }
        if times.len() >= limit as usize {
            return false;
        }
        times.push_back(now);
        true
    }
}

/// The level of a route, 1 to 4.
// Inferred: only searching below a folder (4), assigning to an album (4), listing (1) and terms (2) are known.
pub(super) fn level(method: &Method, route: &str) -> usize {
    match route.trim_start_matches("/api/v1").trim_start_matches('/').split('/').next().unwrap_or_default() {
        "folder" if *method == Method::GET => 4,
        "batch" if route.ends_with("/album") => 4,
        "batch" | "share" => 3,
        _ if *method == Method::GET => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_full_until_a_minute_has_gone() {
        let (limits, numbers) = (Limits::default(), [None, None, None, Some(2)]);
        let admitted = [0, 1, 2, MINUTE, MINUTE + 1, MINUTE + 2].map(|now| limits.admit(4, &numbers, now));
        assert_eq!(admitted, [true, true, false, true, true, false]);
        assert!(limits.admit(1, &numbers, 3), "a level without a number is not counted");
    }
}
