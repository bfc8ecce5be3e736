//! The client against servers on loopback: what it sends, what it refuses, what it tells.
#![expect(clippy::unwrap_used, clippy::result_large_err, reason = "a test stops at what it did not expect")]

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    response::{IntoResponse as _, Response},
    routing::{any, get},
};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use http::{HeaderMap, HeaderName, StatusCode};
use rstest::rstest;
use secrecy::SecretString;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use url::Url;
use waybill_connector::{ByteStream, ConnectorError, Network, PROXY_SIGN_IN, Proxy, body_of};
use waybill_model::{Clock, FailureKind, Millis, Retry};
use waybill_net::{Http, HttpOptions, Identity, Inspector, Multipart, Pace, Patience, Payload};

#[derive(Debug)]
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Millis {
        Millis(1_700_000_000_000)
    }
}

fn options() -> HttpOptions {
    HttpOptions {
        patience: Patience {
            connect: Duration::from_secs(5),
            stall: Duration::from_secs(2),
            answer: Duration::from_secs(2),
        },
        ..HttpOptions::new("archive", Network::default(), Inspector::default(), Arc::new(StandingClock))
    }
}

fn client() -> Http {
    Http::new(options()).unwrap()
}

async fn serve(router: Router) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Url::parse(&format!("http://{address}/")).unwrap()
}

/// Answers every connection with these bytes, then with `silence` or an end.
async fn raw(answer: &'static [u8], silence: bool) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                drop(stream.read(&mut request).await);
                drop(stream.write_all(answer).await);
                if silence {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    Url::parse(&format!("http://{address}/")).unwrap()
}

/// What came, as text: the headers that matter and the body.
async fn echo(request: Request) -> String {
    let (parts, body) = request.into_parts();
    let named = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
    let (length, coding) = (named("content-length"), named("transfer-encoding"));
    let body = to_bytes(body, usize::MAX).await.unwrap();
    format!("{} {} length={length} coding={coding} bytes={}", parts.method, parts.uri, body.len())
}

fn failing(error: ConnectorError) -> ByteStream {
    body_of(Bytes::from_static(b"some")).chain(stream::iter([Err(error)])).boxed()
}

/// Connectors hold their calls in futures that move between threads.
#[tokio::test]
async fn a_call_goes_from_thread_to_thread() {
    let url = serve(Router::new().fallback(any(echo))).await;
    let call = client().post("write", url).multipart(Multipart::new().text("a", "b"));
    assert_eq!(tokio::spawn(call.send()).await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn a_streamed_body_is_announced_with_its_length() {
    let url = serve(Router::new().fallback(any(echo))).await;
    let pieces = stream::iter((0..40).map(|_| Ok(Bytes::from(vec![7; 10_000])))).boxed();
    let payload = Payload::Stream { kind: "application/pdf".to_owned(), body: pieces, length: 400_000 };
    let said = client().post("write", url.clone()).payload(payload).send().await.unwrap().text(1000).await.unwrap();
    assert_eq!(said, "POST / length=400000 coding=- bytes=400000");
    let bytes = Payload::Bytes { kind: String::new(), bytes: Bytes::from(vec![7; 700_001]) };
    let said = client().post("write", url.clone()).payload(bytes).send().await.unwrap().text(1000).await.unwrap();
    assert_eq!(said, "POST / length=700001 coding=- bytes=700001");

    let parts = Multipart::new().text("body", "{}").file(
        "file",
        "ä.pdf",
        "application/pdf",
        body_of(Bytes::from_static(b"%PDF")),
        4,
    );
    let length = parts.length();
    let said = client().post("write", url).multipart(parts).send().await.unwrap().text(1000).await.unwrap();
    assert_eq!(said, format!("POST / length={length} coding=- bytes={length}"));
}

#[rstest]
#[case::short(8, FailureKind::Truncated)]
#[case::long(2, FailureKind::Changed)]
#[tokio::test]
async fn a_source_that_is_not_as_long_as_announced_ends_the_request(#[case] length: u64, #[case] kind: FailureKind) {
    let url = serve(Router::new().fallback(any(echo))).await;
    let payload = Payload::Stream { kind: String::new(), body: body_of(Bytes::from_static(b"some")), length };
    let error = client().post("write", url).payload(payload).send().await.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
}

#[tokio::test]
async fn what_the_source_says_is_told_as_the_source_says_it() {
    let url = serve(Router::new().fallback(any(echo))).await;
    let fault = ConnectorError::new(FailureKind::HostKeyChanged, "read", "another key");
    let payload = Payload::Stream { kind: String::new(), body: failing(fault), length: 100 };
    let error = client().post("write", url).payload(payload).send().await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (FailureKind::HostKeyChanged, "another key"));
}

#[tokio::test]
async fn a_slow_source_is_no_silent_server() {
    let url = serve(Router::new().fallback(any(echo))).await;
    let slow = stream::once(async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        Ok(Bytes::from_static(b"late"))
    });
    let payload = Payload::Stream { kind: String::new(), body: slow.boxed(), length: 4 };
    let said = client().post("write", url).payload(payload).send().await.unwrap().text(1000).await.unwrap();
    assert!(said.ends_with("bytes=4"), "{said}");
}

#[rstest]
#[case::no_answer(b"", "did not answer in time")]
#[case::half_an_answer(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "fell silent for 2 s")]
#[tokio::test]
async fn silence_ends(#[case] begins: &'static [u8], #[case] says: &str) {
    let url = raw(begins, true).await;
    let began = Instant::now();
    let ended = match client().get("list", url).send().await {
        Ok(answer) => answer.bytes(1000).await.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(ended.kind, FailureKind::TimedOut);
    assert!(ended.message.contains(says), "{ended}");
    assert!(began.elapsed() < Duration::from_mins(1));
}

#[tokio::test]
async fn an_answer_that_ends_too_soon_is_truncated() {
    let url = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", false).await;
    let answer = client().get("read", url.clone()).send().await.unwrap();
    let error = answer.stream().try_collect::<Vec<Bytes>>().await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Truncated, Retry::Backoff), "{error}");
    let error = client().get("read", url).send().await.unwrap().bytes(1000).await.unwrap_err();
    assert_eq!(error.retry, Retry::Backoff, "{error}");
}

