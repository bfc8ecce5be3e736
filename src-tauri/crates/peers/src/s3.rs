//! Three servers that speak the S3 API, each with its own idea of it.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use fs_err as fs;
use tempfile::TempDir;

use crate::binaries::tool;
use crate::loopback;
use crate::server::{NotStarted, Server};

const ATTEMPTS: usize = 5;
const BUCKET: &str = "waybill";

/// A running S3 server with one bucket. Its address stays the same over [`S3Peer::restart`].
pub struct S3Peer {
    /// The URL to talk to, `http://127.0.0.1:PORT`. Buckets are addressed by path.
    pub endpoint: String,
    /// The region that requests are signed for.
    pub region: String,
    /// A bucket that exists and is empty.
    pub bucket: String,
    /// Who may do everything in the bucket.
    pub access_key_id: String,
    /// The secret of `access_key_id`.
    pub secret_access_key: String,
    kind: Kind,
    ports: Ports,
    server: Option<Server>,
    folder: TempDir,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Garage,
    Moto,
    Rclone,
}

#[derive(Clone, Copy)]
struct Ports {
    api: u16,
    /// Garage's own traffic between nodes; it starts no server without it.
    rpc: u16,
}

impl S3Peer {
    /// Garage: multipart and SHA-256 checksums verified; no versions, tags, Object Lock or conditional writes.
    ///
    /// What was stored survives [`S3Peer::restart`].
    pub fn garage() -> Self {
        let secret = "7d37d093435a41f2aab8f13c19ba067d9776c90215f56614adad6ece597dbb34";
        Self::start(Kind::Garage, "garage", "GK31c2f218a2e44f485b94239e", secret)
    }

    /// moto: versions, tags and Object Lock; takes a wrong checksum without a word.
    ///
    /// It stores in memory: [`S3Peer::restart`] brings back the bucket, empty.
    pub fn moto() -> Self {
        Self::start(Kind::Moto, "us-east-1", "AKIAWAYBILLMOTOPEER1", "waybill-moto-peer-secret-of-40-character")
    }

    /// `rclone serve s3`: answers the creation of a multipart upload with the root `InitiateMultipartUpload`.
    ///
    /// What was stored survives [`S3Peer::restart`]; unfinished uploads do not.
    pub fn rclone() -> Self {
        Self::start(Kind::Rclone, "us-east-1", "AKIAWAYBILLRCLONEPR1", "waybill-rclone-peer-secret-40-characters")
    }

