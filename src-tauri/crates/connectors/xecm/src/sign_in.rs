//! Signing in: a ticket for all calls, got by whichever way the settings name, once for all who need it.
//!
//! | way | how |
//! |---|---|
//! | user and password | `POST api/v1/auth` answers the ticket |
//! | directory service | its own ticket, or an access token, is shown once to `GET api/v1/auth`; the ticket comes in a header |

use std::sync::Arc;

use http::HeaderName;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;
use waybill_connector::{ConnectorError, OpenContext, Result};
use waybill_model::FailureKind;
use waybill_net::{
    Answer, Call, Http, Refusal, Renewed, Shown, below,
    oauth::{Client, KeepTokens, Session, SignIn, SignedIn, TokenDoor},
};

use crate::{
    config::{Who, directory},
    errors::refused,
    requests::{ANSWER_BYTES, Addresses},
    wire::text,
};

/// The header with the ticket, on the way there and back.
pub(crate) const TICKET: HeaderName = HeaderName::from_static("otcsticket");
const DIRECTORY_TICKET: HeaderName = HeaderName::from_static("otdsticket");

/// Where tokens of a directory service are handed out, for signing a person in.
pub fn token_door(context: &OpenContext, http: Http) -> Result<TokenDoor> {
    let client = context.settings.get_or("client_id", "").to_owned();
    Ok(TokenDoor { http, address: oauth(&directory(context)?, "token"), client: Client::new(client, None) })
}

/// Where people sign in at a directory service.
pub fn authorize_address(context: &OpenContext) -> Result<Url> {
    Ok(oauth(&directory(context)?, "auth"))
}

fn oauth(directory: &Url, door: &str) -> Url {
    below(directory, ["oauth2", door])
}

#[derive(Debug, Default)]
struct Held {
    ticket: Option<SecretString>,
    /// Counts the sign-ins, so that of many refused calls one signs in again.
    turn: u64,
}

/// A connection's sign-in.
#[derive(Debug)]
pub(crate) struct Tickets {
    http: Http,
    addresses: Addresses,
    who: Who,
    /// The tokens of a directory service, for those ways that have them.
    tokens: Option<Session>,
    keep: Option<Arc<dyn KeepTokens>>,
    held: Mutex<Held>,
}

impl Tickets {
    pub(crate) fn new(http: Http, addresses: Addresses, who: Who, keep: Option<Arc<dyn KeepTokens>>) -> Self {
        let session = |directory: &Url, client: Client, sign_in| {
            let door = TokenDoor { http: http.clone(), address: oauth(directory, "token"), client };
            Some(Session::new(door, sign_in, keep.clone()))
        };
        let tokens = match &who {
            Who::Client { directory, client, secret } => {
                let client = Client::new(client.clone(), Some(secret.clone()));
                session(directory, client, SignIn::Credentials(Vec::new()))
            }
            Who::Person { directory, client, refresh } => {
                session(directory, Client::new(client.clone(), None), SignIn::Person(refresh.clone()))
            }
            Who::Password { .. } | Who::Directory { .. } => None,
        };
        Self { http, addresses, who, tokens, keep, held: Mutex::default() }
    }

    async fn renew(&self, held: &mut Held) -> Result<Shown> {
        held.ticket = None;
        // Signing in is large and rare, and every call lies around it.
        let ticket = Box::pin(self.sign_in()).await.map_err(|error| error.with("step", "sign-in"))?;
        held.ticket = Some(ticket.clone());
        held.turn += 1;
        if let Some(keep) = self.keep.as_ref().filter(|_| self.tokens.is_none()) {
            keep.holds(SignedIn::RENEWED);
        }
        Ok((ticket, held.turn))
    }

    /// Signs in now, unless somebody is, and says how long that holds. A ticket is renewed by any answer, and got anew by the
    /// password.
    pub(crate) async fn signed_in(&self) -> Result<SignedIn> {
        self.current().await?;
        match &self.tokens {
            Some(tokens) => tokens.signed_in().await,
            None => Ok(SignedIn::RENEWED),
        }
    }

