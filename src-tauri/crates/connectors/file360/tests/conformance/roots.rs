//! The account's lists, twins in them, other people's changes, and what an account without rights may do.

use http::Method;
use serde_json::json;
use waybill_connector::{Connector, EntryKind, PageRequest, ReadOptions, conformance::Place as _};
use waybill_model::{FailureKind, RemotePath};
use waybill_net::Payload;
use waybill_standins::file360::{ADMIN, AUDITOR, OPERATOR, Options, REVIEWER};

use crate::{bench::Bench, lost_answers::write};

async fn drain(mut stream: waybill_connector::ByteStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = futures::StreamExt::next(&mut stream).await {
        all.extend_from_slice(&piece.unwrap());
    }
    all
}

async fn names(connector: &dyn Connector, folder: &str) -> Vec<String> {
    let page = connector.list().unwrap().list(&RemotePath::new(folder), PageRequest::default()).await.unwrap();
    page.entries.into_iter().map(|entry| entry.name).collect()
}

async fn kind_of_write(connector: &dyn Connector, path: &str) -> Option<FailureKind> {
    write(connector, path, b"x", false).await.err().map(|error| error.kind)
}

#[tokio::test]
async fn all_roots_are_folders_at_the_top_and_only_ones_own_files_take_more() {
    let bench = Bench::start().await;
    let all = bench.connect_with(&[("root", "all"), ("folder", "")]);
    let roots = ["My Files", "Shared with Me", "Shared by Me", "Net Folders", "Public", "My Teams"];
    assert_eq!(names(all.as_ref(), "/").await, roots);
    assert_eq!(names(all.as_ref(), "/My Teams").await, ["Tender 2026"]);
    assert_eq!(names(all.as_ref(), "/My Teams/Tender 2026/Files").await, ["Tender text.txt"]);
    assert_eq!(names(all.as_ref(), "/Net Folders/Plant share/Hall 4").await, ["Layout.txt"]);
    write(all.as_ref(), "/My Files/Bench/new.txt", b"x", false).await.unwrap();
    write(all.as_ref(), "/Net Folders/Plant share/new.txt", b"x", false).await.unwrap();
    for path in ["/new.txt", "/Shared with Me/new.txt", "/Net Folders/new.txt"] {
        assert_eq!(kind_of_write(all.as_ref(), path).await, Some(FailureKind::Invalid), "{path}");
    }
    let read_only = kind_of_write(all.as_ref(), "/Net Folders/Drawings/new.txt").await;
    assert_eq!(read_only, Some(FailureKind::Denied));
    let test = all.self_test().unwrap().run(&mut |_| {}).await;
    assert!(test.error.is_none(), "{test:?}");
}

#[tokio::test]
async fn twins_are_told_apart_and_a_bare_name_touches_neither() {
    let bench = Bench::start().await;
    let operator = bench.ask(OPERATOR, "/self").await["id"].clone();
    for who in [ADMIN, REVIEWER] {
        let folder = bench.post(who, "/self/my_files/library_folders", json!({ "title": "Invoices" })).await;
        let at = format!("/folders/{}", folder["id"]);
        bench.upload(who, &at, "whose.txt", who.as_bytes()).await;
        let share = json!({ "recipient": { "type": "user", "id": operator }, "access": { "role": "CONTRIBUTOR" } });
        bench.post(who, &format!("{at}/shares"), share).await;
    }
    let shared = bench.connect_with(&[("root", "shared_with_me"), ("folder", "")]);
    let twins: Vec<String> =
        names(shared.as_ref(), "/").await.into_iter().filter(|name| name.starts_with("Inv")).collect();
    assert_eq!(twins.len(), 2);
    let mut whose = Vec::new();
    for twin in &twins {
        assert!(twin.starts_with("Invoices ("), "{twin}");
        let path = RemotePath::new(format!("/{twin}/whose.txt"));
        let bytes = shared.read().unwrap().read(&path, ReadOptions::default()).await.unwrap();
        whose.push(String::from_utf8(drain(bytes).await).unwrap());
    }
    whose.sort();
    assert_eq!(whose, [ADMIN, REVIEWER]);
    let bare = RemotePath::new("/Invoices");
    let error = shared.list().unwrap().list(&bare, PageRequest::default()).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
    assert_eq!(kind_of_write(shared.as_ref(), "/Invoices/x").await, Some(FailureKind::Invalid));
    let twin = RemotePath::new(format!("/{}", twins[0]));
    let refused = shared.delete().unwrap().delete(&twin).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::Invalid, "what somebody shared is not removed for everybody");
}

