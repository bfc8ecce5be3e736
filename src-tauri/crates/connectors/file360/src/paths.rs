//! From a folder's number to its path in this connection: what the search, the feed and the shares tell of is found again by it.

use std::collections::HashMap;

use waybill_connector::Result;
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::File360Connector,
    places::Place,
    roots::Root,
    spelling::Child,
    wire::{WireBinder, WireFile},
};

/// Folders above each other; deeper ones lead round in a circle.
const DEEPEST: usize = 64;

/// Paths that were found while one call ran.
#[derive(Debug, Default)]
pub(crate) struct Found {
    binders: HashMap<i64, Option<RemotePath>>,
    tops: Option<Vec<(RemotePath, Child)>>,
}

impl File360Connector {
    /// The path of a folder by its number; `None` where it lies outside this connection.
    pub(crate) async fn path_of_binder(
        &self,
        operation: &'static str,
        id: i64,
        found: &mut Found,
    ) -> Result<Option<RemotePath>> {
        let base = self.base(operation).await?;
        let (mut chain, mut at, mut start) = (Vec::new(), Some(id), None);
        while let Some(id) = at.filter(|_| chain.len() < DEEPEST) {
            if let Some(known) = found.binders.get(&id) {
                start.clone_from(known);
                break;
            }
            if let Some(path) = self.own_path(base, id).await? {
                start = Some(path);
                break;
            }
            let binder: Option<WireBinder> =
                match self.find(operation, self.url(&["binders", &id.to_string()], &[])).await {
                    Err(error) if error.kind == FailureKind::Denied => None,
                    other => other?,
                };
            let Some(binder) = binder else { break };
            at = binder.parent_binder.as_ref().and_then(|parent| parent.id);
            chain.push((id, binder.title));
        }
        if start.is_none() && base.is_list() {
            let tops = self.tops(operation, base, found).await?;
            let is_top = |(id, _): &(i64, String)| {
                let of = |child: &Child| matches!(child, Child::Folder(binder) if binder.id == *id);
                tops.iter().find(|(_, child)| of(child)).map(|(path, _)| path.clone())
            };
            if let Some((place, path)) = chain.iter().enumerate().find_map(|(at, one)| Some((at, is_top(one)?))) {
                found.binders.insert(chain[place].0, Some(path.clone()));
                chain.truncate(place);
                start = Some(path);
            }
        }
        let Some(mut path) = start else {
            found.binders.insert(id, None);
            return Ok(None);
        };
        for (id, title) in chain.into_iter().rev() {
            path = path.join(&title);
            found.binders.insert(id, Some(path.clone()));
        }
        Ok(Some(path))
    }

    /// The path of a file; `None` where it lies outside this connection.
    pub(crate) async fn path_of_file(
        &self,
        operation: &'static str,
        file: &WireFile,
        found: &mut Found,
    ) -> Result<Option<RemotePath>> {
        let parent = file.parent_binder.as_ref().and_then(|parent| parent.id);
        self.path_of_named(operation, &file.id, &file.name, parent, found).await
    }

    /// The same by what is known of it.
    pub(crate) async fn path_of_named(
        &self,
        operation: &'static str,
        id: &str,
        name: &str,
        parent: Option<i64>,
        found: &mut Found,
    ) -> Result<Option<RemotePath>> {
        if let Some(parent) = parent
            && let Some(folder) = self.path_of_binder(operation, parent, found).await?
        {
            return Ok(Some(folder.join(name)));
        }
        let base = self.base(operation).await?;
        if !base.is_list() {
            return Ok(None);
        }
        let tops = self.tops(operation, base, found).await?;
        let is_it = |child: &Child| matches!(child, Child::File(other) if other.id == id);
        Ok(tops.iter().find(|(_, child)| is_it(child)).map(|(path, _)| path.clone()))
    }

    /// The path of a number that is the top of something here.
    async fn own_path(&self, base: Place, id: i64) -> Result<Option<RemotePath>> {
        let is_my_files = match base {
            Place::Binder { id: own, .. } if own == id => return Ok(Some(RemotePath::root())),
            Place::Binder { .. } => return Ok(None),
            Place::Top | Place::Root(Root::MyFiles) => {
                let storage = self.me().await?.hidden_files_folder.as_ref().and_then(|folder| folder.id);
                id == Root::MyFiles.id() || Some(id) == storage
            }
            Place::Root(_) => false,
        };
        let path = match base {
            Place::Top => RemotePath::root().join(Root::MyFiles.title()),
            _ => RemotePath::root(),
        };
        Ok(is_my_files.then_some(path))
    }

    /// What the lists of this connection show, with its path.
    async fn tops<'f>(
        &self,
        operation: &'static str,
        base: Place,
        found: &'f mut Found,
    ) -> Result<&'f [(RemotePath, Child)]> {
        if found.tops.is_none() {
            let lists: Vec<(RemotePath, Place)> = match base {
                Place::Top => {
                    let lists = Root::ALL.into_iter().filter(|root| root.is_list());
                    lists.map(|root| (RemotePath::root().join(root.title()), Place::Root(root))).collect()
                }
                other => vec![(RemotePath::root(), other)],
            };
            let mut tops = Vec::new();
            for (path, place) in lists {
                match self.all_in(operation, place).await {
                    Ok(all) => tops.extend(all.into_iter().map(|(name, child)| (path.join(&name), child))),
                    // A root that is switched off for this account.
                    Err(error) if matches!(error.kind, FailureKind::Denied | FailureKind::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            found.tops = Some(tops);
        }
        Ok(found.tops.as_deref().unwrap_or_default())
    }
}
