//! SIGKILL at random instants: nothing is lost, nothing is doubled, and only the parts in flight are sent again.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![cfg(unix)]

mod relay;
#[path = "../support/mod.rs"]
mod support;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use relay::Relay;
use support::{Home, noise, tree};
use waybill_standins::demo::Demo;

const KILLS_EACH: u32 = 13;
const MIB: u64 = 1 << 20;
/// Bytes of a part, at every target.
const PART: u64 = 8 * MIB;
/// Large files, which are sent side by side.
const LARGE_FILES: u64 = 2;
const LARGE_BYTES: usize = 120_000_000;
const SMALL_FILES: u64 = 120;

/// When the program dies.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after it was started.
    Time(Duration),
    /// When so many bytes have gone to the target.
    Bytes(u64),
}

/// Random instants, the same for the same seed: one in four before much has happened, the others while files are sent.
fn instants(seed: u64) -> impl Iterator<Item = Moment> {
    let mut state = seed | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if state.is_multiple_of(4) {
            Moment::Time(Duration::from_millis(15 + (state >> 2) % 600))
        } else {
            Moment::Bytes((state >> 2) % (56 * MIB))
        }
    })
}

/// Where the files go.
#[derive(Clone, Copy)]
enum Target {
    S3,
    Sftp,
}

impl Target {
    /// What may be on its way at one instant: the parts of each large file that are sent at once.
    fn in_flight(self) -> u64 {
        let parts = match self {
            Self::S3 => 6,
            Self::Sftp => 3,
        };
        LARGE_FILES * parts * PART
    }
}

/// What the stored receipts say that a target has.
#[derive(Debug, Clone, Copy)]
struct Stored {
    /// Bytes of files that are done, and of parts with a receipt.
    confirmed: u64,
    /// Bytes of all files.
    whole: u64,
}

struct Work {
    home: Home,
    demo: Demo,
    s3: Relay,
    sftp: Relay,
}

impl Work {
    async fn new() -> Self {
        let (home, demo) = (Home::new(), Demo::start(None, 0).await.unwrap());
        let endpoint = demo.s3.endpoint();
        let (host, port) = endpoint.strip_prefix("http://").unwrap().split_once(':').unwrap();
        let s3 = Relay::to(host, port.parse().unwrap()).await;
        let sftp = Relay::to(demo.sftp.host(), demo.sftp.port()).await;
        for connection in demo.connections() {
            let (key, value) = match connection.kind {
                "s3" => ("endpoint", format!("http://127.0.0.1:{}", s3.port)),
                _ => ("port", sftp.port.to_string()),
            };
            home.add(connection.name, &connection, &[(key, &value)]);
        }
        for n in 0..LARGE_FILES {
            home.write(&format!("in/large-{n}.bin"), &noise(n, LARGE_BYTES));
        }
        for n in 0..SMALL_FILES {
            home.write(&format!("in/small/{n}.txt"), &noise(1000 + n, 2_000 + usize::try_from(n).unwrap()));
        }
        Self { home, demo, s3, sftp }
    }

    fn sent_to(&self, target: Target) -> u64 {
        match target {
            Target::S3 => self.s3.sent_up(),
            Target::Sftp => self.sftp.sent_up(),
        }
    }

    fn enqueue(&self, source: &str, to: &str) -> String {
        let sent = self.home.run(&["--json", "send", source, "--to", to, "--detach"]).expect_exit(0);
        sent.objects()[0]["run"].as_str().unwrap().to_owned()
    }

