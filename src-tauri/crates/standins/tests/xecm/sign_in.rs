//! Tickets, tickets of the directory service, tokens.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use waybill_standins::xecm::{ADMIN, DEMO_PASSWORD, PUBLIC_CLIENT, SERVICE_CLIENT, SERVICE_SECRET};

use crate::client::{Client, read, refused};

#[tokio::test]
async fn a_login_is_refused_in_the_words_that_clients_know() {
    let client = Client::start().await;
    let wrong = client.form(Method::POST, "/v1/auth", &[("username", ADMIN), ("password", "x")]).await;
    refused(&wrong, 401, "Invalid username/password specified.");
    refused(&client.form(Method::POST, "/v1/auth", &[("password", "x")]).await, 500, "Argument username is required");
    let nobody = client.http.get(client.url("/v2/nodes/2000")).send().await.unwrap();
    refused(&read(nobody).await, 401, "Authentication Required");
    let ping = client.http.get(client.url("/v1/ping")).send().await.unwrap();
    assert!(read(ping).await.1.is_object());
}

#[tokio::test]
async fn a_ticket_is_renewed_by_answers_and_the_old_one_lasts_until_its_own_end() {
    let client = Client::start().await;
    client.standin.advance_clock(Duration::from_mins(20));
    let answer = client.request(Method::GET, "/v1/auth").send().await.unwrap();
    let renewed = answer.headers()["otcsticket"].to_str().unwrap().to_owned();
    assert_ne!(renewed, client.ticket);
    assert_eq!(client.get("/v1/auth").await.0, 200, "the old ticket is still good");
    client.standin.advance_clock(Duration::from_mins(11));
    assert_eq!(client.get("/v1/auth").await.0, 401);
    let answer =
        client.http.get(client.url("/v1/auth")).header("Cookie", format!("LLCookie={renewed}")).send().await.unwrap();
    assert_eq!(answer.status(), 200, "a cookie is taken where there is no header");
}

#[tokio::test]
async fn a_session_that_was_ended_is_over() {
    let client = Client::start().await;
    assert_eq!(client.delete("/v1/auth").await.0, 200);
    assert_eq!(client.get("/v1/auth").await.0, 401);
}

async fn token(client: &Client, form: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}/oauth2/token", client.standin.directory_url());
    read(client.http.post(url).form(form).send().await.unwrap()).await
}

#[tokio::test]
async fn directory_tickets_and_tokens_open_the_interface() {
    let client = Client::start().await;
    let url = format!("{}/rest/authentication/credentials", client.standin.directory_url());
    let login = json!({ "userName": "clerk", "password": DEMO_PASSWORD });
    let (_, answer) = read(client.http.post(url).json(&login).send().await.unwrap()).await;
    let ticket = answer["ticket"].as_str().unwrap();
    assert!(ticket.starts_with("*OTDSSSO*"));
    let me = client.http.get(client.url("/v1/auth")).header("OTDSTicket", ticket).send().await.unwrap();
    assert!(me.headers().contains_key("otcsticket"));
    assert_eq!(read(me).await.1["data"]["name"], "clerk");

    let service =
        [("grant_type", "client_credentials"), ("client_id", SERVICE_CLIENT), ("client_secret", SERVICE_SECRET)];
    let (_, answer) = token(&client, &service).await;
    let me = client
        .http
        .get(client.url("/v1/auth"))
        .bearer_auth(answer["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert!(me.headers().contains_key("otcsticket"));
    let (status, answer) = token(&client, &[("grant_type", "client_credentials"), ("client_id", "x")]).await;
    assert_eq!((status, answer["error"].as_str().unwrap()), (401, "invalid_client"));
}

#[tokio::test]
async fn a_browser_login_needs_its_proof_and_gives_a_token_that_is_refreshed_once() {
    let client = Client::start().await;
    let verifier = "a-verifier-that-is-long-enough-for-the-standard";
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier));
    let redirect = "http://127.0.0.1:7777/back";
    let form = [
        ("client_id", PUBLIC_CLIENT),
        ("redirect_uri", redirect),
        ("response_type", "code"),
        ("state", "s1"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("username", "clerk"),
        ("password", DEMO_PASSWORD),
    ];
    let url = format!("{}/oauth2/auth", client.standin.directory_url());
    let answer = client.http.post(url).form(&form).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with(redirect) && location.ends_with("state=s1"), "{location}");
    let code =
        location.split("code=").nth(1).unwrap().split('&').next().unwrap().replace("%5F", "_").replace("%2D", "-");
    let redeem = [
        ("grant_type", "authorization_code"),
        ("client_id", PUBLIC_CLIENT),
        ("code", &code),
        ("redirect_uri", redirect),
        ("code_verifier", verifier),
    ];
    let (status, answer) = token(&client, &redeem).await;
    assert_eq!(status, 200, "{answer}");
    let refresh = answer["refresh_token"].as_str().unwrap();
    let again = [("grant_type", "refresh_token"), ("client_id", PUBLIC_CLIENT), ("refresh_token", refresh)];
    assert_eq!(token(&client, &again).await.0, 200);
    assert_eq!(token(&client, &again).await.1["error"], "invalid_grant", "a refresh token is spent");
    assert_eq!(token(&client, &redeem).await.1["error"], "invalid_grant", "a code is spent");
}
