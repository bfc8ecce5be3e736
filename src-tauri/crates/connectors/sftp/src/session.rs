//! One SFTP channel on one SSH connection: requests with a watch for stalls, open files that close themselves, and
//! what the server is able to do.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::FutureExt as _;
use russh_sftp::{
    client::{Config as SftpConfig, RawSftpSession, rawsession::SftpResult},
    protocol::{FileAttributes, OpenFlags, Packet, StatusCode},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;

use crate::{
    auth::Asking,
    config::Config,
    errors::Fault,
    frames::{Frames, Pulse},
    transport::{self, Transport},
};

/// Payload of one request where the server does not tell its limit: the frame stays below 32 KiB with its head.
const CAREFUL_REQUEST: u32 = 31 << 10;
const LARGEST_REQUEST: u32 = 255 << 10;
/// Room for the head of a frame with a path in it.
const FRAME_HEAD: u64 = 1 << 10;
/// Servers keep few handles for each session, and some count badly.
const OPEN_FILES: usize = 96;
const LARGEST_FRAME: u32 = 4 << 20;
/// Commands at once beside the SFTP channel; OpenSSH allows ten channels on a connection.
const COMMANDS: usize = 4;
pub(crate) const POSIX_RENAME: &str = "posix-rename@openssh.com";

/// What the server said that it can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that a server offers or does not")]
pub(crate) struct Features {
    pub(crate) posix_rename: bool,
    pub(crate) fsync: bool,
    pub(crate) statvfs: bool,
    /// Whether the server told its limits.
    pub(crate) limits: bool,
    /// Payload of one read.
    pub(crate) read_bytes: u32,
    /// Payload of one write.
    pub(crate) write_bytes: u32,
    pub(crate) open_files: usize,
}

/// A signed-in session with its SFTP channel.
pub(crate) struct Session {
    raw: Arc<RawSftpSession>,
    pub(crate) transport: Transport,
    pub(crate) features: Features,
    pulse: Arc<Pulse>,
    pub(crate) patience: Duration,
    files: Arc<Semaphore>,
    pub(crate) commands: Semaphore,
    broken: AtomicBool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("transport", &self.transport).finish_non_exhaustive()
    }
}

impl Session {
    /// Connects, signs in and opens the channel.
    pub(crate) async fn open(config: &Config, asking: &Asking) -> Result<Self> {
        let (transport, endpoint) = transport::connect(config, asking).await?;
        let pulse = Pulse::new();
        let patience = config.timeout;
        let channel = tokio::time::timeout(patience, subsystem(&transport))
            .await
            .map_err(|_| Fault::Stalled(patience.as_secs()).about("connect"))??;
        let sftp = SftpConfig {
            max_packet_len: LARGEST_FRAME,
            // The watch of `call` decides, by movement and not by the age of a request.
            request_timeout_secs: u64::MAX,
            ..SftpConfig::default()
        };
        let raw = RawSftpSession::new_with_config(Frames::new(channel.into_stream(), Arc::clone(&pulse)), sftp);
        let mut session = Self {
            raw: Arc::new(raw),
            transport,
            features: Features::default(),
            pulse,
            patience,
            files: Arc::new(Semaphore::new(0)),
            commands: Semaphore::new(COMMANDS),
            broken: AtomicBool::new(false),
        };
        session.features = session.introduce(config.packet_limit).await.map_err(|fault| fault.about("connect"))?;
        session.files = Arc::new(Semaphore::new(session.features.open_files));
        session.transport.learn_announced(&endpoint).await;
        Ok(session)
    }

