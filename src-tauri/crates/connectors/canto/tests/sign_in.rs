//! Signing in, and what is wrong with it: secrets, tenants, consent, rights, clocks, pages where data was due.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod stage;

use std::{sync::Arc, time::Duration};

use rstest::rstest;
use secrecy::SecretString;
use stage::{Bench, Wall, around, context, open, options};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use waybill_connector::{Connector as _, ConnectorError, OpenContext, StepOutcome, TestReport};
use waybill_connector_canto::{CantoConnector, sign_in, spec};
use waybill_model::{Clock, FailureKind, Millis};
use waybill_net::Surroundings;
use waybill_standins::{
    canto::{DEMO_ADMINISTRATOR, DEMO_CONSUMER, DEMO_CONTRIBUTOR, Options, TokenNames},
    faults::{Fault, Rule},
};

const CANARY: &str = "canary-3f1c";
/// Any free port of this computer.
const REDIRECT: &str = "http://127.0.0.1:0/callback";

async fn tested(connector: &CantoConnector) -> TestReport {
    connector.self_test().unwrap().run(&mut |_| {}).await
}

fn step<'a>(report: &'a TestReport, code: &str) -> &'a waybill_connector::TestStep {
    report.steps.iter().find(|step| step.code == code).unwrap_or_else(|| panic!("no step {code}: {report:?}"))
}

async fn failed(connector: &CantoConnector) -> ConnectorError {
    let error = connector.check().await.unwrap_err();
    let report = tested(connector).await;
    assert_eq!(report.error.as_ref().map(|error| error.kind), Some(error.kind), "{report:?}");
    assert!(!format!("{connector:?} {error:?} {report:?}").contains(CANARY), "a secret shows");
    error
}

#[tokio::test]
async fn a_wrong_secret_a_wrong_app_and_a_wrong_person_are_named() {
    let bench = Bench::with_folder(options()).await;
    let mut wrong_secret = context(&bench.server, &[]);
    wrong_secret.secrets.insert("client_secret".to_owned(), SecretString::from(CANARY));
    for context in [
        wrong_secret,
        context(&bench.server, &[("client_id", "nobody")]),
        context(&bench.server, &[("user", "nobody@desk.example")]),
    ] {
        let error = failed(&CantoConnector::open(&context, around()).unwrap()).await;
        assert_eq!(error.kind, FailureKind::Unauthenticated, "{error}");
        assert_eq!(error.fact("step"), Some("token"));
    }
}

#[rstest]
#[case("")]
#[case("/")]
#[case("/oauth/api/oauth2")]
#[case("/oauth/api/oauth2/authorize")]
#[case("/oauth/api/oauth2/compatible/token")]
#[tokio::test]
async fn the_sign_in_address_is_taken_as_it_is_copied(#[case] path: &str) {
    let bench = Bench::with_folder(options()).await;
    let address = format!("{}{path}", bench.server.base_url());
    assert_eq!(open(&bench.server, &[("oauth_url", &address)]).check().await.unwrap().name, "Ines Moreau");
}

#[tokio::test]
async fn a_key_without_client_credentials_is_named() {
    let bench = Bench::with_folder(Options { client_credentials: false, ..options() }).await;
    let error = failed(&open(&bench.server, &[])).await;
    assert_eq!(error.kind, FailureKind::Unauthenticated, "{error}");
}

#[tokio::test]
async fn an_account_that_reads_as_not_found_is_a_sign_in_that_is_not_taken() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    bench.server.faults().inject(Rule::new(Fault::refuse(404)).path("/api/v1/user").always());
    assert_eq!(failed(&connector).await.kind, FailureKind::Unauthenticated);
}

/// The address to which the browser is sent, and what is kept.
async fn signed_in(bench: &Bench, context: &OpenContext) -> Result<SecretString, ConnectorError> {
    let begun = sign_in(context, around()).unwrap().begin().await;
    let browser = bench.http.get("browser", begun.address().clone()).follow(3).send();
    let (answered, page) = tokio::join!(begun.hear(Duration::from_secs(20), "done"), browser);
    page.unwrap();
    begun.finish(&answered.unwrap()).await
}

#[rstest]
#[case::as_numbers(TokenNames::Camel, false, "/oauth/api/oauth2")]
#[case::as_texts(TokenNames::Camel, true, "/oauth/api/oauth2")]
#[case::compatible(TokenNames::Compatible, false, "/oauth/api/oauth2/compatible")]
#[tokio::test]
async fn a_person_signs_in_in_the_browser_and_stays_so(
    #[case] token_names: TokenNames,
    #[case] expires_in_as_text: bool,
    #[case] path: &str,
) {
    let person = Some(DEMO_CONTRIBUTOR.to_owned());
    let bench = Bench::with_folder(Options { token_names, expires_in_as_text, signed_in: person, ..options() }).await;
    let mut context =
        context(&bench.server, &[("sign_in", "person"), ("oauth_path", path), ("redirect_uri", REDIRECT)]);
    let error = failed(&CantoConnector::open(&context, around()).unwrap()).await;
    assert_eq!((error.kind, error.message.contains("nobody has signed in")), (FailureKind::Unauthenticated, true));
    let kept = signed_in(&bench, &context).await.unwrap();
    context.secrets.insert("refresh_token".to_owned(), kept);
    let connector = CantoConnector::open(&context, around()).unwrap();
    assert_eq!(connector.check().await.unwrap().name, "Jonas Weidner");
    // The token ends: the next one is got by what was kept.
    bench.server.faults().inject(Rule::new(Fault::ExpiredCredentials).path("/api/v1/user"));
    assert_eq!(connector.check().await.unwrap().name, "Jonas Weidner");
}

