//! Writes a process as BPMN 2.0.

use quick_xml::escape::escape;

use super::{Flow, Kind, Node, PersonTask, Process, Wait};

/// An element that is being written: its attributes, and what is in it.
#[derive(Default)]
struct Draft {
    name: &'static str,
    attributes: String,
    content: String,
}

impl Draft {
    fn new(name: &'static str, node: &Node) -> Self {
        let mut draft = Self { name, ..Self::default() };
        draft.attribute("id", Some(&node.id));
        draft.attribute("name", Some(&node.name));
        if let Some(text) = &node.documentation {
            draft.add(&format!("<documentation>{}</documentation>", escape(text)));
        }
        draft
    }

    fn attribute(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            for part in [" ", name, "=\"", &escape(value), "\""] {
                self.attributes.push_str(part);
            }
        }
    }

    fn add(&mut self, xml: &str) {
        self.content.push_str(xml);
    }

    fn finish(self) -> String {
        let Self { name, attributes, content } = self;
        if content.is_empty() {
            format!("<{name}{attributes}/>\n")
        } else {
            format!("<{name}{attributes}>{content}</{name}>\n")
        }
    }
}

fn person(draft: &mut Draft, task: &PersonTask) {
    let (users, groups) = (task.users.join(","), task.groups.join(","));
    let rows = [
        ("workflow:assignee", task.assignee.as_deref()),
        ("workflow:candidateUsers", Some(users.as_str())),
        ("workflow:candidateGroups", Some(groups.as_str())),
        ("workflow:taskType", task.task_type.as_deref()),
        ("workflow:outcomeVariable", task.outcome_variable.as_deref()),
        ("workflow:possibleOutcomes", task.possible_outcomes.as_deref()),
        ("workflow:dueDate", task.due.as_deref()),
        ("workflow:priority", task.priority.as_deref()),
        ("workflow:category", task.category.as_deref()),
        ("workflow:formKey", task.form_key.as_deref()),
    ];
    for (name, value) in rows {
        draft.attribute(name, value);
    }
    let may = task.initiator_can_complete;
    draft.add(&format!(
        "<extensionElements><modeler:initiator-can-complete>{may}</modeler:initiator-can-complete></extensionElements>"
    ));
}

fn timer(wait: &Wait) -> String {
    let inner = match wait {
        Wait::For(period) => format!("<timeDuration>{}</timeDuration>", escape(period)),
        Wait::Until(date) => format!("<timeDate>{}</timeDate>", escape(date)),
    };
    format!("<timerEventDefinition>{inner}</timerEventDefinition>")
}

fn handed(name: &str, pairs: &[(String, String)]) -> String {
    let one = |(from, to): &(String, String)| {
        let source = if from.contains("${") { "sourceExpression" } else { "source" };
        format!("<workflow:{name} {source}=\"{}\" target=\"{}\"/>", escape(from), escape(to))
    };
    pairs.iter().map(one).collect()
}

fn field(name: &str, value: &str) -> String {
    format!("<workflow:field name=\"{name}\"><workflow:string>{}</workflow:string></workflow:field>", escape(value))
}

fn node(process: &Process, node: &Node) -> String {
    let mut draft = Draft::new(tag(&node.kind), node);
    match &node.kind {
        Kind::Start { message: Some(message) } => {
            draft.add(&format!("<messageEventDefinition messageRef=\"{}\"/>", escape(message)));
        }
        Kind::End { terminates: true } => draft.add("<terminateEventDefinition/>"),
        Kind::Person(task) => person(&mut draft, task),
        Kind::Worker { topic } => {
            draft.attribute("workflow:type", Some("external-worker"));
            draft.attribute("workflow:topic", Some(topic));
        }
        Kind::Mail { to, subject, text } => {
            draft.attribute("workflow:type", Some("mail"));
            let fields = [field("to", to), field("subject", subject), field("text", text)].concat();
            draft.add(&format!("<extensionElements>{fields}</extensionElements>"));
        }
        Kind::Call(call) => {
            draft.attribute("calledElement", Some(&call.key));
            draft.attribute("workflow:inheritVariables", Some(if call.inherits { "true" } else { "false" }));
            let parts = handed("in", &call.ins) + &handed("out", &call.outs);
            draft.add(&format!("<extensionElements>{parts}</extensionElements>"));
        }
        Kind::Timer { wait } => draft.add(&timer(wait)),
        Kind::Boundary { host, interrupts, wait } => {
            draft.attribute("attachedToRef", Some(host));
            draft.attribute("cancelActivity", Some(if *interrupts { "true" } else { "false" }));
            draft.add(&timer(wait));
        }
        _ => {}
    }
    let usual = process.ways_out(&node.id).find(|flow| flow.is_default);
    draft.attribute("default", usual.map(|flow| flow.id.as_str()));
    draft.finish()
}

