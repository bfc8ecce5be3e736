//! Workspaces: a folder made from a template, and who has which role in it by its shares.

use async_trait::async_trait;
use http::Method;
use serde_json::json;
use waybill_connector::{
    ConnectorError, ExternalReference, NewShare, NewWorkspace, Principal, Recipient, Result, ShareRole, Workspace,
    WorkspaceRole, WorkspaceTemplate, Workspaces,
};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    answers::is_lost,
    connector::File360Connector,
    own_shares::Entity,
    paths::Found,
    places::Place,
    recipients::{role_of, role_word},
    spelling::{Child, is_same},
    templates::Chosen,
    wire::{WireBinder, WireShare},
    write::only_shown,
};

const ROLES: [(ShareRole, &str); 3] =
    [(ShareRole::Viewer, "Viewer"), (ShareRole::Editor, "Editor"), (ShareRole::Contributor, "Contributor")];

#[async_trait]
impl Workspaces for File360Connector {
    async fn templates(&self) -> Result<Vec<WorkspaceTemplate>> {
        self.all_templates().await
    }

    async fn create(&self, workspace: &NewWorkspace) -> Result<Workspace> {
        if !workspace.forms.is_empty() {
            return Err(ConnectorError::unsupported("create", "workspaces there carry no forms"));
        }
        if workspace.reference.is_some() {
            let why = "the file server keeps no numbers of other systems; leave the reference out";
            return Err(ConnectorError::unsupported("create", why));
        }
        self.can_be_made("create", &RemotePath::root().join(&workspace.name))?;
        if workspace.name.contains('/') {
            return Err(ConnectorError::new(FailureKind::Invalid, "create", "the name of a workspace holds no `/`"));
        }
        let chosen = self.chosen(&workspace.template).await?;
        let parent = match &workspace.parent {
            Some(folder) => self.ensure_place("create", folder).await?,
            None if matches!(chosen, Chosen::Own { makes_workspace: true, .. }) => Place::of(&self.teams().await?),
            None => {
                let why = "this template makes a folder; name the folder to make it in";
                return Err(ConnectorError::new(FailureKind::Invalid, "create", why));
            }
        };
        let made = self.make_workspace(&chosen, parent, &workspace.name).await?;
        self.places.forget();
        let mut found = Found::default();
        let entity = if made.is_workspace() { Entity::Workspace(made.id) } else { Entity::Folder(made.id) };
        Ok(Workspace {
            id: made.id.to_string(),
            path: match &workspace.parent {
                Some(folder) => folder.join(&made.title),
                None => self.path_of_shared("create", entity, &mut found).await?,
            },
            name: made.title,
            kind: made.entity_type,
            reference: None,
        })
    }

    async fn find(&self, _reference: &ExternalReference) -> Result<Option<Workspace>> {
        let why = "the file server knows no numbers of other systems; a workspace is found by its name and place";
        Err(ConnectorError::unsupported("find", why))
    }

    async fn roles(&self, workspace: &Workspace) -> Result<Vec<WorkspaceRole>> {
        let shares = self.shares_on("roles", workspace_entity(workspace)?).await?;
        self.meet_sharers("roles", &shares).await?;
        let role = |(role, name): (ShareRole, &str)| WorkspaceRole {
            id: role_word(role).to_owned(),
            name: name.to_owned(),
            leads: false,
            members: shares.iter().filter(|share| role_of(share) == role).map(|share| self.member(share)).collect(),
        };
        Ok(ROLES.map(role).into())
    }

    async fn add_member(&self, workspace: &Workspace, role: &str, member: &str) -> Result<()> {
        let role = role_by(role)?;
        let entity = workspace_entity(workspace)?;
        let recipient = self.member_by(member).await?;
        let shares = self.shares_on("add_member", entity).await?;
        self.meet_sharers("add_member", &shares).await?;
        let has = |share: &WireShare| role_of(share) == role && self.recipient_of(share).0 == recipient;
        if shares.iter().any(has) {
            return Ok(());
        }
        let share = NewShare { recipient, role, expires: None, may_reshare: false, message: None };
        self.make_share("add_member", entity, &share).await.map(drop)
    }

