//! Sending a large file in parts that survive a crash: the session is stored before the first part, each receipt
//! before anything relies on it, and after a restart only what the remote cannot prove to hold is sent again.

use std::{collections::BTreeMap, sync::atomic::Ordering, time::Duration};

use bytes::Bytes;
use futures::{StreamExt as _, stream::FuturesUnordered};
use md5::Digest as _;
use serde_json::json;
use waybill_connector::{ConnectorError, HashNeeds, Part, PartPlan, ResumableUpload, WriteOptions};
use waybill_model::{
    Event, FailureKind, Md5, OutboxId, PartHash, PartReceipt, Proof, Receipt, SESSION_VERSION, Sha256, Side, Stamp,
    StoryNote, UploadSession,
};
use waybill_store::{Change, Effect, OutboxState, StoreError};

use crate::{
    after::error_may_be_a_lost_answer,
    job::{AtSide as _, Job, Sent, Stop},
    orphans, prove,
    reader::Reader,
    runner::until_stopped,
    single::{options, there, vouched_source},
    target::{Next, Target},
};

/// How long parts in flight may take to arrive after somebody paused.
const GRACE: Duration = Duration::from_secs(3);

/// Sends the file through `upload`, going on with what an earlier process began.
pub(crate) async fn send(job: &Job, upload: &dyn ResumableUpload, stamp: Stamp) -> Result<Sent, Stop> {
    let plan = upload.plan(stamp.size);
    let mut target = Target::of(job);
    let mut kept = resume(job, upload, &stamp).await?;
    loop {
        let (session, receipts) = match kept.take() {
            Some(kept) => kept,
            None => match begin(job, upload, &mut target, &stamp).await? {
                Begun::Session(session) => (session, BTreeMap::new()),
                Begun::There(receipt, sha256) => return there(job, receipt, sha256, stamp, &target, None).await,
            },
        };
        target.path = session.path.clone();
        let parts = u32::try_from(receipts.len()).unwrap_or(u32::MAX);
        let note = (parts > 0).then(|| StoryNote::Continued { part: parts.saturating_add(1), parts });
        let change = Change { stamp: Some(stamp.clone()), note, ..Change::default() };
        job.queue
            .apply(job.row.id, vec![(Event::Started, change)], job.clock.now(), "engine")
            .await
            .or_else(already_started)?;
        let (receipts, sha256, source_proof) = send_parts(job, upload, &plan, &session, receipts, &stamp).await?;
        match finish(job, upload, &session, &receipts, (sha256, source_proof), &stamp, &mut target).await? {
            Finished::Receipt(receipt, effect) => {
                let path = session.path;
                return Ok(Sent { receipt, sha256, stamp, path, source_proof, effects: vec![effect], note: None });
            }
            Finished::There(receipt) => return there(job, receipt, sha256, stamp, &target, source_proof).await,
            Finished::Again => {}
        }
    }
}

/// A second round in one claim finds the transfer started already.
fn already_started(error: StoreError) -> Result<waybill_store::Applied, Stop> {
    match error {
        StoreError::Illegal(illegal) if illegal.from == waybill_model::State::Transferring => {
            Ok(waybill_store::Applied { state: illegal.from, attempts: 0 })
        }
        // Paused or cancelled in the meantime.
        StoreError::Illegal(_) => Err(Stop::Cancelled),
        other => Err(Stop::Store(other)),
    }
}

type Kept = (UploadSession, BTreeMap<u32, PartReceipt>);

