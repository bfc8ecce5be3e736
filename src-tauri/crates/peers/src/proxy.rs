//! A proxy that others wrote (pproxy), which speaks HTTP and SOCKS 5 on one port.

use std::process::Command;

use fs_err as fs;
use tempfile::TempDir;

use crate::binaries::tool;
use crate::loopback;
use crate::server::Server;

const ATTEMPTS: usize = 5;
/// No resolver knows names that end in `.test`; to the proxy they are this computer. What arrives under such a name came
/// through it. Newer Pythons make no event loop unasked, which pproxy expects.
const NAMES: &str = "\
import asyncio, socket
asyncio.set_event_loop(asyncio.new_event_loop())
found = socket.getaddrinfo
def getaddrinfo(host, *rest, **more):
    name = host.decode() if isinstance(host, bytes) else host
    return found('127.0.0.1' if name and name.endswith('.test') else host, *rest, **more)
socket.getaddrinfo = getaddrinfo
";

/// A running proxy. Names that end in `.test` are this computer to it, and to nobody else.
pub struct ProxyPeer {
    /// Its port on 127.0.0.1.
    pub port: u16,
    server: Option<Server>,
    folder: TempDir,
}

impl ProxyPeer {
    /// Starts one that serves everybody, or only this user with this password.
    pub fn start(user: Option<(&str, &str)>) -> Self {
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let folder = tempfile::tempdir().expect("the system has a temporary folder");
            fs::write(folder.path().join("sitecustomize.py"), NAMES).expect("the temporary folder is ours");
            let port = loopback::free_port();
            let user = user.map_or_else(String::new, |(user, password)| format!("#{user}:{password}"));
            let mut command = Command::new(tool("pproxy"));
            // A sign-in holds for its connection only.
            command.args(["-v", "--auth", "0", "-l", &format!("http+socks5://127.0.0.1:{port}{user}")]);
            command.env("PYTHONPATH", folder.path()).env("PYTHONUNBUFFERED", "1");
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            match Server::start(&mut command, &folder.path().join("proxy.log"), || loopback::is_open(port)) {
                Ok(server) => return Self { port, server: Some(server), folder },
                Err(why) => last = why.to_string(),
            }
        }
        panic!("pproxy did not start in {ATTEMPTS} attempts; {last}");
    }

    /// What it was asked to lead to, in order: the protocol and the host, `socks5 sftp.test:22`.
    pub fn asked(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.path().join("proxy.log")).unwrap_or_default();
        let asked = log.lines().filter_map(|line| {
            let (from, to) = line.split_once(" -> ")?;
            Some(format!("{} {}", from.split_whitespace().next()?, to.trim()))
        });
        asked.collect()
    }

    /// Ends the proxy and every connection through it.
    pub fn kill(&mut self) {
        self.server = None;
    }
}
