//! Tokens: how they are got, what they open, when they end.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use waybill_standins::canto::{DEMO_APP_ID, DEMO_APP_SECRET, DEMO_CONSUMER, DEMO_CONTRIBUTOR, Options, TokenNames};

use super::tenant::{Tenant, quick};

const BACK: &str = "http://127.0.0.1:5123/back";

async fn token(tenant: &Tenant, path: &str, pairs: &[(&str, &str)]) -> Response {
    let url = format!("{}/oauth/api/oauth2/{path}", tenant.standin.base_url());
    tenant.http.post(url).query(pairs).send().await.unwrap()
}

async fn authorize(tenant: &Tenant, more: &[(&str, &str)]) -> String {
    let request = tenant.http.get(tenant.standin.oauth_url());
    let pairs = [("response_type", "code"), ("app_id", DEMO_APP_ID), ("redirect_uri", BACK), ("state", "s 1")];
    let answer = request.query(&pairs).query(more).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn code_in(location: &str) -> String {
    let (_, rest) = location.split_once("code=").unwrap();
    rest.split('&').next().unwrap().to_owned()
}

type Pairs = Vec<(&'static str, &'static str)>;

fn key(pairs: &[(&'static str, &'static str)]) -> Pairs {
    [("app_id", DEMO_APP_ID), ("app_secret", DEMO_APP_SECRET)].into_iter().chain(pairs.iter().copied()).collect()
}

#[tokio::test]
async fn a_code_becomes_tokens_once_and_the_refresh_token_works_on() {
    let tenant = Tenant::start().await;
    let location = authorize(&tenant, &[]).await;
    assert!(location.starts_with(BACK) && location.ends_with("&state=s%201"), "{location}");
    let code = code_in(&location);
    let pairs = [("app_id", DEMO_APP_ID), ("app_secret", DEMO_APP_SECRET), ("grant_type", "authorization_code")];
    let pairs: Vec<_> = pairs.into_iter().chain([("code", code.as_str())]).collect();
    let answer: Value = token(&tenant, "token", &pairs).await.json().await.unwrap();
    assert_eq!((&answer["tokenType"], &answer["expiresIn"]), (&json!("Bearer"), &json!(30 * 24 * 3600)));
    let refresh = answer["refreshToken"].as_str().unwrap().to_owned();
    assert_eq!(token(&tenant, "token", &pairs).await.status(), 400, "a code works once");
    // As a form this time.
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", DEMO_APP_ID)];
    let form: Vec<_> = form.into_iter().chain([("client_secret", DEMO_APP_SECRET)]).collect();
    let url = format!("{}/oauth/api/oauth2/compatible/token", tenant.standin.base_url());
    let again: Value = tenant.http.post(url).form(&form).send().await.unwrap().json().await.unwrap();
    assert!(again["access_token"].is_string() && again["accessToken"].is_null(), "{again}");
    let host = tenant.send(Method::GET, &format!("/oauth/api/oauth2/tenant/{refresh}"), None).await;
    assert_eq!(format!("http://{}", host.text().await.unwrap()), tenant.standin.base_url());
}

#[tokio::test]
async fn each_wrong_request_for_a_token_has_its_error() {
    let tenant = Tenant::start().await;
    let rows: [(&str, Pairs, &str); 8] = [
        ("token", vec![("app_id", "x"), ("app_secret", "y"), ("grant_type", "client_credentials")], "invalid_client"),
        ("token", key(&[]), "invalid_request"),
        ("token", key(&[("grant_type", "password")]), "unsupported_grant_type"),
        ("token", key(&[("grant_type", "authorization_code"), ("code", "x")]), "invalid_grant"),
        ("token", key(&[("grant_type", "refresh_token"), ("refresh_token", "x")]), "invalid_grant"),
        ("token", key(&[("grant_type", "client_credentials"), ("user_id", "no@body.example")]), "invalid_grant"),
        ("token", key(&[("grant_type", "client_credentials"), ("scope", "king")]), "invalid_scope"),
        ("universal2/token", key(&[("grant_type", "authorization_code"), ("code", "x")]), "invalid_request"),
    ];
    for (path, pairs, error) in rows {
        let answer = token(&tenant, path, &pairs).await;
        assert_eq!(answer.status(), 400, "{error}");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["error"], error);
        assert!(answer["error_description"].is_string(), "{error}");
    }
}

#[tokio::test]
async fn an_authorization_leads_only_where_the_key_allows_and_may_be_declined() {
    let tenant = Tenant::start().await;
    for (uri, status) in [
        ("http://127.0.0.1/x", 302),
        ("http://localhost:99", 302),
        ("http://127.0.0.1.example/x", 400),
        ("https://attacker.example/", 400),
    ] {
        let pairs = [("response_type", "code"), ("app_id", DEMO_APP_ID), ("redirect_uri", uri)];
        let answer = tenant.http.get(tenant.standin.oauth_url()).query(&pairs).send().await.unwrap();
        assert_eq!(answer.status(), status, "{uri}");
    }
    assert_eq!(tenant.status(Method::PUT, "/sandbox/sign-in", Some(&json!({ "userId": null }))).await, 204);
    let location = authorize(&tenant, &[]).await;
    assert!(location.contains("error=access_denied&error_description="), "{location}");
}

