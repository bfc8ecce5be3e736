//! Servers for the tests: a connection to one, and a folder of it as a place for the conformance suite.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a server that cannot be made is a failed test")]
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt as _;
use waybill_connector::{
    ByteStream, Connector, Learned, NobodyToAsk, OpenContext, ReadOptions, Result, Secrets, Settings, WriteOptions,
    body_of,
    conformance::{Fault, Faults, Outside, Place},
};
use waybill_model::{Receipt, RemotePath, UploadSession};
use waybill_peers::Sshd;
use waybill_standins::{
    faults::{Fault as Failing, Rule},
    sftp::SftpStandin,
};

/// What a connection is opened with; tests change a copy.
pub(crate) fn context(settings: &[(&str, &str)]) -> OpenContext {
    let mut settings: Settings = settings.iter().copied().collect();
    if settings.get("ssh_config").is_none() {
        settings.set("ssh_config", "none");
    }
    OpenContext {
        name: "partner".to_owned(),
        settings,
        secrets: Secrets::new(),
        learned: Learned::default(),
        ask: Arc::new(NobodyToAsk),
        network: waybill_connector::Network::default(),
    }
}

/// A connection to OpenSSH with the peer's key.
pub(crate) fn to_sshd(sshd: &Sshd, more: &[(&str, &str)]) -> OpenContext {
    let mut context = context(&[
        ("host", sshd.host.as_str()),
        ("user", sshd.user.as_str()),
        ("auth", "key"),
        ("key_file", sshd.key_file.to_str().unwrap()),
        ("known_hosts", sshd.known_hosts.to_str().unwrap()),
    ]);
    context.settings.set("port", sshd.port.to_string());
    for (key, value) in more {
        context.settings.set(*key, *value);
    }
    context
}

/// A connection to the stand-in with its password and its key pinned.
pub(crate) fn to_standin(standin: &SftpStandin, more: &[(&str, &str)]) -> OpenContext {
    let fingerprint = standin.fingerprint();
    let mut context = context(&[
        ("host", standin.host()),
        ("user", standin.user()),
        ("auth", "password"),
        ("host_key", fingerprint.as_str()),
    ]);
    context.settings.set("port", standin.port().to_string());
    context.secrets.insert("password".to_owned(), standin.password().into());
    for (key, value) in more {
        context.settings.set(*key, *value);
    }
    context
}

pub(crate) fn open(context: OpenContext) -> Arc<dyn Connector> {
    waybill_connector_sftp::open(context).unwrap()
}

pub(crate) fn sample(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from((at * 31 + at / 251) % 256).unwrap()).collect()
}

pub(crate) fn options(size: usize, replace: bool) -> WriteOptions {
    WriteOptions { size: size as u64, replace, ..WriteOptions::default() }
}

pub(crate) async fn put(connector: &dyn Connector, path: &RemotePath, bytes: &[u8], replace: bool) -> Result<Receipt> {
    let body = body_of(Bytes::copy_from_slice(bytes));
    connector.write().unwrap().write(path, body, options(bytes.len(), replace)).await
}

pub(crate) async fn drained(stream: ByteStream) -> Result<Vec<u8>> {
    stream
        .try_fold(Vec::new(), async |mut all, piece| {
            all.extend_from_slice(&piece);
            Ok(all)
        })
        .await
}

pub(crate) async fn get(connector: &dyn Connector, path: &RemotePath) -> Result<Vec<u8>> {
    drained(connector.read().unwrap().read(path, ReadOptions::default()).await?).await
}

/// The names in a local folder, hidden ones too.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Which server a place lies on.
pub(crate) enum Server {
    OpenSsh(Box<Sshd>),
    Standin(Box<SftpStandin>),
}

/// An empty folder on a server.
pub(crate) struct Served {
    pub(crate) server: Server,
    pub(crate) context: OpenContext,
    pub(crate) connector: Arc<dyn Connector>,
    /// The folder as this computer sees it.
    pub(crate) local: PathBuf,
    pub(crate) base: RemotePath,
}

impl Served {
    pub(crate) fn by_openssh(options: &waybill_peers::SshdOptions, more: &[(&str, &str)]) -> Self {
        let sshd = Sshd::start(options);
        let context = to_sshd(&sshd, more);
        let (local, base) = (sshd.root.clone(), RemotePath::new(sshd.root.to_str().unwrap()));
        let connector = open(context.clone());
        Self { server: Server::OpenSsh(Box::new(sshd)), context, connector, local, base }
    }

