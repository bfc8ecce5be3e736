//! From a path to an asset, and what a listing says of it.

use std::{collections::BTreeMap, sync::Arc};

use waybill_connector::{ConnectorError, Entry, EntryKind, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    albums::{Found, Item},
    connector::CantoConnector,
    places::{Place, Shelf},
    wire::{Asset, Node},
};

/// A file with the album in which its path finds it.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    pub(crate) album: Node,
    pub(crate) item: Arc<Item>,
}

/// What a path leads to.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// Nothing.
    Nothing,
    /// A folder.
    Folder(Box<Place>),
    /// A file.
    File(Located),
}

impl Item {
    /// What a listing says of it.
    pub(crate) fn entry(&self, path: RemotePath) -> Entry {
        Entry {
            name: path.name().to_owned(),
            path,
            kind: EntryKind::File,
            size: self.size,
            modified: self.modified,
            version: self.mark.clone(),
            mode: None,
            addressable: true,
            link: false,
            facts: self.facts.clone(),
        }
    }
}

/// What a listing says of a folder.
pub(crate) fn folder_entry(path: RemotePath, shelf: Option<&Shelf>) -> Entry {
    let nodes = shelf.map(|shelf| shelf.folder.iter().chain(&shelf.album)).into_iter().flatten();
    let modified = nodes.filter_map(Node::modified).max();
    let kind = shelf.map(|shelf| match (&shelf.folder, &shelf.album) {
        (Some(_), Some(_)) => "folder, album",
        (None, Some(_)) => "album",
        _ => "folder",
    });
    Entry {
        name: path.name().to_owned(),
        path,
        kind: EntryKind::Folder,
        size: 0,
        modified,
        version: None,
        mode: None,
        addressable: true,
        link: false,
        facts: kind.map(|kind| ("kind".to_owned(), kind.to_owned())).into_iter().collect::<BTreeMap<_, _>>(),
    }
}

/// Nothing is at a path.
pub(crate) fn nothing_at(operation: &'static str, path: &RemotePath) -> ConnectorError {
    ConnectorError::new(FailureKind::NotFound, operation, format!("nothing is at {path}")).at(path)
}

impl CantoConnector {
    /// What a path leads to. A name that fits two files stands for neither: `Invalid`, and the sentence says how each is
    /// spelled.
    pub(crate) async fn target(&self, operation: &'static str, path: &RemotePath) -> Result<Target> {
        self.checked(operation, path)?;
        match self.looked_up(operation, path).await {
            // What was remembered of the tree is forgotten by now.
            Err(error) if error.kind == FailureKind::NotFound => self.looked_up(operation, path).await,
            other => other,
        }
        .map_err(|error| error.at(path))
    }

    async fn looked_up(&self, operation: &'static str, path: &RemotePath) -> Result<Target> {
        let Some(parent) = path.parent() else { return Ok(Target::Folder(Box::new(self.root(operation).await?))) };
        let Some(place) = self.place(operation, &parent).await? else { return Ok(Target::Nothing) };
        let name = path.name();
        if let Some(below) = &place.below
            && self.known_shelf(operation, below, name).await?.is_some()
        {
            return Ok(self
                .place(operation, path)
                .await?
                .map_or(Target::Nothing, |place| Target::Folder(Box::new(place))));
        }
        if let Some(album) = &place.album {
            match self.album(operation, &album.id).await?.find(name) {
                Found::One(item) => return Ok(Target::File(Located { album: album.clone(), item })),
                Found::Several(spelled) => {
                    let why = format!("several files are called {name}; they are spelled {}", spelled.join(", "));
                    return Err(ConnectorError::new(FailureKind::Invalid, operation, why).code("several-of-that-name"));
                }
                Found::Nothing => {}
            }
        }
        // What was remembered may not know it yet.
        Ok(self.place(operation, path).await?.map_or(Target::Nothing, |place| Target::Folder(Box::new(place))))
    }

    /// The file at a path, which has to be there.
    pub(crate) async fn file(&self, operation: &'static str, path: &RemotePath) -> Result<Located> {
        match self.target(operation, path).await? {
            Target::File(located) => Ok(located),
            Target::Nothing => Err(nothing_at(operation, path)),
            Target::Folder(_) => {
                let why = format!("{path} is a folder");
                Err(ConnectorError::new(FailureKind::Invalid, operation, why).at(path))
            }
        }
    }

    /// Everything that Canto says of an asset; `None` where it is gone.
    pub(crate) async fn detail(&self, operation: &'static str, scheme: &str, id: &str) -> Result<Option<Asset>> {
        self.find(operation, &self.api(&[scheme, id])).await
    }

    /// The same of a file that has to be there.
    pub(crate) async fn asset(&self, operation: &'static str, path: &RemotePath) -> Result<(Located, Asset)> {
        let located = self.file(operation, path).await?;
        let asset = self.detail(operation, &located.item.scheme, &located.item.id).await?;
        let asset = asset.ok_or_else(|| {
            self.albums.forget(&located.album.id);
            nothing_at(operation, path)
        })?;
        Ok((located, asset))
    }
}
