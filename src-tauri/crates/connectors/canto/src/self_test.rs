//! The test of a connection: address, sign-in, first call, folder, rights, uploads, mapped fields. It writes nothing.

use async_trait::async_trait;
use jiff::fmt::rfc2822;
use waybill_connector::{ConnectorError, Detail, Result, SelfTest, StepOutcome, TestReport, TestRun, TestStep};
use waybill_model::{FailureKind, Millis};
use waybill_net::{Place, oauth::SignedIn};

use crate::{connector::CantoConnector, mapping::MAPPED, wire::User, words};

/// Seconds that two clocks may differ.
const CLOSE: i64 = 120;

/// What an account may do, as far as Canto tells.
fn rights(user: &User) -> (StepOutcome, Detail) {
    if user.permissions.is_empty() {
        return (StepOutcome::Noted, words::NO_RIGHTS_TOLD.into());
    }
    // Inferred: the words of the permissions.
    let mut missing = Vec::new();
    if !user.may("upload") {
        missing.push(words::CANNOT_UPLOAD.said());
    }
    if !user.may("approve") {
        missing.push(words::CANNOT_APPROVE.said());
    }
    let outcome = if missing.is_empty() { StepOutcome::Passed } else { StepOutcome::Noted };
    (outcome, if missing.is_empty() { Detail::Nothing } else { Detail::Said(missing) })
}

impl CantoConnector {
    /// Whether anything answers requests at the address; and its clock, in seconds ahead of ours.
    async fn knock(&self) -> Result<Option<i64>> {
        let answer = self.http.get("check", self.api(&["user"])).accept("application/json").send().await?;
        let told = answer.header("date").and_then(|date| rfc2822::parse(date).ok());
        let ahead = told.map(|date| Millis(date.timestamp().as_millisecond()).since(self.clock.now()) / 1000);
        // Read to its end, so that the line can be used again.
        drop(answer.refusal().await);
        Ok(ahead)
    }

    /// Whether uploads are possible; `None` where the account may not.
    async fn may_upload(&self) -> Result<Option<String>> {
        match self.upload_form("check").await {
            Ok((url, _)) => Ok(Some(url.host_str().unwrap_or_default().to_owned())),
            Err(error) if error.kind == FailureKind::Denied => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Names of mapped fields that the library does not have.
    async fn missing_fields(&self) -> Result<Vec<String>> {
        let mut missing = Vec::new();
        for one in &MAPPED {
            if let Some(name) = self.config.mapped(one.key)
                && self.mapped_field("check", one.key).await?.is_none()
            {
                missing.push(name.to_owned());
            }
        }
        Ok(missing)
    }
}

#[async_trait]
impl SelfTest for CantoConnector {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut run = TestRun::new(tell);
        let host = self.config.base.to_string();
        // The sign-in service may be another host, and is trusted as one.
        let (own, oauth) = (Place::of(&self.config.base), Place::of(&self.config.oauth));
        let http = self.door(&self.config.oauth);
        let others = (oauth != own).then_some(oauth);
        if self.http.reach(&mut run, [own]).await.is_none() || http.reach(&mut run, others).await.is_none() {
            return run.report;
        }
        let Some(ahead) = run.step(words::ANSWERS, self.knock(), |_| Detail::fact(host)).await else {
            return run.report;
        };
        if let Some(ahead) = ahead.filter(|ahead| ahead.abs() > CLOSE) {
            let said = words::CLOCK_OFF.with(&[("seconds", &ahead.abs().to_string())]);
            run.note(words::CLOCK, StepOutcome::Noted, said.into());
        }
        let signed_in = async { self.session()?.signed_in().await };
        let Some(signed_in) = run.step(words::SIGNED_IN, signed_in, SignedIn::detail).await else { return run.report };
        run.report.expiry = signed_in.expiry();
        let shown = |user: &User| Detail::fact(user.shown().unwrap_or_default());
        let account = async {
            let user = self.account().await?;
            // Canto shows strangers a page or nothing.
            if user.shown().is_none() {
                let why = "Canto answered without an account; check the tenant's address and sign in again";
                return Err(ConnectorError::new(FailureKind::Unauthenticated, "check", why));
            }
            Ok(user)
        };
        let Some(user) = run.step(words::FIRST_CALL, account, shown).await else { return run.report };
        let root = self.config.root.join("/");
        if run.step(words::ROOT_FOUND, Box::pin(self.root("check")), |_| Detail::fact(root)).await.is_none() {
            return run.report;
        }
        run.judge(words::RIGHTS, async { Ok(()) }, |()| rights(&user)).await;
        let uploads = |found: &Option<String>| match found {
            Some(host) => (StepOutcome::Passed, Detail::fact(host.as_str())),
            None => (StepOutcome::Noted, words::CANNOT_UPLOAD.into()),
        };
        if run.judge(words::UPLOADS, self.may_upload(), uploads).await.is_none() {
            return run.report;
        }
        let is_mapped = !self.config.mapped.is_empty();
        let fields = |missing: &Vec<String>| match (is_mapped, missing.is_empty()) {
            (false, _) => (StepOutcome::Passed, words::NONE_MAPPED.into()),
            (true, true) => (StepOutcome::Passed, Detail::Nothing),
            (true, false) => (StepOutcome::Noted, words::FIELDS_MISSING.with(&[("names", &missing.join(", "))]).into()),
        };
        run.judge(words::MAPPED_FIELDS, self.missing_fields(), fields).await;
        run.report
    }
}
