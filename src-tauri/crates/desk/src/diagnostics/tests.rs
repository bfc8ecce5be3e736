use std::{io::Write as _, process::Stdio, sync::Arc};

use camino::Utf8PathBuf;
use waybill_engine::SystemClock;
use waybill_model::Millis;
use waybill_vault::Vaults;

use super::*;
use crate::{ConnectionDraft, NetworkDraft, Paths, ProxyMode, assemble};

/// Stands for every secret; none of it may be found in what is handed over.
const CANARY: &str = "canary-7Jq/zK+v_ß";

async fn home() -> (tempfile::TempDir, Desk) {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
    let desk = assemble(Paths::new(path), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
    let text = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let draft = ConnectionDraft {
        name: "north".to_owned(),
        kind: "s3".to_owned(),
        settings: text(&[("bucket", "invoices"), ("endpoint", "https://s3.example.com"), ("access_key_id", "AKIA1")]),
        secrets: [("secret_access_key".to_owned(), SecretString::from(CANARY))].into(),
        ..ConnectionDraft::default()
    };
    desk.add_connection(draft).await.unwrap();
    let network = NetworkDraft {
        proxy: ProxyMode::Manual,
        url: "http://proxy.example.com:8080".to_owned(),
        user: "ada".to_owned(),
        password: Some(format!("proxy {CANARY}").into()),
        ..NetworkDraft::default()
    };
    desk.set_network(network).await.unwrap();
    (dir, desk)
}

#[tokio::test]
async fn no_secret_is_in_what_is_handed_over_wherever_it_came_from() {
    let (_dir, desk) = home().await;
    let encoded: String = CANARY.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let log = [
        format!("WARN the server said: {CANARY} is wrong"),
        format!("GET https://s3.example.com/a?X-Amz-Signature={encoded}"),
        format!("proxy http://ada:{CANARY}@proxy.example.com:8080"),
        format!("Authorization: Basic {CANARY}"),
        format!("-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----"),
        "INFO an ordinary line".to_owned(),
    ];
    let about = [("version", "1.2.3".to_owned()), ("mistake", format!("password={CANARY}"))];
    let files = desk.diagnostics(&about, &log).await.unwrap();
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["about.txt", "settings.json", "connections.json", "home.json", "log.txt"]);
    for file in &files {
        for form in [CANARY, "canary-7Jq", encoded.as_str()] {
            assert!(!file.text.contains(form), "{} holds it:\n{}", file.name, file.text);
        }
    }
    let of = |name: &str| files.iter().find(|file| file.name == name).unwrap().text.as_str();
    assert!(of("log.txt").contains("INFO an ordinary line"));
    assert!(of("about.txt").contains("version: 1.2.3"));
    assert!(of("connections.json").contains("invoices") && of("connections.json").contains("secret_access_key"));
    assert!(of("settings.json").contains("http://proxy.example.com:8080"));
    assert!(of("home.json").contains("\"connections\": 2"), "this computer counts: {}", of("home.json"));
    let bytes = tape(&files, desk.now());
    assert!(!bytes.windows(10).any(|window| window == b"canary-7Jq"));
}

#[test]
fn other_programs_read_the_one_file_that_it_is() {
    let files = [
        DiagnosticsFile { name: "a.txt".to_owned(), text: "one".to_owned() },
        DiagnosticsFile { name: "b.txt".to_owned(), text: "x".repeat(600) },
    ];
    let bytes = tape(&files, Millis(1_700_000_000_000));
    let mut tar = std::process::Command::new("tar");
    let mut child = tar
        .args(["-xO", "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let answer = child.wait_with_output().unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    assert_eq!(String::from_utf8(answer.stdout).unwrap(), format!("one{}", "x".repeat(600)));
}
