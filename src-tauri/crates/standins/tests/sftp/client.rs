//! Clients of the stand-in: one that signs in and trusts the key that it says it has, and one that sends any packet.

use std::sync::Arc;

use russh::{
    client,
    keys::{HashAlg, PublicKeyOrCertificate},
};
use russh_sftp::{
    client::{RawSftpSession, error::Error as SftpError},
    protocol::{FileAttributes, OpenFlags, Packet, StatusCode},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use waybill_standins::sftp::{Options, Quirks, SftpStandin};

/// Trusts the key that the stand-in says it has.
pub(crate) struct Trusting(pub(crate) String);

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = shown else { return Ok(false) };
        Ok(key.fingerprint(HashAlg::Sha256).to_string() == self.0)
    }
}

pub(crate) type Ssh = client::Handle<Trusting>;

pub(crate) async fn started(quirks: Quirks) -> SftpStandin {
    SftpStandin::start(Options { quirks, ..Options::default() }).await.unwrap()
}

pub(crate) async fn connected(standin: &SftpStandin) -> Result<Ssh, russh::Error> {
    let config = Arc::new(client::Config { nodelay: true, ..client::Config::default() });
    client::connect(config, (standin.host(), standin.port()), Trusting(standin.fingerprint())).await
}

pub(crate) async fn signed_in(standin: &SftpStandin) -> Ssh {
    let mut ssh = connected(standin).await.unwrap();
    assert!(ssh.authenticate_password(standin.user(), standin.password()).await.unwrap().success());
    ssh
}

/// A session, with the connection that has to outlive it.
pub(crate) struct Session {
    pub(crate) sftp: RawSftpSession,
    pub(crate) ssh: Ssh,
    pub(crate) extensions: std::collections::HashMap<String, String>,
}

impl std::ops::Deref for Session {
    type Target = RawSftpSession;
    fn deref(&self) -> &RawSftpSession {
        &self.sftp
    }
}

pub(crate) async fn session(standin: &SftpStandin) -> Session {
    let ssh = signed_in(standin).await;
    let channel = ssh.channel_open_session().await.unwrap();
    channel.request_subsystem(true, "sftp").await.unwrap();
    let sftp = RawSftpSession::new(channel.into_stream());
    let extensions = sftp.init().await.unwrap().extensions;
    Session { sftp, ssh, extensions }
}

impl Session {
    pub(crate) async fn open_as(&self, path: &str, flags: OpenFlags) -> Result<String, SftpError> {
        Ok(self.open(path, flags, FileAttributes::empty()).await?.handle)
    }

    pub(crate) async fn put(&self, path: &str, bytes: &[u8]) -> Result<(), SftpError> {
        let handle = self.open_as(path, OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::TRUNCATE).await?;
        for (number, piece) in bytes.chunks(32 << 10).enumerate() {
            self.write(handle.clone(), (number * (32 << 10)) as u64, piece.to_vec()).await?;
        }
        self.close(handle).await.map(drop)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Vec<u8>, SftpError> {
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

    pub(crate) async fn posix_rename(&self, from: &str, to: &str) -> StatusCode {
        let data = [from, to].iter().flat_map(|name| string(name.as_bytes())).collect();
        match self.extended("posix-rename@openssh.com", data).await {
            Ok(Packet::Status(status)) => status.status_code,
            other => code(&other.map(drop)),
        }
    }
}

pub(crate) fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// The status that a call ended with.
pub(crate) fn code<T>(result: &Result<T, SftpError>) -> StatusCode {
    match result {
        Ok(_) => StatusCode::Ok,
        Err(SftpError::Status(status)) => status.status_code,
        Err(other) => panic!("no status but {other}"),
    }
}

pub(crate) fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect()
}

/// A client that sends what it is told.
pub(crate) struct Raw {
    pub(crate) stream: russh::ChannelStream<client::Msg>,
    _ssh: Ssh,
}

impl Raw {
    pub(crate) async fn open(standin: &SftpStandin) -> Self {
        let ssh = signed_in(standin).await;
        let channel = ssh.channel_open_session().await.unwrap();
        channel.request_subsystem(true, "sftp").await.unwrap();
        let mut raw = Self { stream: channel.into_stream(), _ssh: ssh };
        raw.stream.write_all(&[0, 0, 0, 5, 1, 0, 0, 0, 3]).await.unwrap();
        assert_eq!(raw.answer().await[0], 2, "SSH_FXP_VERSION");
        raw
    }

    pub(crate) async fn ask(&mut self, kind: u8, body: &[u8]) -> Vec<u8> {
        let packet = [&[kind, 0, 0, 0, 7], body].concat();
        self.stream.write_all(&string(&packet)).await.unwrap();
        self.answer().await
    }

    pub(crate) async fn answer(&mut self) -> Vec<u8> {
        let length = self.stream.read_u32().await.unwrap();
        let mut packet = vec![0; length as usize];
        self.stream.read_exact(&mut packet).await.unwrap();
        packet
    }

    pub(crate) async fn list_root(&mut self) -> Vec<u8> {
        let opened = self.ask(11, &string(b"/")).await;
        self.ask(12, &opened[5..]).await
    }
}

pub(crate) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
