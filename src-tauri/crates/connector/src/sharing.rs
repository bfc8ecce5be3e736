//! Giving others access: to people with an account, to people without one, to whoever has a link. And asking an outsider for a
//! file.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use waybill_model::{Millis, RemotePath};

use crate::Result;

/// With whom something is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "with", content = "who")]
pub enum Recipient {
    /// A person with an account, as the remote names people.
    Person(String),
    /// A group, as the remote names groups.
    Group(String),
    /// Somebody outside, by e-mail address.
    Outsider(String),
    /// Whoever has the link.
    Link,
}

/// What the recipient may do; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShareRole {
    /// Look and fetch.
    Viewer,
    /// Change what is there.
    Editor,
    /// Add, rename and remove.
    Contributor,
}

/// A share that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewShare {
    /// With whom.
    pub recipient: Recipient,
    /// What they may do.
    pub role: ShareRole,
    /// When it ends by itself; never where `None`.
    pub expires: Option<Millis>,
    /// Whether they may share it further.
    pub may_reshare: bool,
    /// A word that goes with the notice; no notice is sent where `None`.
    pub message: Option<String>,
}

/// A share as the remote has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The remote's id.
    pub id: String,
    /// What is shared.
    pub path: RemotePath,
    /// With whom.
    pub recipient: Recipient,
    /// What people call the recipient.
    pub name: Option<String>,
    /// What they may do.
    pub role: ShareRole,
    /// Who made it, as the remote names people.
    pub by: Option<String>,
    /// When it was made.
    pub created: Option<Millis>,
    /// When it ends by itself.
    pub expires: Option<Millis>,
    /// Whether they may share it further.
    pub may_reshare: bool,
    /// The address of a link.
    pub link: Option<String>,
    /// What a person should know about how it was made, one sentence each: that nobody could be told of it, say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// Somebody with whom something can be shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// As the remote names them.
    pub id: String,
    /// What people call them.
    pub name: String,
    /// An address to write to.
    pub email: Option<String>,
    /// Whether it is a group.
    pub group: bool,
}

/// Giving others access.
#[async_trait]
pub trait Sharing: Send + Sync {
    /// People and groups whose name or address holds `text`, at most 50.
    async fn principals(&self, text: &str) -> Result<Vec<Principal>>;

    /// Every share of the entry that this account may see, those that have ended left out.
    async fn shares(&self, path: &RemotePath) -> Result<Vec<Share>>;

    /// Every share that this account made, anywhere.
    async fn shared_by_me(&self) -> Result<Vec<Share>>;

    /// Makes one, or changes that of the same recipient. `Denied` where the remote's rules forbid such a recipient: the
    /// error says who can change them.
    async fn share(&self, path: &RemotePath, share: &NewShare) -> Result<Share>;

    /// Ends one. Succeeds where it is over.
    async fn revoke(&self, share: &Share) -> Result<()>;
}

/// What an outsider is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFileRequest {
    /// Who is asked, by e-mail address.
    pub from: String,
    /// What is asked for, in words.
    pub message: String,
    /// When the door closes; never where `None`.
    pub expires: Option<Millis>,
}

/// A request for files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRequest {
    /// What the remote knows it by.
    pub id: String,
    /// Where what comes is put.
    pub folder: RemotePath,
    /// Who is asked.
    pub from: String,
    /// What is asked for.
    pub message: String,
    /// When it was made.
    pub created: Option<Millis>,
    /// When the door closes.
    pub expires: Option<Millis>,
    /// Where the outsider goes to, where that is an address of its own.
    pub link: Option<String>,
    /// What has come so far, by path.
    pub received: Vec<RemotePath>,
}

/// Asking an outsider for files.
#[async_trait]
pub trait FileRequests: Send + Sync {
    /// Whether the remote has requests of its own; else they are made of a folder that is shared with the outsider.
    fn is_native(&self) -> bool;

    /// Opens one below `folder`. Asking the same person for the same again answers the one that stands.
    async fn ask(&self, folder: &RemotePath, request: &NewFileRequest) -> Result<FileRequest>;

    /// Those below `folder` that are open, with what has come.
    async fn requests(&self, folder: &RemotePath) -> Result<Vec<FileRequest>>;

    /// Closes the door; what has come stays. Succeeds where it is closed.
    async fn close(&self, request: &FileRequest) -> Result<()>;
}
