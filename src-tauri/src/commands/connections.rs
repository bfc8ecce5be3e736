//! The configured places.

use tauri::{State, ipc::Channel};
use waybill_desk::TestStep;

use super::Answer;
use crate::{
    app::App,
    relay,
    views::{ConnectionDraftView, ConnectionView, ConnectorSpecView, TestReportView, TestStepView, parse_id},
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

/// Tries everything that the engine will rely on. `steps` hears of each as it ends.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_test(
    app: State<'_, App>,
    id: String,
    steps: Channel<TestStepView>,
) -> Answer<TestReportView> {
    let mut tell = |step: &TestStep| relay::tell(steps.send(step.clone().into()));
    Ok(app.desk()?.test_connection(parse_id(&id)?, &mut tell).await?.into())
}

/// Takes one out of use, with its secrets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_remove(app: State<'_, App>, id: String) -> Answer<()> {
    Ok(app.desk()?.remove_connection(parse_id(&id)?).await?)
}
