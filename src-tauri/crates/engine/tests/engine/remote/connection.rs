//! A connection to the remote in memory: every call is counted, and goes as the test says.

use std::{collections::BTreeMap, sync::MutexGuard};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use waybill_connector::{
    Attributes, Checksums, Connector, ConnectorError, CreateFolder, Delete, Descriptor, Entry, EntryKind, Identity,
    List, Read, Rename, Result, ResumableUpload, Space, SpaceReport, UnfinishedUploads, Write,
};
use waybill_model::{FailureKind, Receipt, RemotePath, Retry};

use super::{Call, Fault, Powers, Remote, State};

pub(super) struct Memory {
    pub(super) remote: Remote,
    pub(super) powers: Powers,
    pub(super) descriptor: Descriptor,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

pub(super) struct Moves<'m>(&'m Remote, String);

impl Drop for Moves<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        if let Some(count) = state.moving.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                state.moving.remove(&self.1);
            }
        }
    }
}

impl Memory {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.remote.state()
    }

    /// Counts the call and does what the test wants to go wrong before it; answers what is to go wrong after it.
    pub(super) async fn enter(&self, call: Call, path: &RemotePath) -> Result<Option<Fault>> {
        let fault = {
            let mut state = self.state();
            state.calls.push((call, path.as_str().to_owned()));
            let mut found = None;
            for rule in &mut state.rules {
                if rule.call != call || !path.as_str().contains(&rule.path) {
                    continue;
                }
                rule.seen += 1;
                if (rule.nth == 0 || rule.nth == rule.seen) && found.is_none() {
                    found = Some(rule.fault.clone());
                }
            }
            found
        };
        if !self.powers.slow.is_zero() {
            tokio::time::sleep(self.powers.slow).await;
        }
        let operation = if call == Call::Read { "read" } else { "call" };
        match fault {
            Some(Fault::Fail(kind)) => Err(ConnectorError::new(kind, operation, "told to fail").at(path)),
            Some(Fault::After(pause)) => {
                Err(ConnectorError::new(FailureKind::RateLimited, operation, "too many").retry(Retry::After(pause)))
            }
            Some(Fault::Hold) => {
                self.remote.gate.acquire().await.unwrap().forget();
                Ok(None)
            }
            Some(Fault::Do(change)) => {
                change(&mut self.state());
                Ok(None)
            }
            after => Ok(after),
        }
    }

    pub(super) async fn leave<T>(&self, fault: Option<Fault>, path: &RemotePath, done: T) -> Result<T> {
        match fault {
            Some(Fault::Lost(kind)) => Err(ConnectorError::new(kind, "call", "the answer was lost").at(path)),
            Some(Fault::Silent) => std::future::pending().await,
            _ => Ok(done),
        }
    }

    pub(super) fn moves(&self, path: &RemotePath) -> Moves<'_> {
        let mut state = self.state();
        let count = state.moving.entry(path.as_str().to_owned()).or_default();
        *count += 1;
        let count = *count;
        state.most_on_one = state.most_on_one.max(count);
        state.most_moving = state.most_moving.max(state.moving.len());
        Moves(&self.remote, path.as_str().to_owned())
    }

    pub(super) fn entry(&self, path: &RemotePath) -> Option<Entry> {
        let state = self.state();
        let file = state.files.get(path.as_str());
        let kind = match file {
            Some(_) => EntryKind::File,
            None if state.odd.contains(path.as_str()) => EntryKind::Other,
            None if state.folders.contains(path.as_str()) => EntryKind::Folder,
            None => return None,
        };
        Some(Entry {
            path: path.clone(),
            name: path.name().to_owned(),
            kind,
            size: file.map_or(0, |file| file.bytes.len() as u64),
            modified: file.map(|file| file.modified),
            version: None,
            mode: None,
            addressable: true,
            link: false,
            facts: BTreeMap::default(),
        })
    }

    pub(super) fn store(&self, path: &RemotePath, bytes: Bytes, replace: bool, corrupt: bool) -> Result<Receipt> {
        let mut state = self.state();
        if state.folders.contains(path.as_str()) || (!replace && state.files.contains_key(path.as_str())) {
            return Err(ConnectorError::new(FailureKind::AlreadyExists, "write", "taken").at(path));
        }
        let mut bytes = BytesMut::from(&bytes[..]);
        if corrupt {
            bytes[0] ^= 1;
        }
        let size = bytes.len() as u64;
        state.put(path.as_str(), bytes.freeze());
        let modified = state.files.get(path.as_str()).map(|file| file.modified);
        Ok(Receipt { size, modified, ..Receipt::default() })
    }
}

#[async_trait]
impl Connector for Memory {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
    async fn check(&self) -> Result<Identity> {
        Ok(Identity { name: "memory".to_owned(), server: None })
    }
    fn list(&self) -> Option<&dyn List> {
        self.powers.list.then_some(self)
    }
    fn read(&self) -> Option<&dyn Read> {
        Some(self)
    }
    fn write(&self) -> Option<&dyn Write> {
        Some(self)
    }
    fn resumable_upload(&self) -> Option<&dyn ResumableUpload> {
        self.powers.resumable.then_some(self)
    }
    fn unfinished_uploads(&self) -> Option<&dyn UnfinishedUploads> {
        self.powers.resumable.then_some(self)
    }
    fn delete(&self) -> Option<&dyn Delete> {
        Some(self)
    }
    fn checksums(&self) -> Option<&dyn Checksums> {
        self.powers.checksums.then_some(self)
    }
    fn create_folder(&self) -> Option<&dyn CreateFolder> {
        Some(self)
    }
    fn rename(&self) -> Option<&dyn Rename> {
        Some(self)
    }
    fn attributes(&self) -> Option<&dyn Attributes> {
        self.powers.forms.then_some(self)
    }
    fn space(&self) -> Option<&dyn Space> {
        self.state().free.map(|_| self as &dyn Space)
    }
}

#[async_trait]
impl Space for Memory {
    async fn space(&self, _folder: &RemotePath) -> Result<SpaceReport> {
        let free = self.state().free.unwrap_or(u64::MAX);
        Ok(SpaceReport { free, total: free })
    }
}
