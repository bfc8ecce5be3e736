//! Comparing a folder with another one: a plan that is only read while it is made, shown row by row, and then run exactly
//! as it was shown.
//!
//! Each transfer that comes of it carries the stamps that were seen on both sides, so what changed since fails as *changed*
//! and is not sent. Nothing is removed but what was shown as *only there* and ticked.

mod judge;
mod plan;
mod run;
mod walk;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use waybill_model::Location;

use crate::{Desk, DeskError};

pub use plan::{Comparison, Counted, PlanFilter, PlanPage, PlanRow, PlanState, PlanTotals, Standing, Why};
pub use run::{Removed, RunAsShown};

/// How two files of one name are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareBy {
    /// By size and time: quick, and it says where that tells nothing.
    SizeAndTime,
    /// By a digest that a side vouches for, else by reading both.
    Checksum,
}

/// What is compared with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareRequest {
    /// The folder that is as it should be.
    pub source: Location,
    /// The folder that is to become so.
    pub target: Location,
    /// How.
    pub by: CompareBy,
}

impl Desk {
    /// Begins to compare two folders. The plan fills while it is made; dropping the last handle to it ends that.
    pub async fn compare(&self, request: CompareRequest) -> Result<Arc<Comparison>, DeskError> {
        let (from, to) = (&request.source, &request.target);
        if from == to {
            return Err(DeskError::Invalid("that is one and the same folder".to_owned()));
        }
        let inside = |one: &Location, other: &Location| {
            one.connection == other.connection && one.path.below(&other.path).is_some()
        };
        if inside(from, to) || inside(to, from) {
            return Err(DeskError::Invalid("one of the folders lies in the other".to_owned()));
        }
        let (source, target) = (self.opened(from.connection).await?, self.opened(to.connection).await?);
        let token = CancellationToken::new();
        let plan = Arc::new(Comparison::new(request.clone(), token.clone()));
        let making = walk::Walk::new(self.clone(), request, source, target, Arc::downgrade(&plan));
        tokio::spawn(making.run(token));
        Ok(plan)
    }
}
