//! An SFTP server on loopback: SFTP version 3 over SSH, with OpenSSH's extensions, over a folder of this computer.
//!
//! It answers as the draft and OpenSSH's `sftp-server` do, for any client. [`Quirks`] make it one of the servers that
//! people meet: a drop box, one without rename, one session only. [`SftpStandin::faults`] makes single requests fail.
//! The folder is served as `/`; no name that a client sends leads out of it.

mod attributes;
mod auth;
mod channel;
mod connection;
mod copy;
mod exec;
mod extensions;
mod files;
mod folders;
mod handles;
mod host_key;
mod line;
mod listing;
mod options;
mod packet;
mod quota;
mod root;
mod session;
mod shell_words;
mod status;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use camino::{Utf8Path, Utf8PathBuf};
use russh::keys::{HashAlg, PrivateKey, PublicKey};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

pub use self::options::{Options, Quirks};
use self::{quota::Quota, root::Root};
use crate::faults::{Faults, Record};

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct SftpStandin {
    address: SocketAddr,
    server: Arc<Server>,
    files: Utf8PathBuf,
    accepting: Option<JoinHandle<()>>,
    /// Removed with the server, where the folder was not the caller's.
    _temporary: Option<tempfile::TempDir>,
}

/// What all connections share.
struct Server {
    user: String,
    password: String,
    authorized: Vec<PublicKey>,
    methods: options::Methods,
    codes: Mutex<Vec<String>>,
    quirks: Quirks,
    root: Root,
    quota: Quota,
    /// Where files go that are taken away the moment they are closed.
    processed: Utf8PathBuf,
    host_key: Mutex<PrivateKey>,
    host_key_file: Utf8PathBuf,
    faults: Faults,
    stalled: watch::Sender<bool>,
    seats: Option<Arc<Semaphore>>,
    channels: Option<Arc<Semaphore>>,
    stopped: CancellationToken,
    /// Ends the connections of now; replaced when they were ended.
    connections: Mutex<CancellationToken>,
}

impl SftpStandin {
    /// Starts a server on loopback and answers when it accepts connections.
    pub async fn start(options: Options) -> io::Result<Self> {
        let (temporary, files) = folder_of(&options)?;
        let host_key_file = beside(&files, "host_key");
        let host_key = host_key::load_or_make(&host_key_file)?;
        let authorized = options
            .authorized_keys
            .iter()
            .map(|line| PublicKey::from_openssh(line).map_err(io::Error::other))
            .collect::<io::Result<Vec<_>>>()?;
        let seats = options.quirks.max_sessions.map(|most| Arc::new(Semaphore::new(most)));
        let channels = options.quirks.max_sessions.map(|most| Arc::new(Semaphore::new(most)));
        let server = Arc::new(Server {
            methods: options.methods(),
            user: options.user,
            password: options.password,
            authorized,
            codes: Mutex::new(options.one_time_codes),
            root: Root::new(files.clone(), options.quirks.latin1_names),
            quota: Quota::new(options.quirks.quota),
            quirks: options.quirks,
            processed: beside(&files, "processed"),
            host_key: Mutex::new(host_key),
            host_key_file,
            faults: Faults::new(),
            stalled: watch::Sender::new(false),
            seats,
            channels,
            stopped: CancellationToken::new(),
            connections: Mutex::default(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let accepting = Some(tokio::spawn(connection::accept(listener, Arc::clone(&server))));
        Ok(Self { address, server, files, accepting, _temporary: temporary })
    }

    /// The address to connect to.
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Who may sign in.
    pub fn user(&self) -> &str {
        &self.server.user
    }

    /// With which password.
    pub fn password(&self) -> &str {
        &self.server.password
    }

    /// The host key's fingerprint, as `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.server.host_key().public_key().fingerprint(HashAlg::Sha256).to_string()
    }

    /// The host key as a line of `known_hosts` has it after the host: `ssh-ed25519 AAAA…`.
    pub fn host_key_line(&self) -> String {
        let key = self.server.host_key().public_key().clone();
        let line = key.to_openssh().unwrap_or_default();
        line.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }

    /// The folder that clients see as `/`.
    pub fn root(&self) -> &Utf8Path {
        &self.files
    }

    /// Where files go under [`Quirks::takes_closed_files`].
    pub fn processed(&self) -> &Utf8Path {
        &self.server.processed
    }

    /// Shows another host key to whoever connects from now on, and keeps it for the next start.
    pub fn rotate_host_key(&self) -> io::Result<()> {
        let fresh = host_key::make(&self.server.host_key_file)?;
        *self.server.host_key.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Accepts one more one-time code, once.
    pub fn add_one_time_code(&self, code: impl Into<String>) {
        self.server.codes.lock().unwrap_or_else(PoisonError::into_inner).push(code.into());
    }

    /// What makes single requests fail. Operations are `SSH_FXP_WRITE` and the like, an extension's own name, `exec`
    /// and `userauth`; a refusal's status is the number of an `SSH_FX_…`.
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }

    /// The requests so far, the oldest first.
    pub fn journal(&self) -> Vec<Record> {
        self.server.faults.journal()
    }

    /// Holds back every answer while it is on.
    pub fn stall(&self, on: bool) {
        self.server.stalled.send_replace(on);
    }

    /// Cuts all connections of now, without a word; new ones are accepted.
    pub fn disconnect_all(&self) {
        let mut connections = self.server.connections.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *connections).cancel();
    }

    /// Cuts all connections and answers when the port is free again.
    pub async fn stop(mut self) {
        self.end();
        if let Some(accepting) = self.accepting.take() {
            // It ends by itself; a panic in it was reported where it happened.
            drop(accepting.await);
        }
    }

    fn end(&self) {
        self.server.stopped.cancel();
        self.disconnect_all();
    }
}

impl Drop for SftpStandin {
    fn drop(&mut self) {
        self.end();
    }
}

impl Server {
    fn host_key(&self) -> PrivateKey {
        self.host_key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("user", &self.user).field("quirks", &self.quirks).finish_non_exhaustive()
    }
}

fn folder_of(options: &Options) -> io::Result<(Option<tempfile::TempDir>, Utf8PathBuf)> {
    let (temporary, wanted) = if let Some(dir) = &options.dir {
        (None, dir.clone())
    } else {
        let temporary = tempfile::Builder::new().prefix("waybill-sftp-").tempdir()?;
        let files = Utf8PathBuf::from_path_buf(temporary.path().join("files"))
            .map_err(|path| io::Error::other(format!("{} is not UTF-8", path.display())))?;
        (Some(temporary), files)
    };
    fs_err::create_dir_all(&wanted)?;
    Ok((temporary, wanted.canonicalize_utf8()?))
}

/// A name next to the served folder, where no client sees it.
fn beside(files: &Utf8Path, ending: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{files}.{ending}"))
}
