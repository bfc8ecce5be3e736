//! What somebody who helps needs to know of a home, without its secrets. Made to be read before it is handed over; it is
//! never sent by the desk.
//!
//! Secrets stay out by type: settings hold none. What a person may have typed into a wrong field, or a remote into an
//! answer, is masked: every secret that a vault gives out, and what stands where secrets stand.

mod mask;
mod tape;

use std::{collections::BTreeMap, time::Duration};

use secrecy::SecretString;
use serde_json::json;
use waybill_model::ConnectionId;
use waybill_vault::VaultKind;

use crate::{Desk, DeskError, registry, settings::PASSWORD};

pub use tape::tape;

/// The longest wait for the vaults: one that does not answer keeps nobody from help.
const PATIENCE: Duration = Duration::from_secs(5);

/// One text of the description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnosticsFile {
    /// What it is called.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// The text without what stands where secrets stand: for what is kept before anybody asks for it.
pub fn masked(text: &str) -> String {
    mask::mask(text, &[])
}

impl Desk {
    /// Describes this home: `about` are facts of the program that shows it, `log` the lines that it kept.
    pub async fn diagnostics(
        &self,
        about: &[(&str, String)],
        log: &[String],
    ) -> Result<Vec<DiagnosticsFile>, DeskError> {
        let (secrets, reached) = match tokio::time::timeout(PATIENCE, self.known_secrets()).await {
            Ok(known) => known?,
            Err(_) => (Vec::new(), false),
        };
        let mut facts: Vec<String> = about.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        facts.push(format!("time: {}", self.now().to_rfc3339()));
        facts.push(format!("schema: {}", waybill_store::SCHEMA_VERSION));
        facts.push(format!("engine here: {}", self.has_engine().await));
        facts.push(format!("damage found at the start: {}", self.damage().unwrap_or("none")));
        facts.push(format!(
            "secrets that were looked for here: {}",
            if reached { "all" } else { "some vaults did not answer" }
        ));
        let files = [
            ("about.txt", facts.join("\n")),
            ("settings.json", pretty(&self.settings_document()?)),
            ("connections.json", pretty(&self.connections_document().await?)),
            ("home.json", pretty(&self.home_document().await?)),
            ("log.txt", log.join("\n")),
        ];
        let clean =
            |(name, text): (&str, String)| DiagnosticsFile { name: name.to_owned(), text: mask::mask(&text, &secrets) };
        Ok(files.into_iter().map(clean).collect())
    }

    /// Every secret of the home that a vault gives out, and whether all of them did.
    async fn known_secrets(&self) -> Result<(Vec<SecretString>, bool), DeskError> {
        let mut places = Vec::new();
        for row in self.inner.store.connections().await? {
            places.extend(row.secrets.into_iter().map(|(key, word)| (row.id, key, word)));
        }
        if let Some(word) = self.settings().network.password_in {
            places.push((ConnectionId::LOCAL, PASSWORD.to_owned(), word));
        }
        let (mut secrets, mut all) = (Vec::new(), true);
        for (id, key, word) in places {
            let name = self.inner.opener.secret_ref(id, &key);
            let secret = match VaultKind::from_word(&word) {
                Some(kind) => self.inner.vaults.get(kind, &name).await.ok().flatten(),
                None => None,
            };
            all &= secret.is_some();
            secrets.extend(secret);
        }
        Ok((secrets, all))
    }

    fn settings_document(&self) -> Result<serde_json::Value, DeskError> {
        let settings = self.settings();
        let strange: Vec<_> = settings.strange.iter().map(|one| json!([one.key, one.reason.text])).collect();
        let read = || -> serde_json::Result<serde_json::Value> {
            Ok(json!({
                "limits": serde_json::to_value(&settings.limits)?,
                "limit for now": serde_json::to_value(settings.for_now)?,
                "notices": serde_json::to_value(&settings.notices)?,
                "window": serde_json::to_value(&settings.window)?,
                "appearance": serde_json::to_value(&settings.appearance)?,
                "network": serde_json::to_value(&settings.network)?,
                "history": serde_json::to_value(&settings.history)?,
                "unreadable": strange,
            }))
        };
        Ok(read().map_err(waybill_store::StoreError::from)?)
    }

    async fn connections_document(&self) -> Result<serde_json::Value, DeskError> {
        let mut documents = Vec::new();
        for one in self.connections().await? {
            let fields = registry::spec(&one.kind).map(|spec| spec.fields).unwrap_or_default();
            // What the form does not know, or knows as a secret, is nobody's to read.
            let open = |key: &str| fields.iter().any(|field| field.key == key && !field.kind.is_secret());
            let settings: BTreeMap<_, _> = one
                .settings
                .iter()
                .map(|(key, value)| (key.clone(), if open(key) { value.clone() } else { mask::MASKED.to_owned() }))
                .collect();
            documents.push(json!({
                "name": one.name,
                "kind": one.kind,
                "settings": settings,
                "secrets in": one.secrets,
                "health": one.health.as_str(),
                "detail": one.health_detail,
                "latency ms": one.latency_ms,
                "last good": one.last_good_at.map(waybill_model::Millis::to_rfc3339),
                "remarks": one.remarks,
                "open transfers": one.open_transfers,
            }));
        }
        Ok(documents.into())
    }

    async fn home_document(&self) -> Result<serde_json::Value, DeskError> {
        let place = self.data_place().await?;
        let files: Vec<_> = place.files.iter().map(|file| json!([file.name, file.bytes])).collect();
        let rows: BTreeMap<_, _> = self.inner.store.table_sizes().await?.into_iter().collect();
        let vaults: Vec<_> = self
            .vaults()
            .await?
            .into_iter()
            .map(|vault| json!({ "vault": vault.kind.as_str(), "secrets": vault.secrets, "trouble": vault.trouble }))
            .collect();
        let attention: Vec<_> = self.attention().await?.iter().map(|one| one.row.kind.as_str()).collect();
        Ok(json!({
            "folder": place.folder,
            "files": files,
            "free": place.space.map(|(free, _)| free),
            "rows": rows,
            "vaults": vaults,
            "waits for a person": attention,
        }))
    }
}

fn pretty(document: &serde_json::Value) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}

#[cfg(test)]
mod tests;
