//! What goes wrong on a content server, one bad day a test: nothing is made twice, nothing half made stays unnoticed.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
#![expect(clippy::result_large_err, reason = "the contract's own error")]

mod bench;

use std::collections::BTreeMap;

use bench::{Bench, around};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use rstest::rstest;
use waybill_connector::{
    ByteStream, Connector as _, Grantee, NewWorkspace, PageRequest, ReadOptions, Right, StepOutcome, WRONG_FIELD,
    WriteOptions, body_of,
};
use waybill_connector_xecm::XecmConnector;
use waybill_model::{AttributeValue, FailureKind, FilledForm, Proof, RemotePath, Retry};
use waybill_net::{
    Http, HttpOptions, Inspector,
    oauth::{CodeRequest, Redirect},
};
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    xecm::{ADMIN, CLERK, DEMO_PASSWORD, Options, PUBLIC_CLIENT, SERVICE_CLIENT, SERVICE_SECRET},
};

fn path(text: &str) -> RemotePath {
    RemotePath::new(text)
}

fn options(size: usize) -> WriteOptions {
    WriteOptions { size: size as u64, ..WriteOptions::default() }
}

async fn store(connector: &XecmConnector, at: &str, bytes: &[u8]) -> waybill_connector::Result<waybill_model::Receipt> {
    let write = connector.write().unwrap();
    write.write(&path(at), body_of(bytes.to_vec().into()), options(bytes.len())).await
}

async fn bytes_at(connector: &XecmConnector, at: &str) -> Vec<u8> {
    let stream = connector.read().unwrap().read(&path(at), ReadOptions::default()).await.unwrap();
    let pieces: Vec<bytes::Bytes> = stream.try_collect().await.unwrap();
    pieces.concat()
}

async fn names_in(connector: &XecmConnector, folder: &str) -> Vec<String> {
    let page = connector.list().unwrap().list(&path(folder), PageRequest::default()).await.unwrap();
    page.entries.into_iter().map(|entry| entry.name).collect()
}

