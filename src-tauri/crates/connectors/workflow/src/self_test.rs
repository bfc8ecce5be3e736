//! The test of a connection: the address, the sign-in service, the sign-in, the first call. It writes nothing.

use async_trait::async_trait;
use waybill_connector::{Detail, SelfTest, TestReport, TestRun, TestStep};
use waybill_net::{Place, oauth::SignedIn};

use crate::{connector::WorkflowConnector, words};

#[async_trait]
impl SelfTest for WorkflowConnector {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut run = TestRun::new(tell);
        let user = self.config.user.clone();
        if self.http.reach(&mut run, [Place::of(&self.config.base)]).await.is_none() {
            return run.report;
        }
        let found = run.step(words::SERVICE_FOUND, self.discovery(), |found| Detail::fact(found.issuer.as_str())).await;
        if found.is_none() {
            return run.report;
        }
        let signed_in = async { self.session().await?.signed_in().await };
        let Some(signed_in) = run.step(words::SIGNED_IN, signed_in, SignedIn::detail).await else { return run.report };
        run.report.expiry = signed_in.expiry();
        let detail = |count: &u64| match &user {
            Some(user) => words::TASKS_WAIT.with(&[("count", &count.to_string()), ("user", user)]).into(),
            None => words::NO_USER.into(),
        };
        run.step(words::FIRST_CALL, self.count_inbox(), detail).await;
        run.report
    }
}
