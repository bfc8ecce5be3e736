//! `waybill standins`: the stand-in servers until stopped.

use camino::Utf8Path;
use serde_json::{Map, Value, json};
use waybill_standins::demo::Demo;

use crate::{
    exit::{CommandError, Exit},
    output,
};

pub(crate) async fn run(port_base: u16, folder: Option<&Utf8Path>) -> Result<Exit, CommandError> {
    let demo = Demo::start(folder, port_base).await?;
    output::line(&json!(addresses(&demo)).to_string())?;
    stopped().await?;
    demo.stop().await;
    Ok(Exit::Done)
}

/// Each system by its kind, with the names of the connection's own settings and secrets.
fn addresses(demo: &Demo) -> Map<String, Value> {
    let mut systems = Map::new();
    for connection in demo.connections() {
        let pairs = connection.settings.into_iter().chain(connection.secrets);
        let values: Map<String, Value> =
            pairs.map(|(key, value)| (key.to_owned(), number_or_text(key, &value))).collect();
        systems.insert(connection.kind.to_owned(), Value::Object(values));
    }
    systems
}

fn number_or_text(key: &str, value: &str) -> Value {
    match (key, value.parse::<u16>()) {
        ("port", Ok(port)) => json!(port),
        _ if value == "true" => json!(true),
        _ => json!(value),
    }
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
