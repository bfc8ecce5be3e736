//! A remote in memory that counts its calls and fails as it is told to.

mod forms;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, stream};
use tokio::sync::Semaphore;
use waybill_connector::{
    Attributes, ByteStream, Checksums, Connector, ConnectorError, CreateFolder, Delete, Descriptor, Entry, EntryKind,
    HashNeeds, Identity, Limits, List, Page, PageRequest, Part, PartPlan, Read, ReadOptions, Rename, Result,
    ResumableUpload, ResumeSupport, Space, SpaceReport, UnfinishedUpload, UnfinishedUploads, Vouched, Write,
    WriteOptions,
};
use waybill_model::{
    FailureKind, FilledForm, Millis, PartReceipt, Receipt, RemotePath, Retry, SESSION_VERSION, Sha256, UploadSession,
    names::NameRules,
};

/// Files up to this size go in one piece.
pub(crate) const SINGLE: u64 = 500;
/// Bytes of a part.
pub(crate) const PART: u64 = 1_000;

/// A call of the connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    List,
    Stat,
    Read,
    Write,
    Begin,
    PutPart,
    Held,
    Finish,
    Abort,
    Unfinished,
    Vouched,
    Delete,
    Rename,
    CreateFolder,
    Fill,
}

/// What goes wrong.
#[derive(Clone)]
pub(crate) enum Fault {
    /// Fails before anything happens.
    Fail(FailureKind),
    /// Fails, and says when to come again.
    After(u64),
    /// Happens, and then fails: the answer is lost.
    Lost(FailureKind),
    /// Waits until the test lets it go on.
    Hold,
    /// Happens, and never answers.
    Silent,
    /// Stores other bytes than it was given, or gives other bytes than it holds.
    Corrupt,
    /// Changes the remote just before.
    Do(Arc<dyn Fn(&mut State) + Send + Sync>),
}

struct Rule {
    call: Call,
    path: String,
    /// Of the calls that fit, counted from one; every one where zero.
    nth: u32,
    seen: u32,
    fault: Fault,
}

#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) bytes: Bytes,
    pub(crate) modified: Millis,
}

#[derive(Debug)]
struct Session {
    path: String,
    started: Millis,
    parts: BTreeMap<u32, Bytes>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) files: BTreeMap<String, File>,
    pub(crate) folders: BTreeSet<String>,
    pub(crate) odd: BTreeSet<String>,
    /// The metadata of files.
    pub(crate) forms: BTreeMap<String, Vec<FilledForm>>,
    sessions: HashMap<String, Session>,
    calls: Vec<(Call, String)>,
    rules: Vec<Rule>,
    moving: HashMap<String, u32>,
    most_moving: usize,
    most_on_one: u32,
    stored: i64,
    pub(crate) free: Option<u64>,
    /// By how many milliseconds its clock is ahead.
    pub(crate) ahead: i64,
}

impl State {
    /// Opens an upload, as anybody may.
    pub(crate) fn begin(&mut self, path: &str, id: &str) {
        let started = crate::desk::now().plus(self.ahead);
        self.sessions.insert(id.to_owned(), Session { path: path.to_owned(), started, parts: BTreeMap::new() });
    }

    pub(crate) fn put(&mut self, path: &str, bytes: impl Into<Bytes>) {
        self.stored += 1;
        let modified = Millis(1_700_000_000_000 + self.stored * 10_000);
        self.put_at(path, bytes, modified);
    }

    pub(crate) fn put_at(&mut self, path: &str, bytes: impl Into<Bytes>, modified: Millis) {
        let mut above = RemotePath::new(path).parent();
        while let Some(folder) = above {
            self.folders.insert(folder.as_str().to_owned());
            above = folder.parent();
        }
        self.files.insert(path.to_owned(), File { bytes: bytes.into(), modified });
    }
}