    async fn introduce(&self, packet_limit: Option<u32>) -> std::result::Result<Features, Fault> {
        let version = self.call(self.raw.init()).await?;
        let offers = |name: &str| version.extensions.contains_key(name);
        let mut features = Features {
            posix_rename: offers(POSIX_RENAME),
            fsync: offers("fsync@openssh.com"),
            statvfs: offers("statvfs@openssh.com"),
            limits: false,
            read_bytes: CAREFUL_REQUEST,
            write_bytes: CAREFUL_REQUEST,
            open_files: OPEN_FILES,
        };
        if offers("limits@openssh.com")
            && let Ok(limits) = self.call(self.raw.limits()).await
        {
            let frame = match limits.max_packet_len {
                0 => u64::from(LARGEST_REQUEST),
                bytes => bytes.saturating_sub(FRAME_HEAD),
            };
            let payload = |told: u64| {
                let told = if told == 0 { u64::from(CAREFUL_REQUEST) } else { told };
                u32::try_from(told.min(frame).min(u64::from(LARGEST_REQUEST))).unwrap_or(CAREFUL_REQUEST).max(1024)
            };
            features.limits = true;
            features.read_bytes = payload(limits.max_read_len);
            features.write_bytes = payload(limits.max_write_len);
            if let Ok(handles @ 1..) = usize::try_from(limits.max_open_handles) {
                features.open_files = OPEN_FILES.min(handles);
            }
        }
        if let Some(limit) = packet_limit {
            features.read_bytes = features.read_bytes.min(limit);
            features.write_bytes = features.write_bytes.min(limit);
        }
        Ok(features)
    }

    /// Whether a new session is needed.
    pub(crate) fn is_closed(&self) -> bool {
        self.broken.load(Ordering::Relaxed) || self.transport.is_closed()
    }

    /// The library's session, for requests that `call` watches.
    pub(crate) fn raw(&self) -> &RawSftpSession {
        &self.raw
    }

    /// Waits for one request. It fails where nothing moves on the connection, however long the request is under way.
    pub(crate) async fn call<T>(
        &self,
        request: impl Future<Output = SftpResult<T>> + Send,
    ) -> std::result::Result<T, Fault> {
        let started = Instant::now();
        tokio::pin!(request);
        let answer = loop {
            let deadline = self.pulse.last().max(started) + self.patience;
            tokio::select! {
                biased;
                answer = &mut request => break answer.map_err(Fault::from),
                () = sleep_until(deadline) => {
                    if self.pulse.last().max(started) + self.patience <= Instant::now() {
                        break Err(Fault::Stalled(self.patience.as_secs()));
                    }
                }
            }
        };
        if answer.as_ref().is_err_and(Fault::ends_the_session) {
            self.broken.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Opens a file. Where the caller goes away meanwhile, the file is closed again, and removed if it is `doomed`.
    pub(crate) async fn open_file(
        self: &Arc<Self>,
        path: &str,
        flags: OpenFlags,
        doomed: bool,
    ) -> std::result::Result<OpenFile, Fault> {
        let (session, path) = (Arc::clone(self), path.to_owned());
        let opening = tokio::spawn(async move {
            let permit = Arc::clone(&session.files).acquire_owned().await.ok();
            let handle = session.call(session.raw.open(path.as_str(), flags, FileAttributes::empty())).await?.handle;
            Ok(OpenFile { session, handle, doomed: doomed.then_some(path), closed: false, _permit: permit })
        });
        opening.await.unwrap_or_else(|stopped| Err(Fault::Lost(stopped.to_string())))
    }

    /// Opens a folder for listing.
    pub(crate) async fn open_folder(self: &Arc<Self>, path: &str) -> std::result::Result<OpenFile, Fault> {
        let (session, path) = (Arc::clone(self), path.to_owned());
        let opening = tokio::spawn(async move {
            let permit = Arc::clone(&session.files).acquire_owned().await.ok();
            let handle = session.call(session.raw.opendir(path)).await?.handle;
            Ok(OpenFile { session, handle, doomed: None, closed: false, _permit: permit })
        });
        opening.await.unwrap_or_else(|stopped| Err(Fault::Lost(stopped.to_string())))
    }

    /// Attributes of what a path leads to; `None` where nothing is there.
    pub(crate) async fn stat(&self, path: &str) -> std::result::Result<Option<FileAttributes>, Fault> {
        missing_is_none(self.call(self.raw.stat(path)).await.map(|answer| answer.attrs))
    }

    /// Attributes of the entry itself, be it a symlink; `None` where nothing is there.
    pub(crate) async fn lstat(&self, path: &str) -> std::result::Result<Option<FileAttributes>, Fault> {
        missing_is_none(self.call(self.raw.lstat(path)).await.map(|answer| answer.attrs))
    }

    /// Renames over what is there, in one step on the server.
    pub(crate) async fn posix_rename(&self, from: &str, to: &str) -> std::result::Result<(), Fault> {
        let mut body = Vec::with_capacity(8 + from.len() + to.len());
        for path in [from, to] {
            body.extend(u32::try_from(path.len()).unwrap_or(u32::MAX).to_be_bytes());
            body.extend(path.as_bytes());
        }
        match self.call(self.raw.extended(POSIX_RENAME, body)).await? {
            Packet::Status(status) if status.status_code == StatusCode::Ok => Ok(()),
            Packet::Status(status) => Err(russh_sftp::client::error::Error::Status(status).into()),
            _ => Err(Fault::Protocol("an unexpected packet".to_owned())),
        }
    }
}

fn missing_is_none<T>(answer: std::result::Result<T, Fault>) -> std::result::Result<Option<T>, Fault> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.is_missing() => Ok(None),
        Err(fault) => Err(fault),
    }
}