    fn start(kind: Kind, region: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let ports = Ports { api: loopback::free_port(), rpc: loopback::free_port() };
            let mut peer = Self {
                endpoint: format!("http://{}:{}", Ipv4Addr::LOCALHOST, ports.api),
                region: region.to_owned(),
                bucket: BUCKET.to_owned(),
                access_key_id: access_key_id.to_owned(),
                secret_access_key: secret_access_key.to_owned(),
                kind,
                ports,
                server: None,
                folder: tempfile::tempdir().expect("the system has a temporary folder"),
            };
            match peer.launch() {
                Ok(()) => return peer,
                Err(why) => last = why.to_string(),
            }
        }
        panic!("{} did not start in {ATTEMPTS} attempts; {last}", kind.name());
    }

    fn launch(&mut self) -> Result<(), NotStarted> {
        let log = self.folder.path().join("server.log");
        let port = self.ports.api;
        let ready = || loopback::status(port, "GET", "/").is_some() && self.has_bucket();
        let server = Server::start(&mut self.command(), &log, ready)?;
        self.server = Some(server);
        Ok(())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(tool(self.kind.name()));
        command.current_dir(self.folder.path());
        for variable in ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
            command.env_remove(variable);
        }
        let port = self.ports.api.to_string();
        match self.kind {
            Kind::Garage => {
                let config = self.write_garage_config();
                command.arg("-c").arg(config).args(["server", "--single-node", "--default-bucket"]);
                command.env("GARAGE_DEFAULT_ACCESS_KEY", &self.access_key_id);
                command.env("GARAGE_DEFAULT_SECRET_KEY", &self.secret_access_key);
                command.env("GARAGE_DEFAULT_BUCKET", &self.bucket);
                command.env("RUST_LOG", "garage=info");
            }
            Kind::Moto => {
                command.args(["-H", "127.0.0.1", "-p", &port]);
            }
            Kind::Rclone => {
                let stored = self.folder.path().join("stored");
                fs::create_dir_all(stored.join(&self.bucket)).expect("the temporary folder is ours");
                command.env("RCLONE_CONFIG", self.folder.path().join("rclone.conf"));
                command.env("RCLONE_AUTH_KEY", format!("\"{},{}\"", self.access_key_id, self.secret_access_key));
                command.args(["serve", "s3", "--addr", &format!("127.0.0.1:{port}"), "--vfs-cache-mode", "off"]);
                command.arg(stored);
            }
        }
        command
    }

    fn write_garage_config(&self) -> std::path::PathBuf {
        let folder = self.folder.path();
        let config = folder.join("garage.toml");
        let Ports { api, rpc } = self.ports;
        let text = format!(
            "metadata_dir = \"{meta}\"\ndata_dir = \"{data}\"\ndb_engine = \"sqlite\"\nreplication_factor = 1\n\
             rpc_bind_addr = \"127.0.0.1:{rpc}\"\nrpc_public_addr = \"127.0.0.1:{rpc}\"\nrpc_secret = \"{secret}\"\n\
             [s3_api]\napi_bind_addr = \"127.0.0.1:{api}\"\ns3_region = \"{region}\"\n",
            meta = folder.join("meta").display(),
            data = folder.join("data").display(),
            secret = "b3".repeat(32),
            region = self.region,
        );
        fs::write(&config, text).expect("the temporary folder is ours");
        config
    }

    fn has_bucket(&self) -> bool {
        match self.kind {
            Kind::Garage => self.garage_cli(&["bucket", "info", &self.bucket]).is_ok(),
            Kind::Moto => self.create_in_moto(&self.bucket),
            Kind::Rclone => true,
        }
    }

    /// Makes another bucket that `access_key_id` may use.
    pub fn create_bucket(&self, name: &str) {
        match self.kind {
            Kind::Garage => {
                let all = ["bucket", "allow", "--read", "--write", "--owner", name, "--key", &self.access_key_id];
                self.garage_cli(&["bucket", "create", name])
                    .and_then(|()| self.garage_cli(&all))
                    .unwrap_or_else(|why| panic!("Garage refuses the bucket {name}: {why}"));
            }
            Kind::Moto => assert!(self.create_in_moto(name), "moto refuses the bucket {name}"),
            Kind::Rclone => {
                let folder = self.folder.path().join("stored").join(name);
                fs::create_dir_all(folder).expect("the temporary folder is ours");
            }
        }
    }

    fn create_in_moto(&self, name: &str) -> bool {
        loopback::status(self.ports.api, "PUT", &format!("/{name}")) == Some(200)
    }

    fn garage_cli(&self, arguments: &[&str]) -> Result<(), String> {
        let config: &Path = &self.folder.path().join("garage.toml");
        let output = Command::new(tool("garage"))
            .arg("-c")
            .arg(config)
            .args(arguments)
            .env("RUST_LOG", "error")
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Ends the server at once, as a power cut would. The port stays this peer's own for a later restart.
    pub fn kill(&mut self) {
        self.server = None;
    }

    /// Starts the server again at the same address, ending it first if it runs.
    pub fn restart(&mut self) {
        self.kill();
        if let Err(why) = self.launch() {
            panic!("{} did not start again; {why}", self.kind.name());
        }
    }

    /// Makes the server answer nothing while its connections stay open, until [`S3Peer::thaw`].
    pub fn freeze(&self) {
        self.server.as_ref().expect("a killed peer cannot be frozen").freeze();
    }

    /// Ends a freeze.
    pub fn thaw(&self) {
        self.server.as_ref().expect("a killed peer cannot be thawed").thaw();
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Garage => "garage",
            Self::Moto => "moto_server",
            Self::Rclone => "rclone",
        }
    }
}
