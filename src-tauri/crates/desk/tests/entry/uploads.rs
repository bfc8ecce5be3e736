//! Unfinished uploads: those of others are ended, our own are not.

use waybill_desk::{DeskError, SendRequest, UnfinishedUpload};
use waybill_model::{FailureKind, Location, RemotePath, TransferOptions};
use waybill_standins::faults::{Fault, Rule};

use crate::home::Home;

#[tokio::test]
async fn an_upload_that_the_queue_goes_on_with_is_marked_and_never_ended() {
    let home = Home::resting().await;
    let bucket = home.s3("/").await;
    home.write("big.bin", vec![7; 24 << 20]);
    home.demo.s3.faults().inject(Rule::new(Fault::refuse(503)).operation("CompleteMultipartUpload").always());
    home.desk.try_start_engine().await.unwrap();
    let request = SendRequest {
        sources: vec![home.local("big.bin")],
        to: Location { path: RemotePath::new("/in"), ..bucket.clone() },
        options: TransferOptions::default(),
        origin: waybill_desk::Origin::Command,
        title: String::new(),
    };
    home.desk.send(request).await.unwrap();
    let mut listed = Vec::new();
    for _ in 0..3_000 {
        listed = home.desk.unfinished_uploads(&bucket).await.unwrap();
        if listed.iter().any(|upload| upload.bytes == Some(24 << 20)) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!((listed.len(), listed[0].ours, listed[0].bytes), (1, true, Some(24 << 20)), "{listed:?}");
    let refused = home.desk.abort_unfinished(&bucket, &listed[0].upload).await.unwrap_err();
    assert!(matches!(&refused, DeskError::Connector(error) if error.kind == FailureKind::Locked), "{refused}");
    home.desk.stop_engine().await;
    let stranger = UnfinishedUpload { id: "another-id".to_owned(), ..listed[0].upload.clone() };
    // Nobody's: ending what is not there is no fault.
    home.desk.abort_unfinished(&bucket, &stranger).await.unwrap();
    assert_eq!(home.desk.unfinished_uploads(&bucket).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_crash_left_on_a_disk_is_listed_and_ended() {
    let home = Home::resting().await;
    let folder = home.local("in");
    home.write("in/kept.txt", "kept");
    let listed = home.desk.unfinished_uploads(&folder).await.unwrap();
    assert_eq!(listed, []);
    let kept = UnfinishedUpload {
        path: home.local("in/kept.txt").path,
        id: home.local("in/kept.txt").path.as_str().to_owned(),
        started: None,
    };
    assert!(home.desk.abort_unfinished(&folder, &kept).await.is_err(), "a file is no unfinished upload");
    assert!(home.path("in/kept.txt").exists());
}
