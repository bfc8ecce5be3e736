//! Places on remotes in memory, with their faults and what happens behind the connection's back.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use waybill_model::{RemotePath, Sha256, UploadSession};

use super::{Begun, Bug, Memory, Parts, State, uploads::id_of};
use crate::{
    Connector,
    conformance::{
        ApprovalBench, CatalogueBench, CommentBench, EventBench, Fault, Faults, FilePlanBench, Fixture, InboundBench,
        LockBench, Outside, PeopleBench, Place, ProcessBench, PublishBench, RequestBench, SearchBench, ShareBench,
        TaskBench, WorkspaceBench,
    },
};

/// Places on remotes with one bug.
pub(in crate::conformance::tests) struct Remotes(pub(in crate::conformance::tests) Bug);

pub(in crate::conformance::tests) struct OneRemote {
    pub(in crate::conformance::tests) state: Arc<Mutex<State>>,
    pub(in crate::conformance::tests) parts: Parts,
    bug: Bug,
    connector: Arc<dyn Connector>,
}

#[async_trait]
impl Fixture for Remotes {
    fn name(&self) -> String {
        format!("memory with {:?}", self.0)
    }
    async fn place(&self) -> Box<dyn Place> {
        let state = Arc::new(Mutex::new(State::default()));
        let parts = Parts::new(&state, self.0);
        let connector = Arc::new(Memory::new(Arc::clone(&state), parts.clone(), self.0));
        Box::new(OneRemote { state, parts, bug: self.0, connector })
    }
    fn patience(&self) -> Duration {
        if self.0 == Bug::NeverAnswers { Duration::from_millis(300) } else { Duration::from_mins(1) }
    }
}

#[async_trait]
impl Place for OneRemote {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }
    async fn reopen(&self) -> Arc<dyn Connector> {
        Arc::new(Memory::new(Arc::clone(&self.state), self.parts.clone(), self.bug))
    }
    async fn other_spellings(&self) -> Vec<(String, Arc<dyn Connector>)> {
        vec![("memory/".to_owned(), self.reopen().await)]
    }
    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }
    fn outside(&self) -> Option<&dyn Outside> {
        Some(self)
    }
    fn process_bench(&self) -> Option<&dyn ProcessBench> {
        Some(&self.parts.processes)
    }
    fn task_bench(&self) -> Option<&dyn TaskBench> {
        Some(&self.parts.tasks)
    }
    fn event_bench(&self) -> Option<&dyn EventBench> {
        Some(&self.parts.log)
    }
    fn inbound_bench(&self) -> Option<&dyn InboundBench> {
        Some(&self.parts.log)
    }
    fn publish_bench(&self) -> Option<&dyn PublishBench> {
        Some(&self.parts.told)
    }
    fn catalogue_bench(&self) -> Option<&dyn CatalogueBench> {
        Some(&self.parts.told)
    }

    fn file_plan_bench(&self) -> Option<&dyn FilePlanBench> {
        Some(&self.parts.repository)
    }
    fn people_bench(&self) -> Option<&dyn PeopleBench> {
        Some(&self.parts.repository)
    }
    fn workspace_bench(&self) -> Option<&dyn WorkspaceBench> {
        Some(&self.parts.repository)
    }
    fn share_bench(&self) -> Option<&dyn ShareBench> {
        Some(&self.parts.sharing)
    }
    fn request_bench(&self) -> Option<&dyn RequestBench> {
        Some(&self.parts.sharing)
    }
    fn comment_bench(&self) -> Option<&dyn CommentBench> {
        Some(&self.parts.talk)
    }
    fn lock_bench(&self) -> Option<&dyn LockBench> {
        Some(&self.parts.talk)
    }
    fn search_bench(&self) -> Option<&dyn SearchBench> {
        Some(self)
    }
    fn approval_bench(&self) -> Option<&dyn ApprovalBench> {
        Some(self)
    }
    async fn leave_unfinished(&self, path: &RemotePath) -> bool {
        let mut state = self.state.lock().unwrap();
        let id = state.next();
        state.uploads.insert(id, Begun { path: path.to_string(), parts: BTreeMap::new(), arrived: Vec::new() });
        true
    }
    async fn fetch_link(&self, link: &str) -> Option<std::result::Result<Vec<u8>, u16>> {
        if let Some(shared) = self.parts.sharing.fetch(link) {
            return Some(shared);
        }
        let (path, signature) = link.strip_prefix("memory:/")?.rsplit_once('!')?;
        let right = Sha256::of(path.as_bytes()).to_string() == signature || self.bug == Bug::LinksOpenAll;
        Some(if right { self.get(&RemotePath::new(path)).await.ok_or(404) } else { Err(403) })
    }
}

#[async_trait]
impl Faults for OneRemote {
    async fn arm(&self, fault: Fault) -> bool {
        self.state.lock().unwrap().fault = Some(fault);
        true
    }
    async fn clear(&self) {
        self.state.lock().unwrap().fault = None;
    }
}

#[async_trait]
impl Outside for OneRemote {
    async fn put(&self, path: &RemotePath, bytes: &[u8]) {
        self.state.lock().unwrap().put(path.as_str(), Bytes::copy_from_slice(bytes), false);
    }
    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>> {
        self.state.lock().unwrap().latest(path.as_str()).map(|stored| stored.bytes.to_vec())
    }
    async fn remove(&self, path: &RemotePath) {
        self.state.lock().unwrap().files.remove(path.as_str());
    }
    async fn everything_below(&self, _folder: &RemotePath) -> Option<Vec<String>> {
        None
    }
    async fn corrupt(&self, session: &UploadSession) -> bool {
        let mut state = self.state.lock().unwrap();
        let part = state.uploads.get_mut(&id_of(session)).unwrap().parts.get_mut(&1).unwrap();
        let mut bytes = part.to_vec();
        bytes[99] ^= 1;
        *part = bytes.into();
        true
    }
    async fn forget(&self, session: &UploadSession) -> bool {
        self.state.lock().unwrap().uploads.remove(&id_of(session)).is_some()
    }
}
