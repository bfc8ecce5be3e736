//! Signing a person in, in their own browser. The token stays in Rust: the window names the sign-in.

use tauri::State;
use waybill_desk::ConnectionDraft;

use super::Answer;
use crate::{
    app::App,
    browser,
    views::{ConnectionDraftView, SignInView, TypedView, parse_id},
};

/// Begins a sign-in with the settings of a draft, and opens the browser. `of` is the connection that is changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_begin(
    app: State<'_, App>,
    draft: ConnectionDraftView,
    of: Option<String>,
) -> Answer<SignInView> {
    let draft: ConnectionDraft = draft.try_into()?;
    let begun = app.desk()?.begin_sign_in(&draft, of.as_deref().map(parse_id).transpose()?).await?;
    let opened = browser::open(&begun.address);
    Ok(SignInView::of(begun, opened))
}

/// Waits until the browser comes back. It shows `words` then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_wait(app: State<'_, App>, id: String, words: String) -> Answer<()> {
    Ok(app.desk()?.wait_for_sign_in(&id, &browser::page(&words)).await?)
}

/// Ends a sign-in by the address at which the browser ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_paste(app: State<'_, App>, id: String, address: TypedView) -> Answer<()> {
    use secrecy::ExposeSecret as _;
    let address = secrecy::SecretString::from(address);
    Ok(app.desk()?.paste_sign_in(&id, address.expose_secret()).await?)
}

/// The sign-in is no longer needed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_forget(app: State<'_, App>, id: String) -> Answer<()> {
    app.desk()?.forget_sign_in(&id);
    Ok(())
}
