//! RSIs: record series identifiers with their schedules, and which node has one.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Refused, collection, results, single};
use super::call::Call;
use super::permissions::EDIT_ATTRIBUTES;
use super::world::World;

/// A record series.
#[derive(Debug, Clone)]
pub(super) struct Rsi {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) schedules: Vec<Value>,
}

pub(super) fn route(world: &mut World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("GET", ["v2", "rsis"]) => all(world, call),
        ("GET", ["v2", "rsis", id]) => one(world, call, id),
        ("GET", ["v1", "rsis"]) => {
            let names: Vec<Value> = world.rsis.values().map(|rsi| json!({ "name": rsi.name })).collect();
            Ok(Answer::json(json!({ "fast:codes": names })))
        }
        ("GET", ["v2", "rsischedule", id]) => schedules(world, call, id),
        ("GET", ["v2", "rsis", id, "schedules", schedule]) => one_schedule(world, call, id, schedule),
        ("POST", ["v1", "rsis"]) => search(world, call),
        ("POST", ["v2", "rsischedules"]) => schedule(world, call),
        ("GET", ["v1", "nodes", id, "rsis"]) => on_node(world, call, id),
        ("GET", ["v1", "nodes", id, "rsi", rsi, "GetRSIDetails"]) => details(world, call, id, rsi),
        ("POST", ["v1", "nodes", id, "rmclassifications", _, "rsis"]) => set(world, call, id, true),
        ("DELETE", ["v1", "nodes", id, "rmclassifications", _, "rsis"]) => set(world, call, id, false),
        ("GET", ["v2", "rsiitems", id] | ["v2", "rsiitems", id, "page"]) => items(world, call, id),
        _ => return None,
    };
    Some(outcome)
}

fn row(rsi: &Rsi) -> Value {
    json!({
        "RSIID": rsi.id, "RSI": rsi.name, "Title": rsi.title, "Subject": "", "Status": "ACTIVE", "StatusDate": "2023-01-09T00:00:00Z",
        "Description": rsi.title, "Discontinue": 0, "DiscontinueDate": null, "DispControl": 0, "DispControlDate": null,
        "EditAppliesTo": false, "RSIScheduleID": rsi.schedules.len(), "RSISchedules": rsi.schedules,
    })
}

