//! Memory of pieces that went out, used again for the next: a piece of many mebibytes costs the system a page fault for
//! every 4 KiB when its memory is new.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;

type Idle = Mutex<Vec<Vec<u8>>>;

/// Buffers of one reading. They go back when the last user of their bytes is done, and end with the reading.
#[derive(Debug, Default)]
pub(crate) struct Buffers(Arc<Idle>);

impl Buffers {
    /// An empty buffer for `capacity` bytes.
    pub(crate) fn take(&self, capacity: usize) -> Buffer {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        bytes.clear();
        bytes.reserve_exact(capacity);
        Buffer { bytes, home: Arc::downgrade(&self.0) }
    }
}

/// A buffer that goes home when it is dropped.
#[derive(Debug)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    home: Weak<Idle>,
}

impl Buffer {
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// What was put in, to be shared.
    pub(crate) fn freeze(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(home) = self.home.upgrade() {
            home.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut self.bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(buffers: &Buffers, with: u8) -> Bytes {
        let mut buffer = buffers.take(4);
        buffer.extend(&[with; 4]);
        buffer.freeze()
    }

    #[test]
    fn memory_is_used_again_once_nobody_has_the_bytes() {
        let buffers = Buffers::default();
        let first = filled(&buffers, 1);
        let (at, tail) = (first.as_ptr(), first.slice(2..));
        drop(first);
        let second = filled(&buffers, 2);
        assert_ne!(second.as_ptr(), at, "somebody still has a part of the first");
        assert_eq!(tail, [1, 1].as_slice());
        drop(tail);
        let third = filled(&buffers, 3);
        assert_eq!(third.as_ptr(), at);
        assert_eq!(third, [3; 4].as_slice());
    }

    #[test]
    fn bytes_outlive_the_reading() {
        let buffers = Buffers::default();
        let bytes = filled(&buffers, 7);
        drop(buffers);
        assert_eq!(bytes, [7; 4].as_slice());
    }
}
