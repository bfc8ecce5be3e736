//! What Canto knows of assets beside their bytes: forms, mapped fields, search by them, approval, events.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod stage;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::Method;
use secrecy::SecretString;
use serde_json::json;
use stage::{Bench, around, context, open, options, store};
use waybill_connector::{
    ApprovalState, AttributeKind, Connector as _, Delivery, EventKind, PageRequest, RemoteEvent, SearchQuery,
    WriteOptions, body_of,
};
use waybill_connector_canto::CantoConnector;
use waybill_model::{AttributeValue, FailureKind, FilledForm, Millis, RemotePath};
use waybill_standins::{
    canto::{DEMO_CONSUMER, Options},
    faults::{Fault, Rule},
};

async fn library() -> Bench {
    Bench::with_folder(Options { seed: true, ..options() }).await
}

fn form(id: &str, values: &[(&str, AttributeValue)]) -> FilledForm {
    let values = values.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    FilledForm { form: id.to_owned(), values }
}

fn one(text: &str) -> AttributeValue {
    AttributeValue::One(text.to_owned())
}

fn many(texts: &[&str]) -> AttributeValue {
    AttributeValue::Many(texts.iter().map(|text| (*text).to_owned()).collect())
}

async fn values(connector: &CantoConnector, path: &RemotePath, form: &str) -> BTreeMap<String, AttributeValue> {
    let filled = connector.attributes().unwrap().filled(path).await.unwrap();
    filled.into_iter().find(|filled| filled.form == form).unwrap().values
}

#[tokio::test]
async fn custom_fields_are_a_form_that_is_filled_in_and_emptied() {
    let bench = library().await;
    let connector = open(&bench.server, &[]);
    let (path, ability) = (RemotePath::new("/in/a.pdf"), connector.attributes().unwrap());
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    let custom = ability.form("custom-fields").await.unwrap();
    let kind =
        |key: &str| custom.attributes.iter().find(|one| one.key == key).map(|one| (&one.kind, one.most)).unwrap();
    assert!(matches!(kind("Market"), (AttributeKind::Choice { values }, 1) if values.len() == 4));
    assert!(matches!(kind("Channels"), (AttributeKind::Choice { .. }, 100)));
    assert_eq!(kind("LicenceEnd"), (&AttributeKind::Date, 1));

    let due = form(
        "custom-fields",
        &[("Market", one("DE")), ("Channels", many(&["Web", "Print"])), ("LicenceEnd", one("2027-12-31"))],
    );
    ability.fill(&path, &due).await.unwrap();
    assert_eq!(values(&connector, &path, "custom-fields").await, due.values);
    ability.fill(&path, &form("custom-fields", &[("Market", one("")), ("Channels", many(&[]))])).await.unwrap();
    let left = values(&connector, &path, "custom-fields").await;
    assert_eq!(left.keys().map(String::as_str).collect::<Vec<_>>(), ["LicenceEnd"]);

    let wrong = form("custom-fields", &[("Market", one("Mars")), ("LicenceEnd", one("soon")), ("Nothing", one("x"))]);
    let error = ability.fill(&path, &wrong).await.unwrap_err();
    assert_eq!(
        (error.kind, error.context.iter().filter(|(key, _)| *key == "field").count()),
        (FailureKind::Invalid, 3)
    );
    assert_eq!(values(&connector, &path, "custom-fields").await, left, "nothing was changed");
    assert_eq!(ability.form("nothing").await.unwrap_err().kind, FailureKind::NotFound);
}

