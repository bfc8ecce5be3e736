//! A remote in memory that keeps the whole contract, or breaks it in one chosen way.
#![expect(clippy::result_large_err, reason = "the contract's own error")]

mod files;
mod kept;
mod place;
mod uploads;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use waybill_model::{FailureKind, Receipt, RemotePath, Retry, Sha256, names::NameRules};

use crate::{
    Approval, ApprovalState, Attributes, AuditLog, Checksums, Comments, Connector, ConnectorError, CreateFolder,
    Delete, Descriptor, FilePlan, FileRequests, Identity, Limits, Links, List, Locks, Metadata, Permissions, Previews,
    ProcessModels, Processes, Read, Records, RecycleBin, Rename, Result, ResumableUpload, ResumeSupport, Retention,
    Search, SelfTest, ServerCopy, Sharing, Space, Tasks, Trust, UnfinishedUploads, Versions, Workspaces, Write,
    conformance::Fault,
};

use super::{
    memory_events::Log, memory_processes::MemoryProcesses, memory_repository::MemoryRepository,
    memory_sharing::MemorySharing, memory_talk::MemoryTalk, memory_tasks::MemoryTasks, memory_told::Told,
};
pub(super) use files::entry;
pub(super) use place::{OneRemote, Remotes};

/// One way to break the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bug {
    None,
    PagesOverlap,
    DecodesNames,
    ListsNeighbours,
    IgnoresReplace,
    StoresShort,
    StoresEarly,
    ReadsLatest,
    ShortReadLooksWhole,
    PartsAsTheyCome,
    BelievesReceipts,
    FinishesWithoutAll,
    BelievesSuccess,
    AbortKeeps,
    NeverAnswers,
    ForgetsRetryAfter,
    MissesNothing,
    VouchesOnce,
    LeavesProbe,
    ShortensRetention,
    RestoresNothing,
    LinksOpenAll,
    TakesAnyTask,
    DecidesAnyhow,
    FindsNeighbours,
    ForgetsVersions,
    SkipsBetweenPages,
    NewIdsEachTime,
    WalksForEver,
    DropsBrokenItems,
    BelievesFiles,
    BelievesUnsigned,
    BelievesOldSignatures,
    TellsAnew,
    BelievesBulks,
    TakesWrongValues,
    ForgetsUnnamed,
    DeletesHeld,
    AddsRights,
    OldestFirst,
    RestoresOver,
    BelievesSilence,
    SharesTwice,
    RevokesById,
    AsksTwice,
    SaysTwice,
    ForgetsWho,
    SearchesEverywhere,
    IgnoresFilters,
    ShowsNothing,
    DecidesNothing,
    /// No bug: an account without the right.
    MayNotDecide,
}

#[derive(Debug, Clone)]
pub(super) struct Stored {
    id: String,
    pub(super) bytes: Bytes,
    deleted: bool,
    pub(super) tags: BTreeMap<String, String>,
    hold: bool,
    retention: Option<Retention>,
}

#[derive(Debug)]
struct Begun {
    path: String,
    parts: BTreeMap<u32, Bytes>,
    arrived: Vec<u32>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// Versions by path, the newest last.
    pub(super) files: BTreeMap<String, Vec<Stored>>,
    folders: BTreeSet<String>,
    uploads: BTreeMap<u64, Begun>,
    counter: u64,
    fault: Option<Fault>,
    vouched: BTreeMap<String, Sha256>,
    log: Log,
    told: Told,
    /// What was decided about files, and why.
    pub(super) decided: BTreeMap<String, (ApprovalState, Option<String>)>,
}

impl State {
    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }
    pub(super) fn latest(&self, path: &str) -> Option<&Stored> {
        self.files.get(path)?.last().filter(|stored| !stored.deleted)
    }
    pub(super) fn folder(&mut self, path: &str) {
        self.folders.insert(path.to_owned());
    }
    pub(super) fn put(&mut self, path: &str, bytes: Bytes, deleted: bool) -> String {
        let id = self.next().to_string();
        let stored = Stored { id: id.clone(), bytes, deleted, tags: BTreeMap::new(), hold: false, retention: None };
        self.files.entry(path.to_owned()).or_default().push(stored);
        id
    }
    fn has_below(&self, folder: &str) -> bool {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let file = self.files.keys().any(|path| path.starts_with(&prefix) && self.latest(path).is_some());
        file || self.folders.iter().any(|path| path.starts_with(&prefix))
    }
    pub(super) fn is_folder(&self, path: &str) -> bool {
        path == "/" || self.folders.contains(path) || self.has_below(path)
    }
    fn take(&mut self, fault: Fault) -> bool {
        let armed = self.fault == Some(fault);
        if armed {
            self.fault = None;
        }
        armed
    }
}

