//! The demo beside a person's own connections: tried in the running app, and gone without a trace when it is left.
//!
//! Its servers run in whoever calls; here are the connections to them. Their secrets open nothing but the demo and lie in
//! memory alone, so that no vault is asked for them.

use std::collections::BTreeMap;

use waybill_model::ConnectionId;
use waybill_store::{NewConnection, StoreError};

use crate::{ConnectionDraft, Desk, DeskError};

/// The ids of the demo's connections by the names of their drafts.
const JOINED: &str = "demo_connections";

impl Desk {
    /// Adds the connections of a demo under free names, or brings those up to date that were added before: its servers
    /// may listen elsewhere this time, and what memory held is gone. Each is tested, so that it can be used at once.
    pub async fn join_demo_beside(&self, drafts: Vec<ConnectionDraft>) -> Result<Vec<ConnectionId>, DeskError> {
        let known = self.joined().await?;
        let mut joined = BTreeMap::new();
        for draft in drafts {
            let name = draft.name.clone();
            let id = match known.get(&name) {
                Some(id) => self.refresh_demo(*id, draft).await?,
                None => self.add_demo(draft).await?,
            };
            joined.insert(name, id);
            // Stored at once: one that was added is never forgotten, whatever comes after it.
            let kept = serde_json::to_string(&joined).map_err(StoreError::from)?;
            self.inner.store.set_setting(JOINED, kept).await?;
        }
        for id in joined.values() {
            self.test_connection(*id, &mut |_| {}).await?;
        }
        Ok(joined.into_values().collect())
    }

    /// The connections of the demo that are still there.
    pub async fn demo_connections(&self) -> Result<Vec<ConnectionId>, DeskError> {
        Ok(self.joined().await?.into_values().collect())
    }

    /// The connection of the demo whose draft had this name; it may be called otherwise by now.
    pub async fn demo_connection(&self, name: &str) -> Result<Option<ConnectionId>, DeskError> {
        Ok(self.joined().await?.get(name).copied())
    }

    /// Removes the connections of the demo: all, or none where transfers still need one.
    pub async fn leave_demo(&self) -> Result<(), DeskError> {
        let ids = self.demo_connections().await?;
        for id in &ids {
            let open = self.inner.store.open_transfers_of(*id).await?;
            if open > 0 {
                let name = self.inner.store.connection(*id).await?.name;
                return Err(DeskError::InUse { name, open });
            }
        }
        for id in ids {
            self.remove_connection(id).await?;
        }
        Ok(self.inner.store.set_setting(JOINED, "{}".to_owned()).await?)
    }

    async fn joined(&self) -> Result<BTreeMap<String, ConnectionId>, DeskError> {
        let kept = self.inner.store.setting(JOINED).await?.unwrap_or_else(|| "{}".to_owned());
        let mut joined: BTreeMap<String, ConnectionId> = serde_json::from_str(&kept).map_err(StoreError::from)?;
        let rows = self.inner.store.connections().await?;
        joined.retain(|_, id| rows.iter().any(|row| row.id == *id));
        Ok(joined)
    }

    async fn refresh_demo(&self, id: ConnectionId, draft: ConnectionDraft) -> Result<ConnectionId, DeskError> {
        self.keep_in_memory(id, &draft).await?;
        self.change_connection(id, draft.settings, BTreeMap::new()).await?;
        Ok(id)
    }

    async fn add_demo(&self, draft: ConnectionDraft) -> Result<ConnectionId, DeskError> {
        let id = ConnectionId::fresh();
        let secrets = self.keep_in_memory(id, &draft).await?;
        let rows = self.inner.store.connections().await?;
        let is_taken = |name: &str| rows.iter().any(|row| row.name.eq_ignore_ascii_case(name));
        let numbered = (2..).map(|number| format!("{}-{number}", draft.name));
        let mut names = std::iter::once(draft.name.clone()).chain(numbered);
        let name = names.find(|name| !is_taken(name)).unwrap_or_default();
        let new = NewConnection { id, name, kind: draft.kind, settings: draft.settings, secrets };
        self.inner.store.add_connection(new, self.now(), self.actor()).await?;
        Ok(id)
    }

