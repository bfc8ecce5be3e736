use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::Desk;

const JOBS: &str = "/workflow-job/v1/external-jobs";

async fn acquire(desk: &Desk, worker: &str) -> Vec<Value> {
    let body = json!({ "topic": "validate-document", "workerId": worker, "numberOfTasks": 1, "numberOfRetries": 3,
        "lockDuration": "PT10M" });
    let (status, jobs) = desk.post(JOBS, body).await;
    assert_eq!(status, 200, "{jobs}");
    jobs.as_array().unwrap().clone()
}

#[tokio::test]
async fn a_job_is_locked_fails_comes_back_and_is_done() {
    let desk = Desk::with_models().await;
    let instance = desk.begin("exceptionHandling", &json!({ "fileName": "scan.pdf" })).await;
    assert_eq!(desk.total(JOBS).await, 0);
    desk.complete(&desk.task_of(&instance).await, "resubmitted").await;
    let job = acquire(&desk, "one").await.remove(0);
    assert_eq!((&job["lockOwner"], &job["processInstanceId"]), (&json!("one"), &json!(instance)));
    assert!(acquire(&desk, "two").await.is_empty(), "the lock holds");
    let path = |deed: &str| format!("{JOBS}/{}/{deed}", job["id"].as_str().unwrap());
    assert_eq!(desk.post(&path("complete"), json!({ "workerId": "two" })).await.0, 403);
    let failed = json!({ "workerId": "one", "errorMessage": "no reader", "retryTimeout": "PT1M" });
    assert_eq!(desk.post(&path("fail"), failed).await.0, 204);
    assert_eq!(desk.total(&format!("{JOBS}?withException=true&unlocked=true")).await, 1);
    assert!(acquire(&desk, "two").await.is_empty(), "not before the minute is over");
    desk.standin.advance_clock(Duration::from_mins(2));
    assert_eq!(acquire(&desk, "two").await.len(), 1);
    let done = json!({ "workerId": "two", "variables": [{ "name": "isValid", "value": false }] });
    assert_eq!(desk.post(&path("complete"), done).await.0, 204);
    assert_eq!(desk.tasks_of(&instance).await[0]["taskDefinitionKey"], "correct", "the replacement was wrong too");
    assert_eq!(desk.post(&path("complete"), json!({ "workerId": "two" })).await.0, 404);
}

#[tokio::test]
async fn a_lock_that_ran_out_is_free_for_another_worker() {
    let desk = Desk::with_models().await;
    let instance = desk.begin("exceptionHandling", &json!({ "fileName": "scan.pdf" })).await;
    desk.complete(&desk.task_of(&instance).await, "resubmitted").await;
    acquire(&desk, "one").await;
    desk.standin.advance_clock(Duration::from_mins(11));
    let job = acquire(&desk, "two").await.remove(0);
    let path = format!("{JOBS}/{}/bpmnError", job["id"].as_str().unwrap());
    assert_eq!(desk.post(&path, json!({ "workerId": "one", "errorCode": "E1" })).await.0, 403);
    assert_eq!(desk.post(&path, json!({ "workerId": "two", "errorCode": "E1" })).await.0, 204);
    let (_, past) = desk.get(&format!("/workflow-history/v1/historic-process-instances/{instance}")).await;
    assert!(past["deleteReason"].as_str().unwrap().contains("E1"));
}
