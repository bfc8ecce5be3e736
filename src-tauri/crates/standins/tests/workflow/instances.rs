use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::Desk;

const ROOT: &str = "/workflow/v1/process-instances";

#[tokio::test]
async fn a_start_names_exactly_one_definition() {
    let desk = Desk::with_models().await;
    let rows = [
        json!({}),
        json!({ "processDefinitionKey": "invoiceApproval", "message": "m" }),
        json!({ "processDefinitionKey": "unknown" }),
        json!({ "processDefinitionId": "unknown:1:x" }),
        json!({ "message": "unknown" }),
        json!({ "processDefinitionKey": "assetRequest", "variables": [{ "value": 1 }] }),
        json!({ "processDefinitionKey": "assetRequest", "variables": [{ "name": "wanted", "type": "integer", "value": "x" }] }),
    ];
    for row in rows {
        let (status, body) = desk.post(ROOT, row.clone()).await;
        assert!(status == 400 && body["exception"].is_string(), "{row}: {status} {body}");
    }
    let body = json!({ "processDefinitionKey": "assetRequest", "returnVariables": true, "async": true,
        "variables": [{ "name": "wanted", "value": "tent at dusk" }], "comment": { "message": "For the catalogue" } });
    let (status, instance) = desk.post(ROOT, body).await;
    assert_eq!(status, 201);
    assert_eq!(instance["variables"][0]["value"], "tent at dusk");
    assert!(instance.get("processDefinitionId").is_none(), "only the history names it");
    assert_eq!(desk.total(&format!("{ROOT}/{}/comments", instance["id"].as_str().unwrap())).await, 1);
}

#[tokio::test]
async fn a_suspended_instance_stands_still() {
    let desk = Desk::with_models().await;
    let instance = desk.invoice(5).await;
    let (path, task) = (format!("{ROOT}/{instance}"), desk.task_of(&instance).await);
    let (status, body) = desk.put(&path, json!({ "action": "suspend", "comment": { "message": "Wait" } })).await;
    assert_eq!((status, &body["suspended"]), (200, &json!(true)));
    assert_eq!(desk.put(&path, json!({ "action": "suspend" })).await.0, 409);
    assert_eq!(desk.act(&task, json!({ "action": "complete" })).await.0, 409);
    assert_eq!(desk.tasks_of(&instance).await[0]["suspended"], true);
    assert_eq!(desk.put(&path, json!({ "action": "activate" })).await.0, 200);
    desk.complete(&task, "approved").await;
    assert_eq!(desk.get(&path).await.0, 404);
    assert_eq!(desk.put(&path, json!({ "action": "activate" })).await.0, 404);
}

#[tokio::test]
async fn an_inclusive_gateway_waits_for_the_branches_that_were_taken() {
    let desk = Desk::with_models().await;
    let rows = [
        (json!({ "assetName": "a" }), 1),
        (json!({ "assetName": "a", "legalReview": true }), 2),
        (json!({ "assetName": "a", "legalReview": true, "market": "DE" }), 3),
    ];
    for (variables, branches) in rows {
        let instance = desk.begin("brandApproval", &variables).await;
        for left in (1..=branches).rev() {
            let tasks = desk.tasks_of(&instance).await;
            assert_eq!(tasks.len(), left, "{variables}");
            desk.complete(tasks[0]["id"].as_str().unwrap(), "approved").await;
        }
        let (_, past) = desk.get(&format!("/workflow-history/v1/historic-process-instances/{instance}")).await;
        assert_eq!(past["endActivityId"], "done");
    }
}

