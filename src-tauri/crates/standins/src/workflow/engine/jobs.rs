//! Work for programs outside: locked by a worker for a while, tried again when it fails.

use super::{Engine, Instance, Waits, new_id};
use crate::clock::Millis;
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::model::Kind;
use crate::workflow::variable::Variables;

/// A job of a step with an external worker.
#[derive(Debug, Clone)]
pub(in crate::workflow) struct Job {
    pub(in crate::workflow) id: String,
    pub(in crate::workflow) correlation: String,
    pub(in crate::workflow) topic: String,
    pub(in crate::workflow) created: Millis,
    pub(in crate::workflow) retries: i64,
    pub(in crate::workflow) problem: Option<String>,
    pub(in crate::workflow) worker: Option<String>,
    pub(in crate::workflow) locked_until: Option<Millis>,
    /// Not handed out before.
    pub(in crate::workflow) due: Option<Millis>,
}

/// How a worker ended a job.
#[derive(Debug)]
pub(in crate::workflow) enum Outcome {
    Done(Variables),
    /// An error that the process should know; none catches it here, so the instance ends.
    ProcessError(String, Variables),
    Failed {
        problem: String,
        retries: Option<i64>,
        again_after: Option<Millis>,
    },
}

impl Job {
    pub(super) fn new(topic: String, created: Millis) -> Self {
        let (id, correlation) = (new_id(), new_id());
        Self { id, correlation, topic, created, retries: 3, problem: None, worker: None, locked_until: None, due: None }
    }

    /// Whether a worker holds it.
    pub(in crate::workflow) fn is_locked(&self, now: Millis) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }
}

/// A job and the token that waits for it.
pub(in crate::workflow) type Found<'e> = (&'e Instance, &'e super::Execution, &'e Job);

impl Engine {
    /// All jobs.
    pub(in crate::workflow) fn jobs(&self) -> Vec<Found<'_>> {
        let all = self.instances.values().flat_map(|instance| {
            instance.executions.iter().filter_map(move |execution| match &execution.waits {
                Waits::Job(job) => Some((instance, execution, job.as_ref())),
                _ => None,
            })
        });
        all.collect()
    }

    /// Locks up to `count` free jobs of a topic for a worker; answers their ids.
    pub(in crate::workflow) fn lock_jobs(
        &mut self,
        topic: &str,
        worker: &str,
        (count, length): (usize, Millis),
    ) -> Answer<Vec<String>> {
        let now = self.now;
        let free = self.jobs().into_iter().filter(|(instance, _, job)| {
            let waits = job.due.is_none_or(|due| due <= now);
            !instance.suspended && job.topic == topic && !job.is_locked(now) && job.retries > 0 && waits
        });
        let free = free.map(|(instance, execution, job)| (instance.id.clone(), execution.id.clone(), job.id.clone()));
        let chosen: Vec<_> = free.take(count).collect();
        for (instance, execution, _) in &chosen {
            if let Waits::Job(job) = &mut self.execution_mut(instance, execution)?.waits {
                job.worker = Some(worker.to_owned());
                job.locked_until = Some(now.saturating_add(length));
            }
        }
        Ok(chosen.into_iter().map(|(_, _, id)| id).collect())
    }

    /// Ends a job that this worker holds.
    pub(in crate::workflow) fn end_job(&mut self, id: &str, worker: &str, outcome: Outcome) -> Answer<()> {
        let found = self.jobs().into_iter().find(|(_, _, job)| job.id == id);
        let (instance, execution, job) = found.ok_or_else(|| Refused::missing("an external worker job", id))?;
        if !job.is_locked(self.now) || job.worker.as_deref() != Some(worker) {
            // Inferred: the status; the engine that the service is built on refuses a worker that holds no lock.
            return Err(Refused::forbidden(format!("{worker} does not hold a lock on the requested job")));
        }
        let (instance, execution, retries) = (instance.id.clone(), execution.id.clone(), job.retries);
        match outcome {
            Outcome::Done(variables) => {
                self.check_runs(&instance)?;
                self.instance_mut(&instance)?.variables.extend(variables);
                self.wake(&instance, &execution)?;
                self.settle()
            }
            Outcome::ProcessError(code, variables) => {
                self.instance_mut(&instance)?.variables.extend(variables);
                self.end(
                    &instance,
                    Some(&format!("No catching boundary event found for error with errorCode '{code}'")),
                )
            }
            Outcome::Failed { problem, retries: left, again_after } => {
                let now = self.now;
                if let Waits::Job(job) = &mut self.execution_mut(&instance, &execution)?.waits {
                    job.retries = left.unwrap_or(retries - 1).max(0);
                    job.problem = Some(problem);
                    job.worker = None;
                    job.locked_until = None;
                    job.due = again_after.map(|wait| now.saturating_add(wait));
                }
                Ok(())
            }
        }
    }

    /// The name of a job's step.
    pub(in crate::workflow) fn element_name(instance: &Instance, element: &str) -> Option<String> {
        let node = instance.definition.process.node(element)?;
        matches!(node.kind, Kind::Worker { .. }).then(|| node.name.clone())
    }
}
