//! The history by runs, acts on all that a filter finds, the order of the line, and named filters.

use tauri::State;
use waybill_model::ViewId;

use super::Answer;
use crate::{
    app::App,
    file_manager,
    views::{
        ActView, BlockDraft, BlockView, Count, PaceView, RunPageView, RunView, SavedViewDraft, SavedViewView, SideView,
        TransferFilterView, TransferView, look, parse_id, parse_ids, parse_run_cursor,
    },
};

/// A page of runs with their totals, newest first: all, or those that have transfers at a pace.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_run_page(
    app: State<'_, App>,
    pace: Option<PaceView>,
    cursor: Option<String>,
    limit: u16,
) -> Answer<RunPageView> {
    let after = cursor.as_deref().map(parse_run_cursor).transpose()?;
    let runs = app.desk()?.runs_page(pace.map(Into::into), after, limit.into()).await?;
    Ok(RunPageView::new(runs, limit))
}

/// Pieces of runs in the order of their lines, as a list shows them that is scrolled.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_blocks(
    app: State<'_, App>,
    pace: Option<PaceView>,
    wanted: Vec<BlockDraft>,
    limit: u16,
) -> Answer<Vec<BlockView>> {
    look::blocks(app.desk()?, pace, wanted, limit).await
}

/// Transfers by their ids, wherever they stand; those that are unknown are left out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_some(app: State<'_, App>, ids: Vec<String>) -> Answer<Vec<TransferView>> {
    look::some(app.desk()?, parse_ids(&ids)?).await
}

/// One run with its totals.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_run(app: State<'_, App>, id: String) -> Answer<RunView> {
    Ok(app.desk()?.run(parse_id(&id)?).await?.into())
}

/// Does something with every transfer that a filter finds. Answers how many changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_act_all(app: State<'_, App>, filter: TransferFilterView, act: ActView) -> Answer<Count> {
    Ok(app.desk()?.act_on_all(filter.try_into()?, act.into()).await?.into())
}

/// Puts transfers first in their lines.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_move_first(app: State<'_, App>, ids: Vec<String>) -> Answer<()> {
    app.desk()?.move_first(parse_ids(&ids)?).await?;
    Ok(())
}

/// Puts transfers right before another; last where there is none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_move_before(app: State<'_, App>, ids: Vec<String>, before: Option<String>) -> Answer<()> {
    app.desk()?.move_before(parse_ids(&ids)?, before.as_deref().map(parse_id).transpose()?).await?;
    Ok(())
}

/// Shows the end of a transfer that lies on this computer in the system's file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfers_show_file(app: State<'_, App>, id: String, side: SideView) -> Answer<()> {
    let path = look::local_end(app.desk()?, parse_id(&id)?, side).await?;
    file_manager::show(&path)
}

/// The filters that somebody named.
#[tauri::command]
#[specta::specta]
pub(crate) async fn views_list(app: State<'_, App>) -> Answer<Vec<SavedViewView>> {
    Ok(app.desk()?.views().await?.into_iter().map(SavedViewView::from).collect())
}

/// Keeps a filter under a name; its id is answered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn views_save(app: State<'_, App>, draft: SavedViewDraft) -> Answer<String> {
    let view = draft.into_view()?;
    let id = view.id;
    app.desk()?.save_view(view).await?;
    Ok(id.to_string())
}

/// Gives views this order.
#[tauri::command]
#[specta::specta]
pub(crate) async fn views_order(app: State<'_, App>, ids: Vec<String>) -> Answer<()> {
    let ids: Vec<ViewId> = parse_ids(&ids)?;
    app.desk()?.order_views(ids).await?;
    Ok(())
}

/// Forgets a named filter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn views_forget(app: State<'_, App>, id: String) -> Answer<()> {
    app.desk()?.forget_view(parse_id(&id)?).await?;
    Ok(())
}
