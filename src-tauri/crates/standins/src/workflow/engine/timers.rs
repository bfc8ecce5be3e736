//! Timers: steps that wait for a moment, and moments that hang at a step.

use super::{Engine, Execution, Waits, new_id};
use crate::clock::Millis;
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::model::{Kind, Wait};

/// Timers that one request lets fire, before it counts as going round in circles.
const MAX_FIRED: usize = 10_000;

impl Engine {
    pub(super) fn due(&self, instance: &str, wait: &Wait) -> Answer<Millis> {
        let (Wait::For(text) | Wait::Until(text)) = wait;
        let due = self.moment_of(instance, text)?;
        due.ok_or_else(|| Refused::invalid("A timer has no duration and no date"))
    }

    /// Starts the timers that hang at a step which now waits.
    pub(super) fn hang_timers(&mut self, instance: &str, execution: &str, element: &str) -> Answer<()> {
        let Ok(owner) = self.instance(instance) else { return Ok(()) };
        let waits = owner.executions.iter().any(|one| one.id == execution && !matches!(one.waits, Waits::Nothing));
        if !waits {
            return Ok(());
        }
        let definition = owner.definition.clone();
        for (node, wait) in definition.process.boundaries(element) {
            let due = self.due(instance, wait)?;
            let timer = Execution {
                id: new_id(),
                parent: execution.to_owned(),
                element: node.id.clone(),
                waits: Waits::Timer(due),
            };
            self.instance_mut(instance)?.executions.push(timer);
        }
        Ok(())
    }

    /// The next timer that is due: when, of which instance, which token.
    fn next_timer(&self, now: Millis) -> Option<(Millis, String, String)> {
        let running = self.instances.values().filter(|instance| !instance.suspended);
        let timers = running.flat_map(|instance| {
            instance.executions.iter().filter_map(|one| match one.waits {
                Waits::Timer(due) if due <= now => Some((due, instance.id.clone(), one.id.clone())),
                _ => None,
            })
        });
        timers.min()
    }

    /// Lets all timers fire that are due, each at its own moment.
    pub(super) fn fire_timers(&mut self, now: Millis, lag: Millis) {
        for _ in 0..MAX_FIRED {
            let Some((due, instance, execution)) = self.next_timer(now) else { return };
            self.now = due;
            self.before.outbox = self.outbox.len();
            match self.fire(&instance, &execution) {
                Ok(()) => self.commit(lag),
                Err(refused) => {
                    tracing::warn!(reason = refused.reason, instance, "a timer failed and is given up");
                    self.roll_back();
                    if let Ok(token) = self.execution_mut(&instance, &execution) {
                        token.waits = Waits::Trigger;
                    }
                    self.commit(lag);
                }
            }
        }
    }

    fn fire(&mut self, instance: &str, execution: &str) -> Answer<()> {
        let node = self.node_of(instance, execution)?;
        if let Kind::Boundary { interrupts, .. } = node.kind {
            let token = self.execution_mut(instance, execution)?;
            let host = std::mem::replace(&mut token.parent, instance.to_owned());
            if interrupts {
                self.abandon(instance, &host)?;
            }
        }
        self.wake(instance, execution)?;
        self.settle()
    }

    /// Gives up the step at which a token waits, and the token.
    fn abandon(&mut self, instance: &str, execution: &str) -> Answer<()> {
        let now = self.now;
        let tasks = self.tasks.values().filter(|task| task.execution.as_deref() == Some(execution));
        for task in tasks.map(|task| task.id.clone()).collect::<Vec<_>>() {
            let task = self.task_mut(&task)?;
            task.ended = Some(now);
            task.delete_reason = Some("boundary event".to_owned());
        }
        let called = self.instances.values().find(|child| child.parent.as_ref().is_some_and(|(_, at)| at == execution));
        if let Some(child) = called.map(|child| child.id.clone()) {
            self.end(&child, Some("boundary event"))?;
        }
        let owner = self.instance_mut(instance)?;
        owner.executions.retain(|one| one.id != execution && one.parent != execution);
        Ok(())
    }
}