#[tokio::test]
async fn a_public_client_answers_its_challenge() {
    let tenant = Tenant::start().await;
    let body = json!({ "userId": DEMO_CONTRIBUTOR });
    assert_eq!(tenant.status(Method::PUT, "/sandbox/sign-in", Some(&body)).await, 204);
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest("the verifier"));
    let asked = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    for (verifier, status) in [("another", 400), ("the verifier", 200)] {
        let code = code_in(&authorize(&tenant, &asked).await);
        let pairs = [("app_id", DEMO_APP_ID), ("grant_type", "authorization_code"), ("code", &code)];
        let pairs: Vec<_> = pairs.into_iter().chain([("redirect_uri", BACK), ("code_verifier", verifier)]).collect();
        let answer = token(&tenant, "universal2/token", &pairs).await;
        assert_eq!(answer.status(), status, "{verifier}");
        if status == 200 {
            let answer: Value = answer.json().await.unwrap();
            let user = tenant.http.get(tenant.url("/api/v1/user"));
            let user = user.bearer_auth(answer["accessToken"].as_str().unwrap()).send().await.unwrap();
            assert_eq!(user.json::<Value>().await.unwrap()["userId"], DEMO_CONTRIBUTOR);
        }
    }
}

#[tokio::test]
async fn credentials_alone_act_as_whom_they_name_and_no_further_than_their_scope() {
    let tenant = Tenant::start().await;
    for (more, user, role) in [
        (vec![], "ines.moreau@fernhollow.example", "admin"),
        (vec![("scope", "consumer")], "ines.moreau@fernhollow.example", "consumer"),
        (vec![("user_id", DEMO_CONSUMER)], DEMO_CONSUMER, "consumer"),
        (vec![("user_id", DEMO_CONTRIBUTOR), ("scope", "admin")], DEMO_CONTRIBUTOR, "contributor"),
    ] {
        let pairs: Vec<_> = key(&[("grant_type", "client_credentials")]).into_iter().chain(more).collect();
        let answer: Value = token(&tenant, "token", &pairs).await.json().await.unwrap();
        assert_eq!(answer["refreshToken"], Value::Null);
        let user_answer = tenant.http.get(tenant.url("/api/v1/user"));
        let user_answer = user_answer.bearer_auth(answer["accessToken"].as_str().unwrap()).send().await.unwrap();
        let user_answer: Value = user_answer.json().await.unwrap();
        assert_eq!((&user_answer["userId"], &user_answer["role"]), (&json!(user), &json!(role)));
    }
    let closed = Tenant::with(Options { client_credentials: false, ..quick() }).await;
    let answer = token(&closed, "token", &key(&[("grant_type", "client_credentials")])).await;
    assert_eq!(answer.json::<Value>().await.unwrap()["error"], "unauthorized_client");
}

#[tokio::test]
async fn no_token_is_404_or_401_and_a_wrong_or_ended_one_401() {
    let mut tenant = Tenant::start().await;
    let stranger = |tenant: &Tenant| tenant.http.get(tenant.url("/api/v1/user")).send();
    assert_eq!(stranger(&tenant).await.unwrap().status(), 404);
    let open = Tenant::with(Options { hides_from_strangers: false, ..quick() }).await;
    assert_eq!(stranger(&open).await.unwrap().status(), 401);
    let revoked = json!({ "accessToken": tenant.token });
    assert_eq!(tenant.status(Method::DELETE, "/sandbox/tokens", Some(&revoked)).await, 204);
    assert_eq!(tenant.status(Method::GET, "/api/v1/user", None).await, 401);
    tenant.act_as_contributor();
    let theirs = json!({ "userId": DEMO_CONTRIBUTOR });
    assert_eq!(tenant.status(Method::DELETE, "/sandbox/tokens", Some(&theirs)).await, 204);
    assert_eq!(tenant.status(Method::GET, "/api/v1/user", None).await, 401);
    tenant.act_as_administrator();
    assert_eq!(tenant.status(Method::GET, "/api/v1/user", None).await, 200);
    tenant.standin.advance_clock(Duration::from_hours(30 * 24 + 1));
    assert_eq!(tenant.status(Method::GET, "/api/v1/user", None).await, 401);
    let made = tenant.json(Method::POST, "/sandbox/tokens", &json!({ "userId": DEMO_CONSUMER })).await;
    made["accessToken"].as_str().unwrap().clone_into(&mut tenant.token);
    assert_eq!(tenant.get("/api/v1/user").await["userId"], DEMO_CONSUMER);
}

#[tokio::test]
async fn the_documented_variants_of_a_token_answer_can_be_chosen() {
    let options = Options { token_names: TokenNames::Compatible, expires_in_as_text: true, ..quick() };
    let tenant = Tenant::with(options).await;
    let answer = token(&tenant, "token", &key(&[("grant_type", "client_credentials")])).await;
    let answer: Value = answer.json().await.unwrap();
    assert_eq!((&answer["expires_in"], &answer["token_type"]), (&json!("2592000"), &json!("Bearer")));
}
