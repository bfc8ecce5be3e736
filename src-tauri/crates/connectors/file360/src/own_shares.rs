//! The shares that this account made: read back from the server, and counted for listings.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::File360Connector,
    places::{Node, fresh, missing},
    spelling::Child,
    wire::WireShare,
};

/// How long a count is shown.
const SHOWN: Duration = Duration::from_mins(1);
/// The server's own zone may make an end look so much earlier than it is: a share that may still hold is never left out.
const LEEWAY: i64 = 14 * 3_600_000;

/// What shares, comments, tags and locks hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Entity {
    /// The entry of a file.
    Entry(i64),
    Folder(i64),
    Workspace(i64),
}

impl Entity {
    pub(crate) fn segments(self) -> (&'static str, String) {
        match self {
            Self::Entry(id) => ("folder_entries", id.to_string()),
            Self::Folder(id) => ("folders", id.to_string()),
            Self::Workspace(id) => ("workspaces", id.to_string()),
        }
    }

    pub(crate) fn of(child: &Child) -> Option<Self> {
        match child {
            Child::Folder(binder) if binder.is_workspace() => Some(Self::Workspace(binder.id)),
            Child::Folder(binder) => Some(Self::Folder(binder.id)),
            Child::File(file) => file.entry().map(Self::Entry),
        }
    }

    /// What a share is of.
    pub(crate) fn shared(share: &WireShare) -> Option<Self> {
        let entity = share.shared_entity.as_ref()?;
        let id = entity.id?;
        Some(match entity.kind.as_deref() {
            Some("folderEntry") => Self::Entry(id),
            Some("workspace") => Self::Workspace(id),
            _ => Self::Folder(id),
        })
    }

    fn key(self) -> (bool, i64) {
        match self {
            Self::Entry(id) => (true, id),
            Self::Folder(id) | Self::Workspace(id) => (false, id),
        }
    }
}

/// How many shares hang on what, by whether it is an entry and its number.
type Counts = HashMap<(bool, i64), usize>;

/// How many shares hang on what, as it was a moment ago.
#[derive(Debug, Default)]
pub(crate) struct OwnShares(Mutex<Option<(Counts, Instant)>>);

impl OwnShares {
    /// The shares are others now.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl File360Connector {
    /// Every share that this account made and that has not ended.
    pub(crate) async fn own_shares(&self, operation: &'static str) -> Result<Vec<WireShare>> {
        let me = self.me().await?.id.to_string();
        let all = self.read_all(operation, &self.url(&["shares", "by_user", &me], &[])).await?;
        Ok(self.still_open(all))
    }

    /// Those of one thing.
    pub(crate) async fn shares_on(&self, operation: &'static str, entity: Entity) -> Result<Vec<WireShare>> {
        let (family, id) = entity.segments();
        let all = self.read_all(operation, &self.url(&[family, &id, "shares"], &[])).await?;
        Ok(self.still_open(all))
    }

    fn still_open(&self, mut shares: Vec<WireShare>) -> Vec<WireShare> {
        let now = self.now();
        shares.retain(|share| {
            let end = share.expiration.as_deref().and_then(|date| self.config.dates.read(date));
            end.is_none_or(|end| end.plus(LEEWAY) > now)
        });
        shares
    }

    /// Counts the shares, unless that was done a moment ago. Who may not see them goes on without.
    pub(crate) async fn count_shares(&self, operation: &'static str) -> Result<()> {
        let is_fresh = |(_, since): &(Counts, Instant)| since.elapsed() < SHOWN;
        if self.own_shares.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(is_fresh) {
            return Ok(());
        }
        let shares = match self.own_shares(operation).await {
            Err(error) if matches!(error.kind, FailureKind::Denied | FailureKind::NotFound) => Vec::new(),
            other => other?,
        };
        let mut counts = Counts::new();
        for entity in shares.iter().filter_map(Entity::shared) {
            *counts.entry(entity.key()).or_default() += 1;
        }
        *self.own_shares.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((counts, Instant::now()));
        Ok(())
    }

    /// How many shares hang on something: as its list tells, else as they were counted.
    pub(crate) fn shares_known(&self, is_entry: bool, id: i64, listed: Option<&Vec<WireShare>>) -> Option<usize> {
        let counted = || {
            let kept = self.own_shares.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().and_then(|(counts, _)| counts.get(&(is_entry, id)).copied())
        };
        listed.map(Vec::len).or_else(counted).filter(|count| *count > 0)
    }

    /// What lies at a path, with what hangs on it.
    pub(crate) async fn entity_at(&self, operation: &'static str, path: &RemotePath) -> Result<(Entity, Child)> {
        let node =
            fresh!(self, async { self.node_at(operation, path).await?.ok_or_else(|| missing(operation, path)) })?;
        let none = || {
            let why = "that cannot be done with a list of the account, only with a folder or a file";
            ConnectorError::new(FailureKind::Invalid, operation, why).at(path)
        };
        match node {
            Node::Child { child, .. } => Ok((Entity::of(&child).ok_or_else(none)?, *child)),
            Node::Place => Err(none()),
        }
    }
}
