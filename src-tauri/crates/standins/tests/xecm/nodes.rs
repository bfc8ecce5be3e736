//! The tree: browsing, making, changing, deleting, permissions, search, audit.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::client::{Client, INBOX, id_of, names, refused};

#[tokio::test]
async fn each_filter_narrows_the_children_and_an_unknown_one_does_not() {
    let client = Client::start().await;
    let folder = client.folder(INBOX, "filters").await;
    client.folder(folder, "alpha").await;
    client.folder(folder, "beta").await;
    client.document(folder, "alpha.txt", b"text").await;
    let cases: &[(&str, &[&str])] = &[
        ("", &["alpha", "alpha.txt", "beta"]),
        ("?where_type=-1", &["alpha", "beta"]),
        ("?where_type=-3", &["alpha.txt"]),
        ("?where_type=0&where_type=144", &["alpha", "alpha.txt", "beta"]),
        ("?where_type=144", &["alpha.txt"]),
        ("?where_name=LPH", &["alpha", "alpha.txt"]),
        ("?sort=desc_name", &["beta", "alpha.txt", "alpha"]),
        ("?limit=2&page=2", &["beta"]),
        ("?where_facet=2481:144", &["alpha.txt"]),
        ("?nonsense=1&metadata", &["alpha", "alpha.txt", "beta"]),
    ];
    for (query, expected) in cases {
        let (status, answer) = client.get(&format!("/v2/nodes/{folder}/nodes{query}")).await;
        assert_eq!((status, names(&answer).as_slice()), (200, *expected), "{query}");
    }
    let (_, answer) = client.get(&format!("/v2/nodes/{folder}/nodes/?limit=2")).await;
    assert_eq!(answer["collection"]["paging"]["page_total"], 2);
    assert!(answer["collection"]["paging"]["actions"]["next"]["href"].as_str().unwrap().contains("page=2"));
    let (_, answer) = client.get(&format!("/v3/app/container/{folder}?page_size=1")).await;
    assert_eq!(names(&answer), ["alpha"]);
}

