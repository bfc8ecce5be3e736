//! The configured places.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tauri::{State, ipc::Channel};
use waybill_desk::{ConnectionChange, ConnectionDraft, ConnectorSpec, Desk, TestStep};

use super::Answer;
use crate::{
    app::App,
    relay,
    views::{
        AddressView, ConnectionChangeView, ConnectionDraftView, ConnectionFactsView, ConnectionUsesView,
        ConnectionView, ConnectorSpecView, MapPreviewView, TestReportView, TestStepView, TypedView, parse_id,
    },
};

/// How long a removal can be taken back; then the secrets are forgotten.
const SECOND_THOUGHTS: Duration = Duration::from_mins(1);

/// A sign-in that a connection has now is needed no longer.
pub(super) fn forget(desk: &Desk, signed_in: Option<&str>) {
    if let Some(one) = signed_in {
        desk.forget_sign_in(one);
    }
}

/// The connectors that there are, with the fields of their forms.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_specs(app: State<'_, App>) -> Answer<Vec<ConnectorSpecView>> {
    let desk = app.desk()?;
    let view = |spec: ConnectorSpec| ConnectorSpecView::new(desk.kind_facts(spec.kind), spec);
    Ok(desk.connector_specs().into_iter().map(view).collect())
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
    let (desk, signed_in) = (app.desk()?, draft.signed_in.clone());
    let mut draft: ConnectionDraft = draft.try_into()?;
    draft.secrets.extend(signed_in.as_deref().map(|one| desk.signed_in(one)).transpose()?);
    let id = desk.add_connection(draft).await?;
    forget(desk, signed_in.as_deref());
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

/// Changes one: settings in the store, secrets in a vault, its name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_edit(
    app: State<'_, App>,
    id: String,
    change: ConnectionChangeView,
) -> Answer<ConnectionView> {
    let (desk, id, signed_in) = (app.desk()?, parse_id(&id)?, change.signed_in.clone());
    let mut change: ConnectionChange = change.into();
    change.secrets.extend(signed_in.as_deref().map(|one| desk.signed_in(one)).transpose()?);
    desk.edit_connection(id, change).await?;
    forget(desk, signed_in.as_deref());
    Ok(desk.connection(id).await?.into())
}

/// What it can do, and what was sent over it lately.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_facts(app: State<'_, App>, id: String) -> Answer<ConnectionFactsView> {
    Ok(app.desk()?.connection_facts(parse_id(&id)?).await?.into())
}

/// What hangs on it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_uses(app: State<'_, App>, id: String) -> Answer<ConnectionUsesView> {
    Ok(app.desk()?.connection_uses(parse_id(&id)?).await?.into())
}

/// Which form a pasted address fills, and with what; nothing where nobody knows it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_read_address(app: State<'_, App>, text: TypedView) -> Answer<Option<AddressView>> {
    // Somebody may have pasted a password with it.
    let text = SecretString::from(text);
    Ok(app.desk()?.read_address(text.expose_secret()).map(AddressView::from))
}

/// What a pasted sample becomes under a field map that somebody writes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_preview_map(
    app: State<'_, App>,
    kind: String,
    map: String,
    sample: String,
) -> Answer<MapPreviewView> {
    Ok(app.desk()?.preview_map(&kind, &map, &sample)?.into())
}

/// Takes one out of use; for a minute it can be brought back, then its secrets are forgotten.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_remove(app: State<'_, App>, id: String, call_off: bool) -> Answer<()> {
    let (desk, id) = (app.desk()?.clone(), parse_id(&id)?);
    desk.set_connection_aside(id, call_off).await?;
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SECOND_THOUGHTS).await;
        if let Err(error) = desk.forget_removed(id).await {
            tracing::warn!(%error, "secrets of a removed connection are forgotten at the next start");
        }
    });
    Ok(())
}

/// Brings one back that was removed a moment ago.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections_restore(app: State<'_, App>, id: String) -> Answer<()> {
    Ok(app.desk()?.restore_connection(parse_id(&id)?).await?)
}
