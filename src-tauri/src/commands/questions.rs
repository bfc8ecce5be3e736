//! What a server asks while somebody signs in.

use std::sync::Arc;

use secrecy::SecretString;
use tauri::State;

use super::Answer;
use crate::{
    questions::Questions,
    views::{QuestionView, TypedView},
};

/// Everything that is asked now, oldest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn questions_list(questions: State<'_, Arc<Questions>>) -> Answer<Vec<QuestionView>> {
    Ok(questions.list())
}

/// One answer a prompt, handed on and forgotten; none at all gives the sign-in up.
#[tauri::command]
#[specta::specta]
pub(crate) async fn questions_answer(
    questions: State<'_, Arc<Questions>>,
    id: String,
    answers: Option<Vec<TypedView>>,
) -> Answer<()> {
    questions.answer(&id, answers.map(|typed| typed.into_iter().map(SecretString::from).collect()))
}
