//! Models: what a process definition says, whichever of its two languages it was written in.

mod check;
mod layout;
mod stencil;
mod stencil_out;
mod xml;
mod xml_out;
mod xml_tree;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::errors::{Answer, Refused};
use crate::clock::Millis;

/// A deployed model.
#[derive(Debug)]
pub(super) struct Definition {
    /// `key:version:uuid`.
    pub(super) id: String,
    pub(super) version: i64,
    pub(super) created: Millis,
    pub(super) written_in: Language,
    /// What was deployed, as it came.
    pub(super) content: Value,
    pub(super) process: Process,
    /// The id that stands for one deployment.
    pub(super) deployment: String,
}

/// The language of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// The shapes of the modeller.
    Json,
    /// BPMN 2.0.
    Xml,
}

impl Language {
    pub(super) fn of(word: &str) -> Answer<Self> {
        match word {
            "json" => Ok(Self::Json),
            "xml" => Ok(Self::Xml),
            _ => Err(Refused::invalid(format!("modelType must be 'json' or 'xml', not '{word}'"))),
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }
}

/// A process as it is run.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Process {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) documentation: Option<String>,
    pub(super) category: Option<String>,
    pub(super) due: Option<String>,
    pub(super) data: Vec<DataField>,
    pub(super) nodes: Vec<Node>,
    pub(super) flows: Vec<Flow>,
}

/// A variable that the start form asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct DataField {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) value: Option<String>,
}

/// A step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) documentation: Option<String>,
    pub(super) kind: Kind,
    /// Left, top, width and height in the drawing.
    pub(super) bounds: Option<[i32; 4]>,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Start { message: Option<String> },
    End { terminates: bool },
    Person(Box<PersonTask>),
    Exclusive,
    Inclusive,
    Parallel,
    Receive,
    Worker { topic: String },
    Mail { to: String, subject: String, text: String },
    Call(Box<Call>),
    Timer { wait: Wait },
    Boundary { host: String, interrupts: bool, wait: Wait },
}

/// How long a timer waits.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wait {
    For(String),
    Until(String),
}

/// Work for a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct PersonTask {
    pub(super) assignee: Option<String>,
    pub(super) users: Vec<String>,
    pub(super) groups: Vec<String>,
    pub(super) initiator_can_complete: bool,
    pub(super) task_type: Option<String>,
    pub(super) outcome_variable: Option<String>,
    /// `Label:value,Label:value`.
    pub(super) possible_outcomes: Option<String>,
    pub(super) due: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) category: Option<String>,
    pub(super) form_key: Option<String>,
}

/// Another process, run as a step.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Call {
    pub(super) key: String,
    pub(super) inherits: bool,
    /// From a variable or an expression to a variable.
    pub(super) ins: Vec<(String, String)>,
    pub(super) outs: Vec<(String, String)>,
}

/// A way from one step to another.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Flow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) condition: Option<String>,
    pub(super) is_default: bool,
}

impl Process {
    /// Reads a model from the shapes of the modeller or from BPMN, and checks that it can be run.
    pub(super) fn read(language: Language, content: &Value) -> Answer<Self> {
        let process = match language {
            Language::Json => stencil::read(content)?,
            Language::Xml => {
                let text = content.as_str().ok_or_else(|| Refused::invalid("modelContent must be a text for xml"))?;
                xml::read(&xml::decoded(text)?)?
            }
        };
        check::check(&process)?;
        Ok(process)
    }

    pub(super) fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The ways out of a step, in the order of the model.
    pub(super) fn ways_out<'p>(&'p self, id: &'p str) -> impl Iterator<Item = &'p Flow> + 'p {
        self.flows.iter().filter(move |flow| flow.from == id)
    }

    /// How many ways lead into a step.
    pub(super) fn ways_in(&self, id: &str) -> usize {
        self.flows.iter().filter(|flow| flow.to == id).count()
    }

    /// The timers that hang at a step.
    pub(super) fn boundaries<'p>(&'p self, id: &'p str) -> impl Iterator<Item = (&'p Node, &'p Wait)> + 'p {
        self.nodes.iter().filter_map(move |node| match &node.kind {
            Kind::Boundary { host, wait, .. } if host == id => Some((node, wait)),
            _ => None,
        })
    }

    /// Where a process begins: at the start of a message, or at the one without.
    pub(super) fn start(&self, message: Option<&str>) -> Option<&Node> {
        self.nodes.iter().find(|node| matches!(&node.kind, Kind::Start { message: own } if own.as_deref() == message))
    }

    /// Whether a token at `from` may come to `to`.
    pub(super) fn reaches(&self, from: &str, to: &str) -> bool {
        let mut seen = HashSet::from([from]);
        let mut ahead = vec![from];
        while let Some(at) = ahead.pop() {
            let hanging = self.boundaries(at).map(|(node, _)| node.id.as_str());
            for next in self.ways_out(at).map(|flow| flow.to.as_str()).chain(hanging) {
                if next == to {
                    return true;
                }
                if seen.insert(next) {
                    ahead.push(next);
                }
            }
        }
        false
    }

    /// The shapes of the modeller.
    pub(super) fn to_stencil(&self) -> Value {
        stencil_out::write(self)
    }

    /// BPMN 2.0.
    pub(super) fn to_xml(&self) -> String {
        xml_out::write(self)
    }
}

impl Definition {
    /// The model in a language: as it was deployed, or translated.
    pub(super) fn content_in(&self, language: Language) -> Value {
        match (language, self.written_in) {
            (Language::Json, Language::Json) => self.content.clone(),
            (Language::Json, Language::Xml) => self.process.to_stencil(),
            (Language::Xml, Language::Json) => Value::String(self.process.to_xml()),
            (Language::Xml, Language::Xml) => {
                let text = self.content.as_str().unwrap_or_default();
                Value::String(xml::decoded(text).unwrap_or_else(|_| text.to_owned()))
            }
        }
    }

    /// Deploys a process under its next version.
    pub(super) fn deploy(
        process: Process,
        (written_in, content): (Language, Value),
        version: i64,
        created: Millis,
    ) -> Arc<Self> {
        let id = format!("{}:{version}:{}", process.key, uuid::Uuid::now_v7());
        let deployment = uuid::Uuid::now_v7().to_string();
        Arc::new(Self { id, version, created, written_in, content, process, deployment })
    }
}
