//! From paths to nodes and back. Names are looked up one after another; folders that were found are remembered for a moment.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{sync::OnceCell, time::Instant};
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    config::Root,
    connector::XecmConnector,
    spelling::{id_in, is_plain, spelled, with_id},
    wire::{Node, has_more, int, rows, volume},
};

/// Folders that are remembered.
const MOST: usize = 1_000;
/// How long: somebody else may move one, and what is filed by an old id lands where the folder went.
const GOOD_FOR: Duration = Duration::from_secs(30);
/// Rows of a page.
pub(crate) const PAGE: u64 = 100;
/// What is wanted of each node: the newest version with its size, the categories, and names in place of ids.
pub(crate) const WANTED: [(&str, &str); 4] = [
    ("fields", "properties"),
    ("fields", "versions.element(0)"),
    ("fields", "categories"),
    ("expand", "properties{reserved_user_id}"),
];

/// What is remembered of the tree.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    root: OnceCell<i64>,
    folders: Mutex<HashMap<RemotePath, (i64, Instant)>>,
    /// Paths of containers by their ids, for what is found by other ways than a path.
    places: Mutex<HashMap<i64, (RemotePath, Instant)>>,
    /// Folders are made one after another, so that two files do not make one twice.
    pub(crate) making: tokio::sync::Mutex<()>,
}

impl Tree {
    fn remembered(&self, path: &RemotePath) -> Option<i64> {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.get(path).filter(|(_, since)| since.elapsed() < GOOD_FOR).map(|(id, _)| *id)
    }

