//! How tokens move: a list of steps that are to be done, worked off until every token waits.

use serde_json::Value;

use super::{Engine, Execution, Instance, Start, Waits, new_id};
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::expression;
use crate::workflow::model::{Call, Kind, Node};
use crate::workflow::moment;
use crate::workflow::variable::{Variable, Variables};

/// Steps of one request, before it counts as going round in circles.
const MAX_STEPS: usize = 10_000;
/// Processes within each other.
const MAX_CALLS: usize = 20;

/// One move of a token.
#[derive(Debug)]
pub(super) enum Step {
    /// Into an element.
    Enter { instance: String, execution: String, element: String },
    /// Out of the element where it is.
    Leave { instance: String, execution: String },
}

impl Engine {
    /// Moves tokens until each of them waits.
    pub(super) fn settle(&mut self) -> Answer<()> {
        let mut steps = 0;
        loop {
            while let Some(step) = self.agenda.pop_front() {
                steps += 1;
                if steps > MAX_STEPS {
                    return Err(Refused::conflict("The process goes round in circles without waiting for anything."));
                }
                match step {
                    Step::Enter { instance, execution, element } => self.enter(&instance, &execution, &element)?,
                    Step::Leave { instance, execution } => self.leave(&instance, &execution)?,
                }
            }
            if !self.join()? {
                return Ok(());
            }
        }
    }

    pub(super) fn execution_mut(&mut self, instance: &str, execution: &str) -> Answer<&mut Execution> {
        let found = self.instance_mut(instance)?.executions.iter_mut().find(|one| one.id == execution);
        found.ok_or_else(|| Refused::missing("an execution", execution))
    }

    /// The node at which a token stands.
    pub(super) fn node_of(&self, instance: &str, execution: &str) -> Answer<Node> {
        let instance = self.instance(instance)?;
        let execution = instance.executions.iter().find(|one| one.id == execution);
        let element = execution.map(|execution| execution.element.as_str()).unwrap_or_default();
        let node = instance.definition.process.node(element).cloned();
        node.ok_or_else(|| Refused::missing("an activity", element))
    }

    /// The text of an expression, over the variables of an instance.
    pub(super) fn render(&self, instance: &str, text: &str) -> Answer<String> {
        let instance = self.instance(instance)?;
        let scope = |name: &str| self.value_in(instance, name);
        expression::render(text, &scope).map_err(Refused::invalid)
    }

    /// A variable as expressions see it.
    pub(super) fn value_in(&self, instance: &Instance, name: &str) -> Option<Value> {
        if let Some(value) = self.transient.get(name) {
            return Some(value.clone());
        }
        if let Some(variable) = instance.variables.get(name) {
            return Some(variable.value.clone());
        }
        match name {
            "initiator" => Some(Value::from(instance.starter.clone())),
            "processInstanceId" => Some(Value::from(instance.id.clone())),
            _ => None,
        }
    }

    fn enter(&mut self, instance: &str, execution: &str, element: &str) -> Answer<()> {
        let token = self.execution_mut(instance, execution)?;
        element.clone_into(&mut token.element);
        token.waits = Waits::Nothing;
        let node = self.node_of(instance, execution)?;
        match &node.kind {
            Kind::Start { .. } | Kind::Exclusive | Kind::Boundary { .. } => self.go_on(instance, execution),
            Kind::Inclusive | Kind::Parallel => {
                let joins = self.instance(instance)?.definition.process.ways_in(element) > 1;
                if joins { self.wait(instance, execution, Waits::Others)? } else { self.go_on(instance, execution) }
            }
            Kind::End { terminates } => self.arrive(instance, execution, element, *terminates)?,
            Kind::Person(task) => {
                self.create_task(instance, execution, &node, task)?;
                self.wait(instance, execution, Waits::Task)?;
            }
            Kind::Receive => self.wait(instance, execution, Waits::Trigger)?,
            Kind::Worker { topic } => {
                let topic = self.render(instance, topic)?;
                let job = super::Job::new(topic, self.now);
                self.wait(instance, execution, Waits::Job(Box::new(job)))?;
            }
            Kind::Mail { to, subject, text } => {
                let (to, subject, text) =
                    (self.render(instance, to)?, self.render(instance, subject)?, self.render(instance, text)?);
                self.outbox.push(super::Mail { at: self.now, to, subject, text, instance: instance.to_owned() });
                self.go_on(instance, execution);
            }
            Kind::Timer { wait } => {
                let due = self.due(instance, wait)?;
                self.wait(instance, execution, Waits::Timer(due))?;
            }
            Kind::Call(call) => self.call(instance, execution, call)?,
        }
        self.hang_timers(instance, execution, element)
    }

