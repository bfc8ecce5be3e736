//! What was said with remotes over HTTP.

use tauri::State;

use super::Answer;
use crate::{app::App, views::ExchangeView};

/// The last exchanges, the newest first. No secret is in them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn exchanges_list(app: State<'_, App>) -> Answer<Vec<ExchangeView>> {
    Ok(app.desk()?.exchanges().into_iter().map(ExchangeView::from).collect())
}

/// Forgets them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn exchanges_forget(app: State<'_, App>) -> Answer<()> {
    app.desk()?.forget_exchanges();
    Ok(())
}
