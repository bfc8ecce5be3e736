//! Waiting for a run, for the command and for tests.

use std::{collections::HashSet, time::Duration};

use waybill_model::{ConnectionId, Evidence, Location, RunId};
use waybill_store::{Health, RunRow};

use crate::{Desk, DeskError};

/// How a run stands when nothing of it moves any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunOutcome {
    /// Everything reached the grade that was asked for, or was skipped by the rule.
    Done(RunRow),
    /// Some failed, were called off, or could not be proved as asked.
    Failed(RunRow),
    /// Some wait for a person.
    NeedsAttention(RunRow),
    /// A person paused what is left.
    Paused(RunRow),
}

impl Desk {
    /// Waits until nothing of the run moves any more without a person. `each` hears of every change.
    pub async fn wait_for(&self, run: RunId, each: &mut (dyn FnMut(&RunRow) + Send)) -> Result<RunOutcome, DeskError> {
        let mut topics = self.topics();
        loop {
            let row = self.inner.store.run(run).await?;
            each(&row);
            if let Some(outcome) = self.outcome(row).await? {
                return Ok(outcome);
            }
            // Changes of other processes are heard too; the pause is for a clock that makes a waiting one due.
            if let Ok(Ok(_)) = tokio::time::timeout(Duration::from_secs(1), topics.recv()).await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            while topics.try_recv().is_ok() {}
        }
    }

    async fn outcome(&self, row: RunRow) -> Result<Option<RunOutcome>, DeskError> {
        if row.running > 0 || row.waiting > 0 {
            return Ok(None);
        }
        let stopped = (row.queued > 0 || !row.walked) && self.is_stopped(row.id).await?;
        if (row.queued > 0 || !row.walked) && !stopped {
            return Ok(None);
        }
        if stopped || row.attention > 0 {
            return Ok(Some(RunOutcome::NeedsAttention(row)));
        }
        if row.paused > 0 {
            return Ok(Some(RunOutcome::Paused(row)));
        }
        let unproved = row.options.proof.grade() >= Evidence::Matched && row.matched < row.done;
        Ok(Some(if row.failed + row.cancelled > 0 || unproved {
            RunOutcome::Failed(row)
        } else {
            RunOutcome::Done(row)
        }))
    }

    /// Waits until what cancelled transfers left at their remotes is gone, at most so long: what stays is removed by a
    /// later engine.
    pub async fn tidy_up(&self, patience: Duration) -> Result<(), DeskError> {
        let gone = async {
            while !self.inner.store.queue().abandoned().await?.is_empty() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok(())
        };
        tokio::time::timeout(patience, gone).await.unwrap_or(Ok(()))
    }

    /// The connections that a run reads from or writes to.
    pub async fn ends_of(&self, run: RunId) -> Result<HashSet<ConnectionId>, DeskError> {
        let roots = self.inner.store.roots(run).await?;
        Ok(roots.iter().flat_map(|root| [root.source.connection, root.target.connection]).collect())
    }

    /// What a run was told to send and nobody has looked through yet: where from and where to.
    pub async fn unwalked(&self, run: RunId) -> Result<Vec<(Location, Location)>, DeskError> {
        let roots = self.inner.store.pending_roots().await?;
        Ok(roots.into_iter().filter(|root| root.run == run).map(|root| (root.source, root.target)).collect())
    }

    /// Whether everything that is left of a run stands before a connection that only a person can mend.
    async fn is_stopped(&self, run: RunId) -> Result<bool, DeskError> {
        for id in self.ends_of(run).await? {
            if self.inner.store.connection(id).await?.health == Health::Stopped {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many files an engine works on, or would without a person: what stands still when nobody runs one.
    pub async fn at_work(&self) -> Result<u64, DeskError> {
        if self.is_idle().await? {
            return Ok(0);
        }
        let counts = self.counts().await?;
        // Nothing has been looked through yet, so that there are no files to count.
        Ok((counts.running + counts.queued + counts.waiting).max(1))
    }

    /// Whether nothing in the home is left that an engine could still move without a person.
    pub async fn is_idle(&self) -> Result<bool, DeskError> {
        Ok(!self.inner.store.can_move().await?)
    }
}
