//! How many requests a remote is sent in a minute, and how many at once.

use std::{num::NonZeroU32, sync::Arc};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The pace of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Requests a minute over a longer time; no limit where it is 0.
    pub per_minute: u32,
    /// Requests that may go at once before the limit is felt.
    pub burst: u32,
    /// Requests under way at the same time, until their answers have begun.
    pub parallel: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { per_minute: 0, burst: 1, parallel: 16 }
    }
}

/// Holds requests back.
#[derive(Debug)]
pub(crate) struct Pacer {
    limiter: Option<DefaultDirectRateLimiter>,
    seats: Arc<Semaphore>,
}

impl Pacer {
    pub(crate) fn new(pace: Pace) -> Self {
        let limiter = NonZeroU32::new(pace.per_minute).map(|per_minute| {
            let burst = NonZeroU32::new(pace.burst).unwrap_or(NonZeroU32::MIN);
            RateLimiter::direct(Quota::per_minute(per_minute).allow_burst(burst))
        });
        let seats = usize::try_from(pace.parallel.max(1)).unwrap_or(Semaphore::MAX_PERMITS);
        Self { limiter, seats: Arc::new(Semaphore::new(seats)) }
    }

    /// Waits for its turn. The seat is free again when the permit is dropped.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        let seat = Arc::clone(&self.seats).acquire_owned().await.ok();
        if let Some(limiter) = &self.limiter {
            limiter.until_ready().await;
        }
        seat
    }
}
