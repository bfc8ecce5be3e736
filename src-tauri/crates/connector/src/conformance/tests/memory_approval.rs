//! Decisions about files of the remote in memory.

use std::sync::Arc;

use async_trait::async_trait;
use waybill_model::{FailureKind, RemotePath};

use super::memory::{Bug, Memory, OneRemote, fail};
use crate::{Approval, ApprovalRecord, ApprovalState, Connector, Result, conformance::ApprovalBench};

#[async_trait]
impl Approval for Memory {
    async fn approval(&self, path: &RemotePath) -> Result<ApprovalRecord> {
        self.request("approval", path).await?;
        let state = self.state();
        if state.latest(path.as_str()).is_none() {
            return fail(FailureKind::NotFound, "approval", path);
        }
        let decided = state.decided.get(path.as_str()).map_or(ApprovalState::Open, |(decided, _)| *decided);
        Ok(ApprovalRecord { state: decided, word: format!("{decided:?}"), by: None, at: None })
    }

    async fn set_approval(&self, path: &RemotePath, decision: ApprovalState, why: Option<&str>) -> Result<()> {
        self.request("set_approval", path).await?;
        let mut state = self.state();
        if state.latest(path.as_str()).is_none() {
            return fail(FailureKind::NotFound, "set_approval", path);
        }
        match decision {
            _ if self.bug == Bug::DecidesNothing => {}
            _ if self.bug == Bug::MayNotDecide => return fail(FailureKind::Denied, "set_approval", path),
            ApprovalState::Open => return fail(FailureKind::Invalid, "set_approval", path),
            _ => {
                state.decided.insert(path.to_string(), (decision, why.map(str::to_owned)));
            }
        }
        Ok(())
    }
}

#[async_trait]
impl ApprovalBench for OneRemote {
    async fn decide(&self, path: &RemotePath, decision: ApprovalState) {
        self.state.lock().unwrap().decided.insert(path.to_string(), (decision, None));
    }

    async fn reason(&self, path: &RemotePath) -> Option<String> {
        let state = self.state.lock().unwrap();
        Some(state.decided.get(path.as_str()).and_then(|(_, why)| why.clone()).unwrap_or_default())
    }

    async fn without_the_right(&self) -> Option<Arc<dyn Connector>> {
        let (tasks, processes) = (self.tasks.clone(), self.processes.clone());
        Some(Arc::new(Memory::new(Arc::clone(&self.state), tasks, processes, Bug::MayNotDecide)))
    }
}
