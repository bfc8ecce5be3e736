//! Bringing in what other tools have. Secrets stay on this side: the window sees which there are, never what they are.

use camino::{Utf8Path, Utf8PathBuf};
use tauri::State;
use waybill_desk::ImportPick;

use super::Answer;
use crate::{
    app::App,
    views::{ImportOfferView, ImportOutcomeView, ImportPickView, ImportPreviewView, ImportSourceView, parse_digest},
};

/// The files of other tools that this computer has.
#[tauri::command]
#[specta::specta]
pub(crate) async fn imports_offers(app: State<'_, App>) -> Answer<Vec<ImportOfferView>> {
    Ok(app.desk()?.import_offers().into_iter().map(ImportOfferView::from).collect())
}

/// What would be added, from `file` or from the usual ones.
#[tauri::command]
#[specta::specta]
pub(crate) async fn imports_look(
    app: State<'_, App>,
    source: ImportSourceView,
    file: Option<String>,
) -> Answer<ImportPreviewView> {
    let file = file.map(Utf8PathBuf::from);
    Ok(app.desk()?.preview_import(source.into(), file.as_deref()).await?.into())
}

/// Adds what was picked of a look, each for itself, as long as the files are what they were.
#[tauri::command]
#[specta::specta]
pub(crate) async fn imports_add(
    app: State<'_, App>,
    source: ImportSourceView,
    file: Option<String>,
    digest: String,
    picks: Vec<ImportPickView>,
) -> Answer<Vec<ImportOutcomeView>> {
    let picks = picks.into_iter().map(ImportPick::from).collect();
    let (file, digest) = (file.as_deref().map(Utf8Path::new), parse_digest(&digest)?);
    let outcomes = app.desk()?.import_picked(source.into(), file, digest, picks).await?;
    Ok(outcomes.into_iter().map(ImportOutcomeView::from).collect())
}
