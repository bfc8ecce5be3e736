//! One table: what the operating system answers, and what it means for the engine and a person.

use std::io;

use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, RemotePath, Retry};

use crate::fault::Fault;

/// One answer of the operating system.
struct Row {
    kind: io::ErrorKind,
    /// The number on Linux, for answers that share a kind or have none.
    errno: Option<i32>,
    failure: FailureKind,
    sentence: &'static str,
}

const fn row(kind: io::ErrorKind, failure: FailureKind, sentence: &'static str) -> Row {
    Row { kind, errno: None, failure, sentence }
}

const fn numbered(errno: i32, failure: FailureKind, sentence: &'static str) -> Row {
    Row { kind: io::ErrorKind::Other, errno: Some(errno), failure, sentence }
}

const NO_RIGHT: &str = "this computer's user has no right to do that; the owner of the folder can give it";
const FULL: &str = "the disk is full; free some space there and try again";
const OVER_QUOTA: &str = "the quota of this user on that disk is used up";
const LOST: &str = "the disk or the server behind the folder does not answer; look at the mount or the cable";
const IN_USE: &str = "another program holds it";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    row(io::ErrorKind::NotFound, FailureKind::NotFound, "nothing is there"),
    row(io::ErrorKind::NotADirectory, FailureKind::NotFound, "nothing is there: a file stands where a folder would be"),
    row(io::ErrorKind::AlreadyExists, FailureKind::AlreadyExists, "something with that name is already there"),
    row(io::ErrorKind::PermissionDenied, FailureKind::Denied, NO_RIGHT),
    row(io::ErrorKind::ReadOnlyFilesystem, FailureKind::Denied, "the disk is mounted read-only"),
    row(io::ErrorKind::StorageFull, FailureKind::QuotaExceeded, FULL),
    row(io::ErrorKind::QuotaExceeded, FailureKind::QuotaExceeded, OVER_QUOTA),
    row(io::ErrorKind::FileTooLarge, FailureKind::TooLarge, "the file system takes no file of that size"),
    row(io::ErrorKind::InvalidFilename, FailureKind::Invalid, "the name or the path is too long, or the file system refuses it"),
    row(io::ErrorKind::InvalidInput, FailureKind::Invalid, "the file system refuses that name or call"),
    row(io::ErrorKind::IsADirectory, FailureKind::Invalid, "a folder has that name"),
    row(io::ErrorKind::DirectoryNotEmpty, FailureKind::Invalid, "the folder is not empty"),
    row(io::ErrorKind::CrossesDevices, FailureKind::Unsupported, "the two places lie on different disks"),
    row(io::ErrorKind::Unsupported, FailureKind::Unsupported, "the file system cannot do that"),
    row(io::ErrorKind::ResourceBusy, FailureKind::Locked, IN_USE),
    row(io::ErrorKind::ExecutableFileBusy, FailureKind::Locked, IN_USE),
    row(io::ErrorKind::WouldBlock, FailureKind::Locked, IN_USE),
    row(io::ErrorKind::StaleNetworkFileHandle, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::HostUnreachable, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::NetworkUnreachable, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::NetworkDown, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::NotConnected, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::ConnectionReset, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::ConnectionRefused, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::ConnectionAborted, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::BrokenPipe, FailureKind::Unreachable, LOST),
    row(io::ErrorKind::TimedOut, FailureKind::TimedOut, LOST),
    row(io::ErrorKind::UnexpectedEof, FailureKind::Truncated, "the file ended early"),
];

/// Answers that the standard library has no stable kind for. Numbers differ between systems, so these are Linux's.
#[cfg(target_os = "linux")]
#[rustfmt::skip]
const NUMBERED: &[Row] = &[
    numbered(5, FailureKind::Unreachable, LOST),                                              // EIO
    numbered(6, FailureKind::Unreachable, LOST),                                              // ENXIO
    numbered(19, FailureKind::Unreachable, LOST),                                             // ENODEV
    numbered(23, FailureKind::RateLimited, "too many files are open on this computer"),       // ENFILE
    numbered(24, FailureKind::RateLimited, "too many files are open in this program"),        // EMFILE
    numbered(40, FailureKind::Invalid, "its symbolic links lead in a circle"),                // ELOOP
    numbered(84, FailureKind::Invalid, "the file system cannot spell that name"),             // EILSEQ
    numbered(107, FailureKind::Unreachable, LOST),                                            // ENOTCONN
    numbered(112, FailureKind::Unreachable, LOST),                                            // EHOSTDOWN
    numbered(121, FailureKind::Unreachable, LOST),                                            // EREMOTEIO
];
#[cfg(not(target_os = "linux"))]
const NUMBERED: &[Row] = &[];

fn from_io(operation: &'static str, error: io::Error) -> ConnectorError {
    let errno = error.raw_os_error();
    let found = NUMBERED
        .iter()
        .find(|row| row.errno.is_some() && row.errno == errno)
        .or_else(|| TABLE.iter().find(|row| row.kind == error.kind()));
    let made = match found {
        Some(row) => ConnectorError::new(row.failure, operation, row.sentence),
        None => ConnectorError::new(FailureKind::Vendor, operation, format!("the disk answered: {error}")),
    };
    let made = match errno {
        Some(errno) => made.code(format!("os error {errno}")),
        None => made,
    };
    made.caused_by(error)
}

/// The connector's error for what happened at `path`.
pub(crate) fn error(operation: &'static str, path: &RemotePath, fault: Fault) -> ConnectorError {
    let (kind, message) = match fault {
        Fault::Io(error) => return from_io(operation, error).at(path),
        Fault::RootMissing { ref root, ref source } => {
            let missing = source.kind() == io::ErrorKind::NotFound;
            let message =
                if missing { fault.to_string() } else { format!("the folder `{}`: {source}", root.display()) };
            let kind = if source.kind() == io::ErrorKind::PermissionDenied {
                FailureKind::Denied
            } else {
                FailureKind::Unreachable
            };
            (kind, message)
        }
        Fault::LeadsOut => (FailureKind::Denied, fault.to_string()),
        Fault::Exists => (FailureKind::AlreadyExists, fault.to_string()),
        Fault::Changed(message) => (FailureKind::Changed, message),
        Fault::Truncated(message) => (FailureKind::Truncated, message),
        Fault::SessionGone => (FailureKind::NotFound, fault.to_string()),
        Fault::GivenUp => (FailureKind::Unreachable, fault.to_string()),
        Fault::Name { .. } | Fault::NotAFile(_) | Fault::NotAFolder | Fault::IsRoot | Fault::Invalid(_) => {
            (FailureKind::Invalid, fault.to_string())
        }
    };
    let made = ConnectorError::new(kind, operation, message).at(path);
    // A mounted folder comes back; nothing else of these mends itself.
    if kind == FailureKind::Unreachable { made.retry(Retry::Backoff) } else { made }
}

#[cfg(test)]
mod tests;