/// What is kept after a person has signed in by the browser.
async fn signed_in_by_browser(bench: &Bench) -> String {
    use secrecy::ExposeSecret as _;
    let directory = bench.server.directory_url();
    let context = bench.context(&[("otds_url", directory.as_str()), ("client_id", PUBLIC_CLIENT)], &[]);
    let clock = std::sync::Arc::new(bench::StandingClock);
    let http =
        Http::new(HttpOptions::new("b", waybill_connector::Network::default(), Inspector::default(), clock)).unwrap();
    let door = waybill_connector_xecm::token_door(&context, http.clone()).unwrap();
    let authorize = waybill_connector_xecm::authorize_address(&context).unwrap();
    let redirect = Redirect::listen(&"http://127.0.0.1:0/".parse().unwrap()).await.unwrap();
    let begun = CodeRequest::begin(&authorize, ("client_id", PUBLIC_CLIENT), "", redirect.uri(), &[]);
    let fields: Vec<(String, String)> = begun.address.query_pairs().into_owned().collect();
    let fields = fields
        .into_iter()
        .chain([("username".to_owned(), ADMIN.to_owned()), ("password".to_owned(), DEMO_PASSWORD.to_owned())]);
    let mut page = authorize;
    page.set_query(None);
    let answer = http.post("browser", page).form(fields).send().await.unwrap();
    let answered = answer.header("location").unwrap().parse().unwrap();
    let code = begun.code(&answered).unwrap();
    let tokens = door.by_code(&code, begun.verifier(), begun.redirect_uri()).await.unwrap();
    tokens.refresh.unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn each_way_to_sign_in_names_who_is_there_and_outlives_its_ticket() {
    let bench = Bench::start(Options::default()).await;
    let directory = bench.server.directory_url();
    let refresh = signed_in_by_browser(&bench).await;
    let ways: [(&str, &str, (&str, &str)); 4] = [
        ("password", "", ("password", DEMO_PASSWORD)),
        ("otds", "", ("password", DEMO_PASSWORD)),
        ("client", SERVICE_CLIENT, ("client_secret", SERVICE_SECRET)),
        ("person", PUBLIC_CLIENT, ("refresh_token", &refresh)),
    ];
    for (way, client, secret) in ways {
        let settings = [("sign_in", way), ("otds_url", directory.as_str()), ("client_id", client)];
        let context = bench.context(&settings, &[secret]);
        let connector = XecmConnector::open(&context, around()).unwrap();
        assert_eq!(connector.check().await.unwrap().name, ADMIN, "{way}");
        bench.server.faults().inject(Rule::new(Wrong::ExpiredCredentials).path("/api/"));
        assert_eq!(connector.check().await.unwrap().name, ADMIN, "{way}, after the ticket ended");
        let shown = format!("{connector:?}");
        assert!(!shown.contains(secret.1), "{way} shows its secret");
    }
}

#[rstest]
#[case("password", "wrong", FailureKind::Unauthenticated)]
#[case("otds", "wrong", FailureKind::Unauthenticated)]
#[tokio::test]
async fn a_wrong_password_is_said_and_never_shown(
    #[case] way: &str,
    #[case] password: &str,
    #[case] kind: FailureKind,
) {
    let bench = Bench::start(Options::default()).await;
    let directory = bench.server.directory_url();
    let context = bench.context(&[("sign_in", way), ("otds_url", &directory)], &[("password", password)]);
    let error = XecmConnector::open(&context, around()).unwrap().check().await.unwrap_err();
    assert_eq!((error.kind, error.retry), (kind, Retry::Never), "{error}");
}

#[tokio::test]
async fn a_wrong_address_is_called_that() {
    let bench = Bench::start(Options::default()).await;
    let base = bench.server.base_url().replace("cs.exe", "other.exe");
    let connector = bench.connect(&[("base_url", &base)]);
    let error = connector.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
    assert!(error.message.contains("/otcs/cs.exe"), "{error}");
    let report = connector.self_test().unwrap().run(&mut |_| {}).await;
    assert_eq!(report.steps.last().unwrap().outcome, StepOutcome::Failed);
    assert_eq!(report.steps.len(), 2, "{:?}", report.steps);
}

#[tokio::test]
async fn a_page_where_data_was_due_is_called_that() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[]);
    connector.check().await.unwrap();
    bench.server.faults().inject(Rule::new(Wrong::refuse(503)).path("/api/"));
    let error = connector.list().unwrap().stat(&path("/Inbox")).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Unreachable, Retry::Backoff), "{error}");
}

#[tokio::test]
async fn an_account_without_rights_is_told_so_and_nothing_is_left() {
    let bench = Bench::start(Options::default()).await;
    let admin = bench.connect(&[]);
    store(&admin, "/Marketing/mine.txt", b"mine").await.unwrap();
    let rights = [Right::See, Right::Read];
    let permissions = admin.permissions().unwrap();
    permissions.permit(&path("/Marketing"), &Grantee::OwnerGroup, &rights).await.unwrap();
    let clerk = bench.connect(&[("user", CLERK)]);
    let error = store(&clerk, "/Marketing/x.txt", b"x").await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied, "{error}");
    assert!(!names_in(&admin, "/Marketing").await.contains(&"x.txt".to_owned()));
    assert_eq!(clerk.list().unwrap().stat(&path("/Board")).await.unwrap(), None, "what may not be seen is not there");
    let report = bench.connect(&[("user", CLERK), ("root", "Marketing")]).self_test().unwrap().run(&mut |_| {}).await;
    assert!(report.error.is_none() && report.steps.iter().any(|step| step.outcome == StepOutcome::Noted));
}

