//! The vaults of one home, and which of them takes a new secret.

use std::sync::{Arc, PoisonError, RwLock};

use camino::{Utf8Path, Utf8PathBuf};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{FileVault, KeyringVault, MemoryVault, Result, SecretRef, Vault, VaultError, VaultErrorKind, VaultKind};

/// The vaults that exist for a home.
///
/// A new secret goes to the keyring; where none answers, to the encrypted file if there is a passphrase; else nowhere.
/// A stored secret is asked of the vault that took it, and of no other.
#[derive(Debug)]
pub struct Vaults {
    places: Places,
}

#[derive(Debug)]
enum Places {
    Home { keyring: Arc<dyn Vault>, path: Utf8PathBuf, file: RwLock<Option<FileVault>>, memory: Arc<MemoryVault> },
    Memory(Arc<MemoryVault>),
}

impl Vaults {
    /// The system's keyring, and the encrypted file `secrets.age` in `home`, which opens with `passphrase`.
    pub fn of_home(home: &Utf8Path, passphrase: Option<SecretString>) -> Self {
        Self::with_keyring(Arc::new(KeyringVault::new()), home.join("secrets.age"), passphrase)
    }

    /// With another keyring and file.
    pub fn with_keyring(keyring: Arc<dyn Vault>, path: Utf8PathBuf, passphrase: Option<SecretString>) -> Self {
        let vaults = Self { places: Places::Home { keyring, path, file: RwLock::new(None), memory: Arc::default() } };
        if let Some(passphrase) = passphrase {
            vaults.set_passphrase(passphrase);
        }
        vaults
    }

    /// Memory only, for the demo and tests.
    pub fn in_memory() -> Self {
        Self { places: Places::Memory(Arc::default()) }
    }

    /// Opens the encrypted file with `passphrase` from now on; an empty one closes it. Whether it is right shows with
    /// the next call.
    pub fn set_passphrase(&self, passphrase: SecretString) {
        if let Places::Home { path, file, .. } = &self.places {
            let opened = (!passphrase.expose_secret().is_empty()).then(|| FileVault::new(path, passphrase));
            *file.write().unwrap_or_else(PoisonError::into_inner) = opened;
        }
    }