/// A handle on the remote.
#[derive(Debug)]
pub(super) struct Memory {
    state: Arc<Mutex<State>>,
    pub(super) parts: Parts,
    pub(super) bug: Bug,
    descriptor: Descriptor,
}

/// What a place has beside its files: all handles on it share it.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub(super) log: Log,
    pub(super) told: Told,
    tasks: MemoryTasks,
    processes: MemoryProcesses,
    sharing: MemorySharing,
    talk: MemoryTalk,
    repository: MemoryRepository,
}

impl Parts {
    fn new(state: &Arc<Mutex<State>>, bug: Bug) -> Self {
        let files = Files(Arc::clone(state));
        let (log, told) = {
            let state = state.lock().unwrap();
            (state.log.clone(), state.told.clone())
        };
        Self {
            log,
            told,
            tasks: MemoryTasks::new(bug),
            processes: MemoryProcesses::new(bug),
            sharing: MemorySharing::new(files.clone(), bug),
            talk: MemoryTalk::new(files, bug),
            repository: MemoryRepository::new(Arc::clone(state), bug),
        }
    }
}

pub(super) fn fail<T>(kind: FailureKind, operation: &'static str, path: &RemotePath) -> Result<T> {
    Err(ConnectorError::new(kind, operation, "as staged").at(path))
}

/// The files of a remote, as its other parts see them.
#[derive(Debug, Clone)]
pub(super) struct Files(Arc<Mutex<State>>);

impl Files {
    pub(super) fn is_there(&self, path: &RemotePath) -> bool {
        self.bytes(path).is_some()
    }
    pub(super) fn bytes(&self, path: &RemotePath) -> Option<Vec<u8>> {
        self.0.lock().unwrap().latest(path.as_str()).map(|stored| stored.bytes.to_vec())
    }
    pub(super) fn put(&self, path: &RemotePath, bytes: &[u8]) {
        self.0.lock().unwrap().put(path.as_str(), Bytes::copy_from_slice(bytes), false);
    }
}

impl Memory {
    pub(super) fn new(state: Arc<Mutex<State>>, parts: Parts, bug: Bug) -> Self {
        let limits = Limits {
            max_file_bytes: 1 << 30,
            single_write_bytes: 256 * 1024,
            parallel_files: 4,
            parallel_small_files: 8,
            parallel_ranges: 4,
        };
        let (names, resume) = (NameRules::posix(), ResumeSupport::Parts);
        Self {
            state,
            parts,
            bug,
            descriptor: Descriptor {
                kind: "memory",
                limits,
                names,
                resume,
                read_back: true,
                remarks: Vec::new(),
                columns: Vec::new(),
            },
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Whether this fault is armed; it is spent.
    pub(super) fn take(&self, fault: Fault) -> bool {
        self.state().take(fault)
    }

    /// What each request goes through.
    pub(super) async fn request(&self, operation: &'static str, path: &RemotePath) -> Result<()> {
        let fault = {
            let mut state = self.state();
            let is_general = matches!(state.fault, Some(Fault::ServerError | Fault::RateLimited { .. } | Fault::Hang));
            if is_general { state.fault.take() } else { None }
        };
        if let Some(problem) = self.descriptor.names.path_problem(path.relative()).filter(|_| !path.is_root()) {
            return Err(ConnectorError::new(FailureKind::Invalid, operation, problem.to_string()).at(path));
        }
        match fault {
            Some(Fault::ServerError) => {
                Err(ConnectorError::new(FailureKind::Vendor, operation, "500").retry(Retry::Backoff))
            }
            Some(Fault::RateLimited { seconds }) => {
                let retry = seconds.filter(|_| self.bug != Bug::ForgetsRetryAfter);
                let retry = retry.map_or(Retry::Backoff, |seconds| Retry::After(seconds * 1000));
                Err(ConnectorError::new(FailureKind::RateLimited, operation, "429").retry(retry))
            }
            Some(Fault::Hang) => {
                let patience = if self.bug == Bug::NeverAnswers { 3600 } else { 0 };
                tokio::time::sleep(Duration::from_secs(patience)).await;
                fail(FailureKind::TimedOut, operation, path)
            }
            _ => Ok(()),
        }
    }

    fn version<'s>(&self, state: &'s mut State, path: &RemotePath, id: Option<&str>) -> Result<&'s mut Stored> {
        let versions = state.files.get_mut(path.as_str()).map(Vec::as_mut_slice).unwrap_or_default();
        let found = match id {
            Some(id) => versions.iter_mut().find(|stored| stored.id == id),
            None => versions.last_mut(),
        };
        found
            .filter(|stored| !stored.deleted)
            .ok_or_else(|| ConnectorError::new(FailureKind::NotFound, "version", format!("of {:?}", self.bug)).at(path))
    }