    /// What is stored of everything that goes to `connection`, read while no desk runs. Parts behind a gap do not count
    /// where the target has to prove a file from its first byte.
    fn stored(&self, connection: &str, target: Target) -> Stored {
        let database = rusqlite::Connection::open(self.home.desk().join("waybill.db")).unwrap();
        let gaps = matches!(target, Target::S3);
        let mut statement = database
            .prepare(
                "SELECT t.size, t.state, json_group_array(p.number ORDER BY p.number) FILTER (WHERE p.number IS NOT NULL)
                 FROM transfers t JOIN connections c ON c.id = t.target_connection
                 LEFT JOIN part_receipts p ON p.transfer = t.seq WHERE c.name = ?1 GROUP BY t.seq",
            )
            .unwrap();
        let rows = statement.query_map([connection], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let mut stored = Stored { confirmed: 0, whole: 0 };
        for row in rows {
            let (size, state, numbers): (i64, String, String) = row.unwrap();
            let size = size.unsigned_abs();
            stored.whole += size;
            if state == "done" {
                stored.confirmed += size;
                continue;
            }
            let numbers: Vec<u64> = serde_json::from_str(&numbers).unwrap();
            let counting = numbers.iter().zip(1..).filter(|(number, place)| gaps || *number == place);
            stored.confirmed += counting.map(|(number, _)| PART.min(size - (number - 1) * PART)).sum::<u64>();
        }
        stored
    }

    /// Runs `waybill run` and kills it at random instants until it was killed as often as it should be, then lets it end.
    /// Whenever all is done before, the same is sent once more to another folder. Answers the runs.
    ///
    /// Each life of the program may send what it then has receipts for, and the parts that were on their way when it
    /// died; the last one nothing but what is missing.
    fn drain_with_kills(&self, source: &str, connection: &str, target: Target, seed: u64) -> Vec<(String, String)> {
        let mut instants = instants(seed);
        let mut runs = Vec::new();
        let start = |runs: &mut Vec<(String, String)>| {
            let folder = format!("/k{}", runs.len());
            let run = self.enqueue(source, &format!("{connection}:{folder}"));
            runs.push((run, folder));
        };
        start(&mut runs);
        let before_all = self.sent_to(target);
        let mut killed = 0;
        while killed < KILLS_EACH {
            let (sent, stored) = (self.sent_to(target), self.stored(connection, target));
            if !self.lives_until(instants.next().unwrap(), target) {
                start(&mut runs);
                continue;
            }
            killed += 1;
            let (sent, now) = (self.sent_to(target) - sent, self.stored(connection, target));
            let again = (sent + stored.confirmed).saturating_sub(now.confirmed);
            let allowed = target.in_flight() + overhead(sent);
            assert!(
                again <= allowed,
                "life {killed} sent {again} bytes without a receipt, at most {allowed} were in flight"
            );
        }
        let (sent, stored) = (self.sent_to(target), self.stored(connection, target));
        self.home.run(&["run"]).expect_exit(0);
        let (all, missing) = (self.sent_to(target), stored.whole - stored.confirmed);
        assert!(all - sent <= missing + overhead(missing), "{missing} bytes were missing, {} were sent", all - sent);
        let (all, again) = (all - before_all, u64::from(killed) * target.in_flight());
        let allowed = stored.whole + again + overhead(all);
        assert!(all <= allowed, "{all} bytes were sent for {}, at most {allowed} with {killed} kills", stored.whole);
        runs
    }

    /// Starts the engine and kills it. False where it had done everything before.
    fn lives_until(&self, end: Moment, target: Target) -> bool {
        let relay = match target {
            Target::S3 => &self.s3,
            Target::Sftp => &self.sftp,
        };
        let (began, before) = (Instant::now(), relay.sent_by_now());
        let mut child = self.home.start(&["run"]);
        while match end {
            Moment::Time(pause) => began.elapsed() < pause,
            Moment::Bytes(bytes) => relay.sent_by_now() - before < bytes,
        } {
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        true
    }

    fn check(&self, run: &str) {
        let rows = self.home.run(&["--json", "transfers", "--run", run]).objects();
        assert_eq!(rows.len() as u64, LARGE_FILES + SMALL_FILES, "each file has one row");
        for row in rows {
            assert_eq!((&row["state"], &row["evidence"]), (&"done".into(), &"matched".into()), "{row}");
        }
    }

    /// What was sent, as it lies at the sender.
    fn expected(&self) -> BTreeMap<String, Vec<u8>> {
        tree(self.home.file("in").as_std_path())
    }

    fn check_s3(&self, runs: &[(String, String)]) {
        let expected = self.expected();
        for (run, folder) in runs {
            self.check(run);
            let back = format!("back{folder}");
            self.home.run(&["fetch", &format!("demo-s3:{folder}/in"), "--to", &back]).expect_exit(0);
            assert!(tree(self.home.file(&format!("{back}/in")).as_std_path()) == expected, "{folder} differs");
            fs_err::remove_dir_all(self.home.file(&back)).unwrap();
            let listed = self.home.run(&["--json", "ls", &format!("demo-s3:{folder}/in")]).expect_exit(0);
            assert_eq!(listed.objects().len() as u64, LARGE_FILES + 1, "the large files and a folder, none doubled");
        }
    }

    /// What the SFTP server holds is what was sent, but for what a transfer may leave for its own use.
    fn check_sftp(&self, runs: &[(String, String)]) {
        let expected = self.expected();
        for (run, folder) in runs {
            self.check(run);
            let mut found = tree(self.demo.sftp.root().join(format!(".{folder}/in")).as_std_path());
            found.retain(|name, _| expected.contains_key(name));
            assert!(found == expected, "{folder} differs");
        }
    }
}

/// What protocols add to the bytes of files, and small files that are sent twice.
fn overhead(bytes: u64) -> u64 {
    2 * MIB + bytes / 50
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_to_s3_survive_sigkill() {
    let work = Work::new().await;
    let runs = work.drain_with_kills("in", "demo-s3", Target::S3, 0xA5A5_1234);
    work.check_s3(&runs);
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_to_sftp_survive_sigkill() {
    let work = Work::new().await;
    let runs = work.drain_with_kills("in", "demo-sftp", Target::Sftp, 0x5A5A_4321);
    work.check_sftp(&runs);
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_from_sftp_to_s3_survive_sigkill() {
    let work = Work::new().await;
    work.home.run(&["send", "in", "--to", "demo-sftp:/a"]).expect_exit(0);
    let runs = work.drain_with_kills("demo-sftp:/a/in", "demo-s3", Target::S3, 0x1357_9BDF);
    work.check_s3(&runs);
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_from_s3_to_sftp_survive_sigkill() {
    let work = Work::new().await;
    work.home.run(&["send", "in", "--to", "demo-s3:/a"]).expect_exit(0);
    let runs = work.drain_with_kills("demo-s3:/a/in", "demo-sftp", Target::Sftp, 0x2468_ACE0);
    work.check_sftp(&runs);
}
