//! A person signs in, in a browser, and the connection lives of it: against the workflow stand-in, which takes what renews a
//! sign-in once.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::{collections::BTreeMap, sync::Arc};

use futures::future::join_all;
use secrecy::ExposeSecret as _;
use waybill_connector::Network;
use waybill_desk::{ConnectionDraft, Desk, DeskError, Paths, SystemClock, TaskFilter, Whose, assemble};
use waybill_model::ConnectionId;
use waybill_net::{Http, HttpOptions, Inspector};
use waybill_standins::workflow::{Options, WorkflowStandin};
use waybill_vault::Vaults;

struct Home {
    _dir: tempfile::TempDir,
    desk: Desk,
    server: WorkflowStandin,
    person: String,
}

impl Home {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = camino::Utf8Path::from_path(dir.path()).unwrap().join("desk");
        let desk = assemble(Paths::new(path), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
        let server = WorkflowStandin::start(Options::default()).await.unwrap();
        let person = Options::default().people[0].email.clone();
        Self { _dir: dir, desk, server, person }
    }

    fn draft(&self, redirect: &str) -> ConnectionDraft {
        let settings = [
            ("base_url", self.server.base_url()),
            ("tenant", self.server.tenant().to_owned()),
            ("sign_in", "person".to_owned()),
            ("client_id", self.server.public_client_id().to_owned()),
            ("user", self.person.clone()),
            ("redirect_uri", redirect.to_owned()),
        ];
        ConnectionDraft {
            name: "tasks".to_owned(),
            kind: "workflow".to_owned(),
            settings: settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            ..ConnectionDraft::default()
        }
    }

    /// Goes where a browser goes; answers where it ended.
    async fn browse(&self, address: &str, follow: u8) -> String {
        let options = HttpOptions::new("browser", Network::default(), Inspector::default(), Arc::new(SystemClock));
        let http = Http::new(options).unwrap();
        let answer = http.get("browser", address.parse().unwrap()).follow(follow).send().await.unwrap();
        answer.header("location").unwrap_or_default().to_owned()
    }

    async fn signed_in(&self) -> ConnectionId {
        let mut draft = self.draft("http://127.0.0.1:0/callback");
        let begun = self.desk.begin_sign_in(&draft, None).await.unwrap();
        assert_eq!(begun.deaf, None);
        let (heard, _) = tokio::join!(self.desk.wait_for_sign_in(&begun.id, "done"), self.browse(&begun.address, 3));
        heard.unwrap();
        let (key, secret) = self.desk.signed_in(&begun.id).unwrap();
        draft.secrets = BTreeMap::from([(key, secret)]);
        self.desk.add_connection(draft).await.unwrap()
    }
}

fn inbox() -> TaskFilter {
    TaskFilter { whose: Whose::Inbox, ..TaskFilter::default() }
}

#[tokio::test]
async fn a_connection_lives_of_a_sign_in_and_renews_it_however_often_it_is_open() {
    let home = Home::new().await;
    let id = home.signed_in().await;
    assert_eq!(home.desk.connection_facts(id).await.unwrap().signed_in, None, "nothing is known before the first call");
    let report = home.desk.test_connection(id, &mut |_| {}).await.unwrap();
    assert!(report.error.is_none(), "{report:?}");
    let step = report.steps.iter().find(|step| step.code == "signed-in").unwrap();
    assert_eq!(step.said[0].code, "signed-in-until", "{step:?}");
    assert_eq!(report.expiry, None, "nobody has to act where it is renewed by itself");
    let holds = home.desk.connection_facts(id).await.unwrap().signed_in.unwrap();
    assert!(holds.renews && holds.until.is_some() && holds.ends.is_none(), "{holds:?}");
    for _ in 0..3 {
        let looks = join_all((0..6).map(|_| async { home.desk.tasks(id, &inbox()).await })).await;
        for look in looks {
            assert!(!look.unwrap().is_empty());
        }
        home.server.advance_clock(std::time::Duration::from_hours(1));
    }
}

#[tokio::test]
async fn where_nothing_can_be_heard_the_address_is_pasted() {
    let home = Home::new().await;
    let draft = home.draft("https://localhost:3000");
    let begun = home.desk.begin_sign_in(&draft, None).await.unwrap();
    assert!(begun.deaf.as_ref().is_some_and(|why| why.contains("paste")), "{begun:?}");
    let said = waybill_desk::said(None, begun.deaf.as_deref().unwrap()).unwrap();
    assert_eq!((said.code.as_str(), said.with["address"].as_str()), ("redirect-elsewhere", "https://localhost:3000/"));
    let ended = home.browse(&begun.address, 0).await;
    let wrong = home.desk.paste_sign_in(&begun.id, "not an address").await.unwrap_err();
    assert!(wrong.to_string().contains("no address"), "{wrong}");
    home.desk.paste_sign_in(&begun.id, &format!("  {ended}\n")).await.unwrap();
    let (key, secret) = home.desk.signed_in(&begun.id).unwrap();
    assert_eq!(key, "refresh_token");
    assert!(!secret.expose_secret().is_empty());
    home.desk.forget_sign_in(&begun.id);
    assert!(home.desk.signed_in(&begun.id).is_err(), "it was forgotten");
}

#[tokio::test]
async fn nobody_signed_in_yet_is_said() {
    let home = Home::new().await;
    let draft = home.draft("http://127.0.0.1:0/callback");
    assert!(home.desk.wants_sign_in(&draft));
    let id = home.desk.add_connection(draft).await.unwrap();
    let report = home.desk.test_connection(id, &mut |_| {}).await.unwrap();
    let failed = report.steps.last().unwrap();
    assert_eq!((failed.code.as_str(), report.steps.len()), ("signed-in", 3), "{report:?}");
    assert!(failed.detail.contains("sign in in the browser"), "{failed:?}");
    let begun = home.desk.begin_sign_in(&home.draft("http://127.0.0.1:0/callback"), Some(id)).await.unwrap();
    home.desk.forget_sign_in(&begun.id);
    assert!(matches!(home.desk.signed_in(&begun.id), Err(DeskError::Invalid(_))));
}

#[tokio::test]
async fn what_was_said_can_be_looked_at_and_holds_no_secret() {
    let home = Home::new().await;
    let id = home.signed_in().await;
    home.desk.tasks(id, &inbox()).await.unwrap();
    let said = home.desk.exchanges();
    assert!(said.iter().any(|one| one.connection == "tasks" && one.address.contains("/workflow/v1/tasks")), "{said:?}");
    let all = serde_json::to_string(&said).unwrap();
    assert!(!all.contains("eyJ"), "a token is among what is kept: {all}");
    home.desk.forget_exchanges();
    assert!(home.desk.exchanges().is_empty());
}
