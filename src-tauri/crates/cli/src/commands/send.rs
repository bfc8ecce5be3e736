//! `waybill send` and `waybill fetch`: put a run into the queue, and wait for it unless told otherwise.

use std::io::{IsTerminal as _, Write as _};

use camino::Utf8Path;
use serde_json::json;
use waybill_desk::{Filter, Origin, Place, RunOutcome, RunRow, SendRequest, parse_place};
use waybill_model::{AfterSource, Location, RunId, State, TransferOptions};

use crate::{
    args::{How, Send},
    ask,
    exit::{CommandError, Exit},
    output,
    session::Session,
};

pub(crate) async fn send(session: &Session, send: Send) -> Result<Exit, CommandError> {
    let to = parse_place(&send.to, &session.working_folder)?;
    let to = session.desk.locate(to).await?;
    start(session, &send.sources, to, &send.how, send.then).await
}

pub(crate) async fn fetch(
    session: &Session,
    sources: Vec<String>,
    to: &Utf8Path,
    how: How,
) -> Result<Exit, CommandError> {
    for source in &sources {
        if let Place::Local(path) = parse_place(source, &session.working_folder)? {
            return Err(CommandError::usage(format!(
                "{path} is on this computer already; a remote source is NAME:/path"
            )));
        }
    }
    let to = session.working_folder.join(to);
    fs_err::create_dir_all(&to)?;
    let to = session.desk.locate(Place::Local(to)).await?;
    start(session, &sources, to, &how, AfterSource::Keep).await
}

async fn start(
    session: &Session,
    sources: &[String],
    to: Location,
    how: &How,
    after: AfterSource,
) -> Result<Exit, CommandError> {
    let mut located = Vec::new();
    for source in sources {
        located.push(session.desk.locate(parse_place(source, &session.working_folder)?).await?);
    }
    let options = TransferOptions { conflict: how.conflict, proof: how.proof, after };
    let request = SendRequest { sources: located, to, options, origin: Origin::Command, title: String::new() };
    let run = session.desk.send(request).await?;
    if how.detach {
        session.out.object(&json!({ "run": run.to_string() }), || format!("Run {run} is in the queue"))?;
        return Ok(Exit::Done);
    }
    let exit = follow(session, run).await;
    session.desk.stop_engine().await;
    exit
}

/// Runs the engine, or waits for the one that runs it, until the run stands still.
pub(crate) async fn follow(session: &Session, run: RunId) -> Result<Exit, CommandError> {
    let desk = session.desk.clone();
    let engine = async {
        desk.start_engine().await?;
        std::future::pending::<Result<(), waybill_desk::DeskError>>().await
    };
    let waiting = wait(session, run);
    tokio::pin!(engine, waiting);
    let outcome = loop {
        tokio::select! {
            failed = &mut engine => failed?,
            outcome = &mut waiting => break outcome?,
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                writeln!(std::io::stderr(), "\nStopped. What is left stays in the queue; waybill run goes on with it.")?;
                return Ok(Exit::Failed);
            }
        }
    };
    report(session, run).await?;
    Ok(match outcome {
        RunOutcome::Done(_) => Exit::Done,
        RunOutcome::Failed(row) => {
            unproved(&row)?;
            Exit::Failed
        }
        RunOutcome::NeedsAttention(_) => {
            tell_attention(session).await?;
            Exit::NeedsAttention
        }
        RunOutcome::Paused(_) => Exit::NeedsAttention,
    })
}

async fn wait(session: &Session, run: RunId) -> Result<RunOutcome, CommandError> {
    let shows = std::io::stderr().is_terminal() && !session.out.json;
    loop {
        let mut tell = |row: &RunRow| {
            if shows {
                let over = row.done + row.skipped + row.failed + row.cancelled;
                let line = format!(
                    "\r{over} of {} files, {} matched, {} done\x1b[K",
                    row.files,
                    row.matched,
                    output::size(row.bytes_done)
                );
                // Progress is a courtesy.
                drop(std::io::stderr().write_all(line.as_bytes()));
            }
        };
        let outcome = session.desk.wait_for(run, &mut tell).await?;
        if shows {
            writeln!(std::io::stderr())?;
        }
        if matches!(outcome, RunOutcome::NeedsAttention(_))
            && ask::somebody_is_there()
            && ask::settle(&session.desk).await?
        {
            continue;
        }
        return Ok(outcome);
    }
}

/// Every transfer of the run: all as JSON, for people the ones that did not simply work.
async fn report(session: &Session, run: RunId) -> Result<(), CommandError> {
    let mut after = None;
    loop {
        let filter = Filter { run: Some(run), ..Filter::default() };
        let page = session.desk.transfers(filter, after, 500).await?;
        for row in &page.rows {
            if session.out.json {
                output::line(&output::transfer(&session.desk, row).await?.to_string())?;
            } else if page.rows.len() <= 20 && page.next.is_none() && after.is_none() || row.state != State::Done {
                output::line(&output::transfer_line(&session.desk, row).await?)?;
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn unproved(row: &RunRow) -> Result<(), CommandError> {
    let unproved = row.done.saturating_sub(row.matched);
    if row.failed + row.cancelled == 0 && unproved > 0 {
        writeln!(
            std::io::stderr(),
            "waybill: {unproved} files were accepted but could not be proved; ask for --proof accepted if that is enough"
        )?;
    }
    Ok(())
}

/// Says what waits for a person, one line each.
pub(crate) async fn tell_attention(session: &Session) -> Result<(), CommandError> {
    for question in session.desk.attention().await? {
        let facts = &question.row.facts;
        let text = |key: &str| facts.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let about = question.connection.unwrap_or_default();
        let what = match question.row.kind {
            waybill_desk::AttentionKind::Conflict => {
                format!(
                    "something is already at {about}:{}; choose --conflict overwrite, skip, keep-both or newer",
                    text("path")
                )
            }
            _ => format!("{about}: {}", text("message")),
        };
        writeln!(std::io::stderr(), "waybill: needs you: {}", waybill_model::names::shown(&what))?;
    }
    Ok(())
}
