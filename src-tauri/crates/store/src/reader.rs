//! Three read-only connections, handed out one caller at a time. A read never makes a row.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use camino::Utf8Path;
use rusqlite::{Connection, OpenFlags};

use crate::StoreError;

const READERS: usize = 3;

/// A read in progress: all its statements see the same state.
pub(crate) struct ReadTx<'c> {
    pub(crate) sql: &'c Connection,
}

pub(crate) struct Readers {
    free: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    pub(crate) fn open(path: &Utf8Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut free = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            connection.set_prepared_statement_cache_capacity(64);
            connection
                .execute_batch("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456; PRAGMA cache_size = -8000;")?;
            free.push(connection);
        }
        Ok(Self { free: Mutex::new(free), returned: Condvar::new() })
    }

    /// Waits for a free connection and runs `work` in one read transaction.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut connection = self.take();
        let result = match connection.transaction() {
            Ok(transaction) => work(&ReadTx { sql: &transaction }),
            Err(error) => Err(error.into()),
        };
        self.lock().push(connection);
        self.returned.notify_one();
        result
    }

    fn take(&self) -> Connection {
        let mut free = self.lock();
        loop {
            if let Some(connection) = free.pop() {
                return connection;
            }
            free = self.returned.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
