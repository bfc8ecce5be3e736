use std::sync::Arc;

use camino::Utf8PathBuf;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use waybill_connector::ProxyProtocol;
use waybill_engine::SystemClock;

use super::*;
use crate::{ConnectionDraft, Paths, assemble};

async fn desk() -> (tempfile::TempDir, Desk) {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().join("home")).unwrap();
    let desk = assemble(Paths::new(path), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
    (dir, desk)
}

fn draft(url: &str) -> NetworkDraft {
    NetworkDraft {
        proxy: ProxyMode::Manual,
        url: url.to_owned(),
        user: "ada".to_owned(),
        password: Some("canary-4711".into()),
        no_proxy: "example.com".to_owned(),
        ..NetworkDraft::default()
    }
}

#[tokio::test]
async fn a_socks_proxy_reaches_connections_with_its_password_from_the_vault() {
    let (_dir, desk) = desk().await;
    desk.set_network(draft(" socks5h://proxy.example.com:1080 ")).await.unwrap();
    let kept = desk.settings().network;
    assert!(!format!("{kept:?}").contains("canary-4711"), "{kept:?}");
    assert!(kept.password_in.is_some());
    let name = desk.inner.opener.secret_ref(ConnectionId::LOCAL, PASSWORD);
    let Proxy::Named(named) = opened(&kept, &desk.inner.vaults, &name).await.unwrap().proxy else {
        panic!("the proxy was named");
    };
    assert_eq!(named.address.speaks, ProxyProtocol::Socks5);
    assert_eq!(named.address.to_string(), "socks5://proxy.example.com:1080");
    assert_eq!(named.except, "example.com");
    let (user, password) = named.user.unwrap();
    assert_eq!((user.as_str(), password.expose_secret()), ("ada", "canary-4711"));
}

#[tokio::test]
async fn an_address_that_is_no_proxys_is_refused_with_the_reason_and_nothing_is_kept() {
    let (_dir, desk) = desk().await;
    for (url, phrase) in [
        ("", words::PROXY_URL_NEEDED),
        ("socks5://ada@proxy:1080", words::PROXY_USER_APART),
        ("socks4://proxy:1080", words::PROXY_IS_HTTP_OR_SOCKS),
        ("socks5://proxy", words::PROXY_PLACE),
    ] {
        let refused = desk.set_network(draft(url)).await.unwrap_err();
        let DeskError::Settings { problems } = refused else { panic!("{url}: {refused}") };
        assert_eq!(problems, [problem("url", phrase.said())], "{url}");
        assert_eq!(desk.settings().network, Network::default(), "{url}");
    }
}

/// An HTTP proxy that takes nobody's password.
async fn proxy_that_refuses() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let _got = stream.read(&mut asked).await;
            let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
            let _sent = stream.write_all(answer).await;
        }
    });
    port
}

#[tokio::test]
async fn a_proxy_that_refuses_its_password_is_not_the_connections_sign_in_and_goes_on_once_it_is_corrected() {
    let (_dir, desk) = desk().await;
    let url = format!("http://127.0.0.1:{}", proxy_that_refuses().await);
    desk.set_network(draft(&url)).await.unwrap();
    let text = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let connection = ConnectionDraft {
        name: "far".to_owned(),
        kind: "sftp".to_owned(),
        settings: text(&[("host", "far.example.org"), ("user", "ada"), ("auth", "password")]),
        secrets: [("password".to_owned(), "canary-4712".into())].into(),
        ..ConnectionDraft::default()
    };
    let id = desk.add_connection(connection).await.unwrap();
    let report = desk.test_connection(id, &mut |_| {}).await.unwrap();
    let error = report.error.unwrap();
    assert_eq!(error.code.as_deref(), Some("proxy-sign-in"), "{error}");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    let shown = desk.connection(id).await.unwrap();
    assert_eq!(shown.failure.unwrap().code.as_deref(), Some("proxy-sign-in"), "it is kept for the card");
    let asked = desk.attention().await.unwrap();
    assert_eq!(asked[0].row.facts.get("proxy-sign-in").and_then(|fact| fact.as_str()), Some(url.as_str()));

    desk.set_network(NetworkDraft { password: Some("another one".into()), ..draft(&url) }).await.unwrap();
    assert_eq!(desk.attention().await.unwrap(), [], "nobody has to answer what was corrected in the settings");
    assert_eq!(desk.connection(id).await.unwrap().health, waybill_store::Health::Untested);
}