/// What an earlier process began, as far as it is still good: the source is the same, the remote proves its parts.
async fn resume(job: &Job, upload: &dyn ResumableUpload, stamp: &Stamp) -> Result<Option<Kept>, Stop> {
    let Some((session, receipts)) = job.queue.session(job.row.id).await? else { return Ok(None) };
    let same = session.version == SESSION_VERSION && session.size == stamp.size && job.row.stamp.agrees_with(stamp);
    if !same {
        end(job, upload, &session).await?;
        return Ok(None);
    }
    match upload.held(&session, &receipts).await {
        Ok(held) => {
            job.queue.keep_only_parts(job.row.id, held.clone()).await?;
            let receipts = receipts.into_iter().filter(|receipt| held.contains(&receipt.number));
            Ok(Some((session, receipts.map(|receipt| (receipt.number, receipt)).collect())))
        }
        // Finished without our hearing of it, or thrown away; looking at the target tells.
        Err(error) if error.kind == FailureKind::NotFound => {
            job.queue.forget_session(job.row.id).await?;
            Ok(None)
        }
        Err(error) => Err(Stop::Failed(Side::Destination, error)),
    }
}

pub(crate) async fn end(job: &Job, upload: &dyn ResumableUpload, session: &UploadSession) -> Result<(), Stop> {
    upload.abort(session).await.at_target()?;
    job.queue.forget_session(job.row.id).await?;
    Ok(())
}

enum Begun {
    Session(UploadSession),
    There(Receipt, Sha256),
}

async fn begin(job: &Job, upload: &dyn ResumableUpload, target: &mut Target, stamp: &Stamp) -> Result<Begun, Stop> {
    target.is_as_agreed(job).await?;
    let lost = if job.row.claims > 1 { job.queue.unanswered_begins(job.row.id).await? } else { Vec::new() };
    loop {
        let asked_at = job.clock.now();
        job.queue.begins_upload(job.row.id, target.path.clone(), asked_at).await?;
        match upload.begin(&target.path, options(job, stamp, target.replace)).await {
            Ok(session) => {
                if let Err(error) = job.queue.store_session(job.row.id, session.clone(), job.clock.now()).await {
                    // Nobody would ever find it again.
                    if let Err(error) = upload.abort(&session).await {
                        tracing::warn!(%error, "an upload that could not be stored could not be removed either");
                    }
                    return Err(error.into());
                }
                if !lost.is_empty() {
                    orphans::end(job, &lost, &session, asked_at).await?;
                }
                return Ok(Begun::Session(session));
            }
            Err(error) if target.is_taken(&error) => {
                job.queue.begin_was_refused(job.row.id).await?;
                if let Next::There(receipt, sha256) = target.occupied(job, stamp, None).await? {
                    return Ok(Begun::There(receipt, sha256));
                }
            }
            Err(error) => {
                if !error_may_be_a_lost_answer(&error) {
                    job.queue.begin_was_refused(job.row.id).await?;
                }
                return Err(Stop::Failed(Side::Destination, error));
            }
        }
    }
}

type Received = (Vec<PartReceipt>, Sha256, Option<Proof>);

/// Reads every part, sends those that are missing, and stores each receipt.
async fn send_parts(
    job: &Job,
    upload: &dyn ResumableUpload,
    plan: &PartPlan,
    session: &UploadSession,
    mut receipts: BTreeMap<u32, PartReceipt>,
    stamp: &Stamp,
) -> Result<Received, Stop> {
    let vouched = vouched_source(job, stamp).await?;
    let mut reader =
        Reader::open(&job.source.open.connector, &job.row.source.path, stamp, session.part_size).await.at_source()?;
    reader.compare_with(vouched);
    // Each of them is compared with what is read now: where all are there, this is the second reading.
    let all_there = receipts.len() == session.part_count() as usize;
    job.meter.resume_at(receipts.values().map(|receipt| receipt.length).sum());
    let mut flying = FuturesUnordered::new();
    for number in 1..=session.part_count() {
        let (offset, _) = session.part_range(number);
        let bytes = tokio::select! {
            biased;
            () = job.token.cancelled() => None,
            bytes = read_while_flying(job, &mut reader, &mut flying, &mut receipts) => Some(bytes?),
        };
        let Some(bytes) = bytes else {
            return Err(land(job, &mut flying, &mut receipts).await);
        };
        let prefix_sha256 = reader.prefix_sha256().at_source()?;
        if let Some(receipt) = receipts.get(&number) {
            if receipt.prefix_sha256 != prefix_sha256 {
                end(job, upload, session).await?;
                return Err(changed(job));
            }
            continue;
        }
        while flying.len() >= plan.parallel.max(1) as usize {
            tokio::select! {
                biased;
                () = job.token.cancelled() => return Err(land(job, &mut flying, &mut receipts).await),
                arrived = flying.next() => {
                    if let Some(arrived) = arrived {
                        keep(job, arrived, &mut receipts).await?;
                    }
                }
            }
        }
        flying.push(put(
            job,
            upload,
            session,
            plan.hashes,
            Part { number, offset, bytes, hash: PartHash::default(), prefix_sha256 },
        ));
    }
    while !flying.is_empty() {
        tokio::select! {
            biased;
            () = job.token.cancelled() => return Err(land(job, &mut flying, &mut receipts).await),
            Some(arrived) = flying.next() => keep(job, arrived, &mut receipts).await?,
        }
    }
    match whole(job, reader, stamp, all_there).await {
        Err(stop) if prove::is_damage_at_source(&stop) => {
            // Nobody can say which part it is, so none of them is kept.
            end(job, upload, session).await?;
            Err(stop)
        }
        whole => whole.map(|(sha256, proof)| (receipts.into_values().collect(), sha256, proof)),
    }
}

