//! What a person's sign-in leaves: kept in the vault that took it, and renewed by one session of this program at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::future::BoxFuture;
use secrecy::SecretString;
use tokio::sync::Mutex as Turn;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{ConnectionId, FailureKind};
use waybill_net::oauth::KeepTokens;
use waybill_store::Store;
use waybill_vault::{SecretRef, VaultKind, Vaults};

/// Whose turn it is to renew, by connection: the same one may be open several times.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<ConnectionId, Arc<Turn<()>>>>);

impl Turns {
    pub(crate) fn of(&self, id: ConnectionId) -> Arc<Turn<()>> {
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default())
    }
}

/// The place of one connection's sign-in.
#[derive(Debug)]
pub(crate) struct KeptTokens {
    pub(crate) store: Store,
    pub(crate) vaults: Arc<Vaults>,
    pub(crate) id: ConnectionId,
    pub(crate) name: SecretRef,
    pub(crate) key: &'static str,
    pub(crate) turn: Arc<Turn<()>>,
}

impl KeptTokens {
    /// The vault that holds it; `None` where none does any more.
    async fn vault(&self) -> Result<Option<VaultKind>> {
        let row = self.store.connection(self.id).await;
        let row = row.map_err(|error| lost("the desk's database cannot be read").caused_by(error))?;
        Ok(row.secrets.get(self.key).and_then(|word| VaultKind::from_word(word)))
    }
}

fn lost(why: &str) -> ConnectorError {
    let why = format!("the renewed sign-in could not be kept: {why}; sign in again if the service asks for it");
    ConnectorError::new(FailureKind::Unauthenticated, "token", why)
}

impl KeepTokens for KeptTokens {
    fn keep(&self, refresh: SecretString) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let vault = self.vault().await?.ok_or_else(|| lost("the connection has no sign-in any more"))?;
            let kept = self.vaults.replace(vault, &self.name, refresh).await;
            kept.map_err(|error| lost(&error.to_string()))
        })
    }

    fn latest(&self) -> BoxFuture<'_, Result<Option<SecretString>>> {
        Box::pin(async move {
            let Some(vault) = self.vault().await? else { return Ok(None) };
            self.vaults.get(vault, &self.name).await.map_err(|error| {
                let why = format!("the sign-in cannot be had: {error}");
                crate::opener::shut(
                    ConnectorError::new(FailureKind::Unauthenticated, "token", why),
                    vault,
                    &self.vaults,
                    &error,
                )
            })
        })
    }

    fn turn(&self) -> BoxFuture<'_, Box<dyn Send + '_>> {
        Box::pin(async move { Box::new(self.turn.lock().await) as Box<dyn Send> })
    }
}
