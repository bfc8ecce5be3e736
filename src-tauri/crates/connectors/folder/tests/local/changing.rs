//! Sources that change while they are read.

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use rstest::rstest;
use waybill_connector::{ByteStream, ReadOptions, Result};
use waybill_model::{FailureKind, RemotePath, Stamp};

use super::{Local, read, stat};

/// More than is read ahead, so that the end of the file is not read yet.
const SIZE: usize = 16 << 20;

async fn begin(local: &Local) -> ByteStream {
    local.put("x", &vec![7; SIZE]);
    let read = local.connector.read().unwrap();
    let mut stream = read.read(&RemotePath::new("x"), ReadOptions::default()).await.unwrap();
    let first = stream.next().await.unwrap().unwrap();
    assert!(first.len() < SIZE);
    stream
}

async fn rest(stream: ByteStream) -> Result<usize> {
    let pieces: Vec<Bytes> = stream.try_collect().await?;
    Ok(pieces.iter().map(Bytes::len).sum())
}

#[rstest]
#[case::grows(SIZE as u64 + 1)]
#[case::shrinks(SIZE as u64 - 1)]
#[case::is_emptied(0)]
#[tokio::test]
async fn a_file_that_changes_its_size_while_it_is_read_is_changed(#[case] size: u64) {
    let local = Local::new();
    let stream = begin(&local).await;
    fs_err::OpenOptions::new().write(true).open(local.native("x")).unwrap().set_len(size).unwrap();
    assert_eq!(rest(stream).await.unwrap_err().kind, FailureKind::Changed);
}

#[tokio::test]
async fn a_file_that_is_written_to_in_place_while_it_is_read_is_changed() {
    use std::io::Write as _;
    let local = Local::new();
    let stream = begin(&local).await;
    let mut file = fs_err::OpenOptions::new().write(true).open(local.native("x")).unwrap();
    file.write_all(b"other").unwrap();
    // A clock tick of the file system may be as long as a few milliseconds; a set time says the same at once.
    file.file().set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(rest(stream).await.unwrap_err().kind, FailureKind::Changed);
}

#[tokio::test]
async fn a_file_that_is_replaced_or_removed_while_it_is_read_is_read_as_it_was() {
    for remove in [false, true] {
        let local = Local::new();
        let stream = begin(&local).await;
        if remove {
            fs_err::remove_file(local.native("x")).unwrap();
        } else {
            local.put("y", b"new");
            fs_err::rename(local.native("y"), local.native("x")).unwrap();
        }
        assert_eq!(rest(stream).await.unwrap(), SIZE - 512 * 1024, "the file that was opened has all its bytes");
    }
}

#[tokio::test]
async fn a_file_of_another_time_is_changed_though_its_size_is_the_same() {
    let local = Local::new();
    local.put("x", b"one");
    let stamp = stat(local.connector.as_ref(), "x").await.unwrap().stamp();
    let file = fs_err::OpenOptions::new().write(true).open(local.native("x")).unwrap();
    file.file().set_modified(std::time::UNIX_EPOCH).unwrap();
    let options = ReadOptions { range: None, stamp: Some(stamp) };
    let result = local.connector.read().unwrap().read(&RemotePath::new("x"), options).await;
    assert_eq!(result.map(drop).unwrap_err().kind, FailureKind::Changed);
    let no_time = Stamp { size: 3, ..Stamp::default() };
    let options = ReadOptions { range: None, stamp: Some(no_time) };
    assert!(local.connector.read().unwrap().read(&RemotePath::new("x"), options).await.is_ok());
}

#[tokio::test]
async fn a_file_below_a_file_is_not_found() {
    let local = Local::new();
    local.put("x", b"a file");
    assert_eq!(read(local.connector.as_ref(), "x/y").await.unwrap_err().kind, FailureKind::NotFound);
    assert_eq!(stat(local.connector.as_ref(), "x/y").await, None);
    let written = super::write(local.connector.as_ref(), "x/y", b"", false).await.unwrap_err();
    assert_eq!(written.kind, FailureKind::Invalid, "{written}");
}
