//! Whose certificates a connection over HTTP takes: each connector against a server that signed its own. What is not trusted
//! is said at a step of its own, before anything is sent; what is pinned works, and a pin is for one certificate alone.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::{CertificateParams, KeyPair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use waybill_connector::{StepOutcome, TestReport, TestStep};
use waybill_desk::{ConnectionChange, ConnectionDraft, Desk, Paths, SystemClock, assemble};
use waybill_model::{ConnectionId, Retry};
use waybill_vault::Vaults;

/// A server that speaks TLS, and what was asked of it.
struct Secure {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Secure {
    /// Answers every request that it has nothing. Its certificate is made out to `name`, by itself.
    async fn start(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let certificate = params.self_signed(&key).unwrap().der().clone();
        let key = rustls_pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.unwrap().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, count) = (acceptor.clone(), Arc::clone(&count));
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let mut request = [0; 4096];
                    if matches!(stream.read(&mut request).await, Ok(read) if read > 0) {
                        count.fetch_add(1, Ordering::SeqCst);
                        let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                        drop(stream.write_all(answer).await);
                        drop(stream.shutdown().await);
                    }
                });
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// The five, each with what it needs to be opened at `base`.
const KINDS: [&str; 5] = ["workflow", "file360", "xecm", "canto", "xconnector"];

fn draft(kind: &str, base: &str) -> ConnectionDraft {
    let settings: &[(&str, &str)] = match kind {
        "workflow" => &[("base_url", base), ("tenant", "t"), ("client_id", "c")],
        "canto" => &[("base_url", base), ("oauth_url", base), ("sign_in", "client"), ("client_id", "c")],
        "xconnector" => &[("check_url", base), ("file_url", base), ("catalogue_url", base)],
        _ => &[("base_url", base), ("user", "ada")],
    };
    let secrets: &[&str] = match kind {
        "workflow" | "canto" => &["client_secret"],
        "xconnector" => &[],
        _ => &["password"],
    };
    ConnectionDraft {
        name: kind.to_owned(),
        kind: kind.to_owned(),
        settings: settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        secrets: secrets.iter().map(|key| ((*key).to_owned(), "canary".to_owned().into())).collect(),
        ..ConnectionDraft::default()
    }
}

struct Home {
    _dir: tempfile::TempDir,
    desk: Desk,
}

impl Home {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = camino::Utf8Path::from_path(dir.path()).unwrap().join("desk");
        let desk = assemble(Paths::new(path), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
        Self { _dir: dir, desk }
    }

    async fn add(&self, kind: &str, host: &str, port: u16) -> (ConnectionId, ConnectionDraft) {
        let draft = draft(kind, &format!("https://{host}:{port}/"));
        (self.desk.add_connection(draft.clone()).await.unwrap(), draft)
    }

    async fn pin(&self, id: ConnectionId, draft: &ConnectionDraft, fingerprint: &str) {
        let mut settings = draft.settings.clone();
        settings.insert("certificate".to_owned(), fingerprint.to_owned());
        let (name, secrets) = (draft.name.clone(), draft.secrets.clone());
        let change = ConnectionChange { name, settings, secrets, ..ConnectionChange::default() };
        self.desk.edit_connection(id, change).await.unwrap();
    }

    async fn test(&self, id: ConnectionId) -> TestReport {
        self.desk.test_connection(id, &mut |_| {}).await.unwrap()
    }
}

/// The codes of the steps, in order.
fn codes(report: &TestReport) -> Vec<&str> {
    report.steps.iter().map(|step| step.code.as_str()).collect()
}

/// The certificate's own step.
fn certificate(report: &TestReport) -> &TestStep {
    report.steps.iter().find(|step| step.code == "reach-certificate").unwrap()
}

fn said(step: &TestStep) -> (&str, &str) {
    let [said] = step.said.as_slice() else { panic!("one phrase, and no stranger's words: {step:?}") };
    (&said.code, said.with.get("fingerprint").map_or("", String::as_str))
}

#[tokio::test]
async fn a_certificate_that_signed_itself_is_told_at_its_step_and_works_once_it_is_pinned() {
    let home = Home::new().await;
    for kind in KINDS {
        let server = Secure::start("localhost", |_| {}).await;
        let port = server.address.port();
        let (id, draft) = home.add(kind, "localhost", port).await;

        let report = home.test(id).await;
        assert_eq!(codes(&report), ["reach-name", "reach-port", "reach-certificate"], "{kind}");
        let step = certificate(&report);
        let (code, fingerprint) = said(step);
        assert_eq!((&step.outcome, code), (&StepOutcome::Failed, "certificate-self-signed"), "{kind}");
        assert!(step.detail.contains("localhost") && step.detail.contains(fingerprint), "{kind}: {}", step.detail);
        assert!(step.technical.is_none(), "{kind}: {step:?}");
        assert_eq!(server.asked(), 0, "{kind} asked a server that it does not trust");
        let error = report.error.as_ref().unwrap();
        assert_eq!((error.retry, error.fact("step")), (Retry::Never, Some("certificate")), "{kind}");

        home.pin(id, &draft, fingerprint).await;
        let pinned = home.test(id).await;
        let step = certificate(&pinned);
        assert_eq!((&step.outcome, said(step)), (&StepOutcome::Passed, ("reach-pinned", fingerprint)), "{kind}");
        assert!(pinned.steps.len() > 3 && server.asked() > 0, "{kind} stopped at {:?}", pinned.steps);

        // The server of the same name has another certificate now.
        let other = Secure::start("localhost", |_| {}).await;
        let moved = self::draft(kind, &format!("https://localhost:{}/", other.address.port()));
        home.pin(id, &moved, fingerprint).await;
        let changed = home.test(id).await;
        let step = certificate(&changed);
        assert_eq!((&step.outcome, said(step).0), (&StepOutcome::Failed, "certificate-changed"), "{kind}");
        assert!(step.detail.contains(fingerprint) && step.detail.contains(said(step).1), "{kind}: {}", step.detail);
        assert_eq!(changed.error.as_ref().unwrap().retry, Retry::Never, "{kind}");
        assert_eq!((codes(&changed).len(), other.asked()), (3, 0), "{kind} went on");
    }
}

#[tokio::test]
async fn a_certificate_that_ran_out_is_called_that() {
    let home = Home::new().await;
    let server = Secure::start("localhost", |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 2, 3);
    })
    .await;
    let (id, _) = home.add("file360", "localhost", server.address.port()).await;
    let report = home.test(id).await;
    let step = certificate(&report);
    assert_eq!(said(step).0, "certificate-ran-out");
    assert!(step.detail.contains("2021-02-03"), "{}", step.detail);
}

#[tokio::test]
async fn a_name_and_a_port_that_are_not_there_are_told_apart() {
    let home = Home::new().await;
    for kind in KINDS {
        let (id, _) = home.add(kind, "nobody.invalid", 443).await;
        let report = home.test(id).await;
        assert_eq!(codes(&report), ["reach-name"], "{kind}");
        assert_eq!(said(&report.steps[0]).0, "reach-no-name", "{kind}");
        home.desk.remove_connection(id).await.unwrap();

        let (id, _) = home.add(kind, "127.0.0.1", 1).await;
        let report = home.test(id).await;
        assert_eq!(codes(&report), ["reach-port"], "{kind}");
        assert_eq!(said(&report.steps[0]).0, "reach-no-port", "{kind}");
        home.desk.remove_connection(id).await.unwrap();
    }
}
