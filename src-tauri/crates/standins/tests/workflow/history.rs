use std::time::Duration;

use serde_json::json;
use waybill_standins::workflow::Options;

use crate::desk::Desk;

#[tokio::test]
async fn the_history_lags_behind_what_was_done() {
    let desk =
        Desk::start(Options { history_lag: Duration::from_mins(1), with_story: false, ..Options::default() }).await;
    let instance = desk.invoice(5).await;
    let path = format!("/workflow-history/v1/historic-process-instances/{instance}");
    assert_eq!(desk.get(&path).await.0, 404, "the writer has not come so far");
    desk.standin.advance_clock(Duration::from_mins(2));
    assert!(desk.get(&path).await.1.get("endTime").is_none(), "it runs");
    desk.complete(&desk.task_of(&instance).await, "approved").await;
    assert!(desk.get(&path).await.1.get("endTime").is_none(), "as far as the history knows it still runs");
    desk.standin.advance_clock(Duration::from_mins(2));
    assert!(desk.get(&path).await.1["endTime"].is_string());
}

#[tokio::test]
async fn past_tasks_tell_who_did_what_and_how_long_it_took() {
    let desk = Desk::with_models().await;
    let instance = desk.invoice(5).await;
    let task = desk.task_of(&instance).await;
    desk.act(&task, json!({ "action": "claim", "assignee": crate::desk::BRAM })).await;
    desk.post(&format!("/workflow/v1/tasks/{task}/comments"), json!({ "message": "fine" })).await;
    desk.standin.advance_clock(Duration::from_secs(90));
    desk.complete(&task, "approved").await;
    let list = "/workflow-history/v1/historic-task-instances";
    let asked = "includeTaskComments=true&includeProcessVariables=true&includeTaskAssignments=true";
    let (_, body) = desk.get(&format!("{list}?processInstanceId={instance}&{asked}")).await;
    let past = &body["_embedded"]["historic-task-instances"][0];
    assert_eq!((&past["id"], &past["assignee"]), (&json!(task), &json!(crate::desk::BRAM)));
    assert!(past["durationInMillis"].as_i64().unwrap() >= 90_000);
    assert_eq!(past["comments"][0]["message"], "fine");
    let variables = past["variables"].as_array().unwrap();
    assert!(variables.iter().any(|one| one["name"] == "approvalStatus" && one["value"] == "approved"));
    assert!(!past["assignments"].as_array().unwrap().is_empty());
}
