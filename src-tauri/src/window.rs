//! The one window: opened where it was the last time, brought to the front, and remembered when it moves.

mod placement;

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use camino::Utf8PathBuf;
use tauri::{
    AppHandle, LogicalSize, Manager as _, PhysicalPosition, PhysicalSize, WebviewWindow, WebviewWindowBuilder,
    WindowEvent,
};

use crate::{
    graphics::{self, Graphics},
    leaving, relay,
};

use placement::{Area, Placement};

/// Its name among Tauri's windows.
pub(crate) const MAIN: &str = "main";
/// Moves that come within this time are written down once.
const SETTLED: Duration = Duration::from_millis(600);

/// What is known of the window while it is there.
#[derive(Debug)]
pub(crate) struct WindowState {
    /// Where its place is kept; none for a home that is gone with the process.
    file: Option<Utf8PathBuf>,
    now: Mutex<Placement>,
    moved: AtomicBool,
    focused: AtomicBool,
    shown: AtomicBool,
    /// Whether the first paint is watched.
    watched: AtomicBool,
}

impl WindowState {
    fn new(file: Option<Utf8PathBuf>) -> Self {
        Self {
            file,
            now: Mutex::new(Placement::default()),
            moved: AtomicBool::new(false),
            focused: AtomicBool::new(false),
            shown: AtomicBool::new(false),
            watched: AtomicBool::new(false),
        }
    }

    /// Whether somebody looks at it.
    pub(crate) fn is_focused(&self) -> bool {
        self.focused.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Placement> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down where it is, so that it opens there the next time.
    pub(crate) fn keep(&self) {
        let Some(file) = &self.file else { return };
        let now = *self.lock();
        if now.width == 0 {
            return;
        }
        let written =
            serde_json::to_vec(&now).map_err(std::io::Error::other).and_then(|text| fs_err::write(file, text));
        if let Err(error) = written {
            tracing::warn!(%error, "the window's place is not kept");
        }
    }
}

/// Opens it where it was, as far as the screens of today allow. `file` holds where that is. Where it begins hidden,
/// [`show`] brings it.
pub(crate) fn open(handle: &AppHandle, file: Option<Utf8PathBuf>, hidden: bool) -> tauri::Result<()> {
    let config = handle.config().app.windows.iter().find(|window| window.label == MAIN);
    let config = config.ok_or_else(|| tauri::Error::WindowNotFound)?.clone();
    let kept =
        file.as_ref().and_then(|file| fs_err::read(file).ok()).and_then(|text| serde_json::from_slice(&text).ok());
    handle.manage(WindowState::new(file));
    let window = WebviewWindowBuilder::from_config(handle, &config)?.visible(false).build()?;
    place(&window, kept, LogicalSize::new(config.width, config.height))?;
    let of = handle.clone();
    window.on_window_event(move |event| on_event(&of, event));
    if hidden {
        // Nothing is painted until somebody asks, and that is no fault of the graphics.
        handle.state::<Graphics>().end_mark();
        return Ok(());
    }
    now_shown(&window);
    window.show()
}

fn place(window: &WebviewWindow, kept: Option<Placement>, usual: LogicalSize<f64>) -> tauri::Result<()> {
    let areas: Vec<Area> = window.available_monitors()?.iter().map(Area::of).collect();
    let scale = window.scale_factor().unwrap_or(1.0);
    let usual: PhysicalSize<u32> = usual.to_physical(scale);
    let Some(wanted) = placement::fit(kept, (usual.width, usual.height), &areas) else { return Ok(()) };
    window.set_size(PhysicalSize::new(wanted.width, wanted.height))?;
    if let Some((x, y)) = wanted.at {
        window.set_position(PhysicalPosition::new(x, y))?;
    }
    if wanted.maximised {
        window.maximize()?;
    }
    Ok(())
}

fn on_event(handle: &AppHandle, event: &WindowEvent) {
    let state = handle.state::<WindowState>();
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            leaving::close_asked(handle);
        }
        WindowEvent::Focused(focused) => state.focused.store(*focused, Ordering::Relaxed),
        WindowEvent::Moved(_) | WindowEvent::Resized(_) => {
            look(handle, &state);
            if !state.moved.swap(true, Ordering::Relaxed) {
                let handle = handle.clone();
                tauri::async_runtime::spawn(async move {
                    tokio::time::sleep(SETTLED).await;
                    let state = handle.state::<WindowState>();
                    state.moved.store(false, Ordering::Relaxed);
                    state.keep();
                });
            }
        }
        _ => {}
    }
}

/// Learns where the window is. While it is maximised, where it goes back to stays as it was.
fn look(handle: &AppHandle, state: &WindowState) {
    let Some(window) = handle.get_webview_window(MAIN) else { return };
    if window.is_minimized().unwrap_or(false) || !window.is_visible().unwrap_or(true) {
        return;
    }
    let maximised = window.is_maximized().unwrap_or(false);
    let mut now = state.lock();
    now.maximised = maximised;
    if maximised {
        return;
    }
    if let Ok(size) = window.inner_size() {
        (now.width, now.height) = (size.width, size.height);
    }
    now.at = window.outer_position().ok().map(|at| (at.x, at.y));
}

/// Brings the window before the person's eyes. `activation` is what a Wayland session wants to see for that.
pub(crate) fn show(handle: &AppHandle, activation: Option<String>) {
    let shown = handle.clone();
    let asked = handle.run_on_main_thread(move || {
        let Some(window) = shown.get_webview_window(MAIN) else { return };
        now_shown(&window);
        #[cfg(target_os = "linux")]
        if let (Some(token), Ok(inner)) = (activation, window.gtk_window()) {
            gtk::prelude::GtkWindowExt::set_startup_id(&inner, &token);
        }
        #[cfg(not(target_os = "linux"))]
        drop(activation);
        for step in [window.show(), window.unminimize(), window.set_focus()] {
            if let Err(error) = step {
                tracing::warn!(%error, "the window does not come to the front");
            }
        }
    });
    if let Err(error) = asked {
        tracing::debug!(%error, "the window is gone");
    }
}

/// Somebody sees it from now on. Its first paint is watched when it is shown for the first time.
fn now_shown(window: &WebviewWindow) {
    let handle = window.app_handle();
    let state = handle.state::<WindowState>();
    if !state.watched.swap(true, Ordering::Relaxed) {
        graphics::follow(window);
    }
    if !state.shown.swap(true, Ordering::Relaxed) {
        relay::window_is_shown(handle, true);
    }
}

/// Takes the window away; the desk goes on.
pub(crate) fn hide(handle: &AppHandle) {
    if handle.state::<WindowState>().shown.swap(false, Ordering::Relaxed) {
        relay::window_is_shown(handle, false);
    }
    if let Some(window) = handle.get_webview_window(MAIN)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window does not go away");
    }
}

/// Whether the window is there to be seen, minimised or not.
pub(crate) fn is_shown(handle: &AppHandle) -> bool {
    handle.try_state::<WindowState>().is_some_and(|state| state.shown.load(Ordering::Relaxed))
}
