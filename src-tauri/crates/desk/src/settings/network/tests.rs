use std::sync::Arc;

use camino::Utf8PathBuf;
use waybill_connector::ProxyProtocol;
use waybill_engine::SystemClock;

use super::*;
use crate::{Paths, assemble};

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
