//! A remote in memory that keeps the whole contract, or breaks it in one chosen way.
#![expect(clippy::result_large_err, reason = "the contract's own error")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use waybill_model::{
    FailureKind, PartReceipt, Receipt, RemotePath, Retry, SESSION_VERSION, Sha256, UploadSession, names::NameRules,
};

use crate::{
    Approval, ApprovalState, Attributes, AuditLog, ByteStream, Checksums, Comments, Connector, ConnectorError,
    CreateFolder, Delete, Descriptor, Detail, Entry, EntryKind, FilePlan, FileRequests, HashNeeds, Identity, Limits,
    Links, List, Locks, Metadata, MetadataSet, ObjectVersion, Page, PageRequest, Part, PartPlan, Permissions, Phrase,
    Previews, ProcessModels, Processes, Read, ReadOptions, Records, RecycleBin, Rename, Result, ResumableUpload,
    ResumeSupport, Retention, Search, SelfTest, ServerCopy, Sharing, Space, SpaceReport, StepOutcome, Tasks,
    TestReport, TestStep, Trust, UnfinishedUpload, UnfinishedUploads, Versions, Vouched, Workspaces, Write,
    WriteOptions,
    conformance::{
        ApprovalBench, CatalogueBench, CommentBench, EventBench, Fault, Faults, FilePlanBench, Fixture, InboundBench,
        LockBench, Outside, PeopleBench, Place, ProcessBench, PublishBench, RequestBench, SearchBench, ShareBench,
        TaskBench, WorkspaceBench,
    },
};

use super::{
    memory_events::Log, memory_processes::MemoryProcesses, memory_repository::MemoryRepository,
    memory_sharing::MemorySharing, memory_talk::MemoryTalk, memory_tasks::MemoryTasks, memory_told::Told,
};

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

#[async_trait]
impl SelfTest for Memory {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        if self.bug == Bug::LeavesProbe {
            self.state().put("/probe", Bytes::new(), false);
        }
        let outcome = StepOutcome::Passed;
        let found = Phrase { code: "found", english: "Found" };
        tell(&TestStep::trying(found));
        let step = TestStep::new(found, outcome, Detail::Nothing, 0);
        tell(&step);
        TestReport { steps: vec![step], ..TestReport::default() }
    }
}

#[async_trait]
impl List for Memory {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        self.request("list", folder).await?;
        let state = self.state();
        let mut names = BTreeSet::new();
        for path in state.files.keys().filter(|path| state.latest(path).is_some()).chain(&state.folders) {
            let path = RemotePath::new(path.clone());
            let below = match (path.below(folder), path.as_str().strip_prefix(folder.as_str())) {
                (None, Some(rest)) if self.bug == Bug::ListsNeighbours && !folder.is_root() => rest,
                (below, _) => below.unwrap_or_default(),
            };
            names.insert(below.split('/').next().unwrap_or_default().to_owned());
        }
        names.remove("");
        if names.is_empty() && !state.is_folder(folder.as_str()) {
            return fail(FailureKind::NotFound, "list", folder);
        }
        let overlap = self.bug == Bug::PagesOverlap && page.limit > 1;
        let after =
            |name: &&String| page.cursor.as_ref().is_none_or(|cursor| *name > cursor || (overlap && *name == cursor));
        let left: Vec<_> = names.iter().filter(after).collect();
        let taken = &left[..left.len().min(page.limit as usize)];
        let next = (taken.len() < left.len()).then(|| taken[taken.len() - 1].clone());
        let neighbour = |name: &str| entry(&state, &RemotePath::new(format!("{folder}{name}")));
        let entries = taken.iter().filter_map(|name| entry(&state, &folder.join(name)).or_else(|| neighbour(name)));
        let entries = entries.collect();
        Ok(Page { entries, next })
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        self.request("stat", path).await?;
        Ok(entry(&self.state(), path))
    }
}

pub(super) fn entry(state: &State, path: &RemotePath) -> Option<Entry> {
    let latest = state.latest(path.as_str());
    if latest.is_none() && !state.is_folder(path.as_str()) {
        return None;
    }
    let kind = if latest.is_some() { EntryKind::File } else { EntryKind::Folder };
    let size = latest.map_or(0, |stored| stored.bytes.len() as u64);
    let (name, version) = (path.name().to_owned(), latest.map(|stored| stored.id.clone()));
    Some(Entry {
        path: path.clone(),
        name,
        kind,
        size,
        modified: None,
        version,
        mode: None,
        addressable: true,
        link: false,
        facts: BTreeMap::default(),
    })
}

