//! Small acts of whoever browses: a new folder, another name, a copy that the queue makes.

use waybill_connector::{ConnectorError, EntryKind};
use waybill_model::{FailureKind, Location, RemotePath};

use super::opened::lacking;
use crate::{Desk, DeskError};

impl Desk {
    /// Makes a folder. Fails with `AlreadyExists` where anything has that name.
    pub async fn make_folder(&self, folder: &Location) -> Result<(), DeskError> {
        let open = self.opened(folder.connection).await?;
        let Some(create) = open.connector.create_folder() else {
            return Err(lacking(&open, "create_folder", "keeps no empty folders"));
        };
        check_name(&open.connector.descriptor().names, folder.path.name())?;
        if self.look(folder).await?.is_some() {
            let error = ConnectorError::new(FailureKind::AlreadyExists, "create_folder", "the name is taken");
            return Err(error.at(&folder.path).into());
        }
        let made = create.create_folder(&folder.path).await;
        self.heard(folder, made).await?;
        self.noted(folder, "folder-made", folder.path.as_str().to_owned()).await
    }

    /// Gives an entry another name in its folder; nothing that has that name is replaced. Answers the new path.
    pub async fn rename_entry(&self, entry: &Location, name: &str) -> Result<RemotePath, DeskError> {
        let open = self.opened(entry.connection).await?;
        let Some(rename) = open.connector.rename() else {
            return Err(lacking(&open, "rename", "renames nothing"));
        };
        if entry.path.is_root() {
            return Err(DeskError::Invalid("the top of a connection has no name".to_owned()));
        }
        check_name(&open.connector.descriptor().names, name)?;
        let target = entry.path.with_name(name);
        let renamed = rename.rename(&entry.path, &target, false).await;
        if let Err(error) = &renamed
            && error.kind == FailureKind::NotFound
            && self.look(entry).await?.is_some_and(|found| found.kind == EntryKind::Folder)
        {
            // Where folders are only the beginnings of names there is nothing that could be renamed.
            return Err(lacking(&open, "rename", "renames files alone; a folder is moved by copying what is in it"));
        }
        self.heard(entry, renamed).await?;
        self.noted(entry, "entry-renamed", format!("{} to {target}", entry.path)).await?;
        Ok(target)
    }

    /// A line of the log about something that was done at a remote.
    pub(super) async fn noted(&self, place: &Location, act: &'static str, detail: String) -> Result<(), DeskError> {
        let subject = format!("connection:{}", place.connection);
        Ok(self.inner.store.note(self.now(), self.actor(), act, subject, detail).await?)
    }
}

fn check_name(rules: &waybill_model::names::NameRules, name: &str) -> Result<(), DeskError> {
    let wrong = |why: String| Err(DeskError::Invalid(why));
    if name.contains('/') {
        return wrong("a name has no / in it".to_owned());
    }
    match rules.problem(name) {
        Some(problem) => wrong(problem.to_string()),
        None => Ok(()),
    }
}