#[tokio::test]
async fn a_body_without_end_is_left_at_its_limit() {
    let endless = || async {
        Response::new(Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 1000])))))
    };
    let url = serve(Router::new().fallback(get(endless))).await;
    let error = client().get("list", url).send().await.unwrap().bytes(10_000).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
}

#[tokio::test]
async fn a_web_page_where_data_was_due_is_said() {
    let page = || async { ([("content-type", "text/html")], "<html><title>Sign in</title></html>") };
    let url = serve(Router::new().fallback(get(page))).await;
    let error = client().get("list", url).send().await.unwrap().json::<serde_json::Value>(1000).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(error.message.contains("web page"), "{error}");
}

#[rstest]
#[case::port("http://127.0.0.1:9/", FailureKind::Unreachable, "port")]
#[case::name("http://nowhere.invalid/", FailureKind::Unreachable, "name")]
#[tokio::test]
async fn what_cannot_be_reached_names_the_step(#[case] url: &str, #[case] kind: FailureKind, #[case] step: &str) {
    let error = client().get("list", url.parse().unwrap()).send().await.unwrap_err();
    assert_eq!((error.kind, error.fact("step")), (kind, Some(step)), "{error}");
}

#[tokio::test]
async fn a_redirection_is_followed_without_telling_another_host_who_we_are() {
    async fn who(headers: HeaderMap) -> String {
        format!("{}|{}", headers.contains_key("authorization"), headers.contains_key("x-plain"))
    }
    let elsewhere = serve(Router::new().fallback(get(who))).await;
    let target = elsewhere.to_string();
    let here = serve(
        Router::new()
            .route("/out", get(move || async move { (StatusCode::FOUND, [("location", target)]).into_response() }))
            .route("/in", get(|| async { (StatusCode::FOUND, [("location", "/who")]).into_response() }))
            .route("/who", get(who)),
    )
    .await;
    let token = SecretString::from("canary-token");
    let call = |path: &str| {
        client()
            .get("read", here.join(path).unwrap())
            .bearer(&token)
            .header(HeaderName::from_static("x-plain"), "1")
            .follow(3)
    };
    assert_eq!(call("/in").send().await.unwrap().text(100).await.unwrap(), "true|true");
    assert_eq!(call("/out").send().await.unwrap().text(100).await.unwrap(), "false|true");
    let left = client().get("read", here.join("/out").unwrap()).bearer(&token).send().await.unwrap();
    assert_eq!(left.status(), StatusCode::FOUND);
}

