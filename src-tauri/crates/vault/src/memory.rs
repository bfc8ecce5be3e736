//! Secrets in this process only: for the demo, the stand-ins and the tests.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use secrecy::SecretString;

use crate::{Result, SecretRef, Vault, VaultKind};

/// Keeps secrets until the process ends.
#[derive(Debug, Default)]
pub struct MemoryVault {
    secrets: Mutex<HashMap<SecretRef, SecretString>>,
}

#[async_trait]
impl Vault for MemoryVault {
    fn kind(&self) -> VaultKind {
        VaultKind::Memory
    }

    async fn put(&self, name: &SecretRef, secret: SecretString) -> Result<()> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), secret);
        Ok(())
    }

    async fn get(&self, name: &SecretRef) -> Result<Option<SecretString>> {
        Ok(self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    async fn remove(&self, name: &SecretRef) -> Result<()> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }

    async fn available(&self) -> Result<()> {
        Ok(())
    }
}
