use reqwest::Method;
use serde_json::json;

use crate::desk::{BRAM, CELIA, DARIO, Desk};

#[tokio::test]
async fn of_two_who_claim_a_task_one_gets_it() {
    let desk = Desk::with_models().await;
    let task = desk.task_of(&desk.invoice(5).await).await;
    let claim = |who: &str| desk.act(&task, json!({ "action": "claim", "assignee": who }));
    let (status, body) = claim(BRAM).await;
    assert_eq!((status, body["assignee"].as_str()), (200, Some(BRAM)));
    assert!(body["claimTime"].is_string());
    assert_eq!(claim(BRAM).await.0, 200, "who has it may claim it again");
    let (status, body) = claim(CELIA).await;
    assert_eq!(status, 409);
    assert_eq!(body["exception"], format!("Task '{task}' is already claimed by someone else."));
    assert_eq!(desk.act(&task, json!({ "action": "unclaim", "assignee": BRAM })).await.0, 200);
    assert_eq!(claim(CELIA).await.0, 200);
}

#[tokio::test]
async fn a_delegated_task_goes_back_before_it_is_completed() {
    let desk = Desk::with_models().await;
    let task = desk.task_of(&desk.invoice(5).await).await;
    desk.act(&task, json!({ "action": "claim", "assignee": BRAM })).await;
    let (_, body) = desk.act(&task, json!({ "action": "delegate", "assignee": DARIO })).await;
    let seen = (&body["owner"], &body["assignee"], &body["delegationState"]);
    assert_eq!(seen, (&json!(BRAM), &json!(DARIO), &json!("pending")));
    let (status, body) = desk.act(&task, json!({ "action": "complete", "outcome": "approved" })).await;
    assert_eq!((status, body["status"].as_u64()), (409, Some(409)));
    let (_, body) = desk.act(&task, json!({ "action": "resolve", "assignee": DARIO })).await;
    assert_eq!((&body["assignee"], &body["delegationState"]), (&json!(BRAM), &json!("resolved")));
    desk.complete(&task, "approved").await;
    assert_eq!(desk.get(&format!("/workflow/v1/tasks/{task}")).await.0, 404);
}

#[tokio::test]
async fn an_outcome_chooses_the_way_and_a_large_amount_needs_a_second_signature() {
    let desk = Desk::with_models().await;
    let rows = [(5, "rejected", "refused", 0), (5, "approved", "paid", 0), (20_000, "approved", "paid", 1)];
    for (amount, outcome, end, further) in rows {
        let instance = desk.invoice(amount).await;
        desk.complete(&desk.task_of(&instance).await, outcome).await;
        assert_eq!(desk.tasks_of(&instance).await.len(), further, "{amount} {outcome}");
        if further == 1 {
            desk.complete(&desk.task_of(&instance).await, outcome).await;
        }
        let (_, past) = desk.get(&format!("/workflow-history/v1/historic-process-instances/{instance}")).await;
        assert_eq!(past["endActivityId"], end);
        assert!(past["endTime"].as_str().unwrap().ends_with("+05:30"), "the history has its own zone");
    }
}

#[tokio::test]
async fn a_completion_that_leads_nowhere_changes_nothing() {
    let desk = Desk::with_models().await;
    let instance = desk.begin("contractApproval", &json!({ "contract": { "name": "without a value" } })).await;
    let task = desk.task_of(&instance).await;
    desk.complete(&task, "approved").await;
    let instance = desk.begin("contractApproval", &json!({})).await;
    let task = desk.task_of(&instance).await;
    let (status, body) = desk.act(&task, json!({ "action": "complete", "outcome": "approved" })).await;
    assert_eq!(status, 400, "{body}");
    assert!(body["exception"].as_str().unwrap().contains("contract"), "{body}");
    assert_eq!(desk.task_of(&instance).await, task, "the task is still open");
    let (_, list) = desk.get(&format!("/workflow/v1/process-instances/{instance}/variables")).await;
    assert!(list.get("_embedded").is_none(), "the outcome was not kept: {list}");
}

