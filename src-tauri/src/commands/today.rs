//! The day, what needs a person, and the demo.

use std::sync::Arc;

use tauri::{AppHandle, State};
use waybill_model::AttentionId;

use super::Answer;
use crate::{
    app::App,
    demo::DemoBeside,
    views::{AttentionView, DemoView, GroupKeyView, HeldRunView, NeedView, TodayView, parse_id},
    window,
};

/// The day, as it is now. A page that is hidden in the tray asks too, and is nobody who looks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn today_look(handle: AppHandle, app: State<'_, App>) -> Answer<TodayView> {
    let desk = app.desk()?;
    if window::is_shown(&handle) {
        desk.window_opened().await?;
    }
    Ok(desk.today().await?.into())
}

/// What needs a person, the most pressing first: whoever counts that, counts this list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn needs_list(app: State<'_, App>) -> Answer<Vec<NeedView>> {
    Ok(app.desk()?.needs().await?.into_iter().map(Into::into).collect())
}

/// Runs that nobody could look through yet, each with the open question about one of their ends.
#[tauri::command]
#[specta::specta]
pub(crate) async fn runs_held(app: State<'_, App>) -> Answer<Vec<HeldRunView>> {
    Ok(app.desk()?.held_runs().await?.into_iter().map(Into::into).collect())
}

/// Questions of a group, the oldest first, behind the one where an earlier piece ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attention_page(
    app: State<'_, App>,
    group: GroupKeyView,
    after: Option<String>,
    limit: u16,
) -> Answer<Vec<AttentionView>> {
    let after: Option<AttentionId> = after.as_deref().map(parse_id).transpose()?;
    let page = app.desk()?.attention_of(group.try_into()?, after, limit.into()).await?;
    Ok(page.iter().map(AttentionView::from).collect())
}

/// The demo beside one's own connections, if it was joined.
#[tauri::command]
#[specta::specta]
pub(crate) async fn demo_state(app: State<'_, App>, demo: State<'_, Arc<DemoBeside>>) -> Answer<DemoView> {
    demo.state(app.desk()?).await
}

/// Starts the demo's servers in this process and adds connections to them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn demo_join(app: State<'_, App>, demo: State<'_, Arc<DemoBeside>>) -> Answer<DemoView> {
    demo.join(app.desk()?).await
}

/// Removes the demo's connections, its servers and what was sent to them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn demo_leave(app: State<'_, App>, demo: State<'_, Arc<DemoBeside>>) -> Answer<()> {
    demo.leave(app.desk()?).await
}