    fn receipt(size: usize, id: String) -> Receipt {
        Receipt { size: size as u64, version: Some(id), ..Receipt::default() }
    }
}

#[async_trait]
#[rustfmt::skip]
impl Connector for Memory {
    fn descriptor(&self) -> &Descriptor { &self.descriptor }
    async fn check(&self) -> Result<Identity> {
        self.request("check", &RemotePath::root()).await?;
        Ok(Identity { name: "memory".to_owned(), server: None })
    }
    fn self_test(&self) -> Option<&dyn SelfTest> { Some(self) }
    fn list(&self) -> Option<&dyn List> { Some(self) }
    fn read(&self) -> Option<&dyn Read> { Some(self) }
    fn write(&self) -> Option<&dyn Write> { Some(self) }
    fn resumable_upload(&self) -> Option<&dyn ResumableUpload> { Some(self) }
    fn delete(&self) -> Option<&dyn Delete> { Some(self) }
    fn checksums(&self) -> Option<&dyn Checksums> { Some(self) }
    fn create_folder(&self) -> Option<&dyn CreateFolder> { Some(self) }
    fn rename(&self) -> Option<&dyn Rename> { Some(self) }
    fn server_copy(&self) -> Option<&dyn ServerCopy> { Some(self) }
    fn versions(&self) -> Option<&dyn Versions> { Some(self) }
    fn metadata(&self) -> Option<&dyn Metadata> { Some(self) }
    fn links(&self) -> Option<&dyn Links> { Some(self) }
    fn unfinished_uploads(&self) -> Option<&dyn UnfinishedUploads> { Some(self) }
    fn records(&self) -> Option<&dyn Records> { Some(self) }
    fn space(&self) -> Option<&dyn Space> { Some(self) }
    fn tasks(&self) -> Option<&dyn Tasks> { Some(&self.parts.tasks) }
    fn processes(&self) -> Option<&dyn Processes> { Some(&self.parts.processes) }
    fn process_models(&self) -> Option<&dyn ProcessModels> { Some(&self.parts.processes) }
    fn events(&self) -> Option<&dyn crate::Events> { Some(self) }
    fn inbound(&self) -> Option<&dyn crate::Inbound> { Some(self) }
    fn publish(&self) -> Option<&dyn crate::Publish> { Some(self) }
    fn catalogue(&self) -> Option<&dyn crate::Catalogue> { Some(self) }

    fn search(&self) -> Option<&dyn Search> { Some(self) }
    fn previews(&self) -> Option<&dyn Previews> { Some(self) }
    fn approval(&self) -> Option<&dyn Approval> { Some(self) }
    fn attributes(&self) -> Option<&dyn Attributes> { Some(&self.parts.repository) }
    fn file_plan(&self) -> Option<&dyn FilePlan> { Some(&self.parts.repository) }
    fn permissions(&self) -> Option<&dyn Permissions> { Some(&self.parts.repository) }
    fn audit_log(&self) -> Option<&dyn AuditLog> { Some(&self.parts.repository) }
    fn recycle_bin(&self) -> Option<&dyn RecycleBin> { Some(&self.parts.repository) }
    fn workspaces(&self) -> Option<&dyn Workspaces> { Some(&self.parts.repository) }
    fn sharing(&self) -> Option<&dyn Sharing> { Some(&self.parts.sharing) }
    fn file_requests(&self) -> Option<&dyn FileRequests> { Some(&self.parts.sharing) }
    fn comments(&self) -> Option<&dyn Comments> { Some(&self.parts.talk) }
    fn locks(&self) -> Option<&dyn Locks> { Some(&self.parts.talk) }
    fn trust(&self) -> Option<&dyn Trust> { Some(self) }
}
