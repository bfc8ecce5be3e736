//! The command as scripts use it, against the stand-ins.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod support;

use support::{Home, noise, tree};
use waybill_standins::demo::Demo;

async fn demo() -> Demo {
    Demo::start(None, 0).await.unwrap()
}

#[test]
fn help_is_the_committed_one() {
    let home = Home::new();
    let mut help = String::new();
    for words in [
        vec!["--help"],
        vec!["connection", "add", "--help"],
        vec!["send", "--help"],
        vec!["fetch", "--help"],
        vec!["standins", "--help"],
    ] {
        help.extend(["$ waybill ", &words.join(" "), "\n", &home.run(&words).expect_exit(0).stdout, "\n"]);
    }
    insta::assert_snapshot!(help);
}

#[test]
fn wrong_usage_exits_2_and_says_what_would_be_right() {
    let home = Home::new();
    for (args, said) in [
        (vec!["send", "x", "--to", "nowhere:/x"], "nowhere"),
        (vec!["send", "x", "--to", "nowhere:/x", "--conflict", "maybe"], "keep-both"),
        (vec!["connection", "add", "x", "--kind", "ftp"], "sftp"),
        (vec!["connection", "add", "x", "--kind", "folder", "--set", "rooot=/tmp"], "root"),
        (vec!["connection", "add", "a:b", "--kind", "folder", "--set", "root=/tmp"], "has to be 1 to 64 bytes long"),
        (vec!["transfers", "--state", "gone"], "needs-attention"),
        (vec!["pause", "not-an-id"], "not an id"),
        (vec!["fetch", "./here", "--to", "x"], "NAME:/path"),
        (vec!["connection", "import", "ftp"], "rclone"),
    ] {
        let ended = home.run(&args).expect_exit(2);
        assert!(ended.stderr.contains(said), "{args:?} said: {}", ended.stderr);
    }
}

