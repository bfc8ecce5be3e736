//! Closing the window and ending the program: at once where nothing runs, with a question where something does.
//!
//! The question is the page's to ask. A page that does not answer holds nobody back: what runs stops at a part boundary,
//! is stored, and goes on at the next start, whichever way the program ends.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;
use waybill_desk::OnClose;

use crate::{
    app::App,
    graphics::Graphics,
    relay::tell,
    tray::Tray,
    views::{QuitAnswerView, QuitAsked},
    window,
};

/// How long the page may take to show the question.
const HEARD: Duration = Duration::from_secs(4);
/// How long the count of what runs may take: a database that is held keeps nobody in.
const COUNTED: Duration = Duration::from_secs(3);

/// How often the question was asked, and the last of those that the page showed.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    asked: AtomicU64,
    seen: AtomicU64,
}

/// Somebody closed the window.
pub(crate) fn close_asked(handle: &AppHandle) {
    let app = handle.state::<App>();
    match app.desk().map(|desk| desk.settings().window.on_close).unwrap_or_default() {
        OnClose::Tray if handle.state::<Tray>().is_shown() => window::hide(handle),
        OnClose::Quit => handle.exit(0),
        OnClose::Ask | OnClose::Tray => quit_asked(handle),
    }
}

/// Somebody wants the program to end.
pub(crate) fn quit_asked(handle: &AppHandle) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let files = tokio::time::timeout(COUNTED, at_work(&handle)).await.unwrap_or(0);
        // What was hidden from its start paints when it is shown, and then it can ask.
        let broken = window::is_shown(&handle) && !handle.state::<Graphics>().is_painted();
        if files == 0 || broken {
            handle.exit(0);
            return;
        }
        let leaving = handle.state::<Leaving>();
        let question = leaving.asked.fetch_add(1, Ordering::Relaxed) + 1;
        window::show(&handle, None);
        let tray = handle.state::<Tray>().is_shown();
        tell(QuitAsked { question: question.into(), files: files.into(), tray }.emit(&handle));
        tokio::time::sleep(HEARD).await;
        if leaving.seen.load(Ordering::Relaxed) < question {
            tracing::warn!("the window does not ask; the desk ends, and what runs goes on at the next start");
            handle.exit(0);
        }
    });
}

/// The page shows the question.
pub(crate) fn seen(handle: &AppHandle, question: u64) {
    handle.state::<Leaving>().seen.fetch_max(question, Ordering::Relaxed);
}

/// What the person chose.
pub(crate) fn answer(handle: &AppHandle, answer: QuitAnswerView) {
    match answer {
        QuitAnswerView::Quit => handle.exit(0),
        QuitAnswerView::Hide => window::hide(handle),
    }
}

/// How many files would stop with this process. None where another process moves them.
async fn at_work(handle: &AppHandle) -> u64 {
    let app = handle.state::<App>();
    let Ok(desk) = app.desk() else { return 0 };
    if !desk.has_engine().await {
        return 0;
    }
    desk.at_work().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "whether something runs is not known");
        0
    })
}

/// Ends the program in order when the session ends or somebody asks by a signal.
pub(crate) fn follow_signals(handle: &AppHandle) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        match signalled().await {
            Ok(()) => {
                tracing::info!("told to end; what runs stops at a part boundary");
                handle.exit(0);
            }
            Err(error) => tracing::warn!(%error, "signals are not heard"),
        }
    });
}

#[cfg(unix)]
async fn signalled() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let [mut terminate, mut interrupt, mut hang_up] =
        [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?];
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signalled() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
