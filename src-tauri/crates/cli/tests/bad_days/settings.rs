//! Settings and secrets that are wrong: the first call tells which, and what only a person can mend stops the connection.

use crate::{demo, reach, support::Home};

/// What is wrong, in which settings, how commands end, as which kind, and what is said.
type Row = (&'static str, Vec<(&'static str, String)>, i32, &'static str, Vec<&'static str>);

const FAILED: i32 = 1;
const NEEDS_A_PERSON: i32 = 3;

fn text(text: &str) -> String {
    text.to_owned()
}

/// Tests, lists and sends with each row's settings, and looks that the source and its bytes stay.
async fn each_is_told(kind: &str, rows: impl FnOnce(&Home, &waybill_standins::demo::Demo) -> Vec<Row>) {
    let (home, demo) = (Home::new(), demo().await);
    let file = home.write("a.txt", b"a");
    for (name, other, exit, error_kind, words) in rows(&home, &demo) {
        let other: Vec<(&str, &str)> = other.iter().map(|(key, value)| (*key, value.as_str())).collect();
        home.add(name, &reach(&demo, kind), &other);
        let to = format!("{name}:/in");
        let sent = home.run(&["--json", "send", "a.txt", "--to", &to, "--then", "delete"]).expect_exit(exit);
        sent.failed_with(error_kind, &words);
        let tested = home.run(&["connection", "test", name]);
        assert_eq!(tested.code, exit, "{name}: {}{}", tested.stdout, tested.stderr);
        assert!(tested.stdout.contains("FAILED"), "{name}: {}", tested.stdout);
        home.run(&["ls", &format!("{name}:/")]).expect_exit(exit).says(&words);
        assert!(file.exists(), "{name}: nothing was matched, so the source stays");
        let state = if exit == FAILED { "failed" } else { "queued" };
        assert_eq!(sent.objects()[0]["state"], state, "{name}: {}", sent.stdout);
        for said in [&tested.stdout, &sent.stdout, &sent.stderr] {
            assert!(!said.contains("canary"), "{name} shows a secret: {said}");
            assert!(!said.contains("Error {") && !said.contains("Some("), "{name} shows a dump: {said}");
        }
        if exit == NEEDS_A_PERSON {
            let others: Vec<_> = sent.stderr.lines().filter(|line| line.contains("needs you")).collect();
            assert_eq!(others.len(), 1, "{name}: one line for this run, none for another connection: {}", sent.stderr);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_s3_connection_is_named() {
    each_is_told("s3", |_, demo| {
        let plain = demo.s3.endpoint();
        vec![
            (
                "host",
                vec![("endpoint", text("http://no-such-host.invalid"))],
                FAILED,
                "unreachable",
                vec!["no-such-host.invalid"],
            ),
            (
                "port",
                vec![("endpoint", text("http://127.0.0.1:1"))],
                FAILED,
                "unreachable",
                vec!["127.0.0.1:1", "port"],
            ),
            ("tls", vec![("endpoint", plain.replace("http:", "https:"))], FAILED, "invalid", vec!["TLS"]),
            (
                "key",
                vec![("access_key_id", text("AKIANOBODYKNOWSIT000"))],
                NEEDS_A_PERSON,
                "unauthenticated",
                vec!["access key"],
            ),
            (
                "secret",
                vec![("secret_access_key", text("canary-secret"))],
                NEEDS_A_PERSON,
                "unauthenticated",
                vec!["secret access key"],
            ),
            ("token", vec![("session_token", text("canary-token"))], NEEDS_A_PERSON, "unauthenticated", vec!["token"]),
            ("bucket", vec![("bucket", text("no-such-bucket"))], FAILED, "not-found", vec!["no-such-bucket", "owner"]),
            ("region", vec![("region", text("eu-west-7"))], FAILED, "invalid", vec!["eu-west-7", "region"]),
        ]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_sftp_connection_is_named() {
    each_is_told("sftp", |home, _| {
        let broken = home.write("broken_key", b"this is no key");
        let absent = home.file("absent_key").into_string();
        let pin = format!("SHA256:{}", "A".repeat(43));
        vec![
            (
                "host",
                vec![("host", text("no-such-host.invalid"))],
                FAILED,
                "unreachable",
                vec!["no-such-host.invalid", "no address"],
            ),
            ("port", vec![("port", text("1"))], FAILED, "unreachable", vec!["127.0.0.1:1", "port"]),
            ("user", vec![("user", text("nobody"))], NEEDS_A_PERSON, "unauthenticated", vec!["nobody"]),
            (
                "password",
                vec![("password", text("canary-password"))],
                NEEDS_A_PERSON,
                "unauthenticated",
                vec!["password"],
            ),
            (
                "absent",
                vec![("auth", text("key")), ("key_file", absent)],
                NEEDS_A_PERSON,
                "unauthenticated",
                vec!["absent_key"],
            ),
            (
                "broken",
                vec![("auth", text("key")), ("key_file", broken.into_string())],
                NEEDS_A_PERSON,
                "unauthenticated",
                vec!["broken_key"],
            ),
            ("agent", vec![("auth", text("agent"))], NEEDS_A_PERSON, "unauthenticated", vec!["agent"]),
            ("pin", vec![("host_key", pin)], NEEDS_A_PERSON, "host-key-changed", vec!["key", "administrator"]),
        ]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mended_connection_goes_on_where_it_was_stopped() {
    let (home, demo) = (Home::new(), demo().await);
    let known = home.write("known_hosts", b"");
    home.add("s", &reach(&demo, "sftp"), &[("host_key", ""), ("known_hosts", known.as_str())]);
    let line = || format!("[127.0.0.1]:{} {}\n", demo.sftp.port(), demo.sftp.host_key_line());
    fs_err::write(&known, line()).unwrap();
    home.write("a.txt", b"a");
    home.run(&["send", "a.txt", "--to", "s:/"]).expect_exit(0);
    demo.sftp.rotate_host_key().unwrap();
    home.write("b.txt", b"b");
    let stopped = home.run(&["--json", "send", "b.txt", "--to", "s:/"]).expect_exit(3);
    stopped.failed_with("host-key-changed", &["SHA256:"]);
    home.run(&["run"]).expect_exit(3);
    assert!(!demo.sftp.root().join("b.txt").exists(), "not a byte goes to a server that may be another");
    fs_err::write(&known, line()).unwrap();
    home.run(&["connection", "test", "s"]).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
    assert_eq!(fs_err::read(demo.sftp.root().join("b.txt")).unwrap(), b"b");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_to_a_stopped_connection_shows_why_it_waits() {
    let (home, demo) = (Home::new(), demo().await);
    home.add("s", &reach(&demo, "sftp"), &[("password", "canary-wrong")]);
    home.write("a.txt", b"a");
    home.write("folder/b.txt", b"b");
    home.run(&["--json", "send", "a.txt", "--to", "s:/"]).expect_exit(3);
    let sent = home.run(&["--json", "send", "folder", "--to", "s:/in"]).expect_exit(3);
    let row = sent.failed_with("unauthenticated", &["password"]);
    assert_eq!((&row["state"], &row["destination"]), (&"queued".into(), &"s:/in/folder".into()), "{row}");
    assert!(row["source"].as_str().unwrap().ends_with("/folder") && row["run"].is_string(), "{row}");
    let told = home.run(&["send", "folder", "--to", "s:/in"]).expect_exit(3);
    assert!(told.stdout.contains("not looked through yet") && told.stdout.contains("password"), "{}", told.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_lets_what_waits_go_on() {
    let (home, demo) = (Home::new(), demo().await);
    home.add("s", &reach(&demo, "sftp"), &[("password", "canary-wrong")]);
    home.write("a.txt", b"a");
    home.run(&["send", "a.txt", "--to", "s:/in"]).expect_exit(3);
    let change = ["--json", "connection", "secret", "s", "--secrets-stdin"];
    home.run_with_input(&change, "").expect_exit(2).says(&["KEY=VALUE"]);
    home.run_with_input(&change, "password=\n").expect_exit(2).says(&["password"]);
    home.run_with_input(&change, "pasword=canary-typo\n").expect_exit(2).says(&["pasword"]);
    let changed = home.run_with_input(&change, &format!("password={}\n", demo.sftp.password())).expect_exit(0);
    let row = &changed.objects()[0];
    assert_eq!((&row["health"], &row["settings"]["host"]), (&"untested".into(), &"127.0.0.1".into()), "{row}");
    for said in [&changed.stdout, &changed.stderr] {
        assert!(!said.contains(demo.sftp.password()), "{said}");
    }
    home.run(&["run"]).expect_exit(0);
    assert_eq!(fs_err::read(demo.sftp.root().join("in/a.txt")).unwrap(), b"a");
    home.run_with_input(&["connection", "secret", "nobody", "--secrets-stdin"], "password=x\n").expect_exit(2);
}

#[test]
fn a_folder_that_is_not_mounted_is_named() {
    let home = Home::new();
    home.run(&["connection", "add", "f", "--kind", "folder", "--set", "root=/nonexistent/share"]).expect_exit(0);
    home.run(&["ls", "f:/"]).expect_exit(1).says(&["/nonexistent/share", "mounted"]);
    home.write("a.txt", b"a");
    let sent = home.run(&["--json", "send", "a.txt", "--to", "f:/"]).expect_exit(1);
    assert!(sent.failed_with("unreachable", &["mounted"])["id"].is_string());
}

#[test]
fn a_target_on_this_computer_is_no_target_and_nothing_is_copied() {
    let home = Home::new();
    home.write("a.txt", b"a");
    for to in ["archive", "./archive", "/tmp"] {
        home.run(&["send", "a.txt", "--to", to]).expect_exit(2).says(&["NAME:/dir", "fetch"]);
    }
    assert!(!home.file("archive").exists());
}

#[test]
fn a_local_name_with_a_colon_is_told_how_it_is_written() {
    let home = Home::new();
    home.run(&["connection", "add", "f", "--kind", "folder", "--set", &format!("root={}", home.path())]).expect_exit(0);
    home.write("a:b", b"a");
    home.run(&["send", "a:b", "--to", "f:/in"]).expect_exit(2).says(&["no connection a", "./a:b"]);
    home.run(&["send", "./a:b", "--to", "f:/in"]).expect_exit(0);
    assert_eq!(fs_err::read(home.file("in/a:b")).unwrap(), b"a");
}
