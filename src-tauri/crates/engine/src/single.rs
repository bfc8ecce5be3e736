//! Sending a file in one piece: small ones from memory, hashed before they go; large ones as a stream, where the
//! target cannot resume.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::stream;
use serde_json::json;
use waybill_connector::{ByteStream, ConnectorError, EntryKind, Write, WriteOptions, body_of};
use waybill_model::{FailureKind, Proof, Receipt, Sha256, Side, Stamp, StoryNote};
use waybill_store::{Effect, OutboxState};

use crate::{
    after::error_may_be_a_lost_answer,
    job::{AtSide as _, Job, Sent, Stop},
    metadata, prove,
    reader::Reader,
    target::{Next, Target},
};

/// Bytes of one piece of a stream.
const PIECE: u64 = 4 << 20;

/// Reads the file into memory, hashes it and writes it. `None` where it has grown too large for that meanwhile.
pub(crate) async fn send_small(job: &Job) -> Result<Option<Sent>, Stop> {
    let write = writer(job)?;
    let Some((stamp, bytes, sha256, source_proof)) = read_whole(job).await? else { return Ok(None) };
    let mut target = Target::of(job);
    if let Some(receipt) = target.landed(job, &stamp, sha256).await? {
        return Ok(Some(there(job, receipt, sha256, stamp, &target, source_proof).await?));
    }
    target.is_as_agreed(job).await?;
    loop {
        job.toll().pay(stamp.size).await;
        let options = WriteOptions { sha256: Some(sha256), ..options(job, &stamp, target.replace) };
        let receipt = match write.write(&target.path, body_of(bytes.clone()), options).await {
            Ok(receipt) => receipt,
            Err(error) if target.is_taken(&error) => match target.occupied(job, &stamp, Some(sha256)).await? {
                Next::TryAgain => continue,
                Next::There(receipt, sha256) => {
                    return Ok(Some(there(job, receipt, sha256, stamp, &target, source_proof).await?));
                }
            },
            Err(error) => return Err(Stop::Failed(Side::Destination, error)),
        };
        job.meter.confirm(stamp.size);
        return Ok(Some(Sent {
            receipt,
            sha256,
            stamp,
            path: target.path,
            source_proof,
            effects: Vec::new(),
            note: None,
        }));
    }
}

/// Streams a file of any size; a crash or a failure costs the whole of it.
pub(crate) async fn send_streamed(job: &Job, stamp: Stamp) -> Result<Sent, Stop> {
    let write = writer(job)?;
    let mut target = Target::of(job);
    target.is_as_agreed(job).await?;
    loop {
        // Stored before the first byte goes: a lost answer is then settled by looking.
        let intent = json!({ "path": target.path, "size": stamp.size });
        let effect = job.queue.intend(job.row.id, Effect::Write, intent, job.clock.now()).await?;
        let (body, outcome) = hashed_body(job, &stamp).await?;
        let receipt = match write.write(&target.path, body, options(job, &stamp, target.replace)).await {
            Ok(receipt) => receipt,
            Err(error) if target.is_taken(&error) => {
                job.queue.settle(effect, OutboxState::Failed, error.to_string(), job.clock.now()).await?;
                match target.occupied(job, &stamp, None).await? {
                    Next::TryAgain => continue,
                    Next::There(receipt, sha256) => return there(job, receipt, sha256, stamp, &target, None).await,
                }
            }
            Err(error) => {
                if !error_may_be_a_lost_answer(&error) {
                    job.queue.settle(effect, OutboxState::Failed, error.to_string(), job.clock.now()).await?;
                }
                // The source's own failure comes back through the body; it is told as what it is.
                let side = if error.operation == "read" { Side::Source } else { Side::Destination };
                return Err(Stop::Failed(side, error));
            }
        };
        let Some((sha256, source_proof)) = outcome.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            let error =
                ConnectorError::new(FailureKind::Truncated, "write", "the target answered before it had every byte");
            return Err(Stop::Failed(Side::Destination, error.at(&target.path)));
        };
        job.meter.confirm(stamp.size);
        let path = target.path;
        return Ok(Sent { receipt, sha256, stamp, path, source_proof, effects: vec![effect], note: None });
    }
}

pub(crate) fn writer(job: &Job) -> Result<&dyn Write, Stop> {
    job.target.open.connector.write().ok_or_else(|| {
        let error = ConnectorError::unsupported("write", format!("{} takes no files", job.target.open.name));
        Stop::Failed(Side::Destination, error)
    })
}

pub(crate) fn options(job: &Job, stamp: &Stamp, replace: bool) -> WriteOptions {
    let forms = job.options.forms.clone();
    WriteOptions { size: stamp.size, replace, modified: stamp.modified, forms, ..WriteOptions::default() }
}

