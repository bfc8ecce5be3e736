//! What servers forbid, limit or do in their own way.

use std::time::Duration;

use russh::Disconnect;
use russh_sftp::protocol::{FileAttributes, OpenFlags, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use waybill_standins::sftp::Quirks;

use crate::client::{Raw, code, connected, contains, pattern, session, started, string};

#[tokio::test]
async fn a_drop_box_takes_files_and_shows_nothing() {
    let standin = started(Quirks { write_only: true, ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/in.bin", b"in").await.unwrap();
    let denied = [
        code(&session.get("/in.bin").await),
        code(&session.stat("/in.bin").await),
        code(&session.lstat("/in.bin").await),
        code(&session.opendir("/").await),
        code(&session.rename("/in.bin", "/x").await),
        session.posix_rename("/in.bin", "/x").await,
    ];
    assert_eq!(denied, [StatusCode::PermissionDenied; 6]);
    assert_eq!(fs_err::read(standin.root().join("in.bin")).unwrap(), b"in");
}

#[tokio::test]
async fn what_a_server_forbids_is_denied() {
    let quirks = Quirks {
        forbid_rename: true,
        forbid_names: Some("*.part".into()),
        no_setstat: true,
        no_extensions: true,
        ..Quirks::default()
    };
    let standin = started(quirks).await;
    let session = session(&standin).await;
    assert_eq!(session.extensions.len(), 0, "nothing is offered");
    session.put("/file", b"x").await.unwrap();
    assert_eq!(code(&session.put("/file.part", b"x").await), StatusCode::PermissionDenied);
    assert_eq!(code(&session.rename("/file", "/other").await), StatusCode::PermissionDenied);
    assert_eq!(session.posix_rename("/file", "/other").await, StatusCode::OpUnsupported);
    assert_eq!(code(&session.setstat("/file", FileAttributes::empty()).await), StatusCode::OpUnsupported);
}

#[tokio::test]
async fn a_server_whose_plain_rename_replaces_says_nothing_about_it() {
    let standin = started(Quirks { plain_rename_overwrites: true, posix_rename: false, ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/old", b"old").await.unwrap();
    session.put("/new", b"new").await.unwrap();
    assert_eq!(session.posix_rename("/new", "/old").await, StatusCode::OpUnsupported);
    session.rename("/new", "/old").await.unwrap();
    assert_eq!(session.get("/old").await.unwrap(), b"new");
}

#[tokio::test]
async fn a_file_is_taken_away_the_moment_it_is_closed() {
    let standin = started(Quirks { takes_closed_files: true, ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/in.bin", b"one").await.unwrap();
    session.put("/in.bin", b"two").await.unwrap();
    assert_eq!(code(&session.stat("/in.bin").await), StatusCode::NoSuchFile);
    let taken = |name: &str| fs_err::read(standin.processed().join(name)).unwrap();
    assert_eq!((taken("in.bin"), taken("in.bin.2")), (b"one".to_vec(), b"two".to_vec()));
}

#[tokio::test]
async fn no_more_than_the_quota_fits() {
    let standin = started(Quirks { quota: Some(100_000), ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/a", &pattern(60_000)).await.unwrap();
    session.put("/a", &pattern(60_000)).await.unwrap();
    let refused = session.put("/b", &pattern(60_000)).await;
    assert_eq!(code(&refused), StatusCode::Failure);
    assert!(refused.unwrap_err().to_string().contains("quota"), "the words say why");
    session.remove("/a").await.unwrap();
    session.put("/c", &pattern(60_000)).await.unwrap();
}

#[tokio::test]
async fn a_server_of_one_session_refuses_the_second() {
    let standin = started(Quirks { max_sessions: Some(1), ..Quirks::default() }).await;
    let first = session(&standin).await;
    assert!(first.ssh.channel_open_session().await.is_err(), "a second channel");
    assert!(connected(&standin).await.is_err(), "a second connection");
    first.put("/still", b"works").await.unwrap();
    first.ssh.disconnect(Disconnect::ByApplication, "", "").await.unwrap();
    drop(first);
    session(&standin).await.put("/next", b"works").await.unwrap();
}

#[tokio::test]
async fn a_server_of_small_packets_ends_the_session_of_a_long_one() {
    let standin = started(Quirks { small_packets: true, limits: false, ..Quirks::default() }).await;
    let session = session(&standin).await;
    assert!(!session.extensions.contains_key("limits@openssh.com"));
    fs_err::write(standin.root().join("big"), pattern(100_000)).unwrap();
    let handle = session.open_as("/big", OpenFlags::READ).await.unwrap();
    assert_eq!(session.read(handle, 0, 100_000).await.unwrap().data.len(), 32_768, "a read is answered with less");
    let handle = session.open_as("/w", OpenFlags::WRITE | OpenFlags::CREATE).await.unwrap();
    session.write(handle.clone(), 0, pattern(32_768)).await.unwrap();
    assert!(session.write(handle, 0, pattern(40_000)).await.is_err());
}

#[tokio::test]
async fn whoever_says_nothing_for_long_is_cut_off() {
    let quirks = Quirks { idle_disconnect: Some(Duration::from_millis(200)), ..Quirks::default() };
    let standin = started(quirks).await;
    let session = session(&standin).await;
    session.put("/before", b"x").await.unwrap();
    while !session.ssh.is_closed() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(session.stat("/before").await.is_err());
}

#[tokio::test]
async fn a_name_that_is_not_utf_8_is_told_byte_by_byte() {
    use std::os::unix::ffi::OsStrExt as _;
    let standin = started(Quirks::default()).await;
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs_err::write(standin.root().as_std_path().join(name), b"bytes").unwrap();
    let mut raw = Raw::open(&standin).await;
    let listed = raw.list_root().await;
    assert!(contains(&listed, b"caf\xe9"), "{listed:?}");
}

#[tokio::test]
async fn a_server_that_speaks_latin_1_shows_and_takes_such_names() {
    let standin = started(Quirks { latin1_names: true, ..Quirks::default() }).await;
    fs_err::write(standin.root().join("café"), b"bytes").unwrap();
    let mut raw = Raw::open(&standin).await;
    assert!(contains(&raw.list_root().await, b"caf\xe9"));
    let found = raw.ask(17, &string(b"/caf\xe9")).await;
    assert_eq!(found[0], 105, "SSH_FXP_ATTRS");
}

#[tokio::test]
async fn packets_that_are_none_end_the_session_and_not_the_server() {
    let standin = started(Quirks::default()).await;
    for packet in [vec![0, 0, 0, 1, 3], vec![0xff, 0xff, 0xff, 0xff, 1], vec![0, 0, 0, 5, 17, 0, 0, 0, 1]] {
        let mut raw = Raw::open(&standin).await;
        raw.stream.write_all(&packet).await.unwrap();
        let mut rest = Vec::new();
        raw.stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"", "{packet:?}");
    }
    session(&standin).await.put("/still", b"works").await.unwrap();
}
