//! The feed, the files that events name, and the ways to sign in.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod bench;

use axum::{Router, extract::Request, routing::any};
use bench::{Pairs, open, pairs};
use futures::TryStreamExt as _;
use rstest::rstest;
use serde_json::{Value, json};
use waybill_connector::{BROKEN_ITEM, Connector as _, EventFile, StepOutcome};
use waybill_model::{FailureKind, Retry, Sha256};
use waybill_standins::{
    faults::{Fault, Rule},
    xconnector::{Options, XconnectorStandin},
};

async fn started() -> XconnectorStandin {
    XconnectorStandin::start(Options::default()).await.unwrap()
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn file(address: &str) -> EventFile {
    EventFile {
        name: Some("a.pdf".to_owned()),
        address: Some(address.to_owned()),
        inline: None,
        sha256: None,
        size: None,
    }
}

#[tokio::test]
async fn the_feeds_events_bring_their_files_and_their_mapped_fields() {
    let server = started().await;
    let map = r#"[{"target": "order", "pointer": "/data/order"}, {"target": "vendor", "template": "{/data/vendor/name} <{subject}>"}]"#;
    let connector =
        open(&pairs([("feed_url", format!("{}/feed", server.base_url())), ("in_map", map.to_owned())]), &Vec::new())
            .unwrap();
    let events = connector.events().unwrap();
    let page = events.poll(None).await.unwrap();
    assert_eq!((page.events.len(), page.more), (3, false));
    assert_eq!(page.events[0].data, json!({ "order": "PO-4711", "vendor": "Brightwell Paper <PO-4711>" }));
    let file = page.events[0].file.clone().unwrap();
    let bytes: Vec<_> = events.fetch(&file, 1000).await.unwrap().try_collect::<Vec<_>>().await.unwrap().concat();
    assert_eq!(file.sha256, Some(Sha256::of(&bytes)));
    let again = events.poll(Some(&page.cursor)).await.unwrap();
    assert_eq!((again.events.len(), again.cursor, again.more), (0, page.cursor, false));
}

fn sign_ins(server: &XconnectorStandin) -> Vec<(&'static str, Pairs, Pairs)> {
    let options = server.options();
    vec![
        ("basic", pairs([("username", options.basic.0.clone())]), pairs([("password", options.basic.1.clone())])),
        ("bearer", Vec::new(), pairs([("token", options.token.clone())])),
        (
            "header",
            pairs([("header_name", options.header.0.clone())]),
            pairs([("header_value", options.header.1.clone())]),
        ),
        (
            "oauth",
            pairs([
                ("token_url", format!("{}/oauth2/token", server.base_url())),
                ("client_id", options.client.0.clone()),
            ]),
            pairs([("client_secret", options.client.1.clone())]),
        ),
    ]
}

#[tokio::test]
async fn each_sign_in_opens_its_door_and_a_wrong_secret_does_not() {
    let server = started().await;
    for (auth, mut settings, secrets) in sign_ins(&server) {
        settings.push(("auth", auth.to_owned()));
        settings.push(("feed_url", format!("{}/{auth}/feed", server.base_url())));
        open(&settings, &secrets).unwrap().check().await.unwrap();
        let wrong: Pairs = secrets.iter().map(|(key, _)| (*key, "canary-canary".to_owned())).collect();
        let connector = open(&settings, &wrong).unwrap();
        let error = connector.check().await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Unauthenticated, "{auth}: {error}");
        assert!(!format!("{connector:?}{error:?}").contains("canary"), "{auth}");
        assert_eq!(open(&settings, &Vec::new()).unwrap_err().kind, FailureKind::Unauthenticated, "{auth}");
    }
}

#[tokio::test]
async fn a_clients_secret_in_the_header_is_taken_too() {
    let server = started().await;
    let (_, mut settings, secrets) = sign_ins(&server).pop().unwrap();
    settings.extend(pairs([
        ("auth", "oauth".to_owned()),
        ("client_secret_in", "header".to_owned()),
        ("feed_url", format!("{}/oauth/feed", server.base_url())),
    ]));
    open(&settings, &secrets).unwrap().check().await.unwrap();
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_renewed_once() {
    let server = started().await;
    let (_, mut settings, secrets) = sign_ins(&server).pop().unwrap();
    settings.extend(pairs([("auth", "oauth".to_owned()), ("feed_url", format!("{}/oauth/feed", server.base_url()))]));
    let connector = open(&settings, &secrets).unwrap();
    connector.check().await.unwrap();
    server.faults().inject(Rule::new(Fault::ExpiredCredentials).path("/oauth/feed"));
    connector.events().unwrap().poll(None).await.unwrap();
    server.faults().inject(Rule::new(Fault::ExpiredCredentials).path("/oauth/feed").times(2));
    let error = connector.events().unwrap().poll(None).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Unauthenticated, Retry::Never));
}

