use std::{collections::BTreeMap, sync::Arc, time::Duration};

use camino::{Utf8Path, Utf8PathBuf};
use futures::{StreamExt as _, TryStreamExt as _};
use secrecy::SecretString;
use waybill_connector::EntryKind;
use waybill_engine::SystemClock;
use waybill_model::{ConnectionId, FailureKind, Location, RemotePath};
use waybill_standins::{
    demo::Demo,
    faults::{Fault, Rule},
};
use waybill_vault::Vaults;

use super::*;
use crate::{ConnectionDraft, DeskError, Paths, assemble};

async fn desk(home: &Utf8Path) -> Desk {
    assemble(Paths::new(home), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap()
}

struct Bench {
    desk: Desk,
    demo: Demo,
    s3: ConnectionId,
    sftp: ConnectionId,
    dir: tempfile::TempDir,
}

/// A desk with connections to both stand-ins.
async fn bench() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let home = Utf8PathBuf::from_path_buf(dir.path().join("home")).unwrap();
    let (desk, demo) = (desk(&home).await, Demo::start(None, 0).await.unwrap());
    for found in demo.connections() {
        let draft = ConnectionDraft {
            name: found.name.to_owned(),
            kind: found.kind.to_owned(),
            settings: found.settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            secrets: found
                .secrets
                .into_iter()
                .map(|(key, value)| (key.to_owned(), SecretString::from(value)))
                .collect::<BTreeMap<_, _>>(),
            ..ConnectionDraft::default()
        };
        desk.add_connection(draft).await.unwrap();
    }
    let s3 = desk.connection_named("demo-s3").await.unwrap().id;
    let sftp = desk.connection_named("demo-sftp").await.unwrap().id;
    Bench { desk, demo, s3, sftp, dir }
}

impl Bench {
    async fn put(&self, connection: ConnectionId, path: &str, text: &str) {
        let open = self.desk.opened(connection).await.unwrap();
        let options = waybill_connector::WriteOptions { size: text.len() as u64, ..Default::default() };
        let body = waybill_connector::body_of(Bytes::from(text.to_owned()));
        open.connector.write().unwrap().write(&RemotePath::new(path), body, options).await.unwrap();
    }

    async fn names(&self, connection: ConnectionId, path: &str) -> Vec<String> {
        let pages: Vec<_> = self.desk.folder(at(connection, path)).try_collect().await.unwrap();
        let mut names: Vec<_> = pages.into_iter().flatten().map(|entry| entry.name).collect();
        names.sort();
        names
    }
}

fn at(connection: ConnectionId, path: &str) -> Location {
    Location { connection, path: RemotePath::new(path) }
}

fn seen_folder(path: &str) -> Seen {
    Seen { path: RemotePath::new(path), kind: EntryKind::Folder, size: 0, link: false }
}

#[tokio::test]
async fn a_folder_of_a_hundred_thousand_comes_in_pieces_and_stops_with_who_looks() {
    let bench = bench().await;
    let folder = bench.demo.sftp.root().join("many");
    fs_err::create_dir(&folder).unwrap();
    for number in 0..100_000 {
        fs_err::write(folder.join(format!("{number:06}")), "").unwrap();
    }
    let asked = || bench.demo.sftp.journal().iter().filter(|one| one.operation == "SSH_FXP_READDIR").count();
    {
        let mut pages = std::pin::pin!(bench.desk.folder(at(bench.sftp, "/many")));
        let first = pages.next().await.unwrap().unwrap();
        assert!((1..=1000).contains(&first.len()), "the first page comes alone: {}", first.len());
    }
    let before = asked();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(asked(), before, "who no longer looks asks for nothing");
    let count = bench.desk.folder(at(bench.sftp, "/many"));
    let count = count.try_fold(0, async |count, page| Ok(count + page.len())).await.unwrap();
    assert_eq!(count, 100_000);
}

