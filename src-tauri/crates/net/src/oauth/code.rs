//! Signing in by a code (RFC 6749, 4.1) with PKCE (RFC 7636): the address to open, and what comes back.

use data_encoding::BASE64URL_NOPAD;
use rand::RngCore as _;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use url::Url;
use waybill_connector::ConnectorError;
use waybill_model::FailureKind;

use crate::words;

/// A sign-in that was begun. It lives in memory only, and is good for one answer.
#[derive(Debug)]
pub struct CodeRequest {
    /// What the person's browser opens.
    pub address: Url,
    redirect_uri: String,
    state: SecretString,
    verifier: SecretString,
}

/// Why no code came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefused {
    /// The person, or the provider, said no.
    #[error("the sign-in was refused{}", said(.0))]
    Refused(String),
    /// The provider does not take the client, the redirect address or the scope.
    #[error("the sign-in service does not take this desk's settings{}; check client and redirect address with its administrator", said(.0))]
    Settings(String),
    /// The answer belongs to another sign-in, or somebody made it up.
    #[error("the answer belongs to another sign-in; begin again")]
    Another,
    /// There is neither a code nor a reason in it.
    #[error("the address holds no answer of a sign-in; copy it whole, after the page has changed")]
    NoAnswer,
}

/// A service's own words, as they are put behind ours.
pub(super) fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" ({words})") }
}

impl From<SignInRefused> for ConnectorError {
    fn from(refused: SignInRefused) -> Self {
        let kind = match refused {
            SignInRefused::Refused(_) => FailureKind::Unauthenticated,
            SignInRefused::Settings(_) | SignInRefused::Another | SignInRefused::NoAnswer => FailureKind::Invalid,
        };
        let said = match &refused {
            SignInRefused::Refused(words) => words::REFUSED.with(&[("said", &said(words))]),
            SignInRefused::Settings(words) => words::SETTINGS.with(&[("said", &said(words))]),
            SignInRefused::Another => words::ANOTHER.said(),
            SignInRefused::NoAnswer => words::NO_ANSWER.said(),
        };
        Self::saying(kind, "sign-in", said).with("step", "sign-in")
    }
}

impl CodeRequest {
    /// Begins a sign-in. `redirect_uri` goes as it is spelled: providers compare it letter by letter. `more` are the
    /// provider's own parameters.
    pub fn begin(
        authorize: &Url,
        client: (&str, &str),
        scope: &str,
        redirect_uri: impl AsRef<str>,
        more: &[(&str, &str)],
    ) -> Self {
        let redirect_uri = redirect_uri.as_ref();
        let (state, verifier) = (random(), random());
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.expose_secret()));
        let mut address = authorize.clone();
        {
            let mut pairs = address.query_pairs_mut();
            pairs.append_pair("response_type", "code");
            pairs.append_pair(client.0, client.1);
            pairs.append_pair("redirect_uri", redirect_uri);
            pairs.append_pair("state", state.expose_secret());
            pairs.append_pair("code_challenge", &challenge);
            pairs.append_pair("code_challenge_method", "S256");
            if !scope.is_empty() {
                pairs.append_pair("scope", scope);
            }
            pairs.extend_pairs(more);
        }
        Self { address, redirect_uri: redirect_uri.to_owned(), state, verifier }
    }

    /// Where the browser is sent back to.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// What proves, with the code, that the answer is for us.
    pub fn verifier(&self) -> &SecretString {
        &self.verifier
    }

    /// The code in the address that the browser was sent to, however it got here: by the listener, or pasted by a person.
    pub fn code(&self, answered: &Url) -> Result<SecretString, SignInRefused> {
        let found = |name: &str| {
            let fragment = answered.fragment().unwrap_or_default();
            let pairs = answered.query_pairs().chain(url::form_urlencoded::parse(fragment.as_bytes()));
            pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let error = found("error");
        let code = found("code");
        if error.is_none() && code.is_none() {
            return Err(SignInRefused::NoAnswer);
        }
        if found("state").as_deref() != Some(self.state.expose_secret()) {
            return Err(SignInRefused::Another);
        }
        if let Some(error) = error {
            let words = found("error_description").unwrap_or_else(|| error.clone());
            return Err(match error.as_str() {
                "access_denied" | "consent_required" | "login_required" | "interaction_required" => {
                    SignInRefused::Refused(words)
                }
                _ => SignInRefused::Settings(words),
            });
        }
        code.map(SecretString::from).ok_or(SignInRefused::NoAnswer)
    }
}

/// 256 random bits, as text.
fn random() -> SecretString {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    SecretString::from(BASE64URL_NOPAD.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn begun() -> CodeRequest {
        CodeRequest::begin(
            &"https://h/tenants/t/oauth2/auth?x=1".parse().unwrap(),
            ("client_id", "desk"),
            "openid",
            "http://127.0.0.1:4711/",
            &[("login_hint", "ada")],
        )
    }

    #[test]
    fn each_sign_in_has_secrets_of_its_own_and_shows_none() {
        let (one, two) = (begun(), begun());
        assert_ne!(one.state.expose_secret(), two.state.expose_secret());
        assert_ne!(one.verifier.expose_secret(), two.verifier.expose_secret());
        assert_eq!(one.verifier.expose_secret().len(), 43);
        assert!(!one.address.as_str().contains(one.verifier.expose_secret()));
        let shown = format!("{one:?}");
        assert!(!shown.contains(one.verifier.expose_secret()), "{shown}");
        let pairs: Vec<_> = one.address.query_pairs().map(|(key, _)| key.into_owned()).collect();
        let expected = [
            "x",
            "response_type",
            "client_id",
            "redirect_uri",
            "state",
            "code_challenge",
            "code_challenge_method",
            "scope",
            "login_hint",
        ];
        assert_eq!(pairs, expected);
    }

    #[rstest]
    #[case::denied("error=access_denied&error_description=no+thanks", SignInRefused::Refused("no thanks".to_owned()))]
    #[case::client("error=invalid_request", SignInRefused::Settings("invalid_request".to_owned()))]
    #[case::empty("", SignInRefused::NoAnswer)]
    fn a_refusal_says_whose_it_is(#[case] query: &str, #[case] refused: SignInRefused) {
        let begun = begun();
        let answered = format!("http://127.0.0.1:4711/?{query}&state={}", begun.state.expose_secret());
        assert_eq!(begun.code(&answered.parse().unwrap()).unwrap_err(), refused);
    }

    #[test]
    fn an_answer_without_the_state_is_another_ones() {
        let begun = begun();
        for query in ["code=x", "code=x&state=made-up", "error=access_denied"] {
            let answered = format!("http://127.0.0.1:4711/?{query}").parse().unwrap();
            assert_eq!(begun.code(&answered).unwrap_err(), SignInRefused::Another, "{query}");
        }
        let right = format!("http://127.0.0.1:4711/?code=x&state={}", begun.state.expose_secret()).parse().unwrap();
        assert_eq!(begun.code(&right).unwrap().expose_secret(), "x");
    }
}
