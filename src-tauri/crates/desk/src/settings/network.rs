//! How the network is reached: over a proxy, and with certificates of one's own.
//!
//! Connectors that reach servers obey it. The password of the proxy lies in a vault under a name of its own.

use std::sync::Arc;

use camino::Utf8Path;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use waybill_connector::{
    BadProxyAddress, ConnectorError, FieldProblem, NamedProxy, PROXY_SIGN_IN, Proxy, ProxyAddress,
};
use waybill_model::{ConnectionId, FailureKind};
use waybill_vault::{SecretRef, VaultKind, Vaults};

use super::{SettingsSection, problem};
use crate::{Desk, DeskError, opener, registry, words};

/// The secret's key, among those of this computer.
pub(crate) const PASSWORD: &str = "proxy_password";
/// The longest address, list of hosts or path.
const LONGEST: usize = 4_000;
/// The largest file of certificates: the whole of a system's is a tenth of it.
const LARGEST_CA_FILE: u64 = 4 << 20;

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
        if self.proxy == ProxyMode::Manual
            && let Some(said) = wrong_address(&self.url)
        {
            problems.push(problem("url", said.said()));
        }
        for (key, text) in [("user", &self.user), ("no_proxy", &self.no_proxy), ("ca_file", &self.ca_file)] {
            if text.len() > LONGEST || text.chars().any(char::is_control) || (key == "user" && text.contains(':')) {
                problems.push(problem(key, words::NO_SUCH_TEXT.said()));
            }
        }
        if !self.ca_file.is_empty() && !Utf8Path::new(&self.ca_file).is_absolute() {
            problems.push(problem("ca_file", words::PATH_NOT_WHOLE.said()));
        }
        problems
    }
}

/// Why an address is no proxy's, if it is none.
fn wrong_address(url: &str) -> Option<waybill_connector::Phrase> {
    let bad = url.parse::<ProxyAddress>().err()?;
    Some(match bad {
        BadProxyAddress::Missing => words::PROXY_URL_NEEDED,
        BadProxyAddress::UserInside => words::PROXY_USER_APART,
        BadProxyAddress::Protocol => words::PROXY_IS_HTTP_OR_SOCKS,
        BadProxyAddress::Place => words::PROXY_PLACE,
    })
}

/// What somebody filled in.
#[derive(Debug, Clone, Default)]
pub struct NetworkDraft {
    /// Which proxy.
    pub proxy: ProxyMode,
    /// `http://host:port` or `socks5://host:port`.
    pub url: String,
    /// Who signs in there.
    pub user: String,
    /// Another password; an empty one for none from now on, `None` to keep what there is.
    pub password: Option<SecretString>,
    /// Hosts that are reached without it.
    pub no_proxy: String,
    /// The file of certificates.
    pub ca_file: String,
}

impl Desk {
    /// Checks how the network is to be reached, keeps it, and opens connections anew with it; those that the proxy's refusal
    /// had stopped go on. The password goes to a vault first; where anything is refused, all stays as it was.
    pub async fn set_network(&self, draft: NetworkDraft) -> Result<(), DeskError> {
        let held = self.settings().network;
        let trimmed = |text: &str| text.trim().to_owned();
        let mut network = Network {
            proxy: draft.proxy,
            url: trimmed(&draft.url),
            user: trimmed(&draft.user),
            password_in: held.password_in.clone(),
            no_proxy: trimmed(&draft.no_proxy),
            ca_file: trimmed(&draft.ca_file),
        };
        let mut problems = network.problems();
        if problems.is_empty() && !network.ca_file.is_empty() {
            problems.extend(wrong_certificates(&network.ca_file).map(|said| problem("ca_file", said)));
        }
        if !problems.is_empty() {
            return Err(DeskError::Settings { problems });
        }
        let name = self.inner.opener.secret_ref(ConnectionId::LOCAL, PASSWORD);
        if let Some(password) = draft.password {
            network.password_in = None;
            if !password.expose_secret().is_empty() {
                network.password_in = Some(self.inner.vaults.put(&name, password).await?.as_str().to_owned());
            }
        }
        let kept = network.password_in.clone();
        self.set_settings(network).await?;
        // Only now nobody needs the one before.
        if let Some(before) = held.password_in.filter(|before| kept.as_ref() != Some(before))
            && let Some(kind) = VaultKind::from_word(&before)
            && let Err(error) = self.inner.vaults.remove(kind, &name).await
        {
            tracing::warn!(%error, "a proxy's password that is no longer needed stays in its vault");
        }
        self.let_those_go_on(|question| question.facts.contains_key(PROXY_SIGN_IN), "network changed").await
    }
}

