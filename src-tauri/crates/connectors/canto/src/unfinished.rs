//! Files that came up and never got their name, as a crash between the two leaves them.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Result, UnfinishedUpload, UnfinishedUploads};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::CantoConnector,
    places::Below,
    spelling::{is_staged, meant},
    wire::{Asset, Found},
};

/// Pages of files that are looked through.
const PAGES: u32 = 200;

/// First names that this desk works with at the moment.
#[derive(Debug, Default)]
pub(crate) struct UnderWay(Mutex<HashSet<String>>);

/// Says that a first name is worked with, until it is dropped.
#[derive(Debug)]
pub(crate) struct Working<'a>(&'a UnderWay, String);

impl UnderWay {
    pub(crate) fn with(&self, name: &str) -> Working<'_> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        Working(self, name.to_owned())
    }

    fn has(&self, name: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(name)
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl CantoConnector {
    fn left(&self, asset: &Asset, folder: &RemotePath) -> Option<UnfinishedUpload> {
        if !is_staged(&asset.name) || self.under_way.has(&asset.name) {
            return None;
        }
        let mut albums = asset.related_albums.iter().filter_map(|album| self.album_below_root(album));
        let album = albums.find(|album| folder.is_root() || album == folder || album.below(folder).is_some())?;
        Some(UnfinishedUpload {
            path: album.join(&meant(&asset.name).unwrap_or_else(|| asset.name.clone())),
            id: format!("{}/{}", asset.scheme, asset.id),
            started: asset.uploaded().or_else(|| asset.created()),
        })
    }
}

#[async_trait]
impl UnfinishedUploads for CantoConnector {
    async fn unfinished(&self, folder: &RemotePath) -> Result<Vec<UnfinishedUpload>> {
        self.checked("unfinished", folder)?;
        let Some(place) = self.place("unfinished", folder).await? else { return Ok(Vec::new()) };
        let mut addresses = Vec::new();
        match &place.below {
            Some(Below::Library) => addresses.push(self.api(&["search"])),
            Some(Below::Folder(id)) => addresses.push(self.api(&["folder", id])),
            None => {}
        }
        addresses.extend(place.album.iter().map(|album| self.api(&["album", &album.id])));
        let mut all = Vec::new();
        for address in addresses {
            let mut start = 0;
            for _ in 0..PAGES {
                let mut url = address.clone();
                let (from, limit) = (start.to_string(), self.config.page.to_string());
                let query =
                    [("keyword", "waybill-part-"), ("searchInField", "filename"), ("start", &from), ("limit", &limit)];
                url.query_pairs_mut().extend_pairs(query);
                let page: Found = self.read("unfinished", &url).await?;
                start += page.results.len() as u64;
                all.extend(page.results.iter().filter_map(|asset| self.left(asset, folder)));
                if page.results.is_empty() || start >= page.found() {
                    break;
                }
            }
        }
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        Ok(all)
    }

    async fn abort_unfinished(&self, upload: &UnfinishedUpload) -> Result<()> {
        let wrong = |why: &str| ConnectorError::new(FailureKind::Invalid, "abort_unfinished", why).at(&upload.path);
        let (scheme, id) = upload.id.split_once('/').ok_or_else(|| wrong("it is none of this connection's"))?;
        let Some(asset) = self.detail("abort_unfinished", scheme, id).await? else { return Ok(()) };
        if !is_staged(&asset.name) || asset.version_history.len() > 1 {
            return Err(wrong("it is a whole file by now"));
        }
        self.throw_away("abort_unfinished", scheme, id).await.map_err(|error| error.at(&upload.path))
    }
}
