//! One transfer while it is being worked on, and the ways in which the work stops short.

use std::sync::{Arc, Mutex, PoisonError, atomic::AtomicBool};

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use waybill_connector::ConnectorError;
use waybill_model::{
    Clock, Evidence, Location, OutboxId, Proof, Receipt, RemotePath, Sha256, Side, Stamp, StoryNote, TransferOptions,
};
use waybill_store::{Queue, StoreError, TransferRow};

use crate::{bandwidth::Toll, pool::Seat, progress::Meter};

/// Everything that the work on one transfer needs.
pub(crate) struct Job {
    pub(crate) row: TransferRow,
    pub(crate) options: TransferOptions,
    pub(crate) source: Seat,
    pub(crate) target: Seat,
    pub(crate) queue: Queue,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) meter: Meter,
    /// Somebody paused or cancelled it, or the program ends.
    pub(crate) token: CancellationToken,
    /// The target path that is written now, shared with the engine: nobody else gets it meanwhile.
    pub(crate) writing: Arc<Mutex<RemotePath>>,
    /// The remote took a part in this attempt.
    pub(crate) progressed: AtomicBool,
}

impl Job {
    /// The conflict rule that holds: a person's answer is stronger than the run's.
    pub(crate) fn rule(&self) -> waybill_model::ConflictRule {
        self.row.conflict.unwrap_or(self.options.conflict)
    }

    /// Whether the transfer has to be *matched*: asked for, or needed before the source may go.
    pub(crate) fn needs_match(&self) -> bool {
        self.options.proof.grade() >= Evidence::Matched || self.options.after != waybill_model::AfterSource::Keep
    }

    /// What its bytes pay on their way.
    pub(crate) fn toll(&self) -> Toll {
        Toll {
            source: self.source.bandwidth.clone(),
            target: self.target.bandwidth.clone(),
            all: self.target.all.clone(),
        }
    }

    /// Another name at the target is written from now on.
    pub(crate) fn writes(&self, path: &RemotePath) {
        *self.writing.lock().unwrap_or_else(PoisonError::into_inner) = path.clone();
    }

    /// The source as it is named in messages.
    pub(crate) fn source_label(&self) -> String {
        label(&self.source, &self.row.source)
    }
}

fn label(seat: &Seat, location: &Location) -> String {
    let path = waybill_model::names::shown(location.path.as_str());
    if location.connection.is_local() { path } else { format!("{}:{path}", seat.open.name) }
}

/// The bytes are at the target.
#[derive(Debug)]
pub(crate) struct Sent {
    /// What the remote says that it stored.
    pub(crate) receipt: Receipt,
    /// What was read at the source.
    pub(crate) sha256: Sha256,
    /// What the source looked like while it was read.
    pub(crate) stamp: Stamp,
    /// Where it lies at the target; a conflict may have given it another name than was asked for.
    pub(crate) path: RemotePath,
    /// Set where the source's own digest was seen to equal what was read.
    pub(crate) source_proof: Option<Proof>,
    /// Intents that happened: closed in the step that stores the acknowledgement.
    pub(crate) effects: Vec<OutboxId>,
    /// What the story says of it.
    pub(crate) note: Option<StoryNote>,
}

/// Why the work stops short.
#[derive(Debug)]
pub(crate) enum Stop {
    /// One end failed.
    Failed(Side, ConnectorError),
    /// The conflict rule says not to send it.
    Skip(StoryNote),
    /// A person has to decide about what is there already.
    Ask(Map<String, Value>),
    /// Paused, cancelled, or the program ends; the row says which.
    Cancelled,
    /// The desk's own database failed.
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Says which end an error belongs to.
pub(crate) trait AtSide<T> {
    fn at_source(self) -> Result<T, Stop>;
    fn at_target(self) -> Result<T, Stop>;
}

impl<T> AtSide<T> for Result<T, ConnectorError> {
    fn at_source(self) -> Result<T, Stop> {
        self.map_err(|error| Stop::Failed(Side::Source, error))
    }

    fn at_target(self) -> Result<T, Stop> {
        self.map_err(|error| Stop::Failed(Side::Destination, error))
    }
}
