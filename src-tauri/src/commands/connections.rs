//! The configured places.

use tauri::State;

use super::Answer;
use crate::{
    app::App,
    views::{ConnectionDraftView, ConnectionView, ConnectorSpecView, TestReportView, parse_id},
};

/// The connectors that there are, with the fields of their forms.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_specs(app: State<'_, App>) -> Answer<Vec<ConnectorSpecView>> {
    Ok(app.desk()?.connector_specs().into_iter().map(ConnectorSpecView::from).collect())
}

/// All connections by name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_list(app: State<'_, App>) -> Answer<Vec<ConnectionView>> {
    Ok(app.desk()?.connections().await?.into_iter().map(ConnectionView::from).collect())
}

/// Adds one: settings to the store, secrets to a vault.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_add(app: State<'_, App>, draft: ConnectionDraftView) -> Answer<ConnectionView> {
    let desk = app.desk()?;
    let id = desk.add_connection(draft.into()).await?;
    Ok(desk.connection(id).await?.into())
}

/// Tries everything that the engine will rely on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_test(app: State<'_, App>, id: String) -> Answer<TestReportView> {
    Ok(app.desk()?.test_connection(parse_id(&id)?, &mut |_| {}).await?.into())
}

/// Takes one out of use, with its secrets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_remove(app: State<'_, App>, id: String) -> Answer<()> {
    Ok(app.desk()?.remove_connection(parse_id(&id)?).await?)
}
