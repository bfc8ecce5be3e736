//! What happens to the source, only ever after *matched*. The intent is stored before, the outcome after; after a crash
//! it is settled by looking, never by doing it twice.

use serde_json::json;
use waybill_connector::{ConnectorError};
use waybill_model::{AfterSource, FailureKind, RemotePath, Side};
use waybill_store::{Effect, OutboxState};

use crate::job::{AtSide as _, Job, Stop};

/// Keeps, deletes or moves the source. Answers a sentence for the story.
pub(crate) async fn settle_source(job: &Job) -> Result<String, Stop> {
    match &job.options.after {
        AfterSource::Keep => Ok(String::new()),
        AfterSource::Delete => delete(job).await,
        AfterSource::Move(folder) => move_to(job, folder).await,
    }
}

async fn delete(job: &Job) -> Result<String, Stop> {
    let Some(delete) = job.source.open.connector.delete() else {
        return Err(refused("delete", "the source cannot be deleted there; the file was sent and proved"));
    };
    let path = &job.row.source.path;
    let intent = json!({ "path": path });
    let id = job.queue.intend(job.row.id, Effect::DeleteSource, intent, job.clock.now()).await?;
    still_the_same(job, path).await?;
    match delete.delete(path).await {
        Ok(()) => {
            job.queue.settle(id, OutboxState::Done, String::new(), job.clock.now()).await?;
            Ok("Source deleted".to_owned())
        }
        Err(error) => {
            job.queue.settle(id, OutboxState::Failed, error.to_string(), job.clock.now()).await?;
            Err(Stop::Failed(Side::Source, error))
        }
    }
}

async fn move_to(job: &Job, folder: &RemotePath) -> Result<String, Stop> {
    let connector = &job.source.open.connector;
    let (Some(rename), Some(list)) = (connector.rename(), connector.list()) else {
        return Err(refused("rename", "the source cannot be moved there; the file was sent and proved"));
    };
    let from = &job.row.source.path;
    let to = folder.join(from.name());
    let earlier = job.queue.intended(job.row.id).await?.into_iter().find(|row| row.effect == Effect::MoveSource);
    if let Some(earlier) = earlier {
        // The program ended in between: if the source is gone and the other name is there, it was done.
        let moved = list.stat(from).await.at_source()?.is_none() && list.stat(&to).await.at_source()?.is_some();
        let (state, outcome) = if moved { (OutboxState::Done, "found moved") } else { (OutboxState::Failed, "found unmoved") };
        job.queue.settle(earlier.id, state, outcome.to_owned(), job.clock.now()).await?;
        if moved {
            return Ok(format!("Source moved to {to}"));
        }
    }
    still_the_same(job, from).await?;
    let intent = json!({ "from": from, "to": to });
    let id = job.queue.intend(job.row.id, Effect::MoveSource, intent, job.clock.now()).await?;
    if let Some(create) = connector.create_folder() {
        create.create_folder(folder).await.at_source()?;
    }
    match rename.rename(from, &to, false).await {
        Ok(()) => {
            job.queue.settle(id, OutboxState::Done, String::new(), job.clock.now()).await?;
            Ok(format!("Source moved to {to}"))
        }
        Err(error) => {
            job.queue.settle(id, OutboxState::Failed, error.to_string(), job.clock.now()).await?;
            Err(Stop::Failed(Side::Source, error))
        }
    }
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