async fn subsystem(transport: &Transport) -> Result<russh::Channel<russh::client::Msg>> {
    let channel = transport.handle.channel_open_session().await.map_err(|error| transport.error("connect", error))?;
    let refused = |error| {
        ConnectorError::new(
            FailureKind::Unsupported,
            "connect",
            format!("{} does not offer SFTP to this account", transport.place),
        )
        .caused_by(error)
    };
    channel.request_subsystem(true, "sftp").await.map_err(|error| transport.error("connect", error))?;
    let mut channel = channel;
    while let Some(message) = channel.wait().await {
        match message {
            russh::ChannelMsg::Success => return Ok(channel),
            russh::ChannelMsg::Failure => return Err(refused(russh::Error::RequestDenied)),
            russh::ChannelMsg::Close | russh::ChannelMsg::Eof => break,
            _ => {}
        }
    }
    Err(transport.error("connect", russh::Error::Disconnect))
}

/// A handle on the server. Dropping it closes it without waiting, and removes a doomed file.
#[derive(Debug)]
pub(crate) struct OpenFile {
    session: Arc<Session>,
    handle: String,
    doomed: Option<String>,
    closed: bool,
    _permit: Option<OwnedSemaphorePermit>,
}

impl OpenFile {
    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    pub(crate) fn handle(&self) -> &str {
        &self.handle
    }

    /// The file is whole, or somebody else cares for it: dropping leaves it.
    pub(crate) fn spare(&mut self) {
        self.doomed = None;
    }

    /// The close is sent already.
    pub(crate) fn closed_elsewhere(&mut self) {
        self.closed = true;
    }

    /// Closes it and waits for the answer, in which servers report what went wrong late.
    pub(crate) async fn close(&mut self) -> std::result::Result<(), Fault> {
        self.closed = true;
        self.session.call(self.session.raw.close(self.handle.as_str())).await.map(drop)
    }

    /// Closes it, removes it where it is doomed, and waits until both are done.
    pub(crate) async fn discard(mut self) {
        if !self.session.is_closed() {
            if !self.closed {
                self.close().await.ok();
            }
            if let Some(path) = self.doomed.take() {
                self.session.call(self.session.raw.remove(path)).await.ok();
            }
        }
    }

    /// Attributes of the open file.
    pub(crate) async fn stat(&self) -> std::result::Result<FileAttributes, Fault> {
        self.session.call(self.session.raw.fstat(self.handle.as_str())).await.map(|answer| answer.attrs)
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        // A request is on its way once it was polled; nobody waits for these answers.
        if !self.closed {
            drop(self.session.raw.close(self.handle.as_str()).now_or_never());
        }
        if let Some(path) = self.doomed.take() {
            drop(self.session.raw.remove(path).now_or_never());
        }
    }
}
