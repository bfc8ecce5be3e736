//! What albums hold: an index of each, caught up with one small call.
//!
//! Canto finds nothing by its exact name, so the names of an album are kept here. Every look asks for what changed last and
//! for the count; where they do not fit what is kept, the album is read again as a whole.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Turn, OwnedMappedMutexGuard, OwnedMutexGuard},
    time::Instant,
};
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Millis, Retry};

use crate::{
    connector::CantoConnector,
    places::Shelf,
    spelling::{ids_in, is_staged, with_id},
    wire::{Asset, Found as Results},
};

/// Assets that are asked for first to see what changed.
const GLANCE: u32 = 20;
/// Milliseconds by which a change may come to light later than its own time says: what is written at the same moment is told
/// in any order, and servers of one tenant may differ.
const LATE: i64 = 3_000;
/// So often such changes are looked for; a listing always looks.
const LOOKED_BACK: Duration = Duration::from_secs(1);
/// Albums whose index is kept.
const KEPT: usize = 16;
/// After this long an album is read again as a whole.
const STALE: Duration = Duration::from_mins(10);
/// An album that changes while it is read is read so often.
const ATTEMPTS: u32 = 4;

/// A file of an album.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) scheme: String,
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) modified: Option<Millis>,
    pub(crate) created: Option<Millis>,
    pub(crate) mark: Option<String>,
    /// Ids of all albums that it lies in.
    pub(crate) albums: Vec<String>,
    pub(crate) facts: BTreeMap<String, String>,
}

/// What a name leads to.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// One file.
    One(Arc<Item>),
    /// Several files of that name.
    Several(Vec<String>),
}

/// The files of an album.
#[derive(Debug)]
pub(crate) struct Index {
    items: HashMap<String, Arc<Item>>,
    names: HashMap<String, BTreeSet<String>>,
    newest: Option<Millis>,
    loaded: Instant,
    looked_back: Instant,
}

impl Index {
    fn new() -> Self {
        let now = Instant::now();
        Self { items: HashMap::new(), names: HashMap::new(), newest: None, loaded: now, looked_back: now }
    }

    fn put(&mut self, item: Item) {
        if let Some(before) = self.items.get(&item.id)
            && before.name != item.name
            && let Some(ids) = self.names.get_mut(&before.name)
        {
            ids.remove(&item.id);
        }
        self.names.entry(item.name.clone()).or_default().insert(item.id.clone());
        self.items.insert(item.id.clone(), Arc::new(item));
    }

    /// The file of that spelling.
    pub(crate) fn find(&self, name: &str) -> Found {
        let ids = self.names.get(name).filter(|ids| !ids.is_empty() && !is_staged(name));
        match ids.map(|ids| ids.iter().collect::<Vec<_>>()).as_deref() {
            Some([only]) => self.items.get(*only).map_or(Found::Nothing, |item| Found::One(Arc::clone(item))),
            Some(several) => Found::Several(several.iter().map(|id| with_id(name, id)).collect()),
            None => {
                let mut named = ids_in(name).filter_map(|id| self.items.get(id));
                let found = named.find(|item| !is_staged(&item.name) && with_id(&item.name, &item.id) == name);
                found.map_or(Found::Nothing, |item| Found::One(Arc::clone(item)))
            }
        }
    }

    /// Forgets a file that this desk took away.
    fn take(&mut self, id: &str) {
        if let Some(item) = self.items.remove(id)
            && let Some(ids) = self.names.get_mut(&item.name)
        {
            ids.remove(id);
        }
    }

    /// How many files there are, unfinished ones too.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Files of this name, the oldest first.
    pub(crate) fn named(&self, name: &str) -> Vec<Arc<Item>> {
        let ids = self.names.get(name).into_iter().flatten();
        let mut all: Vec<_> = ids.filter_map(|id| self.items.get(id)).cloned().collect();
        all.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        all
    }

    /// How the file is spelled in a path.
    pub(crate) fn spelled(&self, item: &Item, shelves: &[Shelf]) -> String {
        let is_alone = self.names.get(&item.name).is_none_or(|ids| ids.len() <= 1);
        CantoConnector::spelled(&item.name, &item.id, is_alone, shelves)
    }

    /// All whole files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.values().filter(|item| !is_staged(&item.name))
    }
}

/// An index that nobody else works with at the moment.
pub(crate) type Held = OwnedMappedMutexGuard<Option<Index>, Index>;

/// The indexes of albums by id.
#[derive(Debug, Default)]
pub(crate) struct Albums(Mutex<HashMap<String, Arc<Turn<Option<Index>>>>>);

