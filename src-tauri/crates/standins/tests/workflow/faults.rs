use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use waybill_standins::faults::{Fault, Rule};
use waybill_standins::workflow::Options;

use crate::desk::Desk;

const TASKS: &str = "/workflow/v1/tasks";

#[tokio::test]
async fn each_fault_is_worded_as_the_platform_words_it() {
    let desk = Desk::with_models().await;
    let busy = Fault::Refuse { status: 429, code: None, retry_after: Some(2) };
    let rows = [
        (busy, 429, "/fault/detail/errorcode", "policies.ratelimit.SpikeArrestViolation"),
        (Fault::refuse(503), 503, "/fault/faultstring", "The Service is temporarily unavailable"),
        (Fault::refuse(500), 500, "/message", "Internal server error"),
        (Fault::ErrorInSuccess, 200, "/exception", "Internal server error"),
        (Fault::ExpiredCredentials, 401, "/exception", "Access Token expired"),
    ];
    for (fault, status, pointer, text) in rows {
        desk.standin.faults().inject(Rule::new(fault));
        let answer = desk.request(Method::GET, TASKS).send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers().get("retry-after").is_some(), status == 429);
        let body: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(body.pointer(pointer), Some(&json!(text)), "{body}");
    }
    assert_eq!(desk.get(TASKS).await.0, 200);
}

#[tokio::test]
async fn an_answer_that_is_lost_was_still_a_deed() {
    let desk = Desk::with_models().await;
    desk.standin.faults().inject(Rule::new(Fault::DropAnswer).operation("POST").path("process-instances"));
    let body = json!({ "processDefinitionKey": "assetRequest", "variables": [{ "name": "wanted", "value": "x" }] });
    let sent = desk.request(Method::POST, "/workflow/v1/process-instances").json(&body).send().await;
    assert!(sent.is_err());
    assert_eq!(desk.total("/workflow/v1/process-instances").await, 1);
}

#[tokio::test]
async fn a_missing_an_unknown_and_an_expired_token_are_told_apart() {
    let mut desk = Desk::start(Options { access_token_lifetime: Duration::from_mins(5), ..Options::default() }).await;
    let mine = desk.token.clone();
    for (token, text) in
        [("", "Invalid access token"), ("nonsense", "Invalid access token"), (&mine, "Access Token expired")]
    {
        token.clone_into(&mut desk.token);
        desk.standin.advance_clock(Duration::from_mins(6));
        let (status, body) = desk.get(TASKS).await;
        assert_eq!((status, body["exception"].as_str().unwrap()), (401, text));
    }
    desk.standin.set_gateway_faults(true);
    let (_, body) = desk.get(TASKS).await;
    assert_eq!(body["fault"]["detail"]["errorcode"], "keymanagement.service.access_token_expired");
}

#[tokio::test]
async fn settings_clock_and_outbox_answer_another_process() {
    let desk = Desk::with_models().await;
    assert_eq!(desk.put("/sandbox/settings", json!({ "gateway_faults": true })).await.0, 204);
    assert_eq!(desk.put("/sandbox/settings", json!({ "unknown": true })).await.0, 400);
    assert!(desk.get("/workflow/v1/tasks/none").await.1["fault"]["faultstring"].is_string());
    assert_eq!(desk.get("/sandbox/outbox").await.0, 404, "the extensions are off");
    assert_eq!(desk.put("/sandbox/extensions", json!({ "on": true })).await.0, 204);
    assert_eq!(desk.get("/sandbox/outbox").await.1, json!([]));
    assert_eq!(desk.post("/sandbox/clock", json!({ "advance_ms": 4_000_000 })).await.0, 204);
    assert_eq!(desk.get(TASKS).await.0, 401, "the token has run out");
}

#[tokio::test]
async fn wrong_addresses_methods_and_bodies_are_refused_in_json() {
    let desk = Desk::with_models().await;
    assert_eq!(desk.get("/workflow/v1/nothing").await.1["message"], "Not found");
    assert_eq!(desk.delete(TASKS).await.0, 405);
    let broken = desk.request(Method::POST, TASKS).body("{").send().await.unwrap();
    assert_eq!(broken.status(), 400);
    let asked =
        desk.client.request(Method::OPTIONS, format!("{}{TASKS}", desk.standin.base_url())).send().await.unwrap();
    assert_eq!((asked.status().as_u16(), asked.headers()["access-control-allow-origin"].to_str().unwrap()), (204, "*"));
    assert!(!format!("{:?}{:?}", desk.standin, Options::default()).contains(desk.standin.client_secret()));
}
