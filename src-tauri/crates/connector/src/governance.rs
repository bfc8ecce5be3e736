//! What a repository keeps about a document beside its bytes: its class in the file plan, holds, rights, a log, a recycle bin.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use waybill_model::{Millis, RemotePath};

use crate::{PageRequest, Result};

/// A place in a file plan or a tree of classifications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanClass {
    /// The remote's id.
    pub id: String,
    /// Its number or code, where it has one.
    pub code: Option<String>,
    /// What people call it.
    pub name: String,
    /// Whether more stand below it.
    pub has_children: bool,
    /// Whether it belongs to records management: what is filed there has a retention.
    pub records: bool,
}

/// A document as records management sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDetails {
    /// Where it stands in the file plan.
    pub class: Option<PlanClass>,
    /// Other classifications.
    pub classifications: Vec<PlanClass>,
    /// Whether it is a record: nobody may change its bytes.
    pub is_record: bool,
    /// Where in its life it is, in the remote's own word.
    pub status: Option<String>,
    /// The day that its retention counts from.
    pub counts_from: Option<Millis>,
    /// Until when it is kept.
    pub kept_until: Option<Millis>,
    /// The holds on it.
    pub holds: Vec<Hold>,
    /// What else the remote tells, by its own names.
    pub others: Vec<(String, String)>,
}

/// A reason to keep things, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The remote's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Why, or of which kind, in the remote's own word.
    pub kind: Option<String>,
    /// Since when, where told.
    pub since: Option<Millis>,
}

/// Records management.
#[async_trait]
pub trait FilePlan: Send + Sync {
    /// The classes below `parent`, or the roots.
    async fn classes(&self, parent: Option<&str>) -> Result<Vec<PlanClass>>;

    /// What is known of the document.
    async fn record(&self, path: &RemotePath) -> Result<RecordDetails>;

    /// Puts the document into a class. Succeeds where it is there. A class of records management replaces another.
    async fn classify(&self, path: &RemotePath, class: &str) -> Result<()>;

    /// Takes it out of a class. `Held` where the remote forbids it. Succeeds where it is not there.
    async fn declassify(&self, path: &RemotePath, class: &str) -> Result<()>;

    /// Makes it a record, so that nobody changes its bytes. Succeeds where it is one.
    async fn declare(&self, path: &RemotePath) -> Result<()>;

    /// Every hold that there is.
    async fn holds(&self) -> Result<Vec<Hold>>;

    /// Puts it under a hold. Succeeds where it is.
    async fn hold(&self, path: &RemotePath, hold: &str) -> Result<()>;

    /// Takes it out of a hold. Succeeds where it is not under it.
    async fn release(&self, path: &RemotePath, hold: &str) -> Result<()>;
}

/// One thing that somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// See that it is there.
    See,
    /// Read its bytes.
    Read,
    /// Change its name and properties.
    Modify,
    /// Change its metadata.
    EditAttributes,
    /// Put something into it.
    AddItems,
    /// Keep others from changing it.
    Reserve,
    /// Remove versions.
    DeleteVersions,
    /// Remove it.
    Delete,
    /// Change who may do what.
    EditPermissions,
}

/// Whose rights they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "of", content = "who")]
pub enum Grantee {
    /// The owner.
    Owner,
    /// The owner's group.
    OwnerGroup,
    /// Everybody who signs in.
    Public,
    /// A person or group by name, as the remote names people.
    Named(String),
}

/// What somebody may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// Who.
    pub grantee: Grantee,
    /// What people call them.
    pub name: Option<String>,
    /// In the order of [`Right`].
    pub rights: Vec<Right>,
}

/// Who may do what.
#[async_trait]
pub trait Permissions: Send + Sync {
    /// All that stand on the entry.
    async fn permissions(&self, path: &RemotePath) -> Result<Vec<Permission>>;

    /// What the connection's own account may do there.
    async fn effective(&self, path: &RemotePath) -> Result<Vec<Right>>;

    /// Sets what one may do; no rights at all take the grantee off. `Denied` where this account may not.
    async fn permit(&self, path: &RemotePath, grantee: &Grantee, rights: &[Right]) -> Result<()>;
}

/// A line of the remote's own log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// When.
    pub at: Option<Millis>,
    /// Who, as the remote names people.
    pub by: Option<String>,
    /// What was done, in the remote's own word.
    pub word: String,
    /// What more it says.
    pub detail: Option<String>,
}

/// A piece of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// The newest first.
    pub lines: Vec<AuditLine>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
}

/// The remote's own log.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// One page of what was done to the entry.
    async fn audit(&self, path: &RemotePath, page: PageRequest) -> Result<AuditPage>;
}

/// Something in the recycle bin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recycled {
    /// The remote's id.
    pub id: String,
    /// What it was called.
    pub name: String,
    /// Whether it is a folder.
    pub folder: bool,
    /// Where it was, where told.
    pub from: Option<RemotePath>,
    /// When it was removed.
    pub removed: Option<Millis>,
    /// Who removed it, as the remote names people.
    pub by: Option<String>,
    /// Bytes, where told.
    pub size: Option<u64>,
}

/// A piece of a recycle bin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecycledPage {
    /// The newest first, where the remote tells when.
    pub items: Vec<Recycled>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
}

/// What was removed and can be brought back.
#[async_trait]
pub trait RecycleBin: Send + Sync {
    /// One page.
    async fn recycled(&self, page: PageRequest) -> Result<RecycledPage>;

    /// Puts it back where it was. `AlreadyExists` where something has its name by now; `NotFound` where it is gone for good.
    async fn bring_back(&self, item: &Recycled) -> Result<()>;

    /// Removes it for good. Succeeds where it is gone.
    async fn purge(&self, item: &Recycled) -> Result<()>;
}