    pub(crate) fn remember(&self, path: &RemotePath, id: i64) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if folders.len() >= MOST {
            folders.clear();
        }
        folders.insert(path.clone(), (id, Instant::now()));
    }

    fn place(&self, id: i64) -> Option<RemotePath> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.get(&id).filter(|(_, since)| since.elapsed() < GOOD_FOR).map(|(path, _)| path.clone())
    }

    fn remember_place(&self, id: i64, path: &RemotePath) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MOST {
            places.clear();
        }
        places.insert(id, (path.clone(), Instant::now()));
    }

    /// Forgets a folder, what is below it, and where things lie.
    pub(crate) fn forget(&self, path: &RemotePath) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|known, _| known != path && known.below(path).is_none());
        drop(folders);
        self.places.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl XecmConnector {
    /// The node that the connection's tree begins at.
    pub(crate) async fn root(&self, operation: &'static str) -> Result<i64> {
        self.tree.root.get_or_try_init(|| self.find_root(operation)).await.copied()
    }

    async fn find_root(&self, operation: &'static str) -> Result<i64> {
        let gone = |what: &str| {
            let why = format!(
                "the root folder {what} is not there, or this account may not see it; change it in the settings"
            );
            ConnectorError::new(FailureKind::NotFound, operation, why)
        };
        let path = match &self.config.root {
            Root::Node(id) => {
                let node = self.node(operation, *id).await?.filter(|node| node.container);
                return node.map(|node| node.id).ok_or_else(|| gone(&id.to_string()));
            }
            Root::Path(path) => path,
        };
        let mut at = self.volume(operation, volume::ENTERPRISE).await?.ok_or_else(|| gone("Enterprise"))?;
        for name in path.relative().split('/').filter(|name| !name.is_empty()) {
            let found = self.child(operation, at, name).await?.filter(|node| node.container);
            at = found.ok_or_else(|| gone(path.relative()))?.id;
        }
        Ok(at)
    }

    /// A volume; `None` where the installation has none, or where this account may not see it.
    pub(crate) async fn volume(&self, operation: &'static str, kind: i64) -> Result<Option<i64>> {
        match self.look(operation, &self.addresses.volume(kind), &[]).await {
            Ok(found) => Ok(found.as_ref().and_then(|answer| Node::read(&answer["results"])).map(|node| node.id)),
            Err(error) if matches!(error.kind, FailureKind::Unsupported | FailureKind::Denied) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A node by its id.
    pub(crate) async fn node(&self, operation: &'static str, id: i64) -> Result<Option<Node>> {
        let answer = self.look(operation, &self.addresses.node(id), &WANTED).await?;
        Ok(answer.as_ref().and_then(|answer| Node::read(&answer["results"])))
    }

    /// One page of a container's children by name, and whether more follow. Fails with `NotFound` where it is gone.
    pub(crate) async fn page_of_children(
        &self,
        operation: &'static str,
        id: i64,
        (page, limit): (u64, u64),
        more: &[(&str, &str)],
    ) -> Result<(Vec<Node>, bool)> {
        let (page_text, limit_text) = (page.to_string(), limit.to_string());
        let mut query = vec![("sort", "asc_name"), ("page", page_text.as_str()), ("limit", limit_text.as_str())];
        query.extend(WANTED);
        query.extend_from_slice(more);
        let answer = self.get(operation, &self.addresses.children(id), &query).await?;
        let found = rows(&answer);
        let goes_on = has_more(&answer, page, limit, found.len());
        Ok((found.iter().filter_map(Node::read).collect(), goes_on))
    }

    /// A container's child by the spelling of its name. Fails where several answer to it.
    pub(crate) async fn child(&self, operation: &'static str, parent: i64, spelling: &str) -> Result<Option<Node>> {
        let plain = if is_plain(spelling) { self.child_called(operation, parent, spelling).await? } else { None };
        let Some(id) = id_in(spelling) else { return Ok(plain) };
        let is_it = |node: &Node| with_id(&node.name, node.id) == spelling;
        let by_id = self.node(operation, id).await?.filter(is_it);
        // A workspace may lie outside the connection's tree; its spelling at the top names it all the same.
        let is_top = self.tree.root.get() == Some(&parent);
        let by_id = by_id.filter(|node| node.parent == parent || is_top);
        match (plain, by_id) {
            (Some(plain), Some(by_id)) if plain.id != by_id.id => Err(several(operation, spelling)),
            (plain, by_id) => Ok(plain.or(by_id)),
        }
    }

    async fn child_called(&self, operation: &'static str, parent: i64, name: &str) -> Result<Option<Node>> {
        let (found, more) = self.page_of_children(operation, parent, (1, PAGE), &[("where_name", name)]).await?;
        let mut exact = found.into_iter().filter(|node| node.name == name);
        match (exact.next(), exact.next()) {
            (Some(_), Some(_)) => Err(several(operation, name)),
            (Some(node), None) => Ok(Some(node)),
            // The filter finds parts of names, and may read some characters as wildcards: the check of names does neither.
            _ if more || name.contains(['%', '_', '*', '?', '[', '\\', '\'', '"', ',', '{']) => {
                self.holder_of_name(operation, parent, name).await.map(|node| node.filter(|node| node.name == name))
            }
            _ => Ok(None),
        }
    }

    /// The child that has a name, compared as the server compares them.
    pub(crate) async fn holder_of_name(
        &self,
        operation: &'static str,
        parent: i64,
        name: &str,
    ) -> Result<Option<Node>> {
        let body = json!({ "parent_id": parent, "names": [name] });
        let answer = self.act(operation, http::Method::POST, &self.addresses.taken_names(), &body).await?;
        match rows(&answer).iter().find_map(|row| int(&row["id"])) {
            Some(id) => self.node(operation, id).await,
            None => Ok(None),
        }
    }

    /// The folder at `path`, remembered or looked up; `None` where nothing or no folder is there.
    pub(crate) async fn folder(&self, operation: &'static str, path: &RemotePath) -> Result<Option<i64>> {
        if path.is_root() {
            return self.root(operation).await.map(Some);
        }
        if let Some(id) = self.tree.remembered(path) {
            return Ok(Some(id));
        }
        let found = Box::pin(self.find(operation, path)).await?;
        Ok(found.filter(|node| node.container).map(|node| node.id))
    }

    /// The node at `path`.
    pub(crate) async fn find(&self, operation: &'static str, path: &RemotePath) -> Result<Option<Node>> {
        let Some(above) = path.parent() else {
            let root = self.root(operation).await?;
            return self.node(operation, root).await;
        };
        let Some(folder) = self.folder(operation, &above).await? else { return Ok(None) };
        let found = match self.child(operation, folder, path.name()).await {
            // What was remembered is gone.
            Err(error) if error.kind == FailureKind::NotFound => {
                self.tree.forget(&above);
                let Some(folder) = self.folder(operation, &above).await? else { return Ok(None) };
                self.child(operation, folder, path.name()).await
            }
            found => found,
        }
        .map_err(|error| error.at(path))?;
        if let Some(node) = found.as_ref().filter(|node| node.container) {
            self.tree.remember(path, node.id);
        }
        Ok(found)
    }

    /// The node at `path`, which has to be there.
    pub(crate) async fn must(&self, operation: &'static str, path: &RemotePath) -> Result<Node> {
        self.find(operation, path).await?.ok_or_else(|| nothing(operation, path))
    }

    /// Where a node lies, as this connection spells it. Outside the connection's tree it is named by its id at the top.
    pub(crate) async fn path_of(&self, operation: &'static str, node: &Node) -> Result<RemotePath> {
        let root = self.root(operation).await?;
        if node.id == root {
            return Ok(RemotePath::root());
        }
        if let Some(folder) = self.tree.place(node.parent) {
            return Ok(folder.join(&spelled(&node.name, node.id, false)));
        }
        let answer = self.look(operation, &self.addresses.ancestors(node.id), &[]).await?.unwrap_or(Value::Null);
        let above = answer["ancestors"].as_array().map_or(&[][..], Vec::as_slice);
        let ids: Vec<Option<i64>> = above.iter().map(|one| int(&one["id"]).map(i64::abs)).collect();
        let Some(begin) = ids.iter().position(|id| *id == Some(root)) else {
            return Ok(RemotePath::root().join(&with_id(&node.name, node.id)));
        };
        let mut path = RemotePath::root();
        for (one, id) in above.iter().zip(&ids).skip(begin + 1) {
            let (Some(name), Some(id)) = (one["name"].as_str(), *id) else { continue };
            if id != node.id {
                path = path.join(&spelled(name, id, false));
            }
        }
        self.tree.remember_place(node.parent, &path);
        Ok(path.join(&spelled(&node.name, node.id, false)))
    }
}

pub(crate) fn nothing(operation: &'static str, path: &RemotePath) -> ConnectorError {
    let why = "nothing is there, or this account may not see it";
    ConnectorError::new(FailureKind::NotFound, operation, why).at(path)
}

fn several(operation: &'static str, name: &str) -> ConnectorError {
    let why =
        format!("several items are called {name}; choose one in the listing, which tells them apart by their numbers");
    ConnectorError::new(FailureKind::Invalid, operation, why)
}
