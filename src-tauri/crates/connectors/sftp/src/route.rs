//! From settings and `~/.ssh/config` to the hosts that are spoken to, in order, each with its own trust and account.

use std::path::PathBuf;

use secrecy::SecretString;
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;

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
        let ssh = match &config.host_file {
            Some(path) => SshConfig::load(path, &config.home),
            None => SshConfig::parse("", &config.home),
        };
        let options = ssh.options(&config.host);
        let jump = config.jump.clone().or_else(|| options.proxy_jump.clone());
        if jump.is_none() && options.proxy_command {
            return Err(ConnectorError::unsupported(
                "open",
                format!(
                    "{} goes over a ProxyCommand in ~/.ssh/config, which is not run; name the host on the way in the setting jump",
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
    let credentials = Credentials {
        user,
        ways: vec![config.auth],
        key_files,
        agent: options.identity_agent.clone(),
        password: config.password.clone(),
        passphrase: config.passphrase.clone(),
    };
    let host = options.host_name.clone().unwrap_or_else(|| config.host.clone());
    Ok(endpoint(config, options, host, config.port, credentials, config.host_key.clone()))
}

fn hop_endpoint(config: &Config, hop: &Hop, options: &HostOptions) -> Result<Endpoint> {
    let user = user(hop.user.as_ref().or(config.user.as_ref().filter(|_| options.user.is_none())), options)?;
    let mut key_files: Vec<PathBuf> =
        config.key_file.clone().into_iter().filter(|_| config.auth == Auth::Key).collect();
    key_files.extend(self::key_files(config, options).into_iter().filter(|file| file.exists()));
    let mut ways = Vec::new();
    if std::env::var_os("SSH_AUTH_SOCK").is_some() || options.identity_agent.is_some() {
        ways.push(Auth::Agent);
    }
    if !key_files.is_empty() {
        ways.push(Auth::Key);
    }
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

fn key_files(config: &Config, options: &HostOptions) -> Vec<PathBuf> {
    if !options.identity_files.is_empty() {
        return options.identity_files.clone();
    }
    let usual = DEFAULT_KEYS.iter().map(|name| config.home.join(".ssh").join(name));
    usual.filter(|file| file.exists()).collect()
}
