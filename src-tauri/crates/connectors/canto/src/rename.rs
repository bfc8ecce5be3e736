//! Renaming and moving: into the other album, the new name, out of the first album. Each step can be done again.

use async_trait::async_trait;
use http::Method;
use waybill_connector::{ConnectorError, Rename, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::CantoConnector,
    files::{Located, Target},
    places::Part,
    spelling::is_staged,
    wire::Node,
};

impl CantoConnector {
    /// The asset in the album and under the name that are asked for, and no longer in the first album.
    async fn move_it(&self, found: &Located, album: &Node, name: &str) -> Result<()> {
        let item = &found.item;
        let asset = (item.scheme.as_str(), item.id.as_str());
        if album.id != found.album.id {
            let put = self.assign("rename", album, asset, Method::POST).await;
            self.lies_in("rename", asset, &album.id, true, put).await?;
        }
        if item.name != name {
            self.name_it("rename", &item.scheme, &item.id, name).await?;
        }
        if album.id != found.album.id {
            let taken = self.assign("rename", &found.album, asset, Method::DELETE).await;
            self.lies_in("rename", asset, &found.album.id, false, taken).await?;
            self.taken_away(&found.album.id, &item.id).await;
        }
        Ok(())
    }

    /// Whether an asset lies in an album is read, whatever was answered.
    async fn lies_in(
        &self,
        operation: &'static str,
        (scheme, id): (&str, &str),
        album: &str,
        should: bool,
        answered: Result<()>,
    ) -> Result<()> {
        let asset = self.detail(operation, scheme, id).await?;
        let lies = asset.is_some_and(|asset| asset.related_albums.iter().any(|other| other.id == album));
        match answered {
            _ if lies == should => Ok(()),
            Err(error) => Err(error),
            Ok(()) => {
                let why = "Canto answered that it moved the file, and it did not";
                Err(ConnectorError::new(FailureKind::Vendor, operation, why))
            }
        }
    }
}

#[async_trait]
impl Rename for CantoConnector {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        let found = self.file("rename", from).await?;
        self.checked("rename", to)?;
        if is_staged(to.name()) {
            let why = "a name that begins like that is kept for what is not whole yet";
            return Err(ConnectorError::new(FailureKind::Invalid, "rename", why).at(to));
        }
        if from == to {
            return Ok(());
        }
        let _turn = self.turns.of(to.as_str()).await;
        let there = match self.target("rename", to).await? {
            Target::Nothing => None,
            // A move that broke off half-way is finished.
            Target::File(other) if other.item.id == found.item.id => None,
            Target::File(other) if replace => Some(other),
            Target::File(_) | Target::Folder(_) => {
                let why = format!("{to} is there already");
                return Err(ConnectorError::new(FailureKind::AlreadyExists, "rename", why).at(to));
            }
        };
        let folder = to.parent().unwrap_or_else(RemotePath::root);
        let place = self.ensure("rename", &folder, Part::Album).await?;
        let Some(album) = place.album else {
            let why = format!("no album is at {folder}, so no file can be put there");
            return Err(ConnectorError::new(FailureKind::Invalid, "rename", why).at(to));
        };
        self.move_it(&found, &album, to.name()).await.map_err(|error| error.at(from))?;
        match there {
            Some(other) => self.delete_file(&other).await.map_err(|error| error.at(to)),
            None => Ok(()),
        }
    }
}
