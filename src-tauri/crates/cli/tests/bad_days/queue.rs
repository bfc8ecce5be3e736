//! The queue in several hands: other processes, runs that are called off early, runs with nothing to send.

use std::{
    process::{Child, Command},
    thread,
    time::Duration,
};

use serde_json::Value;
use waybill_standins::{
    demo::Demo,
    faults::{Fault, Rule},
};

use crate::{
    demo, reach,
    support::{Home, noise},
};

/// Waits for `count` transfers in one of `states` while `worker` works.
fn until(home: &Home, worker: &mut Child, states: &[&str], count: usize) -> Vec<Value> {
    loop {
        let mut rows = home.transfers();
        rows.retain(|row| states.contains(&row["state"].as_str().unwrap()));
        if rows.len() >= count {
            return rows;
        }
        assert!(worker.try_wait().unwrap().is_none(), "it ended before {count} were {states:?}: {rows:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Lets a run of `count` files be looked through while no server takes a byte, and leaves it paused. Answers its id.
pub(crate) fn walk_and_pause(home: &Home, demo: &Demo, count: usize) -> String {
    demo.s3.faults().inject(Rule::new(Fault::Hang).always());
    demo.sftp.stall(true);
    let mut engine = home.start(&["run"]);
    let rows = until(home, &mut engine, &["queued", "preparing", "transferring", "waiting"], count);
    engine.kill().unwrap();
    engine.wait().unwrap();
    let run = rows[0]["run"].as_str().unwrap().to_owned();
    home.run(&["pause", &run]).expect_exit(0);
    demo.s3.faults().clear();
    demo.sftp.stall(false);
    run
}

/// A connection that takes several seconds for the file, so that there is time to interfere.
fn slow(home: &Home, demo: &Demo) {
    home.add("slow", &reach(demo, "sftp"), &[("bandwidth", "6000000")]);
    home.write("large.bin", &noise(1, 24_000_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_pauses_stops_and_goes_on_when_it_is_resumed() {
    let (home, demo) = (Home::new(), demo().await);
    slow(&home, &demo);
    let mut sender = home.start(&["--json", "send", "large.bin", "--to", "slow:/"]);
    let id = until(&home, &mut sender, &["transferring"], 1)[0]["id"].as_str().unwrap().to_owned();
    home.run(&["pause", &id]).expect_exit(0);
    let ended = sender.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(3), "a paused run waits for a person");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("resume"), "{}", String::from_utf8_lossy(&ended.stderr));
    home.run(&["pause", &id]).expect_exit(1);
    home.run(&["run"]).expect_exit(0);
    assert_eq!(home.transfers()[0]["state"], "paused", "draining the queue does not resume what a person paused");
    home.run(&["resume", &id]).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
    home.run(&["verify", "slow:/large.bin", "large.bin"]).expect_exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_calls_off_leaves_nothing_there_and_can_be_tried_again() {
    let (home, demo) = (Home::new(), demo().await);
    slow(&home, &demo);
    let mut sender = home.start(&["send", "large.bin", "--to", "slow:/in", "--then", "delete"]);
    let id = until(&home, &mut sender, &["transferring"], 1)[0]["id"].as_str().unwrap().to_owned();
    home.run(&["cancel", &id]).expect_exit(0);
    assert_eq!(sender.wait().unwrap().code(), Some(1));
    home.run(&["run"]).expect_exit(0);
    let left: Vec<_> = crate::support::tree(demo.sftp.root().as_std_path()).into_keys().collect();
    // It may have been whole before the word came; what is half never stays.
    assert!(!left.iter().any(|name| name.ends_with(".waybill")), "{left:?}");
    assert!(home.file("large.bin").exists());
    home.run(&["retry", &id]).expect_exit(0);
    home.run(&["run"]).expect_exit(0);
    assert!(!home.file("large.bin").exists() && demo.sftp.root().join("in/large.bin").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_keeps_what_is_left_in_the_queue() {
    let (home, demo) = (Home::new(), demo().await);
    slow(&home, &demo);
    for words in [vec!["send", "large.bin", "--to", "slow:/"], vec!["run"]] {
        let mut sender = home.start(&words);
        until(&home, &mut sender, &["transferring"], 1);
        assert!(Command::new("kill").args(["-INT", &sender.id().to_string()]).status().unwrap().success());
        let ended = sender.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{words:?}");
        assert!(String::from_utf8_lossy(&ended.stderr).contains("waybill run"), "{words:?}");
        assert_eq!(home.transfers()[0]["state"], "queued", "{words:?}");
    }
    home.run(&["run"]).expect_exit(0);
    home.run(&["verify", "slow:/large.bin", "large.bin"]).expect_exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_takes_over_when_the_one_that_works_is_killed() {
    let (home, demo) = (Home::new(), demo().await);
    slow(&home, &demo);
    home.write("a.txt", b"a");
    let mut first = home.start(&["send", "large.bin", "--to", "slow:/"]);
    until(&home, &mut first, &["transferring"], 1);
    let mut drainer = home.start(&["run"]);
    first.kill().unwrap();
    first.wait().unwrap();
    home.run(&["send", "a.txt", "--to", "slow:/"]).expect_exit(0);
    assert_eq!(drainer.wait().unwrap().code(), Some(0));
    home.run(&["verify", "slow:/large.bin", "large.bin"]).expect_exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_ends_with_the_queue_though_another_process_keeps_the_engine() {
    let (home, demo) = (Home::new(), demo().await);
    slow(&home, &demo);
    home.add("stuck", &reach(&demo, "s3"), &[]);
    demo.s3.faults().inject(Rule::new(Fault::Refuse { status: 503, code: None, retry_after: Some(3_000) }).always());
    let mut holder = home.start(&["send", "large.bin", "--to", "stuck:/"]);
    let id = until(&home, &mut holder, &["waiting"], 1)[0]["id"].as_str().unwrap().to_owned();
    let mut drainer = home.start(&["run"]);
    thread::sleep(Duration::from_millis(300));
    assert!(drainer.try_wait().unwrap().is_none(), "something still waits for its time");
    home.run(&["cancel", &id]).expect_exit(0);
    // One cancelled: that is no success.
    assert_eq!(drainer.wait().unwrap().code(), Some(1));
    assert_eq!(holder.wait().unwrap().code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_called_off_before_anybody_looked_is_never_sent() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("in/a.txt", b"a");
    let sent = home.run(&["--json", "send", "in", "--to", "demo-s3:/c", "--detach"]).expect_exit(0);
    let run = sent.objects()[0]["run"].as_str().unwrap().to_owned();
    home.run(&["cancel", &run]).expect_exit(0);
    home.run(&["cancel", &run]).expect_exit(1);
    home.run(&["run"]).expect_exit(0);
    let rows = home.transfers();
    assert_eq!((rows.len(), &rows[0]["state"]), (1, &"cancelled".into()), "{rows:?}");
    assert!(home.run(&["--json", "ls", "demo-s3:/"]).expect_exit(0).objects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_is_a_run_of_its_own_and_is_done() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    fs_err::create_dir(home.file("hollow")).unwrap();
    for name in ["demo-s3", "demo-sftp"] {
        let sent = home.run(&["--json", "send", "hollow", "--to", &format!("{name}:/e")]).expect_exit(0);
        let row = &sent.objects()[0];
        assert_eq!((&row["state"], &row["bytes"]), (&"done".into(), &0.into()), "{row}");
        home.run(&["fetch", &format!("{name}:/e/hollow"), "--to", name]).expect_exit(0);
        assert!(home.file(name).join("hollow").is_dir());
    }
    let nothing = home.run(&["fetch", "demo-sftp:/e/hollow", "--to", "again", "--conflict", "skip"]).expect_exit(0);
    assert!(nothing.stdout.contains("1 of 1 done"), "{}", nothing.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_send_the_same_file_each_end_by_what_they_proved_themselves() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("a.txt", b"a");
    for _ in 0..3 {
        home.run(&["send", "a.txt", "a.txt", "--to", "demo-s3:/t", "--detach"]).expect_exit(0);
    }
    home.run(&["run"]).expect_exit(0);
    let rows = home.transfers();
    assert_eq!(rows.len(), 3, "one a run, however often it is named: {rows:?}");
    assert!(rows.iter().all(|row| row["evidence"] == "matched"), "{rows:?}");
    assert_eq!(home.run(&["--json", "ls", "demo-s3:/t"]).objects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_only_skips_is_done_and_says_so() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    home.write("in/a.txt", b"a");
    home.write("in/b.txt", b"b");
    home.run(&["send", "in", "--to", "demo-sftp:/s"]).expect_exit(0);
    home.write("in/a.txt", b"other");
    home.write("in/b.txt", b"another");
    let sent =
        home.run(&["send", "in", "--to", "demo-sftp:/s", "--conflict", "skip", "--then", "delete"]).expect_exit(0);
    assert!(sent.stdout.contains("2 skipped"), "{}", sent.stdout);
    assert!(home.file("in/a.txt").exists(), "what was skipped was not sent, so it stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_costs_no_file() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for n in 0..40 {
        home.write(&format!("in/{n}"), b"x");
    }
    let mut sender = home.start(&["--json", "send", "in", "--to", "demo-s3:/p"]);
    drop(sender.stdout.take());
    drop(sender.stderr.take());
    assert_eq!(sender.wait().unwrap().code(), Some(0));
    assert!(home.transfers().iter().all(|row| row["evidence"] == "matched"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_end_with_one_line_for_people() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for n in 0..40 {
        home.write(&format!("in/{n}"), b"x");
    }
    let sent = home.run(&["send", "in", "--to", "demo-s3:/p"]).expect_exit(0);
    assert_eq!(sent.stdout, "40 of 40 done, 40 matched, 40 B\n");
}
