//! How a request ended, in the numbers and words of OpenSSH's `sftp-server`.

use std::{borrow::Cow, io};

pub(super) const OK: u32 = 0;
pub(super) const EOF: u32 = 1;
pub(super) const NO_SUCH_FILE: u32 = 2;
pub(super) const PERMISSION_DENIED: u32 = 3;
pub(super) const FAILURE: u32 = 4;
pub(super) const BAD_MESSAGE: u32 = 5;
pub(super) const OP_UNSUPPORTED: u32 = 8;

/// An `SSH_FXP_STATUS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: u32,
    pub(super) text: Cow<'static, str>,
}

impl Status {
    /// With the usual words for `code`.
    pub(super) fn of(code: u32) -> Self {
        let text = match code {
            OK => "Success",
            EOF => "End of file",
            NO_SUCH_FILE => "No such file",
            PERMISSION_DENIED => "Permission denied",
            FAILURE => "Failure",
            BAD_MESSAGE => "Bad message",
            6 => "No connection",
            7 => "Connection lost",
            OP_UNSUPPORTED => "Operation unsupported",
            _ => "Unknown error",
        };
        Self { code, text: Cow::Borrowed(text) }
    }

    /// A failure that says more than its number.
    pub(super) fn failure(text: impl Into<Cow<'static, str>>) -> Self {
        Self { code: FAILURE, text: text.into() }
    }

    pub(super) fn denied() -> Self {
        Self::of(PERMISSION_DENIED)
    }

    pub(super) fn unsupported() -> Self {
        Self::of(OP_UNSUPPORTED)
    }
}

impl From<io::Error> for Status {
    /// As OpenSSH's `errno_to_portable`: it has one number for most that can go wrong.
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        Self::of(match error.kind() {
            Kind::NotFound | Kind::NotADirectory => NO_SUCH_FILE,
            Kind::PermissionDenied => PERMISSION_DENIED,
            Kind::InvalidInput | Kind::InvalidFilename => BAD_MESSAGE,
            Kind::Unsupported => OP_UNSUPPORTED,
            _ => FAILURE,
        })
    }
}
