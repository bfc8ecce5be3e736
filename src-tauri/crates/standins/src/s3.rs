//! A faithful S3 on loopback: the documented API over a store in a folder, with faults on demand.
//!
//! It serves one account in one region over plain HTTP, path style and `bucket.localhost`. It has versions, Object
//! Lock, tags, conditional writes, multipart uploads and verified checksums; it has no policies, no ACLs, no
//! lifecycle rules and no encryption: SSE headers are kept and answered, the bytes lie as they came.

mod blob;
mod buckets;
mod checksum;
mod clock;
mod copy;
mod credentials;
mod delete;
mod document;
mod front;
mod get;
mod host;
mod list;
mod multipart;
mod operation;
mod protect;
mod put;
mod record;
mod request;
mod service;
mod store;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use camino::Utf8PathBuf;
use s3s::service::S3ServiceBuilder;

use crate::faults::Faults;
use crate::web::{Effects, Front, Server};
use clock::Clock;
use credentials::{Credentials, Shared};
use front::S3;
use record::{BucketRecord, Versioning};
use service::Service;
use store::{OpenError, Store};

/// The account that owns everything.
const ACCOUNT: &str = "123456789012";
/// How long a start waits for an earlier server to let go of the folder.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);

/// The access key of the demo; it opens nothing but this server.
pub const DEMO_ACCESS_KEY_ID: &str = "AKIAWAYBILLDEMO00001";
/// The secret of the demo; it opens nothing but this server.
pub const DEMO_SECRET_ACCESS_KEY: &str = "waybill-demo-secret-opens-nothing-but-it";

/// A bucket that the server makes at its start unless it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketOptions {
    /// The bucket's name.
    pub name: String,
    /// Whether it keeps versions.
    pub versioning: bool,
    /// Whether versions can be locked; implies `versioning`.
    pub object_lock: bool,
}

impl BucketOptions {
    /// A bucket without versions.
    pub fn plain(name: impl Into<String>) -> Self {
        Self { name: name.into(), versioning: false, object_lock: false }
    }

    /// A bucket with versions.
    pub fn versioned(name: impl Into<String>) -> Self {
        Self { versioning: true, ..Self::plain(name) }
    }

    /// A bucket with versions that can be locked.
    pub fn locked(name: impl Into<String>) -> Self {
        Self { versioning: true, object_lock: true, ..Self::plain(name) }
    }
}

/// A session token and how long it lives from the start.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Sent by clients as `x-amz-security-token`.
    pub token: String,
    /// After this it is answered with `ExpiredToken`.
    pub lifetime: Duration,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Session").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// How to start the server.
#[derive(Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// Where objects and state are kept; `None` is a temporary folder that goes with the server.
    pub dir: Option<Utf8PathBuf>,
    /// The region that signatures must name.
    pub region: String,
    /// The only access key.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
    /// Where there is one, the key pair is temporary and each request needs a token.
    pub session: Option<Session>,
    /// Buckets to make.
    pub buckets: Vec<BucketOptions>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            dir: None,
            region: "us-east-1".to_owned(),
            access_key_id: DEMO_ACCESS_KEY_ID.to_owned(),
            secret_access_key: DEMO_SECRET_ACCESS_KEY.to_owned(),
            session: None,
            buckets: Vec::new(),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("dir", &self.dir)
            .field("region", &self.region)
            .field("access_key_id", &self.access_key_id)
            .field("session", &self.session)
            .field("buckets", &self.buckets)
            .finish_non_exhaustive()
    }
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or loopback is not there.
    #[error("cannot listen on 127.0.0.1 port {port}: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// A temporary folder cannot be made.
    #[error("cannot make a temporary folder: {0}")]
    Folder(#[source] std::io::Error),
    /// What lies in the folder cannot be used.
    #[error("{0}")]
    Store(String),
    /// A bucket of the options cannot be made.
    #[error("cannot make the bucket {name}: {reason}")]
    Bucket {
        /// Its name.
        name: String,
        /// Why not.
        reason: String,
    },
}

/// The result of a start.
pub type Result<T> = std::result::Result<T, StartError>;

/// A running server; it stops when it is dropped.
pub struct S3Standin {
    address: SocketAddr,
    credentials: Arc<Credentials>,
    store: Option<Arc<Store>>,
    faults: Faults,
    server: Server,
    folder: Option<tempfile::TempDir>,
}

impl std::fmt::Debug for S3Standin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("S3Standin").field("endpoint", &self.endpoint()).finish_non_exhaustive()
    }
}

