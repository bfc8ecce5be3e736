//! A remote in memory that counts its calls and fails as it is told to.

mod connection;
mod files;
mod forms;
mod uploads;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::Semaphore;
use waybill_connector::{Connector, Descriptor, Limits, ResumeSupport};
use waybill_model::{FailureKind, FilledForm, Millis, RemotePath, names::NameRules};

use connection::Memory;

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
