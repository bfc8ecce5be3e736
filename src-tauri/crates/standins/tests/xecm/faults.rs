//! Misbehaviour on demand, in this system's words.

use reqwest::Method;
use serde_json::json;
use waybill_standins::faults::{Fault, Rule};

use crate::client::{Client, INBOX, refused};

#[tokio::test]
async fn refusals_are_worded_as_the_system_words_them() {
    let client = Client::start().await;
    let faults = client.standin.faults();
    faults.inject(Rule::new(Fault::ExpiredCredentials));
    refused(&client.get("/v2/nodes/2000").await, 401, "Authentication Required");
    faults.inject(Rule::new(Fault::Refuse { status: 429, code: None, retry_after: Some(3) }));
    let answer = client.request(Method::GET, "/v2/nodes/2000").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"3".parse().unwrap()));
    faults.inject(Rule::new(Fault::refuse(503)));
    let answer = client.request(Method::GET, "/v2/nodes/2000").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap().starts_with("text/html")),
        (503, true)
    );
    faults.inject(Rule::new(Fault::ErrorInSuccess));
    let (status, answer) = client.get("/v2/nodes/2000").await;
    assert_eq!((status, &answer["statusCode"]), (200, &json!(500)));
}

#[tokio::test]
async fn a_byte_that_is_spoiled_stays_spoiled() {
    let client = Client::start().await;
    client.standin.faults().inject(Rule::new(Fault::CorruptStored(1)));
    let id = client.document(INBOX, "spoiled.txt", b"abc").await;
    assert_eq!(client.bytes(&format!("/v2/nodes/{id}/content")).await, [b'a', !b'b', b'c']);
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_what_was_made() {
    let client = Client::start().await;
    client.standin.faults().inject(Rule::new(Fault::DropAnswer).operation("POST"));
    let body = json!({ "type": 0, "parent_id": INBOX, "name": "lost answer" }).to_string();
    assert!(client.request(Method::POST, "/v2/nodes").form(&[("body", body)]).send().await.is_err());
    let (_, taken) =
        client.post("/v1/validation/nodes/names", json!({ "parent_id": INBOX, "names": ["lost answer"] })).await;
    assert_eq!(taken["results"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn extensions_answer_only_when_they_are_on() {
    let client = Client::start().await;
    let url = client.standin.base_url().replace("/otcs/cs.exe", "/sandbox/opened");
    assert_eq!(client.http.get(&url).send().await.unwrap().status(), 404);
    client.standin.extend(true);
    client.bytes("/v1/nodes/5006/content?action=open").await;
    let opened: serde_json::Value = client.http.get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(opened[0]["node"], 5006);
    client.standin.stop().await;
}
