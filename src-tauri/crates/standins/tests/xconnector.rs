//! The other side of the generic adapter, asked as any client may ask it.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::time::Duration;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Client, RequestBuilder, Response};
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use waybill_standins::faults::{Fault, Rule};
use waybill_standins::xconnector::{DEMO_SIGNING_SECRET, Options, XconnectorStandin};

async fn started() -> XconnectorStandin {
    XconnectorStandin::start(Options::default()).await.unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the server compares with the machine's clock")]
fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn signed(call: RequestBuilder, secret: &str, id: &str, at: i64, body: Vec<u8>) -> RequestBuilder {
    let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&body);
    let signature = format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()));
    call.header("webhook-id", id).header("webhook-timestamp", at).header("webhook-signature", signature).body(body)
}

fn event(id: &str) -> Value {
    json!({ "specversion": "1.0", "id": id, "source": "urn:waybill:desk", "type": "app.waybill.item.filed", "data": { "n": 1 } })
}

async fn send(server: &XconnectorStandin, delivery: &str, kind: &str, body: &Value) -> Response {
    let call = Client::new().post(format!("{}/events", server.base_url())).header("content-type", kind);
    signed(call, DEMO_SIGNING_SECRET, delivery, now(), body.to_string().into_bytes()).send().await.unwrap()
}

async fn said(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn an_event_is_taken_once_however_often_it_comes() {
    let server = started().await;
    let structured = "application/cloudevents+json";
    let (status, first) = said(send(&server, "d-1", structured, &event("e-1")).await).await;
    assert_eq!(status, 202);
    let (_, same_delivery) = said(send(&server, "d-1", structured, &event("e-1")).await).await;
    let (_, same_event) = said(send(&server, "d-2", structured, &event("e-1")).await).await;
    assert_eq!((&same_delivery["id"], &same_event["id"]), (&first["id"], &first["id"]));
    assert_eq!(server.events().len(), 1);

    let batch = json!([event("e-1"), event("e-2"), event("e-3")]);
    let (status, answer) = said(send(&server, "d-3", "application/cloudevents-batch+json", &batch).await).await;
    assert_eq!((status, answer["ids"].as_array().unwrap().len(), &answer["ids"][0]), (202, 3, &first["id"]));
    assert_eq!(server.events().len(), 3);
}

#[tokio::test]
async fn an_event_in_binary_form_is_the_same_event() {
    let server = started().await;
    let call = Client::new()
        .post(format!("{}/events", server.base_url()))
        .header("content-type", "application/json")
        .header("ce-id", "e-9")
        .header("ce-source", "urn:waybill:desk")
        .header("ce-specversion", "1.0")
        .header("ce-type", "app.waybill.item.filed");
    let answer = signed(call, DEMO_SIGNING_SECRET, "d-9", now(), br#"{"n":1}"#.to_vec()).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    assert_eq!(server.events()[0].event["data"]["n"], 1);
}

#[tokio::test]
async fn an_attribute_in_a_header_is_read_through_its_encoding() {
    let server = started().await;
    let call = Client::new()
        .post(format!("{}/events", server.base_url()))
        .header("content-type", "application/json")
        .header("ce-id", "e-9")
        .header("ce-source", "urn:waybill:desk")
        .header("ce-specversion", "1.0")
        .header("ce-subject", "R%C3%A4umung%207")
        .header("ce-type", "app.waybill.item.filed");
    signed(call, DEMO_SIGNING_SECRET, "d-9", now(), b"{}".to_vec()).send().await.unwrap();
    assert_eq!(server.events()[0].event["subject"], "Räumung 7");
}

#[tokio::test]
async fn of_two_who_put_a_new_file_one_is_refused() {
    let server = started().await;
    let url = format!("{}/files/once", server.base_url());
    let put = |body: &'static str| Client::new().put(&url).header("if-none-match", "*").body(body).send();
    let (one, other) = tokio::join!(put("one"), put("other"));
    let mut statuses = [one.unwrap().status().as_u16(), other.unwrap().status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412]);
}

/// A line of TLS to the log server, trusting its own certificate.
async fn line(server: &XconnectorStandin) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
    use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.syslog_tls().pem().as_bytes()).unwrap()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(server.syslog_address()).await.unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    tokio_rustls::TlsConnector::from(std::sync::Arc::new(config)).connect(name, stream).await.unwrap()
}