/// The very bytes lie there already. Only the metadata of the run may be missing.
pub(crate) async fn there(
    job: &Job,
    receipt: Receipt,
    sha256: Sha256,
    stamp: Stamp,
    target: &Target,
    source_proof: Option<Proof>,
) -> Result<Sent, Stop> {
    metadata::fill(job, &target.path).await?;
    let note = Some(StoryNote::SameThere);
    Ok(Sent { receipt, sha256, stamp, path: target.path.clone(), source_proof, effects: Vec::new(), note })
}

/// What the source looks like now. A source that is gone or no file fails here. Where exactly one revision was agreed on,
/// that is what is read or nothing, so there is nothing to look at.
pub(crate) async fn current_stamp(job: &Job) -> Result<Stamp, Stop> {
    if job.row.stamp.agreed.is_some() {
        return Ok(job.row.stamp.clone());
    }
    let path = &job.row.source.path;
    let failed = |kind, message: &str| {
        let message = format!("{message}: {}", job.source_label());
        Err(Stop::Failed(Side::Source, ConnectorError::new(kind, "stat", message)))
    };
    let Some(list) = job.source.open.connector.list() else { return Ok(job.row.stamp.clone()) };
    match list.stat(path).await.at_source()? {
        None => failed(FailureKind::NotFound, "the source is not there any more"),
        Some(entry) if entry.kind == EntryKind::Folder => failed(FailureKind::Invalid, "the source is a folder now"),
        Some(entry) if entry.kind == EntryKind::Other => failed(
            FailureKind::Invalid,
            "the source is not a file with bytes (a pipe, a socket, a device or a dangling link)",
        ),
        Some(entry) => Ok(entry.stamp()),
    }
}

/// The digest that the source vouches for, where it saves a second read after a fetch.
pub(crate) async fn vouched_source(job: &Job, stamp: &Stamp) -> Result<Option<waybill_connector::Vouched>, Stop> {
    if !job.row.target.connection.is_local() || !job.needs_match() {
        return Ok(None);
    }
    match job.source.open.connector.checksums() {
        Some(checksums) => checksums.vouched(&job.row.source.path, stamp.version.as_deref()).await.at_source(),
        None => Ok(None),
    }
}

type Whole = (Stamp, Bytes, Sha256, Option<Proof>);

async fn read_whole(job: &Job) -> Result<Option<Whole>, Stop> {
    // The stamp of the walk is tried first: one look less for each of many small files.
    match read_with(job, job.row.stamp.clone()).await {
        Err(Stop::Failed(Side::Source, error))
            if matches!(error.kind, FailureKind::Changed | FailureKind::Truncated)
                && job.row.stamp.agreed.is_none() =>
        {
            let stamp = current_stamp(job).await?;
            if stamp.size > job.target.open.connector.descriptor().limits.single_write_bytes {
                return Ok(None);
            }
            read_with(job, stamp).await.map(Some)
        }
        other => other.map(Some),
    }
}

async fn read_with(job: &Job, stamp: Stamp) -> Result<Whole, Stop> {
    let connector = &job.source.open.connector;
    let vouched = vouched_source(job, &stamp).await?;
    let mut reader = Reader::open(connector, &job.row.source.path, &stamp, stamp.size.max(1)).await.at_source()?;
    reader.compare_with(vouched);
    let bytes = if stamp.size > 0 { reader.next_piece().await.at_source()? } else { Bytes::new() };
    let (sha256, proof) = reader.finish().await.at_source()?;
    let proof = prove::before_its_name(job, &stamp, sha256, proof).await?;
    Ok((stamp, bytes, sha256, proof))
}

type Outcome = Arc<Mutex<Option<(Sha256, Option<Proof>)>>>;

/// The source as a body; its digest is there when the body has ended well. A fetch is proved before its body ends.
async fn hashed_body(job: &Job, stamp: &Stamp) -> Result<(ByteStream, Outcome), Stop> {
    let vouched = vouched_source(job, stamp).await?;
    let mut reader = Reader::open(&job.source.open.connector, &job.row.source.path, stamp, PIECE).await.at_source()?;
    reader.compare_with(vouched);
    let outcome = Outcome::default();
    let toll = job.toll();
    let state = Some((reader, Arc::clone(&outcome)));
    let (again, stamp) = (prove::second_reading(job), stamp.clone());
    let body = stream::try_unfold(state, move |state| {
        let toll = toll.clone();
        let (again, stamp) = (again.clone(), stamp.clone());
        async move {
            let Some((mut reader, outcome)) = state else { return Ok(None) };
            if reader.left() == 0 {
                let mut digest = reader.finish().await?;
                if let Some(again) = again.filter(|_| digest.1.is_none()) {
                    digest.1 = Some(again.agrees(&stamp, digest.0).await?);
                }
                *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(digest);
                return Ok(None);
            }
            let length = reader.left().min(PIECE);
            toll.pay(length).await;
            let piece = reader.next_piece().await?;
            Ok(Some((piece, Some((reader, outcome)))))
        }
    });
    Ok((Box::pin(body), outcome))
}
