//! Secrets in one file, encrypted by `age` with a passphrase.
//!
//! The file is replaced whole: written beside itself, flushed, renamed. Whoever changes it holds the lock file while
//! reading, changing and writing, so that two processes lose nothing of one another. It is decrypted once and again
//! only after it changed, because deriving the key is slow on purpose.

mod crypt;

use std::{
    collections::BTreeMap,
    io::Write as _,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use async_trait::async_trait;
use camino::{Utf8Path, Utf8PathBuf};
use fs_err::{self as fs, File, OpenOptions};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{Result, SecretRef, Vault, VaultError, VaultKind};

/// The environment variable that holds the passphrase where nobody can be asked.
pub const PASSPHRASE_VARIABLE: &str = "WAYBILL_VAULT_PASSPHRASE";

/// How long to wait for another process that is changing the file.
const PATIENCE: Duration = Duration::from_secs(20);

/// Keeps secrets in one encrypted file.
#[derive(Debug, Clone)]
pub struct FileVault {
    inner: Arc<Inner>,
}

struct Inner {
    path: Utf8PathBuf,
    passphrase: SecretString,
    patience: Duration,
    opened: Mutex<Option<Opened>>,
}

/// What the file held when it was last read.
struct Opened {
    stamp: FileStamp,
    secrets: Secrets,
}

type Secrets = BTreeMap<String, SecretString>;

/// Tells one content of the file from the next; each write makes a new file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileStamp {
    length: u64,
    modified: Option<SystemTime>,
    inode: u64,
}

impl FileVault {
    /// The vault in the file at `path`, which is made when the first secret is kept.
    pub fn new(path: impl Into<Utf8PathBuf>, passphrase: SecretString) -> Self {
        Self { inner: Arc::new(Inner { path: path.into(), passphrase, patience: PATIENCE, opened: Mutex::default() }) }
    }

    /// The passphrase that the environment gives, if it gives one that is not empty.
    pub fn passphrase_from_env() -> Option<SecretString> {
        std::env::var(PASSPHRASE_VARIABLE).ok().filter(|text| !text.is_empty()).map(SecretString::from)
    }

    /// The file.
    pub fn path(&self) -> &Utf8Path {
        &self.inner.path
    }

    /// Encrypts the file with another passphrase from now on. What is sealed anew is opened and compared before it takes
    /// the old file's place; until then nothing has changed.
    pub(crate) async fn reseal(&self, passphrase: SecretString) -> Result<Self> {
        let fresh = Self::new(self.inner.path.clone(), passphrase.clone());
        self.on_disk(move |file| file.reseal(&passphrase)).await?;
        Ok(fresh)
    }

    /// Whether the file is there.
    pub(crate) fn exists(&self) -> bool {
        self.inner.path.exists()
    }

    async fn on_disk<T: Send + 'static>(&self, act: impl FnOnce(&Inner) -> Result<T> + Send + 'static) -> Result<T> {
        let inner = Arc::clone(&self.inner);
        match tokio::task::spawn_blocking(move || act(&inner)).await {
            Ok(done) => done,
            Err(error) => {
                let source = std::io::Error::other(if error.is_panic() { "reading it broke off" } else { "cancelled" });
                Err(VaultError::Io { path: self.inner.path.clone(), source })
            }
        }
    }
}

#[async_trait]
impl Vault for FileVault {
    fn kind(&self) -> VaultKind {
        VaultKind::File
    }

    async fn put(&self, name: &SecretRef, secret: SecretString) -> Result<()> {
        let name = name.to_string();
        self.on_disk(move |file| {
            file.change(|secrets| {
                secrets.insert(name, secret);
                true
            })
        })
        .await
    }

    async fn get(&self, name: &SecretRef) -> Result<Option<SecretString>> {
        let name = name.to_string();
        self.on_disk(move |file| file.with_secrets(|secrets| secrets.get(&name).cloned())).await
    }

    async fn remove(&self, name: &SecretRef) -> Result<()> {
        let name = name.to_string();
        self.on_disk(move |file| file.change(|secrets| secrets.remove(&name).is_some())).await
    }

    async fn available(&self) -> Result<()> {
        self.on_disk(|file| file.with_secrets(|_| ())).await
    }
}

