//! The shares of the remote in memory, and the requests for files that are made of them.
#![expect(clippy::result_large_err, reason = "the contract's own error")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use waybill_model::{FailureKind, Millis, RemotePath};

use super::memory::{Bug, Files};
use crate::{
    ConnectorError, FileRequest, FileRequests, NewFileRequest, NewShare, Principal, Recipient, Result, Share, Sharing,
    conformance::{RequestBench, ShareBench},
};

const PERSON: &str = "ada";
const GROUP: &str = "readers";
const OUTSIDER: &str = "quotes@supplier.example";
const FORBIDDEN: &str = "quotes@blocked.example";

#[derive(Debug, Default)]
struct Desk {
    shares: BTreeMap<u64, Share>,
    requests: BTreeMap<u64, FileRequest>,
    counter: u64,
    passed: i64,
}

/// Shares and requests, known to all handles on one place.
#[derive(Debug, Clone)]
pub(super) struct MemorySharing {
    desk: Arc<Mutex<Desk>>,
    files: Files,
    bug: Bug,
}

fn fail<T>(kind: FailureKind, why: &str) -> Result<T> {
    Err(ConnectorError::new(kind, "share", why))
}

impl MemorySharing {
    pub(super) fn new(files: Files, bug: Bug) -> Self {
        Self { desk: Arc::default(), files, bug }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }

    fn time(&self) -> Millis {
        Millis(1_800_000_000_000 + self.desk().passed)
    }

    fn open(&self) -> Vec<Share> {
        let now = self.time();
        let is_open = |share: &&Share| share.expires.is_none_or(|end| end > now);
        self.desk().shares.values().filter(is_open).cloned().collect()
    }

    fn check(&self, recipient: &Recipient, expires: Option<Millis>) -> Result<()> {
        match recipient {
            Recipient::Outsider(address) if !address.contains('@') => return fail(FailureKind::Invalid, "no address"),
            Recipient::Outsider(address) if address == FORBIDDEN => return fail(FailureKind::Denied, "forbidden"),
            _ => {}
        }
        if expires.is_some_and(|end| end <= self.time()) { fail(FailureKind::Invalid, "past") } else { Ok(()) }
    }
}

#[async_trait]
impl Sharing for MemorySharing {
    async fn principals(&self, text: &str) -> Result<Vec<Principal>> {
        let one = Principal { id: PERSON.to_owned(), name: "Ada Byron".to_owned(), email: None, group: false };
        Ok(if one.name.contains(text) { vec![one] } else { Vec::new() })
    }

    async fn shares(&self, path: &RemotePath) -> Result<Vec<Share>> {
        if !self.files.is_there(path) {
            return fail(FailureKind::NotFound, "nothing there");
        }
        Ok(self.open().into_iter().filter(|share| share.path == *path).collect())
    }

    async fn shared_by_me(&self) -> Result<Vec<Share>> {
        Ok(self.open())
    }

    async fn share(&self, path: &RemotePath, new: &NewShare) -> Result<Share> {
        if !self.files.is_there(path) {
            return fail(FailureKind::NotFound, "nothing there");
        }
        self.check(&new.recipient, new.expires)?;
        let mut desk = self.desk();
        if self.bug != Bug::SharesTwice {
            desk.shares.retain(|_, share| share.path != *path || share.recipient != new.recipient);
        }
        desk.counter += 1;
        let id = desk.counter;
        let share = Share {
            id: id.to_string(),
            path: path.clone(),
            recipient: new.recipient.clone(),
            name: None,
            role: new.role,
            by: None,
            created: None,
            expires: new.expires,
            may_reshare: new.may_reshare,
            link: (new.recipient == Recipient::Link).then(|| format!("shared:{id}")),
            remarks: Vec::new(),
        };
        desk.shares.insert(id, share.clone());
        Ok(share)
    }

    async fn revoke(&self, share: &Share) -> Result<()> {
        let is_meant = |other: &Share| match self.bug {
            Bug::RevokesById => other.id == share.id,
            _ => other.path == share.path && other.recipient == share.recipient,
        };
        self.desk().shares.retain(|_, other| !is_meant(other));
        Ok(())
    }
}

impl MemorySharing {
    /// What a link gives; `None` where it is none of a share.
    pub(super) fn fetch(&self, link: &str) -> Option<std::result::Result<Vec<u8>, u16>> {
        let open = link.strip_prefix("shared:").map(|id| self.open().into_iter().find(|share| share.id == id))?;
        Some(open.and_then(|share| self.files.bytes(&share.path)).ok_or(404))
    }
}

#[async_trait]
impl ShareBench for MemorySharing {
    fn person(&self) -> (String, String) {
        (PERSON.to_owned(), "Ada".to_owned())
    }
    fn group(&self) -> Option<String> {
        Some(GROUP.to_owned())
    }
    fn outsider(&self) -> Option<String> {
        Some(OUTSIDER.to_owned())
    }
    fn forbidden(&self) -> Option<String> {
        Some(FORBIDDEN.to_owned())
    }
    fn now(&self) -> Millis {
        self.time()
    }
    async fn can_read(&self, person: &str, path: &RemotePath) -> bool {
        let recipient = Recipient::Person(person.to_owned());
        self.open().iter().any(|share| share.path == *path && share.recipient == recipient)
    }
    async fn pass(&self, time: Duration) -> bool {
        self.desk().passed += i64::try_from(time.as_millis()).unwrap();
        true
    }
    async fn lose_answer(&self) -> bool {
        true
    }
}

#[async_trait]
impl FileRequests for MemorySharing {
    fn is_native(&self) -> bool {
        true
    }

    async fn ask(&self, folder: &RemotePath, request: &NewFileRequest) -> Result<FileRequest> {
        if request.message.trim().is_empty() {
            return fail(FailureKind::Invalid, "no words");
        }
        self.check(&Recipient::Outsider(request.from.clone()), request.expires)?;
        let mut desk = self.desk();
        let stands = desk.requests.values().find(|open| open.from == request.from && open.message == request.message);
        if let Some(stands) = stands.filter(|_| self.bug != Bug::AsksTwice) {
            return Ok(stands.clone());
        }
        desk.counter += 1;
        let id = desk.counter;
        let asked = FileRequest {
            id: id.to_string(),
            folder: folder.join(&format!("request {id}")),
            from: request.from.clone(),
            message: request.message.clone(),
            created: None,
            expires: request.expires,
            link: None,
            received: Vec::new(),
        };
        desk.requests.insert(id, asked.clone());
        Ok(asked)
    }

    async fn requests(&self, folder: &RemotePath) -> Result<Vec<FileRequest>> {
        let desk = self.desk();
        Ok(desk.requests.values().filter(|open| open.folder.below(folder).is_some()).cloned().collect())
    }

    async fn close(&self, request: &FileRequest) -> Result<()> {
        self.desk().requests.retain(|_, open| open.id != request.id);
        Ok(())
    }
}

#[async_trait]
impl RequestBench for MemorySharing {
    fn outsider(&self) -> String {
        OUTSIDER.to_owned()
    }
    fn forbidden(&self) -> Option<String> {
        Some(FORBIDDEN.to_owned())
    }
    fn now(&self) -> Millis {
        self.time()
    }
    async fn deliver(&self, request: &FileRequest, name: &str, bytes: &[u8]) -> bool {
        let mut desk = self.desk();
        let Some(open) = desk.requests.values_mut().find(|open| open.id == request.id) else { return false };
        let path = open.folder.join(name);
        self.files.put(&path, bytes);
        open.received.push(path);
        true
    }
    async fn lose_answer(&self) -> bool {
        true
    }
}
