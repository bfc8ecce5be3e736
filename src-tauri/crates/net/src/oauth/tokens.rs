//! What a token endpoint answers.

use secrecy::SecretString;
use serde_json::Value;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Millis};

use crate::words;

/// Tokens, as they were handed out.
#[derive(Debug, Clone)]
pub struct TokenSet {
    /// Sent with every call.
    pub access: SecretString,
    /// Gets the next ones; `None` where the provider gives none.
    pub refresh: Option<SecretString>,
    /// From then on the access token is refused; `None` where the provider does not tell.
    pub ends: Option<Millis>,
    /// From then on what gets the next ones is refused, and somebody signs in again; `None` where the provider does not tell.
    pub refresh_ends: Option<Millis>,
    /// Who signed in, as a signed statement (`OpenID` Connect). It was fetched from the provider itself over the
    /// connection's own line, and is kept for signing out alone.
    pub id_token: Option<SecretString>,
}

impl TokenSet {
    /// Reads an answer in the standard's spelling or in the other one that is met (`accessToken`); times as numbers or as
    /// texts, in seconds.
    pub fn read(answer: &Value, now: Millis) -> Result<Self> {
        let text = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| answer.get(*name)?.as_str().filter(|text| !text.is_empty()));
            found.map(|text| SecretString::from(text.to_owned()))
        };
        let access = text(["access_token", "accessToken"])
            .ok_or_else(|| ConnectorError::saying(FailureKind::Invalid, "token", words::NO_TOKEN.said()))?;
        let after = |names: &[&str]| {
            let lifetime = names.iter().find_map(|name| seconds(answer.get(*name)?));
            lifetime.map(|seconds| now.plus(seconds.saturating_mul(1000)))
        };
        Ok(Self {
            access,
            refresh: text(["refresh_token", "refreshToken"]),
            ends: after(&["expires_in", "expiresIn"]),
            // No standard has a name for it; these are met.
            refresh_ends: after(&["refresh_expires_in", "refresh_token_expires_in", "refreshTokenExpiresIn"]),
            id_token: text(["id_token", "idToken"]),
        })
    }
}

fn seconds(value: &Value) -> Option<i64> {
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (number > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use secrecy::ExposeSecret as _;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::standard(json!({ "access_token": "a", "expires_in": 60, "refresh_token": "r", "refresh_expires_in": 600 }))]
    #[case::other(json!({ "accessToken": "a", "expiresIn": "60", "refreshToken": "r", "refreshTokenExpiresIn": 600 }))]
    fn both_spellings_are_read(#[case] answer: Value) {
        let tokens = TokenSet::read(&answer, Millis(1_000)).unwrap();
        assert_eq!((tokens.access.expose_secret(), tokens.refresh.unwrap().expose_secret()), ("a", "r"));
        assert_eq!((tokens.ends, tokens.refresh_ends), (Some(Millis(61_000)), Some(Millis(601_000))));
    }

    #[test]
    fn what_a_provider_leaves_out_is_not_made_up() {
        let tokens =
            TokenSet::read(&json!({ "access_token": "a", "refresh_token": null, "expires_in": "" }), Millis(0))
                .unwrap();
        assert!(tokens.refresh.is_none() && tokens.ends.is_none() && tokens.id_token.is_none());
        assert_eq!(tokens.refresh_ends, None);
        let error = TokenSet::read(&json!({ "token": "a" }), Millis(0)).unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
    }
}
