//! Records: RM classifications of nodes, their details, the token that guards them, and batches.
//!
//! Every change of a record's details takes the token that was read last; one that is stale is refused.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused, results, single};
use super::call::Call;
use super::node::{Node, kind, token};
use super::permissions::EDIT_ATTRIBUTES;
use super::record::Record;
use super::view;
use super::world::World;
use crate::clock::Millis;

/// Details of a record that are texts, in the order in which they are shown.
const FIELDS: &[&str] = &[
    "file_number",
    "rsi",
    "status",
    "status_date",
    "record_date",
    "received_date",
    "storage",
    "accession",
    "subject",
    "originator",
    "addressee",
    "sent_to",
    "establishment",
    "cycle_period",
    "last_review_date",
    "next_review_date",
    "record_officer",
    "author",
];
/// Codes of periods between two reviews.
const CYCLES: &[&str] = &["", "0", "1", "2", "3", "4", "5"];
/// What record codes there are: list, default, values.
const CODES: &[(&str, &str, &[&str])] = &[
    ("status", "ACTIVE", &["ACTIVE", "CLOSED", "INACTIVE", "SUPERSEDED"]),
    ("essential", "ROUTINE", &["ROUTINE", "VITAL", "SECRET"]),
    ("storage", "ELECTRONIC", &["ELECTRONIC", "PAPER", "MICROFILM"]),
    ("hold_type", "LEGAL", &["LEGAL", "AUDIT", "TAX"]),
    ("accession", "", &["NONE", "TRANSFER"]),
    ("justification", "", &["COURT ORDER", "AUDIT REQUEST"]),
    ("cycle_period", "", &["0", "1", "2", "3", "4", "5"]),
];

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v1", "nodes", id, "rmclassifications"]) => read(world, call, id),
        ("POST", ["v1", "nodes", id, "rmclassifications"]) => assign(world, call, id),
        ("PUT", ["v1", "nodes", id, "rmclassifications"]) => update(world, call, id),
        ("PUT", ["v1", "nodes", id, "rmclassifications", "makeConfidential"]) => confide(world, call, id, true),
        ("PUT", ["v1", "nodes", id, "rmclassifications", "removeConfidential"]) => confide(world, call, id, false),
        ("DELETE", ["v1", "nodes", id, "rmclassifications", class]) => remove(world, call, id, class),
        ("PUT", ["v1", "rmclassifications", "finalizerecords"]) => finalize_all(world, call),
        ("POST", ["v1", "rmqueues"]) => queue(world, call),
        ("GET", ["v1", "rmqueues", id]) => queued(world, id),
        ("POST", ["v1", "rmclassifications", "batchAddClassification"]) => batch(world, call, true),
        ("POST", ["v1", "rmcassifications" | "rmclassifications", "batchRemoveClassification"]) => {
            batch(world, call, false)
        }
        ("GET", ["v2", "recordsmanagement", "rmcodes"]) => single(call, codes()),
        ("GET", ["v1", "recordsmanagement", "rmcodes"]) => Ok(Answer::json(json!({ "results": { "data": codes() } }))),
        ("GET", ["v1", "recordsmanagement", "fieldinfos"]) => Ok(Answer::json(json!({ "results": field_infos() }))),
        _ => return None,
    };
    Some(outcome)
}