    fn go_on(&mut self, instance: &str, execution: &str) {
        self.agenda.push_back(Step::Leave { instance: instance.to_owned(), execution: execution.to_owned() });
    }

    fn wait(&mut self, instance: &str, execution: &str, waits: Waits) -> Answer<()> {
        self.execution_mut(instance, execution)?.waits = waits;
        Ok(())
    }

    /// Wakes a waiting token, so that it goes on.
    pub(super) fn wake(&mut self, instance: &str, execution: &str) -> Answer<()> {
        self.wait(instance, execution, Waits::Nothing)?;
        self.go_on(instance, execution);
        Ok(())
    }

    fn leave(&mut self, instance: &str, execution: &str) -> Answer<()> {
        let node = self.node_of(instance, execution)?;
        let ways = self.ways(instance, &node)?;
        let owner = self.instance_mut(instance)?;
        // Timers that hang at the step go with it.
        owner.executions.retain(|one| one.parent != execution);
        let mut tokens = vec![execution.to_owned()];
        for _ in ways.iter().skip(1) {
            let id = new_id();
            let (parent, element) = (instance.to_owned(), node.id.clone());
            owner.executions.push(Execution { id: id.clone(), parent, element, waits: Waits::Nothing });
            tokens.push(id);
        }
        if ways.is_empty() {
            return self.arrive(instance, execution, &node.id, false);
        }
        for (element, execution) in ways.into_iter().zip(tokens) {
            self.agenda.push_back(Step::Enter { instance: instance.to_owned(), execution, element });
        }
        Ok(())
    }

    /// A token comes to an end, and the instance with its last one.
    fn arrive(&mut self, instance: &str, execution: &str, element: &str, terminates: bool) -> Answer<()> {
        let owner = self.instance_mut(instance)?;
        if terminates {
            owner.executions.clear();
        } else {
            owner.executions.retain(|one| one.id != execution && one.parent != execution);
        }
        if !owner.executions.is_empty() {
            return Ok(());
        }
        owner.end_element = Some(element.to_owned());
        if terminates {
            self.agenda.retain(|step| match step {
                Step::Enter { instance: of, .. } | Step::Leave { instance: of, .. } => of != instance,
            });
        }
        self.end(instance, None)?;
        self.give_back(instance)
    }

    /// Hands the results of a called process to the one that called it, which goes on.
    fn give_back(&mut self, instance: &str) -> Answer<()> {
        let child = self.instance(instance)?.clone();
        let Some((parent, execution)) = child.parent.clone() else { return Ok(()) };
        let Kind::Call(call) = self.node_of(&parent, &execution)?.kind else { return Ok(()) };
        for (from, to) in &call.outs {
            if let Some(value) = self.handed(&child, from)? {
                self.instance_mut(&parent)?.variables.insert(to.clone(), Variable::of(value));
            }
        }
        self.wake(&parent, &execution)
    }

    fn handed(&self, from: &Instance, source: &str) -> Answer<Option<Value>> {
        let scope = |name: &str| self.value_in(from, name);
        if source.contains("${") {
            return expression::evaluate(source, &scope).map(Some).map_err(Refused::invalid);
        }
        Ok(self.value_in(from, source))
    }

    fn call(&mut self, instance: &str, execution: &str, call: &Call) -> Answer<()> {
        let caller = self.instance(instance)?.clone();
        let key = self.render(instance, &call.key)?;
        let definition = self.latest(&key).cloned();
        let definition =
            definition.ok_or_else(|| Refused::invalid(format!("No process definition found for key '{key}'")))?;
        let mut depth = 0;
        let mut at = caller.parent.as_ref();
        while let Some((outer, _)) = at {
            depth += 1;
            at = self.instance(outer)?.parent.as_ref();
        }
        if depth >= MAX_CALLS {
            return Err(Refused::conflict("Processes call each other without end."));
        }
        let mut variables = if call.inherits { caller.variables.clone() } else { Variables::new() };
        for (from, to) in &call.ins {
            if let Some(value) = self.handed(&caller, from)? {
                variables.insert(to.clone(), Variable::of(value));
            }
        }
        self.wait(instance, execution, Waits::Child)?;
        let start = Start {
            starter: caller.starter.clone(),
            variables,
            parent: Some((instance.to_owned(), execution.to_owned())),
            ..Start::of(definition)
        };
        self.launch(start)?;
        Ok(())
    }

    /// A moment that a text names: itself, or a period from now.
    pub(super) fn moment_of(&self, instance: &str, text: &str) -> Answer<Option<i64>> {
        let text = self.render(instance, text)?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        let at = moment::parse(&text).map(|(at, _)| at).or_else(|| moment::after(self.now, &text));
        at.map(Some).ok_or_else(|| Refused::invalid(format!("'{text}' is neither a date nor a period")))
    }
}