#[test]
fn the_demo_does_the_main_job() {
    let home = Home::new();
    let ended = home.run(&["demo"]).expect_exit(0);
    assert!(ended.stdout.contains("matched by sha256"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("failed"), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_goes_out_and_comes_back_the_same() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("out/small.txt", b"small");
    home.write("out/empty", b"");
    home.write("out/deep/er/ü %+#?.bin", &noise(1, 3_000_000));
    home.write("out/large.bin", &noise(2, 40_000_000));
    fs_err::create_dir_all(home.file("out/hollow")).unwrap();
    for name in ["demo-s3", "demo-sftp"] {
        let to = format!("{name}:/in");
        let sent = home.run(&["--json", "send", "out", "--to", &to]).expect_exit(0);
        let objects = sent.objects();
        assert_eq!(objects.len(), 5, "four files and an empty folder: {}", sent.stdout);
        for object in &objects {
            assert_eq!((&object["state"], &object["evidence"]), (&"done".into(), &"matched".into()), "{object}");
            for key in ["id", "run", "source", "destination", "bytes", "sha256", "proof", "attempts", "error"] {
                assert!(object.get(key).is_some(), "{key} is missing in {object}");
            }
        }
        let back = format!("back-{name}");
        home.run(&["fetch", &format!("{name}:/in/out"), "--to", &back]).expect_exit(0);
        assert_eq!(tree(home.file(&back).join("out").as_std_path()), tree(home.file("out").as_std_path()), "{name}");
        assert!(home.file(&back).join("out/hollow").is_dir(), "empty folders are kept by {name}");
        home.run(&["verify", &format!("{name}:/in/out/large.bin"), "out/large.bin"]).expect_exit(0);
        home.run(&["verify", &format!("{name}:/in/out/large.bin"), "out/small.txt"]).expect_exit(1);
    }
    let listed = home.run(&["--json", "ls", "demo-s3:/in/out"]).expect_exit(0);
    let mut names: Vec<_> = listed.objects().iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, ["deep", "empty", "hollow", "large.bin", "small.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_from_one_remote_to_the_other_without_touching_the_disk() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    let bytes = noise(3, 20_000_000);
    let file = home.write("a.bin", &bytes);
    home.run(&["send", "a.bin", "--to", "demo-sftp:/x"]).expect_exit(0);
    home.run(&["send", "demo-sftp:/x/a.bin", "--to", "demo-s3:/y"]).expect_exit(0);
    home.run(&["send", "demo-s3:/y/a.bin", "--to", "demo-sftp:/z"]).expect_exit(0);
    home.run(&["verify", "demo-s3:/y/a.bin", file.as_str()]).expect_exit(0);
    home.run(&["verify", "demo-sftp:/z/a.bin", file.as_str()]).expect_exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_conflict_rule_does_what_it_says() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for name in ["demo-s3", "demo-sftp"] {
        let (to, there) = (format!("{name}:/c"), format!("{name}:/c/a.txt"));
        let file = home.write("a.txt", b"first");
        home.run(&["send", "a.txt", "--to", &to]).expect_exit(0);
        home.write("a.txt", b"second, longer");
        let asked = home.run(&["send", "a.txt", "--to", &to]).expect_exit(3);
        assert!(asked.stderr.contains("already"), "{}", asked.stderr);
        let open = home.run(&["--json", "transfers", "--state", "needs-attention"]).objects();
        assert_eq!(open.len(), 1);
        home.run(&["cancel", open[0]["id"].as_str().unwrap()]).expect_exit(0);

        let skipped = home.run(&["--json", "send", "a.txt", "--to", &to, "--conflict", "skip"]).expect_exit(0);
        assert_eq!(skipped.objects()[0]["state"], "skipped");
        home.run(&["verify", &there, file.as_str()]).expect_exit(1);

        let both = home.run(&["--json", "send", "a.txt", "--to", &to, "--conflict", "keep-both"]).expect_exit(0);
        assert_eq!(both.objects()[0]["destination"], format!("{name}:/c/a (2).txt"));
        home.run(&["verify", &format!("{name}:/c/a (2).txt"), file.as_str()]).expect_exit(0);
        home.run(&["verify", &there, file.as_str()]).expect_exit(1);

        home.run(&["send", "a.txt", "--to", &to, "--conflict", "overwrite"]).expect_exit(0);
        home.run(&["verify", &there, file.as_str()]).expect_exit(0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_goes_only_after_it_was_matched() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    let gone = home.write("gone.txt", b"gone");
    home.run(&["send", "gone.txt", "--to", "demo-s3:/t", "--then", "delete"]).expect_exit(0);
    assert!(!gone.exists());
    let moved = home.write("moved.txt", b"moved");
    let then = format!("move:{}", home.file("sent"));
    home.run(&["send", "moved.txt", "--to", "demo-sftp:/t", "--then", &then]).expect_exit(0);
    assert!(!moved.exists() && home.file("sent/moved.txt").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_named_and_the_rest_arrives() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("mixed/good.txt", b"good");
    std::os::unix::fs::symlink("nowhere", home.file("mixed/dangling")).unwrap();
    let ended = home.run(&["--json", "send", "mixed", "absent.txt", "--to", "demo-s3:/m"]).expect_exit(1);
    let find = |part: &str| ended.objects().into_iter().find(|o| o["source"].as_str().unwrap().contains(part)).unwrap();
    assert_eq!(find("good.txt")["evidence"], "matched");
    assert_eq!(find("dangling")["state"], "failed");
    assert_eq!(
        (&find("absent.txt")["state"], &find("absent.txt")["error_kind"]),
        (&"failed".into(), &"not-found".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_host_key_stops_everything_until_somebody_says_it_is_right() {
    let (home, demo) = (Home::new(), demo().await);
    let port = format!("port={}", demo.sftp.port());
    let known = format!("known_hosts={}", home.file("known_hosts"));
    let args = [
        "connection",
        "add",
        "s",
        "--kind",
        "sftp",
        "--set",
        "host=127.0.0.1",
        "--set",
        &port,
        "--set",
        "user=waybill",
        "--set",
        &known,
        "--secrets-stdin",
    ];
    home.run_with_input(&args, &format!("password={}\n", demo.sftp.password())).expect_exit(0);
    home.run(&["connection", "test", "s"]).expect_exit(3);
    home.write("a.txt", b"a");
    home.write("b.txt", b"b");
    let ended = home.run(&["send", "a.txt", "b.txt", "--to", "s:/"]).expect_exit(3);
    assert!(ended.stderr.contains("SHA256:"), "the fingerprint is told: {}", ended.stderr);
    assert!(home.run(&["--json", "transfers", "--state", "failed"]).objects().is_empty(), "nothing failed for it");
    fs_err::write(
        home.file("known_hosts"),
        format!("[127.0.0.1]:{} {}\n", demo.sftp.port(), demo.sftp.host_key_line()),
    )
    .unwrap();
    home.run(&["connection", "test", "s"]).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
    demo.sftp.rotate_host_key().unwrap();
    home.write("c.txt", b"c");
    let changed = home.run(&["send", "c.txt", "--to", "s:/"]).expect_exit(3);
    assert!(changed.stderr.to_lowercase().contains("key"), "{}", changed.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_cannot_be_reached_exits_3_and_no_other_is_asked() {
    let (mut home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("a.txt", b"a");
    home.passphrase = None;
    let ended = home.run(&["send", "a.txt", "--to", "demo-s3:/v"]).expect_exit(3);
    assert!(ended.stderr.contains("passphrase") || ended.stderr.contains("cannot be reached"), "{}", ended.stderr);
    home.passphrase = Some("a wrong one");
    home.run(&["send", "a.txt", "--to", "demo-s3:/v"]).expect_exit(3);
    home.passphrase = Some(support::PASSPHRASE);
    home.run(&["connection", "test", "demo-s3"]).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
    assert_eq!(home.run(&["--json", "transfers", "--state", "done"]).objects().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keyring_and_passphrase_no_secret_is_taken() {
    let mut home = Home::new();
    home.passphrase = None;
    let args =
        ["connection", "add", "x", "--kind", "s3", "--set", "bucket=b", "--set", "access_key_id=a", "--secrets-stdin"];
    let ended = home.run_with_input(&args, "secret_access_key=canary-4711\n").expect_exit(3);
    assert!(ended.stderr.contains("WAYBILL_VAULT_PASSPHRASE"), "{}", ended.stderr);
    assert!(home.run(&["connection", "list"]).expect_exit(0).stdout.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn planted_secrets_are_found_nowhere() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    let canaries = ["canary-password-8461", "canary-key-2957", "canary-token-1063"];
    let port = format!("port={}", demo.sftp.port());
    let (endpoint, pin) = (format!("endpoint={}", demo.s3.endpoint()), format!("host_key={}", demo.sftp.fingerprint()));
    let sftp = [
        "connection",
        "add",
        "bad-sftp",
        "--kind",
        "sftp",
        "--set",
        "host=127.0.0.1",
        "--set",
        &port,
        "--set",
        "user=waybill",
        "--set",
        &pin,
        "--secrets-stdin",
    ];
    home.run_with_input(&sftp, &format!("password={}\n", canaries[0])).expect_exit(0);
    let s3 = [
        "connection",
        "add",
        "bad-s3",
        "--kind",
        "s3",
        "--set",
        &endpoint,
        "--set",
        "region=us-east-1",
        "--set",
        "path_style=true",
        "--set",
        "bucket=waybill-demo",
        "--set",
        "access_key_id=AKIAWAYBILLDEMO00001",
        "--secrets-stdin",
    ];
    home.run_with_input(&s3, &format!("secret_access_key={}\nsession_token={}\n", canaries[1], canaries[2]))
        .expect_exit(0);
    home.write("a.txt", b"a");
    let mut said = String::new();
    for args in [
        vec!["connection", "list"],
        vec!["--json", "connection", "list"],
        vec!["connection", "test", "bad-sftp"],
        vec!["connection", "test", "bad-s3"],
        vec!["send", "a.txt", "--to", "bad-s3:/x"],
        vec!["send", "a.txt", "--to", "bad-sftp:/x"],
        vec!["ls", "bad-s3:/"],
        vec!["ls", "bad-sftp:/"],
        vec!["transfers"],
    ] {
        let output = home.command(&args).env("WAYBILL_LOG", "trace").output().unwrap();
        said.push_str(&String::from_utf8_lossy(&output.stdout));
        said.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    assert!(said.contains("TRACE") || said.contains("DEBUG"), "the logs were on");
    for canary in canaries {
        assert!(!said.contains(canary), "{canary} was printed or logged");
        for (name, bytes) in tree(home.desk().as_std_path()) {
            let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} lies in {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_command_hands_its_work_to_the_one_that_runs() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("large.bin", &noise(5, 60_000_000));
    home.write("a.txt", b"a");
    let first = home.start(&["send", "large.bin", "--to", "demo-sftp:/h"]);
    home.run(&["send", "a.txt", "--to", "demo-s3:/h"]).expect_exit(0);
    let first = first.wait_with_output().unwrap();
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detached_run_waits_for_somebody_to_drain_the_queue() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("a.txt", b"a");
    let run = home.run(&["--json", "send", "a.txt", "--to", "demo-s3:/d", "--detach"]).expect_exit(0);
    assert!(run.objects()[0]["run"].is_string());
    assert!(home.run(&["--json", "transfers"]).objects().is_empty(), "nothing was walked yet");
    home.run(&["run"]).expect_exit(0);
    let done = home.run(&["--json", "transfers", "--state", "done"]).objects();
    assert_eq!(done.len(), 1);
    assert_eq!(done[0]["run"], run.objects()[0]["run"]);
}

#[test]
fn a_wrong_port_fails_soon_and_says_what_to_look_at() {
    let home = Home::new();
    let args = [
        "connection",
        "add",
        "s",
        "--kind",
        "sftp",
        "--set",
        "host=127.0.0.1",
        "--set",
        "port=1",
        "--set",
        "user=x",
        "--secrets-stdin",
    ];
    home.run_with_input(&args, "password=x\n").expect_exit(0);
    let ended = home.run(&["connection", "test", "s"]).expect_exit(1);
    assert!(ended.stdout.contains("FAILED"), "{}", ended.stdout);
    home.write("a.txt", b"a");
    let ended = home.run(&["--json", "send", "a.txt", "--to", "s:/"]).expect_exit(1);
    assert_eq!(ended.objects()[0]["error_kind"], "unreachable");
}
