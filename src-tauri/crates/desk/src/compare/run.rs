//! Running a plan exactly as it was shown.

use waybill_connector::ConnectorError;
use waybill_engine::OpenConnection;
use waybill_model::{
    Agreed, Failure, FailureKind, Location, RequiredProof, RunId, Side, Stamp, TransferId, TransferOptions,
};
use waybill_store::{EntryType, NewRun, NewTransfer, Origin};

use super::{Comparison, PlanRow, PlanState, Standing, walk::at};
use crate::{Desk, DeskError, entry::lacks};

/// What became of something that was to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Below the target.
    pub path: String,
    /// Why it is still there.
    pub failure: Option<Failure>,
}

/// What running a plan led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunAsShown {
    /// The run that sends what was ticked; `None` where nothing was.
    pub run: Option<RunId>,
    /// What was to be removed, in the order of the plan.
    pub removed: Vec<Removed>,
}

impl Desk {
    /// Sends what is ticked in a plan, each with the stamps that were seen, and removes what is ticked to be removed if it
    /// still is what was seen. A plan runs once.
    pub async fn run_as_shown(
        &self,
        plan: &Comparison,
        title: String,
        proof: RequiredProof,
    ) -> Result<RunAsShown, DeskError> {
        let ticked = take(plan)?;
        let (remove, send): (Vec<_>, Vec<_>) = ticked.into_iter().partition(|row| row.standing == Standing::OnlyThere);
        let request = plan.request();
        let run = match self.enqueue_as_shown(plan, &send, title, proof).await {
            Ok(run) => run,
            Err(error) => {
                plan.lock().state = PlanState::Made;
                return Err(error);
            }
        };
        let mut removed = Vec::with_capacity(remove.len());
        if !remove.is_empty() {
            let open = self.opened(request.target.connection).await?;
            for row in remove {
                let failure = self.remove_as_shown(&open, &request.target, &row).await?;
                removed.push(Removed { path: row.path, failure });
            }
        }
        Ok(RunAsShown { run, removed })
    }

    async fn enqueue_as_shown(
        &self,
        plan: &Comparison,
        rows: &[PlanRow],
        title: String,
        proof: RequiredProof,
    ) -> Result<Option<RunId>, DeskError> {
        if rows.is_empty() {
            return Ok(None);
        }
        let transfers = rows.iter().map(|row| transfer(plan, row)).collect();
        let options = TransferOptions { proof, ..TransferOptions::default() };
        let run = NewRun { id: RunId::fresh(), title, origin: Origin::Window, options, roots: Vec::new() };
        let id = run.id;
        self.inner.store.queue().start_listed(run, transfers, self.now(), self.actor()).await?;
        Ok(Some(id))
    }

    /// Why something is still there, or `None` where it was removed. An error stands for a connection that needs a person.
    async fn remove_as_shown(
        &self,
        open: &OpenConnection,
        top: &Location,
        row: &PlanRow,
    ) -> Result<Option<Failure>, DeskError> {
        let place = Location { connection: top.connection, path: at(top, &row.path) };
        let Some((list, delete)) = open.connector.list().zip(open.connector.delete()) else {
            return Err(lacks(open, "delete", "lets nothing be removed"));
        };
        let now = self.heard(&place, list.stat(&place.path).await).await;
        let is_as_shown = match (&now, &row.target) {
            (Ok(Some(entry)), Some(seen)) => entry.stamp().agrees_with(seen),
            _ => false,
        };
        let done = match now {
            Ok(None) => return Ok(None),
            Ok(Some(_)) if !is_as_shown => {
                let message = "it was changed since it was shown, so it stays; compare again";
                Err(ConnectorError::new(FailureKind::Changed, "delete", message).at(&place.path).into())
            }
            Ok(Some(_)) => self.heard(&place, delete.delete(&place.path).await).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => {
                self.note_act(&place, "deleted", "only there, and ticked in a comparison").await?;
                Ok(None)
            }
            Err(DeskError::Connector(error)) if !error.kind.stops_the_connection() => {
                Ok(Some(error.to_failure(Side::Destination)))
            }
            Err(error) => Err(error),
        }
    }
}

/// The ticked rows of a plan that is complete; it cannot be run a second time.
fn take(plan: &Comparison) -> Result<Vec<PlanRow>, DeskError> {
    let mut inner = plan.lock();
    let why = match inner.state {
        PlanState::Made => None,
        PlanState::Making => Some("the plan is still being made"),
        PlanState::Run => Some("the plan was run already; compare again"),
        PlanState::Stopped | PlanState::Failed(_) | PlanState::TooMany => {
            Some("the plan is not complete, so it cannot be run; compare again")
        }
    };
    if let Some(why) = why {
        return Err(DeskError::Invalid(why.to_owned()));
    }
    let ticked: Vec<_> = inner.rows.iter().filter(|row| row.ticked && row.can_be_ticked()).cloned().collect();
    if ticked.is_empty() {
        return Err(DeskError::Invalid("nothing is ticked, so there is nothing to run".to_owned()));
    }
    inner.state = PlanState::Run;
    Ok(ticked)
}

fn transfer(plan: &Comparison, row: &PlanRow) -> NewTransfer {
    let request = plan.request();
    let source = row.source.clone().unwrap_or_default();
    let stamp = match &row.target {
        _ if row.folder => Stamp::default(),
        Some(seen) => source.agreed(Agreed::This(Box::new(seen.clone()))),
        None => source.agreed(Agreed::Nothing),
    };
    NewTransfer {
        id: TransferId::fresh(),
        source: Location { connection: request.source.connection, path: at(&request.source, &row.path) },
        target: Location { connection: request.target.connection, path: at(&request.target, &row.path) },
        entry: if row.folder { EntryType::Folder } else { EntryType::File },
        stamp,
        failure: None,
    }
}