/// The digest of everything that was read. A fetch is proved here, while it has no final name.
async fn whole(job: &Job, reader: Reader, stamp: &Stamp, all_there: bool) -> Result<(Sha256, Option<Proof>), Stop> {
    let (sha256, proof) = reader.finish().await.at_source()?;
    let proof = proof.or(all_there.then_some(Proof::ReadBack));
    let proof = until_stopped(job, prove::before_its_name(job, stamp, sha256, proof)).await?;
    Ok((sha256, proof))
}

/// A part that the remote acknowledged and whose receipt is stored; or why not.
type Arrived = Result<PartReceipt, Lost>;

enum Lost {
    Part(ConnectorError),
    Receipt(StoreError),
}

/// Reads the next part while those in flight go on; their receipts are stored as they arrive.
async fn read_while_flying<F: Future<Output = Arrived>>(
    job: &Job,
    reader: &mut Reader,
    flying: &mut FuturesUnordered<F>,
    receipts: &mut BTreeMap<u32, PartReceipt>,
) -> Result<Bytes, Stop> {
    let reading = reader.next_piece();
    tokio::pin!(reading);
    loop {
        tokio::select! {
            bytes = &mut reading => return bytes.at_source(),
            Some(arrived) = flying.next(), if !flying.is_empty() => keep(job, arrived, receipts).await?,
        }
    }
}

async fn put(
    job: &Job,
    upload: &dyn ResumableUpload,
    session: &UploadSession,
    needs: HashNeeds,
    mut part: Part,
) -> Arrived {
    let length = part.bytes.len() as u64;
    job.toll().pay(length).await;
    if needs != HashNeeds::default() {
        let bytes = part.bytes.clone();
        let beside = tokio::task::spawn_blocking(move || digests(&bytes, needs)).await;
        // A runtime that is ending takes no work beside; a part never goes without its digest.
        part.hash = beside.unwrap_or_else(|_| digests(&part.bytes, needs));
    }
    let receipt = upload.put_part(session, part).await.map_err(Lost::Part)?;
    // Stored here, so that the other parts move on meanwhile.
    job.queue.store_part(job.row.id, receipt.clone()).await.map_err(Lost::Receipt)?;
    Ok(receipt)
}

fn digests(bytes: &Bytes, needs: HashNeeds) -> PartHash {
    PartHash {
        sha256: needs.sha256.then(|| Sha256::of(bytes)),
        md5: needs.md5.then(|| Md5(md5::Md5::digest(bytes).into())),
    }
}

async fn keep(job: &Job, arrived: Arrived, receipts: &mut BTreeMap<u32, PartReceipt>) -> Result<(), Stop> {
    let receipt = match arrived {
        Ok(receipt) => receipt,
        Err(Lost::Part(error)) => return Err(gone(job, error).await?),
        Err(Lost::Receipt(error)) => return Err(Stop::Store(error)),
    };
    job.progressed.store(true, Ordering::Relaxed);
    job.meter.confirm(receipt.length);
    receipts.insert(receipt.number, receipt);
    Ok(())
}

