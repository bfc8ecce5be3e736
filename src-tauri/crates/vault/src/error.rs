//! What can go wrong with a vault. No variant can hold a secret: the libraries' own errors, some of which carry the
//! bytes that they could not read, are turned into words first.

use camino::Utf8PathBuf;

use crate::VaultKind;

/// The result of a vault's call.
pub type Result<T> = std::result::Result<T, VaultError>;

/// Who has to act on a [`VaultError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VaultErrorKind {
    /// The vault does not answer in this session.
    Unreachable,
    /// The passphrase is not the file's.
    WrongPassphrase,
    /// Nobody gave a passphrase.
    PassphraseNeeded,
    /// The vault is there and does not open: its owner has to unlock it, or another process to let go.
    Locked,
    /// What the vault holds cannot be read.
    Corrupt,
    /// The secret is longer than the vault takes.
    TooLong,
    /// The disk failed.
    Io,
}

/// Why a vault did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The vault does not answer in this session.
    #[error(
        "{vault} cannot be reached: {reason}. {}",
        match vault {
            VaultKind::Keyring => "Sign in to a desktop session, or start a Secret Service on the session bus \
                                   (`dbus-run-session`, `gnome-keyring-daemon --unlock --components=secrets`)",
            VaultKind::File => "Give its passphrase, or set WAYBILL_VAULT_PASSPHRASE",
            VaultKind::Memory => "Its secrets are gone with the process that held them; enter them again",
        }
    )]
    Unreachable {
        /// Which one.
        vault: VaultKind,
        /// What is in the way.
        reason: String,
    },
    /// The passphrase is not the file's.
    #[error("the passphrase does not open {path}; the file was left as it is")]
    WrongPassphrase {
        /// The file.
        path: Utf8PathBuf,
    },
    /// Nobody gave a passphrase.
    #[error(
        "no vault is there to keep the secret: {keyring}. Start a Secret Service on the session bus, or give a \
         passphrase (WAYBILL_VAULT_PASSPHRASE) for the encrypted file {path}"
    )]
    PassphraseNeeded {
        /// Why the keyring did not take it.
        keyring: String,
        /// The file that a passphrase would make or open.
        path: Utf8PathBuf,
    },
    /// The vault is there and does not open.
    #[error("{vault} is locked: {reason}")]
    Locked {
        /// Which one.
        vault: VaultKind,
        /// What holds it, and who can let go.
        reason: String,
    },
    /// What the vault holds cannot be read.
    #[error("what {vault} holds cannot be read: {reason}")]
    Corrupt {
        /// Which one.
        vault: VaultKind,
        /// What was wrong with it.
        reason: String,
    },
    /// The secret is longer than the vault takes.
    #[error("{vault} takes no secret longer than {limit} characters")]
    TooLong {
        /// Which one.
        vault: VaultKind,
        /// Its limit.
        limit: u32,
    },
    /// The disk failed.
    #[error("the secrets file {path}: {source}")]
    Io {
        /// The file.
        path: Utf8PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

impl VaultError {
    /// Who has to act on it.
    pub fn kind(&self) -> VaultErrorKind {
        match self {
            Self::Unreachable { .. } => VaultErrorKind::Unreachable,
            Self::WrongPassphrase { .. } => VaultErrorKind::WrongPassphrase,
            Self::PassphraseNeeded { .. } => VaultErrorKind::PassphraseNeeded,
            Self::Locked { .. } => VaultErrorKind::Locked,
            Self::Corrupt { .. } => VaultErrorKind::Corrupt,
            Self::TooLong { .. } => VaultErrorKind::TooLong,
            Self::Io { .. } => VaultErrorKind::Io,
        }
    }
}
