//! The sign-in of a person for a client: checked, shown as a page, and answered with a code at the client's address.
//!
//! A `login_hint` that names somebody signs them in without the page, unless `prompt` asks for it; so does a `POST`
//! of the page's form with `person`.

use std::time::Duration;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};

use super::{Code, Session, page};
use crate::workflow::errors::Answer;
use crate::workflow::parameters::Parameters;
use crate::workflow::people::Member;
use crate::workflow::shared::{Shared, State, Tenant};

/// How long a code waits for the client.
const CODE_LIFETIME: Duration = Duration::from_mins(2);

/// Whether an address lies on this machine, whatever its port.
fn is_loopback(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

/// Adds parameters to an address, in its query or its fragment.
fn with(address: &str, mode: Option<&str>, pairs: &[(&str, &str)]) -> String {
    let encode =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let query: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let sign = match mode {
        Some("fragment") => '#',
        _ if address.contains('?') => '&',
        _ => '?',
    };
    format!("{address}{sign}{}", query.join("&"))
}

fn redirect(address: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(address) else {
        return page::words(StatusCode::BAD_REQUEST, "Invalid request", "The redirect URI cannot be used.");
    };
    (StatusCode::FOUND, [(LOCATION, location)]).into_response()
}

/// What the client asked, once it is known where the answer goes.
struct Ask<'p> {
    asked: &'p Parameters,
    client: &'p str,
    address: &'p str,
}

impl<'p> Ask<'p> {
    /// Checks client and address; an answer to the person where one of them is wrong.
    fn check(shared: &Shared, asked: &'p Parameters) -> Result<Self, Box<Response>> {
        let wrong = |text: &str| Box::new(page::words(StatusCode::BAD_REQUEST, "Invalid request", text));
        let client = asked.text("client_id").ok_or_else(|| wrong("client_id is missing."))?;
        if !shared.clients.iter().any(|known| known.id == client) {
            return Err(wrong("The client is not known."));
        }
        let address = asked.text("redirect_uri").ok_or_else(|| wrong("redirect_uri is missing."))?;
        let is_known = shared.redirects.iter().any(|known| known == address);
        // Inferred: whether the service lets loopback addresses in with any port is not known; an option decides.
        let is_let_in = shared.any_loopback && is_loopback(address);
        if !is_known && !is_let_in {
            return Err(wrong("The redirect URI is not registered for this client."));
        }
        Ok(Self { asked, client, address })
    }

    fn answer(&self, pairs: &[(&str, &str)]) -> Response {
        let mut pairs = pairs.to_vec();
        if let Some(state) = self.asked.text("state") {
            pairs.push(("state", state));
        }
        redirect(&with(self.address, self.asked.text("response_mode"), &pairs))
    }

    fn refuse(&self, error: &str, why: &str) -> Response {
        self.answer(&[("error", error), ("error_description", why)])
    }

    /// What is wrong with the rest, as the client is told.
    fn flaw(&self, shared: &Shared) -> Option<Response> {
        let is_public = shared.clients.iter().any(|known| known.id == self.client && known.secret.is_none());
        let method = self.asked.text("code_challenge_method").unwrap_or("plain");
        if self.asked.text("response_type") != Some("code") {
            return Some(self.refuse("unsupported_response_type", "Only the response type code is supported."));
        }
        match self.asked.text("code_challenge") {
            None if is_public => Some(self.refuse("invalid_request", "A public client must send code_challenge.")),
            Some(_) if !matches!(method, "S256" | "plain") => {
                Some(self.refuse("invalid_request", "The code_challenge_method is not supported."))
            }
            _ => None,
        }
    }

    /// Sends the person back with a code.
    fn grant(&self, shared: &Shared, tenant: &Tenant, member: &Member) -> Response {
        let method = self.asked.text("code_challenge_method").unwrap_or("plain").to_owned();
        let challenge = self.asked.text("code_challenge").map(|challenge| (method, challenge.to_owned()));
        let session = Session {
            tenant: tenant.id.clone(),
            client: self.client.to_owned(),
            user: member.person.email.clone(),
            scope: self.asked.text("scope").unwrap_or_default().to_owned(),
            family: crate::workflow::engine::new_id(),
            signed_in: shared.clock.now() / 1000,
        };
        let nonce = self.asked.text("nonce").map(str::to_owned);
        let code = Code { session, redirect: self.address.to_owned(), challenge, nonce };
        let code = shared.codes.issue("", code, CODE_LIFETIME);
        let issuer = shared.issuer(&tenant.id);
        self.answer(&[("code", &code), ("iss", &issuer)])
    }
}

/// Those among the members who are people.
fn people<'t>(shared: &Shared, tenant: &'t Tenant) -> Vec<&'t Member> {
    let is_program = |member: &&Member| shared.clients.iter().any(|client| client.account == member.person.email);
    tenant.directory.members().iter().filter(|member| !is_program(member)).collect()
}

fn show(shared: &Shared, tenant: &str, asked: &Parameters) -> Answer {
    let tenant = shared.tenant(tenant)?;
    let ask = match Ask::check(shared, asked) {
        Ok(ask) => ask,
        Err(response) => return Ok(*response),
    };
    if let Some(response) = ask.flaw(shared) {
        return Ok(response);
    }
    let prompt = asked.text("prompt").unwrap_or_default();
    let hinted = asked.text("login_hint").and_then(|hint| {
        people(shared, &tenant).into_iter().find(|member| member.person.email.eq_ignore_ascii_case(hint))
    });
    let must_show = prompt.split(' ').any(|one| matches!(one, "login" | "select_account" | "consent"));
    Ok(match hinted {
        Some(member) if !must_show => ask.grant(shared, &tenant, member),
        _ if prompt == "none" => ask.refuse("login_required", "Nobody is signed in."),
        _ => page::choice(&tenant.id, asked, &people(shared, &tenant)),
    })
}

/// `GET …/oauth2/auth`
pub(super) async fn ask(shared: State, Path(tenant): Path<String>, asked: Parameters) -> Answer {
    show(&shared, &tenant, &asked)
}

/// `POST …/oauth2/auth`
pub(super) async fn ask_by_form(shared: State, Path(tenant): Path<String>, body: String) -> Answer {
    show(&shared, &tenant, &Parameters::of(&body))
}

/// `POST …/oauth2/auth/sign-in`: a button of the page was pressed.
pub(super) async fn sign_in(shared: State, Path(tenant): Path<String>, body: String) -> Answer {
    let asked = Parameters::of(&body);
    let tenant = shared.tenant(&tenant)?;
    let ask = match Ask::check(&shared, &asked) {
        Ok(ask) => ask,
        Err(response) => return Ok(*response),
    };
    if let Some(response) = ask.flaw(&shared) {
        return Ok(response);
    }
    let who = asked.text("person").unwrap_or_default();
    let member = people(&shared, &tenant).into_iter().find(|member| member.person.email.eq_ignore_ascii_case(who));
    Ok(member.map_or_else(
        || ask.refuse("access_denied", "The person is not known."),
        |member| ask.grant(&shared, &tenant, member),
    ))
}