    /// The vaults that this home can use, the preferred one first.
    pub fn kinds(&self) -> &'static [VaultKind] {
        match &self.places {
            Places::Home { .. } => &[VaultKind::Keyring, VaultKind::File],
            Places::Memory(_) => &[VaultKind::Memory],
        }
    }

    /// The encrypted file of this home, whether it is there or not.
    pub fn file(&self) -> Option<&Utf8Path> {
        match &self.places {
            Places::Home { path, .. } => Some(path),
            Places::Memory(_) => None,
        }
    }

    /// Whether somebody gave a passphrase for the encrypted file.
    pub fn is_file_open(&self) -> bool {
        self.opened().is_some()
    }

    fn opened(&self) -> Option<FileVault> {
        match &self.places {
            Places::Home { file, .. } => file.read().unwrap_or_else(PoisonError::into_inner).clone(),
            Places::Memory(_) => None,
        }
    }

    /// Opens the encrypted file with `passphrase`, if that is the right one; a file that is not there yet is made with
    /// the first secret. A wrong one leaves everything as it was.
    pub async fn open_file(&self, passphrase: SecretString) -> Result<()> {
        let Places::Home { path, file, .. } = &self.places else { return Err(no_file()) };
        let tried = FileVault::new(path, passphrase);
        tried.available().await?;
        *file.write().unwrap_or_else(PoisonError::into_inner) = Some(tried);
        Ok(())
    }

    /// Forgets the passphrase of the encrypted file.
    pub fn lock_file(&self) {
        self.set_passphrase(SecretString::default());
    }

    /// Gives the encrypted file another passphrase. `current` has to be the one that opens it now.
    pub async fn change_passphrase(&self, current: SecretString, fresh: SecretString) -> Result<()> {
        let Places::Home { path, file, .. } = &self.places else { return Err(no_file()) };
        let held = FileVault::new(path, current);
        held.available().await?;
        let opened = if held.exists() { held.reseal(fresh).await? } else { FileVault::new(path, fresh) };
        opened.available().await?;
        *file.write().unwrap_or_else(PoisonError::into_inner) = Some(opened);
        Ok(())
    }

    /// Keeps a new secret and says which vault took it; the caller records that.
    pub async fn put(&self, name: &SecretRef, secret: SecretString) -> Result<VaultKind> {
        let (keyring, path, file) = match &self.places {
            Places::Memory(memory) => {
                memory.put(name, secret).await?;
                return Ok(VaultKind::Memory);
            }
            Places::Home { keyring, path, file, .. } => {
                (keyring, path, file.read().unwrap_or_else(PoisonError::into_inner).clone())
            }
        };
        let refused = match keyring.put(name, secret.clone()).await {
            Ok(()) => return Ok(keyring.kind()),
            Err(error) if error.kind() == VaultErrorKind::Unreachable => error,
            Err(error) => return Err(error),
        };
        let Some(file) = file else {
            let keyring = match refused {
                VaultError::Unreachable { vault, reason } => format!("{vault} cannot be reached ({reason})"),
                other => other.to_string(),
            };
            return Err(VaultError::PassphraseNeeded { keyring, path: path.clone() });
        };
        file.put(name, secret).await?;
        tracing::info!(reason = %refused, "the secret is kept in the encrypted file");
        Ok(VaultKind::File)
    }

    /// Which vault would take a new secret now; `None` where somebody has to give a passphrase first.
    pub async fn taking(&self) -> Option<VaultKind> {
        let (keyring, has_file) = match &self.places {
            Places::Memory(_) => return Some(VaultKind::Memory),
            Places::Home { keyring, file, .. } => {
                (keyring, file.read().unwrap_or_else(PoisonError::into_inner).is_some())
            }
        };
        match keyring.available().await {
            Ok(()) => Some(keyring.kind()),
            Err(_) => has_file.then_some(VaultKind::File),
        }
    }

    /// Keeps a secret that is worth nothing until this process ends, and asks no vault for it.
    pub async fn put_in_memory(&self, name: &SecretRef, secret: SecretString) -> Result<VaultKind> {
        let (Places::Memory(memory) | Places::Home { memory, .. }) = &self.places;
        memory.put(name, secret).await?;
        Ok(VaultKind::Memory)
    }

    /// Keeps another secret under a name that `recorded` holds already.
    pub async fn replace(&self, recorded: VaultKind, name: &SecretRef, secret: SecretString) -> Result<()> {
        self.vault(recorded)?.put(name, secret).await
    }

    /// The secret out of the vault that took it.
    pub async fn get(&self, recorded: VaultKind, name: &SecretRef) -> Result<Option<SecretString>> {
        self.vault(recorded)?.get(name).await
    }

    /// Forgets the secret in the vault that took it.
    pub async fn remove(&self, recorded: VaultKind, name: &SecretRef) -> Result<()> {
        self.vault(recorded)?.remove(name).await
    }

    /// The vault of that kind; an error where this home has none or it has no passphrase yet.
    pub fn vault(&self, kind: VaultKind) -> Result<Arc<dyn Vault>> {
        let missing = |reason: &str| VaultError::Unreachable { vault: kind, reason: reason.into() };
        match (&self.places, kind) {
            (Places::Memory(memory) | Places::Home { memory, .. }, VaultKind::Memory) => {
                Ok(Arc::<MemoryVault>::clone(memory))
            }
            (Places::Memory(_), _) => Err(missing("a home in memory does not use it")),
            (Places::Home { keyring, .. }, VaultKind::Keyring) => Ok(Arc::clone(keyring)),
            (Places::Home { path, file, .. }, VaultKind::File) => {
                match &*file.read().unwrap_or_else(PoisonError::into_inner) {
                    Some(file) => Ok(Arc::new(file.clone())),
                    None => Err(missing(&format!("nobody gave the passphrase of {path}"))),
                }
            }
        }
    }
}

