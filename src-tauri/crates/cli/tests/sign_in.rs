//! Credentials of S3 that end: single sign-on as the AWS tools leave it behind, and a session token of the connection's own.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod support;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use support::{Home, noise};
use waybill_standins::{
    faults::{Fault, Rule},
    s3::{BucketOptions, Options, S3Standin, Session},
};

/// Three parts.
const LARGE: usize = 40_000_000;
const BEARER: &str = "canary-of-the-login";
const SESSION: &str = "canary-session";

/// S3 that takes temporary keys only.
async fn s3() -> S3Standin {
    let session = Session { token: SESSION.to_owned(), lifetime: Duration::from_hours(1) };
    let buckets = vec![BucketOptions::plain("evidence")];
    S3Standin::start(Options { session: Some(session), buckets, ..Options::default() }).await.unwrap()
}

/// The portal of single sign-on, as its API is documented: `GetRoleCredentials` for who shows the token of a login.
struct Portal {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Portal {
    fn start(s3: &S3Standin) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, asked) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let keys = serde_json::json!({ "roleCredentials": {
            "accessKeyId": s3.access_key_id(), "secretAccessKey": s3.secret_access_key(), "sessionToken": SESSION,
            "expiration": 4_000_000_000_000_u64,
        }});
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                answer(client.unwrap(), &keys.to_string(), &count);
            }
        });
        Self { port, asked }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(mut client: TcpStream, keys: &str, asked: &AtomicUsize) {
    let lines: Vec<String> =
        BufReader::new(&client).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let Some(first) = lines.first() else { return };
    let asks = first.starts_with("GET /federation/credentials?")
        && first.contains("role_name=desk")
        && first.contains("account_id=123456789012");
    let bearer = format!("x-amz-sso_bearer_token: {BEARER}");
    let (status, body) = if !asks {
        ("404 Not Found", "{}")
    } else if lines.iter().any(|line| line.eq_ignore_ascii_case(&bearer)) {
        asked.fetch_add(1, Ordering::SeqCst);
        ("200 OK", keys)
    } else {
        ("401 Unauthorized", "{\"message\":\"Session token not found or invalid\"}")
    };
    let kind = if status.starts_with("401") { "x-amzn-errortype: UnauthorizedException\r\n" } else { "" };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{kind}connection: close\r\n");
    drop(write!(client, "{head}content-length: {length}\r\n\r\n{body}"));
}

/// What `aws sso login` leaves behind, by the SHA-1 of the session's name `house`.
fn log_in(home: &Home, bearer: &str, until: &str) {
    let token = serde_json::json!({
        "startUrl": "https://house.example.com/start", "region": "eu-west-1", "accessToken": bearer, "expiresAt": until,
    });
    home.write(".aws/sso/cache/5be93480bd8b743454a93dca084849202af43af5.json", token.to_string().as_bytes());
}

/// Imports the profile `desk`, which signs in at the portal.
fn import(home: &Home, s3: &S3Standin, portal: &Portal) {
    let text = format!(
        "[profile desk]\nregion = us-east-1\nsso_session = house\nsso_account_id = 123456789012\nsso_role_name = desk\n\
         services = here\n[sso-session house]\nsso_region = eu-west-1\nsso_start_url = https://house.example.com/start\n\
         [services here]\ns3 =\n  endpoint_url = {}\nsso =\n  endpoint_url = http://127.0.0.1:{}\n",
        s3.endpoint(),
        portal.port
    );
    home.write(".aws/config", text.as_bytes());
    home.run(&["connection", "import", "aws"]).expect_exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_sign_on_is_asked_again_when_its_keys_run_out_in_mid_transfer() {
    let (home, s3) = (Home::new(), s3().await);
    let portal = Portal::start(&s3);
    log_in(&home, BEARER, "2099-01-01T00:00:00Z");
    import(&home, &s3, &portal);
    home.write("large.bin", &noise(1, LARGE));
    s3.faults().inject(Rule::new(Fault::ExpiredCredentials).operation("UploadPart").skip(1));
    let sent = home.run(&["--json", "send", "large.bin", "--to", "desk:/evidence/in"]).expect_exit(0);
    assert_eq!(sent.objects()[0]["evidence"], "matched", "{}", sent.stdout);
    assert_eq!((s3.faults().pending(), portal.asked()), (0, 2), "once at first, once more when S3 said so");
    home.run(&["verify", "desk:/evidence/in/large.bin", "large.bin"]).expect_exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_ended_stops_the_connection_until_somebody_logs_in() {
    let (home, s3) = (Home::new(), s3().await);
    let portal = Portal::start(&s3);
    log_in(&home, BEARER, "2020-01-01T00:00:00Z");
    import(&home, &s3, &portal);
    home.write("a.txt", b"a");
    let sent = home.run(&["--json", "send", "a.txt", "--to", "desk:/evidence"]).expect_exit(3);
    let row = sent.failed_with("unauthenticated", &["profile `desk`", "aws sso login --profile desk", "expired"]);
    assert_eq!(row["state"], "queued");
    log_in(&home, "canary-of-nobody", "2099-01-01T00:00:00Z");
    let refused = home.run(&["connection", "test", "desk"]).expect_exit(3);
    assert!(refused.stdout.contains("Session token not found or invalid"), "{}", refused.stdout);
    log_in(&home, BEARER, "2099-01-01T00:00:00Z");
    let tested = home.run(&["connection", "test", "desk"]).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
    home.run(&["verify", "desk:/evidence/a.txt", "a.txt"]).expect_exit(0);
    for said in [&sent.stdout, &sent.stderr, &refused.stdout, &tested.stdout] {
        assert!(!said.contains("canary") && !said.contains("Error {"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_token_that_ends_in_mid_transfer_is_named_and_a_new_one_goes_on_with_the_parts() {
    let (home, s3) = (Home::new(), s3().await);
    let (endpoint, key) = (format!("endpoint={}", s3.endpoint()), format!("access_key_id={}", s3.access_key_id()));
    let words =
        ["connection", "add", "keys", "--kind", "s3", "--set", "bucket=evidence", "--set", &endpoint, "--set", &key];
    let secrets = format!("secret_access_key={}\nsession_token={SESSION}\n", s3.secret_access_key());
    home.run_with_input(&[&words[..], &["--secrets-stdin"]].concat(), &secrets).expect_exit(0);
    home.write("large.bin", &noise(2, LARGE));
    s3.faults().inject(Rule::new(Fault::ExpiredCredentials).operation("UploadPart").skip(1).always());
    let sent = home.run(&["--json", "send", "large.bin", "--to", "keys:/in"]).expect_exit(3);
    let row = sent.failed_with("unauthenticated", &["session token has expired", "new temporary credentials"]);
    assert_eq!(row["state"], "queued", "nothing failed: it waits");
    s3.faults().clear();
    s3.faults().clear_journal();
    let secret = format!("session_token={SESSION}\n");
    home.run_with_input(&["connection", "secret", "keys", "--secrets-stdin"], &secret).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
    home.run(&["verify", "keys:/in/large.bin", "large.bin"]).expect_exit(0);
    let begun = s3.faults().journal().iter().filter(|seen| seen.operation == "CreateMultipartUpload").count();
    assert_eq!(begun, 0, "the upload that was begun goes on");
    assert!(!format!("{}{}", sent.stdout, sent.stderr).contains("canary"));
}
