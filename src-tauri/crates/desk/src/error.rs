//! Why a use case did not succeed.

use waybill_connector::{ConnectorError, FieldProblem, Said};
use waybill_store::StoreError;
use waybill_vault::VaultError;

/// A failure, with what a person can do about it in its text.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A remote or this computer's disk.
    #[error(transparent)]
    Connector(Box<ConnectorError>),
    /// The desk's database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Settings that cannot be right.
    #[error("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Settings {
        /// Each fault by its key.
        problems: Vec<FieldProblem>,
    },
    /// A text that is not what it should be.
    #[error("{0}")]
    Invalid(String),
    /// Nothing can be imported, or not from there.
    #[error("{}", .0.text)]
    Import(Said),
    /// Open transfers still need it.
    #[error("{name} is still needed by {open} transfers that are not over; cancel them or let them end first")]
    InUse {
        /// The connection.
        name: String,
        /// How many.
        open: u64,
    },
    /// A file beside the database.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl DeskError {
    /// Whether only a person can help: a vault that cannot be reached, a host key, a secret.
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::Vault(_) => true,
            Self::Connector(error) => error.kind.stops_the_connection(),
            _ => false,
        }
    }
}

impl From<ConnectorError> for DeskError {
    fn from(error: ConnectorError) -> Self {
        Self::Connector(Box::new(error))
    }
}
