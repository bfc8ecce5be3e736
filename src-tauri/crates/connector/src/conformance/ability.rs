//! The abilities as a list, so that the table has a line for each.

use std::fmt;

use crate::Connector;

/// One ability, or what every connector has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ability {
    /// `descriptor` and `check`, which everybody has.
    Check,
    /// [`crate::SelfTest`].
    SelfTest,
    /// [`crate::List`].
    List,
    /// [`crate::Read`].
    Read,
    /// [`crate::Write`].
    Write,
    /// [`crate::ResumableUpload`].
    ResumableUpload,
    /// [`crate::Delete`].
    Delete,
    /// [`crate::Checksums`].
    Checksums,
    /// [`crate::CreateFolder`].
    CreateFolder,
    /// [`crate::Rename`].
    Rename,
    /// [`crate::ServerCopy`].
    ServerCopy,
    /// [`crate::Versions`].
    Versions,
    /// [`crate::Metadata`].
    Metadata,
    /// [`crate::Links`].
    Links,
    /// [`crate::UnfinishedUploads`].
    UnfinishedUploads,
    /// [`crate::Records`].
    Records,
    /// [`crate::Space`].
    Space,
    /// [`crate::Tasks`].
    Tasks,
    /// [`crate::Processes`].
    Processes,
    /// [`crate::Attributes`].
    Attributes,
    /// [`crate::Search`].
    Search,
    /// [`crate::Previews`].
    Previews,
    /// [`crate::Comments`].
    Comments,
    /// [`crate::Locks`].
    Locks,
    /// [`crate::Approval`].
    Approval,
    /// [`crate::Sharing`].
    Sharing,
    /// [`crate::FileRequests`].
    FileRequests,
    /// [`crate::Workspaces`].
    Workspaces,
    /// [`crate::FilePlan`].
    FilePlan,
    /// [`crate::Permissions`].
    Permissions,
    /// [`crate::AuditLog`].
    AuditLog,
    /// [`crate::RecycleBin`].
    RecycleBin,
    /// [`crate::ProcessModels`].
    ProcessModels,
    /// [`crate::Events`].
    Events,
    /// [`crate::Inbound`].
    Inbound,
    /// [`crate::Publish`].
    Publish,
    /// [`crate::Catalogue`].
    Catalogue,
    /// [`crate::Trust`].
    Trust,
}

impl Ability {
    /// Every ability.
    pub const ALL: [Self; 38] = [
        Self::Check,
        Self::SelfTest,
        Self::List,
        Self::Read,
        Self::Write,
        Self::ResumableUpload,
        Self::Delete,
        Self::Checksums,
        Self::CreateFolder,
        Self::Rename,
        Self::ServerCopy,
        Self::Versions,
        Self::Metadata,
        Self::Links,
        Self::UnfinishedUploads,
        Self::Records,
        Self::Space,
        Self::Tasks,
        Self::Processes,
        Self::Attributes,
        Self::Search,
        Self::Previews,
        Self::Comments,
        Self::Locks,
        Self::Approval,
        Self::Sharing,
        Self::FileRequests,
        Self::Workspaces,
        Self::FilePlan,
        Self::Permissions,
        Self::AuditLog,
        Self::RecycleBin,
        Self::ProcessModels,
        Self::Events,
        Self::Inbound,
        Self::Publish,
        Self::Catalogue,
        Self::Trust,
    ];

    /// The method of [`Connector`] that hands it out.
    pub fn method(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::SelfTest => "self_test",
            Self::List => "list",
            Self::Read => "read",
            Self::Write => "write",
            Self::ResumableUpload => "resumable_upload",
            Self::Delete => "delete",
            Self::Checksums => "checksums",
            Self::CreateFolder => "create_folder",
            Self::Rename => "rename",
            Self::ServerCopy => "server_copy",
            Self::Versions => "versions",
            Self::Metadata => "metadata",
            Self::Links => "links",
            Self::UnfinishedUploads => "unfinished_uploads",
            Self::Records => "records",
            Self::Space => "space",
            Self::Tasks => "tasks",
            Self::Processes => "processes",
            Self::Attributes => "attributes",
            Self::Search => "search",
            Self::Previews => "previews",
            Self::Comments => "comments",
            Self::Locks => "locks",
            Self::Approval => "approval",
            Self::Sharing => "sharing",
            Self::FileRequests => "file_requests",
            Self::Workspaces => "workspaces",
            Self::FilePlan => "file_plan",
            Self::Permissions => "permissions",
            Self::AuditLog => "audit_log",
            Self::RecycleBin => "recycle_bin",
            Self::ProcessModels => "process_models",
            Self::Events => "events",
            Self::Inbound => "inbound",
            Self::Publish => "publish",
            Self::Catalogue => "catalogue",
            Self::Trust => "trust",
        }
    }

    fn is_handed_out_by(self, connector: &dyn Connector) -> bool {
        match self {
            Self::Check => true,
            Self::SelfTest => connector.self_test().is_some(),
            Self::List => connector.list().is_some(),
            Self::Read => connector.read().is_some(),
            Self::Write => connector.write().is_some(),
            Self::ResumableUpload => connector.resumable_upload().is_some(),
            Self::Delete => connector.delete().is_some(),
            Self::Checksums => connector.checksums().is_some(),
            Self::CreateFolder => connector.create_folder().is_some(),
            Self::Rename => connector.rename().is_some(),
            Self::ServerCopy => connector.server_copy().is_some(),
            Self::Versions => connector.versions().is_some(),
            Self::Metadata => connector.metadata().is_some(),
            Self::Links => connector.links().is_some(),
            Self::UnfinishedUploads => connector.unfinished_uploads().is_some(),
            Self::Records => connector.records().is_some(),
            Self::Space => connector.space().is_some(),
            Self::Tasks => connector.tasks().is_some(),
            Self::Processes => connector.processes().is_some(),
            Self::Attributes => connector.attributes().is_some(),
            Self::Search => connector.search().is_some(),
            Self::Previews => connector.previews().is_some(),
            Self::Comments => connector.comments().is_some(),
            Self::Locks => connector.locks().is_some(),
            Self::Approval => connector.approval().is_some(),
            Self::Sharing => connector.sharing().is_some(),
            Self::FileRequests => connector.file_requests().is_some(),
            Self::Workspaces => connector.workspaces().is_some(),
            Self::FilePlan => connector.file_plan().is_some(),
            Self::Permissions => connector.permissions().is_some(),
            Self::AuditLog => connector.audit_log().is_some(),
            Self::RecycleBin => connector.recycle_bin().is_some(),
            Self::ProcessModels => connector.process_models().is_some(),
            Self::Events => connector.events().is_some(),
            Self::Inbound => connector.inbound().is_some(),
            Self::Publish => connector.publish().is_some(),
            Self::Catalogue => connector.catalogue().is_some(),
            Self::Trust => connector.trust().is_some(),
        }
    }

    /// Those that `connector` hands out.
    pub fn of(connector: &dyn Connector) -> Vec<Self> {
        Self::ALL.into_iter().filter(|ability| ability.is_handed_out_by(connector)).collect()
    }
}

impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.method())
    }
}
