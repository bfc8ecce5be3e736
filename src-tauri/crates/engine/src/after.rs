//! What happens to the source, only ever after *matched*. The intent is stored before, with all that was proved; the
//! outcome is stored with the transfer's end. After a crash it is settled by looking, never by doing it twice.

use serde::{Deserialize, Serialize};
use waybill_connector::ConnectorError;
use waybill_model::{AfterSource, FailureKind, OutboxId, Proof, Receipt, RemotePath, Sha256, Side, Stamp, StoryNote};
use waybill_store::{Effect, OutboxState};

use crate::job::{AtSide as _, Job, Sent, Stop};

/// What was done to the source.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// What the story says of it.
    pub(crate) note: Option<StoryNote>,
    /// The intent that is to be closed with the transfer.
    pub(crate) effect: Option<OutboxId>,
}

/// The intent as stored: what is needed to end the transfer if only the record of it was lost.
#[derive(Debug, Serialize, Deserialize)]
struct Intent {
    from: RemotePath,
    to: Option<RemotePath>,
    proof: Proof,
    sha256: Sha256,
    receipt: Receipt,
    stamp: Stamp,
    target: RemotePath,
}

/// Keeps, deletes or moves the source, whose bytes are proved to be at the target.
pub(crate) async fn settle_source(job: &Job, sent: &Sent, proof: Proof) -> Result<Settled, Stop> {
    match &job.options.after {
        AfterSource::Keep => Ok(Settled::default()),
        AfterSource::Delete => delete(job, sent, proof).await,
        AfterSource::Move(folder) => move_to(job, folder, sent, proof).await,
    }
}

/// An earlier attempt that got as far as the source: what it had proved, if the source is gone from its place.
pub(crate) async fn earlier(job: &Job) -> Result<Option<(Sent, Proof, Settled)>, Stop> {
    if job.row.claims <= 1 || job.options.after == AfterSource::Keep {
        return Ok(None);
    }
    let open = job.queue.intended(job.row.id).await?;
    let mut open: Vec<_> =
        open.into_iter().filter(|row| matches!(row.effect, Effect::DeleteSource | Effect::MoveSource)).collect();
    let Some(last) = open.pop() else { return Ok(None) };
    let Some(list) = job.source.open.connector.list() else { return Ok(None) };
    let gone = list.stat(&job.row.source.path).await.at_source()?.is_none();
    let intent = serde_json::from_value::<Intent>(last.intent.clone()).ok().filter(|_| gone);
    for row in open {
        job.queue.settle(row.id, OutboxState::Failed, "tried again".to_owned(), job.clock.now()).await?;
    }
    let Some(intent) = intent else {
        job.queue.settle(last.id, OutboxState::Failed, "the source is still there".to_owned(), job.clock.now()).await?;
        return Ok(None);
    };
    let note = match intent.to {
        None => StoryNote::SourceDeleted,
        Some(to) if list.stat(&to).await.at_source()?.is_some() => StoryNote::SourceMoved { to },
        Some(to) => StoryNote::SourceTaken { to },
    };
    let sent = Sent {
        receipt: intent.receipt,
        sha256: intent.sha256,
        stamp: intent.stamp,
        path: intent.target,
        source_proof: None,
        effects: Vec::new(),
        note: None,
    };
    Ok(Some((sent, intent.proof, Settled { note: Some(note), effect: Some(last.id) })))
}

async fn intend(
    job: &Job,
    effect: Effect,
    to: Option<RemotePath>,
    sent: &Sent,
    proof: Proof,
) -> Result<OutboxId, Stop> {
    let intent = Intent {
        from: job.row.source.path.clone(),
        to,
        proof,
        sha256: sent.sha256,
        receipt: sent.receipt.clone(),
        stamp: sent.stamp.clone(),
        target: sent.path.clone(),
    };
    let intent = serde_json::to_value(intent).map_err(waybill_store::StoreError::from)?;
    Ok(job.queue.intend(job.row.id, effect, intent, job.clock.now()).await?)
}

async fn delete(job: &Job, sent: &Sent, proof: Proof) -> Result<Settled, Stop> {
    let Some(delete) = job.source.open.connector.delete() else {
        return Err(refused("delete", "the source cannot be deleted there; the file was sent and proved"));
    };
    let path = &job.row.source.path;
    still_the_same(job, path).await?;
    let id = intend(job, Effect::DeleteSource, None, sent, proof).await?;
    match delete.delete(path).await {
        Ok(()) => Ok(Settled { note: Some(StoryNote::SourceDeleted), effect: Some(id) }),
        Err(error) => Err(failed(job, id, error).await?),
    }
}

async fn move_to(job: &Job, folder: &RemotePath, sent: &Sent, proof: Proof) -> Result<Settled, Stop> {
    let connector = &job.source.open.connector;
    let Some(rename) = connector.rename() else {
        return Err(refused("rename", "the source cannot be moved there; the file was sent and proved"));
    };
    let from = &job.row.source.path;
    let to = folder.join(from.name());
    still_the_same(job, from).await?;
    if let Some(create) = connector.create_folder() {
        create.create_folder(folder).await.at_source()?;
    }
    let id = intend(job, Effect::MoveSource, Some(to.clone()), sent, proof).await?;
    match rename.rename(from, &to, false).await {
        Ok(()) => Ok(Settled { note: Some(StoryNote::SourceMoved { to }), effect: Some(id) }),
        Err(error) => Err(failed(job, id, error).await?),
    }
}

/// A lost answer leaves the intent open: the next attempt looks what became of the source.
async fn failed(job: &Job, id: OutboxId, error: ConnectorError) -> Result<Stop, Stop> {
    let message = format!("the file was sent and proved, but its source stays where it is: {}", error.message);
    if !error_may_be_a_lost_answer(&error) {
        job.queue.settle(id, OutboxState::Failed, error.to_string(), job.clock.now()).await?;
    }
    Ok(Stop::Failed(Side::Source, ConnectorError { message, ..error }))
}

/// Whether the call may have taken effect although it failed here.
pub(crate) fn error_may_be_a_lost_answer(error: &ConnectorError) -> bool {
    matches!(error.kind, FailureKind::Unreachable | FailureKind::TimedOut | FailureKind::Vendor)
}

/// A source that changed after it was read is not what was proved, and stays.
async fn still_the_same(job: &Job, path: &RemotePath) -> Result<(), Stop> {
    let Some(list) = job.source.open.connector.list() else { return Ok(()) };
    match list.stat(path).await.at_source()? {
        Some(entry) if !entry.stamp().agrees_with(&job.row.stamp) => {
            let message = format!("the source was changed after it was sent, so it stays: {}", job.source_label());
            Err(Stop::Failed(Side::Source, ConnectorError::new(FailureKind::Changed, "stat", message)))
        }
        _ => Ok(()),
    }
}

fn refused(operation: &'static str, message: &str) -> Stop {
    Stop::Failed(Side::Source, ConnectorError::unsupported(operation, message))
}
