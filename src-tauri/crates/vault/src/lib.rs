//! Where secrets live: the operating system's keyring, a file encrypted with a passphrase, or memory.
//!
//! A secret is named by a [`SecretRef`]; the caller records which [`VaultKind`] took it and asks that vault again.
//! [`Vaults`] picks the vault of a new secret and never looks for one in another vault than the recorded one.
//! Nothing here prints, logs or puts into an error what it was given to keep.

mod error;
mod file;
mod keyring;
mod memory;
mod secret_ref;
mod vaults;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub use error::{Result, VaultError, VaultErrorKind};
pub use file::{FileVault, PASSPHRASE_VARIABLE};
pub use keyring::KeyringVault;
pub use memory::MemoryVault;
pub use secret_ref::SecretRef;
pub use vaults::Vaults;

/// Which vault holds a secret; recorded beside the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VaultKind {
    /// The operating system's own.
    Keyring,
    /// The file of the home, encrypted with a passphrase.
    File,
    /// This process; gone when it ends.
    Memory,
}

impl VaultKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Keyring, Self::File, Self::Memory];

    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl std::fmt::Display for VaultKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keyring => "the system's keyring",
            Self::File => "the encrypted secrets file",
            Self::Memory => "this program's memory",
        })
    }
}

/// One place that keeps secrets. No call blocks the async runtime, and none waits for ever.
#[async_trait]
pub trait Vault: Send + Sync + std::fmt::Debug {
    /// Which one it is.
    fn kind(&self) -> VaultKind;

    /// Keeps `secret`, in the place of an earlier one with that name. It is durable when this answers.
    async fn put(&self, name: &SecretRef, secret: SecretString) -> Result<()>;

    /// The secret, or `None` where the vault answered and has none. A vault that cannot be asked is an error.
    async fn get(&self, name: &SecretRef) -> Result<Option<SecretString>>;

    /// Forgets the secret. Succeeds if there was none.
    async fn remove(&self, name: &SecretRef) -> Result<()>;

    /// Whether it can be asked now; the error says what is in the way and who can mend it.
    async fn available(&self) -> Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_word_and_serialises_as_it() {
        for kind in VaultKind::ALL {
            assert_eq!(VaultKind::from_word(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).ok(), Some(kind.as_str().into()));
        }
        assert_eq!(VaultKind::from_word("plain-text"), None);
    }
}
