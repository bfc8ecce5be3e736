//! SIGKILL at random instants: nothing is lost, nothing is doubled, and only the parts in flight are sent again.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![cfg(unix)]

mod support;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use support::{Home, noise, tree};
use waybill_standins::demo::Demo;

const KILLS_EACH: u32 = 13;
/// Parts of one file that may be on their way, times the files that may be sent side by side.
const IN_FLIGHT: u64 = 4 * 4;

/// A random number of milliseconds, different each time and printed on failure.
fn instants(seed: u64) -> impl Iterator<Item = Duration> {
    let mut state = seed | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Duration::from_millis(15 + state % 350)
    })
}

/// Runs `waybill run` and kills it, again and again; the last time it may end.
fn drain_with_kills(home: &Home, seed: u64) -> u32 {
    let mut killed = 0;
    for pause in instants(seed).take(KILLS_EACH as usize) {
        let mut child = home.start(&["run"]);
        let until = Instant::now() + pause;
        let mut ended = false;
        while Instant::now() < until {
            if child.try_wait().unwrap().is_some() {
                ended = true;
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        if ended {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    home.run(&["run"]).expect_exit(0);
    killed
}

struct Work {
    home: Home,
    demo: Demo,
}

impl Work {
    async fn new() -> Self {
        let (home, demo) = (Home::new(), Demo::start(None, 0).await.unwrap());
        home.join(&demo);
        for n in 0..2 {
            home.write(&format!("in/large-{n}.bin"), &noise(n, 90_000_000));
        }
        for n in 0..120 {
            home.write(&format!("in/small/{n}.txt"), &noise(1000 + n, 2_000 + usize::try_from(n).unwrap()));
        }
        Self { home, demo }
    }

    fn check(&self, run: &str) {
        let rows = self.home.run(&["--json", "transfers", "--run", run]).objects();
        assert_eq!(rows.len(), 122, "each file has one row");
        for row in rows {
            assert_eq!((&row["state"], &row["evidence"]), (&"done".into(), &"matched".into()), "{row}");
        }
    }

    fn enqueue(&self, source: &str, to: &str) -> String {
        let sent = self.home.run(&["--json", "send", source, "--to", to, "--detach"]).expect_exit(0);
        sent.objects()[0]["run"].as_str().unwrap().to_owned()
    }

    fn received(&self) -> u64 {
        self.demo.s3.faults().journal().iter().map(|record| record.received).sum()
    }

    /// What the SFTP server holds, without anything that a transfer may leave for its own use.
    fn on_sftp(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        tree(self.demo.sftp.root().join(folder).as_std_path())
    }

    fn entries(&self, folder: &str) -> usize {
        let listed = self.home.run(&["--json", "ls", &format!("demo-s3:{folder}")]).expect_exit(0);
        listed.objects().len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_to_s3_survive_sigkill() {
    let work = Work::new().await;
    let run = work.enqueue("in", "demo-s3:/k");
    let killed = drain_with_kills(&work.home, 0xA5A5_1234);
    work.check(&run);
    work.home.run(&["fetch", "demo-s3:/k/in", "--to", "back"]).expect_exit(0);
    assert_eq!(tree(work.home.file("back/in").as_std_path()), tree(work.home.file("in").as_std_path()));
    assert_eq!(work.entries("/k/in"), 3, "two large files and a folder, none doubled");
    let whole: u64 = tree(work.home.file("in").as_std_path()).values().map(|bytes| bytes.len() as u64).sum();
    let again = work.received().saturating_sub(whole);
    let allowed = u64::from(killed) * IN_FLIGHT * (16 << 20) / 4 + (8 << 20);
    assert!(again <= allowed, "{again} bytes were sent again after {killed} kills, at most {allowed} were in flight");
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_to_sftp_survive_sigkill() {
    let work = Work::new().await;
    let run = work.enqueue("in", "demo-sftp:/k");
    drain_with_kills(&work.home, 0x5A5A_4321);
    work.check(&run);
    let found = work.on_sftp("k/in");
    let expected = tree(work.home.file("in").as_std_path());
    let kept: BTreeMap<_, _> = found.iter().filter(|(name, _)| expected.contains_key(*name)).collect();
    assert_eq!(kept, expected.iter().collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_from_sftp_to_s3_survive_sigkill() {
    let work = Work::new().await;
    work.home.run(&["send", "in", "--to", "demo-sftp:/a"]).expect_exit(0);
    let run = work.enqueue("demo-sftp:/a/in", "demo-s3:/b");
    drain_with_kills(&work.home, 0x1357_9BDF);
    work.check(&run);
    work.home.run(&["fetch", "demo-s3:/b/in", "--to", "back"]).expect_exit(0);
    assert_eq!(tree(work.home.file("back/in").as_std_path()), tree(work.home.file("in").as_std_path()));
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_from_s3_to_sftp_survive_sigkill() {
    let work = Work::new().await;
    work.home.run(&["send", "in", "--to", "demo-s3:/a"]).expect_exit(0);
    let run = work.enqueue("demo-s3:/a/in", "demo-sftp:/b");
    drain_with_kills(&work.home, 0x2468_ACE0);
    work.check(&run);
    let found = work.on_sftp("b/in");
    for (name, bytes) in tree(work.home.file("in").as_std_path()) {
        assert!(found.get(&name) == Some(&bytes), "{name} differs");
    }
}
