//! The process engine: instances, their tokens, tasks and timers. It runs models; it knows no HTTP.
//!
//! Everything that changes an instance or a task goes through [`Engine::instance_mut`] and [`Engine::task_mut`], which keep what was
//! there: a request that fails half-way is taken back whole, and what was touched goes into the history.

mod agenda;
mod instances;
mod jobs;
mod people;
mod timers;
mod ways;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use super::errors::{Answer, Refused};
use super::history::History;
use super::model::Definition;
use super::variable::Variables;
use crate::clock::Millis;

pub(super) use instances::Start;
pub(super) use jobs::{Job, Outcome};
pub(super) use people::USUAL_PRIORITY;

/// A process under way; once it ended it lives on in the history.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) id: String,
    pub(super) definition: Arc<Definition>,
    pub(super) name: Option<String>,
    pub(super) business_key: Option<String>,
    pub(super) started: Millis,
    pub(super) starter: String,
    pub(super) suspended: bool,
    pub(super) variables: Variables,
    pub(super) executions: Vec<Execution>,
    /// The instance and the execution that called this one.
    pub(super) parent: Option<(String, String)>,
    pub(super) due: Option<Millis>,
    pub(super) ended: Option<Millis>,
    pub(super) start_element: String,
    pub(super) end_element: Option<String>,
    pub(super) delete_reason: Option<String>,
    /// Who had to do with it.
    pub(super) involved: BTreeSet<String>,
}

/// A token: where it is and what it waits for.
#[derive(Debug, Clone)]
pub(super) struct Execution {
    pub(super) id: String,
    pub(super) parent: String,
    pub(super) element: String,
    pub(super) waits: Waits,
}

/// What a token waits for.
#[derive(Debug, Clone)]
pub(super) enum Waits {
    /// Nothing: it moves on within the request.
    Nothing,
    Task,
    Trigger,
    /// A moment; of a timer that hangs at a step, `parent` is that step's token.
    Timer(Millis),
    Job(Box<Job>),
    /// The other tokens of a gateway.
    Others,
    Child,
}

/// Work for a person.
#[derive(Debug, Clone, Default)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) assignee: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) delegation: Option<Delegation>,
    pub(super) priority: i64,
    pub(super) due: Option<Millis>,
    pub(super) category: Option<String>,
    pub(super) form_key: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) instance: Option<String>,
    pub(super) execution: Option<String>,
    pub(super) element: Option<String>,
    pub(super) definition: Option<Arc<Definition>>,
    pub(super) created: Millis,
    pub(super) claimed: Option<Millis>,
    pub(super) users: BTreeSet<String>,
    pub(super) groups: BTreeSet<String>,
    pub(super) variables: Variables,
    pub(super) ended: Option<Millis>,
    pub(super) delete_reason: Option<String>,
}

/// Where a task stands that was handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delegation {
    Pending,
    Resolved,
}

impl Delegation {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Resolved => "resolved",
        }
    }
}

/// What somebody wrote about a task or an instance.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) author: String,
    pub(super) message: String,
    pub(super) at: Millis,
    pub(super) task: Option<String>,
    pub(super) instance: Option<String>,
}

/// What is attached to a task: a link, or a file of the content service.
#[derive(Debug, Clone)]
pub(super) struct Attachment {
    pub(super) id: String,
    pub(super) task: String,
    pub(super) instance: Option<String>,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) external: Option<String>,
    pub(super) content: Option<String>,
    pub(super) user: String,
    pub(super) at: Millis,
}

/// A mail that a process sent; nothing leaves the stand-in.
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct Mail {
    pub(super) at: Millis,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) instance: String,
}

/// All that runs for one tenant.
#[derive(Debug, Default)]
pub(super) struct Engine {
    pub(super) now: Millis,
    pub(super) definitions: Vec<Arc<Definition>>,
    pub(super) instances: BTreeMap<String, Instance>,
    pub(super) tasks: BTreeMap<String, Task>,
    pub(super) comments: Vec<Comment>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) outbox: Vec<Mail>,
    pub(super) history: History,
    /// Variables that last as long as the request.
    transient: HashMap<String, Value>,
    agenda: VecDeque<agenda::Step>,
    before: Before,
}

/// What was there when the request began, of all that it touched.
#[derive(Debug, Default)]
struct Before {
    instances: BTreeMap<String, Option<Instance>>,
    tasks: BTreeMap<String, Option<Task>>,
    outbox: usize,
}

