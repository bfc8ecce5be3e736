//! One transfer from claimed to settled: picks the way to send it, and turns every outcome into events of the queue.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures::FutureExt as _;
use serde_json::Map;
use tokio_util::sync::CancellationToken;
use waybill_connector::{ConnectorError, EntryKind};
use waybill_model::{
    AfterSource, AttentionId, Clock, Event, Evidence, Failure, FailureKind, Millis, OutboxId, Proof, Receipt, Retry,
    Side, State, StoryNote, TransferId,
};
use waybill_store::{AttentionKind, AttentionRow, Change, EntryType, Queue, StoreError, TransferRow};

use crate::{
    after,
    job::{AtSide as _, Job, Sent, Stop},
    landed, metadata, parts,
    pool::Pool,
    prove, retry, room, single, walk,
};

/// How long the work may take to land after somebody stopped it; longer than the parts' own grace.
const GRACE: Duration = Duration::from_secs(4);
/// The longest pause between two tries to store an outcome.
const LONGEST_STORE_PAUSE: Duration = Duration::from_secs(30);

/// Works on one transfer until it is settled, stopped or failed, and stores which.
pub(crate) async fn run(mut job: Job, pool: &Pool) {
    let token = job.token.clone();
    let outcome = tokio::select! {
        biased;
        outcome = AssertUnwindSafe(work(&mut job)).catch_unwind() => outcome.unwrap_or_else(|_| Err(broke_off())),
        // A call that never answers is dropped; what it did is found by looking, at the next attempt.
        () = overdue(&token) => Err(Stop::Cancelled),
    };
    let stored = match outcome {
        Ok(()) => {
            pool.went_well(job.row.source.connection).await;
            pool.went_well(job.row.target.connection).await;
            Ok(())
        }
        Err(stop) => stopped(&job, pool, stop).await,
    };
    if let Err(error) = stored {
        put_back(&job.queue, &job.clock, job.row.id, error).await;
    }
}

async fn overdue(token: &CancellationToken) {
    token.cancelled().await;
    tokio::time::sleep(GRACE).await;
}

fn broke_off() -> Stop {
    let error = ConnectorError::new(
        FailureKind::Vendor,
        "transfer",
        "the program broke off in this transfer; nothing was lost",
    );
    Stop::Failed(Side::Desk, error)
}

