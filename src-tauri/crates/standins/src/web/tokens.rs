//! Tokens and codes that a system hands out: opaque, bound to who asked, and ended by the stand-in's clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

use crate::clock::{Clock, Millis};

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant<T> {
    /// Who or what it was handed out to.
    pub(crate) to: T,
    /// From then on it is refused.
    pub(crate) ends: Millis,
}

/// The tokens of one kind: access tokens, refresh tokens, tickets, codes.
#[derive(Debug)]
pub(crate) struct Tokens<T> {
    clock: Arc<Clock>,
    grants: Mutex<HashMap<String, Grant<T>>>,
}

impl<T: Clone> Tokens<T> {
    pub(crate) fn new(clock: Arc<Clock>) -> Self {
        Self { clock, grants: Mutex::default() }
    }

    fn grants(&self) -> MutexGuard<'_, HashMap<String, Grant<T>>> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new token that begins with `prefix`.
    pub(crate) fn issue(&self, prefix: &str, to: T, lifetime: Duration) -> String {
        let mut random = [0; 32];
        rand::rng().fill_bytes(&mut random);
        let token = format!("{prefix}{}", BASE64URL_NOPAD.encode(&random));
        self.let_in(token.clone(), to, lifetime);
        token
    }

    /// Makes a text that was made elsewhere a token.
    pub(crate) fn let_in(&self, token: String, to: T, lifetime: Duration) {
        let ends = self.clock.now().saturating_add(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX));
        self.grants().insert(token, Grant { to, ends });
    }

    /// What a token stands for, unless it is unknown or over.
    pub(crate) fn check(&self, token: &str) -> Option<Grant<T>> {
        self.grants().get(token).filter(|grant| grant.ends > self.clock.now()).cloned()
    }

    /// The same, and the token is spent: it works once.
    pub(crate) fn spend(&self, token: &str) -> Option<Grant<T>> {
        self.grants().remove(token).filter(|grant| grant.ends > self.clock.now())
    }

    /// Ends those that `which` names.
    pub(crate) fn revoke(&self, which: impl Fn(&T) -> bool) {
        self.grants().retain(|_, grant| !which(&grant.to));
    }
}

/// Whether `verifier` answers a PKCE challenge (RFC 7636). A method other than `S256` and `plain` is answered by nothing.
pub(crate) fn is_answered_by(method: &str, challenge: &str, verifier: &str) -> bool {
    match method {
        "S256" => BASE64URL_NOPAD.encode(&Sha256::digest(verifier)) == challenge,
        "plain" => verifier == challenge,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_with_its_time_and_a_spent_one_at_once() {
        let clock = Arc::new(Clock::default());
        let tokens = Tokens::new(Arc::clone(&clock));
        let token = tokens.issue("t-", "ada", Duration::from_mins(1));
        assert_eq!(tokens.check(&token).unwrap().to, "ada");
        clock.advance(Duration::from_secs(61));
        assert_eq!(tokens.check(&token), None);
        let code = tokens.issue("", "ada", Duration::from_mins(1));
        assert!(tokens.spend(&code).is_some());
        assert_eq!(tokens.spend(&code), None);
    }

    #[test]
    fn a_challenge_of_the_standard_is_answered_by_its_verifier() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_answered_by("S256", challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!is_answered_by("S256", challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"));
        assert!(is_answered_by("plain", "same", "same"));
        assert!(!is_answered_by("S512", "same", "same"));
    }
}