#[rstest]
#[case::page("text/html", "<html>Sign in</html>")]
#[case::no_list("application/json", r#"{"items": {}}"#)]
#[case::no_json("application/json", "{")]
#[tokio::test]
async fn what_is_no_feed_is_said(#[case] kind: &'static str, #[case] body: &'static str) {
    let base = serve(Router::new().fallback(any(move || async move { ([("content-type", kind)], body) }))).await;
    let connector = open(&pairs([("feed_url", base)]), &Vec::new()).unwrap();
    let error = connector.events().unwrap().poll(None).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
}

/// A feed of other names, whose last page has no next cursor.
#[tokio::test]
async fn a_feed_of_another_shape_is_walked_to_its_end_and_taken_up_there() {
    async fn page(request: Request) -> axum::Json<Value> {
        let asked = request.uri().query().unwrap_or_default().to_owned();
        axum::Json(match asked.as_str() {
            "size=2" => json!({ "data": { "list": [{ "nr": 1 }, { "nr": 2 }] }, "after": 17 }),
            "size=2&from=17" => json!({ "data": { "list": [{ "nr": 3 }] }, "after": null }),
            other => json!({ "error": other }),
        })
    }
    let base = serve(Router::new().fallback(any(page))).await;
    let connector = open(
        &pairs([
            ("feed_url", base.as_str()),
            ("feed_items", "/data/list"),
            ("feed_next", "/after"),
            ("feed_cursor_parameter", "from"),
            ("feed_limit_parameter", "size"),
            ("feed_limit", "2"),
            ("event_id", "/nr"),
        ]),
        &Vec::new(),
    )
    .unwrap();
    let events = connector.events().unwrap();
    let first = events.poll(None).await.unwrap();
    assert_eq!((first.events.len(), first.cursor.as_str(), first.more), (2, "17", true));
    let last = events.poll(Some("17")).await.unwrap();
    assert_eq!((last.events[0].id.as_str(), last.cursor.as_str(), last.more), ("3", "17", false));
    assert_eq!(last.events[0].source, base);
}

#[tokio::test]
async fn a_cursor_that_the_feed_forgot_is_not_found() {
    let server = started().await;
    let connector = open(&pairs([("feed_url", format!("{}/feed", server.base_url()))]), &Vec::new()).unwrap();
    server.faults().inject(Rule::new(Fault::refuse(410)));
    let error = connector.events().unwrap().poll(Some("after-1")).await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (FailureKind::NotFound, Some("cursor-gone")));
}

#[tokio::test]
async fn a_file_is_fetched_from_no_other_host_and_shows_nobody_else_who_we_are() {
    async fn who(request: Request) -> String {
        request
            .headers()
            .get("authorization")
            .map_or_else(|| "nobody".to_owned(), |value| value.to_str().unwrap().to_owned())
    }
    let server = started().await;
    let elsewhere = serve(Router::new().fallback(any(who))).await;
    let host = elsewhere.strip_prefix("http://").unwrap().to_owned();
    let connection = |hosts: &str| {
        let mut settings =
            pairs([("auth", "bearer".to_owned()), ("feed_url", format!("{}/bearer/feed", server.base_url()))]);
        settings.push(("file_hosts", hosts.to_owned()));
        open(&settings, &pairs([("token", server.options().token.clone())])).unwrap()
    };
    let fetched = async |hosts: &str| {
        let stream = connection(hosts).events().unwrap().fetch(&file(&elsewhere), 1000).await?;
        stream.try_collect::<Vec<_>>().await.map(|pieces| String::from_utf8(pieces.concat()).unwrap())
    };
    let refused = fetched("").await.unwrap_err();
    assert_eq!((refused.kind, refused.retry), (FailureKind::Denied, Retry::Never));
    assert_eq!(fetched("other.example").await.unwrap_err().kind, FailureKind::Denied);
    assert_eq!(fetched("*").await.unwrap(), "nobody");
    assert_eq!(fetched(&format!("other.example, {host}")).await.unwrap(), format!("Bearer {}", server.options().token));
}