#[async_trait]
impl Read for Memory {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        self.request("read", path).await?;
        let mut state = self.state();
        let id = options.stamp.and_then(|stamp| stamp.version).filter(|_| self.bug != Bug::ReadsLatest);
        let mut bytes = self.version(&mut state, path, id.as_deref())?.bytes.clone();
        if let Some(range) = options.range {
            if range.end > bytes.len() as u64 {
                return fail(FailureKind::Truncated, "read", path);
            }
            bytes = bytes.slice(usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap());
        }
        let pieces = |bytes: Bytes| {
            let pieces: Vec<_> = bytes.chunks(64 * 1024).map(Bytes::copy_from_slice).collect();
            stream::iter(pieces).map(Ok)
        };
        if state.take(Fault::ShortRead) {
            let half = pieces(bytes.slice(..bytes.len() / 2));
            let end = (self.bug != Bug::ShortReadLooksWhole).then_some(FailureKind::Truncated);
            let path = path.clone();
            return Ok(half.chain(stream::iter(end).map(move |kind| fail(kind, "read", &path))).boxed());
        }
        Ok(pieces(bytes).boxed())
    }
}

#[async_trait]
impl Write for Memory {
    async fn write(&self, path: &RemotePath, mut body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        self.request("write", path).await?;
        self.parts.talk.free_for_me(path)?;
        self.parts.repository.check_forms(&options.forms)?;
        let mut bytes = Vec::new();
        while let Some(piece) = body.next().await {
            bytes.extend_from_slice(&piece?);
            if self.bug == Bug::StoresEarly {
                self.state().put(path.as_str(), bytes.clone().into(), false);
            }
        }
        let mut state = self.state();
        if state.take(Fault::BeforePart) || state.take(Fault::InPart) {
            return fail(FailureKind::Unreachable, "write", path);
        }
        if state.take(Fault::ErrorInSuccess) && self.bug != Bug::BelievesSuccess {
            return Err(ConnectorError::new(FailureKind::Vendor, "write", "200").retry(Retry::Backoff));
        }
        if (bytes.len() as u64) < options.size && self.bug != Bug::StoresShort {
            return fail(FailureKind::Truncated, "write", path);
        }
        if bytes.len() as u64 > options.size {
            return fail(FailureKind::Changed, "write", path);
        }
        if state.latest(path.as_str()).is_some() && !options.replace && self.bug != Bug::IgnoresReplace {
            return fail(FailureKind::AlreadyExists, "write", path);
        }
        let name = if self.bug == Bug::DecodesNames { path.as_str().replace("%20", " ") } else { path.to_string() };
        let size = bytes.len();
        let id = state.put(&name, bytes.into(), false);
        drop(state);
        self.parts.repository.stored(path, &options.forms);
        Ok(Self::receipt(size, id))
    }
}

fn id_of(session: &UploadSession) -> u64 {
    session.handle.as_u64().unwrap_or_default()
}

#[async_trait]
impl ResumableUpload for Memory {
    fn plan(&self, _size: u64) -> PartPlan {
        PartPlan { part_size: 96 * 1024, parallel: 2, hashes: HashNeeds { sha256: true, md5: false } }
    }

    async fn begin(&self, path: &RemotePath, options: WriteOptions) -> Result<UploadSession> {
        self.request("begin", path).await?;
        let mut state = self.state();
        if state.latest(path.as_str()).is_some() && !options.replace {
            return fail(FailureKind::AlreadyExists, "begin", path);
        }
        let id = state.next();
        state.uploads.insert(id, Begun { path: path.to_string(), parts: BTreeMap::new(), arrived: Vec::new() });
        let (size, replace, part_size) = (options.size, options.replace, 96 * 1024);
        Ok(UploadSession { version: SESSION_VERSION, path: path.clone(), size, part_size, replace, handle: id.into() })
    }

    async fn put_part(&self, session: &UploadSession, part: Part) -> Result<PartReceipt> {
        self.request("put_part", &session.path).await?;
        let mut state = self.state();
        if state.take(Fault::BeforePart) || state.take(Fault::InPart) {
            return fail(FailureKind::Unreachable, "put_part", &session.path);
        }
        let cut = state.take(Fault::AfterPart);
        let Some(begun) = state.uploads.get_mut(&id_of(session)) else {
            return fail(FailureKind::NotFound, "put_part", &session.path);
        };
        let length = part.bytes.len() as u64;
        begun.parts.insert(part.number, part.bytes);
        begun.arrived.retain(|number| *number != part.number);
        begun.arrived.push(part.number);
        if cut {
            return fail(FailureKind::Unreachable, "put_part", &session.path);
        }
        let (number, offset, hash, prefix_sha256) = (part.number, part.offset, part.hash, part.prefix_sha256);
        Ok(PartReceipt { number, offset, length, hash, prefix_sha256, token: String::new() })
    }

