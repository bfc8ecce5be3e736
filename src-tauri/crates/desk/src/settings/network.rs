//! How the network is reached: over a proxy, and with certificates of one's own.

use serde::{Deserialize, Serialize};
use waybill_connector::FieldProblem;

use super::{SettingsSection, problem};
use crate::words;

/// Which proxy is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyMode {
    /// The one of the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`.
    #[default]
    System,
    /// None, whatever the environment says.
    None,
    /// The one that is named here.
    Manual,
}

/// The proxy and the certificates. The proxy's password lies in a vault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Network {
    /// Which proxy.
    pub proxy: ProxyMode,
    /// `http://host:port` or `socks5://host:port`.
    pub url: String,
    /// Who signs in at the proxy; nobody where empty.
    pub user: String,
    /// The vault that holds the password; never the password.
    pub password_in: Option<String>,
    /// Hosts that are reached without it, separated by commas.
    pub no_proxy: String,
    /// A PEM file with certificates that are trusted beside the system's; none where empty.
    pub ca_file: String,
}

impl SettingsSection for Network {
    const KEY: &'static str = "settings.network";

    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.proxy == ProxyMode::Manual && self.url.trim().is_empty() {
            problems.push(problem("url", words::PROXY_URL_NEEDED.said()));
        }
        problems
    }
}
