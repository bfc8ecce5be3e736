//! What a connector is opened with.

use std::{collections::BTreeMap, sync::Arc};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use waybill_model::FailureKind;

use crate::{Ask, ConnectorError, Learned, Network, Result};

/// Settings by key. Never a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// The value, if it is given and not empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value, or `default`.
    pub fn get_or<'a>(&'a self, key: &str, default: &'a str) -> &'a str {
        self.get(key).unwrap_or(default)
    }

    /// The value. `Invalid` where it is missing or empty.
    pub fn needed(&self, key: &str) -> Result<&str> {
        self.get(key).ok_or_else(|| ConnectorError::wrong_setting(format!("the setting {key} is missing")))
    }

    /// Whether a flag is set.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key) == Some("true")
    }

    /// A number that has passed validation; `None` where it is missing or none.
    pub fn number<N: std::str::FromStr>(&self, key: &str) -> Option<N> {
        self.get(key)?.parse().ok()
    }

    /// Sets a value.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// All of them by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Settings {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

/// Secrets by key, for as long as the connector lives.
pub type Secrets = BTreeMap<String, SecretString>;

/// Everything that a connector is opened with.
#[derive(Debug, Clone)]
pub struct OpenContext {
    /// What the connection is called, for messages.
    pub name: String,
    /// Its settings, validated.
    pub settings: Settings,
    /// Its secrets.
    pub secrets: Secrets,
    /// What its last test found out.
    pub learned: Learned,
    /// Whom to ask for a one-time code.
    pub ask: Arc<dyn Ask>,
    /// How the network is reached.
    pub network: Network,
}

impl OpenContext {
    /// The secret, if it is given and not empty.
    pub fn secret(&self, key: &str) -> Option<SecretString> {
        self.secrets.get(key).filter(|secret| !secret.expose_secret().is_empty()).cloned()
    }

    /// The secret. `Unauthenticated` where it is missing or empty; `what` says what it is: `the password`.
    pub fn needed_secret(&self, key: &str, what: &str) -> Result<SecretString> {
        self.secret(key).ok_or_else(|| {
            let why = format!("{what} is missing; enter it in the connection's settings");
            ConnectorError::new(FailureKind::Unauthenticated, "open", why)
        })
    }
}
