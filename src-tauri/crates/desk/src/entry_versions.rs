//! Earlier versions of a file: looked at, made the latest again, fetched, removed.

use waybill_connector::ObjectVersion;
use waybill_model::{
    Agreed, ConflictRule, ConnectionId, FailureKind, Location, RunId, Stamp, TransferId, TransferOptions,
};
use waybill_store::{EntryType, NewRun, NewTransfer, Origin};

use crate::{Desk, DeskError, entry::lacks};

/// An earlier version that was made the latest again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The version that it made; removing it is the way back. `None` where the remote does not say.
    pub made: Option<String>,
}

impl Desk {
    /// The versions of a file and the marks that say *deleted*, newest first.
    pub async fn entry_versions(&self, place: &Location) -> Result<Vec<ObjectVersion>, DeskError> {
        let open = self.opened(place.connection).await?;
        let Some(versions) = open.connector.versions() else {
            return Err(lacks(&open, "versions", "keeps no versions"));
        };
        self.heard(place, versions.versions(&place.path).await).await
    }

    /// Makes a version the latest again, as a new one; nothing that is there is lost.
    pub async fn restore_version(&self, place: &Location, id: &str) -> Result<Restored, DeskError> {
        let open = self.opened(place.connection).await?;
        let Some(versions) = open.connector.versions() else {
            return Err(lacks(&open, "restore", "keeps no versions"));
        };
        let receipt = self.heard(place, versions.restore(&place.path, id).await).await?;
        self.note_act(place, "version-restored", id).await?;
        Ok(Restored { made: receipt.version })
    }

    /// Takes a restored version back: removes `made`, which has to be the latest still.
    pub async fn undo_restore(&self, place: &Location, made: &str) -> Result<(), DeskError> {
        let latest = self.entry_versions(place).await?.into_iter().find(|version| version.latest);
        if latest.is_none_or(|latest| latest.id != made) {
            let message = "something newer is there by now, so nothing was taken back";
            let error = waybill_connector::ConnectorError::new(FailureKind::Changed, "delete_version", message);
            return Err(error.at(&place.path).into());
        }
        self.delete_version(place, made).await
    }

    /// Removes one version for good. Nobody can bring it back.
    pub async fn delete_version(&self, place: &Location, id: &str) -> Result<(), DeskError> {
        let open = self.opened(place.connection).await?;
        let Some(versions) = open.connector.versions() else {
            return Err(lacks(&open, "delete_version", "keeps no versions"));
        };
        self.heard(place, versions.delete_version(&place.path, id).await).await?;
        self.note_act(place, "version-deleted", id).await
    }

    /// Fetches one version of a file into a folder of this computer, as a run. A name that is taken gets a number.
    pub async fn download_version(
        &self,
        place: &Location,
        version: &ObjectVersion,
        folder: &Location,
        title: String,
    ) -> Result<RunId, DeskError> {
        if version.deleted {
            return Err(DeskError::Invalid("a mark that says deleted has no bytes to fetch".to_owned()));
        }
        if folder.connection != ConnectionId::LOCAL {
            return Err(DeskError::Invalid("a version is fetched to this computer".to_owned()));
        }
        let stamp =
            Stamp { size: version.size, modified: version.modified, version: Some(version.id.clone()), agreed: None };
        let transfer = NewTransfer {
            id: TransferId::fresh(),
            source: place.clone(),
            target: Location { connection: folder.connection, path: folder.path.join(place.path.name()) },
            entry: EntryType::File,
            stamp: stamp.agreed(Agreed::Anything),
            failure: None,
        };
        let options = TransferOptions { conflict: ConflictRule::KeepBoth, ..TransferOptions::default() };
        let run = NewRun { id: RunId::fresh(), title, origin: Origin::Window, options, roots: Vec::new() };
        let id = run.id;
        self.inner.store.queue().start_listed(run, vec![transfer], self.now(), self.actor()).await?;
        Ok(id)
    }
}