/// What a remote can do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Powers {
    pub(crate) list: bool,
    pub(crate) read_back: bool,
    pub(crate) checksums: bool,
    pub(crate) resumable: bool,
    pub(crate) folds_case: bool,
    pub(crate) forms: bool,
    pub(crate) files: u32,
    pub(crate) small_files: u32,
    pub(crate) slow: Duration,
}

impl Default for Powers {
    fn default() -> Self {
        Self {
            list: true,
            read_back: true,
            checksums: true,
            resumable: true,
            folds_case: false,
            forms: false,
            files: 4,
            small_files: 16,
            slow: Duration::ZERO,
        }
    }
}

/// The remote itself; connectors to it come and go.
#[derive(Clone)]
pub(crate) struct Remote {
    state: Arc<Mutex<State>>,
    gate: Arc<Semaphore>,
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Remote")
    }
}

impl Default for Remote {
    fn default() -> Self {
        let state = State { folders: ["/".to_owned()].into(), ..State::default() };
        Self { state: Arc::new(Mutex::new(state)), gate: Arc::new(Semaphore::new(0)) }
    }
}

impl Remote {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn put(&self, path: &str, bytes: impl Into<Bytes>) {
        self.state().put(path, bytes);
    }

    pub(crate) fn get(&self, path: &str) -> Option<Bytes> {
        self.state().files.get(path).map(|file| file.bytes.clone())
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.state().files.keys().cloned().collect()
    }

    /// Puts a fault on the `nth` call that fits; on all of them where `nth` is zero.
    pub(crate) fn fault(&self, call: Call, path: &str, nth: u32, fault: Fault) {
        self.state().rules.push(Rule { call, path: path.to_owned(), nth, seen: 0, fault });
    }

    pub(crate) fn mend(&self) {
        self.state().rules.clear();
    }

    /// Lets everything go on that is held.
    pub(crate) fn release(&self) {
        self.gate.add_permits(1_000);
    }

    pub(crate) fn count(&self, call: Call) -> usize {
        self.state().calls.iter().filter(|(one, _)| *one == call).count()
    }

    pub(crate) fn forget_calls(&self) {
        self.state().calls.clear();
    }

    pub(crate) fn calls(&self) -> Vec<(Call, String)> {
        self.state().calls.clone()
    }

    pub(crate) fn sessions(&self) -> usize {
        self.state().sessions.len()
    }

    /// The ids of the uploads that were begun and never finished.
    pub(crate) fn session_ids(&self) -> BTreeSet<String> {
        self.state().sessions.keys().cloned().collect()
    }

    pub(crate) fn lose_sessions(&self) {
        self.state().sessions.clear();
    }

    pub(crate) fn most_moving(&self) -> usize {
        self.state().most_moving
    }

    /// The most calls that stored something under one name at once.
    pub(crate) fn most_on_one(&self) -> u32 {
        self.state().most_on_one
    }

    /// Waits until so many such calls were made.
    pub(crate) async fn reached(&self, call: Call, count: usize) {
        crate::desk::until(&format!("{count} calls of {call:?}"), async || self.count(call) >= count).await;
    }

    pub(crate) fn connect(&self, powers: Powers) -> Arc<dyn Connector> {
        let descriptor = Descriptor {
            kind: "memory",
            limits: Limits {
                max_file_bytes: 1 << 40,
                single_write_bytes: SINGLE,
                parallel_files: powers.files,
                parallel_small_files: powers.small_files,
                parallel_ranges: 1,
            },
            names: NameRules { folds_case: powers.folds_case, ..NameRules::posix() },
            resume: if powers.resumable { ResumeSupport::Parts } else { ResumeSupport::WholeFile },
            read_back: powers.read_back,
            remarks: Vec::new(),
            columns: Vec::new(),
        };
        Arc::new(Memory { remote: self.clone(), powers, descriptor })
    }
}

/// The same number of bytes, the last one another.
fn spoiled(bytes: &Bytes) -> Bytes {
    let mut bytes = BytesMut::from(&bytes[..]);
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes.freeze()
}

