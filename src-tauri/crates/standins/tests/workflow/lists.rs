use serde_json::json;

use crate::desk::{BRAM, DARIO, Desk};

const TASKS: &str = "/workflow/v1/tasks";
const INSTANCES: &str = "/workflow/v1/process-instances";
const PAST: &str = "/workflow-history/v1/historic-process-instances";
const PAST_TASKS: &str = "/workflow-history/v1/historic-task-instances";

/// Each parameter leaves something and drops something, so that one that is passed over would show.
#[tokio::test]
async fn each_parameter_narrows_its_list() {
    let desk = Desk::with_story().await;
    let instance = desk.invoice(5).await;
    let task = desk.tasks_of(&instance).await.remove(0);
    let (id, execution) = (task["id"].as_str().unwrap(), task["executionId"].as_str().unwrap());
    let definition = task["processDefinitionId"].as_str().unwrap().to_owned();
    desk.put(&format!("{TASKS}/{id}"), json!({ "priority": 80, "category": "urgent", "description": "by hand" })).await;
    let (_, subtask) = desk.post(TASKS, json!({ "name": "Ask the vendor", "parentTaskId": id, "owner": BRAM })).await;
    assert!(subtask["id"].is_string());
    let rows = [
        (TASKS, "name=Check%20invoice%209".to_owned()),
        (TASKS, "nameLike=Check%20invoice%25".to_owned()),
        (TASKS, "description=by%20hand".to_owned()),
        (TASKS, "priority=80".to_owned()),
        (TASKS, "minimumPriority=60".to_owned()),
        (TASKS, "maximumPriority=60".to_owned()),
        (TASKS, "assignee=edda.marlow@tarnwick.example".to_owned()),
        (TASKS, "assigneeLike=edda%25".to_owned()),
        (TASKS, format!("owner={DARIO}")),
        (TASKS, "ownerLike=%25lenk%25".to_owned()),
        (TASKS, "unassigned=true".to_owned()),
        (TASKS, "unassigned=false".to_owned()),
        (TASKS, "delegationState=pending".to_owned()),
        (TASKS, format!("candidateUser={BRAM}")),
        (TASKS, "candidateGroup=Accounts%20Payable".to_owned()),
        (TASKS, "candidateGroups=Accounts%20Payable,Executive".to_owned()),
        (TASKS, format!("involvedUser={DARIO}")),
        (TASKS, format!("candidateOrAssigned={BRAM}")),
        (TASKS, format!("processInstanceId={instance}")),
        (TASKS, format!("processInstanceIdWithChildren={instance}")),
        (TASKS, "processInstanceBusinessKey=INV-77204".to_owned()),
        (TASKS, "processInstanceBusinessKeyLike=INV-%25".to_owned()),
        (TASKS, format!("processDefinitionId={definition}")),
        (TASKS, "processDefinitionKey=brandApproval".to_owned()),
        (TASKS, "processDefinitionKeyLike=brand%25".to_owned()),
        (TASKS, "processDefinitionName=Brand%20approval".to_owned()),
        (TASKS, "processDefinitionNameLike=Brand%25".to_owned()),
        (TASKS, format!("executionId={execution}")),
        (TASKS, "withoutDueDate=true".to_owned()),
        (TASKS, "excludeSubTasks=true".to_owned()),
        (TASKS, "active=true".to_owned()),
        (TASKS, "active=false".to_owned()),
        (TASKS, "category=urgent".to_owned()),
        (INSTANCES, format!("id={instance}")),
        (INSTANCES, "name=Statement%20of%20work%2012".to_owned()),
        (INSTANCES, "nameLike=Invoice%25".to_owned()),
        (INSTANCES, "nameLikeIgnoreCase=INVOICE%25".to_owned()),
        (INSTANCES, "processDefinitionKey=projectReview".to_owned()),
        (INSTANCES, format!("processDefinitionId={definition}")),
        (INSTANCES, "businessKey=SOW-12".to_owned()),
        (INSTANCES, format!("startedBy={BRAM}")),
        (INSTANCES, format!("involvedUser={DARIO}")),
        (INSTANCES, "suspended=true".to_owned()),
        (PAST, "finished=true".to_owned()),
        (PAST, "finished=false".to_owned()),
        (PAST, "processInstanceNameLike=Invoice%25".to_owned()),
        (PAST, "businessKeyLike=C-%25".to_owned()),
        (PAST, format!("processInstanceId={instance}")),
        (PAST, format!("startedBy={BRAM}")),
        (PAST, "processDefinitionName=Brand%20approval".to_owned()),
        (PAST_TASKS, "finished=true".to_owned()),
        (PAST_TASKS, "processFinished=true".to_owned()),
        (PAST_TASKS, format!("taskAssignee={DARIO}")),
        (PAST_TASKS, "taskNameLike=Check%25".to_owned()),
        (PAST_TASKS, "taskDefinitionKey=lineManagerApproval".to_owned()),
        (PAST_TASKS, "taskDefinitionKeys=lineManagerApproval,brandCheck".to_owned()),
        (PAST_TASKS, "processBusinessKeyLike=C-%25".to_owned()),
        (PAST_TASKS, "taskPriority=80".to_owned()),
        (PAST_TASKS, "withoutDueDate=true".to_owned()),
        (PAST_TASKS, "taskId=".to_owned() + id),
    ];
    for (list, parameter) in rows {
        let (all, some) = (desk.total(list).await, desk.total(&format!("{list}?{parameter}")).await);
        assert!(some > 0 && some < all, "{list}?{parameter}: {some} of {all}");
    }
}

