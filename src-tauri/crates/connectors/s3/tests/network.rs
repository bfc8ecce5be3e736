//! The way to the server: over proxies of either kind, and to a server whose certificate the system does not know. To
//! everybody but the proxies the name `storage.test` leads nowhere.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::TryStreamExt as _;
use rstest::rstest;
use secrecy::SecretString;
use support::{Server, patience};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, rustls};
use waybill_connector::{Connector, ConnectorError, Learned, NamedProxy, Network, Proxy, ReadOptions, StepOutcome};
use waybill_connector_s3::{BadCertificates, check_certificates, open_with};
use waybill_model::{FailureKind, RemotePath};
use waybill_peers::ProxyPeer;

const FILE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\netag: \"e\"\r\nconnection: close\r\n\r\nhello";
const AUTHORITY: &[u8] = include_bytes!("network/authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("network/server.pem");
const KEY: &[u8] = include_bytes!("network/server.key");

async fn head_of(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0_u8; 1]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).await.ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// Answers every request with the same file.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
    head_of(&mut stream).await?;
    stream.write_all(FILE.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}

async fn server(tls: Option<TlsAcceptor>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tls = tls.clone();
            drop(tokio::spawn(async move {
                match tls {
                    Some(tls) => answer(tls.accept(stream).await.ok()?).await,
                    None => answer(stream).await,
                }
            }));
        }
    }));
    port
}

fn tls() -> TlsAcceptor {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
    let chain = CertificateDer::pem_slice_iter(CERTIFICATE).collect::<Result<Vec<_>, _>>().unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_slice(KEY).unwrap())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// A proxy that keeps the head of everything it was asked. To it every host is this computer.
struct Counting {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Counting {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&heads);
        drop(tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                drop(tokio::spawn(pass(client, Arc::clone(&kept))));
            }
        }));
        Self { port, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    fn network(&self, user: Option<(&str, &str)>, except: &str) -> Network {
        let user = user.map(|(user, password)| (user.to_owned(), password.into()));
        named(&format!("http://127.0.0.1:{}", self.port), user, except)
    }
}

fn named(address: &str, user: Option<(String, SecretString)>, except: &str) -> Network {
    let address = address.parse().unwrap();
    Network { proxy: Proxy::Named(NamedProxy { address, user, except: except.to_owned() }), certificates: None }
}

async fn pass(mut client: TcpStream, heads: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let head = head_of(&mut client).await?;
    heads.lock().unwrap().push(head.clone());
    let target = head.split(' ').nth(1)?;
    if head.starts_with("CONNECT ") {
        let mut server = here(target).await?;
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await.ok()?;
        return Some(());
    }
    let place = target.strip_prefix("http://")?.split('/').next()?;
    let mut server = here(place).await?;
    server.write_all(head.as_bytes()).await.ok()?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await.ok().map(drop)
}

/// The port of a place, on this computer.
async fn here(place: &str) -> Option<TcpStream> {
    let (_, port) = place.rsplit_once(':')?;
    TcpStream::connect(("127.0.0.1", port.parse().ok()?)).await.ok()
}

fn connector(endpoint: String, network: Network) -> Arc<dyn Connector> {
    let text = |text: &str| text.to_owned();
    let (region, bucket) = (text("us-east-1"), text("bucket"));
    let server = Server { endpoint, region, bucket, access_key_id: text("AKIA"), secret_access_key: text("secret") };
    let mut context = server.context("", &Learned::default());
    context.network = network;
    open_with(&context, patience()).unwrap()
}

