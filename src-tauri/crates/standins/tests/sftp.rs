//! The SFTP stand-in as clients see it: by russh-sftp for the fine points, and by packets where no client sends such.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use russh::{
    ChannelMsg, Disconnect,
    client::{self, KeyboardInteractiveAuthResponse},
    keys::{HashAlg, PublicKeyOrCertificate},
};
use russh_sftp::{
    client::{RawSftpSession, error::Error as SftpError},
    protocol::{FileAttributes, OpenFlags, Packet, StatusCode},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use waybill_standins::{
    faults::{Fault, Rule},
    sftp::{Options, Quirks, SftpStandin},
};

/// Trusts the key that the stand-in says it has.
struct Trusting(String);

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = shown else { return Ok(false) };
        Ok(key.fingerprint(HashAlg::Sha256).to_string() == self.0)
    }
}

type Ssh = client::Handle<Trusting>;

async fn started(quirks: Quirks) -> SftpStandin {
    SftpStandin::start(Options { quirks, ..Options::default() }).await.unwrap()
}

async fn connected(standin: &SftpStandin) -> Result<Ssh, russh::Error> {
    let config = Arc::new(client::Config { nodelay: true, ..client::Config::default() });
    client::connect(config, (standin.host(), standin.port()), Trusting(standin.fingerprint())).await
}

async fn signed_in(standin: &SftpStandin) -> Ssh {
    let mut ssh = connected(standin).await.unwrap();
    assert!(ssh.authenticate_password(standin.user(), standin.password()).await.unwrap().success());
    ssh
}

/// A session, with the connection that has to outlive it.
struct Session {
    sftp: RawSftpSession,
    ssh: Ssh,
    extensions: std::collections::HashMap<String, String>,
}

impl std::ops::Deref for Session {
    type Target = RawSftpSession;
    fn deref(&self) -> &RawSftpSession {
        &self.sftp
    }
}

async fn session(standin: &SftpStandin) -> Session {
    let ssh = signed_in(standin).await;
    let channel = ssh.channel_open_session().await.unwrap();
    channel.request_subsystem(true, "sftp").await.unwrap();
    let sftp = RawSftpSession::new(channel.into_stream());
    let extensions = sftp.init().await.unwrap().extensions;
    Session { sftp, ssh, extensions }
}

impl Session {
    async fn open_as(&self, path: &str, flags: OpenFlags) -> Result<String, SftpError> {
        Ok(self.open(path, flags, FileAttributes::empty()).await?.handle)
    }

    async fn put(&self, path: &str, bytes: &[u8]) -> Result<(), SftpError> {
        let handle = self.open_as(path, OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::TRUNCATE).await?;
        for (number, piece) in bytes.chunks(32 << 10).enumerate() {
            self.write(handle.clone(), (number * (32 << 10)) as u64, piece.to_vec()).await?;
        }
        self.close(handle).await.map(drop)
    }

    async fn get(&self, path: &str) -> Result<Vec<u8>, SftpError> {
        let handle = self.open_as(path, OpenFlags::READ).await?;
        let mut bytes = Vec::new();
        loop {
            match self.read(handle.clone(), bytes.len() as u64, 32 << 10).await {
                Ok(data) => bytes.extend(data.data),
                Err(error) if code(&Err::<(), _>(error.clone())) == StatusCode::Eof => break,
                Err(error) => return Err(error),
            }
        }
        self.close(handle).await?;
        Ok(bytes)
    }

    async fn posix_rename(&self, from: &str, to: &str) -> StatusCode {
        let data = [from, to].iter().flat_map(|name| string(name.as_bytes())).collect();
        match self.extended("posix-rename@openssh.com", data).await {
            Ok(Packet::Status(status)) => status.status_code,
            other => code(&other.map(drop)),
        }
    }
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// The status that a call ended with.
fn code<T>(result: &Result<T, SftpError>) -> StatusCode {
    match result {
        Ok(_) => StatusCode::Ok,
        Err(SftpError::Status(status)) => status.status_code,
        Err(other) => panic!("no status but {other}"),
    }
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect()
}

#[tokio::test]
async fn what_was_written_comes_back_and_is_in_the_folder() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let bytes = pattern(300_001);
    session.put("/a.bin", &bytes).await.unwrap();
    assert_eq!(session.get("a.bin").await.unwrap(), bytes);
    assert_eq!(fs_err::read(standin.root().join("a.bin")).unwrap(), bytes);
    assert_eq!(session.stat("/a.bin").await.unwrap().attrs.size, Some(300_001));
}