#[tokio::test]
async fn the_inspector_shows_what_was_said_and_no_secret() {
    let answer = || async {
        (
            [("content-type", "application/json"), ("set-cookie", "canary-cookie=1")],
            r#"{"access_token":"canary-answer","expires_in":3600,"echo":"canary-known"}"#,
        )
    };
    let url = serve(Router::new().fallback(any(answer))).await;
    let options = options();
    let inspector = options.inspector.clone();
    let client = Http::new(options).unwrap();
    let known = SecretString::from("canary-known");
    let call = client
        .post("token", url.join("/oauth2/token?app_secret=canary-query").unwrap())
        .basic("ada", &known)
        .secret_header(&HeaderName::from_static("otcsticket"), &SecretString::from("canary-ticket"))
        .form([("grant_type", "password"), ("password", "canary-form"), ("note", "canary-known")]);
    let body = call.send().await.unwrap().text(1000).await.unwrap();
    assert!(body.contains("canary-answer"), "the caller sees what came");

    let exchange = inspector.exchanges().remove(0);
    let shown = serde_json::to_string(&exchange).unwrap();
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!format!("{exchange:?}").contains("canary"));
    assert_eq!((exchange.operation, exchange.method.as_str(), exchange.status), ("token", "POST", Some(200)));
    assert!(exchange.request.body.contains("grant_type=password"), "{shown}");
    assert!(exchange.answer.unwrap().body.contains("3600"), "{shown}");
}

#[tokio::test]
async fn the_inspector_keeps_the_last_two_hundred() {
    let url = serve(Router::new().fallback(get(|| async { "x" }))).await;
    let options = options();
    let inspector = options.inspector.clone();
    let client = Http::new(options).unwrap();
    for _ in 0..203 {
        client.get("list", url.clone()).send().await.unwrap().bytes(10).await.unwrap();
    }
    let exchanges = inspector.exchanges();
    assert_eq!((exchanges.len(), exchanges[0].number, exchanges[199].number), (200, 203, 4));
    assert_eq!(
        client.get("list", "http://127.0.0.1:9/".parse().unwrap()).send().await.unwrap_err().kind,
        FailureKind::Unreachable
    );
    assert!(inspector.exchanges()[0].failed.is_some());
}

