//! The stand-ins' time of day, which a test may move forward to let a retention, a session or a token run out,
//! and back as clocks of several servers differ.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970 in UTC.
pub(crate) type Millis = i64;

/// The machine's clock plus an offset.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset: AtomicI64,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that the rest of the stand-in asks")]
    pub(crate) fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(self.offset.load(Ordering::Relaxed))
    }

    pub(crate) fn set_back(&self, by: Duration) {
        self.offset.fetch_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.offset.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}