#[tokio::test]
async fn what_canto_says_of_each_asset_is_a_form_too() {
    let bench = library().await;
    let connector = open(&bench.server, &[]);
    let (path, ability) = (RemotePath::new("/in/a.pdf"), connector.attributes().unwrap());
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    let due = form(
        "asset",
        &[
            ("description", one("For spring, & more")),
            ("copyright", one("© 2027")),
            ("keyword", many(&["hero", "legal"])),
        ],
    );
    ability.fill(&path, &due).await.unwrap();
    let found = values(&connector, &path, "asset").await;
    assert!(due.values.iter().all(|(key, value)| found.get(key) == Some(value)), "{found:?}");
    // An end stands beside an approval alone; it is shown, and set in Canto.
    let end = form("asset", &[("expires", one("2099-01-01T00:00:00Z"))]);
    assert_eq!(ability.fill(&path, &end).await.unwrap_err().kind, FailureKind::Invalid);
    connector.approval().unwrap().set_approval(&path, ApprovalState::Approved, None).await.unwrap();
    let asset = bench.assets().await.into_iter().find(|asset| asset["name"] == "a.pdf").unwrap();
    let body = json!({
        "contents": [{ "id": asset["id"], "scheme": asset["scheme"] }],
        "properties": [{ "propertyId": "expirationDate", "propertyValue": "20990101000000000" }],
    });
    bench.said(Method::PUT, "/api/v1/batch/edit", Some(body)).await;
    assert_eq!(values(&connector, &path, "asset").await["expires"], one("2099-01-01T00:00:00Z"));
}

#[tokio::test]
async fn a_file_carries_its_forms_before_it_has_its_name() {
    let bench = library().await;
    let connector = open(&bench.server, &[]);
    let write = connector.write().unwrap();
    let body = || body_of(Bytes::from_static(b"abc"));
    let options = |forms| WriteOptions { size: 3, forms, ..WriteOptions::default() };
    let wrong = options(vec![form("custom-fields", &[("Market", one("Mars"))])]);
    let error = write.write(&RemotePath::new("/in/a.pdf"), body(), wrong).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(!bench.server.faults().journal().iter().any(|record| record.path.starts_with("/s3/")), "a byte went out");
    let right = || options(vec![form("custom-fields", &[("Market", one("DE"))])]);
    let path = RemotePath::new("/in/a.pdf");
    write.write(&path, body(), right()).await.unwrap();
    assert_eq!(values(&connector, &path, "custom-fields").await["Market"], one("DE"));
    let journal = bench.server.faults().journal();
    let place = |part: &str| journal.iter().position(|record| record.path.contains(part)).unwrap();
    assert!(place("/batch/edit") < place("/rename"));
    // Where the forms are refused there, no file is left.
    bench.server.faults().inject(Rule::new(Fault::refuse(403)).path("/batch/edit"));
    let other = RemotePath::new("/in/b.pdf");
    assert_eq!(write.write(&other, body(), right()).await.unwrap_err().kind, FailureKind::Denied);
    assert_eq!(stage::names(&connector, "/in").await, ["a.pdf"]);
}

#[tokio::test]
async fn mapped_fields_are_columns_and_filters() {
    let bench = library().await;
    let connector = open(&bench.server, &[("root", ""), ("map_region", "Market"), ("map_rights", "Usage Terms")]);
    let search = connector.search().unwrap();
    let of = |name: &str, value: &str| SearchQuery {
        filters: [(name.to_owned(), value.to_owned())].into(),
        ..SearchQuery::default()
    };
    let found = search.search(&of("region", "DE"), PageRequest::default()).await.unwrap();
    assert!(!found.entries.is_empty());
    assert!(found.entries.iter().all(|entry| entry.facts["region"] == "DE"));
    let open = search.search(&of("region", ""), PageRequest::default()).await.unwrap();
    assert!(!open.entries.is_empty() && open.entries.iter().all(|entry| !entry.facts.contains_key("region")));
    // What is not mapped is no filter.
    assert_eq!(
        search.search(&of("licence", "x"), PageRequest::default()).await.unwrap_err().kind,
        FailureKind::Invalid
    );
    for (name, value) in
        [("approval", "approved"), ("scheme", "image|video"), ("fileSize", "1..999999999"), ("created", "2020-01-01..")]
    {
        let page = search.search(&of(name, value), PageRequest::default()).await.unwrap();
        assert!(!page.entries.is_empty(), "{name}={value}");
    }
    let wrong = search.search(&of("created", "soon"), PageRequest::default()).await.unwrap_err();
    assert_eq!(wrong.kind, FailureKind::Invalid);
}

