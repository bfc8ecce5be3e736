//! The last lines of the log, in memory, for whoever asks for help. Lines of this program alone, bounded in number and
//! length.

use std::{
    collections::VecDeque,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use tracing_subscriber::fmt::MakeWriter;

/// Lines that are kept.
const LINES: usize = 2_000;
/// Bytes of a line that are kept.
const LONGEST: usize = 2_000;

/// The lines, oldest first. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogRing(Arc<Mutex<VecDeque<String>>>);

impl LogRing {
    /// What is kept now.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl KeepsEvents for LogRing {
    fn keep(&self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for line in text.lines() {
            if lines.len() == LINES {
                lines.pop_front();
            }
            lines.push_back(line.chars().take(LONGEST).collect());
        }
    }
}

/// Where whole events go.
pub(crate) trait KeepsEvents: Clone {
    fn keep(&self, event: &[u8]);
}

/// Gathers what one event says, however many pieces it is written in, and hands it over when it is whole.
pub(crate) struct OneEvent<K: KeepsEvents> {
    keeper: K,
    said: Vec<u8>,
}

impl<K: KeepsEvents> OneEvent<K> {
    pub(crate) fn new(keeper: &K) -> Self {
        Self { keeper: keeper.clone(), said: Vec::new() }
    }
}

impl<K: KeepsEvents> Write for OneEvent<K> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.said.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<K: KeepsEvents> Drop for OneEvent<K> {
    fn drop(&mut self) {
        self.keeper.keep(&self.said);
    }
}

impl<'a> MakeWriter<'a> for LogRing {
    type Writer = OneEvent<Self>;

    fn make_writer(&'a self) -> OneEvent<Self> {
        OneEvent::new(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_are_kept_and_no_more_than_there_is_room_for() {
        let ring = LogRing::default();
        for n in 0..LINES + 5 {
            writeln!(ring.make_writer(), "line {n}").unwrap();
        }
        ring.make_writer().write_all("ü".repeat(3 * LONGEST).as_bytes()).unwrap();
        let lines = ring.lines();
        assert_eq!((lines.len(), lines[0].as_str()), (LINES, "line 6"));
        assert_eq!(lines[LINES - 1].chars().count(), LONGEST);
    }
}
