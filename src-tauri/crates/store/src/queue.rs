//! The queue's calls: a closed list, so that the rows could one day lie in a database that a team shares.

mod uploads;

use std::collections::HashSet;

use serde_json::Value;
use waybill_model::{
    ConnectionId, Event, Failure, Millis, OutboxId, Pace, RemotePath, RunId, State, StoryNote, TransferId,
    TransferOptions,
};

use crate::{
    Applied, AttentionRow, Change, Claim, Counts, Cursor, Effect, EventRow, Filter, Lacking, Lane, Matched, NewRun,
    NewTransfer, OutboxRow, OutboxState, Root, Store, StoreError, Topic, TransferPage, TransferRow, attention, outbox,
    runs,
    transfers::{apply, claim, enqueue, history, list, query},
};

/// What may be done to transfers.
#[derive(Debug, Clone)]
pub struct Queue {
    pub(crate) store: Store,
}

impl Queue {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Stores a run with its roots; nothing is opened yet.
    pub async fn start_run(&self, run: NewRun, at: Millis, actor: String) -> Result<(), StoreError> {
        self.store.write(move |tx| runs::create(tx, &run, at, &actor)).await
    }

    /// Stores a run whose transfers are all known: every one of them, or nothing.
    pub async fn start_listed(
        &self,
        run: NewRun,
        new: Vec<NewTransfer>,
        at: Millis,
        actor: String,
    ) -> Result<u64, StoreError> {
        self.store
            .write(move |tx| {
                runs::create(tx, &run, at, &actor)?;
                enqueue::enqueue(tx, run.id, &new, at, &actor)
            })
            .await
    }

    /// Adds transfers to a run. Answers how many were stored; what the run has already is left out.
    pub async fn enqueue(
        &self,
        run: RunId,
        new: Vec<NewTransfer>,
        at: Millis,
        actor: String,
    ) -> Result<u64, StoreError> {
        self.store.write(move |tx| enqueue::enqueue(tx, run, &new, at, &actor)).await
    }

    /// What a run has already between two connections: source paths with the folder that each goes to.
    pub async fn known_sources(
        &self,
        run: RunId,
        source: ConnectionId,
        target: ConnectionId,
    ) -> Result<HashSet<(String, String)>, StoreError> {
        self.store.read(move |tx| enqueue::known_sources(tx.sql, run, source, target)).await
    }

    /// Bytes that a run still has to bring to a connection.
    pub async fn remaining_bytes(&self, run: RunId, target: ConnectionId) -> Result<u64, StoreError> {
        self.store.read(move |tx| query::remaining_bytes(tx, run, target)).await
    }

    /// What a target that was full keeps waiting since then.
    pub async fn lacking_room(&self, target: ConnectionId, since: Millis) -> Result<Lacking, StoreError> {
        self.store.read(move |tx| query::lacking_room(tx, target, since)).await
    }

    /// Closes a root, with the reason where it could not be walked.
    pub async fn root_walked(&self, root: Root, failure: Option<Failure>) -> Result<(), StoreError> {
        self.store.write(move |tx| runs::root_walked(tx, &root, failure.as_ref())).await
    }

    /// The lines that have something in them.
    pub async fn lines(&self) -> Result<Vec<(ConnectionId, Lane)>, StoreError> {
        self.store.read(|tx| claim::lines(tx.sql)).await
    }

    /// Takes transfers for the engine.
    pub async fn claim(&self, request: Claim, at: Millis) -> Result<Vec<(TransferRow, TransferOptions)>, StoreError> {
        self.store.write(move |tx| claim::claim(tx, &request, at)).await
    }

    /// Puts back what a dead process was working on. Answers how many.
    pub async fn recover(&self, at: Millis) -> Result<u64, StoreError> {
        self.store.write(move |tx| claim::recover(tx, at)).await
    }

    /// Lets those go on whose waiting time is over, or was reckoned before the clock was set back. Answers when the next one is due.
    pub async fn wake_due(&self, at: Millis) -> Result<Option<Millis>, StoreError> {
        // Most looks find nothing to wake; those write nothing.
        match self.store.read(|tx| claim::next_due(tx.sql)).await? {
            Some(due) if due <= at || due > at.plus(claim::LONGEST_WAIT) => {
                self.store.write(move |tx| claim::wake_due(tx, at)).await
            }
            later => Ok(later),
        }
    }

    /// Applies events in order to one transfer, all or none.
    pub async fn apply(
        &self,
        id: TransferId,
        events: Vec<(Event, Change)>,
        at: Millis,
        actor: &'static str,
    ) -> Result<Applied, StoreError> {
        self.store
            .write(move |tx| {
                let mut last = Err(StoreError::Unknown { what: "event for transfer", id: id.to_string() });
                for (event, change) in &events {
                    last = Ok(apply::apply(tx, id, *event, change, at, actor)?);
                }
                last
            })
            .await
    }

