//! Looking into folders.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use waybill_connector::{Entry, EntryKind, List, Page, PageRequest, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::XecmConnector,
    spelling::spelled,
    tree::{PAGE, nothing},
    wire::{Node, kind},
};

/// What listings tell beside name, size and time.
pub(crate) mod facts {
    pub(crate) const KIND: &str = "kind";
    pub(crate) const CATEGORIES: &str = "categories";
    pub(crate) const RESERVED_BY: &str = "reserved-by";
    pub(crate) const OWNER: &str = "owner";
    pub(crate) const DESCRIPTION: &str = "description";
}

/// Where a listing goes on: the page and the rows of a page, which must not change in between.
fn cursor(page: u64, limit: u64) -> String {
    format!("{page}/{limit}")
}

/// The page and its rows that a request asks for.
pub(crate) fn page_of(request: &PageRequest) -> (u64, u64) {
    let kept = request.cursor.as_deref().and_then(|cursor| {
        let (page, limit) = cursor.split_once('/')?;
        Some((page.parse().ok()?, limit.parse().ok()?))
    });
    kept.unwrap_or((1, u64::from(request.limit).clamp(1, PAGE)))
}

/// Where the page after this one begins.
pub(crate) fn next_page((page, limit): (u64, u64), more: bool) -> Option<String> {
    more.then(|| cursor(page + 1, limit))
}

#[async_trait]
impl List for XecmConnector {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        let wanted = page_of(&page);
        let id = self.folder("list", folder).await?.ok_or_else(|| nothing("list", folder))?;
        let found = match self.page_of_children("list", id, wanted, &[]).await {
            Err(error) if error.kind == FailureKind::NotFound => {
                self.tree.forget(folder);
                let id = self.folder("list", folder).await?.ok_or_else(|| nothing("list", folder))?;
                self.page_of_children("list", id, wanted, &[]).await
            }
            found => found,
        };
        let (nodes, more) = found.map_err(|error| error.at(folder))?;
        let mut names: HashMap<&str, u32> = HashMap::new();
        for node in &nodes {
            *names.entry(node.name.as_str()).or_default() += 1;
        }
        let twins: Vec<bool> = nodes.iter().map(|node| names.get(node.name.as_str()).is_some_and(|n| *n > 1)).collect();
        let mut entries = Vec::with_capacity(nodes.len());
        for (node, twins) in nodes.iter().zip(twins) {
            entries.push(self.entry("list", folder.join(&spelled(&node.name, node.id, twins)), node).await?);
        }
        Ok(Page { entries, next: next_page(wanted, more) })
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        match self.find("stat", path).await? {
            Some(node) => self.entry("stat", path.clone(), &node).await.map(Some),
            None => Ok(None),
        }
    }
}

impl XecmConnector {
    /// A node as a listing shows it.
    pub(crate) async fn entry(&self, operation: &'static str, path: RemotePath, node: &Node) -> Result<Entry> {
        let mut told = BTreeMap::new();
        let mut tell = |key: &str, value: Option<String>| {
            told.extend(value.filter(|value| !value.is_empty()).map(|value| (key.to_owned(), value)));
        };
        tell(facts::KIND, Some(node.kind_name.clone()));
        tell(facts::OWNER, node.owner.clone());
        tell(facts::DESCRIPTION, node.description.clone());
        if let Some((id, name)) = &node.reserved {
            let name = match name {
                Some(name) => name.clone(),
                None => self.name_of_member(operation, *id).await?,
            };
            tell(facts::RESERVED_BY, Some(name));
        }
        let mut categories = Vec::with_capacity(node.categories.len());
        for id in &node.categories {
            categories.push(self.category_name(operation, *id).await?);
        }
        tell(facts::CATEGORIES, Some(categories.join(", ")));
        let what = match node {
            node if node.container => EntryKind::Folder,
            node if node.is_file() => EntryKind::File,
            _ => EntryKind::Other,
        };
        let is_file = what == EntryKind::File;
        Ok(Entry {
            name: path.name().to_owned(),
            path,
            kind: what,
            size: if is_file { node.bytes() } else { 0 },
            modified: node.modified,
            version: if is_file { node.mark() } else { None },
            mode: None,
            addressable: true,
            link: node.kind == kind::SHORTCUT,
            facts: told,
        })
    }
}
