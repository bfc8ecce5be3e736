//! The SFTP stand-in as other people's programs use it: OpenSSH's `sftp` and `ssh`, and `lftp`.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::process::{Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use tokio::{io::AsyncWriteExt as _, process::Command};
use waybill_standins::sftp::{Options, Quirks, SftpStandin};

/// A server with a key that may sign in, and the files of a client: its key and what it knows of hosts.
struct Setup {
    standin: SftpStandin,
    folder: Utf8PathBuf,
    _kept: tempfile::TempDir,
}

async fn setup(quirks: Quirks) -> Setup {
    let kept = tempfile::tempdir().unwrap();
    let folder = Utf8PathBuf::from_path_buf(kept.path().to_owned()).unwrap();
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f", folder.join("id").as_str()])
        .status()
        .await
        .expect("ssh-keygen starts; it comes with the package `openssh-client`");
    assert!(made.success());
    let key = fs_err::read_to_string(folder.join("id.pub")).unwrap();
    let options = Options { authorized_keys: vec![key], quirks, ..Options::default() };
    let standin = SftpStandin::start(options).await.unwrap();
    let known = format!("[{}]:{} {}\n", standin.host(), standin.port(), standin.host_key_line());
    fs_err::write(folder.join("known_hosts"), known).unwrap();
    Setup { standin, folder, _kept: kept }
}

