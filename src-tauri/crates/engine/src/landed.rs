//! What an earlier attempt brought to the target without our hearing of it, or without its being proved: found by
//! looking, so that nothing is sent twice.

use waybill_connector::Entry;
use waybill_model::{Evidence, FailureKind, OutboxId, Proof, Receipt, Sha256, Stamp, StoryNote};
use waybill_store::{Effect, OutboxRow, OutboxState};

use crate::{
    job::{AtSide as _, Job, Sent, Stop},
    prove::{self, Comparison},
    reader,
    single::current_stamp,
};

/// The bytes of an earlier attempt, where the target has them all. Only asked where a step that stores something was
/// begun before and its outcome is not known, or where it was acknowledged and is still to be proved.
pub(crate) async fn earlier(job: &Job) -> Result<Option<Sent>, Stop> {
    if job.row.claims <= 1 {
        return Ok(None);
    }
    let open = job.queue.intended(job.row.id).await?;
    let open: Vec<_> = open.into_iter().filter(|row| matches!(row.effect, Effect::Finish | Effect::Write)).collect();
    if open.is_empty() && !is_acknowledged(job) {
        return Ok(None);
    }
    let found = look(job, &open).await?;
    let ids: Vec<OutboxId> = open.iter().map(|row| row.id).collect();
    if let Some((receipt, sha256, stamp)) = found {
        let source_proof = intended_proof(&open, sha256);
        let path = job.row.target.path.clone();
        let note = Some(StoryNote::FoundThere);
        let mut sent = Sent { receipt, sha256, stamp, path, source_proof, effects: ids.clone(), note };
        if prove::holds(job, &mut sent).await? {
            return Ok(Some(sent));
        }
    }
    for id in ids {
        job.queue.settle(id, OutboxState::Failed, "not found at the target".to_owned(), job.clock.now()).await?;
    }
    Ok(None)
}

/// Whether an earlier attempt was acknowledged by the remote.
fn is_acknowledged(job: &Job) -> bool {
    job.row.evidence >= Evidence::Accepted && job.row.sha256.is_some() && job.row.receipt.is_some()
}

/// Whether `existing` is what an earlier attempt of this transfer stored, and nobody has touched since.
pub(crate) fn is_our_own(job: &Job, existing: &Entry) -> bool {
    let Some(receipt) = job.row.receipt.as_ref().filter(|_| is_acknowledged(job)) else { return false };
    let same_version = match (&receipt.version, &existing.version) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => receipt.modified.is_some() && receipt.modified == existing.modified,
    };
    same_version && receipt.size == existing.size
}

async fn look(job: &Job, open: &[OutboxRow]) -> Result<Option<(Receipt, Sha256, Stamp)>, Stop> {
    let stamp = match current_stamp(job).await {
        Ok(stamp) if stamp.agrees_with(&job.row.stamp) => stamp,
        // Other bytes have to go now; what may have landed is an earlier revision.
        Ok(_) => return Ok(None),
        // The digest is known, so the source is not needed to find its copy.
        Err(Stop::Failed(_, error)) if error.kind == FailureKind::NotFound => job.row.stamp.clone(),
        Err(stop) => return Err(stop),
    };
    let path = &job.row.target.path;
    let list = job.target.open.connector.list();
    let existing = match list {
        Some(list) => list.stat(path).await.at_target()?.filter(|entry| entry.size == stamp.size),
        None => None,
    };
    if list.is_some() && existing.is_none() {
        return Ok(None);
    }
    let known = job.row.sha256.filter(|_| is_acknowledged(job)).or_else(|| intended_sha256(open));
    let sha256 = match known {
        Some(known) => known,
        None => reader::hash_of(&job.source, &job.row.source.path, &stamp).await.at_source()?,
    };
    let version = existing.as_ref().and_then(|entry| entry.version.as_deref());
    let receipt = match prove::compare(&job.target, path, version, stamp.size, sha256).await.at_target()? {
        Comparison::Equal(proof) => Receipt {
            size: stamp.size,
            version: existing.as_ref().and_then(|entry| entry.version.clone()),
            modified: existing.as_ref().and_then(|entry| entry.modified),
            proof: Some(proof),
            ..Receipt::default()
        },
        // Nothing can be compared there; the acknowledgement that was given still stands.
        Comparison::CannotTell => match job.row.receipt.clone().filter(|_| is_acknowledged(job)) {
            Some(receipt) => receipt,
            None => return Ok(None),
        },
        Comparison::Different => return Ok(None),
    };
    Ok(Some((receipt, sha256, stamp)))
}

/// What was proved of a fetch before it got its name, where that is what has `sha256`.
fn intended_proof(open: &[OutboxRow], sha256: Sha256) -> Option<Proof> {
    open.iter()
        .filter(|row| intended_sha256(std::slice::from_ref(row)) == Some(sha256))
        .find_map(|row| serde_json::from_value(row.intent.get("source_proof")?.clone()).ok())
}

fn intended_sha256(open: &[OutboxRow]) -> Option<Sha256> {
    open.iter().find_map(|row| serde_json::from_value(row.intent.get("sha256")?.clone()).ok())
}
