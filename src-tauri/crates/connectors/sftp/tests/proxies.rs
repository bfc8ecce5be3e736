//! Servers that lie beyond a proxy. To everybody but the proxy the name `sftp.test` leads nowhere, so what arrives there came
//! through it.
#![expect(clippy::unwrap_used, reason = "a step that cannot be made is a failed test")]

mod served;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use rstest::rstest;
use served::{Served, get, names_in, open, put, sample, to_sshd, to_standin};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use waybill_connector::{ConnectorError, NamedProxy, Network, OpenContext, Proxy, StepOutcome, TestReport};
use waybill_model::{FailureKind, RemotePath, Retry};
use waybill_peers::{ProxyPeer, Sshd, SshdOptions};
use waybill_standins::sftp::{Options, Quirks, SftpStandin};

fn over(scheme: &str, port: u16, user: Option<(&str, &str)>, except: &str) -> Network {
    let address = format!("{scheme}://127.0.0.1:{port}").parse().unwrap();
    let user = user.map(|(user, password)| (user.to_owned(), password.into()));
    Network { proxy: Proxy::Named(NamedProxy { address, user, except: except.to_owned() }), certificates: None }
}

/// A server beyond a proxy, by the name that only the proxy knows.
async fn beyond(network: Network) -> Served {
    let mut served = Served::by_standin(Quirks::default(), &[("host", "sftp.test")]).await;
    served.context.network = network;
    served.connector = open(served.context.clone());
    served
}

async fn refused(network: Network) -> ConnectorError {
    beyond(network).await.connector.check().await.unwrap_err()
}

async fn tested(context: OpenContext) -> TestReport {
    open(context).self_test().unwrap().run(&mut |_| {}).await
}

#[rstest]
#[case("http", None)]
#[case("http", Some(("ada", "Secret4711")))]
#[case("socks5", None)]
#[case("socks5", Some(("ada", "Secret4711")))]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_there_and_back_over_either_kind_of_proxy(
    #[case] scheme: &str,
    #[case] user: Option<(&'static str, &'static str)>,
) {
    let proxy = ProxyPeer::start(user);
    let place = beyond(over(scheme, proxy.port, user, "")).await;
    let bytes = sample(2_000_003);
    put(place.connector.as_ref(), &place.path("a.bin"), &bytes, false).await.unwrap();
    assert!(get(place.connector.as_ref(), &place.path("a.bin")).await.unwrap() == bytes, "the same bytes come back");
    assert_eq!(names_in(&place.local), ["a.bin"]);
    assert_eq!(proxy.asked(), [format!("{scheme} sftp.test:{}", place.standin().port())]);
}

/// Leads to the proxy and counts what goes there.
async fn counted(to: u16) -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, count) = (listener.local_addr().unwrap().port(), Arc::<AtomicU64>::default());
    let counts = Arc::clone(&count);
    drop(tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (counts, server) = (Arc::clone(&counts), TcpStream::connect(("127.0.0.1", to)).await.unwrap());
            let ((mut asks, mut hears), (mut answers, mut takes)) = (client.into_split(), server.into_split());
            drop(tokio::spawn(async move { tokio::io::copy(&mut answers, &mut hears).await }));
            drop(tokio::spawn(async move {
                let mut bytes = vec![0; 64 << 10];
                while let Ok(got @ 1..) = asks.read(&mut bytes).await {
                    counts.fetch_add(got as u64, Ordering::Relaxed);
                    if takes.write_all(&bytes[..got]).await.is_err() {
                        break;
                    }
                }
            }));
        }
    }));
    (port, count)
}

#[rstest]
#[case("http")]
#[case("socks5")]
#[tokio::test(flavor = "multi_thread")]
async fn every_byte_of_a_file_passes_through_the_proxy(#[case] scheme: &str) {
    let proxy = ProxyPeer::start(None);
    let (port, count) = counted(proxy.port).await;
    let place = beyond(over(scheme, port, None, "")).await;
    place.connector.check().await.unwrap();
    let before = count.load(Ordering::Relaxed);
    put(place.connector.as_ref(), &place.path("a.bin"), &sample(1_000_000), false).await.unwrap();
    let passed = count.load(Ordering::Relaxed) - before;
    assert!(passed >= 1_000_000, "{passed} bytes passed");
}