/// Why a file holds no certificates that can be trusted, if so.
fn wrong_certificates(path: &str) -> Option<waybill_connector::Said> {
    read_certificates(path).err()
}

/// The certificates in a file, every one of them checked. Blocks on disk.
fn read_certificates(path: &str) -> Result<Vec<u8>, waybill_connector::Said> {
    let unreadable = |why: String| words::CA_UNREADABLE.with(&[("why", &why)]);
    let size = fs_err::metadata(path).map_err(|error| unreadable(error.kind().to_string()))?;
    if !size.is_file() || size.len() > LARGEST_CA_FILE {
        return Err(words::CA_NONE.said());
    }
    let pem = fs_err::read(path).map_err(|error| unreadable(error.kind().to_string()))?;
    match registry::wrong_certificate(&pem) {
        None => Ok(pem),
        Some(0) => Err(words::CA_NONE.said()),
        Some(number) => Err(words::CA_BROKEN.with(&[("number", &number.to_string())])),
    }
}

/// What connectors are opened with. A password or a file that cannot be had fails: nothing goes around a proxy because of
/// it, and no certificate is trusted less or more.
pub(crate) async fn opened(
    network: &Network,
    vaults: &Vaults,
    password: &SecretRef,
) -> Result<waybill_connector::Network, ConnectorError> {
    let proxy = match network.proxy {
        ProxyMode::System => Proxy::Environment,
        ProxyMode::None => Proxy::None,
        ProxyMode::Manual => {
            let user = if network.user.is_empty() { None } else { Some(signs_in(network, vaults, password).await?) };
            let address = network.url.parse().map_err(|_| {
                let message = "the address of the proxy is none; correct it under Settings, Network";
                ConnectorError::new(FailureKind::Invalid, "open", message)
            })?;
            Proxy::Named(NamedProxy { address, user, except: network.no_proxy.clone() })
        }
    };
    let certificates = if network.ca_file.is_empty() {
        None
    } else {
        let pem = read_certificates(&network.ca_file).map_err(|said| {
            let message = format!("the file of certificates {} of the settings: {}", network.ca_file, said.text);
            ConnectorError::new(FailureKind::Invalid, "open", message)
        })?;
        Some(Arc::from(pem))
    };
    Ok(waybill_connector::Network { proxy, certificates })
}

async fn signs_in(
    network: &Network,
    vaults: &Vaults,
    name: &SecretRef,
) -> Result<(String, SecretString), ConnectorError> {
    let missing = |why: &str| {
        let message = format!("the password of the proxy cannot be had: {why}. Enter it again in the settings");
        ConnectorError::new(FailureKind::Unreachable, "open", message)
    };
    let Some(word) = &network.password_in else { return Ok((network.user.clone(), SecretString::default())) };
    let kind = VaultKind::from_word(word).ok_or_else(|| missing("this version knows no such vault"))?;
    let secret = vaults.get(kind, name).await;
    let secret = secret.map_err(|error| opener::shut(missing(&error.to_string()), kind, vaults, &error))?;
    Ok((network.user.clone(), secret.ok_or_else(|| missing("its vault does not hold it any more"))?))
}

#[cfg(test)]
mod tests;
