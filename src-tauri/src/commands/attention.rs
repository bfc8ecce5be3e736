//! What waits for a person.

use tauri::State;

use super::Answer;
use crate::{
    app::App,
    views::{AnswerView, AttentionView, parse_id},
};

/// Everything that is open, oldest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attention_list(app: State<'_, App>) -> Answer<Vec<AttentionView>> {
    Ok(app.desk()?.attention().await?.iter().map(AttentionView::from).collect())
}

/// A person's answer; what waited for it goes on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attention_answer(app: State<'_, App>, id: String, answer: AnswerView) -> Answer<()> {
    Ok(app.desk()?.answer(parse_id(&id)?, answer.into()).await?)
}
