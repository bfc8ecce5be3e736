//! A person's sign-in of one connection: everything between the address that the browser opens and the token that is kept.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use secrecy::SecretString;
use url::Url;
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;

use crate::{
    KEPT_SIGN_IN,
    oauth::{CodeRequest, Redirect, TokenDoor},
    words,
};

/// What a connector knows of its provider's way to sign a person in.
#[derive(Debug, Clone)]
pub struct PersonSignIn {
    /// Where the browser goes.
    pub authorize: Url,
    /// The client as the browser names it: the parameter and its value.
    pub client: (&'static str, String),
    /// What is asked for.
    pub scope: String,
    /// Where the browser is sent back to, as it is registered with the provider.
    pub redirect_uri: String,
    /// The provider's own parameters.
    pub more: Vec<(&'static str, String)>,
    /// Where the code becomes a token.
    pub door: TokenDoor,
    /// The secret of the connection that holds what is kept.
    pub secret: &'static str,
}

/// A sign-in under way: the browser is open somewhere.
#[derive(Debug)]
pub struct SigningIn {
    request: CodeRequest,
    redirect: Mutex<Option<Redirect>>,
    deaf: Option<ConnectorError>,
    door: TokenDoor,
    secret: &'static str,
}

impl PersonSignIn {
    /// The usual way at a provider: no scope, nothing of the provider's own.
    pub fn new(door: TokenDoor, authorize: Url, redirect_uri: impl Into<String>) -> Self {
        Self {
            authorize,
            client: (door.client.fields.0, door.client.id.clone()),
            scope: String::new(),
            redirect_uri: redirect_uri.into(),
            more: Vec::new(),
            door,
            secret: KEPT_SIGN_IN,
        }
    }

    /// Begins: listens for the browser where the redirect address is this computer's.
    pub async fn begin(self) -> SigningIn {
        let (redirect, deaf) = match listen(&self.redirect_uri).await {
            Ok(redirect) => (Some(redirect), None),
            Err(error) => (None, Some(error)),
        };
        // Port 0 stands for the one that was free; any other address goes as it is spelled.
        let back = match &redirect {
            Some(redirect) if leaves_the_port(&self.redirect_uri) => redirect.uri().as_str(),
            _ => &self.redirect_uri,
        };
        let more: Vec<_> = self.more.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let client = (self.client.0, self.client.1.as_str());
        let request = CodeRequest::begin(&self.authorize, client, &self.scope, back, &more);
        SigningIn { request, redirect: Mutex::new(redirect), deaf, door: self.door, secret: self.secret }
    }
}

impl SigningIn {
    /// What the person's browser opens.
    pub fn address(&self) -> &Url {
        &self.request.address
    }

    /// Why the browser's answer cannot be heard here, so that its last address has to be pasted; `None` where it is heard.
    pub fn deaf(&self) -> Option<&ConnectorError> {
        self.deaf.as_ref()
    }

    /// The secret of the connection that holds what is kept.
    pub fn secret(&self) -> &'static str {
        self.secret
    }

    /// Waits for the browser, at most so long; `page` is what it shows then. It never ends where nothing can be heard.
    pub async fn hear(&self, at_most: Duration, page: &str) -> Result<Url> {
        let redirect = self.redirect.lock().unwrap_or_else(PoisonError::into_inner).take();
        match redirect {
            Some(redirect) => redirect.wait(at_most, page).await,
            None => std::future::pending().await,
        }
    }

    /// Turns the address at which the browser ended into the token that is kept. It works once.
    pub async fn finish(&self, answered: &Url) -> Result<SecretString> {
        let code = self.request.code(answered)?;
        let tokens = self.door.by_code(&code, self.request.verifier(), self.request.redirect_uri()).await?;
        tokens.refresh.ok_or_else(|| {
            ConnectorError::saying(FailureKind::Denied, "sign-in", words::DOES_NOT_LAST.said()).with("step", "token")
        })
    }
}

async fn listen(redirect_uri: &str) -> Result<Redirect> {
    let uri = redirect_uri.parse().map_err(|_| {
        let said = words::NO_REDIRECT.with(&[("address", redirect_uri)]);
        ConnectorError::saying(FailureKind::Invalid, "sign-in", said).with("step", "redirect")
    })?;
    Redirect::listen(&uri).await
}

/// Whether a redirect address leaves the port to us.
fn leaves_the_port(redirect_uri: &str) -> bool {
    redirect_uri.parse().is_ok_and(|uri: Url| uri.port() == Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_with_port_0_leaves_the_port_to_us() {
        assert!(leaves_the_port("http://127.0.0.1:0/callback"));
        for fixed in
            ["http://127.0.0.1:48123/callback?next=:0/", "http://localhost/callback", "https://desk.example:0x/", ""]
        {
            assert!(!leaves_the_port(fixed), "{fixed}");
        }
    }
}
