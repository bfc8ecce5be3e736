//! Business workspaces, their teams and relations, and workflows.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, INBOX, names, refused};

fn draft(name: &str) -> Value {
    json!({ "template_id": "5004", "wksp_type_id": "16", "type": "848", "name": name, "parent_id": INBOX,
        "roles": { "categories": { "5001": { "5001_2": name } } }, "ext_system_id": "ERP", "bo_type": "LFA1", "bo_id": name })
}

#[tokio::test]
async fn a_workspace_is_made_as_its_template_and_found_by_what_it_stands_for() {
    let client = Client::start().await;
    let (status, made) = client.post("/v2/businessworkspaces", draft("V-77")).await;
    assert_eq!(status, 200, "{made}");
    assert!(made["results"].get("data").is_none(), "the answer has no data");
    let id = made["results"]["id"].as_i64().unwrap();
    let (_, inside) = client.get(&format!("/v2/nodes/{id}/nodes")).await;
    assert_eq!(names(&inside), ["Contracts", "Correspondence", "Invoices"]);
    assert_eq!(
        inside["results"][0]["data"]["properties"]["parent_id"], -id,
        "children name a workspace by its negative id"
    );
    let (_, found) = client.get("/v2/externalsystems/ERP/botypes/LFA1/boids/V-77").await;
    assert_eq!(found["results"]["data"]["properties"]["id"], id);
    assert_eq!(
        client.post("/v2/businessworkspaces", draft("V-77")).await.0,
        500,
        "a business object has one workspace"
    );
    let child = inside["results"][0]["data"]["properties"]["id"].clone();
    assert_eq!(client.get(&format!("/v1/nodes/{child}/businessworkspace")).await.1["id"], id);
    assert_eq!(client.get(&format!("/v1/nodes/{INBOX}/businessworkspace")).await.0, 404);
    let (_, case) = client.post("/v2/businessworkspaces", json!({ "template_id": 5012, "name": "mine" })).await;
    let (_, case) = client.get(&format!("/v2/businessworkspaces/{}", case["results"]["id"])).await;
    assert!(
        case["results"]["data"]["properties"]["name"].as_str().unwrap().starts_with("Case 0"),
        "a type may name its workspaces"
    );
}

#[tokio::test]
async fn each_filter_narrows_the_workspaces() {
    let client = Client::start().await;
    let all = "expanded_view=True";
    let cases: &[(&str, usize)] = &[
        (all, 3),
        ("", 0),
        ("where_workspace_type_name=Vendor&expanded_view=True", 3),
        ("where_workspace_type_id=17&expanded_view=True", 0),
        ("where_name=Norrland%20Castings&expanded_view=True", 1),
        ("where_name=contains_o&expanded_view=True", 3),
        ("where_name=startswith_Rhein&expanded_view=True", 1),
        ("where_ext_system_id=ERP&where_bo_type=LFA1&where_bo_id=V-1002", 1),
        ("expanded_view=True&limit=2&page=2", 1),
    ];
    for (query, count) in cases {
        let (_, answer) = client.get(&format!("/v2/businessworkspaces?{query}")).await;
        assert_eq!(names(&answer).len(), *count, "{query}");
        assert!(answer["paging"]["total_count"].is_number() && answer["wksp_info"].is_array());
    }
}

