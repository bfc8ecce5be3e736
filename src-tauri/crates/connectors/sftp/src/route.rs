//! From settings and `~/.ssh/config` to the hosts that are spoken to, in order, each with its own trust and account.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use waybill_connector::{ConnectorError, Proxy, Result};
use waybill_model::FailureKind;
use waybill_proxy::{ProxyError, Traffic, Way};

use crate::{
    config::{Auth, Config},
    host_keys::Record,
    jump::{self, Hop},
    ssh_config::{HostOptions, SshConfig},
};

const MAX_HOPS: usize = 8;
const DEFAULT_KEYS: &[&str] = &["id_ed25519", "id_ecdsa", "id_rsa"];

/// How an account on one host proves itself.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) user: String,
    /// Tried in order until the server is content.
    pub(crate) ways: Vec<Auth>,
    pub(crate) key_files: Vec<PathBuf>,
    /// The one key of the agent to use, by its file; every key that it holds where `None`.
    pub(crate) agent_key: Option<PathBuf>,
    /// Where the agent listens; the environment says where `None`.
    pub(crate) agent: Option<String>,
    pub(crate) password: Option<SecretString>,
    pub(crate) passphrase: Option<SecretString>,
}

/// One host that is spoken to.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) record: Record,
    pub(crate) credentials: Credentials,
}

impl Endpoint {
    /// `host:port`, for messages.
    pub(crate) fn place(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The proxy on the way to it, if it is the first host that is spoken to.
    pub(crate) fn way(&self, proxy: &Proxy) -> std::result::Result<Option<Way>, ProxyError> {
        Way::to(proxy, Traffic::Other, &self.host)
    }
}

/// All hosts on the way, the server last.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) hops: Vec<Endpoint>,
    pub(crate) server: Endpoint,
}

impl Route {
    /// Reads the settings and the configuration file anew, so that a change counts from the next connection on.
    pub(crate) fn resolve(config: &Config) -> Result<Self> {
        let ssh = ssh_config(config)?;
        let options = ssh.options(&config.host);
        let jump = config.jump.clone().or_else(|| options.proxy_jump.clone());
        if jump.is_none() && options.proxy_command {
            return Err(ConnectorError::unsupported(
                "open",
                format!(
                    "{} goes over a ProxyCommand in its OpenSSH configuration, which is not run; name the host on the way in the setting jump",
                    config.host
                ),
            ));
        }
        let mut hops = Vec::new();
        for hop in jump::parse(jump.as_deref().unwrap_or("none"))? {
            add_hop(config, &ssh, &hop, &mut hops)?;
        }
        Ok(Self { hops, server: server(config, &options)? })
    }

    /// The host that is reached over the network itself; all others are reached through it.
    pub(crate) fn first(&self) -> &Endpoint {
        self.hops.first().unwrap_or(&self.server)
    }
}

/// The hosts that OpenSSH knows. Without the file that a connection names, its host would be looked for under another address.
fn ssh_config(config: &Config) -> Result<SshConfig> {
    let Some(path) = &config.host_file else { return Ok(SshConfig::parse("", &config.home)) };
    match SshConfig::load(path, &config.home) {
        Ok(ssh) => Ok(ssh),
        Err(_) if !config.host_file_is_named => Ok(SshConfig::parse("", &config.home)),
        Err(error) => Err(ConnectorError::new(
            FailureKind::Invalid,
            "open",
            format!(
                "the OpenSSH configuration {}, which says where {} is, cannot be read; put it back or change the setting ssh_config",
                path.display(),
                config.host
            ),
        )
        .caused_by(error)),
    }
}

/// A jump host may itself lie behind others.
fn add_hop(config: &Config, ssh: &SshConfig, hop: &Hop, hops: &mut Vec<Endpoint>) -> Result<()> {
    let options = ssh.options(&hop.host);
    if hops.is_empty() {
        for before in jump::parse(options.proxy_jump.as_deref().unwrap_or("none"))? {
            let nested = ssh.options(&before.host);
            hops.push(hop_endpoint(config, &before, &nested)?);
        }
    }
    hops.push(hop_endpoint(config, hop, &options)?);
    if hops.len() > MAX_HOPS {
        return Err(ConnectorError::new(
            FailureKind::Invalid,
            "open",
            format!("over {MAX_HOPS} jump hosts are too many"),
        ));
    }
    Ok(())
}

