//! Temporary files: hidden, found again, and not in the way.

use waybill_connector::{StepOutcome, UnfinishedUpload, WriteOptions};
use waybill_model::{FailureKind, RemotePath};

use super::{Local, entries, read, write};

fn of_size(size: u64) -> WriteOptions {
    WriteOptions { size, ..WriteOptions::default() }
}

#[tokio::test]
async fn an_unfinished_upload_is_not_listed_as_a_file() {
    let local = Local::new();
    let upload = local.connector.resumable_upload().unwrap();
    let session = upload.begin(&RemotePath::new("x"), of_size(10)).await.unwrap();
    assert_eq!(entries(local.connector.as_ref(), "/").await, []);
    assert_eq!(fs_err::read_dir(local.native("")).unwrap().count(), 1, "it is there all the same");
    upload.abort(&session).await.unwrap();
    assert_eq!(fs_err::read_dir(local.native("")).unwrap().count(), 0);
}

#[tokio::test]
async fn what_a_crash_left_of_a_long_name_is_found_by_its_beginning() {
    let local = Local::new();
    let upload = local.connector.resumable_upload().unwrap();
    let name = format!("in/{}", "n".repeat(250));
    upload.begin(&RemotePath::new(&name), of_size(10)).await.unwrap();
    let unfinished = local.connector.unfinished_uploads().unwrap();
    let found = unfinished.unfinished(&RemotePath::root()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(format!("/{name}").starts_with(found[0].path.as_str()), "{found:?}");
    assert!(found[0].started.is_some());
    unfinished.abort_unfinished(&found[0]).await.unwrap();
    assert_eq!(fs_err::read_dir(local.native("in")).unwrap().count(), 0);
}

#[tokio::test]
async fn ending_an_unfinished_upload_removes_nothing_else() {
    let local = Local::new();
    local.put("kept", b"kept");
    let upload = UnfinishedUpload { path: RemotePath::new("kept"), id: "/kept".to_owned(), started: None };
    let error = local.connector.unfinished_uploads().unwrap().abort_unfinished(&upload).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    assert_eq!(read(local.connector.as_ref(), "kept").await.unwrap(), b"kept");
}

#[tokio::test]
async fn a_session_that_names_another_file_is_not_followed() {
    let local = Local::new();
    local.put("kept", b"kept");
    let upload = local.connector.resumable_upload().unwrap();
    let mut session = upload.begin(&RemotePath::new("x"), of_size(10)).await.unwrap();
    for staging in ["kept", "../kept", ".x.waybill-part"] {
        session.handle = serde_json::json!({ "staging": staging });
        assert_eq!(upload.held(&session, &[]).await.unwrap_err().kind, FailureKind::NotFound, "{staging}");
        upload.abort(&session).await.unwrap();
    }
    assert_eq!(read(local.connector.as_ref(), "kept").await.unwrap(), b"kept");
}

#[tokio::test]
async fn a_root_that_is_not_there_is_never_made() {
    let local = Local::new();
    let root = local.dir.path().join("not-mounted");
    let connector = super::connect(root.to_str().unwrap());
    let error = write(connector.as_ref(), "a/x", b"x", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unreachable);
    assert!(error.to_string().contains("not-mounted"), "{error}");
    assert_eq!(connector.check().await.unwrap_err().kind, FailureKind::Unreachable);
    assert!(!root.exists());
    let mut told = Vec::new();
    let report =
        connector.self_test().unwrap().run(&mut |step| told.push((step.code.clone(), step.outcome.clone()))).await;
    let found = |outcome| ("folder-found".to_owned(), outcome);
    let told_of = vec![found(StepOutcome::Trying), found(StepOutcome::Failed)];
    assert_eq!((told, report.error.unwrap().kind), (told_of, FailureKind::Unreachable));
}
