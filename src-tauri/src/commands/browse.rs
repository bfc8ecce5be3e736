//! Folders and what is in them.

use std::sync::Arc;

use tauri::{State, ipc::Channel};
use waybill_desk::{Loss, Removal, Seen};

use super::Answer;
use crate::{
    app::App,
    listings::Listings,
    relay,
    views::{
        AbilitiesView, CopyDraftView, Count, EntryPageView, EntryView, FolderBatchView, IpcError, LossView, PlaceView,
        RemovalView, SearchDraftView, SeenView, connection_of,
    },
    works::{Beat, Works},
};

/// What one may do on a connection; none is this computer. Asks no remote.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_abilities(app: State<'_, App>, connection: Option<String>) -> Answer<AbilitiesView> {
    Ok(app.desk()?.abilities(connection_of(connection.as_deref())?).await?.into())
}

/// One page of what a remote finds, the best first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_search(
    app: State<'_, App>,
    query: SearchDraftView,
    cursor: Option<String>,
) -> Answer<EntryPageView> {
    let (connection, query) = query.into_query()?;
    Ok(app.desk()?.search_remote(connection, &query, cursor).await?.into())
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

/// Makes a folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_make_folder(app: State<'_, App>, place: PlaceView) -> Answer<()> {
    Ok(app.desk()?.make_folder(&place.into_location()?).await?)
}

/// Gives an entry another name in its folder. Answers its new path.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_rename(app: State<'_, App>, place: PlaceView, name: String) -> Answer<String> {
    Ok(app.desk()?.rename_entry(&place.into_location()?, &name).await?.as_str().to_owned())
}

/// Stores a run that brings entries to another folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_copy(app: State<'_, App>, draft: CopyDraftView) -> Answer<String> {
    Ok(app.desk()?.send(draft.into_request()?).await?.to_string())
}

/// Counts what would be lost with these entries. Answers with the number under which the counting is stopped.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_count_loss(
    app: State<'_, App>,
    works: State<'_, Arc<Works>>,
    connection: Option<String>,
    entries: Vec<SeenView>,
    counts: Channel<LossView>,
) -> Answer<Count> {
    let (desk, connection) = (app.desk()?.clone(), connection_of(connection.as_deref())?);
    let entries: Vec<Seen> = entries.into_iter().map(Seen::from).collect();
    Ok(works.start(async move {
        let (mut beat, mut last) = (Beat::default(), Loss::default());
        let mut tell = |loss| {
            last = loss;
            if beat.is_due() {
                relay::tell(counts.send(LossView::of(loss, false, None)));
            }
        };
        let error = desk.count_loss(connection, entries, &mut tell).await.err().map(IpcError::from);
        relay::tell(counts.send(LossView::of(last, true, error)));
    }))
}

/// Removes entries, folders with what is in them. Answers with the number under which it is stopped.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_remove(
    app: State<'_, App>,
    works: State<'_, Arc<Works>>,
    connection: Option<String>,
    entries: Vec<SeenView>,
    counts: Channel<RemovalView>,
) -> Answer<Count> {
    let (desk, connection) = (app.desk()?.clone(), connection_of(connection.as_deref())?);
    let entries: Vec<Seen> = entries.into_iter().map(Seen::from).collect();
    Ok(works.start(async move {
        let (mut beat, mut last) = (Beat::default(), RemovalView::default());
        let mut tell = |removal: &Removal| {
            last.take(removal);
            if beat.is_due() {
                relay::tell(counts.send(last.going_on()));
            }
        };
        let error = desk.remove_entries(connection, entries, &mut tell).await.err().map(IpcError::from);
        relay::tell(counts.send(last.ended(error)));
    }))
}

/// Stops a counting or a removal. Succeeds if it is over.
#[tauri::command]
#[specta::specta]
pub(crate) async fn browse_stop(works: State<'_, Arc<Works>>, work: Count) -> Answer<()> {
    works.stop(work);
    Ok(())
}
