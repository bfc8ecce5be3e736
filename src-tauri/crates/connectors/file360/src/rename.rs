//! Renaming and moving. What is replaced is put aside first, and into the trash last: at no moment is neither file there.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Rename, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    answers::is_lost,
    connector::File360Connector,
    places::{Node, Place, missing},
    roots::Root,
    spelling::Child,
    wire::{WireBinder, WireFile},
    write::only_shown,
};

#[async_trait]
impl Rename for File360Connector {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        let moved = match self.move_node(from, to, replace).await {
            Err(error) if self.was_believed(&error) => self.move_node(from, to, replace).await,
            other => other,
        };
        moved.map_err(|error| error.at(from))
    }
}

impl File360Connector {
    async fn move_node(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        self.can_be_made("rename", to)?;
        let node = self.node_at("rename", from).await?.ok_or_else(|| missing("rename", from))?;
        let Node::Child { parent, child, .. } = node else { return Err(only_shown("rename")) };
        // What somebody shared would be renamed for everybody.
        if parent.is_list() {
            return Err(only_shown("rename"));
        }
        let above = to.parent().unwrap_or_else(RemotePath::root);
        let place = self.ensure_place("rename", &above).await?;
        if place.is_list() {
            return Err(only_shown("rename"));
        }
        let target = self.child_in("rename", place, to.name()).await?.map(|(_, child)| child);
        let taken =
            || ConnectorError::new(FailureKind::AlreadyExists, "rename", "something of that name is there already");
        match (*child, target) {
            (Child::File(file), Some(Child::File(other))) if other.id == file.id => {
                self.move_file("rename", &file, parent, place, to.name()).await.map(drop)
            }
            (Child::Folder(folder), Some(Child::Folder(other))) if other.id == folder.id => {
                self.move_folder(&folder, parent, place, to.name()).await
            }
            (Child::File(file), Some(Child::File(other))) if replace => {
                self.replace_by("rename", &file, parent, &other, place, to.name()).await.map(drop)
            }
            (_, Some(_)) => Err(taken()),
            (Child::File(file), None) => self.move_file("rename", &file, parent, place, to.name()).await.map(drop),
            (Child::Folder(folder), None) => self.move_folder(&folder, parent, place, to.name()).await,
        }
    }

    /// Puts a file in the place of another one.
    pub(crate) async fn replace_by(
        &self,
        operation: &'static str,
        file: &WireFile,
        parent: Place,
        other: &WireFile,
        place: Place,
        name: &str,
    ) -> Result<WireFile> {
        let aside =
            format!(".waybill-replaced-{}", other.entry().map_or_else(|| other.id.clone(), |id| id.to_string()));
        let put_aside = self.move_file(operation, other, place, place, &aside).await?;
        match self.move_file(operation, file, parent, place, name).await {
            Ok(moved) => {
                let left = self.remove(operation, self.url(&["files", &other.id], &[])).await;
                left.map(|_| moved).map_err(|error| {
                    let message = format!("{}; what was replaced is still there as {aside}", error.message);
                    ConnectorError { message, ..error }
                })
            }
            Err(error) => {
                if self.move_file(operation, &put_aside, place, place, &other.name).await.is_ok() {
                    return Err(error);
                }
                let message = format!("{}; what was to be replaced is now called {aside}", error.message);
                Err(ConnectorError { message, ..error })
            }
        }
    }

    /// Gives a file another name, another folder, or both.
    pub(crate) async fn move_file(
        &self,
        operation: &'static str,
        file: &WireFile,
        from: Place,
        to: Place,
        name: &str,
    ) -> Result<WireFile> {
        let folder = number(to).to_string();
        let sent = if from == to {
            self.send_form(operation, self.url(&["files", &file.id, "name"], &[]), &[("name", name)]).await
        } else {
            let form = [("folder_id", folder.as_str()), ("name", name)];
            self.send_form(operation, self.url(&["files", &file.id, "parent_folder"], &[]), &form).await
        };
        match sent {
            Err(error) if is_lost(&error) => {
                let now = self.read_json(operation, self.url(&["files", &file.id, "metadata"], &[])).await;
                let Ok(now): Result<WireFile> = now else { return Err(error) };
                let here = self.child_in(operation, to, name).await.ok().flatten();
                let is_there = matches!(here, Some((_, Child::File(here))) if here.id == file.id);
                if now.name == name && is_there { Ok(now) } else { Err(error) }
            }
            Err(error) if error.kind == FailureKind::Locked => Err(self.with_locker(operation, file, error).await),
            other => other,
        }
    }

    async fn move_folder(&self, folder: &WireBinder, from: Place, to: Place, name: &str) -> Result<()> {
        let family = if folder.is_workspace() { "workspaces" } else { "folders" };
        let id = folder.id.to_string();
        if folder.title != name {
            let url = self.url(&[family, &id, "title"], &[]);
            self.send_form::<WireBinder>("rename", url, &[("title", name)]).await?;
        }
        if from != to {
            let url = self.url(&[family, &id, "parent_binder"], &[]);
            self.send_form::<WireBinder>("rename", url, &[("binder_id", &number(to).to_string())]).await?;
        }
        self.places.forget();
        Ok(())
    }
}

/// The number of a place.
pub(crate) fn number(place: Place) -> i64 {
    match place {
        Place::Binder { id, .. } => id,
        Place::Root(root) => root.id(),
        Place::Top => Root::MyFiles.id(),
    }
}
