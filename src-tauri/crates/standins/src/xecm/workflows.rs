//! Workflows: maps, drafts, running processes with their tasks, and what is on whose desk.
//!
//! A process starts with a step of its initiator and runs through the steps of its map, one task at a time.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused, paged, results};
use super::call::{Call, text_of};
use super::view;
use super::world::{ADMIN, World};
use crate::clock::Millis;

/// A step of a map.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) assignee: i64,
    /// Dispositions beside sending on: key and label.
    pub(super) choices: Vec<(String, String)>,
    /// How long it may take.
    pub(super) days: i64,
    /// Whether the password is wanted again.
    pub(super) confirms: bool,
}

/// A draft before it starts.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) map: i64,
    pub(super) documents: Vec<i64>,
    pub(super) values: Map<String, Value>,
    pub(super) by: i64,
}

/// A process.
#[derive(Debug, Clone)]
pub(super) struct Process {
    pub(super) id: i64,
    pub(super) map: i64,
    name: String,
    pub(super) by: i64,
    pub(super) started: Millis,
    /// The step that waits; past the last one it is over.
    pub(super) at: usize,
    status: &'static str,
    pub(super) assignee: i64,
    pub(super) due: Millis,
    documents: Vec<i64>,
    values: Map<String, Value>,
    history: Vec<Value>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Workflows {
    pub(super) maps: BTreeMap<i64, Vec<Step>>,
    pub(super) drafts: BTreeMap<i64, Draft>,
    processes: BTreeMap<i64, Process>,
}

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v2", "workflows", "status"]) => by_status(world, call),
        ("GET", ["v2", "workflows", "status", "processes" | "instances", id]) => status(world, call, id),
        ("GET", ["v2", "workflows" | "processes", map, "definition"]) => definition(world, call, map),
        ("GET", ["v2", "docworkflows"]) => offered(world, call),
        ("GET", ["v1", "forms", "processes", "tasks", "update"]) => task_form(world, call),
        ("PUT", ["v2", "processes", id, "subprocesses", _, "tasks", task]) => act(world, call, id, task),
        ("PUT", ["v2", "processes", id, "status"]) => set_status(world, call, id),
        ("GET", ["v2", "processes" | "workflows", id, "subprocesses" | "subworkflows", _, "activities"]) => {
            process(world, id).and_then(|process| results(call, json!({ "data": process.history })))
        }
        ("DELETE", ["v2", "processes", id]) => remove(world, call, id),
        _ => return None,
    };
    Some(outcome)
}

pub(super) fn parse(text: &str, name: &str) -> Result<i64, Refused> {
    text.trim().parse().map_err(|_| Refused::wrong_type(name))
}

pub(super) fn process<'a>(world: &'a World, id: &str) -> Result<&'a Process, Refused> {
    let id = parse(id, "process_id")?;
    world.workflows.processes.get(&id).ok_or_else(|| Refused::bad(format!("Invalid process ID '{id}'")))
}

pub(super) fn process_mut(world: &mut World, id: i64) -> Result<&mut Process, Refused> {
    world.workflows.processes.get_mut(&id).ok_or_else(|| Refused::bad(format!("Invalid process ID '{id}'")))
}

pub(super) fn steps(world: &World, map: i64) -> Result<&Vec<Step>, Refused> {
    world.workflows.maps.get(&map).ok_or_else(|| Refused::bad(format!("Invalid workflow ID '{map}'")))
}

/// Whether a task is on a member's desk, by himself or by a group of his.
pub(super) fn is_for(world: &World, assignee: i64, who: i64) -> bool {
    let mine = world.members.get(&who);
    assignee == who || mine.is_some_and(|member| member.groups.contains(&assignee) || member.group == assignee)
}

fn is_late(world: &World, process: &Process) -> bool {
    process.status == "running" && process.due < world.now()
}

fn status_key(world: &World, process: &Process) -> &'static str {
    match process.status {
        "running" if is_late(world, process) => "workflowlate",
        "running" => "ontime",
        other => other,
    }
}