#[tokio::test]
async fn open_flags_mean_what_the_draft_says() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let exclusive = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE;
    assert_eq!(code(&session.open_as("/new", OpenFlags::WRITE).await), StatusCode::NoSuchFile);
    session.close(session.open_as("/new", exclusive).await.unwrap()).await.unwrap();
    assert_eq!(code(&session.open_as("/new", exclusive).await), StatusCode::Failure, "it is there by now");
    let without_write = OpenFlags::CREATE | OpenFlags::EXCLUDE;
    assert_eq!(code(&session.open_as("/new", without_write).await), StatusCode::Failure);
    session.open_as("/empty", without_write).await.unwrap();
    assert_eq!(session.stat("/empty").await.unwrap().attrs.size, Some(0));

    session.put("/log", b"first").await.unwrap();
    let handle = session.open_as("/log", OpenFlags::APPEND).await.unwrap();
    session.write(handle.clone(), 0, b", second".to_vec()).await.unwrap();
    session.close(handle).await.unwrap();
    assert_eq!(session.get("/log").await.unwrap(), b"first, second");

    let handle = session.open_as("/log", OpenFlags::READ).await.unwrap();
    assert_eq!(code(&session.write(handle, 0, b"x".to_vec()).await), StatusCode::PermissionDenied);
    assert_eq!(code(&session.open_as("/", OpenFlags::READ).await), StatusCode::Failure, "a folder is not read");
}

#[tokio::test]
async fn the_plain_rename_leaves_alone_what_is_there_and_the_other_replaces_it() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    session.put("/old", b"old").await.unwrap();
    session.put("/new", b"new").await.unwrap();
    assert_eq!(code(&session.rename("/new", "/old").await), StatusCode::Failure);
    assert_eq!(session.get("/old").await.unwrap(), b"old");
    session.rename("/new", "/third").await.unwrap();
    assert_eq!(code(&session.stat("/new").await), StatusCode::NoSuchFile);

    assert_eq!(session.posix_rename("/third", "/old").await, StatusCode::Ok);
    assert_eq!(session.get("/old").await.unwrap(), b"new");
    session.mkdir("/folder", FileAttributes::empty()).await.unwrap();
    session.rename("/folder", "/moved").await.unwrap();
    assert_eq!(code(&session.rename("/moved", "/old").await), StatusCode::Failure);
    assert_eq!(code(&session.rename("/missing", "/x").await), StatusCode::NoSuchFile);
}

#[tokio::test]
async fn folders_are_made_listed_and_removed_when_they_are_empty() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    session.mkdir("/many", FileAttributes::empty()).await.unwrap();
    assert_eq!(code(&session.mkdir("/many", FileAttributes::empty()).await), StatusCode::Failure);
    for number in 0..250 {
        fs_err::write(standin.root().join(format!("many/{number}")), b"").unwrap();
    }
    let handle = session.opendir("/many").await.unwrap().handle;
    let mut names = Vec::new();
    let mut pages = 0;
    while let Ok(page) = session.readdir(handle.clone()).await {
        pages += 1;
        names.extend(page.files.into_iter().map(|file| file.filename));
    }
    assert!(pages >= 3, "252 names come in several pages, not in {pages}");
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 252, "each once, with `.` and `..`");
    assert_eq!(code(&session.rmdir("/many").await), StatusCode::Failure);
    for number in 0..250 {
        session.remove(format!("/many/{number}")).await.unwrap();
    }
    session.rmdir("/many").await.unwrap();
    assert_eq!(code(&session.opendir("/many").await), StatusCode::NoSuchFile);
    assert_eq!(code(&session.remove("/many").await), StatusCode::NoSuchFile);
}

