//! Sign-out: the tokens of the sign-in end, and the person goes where the client wants them.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};

use super::page;
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::parameters::Parameters;
use crate::workflow::shared::{Shared, State};

fn end(shared: &Shared, tenant: &str, asked: &Parameters) -> Answer {
    let tenant = shared.tenant(tenant)?;
    let hint = asked.text("id_token_hint").ok_or_else(|| Refused::invalid("id_token_hint is required"))?;
    let claims = shared.signer.claims(hint).filter(|claims| claims["iss"] == shared.issuer(&tenant.id));
    let claims = claims.ok_or_else(|| Refused::invalid("id_token_hint is not a token of this tenant"))?;
    let family = claims["sid"].as_str().unwrap_or_default();
    for tokens in [&shared.access, &shared.refresh] {
        tokens.revoke(|session| session.family == family);
    }
    let Some(address) = asked.text("post_logout_redirect_uri") else {
        return Ok(page::words(StatusCode::OK, "Signed out", "You are signed out."));
    };
    // Inferred: the address after the sign-out is one of those that may follow a sign-in.
    let address = match asked.text("state") {
        Some(state) => {
            let sign = if address.contains('?') { '&' } else { '?' };
            let state = percent_encoding::utf8_percent_encode(state, percent_encoding::NON_ALPHANUMERIC);
            format!("{address}{sign}state={state}")
        }
        None => address.to_owned(),
    };
    let location =
        HeaderValue::try_from(address).map_err(|_| Refused::invalid("post_logout_redirect_uri cannot be used"))?;
    let response: Response = (StatusCode::FOUND, [(LOCATION, location)]).into_response();
    Ok(response)
}

/// `GET …/oauth2/logout`
pub(super) async fn leave(shared: State, Path(tenant): Path<String>, asked: Parameters) -> Answer {
    end(&shared, &tenant, &asked)
}

/// `POST …/oauth2/logout`
pub(super) async fn leave_by_form(shared: State, Path(tenant): Path<String>, body: String) -> Answer {
    end(&shared, &tenant, &Parameters::of(&body))
}
