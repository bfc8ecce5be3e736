//! sshd answers OpenSSH's own client, and each option does what it says.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use waybill_peers::{HostKey, HostKeyType, SshAgent, Sshd, SshdOptions};

fn client(peer: &Sshd, program: &str, key_file: &Path) -> Command {
    let mut command = Command::new(program);
    let port = if program == "sftp" { "-P" } else { "-p" };
    command.args(["-F", "/dev/null", port, &peer.port.to_string(), "-i"]).arg(key_file);
    let known = format!("UserKnownHostsFile={}", peer.known_hosts.display());
    for option in [known.as_str(), "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "BatchMode=yes"] {
        command.args(["-o", option]);
    }
    command
}

fn sftp(peer: &Sshd, lines: &str) -> Output {
    let mut command = client(peer, "sftp", &peer.key_file);
    command.args(["-b", "-"]).arg(format!("{}@{}", peer.user, peer.host));
    let mut running = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    running.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    running.wait_with_output().unwrap()
}

fn ssh(peer: &Sshd, words: &str) -> Output {
    let mut command = client(peer, "ssh", &peer.key_file);
    command.arg(format!("{}@{}", peer.user, peer.host)).arg(words).output().unwrap()
}

#[test]
fn a_file_arrives_by_sftp_and_a_command_runs() {
    let peer = Sshd::start(&SshdOptions::default());
    let put = sftp(&peer, &format!("put /etc/hostname {}/hostname\n", peer.root.display()));
    assert!(put.status.success(), "{}", String::from_utf8_lossy(&put.stderr));
    assert_eq!(fs_err::read(peer.root.join("hostname")).unwrap(), fs_err::read("/etc/hostname").unwrap());
    assert_eq!(ssh(&peer, "echo here").stdout, b"here\n");
}

#[test]
fn without_exec_a_command_does_not_run() {
    let peer = Sshd::start(&SshdOptions { exec: false, ..SshdOptions::default() });
    assert!(sftp(&peer, "pwd\n").status.success());
    assert!(!ssh(&peer, "echo here").stdout.starts_with(b"here"));
}

#[test]
fn a_new_host_key_on_the_same_port_is_refused_by_who_knew_the_old_one() {
    let mut peer = Sshd::start(&SshdOptions::default());
    let (port, fingerprint) = (peer.port, peer.host_fingerprint.clone());
    peer.restart(HostKey::Same);
    assert_eq!(peer.host_fingerprint, fingerprint);
    assert!(sftp(&peer, "pwd\n").status.success());
    peer.restart(HostKey::New);
    assert_eq!(peer.port, port);
    assert_ne!(peer.host_fingerprint, fingerprint);
    let refused = sftp(&peer, "pwd\n");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("IDENTIFICATION HAS CHANGED"));
}

#[test]
fn refused_requests_and_chosen_algorithms_are_obeyed() {
    let peer = Sshd::start(&SshdOptions {
        refused_requests: vec!["rename".into(), "posix-rename".into()],
        ciphers: Some("aes256-gcm@openssh.com".into()),
        host_keys: vec![HostKeyType::Ecdsa256, HostKeyType::Rsa2048],
        max_sessions: Some(1),
        banner: Some("Authorised staff only\n".into()),
        ..SshdOptions::default()
    });
    let root = peer.root.display();
    let output = sftp(&peer, &format!("put /etc/hostname {root}/a\nrename {root}/a {root}/b\n"));
    assert!(!output.status.success());
    assert!(peer.root.join("a").exists());
    assert!(!peer.root.join("b").exists());
}

#[test]
fn a_read_only_server_takes_nothing() {
    let peer = Sshd::start(&SshdOptions { read_only: true, ..SshdOptions::default() });
    assert!(!sftp(&peer, &format!("put /etc/hostname {}/hostname\n", peer.root.display())).status.success());
}

#[test]
fn a_killed_server_answers_nobody() {
    let mut peer = Sshd::start(&SshdOptions::default());
    peer.kill();
    assert!(!sftp(&peer, "pwd\n").status.success());
}

#[test]
fn cut_connections_end_and_new_ones_are_accepted() {
    let peer = Sshd::start(&SshdOptions::default());
    let mut open = client(&peer, "sftp", &peer.key_file)
        .args(["-b", "-"])
        .arg(format!("{}@{}", peer.user, peer.host))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !peer.log().contains("Starting session") {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    peer.cut_connections();
    // Without a further command the client would end well, never noticing.
    let _noticed_already = open.stdin.as_mut().unwrap().write_all(b"pwd\nls /\n");
    assert!(!open.wait().unwrap().success());
    assert!(sftp(&peer, "pwd\n").status.success());
}

#[test]
fn an_agent_lends_its_key() {
    let peer = Sshd::start(&SshdOptions::default());
    let agent = SshAgent::start();
    agent.add(&peer.key_file);
    let output = Command::new("ssh")
        .args(["-F", "/dev/null", "-o", "IdentitiesOnly=no", "-o", "BatchMode=yes", "-p", &peer.port.to_string()])
        .args(["-o", &format!("UserKnownHostsFile={}", peer.known_hosts.display())])
        .arg(format!("{}@{}", peer.user, peer.host))
        .arg("echo lent")
        .env("SSH_AUTH_SOCK", &agent.socket)
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"lent\n", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_encrypted_key_is_authorised_and_needs_its_passphrase() {
    let peer = Sshd::start(&SshdOptions::default());
    let key_file = peer.encrypted_key("open sesame");
    let login = || {
        let mut command = client(&peer, "ssh", &key_file);
        command.arg(format!("{}@{}", peer.user, peer.host)).arg("true").output().unwrap().status.success()
    };
    assert!(!login());
    let unlock = ["-q", "-p", "-P", "open sesame", "-N", "", "-f"];
    assert!(Command::new("ssh-keygen").args(unlock).arg(&key_file).status().unwrap().success());
    assert!(login());
}

#[test]
fn a_server_ends_with_a_test_process_that_was_killed() {
    const HOLD: &str = "WAYBILL_PEERS_HOLD";
    if std::env::var_os(HOLD).is_some() {
        let peer = Sshd::start(&SshdOptions::default());
        println!("\nport={}", peer.port);
        std::thread::sleep(std::time::Duration::from_mins(10));
    }
    let mut held = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_server_ends_with_a_test_process_that_was_killed", "--nocapture"])
        .env(HOLD, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let port: u16 = BufReader::new(held.stdout.take().unwrap())
        .lines()
        .find_map(|line| line.unwrap().strip_prefix("port=")?.parse().ok())
        .unwrap();
    held.kill().unwrap();
    held.wait().unwrap();
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
