//! Instances: how they begin, are halted and end.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::agenda::Step;
use super::{Engine, Execution, Instance, Waits, new_id};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::model::Definition;
use crate::workflow::variable::Variables;

/// What a new instance begins with.
#[derive(Debug)]
pub(in crate::workflow) struct Start {
    pub(in crate::workflow) definition: Arc<Definition>,
    pub(in crate::workflow) message: Option<String>,
    pub(in crate::workflow) name: Option<String>,
    pub(in crate::workflow) business_key: Option<String>,
    pub(in crate::workflow) starter: String,
    pub(in crate::workflow) variables: Variables,
    pub(in crate::workflow) transient: HashMap<String, Value>,
    pub(in crate::workflow) parent: Option<(String, String)>,
}

impl Start {
    /// A start of this definition with nothing further.
    pub(in crate::workflow) fn of(definition: Arc<Definition>) -> Self {
        Self {
            definition,
            message: None,
            name: None,
            business_key: None,
            starter: String::new(),
            variables: Variables::new(),
            transient: HashMap::new(),
            parent: None,
        }
    }
}

impl Engine {
    /// Begins an instance and runs it until it waits. Answers its id.
    pub(in crate::workflow) fn start(&mut self, mut start: Start) -> Answer<String> {
        self.transient.extend(std::mem::take(&mut start.transient));
        let id = self.launch(start)?;
        self.settle()?;
        Ok(id)
    }

    /// Puts a new instance at its start; its token is on the agenda.
    pub(super) fn launch(&mut self, start: Start) -> Answer<String> {
        let process = &start.definition.process;
        let node = process.start(start.message.as_deref()).or_else(|| process.start(None));
        let node =
            node.ok_or_else(|| Refused::invalid(format!("The process '{}' starts with a message only.", process.key)))?;
        let (id, execution, element) = (new_id(), new_id(), node.id.clone());
        let due = process.due.clone();
        let token =
            Execution { id: execution.clone(), parent: id.clone(), element: element.clone(), waits: Waits::Nothing };
        self.add_instance(Instance {
            id: id.clone(),
            definition: start.definition,
            name: start.name,
            business_key: start.business_key,
            started: self.now,
            involved: BTreeSet::from([start.starter.clone()]),
            starter: start.starter,
            suspended: false,
            variables: start.variables,
            executions: vec![token],
            parent: start.parent,
            due: None,
            ended: None,
            start_element: element.clone(),
            end_element: None,
            delete_reason: None,
        });
        if let Some(due) = due {
            let due = self.moment_of(&id, &due)?;
            self.instance_mut(&id)?.due = due;
        }
        self.agenda.push_back(Step::Enter { instance: id.clone(), execution, element });
        Ok(id)
    }

    /// Ends an instance, its tasks and the processes that it called.
    pub(super) fn end(&mut self, id: &str, reason: Option<&str>) -> Answer<()> {
        let now = self.now;
        let children = self.instances.values().filter(|instance| instance.ended.is_none());
        let is_child = |instance: &&Instance| instance.parent.as_ref().is_some_and(|(parent, _)| parent == id);
        let children: Vec<String> = children.filter(is_child).map(|instance| instance.id.clone()).collect();
        for child in children {
            self.end(&child, reason)?;
        }
        let tasks = self.tasks.values().filter(|task| task.instance.as_deref() == Some(id) && task.ended.is_none());
        for task in tasks.map(|task| task.id.clone()).collect::<Vec<_>>() {
            let task = self.task_mut(&task)?;
            task.ended = Some(now);
            task.delete_reason = Some(reason.unwrap_or("deleted").to_owned());
        }
        let instance = self.instance_mut(id)?;
        instance.executions.clear();
        instance.ended = Some(now);
        instance.delete_reason = reason.map(str::to_owned);
        Ok(())
    }

    /// Ends an instance from outside.
    pub(in crate::workflow) fn terminate(&mut self, id: &str, reason: &str) -> Answer<()> {
        self.instance(id)?;
        self.end(id, Some(reason))
    }

    /// Halts an instance, or lets it go on.
    pub(in crate::workflow) fn suspend(&mut self, id: &str, on: bool) -> Answer<()> {
        if self.instance(id)?.suspended == on {
            let word = if on { "suspended" } else { "active" };
            return Err(Refused::conflict(format!("Process instance with id '{id}' is already {word}.")));
        }
        self.instance_mut(id)?.suspended = on;
        let is_child = |instance: &&Instance| instance.parent.as_ref().is_some_and(|(parent, _)| parent == id);
        let children: Vec<String> = self.instances.values().filter(is_child).map(|child| child.id.clone()).collect();
        for child in children {
            if self.instance(&child)?.suspended != on {
                self.suspend(&child, on)?;
            }
        }
        Ok(())
    }

    /// Refuses where an instance is halted.
    pub(super) fn check_runs(&self, id: &str) -> Answer<()> {
        if self.instance(id)?.suspended {
            return Err(Refused::conflict(format!("Process instance with id '{id}' is suspended.")));
        }
        Ok(())
    }

    /// Wakes a token that waits for a word from outside.
    pub(in crate::workflow) fn trigger(&mut self, execution: &str, variables: Variables) -> Answer<String> {
        let holds = |instance: &&Instance| instance.executions.iter().any(|one| one.id == execution);
        let owner = self.instances.values().find(holds).map(|instance| instance.id.clone());
        let owner = owner.ok_or_else(|| Refused::missing("an execution", execution))?;
        self.check_runs(&owner)?;
        let found = self.execution_mut(&owner, execution)?;
        if !matches!(found.waits, Waits::Trigger) {
            return Err(Refused::conflict(format!("The execution '{execution}' does not wait for a trigger.")));
        }
        self.instance_mut(&owner)?.variables.extend(variables);
        self.wake(&owner, execution)?;
        self.settle()?;
        Ok(owner)
    }
}
