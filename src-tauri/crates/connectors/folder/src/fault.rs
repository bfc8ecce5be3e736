//! What can go wrong between the disk and the connector, before it has the connector's words.

use std::{io, path::PathBuf};

use waybill_model::names::NameProblem;

/// A failure as the blocking side sees it; `errors` turns it into the connector's error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The operating system's own answer.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The path holds a name that no file can have here.
    #[error("`{name}` cannot be a name: {problem}")]
    Name { name: String, problem: NameProblem },
    /// A link on the way leads out of the root.
    #[error("a symbolic link on the way leads out of the connection's folder")]
    LeadsOut,
    /// The root itself is not there.
    #[error("the folder `{}` is not there; if it is on a server or a drive, it is not mounted", root.display())]
    RootMissing { root: PathBuf, source: io::Error },
    /// Something other than a file is there.
    #[error("{0} cannot be read or written as a file")]
    NotAFile(&'static str),
    /// A file stands where a folder is needed.
    #[error("a file stands where a folder is needed")]
    NotAFolder,
    /// Something with that name is there and may not be replaced.
    #[error("something with that name is already there")]
    Exists,
    /// The root cannot be removed or written.
    #[error("this is the connection's own folder")]
    IsRoot,
    /// Not the revision that was meant, or not one revision from the first byte to the last.
    #[error("{0}")]
    Changed(String),
    /// Fewer bytes than announced.
    #[error("{0}")]
    Truncated(String),
    /// The call cannot be right.
    #[error("{0}")]
    Invalid(String),
    /// The upload's temporary file is gone.
    #[error("the unfinished upload is not there any more")]
    SessionGone,
    /// Nobody waits for the result any more.
    #[error("the call was given up")]
    GivenUp,
}

#[cfg(all(unix, not(feature = "portable")))]
impl From<rustix::io::Errno> for Fault {
    fn from(errno: rustix::io::Errno) -> Self {
        Self::Io(errno.into())
    }
}

impl Fault {
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Io(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
    }

    pub(crate) fn is_io(&self, kind: io::ErrorKind) -> bool {
        matches!(self, Self::Io(error) if error.kind() == kind)
    }
}