#[tokio::test]
async fn a_consent_that_is_refused_and_an_address_that_is_not_registered_are_told_apart() {
    let bench = Bench::with_folder(Options { signed_in: None, ..options() }).await;
    let settings = [("sign_in", "person"), ("redirect_uri", REDIRECT)];
    let mut context = context(&bench.server, &settings);
    let error = signed_in(&bench, &context).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated, "{error}");
    assert_eq!(error.fact("step"), Some("sign-in"));
    // Canto sends the browser nowhere then: the page says so.
    context.settings.set("redirect_uri", "https://elsewhere.example/callback");
    let begun = sign_in(&context, around()).unwrap().begin().await;
    assert!(begun.deaf().is_some(), "nothing can be heard there");
    let page = bench.http.get("browser", begun.address().clone()).follow(3).send().await.unwrap();
    assert_eq!(page.status().as_u16(), 400);
}

#[tokio::test]
async fn a_sign_in_that_was_forgotten_has_to_be_repeated() {
    let bench = Bench::with_folder(options()).await;
    let mut context = context(&bench.server, &[("sign_in", "person")]);
    context.secrets.insert("refresh_token".to_owned(), SecretString::from(CANARY));
    let error = failed(&CantoConnector::open(&context, around()).unwrap()).await;
    assert_eq!(error.kind, FailureKind::Unauthenticated);
    assert!(error.message.contains("sign in again"), "{error}");
}

#[tokio::test]
async fn an_account_without_rights_reads_and_its_test_says_what_it_cannot() {
    let bench = Bench::with_folder(options()).await;
    let report = tested(&open(&bench.server, &[("user", DEMO_ADMINISTRATOR)])).await;
    assert!(
        report.error.is_none() && report.steps.iter().all(|step| step.outcome == StepOutcome::Passed),
        "{report:?}"
    );
    let report = tested(&open(&bench.server, &[("user", DEMO_CONTRIBUTOR)])).await;
    let said = &step(&report, "rights").said;
    assert_eq!(said.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["cannot-approve"]);
    assert_eq!(step(&report, "uploads").outcome, StepOutcome::Passed);
    let report = tested(&open(&bench.server, &[("user", DEMO_CONSUMER)])).await;
    assert!(report.error.is_none(), "{report:?}");
    assert_eq!(step(&report, "uploads").outcome, StepOutcome::Noted);
    assert_eq!(step(&report, "rights").outcome, StepOutcome::Noted);
}

#[tokio::test]
async fn the_test_names_what_is_not_there() {
    let bench = Bench::with_folder(Options { seed: true, ..options() }).await;
    let report = tested(&open(&bench.server, &[("map_region", "Market"), ("map_rights", "Nobody knows")])).await;
    let fields = step(&report, "mapped-fields");
    assert_eq!(fields.outcome, StepOutcome::Noted);
    assert_eq!(fields.said[0].with["names"], "Nobody knows");
    let report = tested(&open(&bench.server, &[("root", "no/such/folder")])).await;
    assert_eq!(step(&report, "root-found").outcome, StepOutcome::Failed);
    assert_eq!(report.error.unwrap().kind, FailureKind::NotFound);
}

#[derive(Debug)]
struct Yesterday;

impl Clock for Yesterday {
    fn now(&self) -> Millis {
        Wall.now().plus(-86_400_000)
    }
}

#[tokio::test]
async fn a_clock_that_is_a_day_late_is_noted_and_the_sign_in_holds() {
    let bench = Bench::with_folder(options()).await;
    let around = Surroundings { clock: Arc::new(Yesterday), ..around() };
    let connector = CantoConnector::open(&context(&bench.server, &[]), around).unwrap();
    let report = tested(&connector).await;
    assert!(report.error.is_none(), "{report:?}");
    assert_eq!(step(&report, "clock").outcome, StepOutcome::Noted);
    assert_eq!(connector.check().await.unwrap().name, "Ines Moreau");
}

/// A server that answers every request with a web page.
async fn pages() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                drop(stream.read(&mut [0; 8192]).await);
                let page = "<!DOCTYPE html><html><title>Sign in</title></html>";
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length";
                drop(stream.write_all(format!("{head}: {}\r\n\r\n{page}", page.len()).as_bytes()).await);
                drop(stream.shutdown().await);
            });
        }
    });
    address
}

#[tokio::test]
async fn a_web_page_where_data_was_due_is_named() {
    let bench = Bench::with_folder(options()).await;
    let pages = pages().await;
    let error = failed(&open(&bench.server, &[("oauth_url", &pages)])).await;
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
    assert!(error.message.contains("web page"), "{error}");
    let connector = open(&bench.server, &[("base_url", &pages)]);
    let error = failed(&connector).await;
    assert!(error.message.contains("web page"), "{error}");
    let error = stage::store(&connector, "/in/a.txt", b"abc", false).await.unwrap_err();
    assert!(error.message.contains("web page"), "{error}");
}

#[tokio::test]
async fn nobody_at_the_address_is_unreachable() {
    let bench = Bench::with_folder(options()).await;
    let error = failed(&open(&bench.server, &[("base_url", "http://127.0.0.1:9")])).await;
    assert_eq!(error.kind, FailureKind::Unreachable, "{error}");
}

#[test]
fn each_field_and_each_phrase_is_named_once() {
    let spec = spec();
    let mut keys: Vec<_> = spec.fields.iter().map(|field| field.key).collect();
    let mut codes: Vec<_> = spec.phrases.iter().map(|phrase| phrase.code).collect();
    for all in [&mut keys, &mut codes] {
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
