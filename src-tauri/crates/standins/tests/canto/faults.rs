//! Misbehaviour in this system's words, and its rate levels.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use waybill_standins::canto::Options;
use waybill_standins::faults::{Fault, Rule};

use super::tenant::{Tenant, edit, quick};

#[tokio::test]
async fn refusals_have_their_status_and_a_body_and_change_nothing() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Brand book.pdf").await;
    let body = edit(&asset, "description", "Changed", "", false);
    for (status, retry_after) in [(429, Some(7)), (500, None), (503, Some(1)), (404, None)] {
        let fault = Fault::Refuse { status, code: None, retry_after };
        tenant.standin.faults().inject(Rule::new(fault).operation("PUT").path("/batch/edit"));
        let answer = tenant.send(Method::PUT, "/api/v1/batch/edit", Some(&body)).await;
        assert_eq!(answer.status(), status);
        let advice = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(advice, retry_after.map(|seconds| seconds.to_string()));
        let words: Value = answer.json().await.unwrap();
        assert!(words["error"].is_string() && words["error_description"].is_string(), "{words}");
    }
    assert_eq!(tenant.again(&asset).await["description"], "");
}

#[tokio::test]
async fn a_token_can_run_out_and_a_success_can_hold_failures() {
    let tenant = Tenant::start().await;
    tenant.standin.faults().inject(Rule::new(Fault::ExpiredCredentials));
    assert_eq!(tenant.status(Method::GET, "/api/v1/user", None).await, 401);
    tenant.standin.faults().inject(Rule::new(Fault::ErrorInSuccess));
    let answer = tenant.json(Method::DELETE, "/api/v1/batch/content", &json!([])).await;
    assert!(!answer["permissionFail"].as_array().unwrap().is_empty() && answer["status"] != "success");
}

#[tokio::test]
async fn faults_reach_the_storage_and_the_binaries() {
    let tenant = Tenant::start().await;
    let (url, fields) = tenant.form(&[]).await;
    tenant.standin.faults().inject(Rule::new(Fault::refuse(503)).path("/s3/"));
    assert_eq!(tenant.post_form(&url, &fields, "a.txt", b"x".to_vec()).await.status(), 503);
    assert_eq!(tenant.post_form(&url, &fields, "a.txt", b"x".to_vec()).await.status(), 204, "the form still works");
    let asset = tenant.named("a.txt").await;
    let path = format!("/api_binary/v1/document/{}/directuri", asset["id"].as_str().unwrap());
    let signed = tenant.text(Method::GET, &path, None).await;
    tenant.standin.faults().inject(Rule::new(Fault::CorruptResponse(0)).path("/cdn/"));
    assert_eq!(tenant.http.get(&signed).send().await.unwrap().bytes().await.unwrap()[0], !b'x');
    tenant.standin.faults().inject(Rule::new(Fault::DropAnswer).path("/cdn/"));
    assert!(tenant.http.get(&signed).send().await.is_err());
    let journal = tenant.standin.faults().journal();
    assert!(journal.iter().any(|record| record.path.starts_with("/s3/") && record.status == Some(204)));
}

#[tokio::test]
async fn a_stale_answer_is_an_earlier_one() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Brand book.pdf").await;
    let before = tenant.again(&asset).await;
    tenant.text(Method::PUT, "/api/v1/batch/edit", Some(&edit(&asset, "description", "New", "", false))).await;
    assert_ne!(tenant.again(&asset).await, before);
    let path = Tenant::path_of(&asset);
    tenant.standin.faults().inject(Rule::new(Fault::Stale(Duration::from_hours(1))).path(&*path));
    assert_eq!(tenant.again(&asset).await, before);
}

#[tokio::test]
async fn another_process_adds_faults_and_moves_the_clock() {
    let tenant = Tenant::start().await;
    let fault = json!({ "fault": "refuse", "status": 429, "retry_after": 2, "path": "/search" });
    assert_eq!(tenant.status(Method::POST, "/sandbox/faults", Some(&fault)).await, 204);
    assert_eq!(tenant.status(Method::GET, "/api/v1/search", None).await, 429);
    let month = json!({ "seconds": 31 * 24 * 3600 });
    assert_eq!(tenant.status(Method::POST, "/sandbox/clock", Some(&month)).await, 204);
    assert_eq!(tenant.status(Method::GET, "/api/v1/search", None).await, 401);
}

#[tokio::test]
async fn searching_below_a_folder_has_two_hundred_requests_a_minute() {
    let mut tenant = Tenant::start().await;
    let folder = tenant.at("Brand").await;
    let path = format!("/api/v1/folder/{}?limit=0", folder["id"].as_str().unwrap());
    for number in 0..200 {
        assert_eq!(tenant.status(Method::GET, &path, None).await, 200, "{number}");
    }
    assert_eq!(tenant.status(Method::GET, &path, None).await, 429);
    tenant.act_as_contributor();
    assert_eq!(tenant.status(Method::GET, &path, None).await, 429, "the account's limit, not the person's");
    assert_eq!(tenant.status(Method::GET, "/api/v1/search?limit=1", None).await, 200, "another level");
    tenant.standin.advance_clock(Duration::from_secs(61));
    assert_eq!(tenant.status(Method::GET, &path, None).await, 200);
}

#[tokio::test]
async fn limits_and_advice_can_be_chosen() {
    let options = Options {
        rate_limits: [Some(2), None, None, None],
        retry_after: Some(30),
        requires_user_agent: true,
        ..quick()
    };
    let tenant = Tenant::with(options).await;
    let get = |agent: &'static str| {
        let request = tenant.http.get(tenant.url("/api/v1/user")).bearer_auth(&tenant.token);
        if agent.is_empty() { request.send() } else { request.header("User-Agent", agent).send() }
    };
    assert_eq!(get("").await.unwrap().status(), 403);
    assert_eq!(get("waybill").await.unwrap().status(), 200);
    assert_eq!(get("waybill").await.unwrap().status(), 200);
    let over = get("waybill").await.unwrap();
    assert_eq!((over.status().as_u16(), over.headers()["retry-after"].to_str().unwrap()), (429, "30"));
}
