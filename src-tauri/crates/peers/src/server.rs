//! One server process and its end. The process dies with this value, and with the test process if that is killed.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use fs_err as fs;
use rustix::process::{Pid, Signal, kill_process};

/// How long a server may take to answer. Generous: a Python server starts slowly on a machine that compiles beside it.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running server, its log, and a watchdog that ends it when this process cannot.
pub(crate) struct Server {
    child: Child,
    watchdog: Child,
    log: PathBuf,
}

/// What a server that did not come up left behind.
pub(crate) struct NotStarted(String);

impl Server {
    /// Starts `command` with its output in `log` and waits until `ready` holds.
    pub(crate) fn start(command: &mut Command, log: &Path, ready: impl Fn() -> bool) -> Result<Self, NotStarted> {
        let mut server = Self::spawn(command, log);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let gone = !server.is_running();
            if gone {
                return Err(server.not_started("ended by itself"));
            }
            if ready() && server.is_running() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(40));
        }
        Err(server.not_started("did not answer in time"))
    }

    fn spawn(command: &mut Command, log: &Path) -> Self {
        let output = fs::OpenOptions::new().create(true).append(true).open(log).expect("the log's folder is ours");
        let errors = output.try_clone().expect("a log can be opened twice");
        let program = PathBuf::from(command.get_program());
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::from(output.into_file()))
            .stderr(Stdio::from(errors.into_file()))
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", program.display()));
        // Its standard input closes when this process ends in whatever way, SIGKILL included.
        let watchdog = Command::new("/bin/sh")
            .args(["-c", "cat >/dev/null; kill -9 \"$0\"", &child.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a POSIX system has /bin/sh");
        Self { child, watchdog, log: log.to_owned() }
    }

    fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn not_started(&self, how: &str) -> NotStarted {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        let tail: Vec<&str> = said.lines().rev().take(20).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        NotStarted(format!("the server {how}; its last words:\n{}", tail.join("\n")))
    }

    /// Stops the process and everything that it started, without letting it notice.
    pub(crate) fn freeze(&self) {
        self.signal_all(Signal::STOP);
    }

    /// Lets a frozen process go on.
    pub(crate) fn thaw(&self) {
        self.signal_all(Signal::CONT);
    }

    /// Ends what the process started, such as the sessions of an SSH server, and leaves the process itself alone.
    pub(crate) fn kill_children(&self) {
        for pid in descendants(self.pid()) {
            let _gone_already = kill_process(pid, Signal::KILL);
        }
    }

    fn signal_all(&self, signal: Signal) {
        for pid in descendants(self.pid()).into_iter().chain([self.pid()]) {
            let _gone_already = kill_process(pid, signal);
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let started = descendants(self.pid());
        // The watchdog goes first: once the child is reaped its number may belong to somebody else.
        let _ended_before = self.watchdog.kill();
        let _reaped = self.watchdog.wait();
        let _ended_before = self.child.kill();
        for pid in started {
            let _gone_already = kill_process(pid, Signal::KILL);
        }
        let _reaped = self.child.wait();
    }
}

impl std::fmt::Display for NotStarted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// All processes below `root`, children first. Empty where there is no `/proc`.
fn descendants(root: Pid) -> Vec<Pid> {
    let parents: Vec<(i32, i32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid: i32| Some((pid, parent_of(pid)?)))
        .collect();
    let mut found = vec![root.as_raw_nonzero().get()];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    found.into_iter().skip(1).filter_map(Pid::from_raw).collect()
}

/// The fourth field of `stat`; the second, in parentheses, may hold spaces.
fn parent_of(pid: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