#[tokio::test]
async fn times_and_modes_are_kept_as_they_were_set() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    session.put("/kept", &pattern(100)).await.unwrap();
    let mut wanted = FileAttributes::empty();
    wanted.mtime = Some(1_000_000_000);
    wanted.atime = Some(1_000_000_001);
    wanted.permissions = Some(0o640);
    session.setstat("/kept", wanted.clone()).await.unwrap();
    let found = session.stat("/kept").await.unwrap().attrs;
    assert_eq!((found.mtime, found.permissions), (Some(1_000_000_000), Some(0o100_640)));

    let mut shorter = FileAttributes::empty();
    shorter.size = Some(10);
    let handle = session.open_as("/kept", OpenFlags::WRITE).await.unwrap();
    session.fsetstat(handle.clone(), shorter).await.unwrap();
    assert_eq!(session.fstat(handle).await.unwrap().attrs.size, Some(10));
}

#[tokio::test]
async fn no_name_and_no_link_leads_out_of_the_folder() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let outside = standin.root().parent().unwrap().join("secret");
    fs_err::write(&outside, "outside").unwrap();
    std::os::unix::fs::symlink(&outside, standin.root().join("absolute")).unwrap();
    std::os::unix::fs::symlink("../secret", standin.root().join("climbs")).unwrap();
    std::os::unix::fs::symlink("..", standin.root().join("up")).unwrap();
    for name in ["../secret", "/../secret", "a/../../secret", "absolute", "climbs", "up/secret"] {
        assert_eq!(code(&session.get(name).await), StatusCode::NoSuchFile, "{name}");
    }
    session.put("up/fresh", b"inside").await.unwrap();
    assert_eq!(fs_err::read(standin.root().join("fresh")).unwrap(), b"inside");
    assert_eq!(session.realpath("up/../..").await.unwrap().files[0].filename, "/");
    // OpenSSH has the two names the other way round than the library calls them.
    assert_eq!(code(&session.symlink("../secret", "/link").await), StatusCode::PermissionDenied);
    session.symlink("fresh", "/link").await.unwrap();
    assert_eq!(session.readlink("/link").await.unwrap().files[0].filename, "fresh");
    assert_eq!(session.get("/link").await.unwrap(), b"inside");
}