#[rstest]
#[case::two_frames("7 <110>1 7 <110>1ä", &["<110>1 "])]
#[case::utf8("9 <110>1 ä", &["<110>1 ä"])]
#[case::no_length("<110>1 x", &[])]
#[case::a_zero_in_front("07 <110>1 ", &[])]
#[case::short("9 <110>1", &[])]
#[tokio::test]
async fn the_log_server_takes_frames_by_their_length(#[case] sent: &str, #[case] expected: &[&str]) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let server = started().await;
    let mut line = line(&server).await;
    line.write_all(sent.as_bytes()).await.unwrap();
    drop(line.shutdown().await);
    let mut end = Vec::new();
    drop(line.read_to_end(&mut end).await);
    let texts: Vec<String> = server.logged().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, expected);
    let listed = reqwest::get(format!("{}/syslog", server.base_url())).await.unwrap();
    assert_eq!(said(listed).await.1["items"].as_array().unwrap().len(), expected.len());
}

#[rstest]
#[case::unsigned(None, 0, "e-1", 401)]
#[case::another_secret(Some("whsec_YW5vdGhlciBzZWNyZXQ="), 0, "e-1", 401)]
#[case::too_old(Some(DEMO_SIGNING_SECRET), -301, "e-1", 401)]
#[case::from_the_future(Some(DEMO_SIGNING_SECRET), 301, "e-1", 401)]
#[case::without_an_id(Some(DEMO_SIGNING_SECRET), 0, "", 422)]
#[tokio::test]
async fn a_delivery_that_is_not_right_is_refused(
    #[case] secret: Option<&str>,
    #[case] off: i64,
    #[case] id: &str,
    #[case] status: u16,
) {
    let server = started().await;
    let call = Client::new()
        .post(format!("{}/events", server.base_url()))
        .header("content-type", "application/cloudevents+json");
    let body = event(id).to_string().into_bytes();
    let call = match secret {
        Some(secret) => signed(call, secret, "d-1", now() + off, body),
        None => call.body(body),
    };
    let answer = call.send().await.unwrap();
    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert_eq!(server.events().len(), 0);
}

#[tokio::test]
async fn what_is_no_event_and_what_is_too_large_has_its_status() {
    let server = started().await;
    assert_eq!(send(&server, "d-1", "text/plain", &json!("x")).await.status(), 415);
    let large = json!({ "specversion": "1.0", "id": "x", "source": "s", "type": "t", "data": "x".repeat(1024 * 1024) });
    assert_eq!(send(&server, "d-2", "application/cloudevents+json", &large).await.status(), 413);
}

#[tokio::test]
async fn a_second_secret_is_good_while_secrets_are_changed() {
    let next = "whsec_dGhlIG5leHQgc2VjcmV0";
    let options =
        Options { signing_secrets: vec![DEMO_SIGNING_SECRET.to_owned(), next.to_owned()], ..Options::default() };
    let server = XconnectorStandin::start(options).await.unwrap();
    let call = Client::new()
        .post(format!("{}/events", server.base_url()))
        .header("content-type", "application/cloudevents+json");
    let answer = signed(call, next, "d-1", now(), event("e").to_string().into_bytes()).send().await.unwrap();
    assert_eq!(answer.status(), 202);
}

