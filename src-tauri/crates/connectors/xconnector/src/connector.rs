//! The connector: who it is, and what it can do.

use std::sync::Mutex;

use async_trait::async_trait;
use waybill_connector::{
    Catalogue, Connector, Descriptor, Events, Identity, Inbound, Limits, OpenContext, Publish, Result, ResumeSupport,
    SelfTest, Write,
};
use waybill_model::names::NameRules;
use waybill_net::{
    Http, Pace, Surroundings, http,
    oauth::{Client, Session, SignIn, TokenDoor},
    remarks_on,
};

use crate::{
    config::{Auth, Config, Sink},
    feed::Walk,
    words,
};

/// How fast, unless the settings say otherwise.
const PACE: Pace = Pace { per_minute: 0, burst: 20, parallel: 8 };
/// Files up to this size are hashed before they go.
const SINGLE: u64 = 8 << 20;

/// A connection to one other side.
#[derive(Debug)]
pub struct XConnector {
    pub(crate) config: Config,
    pub(crate) http: Http,
    /// The same without the client certificate, for hosts that nobody named; `None` where there is no certificate.
    pub(crate) stranger: Option<Http>,
    pub(crate) session: Option<Session>,
    pub(crate) walk: Mutex<Walk>,
    /// The event collector tells senders apart by it.
    pub(crate) channel: String,
    descriptor: Descriptor,
}

impl XConnector {
    /// Opens a connection; no I/O.
    pub fn open(context: &OpenContext, around: Surroundings) -> Result<Self> {
        let config = Config::read(context)?;
        let client = http(context, &around, PACE, config.identity.clone())?;
        let is_needed = config.file_hosts.any && config.identity.is_some();
        let stranger = is_needed.then(|| http(context, &around, PACE, None)).transpose()?;
        let session = match &config.auth {
            Auth::OAuth(oauth) => {
                let mut shown = Client::new(oauth.client.clone(), Some(oauth.secret.clone()));
                shown.secret_in = oauth.secret_in;
                let door = TokenDoor { http: client.clone(), address: oauth.address.clone(), client: shown };
                let more = oauth.scope.iter().map(|scope| ("scope".to_owned(), scope.clone())).collect();
                Some(Session::new(door, SignIn::Credentials(more), around.keep))
            }
            _ => None,
        };
        let descriptor = describe(&config);
        let channel = uuid::Uuid::now_v7().to_string();
        Ok(Self { config, http: client, stranger, session, walk: Mutex::default(), channel, descriptor })
    }

    /// Who the other side takes us for.
    fn name(&self) -> String {
        match &self.config.auth {
            Auth::Basic(user, _) => user.clone(),
            Auth::OAuth(oauth) => oauth.client.clone(),
            Auth::None | Auth::Bearer(_) | Auth::Header(..) => self.config.source(),
        }
    }

    /// The cheapest call that the settings allow; answers who was asked.
    async fn ask(&self) -> Result<String> {
        let config = &self.config;
        if let Some(url) = &config.check {
            return self.try_out(url).await.map(|()| url.to_string());
        }
        if let Some(feed) = &config.feed {
            return self.page(feed, None, "check").await.map(|_| feed.address.to_string());
        }
        if let Some(catalog) = &config.catalog {
            return self.count_indexed(catalog, "check").await.map(|_| catalog.base.to_string());
        }
        match &config.sink {
            Some(Sink::Collector(collector)) => {
                return self.knock_at(collector, "check").await.map(|()| collector.base.to_string());
            }
            Some(Sink::Syslog(syslog)) => {
                return self.knock_at_log(syslog, "check").await.map(|()| format!("{}:{}", syslog.host, syslog.port));
            }
            Some(Sink::Webhook(webhook)) => {
                return self.look_or_try("check", &webhook.address).await.map(|()| webhook.address.to_string());
            }
            None => {}
        }
        if let Some(files) = &config.files {
            return self.look_at_files("check", files).await.map(|()| files.begins.to_string());
        }
        Ok(config.listening.as_ref().map(|at| format!("{}:{}", at.host, at.port)).unwrap_or_default())
    }
}

fn describe(config: &Config) -> Descriptor {
    let longest = config.files.as_ref().map_or(0, |files| files.longest);
    let mut remarks = Vec::new();
    let mut say = |phrase: waybill_connector::Phrase| remarks.push(phrase.english.to_owned());
    if let Some(files) = &config.files {
        if files.hash.is_none() {
            say(words::NEVER_MATCHED);
        }
        if files.is_form && !files.is_repeatable {
            say(words::NOT_REPEATED);
        }
    }
    if matches!(config.sink, Some(Sink::Syslog(_))) {
        say(words::ONLY_SENT);
    }
    if matches!(config.sink, Some(Sink::Webhook(_))) && config.signing.is_none() {
        say(words::UNSIGNED);
    }
    remarks.extend(remarks_on(config.own_addresses()));
    Descriptor {
        kind: "xconnector",
        limits: Limits {
            max_file_bytes: longest,
            single_write_bytes: longest.min(SINGLE),
            parallel_files: 4,
            parallel_small_files: 4,
            parallel_ranges: 1,
        },
        names: NameRules::posix(),
        resume: ResumeSupport::WholeFile,
        read_back: false,
        remarks,
        columns: Vec::new(),
    }
}

#[async_trait]
impl Connector for XConnector {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn check(&self) -> Result<Identity> {
        let server = self.ask().await?;
        Ok(Identity { name: self.name(), server: Some(server).filter(|server| !server.is_empty()) })
    }

    fn self_test(&self) -> Option<&dyn SelfTest> {
        Some(self)
    }

    fn write(&self) -> Option<&dyn Write> {
        self.config.files.is_some().then_some(self)
    }

    fn events(&self) -> Option<&dyn Events> {
        self.config.feed.is_some().then_some(self)
    }

    fn inbound(&self) -> Option<&dyn Inbound> {
        self.config.listening.is_some().then_some(self)
    }

    fn publish(&self) -> Option<&dyn Publish> {
        self.config.sink.is_some().then_some(self)
    }

    fn catalogue(&self) -> Option<&dyn Catalogue> {
        self.config.catalog.is_some().then_some(self)
    }
}