#[tokio::test]
async fn refusals_have_their_status_and_text() {
    let desk = Desk::with_models().await;
    let task = desk.task_of(&desk.invoice(5).await).await;
    let rows = [
        (task.as_str(), json!({ "action": "dance" }), 400, "Invalid action: 'dance'."),
        (&task, json!({}), 400, "'action' is required"),
        (&task, json!({ "action": "delegate" }), 400, "An assignee is required when delegating a task."),
        (
            &task,
            json!({ "action": "claim", "assignee": "nobody@example.com" }),
            400,
            "User 'nobody@example.com' does not exist in the tenant or the subscription",
        ),
        ("no-task", json!({ "action": "claim", "assignee": BRAM }), 404, "Could not find a task with id 'no-task'."),
    ];
    for (id, body, status, text) in rows {
        let (got, answer) = desk.act(id, body.clone()).await;
        assert_eq!((got, answer["exception"].as_str().unwrap()), (status, text), "{body}");
    }
    let (status, body) = desk.delete(&format!("/workflow/v1/tasks/{task}")).await;
    assert_eq!(
        (status, body["exception"].as_str()),
        (403, Some("Cannot delete a task that is part of a process instance."))
    );
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_empties_what_is_null() {
    let desk = Desk::with_models().await;
    let path = format!("/workflow/v1/tasks/{}", desk.task_of(&desk.invoice(5).await).await);
    let body =
        json!({ "priority": 70, "prioritySet": true, "dueDate": "2031-04-02T17:20:18.722+05:30", "owner": CELIA });
    let (status, task) = desk.put(&path, body).await;
    assert_eq!((status, &task["priority"], &task["owner"]), (200, &json!(70), &json!(CELIA)));
    assert_eq!(task["dueDate"], "2031-04-02T11:50:18.722+0000");
    let (_, task) = desk.put(&path, json!({ "dueDate": null, "includeUserIds": true })).await;
    assert!(task["dueDate"].is_null() && task["priority"] == 70);
    assert!(!task["owner"].as_str().unwrap().contains('@'), "ids were asked for: {task}");
}

#[tokio::test]
async fn assignments_are_added_replaced_and_removed() {
    let desk = Desk::with_models().await;
    let path = format!("/workflow/v1/tasks/{}/assignments", desk.task_of(&desk.invoice(5).await).await);
    let (status, all) = desk.post(&path, json!([{ "type": "candidate", "user": CELIA }])).await;
    assert_eq!((status, all.as_array().unwrap().len()), (201, 2));
    let one = json!({ "assignments": [{ "type": "candidate", "group": "Legal" }] });
    assert_eq!(desk.put(&path, one.clone()).await.1, json!([{ "type": "candidate", "user": null, "group": "Legal" }]));
    assert_eq!(desk.send(Method::DELETE, &path, one).await.0, 204);
    assert!(desk.get(&path).await.1.get("_embedded").is_none());
    assert_eq!(desk.post(&path, json!({ "type": "friend", "user": CELIA })).await.0, 400);
    assert_eq!(desk.post(&path, json!({ "type": "candidate", "group": "Nobody" })).await.0, 400);
}

#[tokio::test]
async fn variables_of_a_task_are_its_own_or_those_around_it() {
    let desk = Desk::with_models().await;
    let task = desk.task_of(&desk.invoice(5).await).await;
    let path = format!("/workflow/v1/tasks/{task}/variables");
    assert_eq!(desk.total(&path).await, 3);
    let (status, _) = desk.post(&path, json!([{ "name": "note", "value": { "a": [1] }, "scope": "local" }])).await;
    assert_eq!(status, 201);
    assert_eq!(desk.post(&path, json!({ "name": "note", "value": 1 })).await.0, 409);
    assert_eq!(desk.total(&format!("{path}?scope=local")).await, 1);
    assert_eq!(desk.total(&format!("{path}?type=integer")).await, 1);
    let (_, one) = desk.put(&format!("{path}/note"), json!({ "value": true, "encryption": true })).await;
    assert_eq!((&one["type"], &one["encryption"], &one["scope"]), (&json!("boolean"), &json!(true), &json!("local")));
    let (_, shown) = desk.get(&format!("/workflow/v1/tasks/{task}?includeTaskLocalVariables=true")).await;
    assert_eq!(shown["variables"].as_array().unwrap().len(), 1);
    assert_eq!(desk.delete(&format!("{path}/note")).await.0, 204);
    assert_eq!(desk.get(&format!("{path}/note")).await.0, 404);
}