#[tokio::test]
async fn the_extensions_of_openssh_do_what_they_do_there() {
    let standin = started(Quirks { quota: Some(1 << 20), ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/one", &pattern(5000)).await.unwrap();
    session.hardlink("/one", "/two").await.unwrap();
    assert_eq!(session.get("/two").await.unwrap(), pattern(5000));
    let space = session.statvfs("/").await.unwrap();
    assert_eq!(space.blocks * space.fragment_size, 1 << 20, "the quota is the size of the disk");
    let limits = session.limits().await.unwrap();
    assert_eq!((limits.max_packet_len, limits.max_read_len, limits.max_write_len), (262_144, 261_120, 261_120));
    assert_eq!(session.expand_path("~/x").await.unwrap().files[0].filename, "/x");

    let from = session.open_as("/one", OpenFlags::READ).await.unwrap();
    let to = session.open_as("/three", OpenFlags::WRITE | OpenFlags::CREATE).await.unwrap();
    session.fsync(to.clone()).await.unwrap();
    let mut copy = string(from.as_bytes());
    copy.extend([10_u64, 0].iter().flat_map(|number| number.to_be_bytes()));
    copy.extend(string(to.as_bytes()));
    copy.extend(0_u64.to_be_bytes());
    assert!(matches!(session.extended("copy-data", copy).await, Ok(Packet::Status(_))));
    assert_eq!(session.get("/three").await.unwrap(), pattern(5000)[10..]);
}

#[tokio::test]
async fn a_drop_box_takes_files_and_shows_nothing() {
    let standin = started(Quirks { write_only: true, ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/in.bin", b"in").await.unwrap();
    let denied = [
        code(&session.get("/in.bin").await),
        code(&session.stat("/in.bin").await),
        code(&session.lstat("/in.bin").await),
        code(&session.opendir("/").await),
        code(&session.rename("/in.bin", "/x").await),
        session.posix_rename("/in.bin", "/x").await,
    ];
    assert_eq!(denied, [StatusCode::PermissionDenied; 6]);
    assert_eq!(fs_err::read(standin.root().join("in.bin")).unwrap(), b"in");
}

#[tokio::test]
async fn what_a_server_forbids_is_denied() {
    let quirks = Quirks {
        forbid_rename: true,
        forbid_names: Some("*.part".into()),
        no_setstat: true,
        no_extensions: true,
        ..Quirks::default()
    };
    let standin = started(quirks).await;
    let session = session(&standin).await;
    assert_eq!(session.extensions.len(), 0, "nothing is offered");
    session.put("/file", b"x").await.unwrap();
    assert_eq!(code(&session.put("/file.part", b"x").await), StatusCode::PermissionDenied);
    assert_eq!(code(&session.rename("/file", "/other").await), StatusCode::PermissionDenied);
    assert_eq!(session.posix_rename("/file", "/other").await, StatusCode::OpUnsupported);
    assert_eq!(code(&session.setstat("/file", FileAttributes::empty()).await), StatusCode::OpUnsupported);
}

#[tokio::test]
async fn a_server_whose_plain_rename_replaces_says_nothing_about_it() {
    let standin = started(Quirks { plain_rename_overwrites: true, posix_rename: false, ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/old", b"old").await.unwrap();
    session.put("/new", b"new").await.unwrap();
    assert_eq!(session.posix_rename("/new", "/old").await, StatusCode::OpUnsupported);
    session.rename("/new", "/old").await.unwrap();
    assert_eq!(session.get("/old").await.unwrap(), b"new");
}

#[tokio::test]
async fn a_file_is_taken_away_the_moment_it_is_closed() {
    let standin = started(Quirks { takes_closed_files: true, ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/in.bin", b"one").await.unwrap();
    session.put("/in.bin", b"two").await.unwrap();
    assert_eq!(code(&session.stat("/in.bin").await), StatusCode::NoSuchFile);
    let taken = |name: &str| fs_err::read(standin.processed().join(name)).unwrap();
    assert_eq!((taken("in.bin"), taken("in.bin.2")), (b"one".to_vec(), b"two".to_vec()));
}

#[tokio::test]
async fn no_more_than_the_quota_fits() {
    let standin = started(Quirks { quota: Some(100_000), ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/a", &pattern(60_000)).await.unwrap();
    session.put("/a", &pattern(60_000)).await.unwrap();
    let refused = session.put("/b", &pattern(60_000)).await;
    assert_eq!(code(&refused), StatusCode::Failure);
    assert!(refused.unwrap_err().to_string().contains("quota"), "the words say why");
    session.remove("/a").await.unwrap();
    session.put("/c", &pattern(60_000)).await.unwrap();
}

#[tokio::test]
async fn a_server_of_one_session_refuses_the_second() {
    let standin = started(Quirks { max_sessions: Some(1), ..Quirks::default() }).await;
    let first = session(&standin).await;
    assert!(first.ssh.channel_open_session().await.is_err(), "a second channel");
    assert!(connected(&standin).await.is_err(), "a second connection");
    first.put("/still", b"works").await.unwrap();
    first.ssh.disconnect(Disconnect::ByApplication, "", "").await.unwrap();
    drop(first);
    session(&standin).await.put("/next", b"works").await.unwrap();
}

#[tokio::test]
async fn a_server_of_small_packets_ends_the_session_of_a_long_one() {
    let standin = started(Quirks { small_packets: true, limits: false, ..Quirks::default() }).await;
    let session = session(&standin).await;
    assert!(!session.extensions.contains_key("limits@openssh.com"));
    fs_err::write(standin.root().join("big"), pattern(100_000)).unwrap();
    let handle = session.open_as("/big", OpenFlags::READ).await.unwrap();
    assert_eq!(session.read(handle, 0, 100_000).await.unwrap().data.len(), 32_768, "a read is answered with less");
    let handle = session.open_as("/w", OpenFlags::WRITE | OpenFlags::CREATE).await.unwrap();
    session.write(handle.clone(), 0, pattern(32_768)).await.unwrap();
    assert!(session.write(handle, 0, pattern(40_000)).await.is_err());
}

#[tokio::test]
async fn whoever_says_nothing_for_long_is_cut_off() {
    let quirks = Quirks { idle_disconnect: Some(Duration::from_millis(200)), ..Quirks::default() };
    let standin = started(quirks).await;
    let session = session(&standin).await;
    session.put("/before", b"x").await.unwrap();
    while !session.ssh.is_closed() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(session.stat("/before").await.is_err());
}

#[tokio::test]
async fn a_name_that_is_not_utf_8_is_told_byte_by_byte() {
    use std::os::unix::ffi::OsStrExt as _;
    let standin = started(Quirks::default()).await;
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs_err::write(standin.root().as_std_path().join(name), b"bytes").unwrap();
    let mut raw = Raw::open(&standin).await;
    let listed = raw.list_root().await;
    assert!(contains(&listed, b"caf\xe9"), "{listed:?}");
}

#[tokio::test]
async fn a_server_that_speaks_latin_1_shows_and_takes_such_names() {
    let standin = started(Quirks { latin1_names: true, ..Quirks::default() }).await;
    fs_err::write(standin.root().join("café"), b"bytes").unwrap();
    let mut raw = Raw::open(&standin).await;
    assert!(contains(&raw.list_root().await, b"caf\xe9"));
    let found = raw.ask(17, &string(b"/caf\xe9")).await;
    assert_eq!(found[0], 105, "SSH_FXP_ATTRS");
}

#[tokio::test]
async fn packets_that_are_none_end_the_session_and_not_the_server() {
    let standin = started(Quirks::default()).await;
    for packet in [vec![0, 0, 0, 1, 3], vec![0xff, 0xff, 0xff, 0xff, 1], vec![0, 0, 0, 5, 17, 0, 0, 0, 1]] {
        let mut raw = Raw::open(&standin).await;
        raw.stream.write_all(&packet).await.unwrap();
        let mut rest = Vec::new();
        raw.stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"", "{packet:?}");
    }
    session(&standin).await.put("/still", b"works").await.unwrap();
}

/// A client that sends what it is told.
struct Raw {
    stream: russh::ChannelStream<client::Msg>,
    _ssh: Ssh,
}

impl Raw {
    async fn open(standin: &SftpStandin) -> Self {
        let ssh = signed_in(standin).await;
        let channel = ssh.channel_open_session().await.unwrap();
        channel.request_subsystem(true, "sftp").await.unwrap();
        let mut raw = Self { stream: channel.into_stream(), _ssh: ssh };
        raw.stream.write_all(&[0, 0, 0, 5, 1, 0, 0, 0, 3]).await.unwrap();
        assert_eq!(raw.answer().await[0], 2, "SSH_FXP_VERSION");
        raw
    }

    async fn ask(&mut self, kind: u8, body: &[u8]) -> Vec<u8> {
        let packet = [&[kind, 0, 0, 0, 7], body].concat();
        self.stream.write_all(&string(&packet)).await.unwrap();
        self.answer().await
    }

    async fn answer(&mut self) -> Vec<u8> {
        let length = self.stream.read_u32().await.unwrap();
        let mut packet = vec![0; length as usize];
        self.stream.read_exact(&mut packet).await.unwrap();
        packet
    }

    async fn list_root(&mut self) -> Vec<u8> {
        let opened = self.ask(11, &string(b"/")).await;
        self.ask(12, &opened[5..]).await
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[tokio::test]
async fn requests_fail_as_often_as_they_are_told_to() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let refuse = |status| Rule::new(Fault::refuse(status));
    standin.faults().inject(refuse(4).operation("SSH_FXP_WRITE").times(2));
    standin.faults().inject(refuse(3).operation("SSH_FXP_OPEN").path("secret"));
    assert_eq!(code(&session.put("/a", b"x").await), StatusCode::Failure);
    assert_eq!(code(&session.put("/a", b"x").await), StatusCode::Failure);
    session.put("/a", b"x").await.unwrap();
    assert_eq!(code(&session.put("/secret", b"x").await), StatusCode::PermissionDenied);
    session.put("/secret", b"x").await.unwrap();
}

#[tokio::test]
async fn bytes_and_sizes_are_wrong_when_they_are_to_be() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let bytes = pattern(1000);
    standin.faults().inject(Rule::new(Fault::CorruptStored(7)).operation("SSH_FXP_WRITE"));
    session.put("/stored", &bytes).await.unwrap();
    let mut expected = bytes.clone();
    expected[7] = !expected[7];
    assert_eq!(fs_err::read(standin.root().join("stored")).unwrap(), expected);

    session.put("/sent", &bytes).await.unwrap();
    standin.faults().inject(Rule::new(Fault::CorruptResponse(7)).operation("SSH_FXP_READ"));
    assert_eq!(session.get("/sent").await.unwrap(), expected);
    standin.faults().inject(Rule::new(Fault::WrongLength(-1)).operation("SSH_FXP_STAT"));
    assert_eq!(session.stat("/sent").await.unwrap().attrs.size, Some(999));
    assert_eq!(session.stat("/sent").await.unwrap().attrs.size, Some(1000));
}

#[tokio::test]
async fn the_connection_breaks_after_so_many_bytes() {
    let standin = started(Quirks::default()).await;
    let first = session(&standin).await;
    standin.faults().inject(Rule::new(Fault::DropRequestAfter(100_000)).operation("SSH_FXP_WRITE"));
    assert!(first.put("/cut", &pattern(200_000)).await.is_err());
    let kept = fs_err::metadata(standin.root().join("cut")).unwrap().len();
    assert_eq!(kept, 98_304, "three packets of 32 KiB came through");

    let second = session(&standin).await;
    second.put("/whole", &pattern(200_000)).await.unwrap();
    standin.faults().inject(Rule::new(Fault::DropAnswer).operation("SSH_FXP_REMOVE"));
    assert!(second.remove("/whole").await.is_err());
    assert!(!standin.root().join("whole").exists(), "it was done all the same");
}

#[tokio::test]
async fn a_server_that_is_held_answers_when_it_is_let_go() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    standin.stall(true);
    let stat = session.stat("/");
    tokio::pin!(stat);
    let waited = tokio::time::timeout(Duration::from_millis(100), &mut stat).await;
    assert!(waited.is_err(), "no answer while it is held");
    standin.stall(false);
    stat.await.unwrap();

    standin.faults().inject(Rule::new(Fault::Hang).operation("SSH_FXP_STAT"));
    let waited = tokio::time::timeout(Duration::from_millis(100), session.stat("/")).await;
    assert!(waited.is_err(), "and none ever to a request that hangs");
    assert!(!session.ssh.is_closed());
}

#[tokio::test]
async fn latency_is_added_to_each_answer_and_not_to_the_one_before_it() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    standin.faults().inject(Rule::new(Fault::Latency(Duration::from_millis(300))).operation("SSH_FXP_STAT").always());
    // Twenty one after another would take six seconds.
    let all = futures::future::join_all((0..20).map(|_| session.stat("/")));
    let answers = tokio::time::timeout(Duration::from_secs(5), all).await.expect("they wait at the same time");
    assert!(answers.iter().all(Result::is_ok));
}

#[tokio::test]
async fn all_connections_can_be_cut_at_once_and_made_again() {
    let standin = started(Quirks::default()).await;
    let (first, second) = (session(&standin).await, session(&standin).await);
    standin.disconnect_all();
    assert!(first.stat("/").await.is_err());
    assert!(second.stat("/").await.is_err());
    session(&standin).await.stat("/").await.unwrap();
}

#[tokio::test]
async fn the_journal_says_what_was_asked_and_answered() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    session.put("/a", b"four").await.unwrap();
    assert_eq!(code(&session.stat("/missing").await), StatusCode::NoSuchFile);
    let seen: Vec<_> = standin
        .journal()
        .into_iter()
        .map(|record| (record.operation, record.path, record.status, record.received))
        .collect();
    let expected = [
        ("userauth", "waybill", Some(0), 0),
        ("SSH_FXP_OPEN", "/a", Some(0), 0),
        ("SSH_FXP_WRITE", "/a", Some(0), 4),
        ("SSH_FXP_CLOSE", "/a", Some(0), 0),
        ("SSH_FXP_STAT", "/missing", Some(2), 0),
    ];
    let expected: Vec<_> =
        expected.map(|(operation, path, status, received)| (operation.into(), path.into(), status, received)).into();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn the_host_key_stays_after_a_restart_until_it_is_rotated() {
    let folder = tempfile::tempdir().unwrap();
    let dir = camino::Utf8PathBuf::from_path_buf(folder.path().join("served")).unwrap();
    let options = Options { dir: Some(dir), ..Options::default() };
    let standin = SftpStandin::start(options.clone()).await.unwrap();
    let (port, before) = (standin.port(), standin.fingerprint());
    standin.stop().await;

    let standin = SftpStandin::start(Options { port, ..options }).await.unwrap();
    assert_eq!((standin.port(), standin.fingerprint()), (port, before.clone()));
    standin.rotate_host_key().unwrap();
    assert_ne!(standin.fingerprint(), before);
    let config = Arc::new(client::Config::default());
    let old = client::connect(config, (standin.host(), port), Trusting(before)).await;
    assert!(old.is_err(), "whoever knows the old key stops");
    session(&standin).await.stat("/").await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_or_user_does_not_sign_in() {
    let standin = started(Quirks::default()).await;
    for (user, password) in [("waybill", "wrong"), ("other", standin.password()), ("waybill", "")] {
        let mut ssh = connected(&standin).await.unwrap();
        assert!(!ssh.authenticate_password(user, password).await.unwrap().success(), "{user}");
    }
}

#[tokio::test]
async fn a_one_time_code_signs_in_once() {
    let options = Options { one_time_codes: vec!["246810".into()], ..Options::default() };
    let standin = SftpStandin::start(options).await.unwrap();
    let mut ssh = connected(&standin).await.unwrap();
    assert!(!ssh.authenticate_password("waybill", standin.password()).await.unwrap().success(), "not without a code");
    assert!(interactive(&standin, standin.password(), "246810").await);
    assert!(!interactive(&standin, standin.password(), "246810").await, "it was used");
    standin.add_one_time_code("135791");
    assert!(!interactive(&standin, "wrong", "135791").await);
    assert!(interactive(&standin, standin.password(), "135791").await);
}

/// Answers each prompt by what it asks for.
async fn interactive(standin: &SftpStandin, password: &str, code: &str) -> bool {
    let mut ssh = connected(standin).await.unwrap();
    let mut step = ssh.authenticate_keyboard_interactive_start("waybill", None).await.unwrap();
    loop {
        let prompts = match step {
            KeyboardInteractiveAuthResponse::Success => return true,
            KeyboardInteractiveAuthResponse::Failure { .. } => return false,
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        let answers = prompts
            .iter()
            .map(|prompt| if prompt.prompt.contains("code") { code.to_owned() } else { password.to_owned() })
            .collect();
        step = ssh.authenticate_keyboard_interactive_respond(answers).await.unwrap();
    }
}

/// What a command printed, what it complained of, and its status; `None` where commands are refused.
async fn executed(ssh: &Ssh, command: &str) -> Option<(String, String, u32)> {
    let mut channel = ssh.channel_open_session().await.unwrap();
    channel.exec(true, command).await.unwrap();
    let (mut out, mut errors, mut status) = (Vec::new(), Vec::new(), 0);
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Failure => return None,
            ChannelMsg::Data { data } => out.extend(data),
            ChannelMsg::ExtendedData { data, .. } => errors.extend(data),
            ChannelMsg::ExitStatus { exit_status } => status = exit_status,
            _ => {}
        }
    }
    Some((String::from_utf8(out).unwrap(), String::from_utf8(errors).unwrap(), status))
}

#[tokio::test]
async fn the_digest_of_a_file_is_told_by_a_command_and_nothing_else_is_run() {
    let standin = started(Quirks::default()).await;
    fs_err::write(standin.root().join("it's a file"), b"abc").unwrap();
    let ssh = signed_in(&standin).await;
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let ab = "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603";
    let told = executed(&ssh, r"sha256sum -- '/it'\''s a file'").await.unwrap();
    assert_eq!(told, (format!("{abc}  /it's a file\n"), String::new(), 0));
    let told = executed(&ssh, r"head -c 2 -- '/it'\''s a file' | sha256sum").await.unwrap();
    assert_eq!(told, (format!("{ab}  -\n"), String::new(), 0));
    let told = executed(&ssh, "sha256sum -- /missing").await.unwrap();
    assert_eq!(told.1, "sha256sum: /missing: No such file or directory\n");
    assert_eq!(told.2, 1);
    for command in ["touch /x", "sha256sum -- /x; touch /y", "sha256sum $(touch /y)", "md5sum /x"] {
        let (out, _, status) = executed(&ssh, command).await.unwrap();
        assert_eq!((out.as_str(), status), ("", 127), "{command}");
    }

    let standin = started(Quirks { no_exec: true, ..Quirks::default() }).await;
    assert_eq!(executed(&signed_in(&standin).await, "sha256sum -- /x").await, None);
}
