use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::desk::{BRAM, Desk};

const MODELS: &str = "/workflow/v1/runtime/models";

fn bpmn(task: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
        xmlns:workflow="http://workflow.opentext.com" targetNamespace="http://tarnwick.example/p">
        <message id="m1" name="claimReceived"/>
        <process id="claims" name="Claims" isExecutable="true">
          <startEvent id="start"/><startEvent id="byMessage"><messageEventDefinition messageRef="m1"/></startEvent>
          <userTask id="check" name="{task}" workflow:assignee="$INITIATOR" workflow:outcomeVariable="result"
            workflow:possibleOutcomes="Pay:paid,Refuse:refused"/>
          <parallelGateway id="fork"/><parallelGateway id="join"/>
          <userTask id="left" name="Left" workflow:candidateGroups="Finance"/>
          <callActivity id="right" calledElement="assetRequest"><extensionElements>
            <workflow:in source="result" target="wanted"/><workflow:out source="requestStatus" target="found"/>
          </extensionElements></callActivity>
          <endEvent id="end"><terminateEventDefinition/></endEvent>
          <sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
          <sequenceFlow id="f2" sourceRef="byMessage" targetRef="check"/>
          <sequenceFlow id="f3" sourceRef="check" targetRef="fork"/>
          <sequenceFlow id="f4" sourceRef="fork" targetRef="left"/>
          <sequenceFlow id="f5" sourceRef="fork" targetRef="right"/>
          <sequenceFlow id="f6" sourceRef="left" targetRef="join"/>
          <sequenceFlow id="f7" sourceRef="right" targetRef="join"/>
          <sequenceFlow id="f8" sourceRef="join" targetRef="end"/>
        </process></definitions>"#
    )
}

#[tokio::test]
async fn a_model_deployed_again_is_a_new_version_and_old_instances_end_on_theirs() {
    let desk = Desk::with_models().await;
    let deploy = |content: String| desk.post(MODELS, json!({ "modelType": "xml", "modelContent": content }));
    let (status, first) = deploy(bpmn("First")).await;
    assert_eq!((status, &first["key"], &first["version"]), (201, &json!("claims"), &json!(1)));
    let old = desk.begin("claims", &json!({})).await;
    let (_, second) = deploy(BASE64.encode(bpmn("Second").as_bytes())).await;
    assert_eq!(second["version"], 2);
    let new = desk.begin("claims", &json!({})).await;
    let names = (desk.tasks_of(&old).await, desk.tasks_of(&new).await);
    assert_eq!((&names.0[0]["name"], &names.1[0]["name"]), (&json!("First"), &json!("Second")));
    assert_eq!(names.0[0]["processDefinitionId"], first["id"]);
    assert_eq!(names.0[0]["assignee"], BRAM, "the one who started it");
    assert_eq!(desk.total(&format!("{MODELS}?key=claims")).await, 2);
    assert_eq!(desk.total(&format!("{MODELS}?key=claims&latestVersion=true")).await, 1);
    let path = format!("{MODELS}/{}", second["id"].as_str().unwrap());
    assert_eq!(desk.delete(&path).await.0, 409, "it still runs");
    desk.delete(&format!("/workflow/v1/process-instances/{new}")).await;
    assert_eq!(desk.delete(&path).await.0, 204);
    assert_eq!(desk.get(&path).await.0, 404);
}

#[tokio::test]
async fn parallel_branches_a_called_process_and_a_message_start() {
    let desk = Desk::with_models().await;
    desk.post(MODELS, json!({ "modelType": "xml", "modelContent": bpmn("Check") })).await;
    let (status, started) = desk.post("/workflow/v1/process-instances", json!({ "message": "claimReceived" })).await;
    assert_eq!(status, 201, "{started}");
    let outer = started["id"].as_str().unwrap();
    desk.complete(&desk.task_of(outer).await, "paid").await;
    let left = desk.task_of(outer).await;
    let all = desk.get(&format!("/workflow/v1/tasks?processInstanceIdWithChildren={outer}&sort=name")).await.1;
    let names: Vec<_> = all["_embedded"]["tasks"].as_array().unwrap().iter().map(|task| &task["name"]).collect();
    assert_eq!(names, ["Find: paid", "Left"]);
    let inner = &all["_embedded"]["tasks"][0];
    let list = "/workflow/v1/process-instances";
    assert_eq!(desk.total(&format!("{list}?superProcessInstanceId={outer}")).await, 1);
    assert_eq!(desk.total(&format!("{list}?excludeSubprocesses=true")).await, 1);
    let child = inner["processInstanceId"].as_str().unwrap();
    assert_eq!(desk.total(&format!("{list}?subProcessInstanceId={child}")).await, 1);
    desk.complete(inner["id"].as_str().unwrap(), "fulfilled").await;
    let (_, found) = desk.get(&format!("{list}/{outer}/variables/found")).await;
    assert_eq!(found["value"], "fulfilled");
    desk.complete(&left, "").await;
    assert_eq!(desk.get(&format!("{list}/{outer}")).await.0, 404);
}