fn no_file() -> VaultError {
    VaultError::Unreachable { vault: VaultKind::File, reason: "a home in memory does not use it".into() }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use waybill_model::ConnectionId;

    use super::*;

    /// A keyring that answers, or does not.
    #[derive(Debug)]
    struct Keyring {
        failure: Option<VaultErrorKind>,
        secrets: MemoryVault,
    }

    impl Keyring {
        fn check(&self) -> Result<()> {
            let vault = VaultKind::Keyring;
            match self.failure {
                None => Ok(()),
                Some(VaultErrorKind::Locked) => {
                    Err(VaultError::Locked { vault, reason: "the prompt was closed".into() })
                }
                Some(_) => Err(VaultError::Unreachable { vault, reason: "no session bus".into() }),
            }
        }
    }

    #[async_trait]
    impl Vault for Keyring {
        fn kind(&self) -> VaultKind {
            VaultKind::Keyring
        }
        async fn put(&self, name: &SecretRef, secret: SecretString) -> Result<()> {
            self.check()?;
            self.secrets.put(name, secret).await
        }
        async fn get(&self, name: &SecretRef) -> Result<Option<SecretString>> {
            self.check()?;
            self.secrets.get(name).await
        }
        async fn remove(&self, name: &SecretRef) -> Result<()> {
            self.check()?;
            self.secrets.remove(name).await
        }
        async fn available(&self) -> Result<()> {
            self.check()
        }
    }

    fn vaults(folder: &tempfile::TempDir, failure: Option<VaultErrorKind>, passphrase: Option<&str>) -> Vaults {
        let path = Utf8PathBuf::from_path_buf(folder.path().join("secrets.age")).unwrap();
        let keyring = Keyring { failure, secrets: MemoryVault::default() };
        Vaults::with_keyring(Arc::new(keyring), path, passphrase.map(SecretString::from))
    }

    fn name() -> SecretRef {
        SecretRef::new("home-1", ConnectionId::LOCAL, "password")
    }

    #[tokio::test]
    async fn a_keyring_that_answers_takes_a_new_secret_though_there_is_a_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let vaults = vaults(&folder, None, Some("passphrase"));
        assert_eq!(vaults.put(&name(), "canary".into()).await.unwrap(), VaultKind::Keyring);
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0, "and no file is made");
    }

    #[tokio::test]
    async fn where_no_keyring_answers_the_encrypted_file_takes_it() {
        let folder = tempfile::tempdir().unwrap();
        let vaults = vaults(&folder, Some(VaultErrorKind::Unreachable), Some("passphrase"));
        assert_eq!(vaults.put(&name(), "canary".into()).await.unwrap(), VaultKind::File);
        let secret = vaults.get(VaultKind::File, &name()).await.unwrap().unwrap();
        assert_eq!(secret.expose_secret(), "canary");
    }

    #[tokio::test]
    async fn without_a_passphrase_nothing_is_kept_and_both_ways_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let vaults = vaults(&folder, Some(VaultErrorKind::Unreachable), None);
        let error = vaults.put(&name(), "canary".into()).await.unwrap_err();
        assert_eq!(error.kind(), VaultErrorKind::PassphraseNeeded);
        let said = error.to_string();
        assert!(said.contains("Secret Service") && said.contains("WAYBILL_VAULT_PASSPHRASE"), "{said}");
        assert!(!said.contains("canary"));
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);

        vaults.set_passphrase("asked".into());
        assert_eq!(vaults.put(&name(), "canary".into()).await.unwrap(), VaultKind::File);
    }

    #[tokio::test]
    async fn a_keyring_that_its_owner_keeps_locked_is_not_gone_round() {
        let folder = tempfile::tempdir().unwrap();
        let vaults = vaults(&folder, Some(VaultErrorKind::Locked), Some("passphrase"));
        let error = vaults.put(&name(), "canary".into()).await.unwrap_err();
        assert_eq!(error.kind(), VaultErrorKind::Locked);
    }

    #[tokio::test]
    async fn a_secret_of_a_vault_that_cannot_be_reached_is_not_looked_for_in_another() {
        let folder = tempfile::tempdir().unwrap();
        let vaults = vaults(&folder, Some(VaultErrorKind::Unreachable), Some("passphrase"));
        vaults.put(&name(), "canary".into()).await.unwrap();
        let error = vaults.get(VaultKind::Keyring, &name()).await.unwrap_err();
        assert_eq!(error.kind(), VaultErrorKind::Unreachable);
        let in_memory = vaults.get(VaultKind::Memory, &name()).await.unwrap();
        assert!(in_memory.is_none(), "memory holds nothing of an earlier process");
    }

    #[tokio::test]
    async fn a_home_in_memory_keeps_its_secrets_there_only() {
        let vaults = Vaults::in_memory();
        assert_eq!(vaults.put(&name(), "canary".into()).await.unwrap(), VaultKind::Memory);
        let secret = vaults.get(VaultKind::Memory, &name()).await.unwrap().unwrap();
        assert_eq!(secret.expose_secret(), "canary");
        assert!(!format!("{vaults:?}").contains("canary"));
        vaults.remove(VaultKind::Memory, &name()).await.unwrap();
        assert!(vaults.get(VaultKind::Memory, &name()).await.unwrap().is_none());
    }
}
