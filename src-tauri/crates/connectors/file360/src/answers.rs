//! Reading answers: an object, or what is said in its place.

use serde::de::DeserializeOwned;
use serde_json::Value;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Retry};
use waybill_net::{Answer, Call, Refusal};

use crate::errors::refused;

/// Bytes of an answer; a page of five hundred files with all their links is far below.
const ANSWER_BYTES: u64 = 32 * 1024 * 1024;

/// Sends a call and reads the object that it answers.
pub(crate) async fn object_of<T: DeserializeOwned>(operation: &'static str, call: Call) -> Result<T> {
    // The whole exchange is large, and many calls lie around it.
    let answer = Box::pin(call.send()).await?;
    object(operation, Box::pin(answer.taken(refused)).await?).await
}

/// The object of an answer. An error with the status of a success is an error.
pub(crate) async fn object<T: DeserializeOwned>(operation: &'static str, answer: Answer) -> Result<T> {
    let status = answer.status().as_u16();
    answer.json_unless(ANSWER_BYTES, |value| error_in(operation, status, value)).await
}

/// Fails where the body of a success, if there is one, holds an error.
pub(crate) async fn no_error_in(operation: &'static str, answer: Answer) -> Result<()> {
    let status = answer.status().as_u16();
    answer.done(ANSWER_BYTES, |value| error_in(operation, status, value)).await.map(drop)
}

fn error_in(operation: &'static str, status: u16, value: &Value) -> Option<ConnectorError> {
    let code = value.get("code").and_then(Value::as_str)?;
    if value.get("message").is_none() || value.get("id").is_some() || value.get("items").is_some() {
        return None;
    }
    let words = value["message"].as_str().unwrap_or_default().to_owned();
    let refusal = Refusal { status, code: Some(code.to_owned()), words, retry_after: None, is_page: false, json: None };
    let error = refused(operation, &refusal);
    Some(if error.kind == FailureKind::Vendor { error.retry(Retry::Backoff) } else { error })
}

/// Whether an error leaves open if the server did what it was asked.
pub(crate) fn is_lost(error: &ConnectorError) -> bool {
    let is_page = error.kind == FailureKind::Invalid && error.fact("status") == Some("200");
    is_page
        || matches!(
            error.kind,
            FailureKind::Unreachable | FailureKind::TimedOut | FailureKind::Truncated | FailureKind::Vendor
        )
}
