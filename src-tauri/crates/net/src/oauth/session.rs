//! Staying signed in: one token for all calls of a connection.

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::{Timestamp, tz::TimeZone};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use waybill_connector::{ConnectorError, Detail, Expiring, Result, Said, SecretExpiry};
use waybill_model::{FailureKind, Millis};

use crate::{
    Call, Http, Renewed,
    oauth::{TokenDoor, TokenSet},
    renewed::Shown,
    words,
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

/// How long a sign-in holds, as far as the provider tells. It names no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignedIn {
    /// From then on what signs in now is refused.
    pub until: Option<Millis>,
    /// Whether the next token is got without anybody.
    pub renews: bool,
    /// Until then somebody has to sign in again, whatever was renewed.
    pub ends: Option<Millis>,
}

impl SignedIn {
    /// A sign-in that is renewed by what is kept of it, and whose end nobody tells.
    pub const RENEWED: Self = Self { until: None, renews: true, ends: None };

    /// The same in words, with this computer's own time of day.
    pub fn said(&self) -> Vec<Said> {
        let until = match (self.until, self.renews) {
            (Some(until), true) => Some(words::SIGNED_UNTIL.with(&[("time", &shown(until))])),
            (Some(until), false) => Some(words::SIGNED_UNTIL_AGAIN.with(&[("time", &shown(until))])),
            (None, true) => Some(words::SIGNED_RENEWS.said()),
            (None, false) => None,
        };
        let ends = self.ends.map(|ends| words::SIGNED_ENDS.with(&[("time", &shown(ends))]));
        until.into_iter().chain(ends).collect()
    }

    /// What a test tells beside its step.
    pub fn detail(&self) -> Detail {
        let said = self.said();
        if said.is_empty() { Detail::Nothing } else { Detail::Said(said) }
    }

    /// What somebody has to act on in time; nothing where it is renewed for good.
    pub fn expiry(&self) -> Option<SecretExpiry> {
        let at = self.ends.or(self.until.filter(|_| !self.renews))?;
        Some(SecretExpiry { of: Expiring::Session, at })
    }
}

fn shown(at: Millis) -> String {
    let at = Timestamp::from_millisecond(at.0).map(|at| at.to_zoned(TimeZone::system()));
    at.map(|at| at.strftime("%F %H:%M").to_string()).unwrap_or_default()
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

    /// Hears how long the sign-in holds, each time it was renewed.
    fn holds(&self, _signed_in: SignedIn) {}

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
    /// The last end of what renews it that was told; a renewal may not tell it again.
    refresh_ends: Option<Millis>,
    /// Counts the tokens, so that of many refused calls one gets the next token.
    turn: u64,
}

impl Held {
    fn signed_in(&self) -> SignedIn {
        let until = self.tokens.as_ref().and_then(|tokens| tokens.ends);
        match self.sign_in {
            // The client asks again for itself, whenever it likes.
            SignIn::Credentials(_) => SignedIn { until, renews: true, ends: None },
            SignIn::Person(_) => SignedIn { until, renews: true, ends: self.refresh_ends },
        }
    }
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
        let held = Held { tokens: None, got_at: Millis(0), sign_in, refresh_ends: None, turn: 0 };
        Self(Arc::new(Inner { door, keep, held: Mutex::new(held) }))
    }

    fn http(&self) -> &Http {
        &self.0.door.http
    }

    fn of(held: &Held) -> Result<Shown> {
        let tokens = held
            .tokens
            .as_ref()
            .ok_or_else(|| ConnectorError::saying(FailureKind::Unauthenticated, "token", words::NOBODY.said()))?;
        Ok((tokens.access.clone(), held.turn))
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
        held.refresh_ends = tokens.refresh_ends.or(held.refresh_ends);
        held.tokens = Some(tokens);
        held.turn += 1;
        if let Some(keep) = &self.0.keep {
            keep.holds(held.signed_in());
        }
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
        self.current().await.map(drop)
    }

    /// Signs in now, unless somebody is, and says how long that holds.
    pub async fn signed_in(&self) -> Result<SignedIn> {
        self.ready().await?;
        Ok(self.0.held.lock().await.signed_in())
    }
}

impl Renewed for Session {
    async fn current(&self) -> Result<Shown> {
        let mut held = self.0.held.lock().await;
        let now = self.http().clock().now();
        let is_good = held.tokens.as_ref().is_some_and(|tokens| is_good(tokens, held.got_at, now));
        if !is_good {
            // Renewing is large and rare, and every call lies around it.
            Box::pin(self.renew(&mut held)).await?;
        }
        Self::of(&held)
    }

    async fn replace(&self, refused: u64) -> Result<Shown> {
        let mut held = self.0.held.lock().await;
        if held.turn == refused {
            Box::pin(self.renew(&mut held)).await?;
        }
        Self::of(&held)
    }

    fn show(&self, call: Call, token: &SecretString) -> Call {
        call.bearer(token)
    }
}

fn is_good(tokens: &TokenSet, got_at: Millis, now: Millis) -> bool {
    let Some(ends) = tokens.ends else { return true };
    let early = EARLY.min(ends.since(got_at) / 10);
    // A clock that was set back says nothing of a token's end.
    ends.since(now) > early && now.since(got_at) >= 0
}