fn tag(kind: &Kind) -> &'static str {
    match kind {
        Kind::Start { .. } => "startEvent",
        Kind::End { .. } => "endEvent",
        Kind::Person(_) => "userTask",
        Kind::Exclusive => "exclusiveGateway",
        Kind::Inclusive => "inclusiveGateway",
        Kind::Parallel => "parallelGateway",
        Kind::Receive => "receiveTask",
        Kind::Worker { .. } | Kind::Mail { .. } => "serviceTask",
        Kind::Call(_) => "callActivity",
        Kind::Timer { .. } => "intermediateCatchEvent",
        Kind::Boundary { .. } => "boundaryEvent",
    }
}

fn flow(flow: &Flow) -> String {
    let mut draft = Draft { name: "sequenceFlow", ..Draft::default() };
    let rows = [("id", &flow.id), ("name", &flow.name), ("sourceRef", &flow.from), ("targetRef", &flow.to)];
    for (name, value) in rows {
        draft.attribute(name, Some(value));
    }
    if let Some(condition) = &flow.condition {
        let condition = escape(condition);
        draft.add(&format!("<conditionExpression xsi:type=\"tFormalExpression\">{condition}</conditionExpression>"));
    }
    draft.finish()
}

/// Writes a process.
pub(super) fn write(process: &Process) -> String {
    let starts = process.nodes.iter().filter_map(|node| match &node.kind {
        Kind::Start { message: Some(message) } => Some(escape(message.as_str()).into_owned()),
        _ => None,
    });
    let messages: Vec<_> = starts.map(|name| format!("<message id=\"{name}\" name=\"{name}\"/>\n")).collect();
    let data = process.data.iter().map(|field| {
        let (name, kind) = (escape(&field.name), escape(&field.kind));
        format!("<dataObject id=\"{name}\" name=\"{name}\" itemSubjectRef=\"xsd:{kind}\"/>\n")
    });
    let about =
        process.documentation.as_deref().map(|text| format!("<documentation>{}</documentation>\n", escape(text)));
    let steps: String = process.nodes.iter().map(|one| node(process, one)).collect();
    let flows: String = process.flows.iter().map(flow).collect();
    let shapes = process.nodes.iter().filter_map(|node| {
        let [x, y, width, height] = node.bounds?;
        let id = escape(&node.id);
        Some(format!(
            "<bpmndi:BPMNShape bpmnElement=\"{id}\" id=\"shape-{id}\">\
             <omgdc:Bounds x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/></bpmndi:BPMNShape>\n"
        ))
    });
    let shapes: String = shapes.collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" \
         xmlns:workflow=\"http://workflow.opentext.com\" xmlns:modeler=\"http://workflow.opentext.com/modeler\" \
         xmlns:bpmndi=\"http://www.omg.org/spec/BPMN/20100524/DI\" xmlns:omgdc=\"http://www.omg.org/spec/DD/20100524/DC\" \
         targetNamespace=\"{namespace}\">\n{messages}\
         <process id=\"{key}\" name=\"{name}\" isExecutable=\"true\">\n{about}{data}{steps}{flows}</process>\n\
         <bpmndi:BPMNDiagram id=\"diagram\"><bpmndi:BPMNPlane bpmnElement=\"{key}\" id=\"plane\">\n{shapes}\
         </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n</definitions>\n",
        namespace = escape(process.category.as_deref().unwrap_or("http://workflow.opentext.com/processdef")),
        key = escape(&process.key),
        name = escape(&process.name),
        about = about.unwrap_or_default(),
        messages = messages.concat(),
        data = data.collect::<String>(),
    )
}