impl S3Standin {
    /// Starts a server on the current runtime; it answers when this returns.
    pub async fn start(options: Options) -> Result<Self> {
        let (dir, folder) = if let Some(dir) = options.dir { (dir, None) } else { temporary()? };
        let listening = Server::listen(options.port).await;
        let (listener, address) = listening.map_err(|source| StartError::Listen { port: options.port, source })?;
        let clock = Arc::new(Clock::default());
        let store = Arc::new(open(dir, &clock).await?);
        for bucket in &options.buckets {
            make_bucket(&store, bucket)?;
        }
        let sessions = options.session.map(|session| (session.token, end_of(&clock, session.lifetime)));
        let credentials = Arc::new(Credentials {
            access_key_id: options.access_key_id,
            secret_access_key: options.secret_access_key,
            region: options.region.clone(),
            clock,
            sessions: Mutex::new(sessions.into_iter().collect()),
        });
        let service =
            Service { store: Arc::clone(&store), region: options.region, endpoint: format!("http://{address}") };
        let mut builder = S3ServiceBuilder::new(service);
        builder.set_auth(Shared(Arc::clone(&credentials)));
        builder.set_host(host::Hosts);
        let faults = Faults::new();
        let system = S3 { service: builder.build(), credentials: Arc::clone(&credentials) };
        let server = Server::start(listener, Front { system, faults: faults.clone() });
        Ok(Self { address, credentials, store: Some(store), faults, server, folder })
    }

    /// The URL that clients are given, without a trailing slash.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The region that signatures must name.
    pub fn region(&self) -> &str {
        &self.credentials.region
    }

    /// The access key that is let in.
    pub fn access_key_id(&self) -> &str {
        &self.credentials.access_key_id
    }

    /// The secret of the access key.
    pub fn secret_access_key(&self) -> &str {
        &self.credentials.secret_access_key
    }

    /// Faults to inject, and the journal of requests.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Lets a further session token in, beside those that there are.
    pub fn add_session(&self, session: Session) {
        let end = end_of(&self.credentials.clock, session.lifetime);
        self.credentials.sessions.lock().unwrap_or_else(PoisonError::into_inner).push((session.token, end));
    }

    /// Moves the server's time of day forward, for retentions and sessions; signatures keep to the machine's clock.
    pub fn advance_clock(&self, by: Duration) {
        self.credentials.clock.advance(by);
    }

    /// Inverts one byte of the current version of an object, as a failing disk would.
    pub fn corrupt_stored(&self, bucket: &str, key: &str, offset: u64) -> std::io::Result<()> {
        let store = self.store.as_ref().ok_or_else(|| std::io::Error::other("the server is stopped"))?;
        let version = store.find(bucket, key, None, clock::Millis::MAX).map_err(std::io::Error::other)?;
        let effects = Effects { stale: None, corrupt_stored: Some(offset) };
        put::spoil(&version, effects).map_err(std::io::Error::other)
    }

    /// Stops: lets requests under way end for a moment, then closes all connections and the store.
    pub async fn stop(mut self) {
        self.server.stop().await;
        drop(self.store.take());
        drop(self.folder.take());
    }
}

fn temporary() -> Result<(Utf8PathBuf, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().map_err(StartError::Folder)?;
    let dir = Utf8PathBuf::from_path_buf(folder.path().to_owned())
        .map_err(|path| StartError::Store(format!("the temporary folder {} is not UTF-8", path.display())))?;
    Ok((dir, Some(folder)))
}

fn end_of(clock: &Clock, lifetime: Duration) -> clock::Millis {
    clock.now().saturating_add(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX))
}

/// Opens the store, waiting a little where an earlier server is still about to let go.
async fn open(dir: Utf8PathBuf, clock: &Arc<Clock>) -> Result<Store> {
    let patience = tokio::time::Instant::now() + LOCK_PATIENCE;
    loop {
        let (dir, clock) = (dir.clone(), Arc::clone(clock));
        let opened = tokio::task::spawn_blocking(move || Store::open(dir, clock)).await;
        match opened.map_err(|error| StartError::Store(error.to_string()))? {
            Ok(store) => return Ok(store),
            Err(OpenError::InUse(_)) if tokio::time::Instant::now() < patience => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => return Err(StartError::Store(error.to_string())),
        }
    }
}

fn make_bucket(store: &Store, bucket: &BucketOptions) -> Result<()> {
    let refuse = |reason: String| StartError::Bucket { name: bucket.name.clone(), reason };
    if !s3s::path::check_bucket_name(&bucket.name) {
        return Err(refuse("the name breaks the rules for bucket names".to_owned()));
    }
    if store.bucket(&bucket.name).is_ok() {
        return Ok(());
    }
    let versioned = bucket.versioning || bucket.object_lock;
    let record = BucketRecord {
        name: bucket.name.clone(),
        created: store.now(),
        versioning: if versioned { Versioning::Enabled } else { Versioning::Never },
        object_lock: bucket.object_lock,
        default_retention: None,
    };
    store.create_bucket(record).map_err(|error| refuse(error.message().unwrap_or_default().to_owned()))
}
