//! Removing. A file that lies in other albums too is taken out of this one alone.

use async_trait::async_trait;
use http::Method;
use serde_json::json;
use waybill_connector::{ConnectorError, Delete, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::CantoConnector,
    files::{Located, Target},
    places::Place,
    wire::Node,
};

impl CantoConnector {
    /// Where batches look for an album.
    // Inferred: the path is made of ids.
    pub(crate) fn album_path(album: &Node) -> &str {
        if album.id_path.is_empty() { &album.id } else { &album.id_path }
    }

    /// Puts an asset into an album, or takes it out.
    pub(crate) async fn assign(
        &self,
        operation: &'static str,
        album: &Node,
        (scheme, id): (&str, &str),
        way: Method,
    ) -> Result<()> {
        let body = json!({
            "albumPath": Self::album_path(album),
            "contents": { id: { "scheme": scheme, "id": id, "displayName": "" } },
        });
        self.act(operation, way, &self.api(&["batch", "album"]), Some(&body)).await.map(drop)
    }

    /// Takes a file out of its album, and away where it lies in no other.
    pub(crate) async fn delete_file(&self, found: &Located) -> Result<()> {
        let item = &found.item;
        if item.albums.iter().any(|album| *album != found.album.id) {
            self.assign("delete", &found.album, (&item.scheme, &item.id), Method::DELETE).await?;
        } else {
            self.throw_away("delete", &item.scheme, &item.id).await?;
        }
        self.taken_away(&found.album.id, &item.id).await;
        Ok(())
    }

    /// Canto would delete a folder with all that is below it.
    async fn delete_folder(&self, path: &RemotePath, place: &Place) -> Result<()> {
        let Some(shelf) = place.shelf.as_ref().filter(|_| !path.is_root()) else {
            let why = "the folder of the connection itself is not removed";
            return Err(ConnectorError::new(FailureKind::Invalid, "delete", why));
        };
        let holds_folders = match &place.below {
            Some(below) => !self.shelves("delete", below).await?.is_empty(),
            None => false,
        };
        let holds_files = match &place.album {
            Some(album) => self.album("delete", &album.id).await?.len() > 0,
            None => false,
        };
        if holds_folders || holds_files {
            let why = format!("{path} is not empty");
            return Err(ConnectorError::new(FailureKind::Invalid, "delete", why));
        }
        let nodes = shelf.folder.iter().chain(&shelf.album);
        let body: Vec<_> = nodes.map(|node| json!({ "id": node.id, "scheme": node.scheme })).collect();
        let removed = self.removed("delete", "folder", &json!(body)).await;
        self.places.forget();
        if let Some(album) = &place.album {
            self.albums.forget(&album.id);
        }
        removed
    }
}

#[async_trait]
impl Delete for CantoConnector {
    async fn delete(&self, path: &RemotePath) -> Result<()> {
        let _turn = self.turns.of(path.as_str()).await;
        match self.target("delete", path).await? {
            Target::Nothing => Ok(()),
            Target::File(found) => self.delete_file(&found).await,
            Target::Folder(place) => self.delete_folder(path, &place).await,
        }
        .map_err(|error| error.at(path))
    }
}
