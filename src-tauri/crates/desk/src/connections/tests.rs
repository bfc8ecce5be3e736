use std::sync::Arc;

use async_trait::async_trait;
use camino::Utf8PathBuf;
use waybill_connector::{StepOutcome, TestReport};
use waybill_engine::SystemClock;
use waybill_model::{Location, RemotePath, TransferOptions};
use waybill_standins::demo::Demo;
use waybill_store::{Origin, StoreError};
use waybill_vault::{MemoryVault, SecretRef, Vault, VaultError, Vaults};

use super::*;
use crate::{ConnectionChange, Paths, SendRequest, assemble};

/// A keyring that refuses one key, as one that is locked half way does.
#[derive(Debug, Default)]
struct Picky(MemoryVault);

const REFUSED: &str = "passphrase";

#[async_trait]
impl Vault for Picky {
    fn kind(&self) -> VaultKind {
        VaultKind::Keyring
    }

    async fn put(&self, name: &SecretRef, secret: SecretString) -> Result<(), VaultError> {
        if secret.expose_secret() == REFUSED {
            return Err(VaultError::Unreachable { vault: VaultKind::Keyring, reason: "it was locked".into() });
        }
        self.0.put(name, secret).await
    }

    async fn get(&self, name: &SecretRef) -> Result<Option<SecretString>, VaultError> {
        self.0.get(name).await
    }

    async fn remove(&self, name: &SecretRef) -> Result<(), VaultError> {
        self.0.remove(name).await
    }

    async fn available(&self) -> Result<(), VaultError> {
        Ok(())
    }
}

/// A desk beside a server that takes one password.
struct Beside {
    desk: Desk,
    demo: Demo,
    folder: tempfile::TempDir,
}

impl Beside {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Utf8PathBuf::from_path_buf(folder.path().join("home")).unwrap();
        let vaults = Vaults::with_keyring(Arc::<Picky>::default(), home.join("secrets.age"), None);
        let desk = assemble(Paths::new(home), vaults, Arc::new(SystemClock)).await.unwrap();
        Self { desk, demo: Demo::start(None, 0).await.unwrap(), folder }
    }

    fn draft(&self, name: &str) -> ConnectionDraft {
        let sftp = self.demo.connections().into_iter().find(|one| one.kind == "sftp").unwrap();
        let owned = |pairs: Vec<(&'static str, String)>| pairs.into_iter().map(|(key, value)| (key.to_owned(), value));
        ConnectionDraft {
            name: name.to_owned(),
            kind: sftp.kind.to_owned(),
            settings: owned(sftp.settings).collect(),
            secrets: owned(sftp.secrets).map(|(key, value)| (key, SecretString::from(value))).collect(),
            ..ConnectionDraft::default()
        }
    }

    async fn change(&self, id: ConnectionId) -> ConnectionChange {
        let now = self.desk.connection(id).await.unwrap();
        ConnectionChange {
            name: now.name,
            settings: now.settings,
            secret_expires_at: now.secret_expires_at,
            ..ConnectionChange::default()
        }
    }

    async fn test(&self, id: ConnectionId) -> TestReport {
        self.desk.test_connection(id, &mut |_| {}).await.unwrap()
    }

    async fn works(&self, id: ConnectionId) -> bool {
        self.test(id).await.error.is_none()
    }
}

