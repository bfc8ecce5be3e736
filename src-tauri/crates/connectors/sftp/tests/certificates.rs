//! Host certificates, at OpenSSH's own server with an authority that `ssh-keygen` made.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a step that cannot be made is a failed test")]

mod served;

use std::{path::Path, process::Command};

use served::{open, to_sshd};
use waybill_connector::Result;
use waybill_model::FailureKind;
use waybill_peers::{HostKeyType, Sshd, SshdOptions};

fn keygen(args: &[&str]) {
    assert!(Command::new("ssh-keygen").arg("-q").args(args).status().unwrap().success(), "{args:?}");
}

fn public(key: &Path) -> String {
    let text = fs_err::read_to_string(key.with_extension("pub")).unwrap();
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

/// A server whose host key an authority has signed, and the authority's line for `known_hosts`.
struct Certified {
    sshd: Sshd,
    authority: String,
    folder: tempfile::TempDir,
}

impl Certified {
    /// `how` are words of `ssh-keygen -s`: for whom, as what, for how long.
    fn with(how: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ca, host) = (folder.path().join("authority"), folder.path().join("host"));
        for key in [&ca, &host] {
            keygen(&["-t", "ed25519", "-N", "", "-f", key.to_str().unwrap()]);
        }
        let sign = ["-s", ca.to_str().unwrap(), "-I", "the host"];
        keygen(&[&sign[..], how, &[host.with_extension("pub").to_str().unwrap()]].concat());
        let options = SshdOptions {
            // The server's own key is of another type, so that the signed one is not hidden behind it.
            host_keys: vec![HostKeyType::Ecdsa256],
            extra_lines: vec![
                format!("HostKey {}", host.display()),
                format!("HostCertificate {}-cert.pub", host.display()),
            ],
            ..SshdOptions::default()
        };
        Self { sshd: Sshd::start(&options), authority: public(&ca), folder }
    }

    /// Signs in with these lines on record.
    async fn check(&self, known: &str) -> Result<()> {
        let file = self.folder.path().join("known");
        fs_err::write(&file, known).unwrap();
        let more = [("known_hosts", file.to_str().unwrap()), ("timeout", "10")];
        open(to_sshd(&self.sshd, &more)).check().await.map(drop)
    }

    fn vouched(&self, hosts: &str) -> String {
        format!("@cert-authority {hosts} {}\n", self.authority)
    }
}

const RIGHT: &[&str] = &["-h", "-n", "127.0.0.1", "-V", "-1d:+1d"];

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_an_authority_vouches_for_is_trusted_without_a_question() {
    let host = Certified::with(RIGHT);
    let port = format!("[127.0.0.1]:{}", host.sshd.port);
    for hosts in [port.as_str(), "127.0.0.*", "*"] {
        host.check(&host.vouched(hosts)).await.unwrap();
    }
    let unknown = host.check("").await.unwrap_err();
    assert_eq!(unknown.kind, FailureKind::HostKeyUnknown, "without the authority nobody vouches");
    let elsewhere = host.check(&host.vouched("*.example")).await.unwrap_err();
    assert_eq!(elsewhere.kind, FailureKind::HostKeyUnknown, "an authority speaks for the hosts of its line only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_does_not_hold_vouches_for_nobody() {
    for how in [
        &["-h", "-n", "other.example", "-V", "-1d:+1d"][..],
        &["-h", "-n", "127.0.0.1", "-V", "-2d:-1d"],
        &["-h", "-n", "127.0.0.1", "-V", "+1d:+2d"],
    ] {
        let host = Certified::with(how);
        let error = host.check(&host.vouched("*")).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::HostKeyUnknown, "{how:?}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_authority_than_the_one_on_record_vouches_for_nobody() {
    let (host, other) = (Certified::with(RIGHT), Certified::with(RIGHT));
    let error = host.check(&other.vouched("*")).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::HostKeyUnknown);
    let known = format!("{}[127.0.0.1]:{} {}\n", other.vouched("*"), host.sshd.port, other.authority);
    let error = host.check(&known).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::HostKeyChanged, "a key on record is not outweighed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_authority_or_key_is_a_hard_stop() {
    let host = Certified::with(RIGHT);
    let port = host.sshd.port;
    for revoked in [host.authority.clone(), public(&host.folder.path().join("host"))] {
        let known = format!("{}@revoked [127.0.0.1]:{port} {revoked}\n", host.vouched("*"));
        assert_eq!(host.check(&known).await.unwrap_err().kind, FailureKind::HostKeyChanged);
    }
}
