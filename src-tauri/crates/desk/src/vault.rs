//! The vaults of the home: how they are, their passphrase, and moving secrets from one to another.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use secrecy::{ExposeSecret as _, SecretString};
use waybill_model::ConnectionId;
use waybill_store::{AttentionRow, SecretPlaces};
use waybill_vault::{SecretRef, VaultKind};

use crate::{
    Desk, DeskError,
    opener::VAULT_CLOSED,
    settings::{Network, PASSWORD, SettingsSection as _},
};

/// The fewest characters of a passphrase. Length is what makes it hard to guess.
pub const SHORTEST_PASSPHRASE: usize = 10;

/// One vault as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultLook {
    /// Which one.
    pub kind: VaultKind,
    /// How many secrets of this home it holds, by what the home recorded.
    pub secrets: u64,
    /// What is in the way, and who can mend it; `None` where it answers.
    pub trouble: Option<String>,
    /// For the encrypted file: whether a passphrase was given.
    pub open: bool,
    /// For the encrypted file: where it lies.
    pub path: Option<Utf8PathBuf>,
    /// Whether it is there already; an encrypted file is made with its first secret.
    pub exists: bool,
    /// Whether new secrets go there.
    pub takes_new: bool,
}

/// A secret with its name and the vault that holds it.
struct Held {
    name: SecretRef,
    from: VaultKind,
    secret: SecretString,
}

impl Desk {
    /// The vaults that this home can use, the preferred one first. Asks each whether it answers.
    pub async fn vaults(&self) -> Result<Vec<VaultLook>, DeskError> {
        let vaults = &self.inner.vaults;
        let counts = self.secret_counts().await?;
        let mut looks = Vec::new();
        let mut taken = false;
        for kind in vaults.kinds() {
            let trouble = match vaults.vault(*kind) {
                Ok(vault) => vault.available().await.err(),
                Err(error) => Some(error),
            };
            let path = vaults.file().filter(|_| *kind == VaultKind::File).map(ToOwned::to_owned);
            let takes_new = trouble.is_none() && !taken;
            taken |= takes_new;
            looks.push(VaultLook {
                kind: *kind,
                secrets: counts.get(kind).copied().unwrap_or(0),
                trouble: trouble.map(|error| error.to_string()),
                open: *kind != VaultKind::File || vaults.is_file_open(),
                exists: path.as_ref().is_none_or(|path| path.exists()),
                path,
                takes_new,
            });
        }
        Ok(looks)
    }

