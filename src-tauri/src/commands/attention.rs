//! What waits for a person.

use tauri::State;
use waybill_desk::Answer as Given;

use super::{Answer, connections::forget};
use crate::{
    app::App,
    views::{AnswerView, AttentionView, parse_id},
};

/// What is asked about connections, and the oldest that is asked about files.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attention_list(app: State<'_, App>) -> Answer<Vec<AttentionView>> {
    Ok(app.desk()?.attention_shown().await?.iter().map(AttentionView::from).collect())
}

/// One question; none where it is open no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attention_one(app: State<'_, App>, id: String) -> Answer<Option<AttentionView>> {
    Ok(app.desk()?.question(parse_id(&id)?).await?.as_ref().map(AttentionView::from))
}

/// A person's answer; what waited for it goes on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attention_answer(app: State<'_, App>, id: String, answer: AnswerView) -> Answer<()> {
    let (desk, signed_in) = (app.desk()?, answer.signed_in().map(str::to_owned));
    let mut answer: Given = answer.into();
    if let (Given::NewSecrets(secrets), Some(one)) = (&mut answer, &signed_in) {
        secrets.extend([desk.signed_in(one)?]);
    }
    desk.answer(parse_id(&id)?, answer).await?;
    forget(desk, signed_in.as_deref());
    Ok(())
}
