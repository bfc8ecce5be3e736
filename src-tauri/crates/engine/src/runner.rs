//! One transfer from claimed to settled: picks the way to send it, and turns every outcome into events of the queue.

use serde_json::Map;
use waybill_connector::{ConnectorError, EntryKind};
use waybill_model::{AttentionId, Event, Evidence, FailureKind, Millis, Proof, Receipt, Side};
use waybill_store::{AttentionKind, AttentionRow, Change, EntryType, Queue, StoreError, TransferRow};

use crate::{
    after,
    job::{AtSide as _, Job, Sent, Stop},
    parts,
    pool::Pool,
    prove, retry, single,
};

/// Works on one transfer until it is settled, stopped or failed, and stores which.
pub(crate) async fn run(mut job: Job, pool: &Pool) {
    let outcome = work(&mut job).await;
    let stored = match outcome {
        Ok(()) => {
            pool.went_well(job.row.source.connection).await;
            pool.went_well(job.row.target.connection).await;
            Ok(())
        }
        Err(stop) => stopped(&job, pool, stop).await,
    };
    match stored {
        // Paused or cancelled while the last call was on its way: the next claim finds what it left.
        Ok(()) | Err(StoreError::Illegal(_)) => {}
        Err(error) => tracing::error!(transfer = %job.row.id, %error, "the outcome could not be stored; it is found again at the next start"),
    }
}

async fn work(job: &mut Job) -> Result<(), Stop> {
    if job.row.entry == EntryType::Folder {
        return make_folder(job).await;
    }
    let sent = send(job).await?;
    // From here on the source is what was read.
    job.row.stamp = sent.stamp.clone();
    let proof = if let Some(proof) = sent.receipt.proof {
        Some(proof)
    } else if job.needs_match() {
        accept(job, &sent).await?;
        prove::prove(job, &sent).await?
    } else {
        None
    };
    if proof.is_none() && job.options.after != waybill_model::AfterSource::Keep {
        let error = ConnectorError::unsupported(
            "verify",
            "the target offers no way to prove what it holds, so the source stays; the file was sent",
        );
        return Err(Stop::Failed(Side::Destination, error));
    }
    let detail = after::settle_source(job).await?;
    settle(job, &sent, proof, detail).await
}

async fn send(job: &Job) -> Result<Sent, Stop> {
    let connector = &job.target.open.connector;
    let limits = connector.descriptor().limits;
    let size = job.row.size;
    if size > limits.max_file_bytes {
        let message = format!("the target takes files of up to {} bytes, this one has {size}", limits.max_file_bytes);
        return Err(Stop::Failed(Side::Destination, ConnectorError::new(FailureKind::TooLarge, "write", message)));
    }
    let sending = async {
        if size <= limits.single_write_bytes {
            return single::send_small(job).await;
        }
        match connector.resumable_upload() {
            Some(upload) => parts::send(job, upload).await,
            None => single::send_streamed(job).await,
        }
    };
    if connector.resumable_upload().is_some() && size > limits.single_write_bytes {
        // It watches the token itself, to land what is in flight.
        return sending.await;
    }
    tokio::select! {
        biased;
        () = job.token.cancelled() => Err(Stop::Cancelled),
        sent = sending => sent,
    }
}

async fn make_folder(job: &Job) -> Result<(), Stop> {
    let connector = &job.target.open.connector;
    let path = &job.row.target.path;
    let Some(create) = connector.create_folder() else {
        return Err(Stop::Skip("the target has no empty folders".to_owned()));
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
        detail: sent.detail.clone(),
        evidence: Some(Evidence::Accepted),
        sha256: Some(sent.sha256),
        receipt: Some(sent.receipt.clone()),
        stamp: Some(sent.stamp.clone()),
        ..Change::default()
    }
}

/// Stores that the remote has a complete object, before the proof that may take a while.
async fn accept(job: &Job, sent: &Sent) -> Result<(), Stop> {
    job.queue.apply(job.row.id, vec![(Event::Accepted, accepted(sent))], job.clock.now(), "engine").await?;
    Ok(())
}

