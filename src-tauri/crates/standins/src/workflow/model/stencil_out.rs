//! Writes a process as the shapes of the modeller, so that a client reads the outcomes of any model in one way.

use serde_json::{Map, Value, json};

use super::{Kind, Node, PersonTask, Process, Wait};

fn stencil(kind: &Kind) -> &'static str {
    match kind {
        Kind::Start { message: None } => "StartNoneEvent",
        Kind::Start { message: Some(_) } => "StartMessageEvent",
        Kind::End { terminates: false } => "EndNoneEvent",
        Kind::End { terminates: true } => "EndTerminateEvent",
        Kind::Person(_) => "UserTask",
        Kind::Exclusive => "ExclusiveGateway",
        Kind::Inclusive => "InclusiveGateway",
        Kind::Parallel => "ParallelGateway",
        Kind::Receive => "ReceiveTask",
        Kind::Worker { .. } => "ExternalWorkerTask",
        Kind::Mail { .. } => "MailTask",
        Kind::Call(_) => "CallActivity",
        Kind::Timer { .. } => "CatchTimerEvent",
        Kind::Boundary { .. } => "BoundaryTimerEvent",
    }
}

fn values(items: &[String]) -> Vec<Value> {
    items.iter().map(|item| json!({ "value": item })).collect()
}

fn person(task: &PersonTask) -> Value {
    let mut assignment = json!({ "type": "static", "initiatorCanCompleteTask": task.initiator_can_complete });
    if let Some(assignee) = &task.assignee {
        assignment["assignee"] = json!(assignee);
    }
    if !task.users.is_empty() {
        assignment["candidateUsers"] = json!(values(&task.users));
    }
    if !task.groups.is_empty() {
        assignment["candidateGroups"] = json!(values(&task.groups));
    }
    json!({
        "usertaskassignment": { "assignment": assignment },
        "tasktype": task.task_type.as_deref().unwrap_or_default(),
        "outcomevariable": task.outcome_variable.as_deref().unwrap_or_default(),
        "possibleoutcomes": task.possible_outcomes.as_deref().unwrap_or_default(),
        "duedatedefinition": task.due.as_deref().unwrap_or_default(),
        "prioritydefinition": task.priority.as_deref().unwrap_or_default(),
        "categorydefinition": task.category.as_deref().unwrap_or_default(),
        "formkeydefinition": task.form_key.as_deref().unwrap_or_default(),
    })
}

fn wait(wait: &Wait) -> Value {
    match wait {
        Wait::For(period) => json!({ "timerdurationdefinition": period }),
        Wait::Until(date) => json!({ "timerdatedefinition": date }),
    }
}

fn handed(pairs: &[(String, String)]) -> Vec<Value> {
    let one = |(from, to): &(String, String)| {
        let source = if from.contains("${") { "sourceExpression" } else { "source" };
        json!({ source: from, "target": to })
    };
    pairs.iter().map(one).collect()
}

fn properties(node: &Node) -> Value {
    let mut properties = match &node.kind {
        Kind::Person(task) => person(task),
        Kind::Start { message: Some(message) } => json!({ "messageref": message }),
        Kind::Worker { topic } => json!({ "topic": topic }),
        Kind::Mail { to, subject, text } => {
            json!({ "mailtaskto": to, "mailtasksubject": subject, "mailtasktext": text })
        }
        Kind::Call(call) => json!({
            "callactivitycalledelement": call.key,
            "callactivityinheritvariables": call.inherits,
            "callactivityinparameters": { "inParameters": handed(&call.ins) },
            "callactivityoutparameters": { "outParameters": handed(&call.outs) },
        }),
        Kind::Timer { wait: timer } => wait(timer),
        Kind::Boundary { wait: timer, interrupts, .. } => {
            let mut properties = wait(timer);
            properties["cancelactivity"] = json!(interrupts);
            properties
        }
        _ => Value::Object(Map::new()),
    };
    properties["overrideid"] = json!(node.id);
    properties["name"] = json!(node.name);
    properties["documentation"] = json!(node.documentation.as_deref().unwrap_or_default());
    properties
}

fn references<'i>(ids: impl Iterator<Item = &'i str>) -> Vec<Value> {
    ids.map(|id| json!({ "resourceId": id })).collect()
}

fn bounds([left, top, width, height]: [i32; 4]) -> Value {
    json!({ "upperLeft": { "x": left, "y": top }, "lowerRight": { "x": left + width, "y": top + height } })
}

/// Writes a process.
pub(super) fn write(process: &Process) -> Value {
    let mut shapes = Vec::new();
    for node in &process.nodes {
        let flows = process.ways_out(&node.id).map(|flow| flow.id.as_str());
        let hanging = process.boundaries(&node.id).map(|(boundary, _)| boundary.id.as_str());
        let mut shape = json!({
            "resourceId": node.id,
            "stencil": { "id": stencil(&node.kind) },
            "properties": properties(node),
            "outgoing": references(flows.chain(hanging)),
            "childShapes": [],
        });
        if let Some(place) = node.bounds {
            shape["bounds"] = bounds(place);
        }
        shapes.push(shape);
    }
    for flow in &process.flows {
        shapes.push(json!({
            "resourceId": flow.id,
            "stencil": { "id": "SequenceFlow" },
            "properties": {
                "overrideid": flow.id,
                "name": flow.name,
                "conditionsequenceflow": flow.condition.as_deref().unwrap_or_default(),
                "defaultflow": flow.is_default,
            },
            "outgoing": references(std::iter::once(flow.to.as_str())),
            "target": { "resourceId": flow.to },
            "childShapes": [],
        }));
    }
    let fields = process.data.iter().map(|field| {
        json!({
            "dataproperty_id": field.name,
            "dataproperty_name": field.name,
            "dataproperty_type": field.kind,
            "dataproperty_value": field.value.as_deref().unwrap_or_default(),
        })
    });
    json!({
        "resourceId": "canvas",
        "stencil": { "id": "BPMNDiagram" },
        "stencilset": { "namespace": "http://b3mn.org/stencilset/bpmn2.0#" },
        "properties": {
            "process_id": process.key,
            "name": process.name,
            "documentation": process.documentation.as_deref().unwrap_or_default(),
            "process_namespace": process.category.as_deref().unwrap_or_default(),
            "process_duedatedefinition": process.due.as_deref().unwrap_or_default(),
            "process_historylevel": "audit",
            "isasynchistoryenable": true,
            "isexecutable": true,
            "dataproperties": { "items": fields.collect::<Vec<_>>() },
        },
        "childShapes": shapes,
    })
}
