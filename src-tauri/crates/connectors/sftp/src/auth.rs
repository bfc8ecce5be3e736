//! Signing in: password, key, agent and keyboard-interactive, one after another where a server wants several.
//! A secret is offered once; a refused one ends the attempt, so that nobody locks an account by trying again.

use std::{future::Future, path::Path, sync::Arc, time::Duration};

use russh::{
    MethodKind, MethodSet,
    client::{AuthResult, Handle, KeyboardInteractiveAuthResponse},
    keys::{
        Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey,
        agent::{AgentIdentity, client::AgentClient},
    },
};
use secrecy::{ExposeSecret as _, SecretString};
use waybill_connector::{Ask, ConnectorError, Question, Result};
use waybill_model::{FailureKind, Retry};

use crate::{
    certificates,
    config::Auth,
    errors,
    route::{Credentials, Endpoint, public_half},
    transport::Client,
};

/// An agent may hold many keys; servers hang up after six refusals.
const MAX_AGENT_KEYS: usize = 5;
const MAX_ROUNDS: usize = 10;

/// Where the answers of a person come from.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub(crate) connection: String,
    pub(crate) ask: Arc<dyn Ask>,
}

enum Outcome {
    Success,
    /// Right, and not enough: the server wants one of these as well.
    Partial(MethodSet),
    Refused(MethodSet),
}

impl From<AuthResult> for Outcome {
    fn from(result: AuthResult) -> Self {
        match result {
            AuthResult::Success => Self::Success,
            AuthResult::Failure { remaining_methods, partial_success: true } => Self::Partial(remaining_methods),
            AuthResult::Failure { remaining_methods, partial_success: false } => Self::Refused(remaining_methods),
        }
    }
}

/// Signs in at one host.
pub(crate) struct SignIn<'a> {
    pub(crate) handle: &'a mut Handle<Client>,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) asking: &'a Asking,
    pub(crate) legacy_algorithms: bool,
    /// How long the server may take for each answer.
    pub(crate) patience: Duration,
}