fn secret(value: &str) -> BTreeMap<String, SecretString> {
    BTreeMap::from([("password".to_owned(), SecretString::from(value))])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_alone_keeps_the_secrets_the_health_and_what_was_learned() {
    let place = Beside::new().await;
    let id = place.desk.add_connection(place.draft("partner")).await.unwrap();
    assert!(place.works(id).await);
    let ends = Some(Millis(4_000_000_000_000));
    let change = ConnectionChange { name: "bank".to_owned(), secret_expires_at: ends, ..place.change(id).await };
    place.desk.edit_connection(id, change).await.unwrap();
    let after = place.desk.connection(id).await.unwrap();
    assert_eq!((after.name.as_str(), after.health, after.secret_expires_at), ("bank", Health::Well, ends));
    assert!(place.desk.connection_facts(id).await.unwrap().tested);
    assert!(place.works(id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_stays_until_it_is_replaced_or_forgotten() {
    let place = Beside::new().await;
    let id = place.desk.add_connection(place.draft("partner")).await.unwrap();
    let mut change = place.change(id).await;
    change.settings.insert("parallel".to_owned(), "2".to_owned());
    place.desk.edit_connection(id, change).await.unwrap();
    assert_eq!(place.desk.connection(id).await.unwrap().health, Health::Untested, "it was tested with other settings");
    assert!(place.works(id).await);
    place
        .desk
        .edit_connection(id, ConnectionChange { secrets: secret("wrong"), ..place.change(id).await })
        .await
        .unwrap();
    assert!(!place.works(id).await);
    let right = ConnectionChange { secrets: place.draft("x").secrets, ..place.change(id).await };
    place.desk.edit_connection(id, right).await.unwrap();
    assert!(place.works(id).await);
    let forget = ConnectionChange { forget: BTreeSet::from(["password".to_owned()]), ..place.change(id).await };
    place.desk.edit_connection(id, forget).await.unwrap();
    assert_eq!(place.desk.connection(id).await.unwrap().secrets, BTreeMap::new());
    assert!(!place.works(id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_refused_leaves_the_earlier_secrets_as_they_were() {
    let place = Beside::new().await;
    let id = place.desk.add_connection(place.draft("partner")).await.unwrap();
    place.desk.add_connection(place.draft("bank")).await.unwrap();
    let taken = ConnectionChange { name: "Bank".to_owned(), secrets: secret("other"), ..place.change(id).await };
    let error = place.desk.edit_connection(id, taken).await.unwrap_err();
    assert!(matches!(error, DeskError::Store(StoreError::NameTaken(_))), "{error}");
    assert!(place.works(id).await, "the password is the one from before");
    let mut secrets = secret("other");
    secrets.insert("passphrase".to_owned(), SecretString::from(REFUSED));
    let locked = ConnectionChange { secrets, ..place.change(id).await };
    let error = place.desk.edit_connection(id, locked).await.unwrap_err();
    assert!(matches!(error, DeskError::Vault(_)), "{error}");
    assert!(place.works(id).await, "what was replaced before the vault refused is put back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_takes_the_secrets_along_only_where_that_is_asked_for() {
    let place = Beside::new().await;
    let id = place.desk.add_connection(place.draft("partner")).await.unwrap();
    let bare = ConnectionDraft { secrets: BTreeMap::new(), ..place.draft("bare") };
    let without = place.desk.add_connection(bare.clone()).await.unwrap();
    assert!(!place.works(without).await);
    let copy = ConnectionDraft { name: "copy".to_owned(), secrets_of: Some(id), ..bare };
    let with = place.desk.add_connection(copy).await.unwrap();
    assert!(place.works(with).await);
    place.desk.remove_connection(id).await.unwrap();
    assert!(place.works(with).await, "the copy has secrets of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_is_taken_back_until_the_secrets_are_forgotten() {
    let place = Beside::new().await;
    let id = place.desk.add_connection(place.draft("partner")).await.unwrap();
    place.desk.set_connection_aside(id, false).await.unwrap();
    assert!(place.desk.connections().await.unwrap().is_empty());
    place.desk.restore_connection(id).await.unwrap();
    place.desk.forget_removed(id).await.unwrap();
    assert!(place.works(id).await, "what is in use again is not forgotten");
    place.desk.set_connection_aside(id, false).await.unwrap();
    let other = place.desk.add_connection(place.draft("partner")).await.unwrap();
    let error = place.desk.restore_connection(id).await.unwrap_err();
    assert!(matches!(error, DeskError::Store(StoreError::NameTaken(_))), "{error}");
    place.desk.remove_connection(other).await.unwrap();
    place.desk.forget_all_removed().await.unwrap();
    assert!(place.desk.inner.store.removed_with_secrets().await.unwrap().is_empty());
    place.desk.restore_connection(id).await.unwrap();
    assert!(!place.works(id).await, "its password is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_over_keeps_a_connection_unless_it_is_called_off_with_it() {
    let place = Beside::new().await;
    let id = place.desk.add_connection(place.draft("partner")).await.unwrap();
    let file = place.folder.path().join("letter.txt");
    fs_err::write(&file, b"Dear partner").unwrap();
    let at = |connection, path: &str| Location { connection, path: RemotePath::new(path) };
    let request = SendRequest {
        sources: vec![at(ConnectionId::LOCAL, file.to_str().unwrap())],
        to: at(id, "/in"),
        options: TransferOptions::default(),
        origin: Origin::Window,
        title: String::new(),
    };
    let run = place.desk.send(request).await.unwrap();
    let uses = place.desk.connection_uses(id).await.unwrap();
    assert_eq!(uses.walking, [run], "nobody looked through it yet, and it counts");
    let error = place.desk.set_connection_aside(id, false).await.unwrap_err();
    assert!(matches!(error, DeskError::InUse { open: 1, .. }), "{error}");
    place.desk.set_connection_aside(id, true).await.unwrap();
    let kept = place.desk.connection_uses(id).await.unwrap();
    assert_eq!((kept.open(), kept.walking.len()), (0, 0));
    assert_eq!(place.desk.connection_facts(id).await.unwrap().runs.len(), 1, "the history stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_tells_what_it_tries_before_it_tells_how_that_ended() {
    let place = Beside::new().await;
    let id = place.desk.add_connection(place.draft("partner")).await.unwrap();
    let mut told = Vec::new();
    let report = place.desk.test_connection(id, &mut |step| told.push(step.clone())).await.unwrap();
    assert_eq!(told.first().map(|step| &step.outcome), Some(&StepOutcome::Trying));
    assert!(report.steps.iter().all(|step| step.outcome != StepOutcome::Trying), "what is kept has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_connection_fails_is_kept_in_the_models_words_until_it_works() {
    let place = Beside::new().await;
    let id = place
        .desk
        .add_connection(ConnectionDraft { secrets: secret("wrong"), ..place.draft("partner") })
        .await
        .unwrap();
    assert!(!place.works(id).await);
    let failure = place.desk.connection(id).await.unwrap().failure.unwrap();
    assert_eq!(failure.kind, waybill_model::FailureKind::Unauthenticated);
    place.desk.change_connection(id, place.draft("x").settings, place.draft("x").secrets).await.unwrap();
    assert!(place.works(id).await);
    assert_eq!(place.desk.connection(id).await.unwrap().failure, None);
}

#[tokio::test]
async fn a_name_that_cannot_be_is_a_problem_of_its_field() {
    let folder = tempfile::tempdir().unwrap();
    let home = Utf8PathBuf::from_path_buf(folder.path().join("home")).unwrap();
    let desk = assemble(Paths::new(home), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
    let settings = BTreeMap::from([("root".to_owned(), "/srv".to_owned())]);
    let draft =
        ConnectionDraft { name: "a:b".to_owned(), kind: "folder".to_owned(), settings, ..ConnectionDraft::default() };
    let DeskError::Settings { problems } = desk.add_connection(draft).await.unwrap_err() else {
        panic!("a problem of a field")
    };
    assert_eq!((problems[0].key.as_str(), problems[0].said.code.as_str()), ("name", "bad-name"));
}
