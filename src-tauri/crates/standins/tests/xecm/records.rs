//! Records and holds, one at a time and in bulk.

use reqwest::Method;
use serde_json::json;

use crate::client::{Client, INBOX, refused};

#[tokio::test]
async fn a_record_takes_the_token_that_was_read_last() {
    let client = Client::start().await;
    let id = client.document(INBOX, "record.txt", b"x").await;
    let path = format!("/v1/nodes/{id}/rmclassifications");
    let (_, before) = client.get(&path).await;
    assert_eq!(before["data"], json!([]));
    let (status, after) =
        client.post(&path, json!({ "class_id": 5003, "rm_metadataToken": before["rm_metadataToken"] })).await;
    assert_eq!((status, &after["data"][0]["is_primary"]), (200, &json!(true)));
    assert_eq!(
        client.put(&path, json!({ "rm_metadataToken": before["rm_metadataToken"], "status": "CLOSED" })).await.0,
        400
    );
    let change = json!({ "rm_metadataToken": after["rm_metadataToken"], "file_status": "CLOSED", "essential": "VITAL", "official": true });
    let (_, changed) = client.put(&path, change).await;
    assert_eq!((&changed["data"][0]["status"], &changed["data"][0]["official"]), (&json!("CLOSED"), &json!(true)));
    refused(&client.put(&path, json!({ "cycle_period": "9" })).await, 400, "Incorrect Cycle Period specified.");
    assert_eq!(
        client.form(Method::PUT, &format!("{path}/makeConfidential"), &[]).await.1["data"][0]["confidential"],
        true
    );
    assert_eq!(
        client.form(Method::POST, &format!("{path}/5003/rsis"), &[("rsi", "FIN-10")]).await.1["data"][0]["RSI"],
        "FIN-10"
    );
    assert_eq!(client.delete(&format!("{path}/5003")).await.1["data"], json!([]));
}

#[tokio::test]
async fn a_final_record_stays_as_it_is() {
    let client = Client::start().await;
    let id = client.document(INBOX, "final.txt", b"x").await;
    let ids = id.to_string();
    refused(
        &client.form(Method::PUT, "/v1/rmclassifications/finalizerecords", &[("ids", "x")]).await,
        404,
        "ID is not an integer or is missing",
    );
    let batch = [("ids", ids.as_str()), ("classID", "5003")];
    assert_eq!(
        client.form(Method::POST, "/v1/rmclassifications/batchAddClassification", &batch).await.1["results"]["ok"],
        true
    );
    assert_eq!(
        client.form(Method::PUT, "/v1/rmclassifications/finalizerecords", &[("ids", &ids)]).await.1["results"]["ok"],
        true
    );
    assert_eq!(client.delete(&format!("/v2/nodes/{id}")).await.0, 500);
    assert_eq!(client.upload(&format!("/v2/nodes/{id}/versions"), json!({}), "a", b"y").await.0, 500);
    assert_eq!(
        client.form(Method::POST, "/v1/rmcassifications/batchRemoveClassification", &batch).await.1["results"]["ok"],
        false
    );
    let (_, job) =
        client.form(Method::POST, "/v1/rmqueues", &[("task_name", "rm_FinalizeRecord"), ("ids", "5006")]).await;
    assert_eq!(
        client.get(&format!("/v1/rmqueues/{}", job["id"])).await.1["failed"],
        1,
        "what is no record is not made final"
    );
}

#[tokio::test]
async fn a_hold_lies_on_all_below_it_and_goes_only_when_it_holds_nothing() {
    let client = Client::start().await;
    let folder = client.folder(INBOX, "held").await;
    let (one, two) = (client.document(folder, "one.txt", b"1").await, client.document(folder, "two.txt", b"2").await);
    let draft = [
        ("type", "LEGAL"),
        ("name", "Case 12"),
        ("date_applied", "2025-01-31"),
        ("alternate_id", ""),
        ("date_to_remove", ""),
    ];
    let (_, made) = client.form(Method::POST, "/v1/holds", &draft).await;
    let hold = made["holdID"].as_i64().unwrap();
    refused(
        &client.form(Method::POST, "/v1/holds", &draft).await,
        400,
        "Could not insert into the Hold Disposition table",
    );
    assert_eq!(client.get("/v2/hold?holdname=Case%2012").await.1["results"]["data"]["hold"]["HoldID"], hold);
    assert_eq!(client.post(&format!("/v1/nodes/{folder}/holds"), json!({ "hold_id": hold })).await, (200, json!({})));
    let (_, inherited) = client.get(&format!("/v1/nodes/{one}/holds")).await;
    assert_eq!(
        (&inherited["data"][0]["hold_id"], &inherited["data"][0]["hold_appliedmethod"]),
        (&json!(hold), &json!("Inherited"))
    );
    assert_eq!(client.delete(&format!("/v2/nodes/{one}")).await.0, 500);
    assert_eq!(client.delete(&format!("/v2/hold?id={hold}")).await.0, 400, "a hold in use stays");
    refused(&client.delete(&format!("/v1/nodes/{one}/holds/{hold}")).await, 400, "Object does not have this Hold");
    assert_eq!(client.delete(&format!("/v1/nodes/{folder}/holds/{hold}")).await.0, 200);

    let (ids, hold_id) = (format!("[{one},{two},99]"), hold.to_string());
    refused(
        &client.form(Method::POST, "/v1/rmclassifications/applyhold", &[("ids", &ids)]).await,
        404,
        "Hold ID is not specified",
    );
    let bulk = [("ids", ids.as_str()), ("holdID", hold_id.as_str())];
    let (_, answer) = client.form(Method::POST, "/v1/rmclassifications/applyhold", &bulk).await;
    assert_eq!(answer["results"]["nodesProcessed"], json!([one, two]));
    assert_eq!(client.get(&format!("/v2/holditems/{hold}")).await.1["collection"]["paging"]["total_count"], 2);
    client.form(Method::POST, "/v1/rmclassifications/removehold", &bulk).await;
    assert_eq!(client.delete(&format!("/v2/hold?id={hold}")).await.1["results"]["ok"], true);
    assert_eq!(client.delete(&format!("/v2/nodes/{folder}")).await.0, 200);
}

#[tokio::test]
async fn lists_of_records_management_are_there() {
    let client = Client::start().await;
    assert_eq!(client.get("/v2/rsis?limit=1").await.1["results"]["data"]["rsis"].as_array().unwrap().len(), 1);
    assert_eq!(
        client.get("/v2/recordsmanagement/rmcodes").await.1["results"]["data"]["hold_type"]["default_value"],
        "LEGAL"
    );
    let (_, classes) = client.post("/v1/nodes/5006/classifications", json!({ "class_id": [5002, 5010] })).await;
    assert_eq!(classes["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        client.post("/v1/nodes/5006/classifications", json!({ "class_id": [] })).await.1["data"],
        json!([]),
        "the list is replaced"
    );
}
