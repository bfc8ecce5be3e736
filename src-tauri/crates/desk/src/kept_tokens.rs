//! What a person's sign-in leaves: kept in the vault that took it, and renewed by one session of this program at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::future::BoxFuture;
use secrecy::SecretString;
use tokio::sync::Mutex as Turn;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{ConnectionId, FailureKind};
use waybill_net::oauth::{KeepTokens, SignedIn};
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

/// How long each connection's sign-in holds, as its last renewal told. It lives as long as the program: so do the tokens.
#[derive(Debug, Default)]
pub(crate) struct Holding(Mutex<HashMap<ConnectionId, SignedIn>>);

impl Holding {
    fn all(&self) -> MutexGuard<'_, HashMap<ConnectionId, SignedIn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was told last.
    pub(crate) fn of(&self, id: ConnectionId) -> Option<SignedIn> {
        self.all().get(&id).copied()
    }

    /// Forgets it: with other settings or secrets it is another sign-in.
    pub(crate) fn forget(&self, id: ConnectionId) {
        self.all().remove(&id);
    }
}

/// The place of one connection's sign-in.
#[derive(Debug)]
pub(crate) struct KeptTokens {
    pub(crate) store: Store,
    pub(crate) vaults: Arc<Vaults>,
    pub(crate) id: ConnectionId,
    /// The secret that a person's sign-in leaves, for those that have one.
    pub(crate) secret: Option<(&'static str, SecretRef)>,
    pub(crate) holding: Arc<Holding>,
    pub(crate) turn: Arc<Turn<()>>,
}

impl KeptTokens {
    /// The secret and the vault that holds it; `None` where none does any more.
    async fn place(&self) -> Result<Option<(VaultKind, &SecretRef)>> {
        let Some((key, name)) = &self.secret else { return Ok(None) };
        let row = self.store.connection(self.id).await;
        let row = row.map_err(|error| lost("the desk's database cannot be read").caused_by(error))?;
        Ok(row.secrets.get(*key).and_then(|word| VaultKind::from_word(word)).map(|vault| (vault, name)))
    }
}

fn lost(why: &str) -> ConnectorError {
    let why = format!("the renewed sign-in could not be kept: {why}; sign in again if the service asks for it");
    ConnectorError::new(FailureKind::Unauthenticated, "token", why)
}

impl KeepTokens for KeptTokens {
    fn keep(&self, refresh: SecretString) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let (vault, name) = self.place().await?.ok_or_else(|| lost("the connection has no sign-in any more"))?;
            let kept = self.vaults.replace(vault, name, refresh).await;
            kept.map_err(|error| lost(&error.to_string()))
        })
    }

    fn latest(&self) -> BoxFuture<'_, Result<Option<SecretString>>> {
        Box::pin(async move {
            let Some((vault, name)) = self.place().await? else { return Ok(None) };
            self.vaults.get(vault, name).await.map_err(|error| {
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

    fn holds(&self, signed_in: SignedIn) {
        self.holding.all().insert(self.id, signed_in);
    }

    fn turn(&self) -> BoxFuture<'_, Box<dyn Send + '_>> {
        Box::pin(async move { Box::new(self.turn.lock().await) as Box<dyn Send> })
    }
}
