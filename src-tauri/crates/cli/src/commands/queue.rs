//! `waybill transfers`, `pause`, `resume`, `cancel`, `retry` and `run`

use std::{io::Write as _, time::Duration};

use serde_json::json;
use waybill_desk::{DeskError, Filter, TransferRow};
use waybill_model::{RunId, State, TransferId};

use crate::{
    args::Ids,
    commands::send,
    exit::{CommandError, Exit},
    output::{self, Rows},
    session::Session,
};

pub(crate) async fn transfers(
    session: &Session,
    state: Option<State>,
    run: Option<RunId>,
) -> Result<Exit, CommandError> {
    let filter = Filter { states: state.into_iter().collect(), run, ..Filter::default() };
    let mut rows = Rows::of(&session.desk).await?;
    for_each(session, filter, async |row| {
        let line = if session.out.json { rows.json(&row).await?.to_string() } else { rows.line(&row).await? };
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

impl Verb {
    fn done(self) -> &'static str {
        match self {
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Cancel => "cancelled",
            Self::Retry => "put in line again",
        }
    }
}

/// Applies to each id that can take it. Fails where none could.
pub(crate) async fn command(session: &Session, ids: Ids, verb: Verb) -> Result<Exit, CommandError> {
    let (mut changed, desk) = (0, &session.desk);
    let (ids, runs) = resolve(session, &ids.ids, verb).await?;
    for run in runs {
        changed += desk.cancel_run(run).await?;
    }
    changed += match verb {
        Verb::Pause => desk.pause(ids).await,
        Verb::Resume => desk.resume(ids).await,
        Verb::Cancel => desk.cancel(ids).await,
        Verb::Retry => desk.retry(ids).await,
    }?;
    session.out.object(&json!({ "changed": changed }), || match changed {
        0 => format!("None of them can be {}; waybill transfers shows how they stand", verb.done()),
        _ => format!("{changed} {}", verb.done()),
    })?;
    Ok(if changed > 0 { Exit::Done } else { Exit::Failed })
}

/// An id of a run stands for all its transfers; one that is called off is called off as a whole.
async fn resolve(
    session: &Session,
    texts: &[String],
    verb: Verb,
) -> Result<(Vec<TransferId>, Vec<RunId>), CommandError> {
    let (mut ids, mut runs) = (Vec::new(), Vec::new());
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
        if matches!(verb, Verb::Cancel) {
            runs.push(run);
            continue;
        }
        for_each(session, Filter { run: Some(run), ..Filter::default() }, async |row| {
            ids.push(row.id);
            Ok(())
        })
        .await?;
    }
    Ok((ids, runs))
}

/// Works until nothing is left that can go on without a person, or watches the process that works already.
pub(crate) async fn drain(session: &Session) -> Result<Exit, CommandError> {
    let before = session.desk.counts().await?;
    let engine = async {
        session.desk.start_engine().await?;
        std::future::pending::<Result<(), DeskError>>().await
    };
    tokio::select! {
        failed = engine => failed?,
        idle = until_idle(session) => idle?,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            writeln!(std::io::stderr(), "\nStopped. What is left stays in the queue; waybill run goes on with it.")?;
            session.desk.stop_engine().await;
            return Ok(Exit::Failed);
        }
    }
    send::end(session).await?;
    let after = session.desk.counts().await?;
    let (done, failed) = (after.done.saturating_sub(before.done), after.failed.saturating_sub(before.failed));
    let cancelled = after.cancelled.saturating_sub(before.cancelled);
    session.out.object(
        &json!({ "done": done, "skipped": after.skipped.saturating_sub(before.skipped), "failed": failed, "cancelled": cancelled,
                 "needs_attention": after.attention, "queued": after.queued, "paused": after.paused }),
        || {
            format!(
                "{done} done and {failed} failed now; in the queue are {}, paused {}, waiting for you {}",
                after.queued, after.paused, after.attention
            )
        },
    )?;
    if after.attention > 0 || after.queued > 0 {
        send::tell_attention(session, None).await?;
    }
    Ok(match (failed + cancelled, after.attention + after.queued) {
        (0, 0) => Exit::Done,
        (0, _) => Exit::NeedsAttention,
        _ => Exit::Failed,
    })
}

async fn until_idle(session: &Session) -> Result<(), DeskError> {
    let mut topics = session.desk.topics();
    while !session.desk.is_idle().await? {
        // Whatever is heard or not heard, the next look tells.
        drop(tokio::time::timeout(Duration::from_secs(1), topics.recv()).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
