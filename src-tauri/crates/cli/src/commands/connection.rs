//! `waybill connection …`

use std::{
    collections::BTreeMap,
    io::{BufRead as _, Write as _},
};

use camino::Utf8PathBuf;
use secrecy::{ExposeSecret as _, SecretString};
use waybill_desk::{ConnectionDraft, DeskError, ImportSource, StepOutcome, TestReport};
use waybill_model::{ConnectionId, FailureKind};

use crate::{
    args::ConnectionCommand,
    ask,
    exit::{CommandError, Exit},
    output,
    session::Session,
};

pub(crate) async fn run(session: &Session, command: ConnectionCommand) -> Result<Exit, CommandError> {
    match command {
        ConnectionCommand::Add { name, kind, settings, secrets_stdin } => {
            let secrets = if secrets_stdin { secrets_from_stdin()? } else { BTreeMap::new() };
            let mut draft = ConnectionDraft {
                name,
                kind,
                settings: settings.into_iter().collect(),
                secrets,
                ..ConnectionDraft::default()
            };
            if session.desk.wants_sign_in(&draft) && ask::somebody_is_there() {
                let (key, secret) = sign_in(session, &draft, None).await?;
                draft.secrets.insert(key, secret);
            }
            let id = add(session, draft).await?;
            let summary = session.desk.connection(id).await?;
            session.out.object(&output::connection(&summary), || {
                format!("Added {}; try it with: waybill connection test {}", summary.name, summary.name)
            })?;
            Ok(Exit::Done)
        }
        ConnectionCommand::List => list(session).await,
        ConnectionCommand::Test { name } => test(session, &name).await,
        ConnectionCommand::Secret { name, secrets_stdin: _ } => change_secrets(session, &name).await,
        ConnectionCommand::SignIn { name } => sign_in_again(session, &name).await,
        ConnectionCommand::Remove { name } => {
            let id = session.desk.connection_named(&name).await?.id;
            session.desk.remove_connection(id).await?;
            session.out.object(&serde_json::json!({ "name": name, "removed": true }), || {
                format!("Removed {name} and its secrets")
            })?;
            Ok(Exit::Done)
        }
        ConnectionCommand::Import { from, file } => import(session, &from, file).await,
    }
}

/// Adds a connection; where its secrets need a passphrase and somebody is there, they are asked for one.
async fn add(session: &Session, draft: ConnectionDraft) -> Result<ConnectionId, CommandError> {
    keeping(session, async || session.desk.add_connection(draft.clone()).await).await
}

/// Does what puts secrets into a vault; once more where that needs a passphrase and somebody typed one.
async fn keeping<T>(session: &Session, work: impl AsyncFn() -> Result<T, DeskError>) -> Result<T, CommandError> {
    match work().await {
        Err(DeskError::Vault(error))
            if error.kind() == waybill_vault::VaultErrorKind::PassphraseNeeded && ask::somebody_is_there() =>
        {
            writeln!(std::io::stderr(), "{error}")?;
            session.desk.set_passphrase(ask::passphrase(true)?);
            Ok(work().await?)
        }
        other => Ok(other?),
    }
}

async fn change_secrets(session: &Session, name: &str) -> Result<Exit, CommandError> {
    let before = session.desk.connection_named(name).await?;
    let secrets = secrets_from_stdin()?;
    if secrets.is_empty() {
        return Err(CommandError::usage("no secret was given; a line KEY=VALUE each is read from standard input"));
    }
    if let Some((key, _)) = secrets.iter().find(|(_, secret)| secret.expose_secret().is_empty()) {
        return Err(CommandError::usage(format!("the secret {key} has no value")));
    }
    let keys: Vec<String> = secrets.keys().cloned().collect();
    keeping(session, async || {
        session.desk.change_connection(before.id, before.settings.clone(), secrets.clone()).await
    })
    .await?;
    let summary = session.desk.connection(before.id).await?;
    session.out.object(&output::connection(&summary), || {
        format!("Changed {} of {name}; try it with: waybill connection test {name}", keys.join(", "))
    })?;
    Ok(Exit::Done)
}

/// What the browser shows at the end of a sign-in.
const SIGNED_IN: &str =
    "<!doctype html><meta charset=utf-8><title>Waybill</title><p>You are signed in. Go back to the terminal.";

/// Signs a person in: prints the address, and waits for the browser or for its last address on standard input.
async fn sign_in(
    session: &Session,
    draft: &ConnectionDraft,
    of: Option<ConnectionId>,
) -> Result<(String, SecretString), CommandError> {
    let begun = session.desk.begin_sign_in(draft, of).await?;
    writeln!(std::io::stderr(), "Sign in at this address:\n\n{}\n", begun.address)?;
    if let Some(why) = &begun.deaf {
        writeln!(std::io::stderr(), "{why}")?;
        let pasted = tokio::task::spawn_blocking(|| ask::line("The address at which the browser ended:")).await;
        let pasted = pasted.map_err(|error| CommandError::usage(error.to_string()))??;
        session.desk.paste_sign_in(&begun.id, &pasted).await?;
    } else {
        session.desk.wait_for_sign_in(&begun.id, SIGNED_IN).await?;
    }
    Ok(session.desk.signed_in(&begun.id)?)
}

