//! Where a provider's doors are, and how a client shows itself there.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;
use waybill_connector::{ConnectorError, Phrase, Result};
use waybill_model::FailureKind;

use crate::{
    Call, Http, Refusal,
    oauth::{TokenSet, code::said},
    words,
};

/// Bytes of an answer of a provider.
const ANSWER_BYTES: u64 = 1024 * 1024;

/// What a provider tells about itself (`OpenID` Connect Discovery).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Discovery {
    /// Its name, an address.
    pub issuer: Url,
    /// Where people sign in.
    pub authorization_endpoint: Url,
    /// Where tokens are handed out.
    pub token_endpoint: Url,
    /// Where people sign out.
    pub end_session_endpoint: Option<Url>,
}

impl Discovery {
    /// Asks a provider at its name. Fails where what answers there has another name: it would speak for somebody else.
    pub async fn of(http: &Http, issuer: &Url) -> Result<Self> {
        let base = issuer.as_str().trim_end_matches('/');
        let address = Url::parse(&format!("{base}/.well-known/openid-configuration")).map_err(|error| {
            let why = format!("{base} is no address of a sign-in service");
            ConnectorError::new(FailureKind::Invalid, "discovery", why).caused_by(error)
        })?;
        let answer = http.get("discovery", address).accept("application/json").follow(3).send().await?;
        let answer = answer.success().await.map_err(|refusal| {
            let error = refusal.to_connector_error("discovery", "the sign-in service");
            match refusal.status {
                400 | 404 => {
                    let said = words::NO_SERVICE.with(&[("address", base)]);
                    let none = ConnectorError::saying(FailureKind::Invalid, "discovery", said);
                    none.with("status", refusal.status.to_string())
                }
                _ => error,
            }
            .with("step", "discovery")
        })?;
        let found: Self = answer.json(ANSWER_BYTES).await.map_err(|error| error.with("step", "discovery"))?;
        if found.issuer.as_str().trim_end_matches('/') != base {
            let said = words::OTHER_SERVICE.with(&[("address", base), ("other", found.issuer.as_str())]);
            return Err(ConnectorError::saying(FailureKind::Invalid, "discovery", said).with("step", "discovery"));
        }
        Ok(found)
    }
}

/// Where a client's secret stands in a request for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientSecretIn {
    /// Among the fields of the form (RFC 6749, 2.3.1).
    #[default]
    Form,
    /// In the header, as user and password (the same).
    Header,
}

/// A client as the provider knows it.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its name.
    pub id: String,
    /// Its secret; none for a client that cannot keep one.
    pub secret: Option<SecretString>,
    /// Where the secret stands.
    pub secret_in: ClientSecretIn,
    /// What the fields of name and secret are called: `client_id` and `client_secret`, or a vendor's own.
    pub fields: (&'static str, &'static str),
}

impl Client {
    /// A client with the standard's names.
    pub fn new(id: impl Into<String>, secret: Option<SecretString>) -> Self {
        Self { id: id.into(), secret, secret_in: ClientSecretIn::Form, fields: ("client_id", "client_secret") }
    }
}

/// Where one client gets its tokens.
#[derive(Debug, Clone)]
pub struct TokenDoor {
    /// How it is reached.
    pub http: Http,
    /// Its address.
    pub address: Url,
    /// Who asks.
    pub client: Client,
}

impl TokenDoor {
    /// Tokens for the client itself.
    pub async fn by_credentials(&self, more: &[(&str, &str)]) -> Result<TokenSet> {
        self.ask("client_credentials", more, &[]).await
    }

    /// The next tokens. A provider that has forgotten the sign-in answers `Unauthenticated`.
    pub async fn by_refresh(&self, refresh: &SecretString) -> Result<TokenSet> {
        let mut tokens = self.ask("refresh_token", &[], &[("refresh_token", refresh)]).await?;
        // Without a new one the old one stays good (RFC 6749, 6).
        tokens.refresh.get_or_insert_with(|| refresh.clone());
        Ok(tokens)
    }

    /// Tokens for a code that came back from the browser.
    pub async fn by_code(
        &self,
        code: &SecretString,
        verifier: &SecretString,
        redirect_uri: impl AsRef<str>,
    ) -> Result<TokenSet> {
        let redirect_uri = redirect_uri.as_ref();
        self.ask(
            "authorization_code",
            &[("redirect_uri", redirect_uri)],
            &[("code", code), ("code_verifier", verifier)],
        )
        .await
    }

    async fn ask(&self, grant: &str, plain: &[(&str, &str)], secret: &[(&str, &SecretString)]) -> Result<TokenSet> {
        let mut form = vec![("grant_type", grant)];
        form.extend_from_slice(plain);
        form.extend(secret.iter().map(|(name, value)| (*name, value.expose_secret())));
        let mut call = self.http.post("token", self.address.clone()).accept("application/json");
        for (_, value) in secret {
            call = call.hide((*value).clone());
        }
        let call = self.shown(call, &mut form).form(form);
        let answer = call.send().await?;
        let answer = answer.success().await.map_err(|refusal| refused(&refusal).with("step", "token"))?;
        let now = self.http.clock().now();
        let answer = answer.json(ANSWER_BYTES).await.map_err(|error: ConnectorError| error.with("step", "token"))?;
        TokenSet::read(&answer, now).map_err(|error| error.with("step", "token"))
    }

    /// Shows who asks.
    fn shown<'a>(&'a self, call: Call, form: &mut Vec<(&'a str, &'a str)>) -> Call {
        let (client, (id, secret)) = (&self.client, self.client.fields);
        match (&client.secret, client.secret_in) {
            (Some(value), ClientSecretIn::Header) => call.basic(&client.id, value),
            (Some(value), ClientSecretIn::Form) => {
                form.extend([(id, client.id.as_str()), (secret, value.expose_secret())]);
                call.hide(value.clone())
            }
            (None, _) => {
                form.push((id, client.id.as_str()));
                call
            }
        }
    }
}

/// What a refusal of a token endpoint means, and who can mend it.
fn refused(refusal: &Refusal) -> ConnectorError {
    let said = said(&refusal.words);
    let saying = |kind, phrase: Phrase| ConnectorError::saying(kind, "token", phrase.with(&[("said", &said)]));
    match refusal.code.as_deref() {
        Some("invalid_client" | "unauthorized_client" | "oauth.v2.InvalidApiKey") => {
            saying(FailureKind::Unauthenticated, words::UNKNOWN_CLIENT)
        }
        Some("invalid_grant") => saying(FailureKind::Unauthenticated, words::USED_UP),
        Some("invalid_scope" | "unsupported_grant_type" | "unsupported_response_type") => {
            saying(FailureKind::Invalid, words::NOT_ALLOWED)
        }
        _ if refusal.status == 401 => saying(FailureKind::Unauthenticated, words::CLIENT_REFUSED),
        _ => refusal.to_connector_error("token", "the sign-in service"),
    }
}
