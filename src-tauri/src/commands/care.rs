//! Looking after the home: its vaults, its files, and the way to the network.

use secrecy::SecretString;
use tauri::State;

use super::Answer;
use crate::{
    app::{App, working_folder},
    file_manager,
    views::{Count, DataPlaceView, IpcError, NetworkDraftView, TypedView, VaultKindView, VaultView},
};

/// How the network is reached from now on. The password goes straight to a vault.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set_network(app: State<'_, App>, network: NetworkDraftView) -> Answer<()> {
    Ok(app.desk()?.set_network(network.into()).await?)
}

/// The vaults of this home, each asked whether it answers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn vaults_list(app: State<'_, App>) -> Answer<Vec<VaultView>> {
    Ok(app.desk()?.vaults().await?.into_iter().map(VaultView::from).collect())
}

/// Forgets the passphrase of the encrypted file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn vault_lock(app: State<'_, App>) -> Answer<()> {
    Ok(app.desk()?.lock_vault().await?)
}

/// Gives the encrypted file another passphrase.
#[tauri::command]
#[specta::specta]
pub(crate) async fn vault_change_passphrase(app: State<'_, App>, current: TypedView, fresh: TypedView) -> Answer<()> {
    Ok(app.desk()?.change_passphrase(SecretString::from(current), SecretString::from(fresh)).await?)
}

/// Moves every secret into that vault, or none; answers how many.
#[tauri::command]
#[specta::specta]
pub(crate) async fn vault_move_secrets(app: State<'_, App>, to: VaultKindView) -> Answer<Count> {
    Ok(app.desk()?.move_secrets(to.into()).await?.into())
}

/// Where the home lies and what it takes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn data_place(app: State<'_, App>) -> Answer<DataPlaceView> {
    Ok(app.desk()?.data_place().await?.into())
}

/// Shows the home in the system's own file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn data_show(app: State<'_, App>) -> Answer<()> {
    file_manager::show(&working_folder().map_err(|error| IpcError::disk(&error))?.join(app.desk()?.paths().home()))
}

/// Makes the copy of the database anew; answers where it lies.
#[tauri::command]
#[specta::specta]
pub(crate) async fn data_copy(app: State<'_, App>) -> Answer<String> {
    Ok(app.desk()?.copy_database().await?.into_string())
}

/// Reads the whole database; answers what is wrong in it, nothing where it is well.
#[tauri::command]
#[specta::specta]
pub(crate) async fn data_check(app: State<'_, App>) -> Answer<Vec<String>> {
    Ok(app.desk()?.check_database().await?)
}

/// Takes out of the history what is over for longer than it is to be kept; answers how many transfers went.
#[tauri::command]
#[specta::specta]
pub(crate) async fn data_prune(app: State<'_, App>) -> Answer<Count> {
    Ok(app.desk()?.prune_history().await?.into())
}
