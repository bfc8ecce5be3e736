//! A model as BPMN 2.0, with the service's own attributes, whose prefix does not matter.

use std::collections::HashMap;

use data_encoding::{BASE64, BASE64_NOPAD};

use super::xml_tree::Element;
use super::{Call, DataField, Flow, Kind, Node, PersonTask, Process, Wait};
use crate::workflow::errors::{Answer, Refused};

/// The XML itself. It may come as it is, with its signs escaped, percent-encoded or in base64.
pub(super) fn decoded(text: &str) -> Answer<String> {
    // Inferred: the documents say "encoded" and not how; each usual way is understood.
    let text = text.trim().trim_start_matches('\u{feff}');
    let broken = || Refused::invalid("modelContent is not XML and cannot be decoded");
    if text.starts_with('<') {
        return Ok(text.to_owned());
    }
    if text.starts_with("&lt;") {
        return quick_xml::escape::unescape(text).map(std::borrow::Cow::into_owned).map_err(|_| broken());
    }
    if text.starts_with("%3C") || text.starts_with("%3c") {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8().map_err(|_| broken())?;
        return Ok(decoded.into_owned());
    }
    let compact: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let bytes = BASE64.decode(compact.as_bytes()).or_else(|_| BASE64_NOPAD.decode(compact.as_bytes()));
    let inner = String::from_utf8(bytes.map_err(|_| broken())?).map_err(|_| broken())?;
    let inner = inner.trim().trim_start_matches('\u{feff}');
    if inner.starts_with('<') { Ok(inner.to_owned()) } else { Err(broken()) }
}