#[tokio::test]
async fn no_more_requests_go_in_a_minute_than_the_pace_allows() {
    let url = serve(Router::new().fallback(get(|| async { "x" }))).await;
    let client = Http::new(HttpOptions { pace: Pace { per_minute: 600, burst: 2, parallel: 8 }, ..options() }).unwrap();
    let began = Instant::now();
    let all = (0..12).map(|_| client.get("list", url.clone()).send());
    futures::future::join_all(all).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    // Two at once, and one each tenth of a second.
    assert!(began.elapsed() >= Duration::from_millis(950), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_header_that_would_break_the_request_is_refused_before_it_goes() {
    let call = client().get("list", "http://127.0.0.1:9/".parse().unwrap());
    let error = call.header(HeaderName::from_static("x-name"), "a\r\nx-evil: 1").send().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
}

/// A proxy that answers every request with 407.
#[rstest]
#[case("http://archive.invalid/")]
#[case("https://archive.invalid/")]
#[tokio::test]
async fn a_proxy_that_asks_who_is_there_is_no_refused_sign_in(#[case] target: &str) {
    let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n";
    let proxy = raw(answer, false).await;
    let named =
        waybill_connector::NamedProxy { address: proxy.as_str().parse().unwrap(), user: None, except: String::new() };
    let network = Network { proxy: Proxy::Named(named), certificates: None };
    let client = Http::new(HttpOptions { network, ..options() }).unwrap();
    let error = client.get("list", target.parse().unwrap()).send().await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (FailureKind::Unauthenticated, Some(PROXY_SIGN_IN)), "{error}");
    assert_eq!(error.fact("step"), Some("proxy"));
}

#[tokio::test]
async fn requests_go_over_a_proxy_and_none_to_this_computer_does() {
    let seen = serve(Router::new().fallback(any(|request: Request| async move { request.uri().to_string() }))).await;
    let named =
        waybill_connector::NamedProxy { address: seen.as_str().parse().unwrap(), user: None, except: String::new() };
    let network = Network { proxy: Proxy::Named(named), certificates: None };
    let client = Http::new(HttpOptions { network, ..options() }).unwrap();
    let through = client.get("list", "http://archive.invalid/x".parse().unwrap()).send().await.unwrap();
    assert_eq!(through.text(100).await.unwrap(), "http://archive.invalid/x");
    let straight = client.get("list", seen.join("/y").unwrap()).send().await.unwrap();
    assert_eq!(straight.text(100).await.unwrap(), "/y");
}

/// A server with a certificate of its own making; it answers one line.
async fn secure(name: &str, asks: Option<rcgen::Certificate>) -> (SocketAddr, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let pem = made.cert.pem();
    let key = rustls_pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = match asks {
        None => config.with_no_client_auth(),
        Some(client) => {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(client.der().clone()).unwrap();
            let verifier =
                rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            config.with_client_cert_verifier(verifier)
        }
    };
    let config = config.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut request = [0; 4096];
                drop(stream.read(&mut request).await);
                drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await);
                drop(stream.shutdown().await);
            });
        }
    });
    (address, pem)
}

async fn asked(options: HttpOptions, address: SocketAddr) -> Result<String, ConnectorError> {
    let url = Url::parse(&format!("https://localhost:{}/", address.port())).unwrap();
    Http::new(options).unwrap().get("list", url).send().await?.text(100).await
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_and_can_be_pinned() {
    let (address, pem) = secure("localhost", None).await;
    let refused = asked(options(), address).await.unwrap_err();
    assert_eq!(
        (refused.code.as_deref(), refused.retry, refused.fact("step")),
        (Some("certificate"), Retry::Never, Some("certificate")),
        "{refused}"
    );
    let fingerprint = refused.fact("fingerprint").unwrap().to_owned();

    let pinned = HttpOptions { pin: Some(fingerprint.parse().unwrap()), ..options() };
    assert_eq!(asked(pinned, address).await.unwrap(), "ok");
    // The pin is for that certificate alone.
    let (other, _) = secure("localhost", None).await;
    let pinned = HttpOptions { pin: Some(fingerprint.parse().unwrap()), ..options() };
    assert_eq!(asked(pinned, other).await.unwrap_err().code.as_deref(), Some("certificate"));

    let network = Network { certificates: Some(pem.into_bytes().into()), ..Network::default() };
    assert_eq!(asked(HttpOptions { network, ..options() }, address).await.unwrap(), "ok");
}

#[tokio::test]
async fn a_certificate_for_another_name_says_so() {
    let (address, pem) = secure("archive.example", None).await;
    let network = Network { certificates: Some(pem.into_bytes().into()), ..Network::default() };
    let refused = asked(HttpOptions { network, ..options() }, address).await.unwrap_err();
    let said = refused.phrase().unwrap();
    assert_eq!((said.code.as_str(), said.with["names"].as_str()), ("certificate-another-name", "archive.example"));
}

#[tokio::test]
async fn a_server_that_asks_who_we_are_is_shown_our_certificate() {
    let made = rcgen::generate_simple_self_signed(["desk.example".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let (address, pem) = secure("localhost", Some(made.cert)).await;
    let network = Network { certificates: Some(pem.into_bytes().into()), ..Network::default() };
    let with = |identity| HttpOptions { identity, network: network.clone(), ..options() };
    let identity = Identity { certificates: certificate.into_bytes().into(), key: SecretString::from(key) };
    assert_eq!(asked(with(Some(identity)), address).await.unwrap(), "ok");
    let refused = asked(with(None), address).await.unwrap_err();
    assert_eq!((refused.kind, refused.fact("step")), (FailureKind::Unauthenticated, Some("certificate")), "{refused}");
}