    async fn sign_in(&self) -> Result<SecretString> {
        match &self.who {
            Who::Password { user, password } => self.by_password(user, password).await,
            Who::Directory { directory, user, password } => {
                let ticket = self.directory_ticket(directory, user, password).await?;
                let call = self.http.get("sign-in", self.addresses.auth());
                self.exchanged(call.secret_header(&DIRECTORY_TICKET, &ticket).send().await?).await
            }
            Who::Client { .. } | Who::Person { .. } => {
                let Some(tokens) = &self.tokens else { return Err(nobody()) };
                let answer = tokens.send(|| self.http.get("sign-in", self.addresses.auth())).await?;
                self.exchanged(answer).await
            }
        }
    }

    async fn by_password(&self, user: &str, password: &SecretString) -> Result<SecretString> {
        let form = [("username", user), ("password", password.expose_secret())];
        let call = self.http.post("sign-in", self.addresses.auth()).accept("application/json");
        let answer = call.hide(password.clone()).form(form).send().await?.taken(refused).await?;
        let answer: Value = answer.json(ANSWER_BYTES).await?;
        text(&answer["ticket"]).map(SecretString::from).ok_or_else(no_ticket)
    }

    async fn directory_ticket(&self, directory: &Url, user: &str, password: &SecretString) -> Result<SecretString> {
        let body = json!({ "userName": user, "password": password.expose_secret() });
        let address = below(directory, ["rest", "authentication", "credentials"]);
        let call = self.http.post("sign-in", address).accept("application/json");
        let refused = |operation, refusal: &Refusal| match refusal.status {
            404 => ConnectorError::new(
                FailureKind::Invalid,
                operation,
                format!("no directory service answers at {directory}; its address ends in /otdsws"),
            ),
            _ => refused(operation, refusal),
        };
        let answer = call.hide(password.clone()).json(&body).send().await?.taken(refused).await?;
        let answer: Value = answer.json(ANSWER_BYTES).await?;
        text(&answer["ticket"]).or_else(|| text(&answer["token"])).map(SecretString::from).ok_or_else(no_ticket)
    }

    /// The ticket that came for what was shown.
    async fn exchanged(&self, answer: Answer) -> Result<SecretString> {
        let answer = answer.taken(refused).await?;
        let ticket = answer.header(TICKET.as_str()).filter(|ticket| !ticket.is_empty());
        ticket.map(|ticket| SecretString::from(ticket.to_owned())).ok_or_else(no_ticket)
    }
}

impl Renewed for Tickets {
    async fn current(&self) -> Result<Shown> {
        let mut held = self.held.lock().await;
        match &held.ticket {
            Some(ticket) => Ok((ticket.clone(), held.turn)),
            None => self.renew(&mut held).await,
        }
    }

    async fn replace(&self, refused: u64) -> Result<Shown> {
        let mut held = self.held.lock().await;
        match &held.ticket {
            Some(ticket) if held.turn != refused => Ok((ticket.clone(), held.turn)),
            _ => self.renew(&mut held).await,
        }
    }

    fn show(&self, call: Call, ticket: &SecretString) -> Call {
        call.secret_header(&TICKET, ticket)
    }

    /// Keeps the ticket that an answer renewed.
    async fn heard(&self, answer: &Answer, turn: u64) {
        let Some(next) = answer.header(TICKET.as_str()).filter(|ticket| !ticket.is_empty()) else { return };
        let mut held = self.held.lock().await;
        if held.turn == turn && held.ticket.as_ref().is_some_and(|ticket| ticket.expose_secret() != next) {
            held.ticket = Some(SecretString::from(next.to_owned()));
        }
    }
}

fn nobody() -> ConnectorError {
    ConnectorError::new(FailureKind::Unauthenticated, "sign-in", "nobody is signed in")
}

fn no_ticket() -> ConnectorError {
    let why = "the server took the sign-in and gave no ticket; check that the address is that of Content Server, and that it \
               trusts this directory service";
    ConnectorError::new(FailureKind::Invalid, "sign-in", why)
}
