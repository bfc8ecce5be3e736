//! `waybill transfers`, `pause`, `resume`, `cancel`, `retry` and `run`

use std::time::Duration;

use serde_json::json;
use waybill_desk::{Filter, TransferRow};
use waybill_model::{RunId, State, TransferId};

use crate::{
    args::Ids,
    commands::send,
    exit::{CommandError, Exit},
    output,
    session::Session,
};

pub(crate) async fn transfers(
    session: &Session,
    state: Option<State>,
    run: Option<RunId>,
) -> Result<Exit, CommandError> {
    let filter = Filter { states: state.into_iter().collect(), run, ..Filter::default() };
    for_each(session, filter, async |row| {
        let line = if session.out.json {
            output::transfer(&session.desk, &row).await?.to_string()
        } else {
            output::transfer_line(&session.desk, &row).await?
        };
        Ok(output::line(&line)?)
    })
    .await?;
    Ok(Exit::Done)
}

async fn for_each(
    session: &Session,
    filter: Filter,
    mut each: impl AsyncFnMut(TransferRow) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let mut after = None;
    loop {
        let page = session.desk.transfers(filter.clone(), after, 500).await?;
        for row in page.rows {
            each(row).await?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// What is done to transfers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verb {
    Pause,
    Resume,
    Cancel,
    Retry,
}

/// Applies to each id that can take it. Fails where none could.
pub(crate) async fn command(session: &Session, ids: Ids, verb: Verb) -> Result<Exit, CommandError> {
    let ids = resolve(session, &ids.ids).await?;
    let desk = &session.desk;
    let changed = match verb {
        Verb::Pause => desk.pause(ids).await,
        Verb::Resume => desk.resume(ids).await,
        Verb::Cancel => desk.cancel(ids).await,
        Verb::Retry => desk.retry(ids).await,
    }?;
    session.out.object(&json!({ "changed": changed }), || format!("{changed} changed"))?;
    Ok(if changed > 0 { Exit::Done } else { Exit::Failed })
}

/// An id of a run stands for all its transfers.
async fn resolve(session: &Session, texts: &[String]) -> Result<Vec<TransferId>, CommandError> {
    let mut ids = Vec::new();
    for text in texts {
        let id: TransferId = text.parse().map_err(|error| CommandError::usage(format!("{error}")))?;
        if session.desk.transfer(id).await.is_ok() {
            ids.push(id);
            continue;
        }
        let run: RunId = text.parse().map_err(|error| CommandError::usage(format!("{error}")))?;
        session
            .desk
            .run(run)
            .await
            .map_err(|_| CommandError::usage(format!("there is no transfer and no run {text}")))?;
        for_each(session, Filter { run: Some(run), ..Filter::default() }, async |row| {
            ids.push(row.id);
            Ok(())
        })
        .await?;
    }
    Ok(ids)
}

/// Works until nothing is left that can go on without a person.
pub(crate) async fn drain(session: &Session) -> Result<Exit, CommandError> {
    let before = session.desk.counts().await?;
    session.desk.start_engine().await?;
    let mut topics = session.desk.topics();
    while !session.desk.is_idle().await? {
        // Whatever is heard or not heard, the next look tells.
        drop(tokio::time::timeout(Duration::from_secs(1), topics.recv()).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    session.desk.stop_engine().await;
    let after = session.desk.counts().await?;
    session.out.object(
        &json!({ "done": after.done - before.done.min(after.done), "failed": after.failed, "needs_attention": after.attention,
                 "queued": after.queued, "paused": after.paused }),
        || format!("{} done, {} failed, {} need you, {} paused", after.done, after.failed, after.attention, after.paused),
    )?;
    if after.failed + after.cancelled > before.failed + before.cancelled {
        return Ok(Exit::Failed);
    }
    if after.attention > 0 || after.queued > 0 {
        send::tell_attention(session).await?;
        return Ok(Exit::NeedsAttention);
    }
    Ok(Exit::Done)
}
