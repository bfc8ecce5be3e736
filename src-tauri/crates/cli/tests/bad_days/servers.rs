//! Servers that misbehave, and go on after it.

use std::{thread, time::Duration};

use waybill_standins::{
    demo::Demo,
    faults::{Fault, Rule},
};

use crate::{
    demo, reach,
    support::{Home, noise},
};

const LARGE: usize = 30_000_000;

fn refuse(status: u16, retry_after: Option<u64>) -> Fault {
    Fault::Refuse { status, code: None, retry_after }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_s3_server_that_fails_for_a_while_costs_attempts_and_no_file() {
    let rows: Vec<(&str, usize, Rule)> = vec![
        ("500", 1_000, Rule::new(refuse(500, None)).operation("PutObject").times(2)),
        ("503", 1_000, Rule::new(refuse(503, None)).operation("PutObject")),
        ("503 with Retry-After", 1_000, Rule::new(refuse(503, Some(1))).operation("PutObject")),
        ("429", 1_000, Rule::new(refuse(429, Some(1))).operation("PutObject")),
        ("500 for a part", LARGE, Rule::new(refuse(500, None)).operation("UploadPart").skip(1)),
        ("dropped", 1_000_000, Rule::new(Fault::DropRequestAfter(100_000)).operation("PutObject")),
        ("dropped part", LARGE, Rule::new(Fault::DropRequestAfter(100_000)).operation("UploadPart")),
        ("lost answer", 1_000, Rule::new(Fault::DropAnswer).operation("PutObject")),
        ("lost answer at the end", LARGE, Rule::new(Fault::DropAnswer).operation("CompleteMultipartUpload")),
        ("error in success", LARGE, Rule::new(Fault::ErrorInSuccess).operation("CompleteMultipartUpload")),
    ];
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for (at, (name, size, rule)) in rows.into_iter().enumerate() {
        let file = home.write(&format!("{at}.bin"), &noise(at as u64, size));
        demo.s3.faults().inject(rule);
        let sent = home.run(&["--json", "send", file.as_str(), "--to", "demo-s3:/f", "--then", "delete"]);
        assert_eq!(sent.code, 0, "{name}: {}{}", sent.stdout, sent.stderr);
        assert_eq!(demo.s3.faults().pending(), 0, "{name} met nobody");
        assert_eq!(sent.objects()[0]["evidence"], "matched", "{name}: {}", sent.stdout);
        assert!(!file.exists(), "{name}: it was matched");
        home.write(&format!("{at}.bin"), &noise(at as u64, size));
        home.run(&["verify", &format!("demo-s3:/f/{at}.bin"), file.as_str()]).expect_exit(0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rotted_in_the_store_is_never_fetched_as_matched() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for size in [1_000, LARGE] {
        let file = home.write("rots.bin", &noise(9, size));
        home.run(&["send", "rots.bin", "--to", "demo-s3:/w", "--conflict", "overwrite"]).expect_exit(0);
        home.run(&["connection", "test", "demo-s3"]).expect_exit(0);
        demo.s3.corrupt_stored(waybill_standins::demo::BUCKET, "w/rots.bin", 7).unwrap();
        let fetched = home.run(&["--json", "fetch", "demo-s3:/w/rots.bin", "--to", "back"]).expect_exit(1);
        fetched.failed_with("checksum-mismatch", &["rots.bin"]);
        assert!(!home.file("back/rots.bin").exists(), "what is spoiled gets no name");
        assert!(file.exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_an_sftp_server_spoils_never_match_and_the_source_stays() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for size in [1_000, LARGE] {
        let file = home.write("spoiled.bin", &noise(9, size));
        demo.sftp.faults().inject(Rule::new(Fault::CorruptStored(7)).operation("SSH_FXP_WRITE").always());
        let sent = home.run(&[
            "--json",
            "send",
            "spoiled.bin",
            "--to",
            "demo-sftp:/w",
            "--conflict",
            "overwrite",
            "--then",
            "delete",
        ]);
        demo.sftp.faults().clear();
        assert!(file.exists(), "the source stays: {}", sent.stdout);
        sent.expect_exit(1).failed_with("checksum-mismatch", &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_short_or_cut_off_is_fetched_again() {
    let rows: [(&str, Fault); 3] = [
        ("short", Fault::WrongLength(-10)),
        ("long", Fault::WrongLength(10)),
        ("dropped", Fault::DropResponseAfter(100)),
    ];
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    let bytes = noise(5, 100_000);
    home.write("a.bin", &bytes);
    home.run(&["send", "a.bin", "--to", "demo-s3:/g"]).expect_exit(0);
    for (name, fault) in rows {
        demo.s3.faults().inject(Rule::new(fault).operation("GetObject"));
        let fetched = home.run(&["--json", "fetch", "demo-s3:/g/a.bin", "--to", name]);
        assert_eq!(fetched.code, 0, "{name}, once: {}{}", fetched.stdout, fetched.stderr);
        assert_eq!(fs_err::read(home.file(name).join("a.bin")).unwrap(), bytes, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_spoiled_on_its_way_here_never_gets_its_name() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    let file = home.write("a.bin", &noise(5, 100_000));
    home.run(&["send", "a.bin", "--to", "demo-s3:/g"]).expect_exit(0);
    demo.s3.faults().inject(Rule::new(Fault::CorruptResponse(7)).operation("GetObject"));
    home.run(&["fetch", "demo-s3:/g/a.bin", "--to", "back"]).expect_exit(0);
    assert!(fs_err::read(home.file("back/a.bin")).unwrap() == fs_err::read(&file).unwrap(), "it was fetched again");
    home.run(&["connection", "test", "demo-s3"]).expect_exit(0);
    demo.s3.faults().inject(Rule::new(Fault::CorruptResponse(7)).operation("GetObject").always());
    let fetched = home.run(&["--json", "fetch", "demo-s3:/g/a.bin", "--to", "spoiled"]).expect_exit(1);
    let row = fetched.failed_with("checksum-mismatch", &["a.bin", "differ", "untouched"]);
    assert_eq!(row["evidence"], "none", "{row}");
    let left = fs_err::read_dir(home.file("spoiled")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing spoiled is here");
    demo.s3.faults().clear();
    home.run(&["verify", "demo-s3:/g/a.bin", file.as_str()]).expect_exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_when_to_come_again_is_taken_at_its_word() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("a.txt", b"a");
    demo.s3.faults().inject(Rule::new(refuse(503, Some(3_000))).operation("PutObject").always());
    let mut sender = home.start(&["send", "a.txt", "--to", "demo-s3:/r"]);
    while !home.transfers().iter().any(|row| row["state"] == "waiting") {
        assert!(sender.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(20));
    }
    // Longer than any pause that the desk would choose by itself for a first failure.
    thread::sleep(Duration::from_millis(2_500));
    let tries = puts(&demo);
    sender.kill().unwrap();
    sender.wait().unwrap();
    assert_eq!(tries, 1, "it waits as long as it was told");
    let row = &home.transfers()[0];
    assert_eq!((&row["state"], &row["error_kind"]), (&"waiting".into(), &"rate-limited".into()), "{row}");
    demo.s3.faults().clear();
    home.run(&["retry", row["id"].as_str().unwrap()]).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
}

fn puts(demo: &Demo) -> usize {
    demo.s3.faults().journal().iter().filter(|record| record.operation == "PutObject").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_ran_out_stop_the_connection_and_nothing_fails_for_it() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("in/a.txt", b"a");
    home.write("in/b.txt", b"b");
    demo.s3.faults().inject(Rule::new(Fault::ExpiredCredentials).always());
    home.run(&["ls", "demo-s3:/"]).expect_exit(3).says(&["expired"]);
    let sent = home.run(&["--json", "send", "in", "--to", "demo-s3:/e", "--then", "delete"]).expect_exit(3);
    for row in sent.objects() {
        assert_eq!((&row["state"], &row["error_kind"]), (&"queued".into(), &"unauthenticated".into()), "{row}");
    }
    demo.s3.faults().clear();
    home.run(&["connection", "test", "demo-s3"]).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
    assert!(!home.file("in/a.txt").exists() && !home.file("in/b.txt").exists(), "now they are matched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_is_named_as_the_cause() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("a.txt", b"a");
    let skewed = Fault::Refuse { status: 403, code: Some("RequestTimeTooSkewed".to_owned()), retry_after: None };
    demo.s3.faults().inject(Rule::new(skewed).always());
    let sent = home.run(&["--json", "send", "a.txt", "--to", "demo-s3:/c"]).expect_exit(3).says(&["clock"]);
    sent.failed_with("unauthenticated", &["clock"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sftp_server_that_goes_silent_is_given_up_after_the_patience_of_its_setting() {
    let (home, demo) = (Home::new(), demo().await);
    home.add("s", &reach(&demo, "sftp"), &[("timeout", "1")]);
    home.write("a.txt", b"a");
    home.run(&["send", "a.txt", "--to", "s:/"]).expect_exit(0);
    demo.sftp.faults().inject(Rule::new(Fault::Hang).operation("SSH_FXP_WRITE"));
    home.write("b.txt", b"b");
    let sent = home.run(&["--json", "send", "b.txt", "--to", "s:/"]).expect_exit(0);
    let row = &sent.objects()[0];
    assert_eq!((&row["attempts"], &row["evidence"]), (&1.into(), &"matched".into()), "{row}");
    demo.sftp.stall(true);
    home.run(&["ls", "s:/"]).expect_exit(1).says(&["1 s"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sftp_server_that_hangs_up_in_the_middle_is_called_again() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for (at, rule) in [
        Rule::new(Fault::DropRequestAfter(5_000_000)).operation("SSH_FXP_WRITE"),
        Rule::new(Fault::DropAnswer).operation("SSH_FXP_EXTENDED"),
        Rule::new(Fault::refuse(4)).operation("SSH_FXP_WRITE"),
    ]
    .into_iter()
    .enumerate()
    {
        let file = home.write(&format!("{at}.bin"), &noise(at as u64, LARGE));
        demo.sftp.faults().inject(rule);
        let sent = home.run(&["--json", "send", file.as_str(), "--to", "demo-sftp:/d"]);
        demo.sftp.faults().clear();
        assert_eq!(sent.code, 0, "{at}: {}{}", sent.stdout, sent.stderr);
        assert_eq!(
            fs_err::read(demo.sftp.root().join(format!("d/{at}.bin"))).unwrap(),
            noise(at as u64, LARGE),
            "{at}"
        );
    }
}
