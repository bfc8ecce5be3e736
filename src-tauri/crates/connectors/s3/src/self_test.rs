//! The test behind the Test button: what works, what does not, and what the server only pretends.

mod steps;
mod trial;

use async_trait::async_trait;
use waybill_connector::{SelfTest, TestReport, TestStep};

use crate::connector::S3;

#[async_trait]
impl SelfTest for S3 {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut trial = trial::Trial::new(self, tell);
        let outcome = trial.all().await;
        trial.clean_up().await;
        trial.report(outcome.err())
    }
}
