//! Searching there: by words in names, descriptions and comments. What is new is found after a while.

use async_trait::async_trait;
use serde_json::Value;
use waybill_connector::{ConnectorError, FilterKind, Page, PageRequest, Result, Search, SearchFilter, SearchQuery};
use waybill_model::FailureKind;

use crate::{
    connector::File360Connector,
    paths::Found,
    places::{Part, Place, missing},
    requests::PAGE,
    spelling::Child,
    wire::{Linked, Listed, WireBinder, WireFile},
    words,
};

/// What is looked for, by the server's own names.
const KINDS: [SearchFilter; 2] = [
    SearchFilter::new("files", words::FILTER_FILES, FilterKind::Flag),
    SearchFilter::new("binders", words::FILTER_FOLDERS, FilterKind::Flag),
];

#[async_trait]
impl Search for File360Connector {
    fn filters(&self) -> Vec<SearchFilter> {
        KINDS.to_vec()
    }

    async fn search(&self, query: &SearchQuery, page: PageRequest) -> Result<Page> {
        let invalid = |why: String| ConnectorError::new(FailureKind::Invalid, "search", why);
        for (name, value) in &query.filters {
            if !KINDS.iter().any(|filter| filter.key == name) {
                return Err(invalid(format!("the file server knows no filter {name}")));
            }
            if !matches!(value.as_str(), "true" | "false") {
                return Err(invalid(format!("the filter {name} is true or false")));
            }
        }
        let text = query.text.trim();
        if text.starts_with(['*', '?']) {
            return Err(invalid("a word may end in * and not begin with it".to_owned()));
        }
        let first: u64 = page
            .cursor
            .as_deref()
            .unwrap_or("0")
            .parse()
            .map_err(|_| invalid("the place in the list is none of this connection's".to_owned()))?;
        let wants = |name: &str| query.filters.get(name).map_or("true", String::as_str);
        let mut asked = vec![("recursive", "true"), ("folder_entries", "false"), ("replies", "false")];
        asked.extend([("files", wants("files")), ("binders", wants("binders"))]);
        if !text.is_empty() {
            asked.push(("keyword", text));
        }
        let place = match &query.within {
            Some(folder) => self.place_at("search", folder).await?.ok_or_else(|| missing("search", folder))?,
            None => self.base("search").await?,
        };
        let url = match place {
            Place::Top => self.linked(&self.search_everywhere().await?, &asked)?,
            place => self.part_of("search", place, Part::Entities, &asked).await?,
        };
        let count = u64::from(page.limit.max(1)).min(PAGE);
        let hits: Listed<Value> = self.read_page("search", &url, first, count).await?;
        let end = first + hits.items.len() as u64;
        let next = (hits.next.is_some() && !hits.items.is_empty()).then(|| end.to_string());
        let mut found = Found::default();
        let mut entries = Vec::new();
        for hit in hits.items {
            // What lies outside this connection is left out: it has no path here.
            if let Some((path, child)) = self.hit(hit, &mut found).await? {
                entries.push(self.entry(path, &child));
            }
        }
        Ok(Page { entries, next })
    }
}

impl File360Connector {
    /// The address of the search through everything, as the server names it.
    async fn search_everywhere(&self) -> Result<String> {
        let root: Linked = self.read_json("search", self.url(&[], &[])).await?;
        let link = root.links.into_iter().find(|link| link.rel.as_deref() == Some("library_entities"));
        link.map(|link| link.href).ok_or_else(|| {
            ConnectorError::unsupported("search", "the server offers no search through everything; search in a folder")
        })
    }

    async fn hit(&self, hit: Value, found: &mut Found) -> Result<Option<(waybill_model::RemotePath, Child)>> {
        match hit["doc_type"].as_str() {
            Some("file") => {
                let Ok(file) = serde_json::from_value::<WireFile>(hit) else { return Ok(None) };
                let path = self.path_of_file("search", &file, found).await?;
                Ok(path.map(|path| (path, Child::File(file))))
            }
            Some("binder") => {
                let Ok(binder) = serde_json::from_value::<WireBinder>(hit) else { return Ok(None) };
                let path = self.path_of_binder("search", binder.id, found).await?;
                Ok(path.filter(|path| !path.is_root()).map(|path| (path, Child::Folder(binder))))
            }
            _ => Ok(None),
        }
    }
}