#[tokio::test]
async fn moments_narrow_in_each_of_their_shapes() {
    let desk = Desk::with_story().await;
    let (_, body) = desk.get(&format!("{TASKS}?sort=createTime&order=desc&count=1")).await;
    let newest = body["_embedded"]["tasks"][0]["createTime"].as_str().unwrap().replace('+', "%2B");
    let all = desk.total(TASKS).await;
    assert_eq!(desk.total(&format!("{TASKS}?createdBefore={newest}")).await, all - 1);
    assert_eq!(desk.total(&format!("{TASKS}?createdOn={newest}")).await, 1);
    assert_eq!(desk.total(&format!("{TASKS}?createdAfter={newest}")).await, 0);
    assert_eq!(desk.total(&format!("{TASKS}?createdAfter=2020-01-01")).await, all);
    assert!(desk.total(&format!("{TASKS}?dueAfter=2020-01-01T00:00:00Z")).await > 0);
    assert_eq!(desk.total(&format!("{PAST}?finishedBefore=2020-01-01T00:00:00Z")).await, 0);
    let (status, body) = desk.get(&format!("{TASKS}?createdBefore=soon")).await;
    assert_eq!((status, body["message"].as_str()), (400, Some("Bad request")));
}

#[tokio::test]
async fn pages_hold_each_thing_once_and_an_empty_list_has_no_embedded() {
    let desk = Desk::with_story().await;
    let mut address = format!("{}{TASKS}?count=3&sort=name&nonsense=1", desk.standin.base_url());
    let mut names = Vec::new();
    loop {
        let page = desk.client.get(&address).bearer_auth(&desk.token).send().await.unwrap();
        let body: serde_json::Value = page.json().await.unwrap();
        let tasks = body["_embedded"]["tasks"].as_array().unwrap().clone();
        names.extend(tasks.iter().map(|task| (task["name"].as_str().unwrap().to_lowercase(), task["id"].clone())));
        match body["_links"]["next"]["href"].as_str() {
            Some(next) => next.clone_into(&mut address),
            None => break,
        }
    }
    let total = usize::try_from(desk.total(TASKS).await).unwrap();
    assert_eq!(names.len(), total);
    assert!(names.is_sorted_by(|one, two| one.0 <= two.0), "{names:?}");
    let (_, empty) = desk.get(&format!("{TASKS}?name=nothing")).await;
    assert!(empty.get("_embedded").is_none(), "{empty}");
    assert_eq!(empty["page"]["totalElements"], 0);
    let (_, usual) = desk.get(PAST_TASKS).await;
    assert_eq!(usual["_embedded"]["historic-task-instances"].as_array().unwrap().len(), 10, "ten is the usual page");
}

#[tokio::test]
async fn a_wrong_parameter_is_refused_with_its_name() {
    let desk = Desk::with_models().await;
    let rows = [
        "sort=nonsense",
        "order=up",
        "count=0",
        "offset=-1",
        "unassigned=maybe",
        "priority=high",
        "delegationState=lost",
    ];
    for row in rows {
        let (status, body) = desk.get(&format!("{TASKS}?{row}")).await;
        let name = row.split('=').next().unwrap();
        assert!(status == 400 && body["exception"].as_str().unwrap().contains(name), "{row}: {status} {body}");
    }
}
