//! Disks that are full, read-only or another one. A small disk is mounted in a namespace of its own: the test starts
//! itself again inside it.

use std::process::Command;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use waybill_connector::{Part, StepOutcome, WriteOptions};
use waybill_model::{FailureKind, PartHash, RemotePath, Sha256};

use super::{connect, read, write};

static LARGE: [u8; 600 * 1024] = [7; 600 * 1024];

const DISK: &str = "WAYBILL_TEST_DISK";

/// Runs the calling test again with `mount` applied to a folder, whose path it gets; `None` in the first process.
fn on_a_disk(test: &str, mount: &str) -> Option<String> {
    if let Ok(disk) = std::env::var(DISK) {
        return Some(disk);
    }
    let folder = tempfile::tempdir().unwrap();
    if !Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success()) {
        #[expect(clippy::print_stdout, reason = "a skip needs a reason that is read")]
        {
            println!("skipped: this machine lets nobody make a mount namespace");
        }
        return None;
    }
    let script = format!("{mount} && exec \"$0\" --exact {test} --nocapture");
    let status = Command::new("unshare")
        .args(["-rm", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(DISK, folder.path())
        .status()
        .unwrap();
    assert!(status.success(), "the same test on the disk failed");
    None
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_left() {
    let mount = "mount -t tmpfs -o size=1m none \"$WAYBILL_TEST_DISK\"";
    let Some(disk) = on_a_disk("disk::a_full_disk_is_said_and_nothing_is_left", mount) else { return };
    let connector = connect(&disk);
    let path = RemotePath::new("x");
    let options = WriteOptions { size: 3 << 20, ..WriteOptions::default() };
    let body = stream::iter(vec![Bytes::from(vec![7; 1 << 20]); 3]).map(Ok);
    let error = connector.write().unwrap().write(&path, body.boxed(), options).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::QuotaExceeded, "{error}");
    assert_eq!(fs_err::read_dir(&disk).unwrap().count(), 0, "the piece that fitted stays nowhere");
    write(connector.as_ref(), "small", b"fits", false).await.unwrap();
    assert_eq!(read(connector.as_ref(), "small").await.unwrap(), b"fits");
    fs_err::remove_file(format!("{disk}/small")).unwrap();
    if cfg!(feature = "portable") {
        return;
    }
    let options = WriteOptions { size: 30 << 20, ..WriteOptions::default() };
    let error = connector.resumable_upload().unwrap().begin(&path, options).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::QuotaExceeded, "before the first byte: {error}");
    assert_eq!(fs_err::read_dir(&disk).unwrap().count(), 0);
}

#[tokio::test]
async fn a_read_only_disk_is_a_source() {
    let mount = "echo kept > \"$WAYBILL_TEST_DISK/x\" && mount --bind -o ro \"$WAYBILL_TEST_DISK\" \"$WAYBILL_TEST_DISK\" \
                 && mount -o remount,bind,ro \"$WAYBILL_TEST_DISK\"";
    let Some(disk) = on_a_disk("disk::a_read_only_disk_is_a_source", mount) else { return };
    let connector = connect(&disk);
    assert_eq!(read(connector.as_ref(), "x").await.unwrap(), b"kept\n");
    assert_eq!(write(connector.as_ref(), "y", b"", false).await.unwrap_err().kind, FailureKind::Denied);
    let deleted = connector.delete().unwrap().delete(&RemotePath::new("x")).await;
    assert_eq!(deleted.unwrap_err().kind, FailureKind::Denied);
    let report = connector.self_test().unwrap().run(&mut |_| ()).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    assert_eq!(report.steps.last().unwrap().outcome, StepOutcome::Noted, "it can only be a source");
}

#[tokio::test]
async fn a_file_moves_between_disks_with_its_bytes_time_and_refusals() {
    let mount = "mkdir \"$WAYBILL_TEST_DISK/other\" && mount -t tmpfs -o size=4m none \"$WAYBILL_TEST_DISK/other\"";
    let test = "disk::a_file_moves_between_disks_with_its_bytes_time_and_refusals";
    let Some(disk) = on_a_disk(test, mount) else { return };
    let connector = connect(&disk);
    let (from, to) = (RemotePath::new("x"), RemotePath::new("other/deep/x"));
    let rename = connector.rename().unwrap();
    for replace in [false, true] {
        fs_err::write(format!("{disk}/x"), vec![7; 1_500_000]).unwrap();
        let before = super::stat(connector.as_ref(), "x").await.unwrap().modified;
        rename.rename(&from, &to, replace).await.unwrap();
        assert_eq!(read(connector.as_ref(), to.as_str()).await.unwrap(), vec![7; 1_500_000]);
        assert_eq!(super::stat(connector.as_ref(), to.as_str()).await.unwrap().modified, before);
        assert_eq!(super::stat(connector.as_ref(), "x").await, None);
    }
    fs_err::write(format!("{disk}/x"), "new").unwrap();
    let refused = rename.rename(&from, &to, false).await;
    assert_eq!(refused.unwrap_err().kind, FailureKind::AlreadyExists);
    assert_eq!(read(connector.as_ref(), "x").await.unwrap(), b"new");
}

#[tokio::test]
async fn a_part_that_finds_no_room_leaves_those_before_it() {
    let mount = "mount -t tmpfs -o size=1m none \"$WAYBILL_TEST_DISK\"";
    let Some(disk) = on_a_disk("disk::a_part_that_finds_no_room_leaves_those_before_it", mount) else { return };
    let connector = connect(&disk);
    let upload = connector.resumable_upload().unwrap();
    let size = 600 * 1024;
    let options = WriteOptions { size, ..WriteOptions::default() };
    let session = upload.begin(&RemotePath::new("x"), options.clone()).await.unwrap();
    let bytes = Bytes::from(vec![7; 600 * 1024]);
    let part = Part {
        number: 1,
        offset: 0,
        hash: PartHash::default(),
        prefix_sha256: Sha256::of(&bytes),
        bytes: bytes.clone(),
    };
    let receipt = upload.put_part(&session, part).await.unwrap();
    let error = write(connector.as_ref(), "y", &LARGE, false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::QuotaExceeded);
    assert_eq!(upload.held(&session, std::slice::from_ref(&receipt)).await.unwrap(), [1]);
    upload.finish(&session, &[receipt], options).await.unwrap();
    assert_eq!(read(connector.as_ref(), "x").await.unwrap(), bytes);
}

#[tokio::test]
async fn a_folder_without_the_right_to_write_is_denied() {
    // The kernel's own tree refuses everybody, the administrator included.
    let connector = connect("/sys");
    assert!(connector.check().await.is_ok());
    let error = write(connector.as_ref(), "x", b"", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied, "{error}");
}

#[tokio::test]
async fn a_source_that_stalls_does_not_hide_a_full_disk() {
    let mount = "mount -t tmpfs -o size=1m none \"$WAYBILL_TEST_DISK\"";
    let Some(disk) = on_a_disk("disk::a_source_that_stalls_does_not_hide_a_full_disk", mount) else { return };
    let connector = connect(&disk);
    let pieces = stream::iter(vec![Bytes::from(vec![7; 1 << 20]); 8]).map(Ok).chain(stream::pending());
    let options = WriteOptions { size: 64 << 20, ..WriteOptions::default() };
    let error = connector.write().unwrap().write(&RemotePath::new("x"), pieces.boxed(), options).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::QuotaExceeded);
}