#[tokio::test]
async fn a_file_with_the_name_of_a_folder_is_listed_apart_on_every_page() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    write(connector.as_ref(), "/Cases", b"a file", false).await.unwrap();
    let at = bench.folder(&RemotePath::root()).await;
    bench.post(OPERATOR, &format!("{at}/library_folders"), json!({ "title": "Cases" })).await;
    for limit in [1, 10] {
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let page =
                connector.list().unwrap().list(&RemotePath::root(), PageRequest { cursor, limit }).await.unwrap();
            found.extend(page.entries);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found.iter().map(|entry| entry.kind).collect::<Vec<_>>(), [EntryKind::Folder, EntryKind::File]);
        assert!(found[0].name == "Cases" && found[1].name.starts_with("Cases ("), "{found:?}");
        let read = connector.read().unwrap().read(&found[1].path, ReadOptions::default()).await;
        assert!(read.is_ok(), "{}", found[1].path);
    }
}

#[tokio::test]
async fn a_folder_that_somebody_replaced_is_found_anew() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    write(connector.as_ref(), "/in/x", b"x", false).await.unwrap();
    let at = bench.folder(&RemotePath::new("/in")).await;
    bench.say(OPERATOR, Method::DELETE, &at, Payload::Nothing).await;
    let above = bench.folder(&RemotePath::root()).await;
    bench.post(OPERATOR, &format!("{above}/library_folders"), json!({ "title": "in" })).await;
    assert_eq!(names(connector.as_ref(), "/in").await, Vec::<String>::new());
    write(connector.as_ref(), "/in/y", b"y", false).await.unwrap();
    assert_eq!(names(connector.as_ref(), "/in").await, ["y"]);
}

#[tokio::test]
async fn an_account_without_rights_looks_and_does_no_more() {
    let bench = Bench::start().await;
    let auditor = bench.connect_with(&[("user", AUDITOR), ("root", "shared_with_me"), ("folder", "")]);
    let case = names(auditor.as_ref(), "/").await.into_iter().find(|name| name.starts_with("Case 4711")).unwrap();
    assert_eq!(kind_of_write(auditor.as_ref(), &format!("/{case}/x")).await, Some(FailureKind::Denied));
    let contract = RemotePath::new(format!("/{case}/Frame contract Dichtwerk.txt"));
    let error = auditor.delete().unwrap().delete(&contract).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied, "{error}");
    let inside = bench.connect_with(&[("user", AUDITOR), ("root", "shared_with_me"), ("folder", &case)]);
    let test = inside.self_test().unwrap().run(&mut |_| {}).await;
    assert!(test.error.is_none() && test.learned.flag("refuses_wrong_md5").is_none(), "{test:?}");
}

#[tokio::test]
async fn times_that_the_server_prints_in_its_own_zone_are_put_right() {
    let bench = Bench::start_with(Options { date_offset_minutes: 120, ..Options::default() }).await;
    let connector = bench.connect_with(&[("zone", "+02:00")]);
    write(connector.as_ref(), "/x", b"x", false).await.unwrap();
    let entry = connector.list().unwrap().stat(&RemotePath::new("/x")).await.unwrap().unwrap();
    let off = entry.modified.unwrap().since(Bench::time()).abs();
    assert!(off < 3_600_000, "{off} ms beside");
}

#[tokio::test]
async fn the_test_finds_what_the_server_offers() {
    let options = Options { file_size_limit: Some(9 << 20), ..Options::default() };
    let bench = Bench::start_with(options).await;
    let report = bench.connector().self_test().unwrap().run(&mut |_| {}).await;
    let codes: Vec<_> = report.steps.iter().map(|step| step.code.as_str()).collect();
    assert_eq!(codes, ["reach-port", "address", "signed-in", "offers", "first-call", "rights", "wrong-checksum"]);
    assert_eq!(report.learned.number("max_file_bytes"), Some(9 << 20));
    assert_eq!(report.learned.flag("refuses_wrong_md5"), Some(true));
    assert!(report.steps[3].detail.contains("OpenText Filr 24.2"), "{}", report.steps[3].detail);
}