struct Memory {
    remote: Remote,
    powers: Powers,
    descriptor: Descriptor,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

struct Moves<'m>(&'m Remote, String);

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
    fn state(&self) -> MutexGuard<'_, State> {
        self.remote.state()
    }

    /// Counts the call and does what the test wants to go wrong before it; answers what is to go wrong after it.
    async fn enter(&self, call: Call, path: &RemotePath) -> Result<Option<Fault>> {
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

    async fn leave<T>(&self, fault: Option<Fault>, path: &RemotePath, done: T) -> Result<T> {
        match fault {
            Some(Fault::Lost(kind)) => Err(ConnectorError::new(kind, "call", "the answer was lost").at(path)),
            Some(Fault::Silent) => std::future::pending().await,
            _ => Ok(done),
        }
    }

    fn moves(&self, path: &RemotePath) -> Moves<'_> {
        let mut state = self.state();
        let count = state.moving.entry(path.as_str().to_owned()).or_default();
        *count += 1;
        let count = *count;
        state.most_on_one = state.most_on_one.max(count);
        state.most_moving = state.most_moving.max(state.moving.len());
        Moves(&self.remote, path.as_str().to_owned())
    }

    fn entry(&self, path: &RemotePath) -> Option<Entry> {
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

    fn store(&self, path: &RemotePath, bytes: Bytes, replace: bool, corrupt: bool) -> Result<Receipt> {
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

#[async_trait]
impl List for Memory {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        let fault = self.enter(Call::List, folder).await?;
        let paths: BTreeSet<String> = {
            let state = self.state();
            if !state.folders.contains(folder.as_str()) {
                return Err(ConnectorError::new(FailureKind::NotFound, "list", "no such folder").at(folder));
            }
            let all = state.files.keys().chain(&state.folders).chain(&state.odd);
            let below = |path: &&String| {
                RemotePath::new(path.as_str()).parent().as_ref() == Some(folder)
                    && page.cursor.as_ref().is_none_or(|cursor| *path > cursor)
            };
            all.filter(below).cloned().collect()
        };
        let limit = page.limit.min(10) as usize;
        let next = (paths.len() > limit).then(|| paths.iter().nth(limit - 1).cloned()).flatten();
        let entries = paths.iter().take(limit).filter_map(|path| self.entry(&RemotePath::new(path.as_str()))).collect();
        self.leave(fault, folder, Page { entries, next }).await
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        let fault = self.enter(Call::Stat, path).await?;
        self.leave(fault, path, self.entry(path)).await
    }
}

#[async_trait]
impl Read for Memory {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        let spoils = matches!(self.enter(Call::Read, path).await?, Some(Fault::Corrupt));
        let error = |kind| ConnectorError::new(kind, "read", "cannot be read").at(path);
        let file = self.state().files.get(path.as_str()).cloned();
        let Some(file) = file else {
            let odd = self.state().odd.contains(path.as_str()) || self.state().folders.contains(path.as_str());
            return Err(error(if odd { FailureKind::Invalid } else { FailureKind::NotFound }));
        };
        if let Some(stamp) = options.stamp
            && (stamp.size != file.bytes.len() as u64 || stamp.modified.is_some_and(|time| time != file.modified))
        {
            return Err(error(FailureKind::Changed));
        }
        let range = options.range.unwrap_or(0..file.bytes.len() as u64);
        let (remote, path, read) = (self.remote.clone(), path.clone(), range.start);
        // Each piece looks anew: a source that changes meanwhile is noticed, as a real one is.
        let pieces = stream::try_unfold(read, move |at| {
            let (remote, path, file, end) = (remote.clone(), path.clone(), file.clone(), range.end);
            async move {
                tokio::task::yield_now().await;
                let now = remote.state().files.get(path.as_str()).map(|now| (now.modified, now.bytes.len()));
                if now != Some((file.modified, file.bytes.len())) {
                    let kind = if now.is_none() { FailureKind::NotFound } else { FailureKind::Changed };
                    return Err(ConnectorError::new(kind, "read", "it is not what it was").at(&path));
                }
                if at >= end {
                    return Ok(None);
                }
                let stop = end.min(at + 700);
                let piece = file.bytes.slice(usize::try_from(at).unwrap()..usize::try_from(stop).unwrap());
                let piece = if spoils && stop == end { spoiled(&piece) } else { piece };
                Ok(Some((piece, stop)))
            }
        });
        Ok(Box::pin(pieces))
    }
}