fn all(world: &World, call: &Call) -> Outcome {
    let page = call.page(25)?;
    let rows: Vec<Value> = world.rsis.values().map(row).collect();
    let total = rows.len();
    Ok(Answer::json(json!({
        "collection": collection(call, page, total, "asc_RSI"),
        "links": {},
        "results": { "data": { "rsis": page.cut(rows) }, "ok": true, "errMsg": "" },
    })))
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a Rsi, Refused> {
    let id: i64 = id.parse().map_err(|_| Refused::wrong_type("id"))?;
    world.rsis.get(&id).ok_or_else(|| Refused::bad(format!("Could not get an RSI for {id}")))
}

fn one(world: &World, call: &Call, id: &str) -> Outcome {
    single(call, json!({ "rsi": row(find(world, id)?) }))
}

/// A schedule with the series that it belongs to.
fn schedule_row(rsi: &Rsi, schedule: &Value) -> Value {
    let mut row = schedule.clone();
    for (name, value) in [
        ("RSIID", json!(rsi.id)),
        ("RSI", json!(rsi.name)),
        ("Title", json!(rsi.title)),
        ("RSIScheduleID", schedule["id"].clone()),
    ] {
        row[name] = value;
    }
    row
}

fn schedules(world: &World, call: &Call, id: &str) -> Outcome {
    let rsi = find(world, id)?;
    let page = call.page(25)?;
    let rows: Vec<Value> =
        rsi.schedules.iter().map(|schedule| json!({ "data": schedule_row(rsi, schedule) })).collect();
    let paging = page.paging(call, rows.len());
    Ok(Answer::json(json!({ "paging": paging, "data": page.cut(rows) })))
}

fn one_schedule(world: &World, call: &Call, id: &str, schedule: &str) -> Outcome {
    let rsi = find(world, id)?;
    let wanted: i64 = schedule.parse().map_err(|_| Refused::wrong_type("id"))?;
    let found = rsi.schedules.iter().find(|schedule| schedule["id"] == wanted);
    let found = found.ok_or_else(|| Refused::bad(format!("Could not get a schedule for {wanted}")))?;
    results(call, json!({ "ok": true, "errMsg": "", "data": { "schedule": schedule_row(rsi, found) } }))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape in which every handler ends")]
fn search(world: &World, call: &Call) -> Outcome {
    let wanted = ["RSI", "rsi", "criteria", "where_name"].iter().find_map(|name| call.filled(name));
    let wanted = wanted.unwrap_or_default().to_lowercase();
    let found = world
        .rsis
        .values()
        .filter(|rsi| rsi.name.to_lowercase().contains(&wanted) || rsi.title.to_lowercase().contains(&wanted));
    let codes: Vec<Value> = found.map(|rsi| json!({ "id": rsi.id, "name": rsi.name, "title": rsi.title })).collect();
    Ok(Answer::json(json!({ "data": { "fast_codes": codes } })))
}

fn schedule(world: &mut World, call: &Call) -> Outcome {
    let rsi =
        call.int("rsi_id")?.or(call.int("RSIID")?).or(call.int("id")?).ok_or_else(|| Refused::missing("rsi_id"))?;
    let fields = call.fields();
    let id = world.fresh();
    let Some(rsi) = world.rsis.get_mut(&rsi) else {
        return results(call, json!({ "ok": false, "errMsg": format!("Could not get an RSI for {rsi}"), "id": 0 }));
    };
    let mut schedule = json!(fields);
    schedule["id"] = json!(id);
    rsi.schedules.push(schedule);
    results(call, json!({ "ok": true, "errMsg": "", "id": id }))
}

fn rsi_of<'a>(world: &'a World, call: &Call, id: &str) -> Result<Option<&'a Rsi>, Refused> {
    let node = world.node(id, call.who)?;
    let name = node.record.as_ref().and_then(|record| record.details.get("rsi"));
    Ok(world.rsis.values().find(|rsi| Some(&rsi.name) == name))
}

fn on_node(world: &World, call: &Call, id: &str) -> Outcome {
    let rows: Vec<Value> = rsi_of(world, call, id)?.map(row).into_iter().collect();
    Ok(Answer::json(json!({ "data": rows })))
}

fn details(world: &World, call: &Call, id: &str, rsi: &str) -> Outcome {
    world.node(id, call.who)?;
    let found = world.rsis.values().find(|known| known.name == rsi || known.id.to_string() == rsi);
    let found = found.ok_or_else(|| Refused::bad(format!("Incorrect RSI specified. ({rsi})")))?;
    Ok(Answer::json(json!({ "data": row(found) })))
}

fn set(world: &mut World, call: &Call, id: &str, on: bool) -> Outcome {
    let id = world.node(id, call.who)?.id;
    world.demand(id, call.who, EDIT_ATTRIBUTES)?;
    let rsi = call.filled("rsi").filter(|_| on).unwrap_or_default();
    if on && !world.rsis.values().any(|known| known.name == rsi) {
        return Err(Refused::bad(format!("Incorrect RSI specified. ({rsi})")));
    }
    let record = world.known_mut(id)?.record.as_mut().ok_or_else(|| Refused::bad("The item is not a record."))?;
    record.details.insert("rsi".to_owned(), rsi);
    record.revision += 1;
    on_node(world, call, &id.to_string())
}

fn items(world: &World, call: &Call, id: &str) -> Outcome {
    let rsi = find(world, id)?;
    let has = |node: &&super::node::Node| {
        node.record.as_ref().and_then(|record| record.details.get("rsi")) == Some(&rsi.name)
    };
    let seen = world.nodes.values().filter(has).filter(|node| world.visible(node.id, call.who).is_ok());
    super::answer::paged(call, seen.map(|node| super::view::row(world, call, node)).collect(), 25)
}