async fn settle(job: &Job, sent: &Sent, proof: Option<Proof>, detail: String) -> Result<(), Stop> {
    let mut receipt: Receipt = sent.receipt.clone();
    if proof.is_none() && job.needs_match() {
        receipt.remarks.push("this target offers no way to prove what it holds; its acknowledgement is all there is".to_owned());
    }
    let evidence = if proof.is_some() { Evidence::Matched } else { Evidence::Accepted };
    let settled = Change { detail, evidence: Some(evidence), proof, receipt: Some(receipt), ..Change::default() };
    let now = job.clock.now();
    let both = vec![(Event::Accepted, accepted(sent)), (Event::Settled, settled.clone())];
    match job.queue.apply(job.row.id, both, now, "engine").await {
        // Accepted already, before the proof.
        Err(StoreError::Illegal(illegal)) if illegal.from == waybill_model::State::Verifying => {
            job.queue.apply(job.row.id, vec![(Event::Settled, settled)], now, "engine").await?;
        }
        other => {
            other?;
        }
    }
    Ok(())
}

async fn stopped(job: &Job, pool: &Pool, stop: Stop) -> Result<(), StoreError> {
    let now = job.clock.now();
    let apply = |event, change| job.queue.apply(job.row.id, vec![(event, change)], now, "engine");
    match stop {
        Stop::Cancelled => {
            let change = Change { detail: "the app was closed".to_owned(), ..Change::default() };
            apply(Event::Interrupted, change).await?;
        }
        Stop::Skip(detail) => {
            apply(Event::Skipped, Change { detail, ..Change::default() }).await?;
        }
        Stop::Ask(facts) => ask(job, facts, now).await?,
        Stop::Store(error) => return Err(error),
        Stop::Failed(side, error) => {
            let connection = if side == Side::Source { job.row.source.connection } else { job.row.target.connection };
            pool.went_wrong(connection, &error).await;
            if error.kind.stops_the_connection() {
                return stop_connection(job, pool, side, &error, now).await;
            }
            let known = pool.is_known(connection).await;
            let failure = Some(error.to_failure(side));
            let detail = error.to_string();
            tracing::info!(transfer = %job.row.id, kind = error.kind.as_str(), operation = error.operation, %detail, "an attempt failed");
            match retry::pause(&error, job.row.attempts + 1, known) {
                Some(pause) => {
                    let due_at = Some(now.plus(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)));
                    apply(Event::Delayed, Change { detail, failure, due_at, ..Change::default() }).await?;
                }
                None => {
                    apply(Event::Failed, Change { detail, failure, ..Change::default() }).await?;
                }
            }
        }
    }
    Ok(())
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
    let change = Change { detail: "something with that name is already there".to_owned(), ..Change::default() };
    job.queue.ask(job.row.id, change, question, now).await
}

/// One question for the connection; the transfer goes back into its line and waits there.
async fn stop_connection(job: &Job, pool: &Pool, side: Side, error: &ConnectorError, now: Millis) -> Result<(), StoreError> {
    let connection = if side == Side::Source { job.row.source.connection } else { job.row.target.connection };
    pool.raise(connection, error, now).await?;
    let change = Change { detail: error.to_string(), ..Change::default() };
    job.queue.apply(job.row.id, vec![(Event::Interrupted, change)], now, "engine").await?;
    Ok(())
}

/// One end could not even be opened: a connection that was removed, a vault that cannot be reached.
pub(crate) async fn could_not_open(
    queue: &Queue,
    pool: &Pool,
    row: &TransferRow,
    side: Side,
    error: &ConnectorError,
    now: Millis,
) {
    let connection = if side == Side::Source { row.source.connection } else { row.target.connection };
    pool.went_wrong(connection, error).await;
    let (event, failure) = if error.kind.stops_the_connection() {
        (Event::Interrupted, None)
    } else {
        (Event::Failed, Some(error.to_failure(side)))
    };
    let change = Change { detail: error.to_string(), failure, ..Change::default() };
    let stored = async {
        if event == Event::Interrupted {
            pool.raise(connection, error, now).await?;
        }
        queue.apply(row.id, vec![(event, change)], now, "engine").await
    };
    if let Err(error) = stored.await {
        tracing::error!(transfer = %row.id, %error, "the outcome could not be stored; it is found again at the next start");
    }
}
