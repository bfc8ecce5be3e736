//! Moves what the queue holds: walks folders, claims transfers, sends, proves and settles them.
//!
//! Knows neither a concrete connector nor SQL. One engine runs per home, for as long as it holds the home's
//! [`EngineLock`]; any process may enqueue. A transfer's state is changed through the queue alone.

#![expect(
    clippy::result_large_err,
    reason = "the connectors' error is the contract; it is made once a failed transfer"
)]

mod abandoned;
mod after;
mod bandwidth;
mod buffers;
mod clock;
mod connections;
mod engine;
mod job;
mod landed;
mod limits;
mod lock;
mod metadata;
mod orphans;
mod parts;
mod pool;
mod progress;
mod prove;
mod reader;
mod retry;
mod room;
mod runner;
mod single;
mod target;
mod tries;
mod walk;

pub use clock::SystemClock;
pub use connections::{Connections, OpenConnection, question_about};
pub use engine::{Engine, EngineParts};
pub use limits::{Caps, Limits, Unlimited};
pub use lock::EngineLock;
pub use progress::{Moving, Progress};
