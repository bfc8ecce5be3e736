//! The queue and its history.

use tauri::State;
use waybill_desk::Cursor;
use waybill_model::RunId;

use super::Answer;
use crate::{
    app::App,
    views::{
        Count, RunView, SendDraftView, TransferCountsView, TransferDetailsView, TransferFilterView, TransferPageView,
        look, parse_cursor, parse_id, parse_ids,
    },
};

/// How many runs the palette and Today know by name; the list has all of them, page by page.
const RUNS: u32 = 500;

/// A page of transfers, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_page(
    app: State<'_, App>,
    filter: TransferFilterView,
    cursor: Option<String>,
    limit: u16,
) -> Answer<TransferPageView> {
    let after: Option<Cursor> = cursor.as_deref().map(parse_cursor).transpose()?;
    let page = app.desk()?.transfers(filter.try_into()?, after, limit.into()).await?;
    look::page(app.desk()?, page).await
}

/// How many there are at each pace, and what was matched since the day began.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_counts(app: State<'_, App>, day_began: Count) -> Answer<TransferCountsView> {
    let desk = app.desk()?;
    let today = desk.matched_since(day_began.as_time()).await?;
    Ok(TransferCountsView::new(desk.counts().await?, today))
}

/// One transfer with its hash, its parts and its story.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_details(app: State<'_, App>, id: String) -> Answer<TransferDetailsView> {
    look::details(app.desk()?, parse_id(&id)?).await
}

/// The newest runs with their totals.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_runs(app: State<'_, App>) -> Answer<Vec<RunView>> {
    Ok(app.desk()?.runs(RUNS).await?.into_iter().map(RunView::from).collect())
}

/// Stops transfers for now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_pause(app: State<'_, App>, ids: Vec<String>) -> Answer<()> {
    app.desk()?.pause(parse_ids(&ids)?).await?;
    Ok(())
}

/// Lets paused transfers go on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_resume(app: State<'_, App>, ids: Vec<String>) -> Answer<()> {
    app.desk()?.resume(parse_ids(&ids)?).await?;
    Ok(())
}

/// Calls transfers off.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_cancel(app: State<'_, App>, ids: Vec<String>) -> Answer<()> {
    app.desk()?.cancel(parse_ids(&ids)?).await?;
    Ok(())
}

/// Calls whole runs off, with what of them nobody has looked through yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_cancel_runs(app: State<'_, App>, runs: Vec<String>) -> Answer<()> {
    for run in parse_ids(&runs)? {
        app.desk()?.cancel_run(run).await?;
    }
    Ok(())
}

/// Tries transfers again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_retry(app: State<'_, App>, ids: Vec<String>) -> Answer<()> {
    app.desk()?.retry(parse_ids(&ids)?).await?;
    Ok(())
}

/// Stops everything for now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_pause_all(app: State<'_, App>) -> Answer<()> {
    app.desk()?.pause_all().await?;
    Ok(())
}

/// Lets everything go on that was paused.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_resume_all(app: State<'_, App>) -> Answer<()> {
    app.desk()?.resume_all().await?;
    Ok(())
}

/// Starts a run; its id is answered at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_send(app: State<'_, App>, draft: SendDraftView) -> Answer<String> {
    let run: RunId = look::send(app.desk()?, draft).await?;
    Ok(run.to_string())
}
