use camino::Utf8PathBuf;
use waybill_model::ConnectionId;

use super::*;
use crate::VaultErrorKind;

const CANARY: &str = "canary-5f1e-in-plain-text";

struct Folder {
    _folder: tempfile::TempDir,
    path: Utf8PathBuf,
}

fn folder() -> Folder {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().join("home/secrets.age")).unwrap();
    Folder { _folder: folder, path }
}

fn vault(folder: &Folder, passphrase: &str) -> FileVault {
    FileVault::new(&folder.path, SecretString::from(passphrase))
}

fn name(key: &str) -> SecretRef {
    SecretRef::new("home-1", ConnectionId::LOCAL, key)
}

async fn text_of(vault: &FileVault, key: &str) -> Option<String> {
    vault.get(&name(key)).await.unwrap().map(|secret| secret.expose_secret().to_owned())
}

#[tokio::test]
async fn a_secret_comes_back_in_another_process_and_goes_when_removed() {
    let folder = folder();
    let first = vault(&folder, "right");
    assert_eq!(text_of(&first, "password").await, None, "no file yet");
    first.put(&name("password"), CANARY.into()).await.unwrap();

    let second = vault(&folder, "right");
    assert_eq!(text_of(&second, "password").await.as_deref(), Some(CANARY));

    second.remove(&name("password")).await.unwrap();
    second.remove(&name("password")).await.unwrap();
    assert_eq!(text_of(&first, "password").await, None, "the first sees what the second wrote");
}

#[tokio::test]
async fn neither_the_file_nor_debug_nor_an_error_shows_the_secret() {
    let folder = folder();
    let vault = vault(&folder, "passphrase-canary");
    vault.put(&name("password"), CANARY.into()).await.unwrap();

    let wrong = FileVault::new(&folder.path, "guess-canary".into());
    let error = wrong.get(&name("password")).await.unwrap_err();
    let stored = fs::read_to_string(&folder.path).unwrap();
    let said = format!("{stored}\n{vault:?}\n{wrong:?}\n{error}\n{error:?}");
    for canary in [CANARY, "passphrase-canary", "guess-canary"] {
        assert!(!said.contains(canary), "{canary} in {said}");
    }
    assert!(stored.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"), "{stored}");
}

#[tokio::test]
async fn a_wrong_passphrase_changes_nothing() {
    let folder = folder();
    vault(&folder, "right").put(&name("password"), CANARY.into()).await.unwrap();
    let before = fs::read(&folder.path).unwrap();

    let wrong = vault(&folder, "wrong");
    for error in [
        wrong.get(&name("password")).await.unwrap_err(),
        wrong.put(&name("password"), "other".into()).await.unwrap_err(),
        wrong.remove(&name("password")).await.unwrap_err(),
        wrong.available().await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), VaultErrorKind::WrongPassphrase);
    }
    assert_eq!(fs::read(&folder.path).unwrap(), before);
}

#[tokio::test]
async fn an_empty_passphrase_makes_no_file() {
    let folder = folder();
    let error = vault(&folder, "").put(&name("password"), CANARY.into()).await.unwrap_err();
    assert_eq!(error.kind(), VaultErrorKind::WrongPassphrase);
    assert!(!folder.path.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    vault(&folder, "right").put(&name("password"), CANARY.into()).await.unwrap();
    assert_eq!(fs::metadata(&folder.path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn many_that_write_at_once_lose_nothing_of_one_another() {
    let folder = folder();
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..6 {
        // A vault each: what a process has in memory is not shared.
        let vault = vault(&folder, "right");
        writers.spawn(async move { vault.put(&name(&format!("key-{number}")), format!("{number}").into()).await });
    }
    for written in writers.join_all().await {
        written.unwrap();
    }
    let vault = vault(&folder, "right");
    for number in 0..6 {
        assert_eq!(text_of(&vault, &format!("key-{number}")).await, Some(number.to_string()));
    }
}

#[tokio::test]
async fn a_lock_that_is_never_let_go_is_an_error_and_not_a_hang() {
    let folder = folder();
    let holder = vault(&folder, "right");
    let _held = holder.inner.lock().unwrap();
    let inner = Inner {
        path: folder.path.clone(),
        passphrase: "right".into(),
        patience: Duration::from_millis(50),
        opened: Mutex::default(),
    };
    let error = FileVault { inner: Arc::new(inner) }.put(&name("password"), CANARY.into()).await.unwrap_err();
    assert_eq!(error.kind(), VaultErrorKind::Locked);
    assert!(error.to_string().contains("secrets.age.lock"), "{error}");
}

#[tokio::test]
async fn a_damaged_file_is_corrupt_and_stays_as_it_is() {
    let folder = folder();
    let writer = vault(&folder, "right");
    writer.put(&name("password"), CANARY.into()).await.unwrap();
    let whole = fs::read_to_string(&folder.path).unwrap();
    for damaged in [String::new(), "not an age file".to_owned(), whole[..whole.len() / 2].to_owned()] {
        fs::write(&folder.path, &damaged).unwrap();
        let error = writer.put(&name("other"), "more".into()).await.unwrap_err();
        assert_eq!(error.kind(), VaultErrorKind::Corrupt, "{error}");
        assert_eq!(fs::read_to_string(&folder.path).unwrap(), damaged);
    }
}

#[tokio::test]
async fn what_a_dead_process_left_half_written_is_in_nobodys_way() {
    let folder = folder();
    let vault = vault(&folder, "right");
    vault.put(&name("password"), CANARY.into()).await.unwrap();
    fs::write(format!("{}.new", folder.path), "half").unwrap();
    vault.put(&name("other"), "more".into()).await.unwrap();
    assert_eq!(text_of(&vault, "password").await.as_deref(), Some(CANARY));
    assert!(!Utf8PathBuf::from(format!("{}.new", folder.path)).exists());
}