fn server(config: &Config, options: &HostOptions) -> Result<Endpoint> {
    let user = user(config.user.as_ref(), options)?;
    let key_files = match &config.key_file {
        Some(file) => vec![file.clone()],
        None => key_files(config, options),
    };
    let mut ways = vec![config.auth];
    if config.as_openssh {
        ways = unasked_ways(options, &key_files);
        if ways.is_empty() {
            ways.push(config.auth);
        }
    }
    let credentials = Credentials {
        user,
        ways,
        key_files,
        agent_key: config.key_file.clone().or_else(|| options.identity_files.first().cloned()),
        agent: options.identity_agent.clone(),
        password: config.password.clone(),
        passphrase: config.passphrase.clone(),
    };
    let host = options.host_name.clone().unwrap_or_else(|| config.host.clone());
    Ok(endpoint(config, options, host, config.port, credentials, config.host_key.clone()))
}

fn hop_endpoint(config: &Config, hop: &Hop, options: &HostOptions) -> Result<Endpoint> {
    let user = user(hop.user.as_ref().or(config.user.as_ref().filter(|_| options.user.is_none())), options)?;
    // The server's key is for a host on the way only where that has none of its own.
    let shared = config.key_file.clone().filter(|_| config.auth == Auth::Key && options.identity_files.is_empty());
    let mut key_files: Vec<PathBuf> = shared.into_iter().collect();
    key_files.extend(self::key_files(config, options));
    let mut ways = unasked_ways(options, &key_files);
    if config.jump_password.is_some() {
        ways.push(Auth::Password);
    }
    if ways.is_empty() {
        ways.push(Auth::Interactive);
    }
    let credentials = Credentials {
        user,
        ways,
        key_files,
        agent_key: options.identity_files.first().cloned(),
        agent: options.identity_agent.clone(),
        // The server's password is the server's alone.
        password: config.jump_password.clone(),
        passphrase: config.passphrase.clone(),
    };
    let host = options.host_name.clone().unwrap_or_else(|| hop.host.clone());
    Ok(endpoint(config, options, host, hop.port, credentials, None))
}

fn endpoint(
    config: &Config,
    options: &HostOptions,
    host: String,
    port: Option<u16>,
    credentials: Credentials,
    pin: Option<String>,
) -> Endpoint {
    let port = port.or(options.port).unwrap_or(22);
    let files = match &config.known_hosts {
        Some(file) => vec![file.clone()],
        None if !options.known_hosts.is_empty() => options.known_hosts.clone(),
        None => {
            let own = config.home.join(".ssh").join("known_hosts");
            vec![own, PathBuf::from("/etc/ssh/ssh_known_hosts")]
        }
    };
    // An alias stands in the file as it is, whatever the port.
    let record = match &options.host_key_alias {
        Some(alias) => Record::new(alias, 22, files, pin),
        None => Record::new(&host, port, files, pin),
    };
    Endpoint { host, port, record, credentials }
}

fn user(chosen: Option<&String>, options: &HostOptions) -> Result<String> {
    chosen
        .or(options.user.as_ref())
        .cloned()
        .or_else(|| ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok()))
        .filter(|user| !user.is_empty())
        .ok_or_else(|| ConnectorError::new(FailureKind::Invalid, "open", "the setting user is missing"))
}

/// What OpenSSH tries without being told: the agent, then key files.
fn unasked_ways(options: &HostOptions, key_files: &[PathBuf]) -> Vec<Auth> {
    let mut ways = Vec::new();
    if std::env::var_os("SSH_AUTH_SOCK").is_some() || options.identity_agent.is_some() {
        ways.push(Auth::Agent);
    }
    if !key_files.is_empty() {
        ways.push(Auth::Key);
    }
    ways
}

/// The files of the configuration, else the usual ones; those that are not there are left out, as OpenSSH does.
fn key_files(config: &Config, options: &HostOptions) -> Vec<PathBuf> {
    let mut files = options.identity_files.clone();
    if files.is_empty() {
        files.extend(DEFAULT_KEYS.iter().map(|name| config.home.join(".ssh").join(name)));
    }
    files.retain(|file| file.exists() || public_half(file).exists());
    files
}

/// Where the public half of a key lies.
pub(crate) fn public_half(file: &Path) -> PathBuf {
    if file.extension().is_some_and(|end| end == "pub") {
        return file.to_owned();
    }
    let mut name = file.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}
