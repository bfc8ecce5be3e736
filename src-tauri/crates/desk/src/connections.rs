//! Connections: what there is, and adding one. Changing one is `connection_edit`'s, trying one `connection_test`'s.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret as _, SecretString};
use waybill_connector::{
    ConnectorError, ConnectorSpec, Expiring, FieldProblem, PastedAddress, SecretExpiry, Settings, validate,
};
use waybill_model::{ConnectionId, Failure, Millis};
use waybill_store::{ConnectionRow, Health, NewConnection};
use waybill_vault::VaultKind;

use crate::{Desk, DeskError, KindFacts, registry, words};

/// The longest name of a connection in bytes.
pub(crate) const LONGEST_NAME: usize = 64;

/// What somebody filled in.
#[derive(Debug, Clone, Default)]
pub struct ConnectionDraft {
    /// What it will be called.
    pub name: String,
    /// Which connector.
    pub kind: String,
    /// Settings by key.
    pub settings: BTreeMap<String, String>,
    /// Secrets by key.
    pub secrets: BTreeMap<String, SecretString>,
    /// When they end, as far as somebody knows.
    pub secret_expires_at: Option<Millis>,
    /// The connection whose secrets are copied, from vault to vault, where none is given: a duplicate.
    pub secrets_of: Option<ConnectionId>,
}

/// A connection as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSummary {
    /// Its id.
    pub id: ConnectionId,
    /// What people call it.
    pub name: String,
    /// Which connector.
    pub kind: String,
    /// Settings by key.
    pub settings: BTreeMap<String, String>,
    /// The keys of its secrets, with the vault that holds each.
    pub secrets: BTreeMap<String, String>,
    /// How it is.
    pub health: Health,
    /// Why, in words.
    pub health_detail: String,
    /// When it last answered.
    pub last_good_at: Option<Millis>,
    /// The last round trip.
    pub latency_ms: Option<u64>,
    /// What a person should know before the first file goes.
    pub remarks: Vec<String>,
    /// Transfers that are not over.
    pub open_transfers: u64,
    /// Why the last attempt failed, where it did.
    pub failure: Option<Failure>,
    /// When its secrets end, as somebody typed it.
    pub secret_expires_at: Option<Millis>,
    /// The same, as its last test saw it.
    pub found_expiry: Option<SecretExpiry>,
}

impl Desk {
    /// The connectors that there are, with their fields.
    pub fn connector_specs(&self) -> Vec<ConnectorSpec> {
        registry::specs()
    }

    /// What is known of every connection of a kind; `None` where this desk has no connector of it.
    pub fn kind_facts(&self, kind: &str) -> Option<KindFacts> {
        registry::facts(kind)
    }

    /// The connector that a pasted address belongs to, and the settings that it fills; `None` where nobody knows it.
    pub fn read_address(&self, text: &str) -> Option<(&'static str, PastedAddress)> {
        registry::read_address(text)
    }

    /// All connections by name.
    pub async fn connections(&self) -> Result<Vec<ConnectionSummary>, DeskError> {
        let open = self.inner.store.open_transfers().await?;
        let rows = self.inner.store.connections().await?;
        Ok(rows.into_iter().map(|row| summary(open.get(&row.id).copied().unwrap_or(0), row)).collect())
    }

    /// One connection by its name.
    pub async fn connection_named(&self, name: &str) -> Result<ConnectionSummary, DeskError> {
        let row = self.inner.store.connection_named(name).await?;
        Ok(summary(self.inner.store.open_transfers_of(row.id).await?, row))
    }

    /// The name of a connection, removed or not; nothing of what hangs on it is counted.
    pub async fn connection_name(&self, id: ConnectionId) -> Result<String, DeskError> {
        Ok(self.inner.store.connection_name(id).await?)
    }

    /// One connection by its id, removed or not.
    pub async fn connection(&self, id: ConnectionId) -> Result<ConnectionSummary, DeskError> {
        let row = self.inner.store.connection(id).await?;
        Ok(summary(self.inner.store.open_transfers_of(id).await?, row))
    }

