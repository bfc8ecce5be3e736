//! Workspaces: a folder with roles, made from a template, that belongs to a matter of the business.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use waybill_model::{FilledForm, RemotePath};

use crate::{Principal, Result};

/// What a workspace can be made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceTemplate {
    /// The remote's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The kind of workspace, where there are kinds.
    pub kind: Option<String>,
    /// The forms that a workspace of it carries, by their ids.
    pub forms: Vec<String>,
}

/// The number of a matter in another system.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExternalReference {
    /// Which system.
    pub system: String,
    /// Which kind of thing there.
    pub kind: String,
    /// Its number.
    pub id: String,
}

/// A workspace that is to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWorkspace {
    /// From which template, by its id.
    pub template: String,
    /// What it is called. A remote may make the name itself.
    pub name: String,
    /// In which folder; where the template says, where `None`.
    pub parent: Option<RemotePath>,
    /// What it belongs to elsewhere. It finds the workspace again where the answer was lost.
    pub reference: Option<ExternalReference>,
    /// Its metadata.
    pub forms: Vec<FilledForm>,
}

/// A workspace as the remote has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// The remote's id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its folder.
    pub path: RemotePath,
    /// Its kind, where there are kinds.
    pub kind: Option<String>,
    /// What it belongs to elsewhere.
    pub reference: Option<ExternalReference>,
}

/// A role of a workspace with who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceRole {
    /// The remote's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it leads the workspace.
    pub leads: bool,
    /// Who has it.
    pub members: Vec<Principal>,
}

/// Workspaces.
#[async_trait]
pub trait Workspaces: Send + Sync {
    /// What they can be made from.
    async fn templates(&self) -> Result<Vec<WorkspaceTemplate>>;

    /// Makes one, whole: its metadata is checked before anything is made. Where one with the same reference is there,
    /// `AlreadyExists`. It is never made twice by this call; where an answer is lost, it is found again by its reference,
    /// or by its name and place.
    async fn create(&self, workspace: &NewWorkspace) -> Result<Workspace>;

    /// The one that belongs to a matter elsewhere. `Unsupported` where the remote knows no such references.
    async fn find(&self, reference: &ExternalReference) -> Result<Option<Workspace>>;

    /// Its roles and who has them; none where the remote has no roles.
    async fn roles(&self, workspace: &Workspace) -> Result<Vec<WorkspaceRole>>;

    /// Gives somebody a role. Succeeds where they have it.
    async fn add_member(&self, workspace: &Workspace, role: &str, member: &str) -> Result<()>;

    /// Takes a role away. Succeeds where they do not have it.
    async fn remove_member(&self, workspace: &Workspace, role: &str, member: &str) -> Result<()>;

    /// Those that belong to it; none where the remote knows no such thing.
    async fn related(&self, workspace: &Workspace) -> Result<Vec<Workspace>>;

    /// Lets one belong to another, or no longer. Succeeds where it is so.
    async fn relate(&self, workspace: &Workspace, other: &Workspace, on: bool) -> Result<()>;
}
