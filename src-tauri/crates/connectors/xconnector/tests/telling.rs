//! Events on their way out: signatures, forms, and what refusals mean.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod bench;

use axum::{Router, routing::any};
use bench::{Pairs, open, pairs};
use rstest::rstest;
use serde_json::json;
use waybill_connector::{Connector as _, OutboundEvent};
use waybill_connector_xconnector::XConnector;
use waybill_model::{FailureKind, Millis, Retry};
use waybill_standins::{
    faults::{Fault, Rule},
    xconnector::{DEMO_SIGNING_SECRET, Options, XconnectorStandin},
};

const NEXT: &str = "whsec_dGhlIG5leHQgc2VjcmV0";

async fn started() -> XconnectorStandin {
    XconnectorStandin::start(Options::default()).await.unwrap()
}

fn connection(server: &XconnectorStandin, more: &Pairs, secrets: &Pairs) -> XConnector {
    let mut settings = pairs([("events_url", format!("{}/events", server.base_url()))]);
    settings.extend(more.iter().cloned());
    open(&settings, secrets).unwrap()
}

fn signing() -> Pairs {
    pairs([("signing_secret", DEMO_SIGNING_SECRET)])
}

fn event(id: &str) -> OutboundEvent {
    OutboundEvent {
        id: id.to_owned(),
        word: "item.filed".to_owned(),
        at: Millis(1_800_000_000_000),
        subject: None,
        data: json!({ "order": { "number": "PO-1" } }),
    }
}

#[rstest]
#[case::in_use(pairs([("signing_secret", DEMO_SIGNING_SECRET)]))]
#[case::before(pairs([("signing_secret", NEXT), ("previous_signing_secret", DEMO_SIGNING_SECRET)]))]
#[tokio::test]
async fn while_secrets_are_changed_either_side_may_be_first(#[case] secrets: Pairs) {
    let server = started().await;
    connection(&server, &Vec::new(), &secrets).publish().unwrap().publish(&[event("e-1")]).await.unwrap();
    assert_eq!(server.events().len(), 1);
}

#[tokio::test]
async fn what_is_unsigned_is_refused_there_and_told_here() {
    let server = started().await;
    let error =
        connection(&server, &Vec::new(), &Vec::new()).publish().unwrap().publish(&[event("e-1")]).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Unauthenticated, Retry::Never));
}

#[tokio::test]
async fn a_clock_that_is_off_is_refused_there() {
    let server = started().await;
    server.advance_clock(std::time::Duration::from_secs(301));
    let connector = connection(&server, &Vec::new(), &signing());
    let error = connector.publish().unwrap().publish(&[event("e-1")]).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated);
    assert!(error.message.contains("clock"), "{error}");
}

#[tokio::test]
async fn the_event_has_its_source_its_type_and_the_mapped_data() {
    let server = started().await;
    let map = r#"[{"target": "order", "template": "{/order/number}/{/order/number}"}]"#;
    let connector = connection(&server, &pairs([("desk", "north desk"), ("out_map", map)]), &signing());
    connector.publish().unwrap().publish(&[event("e-1")]).await.unwrap();
    let taken = &server.events()[0].event;
    assert_eq!(taken["source"], "urn:waybill:north-desk");
    assert_eq!(taken["type"], "app.waybill.item.filed");
    assert_eq!(taken["time"], "2027-01-15T08:00:00Z");
    assert_eq!(taken["data"], json!({ "order": "PO-1/PO-1" }));
}

#[rstest]
#[case::not_set(false, "e-1", false)]
#[case::echoed(true, "e-1", true)]
#[case::another(true, "e-11", false)]
#[tokio::test]
async fn a_conflict_is_a_success_only_where_it_is_set_and_the_id_is_repeated(
    #[case] set: bool,
    #[case] told: &str,
    #[case] is_success: bool,
) {
    let server = started().await;
    let connector = connection(&server, &pairs([("conflict_is_success", set.to_string())]), &signing());
    server.faults().inject(Rule::new(Fault::Refuse { status: 409, code: Some(told.to_owned()), retry_after: None }));
    let answer = connector.publish().unwrap().publish(&[event("e-1")]).await;
    assert_eq!(answer.is_ok(), is_success, "{answer:?}");
}

#[rstest]
#[case(410, None, FailureKind::NotFound, Retry::Never, Some("gone"))]
#[case(429, Some(3), FailureKind::RateLimited, Retry::After(3000), None)]
#[case(503, Some(4), FailureKind::Unreachable, Retry::After(4000), None)]
#[case(400, None, FailureKind::Invalid, Retry::Never, None)]
#[tokio::test]
async fn a_refusal_says_what_to_do(
    #[case] status: u16,
    #[case] retry_after: Option<u64>,
    #[case] kind: FailureKind,
    #[case] retry: Retry,
    #[case] code: Option<&str>,
) {
    let server = started().await;
    server.faults().inject(Rule::new(Fault::Refuse { status, code: None, retry_after }));
    let error =
        connection(&server, &Vec::new(), &signing()).publish().unwrap().publish(&[event("e-1")]).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (kind, retry), "{error}");
    if code.is_some() {
        assert_eq!(error.code.as_deref(), code);
    }
}

#[tokio::test]
async fn a_web_page_is_no_acknowledgement() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let page = Router::new().fallback(any(|| async { axum::response::Html("<html>Sign in</html>") }));
    tokio::spawn(async move { axum::serve(listener, page).await });
    let connector = open(&pairs([("events_url", format!("http://{address}/"))]), &Vec::new()).unwrap();
    let error = connector.publish().unwrap().publish(&[event("e-1")]).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(error.message.contains("web page"), "{error}");
}

#[tokio::test]
async fn a_collector_that_acknowledges_nothing_in_time_is_told_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = |request: axum::extract::Request| async move {
        let is_ack = request.uri().path().ends_with("/ack");
        axum::Json(if is_ack {
            json!({ "acks": { "7": false } })
        } else {
            json!({ "text": "Success", "code": 0, "ackId": 7 })
        })
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(any(answer))).await });
    let settings =
        pairs([("sink", "hec".to_owned()), ("hec_url", format!("http://{address}")), ("hec_seconds", "1".to_owned())]);
    let connector = open(&settings, &pairs([("hec_token", "t0ken-canary")])).unwrap();
    let error = connector.publish().unwrap().publish(&[event("e-1")]).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::TimedOut, Retry::Backoff));
    assert!(!format!("{connector:?}{error:?}").contains("canary"));
}

#[tokio::test]
async fn a_wrong_token_of_the_collector_fails_the_check() {
    let server = started().await;
    let settings = pairs([("sink", "hec".to_owned()), ("hec_url", server.base_url())]);
    let right = open(&settings, &pairs([("hec_token", server.options().token.clone())])).unwrap();
    right.check().await.unwrap();
    let wrong = open(&settings, &pairs([("hec_token", "wrong".to_owned())])).unwrap();
    assert_eq!(wrong.check().await.unwrap_err().kind, FailureKind::Denied);
    assert!(server.collected().is_empty());
}

#[tokio::test]
async fn a_missing_index_is_no_failure_of_the_test() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = || async {
        (
            axum::http::StatusCode::NOT_FOUND,
            axum::Json(json!({ "error": { "type": "index_not_found_exception" }, "status": 404 })),
        )
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(any(answer))).await });
    let connector = open(&pairs([("catalogue_url", format!("http://{address}"))]), &Vec::new()).unwrap();
    connector.check().await.unwrap();
}
