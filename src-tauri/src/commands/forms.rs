//! Metadata in forms.

use tauri::State;

use super::Answer;
use crate::{
    app::App,
    views::{ExpectedFormView, FilledFormDraft, FormOfEntryView, FormView, PlaceView, parse_id},
};

/// Every form that an entry of a connection may carry.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forms_list(app: State<'_, App>, connection: String) -> Answer<Vec<FormView>> {
    Ok(app.desk()?.forms(parse_id(&connection)?).await?.into_iter().map(FormView::from).collect())
}

/// The forms that whatever is put into the folder carries; none where the connection has no forms.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forms_expected(app: State<'_, App>, folder: PlaceView) -> Answer<Vec<ExpectedFormView>> {
    let forms = app.desk()?.expected_forms(&folder.into_location()?).await?;
    Ok(forms.into_iter().map(ExpectedFormView::from).collect())
}

/// The forms that an entry carries, filled in as they are.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_forms(app: State<'_, App>, place: PlaceView) -> Answer<Vec<FormOfEntryView>> {
    let forms = app.desk()?.entry_forms(&place.into_location()?).await?;
    Ok(forms.into_iter().map(FormOfEntryView::from).collect())
}

/// Writes the values that are named; a form that is not there yet is put on the entry.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_fill(app: State<'_, App>, place: PlaceView, form: FilledFormDraft) -> Answer<()> {
    Ok(app.desk()?.fill_form(&place.into_location()?, &form.into()).await?)
}

/// Takes a form off an entry, with its values.
#[tauri::command]
#[specta::specta]
pub(crate) async fn entry_take_off_form(app: State<'_, App>, place: PlaceView, form: String) -> Answer<()> {
    Ok(app.desk()?.take_off_form(&place.into_location()?, &form).await?)
}
