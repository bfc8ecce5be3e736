//! Signing in at a provider: by the browser's way, as a client, and staying signed in.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;
use waybill_connector::{Network, Result};
use waybill_model::{Clock, FailureKind, Millis};
use waybill_net::{
    Http, HttpOptions, Inspector, Renewed as _,
    oauth::{Client, ClientSecretIn, CodeRequest, Discovery, KeepTokens, Redirect, Session, SignIn, TokenDoor},
};
use waybill_standins::{
    faults::{Fault, Rule},
    workflow::{Options, WorkflowStandin},
};

/// The machine's clock, moved by hand.
#[derive(Debug, Default)]
struct MovedClock(Mutex<i64>);

impl Clock for MovedClock {
    fn now(&self) -> Millis {
        Millis(1_800_000_000_000 + *self.0.lock().unwrap())
    }
}

#[derive(Debug, Default)]
struct Kept(Mutex<Vec<SecretString>>);

impl KeepTokens for Kept {
    fn keep(&self, refresh: SecretString) -> BoxFuture<'_, Result<()>> {
        self.0.lock().unwrap().push(refresh);
        Box::pin(async { Ok(()) })
    }
}

struct Scene {
    server: WorkflowStandin,
    http: Http,
    clock: Arc<MovedClock>,
    found: Discovery,
}

impl Scene {
    async fn new(options: Options) -> Self {
        let server = WorkflowStandin::start(options).await.unwrap();
        let clock = Arc::new(MovedClock::default());
        let http =
            HttpOptions::new("tasks", Network::default(), Inspector::default(), Arc::<MovedClock>::clone(&clock));
        let http = Http::new(http).unwrap();
        let found = Discovery::of(&http, &server.issuer().parse().unwrap()).await.unwrap();
        Self { server, http, clock, found }
    }

    fn door(&self, client: Client) -> TokenDoor {
        TokenDoor { http: self.http.clone(), address: self.found.token_endpoint.clone(), client }
    }

    fn confidential(&self) -> Client {
        Client::new(self.server.client_id(), Some(SecretString::from(self.server.client_secret().to_owned())))
    }

    fn tasks(&self) -> Url {
        format!("{}/workflow/v1/tasks", self.server.base_url()).parse().unwrap()
    }

    fn token_requests(&self) -> usize {
        self.server.faults().journal().iter().filter(|one| one.path.ends_with("/oauth2/token")).count()
    }

    /// Signs a person in as their browser would.
    async fn sign_in(&self) -> waybill_net::oauth::TokenSet {
        let redirect = Redirect::listen(&"http://127.0.0.1:0/".parse().unwrap()).await.unwrap();
        let person = Options::default().people[0].email.clone();
        let begun = CodeRequest::begin(
            &self.found.authorization_endpoint,
            ("client_id", self.server.public_client_id()),
            "openid otds:groups",
            redirect.uri(),
            &[("login_hint", &person)],
        );
        let browser = self.http.get("browser", begun.address.clone()).follow(3).send();
        let (answered, page) = tokio::join!(redirect.wait(Duration::from_secs(20), "<p>Signed in"), browser);
        assert_eq!(page.unwrap().text(1000).await.unwrap(), "<p>Signed in");
        let code = begun.code(&answered.unwrap()).unwrap();
        let door = self.door(Client::new(self.server.public_client_id(), None));
        door.by_code(&code, begun.verifier(), begun.redirect_uri()).await.unwrap()
    }
}

fn any_port() -> Options {
    Options { any_loopback_redirect: true, ..Options::default() }
}

