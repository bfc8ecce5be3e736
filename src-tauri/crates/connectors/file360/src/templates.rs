//! What a workspace can be made from: the server's own templates, and folders that are kept as such and are copied.

use waybill_connector::{ConnectorError, Result, WorkspaceTemplate};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::File360Connector,
    places::Part,
    wire::{Linked, Template, WireBinder},
};

/// A template that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// A folder that is copied.
    Folder(i64),
    /// One of the server's, with whether it makes a workspace or a folder.
    Own { id: i64, makes_workspace: bool },
}

impl File360Connector {
    /// All of them.
    pub(crate) async fn all_templates(&self) -> Result<Vec<WorkspaceTemplate>> {
        let mut all = Vec::new();
        if let Some(folder) = &self.config.templates {
            let path = RemotePath::new(folder.clone());
            let place = self.place_at("templates", &path).await?.ok_or_else(|| {
                let why = format!("the folder of templates is not there; correct it in the connection: {folder}");
                ConnectorError::new(FailureKind::NotFound, "templates", why)
            })?;
            let url = self.part_of("templates", place, Part::Folders, &[]).await?;
            let folders: Vec<WireBinder> = self.read_all("templates", &url).await?;
            all.extend(folders.into_iter().map(|folder| WorkspaceTemplate {
                id: format!("folder-{}", folder.id),
                name: folder.title,
                kind: Some("folder".to_owned()),
                forms: Vec::new(),
            }));
        }
        all.extend(self.own_templates().await?.into_iter().map(|template| WorkspaceTemplate {
            id: format!("template-{}", template.id),
            name: template.title,
            kind: template.entity_type,
            forms: Vec::new(),
        }));
        Ok(all)
    }

    /// The server's own. Inferred: a server that shows no workspaces has none, and refuses the list.
    async fn own_templates(&self) -> Result<Vec<Template>> {
        match self.read_all("templates", &self.url(&["templates"], &[])).await {
            Err(error)
                if matches!(error.kind, FailureKind::Denied | FailureKind::NotFound | FailureKind::Unsupported) =>
            {
                Ok(Vec::new())
            }
            other => other,
        }
    }

    pub(crate) async fn chosen(&self, id: &str) -> Result<Chosen> {
        let unknown = || {
            let why = format!("the file server has no template {id} any more");
            ConnectorError::new(FailureKind::NotFound, "create", why)
        };
        if let Some(folder) = id.strip_prefix("folder-") {
            return folder.parse().map(Chosen::Folder).map_err(|_| unknown());
        }
        let number: i64 = id.strip_prefix("template-").and_then(|number| number.parse().ok()).ok_or_else(unknown)?;
        let own = self.own_templates().await?.into_iter().find(|own| own.id == number).ok_or_else(unknown)?;
        Ok(Chosen::Own { id: number, makes_workspace: own.entity_type.as_deref() == Some("workspace") })
    }

    /// The workspace in which team workspaces are made.
    pub(crate) async fn teams(&self) -> Result<WireBinder> {
        let root: Linked = self.read_json("create", self.url(&[], &[])).await?;
        // Inferred: the number of the top stands in the address of the search through everything.
        let search = root.links.iter().find(|link| link.rel.as_deref() == Some("library_entities"));
        let top = search.and_then(|link| link.href.strip_prefix("/workspaces/")?.split('/').next().map(str::to_owned));
        let top = top.ok_or_else(|| no_teams(&self.config.workspaces))?;
        let below: Vec<WireBinder> =
            self.read_all("create", &self.url(&["workspaces", &top, "workspaces"], &[])).await?;
        let is_it = |binder: &WireBinder| binder.title == self.config.workspaces;
        below.into_iter().find(is_it).ok_or_else(|| no_teams(&self.config.workspaces))
    }
}

fn no_teams(title: &str) -> ConnectorError {
    let why = format!(
        "the server shows no workspace called {title}; name a folder to make it in, or correct the title in the connection"
    );
    ConnectorError::new(FailureKind::Invalid, "create", why)
}