/// The outcome could not be stored: the transfer goes back into its line as soon as that can be.
async fn put_back(queue: &Queue, clock: &Arc<dyn Clock>, id: TransferId, error: StoreError) {
    let mut event = Event::Interrupted;
    match error {
        // Paused or cancelled while the last call was on its way: the next claim finds what it left.
        StoreError::Illegal(illegal) if !illegal.from.is_active() => return,
        StoreError::Illegal(illegal) => {
            tracing::error!(transfer = %id, %illegal, "the outcome does not fit the state");
            event = Event::Failed;
        }
        error => {
            tracing::error!(transfer = %id, %error, "the outcome could not be stored; the transfer goes back into its line");
        }
    }
    let mut pause = Duration::from_secs(1);
    let failure = (event == Event::Failed).then(|| Failure {
        kind: FailureKind::Vendor,
        side: Side::Desk,
        message: "the outcome does not fit the transfer's state; try it again".to_owned(),
        code: None,
    });
    let change = Change { note: Some(StoryNote::NotStored), failure, ..Change::default() };
    loop {
        match queue.apply(id, vec![(event, change.clone())], clock.now(), "engine").await {
            Ok(_) | Err(StoreError::Illegal(_) | StoreError::Unknown { .. } | StoreError::Closed) => return,
            Err(_) => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(LONGEST_STORE_PAUSE);
    }
}

async fn work(job: &mut Job) -> Result<(), Stop> {
    if job.row.entry == EntryType::Folder {
        return make_folder(job).await;
    }
    if walk::is_unseen_folder(job).await? {
        return if until_stopped(job, walk::again(job)).await? { Ok(()) } else { make_folder(job).await };
    }
    if let Some((sent, proof, settled)) = after::earlier(job).await? {
        return settle(job, &sent, Some(proof), settled).await;
    }
    let mut sent = match until_stopped(job, landed::earlier(job)).await? {
        Some(sent) => {
            // It may have been stopped between the bytes and the metadata.
            until_stopped(job, metadata::fill(job, &sent.path)).await?;
            sent
        }
        None => send(job).await?,
    };
    // From here on the source is what was read.
    job.row.stamp = sent.stamp.clone();
    let proof = if let Some(proof) = prove::at_hand(job, &sent) {
        Some(proof)
    } else if job.needs_match() {
        accept(job, &mut sent).await?;
        until_stopped(job, prove::prove(job, &sent)).await?
    } else {
        None
    };
    let settled = match proof {
        Some(proof) => after::settle_source(job, &sent, proof).await?,
        None if job.options.after == AfterSource::Keep => after::Settled::default(),
        None => {
            let error = ConnectorError::unsupported(
                "verify",
                "the target offers no way to prove what it holds, so the source stays; the file was sent",
            );
            return Err(Stop::Failed(Side::Destination, error));
        }
    };
    settle(job, &sent, proof, settled).await
}

/// Drops work that only reads as soon as somebody stops the transfer.
pub(crate) async fn until_stopped<T>(job: &Job, work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    tokio::select! {
        biased;
        () = job.token.cancelled() => Err(Stop::Cancelled),
        done = work => done,
    }
}

async fn send(job: &Job) -> Result<Sent, Stop> {
    metadata::can_be_kept(job)?;
    let connector = &job.target.open.connector;
    if connector.resumable_upload().is_none() {
        single::writer(job)?;
    }
    let limits = connector.descriptor().limits;
    if job.row.size <= limits.single_write_bytes {
        end_session(job).await?;
        fits(job, job.row.size)?;
        if let Some(sent) = until_stopped(job, single::send_small(job)).await? {
            return Ok(sent);
        }
    }
    let stamp = single::current_stamp(job).await?;
    fits(job, stamp.size)?;
    if stamp.size <= limits.single_write_bytes {
        // It shrank since it was queued.
        end_session(job).await?;
        if let Some(sent) = until_stopped(job, single::send_small(job)).await? {
            return Ok(sent);
        }
        let error = ConnectorError::new(FailureKind::Changed, "read", "the source changes faster than it can be read");
        return Err(Stop::Failed(Side::Source, error.retry(Retry::Backoff)));
    }
    match connector.resumable_upload() {
        // It watches the token itself, to land what is in flight.
        Some(upload) => parts::send(job, upload, stamp).await,
        None => until_stopped(job, single::send_streamed(job, stamp)).await,
    }
}

fn fits(job: &Job, size: u64) -> Result<(), Stop> {
    let most = job.target.open.connector.descriptor().limits.max_file_bytes;
    if size <= most {
        return Ok(());
    }
    let message = format!("the target takes files of up to {most} bytes, this one has {size}");
    Err(Stop::Failed(Side::Destination, ConnectorError::new(FailureKind::TooLarge, "write", message)))
}

/// Ends an upload in parts that was begun when the source was larger.
async fn end_session(job: &Job) -> Result<(), Stop> {
    if job.row.claims <= 1 {
        return Ok(());
    }
    let Some(upload) = job.target.open.connector.resumable_upload() else { return Ok(()) };
    match job.queue.session(job.row.id).await? {
        Some((session, _)) => parts::end(job, upload, &session).await,
        None => Ok(()),
    }
}

async fn make_folder(job: &Job) -> Result<(), Stop> {
    let connector = &job.target.open.connector;
    let path = &job.row.target.path;
    let Some(create) = connector.create_folder() else {
        return Err(Stop::Skip(StoryNote::NoEmptyFolders));
    };
    create.create_folder(path).await.at_target()?;
    let there = match connector.list() {
        Some(list) => list.stat(path).await.at_target()?.is_some_and(|entry| entry.kind == EntryKind::Folder),
        None => false,
    };
    let proof = there.then_some(Proof::ReadBack);
    let evidence = if there { Evidence::Matched } else { Evidence::Accepted };
    let change = Change { evidence: Some(evidence), proof, ..Change::default() };
    let events = vec![(Event::Accepted, change), (Event::Settled, Change::default())];
    job.queue.apply(job.row.id, events, job.clock.now(), "engine").await?;
    Ok(())
}

fn accepted(sent: &Sent) -> Change {
    Change {
        note: sent.note.clone(),
        evidence: Some(Evidence::Accepted),
        sha256: Some(sent.sha256),
        receipt: Some(sent.receipt.clone()),
        stamp: Some(sent.stamp.clone()),
        ..Change::default()
    }
}

/// Stores that the remote has a complete object, before the proof that may take a while.
async fn accept(job: &Job, sent: &mut Sent) -> Result<(), Stop> {
    let effects = std::mem::take(&mut sent.effects);
    let events = vec![(Event::Accepted, accepted(sent))];
    Ok(job.queue.conclude(job.row.id, events, effects, job.clock.now(), "engine").await?)
}

async fn settle(job: &Job, sent: &Sent, proof: Option<Proof>, source: after::Settled) -> Result<(), Stop> {
    let mut receipt: Receipt = sent.receipt.clone();
    if proof.is_none() && job.needs_match() {
        receipt
            .remarks
            .push("this target offers no way to prove what it holds; its acknowledgement is all there is".to_owned());
    }
    let evidence = if proof.is_some() { Evidence::Matched } else { Evidence::Accepted };
    let note = source.note;
    let settled = Change { note, evidence: Some(evidence), proof, receipt: Some(receipt), ..Change::default() };
    let now = job.clock.now();
    let effects: Vec<OutboxId> = sent.effects.iter().copied().chain(source.effect).collect();
    let both = vec![(Event::Accepted, accepted(sent)), (Event::Settled, settled.clone())];
    match job.queue.conclude(job.row.id, both, effects.clone(), now, "engine").await {
        // Accepted already, before the proof.
        Err(StoreError::Illegal(illegal)) if illegal.from == State::Verifying => {
            Ok(job.queue.conclude(job.row.id, vec![(Event::Settled, settled)], effects, now, "engine").await?)
        }
        other => Ok(other?),
    }
}

async fn stopped(job: &Job, pool: &Pool, stop: Stop) -> Result<(), StoreError> {
    let now = job.clock.now();
    let apply = |event, change| job.queue.apply(job.row.id, vec![(event, change)], now, "engine");
    match stop {
        Stop::Cancelled => {
            apply(Event::Interrupted, Change::noted(StoryNote::AppClosed)).await?;
        }
        Stop::Skip(note) => {
            apply(Event::Skipped, Change::noted(note)).await?;
        }
        Stop::Ask(facts) => ask(job, facts, now).await?,
        Stop::Store(error) => return Err(error),
        Stop::Failed(side, error) => {
            let connection = if side == Side::Source { job.row.source.connection } else { job.row.target.connection };
            if error.kind.stops_the_connection() {
                return stop_connection(job, pool, side, &error, now).await;
            }
            if side != Side::Desk {
                pool.went_wrong(connection, &error).await;
            }
            if error.kind == FailureKind::QuotaExceeded && side == Side::Destination {
                pool.raise_full(connection, job.row.run, full(job, &error).await, now).await?;
            }
            let known = pool.is_known(connection).await;
            // A line that breaks now and then costs a long transfer nothing; damage and change are counted all the same.
            let passing =
                matches!(error.kind, FailureKind::Unreachable | FailureKind::TimedOut | FailureKind::RateLimited);
            let progressed = passing && job.progressed.load(Ordering::Relaxed);
            let failed = if progressed { 1 } else { job.row.attempts + 1 };
            let detail = error.to_string();
            tracing::info!(transfer = %job.row.id, kind = error.kind.as_str(), operation = error.operation, %detail, "an attempt failed");
            let change = Change { progressed, ..Change::failed(error.to_failure(side), detail) };
            // Exactly what was seen was agreed on: what changed since does not change back.
            let void = error.kind == FailureKind::Changed && job.row.stamp.agreed.is_some();
            if let Some(pause) = retry::pause(&error, failed, known).filter(|_| !void) {
                let due_at = Some(now.plus(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)));
                apply(Event::Delayed, Change { due_at, ..change }).await?;
            } else {
                apply(Event::Failed, change).await?;
                if matches!(error.kind, FailureKind::Unreachable | FailureKind::TimedOut) {
                    pool.failed_at_last(connection).await;
                }
            }
        }
    }
    Ok(())
}

