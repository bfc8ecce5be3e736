//! The history: its lists by run, acts on all that a filter finds, named filters, and the index that follows the queue.

use std::time::{Duration, Instant};

use tokio::{sync::broadcast::error::RecvError, task::JoinHandle};
use waybill_model::{Event, Millis, Pace, PartReceipt, RunId, TransferId, UploadSession, ViewId};
use waybill_store::{
    Cursor, Filter, Matched, RunCursor, RunRow, SavedView, Store, StoreError, Topic, Topics, TransferRow,
};

use crate::{Desk, DeskError};

/// Transfers that one act changes in one step, so that the engine's own work comes in between.
const STEP: u32 = 500;
/// Commits that come within this time are indexed together.
const TOGETHER: Duration = Duration::from_millis(250);
/// How long the index rests after it could not be written.
const REST: Duration = Duration::from_secs(10);
/// The longest name of a view in characters.
const LONGEST_NAME: usize = 60;

/// What a person does with transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Stops them for now.
    Pause,
    /// Lets them go on.
    Resume,
    /// Calls them off.
    Cancel,
    /// Tries them again.
    Retry,
}

impl Act {
    fn event(self) -> Event {
        match self {
            Self::Pause => Event::Paused,
            Self::Resume => Event::Resumed,
            Self::Cancel => Event::Cancelled,
            Self::Retry => Event::RetryAsked,
        }
    }
}

impl Desk {
    /// Runs, newest first: all, or those that have transfers at a pace.
    pub async fn runs_page(
        &self,
        pace: Option<Pace>,
        after: Option<RunCursor>,
        limit: u32,
    ) -> Result<Vec<RunRow>, DeskError> {
        Ok(self.inner.store.runs_page(pace, after, limit).await?)
    }

    /// A piece of a run in the order of its line: all of it, or what is at a pace.
    pub async fn block(
        &self,
        run: RunId,
        pace: Option<Pace>,
        skipped: u64,
        limit: u32,
    ) -> Result<Vec<TransferRow>, DeskError> {
        Ok(self.inner.store.queue().block(run, pace, skipped, limit).await?)
    }

    /// What was matched since the quarter of an hour in which `since` lies.
    pub async fn matched_since(&self, since: Millis) -> Result<Matched, DeskError> {
        Ok(self.inner.store.queue().matched_since(since).await?)
    }

    /// The upload of a transfer that was begun and is not finished, with the receipts of its parts.
    pub async fn upload_of(&self, id: TransferId) -> Result<Option<(UploadSession, Vec<PartReceipt>)>, DeskError> {
        Ok(self.inner.store.queue().session(id).await?)
    }

    /// Does something with every transfer that a filter finds. Those for which it makes no sense stay as they are.
    /// Answers how many changed.
    pub async fn act_on_all(&self, filter: Filter, act: Act) -> Result<u64, DeskError> {
        let queue = self.inner.store.queue();
        let (mut changed, mut after): (u64, Option<Cursor>) = (0, None);
        loop {
            let (ids, next) = queue.ids(filter.clone(), after, STEP).await?;
            if !ids.is_empty() {
                changed += queue.command(ids, act.event(), self.now(), self.actor()).await?;
            }
            after = next;
            if after.is_none() {
                return Ok(changed);
            }
        }
    }

    /// The filters that somebody named.
    pub async fn views(&self) -> Result<Vec<SavedView>, DeskError> {
        Ok(self.inner.store.views().await?)
    }

    /// Keeps a filter under a name, as the last of its place if it is new.
    pub async fn save_view(&self, view: SavedView) -> Result<(), DeskError> {
        let name = view.name.trim().to_owned();
        if name.is_empty() {
            return Err(DeskError::Invalid("a view needs a name".to_owned()));
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(DeskError::Invalid(format!("a view's name has at most {LONGEST_NAME} characters")));
        }
        Ok(self.inner.store.save_view(SavedView { name, ..view }, self.now()).await?)
    }

    /// Gives views this order.
    pub async fn order_views(&self, ids: Vec<ViewId>) -> Result<(), DeskError> {
        Ok(self.inner.store.order_views(ids).await?)
    }

    /// Forgets a named filter; the transfers stay.
    pub async fn forget_view(&self, id: ViewId) -> Result<(), DeskError> {
        Ok(self.inner.store.forget_view(id).await?)
    }

    /// Takes names that are new into the index of the history, all of them.
    pub async fn index_history(&self) -> Result<(), DeskError> {
        while self.inner.store.index_more().await? {}
        Ok(())
    }
}

/// Keeps the index of the history up to date until it is dropped. What it does not have yet is found all the same.
#[derive(Debug)]
pub(crate) struct Indexer(JoinHandle<()>);

impl Indexer {
    pub(crate) fn start(store: Store) -> Self {
        Self(tokio::spawn(follow(store)))
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn follow(store: Store) {
    let mut topics = store.topics();
    loop {
        if let Err(error) = catch_up(&store).await {
            tracing::warn!(%error, "the index of the history is behind; it is tried again");
            tokio::time::sleep(REST).await;
            continue;
        }
        loop {
            let heard = match topics.recv().await {
                Ok(heard) => heard,
                Err(RecvError::Lagged(_)) => Topics::ALL,
                Err(RecvError::Closed) => return,
            };
            if heard.has(Topic::Transfers) {
                break;
            }
        }
        tokio::time::sleep(TOGETHER).await;
    }
}

/// Rests as long as each step took: the writer belongs to the queue first.
async fn catch_up(store: &Store) -> Result<(), StoreError> {
    loop {
        let begun = Instant::now();
        if !store.index_more().await? {
            return Ok(());
        }
        tokio::time::sleep(begun.elapsed()).await;
    }
}