#[tokio::test]
async fn a_custom_field_can_hold_the_approval() {
    let bench = library().await;
    let connector = open(&bench.server, &[("map_status", "Campaign")]);
    let (path, ability) = (RemotePath::new("/in/a.pdf"), connector.approval().unwrap());
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    assert_eq!(ability.approval(&path).await.unwrap().state, ApprovalState::Open);
    ability.set_approval(&path, ApprovalState::Approved, None).await.unwrap();
    assert_eq!(ability.approval(&path).await.unwrap().state, ApprovalState::Approved);
    assert_eq!(values(&connector, &path, "custom-fields").await["Campaign"], one("Approved"));
    let plain = open(&bench.server, &[]);
    assert_eq!(plain.approval().unwrap().approval(&path).await.unwrap().state, ApprovalState::Pending);
}

#[tokio::test]
async fn a_state_of_the_tenants_own_is_pending_and_a_tenant_without_approval_refuses_decisions() {
    let bench = library().await;
    let connector = open(&bench.server, &[]);
    let path = RemotePath::new("/in/a.pdf");
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    let asset = bench.assets().await.into_iter().find(|asset| asset["name"] == "a.pdf").unwrap();
    let body = json!({
        "contents": [{ "id": asset["id"], "scheme": asset["scheme"] }],
        "properties": [{ "propertyId": "Status", "propertyValue": "In Legal Review" }],
    });
    bench.said(Method::PUT, "/api/v1/batch/edit", Some(body)).await;
    let record = connector.approval().unwrap().approval(&path).await.unwrap();
    assert_eq!((record.state, record.word.as_str()), (ApprovalState::Pending, "In Legal Review"));

    let bench = Bench::with_folder(Options { approval: false, ..options() }).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    let result = connector.approval().unwrap().set_approval(&path, ApprovalState::Rejected, None).await;
    assert_eq!(result.unwrap_err().kind, FailureKind::Invalid);
}

/// Everything that is told until nothing more is there, and where to go on.
async fn told(connector: &CantoConnector, cursor: &str) -> (Vec<RemoteEvent>, String) {
    let (mut events, mut cursor) = (Vec::new(), cursor.to_owned());
    for _ in 0..200 {
        let page = connector.events().unwrap().poll(Some(&cursor)).await.unwrap();
        events.extend(page.events);
        cursor = page.cursor;
        if !page.more {
            return (events, cursor);
        }
    }
    panic!("the feed does not end");
}

#[tokio::test]
async fn what_changes_is_told_once_from_now_on() {
    let bench = library().await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/before.pdf", b"abc", false).await.unwrap();
    let first = connector.events().unwrap().poll(None).await.unwrap();
    assert!(first.events.is_empty() && !first.more);
    let (events, cursor) = told(&connector, &first.cursor).await;
    assert_eq!(events, []);
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    store(&open(&bench.server, &[("root", "Press")]), "/elsewhere.pdf", b"abc", false).await.unwrap();
    let (events, cursor) = told(&connector, &cursor).await;
    let seen: Vec<_> = events.iter().map(|event| (event.kind, event.path.as_ref().unwrap().as_str())).collect();
    assert_eq!(seen, [(EventKind::Created, "/in/a.pdf")]);
    connector
        .approval()
        .unwrap()
        .set_approval(&RemotePath::new("/in/a.pdf"), ApprovalState::Approved, None)
        .await
        .unwrap();
    let (events, cursor) = told(&connector, &cursor).await;
    assert_eq!(events.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Changed]);
    assert_eq!(events[0].data["facts"]["approval"], "Approved");
    assert_eq!(told(&connector, &cursor).await.0, []);
    assert_eq!(connector.events().unwrap().poll(Some("x")).await.unwrap_err().kind, FailureKind::Invalid);
}