impl Albums {
    fn cell(&self, id: &str) -> Arc<Turn<Option<Index>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT && !all.contains_key(id) {
            // Whatever somebody works with stays theirs.
            all.retain(|_, cell| Arc::strong_count(cell) > 1);
        }
        Arc::clone(all.entry(id.to_owned()).or_default())
    }

    /// Forgets an album.
    pub(crate) fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

impl CantoConnector {
    pub(crate) fn item(&self, asset: &Asset) -> Item {
        Item {
            id: asset.id.clone(),
            scheme: asset.scheme.clone(),
            name: asset.name.clone(),
            size: asset.size().unwrap_or(0),
            modified: asset.modified(),
            created: asset.created(),
            mark: asset.mark(),
            albums: asset.related_albums.iter().map(|album| album.id.clone()).collect(),
            facts: self.facts(asset),
        }
    }

    /// What the album holds now.
    pub(crate) async fn album(&self, operation: &'static str, id: &str) -> Result<Held> {
        if !self.config.mapped.is_empty() {
            self.custom_fields(operation).await?;
        }
        let mut held = self.albums.cell(id).lock_owned().await;
        let is_kept = match held.as_mut() {
            Some(index) if index.loaded.elapsed() < STALE => self.catch_up(operation, id, index).await?,
            _ => false,
        };
        if !is_kept {
            *held = None;
            *held = Some(self.load(operation, id).await?);
        }
        OwnedMutexGuard::try_map(held, Option::as_mut).map_err(|_| {
            ConnectorError::new(FailureKind::Vendor, operation, "the album was forgotten while it was read")
        })
    }

    /// Forgets a file of an album that this desk took away.
    pub(crate) async fn taken_away(&self, album: &str, id: &str) {
        if let Some(index) = self.albums.cell(album).lock_owned().await.as_mut() {
            index.take(id);
        }
    }

    async fn page(&self, operation: &'static str, id: &str, start: u64, limit: u32, way: &str) -> Result<Results> {
        let (start, limit) = (start.to_string(), limit.to_string());
        let query = [("sortBy", "time"), ("sortDirection", way), ("start", start.as_str()), ("limit", limit.as_str())];
        self.read(operation, &self.asked(&["album", id], &query)).await.inspect_err(|error: &ConnectorError| {
            if error.kind == FailureKind::NotFound {
                self.places.forget();
                self.albums.forget(id);
            }
        })
    }

    /// Takes in what changed since; false where the index does not fit the album any more.
    async fn catch_up(&self, operation: &'static str, id: &str, index: &mut Index) -> Result<bool> {
        let (mut start, mut limit, mut newest) = (0, GLANCE, index.newest);
        let looks_back = operation == "list" || index.looked_back.elapsed() >= LOOKED_BACK;
        // What changed in the same millisecond as the last one seen is looked at again in any case.
        let seen = index.newest.map(|newest| newest.plus(if looks_back { -LATE } else { 0 }));
        loop {
            let page = self.page(operation, id, start, limit, "descending").await?;
            let (found, count) = (page.found(), page.results.len() as u64);
            let mut is_reached = false;
            for asset in &page.results {
                if asset.modified() < seen {
                    is_reached = true;
                    break;
                }
                newest = newest.max(asset.modified());
                index.put(self.item(asset));
            }
            start += count;
            if is_reached || count == 0 || start >= found {
                index.newest = newest;
                if looks_back {
                    index.looked_back = Instant::now();
                }
                return Ok(index.len() as u64 == found);
            }
            limit = (limit * 2).min(self.config.page);
        }
    }

    /// Reads the whole album. What changes meanwhile moves to the end; a gap shows in the count.
    async fn load(&self, operation: &'static str, id: &str) -> Result<Index> {
        for _ in 0..ATTEMPTS {
            let (mut index, mut start) = (Index::new(), 0);
            loop {
                let page = self.page(operation, id, start, self.config.page, "ascending").await?;
                let (found, count) = (page.found(), page.results.len() as u64);
                for asset in &page.results {
                    index.newest = index.newest.max(asset.modified());
                    index.put(self.item(asset));
                }
                start += count;
                if count > 0 && start < found {
                    continue;
                }
                if index.len() as u64 == found {
                    return Ok(index);
                }
                break;
            }
        }
        let why = "the album changes while it is read, so what it holds cannot be told";
        Err(ConnectorError::new(FailureKind::Changed, operation, why).retry(Retry::Backoff))
    }
}
