//! The `waybill` command: the desk without a window, for administrators, scripts and tests.
//!
//! Parses, calls the desk, prints. Exit codes: 0 all done at the asked proof, 1 something failed, 2 usage, 3 needs a
//! person.

#[expect(clippy::doc_markdown, reason = "the doc comments are the help texts, and `NAME:/path` is no address")]
mod args;
mod ask;
mod commands;
mod exit;
mod output;
mod session;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{args::Args, exit::Exit};

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("WAYBILL_LOG").unwrap_or_else(|_| "off".into()))
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Exit::Failed.with(&error),
    };
    let exit = runtime.block_on(commands::run(args));
    // A blocking read of a terminal or a half-dead mount must not hold the process.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    exit
}
