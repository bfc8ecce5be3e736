use http::Method;
use serde_json::json;
use waybill_standins::faults::{Fault, Rule};
use waybill_standins::file360::OPERATOR;

use crate::desk::{Desk, send};

#[tokio::test]
async fn refusals_are_worded_as_the_system_words_them() {
    let desk = Desk::start().await;
    let code = |status: u16, code: &str| Fault::Refuse { status, code: Some(code.to_owned()), retry_after: None };
    let rows = [
        (Fault::refuse(429), "429 SERVER_ERROR"),
        (Fault::refuse(500), "500 SERVER_ERROR"),
        (Fault::refuse(503), "503 MIRRORED_SERVER_DOWN"),
        (Fault::refuse(403), "403 ACCESS_DENIED"),
        (Fault::ErrorInSuccess, "200 SERVER_ERROR"),
        (Fault::ExpiredCredentials, "401 -"),
        (code(409, "ACL_CHANGED"), "409 ACL_CHANGED"),
        (code(409, "CHANGES_PURGED"), "409 CHANGES_PURGED"),
        (code(409, "CHANGES_WINDOW_PASSED"), "409 CHANGES_WINDOW_PASSED"),
        (code(409, "ADHOC_SETTING_CHANGED"), "409 ADHOC_SETTING_CHANGED"),
        (code(403, "FILE_LOCKED"), "403 FILE_LOCKED"),
    ];
    for (fault, wanted) in rows {
        desk.standin.faults().inject(Rule::new(fault).path("library_changes"));
        assert_eq!(desk.get("/self").await.status, 200, "other addresses are not met");
        assert_eq!(desk.get("/self/my_files/library_changes").await.verdict(), wanted);
    }
    desk.standin.faults().inject(Rule::new(Fault::Refuse { status: 429, code: None, retry_after: Some(3) }));
    assert_eq!(desk.get("/self").await.headers["retry-after"], "3");
}

#[tokio::test]
async fn a_byte_that_the_disk_bends_is_seen_by_the_checksum() {
    let desk = Desk::start().await;
    let folder = desk.folder("Bent").await;
    desk.standin.faults().inject(Rule::new(Fault::CorruptStored(1)));
    let (file, _) = desk.file(folder, "b.txt", b"abc").await;
    let told = desk.get(&format!("/files/{file}/metadata")).await;
    assert_eq!(told.text("md5"), "900150983cd24fb0d6963f7d28e17f72", "it is the one of what arrived");
    assert_eq!(desk.get(&format!("/files/{file}")).await.bytes, [b'a', !b'b', b'c']);
}

#[tokio::test]
async fn connections_end_in_the_middle_and_after_the_deed() {
    let desk = Desk::start().await;
    let folder = desk.folder("Cut").await;
    let (file, _) = desk.file(folder, "c.bin", &vec![7; 500_000]).await;
    let faults = desk.standin.faults();
    faults.inject(Rule::new(Fault::DropResponseAfter(1000)));
    let cut = desk.request(OPERATOR, Method::GET, &format!("/files/{file}")).send().await.unwrap();
    assert!(cut.bytes().await.is_err());
    faults.inject(Rule::new(Fault::DropRequestAfter(1000)));
    let path = format!("/folders/{folder}/library_files?file_name=d.bin");
    assert!(desk.request(OPERATOR, Method::POST, &path).body(vec![1; 500_000]).send().await.is_err());
    assert_eq!(
        desk.get(&format!("/folders/{folder}/library_files")).await.total(),
        1,
        "nothing is kept of a half file"
    );
    faults.inject(Rule::new(Fault::DropAnswer));
    assert!(desk.request(OPERATOR, Method::POST, &path).body("done").send().await.is_err());
    assert_eq!(desk.upload(&path, b"done").await.verdict(), "409 FILE_EXISTS", "the first one was done");
}

#[tokio::test]
async fn a_stale_list_and_a_fault_from_another_process() {
    let desk = Desk::start().await;
    let folder = desk.folder("Stale").await;
    let path = format!("/folders/{folder}/library_children");
    assert_eq!(desk.get(&path).await.total(), 0);
    desk.file(folder, "s.txt", b"s").await;
    let fault = json!({ "fault": "stale", "milliseconds": 1, "path": "library_children" });
    let told = send(desk.client.post(format!("{}/sandbox/faults", desk.standin.base_url())).json(&fault)).await;
    assert_eq!(told.status, 204);
    assert_eq!(desk.get(&path).await.total(), 0);
    assert_eq!(desk.get(&path).await.total(), 1);
}