    pub(crate) async fn by_standin(quirks: waybill_standins::sftp::Quirks, more: &[(&str, &str)]) -> Self {
        let set_up = waybill_standins::sftp::Options { quirks, ..waybill_standins::sftp::Options::default() };
        let standin_tells_no_space = set_up.quirks.no_extensions;
        let standin = SftpStandin::start(set_up).await.unwrap();
        let mut context = to_standin(&standin, more);
        if standin_tells_no_space {
            context.learned.set("statvfs", false);
        }
        let local = standin.root().as_std_path().to_owned();
        let connector = open(context.clone());
        Self { server: Server::Standin(Box::new(standin)), context, connector, local, base: RemotePath::root() }
    }

    pub(crate) fn standin(&self) -> &SftpStandin {
        match &self.server {
            Server::Standin(standin) => standin,
            Server::OpenSsh(_) => panic!("this is a real server"),
        }
    }

    pub(crate) fn sshd(&mut self) -> &mut Sshd {
        match &mut self.server {
            Server::OpenSsh(sshd) => sshd,
            Server::Standin(_) => panic!("this is the stand-in"),
        }
    }

    /// A connector on the same folder that knows what the test of the connection finds out.
    pub(crate) async fn tested(&self) -> Arc<dyn Connector> {
        let report = self.connector.self_test().unwrap().run(&mut |_| {}).await;
        assert!(report.error.is_none(), "{:?}", report.error);
        open(OpenContext { learned: report.learned, ..self.context.clone() })
    }

    pub(crate) fn path(&self, name: &str) -> RemotePath {
        self.base.join(name)
    }

    fn native(&self, path: &RemotePath) -> PathBuf {
        self.local.join(path.below(&self.base).unwrap_or_default())
    }

    fn temporary(&self, session: &UploadSession) -> PathBuf {
        self.native(&RemotePath::new(session.handle["temporary"].as_str().unwrap()))
    }
}

#[async_trait]
impl Place for Served {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }
    fn base(&self) -> RemotePath {
        self.base.clone()
    }
    async fn reopen(&self) -> Arc<dyn Connector> {
        open(self.context.clone())
    }
    fn faults(&self) -> Option<&dyn Faults> {
        matches!(self.server, Server::Standin(_)).then_some(self)
    }
    fn outside(&self) -> Option<&dyn Outside> {
        Some(self)
    }
}

#[async_trait]
impl Faults for Served {
    async fn arm(&self, fault: Fault) -> bool {
        let write = |failing| Rule::new(failing).operation("SSH_FXP_WRITE");
        let rule = match fault {
            Fault::BeforePart => write(Failing::DropRequestAfter(0)),
            Fault::InPart => write(Failing::DropRequestAfter(1000)),
            Fault::AfterPart => write(Failing::DropAnswer),
            // Requests have paths, signing in has none.
            Fault::ServerError => Rule::new(Failing::refuse(4)).path("/"),
            Fault::Hang => Rule::new(Failing::Hang).path("/"),
            // The end of the file, told too soon.
            Fault::ShortRead => Rule::new(Failing::refuse(1)).operation("SSH_FXP_READ"),
            Fault::RateLimited { .. } | Fault::TokenExpires | Fault::ErrorInSuccess => return false,
        };
        self.standin().faults().inject(rule);
        true
    }
    async fn clear(&self) {
        self.standin().faults().clear();
        self.standin().stall(false);
    }
}

#[async_trait]
impl Outside for Served {
    async fn put(&self, path: &RemotePath, bytes: &[u8]) {
        let native = self.native(path);
        let before = fs_err::metadata(&native).and_then(|found| found.modified()).ok();
        fs_err::create_dir_all(native.parent().unwrap()).unwrap();
        fs_err::write(&native, bytes).unwrap();
        // Whole seconds are all that SFTP tells; another revision lies in another one.
        if let Some(before) = before {
            let file = fs_err::OpenOptions::new().write(true).open(&native).unwrap();
            file.set_modified(before + std::time::Duration::from_secs(2)).unwrap();
        }
    }
    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>> {
        fs_err::read(self.native(path)).ok()
    }
    async fn remove(&self, path: &RemotePath) {
        drop(fs_err::remove_file(self.native(path)));
    }
    async fn everything_below(&self, folder: &RemotePath) -> Option<Vec<String>> {
        let top = self.native(folder);
        let (mut found, mut folders) = (Vec::new(), vec![top.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs_err::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&top).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        Some(found)
    }
    async fn corrupt(&self, session: &UploadSession) -> bool {
        let path = self.temporary(session);
        let mut bytes = fs_err::read(&path).unwrap();
        bytes[4321] ^= 1;
        fs_err::write(path, bytes).unwrap();
        true
    }
    async fn forget(&self, session: &UploadSession) -> bool {
        fs_err::remove_file(self.temporary(session)).unwrap();
        true
    }
}
