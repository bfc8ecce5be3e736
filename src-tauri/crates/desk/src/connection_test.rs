//! Trying a connection, and keeping what the test found out.

use std::time::Instant;

use waybill_connector::{ConnectorError, Detail, Expiring, Phrase, StepOutcome, TestReport, TestStep};
use waybill_model::{ConnectionId, Side};
use waybill_store::{FoundExpiry, Health};

use crate::{Desk, DeskError, words};

impl Desk {
    /// Tries everything that the engine will rely on, and keeps what it found out.
    pub async fn test_connection(
        &self,
        id: ConnectionId,
        tell: &mut (dyn FnMut(&TestStep) + Send),
    ) -> Result<TestReport, DeskError> {
        let row = self.inner.store.connection(id).await?;
        let began = Instant::now();
        let report = match self.inner.opener.open_row(row).await {
            Ok(open) => match open.connector.self_test() {
                Some(test) => test.run(tell).await,
                None => check_only(&*open.connector, began, tell).await,
            },
            Err(error) => failed(words::OPEN, error, began, tell),
        };
        self.keep_report(id, &report).await?;
        Ok(report)
    }

    async fn keep_report(&self, id: ConnectionId, report: &TestReport) -> Result<(), DeskError> {
        let now = self.now();
        let found = report.expiry.map(|expiry| FoundExpiry {
            of: match expiry.of {
                Expiring::Session => "session",
                Expiring::Certificate => "certificate",
            }
            .to_owned(),
            at: expiry.at,
        });
        self.inner.store.set_found_expiry(id, found).await?;
        if let Some(error) = &report.error {
            let stops = error.kind.stops_the_connection();
            let health = if stops { Health::Stopped } else { Health::Failed };
            let failure = error.to_failure(Side::Destination);
            self.inner.store.set_failing(id, health, failure, error.to_string()).await?;
            if stops {
                self.raise_for(id, error).await?;
            }
            return Ok(());
        }
        self.inner.store.set_learned(id, report.learned.0.clone(), Vec::new()).await?;
        let row = self.inner.store.connection(id).await?;
        let remarks = self.inner.opener.open_row(row).await?.connector.descriptor().remarks.clone();
        self.inner.store.set_learned(id, report.learned.0.clone(), remarks).await?;
        let latency = report.steps.iter().map(|step| step.milliseconds).filter(|ms| *ms > 0).min();
        self.inner.store.set_health(id, Health::Well, String::new(), latency, now).await?;
        self.let_go_on(id, "the connection's test passed").await?;
        self.inner.store.queue().revive(id, now).await?;
        Ok(())
    }
}

async fn check_only(
    connector: &dyn waybill_connector::Connector,
    began: Instant,
    tell: &mut (dyn FnMut(&TestStep) + Send),
) -> TestReport {
    tell(&TestStep::trying(words::ANSWERS));
    match connector.check().await {
        Ok(identity) => {
            let detail = Detail::fact(identity.name);
            let step = TestStep::new(words::ANSWERS, StepOutcome::Passed, detail, milliseconds(began));
            tell(&step);
            TestReport { steps: vec![step], ..TestReport::default() }
        }
        Err(error) => failed(words::ANSWERS, error, began, tell),
    }
}

fn failed(name: Phrase, error: ConnectorError, began: Instant, tell: &mut (dyn FnMut(&TestStep) + Send)) -> TestReport {
    let step = TestStep::new(name, StepOutcome::Failed, Detail::from(&error), milliseconds(began));
    tell(&step);
    TestReport { steps: vec![step], error: Some(error), ..TestReport::default() }
}

fn milliseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}