impl Setup {
    fn openssh(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(["-F", "/dev/null", "-i", self.folder.join("id").as_str()]);
        for option in ["BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes"] {
            command.args(["-o", option]);
        }
        command.args(["-o", &format!("UserKnownHostsFile={}", self.folder.join("known_hosts"))]);
        command.args([if program == "sftp" { "-P" } else { "-p" }, &self.standin.port().to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// What OpenSSH's `sftp` says to a batch of commands; the first that fails ends it.
    async fn sftp(&self, batch: &str) -> Output {
        self.sftp_with(&[], batch).await
    }

    async fn sftp_with(&self, options: &[&str], batch: &str) -> Output {
        let mut command = self.openssh("sftp");
        command.args(options);
        command.args(["-b", "-", &format!("{}@{}", self.standin.user(), self.standin.host())]);
        let mut child = command.spawn().expect("sftp starts; it comes with the package `openssh-client`");
        let mut input = child.stdin.take().unwrap();
        input.write_all(batch.as_bytes()).await.unwrap();
        drop(input);
        child.wait_with_output().await.unwrap()
    }

    async fn ssh(&self, words: &[&str]) -> Output {
        let mut command = self.openssh("ssh");
        command.arg(format!("{}@{}", self.standin.user(), self.standin.host())).args(words);
        command.stdin(Stdio::null()).output().await.expect("ssh starts; it comes with the package `openssh-client`")
    }

    async fn lftp(&self, script: &str) -> Output {
        let connect = "ssh -a -x -F /dev/null -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
                       -o PreferredAuthentications=password -o LogLevel=ERROR";
        let login = format!("{},{}", self.standin.user(), self.standin.password());
        let script = format!(
            "set sftp:connect-program '{connect}'; set cmd:fail-exit yes; set net:max-retries 1; set net:timeout 20; \
             open -u {login} sftp://{}:{}; {script}; bye",
            self.standin.host(),
            self.standin.port()
        );
        let mut command = Command::new("lftp");
        command.args(["--norc", "-c", &script]).env("HOME", &self.folder).kill_on_drop(true);
        command.stdin(Stdio::null()).output().await.expect("lftp starts; it comes with the package `lftp`")
    }

    fn served(&self, name: &str) -> Utf8PathBuf {
        self.standin.root().join(name)
    }
}

/// What a program printed, after it succeeded.
fn succeeded(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at * 7 % 253).unwrap()).collect()
}

fn tree(folder: &Utf8Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for number in 0..40 {
        let name = format!("sub {}/file-{number}.bin", number % 3);
        let content = bytes(number * 977);
        fs_err::create_dir_all(folder.join(&name).parent().unwrap()).unwrap();
        fs_err::write(folder.join(&name), &content).unwrap();
        found.push((name, content));
    }
    found
}

fn assert_holds(folder: &Utf8Path, expected: &[(String, Vec<u8>)]) {
    for (name, content) in expected {
        assert_eq!(&fs_err::read(folder.join(name)).unwrap(), content, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_puts_and_gets_the_same_bytes_with_each_of_its_ciphers() {
    let setup = setup(Quirks::default()).await;
    let content = bytes(4_000_001);
    fs_err::write(setup.folder.join("up"), &content).unwrap();
    for cipher in ["chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr"] {
        let batch = format!("put {0}/up /big.bin\nget /big.bin {0}/down\n", setup.folder);
        succeeded(&setup.sftp_with(&["-c", cipher], &batch).await);
        assert_eq!(fs_err::read(setup.served("big.bin")).unwrap(), content, "{cipher}");
        assert_eq!(fs_err::read(setup.folder.join("down")).unwrap(), content, "{cipher}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_goes_on_with_a_transfer_that_broke_off() {
    let setup = setup(Quirks::default()).await;
    let content = bytes(3_000_000);
    fs_err::write(setup.folder.join("whole"), &content).unwrap();
    fs_err::write(setup.served("half"), &content[..1_000_000]).unwrap();
    fs_err::write(setup.folder.join("part"), &content[..2_000_000]).unwrap();
    let batch = format!("reput {0}/whole /half\nreget /half {0}/part\n", setup.folder);
    succeeded(&setup.sftp(&batch).await);
    assert_eq!(fs_err::read(setup.served("half")).unwrap(), content);
    assert_eq!(fs_err::read(setup.folder.join("part")).unwrap(), content);
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_sends_and_fetches_a_tree() {
    let setup = setup(Quirks::default()).await;
    let expected = tree(&setup.folder.join("tree"));
    let batch = format!("put -r {0}/tree /\nget -pr /tree {0}/back\n", setup.folder);
    succeeded(&setup.sftp(&batch).await);
    assert_holds(&setup.served("tree"), &expected);
    assert_holds(&setup.folder.join("back"), &expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_does_everything_else_that_it_can() {
    let setup = setup(Quirks::default()).await;
    fs_err::write(setup.served("a"), b"a").unwrap();
    fs_err::write(setup.served("b"), b"b").unwrap();
    let batch = "mkdir /d\ncd /d\npwd\nrename /a /d/a2\nrename /b /d/a2\nln -s a2 soft\nln a2 hard\nchmod 600 a2\n\
                 df /\nls -la /d\ncp a2 copied\nrm hard\nrmdir /d/none\n";
    let output = setup.sftp(batch).await;
    assert!(!output.status.success(), "the last command names nothing");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Remote working directory: /d"), "{said}");
    assert!(said.lines().any(|line| line.starts_with("-rw-------") && line.ends_with(" a2")), "{said}");
    assert_eq!(fs_err::read(setup.served("d/a2")).unwrap(), b"b", "its rename replaces");
    assert_eq!(fs_err::read(setup.served("d/copied")).unwrap(), b"b");
    assert_eq!(fs_err::read_link(setup.served("d/soft")).unwrap().to_str(), Some("a2"));
    assert!(!setup.served("d/hard").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_posix_rename_openssh_does_not_replace() {
    let setup = setup(Quirks { posix_rename: false, ..Quirks::default() }).await;
    fs_err::write(setup.served("a"), b"a").unwrap();
    fs_err::write(setup.served("b"), b"b").unwrap();
    assert!(!setup.sftp("rename /a /b\n").await.status.success());
    assert_eq!(fs_err::read(setup.served("b")).unwrap(), b"b");
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_works_with_a_server_that_has_no_extension_and_small_packets() {
    let setup = setup(Quirks { no_extensions: true, small_packets: true, ..Quirks::default() }).await;
    let content = bytes(1_000_000);
    fs_err::write(setup.folder.join("up"), &content).unwrap();
    let batch = format!("put {0}/up /up\nrename /up /moved\nget /moved {0}/down\n", setup.folder);
    succeeded(&setup.sftp(&batch).await);
    assert_eq!(fs_err::read(setup.folder.join("down")).unwrap(), content);
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_runs_sha256sum() {
    let setup = setup(Quirks::default()).await;
    fs_err::write(setup.served("a b"), b"abc").unwrap();
    let said = succeeded(&setup.ssh(&["sha256sum -- '/a b'"]).await);
    assert_eq!(said, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  /a b\n");
    let failed = setup.ssh(&["sha256sum -- /missing"]).await;
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&failed.stderr), "sha256sum: /missing: No such file or directory\n");
    assert_eq!(setup.ssh(&["id"]).await.status.code(), Some(127));
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_stops_at_a_host_key_that_changed_and_at_a_key_that_nobody_knows() {
    let setup = setup(Quirks::default()).await;
    succeeded(&setup.sftp("pwd\n").await);
    setup.standin.rotate_host_key().unwrap();
    let output = setup.sftp("pwd\n").await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"), "{said}");

    let other = self::setup(Quirks::default()).await;
    fs_err::copy(setup.folder.join("id"), other.folder.join("id")).unwrap();
    let output = other.sftp("pwd\n").await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("Permission denied"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lftp_mirrors_a_tree_there_and_back() {
    let setup = setup(Quirks::default()).await;
    let expected = tree(&setup.folder.join("tree"));
    let script = format!("mirror -R --parallel=4 {0}/tree /up; mirror --parallel=4 /up {0}/back", setup.folder);
    succeeded(&setup.lftp(&script).await);
    assert_holds(&setup.served("up"), &expected);
    assert_holds(&setup.folder.join("back"), &expected);
}