pub(super) fn assignments(world: &World, call: &Call) -> Outcome {
    let mine = world
        .workflows
        .processes
        .values()
        .filter(|process| process.status == "running" && is_for(world, process.assignee, call.who));
    let rows = mine.map(|process| {
        let step = steps(world, process.map).ok().and_then(|steps| steps.get(process.at));
        json!({ "data": { "assignments": {
            "id": process.id, "name": step.map(|step| &step.name), "type": 153, "type_name": "Workflow Step", "workflow_id": process.id,
            "workflow_name": process.name, "workflow_subworkflow_id": process.id, "workflow_subworkflow_task_id": process.at + 1,
            "date_due": view::time(process.due), "priority": 0, "priority_name": "Low", "status": i64::from(is_late(world, process)),
            "status_name": if is_late(world, process) { "Late" } else { "Ready" }, "location_id": null, "description": "", "instructions": "",
            "from_user_id": process.by, "favorite": false, "maptask_subtype": 1,
        } } })
    });
    paged(call, rows.collect(), 100)
}

fn by_status(world: &World, call: &Call) -> Outcome {
    let wanted = call.list("wstatus");
    let kind = call.filled("kind").unwrap_or_default().to_lowercase();
    let mut found: Vec<&Process> = world.workflows.processes.values().collect();
    found.retain(|process| {
        wanted.is_empty() || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(status_key(world, process)))
    });
    // Inferred: "initiated" and "managed" are what the member started, other kinds all that he may see.
    found
        .retain(|process| if kind == "initiated" { process.by == call.who } else { may_see(world, process, call.who) });
    let sort = call.text("sort").unwrap_or_default();
    match sort.split_once('_').map_or(sort.as_str(), |(_, key)| key) {
        "name" | "wf_name" => found.sort_by_key(|process| process.name.to_lowercase()),
        "due_date" | "date_due" => found.sort_by_key(|process| process.due),
        _ => {}
    }
    if sort.starts_with("desc") {
        found.reverse();
    }
    let rows = found.into_iter().map(|process| {
        let step = steps(world, process.map).ok().and_then(|steps| steps.get(process.at));
        json!({ "data": { "wfstatus": {
            "process_id": process.id, "subprocess_id": process.id, "task_id": process.at + 1, "wf_name": process.name,
            "status_key": status_key(world, process), "step_name": step.map(|step| &step.name),
            "assignee": [{ "userId": process.assignee, "loginName": world.members.get(&process.assignee).map(|member| &member.name) }],
            "assignee_count": 1, "parallel_steps": [], "due_date": view::time(process.due), "date_initiated": view::time(process.started),
        } } })
    });
    paged(call, rows.collect(), 100)
}

fn may_see(world: &World, process: &Process, who: i64) -> bool {
    who == ADMIN || process.by == who || is_for(world, process.assignee, who)
}

fn status(world: &World, call: &Call, id: &str) -> Outcome {
    let process = process(world, id)?;
    let steps = steps(world, process.map)?;
    let row = |(at, step): (usize, &Step)| {
        json!({
            "task_id": at + 1, "task_name": step.name, "process_id": process.id, "subprocess_id": process.id,
            "task_assignees": { "assignedto": [if at == process.at { process.assignee } else { step.assignee }] }, "task_status": status_key(world, process),
            "task_due_date": view::time(process.due),
        })
    };
    let all: Vec<Value> = steps.iter().enumerate().map(row).collect();
    let current = process.at.min(all.len());
    results(
        call,
        json!({
            "wf_details": {
                "work_workID": process.id, "work_status": status_key(world, process), "wf_name": process.name, "wf_id": process.map,
                "date_initiated": view::time(process.started), "initiator": process.by, "due_date": view::time(process.due),
            },
            "step_list": {
                "completed": all.get(..current), "current": all.get(current..(current + 1).min(all.len())), "next": all.get((current + 1).min(all.len())..),
            },
            "data_packages": packages(process),
            "attachments": { "attachment_folder_id": process.documents.first().and_then(|id| world.nodes.get(id)).map(|node| node.parent), "ids": process.documents },
            "permissions": { "Archive": process.by == call.who, "ChangeAttr": true, "Delete": process.by == call.who || call.who == ADMIN, "Modify": true, "SeeDetails": true, "Stop": true, "Suspend": true },
        }),
    )
}

fn packages(process: &Process) -> Value {
    json!([{ "type": 1, "sub_type": 1, "data": { "ids": process.documents } }, { "type": 1, "sub_type": 3, "data": process.values }])
}

