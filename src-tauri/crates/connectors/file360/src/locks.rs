//! Reserving a file, so that nobody else changes it for a while.

use async_trait::async_trait;
use http::Method;
use waybill_connector::{ConnectorError, FileLock, Locks, Result, TAKEN_BY};
use waybill_model::{FailureKind, RemotePath, Retry};

use crate::{
    connector::File360Connector,
    errors::refused,
    own_shares::Entity,
    wire::{Stamped, WireFile},
};

impl File360Connector {
    async fn reserved(&self, operation: &'static str, path: &RemotePath) -> Result<String> {
        match self.entity_at(operation, path).await? {
            (Entity::Entry(id), _) => Ok(id.to_string()),
            _ => Err(ConnectorError::unsupported(operation, "folders there cannot be reserved, only files").at(path)),
        }
    }

    /// Who has reserved an entry. Inferred: the answer is who and when, and nothing where nobody has.
    async fn reservation(&self, operation: &'static str, method: Method, entry: &str) -> Result<Option<FileLock>> {
        let url = self.url(&["folder_entries", entry, "reservation"], &[]);
        let answer = self.call(operation, method, url).send().await?.taken(refused).await?;
        let stamp: Option<Stamped> = crate::answers::object(operation, answer).await?;
        let Some((Some(by), date)) = stamp.map(|stamp| (stamp.by(), stamp.date)) else { return Ok(None) };
        self.meet(operation, [by]).await?;
        Ok(Some(FileLock {
            by: self.people.login(by),
            mine: by == self.me().await?.id,
            since: date.and_then(|date| self.config.dates.read(&date)),
            expires: None,
        }))
    }

    /// The same error, with who has the file.
    pub(crate) async fn with_locker(
        &self,
        operation: &'static str,
        file: &WireFile,
        error: ConnectorError,
    ) -> ConnectorError {
        let Some(entry) = file.entry() else { return error };
        match self.reservation(operation, Method::GET, &entry.to_string()).await {
            Ok(Some(lock)) => taken(operation, &lock.by),
            _ => error,
        }
    }
}

fn taken(operation: &'static str, by: &str) -> ConnectorError {
    let why = format!("{by} has reserved the file; they can give it back");
    ConnectorError::new(FailureKind::Locked, operation, why).with(TAKEN_BY, by).retry(Retry::Never)
}

#[async_trait]
impl Locks for File360Connector {
    async fn lock_of(&self, path: &RemotePath) -> Result<Option<FileLock>> {
        let entry = self.reserved("lock_of", path).await?;
        self.reservation("lock_of", Method::GET, &entry).await.map_err(|error| error.at(path))
    }

    async fn lock(&self, path: &RemotePath) -> Result<FileLock> {
        let entry = self.reserved("lock", path).await?;
        let lock = match self.reservation("lock", Method::PUT, &entry).await {
            Ok(Some(lock)) => Ok(lock),
            // Taking it again changes nothing, so a look tells how it ended.
            Ok(None) => self.reservation("lock", Method::GET, &entry).await?.ok_or_else(|| {
                let why = "the file server took the reservation and does not show it";
                ConnectorError::new(FailureKind::Vendor, "lock", why)
            }),
            Err(error) if error.kind == FailureKind::NotFound => Err(error),
            Err(error) => match self.reservation("lock", Method::GET, &entry).await {
                Ok(Some(lock)) => Ok(lock),
                _ => Err(error),
            },
        };
        match lock.map_err(|error| error.at(path))? {
            lock if lock.mine => Ok(lock),
            lock => Err(taken("lock", &lock.by).at(path)),
        }
    }

    async fn unlock(&self, path: &RemotePath) -> Result<()> {
        let entry = self.reserved("unlock", path).await?;
        match self.reservation("unlock", Method::GET, &entry).await.map_err(|error| error.at(path))? {
            None => Ok(()),
            // The owner of the folder might end it there; that is between those two.
            Some(lock) if !lock.mine => Err(taken("unlock", &lock.by).at(path)),
            Some(_) => {
                let url = self.url(&["folder_entries", &entry, "reservation"], &[]);
                self.remove("unlock", url).await.map(drop).map_err(|error| error.at(path))
            }
        }
    }
}