#[async_trait]
impl Write for Memory {
    async fn write(&self, path: &RemotePath, mut body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let _moves = self.moves(path);
        let fault = self.enter(Call::Write, path).await?;
        let mut bytes = BytesMut::new();
        while let Some(piece) = body.next().await {
            bytes.extend_from_slice(&piece?);
        }
        if (bytes.len() as u64) < options.size {
            return Err(ConnectorError::new(FailureKind::Truncated, "write", "too short").at(path));
        }
        let corrupt = matches!(fault, Some(Fault::Corrupt));
        let receipt = self.store(path, bytes.freeze(), options.replace, corrupt)?;
        let receipt = self.leave(fault, path, receipt).await?;
        // What is stopped on the way back has its bytes, and its metadata not yet.
        self.keep_forms(path, &options.forms);
        Ok(receipt)
    }
}

#[async_trait]
impl ResumableUpload for Memory {
    fn plan(&self, _size: u64) -> PartPlan {
        PartPlan { part_size: PART, parallel: 2, hashes: HashNeeds { sha256: true, md5: false } }
    }

    async fn begin(&self, path: &RemotePath, options: WriteOptions) -> Result<UploadSession> {
        let fault = self.enter(Call::Begin, path).await?;
        let handle = {
            let mut state = self.state();
            if !options.replace && state.files.contains_key(path.as_str()) {
                return Err(ConnectorError::new(FailureKind::AlreadyExists, "begin", "taken").at(path));
            }
            state.stored += 1;
            let handle = state.stored.to_string();
            state.begin(path.as_str(), &handle);
            handle
        };
        let session = UploadSession {
            version: SESSION_VERSION,
            path: path.clone(),
            size: options.size,
            part_size: PART,
            replace: options.replace,
            handle: handle.into(),
        };
        self.leave(fault, path, session).await
    }

    async fn put_part(&self, session: &UploadSession, part: Part) -> Result<PartReceipt> {
        let _moves = self.moves(&session.path.join(&part.number.to_string()));
        let fault = self.enter(Call::PutPart, &session.path).await?;
        assert_eq!(part.hash.sha256, Some(Sha256::of(&part.bytes)), "the digest that was asked for");
        {
            let mut state = self.state();
            let Some(held) = state.sessions.get_mut(session.handle.as_str().unwrap()) else {
                return Err(ConnectorError::new(FailureKind::NotFound, "put_part", "no such upload").at(&session.path));
            };
            held.parts.insert(part.number, part.bytes.clone());
        }
        let receipt = PartReceipt {
            number: part.number,
            offset: part.offset,
            length: part.bytes.len() as u64,
            hash: part.hash,
            prefix_sha256: part.prefix_sha256,
            token: String::new(),
        };
        self.leave(fault, &session.path, receipt).await
    }