fn definition(world: &World, call: &Call, map: &str) -> Outcome {
    let map = world.node(map, call.who)?;
    let steps = steps(world, map.id)?;
    let rows: Vec<Value> = steps.iter().enumerate().map(|(at, step)| json!({ "task_id": at + 1, "name": step.name, "type": 1, "assignee": step.assignee, "due_days": step.days })).collect();
    results(
        call,
        json!({ "definition": { "workflow_id": map.id, "name": map.name, "tasks": rows, "data_packages": [{ "type": 1, "sub_type": 1 }, { "type": 1, "sub_type": 3 }], "role_info": {} } }),
    )
}

/// The workflows that can be started for documents.
fn offered(world: &World, call: &Call) -> Outcome {
    for id in call.ints("doc_id")? {
        world.visible(id, call.who)?;
    }
    let maps = world.workflows.maps.keys().filter_map(|id| world.visible(*id, call.who).ok());
    results(
        call,
        json!({ "data": maps.map(|node| json!({ "DataID": node.id, "Name": node.name, "WorkflowType": "1_1" })).collect::<Vec<Value>>() }),
    )
}

pub(super) fn values_form(values: &Map<String, Value>) -> Value {
    let schema =
        json!({ "WorkflowForm_10": { "title": "Remarks", "type": "string", "required": false, "maxLength": 254 } });
    let data = json!({ "WorkflowForm_10": values.get("WorkflowForm_10") });
    super::forms::form("", &data, &schema, &json!({}))
}

pub(super) fn begin(world: &mut World, draft: Draft, call: &Call) -> Result<i64, Refused> {
    let first = steps(world, draft.map)?.first().cloned().ok_or_else(|| Refused::bad("The workflow has no steps."))?;
    let (id, now) = (world.fresh(), world.now());
    let name = world.known(draft.map)?.name.clone();
    let history = vec![event(now, call, "initiated", &name)];
    let (map, documents, values, by) = (draft.map, draft.documents, draft.values, draft.by);
    let due = now + first.days * 86_400_000;
    let process = Process {
        id,
        map,
        name,
        by,
        started: now,
        at: 0,
        status: "running",
        assignee: first.assignee,
        due,
        documents,
        values,
        history,
    };
    world.workflows.processes.insert(id, process);
    world.note(map, call.who, "initiate", None);
    Ok(id)
}

/// Puts up a task of a workflow of its own, for a group, with these ways to decide it as label and key.
pub(super) fn put_up(world: &mut World, name: &str, choices: &[(&str, &str)], group: i64) -> i64 {
    let (map, id, now) = (world.fresh(), world.fresh(), world.now());
    let choices = choices.iter().map(|(label, key)| ((*key).to_owned(), (*label).to_owned())).collect();
    let step = Step { name: name.to_owned(), assignee: group, choices, days: 3, confirms: false };
    world.workflows.maps.insert(map, vec![step]);
    let process = Process {
        id,
        map,
        name: name.to_owned(),
        by: ADMIN,
        started: now,
        at: 0,
        status: "running",
        assignee: group,
        due: now + 3 * 86_400_000,
        documents: Vec::new(),
        values: Map::new(),
        history: Vec::new(),
    };
    world.workflows.processes.insert(id, process);
    id
}

fn event(at: Millis, call: &Call, action: &str, step: &str) -> Value {
    json!({ "Date": view::time(at), "User_ID": call.who, "Action": action, "Step_Name": step, "Comment": call.text("comment") })
}

fn task_form(world: &World, call: &Call) -> Outcome {
    let process = process(world, &call.need("process_id")?)?;
    if !may_see(world, process, call.who) {
        return Err(Refused::no_access());
    }
    let step = steps(world, process.map)?.get(process.at).ok_or_else(|| Refused::bad("The workflow is over."))?;
    let choices: Vec<Value> = step.choices.iter().map(|(key, label)| json!({ "key": key, "label": label })).collect();
    let actions = [("SendOn", "Send On"), ("Delegate", "Delegate"), ("Review", "Send for Review")];
    let actions = actions.iter().filter(|(key, _)| *key != "SendOn" || step.choices.is_empty());
    Ok(Answer::json(json!({
        "data": {
            "title": step.name, "instructions": "", "actions": actions.map(|(key, label)| json!({ "key": key, "label": label })).collect::<Vec<Value>>(),
            "custom_actions": choices, "data_packages": packages(process), "message": { "performer": null, "text": "" }, "priority": 0,
            "comments_on": true, "attachments_on": true, "authentication": step.confirms,
            // Inferred: a group's task that nobody took says that it can be accepted.
            "member_accept": process.assignee != call.who && world.members.get(&process.assignee).is_some_and(|member| member.is_group),
        },
        "forms": [values_form(&process.values)],
    })))
}

