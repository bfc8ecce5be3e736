//! The test of a connection: the sign-in service, the sign-in, the first call. It writes nothing.

use async_trait::async_trait;
use tokio::time::Instant;
use waybill_connector::{ConnectorError, Detail, Phrase, Result, SelfTest, StepOutcome, TestReport, TestStep};

use crate::{connector::WorkflowConnector, words};

type Tell<'a> = &'a mut (dyn for<'s> FnMut(&'s TestStep) + Send);

/// A test under way.
struct Run<'a> {
    tell: Tell<'a>,
    report: TestReport,
}

impl Run<'_> {
    async fn step<T>(
        &mut self,
        name: Phrase,
        work: impl Future<Output = Result<T>>,
        detail: impl FnOnce(&T) -> Detail,
    ) -> Option<T> {
        (self.tell)(&TestStep::trying(name));
        let since = Instant::now();
        let done = work.await;
        let milliseconds = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outcome, detail) = match &done {
            Ok(found) => (StepOutcome::Passed, detail(found)),
            Err(error) => (StepOutcome::Failed, Detail::from(error)),
        };
        let step = TestStep::new(name, outcome, detail, milliseconds);
        (self.tell)(&step);
        self.report.steps.push(step);
        done.map_err(|error: ConnectorError| self.report.error = Some(error)).ok()
    }
}

#[async_trait]
impl SelfTest for WorkflowConnector {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut run = Run { tell, report: TestReport::default() };
        let user = self.config.user.clone();
        let found = run.step(words::SERVICE_FOUND, self.discovery(), |found| Detail::fact(found.issuer.as_str())).await;
        if found.is_none() {
            return run.report;
        }
        let signed_in = async { self.session().await?.ready().await };
        if run.step(words::SIGNED_IN, signed_in, |()| Detail::Nothing).await.is_none() {
            return run.report;
        }
        let detail = |count: &u64| match &user {
            Some(user) => words::TASKS_WAIT.with(&[("count", &count.to_string()), ("user", user)]).into(),
            None => words::NO_USER.into(),
        };
        run.step(words::FIRST_CALL, self.count_inbox(), detail).await;
        run.report
    }
}