fn list(element: &Element, name: &str) -> Vec<String> {
    let items = element.attribute(name).unwrap_or_default().split(',');
    items.map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

fn is_true(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// The value of a `field` among the extensions, given as an attribute or as an element.
fn field(element: &Element, name: &str) -> String {
    let found = element.below("field").into_iter().find(|field| field.attribute("name") == Some(name));
    let value = found.and_then(|field| {
        let inner = field.child("string").or_else(|| field.child("expression")).and_then(Element::content);
        field.owned("stringValue").or_else(|| field.owned("expression")).or(inner)
    });
    value.unwrap_or_default()
}

fn person(element: &Element) -> PersonTask {
    let may = element.below("initiator-can-complete").first().and_then(|found| found.content());
    PersonTask {
        assignee: element.owned("assignee"),
        users: list(element, "candidateUsers"),
        groups: list(element, "candidateGroups"),
        initiator_can_complete: is_true(may.as_deref()),
        task_type: element.owned("taskType"),
        outcome_variable: element.owned("outcomeVariable"),
        possible_outcomes: element.owned("possibleOutcomes"),
        due: element.owned("dueDate"),
        priority: element.owned("priority"),
        category: element.owned("category"),
        form_key: element.owned("formKey"),
    }
}

fn handed(element: &Element, name: &str) -> Vec<(String, String)> {
    let pair =
        |one: &&Element| Some((one.owned("sourceExpression").or_else(|| one.owned("source"))?, one.owned("target")?));
    element.below(name).iter().filter_map(pair).collect()
}

fn wait(element: &Element) -> Option<Wait> {
    let timer = element.child("timerEventDefinition")?;
    let period = timer.child("timeDuration").and_then(Element::content).map(Wait::For);
    period.or_else(|| timer.child("timeDate").and_then(Element::content).map(Wait::Until))
}

fn service(element: &Element) -> Answer<Kind> {
    match element.attribute("type") {
        Some("external-worker") => Ok(Kind::Worker { topic: element.owned("topic").unwrap_or_default() }),
        Some("mail") => Ok(mail(element)),
        other => {
            let what = other.unwrap_or("class or expression");
            Err(Refused::invalid(format!("The service task '{}' ({what}) cannot be run here", id_of(element))))
        }
    }
}

fn mail(element: &Element) -> Kind {
    let text = Some(field(element, "text")).filter(|text| !text.is_empty()).unwrap_or_else(|| field(element, "html"));
    Kind::Mail { to: field(element, "to"), subject: field(element, "subject"), text }
}

fn id_of(element: &Element) -> String {
    element.owned("id").unwrap_or_default()
}

fn only_timers(element: &Element) -> Answer<Wait> {
    let wait = wait(element);
    wait.ok_or_else(|| Refused::invalid(format!("The event '{}' is no timer and cannot be run here", id_of(element))))
}

/// What an element does; `None` for those that only explain.
fn kind(element: &Element, messages: &HashMap<String, String>) -> Answer<Option<Kind>> {
    let kind = match element.name.as_str() {
        "startEvent" => {
            let message = element.child("messageEventDefinition").and_then(|found| found.attribute("messageRef"));
            let name = |id: &str| messages.get(id).cloned().unwrap_or_else(|| id.to_owned());
            Kind::Start { message: message.map(name) }
        }
        "endEvent" => Kind::End { terminates: element.child("terminateEventDefinition").is_some() },
        "userTask" => Kind::Person(Box::new(person(element))),
        "exclusiveGateway" => Kind::Exclusive,
        "inclusiveGateway" => Kind::Inclusive,
        "parallelGateway" => Kind::Parallel,
        "receiveTask" => Kind::Receive,
        "sendTask" => mail(element),
        "serviceTask" => service(element)?,
        "callActivity" => Kind::Call(Box::new(Call {
            key: element.owned("calledElement").unwrap_or_default(),
            inherits: is_true(element.attribute("inheritVariables")),
            ins: handed(element, "in"),
            outs: handed(element, "out"),
        })),
        "intermediateCatchEvent" => Kind::Timer { wait: only_timers(element)? },
        "boundaryEvent" => Kind::Boundary {
            host: element.owned("attachedToRef").unwrap_or_default(),
            interrupts: element.attribute("cancelActivity") != Some("false"),
            wait: only_timers(element)?,
        },
        "scriptTask"
        | "manualTask"
        | "task"
        | "businessRuleTask"
        | "subProcess"
        | "transaction"
        | "adHocSubProcess"
        | "eventBasedGateway"
        | "complexGateway"
        | "intermediateThrowEvent" => {
            return Err(Refused::invalid(format!(
                "'{}' of the kind {} cannot be run here",
                id_of(element),
                element.name
            )));
        }
        _ => return Ok(None),
    };
    Ok(Some(kind))
}

/// The places of the shapes by the id of what they show.
fn places(root: &Element) -> HashMap<String, [i32; 4]> {
    let place = |shape: &&Element| {
        let bounds = shape.child("Bounds")?;
        #[expect(clippy::cast_possible_truncation, reason = "a drawing has no such coordinates")]
        let at = |name: &str| Some(bounds.attribute(name)?.parse::<f64>().ok()?.clamp(-100_000.0, 100_000.0) as i32);
        Some((shape.owned("bpmnElement")?, [at("x")?, at("y")?, at("width")?, at("height")?]))
    };
    root.below("BPMNShape").iter().filter_map(place).collect()
}

fn data(element: &Element) -> Vec<DataField> {
    let objects = element.children.iter().filter(|child| child.name == "dataObject");
    let field = |object: &Element| {
        let kind = object.attribute("itemSubjectRef").unwrap_or("xsd:string");
        let value = object.below("value").first().and_then(|value| value.content());
        let name = object.owned("name").or_else(|| object.owned("id"))?;
        Some(DataField { name, kind: kind.trim_start_matches("xsd:").to_owned(), value })
    };
    objects.filter_map(field).collect()
}

/// Reads the first process that may be run.
pub(super) fn read(text: &str) -> Answer<Process> {
    let root = Element::parse(text).map_err(|why| Refused::invalid(format!("Error reading XML: {why}")))?;
    if root.name != "definitions" {
        return Err(Refused::invalid(format!("Error reading XML: <{}> is not <definitions>", root.name)));
    }
    let runs = |process: &&Element| process.name == "process" && process.attribute("isExecutable") != Some("false");
    let element = root.children.iter().find(runs).ok_or_else(|| Refused::invalid("There is no executable process"))?;
    let messages = root.children.iter().filter(|child| child.name == "message");
    let messages = messages.map(|message| (id_of(message), message.owned("name").unwrap_or_else(|| id_of(message))));
    let (messages, places) = (messages.collect::<HashMap<_, _>>(), places(&root));
    let mut process = Process {
        key: id_of(element),
        name: element.owned("name").unwrap_or_else(|| id_of(element)),
        documentation: element.child("documentation").and_then(Element::content),
        category: root.owned("targetNamespace"),
        due: element.owned("dueDate"),
        data: data(element),
        ..Process::default()
    };
    let defaults: Vec<&str> = element.children.iter().filter_map(|child| child.attribute("default")).collect();
    for child in &element.children {
        let (id, name) = (id_of(child), child.owned("name").unwrap_or_default());
        if child.name == "sequenceFlow" {
            process.flows.push(Flow {
                from: child.owned("sourceRef").unwrap_or_default(),
                to: child.owned("targetRef").unwrap_or_default(),
                condition: child.child("conditionExpression").and_then(Element::content),
                is_default: defaults.contains(&id.as_str()),
                id,
                name,
            });
        } else if let Some(kind) = kind(child, &messages)? {
            let documentation = child.child("documentation").and_then(Element::content);
            let bounds = places.get(&id).copied();
            process.nodes.push(Node { id, name, documentation, kind, bounds });
        }
    }
    Ok(process)
}
