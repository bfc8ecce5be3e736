//! Looking at the queue, and a person's commands to it.

use waybill_model::{Event, Failure, FailureKind, RunId, Side, Stamp, State, TransferId};
use waybill_store::{Counts, Cursor, EntryType, EventRow, Filter, NewTransfer, RunRow, TransferPage, TransferRow};

use crate::{Act, Desk, DeskError};

impl Desk {
    /// A page of transfers, newest first.
    pub async fn transfers(
        &self,
        filter: Filter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<TransferPage, DeskError> {
        Ok(self.inner.store.queue().page(filter, after, limit).await?)
    }

    /// One transfer.
    pub async fn transfer(&self, id: TransferId) -> Result<TransferRow, DeskError> {
        Ok(self.inner.store.queue().get(id).await?)
    }

    /// What happened to a transfer, in order.
    pub async fn story(&self, id: TransferId) -> Result<Vec<EventRow>, DeskError> {
        Ok(self.inner.store.queue().story(id).await?)
    }

    /// How many parts the remote has acknowledged, and their bytes.
    pub async fn confirmed_parts(&self, id: TransferId) -> Result<(u64, u64), DeskError> {
        Ok(self.inner.store.queue().confirmed(id).await?)
    }

    /// How many transfers there are in each state.
    pub async fn counts(&self) -> Result<Counts, DeskError> {
        Ok(self.inner.store.queue().counts().await?)
    }

    /// The newest runs with their totals.
    pub async fn runs(&self, limit: u32) -> Result<Vec<RunRow>, DeskError> {
        Ok(self.inner.store.runs(limit).await?)
    }

    /// One run.
    pub async fn run(&self, id: RunId) -> Result<RunRow, DeskError> {
        Ok(self.inner.store.run(id).await?)
    }

    /// Stops transfers for now. Answers how many it applied to; the others were over or stopped already.
    pub async fn pause(&self, ids: Vec<TransferId>) -> Result<u64, DeskError> {
        self.command(ids, Event::Paused).await
    }

    /// Lets paused transfers go on.
    pub async fn resume(&self, ids: Vec<TransferId>) -> Result<u64, DeskError> {
        self.command(ids, Event::Resumed).await
    }

    /// Calls transfers off.
    pub async fn cancel(&self, ids: Vec<TransferId>) -> Result<u64, DeskError> {
        self.command(ids, Event::Cancelled).await
    }

    /// Calls a run off: its transfers, and what of it nobody has looked through yet, which is kept as called off so that
    /// it is seen. Answers how many it applied to.
    pub async fn cancel_run(&self, run: RunId) -> Result<u64, DeskError> {
        let queue = self.inner.store.queue();
        for root in self.inner.store.pending_roots().await?.into_iter().filter(|root| root.run == run) {
            let failure = Failure {
                kind: FailureKind::Changed,
                side: Side::Desk,
                message: "it was called off before it was looked through; send it again".to_owned(),
                code: None,
            };
            let called_off = NewTransfer {
                id: TransferId::fresh(),
                source: root.source.clone(),
                target: root.target.clone(),
                entry: EntryType::File,
                stamp: Stamp::default(),
                failure: Some(failure.clone()),
            };
            queue.root_walked(root, Some(failure)).await?;
            queue.enqueue(run, vec![called_off], self.now(), self.actor()).await?;
        }
        self.act_on_all(Filter { run: Some(run), ..Filter::default() }, Act::Cancel).await
    }

    /// Tries transfers again that failed, wait, ask, or were called off.
    pub async fn retry(&self, ids: Vec<TransferId>) -> Result<u64, DeskError> {
        self.command(ids, Event::RetryAsked).await
    }

    async fn command(&self, ids: Vec<TransferId>, event: Event) -> Result<u64, DeskError> {
        Ok(self.inner.store.queue().command(ids, event, self.now(), self.actor()).await?)
    }

    /// Stops everything for now.
    pub async fn pause_all(&self) -> Result<u64, DeskError> {
        let states = vec![State::Queued, State::Preparing, State::Transferring, State::Verifying, State::Waiting];
        Ok(self.inner.store.queue().command_all(states, Event::Paused, self.now(), self.actor()).await?)
    }

    /// Lets everything go on that was paused.
    pub async fn resume_all(&self) -> Result<u64, DeskError> {
        Ok(self.inner.store.queue().command_all(vec![State::Paused], Event::Resumed, self.now(), self.actor()).await?)
    }

    /// Puts transfers first in their lines.
    pub async fn move_first(&self, ids: Vec<TransferId>) -> Result<(), DeskError> {
        Ok(self.inner.store.queue().move_first(ids).await?)
    }

    /// Puts transfers right before another; last in their lines where there is none.
    pub async fn move_before(&self, ids: Vec<TransferId>, other: Option<TransferId>) -> Result<(), DeskError> {
        let queue = self.inner.store.queue();
        match other {
            Some(other) => queue.move_before(ids, other).await?,
            None => queue.move_last(ids).await?,
        }
        Ok(())
    }

    /// Gives transfers another priority; higher goes first.
    pub async fn set_priority(&self, ids: Vec<TransferId>, priority: i64) -> Result<(), DeskError> {
        Ok(self.inner.store.queue().set_priority(ids, priority).await?)
    }
}
