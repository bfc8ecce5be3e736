//! Changing, removing and bringing back a connection, and what hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret as _, SecretString};
use waybill_model::{ConnectionId, Millis};
use waybill_store::{AttentionRow, ConnectionEdit, ConnectionRow, ConnectionUses, Health, StoreError};

use crate::{
    ConnectionDraft, Desk, DeskError,
    connections::{check_name, checked_with},
};

/// What a person wants of a connection from now on.
#[derive(Debug, Clone, Default)]
pub struct ConnectionChange {
    /// What it will be called.
    pub name: String,
    /// Settings by key, all of them.
    pub settings: BTreeMap<String, String>,
    /// Secrets that replace earlier ones or are new. Those that are not named stay.
    pub secrets: BTreeMap<String, SecretString>,
    /// Secrets to be forgotten.
    pub forget: BTreeSet<String>,
    /// When the secrets end, as far as somebody knows.
    pub secret_expires_at: Option<Millis>,
}

impl Desk {
    /// Changes a connection. A new name alone changes nothing else; with other settings or secrets it is opened anew, what
    /// waits for it goes on with them, and what runs at that moment ends as it began.
    pub async fn edit_connection(&self, id: ConnectionId, change: ConnectionChange) -> Result<(), DeskError> {
        let row = self.here(id).await?;
        let known = row.secrets.keys().filter(|key| !change.forget.contains(*key)).cloned().collect::<Vec<_>>();
        let draft = ConnectionDraft {
            name: change.name,
            kind: row.kind.clone(),
            settings: change.settings,
            secrets: change.secrets,
            ..ConnectionDraft::default()
        };
        let settings = checked_with(&draft, &known)?;
        if draft.name != row.name {
            self.check_free(&draft.name, id).await?;
        }
        let secrets: BTreeMap<_, _> =
            draft.secrets.into_iter().filter(|(_, secret)| !secret.expose_secret().is_empty()).collect();
        let gone: BTreeMap<_, _> = row
            .secrets
            .iter()
            .filter(|(key, _)| change.forget.contains(*key) && !secrets.contains_key(*key))
            .map(|(key, place)| (key.clone(), place.clone()))
            .collect();
        let changed = words_of(&row, &draft.name, &settings, secrets.keys().chain(gone.keys()));
        let anew = settings != row.settings || !secrets.is_empty() || !gone.is_empty();
        let mut places = row.secrets.clone();
        places.retain(|key, _| !gone.contains_key(key));
        places.extend(self.keep_secrets(id, secrets, &row.secrets).await?);
        let edit = ConnectionEdit {
            name: draft.name,
            settings,
            secrets: places,
            secret_expires_at: change.secret_expires_at,
            anew,
            changed,
        };
        self.inner.store.edit_connection(id, edit, self.now(), self.actor()).await?;
        self.forget_secrets(id, &gone).await;
        if !anew {
            return Ok(());
        }
        self.inner.opener.forget_signed_in(id);
        self.let_go_on(id, "the settings were changed").await
    }

    /// Replaces the settings of a connection, and those of its secrets that are given.
    pub async fn change_connection(
        &self,
        id: ConnectionId,
        settings: BTreeMap<String, String>,
        secrets: BTreeMap<String, SecretString>,
    ) -> Result<(), DeskError> {
        let row = self.inner.store.connection(id).await?;
        // Whatever was known of the earlier secrets' end says nothing of others.
        let secret_expires_at = row.secret_expires_at.filter(|_| secrets.is_empty());
        let change = ConnectionChange { name: row.name, settings, secrets, forget: BTreeSet::new(), secret_expires_at };
        self.edit_connection(id, change).await
    }

    /// What hangs on a connection.
    pub async fn connection_uses(&self, id: ConnectionId) -> Result<ConnectionUses, DeskError> {
        Ok(self.inner.store.connection_uses(id).await?)
    }

    /// Takes a connection out of use, with its secrets. Refused while transfers still need it.
    pub async fn remove_connection(&self, id: ConnectionId) -> Result<(), DeskError> {
        self.set_connection_aside(id, false).await?;
        self.forget_removed(id).await
    }