async fn sign_in_again(session: &Session, name: &str) -> Result<Exit, CommandError> {
    let before = session.desk.connection_named(name).await?;
    let draft = ConnectionDraft {
        name: before.name.clone(),
        kind: before.kind.clone(),
        settings: before.settings.clone(),
        ..ConnectionDraft::default()
    };
    if !session.desk.wants_sign_in(&draft) {
        return Err(CommandError::usage(format!("nobody signs in to {name} in a browser with its settings")));
    }
    let (key, secret) = sign_in(session, &draft, Some(before.id)).await?;
    let secrets = BTreeMap::from([(key, secret)]);
    keeping(session, async || {
        session.desk.change_connection(before.id, before.settings.clone(), secrets.clone()).await
    })
    .await?;
    let summary = session.desk.connection(before.id).await?;
    session.out.object(&output::connection(&summary), || format!("Signed in to {name}"))?;
    Ok(Exit::Done)
}

fn secrets_from_stdin() -> Result<BTreeMap<String, SecretString>, CommandError> {
    let mut secrets = BTreeMap::new();
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        let line = line.strip_suffix('\r').unwrap_or(&line);
        if line.is_empty() {
            continue;
        }
        // The line itself may hold a secret and is not repeated.
        let (key, value) = line
            .split_once('=')
            .ok_or_else(|| CommandError::usage(format!("line {} of the secrets is not KEY=VALUE", number + 1)))?;
        secrets.insert(key.trim().to_owned(), SecretString::from(value));
    }
    Ok(secrets)
}

async fn list(session: &Session) -> Result<Exit, CommandError> {
    for summary in session.desk.connections().await? {
        session.out.object(&output::connection(&summary), || {
            let detail =
                if summary.health_detail.is_empty() { String::new() } else { format!(": {}", summary.health_detail) };
            format!("{:<20} {:<8} {}{detail}", summary.name, summary.kind, summary.health.as_str())
        })?;
    }
    Ok(Exit::Done)
}

async fn test(session: &Session, name: &str) -> Result<Exit, CommandError> {
    let id = session.desk.connection_named(name).await?.id;
    let mut report = test_once(session, id).await?;
    if let Some(fingerprint) = unknown_key(&report).filter(|_| ask::somebody_is_there()) {
        if !ask::trusts(name, &fingerprint)? {
            return Ok(Exit::NeedsAttention);
        }
        session.desk.accept_host_key(id, &fingerprint, false).await?;
        report = test_once(session, id).await?;
    }
    Ok(match &report.error {
        None => Exit::Done,
        Some(error) if error.kind.stops_the_connection() => Exit::NeedsAttention,
        Some(_) => Exit::Failed,
    })
}

fn unknown_key(report: &TestReport) -> Option<String> {
    let error = report.error.as_ref().filter(|error| error.kind == FailureKind::HostKeyUnknown)?;
    error.fact("fingerprint").map(str::to_owned)
}

async fn test_once(session: &Session, id: ConnectionId) -> Result<TestReport, CommandError> {
    let out = session.out;
    let mut printed = Ok(());
    let mut tell = |step: &waybill_desk::TestStep| {
        if step.outcome == StepOutcome::Trying {
            return;
        }
        let line = out.object(step, || {
            let mark = match step.outcome {
                StepOutcome::Passed => "ok",
                StepOutcome::Noted => "note",
                StepOutcome::Failed => "FAILED",
                StepOutcome::Skipped => "skipped",
                StepOutcome::Trying => "…",
            };
            format!("{mark:<8} {:<32} {:>6} ms  {}", step.name, step.milliseconds, step.detail)
        });
        if printed.is_ok() {
            printed = line;
        }
    };
    let report = session.desk.test_connection(id, &mut tell).await?;
    printed?;
    Ok(report)
}

async fn import(session: &Session, from: &str, file: Option<Utf8PathBuf>) -> Result<Exit, CommandError> {
    let source = ImportSource::from_word(from).ok_or_else(|| CommandError::usage("expected aws, ssh or rclone"))?;
    // What is not ready needs a person who looks at it first; the window offers that.
    let reading = session.desk.read_import(source, file.as_deref())?;
    let imported: Vec<_> = reading.found.into_iter().filter(|found| found.ready).collect();
    if imported.is_empty() {
        return Err(CommandError { exit: Exit::Failed, message: "nothing there can become a connection".to_owned() });
    }
    let mut exit = Exit::Done;
    for found in imported {
        let name = found.draft.name.clone();
        let added = add(session, found.draft).await;
        let error = added.as_ref().err().map(ToString::to_string);
        let remarks: Vec<_> = found.remarks.iter().map(|remark| remark.text.clone()).collect();
        if error.is_some() {
            exit = Exit::Failed;
        }
        let object = serde_json::json!({ "name": name, "added": error.is_none(), "error": error, "remarks": remarks });
        session.out.object(&object, || match &error {
            None => [format!("Added {name}")].into_iter().chain(remarks.clone()).collect::<Vec<_>>().join("\n  "),
            Some(error) => format!("Not added, {name}: {error}"),
        })?;
    }
    Ok(exit)
}
