//! The test of a connection: the server, the sign-in, the root, the rights, and what this account may use. It writes nothing.

use async_trait::async_trait;
use serde_json::Value;
use waybill_connector::{Connector as _, Detail, Result, Right, SelfTest, StepOutcome, TestReport, TestRun, TestStep};
use waybill_model::{FailureKind, Retry};
use waybill_net::{Place, oauth::SignedIn, shown_size};

use crate::{
    connector::XecmConnector, errors::refused, people::Member, permissions::lacking, requests::ANSWER_BYTES,
    upload::LargeFiles, wire::text, words,
};

/// What a test finds out.
pub(crate) mod learned {
    /// Whether there is records management for this account.
    pub(crate) const RECORDS: &str = "records";
    /// Whether there are workspaces for this account.
    pub(crate) const WORKSPACES: &str = "workspaces";
    /// The largest file, in bytes.
    pub(crate) const LARGEST: &str = "largest-file";
}

#[async_trait]
impl SelfTest for XecmConnector {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut run = TestRun::new(tell);
        let hosts = [Some(&self.config.base), self.config.who.directory()];
        if self.http.reach(&mut run, hosts.into_iter().flatten().map(Place::of)).await.is_none() {
            return run.report;
        }
        let version = |version: &Option<String>| match version {
            Some(version) => words::VERSION.with(&[("version", version)]).into(),
            None => Detail::Nothing,
        };
        if run.step(words::ANSWERS, self.version_of_server(), version).await.is_none() {
            return run.report;
        }
        let signed_in = async {
            let signed_in = self.tickets.signed_in().await?;
            self.who_am_i("sign-in").await.map(|me| (me, signed_in))
        };
        let told = |(me, signed_in): &(Member, SignedIn)| {
            let who = words::AS_USER.with(&[("user", &me.name)]);
            Detail::Said(std::iter::once(who).chain(signed_in.said()).collect())
        };
        let Some((_, signed_in)) = run.step(words::SIGNED_IN, signed_in, told).await else { return run.report };
        run.report.expiry = signed_in.expiry();
        let root = async {
            let id = self.root("root").await?;
            self.must("root", &waybill_model::RemotePath::root()).await.map(|node| (id, node.name))
        };
        let Some((root, name)) = run.step(words::FIRST_CALL, root, |(_, name)| Detail::fact(name.as_str())).await
        else {
            return run.report;
        };
        let judged = |rights: &Vec<Right>| match lacking(rights) {
            missing if missing.is_empty() => (StepOutcome::Passed, words::MAY_FILE.with(&[("folder", &name)]).into()),
            missing => {
                let said = words::MAY_NOT.with(&[("folder", &name), ("rights", &missing.join(", "))]);
                (StepOutcome::Noted, said.into())
            }
        };
        if run.judge(words::RIGHTS, self.effective_on("rights", root), judged).await.is_none() {
            return run.report;
        }
        self.modules(&mut run).await;
        run.report
    }
}

impl XecmConnector {
    /// Whether a server answers at all, and which version it says it is. Nobody is signed in yet.
    async fn version_of_server(&self) -> Result<Option<String>> {
        let ping = self.http.get("ping", self.addresses.ping()).accept("application/json").send().await?;
        ping.taken(refused).await?.json::<Value>(ANSWER_BYTES).await?;
        let info = self.http.get("ping", self.addresses.server_info()).accept("application/json").send().await?;
        // Some servers tell about themselves only whoever has signed in.
        let Ok(info) = info.success().await else { return Ok(None) };
        Ok(info.json::<Value>(ANSWER_BYTES).await.ok().and_then(|info| text(&info["server"]["version"])))
    }

    /// What else is there for this account.
    async fn modules(&self, run: &mut TestRun<'_>) {
        let codes = self.addresses.record_codes();
        let records = self.asked(self.get("records", &codes, &[]));
        let judged = |found: &Option<Value>| match found {
            Some(_) => (StepOutcome::Passed, words::THERE.into()),
            None => (StepOutcome::Noted, words::NO_RECORDS.into()),
        };
        let Some(records) = run.judge(words::RECORDS, records, judged).await else { return };
        run.report.learned.set(learned::RECORDS, records.is_some());
        let kinds = self.asked(self.workspace_kinds("workspaces"));
        let judged = |found: &Option<Vec<Value>>| match found {
            Some(kinds) if !kinds.is_empty() => {
                (StepOutcome::Passed, words::WORKSPACE_KINDS.with(&[("count", &kinds.len().to_string())]).into())
            }
            _ => (StepOutcome::Noted, words::NO_WORKSPACES.into()),
        };
        let Some(kinds) = run.judge(words::WORKSPACES, kinds, judged).await else { return };
        run.report.learned.set(learned::WORKSPACES, kinds.is_some_and(|kinds| !kinds.is_empty()));
        let judged = |found: &Option<LargeFiles>| match found {
            Some(LargeFiles { from, to }) => {
                let said = words::LARGE_TO.with(&[("from", &shown_size(*from)), ("to", &shown_size(*to))]);
                (StepOutcome::Passed, said.into())
            }
            None => (StepOutcome::Noted, words::NO_LARGE.into()),
        };
        let Some(large) = run.judge(words::LARGE_FILES, self.large_files("large files"), judged).await else { return };
        if let Some(LargeFiles { to, .. }) = large {
            run.report.learned.set(learned::LARGEST, to.max(self.descriptor().limits.single_write_bytes));
        }
    }

    /// What a module answers; `None` where it is not there, or not for this account.
    async fn asked<T>(&self, call: impl Future<Output = Result<T>>) -> Result<Option<T>> {
        match call.await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.retry == Retry::Never && error.kind != FailureKind::Unauthenticated => Ok(None),
            Err(error) => Err(error),
        }
    }
}
