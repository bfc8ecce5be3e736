use camino::Utf8PathBuf;
use waybill_standins::s3::{BucketOptions, Options, S3Standin};

use crate::desk::{Desk, MIB, bytes, stream, three_buckets, verdict};

fn options(dir: &tempfile::TempDir) -> Options {
    let dir = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
    Options { dir: Some(dir), buckets: three_buckets(), ..Options::default() }
}

/// All files below a folder.
fn files(dir: &std::path::Path) -> usize {
    fs_err::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| if entry.file_type().unwrap().is_dir() { files(&entry.path()) } else { 1 })
        .sum()
}

#[tokio::test]
async fn everything_is_found_again_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let desk = Desk::start_with(options(&dir)).await;
    desk.put("plain", "k", b"old").await;
    desk.put("plain", "k", b"new").await;
    desk.put("versioned", "k", b"1").await;
    desk.put("versioned", "k", b"2").await;
    desk.client.delete_object().bucket("versioned").key("k").send().await.unwrap();
    let create = desk.client.create_multipart_upload().bucket("plain").key("m").send().await.unwrap();
    let id = create.upload_id().unwrap();
    let put = desk.client.upload_part().bucket("plain").key("m").upload_id(id).part_number(1);
    put.body(stream(&bytes(MIB))).send().await.unwrap();
    desk.standin.stop().await;

    let desk = Desk::start_with(options(&dir)).await;
    assert_eq!(desk.get("plain", "k").await, b"new");
    let list = desk.client.list_object_versions().bucket("versioned").send().await.unwrap();
    assert_eq!((list.versions().len(), list.delete_markers().len()), (2, 1));
    let parts = desk.client.list_parts().bucket("plain").key("m").upload_id(id).send().await.unwrap();
    assert_eq!(parts.parts()[0].size(), Some(1024 * 1024));
}

#[tokio::test]
async fn what_a_crash_leaves_over_is_cleared_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let desk = Desk::start_with(options(&dir)).await;
    desk.put("plain", "k", b"x").await;
    desk.standin.stop().await;
    let before = files(dir.path());
    let lost = dir.path().join("blobs").join("00");
    fs_err::create_dir_all(&lost).unwrap();
    fs_err::write(lost.join("half-written"), b"half").unwrap();
    fs_err::write(dir.path().join("unfinished").join("record"), b"{").unwrap();
    let desk = Desk::start_with(options(&dir)).await;
    assert_eq!(files(dir.path()), before);
    assert_eq!(desk.get("plain", "k").await, b"x");
}

#[tokio::test]
async fn replaced_and_deleted_bytes_leave_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let desk = Desk::start_with(options(&dir)).await;
    let empty = files(dir.path());
    desk.put("plain", "k", b"1").await;
    desk.put("plain", "k", b"2").await;
    assert_eq!(files(dir.path()), empty + 2, "one record and one blob");
    desk.client.delete_object().bucket("plain").key("k").send().await.unwrap();
    assert_eq!(files(dir.path()), empty);
}

#[tokio::test]
async fn a_download_goes_on_while_its_object_is_replaced() {
    let desk = Desk::start().await;
    let old = bytes(20 * MIB);
    desk.put("plain", "k", &old).await;
    let get = desk.client.get_object().bucket("plain").key("k").send().await.unwrap();
    desk.put("plain", "k", b"new").await;
    desk.client.delete_object().bucket("plain").key("k").send().await.unwrap();
    assert!(get.body.collect().await.unwrap().to_vec() == old);
}

#[tokio::test]
async fn a_folder_serves_one_server_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let first = S3Standin::start(options(&dir)).await.unwrap();
    let second = S3Standin::start(options(&dir)).await;
    assert!(second.unwrap_err().to_string().contains("open in another server"));
    drop(first);
    S3Standin::start(options(&dir)).await.unwrap();
}

#[tokio::test]
async fn a_bucket_with_a_bad_name_stops_the_start() {
    let options = Options { buckets: vec![BucketOptions::plain("Bad_Name")], ..Options::default() };
    assert!(S3Standin::start(options).await.unwrap_err().to_string().contains("Bad_Name"));
}

#[tokio::test]
async fn a_stopped_server_answers_no_more() {
    let desk = Desk::start().await;
    desk.standin.stop().await;
    assert_eq!(verdict(&desk.client.list_buckets().send().await), "0 -");
}