#[tokio::test]
async fn no_event_is_lost_where_many_things_change_at_the_same_moment() {
    let bench = library().await;
    let connector = open(&bench.server, &[("root", ""), ("page_size", "10")]);
    let cursor = connector.events().unwrap().poll(None).await.unwrap().cursor;
    let assets: Vec<_> = bench.assets().await.into_iter().take(57).collect();
    let contents: Vec<_> = assets.iter().map(|asset| json!({ "id": asset["id"], "scheme": asset["scheme"] })).collect();
    let body = json!({
        "contents": contents, "properties": [{ "propertyId": "description", "propertyValue": "all at once" }],
    });
    bench.said(Method::PUT, "/api/v1/batch/edit", Some(body)).await;
    let due: BTreeSet<String> = assets
        .iter()
        .map(|asset| format!("{}/{}", asset["scheme"].as_str().unwrap(), asset["id"].as_str().unwrap()))
        .collect();
    let (events, cursor) = told(&connector, &cursor).await;
    let ids: BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    let about: BTreeSet<String> = events.iter().map(|event| event.subject.clone().unwrap()).collect();
    assert_eq!((events.len(), ids.len(), about), (57, 57, due));
    assert_eq!(told(&connector, &cursor).await.0, []);
}

#[tokio::test]
async fn a_webhook_is_known_by_its_token_and_believed_by_nothing_else() {
    let bench = library().await;
    assert!(open(&bench.server, &[]).inbound().is_none(), "nobody entered a token");
    let mut context = context(&bench.server, &[]);
    context.secrets.insert("hook_upload".to_owned(), SecretString::from("token-of-uploads"));
    context.secrets.insert("hook_delete".to_owned(), SecretString::from("token-of-deletions"));
    let connector = CantoConnector::open(&context, around()).unwrap();
    let inbound = connector.inbound().unwrap();
    let delivery = |kind: &str, body: String| Delivery {
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body: Bytes::from(body),
        at: Millis(1_800_000_000_000),
    };
    let said = |token: &str| json!({ "secure_token": token, "scheme": "image", "id": "a1", "displayname": "x.jpg" });
    let events = inbound.receive(&delivery("application/json", said("token-of-uploads").to_string())).unwrap();
    assert_eq!((events[0].kind, events[0].subject.as_deref()), (EventKind::Created, Some("image/a1")));
    let text = "secure_token=token-of-deletions&scheme=image&id=a1&album=&displayname=x.jpg";
    let events = inbound.receive(&delivery("application/x-www-form-urlencoded", text.to_owned())).unwrap();
    assert_eq!(events[0].kind, EventKind::Removed);
    for (kind, body, due) in [
        ("application/json", said("another").to_string(), FailureKind::Unauthenticated),
        ("application/json", said("").to_string(), FailureKind::Unauthenticated),
        ("application/json", json!({ "secure_token": "token-of-uploads" }).to_string(), FailureKind::Invalid),
        ("application/json", "[]".to_owned(), FailureKind::Invalid),
        ("text/plain", "x".to_owned(), FailureKind::Unsupported),
        ("application/json", "x".repeat(70_000), FailureKind::TooLarge),
    ] {
        let error = inbound.receive(&delivery(kind, body)).unwrap_err();
        assert_eq!(error.kind, due);
        assert!(!format!("{error:?} {connector:?}").contains("token-of"), "a secret shows");
    }
}

#[tokio::test]
async fn an_account_that_may_not_edit_changes_nothing() {
    let bench = library().await;
    let connector = open(&bench.server, &[]);
    let path = RemotePath::new("/in/a.pdf");
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    connector.approval().unwrap().set_approval(&path, ApprovalState::Approved, None).await.unwrap();
    let consumer = open(&bench.server, &[("user", DEMO_CONSUMER)]);
    let refused = [
        consumer.attributes().unwrap().fill(&path, &form("asset", &[("description", one("x"))])).await,
        consumer.approval().unwrap().set_approval(&path, ApprovalState::Rejected, None).await,
        consumer.delete().unwrap().delete(&path).await,
        consumer.metadata().unwrap().set_tags(&path, &BTreeMap::from([("x".to_owned(), String::new())])).await,
        consumer.links().unwrap().link(&path, 60).await.map(drop),
    ];
    assert!(
        refused.iter().all(|one| one.as_ref().is_err_and(|error| error.kind == FailureKind::Denied)),
        "{refused:?}"
    );
    assert_eq!(stage::bytes_at(&consumer, "/in/a.pdf").await.unwrap(), b"abc");
    assert_eq!(connector.approval().unwrap().approval(&path).await.unwrap().state, ApprovalState::Approved);
}
