//! A person's sign-in in the browser: the address to open, and what is kept of it.

use secrecy::SecretString;
use url::Url;
use waybill_connector::{ConnectorError, OpenContext, Result};
use waybill_model::FailureKind;
use waybill_net::{Surroundings, oauth::CodeRequest};

use crate::{
    config::Config,
    connector::{elsewhere, token_door},
};

/// An address below that of the sign-in service.
pub(crate) fn below(oauth: &Url, last: &str) -> Result<Url> {
    let mut url = oauth.clone();
    url.path_segments_mut()
        .map_err(|()| ConnectorError::new(FailureKind::Invalid, "open", "the sign-in address cannot have a path"))?
        .pop_if_empty()
        .push(last);
    Ok(url)
}

/// The settings while nobody has signed in yet.
fn unsigned(context: &OpenContext) -> Result<Config> {
    let mut context = context.clone();
    context.secrets.entry("refresh_token".to_owned()).or_insert_with(|| SecretString::from(String::new()));
    Config::read(&context)
}

/// Begins a sign-in that leads back to the registered address `redirect_uri`.
pub fn begin_sign_in(context: &OpenContext, redirect_uri: &Url) -> Result<CodeRequest> {
    let config = unsigned(context)?;
    let address = below(&config.oauth, "authorize")?;
    Ok(CodeRequest::begin(&address, ("app_id", &config.client_id), "", redirect_uri, &[]))
}

/// Ends it with the address that the browser was sent to; answers what is to be kept as the secret `refresh_token`.
pub async fn finish_sign_in(
    context: &OpenContext,
    around: &Surroundings,
    begun: &CodeRequest,
    answered: &Url,
) -> Result<SecretString> {
    let config = unsigned(context)?;
    let code = begun.code(answered)?;
    let door = token_door(&config, elsewhere(context, around)?)?;
    let tokens = door.by_code(&code, begun.verifier(), begun.redirect_uri()).await?;
    tokens.refresh.ok_or_else(|| {
        let why = "Canto gave nothing to stay signed in with; its administrator can check the API key";
        ConnectorError::new(FailureKind::Invalid, "sign-in", why).with("step", "token")
    })
}