#[tokio::test]
async fn a_connection_stays_open_between_two_looks_until_its_settings_change() {
    let bench = bench().await;
    let connector = async || bench.desk.opened(bench.sftp).await.unwrap().connector;
    let first = connector().await;
    assert!(std::ptr::addr_eq(Arc::as_ptr(&first), Arc::as_ptr(&connector().await)));
    let mut settings = bench.desk.connection(bench.sftp).await.unwrap().settings;
    settings.insert("parallel".to_owned(), "2".to_owned());
    bench.desk.change_connection(bench.sftp, settings, BTreeMap::new()).await.unwrap();
    assert!(!std::ptr::addr_eq(Arc::as_ptr(&first), Arc::as_ptr(&connector().await)));
    bench.desk.remove_connection(bench.sftp).await.unwrap();
    assert!(bench.desk.opened(bench.sftp).await.is_err(), "what was removed is not kept open");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_lost_with_a_folder_is_counted_before() {
    let bench = bench().await;
    for (path, text) in [("/matter/a.txt", "12345"), ("/matter/in/b.txt", "123"), ("/matter/in/deep/c.txt", "1")] {
        bench.put(bench.s3, path, text).await;
        bench.put(bench.sftp, path, text).await;
    }
    bench.put(bench.sftp, "/elsewhere/kept.txt", "not counted").await;
    let root = bench.demo.sftp.root();
    std::os::unix::fs::symlink(root.join("elsewhere"), root.join("matter/link")).unwrap();
    for (connection, others) in [(bench.s3, 0), (bench.sftp, 1)] {
        let mut told = 0;
        let mut tell = |_| told += 1;
        let loss = bench.desk.count_loss(connection, vec![seen_folder("/matter")], &mut tell).await.unwrap();
        assert_eq!(loss, Loss { files: 3, folders: 3, bytes: 9, others, unknown: 0 });
        assert!(told >= 3, "it is told while it is counted");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_goes_with_what_is_in_it_and_a_link_goes_without_what_it_leads_to() {
    let bench = bench().await;
    let root = Utf8PathBuf::from_path_buf(bench.dir.path().join("files")).unwrap();
    for (folder, file) in [("matter/in", "b.txt"), ("elsewhere", "kept.txt"), ("other", "kept.txt")] {
        fs_err::create_dir_all(root.join(folder)).unwrap();
        fs_err::write(root.join(folder).join(file), "bytes").unwrap();
    }
    std::os::unix::fs::symlink(root.join("elsewhere"), root.join("matter/link")).unwrap();
    std::os::unix::fs::symlink(root.join("other"), root.join("chosen-link")).unwrap();
    let mut last = [0; 3];
    let mut tell = |now: &Removal| last = [now.files, now.folders, now.failed];
    // The second was seen as a folder: a listing describes what a link leads to.
    let chosen = ["matter", "chosen-link"].map(|name| seen_folder(root.join(name).as_str()));
    bench.desk.remove_entries(ConnectionId::LOCAL, chosen.to_vec(), &mut tell).await.unwrap();
    assert_eq!(last[2], 0);
    assert!(!root.join("matter").exists() && !root.join("chosen-link").exists());
    for kept in ["elsewhere/kept.txt", "other/kept.txt"] {
        assert_eq!(fs_err::read_to_string(root.join(kept)).unwrap(), "bytes", "{kept}: only its link was to go");
    }
}

#[tokio::test]
async fn a_file_that_must_stay_is_named_and_the_rest_is_gone() {
    let bench = bench().await;
    for name in ["a", "locked", "z"] {
        bench.put(bench.sftp, &format!("/matter/{name}"), "1").await;
    }
    let refuse = Rule::new(Fault::refuse(3)).operation("SSH_FXP_REMOVE").path("locked").always();
    bench.demo.sftp.faults().inject(refuse);
    let (mut stayed, mut counts) = (Vec::new(), [0; 3]);
    let mut tell = |now: &Removal| {
        stayed = now.failures.iter().map(|one| (one.path.as_str().to_owned(), one.error.kind)).collect();
        counts = [now.files, now.folders, now.failed];
    };
    bench.desk.remove_entries(bench.sftp, vec![seen_folder("/matter")], &mut tell).await.unwrap();
    assert_eq!(stayed, [("/matter/locked".to_owned(), FailureKind::Denied)]);
    assert_eq!(counts, [2, 0, 1], "the folder that holds it stays, and is no failure of its own");
    assert_eq!(bench.names(bench.sftp, "/matter").await, ["locked"]);
    let log = bench.desk.inner.store.audit(0, 100).await.unwrap();
    let said: Vec<_> = log.iter().filter(|row| row.act.starts_with("removal")).map(|row| row.detail.as_str()).collect();
    assert_eq!(said, ["/matter", "2 files and 0 folders removed, 1 entries stayed"]);
}

#[tokio::test]
async fn a_removal_that_is_dropped_goes_no_further() {
    let bench = bench().await;
    for number in 0..40 {
        bench.put(bench.s3, &format!("/matter/{number}"), "1").await;
    }
    let slow = Rule::new(Fault::Latency(Duration::from_millis(30))).operation("DeleteObject").always();
    bench.demo.s3.faults().inject(slow);
    let desk = bench.desk.clone();
    let s3 = bench.s3;
    let (send, mut told) = tokio::sync::mpsc::unbounded_channel();
    let work = tokio::spawn(async move {
        let mut tell = |now: &Removal| send.send(now.files).unwrap_or_default();
        desk.remove_entries(s3, vec![seen_folder("/matter")], &mut tell).await
    });
    assert_eq!(told.recv().await, Some(1));
    work.abort();
    assert!(work.await.unwrap_err().is_cancelled());
    tokio::time::sleep(Duration::from_millis(80)).await;
    let left = bench.names(bench.s3, "/matter").await.len();
    assert!((1..40).contains(&left), "some are gone and the rest is not touched: {left}");
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert_eq!(bench.names(bench.s3, "/matter").await.len(), left);
}

#[tokio::test]
async fn a_new_name_replaces_nothing_and_names_are_checked() {
    let bench = bench().await;
    for connection in [bench.s3, bench.sftp] {
        bench.put(connection, "/in/a.txt", "a").await;
        bench.put(connection, "/in/b.txt", "b").await;
        let refused = bench.desk.rename_entry(&at(connection, "/in/a.txt"), "b.txt").await.unwrap_err();
        assert!(
            matches!(&refused, DeskError::Connector(error) if error.kind == FailureKind::AlreadyExists),
            "{refused:?}"
        );
        let refused = bench.desk.rename_entry(&at(connection, "/in/a.txt"), "x/y").await.unwrap_err();
        assert!(matches!(refused, DeskError::Invalid(_)), "{refused:?}");
        let path = bench.desk.rename_entry(&at(connection, "/in/a.txt"), "c.txt").await.unwrap();
        assert_eq!(path.as_str(), "/in/c.txt");
        assert_eq!(bench.names(connection, "/in").await, ["b.txt", "c.txt"]);
        bench.desk.make_folder(&at(connection, "/in/new")).await.unwrap();
        let refused = bench.desk.make_folder(&at(connection, "/in/new")).await.unwrap_err();
        assert!(
            matches!(&refused, DeskError::Connector(error) if error.kind == FailureKind::AlreadyExists),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_folder_that_is_only_the_beginning_of_names_says_why_it_keeps_its_name() {
    let bench = bench().await;
    bench.put(bench.s3, "/in/a.txt", "a").await;
    let refused = bench.desk.rename_entry(&at(bench.s3, "/in"), "out").await.unwrap_err();
    assert!(matches!(&refused, DeskError::Connector(error) if error.kind == FailureKind::Unsupported), "{refused:?}");
}
