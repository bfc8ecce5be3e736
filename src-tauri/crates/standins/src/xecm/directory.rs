//! The directory service beside the content server: its tickets, and OAuth with a browser, a secret or a refresh token.

use std::time::Duration;

use http::StatusCode;
use http::header::{ALLOW, LOCATION, WWW_AUTHENTICATE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, Payload, Refused};
use super::call::Call;
use super::sign_in::{Access, Client, Code, SignIn, member_of, service_member};
use super::world::{Member, World};
use crate::web::{client_basic, is_answered_by};

/// The partition that all members belong to.
const PARTITION: &str = "sandbox";
const TICKET_LIFETIME: Duration = Duration::from_hours(8);
const REFRESH_LIFETIME: Duration = Duration::from_hours(24 * 30);
const CODE_LIFETIME: Duration = Duration::from_mins(5);
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// Answers the paths below `/otdsws`.
pub(super) fn route(world: &World, sign_in: &SignIn, call: &Call) -> Outcome {
    match (call.verb(), call.path().as_slice()) {
        ("POST", ["rest", "authentication", "credentials"]) => credentials(world, sign_in, call, Spelling::Camel),
        ("POST", ["v1", "authentication", "credentials"]) => credentials(world, sign_in, call, Spelling::Snake),
        ("POST", ["rest", "authentication", "ticketforuser"]) => ticket_for_user(world, sign_in, call),
        ("POST", ["rest", "authentication", "token"]) => ticket_for_token(world, sign_in, call),
        ("GET", ["rest", "currentuser"]) => current_user(world, sign_in, call),
        ("POST", ["oauth2" | "rest", "token"]) => Ok(token(world, sign_in, call)),
        ("GET" | "POST", ["oauth2", "auth"]) => authorize(world, sign_in, call),
        // Inferred: tokens are opaque here, so there are no keys to check them with.
        ("GET", ["oauth2", "jwks"]) => Ok(Answer::json(json!({ "keys": [] }))),
        (_, path) => match methods_of(path) {
            // Inferred: the service answers as the library does that it is built on.
            Some(methods) => {
                let document = json!({ "status": 405, "error": "HTTP 405 Method Not Allowed" });
                let answer = Answer {
                    status: StatusCode::METHOD_NOT_ALLOWED,
                    headers: Vec::new(),
                    body: Payload::Json(document),
                };
                Ok(answer.with(ALLOW, methods))
            }
            None => Err(Refused::new(404, "HTTP 404 Not Found")),
        },
    }
}

