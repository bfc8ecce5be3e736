//! Walking a run's roots: each entry found becomes a transfer at once, so that sending starts while walking goes on.
//!
//! A walk that a crash cut short starts again at its root and leaves out what the run has already.

use std::{collections::HashSet, sync::Arc};

use waybill_connector::{Connector, ConnectorError, Entry, EntryKind, List, PageRequest};
use waybill_model::{
    Clock, Event, Failure, FailureKind, Location, Millis, RemotePath, RunId, Side, Stamp, State, StoryNote, TransferId,
    names::{NameRules, twin_key},
};
use waybill_store::{Change, EntryType, NewTransfer, Queue, Root, Store, StoreError};

use crate::{
    job::{AtSide as _, Job, Stop},
    pool::Pool,
    retry, room,
};

/// Rows that are stored together.
const GROUP: usize = 500;
/// Folders inside folders, at most: deeper ones are refused rather than followed for ever.
const DEEPEST: usize = 1_000;

/// How a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walked {
    /// Everything is in line.
    ToItsEnd,
    /// It starts again, after so many milliseconds where a failure may pass: what is in line already is left out.
    Later(Option<i64>),
}

/// Walks one root to its end. What cannot be opened is stored as one failed transfer, so that it is seen. `failed`
/// counts the walks of it that failed before.
pub(crate) async fn walk(
    pool: &Pool,
    queue: &Queue,
    store: &Store,
    clock: &Arc<dyn Clock>,
    root: Root,
    failed: u32,
) -> Result<Walked, StoreError> {
    let known = queue.known_sources(root.run, root.source.connection, root.target.connection).await?;
    let mut walk = Walk { queue, asked: Asked::Root(store), clock, root: &root, known, gathered: Vec::new() };
    let failure = match walk.all(pool).await {
        Ok(()) => None,
        Err(Halt::Failed(side, error)) => {
            // What was found so far can go.
            walk.flush().await?;
            let connection = if side == Side::Source { root.source.connection } else { root.target.connection };
            if error.kind.stops_the_connection() {
                // Stays pending; it is walked again once somebody has answered.
                pool.stop(connection, None, &error, clock.now()).await?;
                return Ok(Walked::Later(None));
            }
            pool.went_wrong(connection, &error).await;
            if let Some(pause) = retry::pause(&error, failed + 1, pool.is_known(connection).await) {
                tracing::info!(%error, "a walk failed; it starts again");
                return Ok(Walked::Later(Some(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX))));
            }
            Some(error.to_failure(side))
        }
        Err(Halt::Store(error)) => return Err(error),
    };
    if let Some(failure) = failure.clone() {
        walk.push(&root.source.path, root.target.path.clone(), EntryType::File, Stamp::default(), Some(failure))
            .await?;
    } else {
        pool.went_well(root.source.connection).await;
    }
    walk.flush().await?;
    let run = root.run;
    queue.root_walked(root, failure).await?;
    if store.run(run).await?.walked {
        let mut looked_at = HashSet::new();
        for root in store.roots(run).await? {
            if looked_at.insert(root.target.connection) {
                foresee_space(pool, queue, run, &root.target, clock.now()).await?;
            }
        }
    }
    Ok(Walked::ToItsEnd)
}

/// Whether a row stands for a folder that could not be looked into when its run was walked: nothing was seen of it then.
pub(crate) async fn is_unseen_folder(job: &Job) -> Result<bool, Stop> {
    if job.row.entry != EntryType::File || job.row.size > 0 || job.row.stamp != Stamp::default() {
        return Ok(false);
    }
    let Some(list) = job.source.open.connector.list() else { return Ok(false) };
    let entry = list.stat(&job.row.source.path).await.at_source()?;
    Ok(entry.is_some_and(|entry| entry.kind == EntryKind::Folder))
}

/// Looks through the folder that a row stands for. What is in it gets rows of its own, and the row is done with; one that
/// cannot be looked into fails like a transfer. False where nothing is in it.
pub(crate) async fn again(job: &Job) -> Result<bool, Stop> {
    let row = &job.row;
    let Some(list) = job.source.open.connector.list() else { return Ok(false) };
    let first = list.list(&row.source.path, PageRequest::default()).await.at_source()?;
    if first.entries.is_empty() && first.next.is_none() {
        return Ok(false);
    }
    let known = job.queue.known_sources(row.run, row.source.connection, row.target.connection).await?;
    let (source, target) = (row.source.clone(), row.target.clone());
    let root = Root { id: 0, run: row.run, source, target, failure: None };
    let asked = Asked::Row(row.id);
    let mut walk = Walk { queue: &job.queue, asked, clock: &job.clock, root: &root, known, gathered: Vec::new() };
    let walked = walk.folders(list, &job.target.open.connector.descriptor().names).await;
    walk.flush().await?;
    match walked {
        Ok(()) => {}
        Err(Halt::Failed(side, error)) => return Err(Stop::Failed(side, error)),
        Err(Halt::Store(error)) => return Err(Stop::Store(error)),
    }
    let change = Change::noted(StoryNote::LookedThroughAgain);
    job.queue.apply(row.id, vec![(Event::Skipped, change)], job.clock.now(), "engine").await?;
    Ok(true)
}

