//! What an answer is taken for: a success, a refusal, nothing, or a page in its place; and a sign-in that is shown once more.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    extract::{Path, Request},
    http::{StatusCode, header::AUTHORIZATION},
    response::{Html, IntoResponse as _, Response},
    routing::{any, get},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;
use waybill_connector::{ConnectorError, Network, Result};
use waybill_model::{Clock, FailureKind, Millis, Retry};
use waybill_net::{Answer, Call, Http, HttpOptions, Inspector, Meaning, Refusal, Renewed, Shown, Vendor};

#[derive(Debug)]
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Millis {
        Millis(1_700_000_000_000)
    }
}

fn client() -> Http {
    Http::new(HttpOptions::new("archive", Network::default(), Inspector::default(), Arc::new(StandingClock))).unwrap()
}

async fn serve(router: Router) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Url::parse(&format!("http://{address}/")).unwrap()
}

const ACME: Vendor = Vendor {
    name: "Acme",
    sign_in: "sign in again",
    allows: "Acme's administrator",
    own: |refusal| (refusal.status == 410).then_some(Meaning::Usual(FailureKind::NotFound)),
};

fn table(operation: &'static str, refusal: &Refusal) -> ConnectorError {
    ACME.refused(operation, refusal)
}

/// A server with a path for each kind of answer.
async fn answers(Path(path): Path<String>) -> Response {
    match path.as_str() {
        "data" => r#"{"id": 7}"#.into_response(),
        "failed" => r#"{"status": "fail"}"#.into_response(),
        "word" => "success".into_response(),
        "silent-page" => Html("").into_response(),
        "nothing" => StatusCode::NO_CONTENT.into_response(),
        "page" => Html("<title>Sign in</title>").into_response(),
        "gone" => StatusCode::GONE.into_response(),
        "gone-page" => (StatusCode::NOT_FOUND, Html("<title>Elsewhere</title>")).into_response(),
        _ => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn ask(path: &str) -> Answer {
    let base = serve(Router::new().route("/{path}", get(answers))).await;
    client().get("list", base.join(path).unwrap()).send().await.unwrap()
}

/// What an answer says in a success that was none.
fn failed(json: &Value) -> Option<ConnectorError> {
    (json["status"] == "fail").then(|| ConnectorError::new(FailureKind::Vendor, "list", "it failed after all"))
}

#[tokio::test]
async fn nothing_is_there_only_where_the_vendor_says_so_and_no_page_in_its_place() {
    assert!(ask("data").await.found(table).await.unwrap().is_some());
    assert!(ask("gone").await.found(table).await.unwrap().is_none());
    for (path, kind) in [("gone-page", FailureKind::NotFound), ("denied", FailureKind::Denied)] {
        let error = ask(path).await.found(table).await.unwrap_err();
        assert_eq!((error.kind, error.operation), (kind, "list"), "{path}: {error}");
        assert_eq!(error.fact("page").is_some(), path == "gone-page");
        assert_eq!(ask(path).await.taken(table).await.unwrap_err().kind, kind);
    }
}

#[tokio::test]
async fn what_was_done_is_told_from_a_page_and_from_a_failure_that_calls_itself_a_success() {
    for (path, body) in [("word", "success"), ("nothing", ""), ("silent-page", ""), ("data", r#"{"id": 7}"#)] {
        assert_eq!(ask(path).await.done(100, failed).await.unwrap(), body, "{path}");
    }
    for (path, kind) in [("page", FailureKind::Invalid), ("failed", FailureKind::Vendor)] {
        assert_eq!(ask(path).await.done(100, failed).await.unwrap_err().kind, kind, "{path}");
        assert_eq!(ask(path).await.json_unless::<Value>(100, failed).await.unwrap_err().kind, kind, "{path}");
    }
    assert_eq!(ask("data").await.json_unless::<Value>(100, failed).await.unwrap(), json!({ "id": 7 }));
    assert_eq!(ask("nothing").await.json_unless::<Option<u8>>(100, failed).await.unwrap(), None);
    let error = ask("page").await.no_page("a picture").unwrap_err();
    assert!(error.message.contains("where a picture was due"), "{error}");
}

/// A sign-in that counts how often it was got.
struct Counted(AtomicU64);

impl Renewed for Counted {
    async fn current(&self) -> Result<Shown> {
        let turn = self.0.load(Ordering::Relaxed);
        Ok((SecretString::from(format!("token-{turn}")), turn))
    }

    async fn replace(&self, refused: u64) -> Result<Shown> {
        if refused > 1 {
            return Err(ConnectorError::new(FailureKind::Unauthenticated, "token", "nobody is signed in"));
        }
        self.0.store(refused + 1, Ordering::Relaxed);
        self.current().await
    }

    fn show(&self, call: Call, secret: &SecretString) -> Call {
        assert!(secret.expose_secret().starts_with("token-"));
        call.bearer(secret)
    }
}

/// Lets in whoever shows this token.
async fn guarded(token: &'static str) -> Url {
    let answer = move |request: Request| async move {
        let shown = request.headers().get(AUTHORIZATION).and_then(|shown| shown.to_str().ok()).unwrap_or_default();
        if shown == format!("Bearer {token}") { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
    };
    serve(Router::new().fallback(any(answer))).await
}

#[tokio::test]
async fn a_call_that_a_sign_in_was_refused_for_goes_once_more_with_the_next() {
    let (url, http, sign_in) = (guarded("token-1").await, client(), Counted(AtomicU64::new(0)));
    let answer = sign_in.send(|| http.get("list", url.clone())).await.unwrap();
    assert_eq!((answer.status(), sign_in.0.load(Ordering::Relaxed)), (StatusCode::OK, 1));
    // The next one is refused too: that is the server's last word.
    let never = guarded("another").await;
    let answer = sign_in.send(|| http.get("list", never.clone())).await.unwrap();
    assert_eq!((answer.status(), sign_in.0.load(Ordering::Relaxed)), (StatusCode::UNAUTHORIZED, 2));
    let error = sign_in.send(|| http.get("list", never.clone())).await.unwrap_err();
    assert_eq!((error.kind, error.operation), (FailureKind::Unauthenticated, "list"), "{error}");
}

#[tokio::test]
async fn a_body_that_was_read_is_not_sent_again_but_the_next_sign_in_is_there() {
    let (url, http, sign_in) = (guarded("token-1").await, client(), Counted(AtomicU64::new(0)));
    let error = sign_in.send_once(http.get("write", url.clone())).await.unwrap_err();
    assert_eq!((error.retry, error.operation, error.fact("step")), (Retry::Backoff, "token", Some("sign-in")));
    assert_eq!(sign_in.send_once(http.get("write", url)).await.unwrap().status(), StatusCode::OK);
}
