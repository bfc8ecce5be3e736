//! What a write touched, so that windows read again only what changed.

/// A kind of thing that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Topic {
    /// Rows of the queue.
    Transfers = 1,
    /// Runs and their totals.
    Runs = 2,
    /// Connections and their health.
    Connections = 4,
    /// What only a person can solve.
    Attention = 8,
    /// Settings of the home.
    Settings = 16,
    /// Saved views.
    Views = 32,
}

/// A set of topics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Topics(u8);

impl Topics {
    /// Every topic: another process wrote something.
    pub const ALL: Self = Self(63);

    /// Adds one.
    pub fn add(&mut self, topic: Topic) {
        self.0 |= topic as u8;
    }

    /// Both sets.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `topic` is in the set.
    pub fn has(self, topic: Topic) -> bool {
        self.0 & topic as u8 != 0
    }

    /// Whether nothing was touched.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