/// Says before it happens that a target will be full. What still fits is sent all the same.
async fn foresee_space(
    pool: &Pool,
    queue: &Queue,
    run: RunId,
    target: &Location,
    now: Millis,
) -> Result<(), StoreError> {
    let Ok(seat) = pool.seat(target.connection).await else { return Ok(()) };
    let Some((free, path)) = room::free(seat.open.connector.as_ref(), &target.path).await else { return Ok(()) };
    let needed = queue.remaining_bytes(run, target.connection).await?;
    if free >= needed {
        return Ok(());
    }
    let message = format!(
        "{needed} bytes are still to be sent to {}, and {free} bytes are free there; free some space, or send less",
        seat.open.name
    );
    let facts = serde_json::json!({ "message": message, "free": free, "needed": needed, "path": path });
    pool.raise_full(target.connection, run, facts, now).await
}

enum Halt {
    Failed(Side, ConnectorError),
    Store(StoreError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Who wants to know what is there, and may have called it off meanwhile.
enum Asked<'w> {
    /// A root of the run.
    Root(&'w Store),
    /// A row that stands for a folder.
    Row(TransferId),
}

struct Walk<'w> {
    queue: &'w Queue,
    asked: Asked<'w>,
    clock: &'w Arc<dyn Clock>,
    root: &'w Root,
    known: HashSet<(String, String)>,
    gathered: Vec<NewTransfer>,
}

impl Walk<'_> {
    async fn all(&mut self, pool: &Pool) -> Result<(), Halt> {
        let source = pool.seat(self.root.source.connection).await.map_err(|error| Halt::Failed(Side::Source, error))?;
        let target =
            pool.seat(self.root.target.connection).await.map_err(|error| Halt::Failed(Side::Destination, error))?;
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
            return Ok(self.found(&entry, target, &rules, false).await?);
        }
        self.folders(list, &rules).await
    }

    async fn folders(&mut self, list: &dyn List, rules: &NameRules) -> Result<(), Halt> {
        let mut open = vec![(self.root.source.path.clone(), 0_usize)];
        while let Some((folder, depth)) = open.pop() {
            let mut cursor = None;
            let mut twins = HashSet::new();
            let mut empty = true;
            loop {
                let request = PageRequest { cursor: cursor.take(), ..PageRequest::default() };
                let page = match list.list(&folder, request).await {
                    Ok(page) => page,
                    Err(error) if depth > 0 && is_about_the_folder(&error) => {
                        // One folder that may not be read does not keep the others back.
                        empty = false;
                        let target = self.target_of(&folder);
                        let failure = Some(error.at(&folder).to_failure(Side::Source));
                        self.push(&folder, target, EntryType::File, Stamp::default(), failure).await?;
                        break;
                    }
                    Err(error) => return Err(Halt::Failed(Side::Source, error.at(&folder))),
                };
                for entry in &page.entries {
                    empty = false;
                    // Only where the target cannot keep both do twins matter, of folders as of files.
                    let twin = rules.folds_case && !twins.insert(twin_key(&entry.name));
                    if entry.kind == EntryKind::Folder && entry.addressable && depth < DEEPEST && !twin {
                        open.push((entry.path.clone(), depth + 1));
                        continue;
                    }
                    let target = self.target_of(&entry.path);
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

    async fn found(
        &mut self,
        entry: &Entry,
        target: RemotePath,
        rules: &NameRules,
        twin: bool,
    ) -> Result<(), StoreError> {
        let refusal = if !entry.addressable {
            Some((Side::Source, "its name is not UTF-8, so it cannot be addressed; its owner can rename it".to_owned()))
        } else if entry.kind == EntryKind::Folder && !twin {
            Some((Side::Source, "folders are nested too deeply here".to_owned()))
        } else if entry.kind == EntryKind::Other {
            Some((Side::Source, "it is no file with bytes: a pipe, a socket, a device, a link to nothing, or a link that leads out or to a \
                 folder above it".to_owned()))
        } else if twin {
            Some((
                Side::Destination,
                "the target cannot keep two names that differ only in case or accents' spelling".to_owned(),
            ))
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

    async fn found_empty(&mut self, folder: &RemotePath, rules: &NameRules) -> Result<(), StoreError> {
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
    ) -> Result<(), StoreError> {
        let folder = target.parent().unwrap_or_else(RemotePath::root);
        let known =
            !self.known.is_empty() && self.known.contains(&(source.as_str().to_owned(), folder.as_str().to_owned()));
        if !known {
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
        let still_wanted = match self.asked {
            Asked::Root(store) => store.pending_roots().await?.iter().any(|root| root.id == self.root.id),
            Asked::Row(id) => self.queue.state(id).await?.is_some_and(State::is_active),
        };
        if !still_wanted {
            return Ok(());
        }
        self.queue.enqueue(self.root.run, gathered, self.clock.now(), "engine".to_owned()).await?;
        Ok(())
    }
}

/// Whether an error says something about one folder, and nothing about its neighbours.
fn is_about_the_folder(error: &ConnectorError) -> bool {
    matches!(error.kind, FailureKind::Denied | FailureKind::NotFound | FailureKind::Invalid)
}

fn lister(connector: &Arc<dyn Connector>) -> Result<&dyn List, Halt> {
    connector.list().ok_or_else(|| {
        Halt::Failed(
            Side::Source,
            ConnectorError::unsupported("list", "nothing can be looked up there, so nothing can be sent from it"),
        )
    })
}