impl Inner {
    /// Looks at the secrets as the file has them now.
    fn with_secrets<T>(&self, look: impl FnOnce(&Secrets) -> T) -> Result<T> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        self.refresh(&mut opened)?;
        Ok(match &*opened {
            Some(opened) => look(&opened.secrets),
            None => look(&Secrets::new()),
        })
    }

    /// Changes the secrets under the lock, and writes them where `edit` says that something changed.
    fn change(&self, edit: impl FnOnce(&mut Secrets) -> bool) -> Result<()> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let _held = self.lock()?;
        self.refresh(&mut opened)?;
        let mut secrets = opened.as_ref().map(|opened| opened.secrets.clone()).unwrap_or_default();
        if !edit(&mut secrets) {
            return Ok(());
        }
        let sealed = crypt::seal(&secrets, &self.passphrase).map_err(|source| self.io(source))?;
        self.replace(&sealed).map_err(|source| self.io(source))?;
        *opened = self.stamp()?.map(|stamp| Opened { stamp, secrets });
        Ok(())
    }

    fn reseal(&self, passphrase: &SecretString) -> Result<()> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let _held = self.lock()?;
        self.refresh(&mut opened)?;
        let Some(held) = opened.as_ref() else { return Ok(()) };
        let sealed = crypt::seal(&held.secrets, passphrase).map_err(|source| self.io(source))?;
        let same = crypt::open(&sealed, passphrase).is_ok_and(|again| {
            let plain = |secrets: &Secrets| {
                secrets
                    .iter()
                    .map(|(name, secret)| (name.clone(), secret.expose_secret().to_owned()))
                    .collect::<Vec<_>>()
            };
            plain(&again) == plain(&held.secrets)
        });
        if !same {
            return Err(self.io(std::io::Error::other("what was sealed anew did not open; the file was left as it is")));
        }
        self.replace(&sealed).map_err(|source| self.io(source))?;
        *opened = None;
        Ok(())
    }

    /// Decrypts the file if it is not the one that was decrypted last.
    fn refresh(&self, opened: &mut Option<Opened>) -> Result<()> {
        if self.passphrase.expose_secret().is_empty() {
            return Err(VaultError::WrongPassphrase { path: self.path.clone() });
        }
        let Some(stamp) = self.stamp()? else {
            *opened = None;
            return Ok(());
        };
        if opened.as_ref().is_some_and(|opened| opened.stamp == stamp) {
            return Ok(());
        }
        *opened = None;
        let sealed = fs::read(&self.path).map_err(|source| self.io(source))?;
        let secrets = crypt::open(&sealed, &self.passphrase).map_err(|failure| match failure {
            crypt::Failure::WrongPassphrase => VaultError::WrongPassphrase { path: self.path.clone() },
            crypt::Failure::Corrupt(why) => VaultError::Corrupt {
                vault: VaultKind::File,
                reason: format!(
                    "{} {why}; put a copy of it back, or move it away and enter the secrets again",
                    self.path
                ),
            },
        })?;
        *opened = Some(Opened { stamp, secrets });
        Ok(())
    }

    fn stamp(&self) -> Result<Option<FileStamp>> {
        match fs::metadata(&self.path) {
            Ok(found) => {
                Ok(Some(FileStamp { length: found.len(), modified: found.modified().ok(), inode: inode_of(&found) }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.io(source)),
        }
    }

    /// Holds the lock file until dropped. It is never removed, because a lock on a removed file keeps nobody out.
    fn lock(&self) -> Result<File> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(|source| self.io(source))?;
        }
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        for_owner_only(&mut options);
        let lock = options.open(self.beside("lock")).map_err(|source| self.io(source))?;
        let begun = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(std::fs::TryLockError::Error(source)) => return Err(self.io(source)),
                Err(std::fs::TryLockError::WouldBlock) if begun.elapsed() >= self.patience => {
                    return Err(VaultError::Locked {
                        vault: VaultKind::File,
                        reason: format!("another process holds {}", self.beside("lock")),
                    });
                }
                Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    /// Puts `sealed` in the file's place, whole or not at all.
    fn replace(&self, sealed: &[u8]) -> std::io::Result<()> {
        let fresh = self.beside("new");
        // Left by a process that died while it held the lock.
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        for_owner_only(&mut options);
        let mut file = options.open(&fresh)?;
        file.write_all(sealed)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&fresh, &self.path)?;
        sync_folder(&self.path)
    }

    fn beside(&self, ending: &str) -> Utf8PathBuf {
        Utf8PathBuf::from(format!("{}.{ending}", self.path))
    }

    fn io(&self, source: std::io::Error) -> VaultError {
        VaultError::Io { path: self.path.clone(), source }
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(unix)]
fn for_owner_only(options: &mut OpenOptions) {
    use fs_err::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// Elsewhere the folder's access list is inherited, and the home lies in the person's own profile.
#[cfg(not(unix))]
fn for_owner_only(_options: &mut OpenOptions) {}

#[cfg(unix)]
fn inode_of(found: &std::fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    found.ino()
}

#[cfg(not(unix))]
fn inode_of(_found: &std::fs::Metadata) -> u64 {
    0
}

/// Makes a rename survive a power cut.
#[cfg(unix)]
fn sync_folder(path: &Utf8Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder })?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync_folder(_path: &Utf8Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
