use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use waybill_engine::SystemClock;
use waybill_vault::{MemoryVault, Vault, VaultError, Vaults};

use super::*;
use crate::{ConnectionDraft, Paths, assemble};

/// A keyring in memory that refuses the third secret, or gives none, where it is told to.
#[derive(Debug, Default)]
struct Keyring {
    inner: MemoryVault,
    full: AtomicBool,
    silent: AtomicBool,
}

#[async_trait]
impl Vault for Keyring {
    fn kind(&self) -> VaultKind {
        VaultKind::Keyring
    }
    async fn put(&self, name: &SecretRef, secret: SecretString) -> waybill_vault::Result<()> {
        if self.full.load(Ordering::SeqCst) && name.key == "passphrase" {
            return Err(VaultError::TooLong { vault: VaultKind::Keyring, limit: 3 });
        }
        self.inner.put(name, secret).await
    }
    async fn get(&self, name: &SecretRef) -> waybill_vault::Result<Option<SecretString>> {
        if self.silent.load(Ordering::SeqCst) {
            let reason = "it did not answer within 8 seconds".to_owned();
            return Err(VaultError::Unreachable { vault: VaultKind::Keyring, reason });
        }
        self.inner.get(name).await
    }
    async fn remove(&self, name: &SecretRef) -> waybill_vault::Result<()> {
        self.inner.remove(name).await
    }
    async fn available(&self) -> waybill_vault::Result<()> {
        Ok(())
    }
}

struct Home {
    _dir: tempfile::TempDir,
    keyring: Arc<Keyring>,
    desk: Desk,
    connection: ConnectionId,
}

async fn home() -> Home {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
    let keyring = Arc::<Keyring>::default();
    let vaults = Vaults::with_keyring(Arc::<Keyring>::clone(&keyring), path.join("secrets.age"), None);
    let desk = assemble(Paths::new(path), vaults, Arc::new(SystemClock)).await.unwrap();
    let text = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let secrets = [("password", "first secret"), ("passphrase", "second secret")];
    let secrets = secrets.into_iter().map(|(key, secret)| (key.to_owned(), secret.into())).collect();
    let settings = text(&[("host", "127.0.0.1"), ("user", "ada"), ("auth", "password")]);
    let draft = ConnectionDraft {
        name: "there".to_owned(),
        kind: "sftp".to_owned(),
        settings,
        secrets,
        ..ConnectionDraft::default()
    };
    let connection = desk.add_connection(draft).await.unwrap();
    Home { _dir: dir, keyring, desk, connection }
}

impl Home {
    async fn places(&self) -> Vec<String> {
        self.desk.connection(self.connection).await.unwrap().secrets.into_values().collect()
    }

    async fn secret(&self, kind: VaultKind, key: &str) -> Option<String> {
        let name = self.desk.inner.opener.secret_ref(self.connection, key);
        let secret = self.desk.inner.vaults.get(kind, &name).await.unwrap();
        secret.map(|secret| secret.expose_secret().to_owned())
    }
}

const GOOD: &str = "four words are long";

#[tokio::test]
async fn secrets_move_into_the_file_and_back_and_are_gone_where_they_were() {
    let home = home().await;
    assert!(home.desk.move_secrets(VaultKind::File).await.is_err(), "nobody gave a passphrase");
    assert_eq!(home.places().await, ["keyring", "keyring"]);
    home.desk.open_vault(GOOD.into()).await.unwrap();
    assert_eq!(home.desk.move_secrets(VaultKind::File).await.unwrap(), 2);
    assert_eq!(home.places().await, ["file", "file"]);
    assert_eq!(home.secret(VaultKind::File, "password").await.as_deref(), Some("first secret"));
    assert_eq!(home.secret(VaultKind::Keyring, "password").await, None);
    assert_eq!(home.desk.move_secrets(VaultKind::File).await.unwrap(), 0, "they are all there");
    assert_eq!(home.desk.move_secrets(VaultKind::Keyring).await.unwrap(), 2);
    assert_eq!(home.secret(VaultKind::Keyring, "passphrase").await.as_deref(), Some("second secret"));
    let acts: Vec<_> = home.desk.inner.store.audit(0, 100).await.unwrap().into_iter().map(|row| row.act).collect();
    assert_eq!(acts.iter().filter(|act| *act == "secrets-moved").count(), 2, "{acts:?}");
}