/// The methods of a known address.
fn methods_of(path: &[&str]) -> Option<&'static str> {
    match path {
        ["rest" | "v1", "authentication", "credentials"]
        | ["rest", "authentication", "ticketforuser" | "token"]
        | ["oauth2" | "rest", "token"] => Some("POST"),
        ["rest", "currentuser"] | ["oauth2", "jwks"] => Some("GET, HEAD"),
        ["oauth2", "auth"] => Some("GET, HEAD, POST"),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Spelling {
    Camel,
    Snake,
}

fn user_id(member: &Member) -> String {
    format!("{}@{PARTITION}", member.name)
}

fn by_user_id(world: &World, id: &str) -> Option<i64> {
    let bare = id.split('@').next().unwrap_or(id);
    world
        .members
        .values()
        .find(|member| !member.is_group && member.name.eq_ignore_ascii_case(bare))
        .map(|member| member.id)
}

fn denied() -> Refused {
    Refused::new(401, "Authentication failed: the user name or the password is wrong.")
}

fn issued(sign_in: &SignIn, member: &Member, spelling: Spelling) -> Answer {
    let ticket = sign_in.directory_tickets.issue("*OTDSSSO*", member.id, TICKET_LIFETIME) + "*";
    sign_in.directory_tickets.let_in(ticket.clone(), member.id, TICKET_LIFETIME);
    Answer::json(match spelling {
        Spelling::Camel => json!({
            "token": ticket, "userId": user_id(member), "ticket": ticket, "resourceID": null, "failureReason": null,
            "passwordExpirationTime": 0, "continuation": false, "continuationContext": null, "continuationData": null,
        }),
        Spelling::Snake => json!({
            "token": ticket, "user_id": user_id(member), "ticket": ticket, "resource_id": null, "failure_reason": null,
            "password_expiration_time": 0, "continuation": false, "continuation_context": null, "continuation_data": null,
        }),
    })
}

fn credentials(world: &World, sign_in: &SignIn, call: &Call, spelling: Spelling) -> Outcome {
    let name = call.text("userName").or_else(|| call.text("user_name")).unwrap_or_default();
    let member = member_of(world, &name, &call.text("password").unwrap_or_default()).ok_or_else(denied)?;
    Ok(issued(sign_in, member, spelling))
}

/// A ticket for another user, on the word of the administrator's ticket.
fn ticket_for_user(world: &World, sign_in: &SignIn, call: &Call) -> Outcome {
    let ticket = call.need("ticket")?;
    let grant = sign_in.directory_tickets.check(&ticket).ok_or_else(denied)?;
    let wanted = by_user_id(world, &call.need("userName")?).ok_or_else(denied)?;
    if grant.to != service_member() && grant.to != wanted {
        return Err(denied());
    }
    let member = world.members.get(&wanted).ok_or_else(denied)?;
    Ok(issued(sign_in, member, Spelling::Camel))
}

fn ticket_for_token(world: &World, sign_in: &SignIn, call: &Call) -> Outcome {
    let grant = sign_in.access.check(&call.need("token")?).ok_or_else(denied)?;
    let member = world.members.get(&grant.to.member).ok_or_else(denied)?;
    Ok(issued(sign_in, member, Spelling::Camel))
}

fn current_user(world: &World, sign_in: &SignIn, call: &Call) -> Outcome {
    let by_ticket = call.header("otdsticket").and_then(|ticket| sign_in.directory_tickets.check(ticket));
    let bearer = crate::web::credentials(&call.headers, "Bearer");
    let by_token = || bearer.and_then(|token| sign_in.access.check(token)).map(|grant| grant.to.member);
    let id = by_ticket.map(|grant| grant.to).or_else(by_token).ok_or_else(denied)?;
    let member = world.members.get(&id).ok_or_else(denied)?;
    Ok(Answer::json(json!({
        "isAdmin": id == service_member(),
        "user": { "id": user_id(member), "name": member.name, "userPartitionID": PARTITION, "location": "" },
    })))
}

/// An error as OAuth words it.
fn oauth_error(status: StatusCode, error: &str, description: &str) -> Answer {
    let document = json!({ "error": error, "error_description": description });
    Answer { status, headers: Vec::new(), body: Payload::Json(document) }
}

fn client_of(sign_in: &SignIn, call: &Call) -> Option<Client> {
    let (id, secret) = match client_basic(&call.headers) {
        Some((id, secret)) => (id, Some(secret)),
        None => (call.text("client_id")?, call.filled("client_secret")),
    };
    let client = sign_in.clients.iter().find(|client| client.id == id)?;
    (client.secret.is_none() || client.secret == secret).then(|| client.clone())
}

/// What a request for tokens says that lacks what it needs (RFC 6749, 5.2).
fn lacking(name: &str) -> Answer {
    oauth_error(StatusCode::BAD_REQUEST, "invalid_request", &format!("{name} is missing"))
}

fn token(world: &World, sign_in: &SignIn, call: &Call) -> Answer {
    let bad = |error: &str, text: &str| oauth_error(StatusCode::BAD_REQUEST, error, text);
    let Some(client) = client_of(sign_in, call) else {
        let text = "the client is unknown or its secret is wrong";
        let refused = oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", text);
        return refused.with(WWW_AUTHENTICATE, "Basic realm=\"directory\"".to_owned());
    };
    let kind = call.filled("grant_type").unwrap_or_default();
    let needed: &[&str] = match kind.as_str() {
        "" => &["grant_type"],
        "password" => &["username", "password"],
        "refresh_token" => &["refresh_token"],
        "authorization_code" => &["code", "redirect_uri"],
        TOKEN_EXCHANGE => &["subject_token"],
        _ => &[],
    };
    if let Some(name) = needed.iter().find(|name| call.filled(name).is_none()) {
        return lacking(name);
    }
    let scope = call.text("scope").unwrap_or_default();
    let access = |member| Access { member, client: client.id.clone(), scope: scope.clone() };
    let given = |name: &str| call.text(name).unwrap_or_default();
    match kind.as_str() {
        "client_credentials" if client.secret.is_some() => grant(sign_in, access(service_member()), false),
        "client_credentials" => bad("unauthorized_client", "a public client has no credentials"),
        "password" => match member_of(world, &given("username"), &given("password")) {
            Some(member) => grant(sign_in, access(member.id), true),
            None => bad("invalid_grant", "the user name or the password is wrong"),
        },
        "refresh_token" => match sign_in.refresh.spend(&given("refresh_token")) {
            Some(old) if old.to.client == client.id => grant(sign_in, old.to, true),
            _ => bad("invalid_grant", "the refresh token is unknown, spent or over"),
        },
        "authorization_code" => match sign_in.codes.spend(&given("code")) {
            Some(code) if is_redeemed(call, &client, &code.to) => grant(sign_in, code.to.access, true),
            _ => bad("invalid_grant", "the code is unknown, spent or over, or does not belong to this request"),
        },
        TOKEN_EXCHANGE if client.secret.is_some() => match by_user_id(world, &given("subject_token")) {
            Some(member) => grant(sign_in, access(member), false),
            None => bad("invalid_request", "the subject token names no user"),
        },
        TOKEN_EXCHANGE => bad("unauthorized_client", "a public client acts for nobody else"),
        _ => bad("unsupported_grant_type", "this grant is not offered"),
    }
}

fn is_redeemed(call: &Call, client: &Client, code: &Code) -> bool {
    let proven = match &code.challenge {
        Some((method, challenge)) => {
            call.text("code_verifier").is_some_and(|verifier| is_answered_by(method, challenge, &verifier))
        }
        None => client.secret.is_some(),
    };
    proven && code.access.client == client.id && call.text("redirect_uri").is_some_and(|uri| uri == code.redirect)
}

fn grant(sign_in: &SignIn, access: Access, refreshable: bool) -> Answer {
    let mut document =
        json!({ "token_type": "Bearer", "expires_in": sign_in.access_lifetime.as_secs(), "scope": access.scope });
    // A scope of its own asks for a ticket of the older kind in the token's place.
    document["access_token"] = if access.scope.split(' ').any(|scope| scope == "otdsssoticket") {
        json!(sign_in.directory_tickets.issue("*OTDSSSO*", access.member, TICKET_LIFETIME))
    } else {
        json!(sign_in.access.issue("", access.clone(), sign_in.access_lifetime))
    };
    if refreshable {
        document["refresh_token"] = Value::from(sign_in.refresh.issue("", access, REFRESH_LIFETIME));
    }
    Answer::json(document)
}

/// The page where a person signs in, and what its form leads to.
fn authorize(world: &World, sign_in: &SignIn, call: &Call) -> Outcome {
    // Inferred: how a desktop's public client is set up; the flow itself is RFC 6749 with RFC 7636.
    let (client, redirect) = (call.need("client_id")?, call.need("redirect_uri")?);
    let known = sign_in.clients.iter().find(|known| known.id == client);
    let known = known.ok_or_else(|| Refused::bad("invalid_client"))?;
    let is_local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .any(|start| redirect.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])));
    if !is_local {
        return Err(Refused::bad("invalid_redirect_uri"));
    }
    let back = |pairs: &[(&str, &str)]| {
        let state = call.text("state").unwrap_or_default();
        let pairs = pairs.iter().copied().chain((!state.is_empty()).then_some(("state", state.as_str())));
        let query: Vec<String> =
            pairs.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))).collect();
        let glue = if redirect.contains('?') { '&' } else { '?' };
        Ok(Answer::page(StatusCode::FOUND, "").with(LOCATION, format!("{redirect}{glue}{}", query.join("&"))))
    };
    if call.text("response_type").as_deref() != Some("code") {
        return back(&[("error", "unsupported_response_type")]);
    }
    let method = call.text("code_challenge_method").unwrap_or_else(|| "plain".to_owned());
    let challenge = call.filled("code_challenge").map(|challenge| (method, challenge));
    if challenge.is_none() && known.secret.is_none() {
        return back(&[("error", "invalid_request")]);
    }
    if call.verb() == "GET" {
        return Ok(Answer::page(StatusCode::OK, login_page(call, "")));
    }
    let (name, password) = (call.text("username").unwrap_or_default(), call.text("password").unwrap_or_default());
    let Some(member) = member_of(world, &name, &password) else {
        let page = login_page(call, "The user name or the password is wrong.");
        return Ok(Answer::page(StatusCode::UNAUTHORIZED, page));
    };
    let access = Access { member: member.id, client, scope: call.text("scope").unwrap_or_default() };
    let code = sign_in.codes.issue("", Code { access, redirect: redirect.clone(), challenge }, CODE_LIFETIME);
    back(&[("code", &code)])
}

fn login_page(call: &Call, remark: &str) -> String {
    let safe = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let mut hidden = String::new();
    for name in
        ["client_id", "redirect_uri", "response_type", "state", "scope", "code_challenge", "code_challenge_method"]
    {
        if let Some(value) = call.text(name) {
            hidden.push_str(&["<input type=\"hidden\" name=\"", name, "\" value=\"", &safe(&value), "\">"].concat());
        }
    }
    format!(
        "<!doctype html><meta charset=\"utf-8\"><title>Sign in</title><form method=\"post\" action=\"/otdsws/oauth2/auth\">{hidden}\
         <p>{remark}<p><label>User name <input name=\"username\"></label>\
         <p><label>Password <input name=\"password\" type=\"password\"></label><p><button>Sign in</button></form>"
    )
}
