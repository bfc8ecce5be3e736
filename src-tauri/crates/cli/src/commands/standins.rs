//! `waybill standins`: the stand-in servers until stopped.

use camino::Utf8Path;
use serde_json::Value;
use waybill_standins::systems::Systems;

use crate::{
    exit::{CommandError, Exit},
    output,
};

pub(crate) async fn run(port_base: u16, folder: Option<&Utf8Path>) -> Result<Exit, CommandError> {
    let systems = Systems::start(folder, port_base).await?;
    output::line(&Value::Object(systems.addresses()).to_string())?;
    stopped().await?;
    systems.stop().await;
    Ok(Exit::Done)
}

/// Waits for an interrupt or, on Unix, a polite request to end.
async fn stopped() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
