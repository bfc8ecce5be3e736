//! The operating system's keyring: the Secret Service on Linux, the Keychain on macOS, the Credential Manager on
//! Windows.
//!
//! All calls go through one thread of its own, because the libraries block, and a bus that accepts a connection and
//! never answers would block for ever. Whoever waits gives up after a while; a call that nobody waits for any more is
//! not begun.

mod platform;

use std::{
    sync::{OnceLock, mpsc},
    time::Duration,
};

use ::keyring::Error as KeyringError;
use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::oneshot;

use self::platform::Store;
use crate::{Result, SecretRef, Vault, VaultError, VaultKind};

/// Long enough for a keyring on a slow disk; a person who is asked to unlock it tries again.
const PATIENCE: Duration = Duration::from_secs(8);

/// Keeps secrets in the operating system's keyring.
pub struct KeyringVault {
    patience: Duration,
    jobs: OnceLock<mpsc::Sender<Job>>,
}

impl KeyringVault {
    /// Nothing is opened before the first call.
    pub fn new() -> Self {
        Self { patience: PATIENCE, jobs: OnceLock::new() }
    }

    /// Gives up after `patience`.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The way to the thread that speaks to the keyring; it ends when this vault is dropped.
    fn jobs(&self) -> &mpsc::Sender<Job> {
        self.jobs.get_or_init(|| {
            let (sender, receiver) = mpsc::channel();
            // Where no thread can be made the receiver is dropped with the closure, and sending says so.
            if let Err(error) = std::thread::Builder::new().name("waybill-keyring".into()).spawn(|| work(receiver)) {
                tracing::warn!(%error, "no thread for the keyring");
            }
            sender
        })
    }

    async fn call(&self, action: Action) -> Result<Option<SecretString>> {
        let (reply, answer) = oneshot::channel();
        let gone = || unreachable("the thread that speaks to it ended");
        self.jobs().send(Job { action, reply }).map_err(|_| gone())?;
        match tokio::time::timeout(self.patience, answer).await {
            Ok(answer) => answer.map_err(|_| gone())?,
            Err(_) => Err(unreachable(format!(
                "it did not answer within {} seconds; if it asks to be unlocked, answer and try again",
                self.patience.as_secs_f32()
            ))),
        }
    }
}

impl Default for KeyringVault {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for KeyringVault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyringVault").field("patience", &self.patience).finish_non_exhaustive()
    }
}

#[async_trait]
impl Vault for KeyringVault {
    fn kind(&self) -> VaultKind {
        VaultKind::Keyring
    }

    async fn put(&self, name: &SecretRef, secret: SecretString) -> Result<()> {
        self.call(Action::Put(name.clone(), secret)).await.map(drop)
    }

    async fn get(&self, name: &SecretRef) -> Result<Option<SecretString>> {
        self.call(Action::Get(name.clone())).await
    }

    async fn remove(&self, name: &SecretRef) -> Result<()> {
        self.call(Action::Remove(name.clone())).await.map(drop)
    }

    async fn available(&self) -> Result<()> {
        self.call(Action::Open).await.map(drop)
    }
}

struct Job {
    action: Action,
    reply: oneshot::Sender<Result<Option<SecretString>>>,
}

enum Action {
    Open,
    Put(SecretRef, SecretString),
    Get(SecretRef),
    Remove(SecretRef),
}

/// The keyring's thread.
#[expect(clippy::needless_pass_by_value, reason = "the thread owns its end of the channel")]
fn work(jobs: mpsc::Receiver<Job>) {
    let mut store = None;
    for Job { action, reply } in &jobs {
        if reply.is_closed() {
            continue;
        }
        let fresh = match &action {
            Action::Put(name, _) => matches!(perform(&mut store, &Action::Get(name.clone())), Ok(None)),
            _ => false,
        };
        let given_up = reply.send(perform(&mut store, &action)).is_err();
        // Whoever gave up was told that nothing was kept, and may have kept it elsewhere.
        if let (true, true, Action::Put(name, _)) = (given_up, fresh, action)
            && let Err(error) = perform(&mut store, &Action::Remove(name))
        {
            tracing::warn!(%error, "a secret that was given up stays in the keyring");
        }
    }
}

/// Does one thing, with a fresh connection where the old one has died since it was last used.
fn perform(store: &mut Option<Store>, action: &Action) -> Result<Option<SecretString>> {
    if let Some(open) = store {
        match attempt(open, action) {
            Err(KeyringError::PlatformFailure(_)) => *store = None,
            other => return other.map_err(|error| words(&error)),
        }
    }
    let open = store.insert(Store::open().map_err(|error| unreachable(reason(&error)))?);
    let answer = attempt(open, action);
    if matches!(answer, Err(KeyringError::PlatformFailure(_))) {
        *store = None;
    }
    answer.map_err(|error| words(&error))
}

fn attempt(store: &Store, action: &Action) -> ::keyring::Result<Option<SecretString>> {
    match action {
        Action::Open => Ok(None),
        Action::Put(name, secret) => store.entry(name)?.set_secret(secret.expose_secret().as_bytes()).map(|()| None),
        Action::Get(name) => match store.entry(name)?.get_secret() {
            Ok(bytes) => String::from_utf8(bytes)
                .map(|text| Some(SecretString::from(text)))
                .map_err(|error| KeyringError::BadEncoding(error.into_bytes())),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        },
        Action::Remove(name) => match store.entry(name)?.delete_credential() {
            Ok(()) | Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        },
    }
}

fn unreachable(reason: impl Into<String>) -> VaultError {
    VaultError::Unreachable { vault: VaultKind::Keyring, reason: reason.into() }
}

/// The library's error without what it may carry of the secret.
fn words(error: &KeyringError) -> VaultError {
    let vault = VaultKind::Keyring;
    match error {
        KeyringError::NoStorageAccess(_) if Store::is_empty(error) => unreachable("it has no default keyring"),
        KeyringError::NoStorageAccess(_) => {
            VaultError::Locked { vault, reason: format!("{}; unlock it and try again", reason(error)) }
        }
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) | KeyringError::BadStoreFormat(_) => {
            VaultError::Corrupt { vault, reason: "the secret is not text; enter it again".into() }
        }
        KeyringError::Ambiguous(_) => VaultError::Corrupt {
            vault,
            reason: "it has several secrets of one name; remove them and enter it again".into(),
        },
        KeyringError::TooLong(_, limit) => VaultError::TooLong { vault, limit: *limit },
        _ => unreachable(reason(error)),
    }
}

/// One line of the platform's words; of those errors only that hold no bytes of a secret.
fn reason(error: &KeyringError) -> String {
    match error {
        KeyringError::PlatformFailure(source) | KeyringError::NoStorageAccess(source) => source.to_string(),
        KeyringError::NoDefaultStore => "there is none".into(),
        KeyringError::Invalid(what, why) => format!("{what} {why}"),
        KeyringError::NotSupportedByStore(why) => why.clone(),
        _ => "it failed".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_library_that_carries_the_secret_loses_it() {
        let canary = "canary-4711";
        let errors = [
            KeyringError::BadEncoding(canary.into()),
            KeyringError::BadDataFormat(canary.into(), canary.into()),
            KeyringError::BadStoreFormat(canary.into()),
        ];
        for error in errors {
            let said = words(&error);
            assert!(!format!("{said} {said:?}").contains(canary), "{said}");
        }
    }
}
