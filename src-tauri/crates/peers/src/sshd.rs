//! OpenSSH's own server, run as the current user with a configuration of its own.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

use fs_err as fs;
use tempfile::TempDir;

use crate::binaries::system;
use crate::loopback;
use crate::server::{NotStarted, Server};

const ATTEMPTS: usize = 5;

/// What the server allows. The default is an ordinary OpenSSH: SFTP and commands, one Ed25519 host key.
#[derive(Debug, Clone)]
pub struct SshdOptions {
    /// Whether commands may be run; otherwise every session is forced into SFTP.
    pub exec: bool,
    /// Channels of one connection, `MaxSessions`.
    pub max_sessions: Option<u32>,
    /// The ciphers offered, as `sshd_config` writes them.
    pub ciphers: Option<String>,
    /// The key exchanges offered, as `sshd_config` writes them.
    pub key_exchanges: Option<String>,
    /// The host keys, most preferred first.
    pub host_keys: Vec<HostKeyType>,
    /// Requests that SFTP refuses, by the names of `sftp-server -Q requests`: `opendir`, `rename`, `posix-rename`, …
    pub refused_requests: Vec<String>,
    /// Whether SFTP refuses all that changes something.
    pub read_only: bool,
    /// A text shown before authentication.
    pub banner: Option<String>,
    /// Further lines of `sshd_config`.
    pub extra_lines: Vec<String>,
}

impl Default for SshdOptions {
    fn default() -> Self {
        Self {
            exec: true,
            max_sessions: None,
            ciphers: None,
            key_exchanges: None,
            host_keys: vec![HostKeyType::Ed25519],
            refused_requests: Vec::new(),
            read_only: false,
            banner: None,
            extra_lines: Vec::new(),
        }
    }
}

/// The kind of a host key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKeyType {
    /// `ssh-ed25519`.
    Ed25519,
    /// `ecdsa-sha2-nistp256`.
    Ecdsa256,
    /// RSA with 2,048 bits.
    Rsa2048,
}

/// Which host key a restarted server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKey {
    /// The one it had.
    Same,
    /// A new one, as after a reinstallation or an attack.
    New,
}

/// A running SSH server whose only account is the current user's. Its address stays the same over [`Sshd::restart`].
pub struct Sshd {
    /// Always `127.0.0.1`.
    pub host: String,
    /// The port, chosen by the system.
    pub port: u16,
    /// Who may log in, by key only.
    pub user: String,
    /// An empty folder for files; SFTP paths below it are absolute.
    pub root: PathBuf,
    /// The private Ed25519 key of the client, without a passphrase, authorised.
    pub key_file: PathBuf,
    /// The host keys that the server started with, in the form of `~/.ssh/known_hosts`. A restart with a new key leaves it.
    pub known_hosts: PathBuf,
    /// The fingerprint of the first host key, `SHA256:…`.
    pub host_fingerprint: String,
    options: SshdOptions,
    server: Option<Server>,
    folder: TempDir,
}