async fn read(endpoint: String, network: Network) -> Result<Bytes, ConnectorError> {
    let connector = connector(endpoint, network);
    let body = connector.read().unwrap().read(&RemotePath::new("/a"), ReadOptions::default()).await?;
    let pieces: Vec<Bytes> = body.try_collect().await?;
    Ok(pieces.concat().into())
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_go_over_the_proxy_that_was_named_and_sign_in_there() {
    let (proxy, port) = (Counting::start().await, server(None).await);
    let network = proxy.network(Some(("ada", "won:d@er/ländé #?%")), "");
    assert!(!format!("{network:?}").contains("won:d"), "the password shows: {network:?}");
    let bytes = read(format!("http://storage.test:{port}"), network).await.unwrap();
    assert_eq!(bytes, "hello");
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1);
    assert!(heads[0].starts_with(&format!("GET http://storage.test:{port}/bucket/a")), "{}", heads[0]);
    let line = heads[0].lines().find_map(|line| line.strip_prefix("proxy-authorization: Basic ")).unwrap();
    let signed_in = data_encoding::BASE64.decode(line.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(signed_in).unwrap(), "ada:won:d@er/ländé #?%");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_excepted_is_reached_without_the_proxy_and_so_is_all_without_one() {
    let (proxy, port) = (Counting::start().await, server(None).await);
    for network in [proxy.network(None, ""), Network::default()] {
        assert_eq!(read(format!("http://127.0.0.1:{port}"), network).await.unwrap(), "hello", "this computer itself");
    }
    let excepted = proxy.network(None, "example.com, .test");
    let error = read(format!("http://storage.test:{port}"), excepted).await.unwrap_err();
    assert!(error.to_string().contains("no address is known for storage.test"), "{error}");
    assert_eq!(proxy.heads(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_encrypted_goes_through_a_tunnel_of_the_proxy_and_the_proxy_sees_no_request() {
    let (proxy, port) = (Counting::start().await, server(Some(tls())).await);
    let network = Network { certificates: Some(AUTHORITY.into()), ..proxy.network(None, "") };
    assert_eq!(read(format!("https://storage.test:{port}"), network).await.unwrap(), "hello");
    let heads = proxy.heads();
    assert!(!heads.is_empty());
    assert!(heads.iter().all(|head| head.starts_with(&format!("CONNECT storage.test:{port} "))), "{heads:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_a_certificate_of_ones_own_is_trusted_only_with_the_file() {
    let port = server(Some(tls())).await;
    let refused = read(format!("https://127.0.0.1:{port}"), Network::default()).await.unwrap_err();
    assert!(refused.to_string().to_ascii_lowercase().contains("certificate"), "{refused}");
    let network = Network { certificates: Some(AUTHORITY.into()), ..Network::default() };
    assert_eq!(read(format!("https://127.0.0.1:{port}"), network).await.unwrap(), "hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_around_a_proxy_that_does_not_answer() {
    let port = server(None).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    for address in ["http", "socks5"].map(|scheme| format!("{scheme}://127.0.0.1:{closed}")) {
        for scheme in ["http", "https"] {
            read(format!("{scheme}://storage.test:{port}"), named(&address, None, "")).await.unwrap_err();
        }
        let error = read(format!("https://storage.test:{port}"), named(&address, None, "")).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Unreachable);
        assert!(error.to_string().contains(&format!("the proxy {address}")), "{error}");
    }
}

#[rstest]
#[case("http", None)]
#[case("http", Some(("ada", "Secret4711")))]
#[case("https", None)]
#[case("https", Some(("ada", "Secret4711")))]
#[tokio::test(flavor = "multi_thread")]
async fn files_come_over_socks(#[case] scheme: &str, #[case] user: Option<(&'static str, &'static str)>) {
    let (proxy, port) = (ProxyPeer::start(user), server((scheme == "https").then(tls)).await);
    let user = user.map(|(user, password)| (user.to_owned(), password.into()));
    let network = named(&format!("socks5://127.0.0.1:{}", proxy.port), user, "");
    let network = Network { certificates: Some(AUTHORITY.into()), ..network };
    assert_eq!(read(format!("{scheme}://storage.test:{port}"), network).await.unwrap(), "hello");
    assert_eq!(proxy.asked(), [format!("socks5 storage.test:{port}")]);
}

#[rstest]
#[case("http", "https", FailureKind::Unauthenticated, "does not take this user and password")]
#[case("http", "http", FailureKind::Unauthenticated, "does not take this user and password")]
#[case("socks5", "https", FailureKind::Unreachable, "may not take this user and password")]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_of_the_proxy_is_told_apart(
    #[case] scheme: &str,
    #[case] beyond: &str,
    #[case] kind: FailureKind,
    #[case] says: &str,
) {
    let proxy = ProxyPeer::start(Some(("ada", "Secret4711")));
    let user = Some(("ada".to_owned(), "canary-0815".into()));
    let network = named(&format!("{scheme}://127.0.0.1:{}", proxy.port), user, "");
    let error = read(format!("{beyond}://storage.test"), network).await.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.to_string().contains(says) && error.to_string().contains("storage.test"), "{error}");
    assert_eq!(error.code.as_deref(), Some("proxy-sign-in"), "{error}");
    assert!(!format!("{error:?}").contains("canary-0815"), "the password shows");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_beyond_a_proxy_is_the_servers() {
    let (proxy, port) = (ProxyPeer::start(None), server(Some(tls())).await);
    let network = named(&format!("socks5://127.0.0.1:{}", proxy.port), None, "");
    let refused = read(format!("https://storage.test:{port}"), network.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("the certificate of storage.test"), "{refused}");
    let network = Network { certificates: Some(AUTHORITY.into()), ..network };
    let other = read(format!("https://other.test:{port}"), network).await.unwrap_err();
    assert!(other.to_string().contains("the certificate of other.test"), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_of_a_connection_begins_with_the_proxy_and_looks_up_no_name_itself() {
    let (mut proxy, port) = (ProxyPeer::start(None), server(None).await);
    for scheme in ["http", "socks5"] {
        let address = format!("{scheme}://127.0.0.1:{}", proxy.port);
        let connector = connector(format!("http://storage.test:{port}"), named(&address, None, ""));
        let report = connector.self_test().unwrap().run(&mut |_| {}).await;
        let first = &report.steps[0];
        assert_eq!((first.name.as_str(), first.outcome.clone()), ("Proxy reached", StepOutcome::Passed), "{scheme}");
        assert!(format!("{:?}", first.detail).contains(&address), "{first:?}");
        assert!(report.steps.iter().all(|step| step.name != "Name found"), "{:?}", report.steps);
    }
    proxy.kill();
    let address = format!("socks5://127.0.0.1:{}", proxy.port);
    let connector = connector(format!("http://storage.test:{port}"), named(&address, None, ""));
    let report = connector.self_test().unwrap().run(&mut |_| {}).await;
    assert_eq!(report.steps[0].outcome, StepOutcome::Failed);
    assert!(report.error.unwrap().to_string().contains(&format!("the proxy {address}")));
}

#[test]
fn a_file_of_certificates_is_checked_before_it_is_used() {
    assert_eq!(check_certificates(AUTHORITY), Ok(1));
    let twice = [AUTHORITY, b"\n", CERTIFICATE].concat();
    assert_eq!(check_certificates(&twice), Ok(2));
    assert_eq!(check_certificates(b""), Err(BadCertificates::None));
    assert_eq!(check_certificates(KEY), Err(BadCertificates::None), "a key is no certificate");
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(check_certificates(&[AUTHORITY, broken].concat()), Err(BadCertificates::Broken(2)));
}
