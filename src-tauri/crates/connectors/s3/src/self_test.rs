//! The test behind the Test button: what works, what does not, and what the server only pretends.

mod door;
mod steps;
mod telling;
mod trial;

use async_trait::async_trait;
use waybill_connector::{Learned, SelfTest, TestReport, TestStep};

use crate::connector::S3;

#[async_trait]
impl SelfTest for S3 {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut telling = telling::Telling::new(tell);
        let Some(top) = self.requests.config.top() else {
            let outcome = telling.account(self).await;
            return telling.report(Learned::default(), outcome.err());
        };
        let mut trial = trial::Trial::new(self, &top, telling);
        let outcome = trial.all().await;
        trial.clean_up().await;
        trial.report(outcome.err())
    }
}
