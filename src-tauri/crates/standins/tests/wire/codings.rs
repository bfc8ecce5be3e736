//! Bodies that come compressed.

use std::io::Write as _;

use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use waybill_standins::systems::Systems;
use waybill_standins::{canto, file360, xconnector, xecm};

use crate::{said, started};

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn deflate(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A request with a body for each system, the body, and the status of its success.
fn requests(systems: &Systems) -> Vec<(RequestBuilder, String, u16)> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let post = |address: String, kind: &str| Client::new().post(address).header("content-type", kind);
    let grant = |id: &str, secret: &str| format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let folder = post(format!("{}/rest/self/my_files/library_folders", systems.file360.base_url()), "application/json");
    vec![
        (
            post(format!("{}/oauth2/token", systems.workflow.issuer()), FORM),
            grant(systems.workflow.client_id(), systems.workflow.client_secret()),
            200,
        ),
        (folder.basic_auth(file360::OPERATOR, Some(file360::PASSWORD)), json!({ "title": "Ü" }).to_string(), 200),
        (
            post(format!("{}/api/v1/auth", systems.xecm.base_url()), FORM),
            format!("username={}&password={}", xecm::ADMIN, xecm::DEMO_PASSWORD),
            200,
        ),
        (post(systems.canto.oauth_token_url(), FORM), grant(canto::DEMO_APP_ID, canto::DEMO_APP_SECRET), 200),
        (
            post(format!("{}/_bulk", systems.xconnector.base_url()), "application/x-ndjson"),
            "{\"index\":{\"_index\":\"i\",\"_id\":\"1\"}}\n{\"a\":1}\n".to_owned(),
            200,
        ),
    ]
}

#[tokio::test]
async fn a_body_may_come_compressed() {
    for (coding, encode) in [("gzip", gzip as fn(&[u8]) -> Vec<u8>), ("X-Gzip", gzip), ("deflate", deflate)] {
        let systems = started().await;
        for (at, (request, body, wanted)) in requests(&systems).into_iter().enumerate() {
            let request = request.header("content-encoding", coding).body(encode(body.as_bytes()));
            let (status, answer) = said(request).await;
            assert_eq!(status, wanted, "{at} {coding} {answer}");
        }
        assert_eq!(systems.xconnector.document("i", "1").unwrap()["a"], 1);
    }
}

#[tokio::test]
async fn a_compressed_body_that_cannot_be_read_is_refused_and_the_next_request_is_not() {
    let systems = started().await;
    let broken = gzip(b"a=1").split_last().unwrap().1.to_vec();
    for (coding, came, wanted) in [("gzip", broken, 400), ("gzip", b"plain".to_vec(), 400), ("br", b"x".to_vec(), 415)]
    {
        for (at, (request, ..)) in requests(&systems).into_iter().enumerate() {
            let answer = request.header("content-encoding", coding).body(came.clone()).send().await.unwrap();
            let told = answer.headers().get("accept-encoding").is_some_and(|codings| codings == "gzip, deflate");
            assert_eq!((answer.status().as_u16(), told), (wanted, wanted == 415), "{at} {coding}");
        }
    }
    for (at, (request, body, wanted)) in requests(&systems).into_iter().enumerate() {
        assert_eq!(said(request.header("accept-encoding", "gzip, deflate").body(body)).await.0, wanted, "{at}");
    }
}

#[tokio::test]
async fn a_body_that_grows_beyond_all_measure_is_refused() {
    let server = xconnector::XconnectorStandin::start(xconnector::Options::default()).await.unwrap();
    let mut bomb = Vec::new();
    // Each member of the stream is a MiB of nothing.
    let member = gzip(&vec![0; 1024 * 1024]);
    (0..65).for_each(|_| bomb.extend_from_slice(&member));
    let request = Client::new().put(format!("{}/files/bomb", server.base_url())).header("content-encoding", "gzip");
    assert_eq!(said(request.body(bomb)).await.0, 413);
    assert!(server.files().iter().all(|(name, _)| name != "bomb"));
}

#[tokio::test]
async fn a_digest_is_about_what_was_transferred_and_a_file_is_kept_as_it_is() {
    let server = xconnector::XconnectorStandin::start(xconnector::Options::default()).await.unwrap();
    let encoded = gzip(b"words");
    for (digested, wanted) in [(&encoded[..], 201), (b"words", 400)] {
        let digest = format!("sha-256=:{}:", BASE64.encode(&Sha256::digest(digested)));
        let request = Client::new().put(format!("{}/files/f", server.base_url())).header("content-encoding", "gzip");
        assert_eq!(said(request.header("content-digest", digest).body(encoded.clone())).await.0, wanted);
    }
    let stored = server.files().into_iter().find(|(name, _)| name == "f").unwrap().1;
    assert_eq!(stored, b"words");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the server compares with the machine's clock")]
async fn an_event_may_be_signed_before_or_after_it_is_compressed() {
    let server = xconnector::XconnectorStandin::start(xconnector::Options::default()).await.unwrap();
    let at = jiff::Timestamp::now().as_second();
    let key = BASE64.decode(xconnector::DEMO_SIGNING_SECRET.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let event = json!({ "specversion": "1.0", "id": "1", "source": "/s", "type": "t" }).to_string();
    let encoded = gzip(event.as_bytes());
    for (signed, wanted) in [(event.as_bytes(), 202), (&encoded[..], 202), (b"else", 401)] {
        let id = uuid::Uuid::now_v7().to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(&[format!("{id}.{at}.").as_bytes(), signed].concat());
        let request = Client::new()
            .post(format!("{}/events", server.base_url()))
            .header("content-type", "application/cloudevents+json")
            .header("content-encoding", "gzip")
            .header("webhook-id", id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())));
        assert_eq!(said(request.body(encoded.clone())).await.0, wanted);
    }
}
