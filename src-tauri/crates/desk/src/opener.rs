//! Opens connections for the engine and for whoever browses: settings out of the store, secrets out of their vaults.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use waybill_connector::{Ask, ConnectorError, Learned, NobodyToAsk, OpenContext, Result, Secrets, Settings};
use waybill_engine::{Connections, OpenConnection};
use waybill_model::{Clock, ConnectionId, FailureKind};
use waybill_net::{Inspector, Patience, Surroundings, oauth::SignedIn};
use waybill_store::{ConnectionRow, Store, StoreError};
use waybill_vault::{SecretRef, VaultError, VaultErrorKind, VaultKind, Vaults};

use crate::{
    kept_tokens::{Holding, KeptTokens, Turns},
    registry,
    settings::{self, Live},
};

/// Opens connections of one home.
#[derive(Debug)]
pub(crate) struct Opener {
    store: Store,
    vaults: Arc<Vaults>,
    home_id: String,
    ask: Mutex<Arc<dyn Ask>>,
    live: Arc<Live>,
    clock: Arc<dyn Clock>,
    inspector: Inspector,
    turns: Turns,
    holding: Arc<Holding>,
}

/// The fact of a failure that names the vault which did not open, and its code where a passphrase opens it: nobody refused
/// a sign-in.
pub(crate) const VAULT_CLOSED: &str = "vault-closed";

/// The code of a failure whose keyring does not answer, or is locked: nobody refused a sign-in.
const KEYRING_SILENT: &str = "keyring-silent";

/// Says of a failure that `vault` keeps a secret and did not give it.
pub(crate) fn shut(failure: ConnectorError, vault: VaultKind, vaults: &Vaults, error: &VaultError) -> ConnectorError {
    let failure = failure.with(VAULT_CLOSED, vault.as_str());
    match (vault, error.kind()) {
        (VaultKind::File, _) if !vaults.is_file_open() => failure.code(VAULT_CLOSED),
        (VaultKind::Keyring, VaultErrorKind::Unreachable | VaultErrorKind::Locked) => failure.code(KEYRING_SILENT),
        _ => failure,
    }
}

impl Opener {
    pub(crate) fn new(
        store: Store,
        vaults: Arc<Vaults>,
        home_id: String,
        live: Arc<Live>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (ask, inspector, turns) = (Mutex::new(Arc::new(NobodyToAsk) as _), Inspector::default(), Turns::default());
        let holding = Arc::default();
        Self { store, vaults, home_id, ask, live, clock, inspector, turns, holding }
    }

    /// What was said with remotes over HTTP.
    pub(crate) fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// What any connection is opened with.
    pub(crate) async fn context(
        &self,
        name: String,
        settings: Settings,
        secrets: Secrets,
        learned: Learned,
    ) -> Result<(OpenContext, Surroundings)> {
        let ask = Arc::clone(&self.ask.lock().unwrap_or_else(PoisonError::into_inner));
        let password = self.secret_ref(ConnectionId::LOCAL, settings::PASSWORD);
        let network = settings::opened(&self.live.network().0, &self.vaults, &password).await?;
        let around = Surroundings {
            inspector: self.inspector.clone(),
            clock: Arc::clone(&self.clock),
            keep: None,
            patience: Patience::default(),
        };
        Ok((OpenContext { name, settings, secrets, learned, ask, network }, around))
    }

    /// Whom to ask for one-time codes from now on.
    pub(crate) fn set_ask(&self, ask: Arc<dyn Ask>) {
        *self.ask.lock().unwrap_or_else(PoisonError::into_inner) = ask;
    }

    pub(crate) fn secret_ref(&self, id: ConnectionId, key: &str) -> SecretRef {
        SecretRef::new(self.home_id.clone(), id, key)
    }

    /// The secrets of a connection, each out of the vault that took it.
    pub(crate) async fn secrets(&self, row: &ConnectionRow) -> Result<Secrets> {
        let mut secrets = Secrets::new();
        for (key, vault) in &row.secrets {
            let missing = |why: String| {
                ConnectorError::new(
                    FailureKind::Unauthenticated,
                    "open",
                    format!("the secret {key} of {} cannot be had: {why}", row.name),
                )
            };
            let kind = VaultKind::from_word(vault)
                .ok_or_else(|| missing(format!("this version knows no vault called {vault}")))?;
            let secret = self.vaults.get(kind, &self.secret_ref(row.id, key)).await;
            let secret = secret.map_err(|error| shut(missing(error.to_string()), kind, &self.vaults, &error))?;
            let secret = secret.ok_or_else(|| missing(format!("{kind} does not hold it any more; enter it again")))?;
            secrets.insert(key.clone(), secret);
        }
        Ok(secrets)
    }

    /// How long the sign-in of a connection holds, where one was made since this program began.
    pub(crate) fn signed_in(&self, id: ConnectionId) -> Option<SignedIn> {
        self.holding.of(id)
    }

    /// Forgets that: what signs in now is something else.
    pub(crate) fn forget_signed_in(&self, id: ConnectionId) {
        self.holding.forget(id);
    }

    /// Opens a stored connection.
    pub(crate) async fn open_row(&self, row: ConnectionRow) -> Result<OpenConnection> {
        if row.removed_at.is_some() {
            let message = format!("the connection {} was removed", row.name);
            return Err(ConnectorError::new(FailureKind::Unsupported, "open", message));
        }
        let secrets = self.secrets(&row).await?;
        let values: Settings = row.settings.iter().collect();
        let (parallel, bandwidth) = (values.number("parallel"), values.number("bandwidth"));
        // The generation before the network: one that changes between is read again.
        let generation = self.live.network().1;
        let keep = KeptTokens {
            store: self.store.clone(),
            vaults: Arc::clone(&self.vaults),
            id: row.id,
            secret: registry::kept_by_sign_in(&row.kind).map(|key| (key, self.secret_ref(row.id, key))),
            holding: Arc::clone(&self.holding),
            turn: self.turns.of(row.id),
        };
        let (context, around) = self.context(row.name.clone(), values, secrets, Learned(row.learned)).await?;
        let connector = registry::open(&row.kind, context, Surroundings { keep: Some(Arc::new(keep)), ..around })?;
        Ok(OpenConnection {
            id: row.id,
            name: row.name,
            connector,
            parallel,
            bandwidth,
            revision: row.revision + generation,
        })
    }
}

#[async_trait]
impl Connections for Opener {
    async fn open(&self, id: ConnectionId) -> Result<OpenConnection> {
        if id.is_local() {
            return Ok(OpenConnection {
                id,
                name: "this computer".to_owned(),
                connector: registry::this_computer(),
                parallel: None,
                bandwidth: None,
                revision: 0,
            });
        }
        let row = self.store.connection(id).await.map_err(unreadable)?;
        self.open_row(row).await
    }

    async fn revision(&self, id: ConnectionId) -> Result<u64> {
        let row = self.store.connection(id).await.map_err(unreadable)?;
        Ok(row.revision + self.live.network().1)
    }
}

fn unreadable(error: StoreError) -> ConnectorError {
    let kind =
        if matches!(error, StoreError::Unknown { .. }) { FailureKind::Unsupported } else { FailureKind::Unreachable };
    ConnectorError::new(kind, "open", error.to_string()).caused_by(error)
}
