//! Steps as they end: told at once, and kept for the report.

use std::time::Instant;

use waybill_connector::{ConnectorError, Detail, Learned, Phrase, StepOutcome, TestReport, TestStep};

/// Ends the test. The step that failed has been told already.
pub(super) type Stop = Box<ConnectorError>;

pub(super) struct Telling<'a> {
    tell: &'a mut (dyn for<'s> FnMut(&'s TestStep) + Send),
    steps: Vec<TestStep>,
    started: Instant,
}

impl<'a> Telling<'a> {
    pub(super) fn new(tell: &'a mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> Self {
        Self { tell, steps: Vec::new(), started: Instant::now() }
    }

    /// Keeps a step and tells it.
    fn step(&mut self, name: Phrase, outcome: StepOutcome, detail: impl Into<Detail>) {
        let milliseconds = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let step = TestStep::new(name, outcome, detail.into(), milliseconds);
        (self.tell)(&step);
        self.steps.push(step);
        self.started = Instant::now();
    }

    /// Says what is tried next.
    pub(super) fn trying(&mut self, name: Phrase) {
        (self.tell)(&TestStep::trying(name));
    }

    pub(super) fn passed(&mut self, name: Phrase, detail: impl Into<Detail>) {
        self.step(name, StepOutcome::Passed, detail);
    }

    pub(super) fn noted(&mut self, name: Phrase, detail: impl Into<Detail>) {
        self.step(name, StepOutcome::Noted, detail);
    }

    pub(super) fn skipped(&mut self, names: &[Phrase], why: Phrase) {
        for name in names {
            self.step(*name, StepOutcome::Skipped, why);
        }
    }

    /// Ends the test at this step.
    pub(super) fn failed(&mut self, name: Phrase, error: ConnectorError) -> Stop {
        self.step(name, StepOutcome::Failed, Detail::Technical(error.message.clone()));
        Box::new(error)
    }

    pub(super) fn report(self, learned: Learned, error: Option<Stop>) -> TestReport {
        TestReport { steps: self.steps, learned, error: error.map(|error| *error), expiry: None }
    }
}
