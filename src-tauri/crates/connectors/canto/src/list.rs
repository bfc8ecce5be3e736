//! Looking into folders and albums.

use std::{collections::BTreeMap, ops::Bound};

use async_trait::async_trait;
use waybill_connector::{Entry, List, Page, PageRequest, Result};
use waybill_model::RemotePath;

use crate::{
    connector::CantoConnector,
    files::{Target, folder_entry, nothing_at},
    places::Shelf,
};

impl CantoConnector {
    /// All entries of a folder by their names, in the order of the listing.
    async fn entries(&self, folder: &RemotePath) -> Result<BTreeMap<String, Entry>> {
        let place = self.place("list", folder).await?.ok_or_else(|| nothing_at("list", folder))?;
        let shelves = match &place.below {
            Some(below) => self.shelves("list", below).await?,
            None => std::sync::Arc::new(Vec::<Shelf>::new()),
        };
        let mut all = BTreeMap::new();
        if let Some(album) = &place.album {
            let index = self.album("list", &album.id).await?;
            for item in index.files() {
                let name = index.spelled(item, &shelves);
                all.insert(name.clone(), item.entry(folder.join(&name)));
            }
        }
        for shelf in shelves.iter() {
            let path = folder.join(&shelf.spelled);
            all.insert(shelf.spelled.clone(), folder_entry(path, Some(shelf)));
        }
        Ok(all)
    }
}

#[async_trait]
impl List for CantoConnector {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        self.checked("list", folder)?;
        let all = self.entries(folder).await.map_err(|error| error.at(folder))?;
        // A page begins behind a name, so that what comes and goes meanwhile moves nothing else.
        let from = page.cursor.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let limit = usize::try_from(page.limit.max(1)).unwrap_or(usize::MAX);
        let mut left = all.range::<String, _>((from, Bound::Unbounded));
        let entries: Vec<Entry> = left.by_ref().take(limit).map(|(_, entry)| entry.clone()).collect();
        let next = if left.next().is_some() { entries.last().map(|entry| entry.name.clone()) } else { None };
        Ok(Page { entries, next })
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        Ok(match self.target("stat", path).await? {
            Target::Nothing => None,
            Target::Folder(place) => Some(folder_entry(path.clone(), place.shelf.as_ref())),
            Target::File(located) => Some(located.item.entry(path.clone())),
        })
    }
}
