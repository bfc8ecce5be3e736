//! TLS: a certificate that nobody issued, and a certificate of our own that is asked for.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod bench;

use std::sync::Arc;

use bench::{Pairs, open, pairs};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use waybill_connector::{Connector as _, OutboundEvent};
use waybill_model::{FailureKind, Millis, Retry};
use waybill_standins::xconnector::{Options, XconnectorStandin};

/// An authority, and a certificate with its key that it issued to a desk.
struct Papers {
    authority: String,
    certificate: String,
    key: String,
}

fn papers() -> Papers {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(params, authority_key);
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["desk".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    Papers { authority, certificate: certificate.pem(), key: key.serialize_pem() }
}

fn secrets(papers: &Papers) -> Pairs {
    pairs([("client_certificate", papers.certificate.clone()), ("client_key", papers.key.clone())])
}

fn event() -> OutboundEvent {
    OutboundEvent {
        id: "e-1".to_owned(),
        word: "item.filed".to_owned(),
        at: Millis(1_800_000_000_000),
        subject: None,
        data: json!({ "n": 1 }),
    }
}

fn to_log(server: &XconnectorStandin, is_pinned: bool) -> Pairs {
    let mut settings = pairs([("sink", "syslog".to_owned()), ("syslog_address", server.syslog_address().to_string())]);
    if is_pinned {
        settings.push(("certificate", server.syslog_tls().fingerprint().to_owned()));
    }
    settings
}

#[tokio::test]
async fn a_log_server_that_nobody_trusts_shows_its_fingerprint_and_is_told_nothing() {
    let server = XconnectorStandin::start(Options::default()).await.unwrap();
    let connector = open(&to_log(&server, false), &Vec::new()).unwrap();
    let error = connector.publish().unwrap().publish(&[event()]).await.unwrap_err();
    assert_eq!((error.retry, error.fact("step")), (Retry::Never, Some("certificate")), "{error}");
    assert_eq!(error.fact("fingerprint"), Some(server.syslog_tls().fingerprint()));
    assert!(server.logged().is_empty());
}

#[tokio::test]
async fn what_goes_to_a_log_server_is_only_sent() {
    let server = XconnectorStandin::start(Options::default()).await.unwrap();
    let connector = open(&to_log(&server, true), &Vec::new()).unwrap();
    let told = connector.publish().unwrap().publish(&[event()]).await.unwrap();
    assert!(!told[0].answered);
    assert!(
        server.logged()[0]
            .text
            .starts_with("<110>1 2027-01-15T08:00:00.000Z desk waybill - item.filed [waybill@32473 id=\"e-1\"")
    );
}

#[tokio::test]
async fn a_log_server_that_asks_for_a_certificate_gets_ours_or_the_test_says_so() {
    let papers = papers();
    let options = Options { log_senders: Some(papers.authority.clone()), ..Options::default() };
    let server = XconnectorStandin::start(options).await.unwrap();
    let without = open(&to_log(&server, true), &Vec::new()).unwrap();
    let error = without.publish().unwrap().publish(&[event()]).await.unwrap_err();
    assert_eq!((error.kind, error.fact("step")), (FailureKind::Unauthenticated, Some("certificate")), "{error}");
    assert!(without.self_test().unwrap().run(&mut |_| {}).await.error.is_some());
    assert!(server.logged().is_empty());
    let with = open(&to_log(&server, true), &secrets(&papers)).unwrap();
    with.publish().unwrap().publish(&[event()]).await.unwrap();
    assert!(server.logged()[0].certificate.is_some());
}

/// A server of HTTPS that asks for a certificate of this authority and answers an empty feed. Answers its address and fingerprint.
async fn strict_feed(authority: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(made.cert.der());
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut request = [0; 4096];
                drop(stream.read(&mut request).await);
                let body = r#"{"items": [], "page": {"next": "a", "more": false}}"#;
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let answer = if request.starts_with(b"HEAD") { head } else { head + body };
                drop(stream.write_all(answer.as_bytes()).await);
                drop(stream.shutdown().await);
            });
        }
    });
    (format!("https://localhost:{port}/feed"), data_encoding::HEXUPPER.encode(&digest))
}

#[tokio::test]
async fn a_client_certificate_opens_what_is_shut_without_it() {
    let papers = papers();
    let (url, fingerprint) = strict_feed(&papers.authority).await;
    let settings = |auth: &str, pin: &str| {
        pairs([("auth", auth.to_owned()), ("feed_url", url.clone()), ("certificate", pin.to_owned())])
    };
    let with = open(&settings("mutual-tls", &fingerprint), &secrets(&papers)).unwrap();
    with.check().await.unwrap();
    assert!(with.self_test().unwrap().run(&mut |_| {}).await.error.is_none());
    let without = open(&settings("none", &fingerprint), &Vec::new()).unwrap();
    let error = without.check().await.unwrap_err();
    assert_eq!((error.kind, error.fact("step")), (FailureKind::Unauthenticated, Some("certificate")), "{error}");
    let unpinned = open(&settings("mutual-tls", ""), &secrets(&papers)).unwrap();
    let error = unpinned.check().await.unwrap_err();
    assert_eq!(error.fact("step"), Some("certificate"), "{error}");
    assert!(error.fact("fingerprint").is_some());
}

#[test]
fn half_a_client_certificate_is_missed() {
    let settings = pairs([("auth", "mutual-tls"), ("feed_url", "https://feed.example/")]);
    let papers = papers();
    assert_eq!(open(&settings, &Vec::new()).unwrap_err().kind, FailureKind::Unauthenticated);
    let half = pairs([("client_certificate", papers.certificate)]);
    assert_eq!(open(&settings, &half).unwrap_err().kind, FailureKind::Unauthenticated);
    let wrong = pairs([("client_certificate", "x"), ("client_key", "canary")]);
    let error = open(&settings, &wrong).unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(!format!("{error:?}").contains("canary"));
}