impl Sshd {
    /// Starts a server.
    pub fn start(options: &SshdOptions) -> Self {
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let mut peer = Self::prepare(options.clone());
            match peer.launch() {
                Ok(()) => return peer,
                Err(why) => last = why.to_string(),
            }
        }
        panic!("sshd did not start in {ATTEMPTS} attempts; {last}");
    }

    fn prepare(options: SshdOptions) -> Self {
        assert!(!options.host_keys.is_empty(), "an SSH server needs a host key");
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        // macOS and some Linux set-ups reach their temporary folder through a link; SFTP answers the real path.
        let base = fs::canonicalize(folder.path()).expect("the temporary folder is ours");
        let root = base.join("files");
        fs::create_dir(&root).expect("the temporary folder is ours");
        let mut peer = Self {
            host: Ipv4Addr::LOCALHOST.to_string(),
            port: loopback::free_port(),
            user: current_user(),
            root,
            key_file: base.join("client_key"),
            known_hosts: base.join("known_hosts"),
            host_fingerprint: String::new(),
            options,
            server: None,
            folder,
        };
        peer.authorise("client_key", "ed25519", "");
        peer.make_host_keys();
        peer.write_known_hosts();
        peer
    }

    fn launch(&mut self) -> Result<(), NotStarted> {
        if rustix::process::geteuid().is_root() {
            fs::create_dir_all("/run/sshd").expect("root may make /run/sshd, which sshd requires");
        }
        let config = self.write_config();
        let log = self.folder.path().join("sshd.log");
        let mut command = Command::new(sshd());
        command.arg("-D").arg("-e").arg("-f").arg(config);
        let port = self.port;
        let ready = || loopback::greeting(port).is_some_and(|line| line.starts_with("SSH-2.0"));
        self.server = Some(Server::start(&mut command, &log, ready)?);
        Ok(())
    }

    fn write_config(&self) -> PathBuf {
        let config = self.folder.path().join("sshd_config");
        let text = self.config_text();
        // OpenSSH from 9.8 slows down an address that failed to log in, which tests do on purpose; older ones do not know the word.
        let lenient = format!("{text}PerSourcePenalties no\n");
        fs::write(&config, &lenient).expect("the temporary folder is ours");
        let tried = Command::new(sshd()).arg("-t").arg("-f").arg(&config).output().expect("sshd can be run");
        if !tried.status.success() {
            fs::write(&config, text).expect("the temporary folder is ours");
        }
        config
    }

    fn config_text(&self) -> String {
        let mut text = format!(
            "ListenAddress 127.0.0.1\nPort {}\nPidFile none\nStrictModes no\nUsePAM no\nUseDNS no\nLogLevel VERBOSE\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nPubkeyAuthentication yes\n\
             PermitRootLogin prohibit-password\nAuthorizedKeysFile \"{}\"\n",
            self.port,
            self.folder.path().join("authorized_keys").display(),
        );
        let options = &self.options;
        let mut line = |key: &str, value: &str| writeln!(text, "{key} {value}").expect("a string takes every line");
        for index in 0..options.host_keys.len() {
            line("HostKey", &format!("\"{}\"", self.host_key_file(index).display()));
        }
        let mut sftp = String::from("internal-sftp");
        if options.read_only {
            sftp.push_str(" -R");
        }
        if !options.refused_requests.is_empty() {
            sftp.push_str(" -P ");
            sftp.push_str(&options.refused_requests.join(","));
        }
        line("Subsystem", &format!("sftp {sftp}"));
        if !options.exec {
            line("ForceCommand", &sftp);
        }
        if let Some(sessions) = options.max_sessions {
            line("MaxSessions", &sessions.to_string());
        }
        if let Some(ciphers) = &options.ciphers {
            line("Ciphers", ciphers);
        }
        if let Some(exchanges) = &options.key_exchanges {
            line("KexAlgorithms", exchanges);
        }
        if let Some(banner) = &options.banner {
            let file = self.folder.path().join("banner");
            fs::write(&file, banner).expect("the temporary folder is ours");
            line("Banner", &format!("\"{}\"", file.display()));
        }
        for extra in &options.extra_lines {
            line(extra, "");
        }
        // Which of two lines counts differs by version.
        if !options.extra_lines.iter().any(|extra| extra.starts_with("MaxStartups")) {
            line("MaxStartups", "200");
        }
        text
    }

    fn host_key_file(&self, index: usize) -> PathBuf {
        self.folder.path().join(format!("host_key_{index}"))
    }

    fn make_host_keys(&mut self) {
        for (index, kind) in self.options.host_keys.iter().enumerate() {
            let file = self.host_key_file(index);
            if file.exists() {
                fs::remove_file(&file).expect("the temporary folder is ours");
            }
            let (name, bits) = kind.as_ssh_keygen();
            make_key(&file, name, bits, "");
        }
        let shown = run(Command::new(ssh_keygen()).args(["-E", "sha256", "-lf"]).arg(self.host_key_file(0)));
        let fingerprint = shown.split(' ').nth(1).expect("ssh-keygen -l prints bits, fingerprint, comment, type");
        fingerprint.clone_into(&mut self.host_fingerprint);
    }

    fn write_known_hosts(&self) {
        let mut lines = String::new();
        for index in 0..self.options.host_keys.len() {
            let public = public_key(&self.host_key_file(index));
            writeln!(lines, "[{}]:{} {public}", self.host, self.port).expect("a string takes every line");
        }
        fs::write(&self.known_hosts, lines).expect("the temporary folder is ours");
    }

    /// Makes a further client key with a passphrase, authorises it, and answers its private file.
    pub fn encrypted_key(&self, passphrase: &str) -> PathBuf {
        let count = fs::read_dir(self.folder.path()).map_or(0, Iterator::count);
        self.authorise(&format!("client_key_{count}"), "ed25519", passphrase)
    }

    fn authorise(&self, name: &str, kind: &str, passphrase: &str) -> PathBuf {
        let file = self.key_file.with_file_name(name);
        make_key(&file, kind, None, passphrase);
        let authorised = self.folder.path().join("authorized_keys");
        let before = fs::read_to_string(&authorised).unwrap_or_default();
        fs::write(&authorised, format!("{before}{}\n", public_key(&file))).expect("the temporary folder is ours");
        file
    }

    /// What the server wrote about itself so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("sshd.log")).unwrap_or_default()
    }

    /// Ends the server and all its sessions at once. The port stays this peer's own for a later restart.
    pub fn kill(&mut self) {
        self.server = None;
    }

    /// Starts the server again on the same port, ending it first if it runs.
    ///
    /// With [`HostKey::New`] `host_fingerprint` changes and `known_hosts` does not, so that a client that trusts the file
    /// must refuse.
    pub fn restart(&mut self, host_key: HostKey) {
        self.kill();
        if host_key == HostKey::New {
            self.make_host_keys();
        }
        if let Err(why) = self.launch() {
            panic!("sshd did not start again; {why}");
        }
    }

    /// Cuts every open connection; new ones are accepted as before.
    pub fn cut_connections(&self) {
        self.server.as_ref().expect("a killed peer has no connections").kill_children();
    }

    /// Makes the server answer nothing while its connections stay open, until [`Sshd::thaw`].
    pub fn freeze(&self) {
        self.server.as_ref().expect("a killed peer cannot be frozen").freeze();
    }

    /// Ends a freeze.
    pub fn thaw(&self) {
        self.server.as_ref().expect("a killed peer cannot be thawed").thaw();
    }
}

impl HostKeyType {
    fn as_ssh_keygen(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Ed25519 => ("ed25519", None),
            Self::Ecdsa256 => ("ecdsa", Some("256")),
            Self::Rsa2048 => ("rsa", Some("2048")),
        }
    }
}

fn make_key(file: &Path, kind: &str, bits: Option<&str>, passphrase: &str) {
    let mut command = Command::new(ssh_keygen());
    command.args(["-q", "-t", kind, "-C", "waybill-peers", "-N", passphrase, "-f"]).arg(file);
    if let Some(bits) = bits {
        command.args(["-b", bits]);
    }
    run(&mut command);
}

/// Type and key, without the comment.
fn public_key(private: &Path) -> String {
    let text = fs::read_to_string(private.with_extension("pub")).expect("ssh-keygen writes both halves");
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn current_user() -> String {
    run(Command::new(system("id", "coreutils")).arg("-un"))
}

fn sshd() -> PathBuf {
    system("sshd", "openssh-server")
}

fn ssh_keygen() -> PathBuf {
    system("ssh-keygen", "openssh-client")
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be run: {error}"));
    assert!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
