//! The connector: who it is, and what it can do.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use tokio::sync::OnceCell;
use waybill_connector::{
    Approval, Attributes, Checksums, Connector, ConnectorError, CreateFolder, Delete, Descriptor, Events, Identity,
    Inbound, Limits, Links, List, Metadata, OpenContext, Previews, Read, Rename, Result, ResumeSupport, Search,
    SelfTest, UnfinishedUploads, Versions, Write,
};
use waybill_model::{Clock, FailureKind, names::NameRules};
use waybill_net::{
    Http, HttpOptions, Pace, Surroundings, below, http, nobody_yet,
    oauth::{Client, PersonSignIn, Session, SignIn, TokenDoor},
    remarks_on,
};

use crate::{
    albums::Albums,
    config::{Config, Who},
    errors::account_refused,
    mapping::columns,
    places::Places,
    turns::Turns,
    unfinished::UnderWay,
    wire::{CustomField, User},
    words,
};

/// How fast, unless the settings say otherwise.
const PACE: Pace = Pace { per_minute: 120, burst: 30, parallel: 8 };
/// One form of the storage takes no more.
pub(crate) const LARGEST: u64 = 5 * 1024 * 1024 * 1024;
/// Bytes of an answer about an account.
const ACCOUNT_BYTES: u64 = 1024 * 1024;

/// A connection to one tenant.
#[derive(Debug)]
pub struct CantoConnector {
    pub(crate) config: Config,
    /// The tenant's own host.
    pub(crate) http: Http,
    /// Sign-in, storage and delivery: other hosts, and none of Canto's counted requests.
    pub(crate) elsewhere: Http,
    /// None while a secret is missing.
    session: Option<Session>,
    door: TokenDoor,
    pub(crate) clock: Arc<dyn Clock>,
    descriptor: Descriptor,
    pub(crate) fields: OnceCell<Vec<CustomField>>,
    pub(crate) places: Places,
    pub(crate) albums: Albums,
    pub(crate) turns: Turns,
    pub(crate) under_way: UnderWay,
    /// Sizes of versions, which never change.
    pub(crate) sizes: Mutex<HashMap<String, u64>>,
}

/// The client for what is not the tenant's own host.
fn elsewhere(context: &OpenContext, around: &Surroundings) -> Result<Http> {
    Http::new(HttpOptions {
        patience: around.patience,
        ..HttpOptions::new(
            context.name.clone(),
            context.network.clone(),
            around.inspector.clone(),
            Arc::clone(&around.clock),
        )
    })
}

/// Where tokens are handed out.
fn token_door(config: &Config, http: Http) -> TokenDoor {
    let mut client = Client::new(config.client_id.clone(), config.client_secret.clone());
    client.fields = ("app_id", "app_secret");
    TokenDoor { http, address: below(&config.oauth, ["token"]), client }
}

impl CantoConnector {
    /// Opens a connection; no I/O.
    pub fn open(context: &OpenContext, around: Surroundings) -> Result<Self> {
        let config = Config::read(context)?;
        let http = http(context, &around, PACE, None)?;
        let elsewhere = elsewhere(context, &around)?;
        let same = config.oauth.origin() == config.base.origin();
        let door = token_door(&config, if same { http.clone() } else { elsewhere.clone() });
        let sign_in = match &config.who {
            Who::Person(refresh) => refresh.clone().map(SignIn::Person),
            Who::Client { user, scope } => {
                let user = user.iter().map(|user| ("user_id".to_owned(), user.clone()));
                let scope = scope.iter().map(|scope| ("scope".to_owned(), scope.clone()));
                Some(SignIn::Credentials(user.chain(scope).collect()))
            }
        };
        let mut remarks = vec![words::VERSIONS_STAY.english.to_owned()];
        if config.root.is_empty() {
            remarks.push(words::NO_FILES_AT_TOP.english.to_owned());
        }
        remarks.extend(remarks_on([&config.base, &config.oauth]));
        Ok(Self {
            session: sign_in
                .filter(|_| config.client_secret.is_some())
                .map(|sign_in| Session::new(door.clone(), sign_in, around.keep)),
            door,
            descriptor: Descriptor {
                kind: "canto",
                limits: Limits {
                    max_file_bytes: LARGEST,
                    single_write_bytes: 16 << 20,
                    parallel_files: 4,
                    parallel_small_files: 8,
                    parallel_ranges: 4,
                },
                // Inferred: no document says what a name may hold.
                names: NameRules::posix(),
                resume: ResumeSupport::WholeFile,
                read_back: true,
                remarks,
                columns: columns(&config.mapped),
            },
            config,
            http,
            elsewhere,
            clock: around.clock,
            fields: OnceCell::new(),
            places: Places::default(),
            albums: Albums::default(),
            turns: Turns::default(),
            under_way: UnderWay::default(),
            sizes: Mutex::default(),
        })
    }

