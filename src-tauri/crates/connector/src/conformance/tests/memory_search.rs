//! Searching the remote in memory: by name, within a folder, by one tag.

use async_trait::async_trait;
use waybill_model::{FailureKind, RemotePath};

use super::memory::{Bug, Memory, OneRemote, entry, fail};
use crate::{
    FilterKind, Page, PageRequest, Phrase, Result, Search, SearchFilter, SearchQuery, conformance::SearchBench,
};

const TAG: &str = "tag";

#[async_trait]
impl Search for Memory {
    fn filters(&self) -> Vec<SearchFilter> {
        vec![SearchFilter::new(TAG, Phrase { code: "tag", english: "Tag" }, FilterKind::Text)]
    }

    async fn search(&self, query: &SearchQuery, page: PageRequest) -> Result<Page> {
        self.request("search", &RemotePath::root()).await?;
        if query.filters.keys().any(|name| name != TAG) && self.bug != Bug::IgnoresFilters {
            return fail(FailureKind::Invalid, "search", &RemotePath::root());
        }
        let state = self.state();
        let fits = |path: &&String| {
            let place = RemotePath::new(path.as_str());
            let within = query.within.as_ref().is_none_or(|within| place.below(within).is_some());
            let tagged = |tag: &String| state.latest(path).is_some_and(|stored| stored.tags.contains_key(tag));
            state.latest(path).is_some()
                && (within || self.bug == Bug::SearchesEverywhere)
                && place.name().contains(&query.text)
                && (query.filters.get(TAG).is_none_or(tagged) || self.bug == Bug::IgnoresFilters)
        };
        let all: Vec<RemotePath> = state.files.keys().filter(fits).map(|path| RemotePath::new(path.clone())).collect();
        let skip: usize = page.cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let end = all.len().min(skip + page.limit as usize);
        let entries = all[skip..end].iter().filter_map(|path| entry(&state, path)).collect();
        Ok(Page { entries, next: (end < all.len()).then(|| end.to_string()) })
    }
}

#[async_trait]
impl SearchBench for OneRemote {
    async fn mark(&self, path: &RemotePath) -> (String, String) {
        let mut state = self.state.lock().unwrap();
        let stored = state.files.get_mut(path.as_str()).unwrap().last_mut().unwrap();
        stored.tags.insert("marked".to_owned(), String::new());
        (TAG.to_owned(), "marked".to_owned())
    }
}
