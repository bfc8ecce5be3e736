//! How the command ends.

use std::{fmt::Display, io::Write as _, process::ExitCode};

use waybill_desk::DeskError;

/// What the exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All done at the asked proof.
    Done,
    /// Something failed.
    Failed,
    /// The command line cannot be right.
    Usage,
    /// Only a person can help.
    NeedsAttention,
}

impl Exit {
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NeedsAttention => 3,
        })
    }

    /// Says why on the error output.
    pub(crate) fn with(self, why: &dyn Display) -> ExitCode {
        // Nobody may be reading any more; the code still says it.
        drop(writeln!(std::io::stderr(), "waybill: {why}"));
        self.code()
    }
}

/// An error that ends the command.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CommandError {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl CommandError {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }
}

impl From<DeskError> for CommandError {
    fn from(error: DeskError) -> Self {
        let exit = match &error {
            error if error.needs_a_person() => Exit::NeedsAttention,
            DeskError::Settings { .. } | DeskError::Invalid(_) | DeskError::Import(_) => Exit::Usage,
            DeskError::Store(waybill_desk::StoreError::Unknown { .. } | waybill_desk::StoreError::NameTaken(_)) => {
                Exit::Usage
            }
            _ => Exit::Failed,
        };
        Self { exit, message: error.to_string() }
    }
}

impl From<std::io::Error> for CommandError {
    fn from(error: std::io::Error) -> Self {
        Self { exit: Exit::Failed, message: error.to_string() }
    }
}
