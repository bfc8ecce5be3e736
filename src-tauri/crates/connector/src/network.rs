//! How a connector reaches the network: over which proxy, and whose certificates it trusts beside the system's.

use std::sync::Arc;

use secrecy::SecretString;

/// How the network is reached. Connectors that speak HTTP obey it.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Over which proxy.
    pub proxy: Proxy,
    /// Certificates in PEM form that are trusted beside the system's; whoever hands them over has checked them.
    pub certificates: Option<Arc<[u8]>>,
}

/// Which proxy.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// None.
    #[default]
    None,
    /// The one that the environment names, but never for this computer itself.
    Environment,
    /// This one.
    Http(HttpProxy),
}

/// A proxy that speaks HTTP, and `CONNECT` for what is encrypted.
#[derive(Debug, Clone)]
pub struct HttpProxy {
    /// `http://host:port`.
    pub url: String,
    /// Who signs in there, with the password.
    pub user: Option<(String, SecretString)>,
    /// Hosts that are reached without it, separated by commas.
    pub except: String,
}
