use std::sync::Arc;

use waybill_engine::SystemClock;
use waybill_vault::Vaults;

use super::*;
use crate::{Paths, assemble};

#[test]
fn a_proposed_name_is_one_that_the_desk_takes_and_nobody_has() {
    let taken = BTreeSet::from(["bank".to_owned(), "bank-2".to_owned()]);
    assert_eq!(free_name("shop", &taken), "shop");
    assert_eq!(free_name("Bank", &taken), "Bank-3");
    assert_eq!(free_name("corp/eu:west ", &taken), "corp-eu-west");
    assert_eq!(free_name("this-computer", &taken), "connection");
    let long = free_name(&"ü".repeat(200), &taken);
    assert!(is_a_name(&long) && long.len() <= LONGEST_NAME, "{long}");
}

struct Place {
    desk: Desk,
    folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Utf8PathBuf::from_path_buf(folder.path().join("home")).unwrap();
        let desk = assemble(Paths::new(home), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
        Self { desk, folder }
    }

    fn file(&self, name: &str, text: &str) -> Utf8PathBuf {
        let path = Utf8PathBuf::from_path_buf(self.folder.path().join(name)).unwrap();
        fs_err::write(&path, text).unwrap();
        path
    }

    async fn names(&self) -> Vec<String> {
        self.desk.connections().await.unwrap().into_iter().map(|one| one.name).collect()
    }
}

const RCLONE: &str = "[store]\ntype = s3\nprovider = Other\nendpoint = http://127.0.0.1:1\naccess_key_id = me\n\
                      secret_access_key = canary\n[partner]\ntype = sftp\nhost = sftp.example\nuser = me\nkey_use_agent = true\n\
                      [pictures]\ntype = drive\ntoken = canary\n";

#[tokio::test]
async fn a_preview_shows_which_secrets_come_and_never_one_of_them() {
    let place = Place::new().await;
    let file = place.file("rclone.conf", RCLONE);
    let preview = place.desk.preview_import(ImportSource::Rclone, Some(&file)).await.unwrap();
    let store = preview.found.iter().find(|one| one.name == "store").unwrap();
    assert_eq!((store.kind.as_str(), store.secrets.as_slice()), ("s3", ["secret_access_key".to_owned()].as_slice()));
    assert_eq!(preview.vault, Some(VaultKind::Memory));
    assert_eq!(preview.left_out.len(), 1);
    assert_eq!((preview.left_out[0].name.as_str(), preview.left_out[0].why.code.as_str()), ("pictures", "remote-type"));
    assert!(!format!("{preview:?}").contains("canary"), "{preview:?}");
}

#[tokio::test]
async fn what_is_picked_is_added_under_its_name_and_one_that_is_refused_leaves_the_others() {
    let place = Place::new().await;
    let file = place.file("rclone.conf", RCLONE);
    let preview = place.desk.preview_import(ImportSource::Rclone, Some(&file)).await.unwrap();
    let at = |name: &str| preview.found.iter().position(|one| one.name == name).unwrap();
    let pick = |index, name: &str| ImportPick { index, name: name.to_owned() };
    let picks = vec![pick(at("store"), "a/b"), pick(at("partner"), "house-bank"), pick(99, "nothing")];
    let outcomes = place.desk.import_picked(ImportSource::Rclone, Some(&file), preview.digest, picks).await.unwrap();
    assert_eq!(outcomes.iter().map(|one| one.added.is_ok()).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(place.names().await, ["house-bank"]);
}

#[tokio::test]
async fn a_file_that_changed_since_the_look_adds_nothing() {
    let place = Place::new().await;
    let file = place.file("rclone.conf", RCLONE);
    let preview = place.desk.preview_import(ImportSource::Rclone, Some(&file)).await.unwrap();
    place.file("rclone.conf", &RCLONE.replace("sftp.example", "evil.example"));
    let picks = vec![ImportPick { index: 0, name: "store".to_owned() }];
    let error = place.desk.import_picked(ImportSource::Rclone, Some(&file), preview.digest, picks).await.unwrap_err();
    assert!(matches!(&error, DeskError::Import(said) if said.code == "import-changed"), "{error}");
    assert_eq!(place.names().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_name_that_is_taken_gets_another_and_what_leads_to_the_same_place_is_told() {
    let place = Place::new().await;
    let file = place.file("config", "Host bank\n  User me\nHost shop\n  User me\n");
    let look = async || place.desk.preview_import(ImportSource::Ssh, Some(&file)).await.unwrap();
    let first = look().await;
    let picks = vec![ImportPick { index: 0, name: "bank".to_owned() }];
    let added = place.desk.import_picked(ImportSource::Ssh, Some(&file), first.digest, picks).await.unwrap();
    assert!(added[0].added.is_ok());
    let again = look().await;
    let bank = &again.found[0];
    assert_eq!((bank.name.as_str(), bank.twin.as_deref()), ("bank-2", Some("bank")));
    assert_eq!((again.found[1].name.as_str(), again.found[1].twin.as_deref()), ("shop", None));
}

#[tokio::test]
async fn hosts_that_only_known_hosts_names_are_shown_and_wait_for_a_hand() {
    let place = Place::new().await;
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    let file = place.file("known_hosts", &format!("[drop.example]:2222 {key}\n"));
    let preview = place.desk.preview_import(ImportSource::Ssh, Some(&file)).await.unwrap();
    let [one] = preview.found.as_slice() else { panic!("one host: {preview:?}") };
    assert_eq!((one.name.as_str(), one.ready, one.settings["port"].as_str()), ("drop.example", false, "2222"));
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let place = Place::new().await;
    let encrypted = place.file("rclone.conf", "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nabcd\n");
    let error = place.desk.preview_import(ImportSource::Rclone, Some(&encrypted)).await.unwrap_err();
    assert!(matches!(&error, DeskError::Import(said) if said.code == "import-encrypted"), "{error}");
    let large = place.folder.path().join("large");
    fs_err::File::create(&large).unwrap().set_len(MOST_BYTES + 1).unwrap();
    let large = Utf8PathBuf::from_path_buf(large).unwrap();
    let error = place.desk.preview_import(ImportSource::Aws, Some(&large)).await.unwrap_err();
    assert!(matches!(&error, DeskError::Import(said) if said.code == "import-too-large"), "{error}");
}