#[rstest]
#[case::small(5)]
#[case::larger(3_000_000)]
#[tokio::test]
async fn an_upload_without_an_answer_is_there_once(#[case] size: usize) {
    let bytes = vec![7; size];
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    connector.check().await.unwrap();
    bench.server.faults().inject(Rule::new(Wrong::DropAnswer).operation("POST").path("/v2/nodes"));
    let receipt = store(&connector, "/lost.bin", &bytes).await.unwrap();
    assert_eq!((receipt.size, receipt.proof), (bytes.len() as u64, Some(Proof::ReadBack)));
    assert_eq!(bench.seen("POST", "/v2/nodes"), 1, "it was sent once");
    assert!(bytes_at(&connector, "/lost.bin").await == bytes);
}

#[tokio::test]
async fn a_version_without_an_answer_is_there_once() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    store(&connector, "/x.txt", b"old").await.unwrap();
    bench.server.faults().inject(Rule::new(Wrong::DropAnswer).operation("POST").path("/versions"));
    let replacing = WriteOptions { replace: true, ..options(3) };
    connector.write().unwrap().write(&path("/x.txt"), body_of("new".into()), replacing).await.unwrap();
    assert_eq!(connector.versions().unwrap().versions(&path("/x.txt")).await.unwrap().len(), 2);
    assert_eq!(bytes_at(&connector, "/x.txt").await, b"new");
}

#[tokio::test]
async fn what_came_in_after_everybody_stopped_listening_is_taken_for_the_same_file() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    connector.check().await.unwrap();
    let faults = bench.server.faults();
    faults.inject(Rule::new(Wrong::DropAnswer).operation("POST").path("/v2/nodes"));
    // While it is looked for, nothing answers either.
    faults.inject(Rule::new(Wrong::refuse(503)).operation("GET").skip(3).always());
    let error = store(&connector, "/late.txt", b"late").await.unwrap_err();
    assert_ne!(error.retry, Retry::Never, "{error}");
    faults.clear();
    let receipt = store(&connector, "/late.txt", b"late").await.unwrap();
    assert_eq!(receipt.proof, Some(Proof::ReadBack));
    assert_eq!(bench.seen("POST", "/v2/nodes"), 1, "it was sent once");
    let error = store(&connector, "/late.txt", b"late").await.unwrap_err();
    assert_eq!(error.kind, FailureKind::AlreadyExists, "later it is a file like any other");
}

#[tokio::test]
async fn a_folder_without_an_answer_is_there_once() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    connector.check().await.unwrap();
    bench.server.faults().inject(Rule::new(Wrong::DropAnswer).operation("POST").path("/v2/nodes"));
    connector.create_folder().unwrap().create_folder(&path("/once")).await.unwrap();
    assert_eq!(bench.seen("POST", "/v2/nodes"), 1);
}

#[tokio::test]
async fn a_ticket_that_ends_under_an_upload_costs_one_attempt() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    connector.check().await.unwrap();
    bench.server.faults().inject(Rule::new(Wrong::ExpiredCredentials).operation("POST").path("/v2/nodes"));
    let error = store(&connector, "/x.txt", b"x").await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Unreachable, Retry::Backoff), "{error}");
    store(&connector, "/x.txt", b"x").await.unwrap();
}

#[tokio::test]
async fn a_name_in_other_letters_is_taken_and_said() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    store(&connector, "/Report.txt", b"kept").await.unwrap();
    let replacing = WriteOptions { replace: true, ..options(3) };
    let write = connector.write().unwrap();
    let error = write.write(&path("/REPORT.txt"), body_of("new".into()), replacing).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::AlreadyExists, "{error}");
    assert!(error.message.contains("large and small letters"), "{error}");
    assert_eq!(bytes_at(&connector, "/Report.txt").await, b"kept");
}

