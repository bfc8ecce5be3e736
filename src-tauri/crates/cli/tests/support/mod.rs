//! A home of its own for each test, and the `waybill` command run in it.

#![allow(dead_code, clippy::unwrap_used, reason = "not every test file uses everything, and a test may stop")]

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;
use waybill_standins::demo::{Demo, DemoConnection};

/// Keys that are given on the standard input.
const SECRETS: [&str; 4] = ["secret_access_key", "session_token", "password", "passphrase"];

/// The passphrase of the secrets file in tests: there is no keyring on a test machine's bus.
pub(crate) const PASSPHRASE: &str = "a passphrase for tests";

pub(crate) struct Home {
    pub(crate) dir: tempfile::TempDir,
    /// Whether the vault may be opened without asking.
    pub(crate) passphrase: Option<&'static str>,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), passphrase: Some(PASSPHRASE) }
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        Utf8Path::from_path(self.dir.path()).unwrap()
    }

    /// Where the desk keeps its things.
    pub(crate) fn desk(&self) -> Utf8PathBuf {
        self.path().join("desk")
    }

    /// A file or folder of the test's own.
    pub(crate) fn file(&self, name: &str) -> Utf8PathBuf {
        self.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Utf8PathBuf {
        let path = self.file(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waybill"));
        command.arg("--home").arg(self.desk()).args(args).current_dir(self.path());
        // No keyring of the person who runs the tests is ever asked.
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus").env("HOME", self.path());
        command.env_remove("SSH_AUTH_SOCK").env_remove("WAYBILL_VAULT_PASSPHRASE").env_remove("XDG_RUNTIME_DIR");
        command.env_remove("WAYBILL_HOME");
        if let Some(passphrase) = self.passphrase {
            command.env("WAYBILL_VAULT_PASSPHRASE", passphrase);
        }
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        Ended::of(self.command(args).output().unwrap())
    }

    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Ended {
        let mut child =
            self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ended::of(child.wait_with_output().unwrap())
    }

    pub(crate) fn start(&self, args: &[&str]) -> Child {
        self.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Adds the connections of the stand-ins.
    pub(crate) fn join(&self, demo: &Demo) {
        for connection in demo.connections() {
            self.add(connection.name, &connection, &[]);
        }
    }

    /// Adds a connection like `like`, but for some settings and secrets; one that is empty is left out.
    pub(crate) fn add(&self, name: &str, like: &DemoConnection, other: &[(&str, &str)]) {
        let of = |pairs: &[(&'static str, String)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
        };
        let (mut settings, mut secrets) = (of(&like.settings), of(&like.secrets));
        for (key, value) in other {
            let place = if SECRETS.contains(key) { &mut secrets } else { &mut settings };
            if value.is_empty() {
                place.remove(*key);
            } else {
                place.insert((*key).to_owned(), (*value).to_owned());
            }
        }
        let mut args = ["connection", "add", name, "--kind", like.kind, "--secrets-stdin"].map(str::to_owned).to_vec();
        args.extend(settings.iter().flat_map(|(key, value)| ["--set".to_owned(), format!("{key}={value}")]));
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let secrets: Vec<String> = secrets.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
        self.run_with_input(&args, &secrets.concat()).expect_exit(0);
    }

    /// Runs a shell script in a mount namespace of its own, in which `waybill` is the command on this home; `None`
    /// where this machine lets nobody have one.
    pub(crate) fn run_mounted(&self, script: &str) -> Option<Ended> {
        if !Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success()) {
            #[expect(clippy::print_stdout, reason = "a skip needs a reason that is read")]
            {
                println!("skipped: this machine lets nobody make a mount namespace");
            }
            return None;
        }
        let shell = format!("set -u; waybill() {{ \"$WAYBILL_BINARY\" --home \"$DESK\" \"$@\"; }}\n{script}");
        let mut command = self.command(&[]);
        let environment: Vec<_> =
            command.get_envs().map(|(key, value)| (key.to_owned(), value.map(ToOwned::to_owned))).collect();
        command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &shell]).current_dir(self.path()).stdin(Stdio::null());
        for (key, value) in environment {
            match value {
                Some(value) => command.env(key, value),
                None => command.env_remove(key),
            };
        }
        command.env("WAYBILL_BINARY", env!("CARGO_BIN_EXE_waybill")).env("DESK", self.desk());
        Some(Ended::of(command.output().unwrap()))
    }

    /// The transfers of the home, newest first.
    pub(crate) fn transfers(&self) -> Vec<Value> {
        self.run(&["--json", "transfers"]).expect_exit(0).objects()
    }
}

pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn expect_exit(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\nstdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// That the error output holds each of the words, in any case.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        let said = self.stderr.to_lowercase();
        for word in words {
            assert!(
                said.contains(&word.to_lowercase()),
                "`{word}` is not said\nstdout: {}\nstderr: {}",
                self.stdout,
                self.stderr
            );
        }
        self
    }

    /// The only object that `--json` printed, which says why it did not go well in each of the words.
    #[track_caller]
    pub(crate) fn failed_with(&self, kind: &str, words: &[&str]) -> Value {
        let objects = self.objects();
        assert_eq!(objects.len(), 1, "\nstdout: {}\nstderr: {}", self.stdout, self.stderr);
        let object = objects.into_iter().next().unwrap();
        assert_eq!(object["error_kind"], kind, "{object}");
        let said = object["error"].as_str().unwrap().to_lowercase();
        for word in words {
            assert!(said.contains(&word.to_lowercase()), "`{word}` is not said: {said}");
        }
        object
    }

    /// The objects that `--json` printed.
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Bytes that no compression or hole makes smaller, the same for the same seed.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Every file below a folder, with its bytes.
pub(crate) fn tree(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    fn walk(top: &Path, folder: &Path, found: &mut std::collections::BTreeMap<String, Vec<u8>>) {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(top, &path, found);
            } else {
                let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs_err::read(&path).unwrap());
            }
        }
    }
    let mut found = std::collections::BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}
