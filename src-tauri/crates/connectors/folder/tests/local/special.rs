//! Things that are no files, and names that are no text.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _, os::unix::net::UnixListener};

use rstest::rstest;
use waybill_connector::EntryKind;
use waybill_model::{FailureKind, RemotePath};

use super::{Local, entries, read, stat, write};

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_fifo_and_a_socket_are_shown_and_refused_at_once() {
    let local = Local::new();
    rustix::fs::mkfifoat(rustix::fs::CWD, local.native("fifo"), rustix::fs::Mode::RUSR).unwrap();
    let _listener = UnixListener::bind(local.native("socket")).unwrap();
    let connector = local.connector.as_ref();
    let kinds: Vec<_> = entries(connector, "/").await.into_iter().map(|entry| (entry.name, entry.kind)).collect();
    assert_eq!(kinds, [("fifo".to_owned(), EntryKind::Other), ("socket".to_owned(), EntryKind::Other)]);
    for (name, word) in [("fifo", "FIFO"), ("socket", "socket")] {
        let error = read(connector, name).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[tokio::test]
async fn a_device_is_not_read() {
    let computer = waybill_connector_folder::this_computer();
    for device in ["/dev/zero", "/dev/null"] {
        let error = read(computer.as_ref(), device).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid, "{error}");
        assert_eq!(stat(computer.as_ref(), device).await.unwrap().kind, EntryKind::Other);
    }
}

#[tokio::test]
async fn a_name_that_is_no_text_is_shown_and_never_touched_by_its_likeness() {
    let local = Local::new();
    let name = OsStr::from_bytes(b"caf\xe9.txt");
    fs_err::write(local.native("").join(name), "latin").unwrap();
    local.put("plain", b"");
    let connector = local.connector.as_ref();
    let listed = entries(connector, "/").await;
    let shown: Vec<_> = listed.iter().map(|entry| (entry.name.as_str(), entry.addressable, entry.size)).collect();
    assert_eq!(shown, [("caf\u{fffd}.txt", false, 5), ("plain", true, 0)]);
    assert_eq!(read(connector, listed[0].path.as_str()).await.unwrap_err().kind, FailureKind::NotFound);
    connector.delete().unwrap().delete(&listed[0].path).await.unwrap();
    assert!(local.native("").join(name).exists(), "a likeness removed the file");
}

#[tokio::test]
async fn paging_goes_on_behind_a_name_that_is_no_text() {
    let local = Local::new();
    for name in [b"a".as_slice(), b"b\xff", b"b\xfe", b"c"] {
        fs_err::write(local.native("").join(OsStr::from_bytes(name)), "").unwrap();
    }
    let list = local.connector.list().unwrap();
    let (mut count, mut cursor) = (0, None);
    loop {
        let page = list.list(&RemotePath::root(), waybill_connector::PageRequest { cursor, limit: 1 }).await.unwrap();
        count += page.entries.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(count, 4);
}

#[rstest]
#[case("/../secret")]
#[case("/a/../../secret")]
#[case("/a/./x")]
#[case("/a//x")]
#[case("/a\0b")]
#[tokio::test]
async fn paths_that_mean_another_place_are_refused(#[case] path: &str) {
    let local = Local::new();
    local.put("a/x", b"x");
    fs_err::write(local.dir.path().join("secret"), "outside").unwrap();
    let connector = local.connector.as_ref();
    assert_eq!(read(connector, path).await.unwrap_err().kind, FailureKind::Invalid);
    assert_eq!(write(connector, path, b"x", true).await.unwrap_err().kind, FailureKind::Invalid);
}

#[cfg(not(feature = "portable"))]
#[tokio::test]
async fn a_path_longer_than_one_system_call_takes_is_reached() {
    let local = Local::new();
    let folder = vec!["n".repeat(200); 30].join("/");
    let path = format!("/{folder}/x");
    assert!(path.len() > 6000, "longer than the 4,096 of one call");
    let connector = local.connector.as_ref();
    write(connector, &path, b"deep", false).await.unwrap();
    assert_eq!(read(connector, &path).await.unwrap(), b"deep");
    assert_eq!(entries(connector, &folder).await[0].path.as_str(), path);
    connector.delete().unwrap().delete(&RemotePath::new(&path)).await.unwrap();
    assert_eq!(stat(connector, &path).await, None);
}

#[tokio::test]
async fn this_computer_is_the_whole_file_system() {
    let local = Local::new();
    local.put("x", b"here");
    let computer = waybill_connector_folder::this_computer();
    let path = local.native("x").to_str().unwrap().to_owned();
    assert_eq!(read(computer.as_ref(), &path).await.unwrap(), b"here");
    std::os::unix::fs::symlink(local.native("x"), local.native("link")).unwrap();
    let link = local.native("link").to_str().unwrap().to_owned();
    assert_eq!(read(computer.as_ref(), &link).await.unwrap(), b"here");
    assert!(entries(computer.as_ref(), "/").await.iter().any(|entry| entry.path.as_str() == "/tmp"));
}

#[cfg(not(feature = "portable"))]
#[tokio::test]
async fn times_and_modes_are_kept_where_asked() {
    use std::os::unix::fs::PermissionsExt as _;

    use waybill_model::Millis;
    let local = Local::new();
    let options = waybill_connector::WriteOptions {
        size: 1,
        modified: Some(Millis(1_234_567_890_123)),
        mode: Some(0o4640),
        ..waybill_connector::WriteOptions::default()
    };
    let body = waybill_connector::body_of(bytes::Bytes::from_static(b"x"));
    let connector = local.connector.as_ref();
    connector.write().unwrap().write(&RemotePath::new("x"), body, options).await.unwrap();
    let entry = stat(connector, "x").await.unwrap();
    assert_eq!(entry.modified, Some(Millis(1_234_567_890_123)));
    assert_eq!(entry.mode, Some(0o640), "the bit that runs as somebody else is not kept");
    write(connector, "x", b"new", true).await.unwrap();
    assert_eq!(stat(connector, "x").await.unwrap().mode, Some(0o640), "a file that is replaced keeps its mode");
    assert_eq!(fs_err::metadata(local.native("x")).unwrap().permissions().mode() & 0o7777, 0o640);
}