    /// The sign-in of the connection.
    pub(crate) fn session(&self) -> Result<&Session> {
        self.session.as_ref().ok_or_else(|| {
            if matches!(self.config.who, Who::Person(None)) {
                return nobody_yet("token");
            }
            let why = "the App Secret is missing; enter it in the connection's settings";
            ConnectorError::new(FailureKind::Unauthenticated, "token", why)
        })
    }

    /// How a person signs in.
    pub(crate) fn person(&self) -> PersonSignIn {
        let authorize = below(&self.config.oauth, ["authorize"]);
        PersonSignIn::new(self.door.clone(), authorize, self.config.redirect_uri.as_str())
    }

    /// Whose sign-in it is.
    pub(crate) async fn account(&self) -> Result<User> {
        let answer = self.send(|| self.http.get("check", self.api(&["user"]))).await?;
        answer.taken(account_refused).await?.json(ACCOUNT_BYTES).await
    }
}

#[async_trait]
#[rustfmt::skip]
impl Connector for CantoConnector {
    fn descriptor(&self) -> &Descriptor { &self.descriptor }
    async fn check(&self) -> Result<Identity> {
        let user = self.account().await?;
        let name = user.shown().unwrap_or(&self.config.client_id).to_owned();
        Ok(Identity { name, server: Some(self.config.base.to_string()) })
    }
    fn self_test(&self) -> Option<&dyn SelfTest> { Some(self) }
    fn list(&self) -> Option<&dyn List> { Some(self) }
    fn read(&self) -> Option<&dyn Read> { Some(self) }
    fn write(&self) -> Option<&dyn Write> { Some(self) }
    fn delete(&self) -> Option<&dyn Delete> { Some(self) }
    fn checksums(&self) -> Option<&dyn Checksums> { Some(self) }
    fn create_folder(&self) -> Option<&dyn CreateFolder> { Some(self) }
    fn rename(&self) -> Option<&dyn Rename> { Some(self) }
    fn versions(&self) -> Option<&dyn Versions> { Some(self) }
    fn metadata(&self) -> Option<&dyn Metadata> { Some(self) }
    fn attributes(&self) -> Option<&dyn Attributes> { Some(self) }
    fn links(&self) -> Option<&dyn Links> { Some(self) }
    fn unfinished_uploads(&self) -> Option<&dyn UnfinishedUploads> { Some(self) }
    fn search(&self) -> Option<&dyn Search> { Some(self) }
    fn previews(&self) -> Option<&dyn Previews> { Some(self) }
    fn approval(&self) -> Option<&dyn Approval> { Some(self) }
    fn events(&self) -> Option<&dyn Events> { Some(self) }
    /// Only where an operator entered what the webhooks sign with.
    fn inbound(&self) -> Option<&dyn Inbound> {
        (!self.config.hooks.is_empty()).then_some(self as &dyn Inbound)
    }
}
