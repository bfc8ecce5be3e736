//! What is handed over to whoever helps: made, shown, and saved as it was shown. Nothing is sent.

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, State};
use waybill_desk::{DiagnosticsFile, tape};

use super::Answer;
use crate::{
    app::App,
    log_file::LogFile,
    log_ring::LogRing,
    relay,
    views::{DiagnosticsFileView, IpcError},
};

/// Lines of the log on the disk that go along.
const LINES: usize = 4_000;

/// What was shown last: saved is exactly this.
#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<Vec<DiagnosticsFile>>);

/// Describes the home without its secrets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnostics_make(
    app: State<'_, App>,
    ring: State<'_, LogRing>,
    log: State<'_, LogFile>,
    shown: State<'_, Shown>,
) -> Answer<Vec<DiagnosticsFileView>> {
    let about = [
        ("program", format!("waybill-desktop {}", env!("CARGO_PKG_VERSION"))),
        ("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("tauri", tauri::VERSION.to_owned()),
        ("web view", tauri::webview_version().unwrap_or_else(|error| error.to_string())),
        ("demo", app.samples().is_some().to_string()),
    ];
    let log = LogFile::clone(&log);
    let written = tauri::async_runtime::spawn_blocking(move || log.last_lines(LINES)).await.unwrap_or_default();
    let lines = if written.is_empty() { ring.lines() } else { written };
    let files = app.desk()?.diagnostics(&about, &lines).await?;
    shown.0.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&files);
    Ok(files.into_iter().map(DiagnosticsFileView::from).collect())
}

/// Saves what was shown where the operating system's own picker says; null where it was closed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn diagnostics_save(
    handle: AppHandle,
    app: State<'_, App>,
    shown: State<'_, Shown>,
) -> Answer<Option<String>> {
    let files = shown.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if files.is_empty() {
        return Err(IpcError::NotNow { message: "nothing was shown that could be saved".to_owned() });
    }
    let bytes = tape(&files, app.desk()?.now());
    let failed = |error: std::io::Error| IpcError::disk(&error);
    let Some(path) = relay::pick_new(&handle, "waybill-diagnostics.tar").await.map_err(failed)? else {
        return Ok(None);
    };
    let saved = path.clone();
    tauri::async_runtime::spawn_blocking(move || fs_err::write(&saved, bytes))
        .await
        .map_err(|error| IpcError::Internal { message: error.to_string() })?
        .map_err(failed)?;
    Ok(Some(path))
}
