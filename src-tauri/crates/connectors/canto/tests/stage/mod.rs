//! A tenant of the stand-in with a connection to it, as the tests need them.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
#![allow(dead_code, reason = "each test takes what it needs")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::TryStreamExt as _;
use http::Method;
use secrecy::SecretString;
use serde_json::Value;
use waybill_connector::{
    Connector, Learned, Network, NobodyToAsk, OpenContext, PageRequest, ReadOptions, Result, Settings, WriteOptions,
    body_of,
};
use waybill_connector_canto::CantoConnector;
use waybill_model::{Clock, Millis, Receipt, RemotePath};
use waybill_net::{Http, HttpOptions, Inspector, Patience, Surroundings};
use waybill_standins::canto::{CantoStandin, Options};

/// The time of day: the stand-in's own clock is that, too.
#[derive(Debug)]
pub(crate) struct Wall;

impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "the stand-in takes the time of day")]
    fn now(&self) -> Millis {
        Millis(jiff::Timestamp::now().as_millisecond())
    }
}

/// A tenant without waits, and with nothing in it.
pub(crate) fn options() -> Options {
    Options {
        seed: false,
        processing: Duration::ZERO,
        rate_limits: [None; 4],
        batch_pause: Duration::ZERO,
        ..Options::default()
    }
}

pub(crate) fn patience() -> Patience {
    Patience { answer: Duration::from_secs(2), ..Patience::default() }
}

pub(crate) fn around() -> Surroundings {
    Surroundings { inspector: Inspector::default(), clock: Arc::new(Wall), keep: None, patience: patience() }
}

/// The settings of a program's connection; `more` are set over them.
pub(crate) fn context(server: &CantoStandin, more: &[(&str, &str)]) -> OpenContext {
    let base = server.base_url();
    let mut settings = Settings::from_iter([
        ("base_url", base.as_str()),
        ("oauth_url", base.as_str()),
        ("client_id", server.app_id()),
        ("per_minute", "0"),
        ("root", "bench"),
    ]);
    for (key, value) in more {
        settings.set(*key, *value);
    }
    let secret = SecretString::from(server.app_secret().to_owned());
    OpenContext {
        name: "library".to_owned(),
        settings,
        secrets: BTreeMap::from([("client_secret".to_owned(), secret)]),
        learned: Learned::default(),
        ask: Arc::new(NobodyToAsk),
        network: Network::default(),
    }
}

pub(crate) fn open(server: &CantoStandin, more: &[(&str, &str)]) -> CantoConnector {
    CantoConnector::open(&context(server, more), around()).unwrap()
}

/// Somebody who works with the interface as it is.
pub(crate) struct Bench {
    pub(crate) server: CantoStandin,
    pub(crate) http: Http,
    token: SecretString,
}

impl Bench {
    pub(crate) async fn start(options: Options) -> Self {
        let server = CantoStandin::start(options).await.unwrap();
        let options = HttpOptions::new("bench", Network::default(), Inspector::default(), Arc::new(Wall));
        let token = SecretString::from(server.issue_token(None));
        Self { http: Http::new(options).unwrap(), token, server }
    }

    /// With the folder `bench`, in which the tests work.
    pub(crate) async fn with_folder(options: Options) -> Self {
        let bench = Self::start(options).await;
        bench.said(Method::POST, "/api/v1/folder/bench", None).await;
        bench
    }

    pub(crate) async fn status(&self, method: Method, path: &str, body: Option<Value>) -> (u16, String) {
        let url: url::Url = format!("{}{path}", self.server.base_url()).parse().unwrap();
        let call = self.http.call("bench", method, url).bearer(&self.token);
        let call = match &body {
            Some(body) => call.json(body),
            None => call,
        };
        let answer = call.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.text(64 << 20).await.unwrap())
    }

    pub(crate) async fn said(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let (status, text) = self.status(method.clone(), path, body).await;
        assert!(status < 300, "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Every asset there is, deleted ones left out.
    pub(crate) async fn assets(&self) -> Vec<Value> {
        let found = self.said(Method::GET, "/api/v1/search?limit=10000", None).await;
        found["results"].as_array().cloned().unwrap_or_default()
    }
}

/// Writes a file in one piece.
pub(crate) async fn store(connector: &dyn Connector, path: &str, bytes: &[u8], replace: bool) -> Result<Receipt> {
    let options = WriteOptions { size: bytes.len() as u64, replace, ..WriteOptions::default() };
    let body = body_of(Bytes::copy_from_slice(bytes));
    connector.write().unwrap().write(&RemotePath::new(path), body, options).await
}

/// All bytes of a file.
pub(crate) async fn bytes_at(connector: &dyn Connector, path: &str) -> Result<Vec<u8>> {
    let body = connector.read().unwrap().read(&RemotePath::new(path), ReadOptions::default()).await?;
    body.try_fold(Vec::new(), async |all, piece| Ok([all, piece.to_vec()].concat())).await
}

/// The names in a folder.
pub(crate) async fn names(connector: &dyn Connector, path: &str) -> Vec<String> {
    let page = connector.list().unwrap().list(&RemotePath::new(path), PageRequest::default()).await.unwrap();
    page.entries.into_iter().map(|entry| entry.name).collect()
}
