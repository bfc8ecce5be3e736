//! The pushes to the window, the engine's start, and the picker of the operating system.

mod progress;

use std::{collections::HashSet, sync::Arc, time::Duration};

use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;
use waybill_desk::{Desk, DeskError, EngineState, Topic, Topics};
use waybill_model::AttentionId;

use crate::{
    app::App,
    demo::DemoBeside,
    door::Visit,
    given::Given,
    graphics::Graphics,
    notices,
    questions::{PATIENCE, Questions},
    tray,
    views::{
        AttentionRaised, AttentionView, PathsGiven, PickView, QuestionsChanged, ShellChanged, ShellView, TopicView,
        TopicsChanged,
    },
    window,
};

pub(crate) use progress::follow_progress;

/// Commits that come within this time make one push.
const TOGETHER: Duration = Duration::from_millis(60);
/// Questions that are pushed one by one; a window reads more of them by their groups.
const PUSHED: usize = 50;

/// Starts the engine and tells the window what changes, for as long as the app runs.
pub(crate) fn start(handle: &AppHandle) {
    let window = handle.clone();
    let questions = Questions::new(PATIENCE, move |questions| tell(QuestionsChanged { questions }.emit(&window)));
    let questions = Arc::new(questions);
    handle.manage(Arc::clone(&questions));
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let app = handle.state::<App>();
        let waited = app.desk().is_err();
        let Some(desk) = app.open_later().await else { return };
        let demo = Arc::clone(&handle.state::<Arc<DemoBeside>>());
        let beside = desk.clone();
        tauri::async_runtime::spawn(async move { demo.go_on(&beside).await });
        desk.set_ask(questions);
        follow(&handle, desk);
        if waited {
            tell(TopicsChanged { topics: TopicView::of(Topics::ALL) }.emit(&handle));
        }
    });
}

/// Everything that goes on beside the window for as long as the desk is open.
fn follow(handle: &AppHandle, desk: &Desk) {
    tauri::async_runtime::spawn(tell_changes(handle.clone(), desk.clone()));
    tauri::async_runtime::spawn(tell_engine(handle.clone(), desk.clone()));
    tauri::async_runtime::spawn(notices::follow(handle.clone(), desk.clone()));
    tauri::async_runtime::spawn(tray::follow(handle.clone(), desk.clone()));
    let desk = desk.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = desk.tidy_pasted().await {
            tracing::warn!(%error, "what was pasted and sent long ago stays");
        }
        desk.keep_engine().await;
    });
}

/// How the program is that holds the window.
pub(crate) fn shell_of(handle: &AppHandle) -> ShellView {
    let app = handle.state::<App>();
    let engine = app.desk().map_or(EngineState::Starting, |desk| desk.engine_state().borrow().clone());
    let safe_graphics = handle.state::<Graphics>().reason().map(Into::into);
    ShellView { engine: engine.into(), safe_graphics }
}

async fn tell_engine(handle: AppHandle, desk: Desk) {
    let mut states = desk.engine_state();
    loop {
        tell(ShellChanged { shell: shell_of(&handle) }.emit(&handle));
        if states.changed().await.is_err() {
            return;
        }
    }
}

/// Somebody started the desk again: it shows itself, and asks about the files that came along.
pub(crate) fn visited(handle: &AppHandle, visit: Visit) {
    window::show(handle, visit.activation);
    let count = u32::try_from(visit.files.len()).unwrap_or(u32::MAX);
    if count > 0 {
        handle.state::<Given>().add_files(visit.files);
        tell(PathsGiven { count }.emit(handle));
    }
}

async fn tell_changes(handle: AppHandle, desk: Desk) {
    let mut topics = desk.topics();
    let mut known = open_questions(&desk).await;
    loop {
        let mut changed = match topics.recv().await {
            Ok(first) => first,
            Err(RecvError::Lagged(_)) => Topics::ALL,
            Err(RecvError::Closed) => return,
        };
        tokio::time::sleep(TOGETHER).await;
        while let Ok(more) = topics.try_recv() {
            changed = changed.union(more);
        }
        tell(TopicsChanged { topics: TopicView::of(changed) }.emit(&handle));
        if changed.has(Topic::Attention) {
            known = tell_questions(&handle, &desk, &known).await;
        }
    }
}