    /// Takes a connection out of use; its secrets stay in their vaults until [`Desk::forget_removed`], so that it can be
    /// brought back. What is not over is called off first, or the removal refused.
    pub async fn set_connection_aside(&self, id: ConnectionId, call_off: bool) -> Result<(), DeskError> {
        let row = self.here(id).await?;
        if call_off {
            for run in self.inner.store.connection_uses(id).await?.walking {
                self.cancel_run(run).await?;
            }
            self.cancel(self.inner.store.open_transfer_ids(id).await?).await?;
        }
        let uses = self.inner.store.connection_uses(id).await?;
        let open = uses.open().max(uses.walking.len() as u64);
        if open > 0 {
            return Err(DeskError::InUse { name: row.name, open });
        }
        self.inner.store.remove_connection(id, self.now(), self.actor()).await?;
        let actor = self.actor();
        self.inner.store.settle_connection_attention(id, "removed".to_owned(), self.now(), actor).await?;
        Ok(())
    }

    /// Brings a connection back that was set aside. It has to be tested again; `Unknown` once its secrets are forgotten.
    pub async fn restore_connection(&self, id: ConnectionId) -> Result<(), DeskError> {
        let row = self.inner.store.connection(id).await?;
        if row.removed_at.is_none() {
            return Ok(());
        }
        Ok(self.inner.store.restore_connection(id, self.now(), self.actor()).await?)
    }

    /// Forgets the secrets of a connection that was set aside. Those of one that is in use stay.
    pub async fn forget_removed(&self, id: ConnectionId) -> Result<(), DeskError> {
        let row = self.inner.store.connection(id).await?;
        if row.removed_at.is_some() && self.forget_secrets(id, &row.secrets).await {
            self.inner.store.forget_secret_places(id).await?;
        }
        Ok(())
    }

    /// Forgets the secrets of everything that was set aside, in a process that ended before it did.
    pub async fn forget_all_removed(&self) -> Result<(), DeskError> {
        for row in self.inner.store.removed_with_secrets().await? {
            self.forget_removed(row.id).await?;
        }
        Ok(())
    }

    /// Closes what was asked about a connection; its transfers go on.
    pub(crate) async fn let_go_on(&self, id: ConnectionId, answer: &str) -> Result<(), DeskError> {
        let row = self.inner.store.connection(id).await?;
        if row.health == Health::Stopped {
            self.inner.store.set_health(id, Health::Untested, String::new(), None, self.now()).await?;
        }
        let actor = self.actor();
        self.inner.store.settle_connection_attention(id, answer.to_owned(), self.now(), actor).await?;
        Ok(())
    }

    /// The same for every connection with a question that `waited`.
    pub(crate) async fn let_those_go_on(
        &self,
        waited: impl Fn(&AttentionRow) -> bool,
        answer: &str,
    ) -> Result<(), DeskError> {
        for question in self.inner.store.open_attention().await? {
            if let (true, Some(connection)) = (waited(&question), question.connection) {
                self.let_go_on(connection, answer).await?;
            }
        }
        Ok(())
    }

    /// One that was not removed.
    async fn here(&self, id: ConnectionId) -> Result<ConnectionRow, DeskError> {
        let row = self.inner.store.connection(id).await?;
        if row.removed_at.is_some() {
            return Err(StoreError::Unknown { what: "connection", id: row.name }.into());
        }
        Ok(row)
    }

    /// Whether this connection may be called so. Asked before a secret is touched; the store has the last word.
    async fn check_free(&self, name: &str, id: ConnectionId) -> Result<(), DeskError> {
        check_name(name)?;
        match self.inner.store.connection_named(name).await {
            Ok(other) if other.id != id => Err(StoreError::NameTaken(name.to_owned()).into()),
            Ok(_) | Err(StoreError::Unknown { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The keys of what changed, for the log. Never a value.
fn words_of<'a>(
    row: &'a ConnectionRow,
    name: &str,
    settings: &'a BTreeMap<String, String>,
    secrets: impl Iterator<Item = &'a String>,
) -> String {
    let mut changed: BTreeSet<&str> = row
        .settings
        .keys()
        .chain(settings.keys())
        .filter(|key| row.settings.get(*key) != settings.get(*key))
        .map(String::as_str)
        .collect();
    changed.extend(secrets.map(String::as_str));
    if name != row.name {
        changed.insert("name");
    }
    changed.into_iter().collect::<Vec<_>>().join(", ")
}