#[tokio::test]
async fn a_name_with_a_slash_is_listed_read_and_removed_by_its_number() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    let body = serde_json::json!({ "type": 0, "parent_id": 5005, "name": "in/out" }).to_string();
    bench.said(http::Method::POST, "v2/nodes", &[("body", body.as_str())]).await;
    let name = names_in(&connector, "/").await.into_iter().find(|name| name.contains("(#")).unwrap();
    let inside = format!("/{name}/x.txt");
    store(&connector, &inside, b"inside").await.unwrap();
    assert_eq!(bytes_at(&connector, &inside).await, b"inside");
    assert_eq!(connector.list().unwrap().stat(&path("/in/out")).await.unwrap(), None);
    connector.delete().unwrap().delete(&path(&inside)).await.unwrap();
    connector.delete().unwrap().delete(&path(&format!("/{name}"))).await.unwrap();
    assert!(!names_in(&connector, "/").await.contains(&name));
}

fn large(pieces: usize) -> ByteStream {
    stream::iter((0..pieces).map(|n| Ok(bytes::Bytes::from(vec![u8::try_from(n % 251).unwrap(); 1 << 20])))).boxed()
}

#[tokio::test]
async fn a_large_file_goes_in_parts_and_arrives_whole() {
    let large_files = (16 << 20)..=(40 << 20);
    let bench = Bench::start(Options { large_files, part_size: 5 << 20, ..Options::default() }).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    let write = connector.write().unwrap();
    let receipt = write.write(&path("/large.bin"), large(32), options(32 << 20)).await.unwrap();
    assert_eq!(receipt.size, 32 << 20);
    assert_eq!(bench.seen("POST", "/v2/multipart/"), 8, "seven parts and the end");
    let found = bytes_at(&connector, "/large.bin").await;
    assert!(
        found.len() == 32 << 20 && found.iter().step_by(1 << 20).enumerate().all(|(n, byte)| usize::from(*byte) == n)
    );
    let error = write.write(&path("/larger.bin"), large(41), options(41 << 20)).await.unwrap_err();
    assert_eq!((error.kind, error.fact("limit")), (FailureKind::TooLarge, Some("41943040")), "{error}");
}

#[tokio::test]
async fn a_part_that_breaks_off_leaves_nothing() {
    let large_files = (8 << 20)..=(40 << 20);
    let bench = Bench::start(Options { large_files, part_size: 4 << 20, ..Options::default() }).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    connector.check().await.unwrap();
    bench.server.faults().inject(Rule::new(Wrong::DropRequestAfter(100_000)).operation("POST").path("/2"));
    let write = connector.write().unwrap();
    let error = write.write(&path("/large.bin"), large(12), options(12 << 20)).await.unwrap_err();
    assert_ne!(error.retry, Retry::Never, "{error}");
    assert_eq!(bench.seen("DELETE", "/v2/multipart/"), 1, "the parts are let go");
    assert_eq!(connector.list().unwrap().stat(&path("/large.bin")).await.unwrap(), None);
}

fn vendor(pairs: &[(&str, &str)]) -> FilledForm {
    let values: BTreeMap<_, _> =
        pairs.iter().map(|(key, value)| ((*key).to_owned(), AttributeValue::One((*value).to_owned()))).collect();
    FilledForm { form: "5009".to_owned(), values }
}

#[tokio::test]
async fn a_category_without_what_it_requires_sends_no_byte_and_names_every_field() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    let given = WriteOptions { forms: vec![vendor(&[("5009_3", "XX"), ("Vendor Number", "V")])], ..options(1) };
    let error = connector.write().unwrap().write(&path("/x.txt"), body_of("x".into()), given).await.unwrap_err();
    let fields: Vec<_> =
        error.context.iter().filter(|(key, _)| *key == WRONG_FIELD).map(|(_, value)| value.as_str()).collect();
    assert_eq!(fields, ["5009_2", "5009_3", "Vendor Number"], "{error}");
    assert!(error.message.contains("5009_2, 5009_4"), "two fields have that name: {error}");
    assert_eq!(bench.seen("POST", "/v2/nodes"), 0);
}