    async fn held(&self, session: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<u32>> {
        let state = self.state();
        let Some(begun) = state.uploads.get(&id_of(session)) else {
            return fail(FailureKind::NotFound, "held", &session.path);
        };
        let is_there = |receipt: &&PartReceipt| {
            let part = begun.parts.get(&receipt.number);
            self.bug == Bug::BelievesReceipts || part.is_some_and(|part| receipt.hash.sha256 == Some(Sha256::of(part)))
        };
        Ok(receipts.iter().filter(is_there).map(|receipt| receipt.number).collect())
    }

    async fn finish(&self, session: &UploadSession, _: &[PartReceipt], _: WriteOptions) -> Result<Receipt> {
        self.request("finish", &session.path).await?;
        let mut state = self.state();
        let path = session.path.as_str();
        let Some(begun) = state.uploads.get(&id_of(session)) else {
            return fail(FailureKind::NotFound, "finish", &session.path);
        };
        let bytes: Vec<u8> = match self.bug {
            Bug::PartsAsTheyCome => begun.arrived.iter().flat_map(|number| begun.parts[number].clone()).collect(),
            _ => begun.parts.values().flatten().copied().collect(),
        };
        if bytes.len() as u64 != session.size && self.bug != Bug::FinishesWithoutAll {
            return fail(FailureKind::Invalid, "finish", &session.path);
        }
        if state.take(Fault::ErrorInSuccess) {
            return match self.bug {
                Bug::BelievesSuccess => Ok(Receipt::default()),
                _ => Err(ConnectorError::new(FailureKind::Vendor, "finish", "200").retry(Retry::Backoff)),
            };
        }
        if state.latest(path).is_some() && !session.replace && self.bug != Bug::IgnoresReplace {
            return fail(FailureKind::AlreadyExists, "finish", &session.path);
        }
        state.uploads.remove(&id_of(session));
        let size = bytes.len();
        Ok(Self::receipt(size, state.put(path, bytes.into(), false)))
    }

    async fn abort(&self, session: &UploadSession) -> Result<()> {
        if self.bug != Bug::AbortKeeps {
            self.state().uploads.remove(&id_of(session));
        }
        Ok(())
    }
}

#[async_trait]
impl Delete for Memory {
    async fn delete(&self, path: &RemotePath) -> Result<()> {
        self.request("delete", path).await?;
        self.parts.repository.demand_free(path)?;
        let removed = self.state().latest(path.as_str()).map(|stored| stored.bytes.clone());
        if let Some(bytes) = removed.clone() {
            self.parts.repository.removed(path, bytes);
        }
        let mut state = self.state();
        if removed.is_some() {
            state.put(path.as_str(), Bytes::new(), true);
        } else if state.has_below(path.as_str()) {
            return fail(FailureKind::Invalid, "delete", path);
        } else if !state.folders.remove(path.as_str()) && self.bug == Bug::MissesNothing {
            return fail(FailureKind::NotFound, "delete", path);
        }
        Ok(())
    }
}

#[async_trait]
impl Checksums for Memory {
    async fn vouched(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Vouched>> {
        let mut state = self.state();
        let digest = Sha256::of(&self.version(&mut state, path, version)?.bytes);
        let first = *state.vouched.entry(path.to_string()).or_insert(digest);
        Ok(Some(Vouched::Sha256(if self.bug == Bug::VouchesOnce { first } else { digest })))
    }
}

#[async_trait]
impl CreateFolder for Memory {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        self.request("create_folder", path).await?;
        let mut state = self.state();
        if state.latest(path.as_str()).is_some() {
            return fail(FailureKind::AlreadyExists, "create_folder", path);
        }
        let mut at = Some(path.clone());
        while let Some(folder) = at.filter(|folder| !folder.is_root()) {
            state.folders.insert(folder.to_string());
            at = folder.parent();
        }
        Ok(())
    }
}

#[async_trait]
impl ServerCopy for Memory {
    async fn copy(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<Receipt> {
        let mut state = self.state();
        let bytes = self.version(&mut state, from, None)?.bytes.clone();
        if state.latest(to.as_str()).is_some() && !replace && self.bug != Bug::IgnoresReplace {
            return fail(FailureKind::AlreadyExists, "copy", to);
        }
        let size = bytes.len();
        Ok(Self::receipt(size, state.put(to.as_str(), bytes, false)))
    }
}

#[async_trait]
impl Rename for Memory {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        ServerCopy::copy(self, from, to, replace).await?;
        Delete::delete(self, from).await
    }
}

#[async_trait]
impl Versions for Memory {
    async fn versions(&self, path: &RemotePath) -> Result<Vec<ObjectVersion>> {
        let state = self.state();
        let versions = state.files.get(path.as_str()).map(Vec::as_slice).unwrap_or_default();
        let row = |(age, stored): (usize, &Stored)| ObjectVersion {
            id: stored.id.clone(),
            number: None,
            size: stored.bytes.len() as u64,
            modified: None,
            latest: age == 0,
            deleted: stored.deleted,
        };
        Ok(versions.iter().rev().enumerate().map(row).collect())
    }

