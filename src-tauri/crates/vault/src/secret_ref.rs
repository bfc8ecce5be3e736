//! The name of a secret: all that the store, the log and the window may know of it.

use serde::{Deserialize, Serialize};
use waybill_model::ConnectionId;

/// Names one secret of one connection of one home.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SecretRef {
    /// The home's own id, so that two homes of one person do not share a secret.
    pub home: String,
    /// Whose secret it is.
    pub connection: ConnectionId,
    /// The connection's word for it: `password`, `secret_access_key`.
    pub key: String,
}

impl SecretRef {
    /// Names the secret `key` of `connection` in `home`.
    pub fn new(home: impl Into<String>, connection: ConnectionId, key: impl Into<String>) -> Self {
        Self { home: home.into(), connection, key: key.into() }
    }

    /// What a keyring calls the service.
    pub(crate) fn service(&self) -> String {
        format!("waybill/{}", self.home)
    }

    /// What a keyring calls the account.
    pub(crate) fn account(&self) -> String {
        format!("{}/{}", self.connection, self.key)
    }
}

impl std::fmt::Display for SecretRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "waybill/{}/{}/{}", self.home, self.connection, self.key)
    }
}
