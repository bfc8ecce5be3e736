//! What a proxy answers, word by word: from ways that open to those that do not.
#![expect(clippy::unwrap_used, reason = "a step that cannot be made is a failed test")]

use std::time::Duration;

use rstest::rstest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};
use waybill_connector::{NamedProxy, PROXY_SIGN_IN, Proxy};
use waybill_model::{FailureKind, Retry};
use waybill_proxy::{ProxyError, Traffic, Way};

const PATIENCE: Duration = Duration::from_secs(30);
const ADA: Option<(&str, &str)> = Some(("ada", "won:d@er #?%ä"));

/// A proxy that answers each request with the next of `answers` and then hangs up, or keeps still where `stays`. It gives
/// back what it was asked.
async fn proxy(answers: Vec<Vec<u8>>, stays: bool) -> (u16, JoinHandle<Vec<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let talking = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut asked, mut bytes) = (Vec::new(), vec![0; 4096]);
        for answer in answers {
            let got = stream.read(&mut bytes).await.unwrap();
            asked.push(bytes[..got].to_vec());
            stream.write_all(&answer).await.unwrap();
        }
        if stays {
            // Until the other end goes.
            while stream.read(&mut bytes).await.is_ok_and(|got| got > 0) {}
        }
        asked
    });
    (port, talking)
}

fn way(scheme: &str, port: u16, user: Option<(&str, &str)>) -> Way {
    let address = format!("{scheme}://127.0.0.1:{port}").parse().unwrap();
    let user = user.map(|(user, password)| (user.to_owned(), password.into()));
    let named = Proxy::Named(NamedProxy { address, user, except: String::new() });
    Way::to(&named, Traffic::Other, "far.example.com").unwrap().unwrap()
}

async fn refused(scheme: &str, user: Option<(&str, &str)>, answers: Vec<Vec<u8>>) -> ProxyError {
    let (port, _talking) = proxy(answers, false).await;
    let opened = way(scheme, port, user).connect("far.example.com", 22, PATIENCE).await;
    let error = opened.err().unwrap();
    assert!(error.to_string().contains("far.example.com:22"), "{error}");
    assert!(error.to_string().contains(&format!("{scheme}://127.0.0.1:{port}")), "{error}");
    assert!(!format!("{error:?} {error}").contains("won:d"), "the password shows");
    error
}

/// Where a sign-in is refused, as far as that can be told, it is the proxy's, not that of the connection beyond.
fn its_own(kind: FailureKind, says: &str) -> Option<&'static str> {
    (kind == FailureKind::Unauthenticated || says.starts_with("may not take")).then_some(PROXY_SIGN_IN)
}

#[rstest]
#[case("407 Proxy Authentication Required", None, FailureKind::Unauthenticated, "asks who wants to reach")]
#[case("407 Proxy Authentication Required", ADA, FailureKind::Unauthenticated, "does not take this user")]
#[case("403 Forbidden", None, FailureKind::Denied, "does not let anybody through")]
#[case("405 Method Not Allowed", None, FailureKind::Denied, "does not let anybody through")]
#[case("502 Bad Gateway", None, FailureKind::Unreachable, "finds no way to far.example.com:22: 502 Bad Gateway")]
#[case("503 Host not found", None, FailureKind::Unreachable, "503 Host not found")]
#[case("504 Gateway Timeout", None, FailureKind::Unreachable, "finds no way")]
#[case("418 I'm a \u{202e}teapot", None, FailureKind::Unreachable, "refuses to lead to")]
#[case("302 Found", None, FailureKind::Unreachable, "refuses to lead to")]
#[tokio::test]
async fn a_refusal_by_http_says_what_the_proxy_means(
    #[case] status: &str,
    #[case] user: Option<(&str, &str)>,
    #[case] kind: FailureKind,
    #[case] says: &str,
) {
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 4\r\n\r\nbody");
    let error = refused("http", user, vec![answer.into_bytes()]).await;
    assert!(error.to_string().contains(says), "{error}");
    assert!(!error.to_string().contains('\u{202e}'), "{error}");
    let error = error.to_connector_error("connect");
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(error.code.as_deref(), its_own(kind, says), "{error}");
}

#[rstest]
#[case(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), "is no such proxy")]
#[case(b"\x05\xff".to_vec(), "is no such proxy")]
#[case([b"HTTP/1.1 200 OK\r\nX-Long: ".to_vec(), vec![b'x'; 64 << 10]].concat(), "is no such proxy")]
#[case(b"".to_vec(), "ended the connection")]
#[case(b"HTTP/1.1 200 OK\r\nX-Cut: h".to_vec(), "ended the connection")]
#[tokio::test]
async fn what_is_no_answer_by_http_is_told_apart(#[case] answer: Vec<u8>, #[case] says: &str) {
    let error = refused("http", None, vec![answer]).await;
    assert!(error.to_string().contains(says), "{error}");
}

/// What SOCKS 5 answers to a request, with an address that nobody needs.
fn reply(code: u8) -> Vec<u8> {
    vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0]
}