#[tokio::test]
async fn a_file_is_stored_with_its_digest_and_given_back() {
    let server = started().await;
    let url = format!("{}/files/in/räumung.pdf", server.base_url());
    let digest = format!("sha-256=:{}:", BASE64.encode(&Sha256::digest("%PDF")));
    let client = Client::new();
    let put =
        |digest: String| client.put(&url).header("content-digest", digest).header("x-meta-matter", "2291").body("%PDF");
    let (status, answer) = said(put(digest.clone()).send().await.unwrap()).await;
    assert_eq!((status, answer["size"].as_u64(), &answer["metadata"]["matter"]), (201, Some(4), &json!("2291")));
    assert_eq!(answer["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest("%PDF")));
    assert_eq!(put("sha-256=:AAAA:".to_owned()).send().await.unwrap().status(), 400);
    let (status, there) = said(put(digest).header("if-none-match", "*").send().await.unwrap()).await;
    assert_eq!((status, &there["sha256"], &there["receipt"]), (412, &answer["sha256"], &answer["receipt"]));
    assert_eq!(client.get(&url).send().await.unwrap().text().await.unwrap(), "%PDF");

    let parts = reqwest::multipart::Form::new()
        .text("matter", "2291")
        .part("file", reqwest::multipart::Part::bytes(b"%PDF-2".to_vec()).file_name("two.pdf"));
    let (status, answer) =
        said(client.post(format!("{}/files", server.base_url())).multipart(parts).send().await.unwrap()).await;
    assert_eq!(
        (status, &answer["receipt"]["name"], &answer["metadata"]["matter"]),
        (201, &json!("two.pdf"), &json!("2291"))
    );
    let two = format!("{}/files/two.pdf", server.base_url());
    assert_eq!(client.delete(&two).send().await.unwrap().status(), 204);
    assert_eq!(client.get(&two).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_disk_that_fails_tells_the_digest_of_what_it_stored() {
    let server = started().await;
    server.faults().inject(Rule::new(Fault::CorruptStored(1)));
    let answer = Client::new().put(format!("{}/files/x", server.base_url())).body("abc").send().await.unwrap();
    let (_, answer) = said(answer).await;
    assert_ne!(answer["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest("abc")));
}

#[tokio::test]
async fn the_feed_is_walked_to_its_end_and_names_its_files() {
    let server = started().await;
    let page = async |cursor: &str| {
        let url = format!("{}/feed?limit=2&cursor={cursor}", server.base_url());
        said(Client::new().get(url).send().await.unwrap()).await
    };
    let (_, first) = page("").await;
    let (_, last) = page(first["page"]["next"].as_str().unwrap()).await;
    assert_eq!((first["page"]["more"].as_bool(), last["page"]["more"].as_bool()), (Some(true), Some(false)));
    assert_eq!((first["items"].as_array().unwrap().len(), last["items"].as_array().unwrap().len()), (2, 1));
    let item = &first["items"][0];
    let bytes = reqwest::get(item["dataref"].as_str().unwrap()).await.unwrap().bytes().await.unwrap();
    assert_eq!(item["data"]["file"]["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)));
    server.feed(json!({ "id": "later" }));
    let (_, later) = page(last["page"]["next"].as_str().unwrap()).await;
    assert_eq!(later["items"], json!([{ "id": "later" }]));
    assert_eq!(page("elsewhere").await.0, 400);
    server.repeat_feed(true);
    assert_eq!(page("after-2").await.1["items"], first["items"]);
}

#[tokio::test]
async fn each_door_lets_in_who_signs_in_its_way() {
    let server = started().await;
    let options = server.options().clone();
    let client = Client::new();
    let token = client
        .post(format!("{}/oauth2/token", server.base_url()))
        .form(&[
            ("grant_type", "client_credentials"),
            ("client_id", &options.client.0),
            ("client_secret", &options.client.1),
        ])
        .send()
        .await
        .unwrap();
    let token = said(token).await.1["access_token"].as_str().unwrap().to_owned();
    let at = |door: &str| client.get(format!("{}/{door}/feed", server.base_url()));
    for door in ["basic", "bearer", "header", "oauth"] {
        assert_eq!(at(door).send().await.unwrap().status(), 401, "{door}");
    }
    let calls = [
        at("basic").basic_auth(&options.basic.0, Some(&options.basic.1)),
        at("bearer").bearer_auth(&options.token),
        at("header").header(&options.header.0, &options.header.1),
        at("oauth").bearer_auth(&token),
    ];
    for call in calls {
        assert_eq!(call.send().await.unwrap().status(), 200);
    }
    server.advance_clock(Duration::from_hours(2));
    assert_eq!(at("oauth").bearer_auth(&token).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_collector_acknowledges_what_it_has_written() {
    let server = started().await;
    let (client, token) = (Client::new(), format!("Splunk {}", server.options().token));
    let post = |path: &str| client.post(format!("{}/services/collector{path}", server.base_url()));
    let channel = "x-splunk-request-channel";
    assert_eq!(
        said(post("/event").send().await.unwrap()).await,
        (401, json!({ "text": "Token is required", "code": 2 }))
    );
    let wrong = post("/event").header("authorization", "Splunk no").body("{}");
    assert_eq!(said(wrong.send().await.unwrap()).await.1["code"], 4);
    let two =
        post("/event").header("authorization", &token).header(channel, "c").body(r#"{"event":"a"}{"event":{"b":1}}"#);
    let (status, answer) = said(two.send().await.unwrap()).await;
    assert_eq!((status, answer["code"].as_u64(), answer["ackId"].as_u64()), (200, Some(0), Some(0)));
    let none = post("/event").header("authorization", &token).body(r#"{"time":1}"#);
    assert_eq!(said(none.send().await.unwrap()).await.1["code"], 12);
    let acks = post("/ack").header("authorization", &token).header(channel, "c").body(r#"{"acks":[0,1]}"#);
    assert_eq!(said(acks.send().await.unwrap()).await.1, json!({ "acks": { "0": true, "1": false } }));
}

#[tokio::test]
async fn a_bulk_answers_for_each_of_its_items() {
    let server = started().await;
    let bulk = concat!(
        "{\"index\":{\"_id\":\"1\"}}\n{\"name\":\"a\"}\n",
        "{\"create\":{\"_id\":\"1\"}}\n{\"name\":\"b\"}\n",
        "{\"index\":{\"_id\":\"2\"}}\n[1]\n",
        "{\"update\":{\"_id\":\"1\"}}\n{\"doc\":{\"more\":true}}\n",
        "{\"delete\":{\"_id\":\"9\"}}\n"
    );
    let url = format!("{}/items/_bulk", server.base_url());
    let (status, answer) = said(Client::new().post(&url).body(bulk).send().await.unwrap()).await;
    assert_eq!((status, answer["errors"].as_bool()), (200, Some(true)));
    let statuses: Vec<_> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_object().unwrap().values().next().unwrap()["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [201, 409, 400, 200, 404]);
    let document = reqwest::get(format!("{}/items/_doc/1", server.base_url())).await.unwrap();
    assert_eq!(said(document).await.1["_source"], json!({ "name": "a", "more": true }));
    assert_eq!(Client::new().post(&url).body("{}").send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn another_process_adds_faults_and_reads_the_journal() {
    let server = started().await;
    let (client, base) = (Client::new(), server.base_url());
    let fault = json!([{ "fault": "refuse", "status": 429, "retry_after": 2, "path": "/feed" }, { "fault": "expired-credentials", "path": "/feed", "skip": 1 }]);
    assert_eq!(client.post(format!("{base}/sandbox/faults")).json(&fault).send().await.unwrap().status(), 204);
    let limited = client.get(format!("{base}/feed")).send().await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().unwrap()), (429, "2"));
    assert_eq!(client.get(format!("{base}/feed")).send().await.unwrap().status(), 401);
    assert_eq!(client.get(format!("{base}/feed")).send().await.unwrap().status(), 200);
    let journal: Value = client.get(format!("{base}/sandbox/journal")).send().await.unwrap().json().await.unwrap();
    let statuses: Vec<_> =
        journal.as_array().unwrap().iter().map(|record| record["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [429, 401, 200]);
    let stale = json!({ "fault": "stale", "milliseconds": 0, "path": "/feed" });
    server.feed(json!({ "id": "new" }));
    client.post(format!("{base}/sandbox/faults")).json(&stale).send().await.unwrap();
    let earlier: Value = client.get(format!("{base}/feed")).send().await.unwrap().json().await.unwrap();
    assert_eq!(earlier["items"].as_array().unwrap().len(), 3);
    let wrong =
        client.post(format!("{base}/sandbox/faults")).json(&json!({ "fault": "nonsense" })).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
}