/// What is known of a target that took no more: with what is free only where that is too little for the file.
async fn full(job: &Job, error: &ConnectorError) -> serde_json::Value {
    let (message, needed) = (error.to_string(), job.row.size);
    match room::free(job.target.open.connector.as_ref(), &job.row.target.path).await {
        Some((free, path)) if free < needed => {
            serde_json::json!({ "message": message, "free": free, "needed": needed, "path": path })
        }
        _ => serde_json::json!({ "message": message, "needed": needed }),
    }
}

async fn ask(job: &Job, facts: Map<String, serde_json::Value>, now: Millis) -> Result<(), StoreError> {
    let question = AttentionRow {
        id: AttentionId::fresh(),
        kind: AttentionKind::Conflict,
        connection: Some(job.row.target.connection),
        transfer: Some(job.row.id),
        run: Some(job.row.run),
        facts,
        raised_at: now,
    };
    let change = Change::noted(StoryNote::NameTaken);
    job.queue.ask(job.row.id, change, question, now).await
}

/// One question for the connection; the transfer goes back into its line and waits there.
async fn stop_connection(
    job: &Job,
    pool: &Pool,
    side: Side,
    error: &ConnectorError,
    now: Millis,
) -> Result<(), StoreError> {
    let (connection, seat) = match side {
        Side::Source => (job.row.source.connection, &job.source),
        _ => (job.row.target.connection, &job.target),
    };
    // A straggler that was opened before somebody answered says nothing about how it is now.
    pool.stop(connection, Some(seat), error, now).await?;
    let change = stood_in_line(side, error);
    job.queue.apply(job.row.id, vec![(Event::Interrupted, change)], now, "engine").await?;
    Ok(())
}

