//! The window and its operating system: the first paint, what comes from outside, and the end.

use std::time::Duration;

use tauri::{AppHandle, State};

use super::Answer;
use crate::{
    app::App,
    clipboard::{self, Content},
    given::{Given, Loose},
    graphics::Graphics,
    leaving, relay,
    views::{IpcError, LooseNamesView, LooseView, MeasuredView, PastedView, QuitAnswerView, ShellView, parse_id},
    words::Spoken,
};

/// How long files are counted before the count says that there is more.
const COUNTING: Duration = Duration::from_secs(4);

/// The page was painted for the first time; it speaks this language.
#[tauri::command]
#[specta::specta]
pub(crate) async fn window_painted(
    graphics: State<'_, Graphics>,
    spoken: State<'_, Spoken>,
    language: String,
) -> Answer<()> {
    graphics.painted();
    spoken.set(&language);
    Ok(())
}

/// How the program is that holds the window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn window_shell(handle: AppHandle) -> Answer<ShellView> {
    Ok(relay::shell_of(&handle))
}

/// The next start tries the graphics card again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn window_try_graphics(graphics: State<'_, Graphics>) -> Answer<()> {
    graphics.try_again();
    Ok(())
}

/// Ends the program, with a question where something runs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn window_quit(handle: AppHandle) -> Answer<()> {
    leaving::quit_asked(&handle);
    Ok(())
}

/// The page shows that question.
#[tauri::command]
#[specta::specta]
pub(crate) async fn window_quit_seen(handle: AppHandle, question: u32) -> Answer<()> {
    leaving::seen(&handle, question.into());
    Ok(())
}

/// What the person chose.
#[tauri::command]
#[specta::specta]
pub(crate) async fn window_quit_answer(handle: AppHandle, answer: QuitAnswerView) -> Answer<()> {
    leaving::answer(&handle, answer);
    Ok(())
}

/// Files that a command line gave, each of them once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paths_given(given: State<'_, Given>) -> Answer<Vec<String>> {
    Ok(given.take_files())
}

/// How much lies under paths of this computer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paths_measure(app: State<'_, App>, paths: Vec<String>) -> Answer<Vec<MeasuredView>> {
    let measured = app.desk()?.measure(paths, COUNTING).await.map_err(|error| IpcError::disk(&error))?;
    Ok(measured.into_iter().map(MeasuredView::from).collect())
}

/// What lies on the clipboard: files, or a picture or text that could become one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paths_pasted(
    handle: AppHandle,
    given: State<'_, Given>,
    names: LooseNamesView,
) -> Answer<PastedView> {
    let content = clipboard::read(&handle).await.map_err(|error| IpcError::Internal { message: error.to_string() })?;
    if let Content::Files { paths, elsewhere } = content {
        return Ok(PastedView { paths, elsewhere, loose: None });
    }
    let loose = content.loose(&names.stamp, &names.picture, &names.text).map(|loose| {
        let (name, bytes) = (loose.name.clone(), loose.bytes.len() as u64);
        LooseView { id: given.hold(loose).to_string(), name, bytes: bytes.into() }
    });
    Ok(PastedView { loose, ..PastedView::default() })
}

/// Makes a file of what was pasted, because it is sent now. Answers its path, the same one however often it is asked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paths_keep_pasted(app: State<'_, App>, given: State<'_, Given>, id: String) -> Answer<String> {
    let desk = app.desk()?;
    let held: u64 = parse_id(&id)?;
    let (Loose { name, bytes }, path) = given.held(held).ok_or(IpcError::NotHere { what: id })?;
    if let Some(path) = path {
        return Ok(path);
    }
    let path = desk.keep_pasted(&name, bytes).await?.into_string();
    given.became(held, path.clone());
    Ok(path)
}