/// Does a task: sends it on, delegates it, or chooses a disposition.
fn act(world: &mut World, call: &Call, id: &str, task: &str) -> Outcome {
    let found = process(world, id)?;
    let (id, assignee, at) = (found.id, found.assignee, found.at);
    if !is_for(world, assignee, call.who) && call.who != ADMIN {
        return Err(Refused::no_access());
    }
    if found.status != "running" || parse(task, "task_id")? != i64::try_from(at + 1).unwrap_or(0) {
        return Err(Refused::bad(format!("Invalid task ID '{task}'")));
    }
    let (action, custom) = (call.filled("action"), call.filled("custom_action"));
    let all = steps(world, found.map)?.clone();
    let step = all.get(at).ok_or_else(|| Refused::bad("The workflow is over."))?;
    let (now, values) = (world.now(), call.object("values").unwrap_or_default());
    let deed = match (&action, &custom) {
        (Some(_), Some(_)) => return Err(Refused::bad("Only one of 'action' and 'custom_action' can be specified.")),
        (None, None) => return Err(Refused::missing("action")),
        (Some(action), None) => action.as_str(),
        (None, Some(choice)) if step.choices.iter().any(|(key, _)| key == choice) => "SendOn",
        (None, Some(choice)) => return Err(Refused::bad(format!("Invalid custom action '{choice}'"))),
    };
    if step.confirms && deed == "SendOn" && !is_confirmed(world, call) {
        return Err(Refused::bad("The task needs to be confirmed with the password.").detail("662306821"));
    }
    let other = call.int("assignee")?;
    if other.is_some_and(|other| !world.members.contains_key(&other)) {
        return Err(Refused::wrong_type("assignee"));
    }
    let event = event(now, call, custom.as_deref().unwrap_or(deed), &step.name);
    let process = process_mut(world, id)?;
    match deed {
        "formUpdate" => {}
        "Delegate" | "Review" => process.assignee = other.ok_or_else(|| Refused::missing("assignee"))?,
        "SendOn" => {
            process.at += 1;
            match all.get(process.at) {
                Some(next) => (process.assignee, process.due) = (next.assignee, now + next.days * 86_400_000),
                None => process.status = "completed",
            }
        }
        other => return Err(Refused::bad(format!("Invalid action '{other}'"))),
    }
    process.values.extend(values);
    process.history.push(event);
    results(call, json!({ "process_id": id, "custom_message": null }))
}

/// Whether the request holds the member's password once more.
fn is_confirmed(world: &World, call: &Call) -> bool {
    // Inferred: where the password stands.
    let given = call.object("authentication_info").and_then(|info| info.get("password").and_then(text_of));
    let given = given.or_else(|| call.text("password"));
    world.members.get(&call.who).is_some_and(|member| given.as_ref() == Some(&member.password))
}

fn set_status(world: &mut World, call: &Call, id: &str) -> Outcome {
    let found = process(world, id)?;
    let id = found.id;
    if found.by != call.who && call.who != ADMIN {
        return Err(Refused::no_access());
    }
    let wanted = call.need("status")?;
    let status = match wanted.as_str() {
        "suspend" => "suspended",
        "resume" => "running",
        "stop" => "stopped",
        "archive" => "archived",
        other => return Err(Refused::bad(format!("Invalid status '{other}'"))),
    };
    process_mut(world, id)?.status = status;
    results(call, json!({ "process_id": id, "status": status }))
}

fn remove(world: &mut World, call: &Call, id: &str) -> Outcome {
    let found = process(world, id)?;
    let (id, is_running) = (found.id, found.status == "running");
    if found.by != call.who && call.who != ADMIN {
        return Err(Refused::no_access());
    }
    if is_running {
        // Inferred: the text; a process that runs is stopped first.
        return Err(Refused::bad("A workflow that is executing cannot be deleted."));
    }
    world.workflows.processes.remove(&id);
    results(call, json!({}))
}
