//! Searching the library, or below a folder, with Canto's own filters and those of the mapped fields.

use std::collections::BTreeMap;

use async_trait::async_trait;
use waybill_connector::{
    ConnectorError, Entry, FilterKind, Page, PageRequest, Result, Search, SearchFilter, SearchQuery,
};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::CantoConnector,
    files::nothing_at,
    filters::FILTERS,
    mapping::MAPPED,
    places::{Below, Place},
    spelling::{fits, is_staged, with_id},
    wire::{Asset, Found, InAlbum},
};

const MOMENTS: [&str; 3] = ["created", "uploadedTime", "lastModified"];

fn invalid(why: String) -> ConnectorError {
    ConnectorError::new(FailureKind::Invalid, "search", why)
}

/// Days as the seconds that Canto takes; the last day is whole.
fn seconds(name: &str, value: &str) -> Result<String> {
    let (from, to) = value.split_once("..").unwrap_or((value, value));
    let end = |text: &str, is_last: bool| -> Result<String> {
        let text = text.trim();
        if text.is_empty() || text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(text.to_owned());
        }
        let wrong = || invalid(format!("{name} is first..last day, such as 2027-01-01..2027-01-31"));
        let day: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
        let begin = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| wrong())?.timestamp().as_second();
        Ok((if is_last { begin + 86_399 } else { begin }).to_string())
    };
    Ok(format!("{}..{}", end(from, false)?, end(to, true)?))
}

/// Where a search looks, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Library,
    Folder(String),
    Album(String),
}

fn sources(place: &Place) -> Vec<Source> {
    let below = place.below.as_ref().map(|below| match below {
        Below::Library => Source::Library,
        Below::Folder(id) => Source::Folder(id.clone()),
    });
    below.into_iter().chain(place.album.iter().map(|album| Source::Album(album.id.clone()))).collect()
}

/// `source:start`, where a page begins.
fn begin(cursor: Option<&str>) -> Result<(usize, u64)> {
    let Some(cursor) = cursor else { return Ok((0, 0)) };
    let parts = cursor.split_once(':').and_then(|(source, start)| Some((source.parse().ok()?, start.parse().ok()?)));
    parts.ok_or_else(|| invalid("the place in the list is none of this connection's".to_owned()))
}

impl CantoConnector {
    /// The path of an album below the root; `None` where it lies elsewhere.
    pub(crate) fn album_below_root(&self, album: &InAlbum) -> Option<RemotePath> {
        let names: Vec<&str> = album.name_path.split('/').collect();
        // A name with a slash makes more names than ids.
        let is_plain = album.id_path.is_empty() || album.id_path.split('/').count() == names.len();
        let root = &self.config.root;
        let is_below = names.len() >= root.len() && names.iter().zip(root).all(|(name, root)| name == root);
        if !is_plain || !is_below || !names.iter().all(|name| fits(name)) {
            return None;
        }
        Some(names[root.len()..].iter().fold(RemotePath::root(), |path, name| path.join(name)))
    }

    /// Where an asset lies below the root: in the first of its albums that is there and, if asked, at or below a folder.
    pub(crate) fn path_of(&self, asset: &Asset, within: Option<&RemotePath>) -> Option<RemotePath> {
        let is_within = |path: &RemotePath| within.is_none_or(|within| path == within || path.below(within).is_some());
        let mut folders = asset.related_albums.iter().filter_map(|album| self.album_below_root(album));
        let folder = folders.find(|folder| is_within(folder))?;
        let name = if fits(&asset.name) { asset.name.clone() } else { with_id(&asset.name, &asset.id) };
        Some(folder.join(&name))
    }

    /// Entries of what was found; two of one path are spelled with their ids.
    fn found_entries(&self, assets: &[Asset], within: Option<&RemotePath>) -> Vec<Entry> {
        let mut count: BTreeMap<RemotePath, usize> = BTreeMap::new();
        let paths: Vec<Option<RemotePath>> = assets.iter().map(|asset| self.path_of(asset, within)).collect();
        for path in paths.iter().flatten() {
            *count.entry(path.clone()).or_default() += 1;
        }
        let entry = |(asset, path): (&Asset, Option<RemotePath>)| {
            let item = self.item(asset);
            match path {
                Some(path) if count.get(&path).is_some_and(|count| *count > 1) => {
                    item.entry(path.with_name(&with_id(&asset.name, &asset.id)))
                }
                Some(path) => item.entry(path),
                // It lies in no album below the root: a likeness to look at.
                None => {
                    let likeness = RemotePath::root().join(&with_id(&asset.name, &asset.id));
                    Entry { addressable: false, ..item.entry(likeness) }
                }
            }
        };
        assets.iter().zip(paths).map(entry).collect()
    }

