//! Folders and what is in them.

use std::sync::Arc;

use tauri::{State, ipc::Channel};

use super::Answer;
use crate::{
    app::App,
    listings::Listings,
    views::{AbilitiesView, Count, EntryView, FolderBatchView, PlaceView, connection_of},
};

/// What one may do on a connection; none is this computer. Asks no remote.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_abilities(app: State<'_, App>, connection: Option<String>) -> Answer<AbilitiesView> {
    Ok(app.desk()?.abilities(connection_of(connection.as_deref())?).await?.into())
}

/// The user's own folder on this computer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_home(app: State<'_, App>) -> Answer<String> {
    Ok(app.desk()?.home_folder().as_str().to_owned())
}

/// The entry at a place; none where nothing is there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_look(app: State<'_, App>, place: PlaceView) -> Answer<Option<EntryView>> {
    Ok(app.desk()?.look(&place.into_location()?).await?.map(EntryView::from))
}

/// Sends what is in a folder, batch by batch. Answers with the number under which it is heard and left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_follow(
    app: State<'_, App>,
    listings: State<'_, Arc<Listings>>,
    place: PlaceView,
    batches: Channel<FolderBatchView>,
) -> Answer<Count> {
    let stream = app.desk()?.folder(place.into_location()?);
    Ok(listings.follow(stream, move |batch| batches.send(batch).is_ok()))
}

/// A batch of a listing was taken in, so that another may come.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_heard(listings: State<'_, Arc<Listings>>, listing: Count) -> Answer<()> {
    listings.heard(listing);
    Ok(())
}

/// Ends a listing. Succeeds if it is over.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_leave(listings: State<'_, Arc<Listings>>, listing: Count) -> Answer<()> {
    listings.leave(listing);
    Ok(())
}
