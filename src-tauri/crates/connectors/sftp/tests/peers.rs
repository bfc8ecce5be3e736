//! Against OpenSSH's own server.
#![expect(clippy::unwrap_used, reason = "a step that cannot be made is a failed test")]

mod served;

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use futures::StreamExt as _;
use served::{Served, context, get, names_in, open, put, sample, to_sshd};
use waybill_connector::{
    OpenContext, PageRequest, Part, StepOutcome, Vouched, WriteOptions, body_of,
    conformance::{self, Fixture, Place},
};
use waybill_model::{FailureKind, Millis, PartHash, PartReceipt, RemotePath, Sha256};
use waybill_peers::{HostKey, HostKeyType, SshAgent, Sshd, SshdOptions};

struct OpenSsh;

#[async_trait]
impl Fixture for OpenSsh {
    fn name(&self) -> String {
        "sftp, OpenSSH".to_owned()
    }
    async fn place(&self) -> Box<dyn Place> {
        Box::new(Served::by_openssh(&SshdOptions::default(), &[("timeout", "5")]))
    }
}

fn served(options: &SshdOptions) -> Served {
    Served::by_openssh(options, &[])
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_keeps_the_contract() {
    conformance::run(&OpenSsh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_takes_a_large_file_and_gives_it_back() {
    let place = served(&SshdOptions::default());
    let bytes = sample(20_000_001);
    put(place.connector.as_ref(), &place.path("a"), &bytes, false).await.unwrap();
    assert!(fs_err::read(place.local.join("a")).unwrap() == bytes, "the server has the same bytes");
    assert!(get(place.connector.as_ref(), &place.path("a")).await.unwrap() == bytes, "the same bytes come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_takes_many_small_files_at_once() {
    let place = served(&SshdOptions { max_sessions: Some(1), ..SshdOptions::default() });
    let bytes = sample(16 << 10);
    let puts = (0..500).map(|number| {
        let (connector, path) = (place.connector.as_ref(), place.path(&format!("d{}/{number}", number % 7)));
        let bytes = &bytes;
        async move { put(connector, &path, bytes, false).await }
    });
    let stored: Vec<_> = futures::stream::iter(puts).buffer_unordered(64).collect().await;
    assert!(stored.iter().all(Result::is_ok), "{:?}", stored.iter().find(|stored| stored.is_err()));
    let count: usize = (0..7).map(|number| names_in(&place.local.join(format!("d{number}"))).len()).sum();
    assert_eq!(count, 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_keeps_over_a_hundred_files_open_at_once() {
    let place = served(&SshdOptions::default());
    let paths: Vec<_> = (0..90).map(|number| place.path(&number.to_string())).collect();
    for path in &paths {
        put(place.connector.as_ref(), path, b"x", false).await.unwrap();
    }
    // Listings that nobody ends keep their handles, and numbers of handles grow.
    let list = place.connector.list().unwrap();
    for _ in 0..150 {
        let page = list.list(&place.base, PageRequest { cursor: None, limit: 5 }).await.unwrap();
        assert_eq!(page.entries.len(), 5);
    }
    assert_eq!(get(place.connector.as_ref(), &paths[0]).await.unwrap(), b"x");
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_hashes_files_with_odd_names() {
    let place = Served::by_openssh(&SshdOptions::default(), &[("proof", "exec")]);
    for name in ["plain", "-rf", "it's", "$HOME `x`", "a\nb", "back\\slash", "😀", "*", "a\"b"] {
        put(place.connector.as_ref(), &place.path(name), name.as_bytes(), false).await.unwrap();
        let vouched = place.connector.checksums().unwrap().vouched(&place.path(name), None).await.unwrap();
        assert_eq!(vouched, Some(Vouched::Sha256(Sha256::of(name.as_bytes()))), "{name:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_without_commands_is_found_out() {
    for options in [
        SshdOptions { exec: false, ..SshdOptions::default() },
        SshdOptions { max_sessions: Some(1), ..SshdOptions::default() },
    ] {
        let place = served(&options);
        let connector = place.tested().await;
        assert!(connector.checksums().is_none(), "{options:?}");
        put(connector.as_ref(), &place.path("a"), b"x", false).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_passes_every_step_of_the_test() {
    let options = SshdOptions { banner: Some("be careful".to_owned()), ..SshdOptions::default() };
    let sshd = Sshd::start(&options);
    let folder = sshd.root.to_str().unwrap().to_owned();
    let connector = open(to_sshd(&sshd, &[("test_folder", folder.as_str())]));
    let report = connector.self_test().unwrap().run(&mut |_| {}).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    assert!(report.steps.iter().all(|step| step.outcome == StepOutcome::Passed), "{:#?}", report.steps);
    assert_eq!(names_in(&sshd.root), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_that_refuses_renames_is_told_apart() {
    let refused_requests = vec!["rename".to_owned(), "posix-rename".to_owned()];
    let place = served(&SshdOptions { refused_requests, ..SshdOptions::default() });
    for replace in [false, true] {
        let error = put(place.connector.as_ref(), &place.path("a"), b"x", replace).await.unwrap_err();
        assert!(error.message.contains("temp_name=never"), "{}", error.message);
    }
    assert_eq!(names_in(&place.local), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_read_only_denies() {
    let place = served(&SshdOptions { read_only: true, ..SshdOptions::default() });
    let error = put(place.connector.as_ref(), &place.path("a"), b"x", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied);
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_keeps_times_and_modes_where_asked() {
    let place = Served::by_openssh(&SshdOptions::default(), &[("keep_mode", "true")]);
    let options = WriteOptions {
        size: 1,
        modified: Some(Millis(1_600_000_000_700)),
        mode: Some(0o640),
        ..WriteOptions::default()
    };
    place.connector.write().unwrap().write(&place.path("a"), body_of("x".into()), options).await.unwrap();
    let entry = place.connector.list().unwrap().stat(&place.path("a")).await.unwrap().unwrap();
    assert_eq!((entry.modified, entry.mode), (Some(Millis(1_600_000_000_000)), Some(0o640)));
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_goes_on_after_a_cut() {
    let place = served(&SshdOptions::default());
    put(place.connector.as_ref(), &place.path("a"), b"x", false).await.unwrap();
    let Served { mut server, connector, base, .. } = place;
    if let served::Server::OpenSsh(sshd) = &mut server {
        sshd.cut_connections();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(get(connector.as_ref(), &base.join("a")).await.unwrap(), b"x");
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_that_freezes_times_out_and_serves_again() {
    let place = Served::by_openssh(&SshdOptions::default(), &[("timeout", "2")]);
    place.connector.check().await.unwrap();
    let served::Server::OpenSsh(sshd) = &place.server else { panic!("this is the stand-in") };
    sshd.freeze();
    let error = place.connector.list().unwrap().stat(&place.path("a")).await.unwrap_err();
    sshd.thaw();
    assert_eq!(error.kind, FailureKind::TimedOut);
    place.connector.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_with_a_new_host_key_is_a_stop() {
    let mut place = served(&SshdOptions::default());
    place.connector.check().await.unwrap();
    let known = place.sshd().host_fingerprint.clone();
    place.sshd().restart(HostKey::New);
    let offered = place.sshd().host_fingerprint.clone();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let error = place.connector.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::HostKeyChanged);
    assert_eq!((error.fact("known"), error.fact("offered")), (Some(known.as_str()), Some(offered.as_str())));
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_shows_the_key_that_is_on_record_or_pinned_and_not_its_first() {
    let host_keys = vec![HostKeyType::Ed25519, HostKeyType::Ecdsa256, HostKeyType::Rsa2048];
    let sshd = Sshd::start(&SshdOptions { host_keys, ..SshdOptions::default() });
    let lines = fs_err::read_to_string(&sshd.known_hosts).unwrap();
    let rsa = lines.lines().find(|line| line.contains("ssh-rsa")).unwrap();
    fs_err::write(&sshd.known_hosts, format!("{rsa}\n")).unwrap();
    open(to_sshd(&sshd, &[])).check().await.unwrap();
    let (_, key) = rsa.split_once(' ').unwrap();
    let key = russh::keys::PublicKey::from_openssh(key).unwrap();
    let pin = key.fingerprint(russh::keys::HashAlg::Sha256).to_string();
    open(to_sshd(&sshd, &[("host_key", &pin), ("known_hosts", "/dev/null")])).check().await.unwrap();
    let other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let error = open(to_sshd(&sshd, &[("host_key", other)])).check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::HostKeyChanged);
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_announces_further_host_keys_and_they_are_put_on_record() {
    let host_keys = vec![HostKeyType::Ed25519, HostKeyType::Ecdsa256];
    let sshd = Sshd::start(&SshdOptions { host_keys, ..SshdOptions::default() });
    let lines = fs_err::read_to_string(&sshd.known_hosts).unwrap();
    let first = lines.lines().next().unwrap();
    fs_err::write(&sshd.known_hosts, format!("{first}\n")).unwrap();
    let connector = open(to_sshd(&sshd, &[]));
    connector.check().await.unwrap();
    let after = fs_err::read_to_string(&sshd.known_hosts).unwrap();
    assert!(after.contains("ecdsa-sha2-nistp256"), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_takes_a_key_with_its_passphrase_and_not_without() {
    let sshd = Sshd::start(&SshdOptions::default());
    let key = sshd.encrypted_key("open sesame");
    let mut context = to_sshd(&sshd, &[("key_file", key.to_str().unwrap())]);
    assert_eq!(open(context.clone()).check().await.unwrap_err().kind, FailureKind::Unauthenticated);
    context.secrets.insert("passphrase".to_owned(), "canary-wrong".into());
    let error = open(context.clone()).check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated);
    assert!(!format!("{error:?}").contains("canary-wrong"));
    context.secrets.insert("passphrase".to_owned(), "open sesame".into());
    open(context).check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_refuses_a_key_that_it_does_not_know() {
    let (sshd, other) = (Sshd::start(&SshdOptions::default()), Sshd::start(&SshdOptions::default()));
    let error = open(to_sshd(&sshd, &[("key_file", other.key_file.to_str().unwrap())])).check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated);
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_takes_a_key_of_the_agent_and_a_host_of_the_configuration() {
    let sshd = Sshd::start(&SshdOptions::default());
    let agent = SshAgent::start();
    agent.add(&sshd.key_file);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    let text = format!(
        "Host partner\n  HostName {}\n  Port {}\n  User {}\n  IdentityAgent {}\n  UserKnownHostsFile {}\n",
        sshd.host,
        sshd.port,
        sshd.user,
        agent.socket.display(),
        sshd.known_hosts.display()
    );
    fs_err::write(&config, text).unwrap();
    let context = context(&[("host", "partner"), ("auth", "agent"), ("ssh_config", config.to_str().unwrap())]);
    let identity = open(context).check().await.unwrap();
    assert_eq!(identity.name, format!("{}@{}:{}", sshd.user, sshd.host, sshd.port));
}

fn known_hosts_of(folder: &Path, peers: &[&Sshd]) -> String {
    let file = folder.join("known_hosts");
    let lines: String = peers.iter().map(|peer| fs_err::read_to_string(&peer.known_hosts).unwrap()).collect();
    fs_err::write(&file, lines).unwrap();
    file.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_is_reached_over_two_jump_hosts_each_with_its_own_key() {
    let (gate, second, sshd) = (
        Sshd::start(&SshdOptions::default()),
        Sshd::start(&SshdOptions::default()),
        Sshd::start(&SshdOptions::default()),
    );
    let folder = tempfile::tempdir().unwrap();
    let known = known_hosts_of(folder.path(), &[&gate, &second, &sshd]);
    let config = folder.path().join("config");
    let blocks: Vec<_> = [&gate, &second]
        .iter()
        .zip(["gate", "second"])
        .map(|(peer, name)| {
            let (host, port, key) = (&peer.host, peer.port, peer.key_file.display());
            format!("Host {name}\n  HostName {host}\n  Port {port}\n  IdentityFile {key}\n")
        })
        .collect();
    fs_err::write(&config, blocks.concat()).unwrap();
    let jump = format!("{}@gate,second", gate.user);
    let more = [
        ("jump", jump.as_str()),
        ("known_hosts", known.as_str()),
        ("ssh_config", config.to_str().unwrap()),
        ("auth", "key"),
    ];
    let connector = open(to_sshd(&sshd, &more));
    let base = RemotePath::new(sshd.root.to_str().unwrap());
    put(connector.as_ref(), &base.join("a"), &sample(300_000), false).await.unwrap();
    assert_eq!(names_in(&sshd.root), ["a"]);
    assert!(gate.log().contains("direct-tcpip") || gate.log().contains("Accepted publickey"), "the gate was used");

    let known = known_hosts_of(folder.path(), &[&gate, &sshd]);
    let error =
        open(to_sshd(&sshd, &[more[0], ("known_hosts", known.as_str()), more[2], more[3]])).check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::HostKeyUnknown);
    assert_eq!(error.fact("fingerprint"), Some(second.host_fingerprint.as_str()));
    let connector = open(to_sshd(&sshd, &[more[0], ("known_hosts", known.as_str()), more[2], more[3]]));
    let trust = connector.trust().unwrap();
    assert_eq!(trust.offered().await.unwrap(), second.host_fingerprint);
    trust.accept(&second.host_fingerprint, false).await.unwrap();
    connector.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_with_old_algorithms_is_spoken_to_by_choice_and_called_weak() {
    let key_exchanges = Some("diffie-hellman-group14-sha1".to_owned());
    let sshd = Sshd::start(&SshdOptions { key_exchanges, ..SshdOptions::default() });
    let error = open(to_sshd(&sshd, &[])).check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unsupported);
    assert!(error.message.contains("legacy_algorithms"), "{}", error.message);
    let context = to_sshd(&sshd, &[("legacy_algorithms", "true")]);
    let report = open(context.clone()).self_test().unwrap().run(&mut |_| {}).await;
    let connector = open(OpenContext { learned: report.learned, ..context });
    let remarks = &connector.descriptor().remarks;
    assert!(remarks.iter().any(|remark| remark.contains("diffie-hellman-group14-sha1")), "{remarks:?}");
}

fn part(bytes: &[u8], size: usize, number: u32) -> Part {
    let start = (number as usize - 1) * size;
    let end = (start + size).min(bytes.len());
    Part {
        number,
        offset: start as u64,
        bytes: bytes::Bytes::copy_from_slice(&bytes[start..end]),
        hash: PartHash::default(),
        prefix_sha256: Sha256::of(&bytes[..end]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_proves_what_it_holds_by_command_and_by_reading() {
    for proof in ["exec", "read-back"] {
        let place = Served::by_openssh(&SshdOptions::default(), &[("proof", proof)]);
        let upload = place.connector.resumable_upload().unwrap();
        let size = usize::try_from(upload.plan(0).part_size).unwrap();
        let bytes = sample(size * 3 + 5);
        let options = WriteOptions { size: bytes.len() as u64, ..WriteOptions::default() };
        let session = upload.begin(&place.path("big"), options.clone()).await.unwrap();
        let mut receipts: Vec<PartReceipt> = Vec::new();
        for number in [1, 2, 3] {
            receipts.push(upload.put_part(&session, part(&bytes, size, number)).await.unwrap());
        }
        let temporary = place.local.join(names_in(&place.local).first().unwrap());
        assert_eq!(upload.held(&session, &receipts).await.unwrap(), [1, 2, 3], "{proof}");
        let mut there = fs_err::read(&temporary).unwrap();
        there[size * 2 + 1] ^= 1;
        fs_err::write(&temporary, there).unwrap();
        let again = open(place.context.clone());
        let upload = again.resumable_upload().unwrap();
        assert_eq!(upload.held(&session, &receipts).await.unwrap(), [1, 2], "{proof}");
        for number in [3, 4] {
            receipts.push(upload.put_part(&session, part(&bytes, size, number)).await.unwrap());
        }
        upload.finish(&session, &receipts, options).await.unwrap();
        assert!(fs_err::read(place.local.join("big")).unwrap() == bytes, "{proof}: the same bytes arrived");
        assert_eq!(names_in(&place.local), ["big"]);
    }
}
