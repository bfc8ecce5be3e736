//! Walking a run's roots: each entry found becomes a transfer at once, so that sending starts while walking goes on.
//!
//! A walk that a crash cut short starts again at its root and leaves out what the run has already.

use std::{collections::HashSet, sync::Arc};

use tokio_util::sync::CancellationToken;
use waybill_connector::{Connector, ConnectorError, Entry, EntryKind, List, PageRequest};
use waybill_model::{
    Clock, Failure, FailureKind, Location, RemotePath, Side, Stamp, TransferId,
    names::{NameRules, twin_key},
};
use waybill_store::{EntryType, NewTransfer, Queue, Root, StoreError};

use crate::pool::Pool;

/// Rows that are stored together.
const GROUP: usize = 500;
/// Folders inside folders, at most: deeper ones are refused rather than followed for ever.
const DEEPEST: usize = 1_000;

/// Walks one root to its end. A root that cannot be opened is stored as one failed transfer, so that it is seen.
pub(crate) async fn walk(pool: &Pool, queue: &Queue, clock: &Arc<dyn Clock>, root: Root, token: &CancellationToken) -> Result<(), StoreError> {
    let known = queue.known_sources(root.run).await?;
    let mut walk = Walk { queue, clock, root: &root, known, gathered: Vec::new() };
    let failure = match walk.all(pool, token).await {
        Ok(()) => None,
        Err(Halt::Failed(side, error)) => {
            let connection = if side == Side::Source { root.source.connection } else { root.target.connection };
            pool.went_wrong(connection, &error).await;
            if error.kind.stops_the_connection() {
                // Stays pending; it is walked again once somebody has answered.
                return pool.raise(connection, &error, clock.now()).await;
            }
            Some(error.to_failure(side))
        }
        Err(Halt::Store(error)) => return Err(error),
        // Stays pending; the next engine walks it.
        Err(Halt::Ended) => return Ok(()),
    };
    if let Some(failure) = failure.clone() {
        walk.gathered.push(NewTransfer {
            id: TransferId::fresh(),
            source: root.source.clone(),
            target: root.target.clone(),
            entry: EntryType::File,
            stamp: Stamp::default(),
            failure: Some(failure),
        });
    }
    walk.flush().await?;
    queue.root_walked(root, failure).await
}

enum Halt {
    Failed(Side, ConnectorError),
    Store(StoreError),
    Ended,
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

struct Walk<'w> {
    queue: &'w Queue,
    clock: &'w Arc<dyn Clock>,
    root: &'w Root,
    known: HashSet<String>,
    gathered: Vec<NewTransfer>,
}