#[tokio::test]
async fn what_comes_with_a_folder_is_told_and_need_not_be_given_again() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    let attributes = connector.attributes().unwrap();
    let body = serde_json::json!({ "type": 0, "parent_id": 5005, "name": "North" }).to_string();
    let made = bench.said(http::Method::POST, "v2/nodes", &[("body", &body)]).await;
    let folder = made["results"]["data"]["properties"]["id"].as_i64().unwrap();
    assert_eq!(attributes.expected(&path("/North")).await.unwrap(), [], "nothing is expected before");

    let given = vendor(&[("5009_2", "V-1002"), ("5009_3", "SE")]);
    attributes.fill(&path("/North"), &given).await.unwrap();
    assert_eq!(attributes.expected(&path("/North")).await.unwrap(), [], "what is not passed on is the folder's alone");
    let pass_on = format!("v2/nodes/{folder}/categories/5009/inheritance");
    bench.said(http::Method::POST, &pass_on, &[("inherit", "true")]).await;
    for at in ["/North", "/North/not there/nor this"] {
        assert_eq!(attributes.expected(&path(at)).await.unwrap(), std::slice::from_ref(&given), "{at}");
    }

    let write = connector.write().unwrap();
    let with = |forms: &[(&str, &str)]| WriteOptions { forms: vec![vendor(forms)], ..options(1) };
    write.write(&path("/North/a.txt"), body_of("a".into()), with(&[("5009_4", "old")])).await.unwrap();
    let all = vendor(&[("5009_2", "V-1002"), ("5009_3", "SE"), ("5009_4", "old")]);
    assert_eq!(attributes.filled(&path("/North/a.txt")).await.unwrap(), [all]);
    let again = WriteOptions { replace: true, ..with(&[("5009_3", "FR")]) };
    write.write(&path("/North/a.txt"), body_of("b".into()), again).await.unwrap();
    let all = vendor(&[("5009_2", "V-1002"), ("5009_3", "FR"), ("5009_4", "old")]);
    assert_eq!(attributes.filled(&path("/North/a.txt")).await.unwrap(), [all], "a version keeps what is not named");
    let elsewhere = write.write(&path("/a.txt"), body_of("a".into()), with(&[("5009_4", "old")])).await.unwrap_err();
    assert_eq!(elsewhere.kind, FailureKind::Invalid, "{elsewhere}");
    let emptied = write.write(&path("/North/b.txt"), body_of("b".into()), with(&[("5009_2", "")])).await.unwrap_err();
    assert_eq!(emptied.kind, FailureKind::Invalid, "{emptied}");
}

#[tokio::test]
async fn a_category_whose_answer_was_lost_is_set_once() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    store(&connector, "/x.txt", b"x").await.unwrap();
    bench.server.faults().inject(Rule::new(Wrong::DropAnswer).operation("POST").path("/categories"));
    let given = vendor(&[("5009_2", "V-1"), ("5009_4", "old number")]);
    let attributes = connector.attributes().unwrap();
    attributes.fill(&path("/x.txt"), &given).await.unwrap();
    assert_eq!(attributes.filled(&path("/x.txt")).await.unwrap(), [given]);
    assert_eq!(bench.seen("POST", "/categories"), 1);
}

#[tokio::test]
async fn a_workspace_says_the_name_and_place_that_the_server_gave_it() {
    let bench = Bench::start(Options::default()).await;
    let connector = bench.connect(&[("root", "Inbox")]);
    let wanted = NewWorkspace { template: "5012".to_owned(), name: "mine".to_owned(), ..NewWorkspace::default() };
    let made = connector.workspaces().unwrap().create(&wanted).await.unwrap();
    assert!(made.name.starts_with("Case "), "{made:?}");
    assert!(made.path.name().contains("(#"), "outside the connection's tree it is named by its number: {made:?}");
    let inside = made.path.join("x.txt");
    store(&connector, inside.as_str(), b"inside").await.unwrap();
    assert_eq!(bytes_at(&connector, inside.as_str()).await, b"inside");
}