/// Makes a node a record of this class.
pub(super) fn declare(node: &mut Node, class: i64, now: Millis) {
    let record = node.record.get_or_insert_with(|| Record {
        essential: "ROUTINE".to_owned(),
        details: [
            ("status", "ACTIVE".to_owned()),
            ("storage", "ELECTRONIC".to_owned()),
            ("record_date", view::day(now)),
            ("status_date", view::day(now)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into(),
        ..Record::default()
    });
    if !record.classes.contains(&class) {
        record.classes.push(class);
    }
    record.revision += 1;
}

fn token_of(node: &Node) -> String {
    token(node.id, -1, node.record.as_ref().map_or(0, |record| record.revision))
}

fn row(world: &World, node: &Node, record: &Record, class: i64) -> Value {
    let mut row = Map::new();
    for field in FIELDS {
        row.insert((*field).to_owned(), record.details.get(*field).map_or(Value::Null, |value| json!(value)));
    }
    let named = world.nodes.get(&class);
    row.extend([
        ("id".to_owned(), json!(class)),
        ("rmclassification_id".to_owned(), json!(class)),
        ("name".to_owned(), json!(named.map(|class| &class.name))),
        ("is_primary".to_owned(), json!(record.classes.first() == Some(&class))),
        ("essential".to_owned(), json!(record.essential)),
        ("official".to_owned(), json!(record.official)),
        ("confidential".to_owned(), json!(record.confidential)),
        ("finalized".to_owned(), json!(record.finalized)),
        ("record_officer_name".to_owned(), Value::Null),
        ("selectable".to_owned(), json!(true)),
        ("type".to_owned(), json!(kind::RM_CLASSIFICATION)),
        ("docnode_id".to_owned(), json!(node.id)),
    ]);
    Value::Object(row)
}

fn document(world: &World, call: &Call, node: &Node) -> Value {
    let rows: Vec<Value> = node
        .record
        .as_ref()
        .map(|record| record.classes.iter().map(|class| row(world, node, record, *class)).collect())
        .unwrap_or_default();
    let may = world.demand(node.id, call.who, EDIT_ATTRIBUTES).is_ok();
    let finalized = node.record.as_ref().is_some_and(|record| record.finalized);
    json!({
        "canFinalize": may && !rows.is_empty() && !finalized,
        "canRMClassify": may && !finalized,
        "canRemoveClass": may && !finalized,
        "classVolumeID": world.volume(550).map(|volume| volume.id),
        "data": rows,
        "definitions": {},
        "fields_order": FIELDS,
        "fields_to_show": FIELDS,
        "rm_metadataToken": token_of(node),
        "showTab": true,
        "vitalRecordCodes": ["VITAL"],
    })
}

fn read(world: &World, call: &Call, id: &str) -> Outcome {
    let node = world.node(id, call.who)?;
    Ok(Answer::json(document(world, call, node)))
}

fn demand_token(node: &Node, call: &Call, is_needed: bool) -> Result<(), Refused> {
    match call.filled("rm_metadataToken") {
        // Inferred: the status; that a stale token must fail is documented.
        Some(token) if token != token_of(node) => Err(Refused::bad("Could not update metadata (edit conflict).")),
        None if is_needed => Err(Refused::missing("rm_metadataToken")),
        _ => Ok(()),
    }
}

/// The details among the parameters, checked.
fn details(world: &World, call: &Call, record: &mut Record) -> Result<(), Refused> {
    for field in FIELDS {
        if let Some(value) = call.text(field) {
            record.details.insert((*field).to_owned(), value);
        }
    }
    // Inferred: both names take effect; the documents say `status`, a client sends `file_status`.
    if let Some(status) = call.text("file_status") {
        record.details.insert("status".to_owned(), status);
    }
    if let Some(cycle) = call.text("cycle_period").filter(|cycle| !CYCLES.contains(&cycle.as_str())) {
        return Err(Refused::bad(format!("Incorrect Cycle Period specified. ({cycle})")));
    }
    for (list, value) in [("status", record.details.get("status")), ("storage", record.details.get("storage"))] {
        let known = CODES.iter().find(|(name, ..)| *name == list);
        if let (Some(value), Some((_, _, values))) = (value, known)
            && !value.is_empty()
            && !values.contains(&value.as_str())
        {
            // Inferred: the text; the codes are lists of the installation.
            return Err(Refused::bad(format!("Incorrect {list} code specified. ({value})")));
        }
    }
    if let Some(rsi) = record.details.get("rsi").filter(|rsi| !rsi.is_empty())
        && !world.rsis.values().any(|known| known.name == *rsi)
    {
        return Err(Refused::bad(format!("Incorrect RSI specified. ({rsi})")));
    }
    record.essential = call.filled("essential").unwrap_or_else(|| record.essential.clone());
    if call.has("official") {
        record.official = call.flag("official");
    }
    Ok(())
}

fn class_of(world: &World, call: &Call, id: i64) -> Result<i64, Refused> {
    let class = world.visible(id, call.who)?;
    if class.kind == kind::RM_CLASSIFICATION {
        Ok(id)
    } else {
        Err(Refused::bad(format!("Invalid RM classification ID '{id}'")))
    }
}

fn assign(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let class = class_of(world, call, call.need_int("class_id")?)?;
    demand_token(world.known(id)?, call, false)?;
    let now = world.now();
    let below = if call.flag("apply_to_sub_items") { world.below(id) } else { Vec::new() };
    for id in std::iter::once(id).chain(below) {
        let mut node = world.known(id)?.clone();
        declare(&mut node, class, now);
        if let Some(record) = &mut node.record {
            details(world, call, record)?;
        }
        world.nodes.insert(id, node);
    }
    world.note(id, call.who, "rmclassify", None);
    read(world, call, &id.to_string())
}

fn update(world: &mut World, call: &Call, id: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let node = world.known(id)?;
    demand_token(node, call, false)?;
    let mut record = node.record.clone().ok_or_else(not_a_record)?;
    if record.finalized {
        return Err(Refused::bad("The record is final and cannot be changed."));
    }
    details(world, call, &mut record)?;
    record.revision += 1;
    world.known_mut(id)?.record = Some(record);
    world.note(id, call.who, "rmupdate", None);
    read(world, call, &id.to_string())
}

fn not_a_record() -> Refused {
    // Inferred: the text.
    Refused::bad("The item is not a record.")
}

fn remove(world: &mut World, call: &Call, id: &str, class: &str) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    demand_token(world.known(id)?, call, false)?;
    let class: i64 = class.parse().map_err(|_| Refused::wrong_type("class_id"))?;
    strip(world, id, class)?;
    read(world, call, &id.to_string())
}

fn strip(world: &mut World, id: i64, class: i64) -> Result<(), Refused> {
    let node = world.known_mut(id)?;
    let record = node.record.as_mut().filter(|record| record.classes.contains(&class)).ok_or_else(not_a_record)?;
    if record.finalized {
        return Err(Refused::bad("The record is final and cannot be changed."));
    }
    record.classes.retain(|known| *known != class);
    record.revision += 1;
    if record.classes.is_empty() {
        node.record = None;
    }
    Ok(())
}

fn confide(world: &mut World, call: &Call, id: &str, on: bool) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    demand_token(world.known(id)?, call, false)?;
    let record = world.known_mut(id)?.record.as_mut().ok_or_else(not_a_record)?;
    record.confidential = on;
    record.revision += 1;
    read(world, call, &id.to_string())
}

