//! The test behind the Test button: what works, what does not, and what the server only pretends.

mod door;
mod steps;
mod telling;
mod trial;

use async_trait::async_trait;
use waybill_connector::{Learned, SelfTest, TestReport, TestStep};

use crate::{connector::S3, single_sign_on};

#[async_trait]
impl SelfTest for S3 {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut telling = telling::Telling::new(tell);
        let report = if let Some(top) = self.requests.config.top() {
            let mut trial = trial::Trial::new(self, &top, telling);
            let outcome = trial.all().await;
            trial.clean_up().await;
            trial.report(outcome.err())
        } else {
            let outcome = telling.account(self).await;
            telling.report(Learned::default(), outcome.err())
        };
        TestReport { expiry: single_sign_on::expiry(&self.requests.config), ..report }
    }
}