async fn open_questions(desk: &Desk) -> HashSet<AttentionId> {
    desk.attention_ids().await.unwrap_or_default()
}

/// Pushes each question that was not open before, and of very many the first. Answers those that are open now.
async fn tell_questions(handle: &AppHandle, desk: &Desk, known: &HashSet<AttentionId>) -> HashSet<AttentionId> {
    let looked = async {
        let open = desk.attention_ids().await?;
        let fresh = open.difference(known).copied().take(PUSHED).collect();
        Ok::<_, DeskError>((desk.attention_some(fresh).await?, open))
    };
    match looked.await {
        Ok((fresh, open)) => {
            for question in &fresh {
                tell(AttentionRaised { attention: AttentionView::from(question) }.emit(handle));
            }
            open
        }
        Err(error) => {
            tracing::warn!(%error, "the open questions cannot be read");
            known.clone()
        }
    }
}

/// A window that is gone hears nothing, and that is no fault.
pub(crate) fn tell(sent: tauri::Result<()>) {
    if let Err(error) = sent {
        tracing::debug!(%error, "the window did not hear a push");
    }
}

/// Somebody has the window before them, or nobody has any more: what runs meanwhile is told when it comes back.
pub(crate) fn window_is_shown(handle: &AppHandle, shown: bool) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let app = handle.state::<App>();
        let Ok(desk) = app.desk() else { return };
        let kept = if shown { desk.window_opened().await.map(drop) } else { desk.window_closed().await };
        match kept {
            Ok(()) if shown => {
                let mut day = Topics::default();
                day.add(Topic::Runs);
                tell(TopicsChanged { topics: TopicView::of(day) }.emit(&handle));
            }
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, shown, "whether somebody looks could not be kept"),
        }
    });
}

/// Asks the operating system's picker. Empty where it was closed.
pub(crate) async fn pick(handle: &AppHandle, pick: PickView) -> std::io::Result<Vec<String>> {
    let (send, receive) = tokio::sync::oneshot::channel();
    // The dialog belongs to the main thread; what it answers may be awaited anywhere.
    handle
        .run_on_main_thread(move || {
            let dialog = rfd::AsyncFileDialog::new();
            let picked: std::pin::Pin<Box<dyn Future<Output = Option<Vec<rfd::FileHandle>>> + Send>> = match pick {
                PickView::File => Box::pin(one(dialog.pick_file())),
                PickView::Folder => Box::pin(one(dialog.pick_folder())),
                PickView::Files => Box::pin(dialog.pick_files()),
            };
            tauri::async_runtime::spawn(async move {
                // Nobody waits for the answer where the window was closed.
                let _unheard = send.send(picked.await.unwrap_or_default());
            });
        })
        .map_err(std::io::Error::other)?;
    let files = receive.await.map_err(std::io::Error::other)?;
    files.iter().map(text).collect()
}

async fn one(picked: impl Future<Output = Option<rfd::FileHandle>>) -> Option<Vec<rfd::FileHandle>> {
    picked.await.map(|file| vec![file])
}

fn text(file: &rfd::FileHandle) -> std::io::Result<String> {
    let path = file.path();
    let text = path
        .to_str()
        .ok_or_else(|| std::io::Error::other(format!("{} is not UTF-8 and cannot be named", path.display())))?;
    Ok(text.to_owned())
}

/// Asks the operating system's picker where a new file goes; `None` where it was closed.
pub(crate) async fn pick_new(handle: &AppHandle, name: &'static str) -> std::io::Result<Option<String>> {
    let (send, receive) = tokio::sync::oneshot::channel();
    handle
        .run_on_main_thread(move || {
            let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
            tauri::async_runtime::spawn(async move {
                // Nobody waits for the answer where the window was closed.
                let _unheard = send.send(dialog.await);
            });
        })
        .map_err(std::io::Error::other)?;
    receive.await.map_err(std::io::Error::other)?.as_ref().map(text).transpose()
}
