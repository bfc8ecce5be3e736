//! Token addresses: how a client may show what it is, and what each kind of mistake is told (RFC 6749, 5.2).

use reqwest::{Client, Response, redirect};
use serde_json::Value;
use waybill_standins::systems::Systems;
use waybill_standins::{canto, xecm};

use crate::started;

/// Somebody of the workflow service.
const PERSON: &str = "celia.voss@tarnwick.example";
const BACK: &str = "http://127.0.0.1:41234/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A token address, and a client that it knows.
struct Door {
    name: &'static str,
    token: String,
    id: String,
    secret: String,
    /// Where a person agrees, and what is sent there beside the standard's parameters; nothing where nobody has to.
    consent: Option<(String, Vec<(&'static str, String)>)>,
}

fn doors(systems: &Systems) -> Vec<Door> {
    let (id, secret) = systems.xconnector.options().client.clone();
    let canto = |path: &str| format!("{}/oauth/api/oauth2/{path}", systems.canto.base_url());
    let issuer = systems.workflow.issuer();
    let directory = systems.xecm.directory_url();
    let clerk = vec![("username", "clerk".to_owned()), ("password", xecm::DEMO_PASSWORD.to_owned())];
    let of_canto = |name, path: &str| Door {
        name,
        token: canto(path),
        id: canto::DEMO_APP_ID.to_owned(),
        secret: canto::DEMO_APP_SECRET.to_owned(),
        consent: Some((systems.canto.oauth_url(), Vec::new())),
    };
    vec![
        of_canto("canto", "token"),
        of_canto("canto, compatible", "compatible/token"),
        Door {
            name: "workflow",
            token: format!("{issuer}/oauth2/token"),
            id: systems.workflow.client_id().to_owned(),
            secret: systems.workflow.client_secret().to_owned(),
            consent: Some((format!("{issuer}/oauth2/auth"), vec![("login_hint", PERSON.to_owned())])),
        },
        Door {
            name: "xecm",
            token: format!("{directory}/oauth2/token"),
            id: xecm::SERVICE_CLIENT.to_owned(),
            secret: xecm::SERVICE_SECRET.to_owned(),
            consent: Some((format!("{directory}/oauth2/auth"), clerk)),
        },
        Door {
            name: "xconnector",
            token: format!("{}/oauth2/token", systems.xconnector.base_url()),
            id,
            secret,
            consent: None,
        },
    ]
}

impl Door {
    async fn code(&self) -> Option<String> {
        let (address, more) = self.consent.as_ref()?;
        let browser = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        let asked = [
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", BACK),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let more: Vec<_> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let pairs = [&asked[..], &more[..]].concat();
        // The content server's directory asks for the password by the form of its page.
        let request =
            if self.name == "xecm" { browser.post(address).form(&pairs) } else { browser.get(address).query(&pairs) };
        let answer = request.send().await.unwrap();
        let location = reqwest::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        location.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned())
    }

    async fn ask(&self, pairs: &[(&str, &str)]) -> Response {
        let key = [("client_id", self.id.as_str()), ("client_secret", self.secret.as_str())];
        Client::new().post(&self.token).form(&[&key[..], pairs].concat()).send().await.unwrap()
    }
}

async fn judge(answer: Response, wanted: &str, what: &str) {
    let kept = answer.headers().get("cache-control").map(|value| value.to_str().unwrap().to_owned());
    assert_eq!((answer.status().as_u16(), kept.as_deref()), (400, Some("no-store")), "{what}");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"], wanted, "{what} {body}");
}

#[tokio::test]
async fn a_client_shows_its_secret_in_the_header() {
    for door in doors(&started().await) {
        let ask = |secret: &str| {
            let request = Client::new().post(&door.token).basic_auth(&door.id, Some(secret));
            request.form(&[("grant_type", "client_credentials")]).send()
        };
        let answer = ask(&door.secret).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["cache-control"]),
            (200, &"no-store".parse().unwrap()),
            "{}",
            door.name
        );
        let answer = ask("wrong").await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["cache-control"]),
            (401, &"no-store".parse().unwrap()),
            "{}",
            door.name
        );
        assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic "), "{}", door.name);
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_client", "{}", door.name);
    }
}

#[tokio::test]
async fn a_mistake_about_a_grant_has_the_word_of_the_standard() {
    for door in doors(&started().await) {
        judge(door.ask(&[]).await, "invalid_request", door.name).await;
        judge(door.ask(&[("grant_type", "")]).await, "invalid_request", door.name).await;
        judge(door.ask(&[("grant_type", "magic")]).await, "unsupported_grant_type", door.name).await;
        if door.consent.is_none() {
            continue;
        }
        judge(door.ask(&[("grant_type", "refresh_token")]).await, "invalid_request", door.name).await;
        judge(door.ask(&[("grant_type", "refresh_token"), ("refresh_token", "x")]).await, "invalid_grant", door.name)
            .await;
        judge(
            door.ask(&[("grant_type", "authorization_code"), ("redirect_uri", BACK)]).await,
            "invalid_request",
            door.name,
        )
        .await;
    }
}

#[tokio::test]
async fn a_code_is_redeemed_once_by_who_asked_for_it_at_the_same_address() {
    for door in doors(&started().await) {
        if door.consent.is_none() {
            continue;
        }
        let right = [("redirect_uri", BACK), ("code_verifier", VERIFIER)];
        for (address, verifier) in
            [("http://127.0.0.1:1/else", VERIFIER), (BACK, "another-verifier-of-the-length-that-is-asked-for")]
        {
            let code = door.code().await.unwrap();
            let pairs = [
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", address),
                ("code_verifier", verifier),
            ];
            judge(door.ask(&pairs).await, "invalid_grant", &format!("{} {address} {verifier}", door.name)).await;
        }
        let code = door.code().await.unwrap();
        let pairs = [&[("grant_type", "authorization_code"), ("code", code.as_str())][..], &right[..]].concat();
        let answer = door.ask(&pairs).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["cache-control"]),
            (200, &"no-store".parse().unwrap()),
            "{}",
            door.name
        );
        judge(door.ask(&pairs).await, "invalid_grant", &format!("{}: a code twice", door.name)).await;
    }
}
