//! The faults of one request, sorted by where they act.

use std::time::Duration;

use crate::faults::Fault;

/// An answer that a fault puts in place of the real one; each system words it as its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// This status and nothing done.
    Status {
        /// The HTTP status.
        status: u16,
        /// The system's own code, where the fault names one.
        code: Option<String>,
        /// `Retry-After` in seconds.
        retry_after: Option<u64>,
    },
    /// Success in the status, an error in the body.
    ErrorInSuccess,
    /// What signed in has run out.
    ExpiredCredentials,
}

/// What a fault asks of one request beyond the wire.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Effects {
    /// Answer from the state of this long ago.
    pub(crate) stale: Option<Duration>,
    /// Invert this byte of what the request stores.
    pub(crate) corrupt_stored: Option<u64>,
}

/// What faults do to an answer's body.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shape {
    pub(crate) drop_after: Option<u64>,
    pub(crate) corrupt_at: Option<u64>,
    pub(crate) wrong_length: Option<i64>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) latency: Duration,
    pub(super) refusal: Option<Refusal>,
    pub(super) hang: bool,
    pub(super) drop_request_after: Option<u64>,
    pub(super) drop_answer: bool,
    pub(super) shape: Shape,
    pub(super) effects: Effects,
}

impl Plan {
    pub(super) fn of(faults: Vec<Fault>) -> Self {
        let mut plan = Self::default();
        for fault in faults {
            match fault {
                Fault::Latency(time) => plan.latency += time,
                Fault::Refuse { status, code, retry_after } => {
                    plan.refusal = Some(Refusal::Status { status, code, retry_after });
                }
                Fault::DropRequestAfter(bytes) => plan.drop_request_after = Some(bytes),
                Fault::DropResponseAfter(bytes) => plan.shape.drop_after = Some(bytes),
                Fault::DropAnswer => plan.drop_answer = true,
                Fault::Hang => plan.hang = true,
                Fault::CorruptStored(at) => plan.effects.corrupt_stored = Some(at),
                Fault::CorruptResponse(at) => plan.shape.corrupt_at = Some(at),
                Fault::WrongLength(by) => plan.shape.wrong_length = Some(by),
                Fault::ErrorInSuccess => plan.refusal = Some(Refusal::ErrorInSuccess),
                Fault::ExpiredCredentials => plan.refusal = Some(Refusal::ExpiredCredentials),
                Fault::Stale(ago) => plan.effects.stale = Some(ago),
            }
        }
        plan
    }
}
