//! `waybill send` and `waybill fetch`: put a run into the queue, and wait for it unless told otherwise.

use std::{
    io::{IsTerminal as _, Write as _},
    time::Duration,
};

use camino::Utf8Path;
use serde_json::json;
use waybill_desk::{DeskError, Filter, Origin, Place, RunOutcome, RunRow, SendRequest, parse_place};
use waybill_model::{Location, RunId, State, TransferOptions, names};

use crate::{
    args::{How, Send},
    ask,
    exit::{CommandError, Exit},
    output,
    session::Session,
};

/// How long a command that is done waits for remotes to let go of what was called off.
const TIDY_PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn send(session: &Session, send: Send) -> Result<Exit, CommandError> {
    let to = parse_place(&send.to, &session.working_folder)?;
    if let Place::Local(_) = to {
        return Err(CommandError::usage(format!(
            "--to {} names no connection; a target is written NAME:/dir, and waybill fetch brings files to this computer",
            names::shown(&send.to)
        )));
    }
    let to = session.desk.locate(to).await?;
    let forms = match session.desk.metadata_for(&to, &send.metadata).await {
        Ok(forms) => forms,
        // What cannot be asked now is sent when it can be reached, and says then what it lacks.
        Err(DeskError::Connector(_) | DeskError::Vault(_)) if send.metadata.is_empty() => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let options = TransferOptions { after: send.then, forms, ..options_of(&send.how) };
    start(session, &send.sources, to, options, send.how.detach).await
}

fn options_of(how: &How) -> TransferOptions {
    TransferOptions { conflict: how.conflict, proof: how.proof, ..TransferOptions::default() }
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
    start(session, &sources, to, options_of(&how), how.detach).await
}

async fn start(
    session: &Session,
    sources: &[String],
    to: Location,
    options: TransferOptions,
    detach: bool,
) -> Result<Exit, CommandError> {
    let mut located = Vec::new();
    for source in sources {
        located.push(locate(session, source).await?);
    }
    let request = SendRequest { sources: located, to, options, origin: Origin::Command, title: String::new() };
    let run = session.desk.send(request).await?;
    if detach {
        session.out.object(&json!({ "run": run.to_string() }), || format!("Run {run} is in the queue"))?;
        return Ok(Exit::Done);
    }
    let exit = follow(session, run).await;
    end(session).await?;
    exit
}

/// Stops the engine, once what cancelled transfers left at their remotes is gone.
pub(crate) async fn end(session: &Session) -> Result<(), CommandError> {
    if session.desk.has_engine().await {
        session.desk.tidy_up(TIDY_PATIENCE).await?;
    }
    session.desk.stop_engine().await;
    Ok(())
}

/// Looks a source up. One that names no connection may have been meant as a local name with a colon.
async fn locate(session: &Session, source: &str) -> Result<Location, CommandError> {
    let found = session.desk.locate(parse_place(source, &session.working_folder)?).await;
    found.map_err(|error| {
        let mut error = CommandError::from(error);
        if session.working_folder.join(source).symlink_metadata().is_ok() {
            let meant = names::shown(source);
            error.message = format!("{}; the file of this computer is written ./{meant}", error.message);
        }
        error
    })
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
            tell_attention(session, Some(run)).await?;
            Exit::NeedsAttention
        }
        RunOutcome::Paused(row) => {
            writeln!(
                std::io::stderr(),
                "waybill: {} transfers are paused; waybill resume {run} lets them go on",
                row.paused
            )?;
            Exit::NeedsAttention
        }
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

/// Every transfer of the run, and what is not looked through yet: all as JSON; for people the ones that did not simply work,
/// and how many there were.
async fn report(session: &Session, run: RunId) -> Result<(), CommandError> {
    let mut after = None;
    let mut rows = output::Rows::of(&session.desk).await?;
    loop {
        let filter = Filter { run: Some(run), ..Filter::default() };
        let page = session.desk.transfers(filter, after, 500).await?;
        for row in &page.rows {
            if session.out.json {
                output::line(&rows.json(row).await?.to_string())?;
            } else if page.rows.len() <= 20 && page.next.is_none() && after.is_none() || row.state != State::Done {
                output::line(&rows.line(row).await?)?;
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    for (source, target) in session.desk.unwalked(run).await? {
        if session.out.json {
            output::line(&rows.unwalked_json(run, &source, &target).await?.to_string())?;
        } else {
            output::line(&rows.unwalked_line(&source, &target).await?)?;
        }
    }
    if !session.out.json {
        output::line(&totals(&session.desk.run(run).await?))?;
    }
    Ok(())
}

/// A run in one line; what there is none of is left out.
fn totals(row: &RunRow) -> String {
    let mut parts = vec![
        format!("{} of {} done", row.done, row.files),
        format!("{} matched", row.matched),
        output::size(row.bytes_done),
    ];
    let rest = [
        (row.skipped, "skipped"),
        (row.failed, "failed"),
        (row.cancelled, "cancelled"),
        (row.paused, "paused"),
        (row.queued + row.waiting + row.running, "still in the queue"),
        (row.attention, "waiting for you"),
    ];
    parts.extend(rest.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    parts.join(", ")
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

/// Says what waits for a person, one line each; with `run`, without what only other runs wait for.
pub(crate) async fn tell_attention(session: &Session, run: Option<RunId>) -> Result<(), CommandError> {
    let ends = match run {
        Some(run) => Some(session.desk.ends_of(run).await?),
        None => None,
    };
    for question in session.desk.attention().await? {
        let of_another = match (question.row.transfer, question.row.connection) {
            (Some(_), _) => run.is_some() && question.row.run != run,
            (None, Some(connection)) => ends.as_ref().is_some_and(|ends| !ends.contains(&connection)),
            (None, None) => false,
        };
        if of_another {
            continue;
        }
        let facts = &question.row.facts;
        let text = |key: &str| facts.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let about = question.connection.unwrap_or_default();
        let what = match question.row.kind {
            waybill_desk::AttentionKind::Conflict => {
                let id = question.row.transfer.map(|id| id.to_string()).unwrap_or_default();
                format!(
                    "something is already at {about}:{}; nothing was replaced. Call it off with waybill cancel {id}, and send it \
                     again with --conflict overwrite, skip, keep-both or newer",
                    text("path")
                )
            }
            _ if about.is_empty() => text("message"),
            waybill_desk::AttentionKind::HostKeyUnknown
            | waybill_desk::AttentionKind::HostKeyChanged
            | waybill_desk::AttentionKind::Unauthenticated => {
                format!("{about}: {}. Once that is mended: waybill connection test {about}", text("message"))
            }
            _ => format!("{about}: {}", text("message")),
        };
        writeln!(std::io::stderr(), "waybill: needs you: {}", waybill_model::names::shown(&what))?;
    }
    Ok(())
}
