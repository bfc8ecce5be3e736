//! The desk as a whole: what it is, what moves, and what this computer offers.

use secrecy::SecretString;
use tauri::{AppHandle, State, ipc::Channel};

use super::Answer;
use crate::{
    app::App,
    demo, relay,
    views::{AboutView, IpcError, PickView, ProgressBatchView},
};

/// Which desk this is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn desk_about(app: State<'_, App>) -> Answer<AboutView> {
    let desk = app.desk()?;
    Ok(AboutView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        home: desk.paths().home().to_string(),
        demo: app.samples().is_some(),
        samples: app.samples().map(demo::documents).unwrap_or_default(),
        samples_to: match app.samples() {
            Some(_) => desk.connection_named(demo::FIRST).await.ok().map(|one| one.id.to_string()),
            None => None,
        },
        operator: desk.operator(),
        needs_passphrase: desk.needs_passphrase().await?,
    })
}

/// Sends what moves, up to ten times a second, until the window is gone.
#[tauri::command]
#[specta::specta]
pub(crate) async fn progress_follow(app: State<'_, App>, channel: Channel<ProgressBatchView>) -> Answer<()> {
    let desk = app.desk()?.clone();
    tauri::async_runtime::spawn(relay::follow_progress(desk, channel));
    Ok(())
}

/// Opens the encrypted file of secrets from now on, if the passphrase is the right one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn vault_open(app: State<'_, App>, passphrase: String) -> Answer<()> {
    Ok(app.desk()?.open_vault(SecretString::from(passphrase)).await?)
}

/// The operating system's own picker; empty where it was closed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paths_pick(handle: AppHandle, pick: PickView) -> Answer<Vec<String>> {
    relay::pick(&handle, pick).await.map_err(|error| IpcError::Internal { message: error.to_string() })
}
