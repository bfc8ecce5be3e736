//! A cap on bytes a second, shared by all transfers of a connection.

use std::{num::NonZeroU32, sync::Arc};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// Hands out bytes as time goes by; without a cap at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bandwidth {
    limiter: Option<(Arc<DefaultDirectRateLimiter>, NonZeroU32)>,
}

impl Bandwidth {
    /// A cap of so many bytes a second; none where `None` or zero.
    pub(crate) fn new(bytes_a_second: Option<u64>) -> Self {
        let cap = bytes_a_second.and_then(|cap| NonZeroU32::new(u32::try_from(cap).unwrap_or(u32::MAX)));
        Self {
            limiter: cap.map(|cap| {
                // A tenth of a second's worth may go at once, so that a pause is not followed by a burst.
                let burst = NonZeroU32::new(cap.get() / 10).unwrap_or(cap);
                (Arc::new(RateLimiter::direct(Quota::per_second(cap).allow_burst(burst))), burst)
            }),
        }
    }

    /// Waits until `bytes` may go.
    pub(crate) async fn take(&self, bytes: u64) {
        let Some((limiter, burst)) = &self.limiter else { return };
        let mut left = bytes;
        while let Some(now) = NonZeroU32::new(u32::try_from(left).unwrap_or(u32::MAX).min(burst.get())) {
            // A request within the burst is never refused outright.
            if limiter.until_n_ready(now).await.is_err() {
                return;
            }
            left -= u64::from(now.get());
        }
    }
}