    async fn keep_in_memory(
        &self,
        id: ConnectionId,
        draft: &ConnectionDraft,
    ) -> Result<BTreeMap<String, String>, DeskError> {
        let mut places = BTreeMap::new();
        for (key, secret) in &draft.secrets {
            let kind = self.inner.vaults.put_in_memory(&self.inner.opener.secret_ref(id, key), secret.clone()).await?;
            places.insert(key.clone(), kind.as_str().to_owned());
        }
        Ok(places)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use camino::Utf8Path;
    use secrecy::SecretString;
    use waybill_engine::SystemClock;
    use waybill_standins::demo::{BUCKET, Demo};
    use waybill_store::Health;
    use waybill_vault::{SecretRef, Vault, VaultError, VaultKind, Vaults};

    use super::*;
    use crate::{Paths, assemble};

    #[derive(Debug)]
    struct NoKeyring;

    fn nobody_answers<T>() -> Result<T, VaultError> {
        Err(VaultError::Unreachable { vault: VaultKind::Keyring, reason: "no session bus".into() })
    }

    #[async_trait]
    impl Vault for NoKeyring {
        fn kind(&self) -> VaultKind {
            VaultKind::Keyring
        }
        async fn put(&self, _: &SecretRef, _: SecretString) -> Result<(), VaultError> {
            nobody_answers()
        }
        async fn get(&self, _: &SecretRef) -> Result<Option<SecretString>, VaultError> {
            nobody_answers()
        }
        async fn remove(&self, _: &SecretRef) -> Result<(), VaultError> {
            nobody_answers()
        }
        async fn available(&self) -> Result<(), VaultError> {
            nobody_answers()
        }
    }

    fn drafts(servers: &Demo) -> Vec<ConnectionDraft> {
        let owned = |pairs: Vec<(&'static str, String)>| pairs.into_iter().map(|(key, value)| (key.to_owned(), value));
        let draft = |one: waybill_standins::demo::DemoConnection| ConnectionDraft {
            name: one.name.to_owned(),
            kind: one.kind.to_owned(),
            settings: owned(one.settings).collect(),
            secrets: owned(one.secrets).map(|(key, value)| (key, SecretString::from(value))).collect(),
            ..ConnectionDraft::default()
        };
        servers.connections().into_iter().map(draft).collect()
    }

    /// A home whose vaults take nothing: no keyring answers, and there is no passphrase.
    async fn desk(dir: &tempfile::TempDir) -> Desk {
        let home = Utf8Path::from_path(dir.path()).unwrap();
        let vaults = Vaults::with_keyring(Arc::new(NoKeyring), home.join("secrets.age"), None);
        assemble(Paths::new(home), vaults, Arc::new(SystemClock)).await.unwrap()
    }

    #[tokio::test]
    async fn the_demo_is_joined_without_a_vault_and_left_without_a_trace() {
        let dir = tempfile::tempdir().unwrap();
        let servers = Demo::start(None, 0).await.unwrap();
        let desk = desk(&dir).await;
        let own = ConnectionDraft {
            name: "Demo-S3".to_owned(),
            kind: "folder".to_owned(),
            settings: [("root".to_owned(), dir.path().to_str().unwrap().to_owned())].into(),
            ..ConnectionDraft::default()
        };
        let own = desk.add_connection(own).await.unwrap();

        let joined = desk.join_demo_beside(drafts(&servers)).await.unwrap();
        let connections = desk.connections().await.unwrap();
        let names: Vec<_> = connections.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Demo-S3", "demo-s3-2", "demo-sftp"], "what is there keeps its name");
        assert!(connections.iter().filter(|one| joined.contains(&one.id)).all(|one| one.health == Health::Well));

        desk.leave_demo().await.unwrap();
        assert_eq!(desk.connections().await.unwrap().iter().map(|one| one.id).collect::<Vec<_>>(), [own]);
        assert!(desk.demo_connections().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn the_next_start_finds_the_same_connections_at_other_ports() {
        let dir = tempfile::tempdir().unwrap();
        let first = desk(&dir).await;
        let servers = Demo::start(None, 0).await.unwrap();
        let joined = first.join_demo_beside(drafts(&servers)).await.unwrap();
        servers.stop().await;
        drop(first);
        let next = desk(&dir).await;
        let servers = Demo::start(None, 0).await.unwrap();
        assert_eq!(next.join_demo_beside(drafts(&servers)).await.unwrap(), joined);
        let s3 = next.connection_named("demo-s3").await.unwrap();
        assert_eq!((s3.settings["endpoint"].clone(), s3.settings["bucket"].as_str()), (servers.s3.endpoint(), BUCKET));
        assert_eq!(s3.health, Health::Well);
    }
}
