//! The one writer: a thread that takes work from a channel and commits what has gathered in one transaction.
//!
//! Each piece of work runs in a savepoint of its own, so that one that fails undoes itself alone, and all of them
//! share one fsync. Work is answered only after the commit.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::{Duration, SystemTime},
};

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{broadcast, oneshot};

use crate::{
    Queue, StoreError, Topic, Topics,
    open::{self, Opened},
    reader::{ReadTx, Readers},
};

/// How long the writer waits for work before it looks whether another process wrote.
const LOOK_EVERY: Duration = Duration::from_millis(150);
/// A write this long ago has the time of its file to itself: no later one can have the same.
const SETTLED: Duration = Duration::from_secs(1);
/// At most so many pieces of work share one transaction.
const GROUP: usize = 512;

/// A write in progress. What it did is kept only if the closure that was given it succeeds.
pub(crate) struct WriteTx<'c> {
    pub(crate) sql: &'c Connection,
    pub(crate) touched: Topics,
}

impl WriteTx<'_> {
    pub(crate) fn touch(&mut self, topic: Topic) {
        self.touched.add(topic);
    }
}

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Runs in its savepoint, or hears why there is none; gives back why it is not to be kept, and how to answer once the
/// transaction's fate is known.
type Work = Box<dyn FnOnce(Result<&mut WriteTx<'_>, StoreError>) -> (Option<StoreError>, Answer) + Send>;

/// The database of one home. Cheap to clone; the last clone ends the writer.
#[derive(Clone)]
pub struct Store {
    work: mpsc::Sender<Work>,
    readers: Arc<Readers>,
    topics: broadcast::Sender<Topics>,
    path: Arc<Utf8PathBuf>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the database of a home, makes it where it is missing, and brings it up to date.
    ///
    /// A damaged file is kept aside and replaced by its last copy; [`Opened`] says so. Blocks on disk.
    pub fn open(path: &Utf8Path, now: waybill_model::Millis) -> Result<(Self, Opened), StoreError> {
        let (writer, opened) = open::open(path, now)?;
        let readers = Arc::new(Readers::open(path)?);
        let (work, inbox) = mpsc::channel::<Work>();
        let (topics, _) = broadcast::channel(256);
        let tell = topics.clone();
        thread::Builder::new().name("store-writer".to_owned()).spawn({
            let others = Others::new(path, &writer);
            move || run(writer, others, &inbox, &tell)
        })?;
        Ok((Self { work, readers, topics, path: Arc::new(path.to_owned()) }, opened))
    }

    /// Where the file lies.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The queue: the closed list of what may be done to transfers.
    pub fn queue(&self) -> Queue {
        Queue::new(self.clone())
    }

    /// Tells what every commit touched; [`Topics::ALL`] where another process wrote. A listener that is too
    /// slow misses some and takes that as [`Topics::ALL`].
    pub fn topics(&self) -> broadcast::Receiver<Topics> {
        self.topics.subscribe()
    }

    /// Runs `work` in the writer; all of it is kept, or nothing.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let boxed: Work = Box::new(move |tx| {
            let result = tx.and_then(work);
            let refused = result.as_ref().err().map(StoreError::again);
            let answer: Answer = Box::new(move |committed| {
                // Nobody listens any more where the caller was dropped; the work stands all the same.
                drop(answer.send(committed.and(result)));
            });
            (refused, answer)
        });
        self.work.send(boxed).map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs `work` on a read-only connection.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || readers.with(work)).await.map_err(|_| StoreError::Closed)?
    }
}

fn run(
    mut connection: Connection,
    mut others: Others,
    inbox: &mpsc::Receiver<Work>,
    topics: &broadcast::Sender<Topics>,
) {
    loop {
        let first = match inbox.recv_timeout(LOOK_EVERY) {
            Ok(work) => Some(work),
            Err(mpsc::RecvTimeoutError::Timeout) => None,
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        };
        let mut touched = Topics::default();
        if let Some(first) = first {
            touched = commit_group(&mut connection, first, inbox);
        }
        if others.wrote(&connection) {
            touched = Topics::ALL;
        }
        if !touched.is_empty() {
            // Without listeners there is nobody to tell.
            drop(topics.send(touched));
        }
    }
}

/// What other processes write into the same database. Asking the file for its time costs a desk at rest a tenth of what
/// asking the database costs.
struct Others {
    log: Utf8PathBuf,
    log_written: Option<SystemTime>,
    version: i64,
}

impl Others {
    fn new(database: &Utf8Path, connection: &Connection) -> Self {
        Self { log: format!("{database}-wal").into(), log_written: None, version: data_version(connection) }
    }

    /// Whether one of them has committed since the last look.
    fn wrote(&mut self, connection: &Connection) -> bool {
        // Windows renews the time of a file that is held open when it likes.
        let written = if cfg!(windows) { None } else { self.log.metadata().and_then(|log| log.modified()).ok() };
        let is_settled = written.is_some_and(|at| at.elapsed().is_ok_and(|ago| ago > SETTLED));
        if is_settled && written == self.log_written {
            return false;
        }
        self.log_written = written.filter(|_| is_settled);
        let version = data_version(connection);
        std::mem::replace(&mut self.version, version) != version
    }
}

/// Changes when another connection commits; our own commits leave it alone.
fn data_version(connection: &Connection) -> i64 {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0)).unwrap_or(0)
}

fn commit_group(connection: &mut Connection, first: Work, inbox: &mpsc::Receiver<Work>) -> Topics {
    let mut answers = Vec::new();
    let mut touched = Topics::default();
    let mut next = Some(first);
    let committed = (|| -> Result<(), StoreError> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        while next.is_some() {
            transaction.execute_batch("SAVEPOINT work")?;
            let mut tx = WriteTx { sql: &transaction, touched: Topics::default() };
            let Some(work) = next.take() else { break };
            let (refused, answer) = work(Ok(&mut tx));
            answers.push(answer);
            match refused {
                None => {
                    touched = touched.union(tx.touched);
                    transaction.execute_batch("RELEASE work")?;
                }
                // SQLite itself took the whole transaction back, as it does when the disk is full.
                Some(reason) if transaction.is_autocommit() => return Err(reason),
                Some(_) => transaction.execute_batch("ROLLBACK TO work; RELEASE work")?,
            }
            next = if answers.len() < GROUP { inbox.try_recv().ok() } else { None };
        }
        transaction.commit()?;
        Ok(())
    })();
    let failure = committed.err();
    if let (Some(failure), Some(work)) = (&failure, next) {
        // No savepoint could be made for it: it did not run, and hears why.
        answers.push(work(Err(failure.again())).1);
    }
    for answer in answers {
        answer(failure.as_ref().map_or(Ok(()), |failure| Err(failure.again())));
    }
    if failure.is_some() { Topics::default() } else { touched }
}

#[cfg(test)]
mod tests;
