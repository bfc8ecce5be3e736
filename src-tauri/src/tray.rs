//! The desk in the tray of the desktop: its state in words, pause and resume, the way back to the window, and the end.
//!
//! There is one only where the desktop shows one. On Linux that is a host on the session bus, spoken to without any
//! library of its own; where none answers, the desk has no tray, and closing its window means ending it.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tauri::{AppHandle, Manager as _};
use tokio::sync::broadcast::error::RecvError;
use waybill_desk::{Desk, Topic};

use crate::{app::App, leaving, window, words::Spoken};

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use other as system;

/// The shortest time between two changes of the words.
const CALM: Duration = Duration::from_secs(1);

/// How long the desktop may take to show its tray.
const FOUND: Duration = Duration::from_secs(5);

/// Whether a tray shows the desk now.
#[derive(Debug, Default)]
pub(crate) struct Tray(AtomicBool);

impl Tray {
    pub(crate) fn is_shown(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The tray came or went. A window that was hidden in one that went is shown, or nobody would find it again.
fn set_shown(handle: &AppHandle, shown: bool) {
    let before = handle.state::<Tray>().0.swap(shown, Ordering::Relaxed);
    if before != shown {
        tracing::info!(shown, "the desktop's tray");
    }
    if before && !shown && !window::is_shown(handle) {
        window::show(handle, None);
    }
}

/// Whether the desk begins in the tray: wished for, and with nothing to show or to ask.
pub(crate) fn begins_in(handle: &AppHandle, brings_files: bool) -> bool {
    let app = handle.state::<App>();
    let wished = app.desk().is_ok_and(|desk| {
        let window = desk.settings().window;
        window.start_hidden && window.tray
    });
    wished && !brings_files
}

/// The desk began without its window: where no tray comes in time, the window does, or nobody would find it.
pub(crate) fn wait_for(handle: &AppHandle) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(FOUND).await;
        if !handle.state::<Tray>().is_shown() && !window::is_shown(&handle) {
            tracing::info!("there is no tray to begin in; the window is shown");
            window::show(&handle, None);
        }
    });
}

/// What somebody chose in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Open,
    PauseAll,
    ResumeAll,
    Quit,
}

/// What the menu says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Face {
    state: String,
    open: &'static str,
    pause: &'static str,
    resume: &'static str,
    quit: &'static str,
    can_pause: bool,
    can_resume: bool,
    needs_you: bool,
}

async fn face(handle: &AppHandle, desk: &Desk) -> Option<Face> {
    let counts = desk.counts().await.ok()?;
    let needs = desk.needs().await.ok()?.len() as u64;
    let language = handle.state::<Spoken>().get();
    let open = counts.running + counts.queued + counts.waiting;
    Some(Face {
        state: language.state(open, counts.paused, needs),
        open: language.of("Open Waybill", "Waybill öffnen"),
        pause: language.of("Pause all", "Alle anhalten"),
        resume: language.of("Resume all", "Alle fortsetzen"),
        quit: language.of("Quit", "Beenden"),
        can_pause: open > 0,
        can_resume: counts.paused > 0,
        needs_you: needs > 0,
    })
}

fn act(handle: &AppHandle, act: Act, activation: Option<String>) {
    let handle = handle.clone();
    match act {
        Act::Open => window::show(&handle, activation),
        Act::Quit => leaving::quit_asked(&handle),
        Act::PauseAll | Act::ResumeAll => {
            tauri::async_runtime::spawn(async move {
                let app = handle.state::<App>();
                let Ok(desk) = app.desk() else { return };
                let done = if act == Act::PauseAll { desk.pause_all().await } else { desk.resume_all().await };
                if let Err(error) = done {
                    tracing::warn!(%error, ?act, "the tray's wish was not done");
                }
            });
        }
    }
}

/// Shows the desk in the tray while the settings want it, and keeps its words true.
pub(crate) async fn follow(handle: AppHandle, desk: Desk) {
    let mut topics = desk.topics();
    let mut shown = None;
    let mut last = None;
    loop {
        match (desk.settings().window.tray, shown.take()) {
            (true, None) => {
                last = face(&handle, &desk).await;
                if let Some(face) = last.clone() {
                    shown = system::start(&handle, face).await;
                }
            }
            (true, Some(mut item)) => {
                if let Some(now) = face(&handle, &desk).await
                    && last.as_ref() != Some(&now)
                {
                    system::change(&mut item, now.clone()).await;
                    last = Some(now);
                }
                shown = Some(item);
            }
            (false, Some(item)) => {
                system::end(item).await;
                set_shown(&handle, false);
            }
            (false, None) => {}
        }
        loop {
            match topics.recv().await {
                Ok(changed)
                    if ![Topic::Transfers, Topic::Attention, Topic::Connections, Topic::Settings]
                        .iter()
                        .any(|one| changed.has(*one)) => {}
                Err(RecvError::Closed) => return,
                _ => break,
            }
        }
        tokio::time::sleep(CALM).await;
        while topics.try_recv().is_ok() {}
    }
}