#[tokio::test]
async fn a_person_signs_in_by_the_browser_and_stays_signed_in() {
    let scene = Scene::new(any_port()).await;
    let tokens = scene.sign_in().await;
    assert!(tokens.id_token.is_some() && tokens.ends.is_some());
    let kept = Arc::new(Kept::default());
    let door = scene.door(Client::new(scene.server.public_client_id(), None));
    let first = tokens.refresh.unwrap();
    let session = Session::new(door, SignIn::Person(first.clone()), Some(Arc::<Kept>::clone(&kept)));
    let call = || scene.http.get("list", scene.tasks());
    assert_eq!(session.send(call).await.unwrap().status(), 200);
    let after_first = scene.token_requests();
    assert_eq!(session.send(call).await.unwrap().status(), 200);
    assert_eq!(scene.token_requests(), after_first, "a good token is used again");
    let renewed = kept.0.lock().unwrap()[0].clone();
    assert_ne!(renewed.expose_secret(), first.expose_secret(), "the provider replaces the token, and it was kept");

    // Shortly before its end the next one is got, and nothing is refused on the way.
    let ends = session.signed_in().await.unwrap().until.unwrap();
    *scene.clock.0.lock().unwrap() = ends.0 - 1_800_000_000_000 - 1_000;
    assert_eq!(session.send(call).await.unwrap().status(), 200);
    assert_eq!(scene.token_requests(), after_first + 1);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all_who_use_it() {
    let scene = Scene::new(Options::default()).await;
    let session = Session::new(scene.door(scene.confidential()), SignIn::Credentials(Vec::new()), None);
    let call = || scene.http.get("list", scene.tasks());
    session.send(call).await.unwrap();
    let before = scene.token_requests();
    scene.server.faults().inject(Rule::new(Fault::ExpiredCredentials).path("/tasks").times(5));
    let answers = futures::future::join_all((0..5).map(|_| session.send(call))).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap().status() == 200));
    assert_eq!(scene.token_requests(), before + 1);
}

#[tokio::test]
async fn what_stays_refused_is_not_asked_for_ever() {
    let scene = Scene::new(Options::default()).await;
    let session = Session::new(scene.door(scene.confidential()), SignIn::Credentials(Vec::new()), None);
    scene.server.faults().inject(Rule::new(Fault::ExpiredCredentials).path("/tasks").always());
    let answer = session.send(|| scene.http.get("list", scene.tasks())).await.unwrap();
    assert_eq!(answer.status(), 401);
    let asked = scene.server.faults().journal().iter().filter(|one| one.path.ends_with("/tasks")).count();
    assert_eq!(asked, 2);
}

#[tokio::test]
async fn a_client_shows_itself_in_the_form_or_in_the_header() {
    let scene = Scene::new(Options::default()).await;
    for secret_in in [ClientSecretIn::Form, ClientSecretIn::Header] {
        let client = Client { secret_in, ..scene.confidential() };
        assert!(scene.door(client).by_credentials(&[]).await.is_ok(), "{secret_in:?}");
    }
    let wrong = Client::new(scene.server.client_id(), Some(SecretString::from("canary-secret")));
    let error = scene.door(wrong).by_credentials(&[]).await.unwrap_err();
    assert_eq!((error.kind, error.fact("step")), (FailureKind::Unauthenticated, Some("token")), "{error}");
    assert!(!format!("{error:?}{error}").contains("canary"), "{error:?}");
}

#[tokio::test]
async fn a_wrong_tenant_is_said_at_discovery() {
    let scene = Scene::new(Options::default()).await;
    let wrong = format!("{}/tenants/nobody", scene.server.base_url()).parse().unwrap();
    let error = Discovery::of(&scene.http, &wrong).await.unwrap_err();
    assert_eq!((error.kind, error.fact("step")), (FailureKind::Invalid, Some("discovery")), "{error}");
    assert!(error.message.contains("tenant"), "{error}");
}

#[tokio::test]
async fn a_spent_sign_in_says_to_sign_in_again() {
    let scene = Scene::new(any_port()).await;
    let door = scene.door(Client::new(scene.server.public_client_id(), None));
    let error = door.by_refresh(&SecretString::from("made-up")).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated);
    assert!(error.message.contains("sign in again"), "{error}");
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_place_elsewhere_say_to_paste() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    for address in [format!("http://127.0.0.1:{port}/"), "https://desk.example/callback".to_owned()] {
        let error = Redirect::listen(&address.parse().unwrap()).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
        assert!(error.message.contains("paste"), "{error}");
    }
}

#[tokio::test]
async fn nobody_who_signs_in_ends_the_waiting() {
    let redirect = Redirect::listen(&"http://127.0.0.1:0/back".parse().unwrap()).await.unwrap();
    let (uri, http) = (redirect.uri().clone(), Scene::new(Options::default()).await.http);
    let waiting = tokio::spawn(redirect.wait(Duration::from_secs(3), "done"));
    // An icon, another path, and an answer to nothing.
    for path in ["/favicon.ico?code=x", "/back", "/elsewhere?code=1"] {
        let answer = http.get("browser", uri.join(path).unwrap()).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    assert_eq!(waiting.await.unwrap().unwrap_err().kind, FailureKind::TimedOut);
}
