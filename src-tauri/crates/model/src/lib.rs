//! The words of the desk as types: ids, names, hashes, states, evidence and failures.
//!
//! Pure: no clock, no file, no network. Everything that is stored or crosses to the window is
//! serialised from here, so each persisted type says so and carries a version where it can grow.

mod conflict;
mod evidence;
mod failure;
mod form;
mod hash;
mod id;
pub mod names;
mod path;
mod state;
mod story;
mod time;
mod transfer;
mod upload;

pub use conflict::{ConflictRule, EntryState, Resolution, numbered_name, resolve};
pub use evidence::{Evidence, Proof, RequiredProof};
pub use failure::{Failure, FailureKind, Retry, Side};
pub use form::{AttributeValue, FilledForm};
pub use hash::{Md5, ParseHashError, Sha256, Sha256Hasher};
pub use id::{AttentionId, ConnectionId, OutboxId, ParseIdError, ProcessId, RunId, TransferId, ViewId};
pub use path::RemotePath;
pub use state::{Event, Illegal, Pace, State, Transition, next};
pub use story::StoryNote;
pub use time::{Clock, Millis};
pub use transfer::{AfterSource, Agreed, Location, Stamp, TransferOptions};
pub use upload::{PartHash, PartReceipt, Receipt, SESSION_VERSION, UploadSession};
