//! The tray of Windows and the menu bar of macOS. Not tested on either.

use tauri::{
    AppHandle,
    menu::{Menu, MenuItem, PredefinedMenuItem},
    tray::{TrayIcon, TrayIconBuilder},
};

use super::{Act, Face, act, set_shown};

/// The icon with the lines of its menu that change.
pub(super) struct Shown {
    _icon: TrayIcon,
    state: MenuItem<tauri::Wry>,
    pause: MenuItem<tauri::Wry>,
    resume: MenuItem<tauri::Wry>,
}

#[expect(clippy::unused_async, reason = "the other system waits for its bus")]
pub(super) async fn start(handle: &AppHandle, face: Face) -> Option<Shown> {
    match build(handle, &face) {
        Ok(shown) => {
            set_shown(handle, true);
            Some(shown)
        }
        Err(error) => {
            tracing::warn!(%error, "there is no tray here: closing the window ends the desk");
            None
        }
    }
}

fn build(handle: &AppHandle, face: &Face) -> tauri::Result<Shown> {
    let line = |id: &str, text: &str, enabled| MenuItem::with_id(handle, id, text, enabled, None::<&str>);
    let state = line("state", &face.state, false)?;
    let (open, quit) = (line("open", face.open, true)?, line("quit", face.quit, true)?);
    let (pause, resume) = (line("pause", face.pause, face.can_pause)?, line("resume", face.resume, face.can_resume)?);
    let (first, second) = (PredefinedMenuItem::separator(handle)?, PredefinedMenuItem::separator(handle)?);
    let menu = Menu::with_items(handle, &[&state, &first, &open, &pause, &resume, &second, &quit])?;
    let mut builder = TrayIconBuilder::new().menu(&menu).tooltip("Waybill").on_menu_event(|handle, event| match event
        .id()
        .as_ref()
    {
        "open" => act(handle, Act::Open, None),
        "pause" => act(handle, Act::PauseAll, None),
        "resume" => act(handle, Act::ResumeAll, None),
        "quit" => act(handle, Act::Quit, None),
        _ => {}
    });
    if let Some(icon) = handle.default_window_icon() {
        builder = builder.icon(icon.clone());
    }
    Ok(Shown { _icon: builder.build(handle)?, state, pause, resume })
}

#[expect(clippy::unused_async, reason = "the other system waits for its bus")]
pub(super) async fn end(shown: Shown) {
    drop(shown);
}

#[expect(clippy::unused_async, reason = "the other system waits for its bus")]
pub(super) async fn change(shown: &mut Shown, face: Face) {
    let done = [
        shown.state.set_text(&face.state),
        shown.pause.set_enabled(face.can_pause),
        shown.resume.set_enabled(face.can_resume),
    ];
    for error in done.into_iter().filter_map(Result::err) {
        tracing::debug!(%error, "the tray keeps its words");
    }
}
