//! Tasks of people: made by a step, claimed, handed on, given back, completed.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{Delegation, Engine, Task, new_id};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::model::{Kind, Node, PersonTask};
use crate::workflow::variable::{Given, Level, Variable};

/// The priority of a task that has none.
pub(in crate::workflow) const USUAL_PRIORITY: i64 = 50;

impl Engine {
    fn filled(&self, instance: &str, text: Option<&String>) -> Answer<Option<String>> {
        let Some(text) = text else { return Ok(None) };
        let text = if text == "$INITIATOR" { "${initiator}" } else { text };
        Ok(Some(self.render(instance, text)?).filter(|text| !text.is_empty()))
    }

    fn filled_all(&self, instance: &str, texts: &[String]) -> Answer<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for text in texts {
            let filled = self.filled(instance, Some(text))?.unwrap_or_default();
            all.extend(filled.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()));
        }
        Ok(all)
    }

    pub(super) fn create_task(
        &mut self,
        instance: &str,
        execution: &str,
        node: &Node,
        task: &PersonTask,
    ) -> Answer<()> {
        let name = self.render(instance, &node.name)?;
        let priority = self.filled(instance, task.priority.as_ref())?;
        let priority = match priority {
            None => USUAL_PRIORITY,
            Some(text) => text.parse().map_err(|_| Refused::invalid(format!("Priority '{text}' is not a number")))?,
        };
        let due = match &task.due {
            Some(text) => self.moment_of(instance, text)?,
            None => None,
        };
        let created = Task {
            id: new_id(),
            name: Some(name),
            description: self.filled(instance, node.documentation.as_ref())?,
            assignee: self.filled(instance, task.assignee.as_ref())?,
            priority,
            due,
            category: self.filled(instance, task.category.as_ref())?,
            form_key: self.filled(instance, task.form_key.as_ref())?,
            instance: Some(instance.to_owned()),
            execution: Some(execution.to_owned()),
            element: Some(node.id.clone()),
            definition: Some(self.instance(instance)?.definition.clone()),
            created: self.now,
            users: self.filled_all(instance, &task.users)?,
            groups: self.filled_all(instance, &task.groups)?,
            ..Task::default()
        };
        self.involve(instance, created.assignee.as_deref())?;
        self.add_task(created);
        Ok(())
    }

    /// Notes that somebody has to do with an instance.
    pub(in crate::workflow) fn involve(&mut self, instance: &str, who: Option<&str>) -> Answer<()> {
        if let Some(who) = who {
            self.instance_mut(instance)?.involved.insert(who.to_owned());
        }
        Ok(())
    }

    fn involve_in_task(&mut self, task: &str, who: &str) -> Answer<()> {
        let instance = self.task(task)?.instance.clone();
        instance.map_or(Ok(()), |instance| self.involve(&instance, Some(who)))
    }

    /// Refuses what may not be done to a task whose process is halted.
    fn check_active(&self, id: &str) -> Answer<()> {
        if self.is_suspended(self.task(id)?) {
            return Err(Refused::conflict(format!("Cannot execute operation: task '{id}' is suspended")));
        }
        Ok(())
    }

    /// Somebody takes a task; the one who has it may take it again.
    pub(in crate::workflow) fn claim(&mut self, id: &str, who: &str) -> Answer<()> {
        self.check_active(id)?;
        let now = self.now;
        let task = self.task_mut(id)?;
        match task.assignee.as_deref() {
            Some(holder) if holder != who => {
                return Err(Refused::conflict(format!("Task '{id}' is already claimed by someone else.")));
            }
            Some(_) => {}
            None => {
                task.assignee = Some(who.to_owned());
                task.claimed = Some(now);
            }
        }
        self.involve_in_task(id, who)
    }

    /// A task is nobody's again.
    pub(in crate::workflow) fn unclaim(&mut self, id: &str) -> Answer<()> {
        self.check_active(id)?;
        let task = self.task_mut(id)?;
        task.assignee = None;
        task.claimed = None;
        Ok(())
    }

    /// Somebody else is asked to do the work; the owner keeps the task.
    pub(in crate::workflow) fn delegate(&mut self, id: &str, to: &str) -> Answer<()> {
        self.check_active(id)?;
        let task = self.task_mut(id)?;
        if task.owner.is_none() {
            task.owner = task.assignee.take();
        }
        task.assignee = Some(to.to_owned());
        task.delegation = Some(Delegation::Pending);
        self.involve_in_task(id, to)
    }

    /// The work is done; the owner has the task again.
    pub(in crate::workflow) fn resolve(&mut self, id: &str) -> Answer<()> {
        self.check_active(id)?;
        let task = self.task_mut(id)?;
        task.delegation = Some(Delegation::Resolved);
        if let Some(owner) = task.owner.clone() {
            task.assignee = Some(owner);
        }
        Ok(())
    }

    /// Puts variables where they belong: local ones into the task, others into its process.
    pub(in crate::workflow) fn set_in_task(&mut self, id: &str, given: Vec<Given>, usual: Level) -> Answer<()> {
        let instance = self.task(id)?.instance.clone();
        for one in given {
            let level = if instance.is_none() { Level::Local } else { one.level.unwrap_or(usual) };
            match (&instance, level) {
                (Some(instance), Level::Global) => {
                    self.instance_mut(instance)?.variables.insert(one.name, one.variable);
                }
                _ => drop(self.task_mut(id)?.variables.insert(one.name, one.variable)),
            }
        }
        Ok(())
    }

    /// Ends a task; its process goes on with the outcome.
    pub(in crate::workflow) fn complete(
        &mut self,
        id: &str,
        outcome: Option<&str>,
        (given, transient): (Vec<Given>, HashMap<String, Value>),
    ) -> Answer<()> {
        self.check_active(id)?;
        if self.task(id)?.delegation == Some(Delegation::Pending) {
            let reason = "A delegated task cannot be completed, but should be resolved instead.";
            return Err(Refused::conflict(reason));
        }
        if self.tasks.values().any(|other| other.parent.as_deref() == Some(id) && other.instance.is_some()) {
            return Err(Refused::conflict(format!("Task '{id}' has tasks of a process below it.")));
        }
        self.transient = transient;
        self.set_in_task(id, given, Level::Global)?;
        let now = self.now;
        let task = self.task_mut(id)?;
        task.ended = Some(now);
        let (instance, execution, element) = (task.instance.clone(), task.execution.clone(), task.element.clone());
        let (Some(instance), Some(execution), Some(element)) = (instance, execution, element) else { return Ok(()) };
        let node = self.instance(&instance)?.definition.process.node(&element).cloned();
        if let Some(Kind::Person(step)) = node.map(|node| node.kind)
            && let (Some(variable), Some(outcome)) = (step.outcome_variable, outcome)
        {
            self.instance_mut(&instance)?.variables.insert(variable, Variable::of(Value::from(outcome)));
        }
        self.wake(&instance, &execution)?;
        self.settle()
    }
}