/// A session that the remote threw away is forgotten, and the upload begins anew.
async fn gone(job: &Job, error: ConnectorError) -> Result<Stop, Stop> {
    if error.kind != FailureKind::NotFound {
        return Ok(Stop::Failed(Side::Destination, error));
    }
    job.queue.forget_session(job.row.id).await?;
    Ok(Stop::Failed(Side::Destination, error.retry(waybill_model::Retry::Backoff)))
}

/// Lets parts in flight arrive for a moment, so that they need not be sent again.
async fn land<F: Future<Output = Arrived>>(
    job: &Job,
    flying: &mut FuturesUnordered<F>,
    receipts: &mut BTreeMap<u32, PartReceipt>,
) -> Stop {
    let arriving = async {
        while let Some(arrived) = flying.next().await {
            if let Err(stop) = keep(job, arrived, receipts).await {
                return stop;
            }
        }
        Stop::Cancelled
    };
    tokio::time::timeout(GRACE, arriving).await.unwrap_or(Stop::Cancelled)
}

fn changed(job: &Job) -> Stop {
    let message = format!(
        "the source was changed while it was sent; it starts again from its first byte: {}",
        job.source_label()
    );
    let error = ConnectorError::new(FailureKind::Changed, "read", message).retry(waybill_model::Retry::Backoff);
    Stop::Failed(Side::Source, error)
}

enum Finished {
    /// Stored, with the intent that is to be closed once that is written down.
    Receipt(Receipt, OutboxId),
    There(Receipt),
    /// Under another name: everything is sent again.
    Again,
}

/// Makes the object out of its parts, with the intent stored before and the outcome after.
async fn finish(
    job: &Job,
    upload: &dyn ResumableUpload,
    session: &UploadSession,
    receipts: &[PartReceipt],
    (sha256, proof): (Sha256, Option<Proof>),
    stamp: &Stamp,
    target: &mut Target,
) -> Result<Finished, Stop> {
    if let Err(stop) = target.is_as_agreed(job).await {
        end(job, upload, session).await?;
        return Err(stop);
    }
    let parts = receipts.len();
    let intent = json!({ "path": session.path, "sha256": sha256, "source_proof": proof, "parts": parts });
    let id = job.queue.intend(job.row.id, Effect::Finish, intent, job.clock.now()).await?;
    loop {
        let options = WriteOptions { sha256: Some(sha256), ..options(job, stamp, target.replace) };
        // An answer that came after the upload was begun may allow replacing by now, and the other way round.
        let session = &UploadSession { replace: target.replace, ..session.clone() };
        match upload.finish(session, receipts, options).await {
            Ok(receipt) => return Ok(Finished::Receipt(receipt, id)),
            Err(error) if target.is_taken(&error) => {
                let before = target.path.clone();
                let next = target.occupied(job, stamp, Some(sha256)).await;
                if !matches!(next, Ok(Next::TryAgain)) || target.path != before {
                    job.queue.settle(id, OutboxState::Failed, error.to_string(), job.clock.now()).await?;
                }
                match next? {
                    Next::There(receipt, _) => {
                        end(job, upload, session).await?;
                        return Ok(Finished::There(receipt));
                    }
                    Next::TryAgain if target.path != before => {
                        end(job, upload, session).await?;
                        return Ok(Finished::Again);
                    }
                    Next::TryAgain => {}
                }
            }
            Err(error) => {
                // A lost answer, or an upload that is not there any more, leaves the intent open: the next attempt asks
                // the remote what became of it.
                if !error_may_be_a_lost_answer(&error) && error.kind != FailureKind::NotFound {
                    job.queue.settle(id, OutboxState::Failed, error.to_string(), job.clock.now()).await?;
                }
                return Err(gone(job, error).await?);
            }
        }
    }
}