    /// The query of a search.
    async fn asked_for(&self, query: &SearchQuery) -> Result<Vec<(String, String)>> {
        let mut pairs = Vec::new();
        if !query.text.trim().is_empty() {
            pairs.push(("keyword".to_owned(), query.text.trim().to_owned()));
        }
        for (name, value) in &query.filters {
            if FILTERS.iter().any(|filter| filter.key == name) {
                let is_moment = MOMENTS.contains(&name.as_str());
                let value = if is_moment { seconds(name, value)? } else { value.clone() };
                pairs.push((name.clone(), value));
            } else if self.config.mapped(name).is_some() {
                let field = self.mapped_field("search", name).await?;
                let field = field.ok_or_else(|| invalid(format!("the library has no custom field for {name}")))?;
                let value = if value.is_empty() { "__null__" } else { value.as_str() };
                pairs.push((format!("{}.keyword", field.id), format!("\"{value}\"")));
            } else {
                let known: Vec<&str> = self.filters().into_iter().map(|filter| filter.key).collect();
                return Err(invalid(format!("Canto has no filter {name}; it has {}", known.join(", "))));
            }
        }
        Ok(pairs)
    }
}

#[async_trait]
impl Search for CantoConnector {
    fn filters(&self) -> Vec<SearchFilter> {
        let mapped = MAPPED.iter().filter(|one| self.config.mapped(one.key).is_some());
        let mapped = mapped.map(|one| SearchFilter::new(one.key, one.title, FilterKind::Text));
        mapped.chain(FILTERS).collect()
    }

    async fn search(&self, query: &SearchQuery, page: PageRequest) -> Result<Page> {
        let pairs = self.asked_for(query).await?;
        if !self.config.mapped.is_empty() {
            self.custom_fields("search").await?;
        }
        let place = match &query.within {
            None => self.root("search").await?,
            Some(folder) => {
                self.checked("search", folder)?;
                self.place("search", folder).await?.ok_or_else(|| nothing_at("search", folder))?
            }
        };
        let within = query.within.as_ref().filter(|folder| !folder.is_root());
        let sources = sources(&place);
        let (mut at, mut start) = begin(page.cursor.as_deref())?;
        let limit = page.limit.clamp(1, self.config.page);
        while let Some(source) = sources.get(at) {
            let mut url = match source {
                Source::Library => self.api(&["search"]),
                Source::Folder(id) => self.api(&["folder", id]),
                Source::Album(id) => self.api(&["album", id]),
            };
            url.query_pairs_mut()
                .extend_pairs(&pairs)
                .append_pair("limit", &limit.to_string())
                .append_pair("start", &start.to_string());
            let found: Found = self.read("search", &url).await?;
            let (all, count) = (found.found(), found.results.len() as u64);
            let whole: Vec<Asset> = found.results.into_iter().filter(|asset| !is_staged(&asset.name)).collect();
            let entries = self.found_entries(&whole, within);
            start += count;
            if count == 0 || start >= all {
                (at, start) = (at + 1, 0);
            }
            let next = (at < sources.len()).then(|| format!("{at}:{start}"));
            if !entries.is_empty() || next.is_none() {
                return Ok(Page { entries, next });
            }
        }
        Ok(Page::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_the_seconds_that_are_asked_for() {
        assert_eq!(seconds("created", "2027-01-01..2027-01-01").unwrap(), "1798761600..1798847999");
        assert_eq!(seconds("created", "1798761600..").unwrap(), "1798761600..");
        assert_eq!(seconds("created", "soon").unwrap_err().kind, FailureKind::Invalid);
    }

    #[test]
    fn a_place_in_the_list_is_read_back() {
        assert_eq!(begin(None).unwrap(), (0, 0));
        assert_eq!(begin(Some("1:200")).unwrap(), (1, 200));
        assert_eq!(begin(Some("x")).unwrap_err().kind, FailureKind::Invalid);
    }
}