    /// Adds a connection: settings to the store, secrets to a vault. Nothing is tried at the remote yet.
    pub async fn add_connection(&self, mut draft: ConnectionDraft) -> Result<ConnectionId, DeskError> {
        check_name(&draft.name)?;
        if let Some(other) = draft.secrets_of {
            self.borrow_secrets(other, &mut draft).await?;
        }
        let settings = checked_with(&draft, &[])?;
        let id = ConnectionId::fresh();
        let places = self.keep_secrets(id, draft.secrets, &BTreeMap::new()).await?;
        let new = NewConnection { id, name: draft.name, kind: draft.kind, settings, secrets: places.clone() };
        let stored = self.inner.store.add_connection(new, self.now(), self.actor()).await;
        if let Err(error) = stored {
            // A secret without its connection is of no use to anybody.
            self.forget_secrets(id, &places).await;
            return Err(error.into());
        }
        if draft.secret_expires_at.is_some() {
            self.inner.store.set_secret_expiry(id, draft.secret_expires_at).await?;
        }
        Ok(id)
    }

    /// Fills the secrets that a duplicate is not given with those of the connection that it is made of.
    async fn borrow_secrets(&self, other: ConnectionId, draft: &mut ConnectionDraft) -> Result<(), DeskError> {
        let row = self.inner.store.connection(other).await?;
        if row.kind != draft.kind {
            return Err(DeskError::Invalid(format!(
                "{} is of another kind; its secrets fit no {}",
                row.name, draft.kind
            )));
        }
        for (key, secret) in self.inner.opener.secrets(&row).await? {
            let given = draft.secrets.get(&key).is_some_and(|given| !given.expose_secret().is_empty());
            if !given {
                draft.secrets.insert(key, secret);
            }
        }
        Ok(())
    }

    /// Adds the connections of a demo, or brings them up to date: its servers may listen elsewhere this time, and what
    /// memory held is gone. They are not tested: answers which there are, in the order of the drafts.
    pub async fn join_demo(&self, drafts: Vec<ConnectionDraft>) -> Result<Vec<ConnectionId>, DeskError> {
        let mut joined = Vec::new();
        for draft in drafts {
            let stored = self.inner.store.connections().await?;
            joined.push(match stored.into_iter().find(|row| row.name == draft.name) {
                Some(row) => {
                    self.change_connection(row.id, draft.settings, draft.secrets).await?;
                    row.id
                }
                None => self.add_connection(draft).await?,
            });
        }
        Ok(joined)
    }

