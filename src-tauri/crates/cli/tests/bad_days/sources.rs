//! Sources that are not what they seem.

use std::process::Command;

use crate::{
    demo,
    support::{Home, noise},
};

/// Where the two kinds of targets take things.
const TARGETS: [&str; 2] = ["demo-s3", "demo-sftp"];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_named_and_the_rest_of_the_folder_arrives() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("in/good.txt", b"good");
    home.write("in/empty", b"");
    assert!(Command::new("mkfifo").arg(home.file("in/pipe")).status().unwrap().success());
    std::os::unix::fs::symlink("nowhere", home.file("in/dangling")).unwrap();
    std::os::unix::fs::symlink("..", home.file("in/back")).unwrap();
    for target in TARGETS {
        let sent = home.run(&["--json", "send", "in", "--to", &format!("{target}:/o")]).expect_exit(1);
        let objects = sent.objects();
        let find = |name: &str| objects.iter().find(|o| o["source"].as_str().unwrap().ends_with(name)).unwrap();
        for good in ["good.txt", "empty"] {
            assert_eq!(find(good)["evidence"], "matched", "{good}");
        }
        for bad in ["pipe", "dangling", "back"] {
            let row = find(bad);
            assert_eq!((&row["state"], &row["error_kind"]), (&"failed".into(), &"invalid".into()), "{row}");
            assert!(row["error"].as_str().unwrap().contains(bad), "the entry is named: {row}");
        }
        assert_eq!(objects.len(), 5, "each has its row: {}", sent.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_them_sent_by_itself_fails_and_is_named() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    assert!(Command::new("mkfifo").arg(home.file("pipe")).status().unwrap().success());
    std::os::unix::fs::symlink("nowhere", home.file("dangling")).unwrap();
    for (name, kind) in [("pipe", "invalid"), ("dangling", "invalid"), ("absent", "not-found")] {
        let sent = home.run(&["--json", "send", name, "--to", "demo-s3:/o"]).expect_exit(1);
        sent.failed_with(kind, &[name]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_vanishes_or_turns_into_a_folder_before_its_turn_fails_alone() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for target in TARGETS {
        for name in ["stays", "goes", "turns"] {
            home.write(name, b"x");
        }
        let to = format!("{target}:/o");
        home.run(&["send", "stays", "goes", "turns", "--to", &to, "--detach"]).expect_exit(0);
        // Somebody looks it through and is stopped before anything is sent: its rows are there, its bytes are not.
        let walked = crate::queue::walk_and_pause(&home, &demo, 3);
        fs_err::remove_file(home.file("goes")).unwrap();
        fs_err::remove_file(home.file("turns")).unwrap();
        fs_err::create_dir(home.file("turns")).unwrap();
        home.run(&["resume", &walked]).expect_exit(0);
        home.run(&["run"]).expect_exit(1);
        let rows = home.run(&["--json", "transfers", "--run", &walked]).objects();
        let find = |name: &str| rows.iter().find(|o| o["source"].as_str().unwrap().ends_with(name)).unwrap();
        assert_eq!(find("stays")["evidence"], "matched");
        assert_eq!(find("goes")["error_kind"], "not-found", "{}", find("goes"));
        assert_eq!(find("turns")["state"], "failed", "{}", find("turns"));
        fs_err::remove_dir(home.file("turns")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_grew_or_shrank_before_its_turn_arrives_as_it_is() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for target in TARGETS {
        home.write("grows", &noise(1, 1_000));
        home.write("shrinks", &noise(2, 30_000_000));
        let to = format!("{target}:/o");
        home.run(&["send", "grows", "shrinks", "--to", &to, "--detach"]).expect_exit(0);
        let run = crate::queue::walk_and_pause(&home, &demo, 2);
        let grown = home.write("grows", &noise(3, 30_000_000));
        let shrunk = home.write("shrinks", &noise(4, 1_000));
        home.run(&["resume", &run]).expect_exit(0);
        home.run(&["run"]).expect_exit(0);
        home.run(&["verify", &format!("{to}/grows"), grown.as_str()]).expect_exit(0);
        home.run(&["verify", &format!("{to}/shrinks"), shrunk.as_str()]).expect_exit(0);
        for row in home.run(&["--json", "transfers", "--run", &run]).objects() {
            let size = if row["source"].as_str().unwrap().ends_with("grows") { 30_000_000 } else { 1_000 };
            assert_eq!((&row["bytes"], &row["evidence"]), (&size.into(), &"matched".into()), "{row}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_of_which_nothing_may_be_read_is_named_and_its_neighbours_go() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("in/secret.txt", b"x");
    home.write("in/open.txt", b"y");
    home.run(&["send", "in", "--to", "demo-sftp:/"]).expect_exit(0);
    let refuse = waybill_standins::faults::Fault::refuse(3);
    let rule = waybill_standins::faults::Rule::new(refuse).operation("SSH_FXP_OPEN").path("secret").always();
    demo.sftp.faults().inject(rule);
    let fetched = home.run(&["--json", "fetch", "demo-sftp:/in", "--to", "back"]).expect_exit(1);
    let objects = fetched.objects();
    let find = |name: &str| objects.iter().find(|o| o["source"].as_str().unwrap().ends_with(name)).unwrap();
    assert_eq!(find("open.txt")["evidence"], "matched");
    assert_eq!(find("secret.txt")["error_kind"], "denied");
    assert!(find("secret.txt")["error"].as_str().unwrap().contains("secret.txt"));
    assert!(!home.file("back/in/secret.txt").exists());
}