impl SignIn<'_> {
    /// Tries the ways of the endpoint in order; `Unauthenticated` where none is enough.
    pub(crate) async fn run(mut self) -> Result<()> {
        let user = self.credentials().user.clone();
        let probed = answered(self.endpoint, self.patience, self.handle.authenticate_none(&user)).await?;
        let mut offered = match Outcome::from(probed) {
            Outcome::Success => return Ok(()),
            Outcome::Partial(methods) | Outcome::Refused(methods) => methods,
        };
        let mut last = None;
        for way in self.credentials().ways.clone() {
            match self.attempt(way, &mut offered).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) if error.kind == FailureKind::Unauthenticated => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(last.unwrap_or_else(|| self.refused("offers no way to sign in that this connection has")))
    }

    /// One way, and what the server wants on top of it.
    async fn attempt(&mut self, first: Auth, offered: &mut MethodSet) -> Result<bool> {
        let mut way = first;
        if way == Auth::Password
            && !offered.contains(&MethodKind::Password)
            && offered.contains(&MethodKind::KeyboardInteractive)
        {
            way = Auth::Interactive;
        }
        for _ in 0..MAX_ROUNDS {
            let outcome = match way {
                Auth::Password => self.password().await?,
                Auth::Key => self.keys().await?,
                Auth::Agent => self.agent().await?,
                Auth::Interactive => self.interactive().await?,
            };
            match outcome {
                Outcome::Success => return Ok(true),
                Outcome::Refused(methods) => {
                    let error = self.refusal(way, &methods);
                    *offered = methods;
                    return Err(error);
                }
                Outcome::Partial(methods) => {
                    way = if methods.contains(&MethodKind::KeyboardInteractive) {
                        Auth::Interactive
                    } else if methods.contains(&MethodKind::Password) && self.credentials().password.is_some() {
                        Auth::Password
                    } else if methods.contains(&MethodKind::PublicKey) && way != Auth::Key {
                        Auth::Key
                    } else {
                        return Err(self.refused("wants a further way to sign in that this connection does not have"));
                    };
                    *offered = methods;
                }
            }
        }
        Err(self.refused("asks for more and more"))
    }

    async fn password(&mut self) -> Result<Outcome> {
        let Some(password) = self.credentials().password.clone() else {
            return Err(self.refused("wants a password, and none is kept for this connection"));
        };
        let user = self.credentials().user.clone();
        let answer = self.handle.authenticate_password(user, password.expose_secret());
        answered(self.endpoint, self.patience, answer).await.map(Outcome::from)
    }

    async fn keys(&mut self) -> Result<Outcome> {
        let files = self.credentials().key_files.clone();
        if files.is_empty() {
            return Err(self.refused("wants a key, and the setting key_file names none"));
        }
        let mut refused = Outcome::Refused(MethodSet::empty());
        for file in files {
            let key = match self.load(&file).await {
                Ok(key) => Arc::new(key),
                Err(error) => return self.key_that_the_agent_holds(&file).await.ok_or(error),
            };
            let user = self.credentials().user.clone();
            let certificate = certificates::beside(&file);
            let answer = if let Some(certificate) = certificate {
                let answer = self.handle.authenticate_openssh_cert(user, key, certificate);
                answered(self.endpoint, self.patience, answer).await?
            } else {
                let hash = self.rsa_hash(&key.algorithm()).await?;
                let answer = self.handle.authenticate_publickey(user, PrivateKeyWithHashAlg::new(key, hash));
                answered(self.endpoint, self.patience, answer).await?
            };
            match Outcome::from(answer) {
                Outcome::Refused(methods) => refused = Outcome::Refused(methods),
                good => return Ok(good),
            }
        }
        Ok(refused)
    }

    /// What only its passphrase opens, or what never leaves a token, the agent may hold open: asked where its public half
    /// says which key is meant.
    async fn key_that_the_agent_holds(&mut self, file: &Path) -> Option<Outcome> {
        let key = russh::keys::load_public_key(public_half(file)).ok()?;
        match self.agent_keys(Some(key)).await {
            Ok(good @ (Outcome::Success | Outcome::Partial(_))) => Some(good),
            Ok(Outcome::Refused(_)) | Err(_) => None,
        }
    }

    async fn load(&self, file: &Path) -> Result<PrivateKey> {
        let text = fs_err::tokio::read_to_string(file).await.map_err(|error| {
            self.refused(&format!("wants a key, and the key file {} cannot be read", file.display())).caused_by(error)
        })?;
        let passphrase = self.credentials().passphrase.as_ref().map(SecretString::expose_secret);
        russh::keys::decode_secret_key(&text, passphrase).map_err(|error| {
            let why = match (&error, passphrase) {
                (russh::keys::Error::KeyIsEncrypted, _) => "needs its passphrase",
                (_, Some(_)) => "does not open with this passphrase, or is damaged",
                (_, None) => "is damaged, or needs its passphrase",
            };
            let message = format!("the key file {} {why}", file.display());
            ConnectorError::new(FailureKind::Unauthenticated, "sign_in", message)
        })
    }

    /// SHA-2 for RSA keys; SHA-1 only where old algorithms are allowed and the server has nothing else.
    async fn rsa_hash(&mut self, algorithm: &Algorithm) -> Result<Option<HashAlg>> {
        if !matches!(algorithm, Algorithm::Rsa { .. }) {
            return Ok(None);
        }
        match answered(self.endpoint, self.patience, self.handle.best_supported_rsa_hash()).await? {
            Some(Some(hash)) => Ok(Some(hash)),
            Some(None) | None if self.legacy_algorithms => Ok(None),
            None => Ok(Some(HashAlg::Sha256)),
            Some(None) => Err(self
                .refused("takes RSA keys with SHA-1 signatures only; use an Ed25519 key, or allow legacy_algorithms")),
        }
    }

    async fn agent(&mut self) -> Result<Outcome> {
        let named = self.credentials().agent_key.as_deref();
        let wanted = named.and_then(|file| russh::keys::load_public_key(public_half(file)).ok());
        self.agent_keys(wanted).await
    }

    /// The agent's keys one after another, or the `wanted` one.
    async fn agent_keys(&mut self, wanted: Option<PublicKey>) -> Result<Outcome> {
        let mut agent = self.connect_agent().await?;
        let identities = agent
            .request_identities()
            .await
            .map_err(|error| self.refused("wants a key, and the SSH agent does not answer").caused_by(error))?;
        let chosen = identities
            .into_iter()
            .filter(|identity| wanted.as_ref().is_none_or(|key| identity.public_key().key_data() == key.key_data()));
        let mut refused = None;
        for identity in chosen.take(MAX_AGENT_KEYS) {
            let user = self.credentials().user.clone();
            let hash = self.rsa_hash(&identity.public_key().algorithm()).await?;
            let answer = match identity {
                AgentIdentity::PublicKey { key, .. } => {
                    self.handle.authenticate_publickey_with(user, key, hash, &mut agent).await
                }
                AgentIdentity::Certificate { certificate, .. } => {
                    self.handle.authenticate_certificate_with(user, certificate, hash, &mut agent).await
                }
            };
            match answer.map(Outcome::from) {
                Ok(Outcome::Refused(methods)) => refused = Some(Outcome::Refused(methods)),
                Ok(good) => return Ok(good),
                // An agent that declines one key may sign with the next.
                Err(error) => tracing::debug!(%error, "the agent did not sign"),
            }
        }
        refused.ok_or_else(|| self.refused("wants a key, and the SSH agent holds none that fits"))
    }

    #[cfg(unix)]
    async fn connect_agent(&self) -> Result<AgentClient<tokio::net::UnixStream>> {
        let connected = match self.credentials().agent.as_deref() {
            None | Some("SSH_AUTH_SOCK") => AgentClient::connect_env().await,
            Some(path) => AgentClient::connect_uds(path).await,
        };
        connected.map_err(|error| {
            self.refused("wants a key, and no SSH agent answers; start one, or name a key_file").caused_by(error)
        })
    }

    #[cfg(windows)]
    async fn connect_agent(
        &self,
    ) -> Result<AgentClient<Box<dyn russh::keys::agent::client::AgentStream + Send + Unpin>>> {
        let pipe = self.credentials().agent.as_deref().unwrap_or(r"\\.\pipe\openssh-ssh-agent");
        if let Ok(client) = AgentClient::connect_named_pipe(pipe).await {
            return Ok(client.dynamic());
        }
        AgentClient::connect_pageant().await.map(AgentClient::dynamic).map_err(|error| {
            self.refused("wants a key, and no SSH agent answers; start one, or name a key_file").caused_by(error)
        })
    }

    async fn interactive(&mut self) -> Result<Outcome> {
        let user = self.credentials().user.clone();
        let start = self.handle.authenticate_keyboard_interactive_start(user, None::<String>);
        let mut answer = answered(self.endpoint, self.patience, start).await?;
        let mut password = self.credentials().password.clone();
        for _ in 0..MAX_ROUNDS {
            let (instructions, prompts) = match answer {
                KeyboardInteractiveAuthResponse::Success => return Ok(Outcome::Success),
                KeyboardInteractiveAuthResponse::Failure { remaining_methods, partial_success } => {
                    return Ok(AuthResult::Failure { remaining_methods, partial_success }.into());
                }
                KeyboardInteractiveAuthResponse::InfoRequest { name, instructions, prompts } => {
                    (format!("{name}\n{instructions}").trim().to_owned(), prompts)
                }
            };
            let prompts: Vec<_> = prompts.into_iter().map(|prompt| (prompt.prompt, prompt.echo)).collect();
            let responses = self.responses(instructions, prompts, &mut password).await?;
            let responses = responses.iter().map(|response| response.expose_secret().to_owned()).collect();
            let respond = self.handle.authenticate_keyboard_interactive_respond(responses);
            answer = answered(self.endpoint, self.patience, respond).await?;
        }
        Err(self.refused("asks for more and more"))
    }

    /// The kept password answers the first single hidden prompt; a person answers the rest.
    async fn responses(
        &self,
        instructions: String,
        prompts: Vec<(String, bool)>,
        password: &mut Option<SecretString>,
    ) -> Result<Vec<SecretString>> {
        if prompts.is_empty() {
            return Ok(Vec::new());
        }
        if let [(_, false)] = prompts.as_slice()
            && let Some(password) = password.take()
        {
            return Ok(vec![password]);
        }
        let count = prompts.len();
        let question = Question { connection: self.asking.connection.clone(), instructions, prompts };
        match self.asking.ask.ask(question).await {
            Some(answers) if answers.len() == count => Ok(answers),
            _ => Err(self
                .refused("asks a question that nobody answered; test the connection to be asked again")
                .code("unanswered")
                .with("unanswered", count.to_string())),
        }
    }

    fn credentials(&self) -> &Credentials {
        &self.endpoint.credentials
    }

    fn refused(&self, why: &str) -> ConnectorError {
        ConnectorError::new(FailureKind::Unauthenticated, "sign_in", format!("{} {why}", self.endpoint.place()))
            .retry(Retry::Never)
    }

    fn refusal(&self, way: Auth, methods: &MethodSet) -> ConnectorError {
        let what = match way {
            Auth::Password => "the password",
            Auth::Key => "the key",
            Auth::Agent => "the keys of the SSH agent",
            Auth::Interactive => "the answers",
        };
        let takes: Vec<&str> = methods.iter().map(<&str>::from).collect();
        let takes = if takes.is_empty() { String::new() } else { format!("; it takes {}", takes.join(", ")) };
        self.refused(&format!("does not accept {what} of {}{takes}", self.credentials().user))
    }
}

/// What the server says, if it says something in time.
async fn answered<T>(
    endpoint: &Endpoint,
    patience: Duration,
    answer: impl Future<Output = std::result::Result<T, russh::Error>>,
) -> Result<T> {
    let in_time = tokio::time::timeout(patience, answer).await.map_err(russh::Error::Elapsed);
    in_time.flatten().map_err(|error| errors::from_ssh("sign_in", &endpoint.place(), error))
}
