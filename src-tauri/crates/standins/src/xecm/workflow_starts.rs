//! Starting workflows: drafts that are filled in first, and starts without one.

use serde_json::{Map, json};

use super::answer::{Answer, Outcome, Refused, results};
use super::call::{Call, text_of};
use super::permissions::SEE_CONTENTS;
use super::workflows::{Draft, begin, parse, steps, values_form};
use super::world::World;

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("POST", ["v2", "draftprocesses"]) => draft(world, call),
        ("GET", ["v1", "forms", "draftprocesses"] | ["v1", "forms", "draftprocesses", "update"]) => {
            draft_form(world, call)
        }
        ("PUT", ["v2", "draftprocesses", id]) => update_draft(world, call, id),
        ("POST", ["v2", "draftprocesses", "startwf"]) => start_now(world, call),
        ("POST", ["v2", "processes"]) => start_definition(world, call),
        _ => return None,
    };
    Some(outcome)
}

fn new_draft(world: &World, call: &Call) -> Result<Draft, Refused> {
    let map = call.need_int("workflow_id")?;
    steps(world, map)?;
    world.visible(map, call.who)?;
    let documents = call.ints("doc_ids")?;
    for id in &documents {
        world.visible(*id, call.who)?;
        world.demand(*id, call.who, SEE_CONTENTS)?;
    }
    Ok(Draft { map, documents, values: Map::new(), by: call.who })
}

fn draft(world: &mut World, call: &Call) -> Outcome {
    let draft = new_draft(world, call)?;
    let id = world.fresh();
    world.workflows.drafts.insert(id, draft);
    results(call, json!({ "draftprocess_id": id, "workflow_type": "1_1" }))
}

fn draft_form(world: &World, call: &Call) -> Outcome {
    let id = call.need_int("draftprocess_id")?;
    let draft =
        world.workflows.drafts.get(&id).ok_or_else(|| Refused::bad(format!("Invalid draft process ID '{id}'")))?;
    let name = world.nodes.get(&draft.map).map(|node| node.name.clone()).unwrap_or_default();
    Ok(Answer::json(json!({
        "data": { "title": name, "instructions": "", "actions": [{ "key": "Initiate", "label": "Start" }], "custom_actions": [], "documents": draft.documents, "attachments_on": true, "data_packages": [] },
        "forms": [values_form(&draft.values)],
    })))
}

fn update_draft(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = parse(id, "draftprocess_id")?;
    let values = call.object("values").unwrap_or_default();
    let draft = world.workflows.drafts.get_mut(&id).filter(|draft| draft.by == call.who);
    let draft = draft.ok_or_else(|| Refused::bad(format!("Invalid draft process ID '{id}'")))?;
    match call.need("action")?.as_str() {
        "formUpdate" => {
            draft.values.extend(values);
            results(call, json!({ "draftprocess_id": id }))
        }
        "Initiate" => {
            draft.values.extend(values);
            let draft = draft.clone();
            world.workflows.drafts.remove(&id);
            let process = begin(world, draft, call)?;
            results(call, json!({ "process_id": process, "custom_message": null }))
        }
        other => Err(Refused::bad(format!("Invalid action '{other}'"))),
    }
}

fn start_now(world: &mut World, call: &Call) -> Outcome {
    let draft = new_draft(world, call)?;
    let id = begin(world, draft, call)?;
    results(call, json!({ "process_id": id, "custom_message": null }))
}

fn start_definition(world: &mut World, call: &Call) -> Outcome {
    let definition = call.object("definition").ok_or_else(|| Refused::missing("definition"))?;
    let map = definition.get("workflow_id").and_then(text_of).ok_or_else(|| Refused::missing("workflow_id"))?;
    let map = parse(&map, "workflow_id")?;
    world.visible(map, call.who)?;
    let id = begin(world, Draft { map, documents: Vec::new(), values: Map::new(), by: call.who }, call)?;
    results(call, json!({ "process_id": id, "WorkID": id }))
}