/// The four calls by which a client learns what a task may end with.
#[tokio::test]
async fn the_outcomes_of_a_task_are_found_in_its_model_whichever_its_language() {
    let desk = Desk::with_models().await;
    for (key, variables) in [
        ("invoiceApproval", json!({ "invoiceNumber": 1, "amount": 1, "currency": "EUR" })),
        ("contractApproval", json!({})),
    ] {
        let instance = desk.begin(key, &variables).await;
        let list = format!("/workflow/v1/process-instances/executions?processInstanceId={instance}");
        let executions = desk.get(&list).await.1["_embedded"]["executions"].as_array().unwrap().clone();
        let activity = executions.iter().find_map(|one| one["activityId"].as_str()).unwrap().to_owned();
        let (_, past) = desk.get(&format!("/workflow-history/v1/historic-process-instances/{instance}")).await;
        let definition = past["processDefinitionId"].as_str().unwrap();
        let (_, models) = desk.get(&format!("{MODELS}?processDefinitionId={definition}")).await;
        let model = models["_embedded"]["models"][0]["id"].as_str().unwrap();
        let (_, model) = desk.get(&format!("{MODELS}/{model}?modelType=json")).await;
        let shapes = model["modelContent"]["childShapes"].as_array().unwrap();
        let shape = shapes.iter().find(|shape| shape["resourceId"] == activity.as_str()).unwrap();
        assert_eq!(shape["properties"]["possibleoutcomes"], "Approve:approved,Reject:rejected");
    }
}

#[tokio::test]
async fn a_model_survives_the_way_through_both_languages() {
    let desk = Desk::with_models().await;
    let (_, list) = desk.get(&format!("{MODELS}?count=100")).await;
    for model in list["_embedded"]["models"].as_array().unwrap() {
        let path = format!("{MODELS}/{}", model["id"].as_str().unwrap());
        let (_, shapes) = desk.get(&format!("{path}?modelType=json")).await;
        let (_, xml) = desk.get(&format!("{path}?modelType=xml")).await;
        for (kind, content) in [("json", &shapes["modelContent"]), ("xml", &xml["modelContent"])] {
            let (status, again) = desk.post(MODELS, json!({ "modelType": kind, "modelContent": content })).await;
            assert_eq!(status, 201, "{again}");
            let path = format!("{MODELS}/{}", again["id"].as_str().unwrap());
            let (_, other) = desk.get(&format!("{path}?modelType=json")).await;
            assert_eq!(other["modelContent"], shapes["modelContent"], "{} as {kind}", model["key"]);
        }
    }
}

#[tokio::test]
async fn a_model_that_cannot_run_is_refused_at_once() {
    let desk = Desk::with_models().await;
    let xml = |inner: &str| {
        json!({ "modelType": "xml", "modelContent": format!(
            "<definitions><process id=\"p\" isExecutable=\"true\"><startEvent id=\"s\"/>{inner}</process></definitions>") })
    };
    let rows: [(Value, &str); 8] = [
        (json!({ "modelType": "yaml", "modelContent": "" }), "modelType"),
        (json!({ "modelType": "xml" }), "modelContent"),
        (json!({ "modelType": "xml", "modelContent": "???" }), "XML"),
        (json!({ "modelType": "json", "modelContent": {} }), "childShapes"),
        (xml("<scriptTask id=\"x\"/>"), "scriptTask"),
        (xml("<sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"none\"/>"), "none"),
        (
            xml("<endEvent id=\"e\"/><sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"e\">\
                <conditionExpression>${a ==}</conditionExpression></sequenceFlow>"),
            "${a ==}",
        ),
        (json!({ "modelType": "xml", "modelContent": "<definitions><process id=\"p\"></definitions>" }), "XML"),
    ];
    for (body, word) in rows {
        let (status, answer) = desk.post(MODELS, body.clone()).await;
        assert!(status == 400 && answer["exception"].as_str().unwrap().contains(word), "{body}: {answer}");
    }
}