#[rstest]
#[case("file:///etc/passwd")]
#[case("ftp://127.0.0.1/x")]
#[tokio::test]
async fn only_http_is_fetched(#[case] address: &str) {
    let connector = open(&pairs([("feed_url", "http://127.0.0.1:9/feed"), ("file_hosts", "*")]), &Vec::new()).unwrap();
    let refused = connector.events().unwrap().fetch(&file(address), 1000).await.map(drop).unwrap_err();
    assert_eq!(refused.kind, FailureKind::Denied);
}

#[tokio::test]
async fn a_redirection_to_another_host_is_judged_like_the_first_address() {
    let elsewhere = serve(Router::new().fallback(any(|| async { "secret" }))).await;
    let to = elsewhere.clone();
    let base =
        serve(Router::new().fallback(any(move || async move { (axum::http::StatusCode::FOUND, [("location", to)]) })))
            .await;
    let connector = open(&pairs([("feed_url", format!("{base}/feed"))]), &Vec::new()).unwrap();
    let refused = connector.events().unwrap().fetch(&file("one"), 1000).await.map(drop).unwrap_err();
    assert_eq!(refused.kind, FailureKind::Denied, "{refused}");
}

#[tokio::test]
async fn a_sign_in_page_is_no_file_and_a_file_may_come_along() {
    let base = serve(Router::new().fallback(any(|| async { axum::response::Html("<html>Sign in") }))).await;
    let connector = open(&pairs([("feed_url", format!("{base}/feed"))]), &Vec::new()).unwrap();
    let events = connector.events().unwrap();
    assert_eq!(events.fetch(&file("one"), 1000).await.map(drop).unwrap_err().kind, FailureKind::Invalid);
    let inline =
        EventFile { address: None, inline: Some("JVBERg==".to_owned()), sha256: Some(Sha256::of(b"%PDF")), ..file("") };
    let bytes = events.fetch(&inline, 4).await.unwrap().try_collect::<Vec<_>>().await.unwrap().concat();
    assert_eq!(bytes, b"%PDF");
    let error = events.fetch(&inline, 3).await.unwrap().try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::TooLarge);
}

#[tokio::test]
async fn the_test_tries_the_map_and_names_what_does_not_fit() {
    let server = started().await;
    server.feed(json!({ "id": "x", "data": {} }));
    let map = r#"[{"target": "order", "pointer": "/data/order", "required": true}]"#;
    let settings = pairs([
        ("feed_url", format!("{}/feed", server.base_url())),
        ("in_map", map.to_owned()),
        ("sample", r#"{"data": {}}"#.to_owned()),
    ]);
    let connector = open(&settings, &Vec::new()).unwrap();
    let page = connector.events().unwrap().poll(None).await.unwrap();
    assert_eq!(page.events.iter().filter(|event| event.word == BROKEN_ITEM).count(), 1);
    let report = connector.self_test().unwrap().run(&mut |_| {}).await;
    assert!(report.error.is_none());
    let noted: Vec<_> = report.steps.iter().filter(|step| step.outcome == StepOutcome::Noted).collect();
    assert_eq!(noted.len(), 2, "{:?}", report.steps);
    assert!(noted.iter().all(|step| step.detail.contains("row 1 (order): nothing is at /data/order")), "{noted:?}");
}

#[rstest]
#[case::nothing(&[])]
#[case::no_address(&[("feed_url", "feed.example")])]
#[case::a_password_in_it(&[("feed_url", "https://me:canary@feed.example")])]
#[case::a_gap_in_the_host(&[("file_url", "https://{name}/in")])]
#[case::an_unknown_gap(&[("file_url", "https://h.example/{nmae}")])]
#[case::a_broken_map(&[("feed_url", "https://h.example/"), ("in_map", "[{}]")])]
#[case::a_pointer_that_is_none(&[("feed_url", "https://h.example/"), ("feed_items", "items")])]
#[case::headers_that_are_none(&[("file_url", "https://h.example/{name}"), ("file_headers", "x: y")])]
#[case::an_index_in_capitals(&[("catalogue_url", "https://h.example/"), ("catalogue_index", "Items")])]
#[test]
fn settings_that_cannot_be_are_refused_before_anything_is_sent(#[case] settings: &[(&'static str, &str)]) {
    let settings: Pairs = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
    let error = open(&settings, &Vec::new()).unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
    assert!(!format!("{error:?}").contains("canary"));
}