/// A new id; later ones sort behind earlier ones.
pub(super) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

impl Engine {
    /// Begins a request: lets the timers fire that are due.
    pub(super) fn begin(&mut self, now: Millis, lag: Millis) {
        self.fire_timers(now, lag);
        self.now = now;
        self.before.outbox = self.outbox.len();
    }

    /// Keeps what a request did.
    pub(super) fn commit(&mut self, lag: Millis) {
        let seen = self.now.saturating_add(lag);
        for id in std::mem::take(&mut self.before.instances).into_keys() {
            let Some(instance) = self.instances.get(&id) else { continue };
            self.history.keep_instance(seen, self.now, instance.clone());
            if instance.ended.is_some() {
                self.instances.remove(&id);
            }
        }
        for id in std::mem::take(&mut self.before.tasks).into_keys() {
            let Some(task) = self.tasks.get(&id) else { continue };
            self.history.keep_task(seen, self.now, task.clone());
            if task.ended.is_some() {
                self.tasks.remove(&id);
            }
        }
        self.transient.clear();
    }

    /// Takes back what a request did.
    pub(super) fn roll_back(&mut self) {
        for (id, before) in std::mem::take(&mut self.before.instances) {
            match before {
                Some(instance) => drop(self.instances.insert(id, instance)),
                None => drop(self.instances.remove(&id)),
            }
        }
        for (id, before) in std::mem::take(&mut self.before.tasks) {
            match before {
                Some(task) => drop(self.tasks.insert(id, task)),
                None => drop(self.tasks.remove(&id)),
            }
        }
        self.outbox.truncate(self.before.outbox);
        self.agenda.clear();
        self.transient.clear();
    }

    /// An instance that is about to change.
    pub(super) fn instance_mut(&mut self, id: &str) -> Answer<&mut Instance> {
        let before = &mut self.before.instances;
        let instance = self.instances.get_mut(id).ok_or_else(|| Refused::missing("a process instance", id))?;
        before.entry(id.to_owned()).or_insert_with(|| Some(instance.clone()));
        Ok(instance)
    }

    /// A task that is about to change.
    pub(super) fn task_mut(&mut self, id: &str) -> Answer<&mut Task> {
        let before = &mut self.before.tasks;
        let task = self.tasks.get_mut(id).ok_or_else(|| Refused::missing("a task", id))?;
        before.entry(id.to_owned()).or_insert_with(|| Some(task.clone()));
        Ok(task)
    }

    /// A running instance.
    pub(super) fn instance(&self, id: &str) -> Answer<&Instance> {
        self.instances.get(id).ok_or_else(|| Refused::missing("a process instance", id))
    }

    /// An open task.
    pub(super) fn task(&self, id: &str) -> Answer<&Task> {
        self.tasks.get(id).ok_or_else(|| Refused::missing("a task", id))
    }

    /// Puts a new instance among the others.
    fn add_instance(&mut self, instance: Instance) {
        self.before.instances.insert(instance.id.clone(), None);
        self.instances.insert(instance.id.clone(), instance);
    }

    /// Puts a new task among the others.
    pub(super) fn add_task(&mut self, task: Task) {
        self.before.tasks.insert(task.id.clone(), None);
        self.tasks.insert(task.id.clone(), task);
    }

    /// A definition by its id.
    pub(super) fn definition(&self, id: &str) -> Option<&Arc<Definition>> {
        self.definitions.iter().find(|definition| definition.id == id)
    }

    /// The highest version of a key.
    pub(super) fn latest(&self, key: &str) -> Option<&Arc<Definition>> {
        let own = self.definitions.iter().filter(|definition| definition.process.key == key);
        own.max_by_key(|definition| definition.version)
    }

    /// Whether an instance lies within another, at any depth.
    pub(super) fn is_within(&self, instance: &str, outer: &str) -> bool {
        let mut at = Some(instance);
        while let Some(id) = at {
            if id == outer {
                return true;
            }
            at =
                self.instances.get(id).and_then(|instance| instance.parent.as_ref()).map(|(parent, _)| parent.as_str());
        }
        false
    }

    /// Whether a task's process is suspended.
    pub(super) fn is_suspended(&self, task: &Task) -> bool {
        task.instance.as_deref().and_then(|id| self.instances.get(id)).is_some_and(|instance| instance.suspended)
    }
}