fn record_ids(call: &Call) -> Result<Vec<i64>, Refused> {
    let missing = || Refused::new(404, "ID is not an integer or is missing");
    let ids = call.ints("ids").map_err(|_| missing())?;
    if ids.is_empty() { Err(missing()) } else { Ok(ids) }
}

fn finalize(world: &mut World, id: i64, who: i64) -> Result<(), Refused> {
    world.visible(id, who)?;
    world.demand(id, who, EDIT_ATTRIBUTES)?;
    let record = world.known_mut(id)?.record.as_mut().ok_or_else(not_a_record)?;
    record.finalized = true;
    record.official = true;
    record.revision += 1;
    world.note(id, who, "finalize", None);
    Ok(())
}

/// Does something to each node and tells which went well.
fn each(
    world: &mut World,
    call: &Call,
    ids: Vec<i64>,
    deed: impl Fn(&mut World, i64) -> Result<(), Refused>,
) -> (Vec<i64>, Vec<i64>, Outcome) {
    let (mut done, mut failed, mut errors) = (Vec::new(), Vec::new(), Map::new());
    for id in ids {
        match deed(world, id) {
            Ok(()) => done.push(id),
            Err(refused) => {
                failed.push(id);
                errors.insert(id.to_string(), json!(refused.text));
            }
        }
    }
    // Inferred: the names of what a batch answers.
    let document = json!({ "ok": failed.is_empty(), "nodesProcessed": done, "nodesFailed": failed, "errors": errors });
    let outcome = results(call, document);
    (done, failed, outcome)
}

fn finalize_all(world: &mut World, call: &Call) -> Outcome {
    let ids = record_ids(call)?;
    each(world, call, ids, |world, id| finalize(world, id, call.who)).2
}

fn batch(world: &mut World, call: &Call, add: bool) -> Outcome {
    let ids = record_ids(call)?;
    let class = class_of(
        world,
        call,
        call.int("classID")?.or(call.int("class_id")?).ok_or_else(|| Refused::missing("classID"))?,
    )?;
    let now = world.now();
    each(world, call, ids, |world, id| {
        world.visible(id, call.who)?;
        world.demand(id, call.who, EDIT_ATTRIBUTES)?;
        if add {
            declare(world.known_mut(id)?, class, now);
            return Ok(());
        }
        strip(world, id, class)
    })
    .2
}

/// A long job; it is done when its id is told.
fn queue(world: &mut World, call: &Call) -> Outcome {
    let task = call.need("task_name")?;
    if task != "rm_FinalizeRecord" {
        return Err(Refused::bad(format!("Unknown task '{task}'")));
    }
    let ids = record_ids(call)?;
    let (done, failed, _) = each(world, call, ids, |world, id| finalize(world, id, call.who));
    let id = world.fresh();
    world.jobs.insert(id, (task, done, failed));
    Ok(Answer::json(json!({ "id": id, "queue_id": id })))
}

fn queued(world: &World, id: &str) -> Outcome {
    let id: i64 = id.parse().map_err(|_| Refused::wrong_type("id"))?;
    let (task, done, failed) =
        world.jobs.get(&id).ok_or_else(|| Refused::bad(format!("Could not get a job for {id}")))?;
    // Inferred: the names of a job's counts.
    Ok(Answer::json(json!({
        "id": id, "task_name": task, "status": "completed", "total": done.len() + failed.len(),
        "completed": done.len(), "failed": failed.len(), "completed_ids": done, "failed_ids": failed,
    })))
}

fn codes() -> Value {
    let lists = CODES.iter().map(|(name, default, values)| {
        let values: Vec<Value> =
            values.iter().map(|value| json!({ "code": value, "value": value, "name": value })).collect();
        ((*name).to_owned(), json!({ "default_value": default, "values": values }))
    });
    Value::Object(lists.collect())
}

fn field_infos() -> Value {
    let rows = FIELDS.iter().map(|field| json!({ "name": field, "displayed": true, "required": *field == "status", "editable": *field != "status_date" }));
    json!({ "fields": rows.collect::<Vec<Value>>() })
}
