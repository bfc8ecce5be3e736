use std::time::Duration;

use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use waybill_standins::faults::{Fault, Rule};

use crate::desk::{Desk, bytes, stream, verdict};

#[tokio::test]
async fn a_refusal_comes_as_often_as_it_was_asked_for_and_changes_nothing() {
    let desk = Desk::start().await;
    let slow = Fault::Refuse { status: 503, code: None, retry_after: Some(7) };
    desk.standin.faults().inject(Rule::new(slow).operation("PutObject").times(2));
    let put = || desk.client.put_object().bucket("plain").key("k").body(stream(b"x")).send();
    let refused = put().await;
    assert_eq!(verdict(&refused), "503 SlowDown");
    assert_eq!(refused.unwrap_err().raw_response().unwrap().headers().get("retry-after"), Some("7"));
    let list = desk.client.list_objects_v2().bucket("plain").send().await.unwrap();
    assert_eq!(list.key_count(), Some(0));
    assert_eq!(verdict(&put().await), "503 SlowDown");
    assert_eq!(verdict(&put().await), "200");
}

#[tokio::test]
async fn statuses_have_the_codes_that_clients_know() {
    let desk = Desk::start().await;
    let rows = [
        (Fault::refuse(500), "500 InternalError"),
        (Fault::refuse(503), "503 SlowDown"),
        (Fault::refuse(429), "429 TooManyRequests"),
        (Fault::ExpiredCredentials, "400 ExpiredToken"),
        (
            Fault::Refuse { status: 403, code: Some("AllAccessDisabled".to_owned()), retry_after: None },
            "403 AllAccessDisabled",
        ),
    ];
    for (fault, wanted) in rows {
        desk.standin.faults().inject(Rule::new(fault));
        assert_eq!(verdict(&desk.client.list_buckets().send().await), wanted);
    }
}

#[tokio::test]
async fn a_connection_ends_in_the_middle_of_an_upload_and_nothing_is_kept() {
    let desk = Desk::start().await;
    desk.standin.faults().inject(Rule::new(Fault::DropRequestAfter(100_000)));
    let put = desk.client.put_object().bucket("plain").key("k").body(stream(&bytes(2_000_000))).send().await;
    assert_eq!(verdict(&put), "0 -", "there is no answer");
    assert_eq!(verdict(&desk.client.head_object().bucket("plain").key("k").send().await), "404 NotFound");
}

#[tokio::test]
async fn a_connection_ends_in_the_middle_of_a_download() {
    let desk = Desk::start().await;
    desk.put("plain", "k", &bytes(2_000_000)).await;
    desk.standin.faults().inject(Rule::new(Fault::DropResponseAfter(100_000)).operation("GetObject"));
    let get = desk.client.get_object().bucket("plain").key("k").send().await.unwrap();
    assert_eq!(get.content_length(), Some(2_000_000));
    assert!(get.body.collect().await.is_err());
    let seen = desk.standin.faults().journal();
    assert_eq!(seen.last().unwrap().sent, 100_000);
}

#[tokio::test]
async fn an_answer_is_lost_after_the_deed() {
    let desk = Desk::start().await;
    desk.standin.faults().inject(Rule::new(Fault::DropAnswer).operation("PutObject"));
    let put = desk.client.put_object().bucket("plain").key("k").body(stream(b"x")).send().await;
    assert_eq!(verdict(&put), "0 -");
    assert_eq!(desk.get("plain", "k").await, b"x");
}

#[tokio::test]
async fn a_server_that_hangs_can_still_be_stopped() {
    let desk = Desk::start().await;
    desk.standin.faults().inject(Rule::new(Fault::Hang));
    let asking = tokio::spawn(desk.client.list_buckets().send());
    while desk.standin.faults().journal().is_empty() {
        tokio::task::yield_now().await;
    }
    desk.standin.stop().await;
    assert_eq!(verdict(&asking.await.unwrap()), "0 -");
}

