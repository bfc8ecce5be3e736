//! The connector: who it is, and what it can do.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::OnceCell;
use waybill_connector::{
    Connector, ConnectorError, Descriptor, Identity, Limits, OpenContext, ProcessModels, Processes, Result,
    ResumeSupport, SelfTest, TaskOutcome, Tasks,
};
use waybill_model::{FailureKind, names::NameRules};
use waybill_net::{
    Http, Pace, Surroundings, http, nobody_yet,
    oauth::{Client, Discovery, KeepTokens, PersonSignIn, Session, SignIn, TokenDoor},
    remarks_on,
};

use crate::config::{Config, Who};

/// How fast, unless the settings say otherwise.
const PACE: Pace = Pace { per_minute: 0, burst: 20, parallel: 8 };

/// The ways to decide each activity of a model, by the id of the model's version.
pub(crate) type Outcomes = HashMap<String, Arc<HashMap<String, Vec<TaskOutcome>>>>;

/// A connection to one tenant.
#[derive(Debug)]
pub struct WorkflowConnector {
    pub(crate) config: Config,
    pub(crate) http: Http,
    descriptor: Descriptor,
    session: OnceCell<Session>,
    keep: Option<Arc<dyn KeepTokens>>,
    pub(crate) outcomes: Mutex<Outcomes>,
}

impl WorkflowConnector {
    /// Opens a connection; no I/O.
    pub fn open(context: &OpenContext, around: Surroundings) -> Result<Self> {
        let config = Config::read(context)?;
        Ok(Self {
            http: http(context, &around, PACE, None)?,
            descriptor: Descriptor {
                kind: "workflow",
                limits: Limits {
                    max_file_bytes: 0,
                    single_write_bytes: 0,
                    parallel_files: 1,
                    parallel_small_files: 1,
                    parallel_ranges: 1,
                },
                names: NameRules::posix(),
                resume: ResumeSupport::WholeFile,
                read_back: false,
                remarks: remarks_on([&config.base]).into_iter().collect(),
                columns: Vec::new(),
            },
            config,
            session: OnceCell::new(),
            keep: around.keep,
            outcomes: Mutex::default(),
        })
    }

    /// Where the tenant's sign-in service is.
    pub(crate) async fn discovery(&self) -> Result<Discovery> {
        Discovery::of(&self.http, &self.config.issuer).await
    }

    fn door(&self, found: &Discovery, secret: Option<SecretString>) -> TokenDoor {
        let client = Client::new(self.config.client_id.clone(), secret);
        TokenDoor { http: self.http.clone(), address: found.token_endpoint.clone(), client }
    }

    /// How a person signs in.
    pub(crate) async fn person(&self) -> Result<PersonSignIn> {
        let found = self.discovery().await?;
        let (door, hint) = (self.door(&found, None), self.config.user.iter());
        Ok(PersonSignIn {
            scope: self.config.scope.clone(),
            more: hint.map(|user| ("login_hint", user.clone())).collect(),
            ..PersonSignIn::new(door, found.authorization_endpoint, self.config.redirect_uri.as_str())
        })
    }

    /// The sign-in, found at the first call.
    pub(crate) async fn session(&self) -> Result<&Session> {
        self.session
            .get_or_try_init(|| async {
                let found = self.discovery().await?;
                let (secret, sign_in) = match &self.config.who {
                    Who::Client(Some(secret)) => (Some(secret.clone()), SignIn::Credentials(Vec::new())),
                    Who::Client(None) => {
                        let why = "the client's secret is missing; enter it in the connection's settings";
                        return Err(ConnectorError::new(FailureKind::Unauthenticated, "token", why));
                    }
                    Who::Person(Some(refresh)) => (None, SignIn::Person(refresh.clone())),
                    Who::Person(None) => return Err(nobody_yet("token")),
                };
                Ok(Session::new(self.door(&found, secret), sign_in, self.keep.clone()))
            })
            .await
    }
}

#[async_trait]
impl Connector for WorkflowConnector {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn check(&self) -> Result<Identity> {
        self.count_inbox().await?;
        let name = self.config.user.clone().unwrap_or_else(|| self.config.client_id.clone());
        Ok(Identity { name, server: Some(self.config.base.to_string()) })
    }

    fn self_test(&self) -> Option<&dyn SelfTest> {
        Some(self)
    }

    fn tasks(&self) -> Option<&dyn Tasks> {
        Some(self)
    }

    fn processes(&self) -> Option<&dyn Processes> {
        Some(self)
    }

    fn process_models(&self) -> Option<&dyn ProcessModels> {
        Some(self)
    }
}
