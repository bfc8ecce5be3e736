//! Removing: into the trash, where there is one.

use async_trait::async_trait;
use waybill_connector::{Afterwards, Delete, Result};
use waybill_model::RemotePath;

use crate::{
    connector::File360Connector,
    places::{Node, fresh},
    spelling::Child,
    words,
    write::only_shown,
};

#[async_trait]
impl Delete for File360Connector {
    fn afterwards(&self) -> Afterwards {
        Afterwards::Kept(words::TO_TRASH)
    }

    async fn delete(&self, path: &RemotePath) -> Result<()> {
        fresh!(self, self.remove_node(path)).map_err(|error| error.at(path))
    }
}

impl File360Connector {
    async fn remove_node(&self, path: &RemotePath) -> Result<()> {
        let (parent, child) = match self.node_at("delete", path).await? {
            None => return Ok(()),
            Some(Node::Place) => return Err(only_shown("delete")),
            Some(Node::Child { parent, child, .. }) => (parent, child),
        };
        // Removing what somebody shared would remove it for everybody.
        if parent.is_list() {
            return Err(only_shown("delete"));
        }
        let removed = match *child {
            Child::File(file) => self.remove("delete", self.url(&["files", &file.id], &[])).await,
            Child::Folder(binder) => {
                let family = if binder.is_workspace() { "workspaces" } else { "folders" };
                let url = self.url(&[family, &binder.id.to_string()], &[("only_if_empty", "true")]);
                let removed = self.remove("delete", url).await;
                self.places.forget();
                removed
            }
        };
        removed.map(drop)
    }
}