#[rstest]
#[case("http", FailureKind::Unauthenticated, "does not take this user and password")]
// This proxy says nothing and hangs up.
#[case("socks5", FailureKind::Unreachable, "may not take this user and password")]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_of_the_proxy_is_the_proxys_and_is_not_offered_again(
    #[case] scheme: &str,
    #[case] kind: FailureKind,
    #[case] says: &str,
) {
    let proxy = ProxyPeer::start(Some(("ada", "Secret4711")));
    let error = refused(over(scheme, proxy.port, Some(("ada", "canary-0815")), "")).await;
    assert_eq!((error.kind, error.retry), (kind, Retry::Never), "{error}");
    let text = error.to_string();
    for part in [says, "Settings, Network", "sftp.test:", &format!("{scheme}://127.0.0.1:{}", proxy.port)] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!format!("{error:?}").contains("canary-0815"), "the password shows");
    assert_eq!(proxy.asked(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_wants_to_know_who_is_there_is_told_apart_from_a_wrong_password() {
    let proxy = ProxyPeer::start(Some(("ada", "Secret4711")));
    let error = refused(over("http", proxy.port, None, "")).await;
    assert_eq!(error.kind, FailureKind::Unauthenticated);
    assert!(error.to_string().contains("enter user and password"), "{error}");
}

#[rstest]
#[case("http")]
#[case("socks5")]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_gone_is_named_and_nothing_goes_around_it(#[case] scheme: &str) {
    let mut proxy = ProxyPeer::start(None);
    let place = beyond(over(scheme, proxy.port, None, "")).await;
    place.connector.check().await.unwrap();
    proxy.kill();
    put(place.connector.as_ref(), &place.path("a"), b"hello", false).await.unwrap_err();
    let error = place.connector.check().await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Unreachable, Retry::Backoff), "{error}");
    let text = error.to_string();
    let named = format!("{scheme}://127.0.0.1:{}", proxy.port);
    assert!(text.contains(&named) && text.contains("nothing listens") && text.contains("administrator"), "{text}");
    assert_eq!(error.fact("proxy"), Some(named.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exception_and_this_computer_are_reached_directly() {
    let proxy = ProxyPeer::start(None);
    let error = refused(over("socks5", proxy.port, None, "other.test, .test")).await;
    assert!(error.to_string().contains("no address is known for sftp.test"), "{error}");
    let standin = SftpStandin::start(Options::default()).await.unwrap();
    let near = OpenContext { network: over("socks5", proxy.port, None, ""), ..to_standin(&standin, &[]) };
    open(near).check().await.unwrap();
    assert_eq!(proxy.asked(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_key_is_the_servers_and_not_the_proxys() {
    let proxy = ProxyPeer::start(None);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known_hosts");
    let place = beyond(over("socks5", proxy.port, None, "")).await;
    let (mut context, port) = (place.context.clone(), place.standin().port());
    context.settings.set("host_key", "");
    context.settings.set("known_hosts", file.to_str().unwrap());
    let host = format!("sftp.test:{port}");
    let connector = open(context.clone());
    let error = connector.check().await.unwrap_err();
    assert_eq!((error.kind, error.fact("host")), (FailureKind::HostKeyUnknown, Some(host.as_str())), "{error}");
    let report = tested(context).await;
    let failed: Vec<_> = report.steps.iter().filter(|step| step.outcome == StepOutcome::Failed).collect();
    assert_eq!(failed.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), ["Host key"]);
    let trust = connector.trust().unwrap();
    trust.accept(&trust.offered().await.unwrap(), false).await.unwrap();
    connector.check().await.unwrap();
    let written = fs_err::read_to_string(file).unwrap();
    assert!(written.starts_with(&format!("[sftp.test]:{port} ")), "{written}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_of_a_connection_says_whether_the_proxy_was_reached() {
    let mut proxy = ProxyPeer::start(None);
    let place = beyond(over("http", proxy.port, None, "")).await;
    let report = tested(place.context.clone()).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let names: Vec<_> = report.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names[..3], ["Proxy reached", "Server reached", "Host key"]);
    assert!(format!("{:?}", report.steps[0]).contains(&format!("http://127.0.0.1:{}", proxy.port)));
    proxy.kill();
    let report = tested(place.context.clone()).await;
    let last = report.steps.last().unwrap();
    assert_eq!((last.name.as_str(), last.outcome.clone()), ("Proxy reached", StepOutcome::Failed));
    assert!(report.error.unwrap().to_string().contains(&format!("http://127.0.0.1:{}", proxy.port)));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_first_of_the_jump_hosts_is_asked_of_the_proxy() {
    let (gate, sshd) = (Sshd::start(&SshdOptions::default()), Sshd::start(&SshdOptions::default()));
    let proxy = ProxyPeer::start(None);
    let folder = tempfile::tempdir().unwrap();
    let (config, known) = (folder.path().join("config"), folder.path().join("known_hosts"));
    let block =
        format!("Host gate\n  HostName gate.test\n  Port {}\n  IdentityFile {}\n", gate.port, gate.key_file.display());
    fs_err::write(&config, block).unwrap();
    let of_gate = fs_err::read_to_string(&gate.known_hosts).unwrap().replace(gate.host.as_str(), "gate.test");
    fs_err::write(&known, of_gate + &fs_err::read_to_string(&sshd.known_hosts).unwrap()).unwrap();
    let jump = format!("{}@gate", gate.user);
    let more =
        [("jump", jump.as_str()), ("known_hosts", known.to_str().unwrap()), ("ssh_config", config.to_str().unwrap())];
    let context = OpenContext { network: over("socks5", proxy.port, None, ""), ..to_sshd(&sshd, &more) };
    let path = RemotePath::new(sshd.root.to_str().unwrap()).join("a");
    put(open(context).as_ref(), &path, &sample(300_000), false).await.unwrap();
    assert_eq!(names_in(&sshd.root), ["a"]);
    assert_eq!(proxy.asked(), [format!("socks5 gate.test:{}", gate.port)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_promises_a_way_it_does_not_have_is_named_too() {
    let proxy = ProxyPeer::start(None);
    let mut context = beyond(over("socks5", proxy.port, None, "")).await.context;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    context.settings.set("port", closed.to_string());
    let error = open(context).check().await.unwrap_err();
    let text = error.to_string();
    assert_eq!(error.kind, FailureKind::Unreachable);
    for part in [format!("sftp.test:{closed}"), format!("socks5://127.0.0.1:{}", proxy.port)] {
        assert!(text.contains(&part), "{text}");
    }
}
