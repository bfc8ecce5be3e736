//! A content server in process, and connections to it.
#![allow(dead_code, reason = "each test uses its part of it")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use http::Method;
use secrecy::SecretString;
use serde_json::Value;
use waybill_connector::{Learned, Network, NobodyToAsk, OpenContext, Settings};
use waybill_connector_xecm::XecmConnector;
use waybill_model::{Clock, Millis};
use waybill_net::{Http, HttpOptions, Inspector, Patience, Surroundings};
use waybill_standins::xecm::{ADMIN, DEMO_PASSWORD, Options, XecmStandin};

/// A clock that stands.
#[derive(Debug)]
pub(crate) struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Millis {
        Millis(1_800_000_000_000)
    }
}

/// A server with those who connect to it.
pub(crate) struct Bench {
    pub(crate) server: XecmStandin,
}

impl Bench {
    pub(crate) async fn start(options: Options) -> Self {
        Self { server: XecmStandin::start(options).await.unwrap() }
    }

    /// Settings on top of those of the administrator with a password.
    pub(crate) fn context(&self, more: &[(&str, &str)], secrets: &[(&str, &str)]) -> OpenContext {
        let base = self.server.base_url();
        let mut settings = Settings::from_iter([("base_url", base.as_str()), ("user", ADMIN)]);
        for (key, value) in more {
            settings.set(*key, *value);
        }
        let mut all = BTreeMap::from([("password".to_owned(), SecretString::from(DEMO_PASSWORD.to_owned()))]);
        all.extend(secrets.iter().map(|(key, value)| ((*key).to_owned(), SecretString::from((*value).to_owned()))));
        OpenContext {
            name: "documents".to_owned(),
            settings,
            secrets: all,
            learned: Learned::default(),
            ask: Arc::new(NobodyToAsk),
            network: Network::default(),
        }
    }

    pub(crate) fn connect(&self, more: &[(&str, &str)]) -> XecmConnector {
        XecmConnector::open(&self.context(more, &[]), around()).unwrap()
    }

    /// What the server answers its administrator.
    pub(crate) async fn said(&self, method: Method, path: &str, form: &[(&str, &str)]) -> Value {
        let options = HttpOptions::new("bench", Network::default(), Inspector::default(), Arc::new(StandingClock));
        let client = Http::new(options).unwrap();
        let url = |path: &str| format!("{}/api/{path}", self.server.base_url()).parse().unwrap();
        let sign_in = client.post("bench", url("v1/auth")).form([("username", ADMIN), ("password", DEMO_PASSWORD)]);
        let ticket: Value = sign_in.send().await.unwrap().json(1 << 20).await.unwrap();
        let call = client
            .call("bench", method, url(path))
            .header(http::HeaderName::from_static("otcsticket"), ticket["ticket"].as_str().unwrap());
        let call = if form.is_empty() { call } else { call.form(form.iter().copied()) };
        call.send().await.unwrap().json(1 << 20).await.unwrap()
    }

    /// Requests that the server saw of a method, with a path that holds `part`.
    pub(crate) fn seen(&self, method: &str, part: &str) -> usize {
        let journal = self.server.faults().journal();
        journal.iter().filter(|record| record.method == method && record.path.contains(part)).count()
    }
}

pub(crate) fn around() -> Surroundings {
    Surroundings {
        inspector: Inspector::default(),
        clock: Arc::new(StandingClock),
        keep: None,
        patience: Patience { answer: Duration::from_secs(3), ..Patience::default() },
    }
}