#[tokio::test]
async fn a_word_from_outside_moves_a_waiting_process_on() {
    let desk = Desk::with_models().await;
    desk.standin.extend(true);
    let instance = desk.begin("externalReview", &json!({ "counterparty": "Kestrel Studio" })).await;
    desk.complete(&desk.task_of(&instance).await, "sent").await;
    desk.standin.advance_clock(Duration::from_hours(8 * 24));
    let list = format!("{ROOT}/executions?processInstanceId={instance}");
    let mut desk = desk;
    desk.token = desk.token_of(crate::desk::BRAM).await;
    let (_, body) = desk.get(&list).await;
    let executions: Vec<Value> = body["_embedded"]["executions"].as_array().unwrap().clone();
    let waiting = executions.iter().find(|one| one["activityId"] == "awaitRevision").unwrap();
    let (_, mails) = desk.get("/sandbox/outbox").await;
    assert_eq!(mails[0]["to"], crate::desk::BRAM, "the timer reminded after a week: {mails}");
    let path = format!("{ROOT}/executions/{}", waiting["id"].as_str().unwrap());
    let word = json!({ "action": "trigger", "variables": [{ "name": "revision", "value": 2 }] });
    assert_eq!(desk.put(&path, word.clone()).await.0, 200);
    assert_eq!(desk.tasks_of(&instance).await[0]["taskDefinitionKey"], "compare");
    assert_eq!(desk.put(&path, word).await.0, 409, "a task does not wait for a word");
    assert_eq!(desk.put(&path, json!({ "action": "leap" })).await.0, 400);
}

#[tokio::test]
async fn variables_comments_and_the_end_of_an_instance() {
    let desk = Desk::with_models().await;
    let instance = desk.invoice(5).await;
    let path = format!("{ROOT}/{instance}");
    let variables = format!("{path}/variables");
    assert_eq!(desk.post(&variables, json!([{ "name": "sha256", "type": "string", "value": "ab" }])).await.0, 201);
    assert_eq!(desk.post(&variables, json!([{ "name": "sha256", "value": "ab" }])).await.0, 409);
    assert_eq!(desk.put(&format!("{variables}/none"), json!({ "name": "none", "value": 1 })).await.0, 404);
    assert_eq!(desk.put(&format!("{variables}/sha256"), json!({ "name": "other", "value": 1 })).await.0, 400);
    let date = json!({ "name": "sha256", "type": "date", "value": "2026-01-01T00:00:00Z" });
    assert_eq!(desk.put(&format!("{variables}/sha256"), date).await.1["type"], "date");
    assert_eq!(desk.total(&variables).await, 4);
    assert_eq!(desk.delete(&format!("{variables}/sha256")).await.0, 204);
    let (status, comment) = desk.post(&format!("{path}/comments"), json!({ "message": "Paid twice?" })).await;
    assert_eq!((status, comment["author"].as_str()), (201, Some(crate::desk::BRAM)));
    assert_eq!(desk.post(&format!("{path}/comments"), json!({})).await.0, 400);
    let id = comment["id"].as_str().unwrap();
    assert_eq!(desk.delete(&format!("/workflow/v1/comments/{id}")).await.0, 204);
    assert_eq!(desk.delete(&format!("/workflow/v1/comments/{id}")).await.0, 404);
    assert_eq!(desk.delete(&format!("{path}?deleteReason=duplicate")).await.0, 204);
    assert_eq!(desk.tasks_of(&instance).await.len(), 0);
    let (_, past) = desk.get(&format!("/workflow-history/v1/historic-process-instances/{instance}")).await;
    assert_eq!(past["deleteReason"], "duplicate");
}

#[tokio::test]
async fn the_diagram_is_a_picture_that_changes_with_the_step() {
    let desk = Desk::with_models().await;
    let instance = desk.invoice(20_000).await;
    let draw = async || {
        let answer = desk.request(Method::GET, &format!("{ROOT}/{instance}/diagram")).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "image/png");
        answer.bytes().await.unwrap()
    };
    let before = draw().await;
    assert!(before.starts_with(b"\x89PNG\r\n"));
    desk.complete(&desk.task_of(&instance).await, "approved").await;
    assert_ne!(draw().await, before);
}