#[tokio::test]
async fn a_byte_is_bent_on_the_way_or_on_the_disk() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"hello").await;
    desk.standin.faults().inject(Rule::new(Fault::CorruptResponse(1)));
    assert_eq!(desk.get("plain", "k").await, [b'h', !b'e', b'l', b'l', b'o']);
    assert_eq!(desk.get("plain", "k").await, b"hello");

    desk.client.copy_object().bucket("plain").key("copy").copy_source("plain/k").send().await.unwrap();
    desk.standin.corrupt_stored("plain", "k", 4).unwrap();
    assert_eq!(desk.get("plain", "k").await, [b'h', b'e', b'l', b'l', !b'o']);
    assert_eq!(desk.get("plain", "copy").await, b"hello", "a copy is not harmed");

    desk.standin.faults().inject(Rule::new(Fault::CorruptStored(0)).operation("PutObject"));
    desk.put("plain", "k", b"hello").await;
    assert_eq!(desk.get("plain", "k").await[0], !b'h');
}

#[tokio::test]
async fn a_length_is_announced_wrong() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"hello").await;
    for by in [-2, 2] {
        desk.standin.faults().inject(Rule::new(Fault::WrongLength(by)).operation("HeadObject"));
        let head = desk.client.head_object().bucket("plain").key("k").send().await.unwrap();
        assert_eq!(head.content_length(), Some(5 + by));
    }
    desk.standin.faults().inject(Rule::new(Fault::WrongLength(2)).operation("GetObject"));
    let get = desk.client.get_object().bucket("plain").key("k").send().await.unwrap();
    assert!(get.body.collect().await.is_err(), "two bytes are missing");
}

#[tokio::test]
async fn a_completion_fails_behind_a_good_status() {
    let desk = Desk::start().await;
    let create = desk.client.create_multipart_upload().bucket("plain").key("k").send().await.unwrap();
    let id = create.upload_id().unwrap();
    let put = desk.client.upload_part().bucket("plain").key("k").upload_id(id).part_number(1).body(stream(b"x"));
    let part = CompletedPart::builder().part_number(1).e_tag(put.send().await.unwrap().e_tag().unwrap()).build();
    let parts = CompletedMultipartUpload::builder().parts(part).build();
    let complete = || {
        let complete = desk.client.complete_multipart_upload().bucket("plain").key("k").upload_id(id);
        complete.multipart_upload(parts.clone()).send()
    };
    desk.standin.faults().inject(Rule::new(Fault::ErrorInSuccess).operation("CompleteMultipartUpload"));
    assert_eq!(verdict(&complete().await), "200 InternalError");
    assert_eq!(verdict(&complete().await), "200", "the upload is still there");
}

#[tokio::test]
async fn a_stale_answer_does_not_know_the_latest_write() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"x").await;
    let stale = Fault::Stale(Duration::from_mins(1));
    desk.standin.faults().inject(Rule::new(stale.clone()).times(3));
    assert_eq!(verdict(&desk.client.head_object().bucket("plain").key("k").send().await), "404 NotFound");
    assert_eq!(verdict(&desk.client.get_object().bucket("plain").key("k").send().await), "404 NoSuchKey");
    let list = || desk.client.list_objects_v2().bucket("plain").send();
    assert_eq!(list().await.unwrap().key_count(), Some(0));
    assert_eq!(list().await.unwrap().key_count(), Some(1));
}

#[tokio::test]
async fn the_journal_tells_what_was_asked_and_answered() {
    let desk = Desk::start().await;
    desk.put("plain", "a b", b"hello").await;
    desk.get("plain", "a b").await;
    assert_eq!(verdict(&desk.client.head_object().bucket("plain").key("no").send().await), "404 NotFound");
    let seen: Vec<_> = desk
        .standin
        .faults()
        .journal()
        .into_iter()
        .map(|record| (record.operation, record.path, record.status, record.received, record.sent))
        .collect();
    let row = |operation: &str, path: &str, status, received, sent| {
        (operation.to_owned(), path.to_owned(), Some(status), received, sent)
    };
    assert_eq!(
        seen,
        [
            row("PutObject", "/plain/a b", 200, 5, 0),
            row("GetObject", "/plain/a b", 200, 0, 5),
            row("HeadObject", "/plain/no", 404, 0, 0),
        ]
    );
}