#[tokio::test]
async fn refusals_have_the_status_and_the_text_of_the_documents() {
    let client = Client::start().await;
    let cases: &[(Method, &str, &str, u16, &str)] = &[
        (Method::GET, "/v2/nonsense", "{}", 400, "The REST API URL could not be found in the mappings registry"),
        (Method::GET, "/v2/nodes/99", "{}", 400, "Could not get a node for 99"),
        (Method::GET, "/v2/nodes/99/nodes", "{}", 500, "Could not get a node for 99"),
        (Method::GET, "/v2/nodes/99/categories", "{}", 500, "Could not get a node for 99"),
        (Method::GET, "/v2/nodes/abc", "{}", 400, "Invalid datatype specified for argument 'id'"),
        (Method::POST, "/v2/nodes", r#"{"type":0,"parent_id":2000}"#, 400, "Missing required parameter 'name'"),
        (
            Method::POST,
            "/v2/nodes",
            r#"{"type":0,"parent_id":2000,"name":"inbox"}"#,
            500,
            "An item with the name 'inbox' already exists.",
        ),
        (
            Method::POST,
            "/v1/nodes",
            r#"{"type":0,"parent_id":2000,"name":"Inbox"}"#,
            400,
            "An item with the name 'Inbox' already exists.",
        ),
        (
            Method::PUT,
            "/v2/nodes/5006",
            r#"{"name":"x","metadata_token":"old"}"#,
            409,
            "Could not update metadata (edit conflict).",
        ),
        (Method::GET, "/v2/nicknames/none/nodes", "{}", 404, "Sorry, no exact match was found"),
        (
            Method::GET,
            "/v2/nodes/5006/versions/9/content",
            "{}",
            500,
            "Could not locate node: 5006, The version is not found",
        ),
        (Method::GET, "/v2/volumes/999", "{}", 500, "Subtype 999 not registered"),
        (
            Method::POST,
            "/v2/search",
            r#"{"where":"OTName: (","lookfor":"complexQuery"}"#,
            400,
            "Error Evaluating Query",
        ),
        (
            Method::POST,
            "/v2/businessworkspaces",
            r#"{"template_id":5004,"name":"w","roles":{"categories":{"5001_2":"x"}}}"#,
            500,
            "The role 'categories' of the parameter 'roles' cannot be parsed.",
        ),
        (Method::GET, "/v2/members?limit=5000", "{}", 400, "Invalid limit"),
    ];
    for (method, path, body, status, text) in cases {
        let answer = if method == Method::GET {
            client.get(path).await
        } else {
            client.form(method.clone(), path, &[("body", body)]).await
        };
        refused(&answer, *status, text);
    }
    let (status, answer) = client.get("/v2/nodes/99?suppress_response_codes").await;
    assert_eq!((status, &answer["statusCode"]), (200, &json!(400)));
}

#[tokio::test]
async fn names_are_checked_before_anything_is_made() {
    let client = Client::start().await;
    for name in ["a:b", "   ", &"x".repeat(249)] {
        let answer = client.post("/v2/nodes", json!({ "type": 0, "parent_id": INBOX, "name": name })).await;
        assert_eq!(answer.0, 400, "{name}");
    }
    let names = json!({ "parent_id": INBOX, "names": ["INCOMING letter.txt", "free, with a comma"] });
    let (_, answer) = client.post("/v1/validation/nodes/names", names.clone()).await;
    assert_eq!(answer["results"], json!([{ "name": "INCOMING letter.txt", "id": 5006 }]));
    let (_, answer) = client.post("/v1/validation/nodes", names).await;
    assert_eq!(
        answer["results"][1],
        json!({ "name": "free, with a comma", "id": null, "type": null, "versioned": false })
    );
}

#[tokio::test]
async fn a_node_moves_is_copied_deleted_and_comes_back() {
    let client = Client::start().await;
    let (from, to) = (client.folder(INBOX, "from").await, client.folder(INBOX, "to").await);
    let id = client.document(from, "a.txt", b"one").await;
    assert_eq!(client.put(&format!("/v2/nodes/{id}"), json!({ "parent_id": to })).await.0, 200);
    let (_, answer) = client.get(&format!("/v2/nodes/{id}?fields=properties{{id,parent_id}}")).await;
    assert_eq!(answer["results"]["data"]["properties"], json!({ "id": id, "parent_id": to }));
    let (_, copied) = client.post("/v2/nodes", json!({ "original_id": to, "parent_id": from, "name": "copy" })).await;
    let (_, inside) = client.get(&format!("/v2/nodes/{}/nodes", id_of(&copied))).await;
    assert_eq!(names(&inside), ["a.txt"], "what lies below is copied too");
    assert_eq!(client.delete(&format!("/v2/nodes/{to}")).await.0, 200);
    assert_eq!(client.get(&format!("/v2/nodes/{id}")).await.0, 400, "what lies in a deleted folder is gone with it");
    let (_, bin) = client.get("/v2/volumes/recyclebin/nodes").await;
    assert_eq!(names(&bin), ["to"]);
    client.folder(INBOX, "TO").await;
    let ids = to.to_string();
    let (status, answer) =
        client.form(Method::POST, "/v2/volumes/recyclebin/nodes/restore", &[("ids", &ids), ("ids", "99")]).await;
    assert_eq!(
        (status, answer["results"]["failure"]["ids"].clone()),
        (200, json!([to, 99])),
        "a failure is told in a success"
    );
    let (_, answer) = client.form(Method::POST, "/v2/volumes/recyclebin/nodes/purge", &[("ids", &ids)]).await;
    assert_eq!(answer["results"]["success"]["ids"], json!([to]));
}

#[tokio::test]
async fn rights_decide_what_a_user_sees_and_does() {
    let mut client = Client::start().await;
    client.become_user("lead").await;
    refused(&client.get("/v2/nodes/5203").await, 400, "Could not get a node for 5203");
    refused(
        &client.post("/v2/nodes", json!({ "type": 0, "parent_id": INBOX, "name": "x" })).await,
        400,
        "Sorry, the item you requested could not be accessed.",
    );
    let (_, actions) = client
        .form(Method::POST, "/v2/nodes/actions", &[("ids", "5006"), ("actions", "open"), ("actions", "delete")])
        .await;
    assert_eq!(actions["results"]["5006"]["order"], json!(["open"]), "what is absent is not permitted");
    client.become_user("Admin").await;
    let right = json!({ "permissions": ["see", "see_contents", "add_items"], "right_id": 1011, "apply_to": 0 });
    assert_eq!(client.post(&format!("/v2/nodes/{INBOX}/permissions/custom"), right).await.0, 200);
    let (_, answer) = client.get(&format!("/v2/nodes/{INBOX}/permissions/effective/1011")).await;
    assert_eq!(answer["results"]["data"]["permissions"]["permissions"], json!(["see", "see_contents", "add_items"]));
    client.become_user("lead").await;
    client.folder(INBOX, "now it goes").await;
}

#[tokio::test]
async fn a_reservation_keeps_others_out_until_it_ends() {
    let mut client = Client::start().await;
    client.become_user("clerk").await;
    assert_eq!(client.put("/v2/nodes/5006", json!({ "reserved_user_id": 1010 })).await.0, 200);
    let (_, mine) = client.get("/v2/members/reserved").await;
    assert_eq!(names(&mine), ["Incoming letter.txt"]);
    assert_eq!(client.put("/v2/nodes/5006", json!({ "reserved_user_id": null })).await.0, 200);
    let (_, node) = client.get("/v2/nodes/5006").await;
    assert_eq!(node["results"]["data"]["properties"]["reserved_user_id"], 0);
}

#[tokio::test]
async fn search_finds_what_was_made_only_after_the_index_came_by() {
    let client = Client::start().await;
    client.document(INBOX, "zebra report.txt", b"stripes and hooves").await;
    let query =
        [("where", "OTName: \"zebra report\" and OTSubType: 144 and OTLocation: 2000"), ("lookfor", "complexQuery")];
    assert!(names(&client.form(Method::POST, "/v2/search", &query).await.1).is_empty());
    client.standin.advance_clock(Duration::from_secs(2));
    assert_eq!(names(&client.form(Method::POST, "/v2/search", &query).await.1), ["zebra report.txt"]);
    let cases: &[(&[(&str, &str)], usize)] = &[
        (&[("where", "hooves"), ("lookfor", "allwords"), ("within", "content")], 1),
        (&[("where", "hooves"), ("lookfor", "AllWords"), ("within", "metadata")], 0),
        (&[("where", "zeb"), ("lookfor", "allwords"), ("modifier", "wordbeginswith")], 1),
        (&[("where", "Attr_5001_2: \"INV-0417-V-1001\""), ("lookfor", "complexQuery")], 1),
        (&[("where", "OTName: zeb* and not OTSubType: 144"), ("lookfor", "complexQuery")], 0),
        (&[("where", "zebra"), ("location_id1", "5200")], 0),
    ];
    for (form, count) in cases {
        let (_, answer) = client.form(Method::POST, "/v2/search", form).await;
        assert_eq!(names(&answer).len(), *count, "{form:?}");
    }
}

#[tokio::test]
async fn the_audit_tells_who_did_what_and_filters_narrow_it() {
    let client = Client::start().await;
    let id = client.document(INBOX, "watched.txt", b"x").await;
    client.bytes(&format!("/v1/nodes/{id}/content?action=download")).await;
    let (_, all) = client.get(&format!("/v2/nodes/{id}/audit")).await;
    assert_eq!(all["results"]["data"]["audit"].as_array().unwrap().len(), 2);
    for (query, count) in
        [("where_type=1", 1), ("where_user_id=1010", 0), ("where_audit_date_end=2001-01-01", 0), ("limit=1", 1)]
    {
        let (_, some) = client.get(&format!("/v2/nodes/{id}/audit?{query}")).await;
        assert_eq!(some["results"]["data"]["audit"].as_array().unwrap().len(), count, "{query}");
    }
}

#[tokio::test]
async fn selectors_choose_what_a_node_tells() {
    let client = Client::start().await;
    let path =
        "/v2/nodes/5108?fields=properties{id,name}&fields=categories&fields=permissions&fields=versions.element(0)";
    let (_, answer) = client.get(path).await;
    let data = &answer["results"]["data"];
    assert_eq!(data["properties"], json!({ "id": 5108, "name": "Invoice 0417.txt" }));
    assert_eq!(data["categories"][0]["5001_2"], "INV-0417-V-1001");
    assert_eq!(data["permissions"][0]["type"], "owner");
    assert_eq!(data["versions"]["version_number"], 1);
    let rights =
        json!([{ "permissions": ["see"], "right_id": 1010 }, { "permissions": ["see"], "right_id": 1011 }]).to_string();
    let bulk =
        client.form(Method::POST, "/v2/nodes/5006/permissions/custom/bulk", &[("permissions_array", &rights)]).await;
    assert_eq!(bulk.1["results"]["data"]["permissions"].as_array().unwrap().len(), 5);
    let (_, form) = client.get("/v1/forms/nodes/properties/specific?id=5001").await;
    assert_eq!(form["forms"][0]["schema"]["properties"]["5001_2"]["title"], "Reference");
}

#[tokio::test]
async fn a_task_of_a_group_can_be_accepted_until_somebody_has_it() {
    let mut client = Client::start().await;
    let process = client.standin.put_up_task("Check", &[("Yes", "yes"), ("No", "no")]);
    let form = format!("/v1/forms/processes/tasks/update?process_id={process}");
    let (_, before) = client.get(&form).await;
    assert_eq!(
        (&before["data"]["member_accept"], &before["data"]["custom_actions"][1]["key"]),
        (&json!(true), &json!("no"))
    );
    client.become_user(waybill_standins::xecm::CLERK).await;
    let accept = format!("/v2/mobilegroupassignment/accept/taskid/1/processid/{process}/subprocessid/{process}");
    assert_eq!(client.form(Method::POST, &accept, &[]).await.0, 200);
    assert_eq!(client.get(&form).await.1["data"]["member_accept"], false);
    let (_, status) = client.get(&format!("/v2/workflows/status/processes/{process}")).await;
    assert_eq!(status["results"]["step_list"]["current"][0]["task_assignees"]["assignedto"][0], 1010);
}