impl Walk<'_> {
    async fn all(&mut self, pool: &Pool, token: &CancellationToken) -> Result<(), Halt> {
        let source = pool.seat(self.root.source.connection).await.map_err(|error| Halt::Failed(Side::Source, error))?;
        let target = pool.seat(self.root.target.connection).await.map_err(|error| Halt::Failed(Side::Destination, error))?;
        let rules = target.open.connector.descriptor().names.clone();
        let list = lister(&source.open.connector)?;
        let path = &self.root.source.path;
        let entry = list.stat(path).await.map_err(|error| Halt::Failed(Side::Source, error))?;
        let Some(entry) = entry else {
            let error = ConnectorError::new(FailureKind::NotFound, "stat", "nothing is there to send");
            return Err(Halt::Failed(Side::Source, error.at(path)));
        };
        if entry.kind != EntryKind::Folder {
            let target = self.root.target.path.clone();
            return self.found(&entry, target, &rules, false).await;
        }
        self.folders(list, &rules, token).await
    }

    async fn folders(&mut self, list: &dyn List, rules: &NameRules, token: &CancellationToken) -> Result<(), Halt> {
        let mut open = vec![(self.root.source.path.clone(), 0_usize)];
        while let Some((folder, depth)) = open.pop() {
            let mut cursor = None;
            let mut twins = HashSet::new();
            let mut empty = true;
            loop {
                if token.is_cancelled() {
                    return Err(Halt::Ended);
                }
                let request = PageRequest { cursor: cursor.take(), ..PageRequest::default() };
                let page = list.list(&folder, request).await.map_err(|error| Halt::Failed(Side::Source, error.at(&folder)))?;
                for entry in &page.entries {
                    empty = false;
                    if entry.kind == EntryKind::Folder && entry.addressable && depth < DEEPEST {
                        open.push((entry.path.clone(), depth + 1));
                        continue;
                    }
                    let target = self.target_of(&entry.path);
                    // Only where the target cannot keep both do twins matter.
                    let twin = rules.folds_case && !twins.insert(twin_key(&entry.name));
                    self.found(entry, target, rules, twin).await?;
                }
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            if empty {
                self.found_empty(&folder, rules).await?;
            }
        }
        Ok(())
    }

    fn target_of(&self, path: &RemotePath) -> RemotePath {
        match path.below(&self.root.source.path) {
            Some("") | None => self.root.target.path.clone(),
            Some(below) => self.root.target.path.join(below),
        }
    }

    async fn found(&mut self, entry: &Entry, target: RemotePath, rules: &NameRules, twin: bool) -> Result<(), Halt> {
        let refusal = if !entry.addressable {
            Some((Side::Source, "its name is not UTF-8, so it cannot be addressed; its owner can rename it".to_owned()))
        } else if entry.kind == EntryKind::Folder {
            Some((Side::Source, "folders are nested too deeply here".to_owned()))
        } else if entry.kind == EntryKind::Other {
            Some((Side::Source, "it is no file with bytes: a pipe, a socket, a device or a dangling link".to_owned()))
        } else if twin {
            Some((Side::Destination, "the target cannot keep two names that differ only in case or accents' spelling".to_owned()))
        } else {
            rules
                .path_problem(target.relative())
                .map(|problem| (Side::Destination, format!("the target refuses the name: {problem}")))
        };
        let failure = refusal.map(|(side, why)| Failure {
            kind: FailureKind::Invalid,
            side,
            message: format!("{}: {why}", waybill_model::names::shown(entry.path.as_str())),
            code: None,
        });
        self.push(&entry.path, target, EntryType::File, entry.stamp(), failure).await
    }

    async fn found_empty(&mut self, folder: &RemotePath, rules: &NameRules) -> Result<(), Halt> {
        let target = self.target_of(folder);
        let failure = rules.path_problem(target.relative()).filter(|_| !target.is_root()).map(|problem| Failure {
            kind: FailureKind::Invalid,
            side: Side::Destination,
            message: format!("the target refuses the name: {problem}"),
            code: None,
        });
        self.push(folder, target, EntryType::Folder, Stamp::default(), failure).await
    }

    async fn push(
        &mut self,
        source: &RemotePath,
        target: RemotePath,
        entry: EntryType,
        stamp: Stamp,
        failure: Option<Failure>,
    ) -> Result<(), Halt> {
        if !self.known.contains(source.as_str()) {
            self.gathered.push(NewTransfer {
                id: TransferId::fresh(),
                source: Location { connection: self.root.source.connection, path: source.clone() },
                target: Location { connection: self.root.target.connection, path: target },
                entry,
                stamp,
                failure,
            });
        }
        if self.gathered.len() >= GROUP {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let gathered = std::mem::take(&mut self.gathered);
        self.queue.enqueue(self.root.run, gathered, self.clock.now(), "engine".to_owned()).await?;
        Ok(())
    }
}

fn lister(connector: &Arc<dyn Connector>) -> Result<&dyn List, Halt> {
    connector.list().ok_or_else(|| {
        Halt::Failed(Side::Source, ConnectorError::unsupported("list", "nothing can be looked up there, so nothing can be sent from it"))
    })
}
