//! Notices of the operating system: a run ended, or something needs a person, while nobody looks at the window.
//!
//! One a run, and one for all where many come at once. What became of each is told in the log; a desktop without a
//! service for notices costs nothing else.

#[cfg(target_os = "linux")]
mod linux;
mod news;
#[cfg(not(target_os = "linux"))]
mod other;

use std::{collections::BTreeMap, time::Duration};

use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use waybill_desk::{Desk, DeskError, RunRow, Topic, Topics};
use waybill_model::{AttentionId, RunId};

use crate::{
    relay::tell,
    views::RunShown,
    window::{self, WindowState},
    words::Spoken,
};

#[cfg(target_os = "linux")]
use linux::Notifier;
use news::{News, Notice, Open};
#[cfg(not(target_os = "linux"))]
use other::Notifier;

/// What happens within this time is told together.
const TOGETHER: Duration = Duration::from_millis(1500);
/// The newest runs that are looked at for ones that began meanwhile.
const NEWEST: u32 = 100;

/// Tells what ends and what needs somebody, for as long as the desk runs.
pub(crate) async fn follow(handle: AppHandle, desk: Desk) {
    let mut topics = desk.topics();
    let notifier = Notifier::new(handle.clone());
    let mut open = match look(&desk, &Open::default()).await {
        Ok((open, _)) => open,
        Err(error) => {
            tracing::warn!(%error, "what runs is not known yet");
            Open::default()
        }
    };
    loop {
        let changed = match topics.recv().await {
            Ok(changed) => changed,
            Err(RecvError::Lagged(_)) => Topics::ALL,
            Err(RecvError::Closed) => return,
        };
        if ![Topic::Transfers, Topic::Runs, Topic::Attention].into_iter().any(|topic| changed.has(topic)) {
            continue;
        }
        tokio::time::sleep(TOGETHER).await;
        while !matches!(topics.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
        match look(&desk, &open).await {
            Ok((now, ended)) => {
                let questions = asked(&desk, now.new_questions(&open)).await;
                let news = News { ended, questions }.wanted(&desk.settings().notices);
                open = now;
                if let Some(notice) = news.notice(handle.state::<Spoken>().get()) {
                    give(&handle, &desk, &notifier, notice).await;
                }
            }
            Err(error) => tracing::warn!(%error, "what ended is not known"),
        }
    }
}

async fn give(handle: &AppHandle, desk: &Desk, notifier: &Notifier, notice: Notice) {
    if handle.state::<WindowState>().is_focused() && window::is_shown(handle) {
        tracing::info!(title = notice.title, outcome = "not given: the window is looked at", "notice");
        return;
    }
    if desk.is_quiet() {
        tracing::info!(title = notice.title, outcome = "not given: these are quiet hours", "notice");
        return;
    }
    match notifier.give(&notice).await {
        Ok(()) => tracing::info!(title = notice.title, outcome = "given", "notice"),
        Err(error) => tracing::warn!(title = notice.title, outcome = "not given", %error, "notice"),
    }
}

/// Somebody clicked a notice.
fn clicked(handle: &AppHandle, run: Option<RunId>, activation: Option<String>) {
    tracing::info!(outcome = "clicked", "notice");
    window::show(handle, activation);
    tell(RunShown { run: run.map(|run| run.to_string()) }.emit(handle));
}

/// Of each question, what its connection is called.
async fn asked(desk: &Desk, fresh: Vec<AttentionId>) -> Vec<Option<String>> {
    match desk.attention_some(fresh).await {
        Ok(questions) => questions.into_iter().map(|one| one.connection).collect(),
        Err(error) => {
            tracing::warn!(%error, "what is asked is not known");
            Vec::new()
        }
    }
}

/// What is open now, and which of the runs that were open before have ended.
async fn look(desk: &Desk, before: &Open) -> Result<(Open, Vec<RunRow>), DeskError> {
    let newest = desk.runs(NEWEST).await?;
    let mut rows: BTreeMap<RunId, RunRow> = newest.into_iter().map(|run| (run.id, run)).collect();
    for id in &before.runs {
        if !rows.contains_key(id) {
            rows.insert(*id, desk.run(*id).await?);
        }
    }
    let questions = desk.attention_ids().await?;
    let known = !before.is_first;
    let ended = rows.values().filter(|run| run.is_over() && known && before.may_tell(run)).cloned().collect();
    let seen = rows.values().filter(|run| run.is_over()).map(|run| run.id).collect();
    let runs = rows.values().filter(|run| !run.is_over()).map(|run| run.id).collect();
    Ok((Open { runs, seen, questions, is_first: false }, ended))
}