#[tokio::test]
async fn a_vault_that_takes_only_some_of_them_gets_none() {
    let home = home().await;
    home.desk.open_vault(GOOD.into()).await.unwrap();
    home.desk.move_secrets(VaultKind::File).await.unwrap();
    home.keyring.full.store(true, Ordering::SeqCst);
    home.desk.move_secrets(VaultKind::Keyring).await.unwrap_err();
    assert_eq!(home.places().await, ["file", "file"]);
    for key in ["password", "passphrase"] {
        assert!(home.secret(VaultKind::File, key).await.is_some(), "{key} is lost");
        assert_eq!(home.secret(VaultKind::Keyring, key).await, None, "{key} was left behind");
    }
}

#[tokio::test]
async fn the_passphrase_changes_only_with_the_one_before_and_to_a_good_one() {
    let home = home().await;
    assert!(home.desk.open_vault("short".into()).await.is_err(), "a new file wants a good one");
    home.desk.open_vault(GOOD.into()).await.unwrap();
    home.desk.move_secrets(VaultKind::File).await.unwrap();
    assert!(home.desk.change_passphrase("not the one".into(), "another long one".into()).await.is_err());
    assert!(home.desk.change_passphrase(GOOD.into(), "short".into()).await.is_err());
    assert_eq!(home.secret(VaultKind::File, "password").await.as_deref(), Some("first secret"), "still open");
    home.desk.change_passphrase(GOOD.into(), "another long one".into()).await.unwrap();
    assert_eq!(home.secret(VaultKind::File, "password").await.as_deref(), Some("first secret"));
    home.desk.lock_vault().await.unwrap();
    let looks = home.desk.vaults().await.unwrap();
    let file = looks.iter().find(|look| look.kind == VaultKind::File).unwrap();
    assert_eq!((file.open, file.secrets, file.exists), (false, 2, true));
    assert!(file.trouble.is_some());
    assert!(home.desk.open_vault(GOOD.into()).await.is_err(), "the old one opens nothing any more");
    home.desk.open_vault("another long one".into()).await.unwrap();
    assert_eq!(home.secret(VaultKind::File, "passphrase").await.as_deref(), Some("second secret"));
}

#[tokio::test]
async fn a_test_that_only_a_passphrase_keeps_from_passing_says_so_and_refuses_nobody() {
    let home = home().await;
    home.desk.open_vault(GOOD.into()).await.unwrap();
    home.desk.move_secrets(VaultKind::File).await.unwrap();
    home.desk.lock_vault().await.unwrap();
    let report = home.desk.test_connection(home.connection, &mut |_| {}).await.unwrap();
    assert_eq!(report.error.unwrap().code.as_deref(), Some("vault-closed"));
    let shown = home.desk.connection(home.connection).await.unwrap();
    assert_eq!(shown.failure.unwrap().code.as_deref(), Some("vault-closed"), "it is kept for the card");
    let questions = home.desk.attention_shown().await.unwrap();
    assert_eq!(questions[0].row.facts.get("vault-closed").and_then(|fact| fact.as_str()), Some("file"));
}

#[tokio::test]
async fn a_keyring_that_does_not_answer_is_told_apart_from_a_refused_sign_in_and_is_asked_again() {
    let home = home().await;
    home.keyring.silent.store(true, Ordering::SeqCst);
    let report = home.desk.test_connection(home.connection, &mut |_| {}).await.unwrap();
    assert_eq!(report.error.unwrap().code.as_deref(), Some("keyring-silent"));
    let shown = home.desk.connection(home.connection).await.unwrap();
    assert_eq!(shown.failure.unwrap().code.as_deref(), Some("keyring-silent"), "it is kept for the card");
    let questions = home.desk.attention_shown().await.unwrap();
    assert_eq!(questions[0].row.facts.get("vault-closed").and_then(|fact| fact.as_str()), Some("keyring"));
    home.desk.open_vault(GOOD.into()).await.unwrap();
    assert_eq!(home.desk.attention_shown().await.unwrap().len(), 1, "a passphrase opens another vault");
    home.desk.answer(questions[0].row.id, crate::Answer::Dismiss).await.unwrap();
    assert_eq!(home.desk.attention_shown().await.unwrap(), []);
    assert_eq!(home.places().await, ["keyring", "keyring"], "nothing was looked for elsewhere");
}