#[rstest]
#[case(vec![vec![5, 0], reply(1)], None, FailureKind::Unreachable, "finds no way")]
#[case(vec![vec![5, 0], reply(2)], None, FailureKind::Denied, "does not let anybody through")]
#[case(vec![vec![5, 0], reply(3)], None, FailureKind::Unreachable, "no way to its network")]
#[case(vec![vec![5, 0], reply(4)], None, FailureKind::Unreachable, "not known or does not answer")]
#[case(vec![vec![5, 0], reply(5)], None, FailureKind::Unreachable, "nothing listens there")]
#[case(vec![vec![5, 0], reply(7)], None, FailureKind::Unreachable, "refuses to lead to")]
#[case(vec![vec![5, 0xff]], None, FailureKind::Unauthenticated, "enter user and password")]
#[case(vec![vec![5, 0xff]], ADA, FailureKind::Unreachable, "no way to sign in that is known here")]
#[case(vec![vec![5, 2], vec![1, 1]], ADA, FailureKind::Unauthenticated, "does not take this user and password")]
#[case(vec![vec![5, 2], vec![]], ADA, FailureKind::Unreachable, "may not take this user and password")]
#[case(vec![vec![5, 0], vec![5, 0]], None, FailureKind::Unreachable, "ended the connection")]
#[case(vec![b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()], None, FailureKind::Invalid, "is no such proxy")]
#[tokio::test]
async fn a_refusal_by_socks_says_what_the_proxy_means(
    #[case] answers: Vec<Vec<u8>>,
    #[case] user: Option<(&str, &str)>,
    #[case] kind: FailureKind,
    #[case] says: &str,
) {
    let error = refused("socks5", user, answers).await;
    assert!(error.to_string().contains(says), "{error}");
    let error = error.to_connector_error("connect");
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(error.code.as_deref(), its_own(kind, says), "{error}");
    assert!(user.is_none() || error.retry == Retry::Never || kind != FailureKind::Unauthenticated);
}

#[rstest]
#[case("http")]
#[case("socks5")]
#[tokio::test]
async fn a_proxy_that_keeps_still_is_not_waited_for_without_end(#[case] scheme: &str) {
    let (port, _talking) = proxy(vec![Vec::new()], true).await;
    let patience = Duration::from_millis(300);
    let error = way(scheme, port, None).connect("far.example.com", 22, patience).await.err().unwrap();
    assert!(error.to_string().contains("has not led to far.example.com:22 within"), "{error}");
    assert_eq!(error.to_connector_error("connect").kind, FailureKind::TimedOut);
}

#[tokio::test]
async fn a_request_names_the_host_and_who_signs_in_in_the_usual_spelling() {
    let (port, talking) = proxy(vec![b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec()], true).await;
    drop(way("http", port, ADA).connect("far.example.com", 22, PATIENCE).await.unwrap());
    let asked = String::from_utf8(talking.await.unwrap().concat()).unwrap();
    assert!(asked.starts_with("CONNECT far.example.com:22 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("\r\nHost: far.example.com:22\r\n"), "{asked}");
    let signed = asked.lines().find_map(|line| line.strip_prefix("Proxy-Authorization: Basic ")).unwrap();
    assert_eq!(data_encoding::BASE64.decode(signed.as_bytes()).unwrap(), "ada:won:d@er #?%ä".as_bytes());
}

#[rstest]
#[case("far.example.com", b"\x05\x01\x00\x03\x0ffar.example.com\x00\x16".to_vec())]
#[case("10.1.2.3", b"\x05\x01\x00\x01\x0a\x01\x02\x03\x00\x16".to_vec())]
#[case("[fd00::1]", b"\x05\x01\x00\x04\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x00\x16".to_vec())]
#[tokio::test]
async fn names_go_to_the_socks_proxy_as_they_are(#[case] host: &str, #[case] request: Vec<u8>) {
    let (port, talking) = proxy(vec![vec![5, 2], vec![1, 0], reply(0)], true).await;
    drop(way("socks5", port, Some(("ada", "pw"))).connect(host, 22, PATIENCE).await.unwrap());
    let asked = talking.await.unwrap();
    assert_eq!(asked[1..], [b"\x01\x03ada\x02pw".to_vec(), request]);
}

#[rstest]
#[case("http", vec![b"HTTP/1.1 200 OK\r\nVia: 1.1 gate\r\n\r\nSSH-2.0-first\r\n".to_vec()])]
#[case("socks5", vec![vec![5, 0], [reply(0), b"SSH-2.0-first\r\n".to_vec()].concat()])]
#[tokio::test]
async fn what_the_host_says_right_behind_the_answer_is_not_lost(#[case] scheme: &str, #[case] answers: Vec<Vec<u8>>) {
    let (port, _talking) = proxy(answers, true).await;
    let mut stream = way(scheme, port, None).connect("far.example.com", 22, PATIENCE).await.unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"SSH-2.0-first\r\n");
}

#[tokio::test]
async fn a_user_that_socks_cannot_carry_is_refused_before_it_is_cut() {
    for user in [("ada", ""), ("ada", &*"x".repeat(256))] {
        let (port, _talking) = proxy(vec![vec![5, 2]], true).await;
        let error = way("socks5", port, Some(user)).connect("far", 22, PATIENCE).await.err().unwrap();
        assert_eq!(error.to_connector_error("connect").kind, FailureKind::Invalid, "{error}");
    }
}

#[tokio::test]
async fn a_proxy_without_an_address_is_named() {
    let address = "socks5://proxy.invalid:1080".parse().unwrap();
    let named = Proxy::Named(NamedProxy { address, user: None, except: String::new() });
    let way = Way::to(&named, Traffic::Other, "far").unwrap().unwrap();
    let error = way.connect("far", 22, PATIENCE).await.err().unwrap();
    assert!(error.to_string().contains("no address is known for the proxy socks5://proxy.invalid:1080"), "{error}");
}
