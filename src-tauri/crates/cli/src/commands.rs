//! One file a command; this one picks it.

mod browse;
mod connection;
mod demo;
mod events;
mod metadata;
mod queue;
mod send;
mod standins;
mod tasks;

use std::process::ExitCode;

use crate::{
    args::{Args, Command},
    exit::{CommandError, Exit},
    output::Output,
    session::Session,
};

/// Runs the command and answers its exit code.
pub(crate) async fn run(args: Args) -> ExitCode {
    match dispatch(args).await {
        Ok(exit) => exit.code(),
        Err(error) => error.exit.with(&error),
    }
}

async fn dispatch(args: Args) -> Result<Exit, CommandError> {
    match &args.command {
        Command::Demo => return demo::run(args.home.clone(), Output { json: args.json }).await,
        Command::Standins { port_base, dir } => {
            return standins::run(*port_base, dir.as_deref()).await;
        }
        _ => {}
    }
    let session = Session::open(&args).await?;
    match args.command {
        Command::Connection(command) => connection::run(&session, command).await,
        Command::Events(command) => events::run(&session, command).await,
        Command::Metadata { place, sheet, apply } => metadata::run(&session, &place, &sheet, apply).await,
        Command::Tasks(command) => tasks::run(&session, command).await,
        Command::Ls { place } => browse::ls(&session, &place).await,
        Command::Verify { remote, file } => browse::verify(&session, &remote, &file).await,
        Command::Send(send) => send::send(&session, send).await,
        Command::Fetch { sources, to, how } => send::fetch(&session, sources, &to, how).await,
        Command::Transfers { state, run } => queue::transfers(&session, state, run).await,
        Command::Pause(ids) => queue::command(&session, ids, queue::Verb::Pause).await,
        Command::Resume(ids) => queue::command(&session, ids, queue::Verb::Resume).await,
        Command::Cancel(ids) => queue::command(&session, ids, queue::Verb::Cancel).await,
        Command::Retry(ids) => queue::command(&session, ids, queue::Verb::Retry).await,
        Command::Run => queue::drain(&session).await,
        Command::Demo | Command::Standins { .. } => Ok(Exit::Done),
    }
}
