use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use reqwest::{Client, redirect};
use serde_json::{Value, json};
use waybill_standins::workflow::{DEMO_PASSWORD, Options};

use crate::desk::{Answer, CELIA, Desk, read};

const BACK: &str = "http://127.0.0.1:41234/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1r1p_wW1gFWFOEjXk";
const CHALLENGE: &str = "l3CV-awEesn3McD2JTC9Gq0yvZxCH_Zf-bZPXVV32nM";

/// Fields of a request for tokens, and the status, the place and the text of its answer.
type Row<'a> = (&'a [(&'a str, &'a str)], u16, &'a str, &'a str);

fn browser() -> Client {
    Client::builder().redirect(redirect::Policy::none()).build().unwrap()
}

/// Where a sign-in with these parameters leads, with its status.
async fn ask(desk: &Desk, parameters: &[(&str, &str)]) -> (u16, String) {
    let address = format!("{}/oauth2/auth", desk.standin.issuer());
    let answer = browser().get(address).query(parameters).send().await.unwrap();
    let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), location.unwrap_or_default())
}

async fn code(desk: &Desk) -> String {
    let rows = [
        ("client_id", desk.standin.public_client_id()),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "openid otds:groups"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("login_hint", CELIA),
        ("state", "s 1"),
        ("nonce", "n1"),
    ];
    let (status, location) = ask(desk, &rows).await;
    assert!(status == 302 && location.contains("state=s%201"), "{status} {location}");
    location.split("code=").nth(1).unwrap().split('&').next().unwrap().replace("%2D", "-").replace("%5F", "_")
}

async fn tokens(desk: &Desk, fields: &[(&str, &str)]) -> Answer {
    let address = format!("{}/oauth2/token", desk.standin.issuer());
    read(desk.client.post(address).form(fields).send().await.unwrap()).await
}