    /// Puts secrets into a vault. Where one is refused, everything is as it was: `before` names those that are replaced and
    /// the vaults that hold them.
    pub(crate) async fn keep_secrets(
        &self,
        id: ConnectionId,
        secrets: BTreeMap<String, SecretString>,
        before: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, DeskError> {
        let mut places = BTreeMap::new();
        let mut earlier = BTreeMap::new();
        for (key, secret) in secrets {
            if secret.expose_secret().is_empty() {
                continue;
            }
            let name = self.inner.opener.secret_ref(id, &key);
            if let Some(kind) = before.get(&key).and_then(|place| VaultKind::from_word(place))
                && let Ok(Some(old)) = self.inner.vaults.get(kind, &name).await
            {
                earlier.insert(key.clone(), (kind, old));
            }
            match self.inner.vaults.put(&name, secret).await {
                Ok(kind) => places.insert(key, kind.as_str().to_owned()),
                Err(error) => {
                    self.put_back(id, &places, earlier).await;
                    return Err(error.into());
                }
            };
        }
        Ok(places)
    }

    /// Undoes what was put into vaults.
    async fn put_back(
        &self,
        id: ConnectionId,
        places: &BTreeMap<String, String>,
        earlier: BTreeMap<String, (VaultKind, SecretString)>,
    ) {
        let fresh = places.iter().filter(|(key, _)| !earlier.contains_key(*key));
        self.forget_secrets(id, &fresh.map(|(key, place)| (key.clone(), place.clone())).collect()).await;
        for (key, (kind, old)) in earlier.into_iter().filter(|(key, _)| places.contains_key(key)) {
            if let Err(error) = self.inner.vaults.replace(kind, &self.inner.opener.secret_ref(id, &key), old).await {
                tracing::warn!(%error, key, "an earlier secret could not be put back");
            }
        }
    }

    /// Takes secrets out of their vaults. Answers whether all of them are gone.
    pub(crate) async fn forget_secrets(&self, id: ConnectionId, places: &BTreeMap<String, String>) -> bool {
        let mut gone = true;
        for (key, place) in places {
            let Some(kind) = VaultKind::from_word(place) else { continue };
            if let Err(error) = self.inner.vaults.remove(kind, &self.inner.opener.secret_ref(id, key)).await {
                tracing::warn!(%error, key, "a secret that is no longer needed stays in its vault");
                gone = false;
            }
        }
        gone
    }
}

fn summary(open_transfers: u64, row: ConnectionRow) -> ConnectionSummary {
    let found = row.found_expiry.and_then(|found| {
        let of = match found.of.as_str() {
            "session" => Expiring::Session,
            "certificate" => Expiring::Certificate,
            _ => return None,
        };
        Some(SecretExpiry { of, at: found.at })
    });
    ConnectionSummary {
        id: row.id,
        name: row.name,
        kind: row.kind,
        settings: row.settings,
        secrets: row.secrets,
        health: row.health,
        health_detail: row.health_detail,
        last_good_at: row.last_good_at,
        latency_ms: row.latency_ms,
        remarks: row.remarks,
        open_transfers,
        failure: row.failure,
        secret_expires_at: row.secret_expires_at,
        found_expiry: found,
    }
}

/// The settings without empty ones; `known` are keys of secrets that a vault holds already.
pub(crate) fn checked_with(draft: &ConnectionDraft, known: &[String]) -> Result<BTreeMap<String, String>, DeskError> {
    let Some(spec) = registry::spec(&draft.kind) else {
        let kinds: Vec<_> = registry::specs().iter().map(|spec| spec.kind).collect();
        return Err(DeskError::Invalid(format!(
            "there is no connector called {}; there are {}",
            draft.kind,
            kinds.join(", ")
        )));
    };
    let settings: BTreeMap<String, String> = draft
        .settings
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let given =
        draft.secrets.iter().filter(|(_, secret)| !secret.expose_secret().is_empty()).map(|(key, _)| key.clone());
    let secrets: BTreeSet<String> = given.chain(known.iter().cloned()).collect();
    let problems = validate(&spec, &settings.iter().collect::<Settings>(), &secrets);
    if problems.is_empty() { Ok(settings) } else { Err(DeskError::Settings { problems }) }
}

/// Whether a connection can be called so.
pub(crate) fn is_a_name(name: &str) -> bool {
    !(name.trim().is_empty()
        || name != name.trim()
        || name.len() > LONGEST_NAME
        || name.chars().any(|c| matches!(c, ':' | '/' | '\\') || c.is_control())
        || name.eq_ignore_ascii_case("this-computer")
        || (cfg!(windows) && name.chars().count() == 1))
}

pub(crate) fn check_name(name: &str) -> Result<(), DeskError> {
    if is_a_name(name) {
        return Ok(());
    }
    let said = words::BAD_NAME.with(&[("bytes", &LONGEST_NAME.to_string())]);
    Err(DeskError::Settings { problems: vec![FieldProblem { key: "name".to_owned(), said }] })
}

impl Desk {
    /// Raises the question that an error of a connection stands for.
    pub(crate) async fn raise_for(&self, id: ConnectionId, error: &ConnectorError) -> Result<(), DeskError> {
        let question = waybill_engine::question_about(id, error, self.now());
        Ok(self.inner.store.raise(question).await?)
    }
}

#[cfg(test)]
mod tests;