    async fn restore(&self, path: &RemotePath, id: &str) -> Result<Receipt> {
        let mut state = self.state();
        let bytes = self.version(&mut state, path, Some(id))?.bytes.clone();
        if self.bug == Bug::RestoresNothing {
            return Ok(Self::receipt(bytes.len(), id.to_owned()));
        }
        let size = bytes.len();
        Ok(Self::receipt(size, state.put(path.as_str(), bytes, false)))
    }

    async fn delete_version(&self, path: &RemotePath, id: &str) -> Result<()> {
        let mut state = self.state();
        let versions = state.files.entry(path.to_string()).or_default();
        if versions.iter().any(|stored| stored.id == id && (stored.hold || stored.retention.is_some())) {
            return fail(FailureKind::Held, "delete_version", path);
        }
        versions.retain(|stored| stored.id != id);
        Ok(())
    }
}

#[async_trait]
impl Metadata for Memory {
    async fn metadata(&self, path: &RemotePath, version: Option<&str>) -> Result<MetadataSet> {
        let tags = self.version(&mut self.state(), path, version)?.tags.clone();
        Ok(MetadataSet { tags, ..MetadataSet::default() })
    }
    async fn set_tags(&self, path: &RemotePath, tags: &BTreeMap<String, String>) -> Result<()> {
        self.version(&mut self.state(), path, None)?.tags = tags.clone();
        Ok(())
    }
}

#[async_trait]
impl Links for Memory {
    async fn link(&self, path: &RemotePath, seconds: u64) -> Result<String> {
        if seconds > 604_800 {
            return fail(FailureKind::Invalid, "link", path).map_err(|e: ConnectorError| e.with("limit", "604800"));
        }
        Ok(format!("memory:/{path}!{}", Sha256::of(path.as_str().as_bytes())))
    }
}

#[async_trait]
impl UnfinishedUploads for Memory {
    async fn unfinished(&self, folder: &RemotePath) -> Result<Vec<UnfinishedUpload>> {
        let state = self.state();
        let all = state.uploads.iter().map(|(id, begun)| UnfinishedUpload {
            path: RemotePath::new(begun.path.clone()),
            id: id.to_string(),
            started: None,
        });
        Ok(all.filter(|upload| upload.path.below(folder).is_some()).collect())
    }
    async fn abort_unfinished(&self, upload: &UnfinishedUpload) -> Result<()> {
        self.state().uploads.remove(&upload.id.parse().unwrap());
        Ok(())
    }
}

#[async_trait]
impl Records for Memory {
    async fn retention(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Retention>> {
        Ok(self.version(&mut self.state(), path, version)?.retention)
    }
    async fn set_retention(&self, path: &RemotePath, version: Option<&str>, retention: Retention) -> Result<()> {
        let mut state = self.state();
        let stored = self.version(&mut state, path, version)?;
        let shorter = stored.retention.is_some_and(|earlier| earlier.until > retention.until);
        if shorter && self.bug != Bug::ShortensRetention {
            return fail(FailureKind::Held, "set_retention", path);
        }
        stored.retention = Some(retention);
        Ok(())
    }
    async fn legal_hold(&self, path: &RemotePath, version: Option<&str>) -> Result<bool> {
        Ok(self.version(&mut self.state(), path, version)?.hold)
    }
    async fn set_legal_hold(&self, path: &RemotePath, version: Option<&str>, on: bool) -> Result<()> {
        self.version(&mut self.state(), path, version)?.hold = on;
        Ok(())
    }
}

#[async_trait]
impl Space for Memory {
    async fn space(&self, _folder: &RemotePath) -> Result<SpaceReport> {
        Ok(SpaceReport { free: 1, total: 2 })
    }
}

const FINGERPRINT: &str = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

#[async_trait]
impl Trust for Memory {
    async fn offered(&self) -> Result<String> {
        Ok(FINGERPRINT.to_owned())
    }
    async fn accept(&self, fingerprint: &str, _replace: bool) -> Result<()> {
        if fingerprint == FINGERPRINT {
            Ok(())
        } else {
            fail(FailureKind::HostKeyChanged, "accept", &RemotePath::root())
        }
    }
}

/// Places on remotes with one bug.
pub(super) struct Remotes(pub(super) Bug);

pub(super) struct OneRemote {
    pub(super) state: Arc<Mutex<State>>,
    pub(super) parts: Parts,
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
