//! Copying there, without moving the bytes through this computer.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Result, ServerCopy};
use waybill_model::{FailureKind, Receipt, RemotePath};

use crate::{
    answers::is_lost,
    connector::File360Connector,
    places::{Part, Place},
    spelling::Child,
    wire::{Stamped, WireFile},
    write::only_shown,
};

#[async_trait]
impl ServerCopy for File360Connector {
    async fn copy(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<Receipt> {
        let copied = self.copy_file(from, to, replace).await.map_err(|error| error.at(from))?;
        Ok(self.receipt(&copied, to.name(), copied.md5()))
    }
}

impl File360Connector {
    async fn copy_file(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<WireFile> {
        self.can_be_made("copy", to)?;
        let source = self.file_at("copy", from).await?;
        let place = self.ensure_place("copy", &to.parent().unwrap_or_else(RemotePath::root)).await?;
        if place.is_list() {
            return Err(only_shown("copy"));
        }
        let taken =
            || ConnectorError::new(FailureKind::AlreadyExists, "copy", "something of that name is there already");
        match self.child_in("copy", place, to.name()).await? {
            None => self.copy_as(&source, place, to.name()).await,
            Some((_, Child::File(other))) if other.id == source.id => Ok(source),
            Some((_, Child::File(other))) if replace => {
                let beside = format!(".waybill-copy-{}", source.entry().unwrap_or_default());
                let copied = self.copy_as(&source, place, &beside).await?;
                match self.replace_by("copy", &copied, place, &other, place, to.name()).await {
                    Ok(copied) => Ok(copied),
                    Err(error) => {
                        // The copy is ours alone, and of no use.
                        let url = self.url(&["files", &copied.id], &[("purge", "true")]);
                        self.remove("copy", url).await.ok();
                        Err(error)
                    }
                }
            }
            Some(_) => Err(taken()),
        }
    }

    async fn copy_as(&self, source: &WireFile, place: Place, name: &str) -> Result<WireFile> {
        let url = self.part_of("copy", place, Part::Files, &[]).await?;
        match self.send_form("copy", url, &[("file_name", name), ("source_id", &source.id)]).await {
            Err(error) if is_lost(&error) => {
                let me = self.me().await?.id;
                match self.child_in("copy", place, name).await {
                    Ok(Some((_, Child::File(copy))))
                        if copy.length == source.length
                            && copy.md5 == source.md5
                            && copy.creation.as_ref().and_then(Stamped::by).is_none_or(|by| by == me) =>
                    {
                        Ok(copy)
                    }
                    _ => Err(error),
                }
            }
            other => other,
        }
    }
}
