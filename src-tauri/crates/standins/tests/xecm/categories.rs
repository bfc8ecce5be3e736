//! Attributes of every kind, sets with rows, tokens, inheritance, forms.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{AGENCIES, Client, INBOX, id_of, refused};

async fn assigned(client: &Client, name: &str) -> i64 {
    let id = client.document(INBOX, name, b"x").await;
    let path = format!("/v2/nodes/{id}/categories");
    assert_eq!(client.form(Method::POST, &path, &[("category_id", "5001"), ("5001_2", "R-1")]).await.0, 200);
    id
}

async fn values(client: &Client, id: i64) -> Value {
    client.get(&format!("/v2/nodes/{id}/categories/5001")).await.1["results"]["data"]["categories"].clone()
}

#[tokio::test]
async fn each_kind_of_attribute_takes_its_values_and_refuses_others() {
    let client = Client::start().await;
    let id = assigned(&client, "kinds.txt").await;
    let cases: &[(&str, Value, Option<Value>)] = &[
        ("5001_2", json!("text"), Some(json!("text"))),
        ("5001_2", json!("x".repeat(255)), None),
        ("5001_3", json!("1.5"), Some(json!(1.5))),
        ("5001_4", json!(["a", "b"]), Some(json!(["a", "b"]))),
        ("5001_8", json!("7"), Some(json!(7))),
        ("5001_8", json!(""), None),
        ("5001_8", json!(null), Some(json!(null))),
        ("5001_9", json!("True"), Some(json!(true))),
        ("5001_10", json!("2024-05-31T08:15:30Z"), Some(json!("2024-05-31T00:00:00"))),
        ("5001_10", json!("31.05.2024"), None),
        ("5001_11", json!("2024-05-31T08:15:30Z"), Some(json!("2024-05-31T08:15:30"))),
        ("5001_12", json!(1010), Some(json!(1010))),
        ("5001_13", json!("two\nlines"), Some(json!("two\nlines"))),
        ("5001_14", json!("Checked"), Some(json!("Checked"))),
        ("5001_14", json!("Lost"), None),
        ("5001_15", json!("V-1002"), Some(json!("V-1002"))),
    ];
    for (key, value, expected) in cases {
        let answer = client.put(&format!("/v2/nodes/{id}/categories/5001"), json!({ *key: value })).await;
        match expected {
            Some(expected) => assert_eq!((answer.0, &values(&client, id).await[key]), (200, expected), "{key} {value}"),
            None => assert_eq!(answer.0, 400, "{key} {value} {}", answer.1),
        }
    }
    let unknown = client.put(&format!("/v2/nodes/{id}/categories/5001"), json!({ "5001_99": "x" })).await;
    assert!(
        unknown.0 == 400
            && unknown.1["error"].as_str().unwrap().contains("a non-matching attribute (5001_99) was found")
    );
    let other = client.put(&format!("/v2/nodes/{id}/categories/5009"), json!({ "5009_2": "x" })).await;
    refused(&other, 400, &format!("Category ID '5009' is not a category on node '{id}'"));
}

#[tokio::test]
async fn rows_of_a_set_appear_on_demand_and_close_up_when_one_goes() {
    let client = Client::start().await;
    let id = assigned(&client, "rows.txt").await;
    let path = format!("/v2/nodes/{id}/categories/5001");
    client
        .form(Method::PUT, &path, &[("5001_5_1_6", "one"), ("5001_5_3_6", "three"), ("5001_4", "a"), ("5001_4", "b")])
        .await;
    let found = values(&client, id).await;
    assert_eq!(
        (&found["5001_5_2_6"], &found["5001_5_3_6"], &found["5001_4"]),
        (&json!(null), &json!("three"), &json!(["a", "b"]))
    );
    client.put(&path, json!({ "5001_5_2": "" })).await;
    let found = values(&client, id).await;
    assert_eq!((&found["5001_5_2_6"], found.get("5001_5_3_6")), (&json!("three"), None));
    assert_eq!(client.put(&path, json!({ "5001_5_51_6": "too many" })).await.0, 400);
}

#[tokio::test]
async fn required_attributes_come_with_the_assignment_or_nothing_is_made() {
    let client = Client::start().await;
    let id = client.document(INBOX, "vendor.txt", b"x").await;
    let path = format!("/v2/nodes/{id}/categories");
    assert_eq!(client.form(Method::POST, &path, &[("category_id", "5009")]).await.0, 400);
    assert_eq!(client.form(Method::POST, &path, &[("category_id", "5009"), ("5009_2", "V-9")]).await.0, 200);
    refused(
        &client.form(Method::POST, &path, &[("category_id", "5009"), ("5009_2", "x")]).await,
        400,
        "The attribute group 'Vendor Master' already exists",
    );
    let body = json!({ "type": 144, "parent_id": INBOX, "name": "no vendor.txt", "roles": { "categories": { "5009_1": {} } } });
    assert_eq!(client.upload("/v2/nodes", body, "a.txt", b"x").await.0, 400);
    let (_, taken) =
        client.post("/v1/validation/nodes/names", json!({ "parent_id": INBOX, "names": ["no vendor.txt"] })).await;
    assert_eq!(taken["results"], json!([]), "nothing is left of what was refused");
    let nested = json!({ "type": 144, "parent_id": INBOX, "name": "n.txt", "roles": { "categories": { "5009": { "5009_2": "V" } } } });
    assert_eq!(client.upload("/v1/nodes", nested, "n.txt", b"x").await.0, 200, "version 1 nests");
}