async fn exchange(desk: &Desk, code: &str, verifier: &str, back: &str) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", desk.standin.public_client_id()),
        ("code", code),
        ("code_verifier", verifier),
        ("redirect_uri", back),
    ];
    tokens(desk, &fields).await
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_code_is_exchanged_once_and_only_with_its_verifier_and_address() {
    let desk = Desk::with_models().await;
    for (verifier, back) in [("wrong", BACK), (VERIFIER, "http://127.0.0.1:1/other"), ("", BACK)] {
        let (status, body) = exchange(&desk, &code(&desk).await, verifier, back).await;
        assert_eq!((status, body["error"].as_str()), (400, Some("invalid_grant")), "{verifier} {back}");
    }
    let code = code(&desk).await;
    let (status, body) = exchange(&desk, &code, VERIFIER, BACK).await;
    assert_eq!(status, 200, "{body}");
    let (id, access) = (claims(&body["id_token"]), claims(&body["access_token"]));
    assert_eq!(
        (&id["preferred_username"], &id["name"], &id["nonce"]),
        (&json!(CELIA), &json!("Celia Voss"), &json!("n1"))
    );
    assert_eq!(id["grp"], json!(["Finance@tarnwick", "Executive@tarnwick"]));
    assert_eq!((&access["tid"], &access["cid"]), (&json!(desk.standin.tenant()), &json!("waybill-desk")));
    assert_eq!(exchange(&desk, &code, VERIFIER, BACK).await.0, 400, "it is used");
    let late = self::code(&desk).await;
    desk.standin.advance_clock(Duration::from_mins(3));
    assert_eq!(exchange(&desk, &late, VERIFIER, BACK).await.0, 400, "it is over");
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_in_is_told_to_the_person_or_to_the_client() {
    let desk = Desk::start(Options { any_loopback_redirect: false, ..Options::default() }).await;
    let good = [
        ("client_id", "waybill-desk"),
        ("redirect_uri", "https://localhost:3000"),
        ("response_type", "code"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let rows = [
        ("client_id", "nobody", 400, ""),
        ("redirect_uri", BACK, 400, ""),
        ("response_type", "token", 302, "error=unsupported%5Fresponse%5Ftype"),
        ("code_challenge", "", 302, "error=invalid%5Frequest"),
        ("code_challenge_method", "S512", 302, "error=invalid%5Frequest"),
        ("prompt", "none", 302, "error=login%5Frequired"),
        ("login_hint", "nobody@example.com", 200, ""),
        ("login_hint", CELIA, 302, "code="),
    ];
    for (name, value, status, word) in rows {
        let mut asked: Vec<_> = good.iter().copied().filter(|(own, _)| *own != name).collect();
        asked.push((name, value));
        let (got, location) = ask(&desk, &asked).await;
        assert!(got == status && location.contains(word), "{name}={value}: {got} {location}");
    }
    let forced = [good.as_slice(), &[("login_hint", CELIA), ("prompt", "login")]].concat();
    assert_eq!(ask(&desk, &forced).await.0, 200, "the page is shown");
}

#[tokio::test]
async fn tokens_are_given_for_each_form_of_a_request_and_refused_with_their_error() {
    let desk = Desk::with_models().await;
    let (id, secret) = (desk.standin.client_id(), desk.standin.client_secret());
    let address = format!("{}/oauth2/token", desk.standin.issuer());
    let body = json!({ "client_id": id, "client_secret": secret, "grant_type": "client_credentials" });
    let (status, by_json) = read(desk.client.post(&address).json(&body).send().await.unwrap()).await;
    assert_eq!((status, by_json["token_type"].as_str()), (200, Some("Bearer")));
    assert!(by_json.get("refresh_token").is_none() && by_json.get("id_token").is_none());
    let own = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    assert_eq!(tokens(&desk, &own).await.0, 200);
    assert_eq!(desk.tokens(&[("grant_type", "client_credentials")]).await.0, 200, "with Basic");
    let public = ("client_id", desk.standin.public_client_id());
    let by_name = [("grant_type", "password"), ("username", CELIA), ("password", DEMO_PASSWORD), public];
    assert_eq!(tokens(&desk, &by_name).await.0, 200);
    let rows: [Row; 6] = [
        (
            &[("grant_type", "client_credentials"), ("client_id", id), ("client_secret", "x")],
            401,
            "/error",
            "invalid_client",
        ),
        (&[("grant_type", "client_credentials"), ("client_id", "x")], 401, "/fault/faultstring", "Invalid ApiKey"),
        (&[("grant_type", "client_credentials"), public], 400, "/error", "unauthorized_client"),
        (&[("grant_type", "magic"), public], 400, "/error", "unsupported_grant_type"),
        (&[public], 400, "/error", "invalid_request"),
        (&[("grant_type", "refresh_token"), ("refresh_token", "x"), public], 400, "/error", "invalid_grant"),
    ];
    for (fields, status, pointer, text) in rows {
        let (got, body) = tokens(&desk, fields).await;
        assert_eq!((got, body.pointer(pointer)), (status, Some(&json!(text))), "{fields:?}");
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_used_twice_ends_all_that_followed() {
    let mut desk = Desk::with_models().await;
    let (_, first) = exchange(&desk, &code(&desk).await, VERIFIER, BACK).await;
    let refresh = |token: &str| {
        vec![("grant_type".to_owned(), "refresh_token".to_owned()), ("refresh_token".to_owned(), token.to_owned())]
    };
    let address = format!("{}/oauth2/token", desk.standin.issuer());
    let ask = async |token: &str| {
        let mut fields = refresh(token);
        fields.push(("client_id".to_owned(), "waybill-desk".to_owned()));
        read(desk.client.post(&address).form(&fields).send().await.unwrap()).await
    };
    let (status, second) = ask(first["refresh_token"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    assert_eq!(ask(first["refresh_token"].as_str().unwrap()).await.0, 400);
    assert_eq!(ask(second["refresh_token"].as_str().unwrap()).await.0, 400, "the whole sign-in has ended");
    second["access_token"].as_str().unwrap().clone_into(&mut desk.token);
    assert_eq!(desk.get("/workflow/v1/tasks").await.0, 401);
}

#[tokio::test]
async fn tenants_know_nothing_of_each_other() {
    let both = vec!["one".to_owned(), "two".to_owned()];
    let desk = Desk::start(Options { tenants: both, with_story: false, ..Options::default() }).await;
    desk.invoice(5).await;
    let address = format!("{}/tenants/two/oauth2/token", desk.standin.base_url());
    let fields = [("grant_type", "client_credentials")];
    let (id, secret) = (desk.standin.client_id(), desk.standin.client_secret());
    let (_, body) =
        read(desk.client.post(address).basic_auth(id, Some(secret)).form(&fields).send().await.unwrap()).await;
    assert_eq!(desk.total("/workflow/v1/tasks").await, 1);
    let mut desk = desk;
    body["access_token"].as_str().unwrap().clone_into(&mut desk.token);
    assert_eq!(desk.total("/workflow/v1/tasks").await, 0);
    let unknown = format!("{}/tenants/three/.well-known/openid-configuration", desk.standin.base_url());
    assert_eq!(desk.client.get(unknown).send().await.unwrap().status(), 404);
}
