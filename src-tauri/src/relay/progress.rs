//! The progress channel: one batch up to ten times a second while anything moves, and silence else.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use tauri::ipc::Channel;
use waybill_desk::{Desk, Moving};
use waybill_model::TransferId;

use crate::views::{ProgressBatchView, ProgressView};

const EVERY: Duration = Duration::from_millis(100);
/// How much of a speed is new with each sample: half a second of memory.
const FRESH: f64 = 0.2;
/// Bytes a second below which nothing moves any more, and no further batch is sent.
const STILL: f64 = 1.0;
/// The rows that one batch names at most, so that it stays below eight kilobytes.
const ROWS: usize = 64;

/// Sends batches until the window is gone.
pub(crate) async fn follow_progress(desk: Desk, channel: Channel<ProgressBatchView>) {
    let mut topics = desk.topics();
    let mut meters = Meters::new(desk.confirmed_bytes());
    let mut was_moving = false;
    loop {
        let moving = desk.progress();
        if !moving.is_empty() || was_moving || meters.total.speed > STILL {
            let batch = meters.sample(&moving, desk.confirmed_bytes(), Instant::now());
            if channel.send(batch).is_err() {
                return;
            }
            was_moving = !moving.is_empty();
            tokio::time::sleep(EVERY).await;
        } else if matches!(topics.recv().await, Err(tokio::sync::broadcast::error::RecvError::Closed)) {
            return;
        } else {
            meters.wake(desk.confirmed_bytes(), Instant::now());
        }
    }
}

/// A count and how fast it grows.
#[derive(Debug, Clone, Copy)]
struct Meter {
    bytes: u64,
    at: Instant,
    speed: f64,
}

impl Meter {
    fn new(bytes: u64, at: Instant) -> Self {
        Self { bytes, at, speed: 0.0 }
    }

    fn read(&mut self, bytes: u64, at: Instant) -> u64 {
        let seconds = at.duration_since(self.at).as_secs_f64();
        if seconds > 0.0 {
            #[expect(clippy::cast_precision_loss, reason = "a speed is shown with three digits")]
            let now = bytes.saturating_sub(self.bytes) as f64 / seconds;
            self.speed = if self.speed == 0.0 { now } else { self.speed + FRESH * (now - self.speed) };
        }
        self.bytes = bytes;
        self.at = at;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a speed is finite and never below zero"
        )]
        let shown = self.speed.round() as u64;
        shown
    }
}

/// The speeds of what moves, and of everything together.
#[derive(Debug)]
struct Meters {
    each: HashMap<TransferId, Meter>,
    total: Meter,
}

impl Meters {
    fn new(total: u64) -> Self {
        Self { each: HashMap::new(), total: Meter::new(total, Instant::now()) }
    }

    /// Starts anew after a silence, which is no time in which nothing was fast.
    fn wake(&mut self, total: u64, at: Instant) {
        self.total = Meter::new(total, at);
    }

    fn sample(&mut self, moving: &[Moving], total: u64, at: Instant) -> ProgressBatchView {
        self.each.retain(|id, _| moving.iter().any(|one| one.id == *id));
        let mut views = Vec::with_capacity(moving.len().min(ROWS));
        for one in moving {
            let meter = self.each.entry(one.id).or_insert_with(|| Meter::new(one.confirmed, at));
            let speed = meter.read(one.confirmed, at);
            if views.len() < ROWS {
                views.push(ProgressView {
                    id: one.id.to_string(),
                    confirmed: one.confirmed.into(),
                    bytes_per_second: speed.into(),
                });
            }
        }
        let mut speed = self.total.read(total, at);
        if moving.is_empty() {
            // What has ended is not slow: the figure goes back to nothing within a second, and nothing is its last word.
            self.total.speed = if self.total.speed < 1000.0 { 0.0 } else { self.total.speed / 2.0 };
            speed = if self.total.speed > 0.0 { speed / 2 } else { 0 };
        }
        ProgressBatchView { moving: views, bytes_per_second: speed.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moving(id: TransferId, confirmed: u64) -> Moving {
        Moving { id, confirmed, size: 10_000_000 }
    }

    #[test]
    fn a_steady_stream_settles_at_its_speed_and_one_that_ended_is_forgotten() {
        let id = TransferId::fresh();
        let mut meters = Meters::new(0);
        let begin = meters.total.at;
        for step in 1..=50_u64 {
            let at = begin + Duration::from_millis(100 * step);
            meters.sample(&[moving(id, step * 1_000_000)], step * 1_000_000, at);
        }
        let speed = meters.each[&id].speed;
        assert!((9_500_000.0..10_500_000.0).contains(&speed), "ten megabytes a second, and {speed} was shown");

        meters.sample(&[], 50_000_000, begin + Duration::from_secs(6));
        assert!(meters.each.is_empty());
    }

    #[test]
    fn the_last_word_about_what_has_ended_is_that_nothing_moves() {
        let mut meters = Meters::new(0);
        let begin = meters.total.at;
        meters.sample(&[moving(TransferId::fresh(), 9_000_000)], 9_000_000, begin + Duration::from_secs(1));
        assert!(meters.total.speed > STILL);
        let mut last = None;
        for step in 1..100 {
            last =
                Some(meters.sample(&[], 9_000_000, begin + Duration::from_secs(1) + Duration::from_millis(100 * step)));
            if meters.total.speed <= STILL {
                break;
            }
        }
        assert_eq!(last.unwrap().bytes_per_second, 0.into(), "no batch comes after this one");
    }
}