    async fn remove_member(&self, workspace: &Workspace, role: &str, member: &str) -> Result<()> {
        let role = role_by(role)?;
        let shares = self.shares_on("remove_member", workspace_entity(workspace)?).await?;
        self.meet_sharers("remove_member", &shares).await?;
        let is_meant = |share: &&WireShare| role_of(share) == role && self.member(share).id == member;
        for share in shares.iter().filter(is_meant) {
            self.remove("remove_member", self.url(&["shares", &share.id.to_string()], &[])).await?;
        }
        self.own_shares.forget();
        Ok(())
    }

    async fn related(&self, _workspace: &Workspace) -> Result<Vec<Workspace>> {
        Ok(Vec::new())
    }

    async fn relate(&self, _workspace: &Workspace, _other: &Workspace, _on: bool) -> Result<()> {
        Err(ConnectorError::unsupported("relate", "workspaces there do not belong to one another"))
    }
}

impl File360Connector {
    async fn make_workspace(&self, chosen: &Chosen, parent: Place, name: &str) -> Result<WireBinder> {
        if parent == Place::Top || parent.is_list() {
            return Err(only_shown("create"));
        }
        if self.child_in("create", parent, name).await?.is_some() {
            let why = "something of that name is there already";
            return Err(ConnectorError::new(FailureKind::AlreadyExists, "create", why));
        }
        let made = match chosen {
            Chosen::Folder(source) => {
                let url = self.part_of("create", parent, crate::places::Part::Folders, &[]).await?;
                let source = source.to_string();
                self.send_form("create", url, &[("title", name), ("source_id", &source)]).await
            }
            Chosen::Own { id, makes_workspace } => {
                let word = if *makes_workspace { "workspaces" } else { "folders" };
                let Place::Binder { id: above, is_workspace: true } = parent else {
                    let why = "the server's own templates are used in a workspace, not in a folder of files";
                    return Err(ConnectorError::new(FailureKind::Invalid, "create", why));
                };
                let template = id.to_string();
                let url = self.url(&["workspaces", &above.to_string(), word], &[("template", &template)]);
                self.send_json("create", Method::POST, url, &json!({ "title": name })).await
            }
        };
        match made {
            Err(error) if is_lost(&error) => {
                let me = self.me().await?.id;
                let is_mine =
                    |binder: &WireBinder| is_same(&binder.title, name) && binder.creator().is_none_or(|by| by == me);
                match self.child_in("create", parent, name).await {
                    Ok(Some((_, Child::Folder(binder)))) if is_mine(&binder) => Ok(binder),
                    _ => Err(error),
                }
            }
            other => other,
        }
    }

    fn member(&self, share: &WireShare) -> Principal {
        let (recipient, name) = self.recipient_of(share);
        let (id, group) = match recipient {
            Recipient::Person(id) | Recipient::Outsider(id) => (id, false),
            Recipient::Group(id) => (id, true),
            Recipient::Link => ("link".to_owned(), true),
        };
        Principal { name: name.unwrap_or_else(|| id.clone()), email: share.recipient.email.clone(), id, group }
    }

    /// Whom a name stands for: a person, a group, or somebody outside.
    async fn member_by(&self, member: &str) -> Result<Recipient> {
        for recipient in [Recipient::Person(member.to_owned()), Recipient::Group(member.to_owned())] {
            match self.wanted("add_member", &recipient).await {
                // Who signs in with an address is somebody outside.
                Ok(_) if member.contains('@') => break,
                Ok(_) => return Ok(recipient),
                Err(error) if error.kind == FailureKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        if member.contains('@') {
            return Ok(Recipient::Outsider(member.to_owned()));
        }
        let why = format!("the file server knows nobody called {member}");
        Err(ConnectorError::new(FailureKind::NotFound, "add_member", why))
    }
}

fn workspace_entity(workspace: &Workspace) -> Result<Entity> {
    let id = workspace.id.parse().map_err(|_| {
        ConnectorError::new(FailureKind::Invalid, "roles", "the workspace is none of this connection's")
    })?;
    let is_workspace = workspace.kind.as_deref() == Some("workspace");
    Ok(if is_workspace { Entity::Workspace(id) } else { Entity::Folder(id) })
}

fn role_by(word: &str) -> Result<ShareRole> {
    let found = ROLES.iter().find(|(role, _)| role_word(*role) == word).map(|(role, _)| *role);
    found.ok_or_else(|| {
        let why = format!("there is no role {word}; there are VIEWER, EDITOR and CONTRIBUTOR");
        ConnectorError::new(FailureKind::Invalid, "role", why)
    })
}