    async fn held(&self, session: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<u32>> {
        let fault = self.enter(Call::Held, &session.path).await?;
        let held = {
            let state = self.state();
            let Some(held) = state.sessions.get(session.handle.as_str().unwrap()) else {
                return Err(ConnectorError::new(FailureKind::NotFound, "held", "no such upload").at(&session.path));
            };
            let proved = receipts.iter().filter(|receipt| {
                held.parts.get(&receipt.number).is_some_and(|bytes| Some(Sha256::of(bytes)) == receipt.hash.sha256)
            });
            proved.map(|receipt| receipt.number).collect()
        };
        self.leave(fault, &session.path, held).await
    }

    async fn finish(
        &self,
        session: &UploadSession,
        receipts: &[PartReceipt],
        options: WriteOptions,
    ) -> Result<Receipt> {
        let _moves = self.moves(&session.path);
        let fault = self.enter(Call::Finish, &session.path).await?;
        assert_eq!(session.replace, options.replace, "both say the same");
        let bytes = {
            let state = self.state();
            let Some(held) = state.sessions.get(session.handle.as_str().unwrap()) else {
                return Err(ConnectorError::new(FailureKind::NotFound, "finish", "no such upload").at(&session.path));
            };
            assert_eq!(receipts.len(), session.part_count() as usize, "every part has its receipt");
            held.parts.values().flat_map(|part| part.iter().copied()).collect::<Bytes>()
        };
        let receipt = self.store(&session.path, bytes, options.replace, matches!(fault, Some(Fault::Corrupt)))?;
        self.state().sessions.remove(session.handle.as_str().unwrap());
        let receipt = self.leave(fault, &session.path, receipt).await?;
        self.keep_forms(&session.path, &options.forms);
        Ok(receipt)
    }

    async fn abort(&self, session: &UploadSession) -> Result<()> {
        let fault = self.enter(Call::Abort, &session.path).await?;
        self.state().sessions.remove(session.handle.as_str().unwrap());
        self.leave(fault, &session.path, ()).await
    }
}

#[async_trait]
impl UnfinishedUploads for Memory {
    async fn unfinished(&self, folder: &RemotePath) -> Result<Vec<UnfinishedUpload>> {
        let fault = self.enter(Call::Unfinished, folder).await?;
        let found = {
            let state = self.state();
            let all = state.sessions.iter().map(|(id, session)| UnfinishedUpload {
                path: RemotePath::new(session.path.as_str()),
                id: id.clone(),
                started: Some(session.started),
            });
            all.filter(|upload| upload.path.below(folder).is_some()).collect()
        };
        self.leave(fault, folder, found).await
    }

    async fn abort_unfinished(&self, upload: &UnfinishedUpload) -> Result<()> {
        let fault = self.enter(Call::Abort, &upload.path).await?;
        self.state().sessions.remove(&upload.id);
        self.leave(fault, &upload.path, ()).await
    }
}

#[async_trait]
impl Checksums for Memory {
    async fn vouched(&self, path: &RemotePath, _version: Option<&str>) -> Result<Option<Vouched>> {
        self.enter(Call::Vouched, path).await?;
        Ok(self.state().files.get(path.as_str()).map(|file| Vouched::Sha256(Sha256::of(&file.bytes))))
    }
}

#[async_trait]
impl Delete for Memory {
    async fn delete(&self, path: &RemotePath) -> Result<()> {
        let fault = self.enter(Call::Delete, path).await?;
        self.state().files.remove(path.as_str());
        self.leave(fault, path, ()).await
    }
}

#[async_trait]
impl Rename for Memory {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        let fault = self.enter(Call::Rename, from).await?;
        {
            let mut state = self.state();
            if !replace && state.files.contains_key(to.as_str()) {
                return Err(ConnectorError::new(FailureKind::AlreadyExists, "rename", "taken").at(to));
            }
            let Some(file) = state.files.remove(from.as_str()) else {
                return Err(ConnectorError::new(FailureKind::NotFound, "rename", "nothing there").at(from));
            };
            state.put_at(to.as_str(), file.bytes, file.modified);
        }
        self.leave(fault, from, ()).await
    }
}

#[async_trait]
impl CreateFolder for Memory {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        self.enter(Call::CreateFolder, path).await?;
        let mut state = self.state();
        let mut folder = Some(path.clone());
        while let Some(one) = folder {
            state.folders.insert(one.as_str().to_owned());
            folder = one.parent();
        }
        Ok(())
    }
}
