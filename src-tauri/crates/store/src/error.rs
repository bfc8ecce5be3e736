//! Why the desk's memory cannot do something, and who can mend it.

use camino::Utf8PathBuf;
use waybill_model::Illegal;

/// A failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was written by a newer program.
    #[error(
        "{path} was written by a newer version of Waybill (schema {found}, this program knows {known}); nothing was changed. \
         Install the newer version, or open another home"
    )]
    Newer {
        /// The database.
        path: Utf8PathBuf,
        /// Its schema version.
        found: usize,
        /// The newest version that this program knows.
        known: usize,
    },
    /// Somebody else holds the database for too long.
    #[error("the desk's database is locked by another program; nothing was lost. Close what holds it and try again")]
    Busy,
    /// The file or its folder cannot be written.
    #[error("the desk's database cannot be written ({0}); nothing was changed. Its owner can allow writing to it")]
    ReadOnly(String),
    /// The disk is full.
    #[error("the disk that holds the desk's database is full; nothing was lost. Free some space and try again")]
    Full,
    /// The file is damaged.
    #[error("the desk's database is damaged ({0})")]
    Corrupt(String),
    /// A file beside the database.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The event is not legal in the transfer's state; nothing was changed.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// Nothing has that id or name.
    #[error("there is no {what} {id}")]
    Unknown {
        /// `transfer`, `connection`, `run`.
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// A connection of that name is there already.
    #[error("a connection called {0} is there already; names differ in more than case")]
    NameTaken(String),
    /// A stored value that this program cannot read.
    #[error("the desk's database holds a value that this program cannot read: {0}")]
    Unreadable(String),
    /// The writer ended.
    #[error("the desk's database is closed")]
    Closed,
    /// Anything else that SQLite says.
    #[error("the desk's database refused: {0}")]
    Sql(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        // The index of the log beside the database could not grow.
        if error.sqlite_error().is_some_and(|told| told.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::ReadOnly | Code::PermissionDenied | Code::CannotOpen) => Self::ReadOnly(error.to_string()),
            Some(Code::DiskFull) => Self::Full,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Corrupt(error.to_string()),
            _ => match error {
                rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
                    Self::Unreadable(error.to_string())
                }
                other => Self::Sql(other.to_string()),
            },
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl StoreError {
    /// The same failure for another caller: a commit that fails fails for everybody in its group.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Busy => Self::Busy,
            Self::Full => Self::Full,
            Self::ReadOnly(detail) => Self::ReadOnly(detail.clone()),
            Self::Corrupt(detail) => Self::Corrupt(detail.clone()),
            Self::Closed => Self::Closed,
            other => Self::Sql(other.to_string()),
        }
    }
}
