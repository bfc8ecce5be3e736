//! The queue's calls: a closed list, so that the rows could one day lie in a database that a team shares.

use std::collections::HashSet;

use serde_json::Value;
use waybill_model::{
    ConnectionId, Event, Failure, Millis, OutboxId, PartReceipt, RunId, State, TransferId, TransferOptions,
    UploadSession,
};

use crate::{
    Applied, AttentionRow, Change, Claim, Counts, Cursor, Effect, EventRow, Filter, Lacking, Lane, NewRun, NewTransfer,
    OutboxRow, OutboxState, Root, Store, StoreError, Topic, TransferPage, TransferRow, UnansweredBegin, attention,
    outbox, runs,
    transfers::{apply, claim, enqueue, query},
    uploads,
};

/// What may be done to transfers.
#[derive(Debug, Clone)]
pub struct Queue {
    store: Store,
}

impl Queue {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Stores a run with its roots; nothing is opened yet.
    pub async fn start_run(&self, run: NewRun, at: Millis, actor: String) -> Result<(), StoreError> {
        self.store.write(move |tx| runs::create(tx, &run, at, &actor)).await
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

    /// Lets those go on whose waiting time is over. Answers when the next one is due.
    pub async fn wake_due(&self, at: Millis) -> Result<Option<Millis>, StoreError> {
        // Most looks find nothing to wake; those write nothing.
        match self.store.read(|tx| claim::next_due(tx.sql)).await? {
            Some(due) if due <= at => self.store.write(move |tx| claim::wake_due(tx, at)).await,
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
                let change = Change { detail: "the connection answers again".to_owned(), ..Change::default() };
                for id in &ids {
                    apply::apply(tx, *id, Event::RetryAsked, &change, at, "engine")?;
                }
                Ok(ids.len() as u64)
            })
            .await
    }

    /// Gives a transfer another name at its target, before anything is written under it.
    pub async fn rename_target(&self, id: TransferId, path: waybill_model::RemotePath) -> Result<(), StoreError> {
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

    /// Puts transfers first in their lines, in the order given.
    pub async fn move_first(&self, ids: Vec<TransferId>) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                let first: f64 = tx.sql.query_row(
                    "SELECT ifnull(min(place), 0) FROM transfers WHERE state = 'queued'",
                    [],
                    |row| row.get(0),
                )?;
                for (steps, id) in (1_u32..).zip(ids.iter().rev()) {
                    tx.sql.execute(
                        "UPDATE transfers SET place = ?2 WHERE id = ?1",
                        (id.as_bytes().as_slice(), first - f64::from(steps)),
                    )?;
                }
                tx.touch(Topic::Transfers);
                Ok(())
            })
            .await
    }

    /// Puts one transfer right before another in its line.
    pub async fn move_before(&self, id: TransferId, other: TransferId) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                tx.sql.execute(
                    "UPDATE transfers SET (place, priority) = (SELECT (o.place + ifnull((SELECT max(b.place) FROM transfers b
                             WHERE b.state = 'queued' AND b.place < o.place AND b.id <> ?1), o.place - 2.0)) / 2.0, o.priority
                         FROM transfers o WHERE o.id = ?2)
                     WHERE id = ?1 AND EXISTS (SELECT 1 FROM transfers WHERE id = ?2)",
                    (id.as_bytes().as_slice(), other.as_bytes().as_slice()),
                )?;
                tx.touch(Topic::Transfers);
                Ok(())
            })
            .await
    }

    /// Gives transfers another priority; higher goes first.
    pub async fn set_priority(&self, ids: Vec<TransferId>, priority: i64) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                for id in &ids {
                    tx.sql.execute(
                        "UPDATE transfers SET priority = ?2 WHERE id = ?1",
                        (id.as_bytes().as_slice(), priority),
                    )?;
                }
                tx.touch(Topic::Transfers);
                Ok(())
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

    /// A page of transfers, newest first.
    pub async fn page(&self, filter: Filter, after: Option<Cursor>, limit: u32) -> Result<TransferPage, StoreError> {
        self.store.read(move |tx| query::page(tx, &filter, after, limit)).await
    }

    /// How many there are in each state.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.store.read(query::counts).await
    }

    /// What happened to a transfer, in order.
    pub async fn story(&self, id: TransferId) -> Result<Vec<EventRow>, StoreError> {
        self.store.read(move |tx| query::story(tx, id)).await
    }

    /// Writes down that an upload is about to be begun: until its session is stored, nobody knows its id.
    pub async fn begins_upload(
        &self,
        id: TransferId,
        path: waybill_model::RemotePath,
        at: Millis,
    ) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::begins(tx, id, &path, at)).await
    }

    /// The remote refused to begin the upload that was written down last.
    pub async fn begin_was_refused(&self, id: TransferId) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::begin_answered(tx, id)).await
    }

    /// Uploads that were to be begun and of which no answer was heard, oldest first.
    pub async fn unanswered_begins(&self, id: TransferId) -> Result<Vec<UnansweredBegin>, StoreError> {
        self.store.read(move |tx| uploads::unanswered(tx, id)).await
    }

    /// Forgets uploads of which no answer was heard: they were ended, or cannot be told from others'.
    pub async fn forget_unanswered(&self, id: TransferId) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::forget_unanswered(tx, id)).await
    }

    /// Every upload that is kept for a connection.
    pub async fn sessions_at(&self, connection: ConnectionId) -> Result<Vec<UploadSession>, StoreError> {
        self.store.read(move |tx| uploads::at_connection(tx, connection)).await
    }

    /// Keeps an upload's session before its first part is sent; receipts of an earlier one are forgotten.
    pub async fn store_session(&self, id: TransferId, session: UploadSession, at: Millis) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::store_session(tx, id, &session, at)).await
    }

    /// Keeps a part's receipt before anything relies on it.
    pub async fn store_part(&self, id: TransferId, receipt: PartReceipt) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::store_part(tx, id, &receipt)).await
    }

    /// Forgets the receipts of parts that the remote does not hold any more.
    pub async fn keep_only_parts(&self, id: TransferId, numbers: Vec<u32>) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::keep_only_parts(tx, id, &numbers)).await
    }

    /// Forgets an upload.
    pub async fn forget_session(&self, id: TransferId) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::forget(tx, id)).await
    }

    /// An upload that was begun, with its receipts by number.
    pub async fn session(&self, id: TransferId) -> Result<Option<(UploadSession, Vec<PartReceipt>)>, StoreError> {
        self.store.read(move |tx| uploads::load(tx, id)).await
    }

    /// How many parts the remote has acknowledged, and their bytes.
    pub async fn confirmed(&self, id: TransferId) -> Result<(u64, u64), StoreError> {
        self.store.read(move |tx| uploads::confirmed(tx, id)).await
    }

    /// Forgets an upload that was ended at its remote, unless another one was begun meanwhile.
    pub async fn forget_this_session(&self, id: TransferId, session: UploadSession) -> Result<(), StoreError> {
        self.store.write(move |tx| uploads::forget_this(tx, id, &session)).await
    }

    /// Uploads of transfers that were called off, with the connection that holds them.
    pub async fn abandoned(&self) -> Result<Vec<(TransferId, ConnectionId, UploadSession)>, StoreError> {
        self.store.read(uploads::abandoned).await
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
