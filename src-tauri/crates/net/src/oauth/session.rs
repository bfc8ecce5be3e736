//! Staying signed in: one token for all calls of a connection.

use std::sync::Arc;

use futures::future::BoxFuture;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Millis, Retry};

use crate::{
    Answer, Call, Http,
    oauth::{TokenDoor, TokenSet},
};

/// How long before its end a token is renewed, in milliseconds; at most a tenth of its life.
const EARLY: i64 = 60_000;

/// How a session gets its tokens.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// As the client itself, with more fields of the form.
    Credentials(Vec<(String, String)>),
    /// As the person who signed in, by what was kept of it.
    Person(SecretString),
}

/// Where a token that replaces an earlier one is kept. A provider may refuse the earlier one from then on.
pub trait KeepTokens: Send + Sync + std::fmt::Debug {
    /// Keeps the token that renews the sign-in.
    fn keep(&self, refresh: SecretString) -> BoxFuture<'_, Result<()>>;

    /// The token that is kept now: another session of the same sign-in may have renewed it since. `None` where nobody else
    /// does.
    fn latest(&self) -> BoxFuture<'_, Result<Option<SecretString>>> {
        Box::pin(async { Ok(None) })
    }

    /// Waits until no other session of the same sign-in renews it. It is ours until what comes is dropped.
    fn turn(&self) -> BoxFuture<'_, Box<dyn Send + '_>> {
        Box::pin(async { Box::new(()) as Box<dyn Send> })
    }
}

#[derive(Debug)]
struct Held {
    tokens: Option<TokenSet>,
    got_at: Millis,
    sign_in: SignIn,
    /// Counts the tokens, so that of many refused calls one gets the next token.
    turn: u64,
}

/// A connection's sign-in. Clones are the same.
#[derive(Debug, Clone)]
pub struct Session(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    door: TokenDoor,
    keep: Option<Arc<dyn KeepTokens>>,
    held: Mutex<Held>,
}

impl Session {
    /// A session; no I/O. The first call signs in.
    pub fn new(door: TokenDoor, sign_in: SignIn, keep: Option<Arc<dyn KeepTokens>>) -> Self {
        let held = Held { tokens: None, got_at: Millis(0), sign_in, turn: 0 };
        Self(Arc::new(Inner { door, keep, held: Mutex::new(held) }))
    }

    fn http(&self) -> &Http {
        &self.0.door.http
    }

    /// A token that is good now, with its number.
    async fn token(&self) -> Result<(SecretString, u64)> {
        let mut held = self.0.held.lock().await;
        let now = self.http().clock().now();
        let is_good = held.tokens.as_ref().is_some_and(|tokens| is_good(tokens, held.got_at, now));
        if !is_good {
            self.renew(&mut held).await?;
        }
        Self::of(&held)
    }

    fn of(held: &Held) -> Result<(SecretString, u64)> {
        let tokens = held
            .tokens
            .as_ref()
            .ok_or_else(|| ConnectorError::new(FailureKind::Unauthenticated, "token", "nobody is signed in"))?;
        Ok((tokens.access.clone(), held.turn))
    }

    /// Another token in place of the one with this number, unless somebody has got it already.
    async fn replace(&self, refused: u64) -> Result<(SecretString, u64)> {
        let mut held = self.0.held.lock().await;
        if held.turn == refused {
            self.renew(&mut held).await?;
        }
        Self::of(&held)
    }

    /// Gets tokens. A person's next token is kept before the first call relies on it.
    async fn renew(&self, held: &mut Held) -> Result<()> {
        let tokens = match &mut held.sign_in {
            SignIn::Credentials(more) => {
                let more: Vec<_> = more.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                self.0.door.by_credentials(&more).await?
            }
            SignIn::Person(refresh) => self.renew_person(refresh).await?,
        };
        held.got_at = self.http().clock().now();
        held.tokens = Some(tokens);
        held.turn += 1;
        Ok(())
    }

    /// The next tokens of a person, with what renews them kept. One token is spent once, whoever else has the same sign-in
    /// in this program; another program may have been faster, and then what it kept is taken.
    async fn renew_person(&self, refresh: &mut SecretString) -> Result<TokenSet> {
        let Some(keep) = &self.0.keep else {
            let tokens = self.0.door.by_refresh(refresh).await?;
            if let Some(next) = &tokens.refresh {
                *refresh = next.clone();
            }
            return Ok(tokens);
        };
        let _turn = keep.turn().await;
        if let Some(latest) = keep.latest().await? {
            *refresh = latest;
        }
        let tokens = match self.0.door.by_refresh(refresh).await {
            Err(error) if error.kind == FailureKind::Unauthenticated => match keep.latest().await? {
                Some(latest) if latest.expose_secret() != refresh.expose_secret() => {
                    *refresh = latest;
                    self.0.door.by_refresh(refresh).await?
                }
                _ => return Err(error),
            },
            answered => answered?,
        };
        if let Some(next) = tokens.refresh.as_ref().filter(|next| next.expose_secret() != refresh.expose_secret()) {
            *refresh = next.clone();
            keep.keep(next.clone()).await?;
        }
        Ok(tokens)
    }

    /// Signs in now, unless somebody is.
    pub async fn ready(&self) -> Result<()> {
        self.token().await.map(drop)
    }

    /// Until when the token is good, where that is known.
    pub async fn ends(&self) -> Option<Millis> {
        self.0.held.lock().await.tokens.as_ref()?.ends
    }

    /// Sends a call that can be made again: where the token is refused, once more with the next one.
    pub async fn send(&self, call: impl Fn() -> Call) -> Result<Answer> {
        let (token, turn) = self.token().await?;
        let answer = call().bearer(&token).send().await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let (token, _) = self.replace(turn).await?;
        call().bearer(&token).send().await
    }

    /// Sends a call whose body can be read once. Where the token is refused, the next one is got and the error says to try
    /// again.
    pub async fn send_once(&self, call: Call) -> Result<Answer> {
        let (token, turn) = self.token().await?;
        let answer = call.bearer(&token).send().await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let host = answer.host().to_owned();
        self.replace(turn).await?;
        let why = format!("the sign-in at {host} ended in the middle; it was renewed");
        Err(ConnectorError::new(FailureKind::Unreachable, "token", why).retry(Retry::Backoff))
    }
}

fn is_good(tokens: &TokenSet, got_at: Millis, now: Millis) -> bool {
    let Some(ends) = tokens.ends else { return true };
    let early = EARLY.min(ends.since(got_at) / 10);
    // A clock that was set back says nothing of a token's end.
    ends.since(now) > early && now.since(got_at) >= 0
}
