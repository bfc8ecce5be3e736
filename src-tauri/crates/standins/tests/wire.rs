//! What HTTP lets any client do, at every system that speaks it.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[path = "wire/codings.rs"]
mod codings;
#[path = "wire/content_server.rs"]
mod content_server;
#[path = "wire/requests.rs"]
mod requests;
#[path = "wire/tokens.rs"]
mod tokens;

use reqwest::RequestBuilder;
use serde_json::Value;
use waybill_standins::systems::Systems;

async fn started() -> Systems {
    Systems::start(None, 0).await.unwrap()
}

async fn said(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}
