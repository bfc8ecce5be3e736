//! Targets that do not take what they are given.

use serde_json::Value;
use waybill_standins::{
    demo::DemoConnection,
    faults::{Fault, Rule},
    sftp::{Options, Quirks, SftpStandin},
};

use crate::{
    demo,
    support::{Home, noise},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_forbids_writing_says_who_can_allow_it() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    let file = home.write("a.txt", b"a");
    demo.s3.faults().inject(Rule::new(Fault::refuse(403)).operation("PutObject").always());
    demo.sftp.faults().inject(Rule::new(Fault::refuse(3)).operation("SSH_FXP_OPEN").always());
    for name in ["demo-s3", "demo-sftp"] {
        let to = format!("{name}:/in");
        let sent = home.run(&["--json", "send", "a.txt", "--to", &to, "--then", "delete"]).expect_exit(1);
        sent.failed_with("denied", &["a.txt"]);
        assert!(file.exists());
    }
}

/// A server with `quirks`, and how to reach it.
async fn server(quirks: Quirks) -> (SftpStandin, DemoConnection) {
    let server = SftpStandin::start(Options { quirks, ..Options::default() }).await.unwrap();
    let settings = vec![
        ("host", server.host().to_owned()),
        ("port", server.port().to_string()),
        ("user", server.user().to_owned()),
        ("host_key", server.fingerprint()),
    ];
    let secrets = vec![("password", server.password().to_owned())];
    let reach = DemoConnection { name: "quirky", kind: "sftp", settings, secrets };
    (server, reach)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_space_is_named_and_what_fits_still_arrives() {
    let home = Home::new();
    let (server, reach) = server(Quirks { quota: Some(1_000_000), statvfs: false, ..Quirks::default() }).await;
    home.add("full", &reach, &[]);
    home.write("in/large.bin", &noise(1, 3_000_000));
    home.write("in/small.txt", b"small");
    let sent = home.run(&["--json", "send", "in", "--to", "full:/", "--then", "delete"]).expect_exit(1);
    let objects = sent.objects();
    let find = |name: &str| objects.iter().find(|o| o["source"].as_str().unwrap().ends_with(name)).unwrap();
    assert_eq!(find("small.txt")["evidence"], "matched");
    assert_eq!(find("large.bin")["error_kind"], "quota-exceeded", "{}", find("large.bin"));
    assert!(home.file("in/large.bin").exists() && !home.file("in/small.txt").exists());
    assert!(!server.root().join("in/large.bin").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drop_box_takes_files_and_says_that_it_cannot_prove_them() {
    let home = Home::new();
    let (server, reach) = server(Quirks { write_only: true, no_exec: true, ..Quirks::default() }).await;
    home.add("box", &reach, &[("temp_name", "never"), ("proof", "none")]);
    let file = home.write("a.txt", b"a");
    let sent = home.run(&["--json", "send", "a.txt", "--to", "box:/"]);
    assert_eq!(fs_err::read(server.root().join("a.txt")).unwrap(), b"a");
    assert_eq!(sent.code, 1, "matched was asked for: {}{}", sent.stdout, sent.stderr);
    sent.says(&["accepted", "--proof accepted"]);
    home.write("b.txt", b"b");
    let sent = home.run(&["--json", "send", "b.txt", "--to", "box:/", "--proof", "accepted"]).expect_exit(0);
    let row = &sent.objects()[0];
    assert_eq!((&row["evidence"], &row["proof"]), (&"accepted".into(), &Value::Null), "{row}");
    home.write("c.txt", b"c");
    home.run(&["send", "c.txt", "--to", "box:/", "--proof", "accepted", "--then", "delete"]).expect_exit(1);
    assert!(file.exists() && home.file("c.txt").exists(), "without a proof the source stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_here_keeps_nothing_half_and_goes_on_once_there_is_space() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("large.bin", &noise(1, 3_000_000));
    home.run(&["send", "large.bin", "--to", "demo-s3:/d"]).expect_exit(0);
    let Some(ended) = home.run_mounted(
        "mkdir small && mount -t tmpfs -o size=1m none small
         waybill --json fetch demo-s3:/d/large.bin --to small/in; echo \"exit $?\" >&2; ls -A small/in >&2
         mount -o remount,size=20m small
         waybill --json fetch demo-s3:/d/large.bin --to small/in || exit 9
         cmp small/in/large.bin large.bin",
    ) else {
        return;
    };
    let ended = ended.expect_exit(0).says(&["exit 1"]);
    let first = &ended.objects()[0];
    assert_eq!(first["error_kind"], "quota-exceeded", "{first}");
    assert!(first["error"].as_str().unwrap().contains("free some space"), "{first}");
    let left: Vec<_> = ended.stderr.lines().skip_while(|line| !line.starts_with("exit 1")).skip(1).collect();
    assert!(left.is_empty(), "nothing half is left: {left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_read_only_is_named_with_who_can_change_that() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("a.txt", b"a");
    home.run(&["send", "a.txt", "--to", "demo-s3:/d"]).expect_exit(0);
    let Some(ended) = home.run_mounted(
        "mkdir shut && mount --bind shut shut && mount -o remount,ro,bind shut
         waybill --json fetch demo-s3:/d/a.txt --to shut",
    ) else {
        return;
    };
    ended.expect_exit(1).failed_with("denied", &["a.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_may_not_be_deleted_stays_and_the_copy_is_told_as_proved() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("shut/a.txt", b"a");
    let Some(ended) = home.run_mounted(
        "mount --bind shut shut && mount -o remount,ro,bind shut
         waybill --json send shut/a.txt --to demo-s3:/d --then delete",
    ) else {
        return;
    };
    let row = ended.expect_exit(1).failed_with("denied", &["a.txt"]);
    assert!(row["error"].as_str().unwrap().contains("sent and proved"), "{row}");
    home.run(&["verify", "demo-s3:/d/a.txt", "shut/a.txt"]).expect_exit(0);
}