    async fn secret_counts(&self) -> Result<BTreeMap<VaultKind, u64>, DeskError> {
        let mut counts = BTreeMap::new();
        let rows = self.inner.store.connections().await?;
        let words = rows.iter().flat_map(|row| row.secrets.values().cloned());
        for word in words.chain(self.settings().network.password_in) {
            if let Some(kind) = VaultKind::from_word(&word) {
                *counts.entry(kind).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    /// Opens the encrypted file if `passphrase` is the right one. A file that is not there yet is made with its first
    /// secret, and its passphrase has to be a good one. Connections that were stopped for want of it go on.
    pub async fn open_vault(&self, passphrase: SecretString) -> Result<(), DeskError> {
        if self.inner.vaults.file().is_some_and(|path| !path.exists()) {
            check_passphrase(&passphrase)?;
        }
        self.inner.vaults.open_file(passphrase).await?;
        self.note_vault("vault-opened").await?;
        let waited = |question: &AttentionRow| {
            let closed = question.facts.get(VAULT_CLOSED).and_then(|vault| vault.as_str());
            closed == Some(VaultKind::File.as_str())
        };
        self.let_those_go_on(waited, "vault opened").await
    }

    /// Forgets the passphrase of the encrypted file; what needs its secrets waits for it from now on.
    pub async fn lock_vault(&self) -> Result<(), DeskError> {
        self.inner.vaults.lock_file();
        self.note_vault("vault-locked").await
    }

    /// Gives the encrypted file another passphrase.
    pub async fn change_passphrase(&self, current: SecretString, fresh: SecretString) -> Result<(), DeskError> {
        check_passphrase(&fresh)?;
        self.inner.vaults.change_passphrase(current, fresh).await?;
        self.note_vault("passphrase-changed").await
    }

    async fn note_vault(&self, act: &'static str) -> Result<(), DeskError> {
        let (now, actor) = (self.now(), self.actor());
        Ok(self.inner.store.note(now, actor, act, "vault:file".to_owned(), String::new()).await?)
    }

    /// Moves every secret of this home into the vault `to`; answers how many. All of them, or none: each is put there and
    /// read back before anything is recorded, and the old ones go last.
    pub async fn move_secrets(&self, to: VaultKind) -> Result<u64, DeskError> {
        let target = self.inner.vaults.vault(to)?;
        target.available().await?;
        let (places, setting, names) = self.planned_move(to).await?;
        let mut held = Vec::new();
        for (name, from) in names {
            let secret = self.inner.vaults.get(from, &name).await?;
            let secret = secret.ok_or_else(|| {
                DeskError::Invalid(format!("{from} does not hold the secret {} any more; nothing was moved", name.key))
            })?;
            held.push(Held { name, from, secret });
        }
        if let Err(error) = self.copy_secrets(&held, to).await {
            self.forget(&held, to).await;
            return Err(error);
        }
        let (now, actor) = (self.now(), self.actor());
        let stored = self.inner.store.move_secret_places(places, setting, now, actor, format!("to {to}")).await;
        match stored {
            Ok(true) => {}
            Ok(false) => {
                self.forget(&held, to).await;
                let message = "a connection was changed meanwhile; nothing was moved. Try again";
                return Err(DeskError::Invalid(message.to_owned()));
            }
            Err(error) => {
                self.forget(&held, to).await;
                return Err(error.into());
            }
        }
        self.refresh_settings().await?;
        for one in &held {
            if let Err(error) = self.inner.vaults.remove(one.from, &one.name).await {
                tracing::warn!(%error, key = one.name.key, "a secret that was moved stays in its old vault too");
            }
        }
        Ok(held.len() as u64)
    }

    /// The rows as they will be, and every secret that does not lie in `to` yet with the vault that it lies in.
    async fn planned_move(
        &self,
        to: VaultKind,
    ) -> Result<(Vec<SecretPlaces>, Option<(&'static str, String)>, Vec<(SecretRef, VaultKind)>), DeskError> {
        let (mut places, mut names) = (Vec::new(), Vec::new());
        for row in self.inner.store.connections().await? {
            let mut after = row.secrets.clone();
            for (key, word) in &mut after {
                // A demo's secrets lie in memory alone and stay there.
                let movable = |from: &VaultKind| *from != to && self.inner.vaults.kinds().contains(from);
                if let Some(from) = VaultKind::from_word(word).filter(movable) {
                    names.push((self.inner.opener.secret_ref(row.id, key), from));
                    to.as_str().clone_into(word);
                }
            }
            if after != row.secrets {
                places.push(SecretPlaces { connection: row.id, before: row.secrets, after });
            }
        }
        let network = self.settings().network;
        let from = network.password_in.as_deref().and_then(VaultKind::from_word).filter(|from| *from != to);
        let setting = match from {
            Some(from) => {
                names.push((self.inner.opener.secret_ref(ConnectionId::LOCAL, PASSWORD), from));
                let network = Network { password_in: Some(to.as_str().to_owned()), ..network };
                let value = serde_json::to_string(&network).map_err(waybill_store::StoreError::from)?;
                Some((Network::KEY, value))
            }
            None => None,
        };
        Ok((places, setting, names))
    }

    async fn copy_secrets(&self, held: &[Held], to: VaultKind) -> Result<(), DeskError> {
        for one in held {
            self.inner.vaults.replace(to, &one.name, one.secret.clone()).await?;
            let again = self.inner.vaults.get(to, &one.name).await?;
            if again.is_none_or(|again| again.expose_secret() != one.secret.expose_secret()) {
                return Err(DeskError::Invalid(format!(
                    "{to} gave the secret {} back otherwise than it was put there; nothing was moved",
                    one.name.key
                )));
            }
        }
        Ok(())
    }

    /// Takes back what was put into `vault`.
    async fn forget(&self, held: &[Held], vault: VaultKind) {
        for one in held {
            if let Err(error) = self.inner.vaults.remove(vault, &one.name).await {
                tracing::warn!(%error, key = one.name.key, "a secret that was not moved stays in the other vault too");
            }
        }
    }
}

fn check_passphrase(passphrase: &SecretString) -> Result<(), DeskError> {
    if passphrase.expose_secret().chars().count() < SHORTEST_PASSPHRASE {
        let message =
            format!("a passphrase has at least {SHORTEST_PASSPHRASE} characters; several words are easy to keep");
        return Err(DeskError::Invalid(message));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
