//! Failures on demand, and the journal of what was asked.

use std::time::Duration;

use russh_sftp::protocol::StatusCode;
use waybill_standins::faults::{Fault, Rule};
use waybill_standins::sftp::Quirks;

use crate::client::{code, pattern, session, started};

#[tokio::test]
async fn requests_fail_as_often_as_they_are_told_to() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let refuse = |status| Rule::new(Fault::refuse(status));
    standin.faults().inject(refuse(4).operation("SSH_FXP_WRITE").times(2));
    standin.faults().inject(refuse(3).operation("SSH_FXP_OPEN").path("secret"));
    assert_eq!(code(&session.put("/a", b"x").await), StatusCode::Failure);
    assert_eq!(code(&session.put("/a", b"x").await), StatusCode::Failure);
    session.put("/a", b"x").await.unwrap();
    assert_eq!(code(&session.put("/secret", b"x").await), StatusCode::PermissionDenied);
    session.put("/secret", b"x").await.unwrap();
}

#[tokio::test]
async fn bytes_and_sizes_are_wrong_when_they_are_to_be() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let bytes = pattern(1000);
    standin.faults().inject(Rule::new(Fault::CorruptStored(7)).operation("SSH_FXP_WRITE"));
    session.put("/stored", &bytes).await.unwrap();
    let mut expected = bytes.clone();
    expected[7] = !expected[7];
    assert_eq!(fs_err::read(standin.root().join("stored")).unwrap(), expected);

    session.put("/sent", &bytes).await.unwrap();
    standin.faults().inject(Rule::new(Fault::CorruptResponse(7)).operation("SSH_FXP_READ"));
    assert_eq!(session.get("/sent").await.unwrap(), expected);
    standin.faults().inject(Rule::new(Fault::WrongLength(-1)).operation("SSH_FXP_STAT"));
    assert_eq!(session.stat("/sent").await.unwrap().attrs.size, Some(999));
    assert_eq!(session.stat("/sent").await.unwrap().attrs.size, Some(1000));
}

#[tokio::test]
async fn the_connection_breaks_after_so_many_bytes() {
    let standin = started(Quirks::default()).await;
    let first = session(&standin).await;
    standin.faults().inject(Rule::new(Fault::DropRequestAfter(100_000)).operation("SSH_FXP_WRITE"));
    assert!(first.put("/cut", &pattern(200_000)).await.is_err());
    let kept = fs_err::metadata(standin.root().join("cut")).unwrap().len();
    assert_eq!(kept, 98_304, "three packets of 32 KiB came through");

    let second = session(&standin).await;
    second.put("/whole", &pattern(200_000)).await.unwrap();
    standin.faults().inject(Rule::new(Fault::DropAnswer).operation("SSH_FXP_REMOVE"));
    assert!(second.remove("/whole").await.is_err());
    assert!(!standin.root().join("whole").exists(), "it was done all the same");
}

#[tokio::test]
async fn a_server_that_is_held_answers_when_it_is_let_go() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    standin.stall(true);
    let stat = session.stat("/");
    tokio::pin!(stat);
    let waited = tokio::time::timeout(Duration::from_millis(100), &mut stat).await;
    assert!(waited.is_err(), "no answer while it is held");
    standin.stall(false);
    stat.await.unwrap();

    standin.faults().inject(Rule::new(Fault::Hang).operation("SSH_FXP_STAT"));
    let waited = tokio::time::timeout(Duration::from_millis(100), session.stat("/")).await;
    assert!(waited.is_err(), "and none ever to a request that hangs");
    assert!(!session.ssh.is_closed());
}

#[tokio::test]
async fn latency_is_added_to_each_answer_and_not_to_the_one_before_it() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    standin.faults().inject(Rule::new(Fault::Latency(Duration::from_millis(300))).operation("SSH_FXP_STAT").always());
    // Twenty one after another would take six seconds.
    let all = futures::future::join_all((0..20).map(|_| session.stat("/")));
    let answers = tokio::time::timeout(Duration::from_secs(5), all).await.expect("they wait at the same time");
    assert!(answers.iter().all(Result::is_ok));
}

#[tokio::test]
async fn all_connections_can_be_cut_at_once_and_made_again() {
    let standin = started(Quirks::default()).await;
    let (first, second) = (session(&standin).await, session(&standin).await);
    standin.disconnect_all();
    assert!(first.stat("/").await.is_err());
    assert!(second.stat("/").await.is_err());
    session(&standin).await.stat("/").await.unwrap();
}

#[tokio::test]
async fn the_journal_says_what_was_asked_and_answered() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    session.put("/a", b"four").await.unwrap();
    assert_eq!(code(&session.stat("/missing").await), StatusCode::NoSuchFile);
    let seen: Vec<_> = standin
        .journal()
        .into_iter()
        .map(|record| (record.operation, record.path, record.status, record.received))
        .collect();
    let expected = [
        ("userauth", "waybill", Some(0), 0),
        ("SSH_FXP_OPEN", "/a", Some(0), 0),
        ("SSH_FXP_WRITE", "/a", Some(0), 4),
        ("SSH_FXP_CLOSE", "/a", Some(0), 0),
        ("SSH_FXP_STAT", "/missing", Some(2), 0),
    ];
    let expected: Vec<_> =
        expected.map(|(operation, path, status, received)| (operation.into(), path.into(), status, received)).into();
    assert_eq!(seen, expected);
}
