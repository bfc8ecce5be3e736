//! An SSH agent of its own, so that tests never meet the keys of the person who runs them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::binaries::system;
use crate::server::Server;

/// A running `ssh-agent` that holds the keys given to it.
pub struct SshAgent {
    /// The value for `SSH_AUTH_SOCK`.
    pub socket: PathBuf,
    _server: Server,
    _folder: TempDir,
}

impl SshAgent {
    /// Starts an agent without keys.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        let socket = folder.path().join("agent");
        let mut command = Command::new(system("ssh-agent", "openssh-client"));
        command.args(["-D", "-a"]).arg(&socket);
        let server = Server::start(&mut command, &folder.path().join("agent.log"), || socket.exists())
            .unwrap_or_else(|why| panic!("ssh-agent did not start; {why}"));
        Self { socket, _server: server, _folder: folder }
    }

    /// Hands the agent a private key without a passphrase.
    pub fn add(&self, key_file: &Path) {
        let status = Command::new(system("ssh-add", "openssh-client"))
            .arg("-q")
            .arg(key_file)
            .env("SSH_AUTH_SOCK", &self.socket)
            .stdin(Stdio::null())
            .status()
            .expect("ssh-add can be run");
        assert!(status.success(), "ssh-add refused {}", key_file.display());
    }
}
