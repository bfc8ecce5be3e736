//! Servers that are none, or not this one: pages where data was due, other addresses, other people's certificates.

use std::{collections::BTreeMap, sync::Arc};

use rstest::rstest;
use secrecy::SecretString;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use waybill_connector::{Connector, ReadOptions};
use waybill_model::{FailureKind, RemotePath};
use waybill_net::Inspector;

use crate::bench::{Bench, connect, connect_as};

/// A server that answers everything the same.
async fn answering(answer: String) -> Arc<dyn Connector> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 16 * 1024];
            let read = stream.read(&mut head).await.unwrap_or(0);
            if read > 0 {
                drop(stream.write_all(answer.as_bytes()).await);
            }
            drop(stream.shutdown().await);
        }
    });
    let pairs = [("base_url", address), ("root", "my_files".to_owned()), ("user", "mira".to_owned())];
    connect(&pairs.map(|(key, value)| (key, value))).unwrap()
}

fn page(status: &str, head: &str) -> String {
    let body = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n{head}connection: close\r\n\r\n{body}"
    )
}

#[rstest]
#[case::a_page_in_place_of_data("200 OK", "", FailureKind::Invalid, "web page")]
#[case::a_sign_in_elsewhere("302 Found", "location: https://login.example/\r\n", FailureKind::Invalid, "sends on")]
#[case::another_server("404 Not Found", "", FailureKind::Invalid, "address")]
#[case::a_wrong_password("401 Unauthorized", "", FailureKind::Unauthenticated, "password")]
#[case::a_gateway_without_its_server("502 Bad Gateway", "", FailureKind::Unreachable, "Sign in")]
#[tokio::test]
async fn what_answers_in_place_of_the_server_is_named(
    #[case] status: &str,
    #[case] head: &str,
    #[case] kind: FailureKind,
    #[case] says: &str,
) {
    let connector = answering(page(status, head)).await;
    let error = connector.check().await.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.to_string().contains(says), "{error}");
    let read = connector.read().unwrap().read(&RemotePath::new("/a.pdf"), ReadOptions::default()).await;
    assert_eq!(read.err().map(|error| error.kind), Some(kind), "a page was read as a file");
}

#[tokio::test]
async fn an_answer_that_is_no_list_is_not_an_empty_one() {
    let body = r#"{"unexpected":[1,2]}"#;
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let connector = answering(format!("{head}content-length: {length}\r\n\r\n{body}")).await;
    assert_eq!(connector.check().await.unwrap_err().kind, FailureKind::Invalid);
}

#[tokio::test]
async fn a_wrong_password_is_told_and_never_shown() {
    const WRONG: &str = "hunter2-and-more";
    let bench = Bench::start().await;
    let inspector = Inspector::default();
    let secrets = BTreeMap::from([("password".to_owned(), SecretString::from(WRONG))]);
    let connector = connect_as(&bench.settings(), secrets, inspector.clone()).unwrap();
    let error = connector.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated, "{error}");
    let pair = data_encoding::BASE64.encode(format!("operator:{WRONG}").as_bytes());
    let shown = format!("{error:?} {connector:?} {:?}", inspector.exchanges());
    assert!(shown.contains("/rest/self") && !shown.contains(WRONG) && !shown.contains(&pair), "{shown}");
    let disabled = bench.connect_with(&[("user", "disabled")]);
    assert_eq!(disabled.check().await.unwrap_err().kind, FailureKind::Unauthenticated);
}

#[rstest]
#[case("base_url", "files.example.com")]
#[case("root", "attic")]
#[case("zone", "CET")]
#[case("user", "")]
#[tokio::test]
async fn a_setting_that_cannot_be_right_is_refused_before_any_call(#[case] key: &'static str, #[case] value: &str) {
    let bench = Bench::start().await;
    let refused = connect(&bench.changed(&[(key, value)]));
    assert_eq!(refused.err().map(|error| error.kind), Some(FailureKind::Invalid));
}

#[tokio::test]
async fn the_path_of_another_interface_is_told_from_a_missing_folder() {
    let bench = Bench::start().await;
    let elsewhere = bench.connect_with(&[("path", "/api")]);
    let error = elsewhere.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
    let gone = bench.connect_with(&[("folder", "No such folder")]);
    let error = gone.list().unwrap().list(&RemotePath::root(), waybill_connector::PageRequest::default()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind, FailureKind::NotFound);
    assert!(error.to_string().contains("No such folder"), "{error}");
}

/// A server whose certificate is of its own making; its address.
async fn self_signed() -> String {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls_pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = vec![0; 16 * 1024];
            drop(stream.read(&mut head).await);
            let body = r#"{"id":7,"name":"mira"}"#;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
            let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
            drop(stream.write_all(answer.as_bytes()).await);
            drop(stream.shutdown().await);
        }
    });
    format!("https://localhost:{port}")
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_pinned_or_refused() {
    let address = self_signed().await;
    let with = |certificate: &str| {
        let pairs = [("base_url", address.as_str()), ("user", "mira"), ("certificate", certificate)];
        connect(&pairs.map(|(key, value)| (key, value.to_owned()))).unwrap()
    };
    let error = with("").check().await.unwrap_err();
    assert_eq!((error.kind, error.fact("step")), (FailureKind::Unreachable, Some("certificate")), "{error}");
    let fingerprint = error.fact("fingerprint").unwrap().to_owned();
    assert_eq!(with(&fingerprint).check().await.unwrap().name, "mira");
    let other: String = fingerprint.chars().map(|sign| if sign == 'A' || sign == 'a' { 'b' } else { sign }).collect();
    if other != fingerprint {
        assert!(with(&other).check().await.is_err(), "another certificate was pinned");
    }
}
