//! A model as the shapes of the modeller: `{properties, childShapes: [{resourceId, stencil, properties, outgoing}]}`.

use serde_json::Value;

use super::{Call, DataField, Flow, Kind, Node, PersonTask, Process, Wait};
use crate::workflow::errors::{Answer, Refused};

/// A property that may be there, empty or missing; an object with an expression counts as its text.
fn text(properties: &Value, name: &str) -> Option<String> {
    let found = properties.get(name)?;
    let found = match found {
        Value::Object(_) => found.pointer("/expression/staticValue").or_else(|| found.get("value"))?,
        other => other,
    };
    match found {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn flag(properties: &Value, name: &str) -> bool {
    match properties.get(name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("yes"),
        _ => false,
    }
}

fn id_of(shape: &Value) -> String {
    let own = shape.get("properties").and_then(|properties| text(properties, "overrideid"));
    own.unwrap_or_else(|| shape["resourceId"].as_str().unwrap_or_default().to_owned())
}

fn stencil_of(shape: &Value) -> &str {
    shape.pointer("/stencil/id").and_then(Value::as_str).unwrap_or_default()
}

/// The values of a list such as `candidateUsers: [{value}]`, or of a text with commas.
fn values(of: &Value, name: &str) -> Vec<String> {
    match of.get(name) {
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(|item| item.get("value").unwrap_or(item).as_str())
            .map(|item| item.trim().to_owned())
            .filter(|item| !item.is_empty())
            .collect(),
        Some(Value::String(text)) => {
            text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
        }
        _ => Vec::new(),
    }
}

fn person(properties: &Value) -> PersonTask {
    let nothing = Value::Null;
    let assignment = properties.pointer("/usertaskassignment/assignment").unwrap_or(&nothing);
    PersonTask {
        assignee: text(assignment, "assignee"),
        users: values(assignment, "candidateUsers"),
        groups: values(assignment, "candidateGroups"),
        initiator_can_complete: flag(assignment, "initiatorCanCompleteTask"),
        task_type: text(properties, "tasktype"),
        outcome_variable: text(properties, "outcomevariable"),
        possible_outcomes: text(properties, "possibleoutcomes"),
        due: text(properties, "duedatedefinition"),
        priority: text(properties, "prioritydefinition"),
        category: text(properties, "categorydefinition"),
        form_key: text(properties, "formkeydefinition"),
    }
}

/// The rows of `callactivityinparameters` or `callactivityoutparameters`.
fn handed(properties: &Value, name: &str, list: &str) -> Vec<(String, String)> {
    let rows = properties.pointer(&format!("/{name}/{list}")).and_then(Value::as_array);
    let pair = |row: &Value| {
        let from = text(row, "sourceExpression").or_else(|| text(row, "source"))?;
        Some((from, text(row, "target")?))
    };
    rows.into_iter().flatten().filter_map(pair).collect()
}

fn call(properties: &Value) -> Call {
    Call {
        key: text(properties, "callactivitycalledelement").unwrap_or_default(),
        inherits: flag(properties, "callactivityinheritvariables"),
        ins: handed(properties, "callactivityinparameters", "inParameters"),
        outs: handed(properties, "callactivityoutparameters", "outParameters"),
    }
}

fn wait(properties: &Value) -> Wait {
    match (text(properties, "timerdurationdefinition"), text(properties, "timerdatedefinition")) {
        (Some(period), _) => Wait::For(period),
        (None, until) => Wait::Until(until.unwrap_or_default()),
    }
}

/// What a shape does; `None` for those that only explain.
fn kind(shape: &Value, shapes: &[&Value]) -> Answer<Option<Kind>> {
    let nothing = Value::Null;
    let properties = shape.get("properties").unwrap_or(&nothing);
    let kind = match stencil_of(shape) {
        "StartNoneEvent" => Kind::Start { message: None },
        "StartMessageEvent" => Kind::Start { message: text(properties, "messageref") },
        "EndNoneEvent" => Kind::End { terminates: false },
        "EndTerminateEvent" => Kind::End { terminates: true },
        "UserTask" => Kind::Person(Box::new(person(properties))),
        "ExclusiveGateway" => Kind::Exclusive,
        "InclusiveGateway" => Kind::Inclusive,
        "ParallelGateway" => Kind::Parallel,
        "ReceiveTask" | "ManualTask" => Kind::Receive,
        "ExternalWorkerTask" => Kind::Worker { topic: text(properties, "topic").unwrap_or_default() },
        "MailTask" => Kind::Mail {
            to: text(properties, "mailtaskto").unwrap_or_default(),
            subject: text(properties, "mailtasksubject").unwrap_or_default(),
            text: text(properties, "mailtasktext").or_else(|| text(properties, "mailtaskhtml")).unwrap_or_default(),
        },
        "CallActivity" => Kind::Call(Box::new(call(properties))),
        "CatchTimerEvent" => Kind::Timer { wait: wait(properties) },
        "BoundaryTimerEvent" => {
            let id = shape["resourceId"].as_str().unwrap_or_default();
            let host =
                shapes.iter().find(|host| outgoing(host).any(|out| out == id) && stencil_of(host) != "SequenceFlow");
            let interrupts = properties.get("cancelactivity").is_none_or(|_| flag(properties, "cancelactivity"));
            Kind::Boundary {
                host: host.map(|host| id_of(host)).unwrap_or_default(),
                interrupts,
                wait: wait(properties),
            }
        }
        "SequenceFlow" | "TextAnnotation" | "Association" | "Pool" | "Lane" => return Ok(None),
        // Inferred: what the service does with further shapes is not copied, so a model with them is refused at once.
        other => return Err(Refused::invalid(format!("The shape '{other}' cannot be run here"))),
    };
    Ok(Some(kind))
}

fn outgoing(shape: &Value) -> impl Iterator<Item = &str> {
    shape["outgoing"].as_array().into_iter().flatten().filter_map(|out| out["resourceId"].as_str())
}

/// A shape and those within it: lanes hold steps.
fn gather<'v>(shape: &'v Value, all: &mut Vec<&'v Value>) {
    for child in shape["childShapes"].as_array().into_iter().flatten() {
        all.push(child);
        gather(child, all);
    }
}

fn bounds(shape: &Value) -> Option<[i32; 4]> {
    let at = |pointer: &str| {
        let number = shape.pointer(pointer)?.as_f64()?;
        #[expect(clippy::cast_possible_truncation, reason = "a drawing has no such coordinates")]
        Some(number.clamp(-100_000.0, 100_000.0) as i32)
    };
    let (left, top) = (at("/bounds/upperLeft/x")?, at("/bounds/upperLeft/y")?);
    Some([left, top, at("/bounds/lowerRight/x")? - left, at("/bounds/lowerRight/y")? - top])
}

fn node(shape: &Value, shapes: &[&Value]) -> Answer<Option<Node>> {
    let Some(kind) = kind(shape, shapes)? else { return Ok(None) };
    let properties = &shape["properties"];
    Ok(Some(Node {
        id: id_of(shape),
        name: text(properties, "name").unwrap_or_default(),
        documentation: text(properties, "documentation"),
        kind,
        bounds: bounds(shape),
    }))
}

fn flow(shape: &Value, shapes: &[&Value]) -> Option<Flow> {
    let id = shape["resourceId"].as_str()?;
    let target = shape.pointer("/target/resourceId").and_then(Value::as_str).or_else(|| outgoing(shape).next())?;
    let from = shapes.iter().find(|source| outgoing(source).any(|out| out == id))?;
    let to = shapes.iter().find(|shape| shape["resourceId"].as_str() == Some(target));
    let properties = &shape["properties"];
    Some(Flow {
        id: id_of(shape),
        name: text(properties, "name").unwrap_or_default(),
        from: id_of(from),
        to: to.map_or_else(|| target.to_owned(), |to| id_of(to)),
        condition: text(properties, "conditionsequenceflow"),
        is_default: flag(properties, "defaultflow"),
    })
}

fn data(properties: &Value) -> Vec<DataField> {
    let items = properties.pointer("/dataproperties/items").and_then(Value::as_array);
    let field = |item: &Value| {
        let name = text(item, "dataproperty_name").or_else(|| text(item, "dataproperty_id"))?;
        let kind = text(item, "dataproperty_type").unwrap_or_else(|| "string".to_owned());
        Some(DataField { name, kind, value: text(item, "dataproperty_value") })
    };
    items.into_iter().flatten().filter_map(field).collect()
}

/// Reads a model, or the project file around it.
pub(super) fn read(content: &Value) -> Answer<Process> {
    let root = if content.get("childShapes").is_some() { content } else { &content["data"] };
    if !root["childShapes"].is_array() {
        return Err(Refused::invalid("modelContent has no childShapes"));
    }
    let properties = &root["properties"];
    let mut shapes = Vec::new();
    gather(root, &mut shapes);
    let mut process = Process {
        key: text(properties, "process_id").unwrap_or_default(),
        documentation: text(properties, "documentation"),
        category: text(properties, "process_namespace")
            .filter(|category| category != "http://www.flowable.org/processdef"),
        due: text(properties, "process_duedatedefinition"),
        data: data(properties),
        ..Process::default()
    };
    process.name = text(properties, "name").unwrap_or_else(|| process.key.clone());
    for shape in &shapes {
        process.nodes.extend(node(shape, &shapes)?);
        if stencil_of(shape) == "SequenceFlow" {
            let found = flow(shape, &shapes);
            process.flows.push(found.ok_or_else(|| Refused::invalid("A sequence flow has no source or no target"))?);
        }
    }
    Ok(process)
}
