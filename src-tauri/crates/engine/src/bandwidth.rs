//! A cap on bytes a second that may change while somebody waits for it.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, watch},
    time::Instant,
};

/// Hands out bytes as time goes by; without a cap at once. Clones share what there is.
#[derive(Debug, Clone)]
pub(crate) struct Bandwidth(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    cap: watch::Sender<Option<u64>>,
    /// Held by whoever is next, so that bytes go out in the order in which they were asked for.
    bucket: Mutex<Bucket>,
}

/// What may go at once, and since when it has not grown. It goes by a clock that nobody can set back.
#[derive(Debug)]
struct Bucket {
    credit: u64,
    counted: Instant,
}

impl Bucket {
    /// Adds what `cap` has given since it was counted last, up to `burst`.
    fn refill(&mut self, cap: u64, burst: u64, now: Instant) {
        let passed = now.duration_since(self.counted).as_nanos();
        let earned = u64::try_from(passed * u128::from(cap) / 1_000_000_000).unwrap_or(u64::MAX);
        if earned > 0 {
            // What was earned of the next byte is kept for the next count.
            self.counted += time_of(earned, cap).min(now - self.counted);
            self.credit = self.credit.saturating_add(earned);
        }
        if self.credit >= burst {
            (self.credit, self.counted) = (burst, now);
        }
    }
}

/// How long `cap` bytes a second take for so many.
fn time_of(bytes: u64, cap: u64) -> Duration {
    let nanoseconds = u128::from(bytes) * 1_000_000_000 / u128::from(cap.max(1));
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

impl Bandwidth {
    /// A cap of so many bytes a second; none where `None` or zero.
    pub(crate) fn new(cap: Option<u64>) -> Self {
        let bucket = Mutex::new(Bucket { credit: 0, counted: Instant::now() });
        Self(Arc::new(Inner { cap: watch::Sender::new(cap.filter(|cap| *cap > 0)), bucket }))
    }

    /// Another cap from now on, for those too who wait already.
    pub(crate) fn set(&self, cap: Option<u64>) {
        let cap = cap.filter(|cap| *cap > 0);
        self.0.cap.send_if_modified(|held| std::mem::replace(held, cap) != cap);
    }

    /// Waits until `bytes` may go.
    pub(crate) async fn take(&self, bytes: u64) {
        let mut cap = self.0.cap.subscribe();
        let mut left = bytes;
        while left > 0 {
            if cap.borrow().is_none() {
                return;
            }
            // Let go after each bit, so that a large piece does not keep small ones waiting.
            let mut bucket = self.0.bucket.lock().await;
            let Some(taken) = bucket_full(&mut bucket, &mut cap, left).await else { return };
            left -= taken;
        }
    }
}

/// Waits for the next bit of `left`, whatever becomes of the cap meanwhile. `None` where there is none any more.
async fn bucket_full(bucket: &mut Bucket, cap: &mut watch::Receiver<Option<u64>>, left: u64) -> Option<u64> {
    loop {
        let bytes_a_second = (*cap.borrow_and_update())?;
        // A tenth of a second's worth may go at once, so that a pause is not followed by a burst.
        let burst = (bytes_a_second / 10).max(1);
        bucket.refill(bytes_a_second, burst, Instant::now());
        let wanted = left.min(burst);
        if bucket.credit >= wanted {
            bucket.credit -= wanted;
            return Some(wanted);
        }
        let wait = time_of(wanted - bucket.credit, bytes_a_second).max(Duration::from_millis(1));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            changed = cap.changed() => changed.ok()?,
        }
    }
}

/// What a file pays on its way: at its source, at its target, and to the line that all share.
#[derive(Debug, Clone)]
pub(crate) struct Toll {
    pub(crate) source: Bandwidth,
    pub(crate) target: Bandwidth,
    pub(crate) all: Bandwidth,
}

impl Toll {
    /// Waits until `bytes` may go.
    pub(crate) async fn pay(&self, bytes: u64) {
        self.source.take(bytes).await;
        self.target.take(bytes).await;
        self.all.take(bytes).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A span that no test runs for.
    const NEVER: Duration = Duration::from_secs(30);

    async fn in_time(what: &str, wait: impl Future<Output = ()>) {
        assert!(tokio::time::timeout(NEVER, wait).await.is_ok(), "{what} waits for ever");
    }

    #[test]
    fn what_is_earned_is_what_the_cap_gives_and_a_pause_is_not_followed_by_a_burst() {
        let begun = Instant::now();
        let mut bucket = Bucket { credit: 0, counted: begun };
        bucket.refill(1_000, 100, begun + Duration::from_millis(50));
        assert_eq!(bucket.credit, 50);
        bucket.refill(1_000, 100, begun + Duration::from_millis(60));
        assert_eq!(bucket.credit, 60);
        bucket.refill(1_000, 100, begun + Duration::from_hours(1));
        assert_eq!(bucket.credit, 100);
    }

    #[test]
    fn slow_caps_lose_nothing_to_rounding_and_an_earlier_moment_takes_nothing_away() {
        let begun = Instant::now();
        let mut bucket = Bucket { credit: 0, counted: begun };
        // Looked at 10,000 times within ten seconds, three bytes a second make thirty.
        for look in 1..=10_000 {
            bucket.refill(3, 1_000, begun + Duration::from_millis(look));
        }
        assert!((29..=30).contains(&bucket.credit), "{}", bucket.credit);
        let held = bucket.credit;
        bucket.refill(3, 1_000, begun);
        assert_eq!(bucket.credit, held);
    }

    #[tokio::test]
    async fn whoever_waits_hears_of_another_cap_at_once() {
        for cap in [None, Some(u64::MAX / 2)] {
            let line = Bandwidth::new(Some(10));
            let taker = line.clone();
            // At ten bytes a second it would take three years.
            let waiting = tokio::spawn(async move { taker.take(1_000_000_000).await });
            tokio::time::sleep(Duration::from_millis(20)).await;
            assert!(!waiting.is_finished());
            line.set(cap);
            in_time("who took before", async { waiting.await.unwrap() }).await;
        }
    }

    #[tokio::test]
    async fn a_cap_that_comes_while_bytes_go_holds_from_there_on() {
        let line = Bandwidth::new(None);
        in_time("who has no cap", line.take(u64::MAX)).await;
        line.set(Some(10));
        let slow = tokio::time::timeout(Duration::from_millis(50), line.take(1_000_000_000)).await;
        assert!(slow.is_err(), "ten bytes a second let nobody through");
        line.set(Some(0));
        in_time("zero is no cap, and who takes", line.take(u64::MAX)).await;
    }

    #[tokio::test]
    async fn a_large_piece_does_not_keep_small_ones_waiting() {
        let line = Bandwidth::new(Some(1_000_000));
        let taker = line.clone();
        let large = tokio::spawn(async move { taker.take(u64::MAX).await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        in_time("the small one", line.take(50_000)).await;
        assert!(!large.is_finished());
        large.abort();
    }
}