    /// Applies events like [`Self::apply`] and writes down in the same step that effects on remotes did happen: the
    /// row and the outbox never disagree.
    pub async fn conclude(
        &self,
        id: TransferId,
        events: Vec<(Event, Change)>,
        effects: Vec<OutboxId>,
        at: Millis,
        actor: &'static str,
    ) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                for (event, change) in &events {
                    apply::apply(tx, id, *event, change, at, actor)?;
                }
                for effect in &effects {
                    outbox::settle(tx, *effect, OutboxState::Done, "", at)?;
                }
                Ok(())
            })
            .await
    }

    /// Raises a question about a transfer and stops it for that, in one step.
    pub async fn ask(
        &self,
        id: TransferId,
        change: Change,
        question: AttentionRow,
        at: Millis,
    ) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                apply::apply(tx, id, Event::Asked, &change, at, "engine")?;
                attention::raise(tx, &question)
            })
            .await
    }

    /// Closes a question and lets its transfer go on with the answer, in one step.
    pub async fn answer(
        &self,
        question: AttentionRow,
        event: Event,
        change: Change,
        answer: String,
        at: Millis,
        actor: String,
    ) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                if let Some(id) = question.transfer {
                    apply::apply(tx, id, event, &change, at, &actor)?;
                }
                attention::settle(tx, question.id, &answer, at, &actor)
            })
            .await
    }

    /// Applies a person's event to each transfer that takes it. Answers how many did.
    pub async fn command(
        &self,
        ids: Vec<TransferId>,
        event: Event,
        at: Millis,
        actor: String,
    ) -> Result<u64, StoreError> {
        self.store
            .write(move |tx| {
                let mut changed = 0;
                for id in &ids {
                    match apply::apply(tx, *id, event, &Change::default(), at, &actor) {
                        Ok(_) => changed += 1,
                        Err(StoreError::Illegal(_)) => {}
                        Err(error) => return Err(error),
                    }
                    if matches!(event, Event::Cancelled | Event::RetryAsked) {
                        settle_questions_of(tx, *id, event, at, &actor)?;
                    }
                }
                Ok(changed)
            })
            .await
    }

    /// Applies a person's event to every transfer in one of `states` that takes it. Answers how many did.
    pub async fn command_all(
        &self,
        states: Vec<State>,
        event: Event,
        at: Millis,
        actor: String,
    ) -> Result<u64, StoreError> {
        self.store
            .write(move |tx| {
                let words: Vec<_> = states.iter().map(|state| format!("'{}'", state.as_str())).collect();
                let mut condition = format!("state IN ({})", words.join(", "));
                if !states.iter().any(|state| matches!(state, State::Done | State::Skipped)) {
                    condition = claim::open_only(&condition);
                }
                let ids = claim::ids_in(tx, &condition, &[])?;
                let mut changed = 0;
                for id in &ids {
                    match apply::apply(tx, *id, event, &Change::default(), at, &actor) {
                        Ok(_) => changed += 1,
                        Err(StoreError::Illegal(_)) => {}
                        Err(error) => return Err(error),
                    }
                    if matches!(event, Event::Cancelled | Event::RetryAsked) {
                        settle_questions_of(tx, *id, event, at, &actor)?;
                    }
                }
                Ok(changed)
            })
            .await
    }

    /// Queues again what failed for a passing reason at a connection that works again. Answers how many.
    pub async fn revive(&self, connection: ConnectionId, at: Millis) -> Result<u64, StoreError> {
        self.store
            .write(move |tx| {
                let ids = claim::ids_in(
                    tx,
                    &claim::open_only(
                        "state = 'failed' AND (source_connection = ?1 OR target_connection = ?1)
                             AND json_extract(failure, '$.kind') IN ('unreachable', 'timed-out', 'rate-limited')",
                    ),
                    &[&connection.as_bytes().as_slice()],
                )?;
                let change = Change::noted(StoryNote::AnswersAgain);
                for id in &ids {
                    apply::apply(tx, *id, Event::RetryAsked, &change, at, "engine")?;
                }
                Ok(ids.len() as u64)
            })
            .await
    }

    /// Gives a transfer another name at its target, before anything is written under it.
    pub async fn rename_target(&self, id: TransferId, path: RemotePath) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                tx.sql.execute(
                    "UPDATE transfers SET target_path = ?2 WHERE id = ?1",
                    (id.as_bytes().as_slice(), path.as_str()),
                )?;
                tx.touch(Topic::Transfers);
                Ok(())
            })
            .await
    }

    /// Whether something that is not over, or may be tried again, reads this path of this computer.
    pub async fn is_needed_source(&self, path: waybill_model::RemotePath) -> Result<bool, StoreError> {
        self.store
            .read(move |tx| {
                let sql = format!(
                    "SELECT EXISTS (SELECT 1 FROM transfers WHERE {})
                         OR EXISTS (SELECT 1 FROM run_roots WHERE state = 'pending' AND source_connection = ?1 AND source_path = ?2)",
                    claim::open_only("source_connection = ?1 AND source_path = ?2")
                );
                let here = ConnectionId::LOCAL;
                Ok(tx.sql.query_row(&sql, (here.as_bytes().as_slice(), path.as_str()), |row| row.get(0))?)
            })
            .await
    }

    /// One transfer.
    pub async fn get(&self, id: TransferId) -> Result<TransferRow, StoreError> {
        self.store.read(move |tx| query::one(tx, id)).await
    }

    /// The state alone; `None` where there is no such transfer.
    pub async fn state(&self, id: TransferId) -> Result<Option<State>, StoreError> {
        self.store.read(move |tx| claim::state_of(tx.sql, id)).await
    }

    /// The states of several transfers at once, in the same order.
    pub async fn states(&self, ids: Vec<TransferId>) -> Result<Vec<Option<State>>, StoreError> {
        self.store.read(move |tx| ids.iter().map(|id| claim::state_of(tx.sql, *id)).collect()).await
    }

    /// A page of transfers, newest first. One look goes through so much of the history and no further: a page may have
    /// fewer rows than asked for, even none, and still a next one.
    pub async fn page(&self, filter: Filter, after: Option<Cursor>, limit: u32) -> Result<TransferPage, StoreError> {
        self.store.read(move |tx| list::page(tx, &filter, after, limit)).await
    }

    /// The ids of a page; the same contract.
    pub async fn ids(
        &self,
        filter: Filter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<(Vec<TransferId>, Option<Cursor>), StoreError> {
        self.store.read(move |tx| list::ids(tx, &filter, after, limit)).await
    }

    /// Transfers of a run in the order of its line, all or those at a pace: `limit` of them after the first `skipped`.
    pub async fn block(
        &self,
        run: RunId,
        pace: Option<Pace>,
        skipped: u64,
        limit: u32,
    ) -> Result<Vec<TransferRow>, StoreError> {
        self.store.read(move |tx| list::block(tx, run, pace, skipped, limit)).await
    }

    /// What was matched since the quarter of an hour in which `since` lies.
    pub async fn matched_since(&self, since: Millis) -> Result<Matched, StoreError> {
        self.store.read(move |tx| history::matched_since(tx, since)).await
    }

    /// How many there are in each state.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.store.read(query::counts).await
    }

    /// What happened to a transfer, in order.
    pub async fn story(&self, id: TransferId) -> Result<Vec<EventRow>, StoreError> {
        self.store.read(move |tx| query::story(tx, id)).await
    }

    /// Writes down an effect before it is caused. `Illegal` where the transfer is not being worked on any more.
    pub async fn intend(
        &self,
        transfer: TransferId,
        effect: Effect,
        intent: Value,
        at: Millis,
    ) -> Result<OutboxId, StoreError> {
        let id = OutboxId::fresh();
        self.store.write(move |tx| outbox::intend(tx, id, transfer, effect, &intent, at)).await?;
        Ok(id)
    }

    /// Writes down how an effect ended.
    pub async fn settle(
        &self,
        id: OutboxId,
        state: OutboxState,
        outcome: String,
        at: Millis,
    ) -> Result<(), StoreError> {
        self.store.write(move |tx| outbox::settle(tx, id, state, &outcome, at)).await
    }

    /// The effects of a transfer whose outcome nobody heard.
    pub async fn intended(&self, transfer: TransferId) -> Result<Vec<OutboxRow>, StoreError> {
        self.store.read(move |tx| outbox::intended(tx, transfer)).await
    }
}

fn settle_questions_of(
    tx: &mut crate::writer::WriteTx<'_>,
    id: TransferId,
    event: Event,
    at: Millis,
    actor: &str,
) -> Result<(), StoreError> {
    let mut statement = tx.sql.prepare_cached(
        "SELECT id FROM attention WHERE transfer = (SELECT seq FROM transfers WHERE id = ?1) AND settled_at IS NULL",
    )?;
    let open: Vec<[u8; 16]> =
        statement.query_map([id.as_bytes().as_slice()], |row| row.get(0))?.collect::<Result<_, _>>()?;
    drop(statement);
    for question in open {
        attention::settle(tx, waybill_model::AttentionId::from_bytes(question), event.as_str(), at, actor)?;
    }
    Ok(())
}