#[tokio::test]
async fn a_stale_token_is_an_edit_conflict() {
    let client = Client::start().await;
    let id = assigned(&client, "token.txt").await;
    let (_, node) = client.get(&format!("/v2/nodes/{id}?state")).await;
    let token = node["results"]["state"]["categories"]["5001_1"]["metadata_token"].clone();
    let path = format!("/v2/nodes/{id}/categories/5001");
    let change = json!({ "5001_1": { "metadata_token": token }, "5001_2": "new" });
    assert_eq!(client.put(&path, change.clone()).await.0, 200);
    refused(&client.put(&path, change).await, 409, "Could not update metadata (edit conflict).");
}

#[tokio::test]
async fn a_category_is_inherited_applied_and_drawn_as_a_form() {
    let client = Client::start().await;
    let folder = client.folder(INBOX, "inherit").await;
    let early = client.document(folder, "early.txt", b"x").await;
    client
        .form(
            Method::POST,
            &format!("/v2/nodes/{folder}/categories"),
            &[("category_id", "5001"), ("5001_2", "from folder")],
        )
        .await;
    assert_eq!(client.form(Method::POST, &format!("/v2/nodes/{folder}/categories/5001/inheritance"), &[]).await.0, 200);
    let late = client.document(folder, "late.txt", b"x").await;
    assert_eq!(values(&client, late).await["5001_2"], "from folder");
    let apply = json!({ "categories": [{ "id": 5001, "action": "add_upgrade" }] });
    let (_, answer) = client.post(&format!("/v2/nodes/{folder}/categories/apply"), apply).await;
    assert_eq!(answer["results"]["data"]["processed"], 2);
    assert_eq!(values(&client, early).await["5001_2"], "from folder");
    let (_, form) = client.get(&format!("/v1/forms/nodes/create?parent_id={folder}&type=144&category_id=5009")).await;
    let categories = form["forms"].as_array().unwrap().iter().find(|form| form["role_name"] == "categories").unwrap();
    assert_eq!(categories["schema"]["properties"]["5009"]["properties"]["5009_2"]["required"], true);
    assert_eq!(categories["data"]["5001"]["5001_2"], "from folder");
    assert_eq!(categories["data"]["5009"]["5009_2"], Value::Null, "only what is inherited has the folder's values");
    assert!(categories["data"]["5001"]["5001_5"].is_array(), "a set of many rows is a list in forms");
    let (_, listed) = client.get(&format!("/v2/nodes/{late}/categories?metadata")).await;
    assert_eq!(listed["results"][0]["metadata_order"]["categories"][0], "5001");
    assert_eq!(listed["results"][0]["metadata"]["categories"]["5001_5_x_6"]["name"], "Text");
}

#[tokio::test]
async fn a_document_lacks_no_value_that_an_inherited_category_requires() {
    let client = Client::start().await;
    let body = |more: Value| {
        let mut body = json!({ "type": 144, "parent_id": AGENCIES, "name": "offer.txt" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let answer = client.upload("/v2/nodes", body(json!({})), "offer.txt", b"x").await;
    refused(&answer, 400, "The required attribute 'Vendor Number' of the category 'Vendor Master' has no value.");
    let (_, there) = client.get(&format!("/v2/nodes/{AGENCIES}/nodes")).await;
    assert_eq!(there["results"], json!([]));
    let roles = json!({ "roles": { "categories": { "5009_2": "V-7" } } });
    let (status, answer) = client.upload("/v2/nodes", body(roles), "offer.txt", b"x").await;
    assert_eq!(status, 200, "{answer}");
    let (_, carried) = client.get(&format!("/v2/nodes/{}/categories/5009", id_of(&answer))).await;
    let carried = &carried["results"]["data"]["categories"];
    assert_eq!((&carried["5009_2"], &carried["5009_3"]), (&json!("V-7"), &json!("DE")));
    assert_ne!(client.folder(AGENCIES, "2027").await, 0);
}

#[tokio::test]
async fn a_form_says_how_persons_and_long_texts_are_drawn() {
    let client = Client::start().await;
    let (_, form) = client.get(&format!("/v1/forms/nodes/create?parent_id={INBOX}&type=144&category_id=5001")).await;
    let forms = form["forms"].as_array().unwrap();
    let categories = forms.iter().find(|form| form["role_name"] == "categories").unwrap();
    let fields = &categories["options"]["fields"]["5001"]["fields"];
    assert_eq!(
        (&fields["5001_12"]["type"], &fields["5001_13"]["type"]),
        (&json!("otcs_user_picker"), &json!("textarea"))
    );
}
