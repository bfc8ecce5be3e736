//! Tasks of workflows that wait for a whole group: whether one does, and taking it for oneself.

use serde_json::json;

use super::answer::{Outcome, Refused, results};
use super::call::Call;
use super::view;
use super::workflows::{is_for, process, process_mut, steps};
use super::world::World;

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let path: Vec<String> = call.path().into_iter().map(str::to_owned).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let ["v2", "mobilegroupassignment", verb, "taskid", _, "processid", id, "subprocessid", _] = path.as_slice() else {
        return None;
    };
    match (call.verb(), *verb) {
        ("GET", "check") => Some(check(world, call, id)),
        ("POST", "accept") => Some(accept(world, call, id)),
        _ => None,
    }
}

/// A task of one person says only that it is no group's.
fn check(world: &World, call: &Call, id: &str) -> Outcome {
    let found = process(world, id)?;
    let Some(group) = world.members.get(&found.assignee).filter(|member| member.is_group) else {
        return results(call, json!({ "isGroupTask": false }));
    };
    let step = steps(world, found.map)?.get(found.at).map_or("", |step| step.name.as_str());
    // Inferred: the manager is who started the workflow, and the task came when it did.
    results(
        call,
        json!({
            "isGroupTask": true, "group": group.name, "manager": found.by, "stepName": step, "taskType": 153,
            "dueDate": view::day(found.due), "received": view::time(found.started), "startDate": view::time(found.started),
        }),
    )
}

/// Takes a group's task for oneself.
fn accept(world: &mut World, call: &Call, id: &str) -> Outcome {
    let found = process(world, id)?;
    let (id, assignee) = (found.id, found.assignee);
    if assignee == call.who || !is_for(world, assignee, call.who) {
        return Err(Refused::no_access());
    }
    process_mut(world, id)?.assignee = call.who;
    results(call, json!({ "accept": true }))
}