#[tokio::test]
async fn a_team_gives_rights_and_relations_go_both_ways() {
    let mut client = Client::start().await;
    let (_, made) = client.post("/v2/businessworkspaces", draft("team")).await;
    let id = made["results"]["id"].as_i64().unwrap();
    let roles = client.get(&format!("/v2/businessworkspaces/{id}/roles")).await.1;
    let reader = roles["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["data"]["properties"])
        .find(|role| role["leader"] == false)
        .unwrap()["id"]
        .clone();
    let path = format!("/v2/businessworkspaces/{id}/roles/{reader}");
    assert_eq!(client.put(&path, json!({ "permissions": ["see", "see_contents", "add_items"] })).await.0, 200);
    assert_eq!(client.form(Method::POST, &format!("{path}/members"), &[("id", "1011")]).await.0, 200);
    let related = format!("/v2/businessworkspaces/{id}/relateditems");
    assert_eq!(client.form(Method::POST, &related, &[("rel_bw_id", "5100"), ("rel_type", "child")]).await.0, 200);
    for (query, count) in [
        ("?where_relationtype=child", 1),
        ("?where_rel_types={'parent'}", 0),
        ("?where_workspace_type_ids={17}", 0),
        ("?where_name=contains_norr", 1),
    ] {
        assert_eq!(names(&client.get(&format!("{related}{query}")).await.1).len(), count, "{query}");
    }
    assert_eq!(
        client.get("/v2/businessworkspaces/5100/relateditems?where_relationtype=parent").await.1["results"][0]["data"]
            ["properties"]["id"],
        id
    );
    client.become_user("lead").await;
    client.folder(id, "by the team").await;
    client.become_user("Admin").await;
    assert_eq!(client.delete(&format!("{path}/members/1011")).await.0, 200);
    client.become_user("lead").await;
    assert_eq!(client.post("/v2/nodes", json!({ "type": 0, "parent_id": id, "name": "no more" })).await.0, 400);
}

#[tokio::test]
async fn a_workflow_runs_from_desk_to_desk() {
    let mut client = Client::start().await;
    client.become_user("clerk").await;
    let (_, offered) = client.get("/v2/docworkflows?doc_id=5006&parent_id=5005").await;
    assert_eq!(offered["results"]["data"][0]["Name"], "Invoice approval");
    let (_, draft) = client
        .post("/v2/draftprocesses", json!({ "workflow_id": 5008, "doc_ids": "5006", "AttachDocuments": "true" }))
        .await;
    let path = format!("/v2/draftprocesses/{}", draft["results"]["draftprocess_id"]);
    assert_eq!(
        client.put(&path, json!({ "action": "formUpdate", "values": { "WorkflowForm_10": "urgent" } })).await.0,
        200
    );
    let (_, begun) = client.put(&path, json!({ "action": "Initiate" })).await;
    let id = begun["results"]["process_id"].as_i64().unwrap();
    let tasks = format!("/v2/processes/{id}/subprocesses/{id}/tasks");
    let (_, mine) = client.get("/v2/members/assignments").await;
    assert_eq!(mine["results"][0]["data"]["assignments"]["workflow_id"], id, "a group's task is on each desk");
    assert_eq!(
        client.put(&format!("{tasks}/1"), json!({ "action": "SendOn", "custom_action": "Approve" })).await.0,
        400
    );
    assert_eq!(client.put(&format!("{tasks}/1"), json!({ "action": "SendOn" })).await.0, 200);
    assert_eq!(
        client.put(&format!("{tasks}/2"), json!({ "custom_action": "Approve" })).await.0,
        400,
        "not on this desk"
    );
    client.become_user("lead").await;
    let (_, task) =
        client.get(&format!("/v1/forms/processes/tasks/update?process_id={id}&subprocess_id={id}&task_id=2")).await;
    assert_eq!(task["data"]["custom_actions"][0]["key"], "Approve");
    assert_eq!(
        client.put(&format!("{tasks}/2"), json!({ "custom_action": "Approve", "comment": "fine" })).await.0,
        200
    );
    client.become_user("clerk").await;
    assert_eq!(client.put(&format!("{tasks}/3"), json!({ "action": "SendOn" })).await.0, 200);
    let (_, done) = client.get("/v2/workflows/status?kind=initiated&wstatus=completed").await;
    assert_eq!(done["results"][0]["data"]["wfstatus"]["process_id"], id);
    let (_, status) = client.get(&format!("/v2/workflows/status/processes/{id}")).await;
    assert_eq!(status["results"]["step_list"]["completed"].as_array().unwrap().len(), 3);
    client.become_user("Admin").await;
    let (_, begun) = client.post("/v2/draftprocesses/startwf", json!({ "workflow_id": 5013, "doc_ids": "5006" })).await;
    let id = begun["results"]["process_id"].as_i64().unwrap();
    let answer =
        client.put(&format!("/v2/processes/{id}/subprocesses/{id}/tasks/1"), json!({ "action": "SendOn" })).await;
    assert_eq!((answer.0, &answer.1["errorDetail"]), (400, &json!("662306821")), "the task wants the password again");
    refused(&client.delete(&format!("/v2/processes/{id}")).await, 400, "A workflow that is executing");
}