/// Back into its line, with the reason in the story alone: the question is about the connection.
fn stood_in_line(side: Side, error: &ConnectorError) -> Change {
    Change { failure: None, ..Change::failed(error.to_failure(side), error.to_string()) }
}

/// One end could not even be opened: a connection that was removed, a vault that cannot be reached.
pub(crate) async fn could_not_open(
    queue: &Queue,
    pool: &Pool,
    row: &TransferRow,
    side: Side,
    error: &ConnectorError,
    clock: &Arc<dyn Clock>,
) {
    let now = clock.now();
    let connection = if side == Side::Source { row.source.connection } else { row.target.connection };
    let stored = async {
        if error.kind.stops_the_connection() {
            pool.stop(connection, None, error, now).await?;
            let change = stood_in_line(side, error);
            return queue.apply(row.id, vec![(Event::Interrupted, change)], now, "engine").await;
        }
        pool.went_wrong(connection, error).await;
        let change = Change::failed(error.to_failure(side), error.to_string());
        let (event, due_at) = match retry::pause(error, row.attempts + 1, true) {
            Some(pause) => (Event::Delayed, Some(now.plus(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)))),
            None => (Event::Failed, None),
        };
        queue.apply(row.id, vec![(event, Change { due_at, ..change })], now, "engine").await
    };
    if let Err(error) = stored.await {
        put_back(queue, clock, row.id, error).await;
    }
}
