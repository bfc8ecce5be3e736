//! What may go at once over all connections. The engine asks at each look, at least once a second, so that another limit
//! holds without a restart.

use waybill_model::Millis;

/// The caps of a moment. `None` means none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caps {
    /// Bytes a second over all connections together; a file between two of them counts once.
    pub bytes_per_second: Option<u64>,
    /// Files at once over all connections. Those that run when it becomes smaller go on to their end.
    pub files: Option<u32>,
    /// Files at once at a connection whose settings name no number.
    pub files_per_connection: Option<u32>,
}

/// Knows the caps of a moment. It is asked often and answers at once.
pub trait Limits: Send + Sync + std::fmt::Debug {
    /// The caps that hold at `now`.
    fn at(&self, now: Millis) -> Caps;
}

/// No caps at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unlimited;

impl Limits for Unlimited {
    fn at(&self, _now: Millis) -> Caps {
        Caps::default()
    }
}
