//! The chosen entry: what is told of it, what can be looked at, its versions, tags and records, and a link to it.

use secrecy::ExposeSecret as _;
use tauri::State;
use waybill_desk::Retention;

use super::Answer;
use crate::{
    app::App,
    previews::Previews,
    views::{
        Count, EntryDetailsView, LinkView, PairView, PlaceView, PreviewView, RetentionModeView, StampView,
        TagsSavedView, Time, UnfinishedView, VersionView, pairs, preview,
    },
};

/// What the remote tells of an entry, or of one of its versions.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_details(
    app: State<'_, App>,
    place: PlaceView,
    version: Option<String>,
) -> Answer<EntryDetailsView> {
    Ok(app.desk()?.entry_details(&place.into_location()?, version.as_deref()).await?.into())
}

/// What of a file can be looked at, if it still is what was seen. What was looked at before is let go.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_preview(
    app: State<'_, App>,
    previews: State<'_, Previews>,
    place: PlaceView,
    seen: StampView,
    ticket: String,
) -> Answer<PreviewView> {
    let begun = previews.begin(ticket);
    let found = app.desk()?.preview(&place.into_location()?, &seen.into(), &begun).await?;
    preview(&previews, &begun, found)
}

/// The look with this ticket is over.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_preview_close(previews: State<'_, Previews>, ticket: String) -> Answer<()> {
    previews.close(&ticket);
    Ok(())
}

/// The versions of a file, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_versions(app: State<'_, App>, place: PlaceView) -> Answer<Vec<VersionView>> {
    let versions = app.desk()?.entry_versions(&place.into_location()?).await?;
    Ok(versions.into_iter().map(VersionView::from).collect())
}

/// Makes a version the latest again, as a new one. Answers the new one's id, by which it can be taken back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_version_restore(app: State<'_, App>, place: PlaceView, id: String) -> Answer<Option<String>> {
    Ok(app.desk()?.restore_version(&place.into_location()?, &id).await?.made)
}

/// Takes a restored version back, if nothing newer is there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_version_take_back(app: State<'_, App>, place: PlaceView, made: String) -> Answer<()> {
    Ok(app.desk()?.undo_restore(&place.into_location()?, &made).await?)
}

/// Removes one version for good.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_version_delete(app: State<'_, App>, place: PlaceView, id: String) -> Answer<()> {
    Ok(app.desk()?.delete_version(&place.into_location()?, &id).await?)
}

/// Fetches one version into a folder of this computer; its run's id is answered at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_version_download(
    app: State<'_, App>,
    place: PlaceView,
    version: VersionView,
    folder: PlaceView,
    title: String,
) -> Answer<String> {
    let (place, folder) = (place.into_location()?, folder.into_location()?);
    Ok(app.desk()?.download_version(&place, &version.into(), &folder, title).await?.to_string())
}

/// Replaces all tags of a file, if they still are what was seen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_tags_save(
    app: State<'_, App>,
    place: PlaceView,
    seen: Vec<PairView>,
    wanted: Vec<PairView>,
) -> Answer<TagsSavedView> {
    let (seen, wanted) = (pairs(seen)?, pairs(wanted)?);
    Ok(app.desk()?.save_tags(&place.into_location()?, &seen, &wanted).await?.into())
}

/// Sets or lengthens a retention.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_retention_set(
    app: State<'_, App>,
    place: PlaceView,
    mode: RetentionModeView,
    until: Time,
) -> Answer<()> {
    let retention = Retention { mode: mode.into(), until: until.into() };
    Ok(app.desk()?.set_retention(&place.into_location()?, None, retention).await?)
}

/// Sets or lifts a legal hold.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_hold_set(app: State<'_, App>, place: PlaceView, on: bool) -> Answer<()> {
    Ok(app.desk()?.set_legal_hold(&place.into_location()?, None, on).await?)
}

/// A link to read a file, shown once and kept nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_link(app: State<'_, App>, place: PlaceView, seconds: Count) -> Answer<LinkView> {
    let link = app.desk()?.link(&place.into_location()?, seconds.value()).await?;
    Ok(LinkView { url: link.url.expose_secret().to_owned(), until: link.until.into() })
}

/// The unfinished uploads below a folder, oldest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn uploads_unfinished(app: State<'_, App>, folder: PlaceView) -> Answer<Vec<UnfinishedView>> {
    let uploads = app.desk()?.unfinished_uploads(&folder.into_location()?).await?;
    Ok(uploads.into_iter().map(UnfinishedView::from).collect())
}

/// Ends one of them, unless the queue goes on with it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn uploads_abort(app: State<'_, App>, folder: PlaceView, upload: UnfinishedView) -> Answer<()> {
    Ok(app.desk()?.abort_unfinished(&folder.into_location()?, &upload.into()).await?)
}
