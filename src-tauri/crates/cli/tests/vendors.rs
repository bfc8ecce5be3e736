//! The vendors' systems by command, against the stand-ins that `waybill standins` starts.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]

mod support;

use std::{
    io::{BufRead as _, BufReader},
    process::Child,
};

use serde_json::Value;
use support::{Ended, Home};
use waybill_standins::systems::Systems;

/// All stand-ins in a process of their own, as the command starts them.
struct Standins {
    child: Child,
    told: Value,
}

impl Standins {
    fn start(home: &Home) -> Self {
        let mut child = home.start(&["standins"]);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, told: serde_json::from_str(&line).unwrap() }
    }

    fn text(&self, system: &str, key: &str) -> String {
        self.told[system][key].as_str().unwrap_or_else(|| panic!("{system} tells no {key}: {}", self.told)).to_owned()
    }
}

impl Drop for Standins {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Adds a connection with these settings and secrets, and tests it.
fn join(home: &Home, name: &str, kind: &str, settings: &[(&str, String)], secrets: &[(&str, String)]) -> Ended {
    let settings: Vec<String> = settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mut args = vec!["connection", "add", name, "--kind", kind, "--secrets-stdin"];
    args.extend(settings.iter().flat_map(|pair| ["--set", pair.as_str()]));
    let input: Vec<String> = secrets.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
    home.run_with_input(&args, &input.concat()).expect_exit(0);
    home.run(&["--json", "connection", "test", name])
}

fn workflow(home: &Home, servers: &Standins) -> Ended {
    let told = |key: &str| servers.text("workflow", key);
    let person = servers.told["workflow"]["users"][0].as_str().unwrap().to_owned();
    let settings = [
        ("base_url", told("base_url")),
        ("tenant", told("tenant")),
        ("client_id", told("client_id")),
        ("user", person),
    ];
    join(home, "desk-tasks", "workflow", &settings, &[("client_secret", told("client_secret"))])
}

#[test]
fn a_task_is_listed_taken_and_decided_once() {
    let home = Home::new();
    let servers = Standins::start(&home);
    workflow(&home, &servers).expect_exit(0);
    let tasks = home.run(&["--json", "tasks", "list", "desk-tasks", "--whose", "free"]).expect_exit(0).objects();
    let shown = tasks.iter().find_map(|task| {
        let id = task["id"].as_str().unwrap();
        let shown = home.run(&["--json", "tasks", "show", "desk-tasks", id]).expect_exit(0).objects().remove(0);
        (!shown["outcomes"].as_array().unwrap().is_empty()).then_some(shown)
    });
    let shown = shown.unwrap();
    let (id, outcome) = (shown["id"].as_str().unwrap(), shown["outcomes"][0]["value"].as_str().unwrap());
    home.run(&["tasks", "claim", "desk-tasks", id]).expect_exit(0);
    let wrong = home.run(&["tasks", "complete", "desk-tasks", id, "--outcome", "perhaps"]).expect_exit(1);
    assert!(wrong.stderr.contains(outcome), "the outcomes that there are: {}", wrong.stderr);
    home.run(&["tasks", "complete", "desk-tasks", id, "--outcome", outcome, "--remark", "seen"]).expect_exit(0);
    let again = home.run(&["tasks", "complete", "desk-tasks", id, "--outcome", outcome]).expect_exit(1);
    assert!(again.stderr.contains("over"), "{}", again.stderr);
    let left = home.run(&["--json", "tasks", "list", "desk-tasks", "--whose", "all"]).expect_exit(0).objects();
    assert!(left.iter().all(|task| task["id"] != shown["id"]), "{left:?}");
}

#[test]
fn what_is_wrong_with_a_sign_in_is_said_by_its_step() {
    let home = Home::new();
    let servers = Standins::start(&home);
    let told = |key: &str| servers.text("workflow", key);
    let cases = [
        ("tenant", "no-such-tenant", "service-found", "check the region and the tenant"),
        ("client_id", "nobody", "signed-in", "does not know this client"),
        ("base_url", "http://127.0.0.1:1", "reach-port", "nothing answers at 127.0.0.1:1"),
    ];
    for (at, (key, value, step, words)) in cases.into_iter().enumerate() {
        let mut settings =
            [("base_url", told("base_url")), ("tenant", told("tenant")), ("client_id", told("client_id"))];
        settings.iter_mut().find(|(one, _)| *one == key).unwrap().1 = value.to_owned();
        let secrets = [("client_secret", told("client_secret"))];
        let tested = join(&home, &format!("wrong-{at}"), "workflow", &settings, &secrets);
        assert_ne!(tested.code, 0, "{key}");
        let last = tested.objects().pop().unwrap();
        assert_eq!((last["code"].as_str(), last["outcome"].as_str()), (Some(step), Some("failed")), "{key}: {last}");
        assert!(last["detail"].as_str().unwrap().contains(words), "{key}: {last}");
    }
}

/// A connection to each of the stand-ins, as the demo has them.
async fn joined(home: &Home) -> Systems {
    let systems = Systems::start(None, 0).await.unwrap();
    for connection in systems.connections() {
        home.add(connection.name, &connection, &[]);
    }
    systems
}

#[tokio::test(flavor = "multi_thread")]
async fn every_system_of_the_demo_passes_its_test() {
    let home = Home::new();
    let systems = joined(&home).await;
    for connection in systems.connections() {
        let tested = home.run(&["--json", "connection", "test", connection.name]);
        let steps = tested.objects();
        assert_eq!(tested.code, 0, "{}: {steps:#?}", connection.name);
        assert!(steps.len() > 1, "{}: {steps:?}", connection.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_proved_and_fetched_back_wherever_files_are_kept() {
    let home = Home::new();
    let _systems = joined(&home).await;
    let bytes: Vec<u8> = (0..300_000_u32).map(|at| (at * 31 % 251) as u8).collect();
    let file = home.write("Vertrag & Ölpumpe 7.bin", &bytes);
    for (name, folder) in [
        ("demo-files", "/My Files/From the desk"),
        ("demo-records", "/From the desk"),
        ("demo-assets", "/From the desk"),
    ] {
        home.run(&["connection", "test", name]).expect_exit(0);
        let to = format!("{name}:{folder}");
        home.run(&["send", file.as_str(), "--to", &to, "--conflict", "skip"]).expect_exit(0);
        let listed = home.run(&["--json", "ls", &to]).expect_exit(0).objects();
        assert_eq!(listed.len(), 1, "{name}: {listed:?}");
        let remote = listed[0]["path"].as_str().unwrap();
        home.run(&["verify", &format!("{name}:{remote}"), file.as_str()]).expect_exit(0);
        let back = home.file(&format!("back-{name}"));
        home.run(&["fetch", &format!("{name}:{remote}"), "--to", back.as_str()]).expect_exit(0);
        let fetched = fs_err::read(back.join(file.file_name().unwrap())).unwrap();
        assert_eq!(fetched, bytes, "{name}");
        // Once more is no second file.
        home.run(&["send", file.as_str(), "--to", &to, "--conflict", "skip"]).expect_exit(0);
        assert_eq!(home.run(&["--json", "ls", &to]).expect_exit(0).objects().len(), 1, "{name}");
    }
    home.run(&["connection", "test", "demo-partner"]).expect_exit(0);
    home.run(&["send", file.as_str(), "--to", "demo-partner:/in", "--conflict", "overwrite"]).expect_exit(0);
    let evidence: Vec<_> = home.transfers().iter().map(|row| row["evidence"].as_str().unwrap().to_owned()).collect();
    assert!(evidence.iter().all(|grade| grade == "matched" || grade == "none"), "{evidence:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_there_is_told_once() {
    let home = Home::new();
    let _systems = joined(&home).await;
    let first = home.run(&["--json", "events", "poll", "demo-partner"]).expect_exit(0).objects();
    assert!(!first.is_empty(), "the feed has a beginning");
    assert!(home.run(&["--json", "events", "poll", "demo-partner"]).expect_exit(0).objects().is_empty());
    assert_eq!(home.run(&["--json", "events", "list", "demo-partner"]).expect_exit(0).objects().len(), first.len());
    let none = home.run(&["events", "poll", "demo-sftp"]).expect_exit(1);
    assert!(none.stderr.contains("tells no events"), "{}", none.stderr);
}

#[test]
fn what_cannot_be_put_there_fails_with_its_reason_and_asks_nothing() {
    let home = Home::new();
    let servers = Standins::start(&home);
    let file = home.write("a.txt", b"a");
    workflow(&home, &servers).expect_exit(0);
    let told = |key: &str| servers.text("xecm", key);
    let settings = [("base_url", told("base_url")), ("user", told("clerk"))];
    join(&home, "clerk", "xecm", &settings, &[("password", told("password"))]).expect_exit(0);
    for (to, words) in [
        ("desk-tasks:/x", "desk-tasks takes no files"),
        // The folder is there, and this account may not see it.
        ("clerk:/Board", "may not see"),
    ] {
        let sent = home.run(&["--json", "send", file.as_str(), "--to", to, "--conflict", "ask"]).expect_exit(1);
        let row = sent.objects().pop().unwrap();
        assert_eq!(row["state"], "failed", "{to}: {row}");
        assert!(row["error"].as_str().unwrap().contains(words), "{to}: {row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_is_killed_leaves_one_file_with_its_bytes() {
    let home = Home::new();
    let _systems = joined(&home).await;
    for (name, folder) in
        [("demo-files", "/My Files/Killed"), ("demo-records", "/Killed"), ("demo-assets", "/Press/Killed")]
    {
        let to = format!("{name}:{folder}");
        for round in 0..4_u64 {
            let file = home.write(&format!("{name} {round}.bin"), &support::noise(round, 2_000_000));
            let mut sender = home.start(&["send", file.as_str(), "--to", &to, "--conflict", "keep-both"]);
            // Any instant will do: before the row, while the bytes go, before their proof.
            tokio::time::sleep(std::time::Duration::from_millis(150 + 350 * round)).await;
            sender.kill().unwrap();
            sender.wait().unwrap();
            home.run(&["run"]).expect_exit(0);
            // One that died before its row was stored has promised nothing.
            if home.transfers().iter().any(|row| row["source"] == file.as_str()) {
                home.run(&["verify", &format!("{to}/{}", file.file_name().unwrap()), file.as_str()]).expect_exit(0);
            }
        }
        let listed = home.run(&["--json", "ls", &to]).expect_exit(0).objects();
        let sent = home.transfers().iter().filter(|row| row["destination"].as_str().unwrap().starts_with(&to)).count();
        assert_eq!(listed.len(), sent, "{name}: {listed:#?}");
    }
}
