//! The abilities as one list: what hands them out, what the conformance suite asks for and what people are told of follow from it.

use std::fmt;

use crate::Connector;

/// One ability a line: its name, and the method of [`Connector`] that hands it out.
macro_rules! abilities {
    ($($ability:ident: $method:ident),+ $(,)?) => {
        /// One ability, or what every connector has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Ability {
            /// `descriptor` and `check`, which everybody has.
            Check,
            $(
                #[doc = concat!("[`crate::", stringify!($ability), "`].")]
                $ability,
            )+
        }

        impl Ability {
            /// Every ability, in the order in which people are told of them.
            pub const ALL: &'static [Self] = &[Self::Check, $(Self::$ability),+];

            /// The method of [`Connector`] that hands it out.
            pub fn method(self) -> &'static str {
                match self {
                    Self::Check => "check",
                    $(Self::$ability => stringify!($method),)+
                }
            }

            /// Whether `connector` hands it out.
            pub fn is_of(self, connector: &dyn Connector) -> bool {
                match self {
                    Self::Check => true,
                    $(Self::$ability => connector.$method().is_some(),)+
                }
            }
        }
    };
}

abilities! {
    SelfTest: self_test,
    List: list,
    Read: read,
    Write: write,
    ResumableUpload: resumable_upload,
    Checksums: checksums,
    CreateFolder: create_folder,
    Rename: rename,
    Delete: delete,
    ServerCopy: server_copy,
    Versions: versions,
    Metadata: metadata,
    Links: links,
    UnfinishedUploads: unfinished_uploads,
    Records: records,
    Space: space,
    Attributes: attributes,
    Search: search,
    Previews: previews,
    Comments: comments,
    Locks: locks,
    Approval: approval,
    Sharing: sharing,
    FileRequests: file_requests,
    Workspaces: workspaces,
    FilePlan: file_plan,
    Permissions: permissions,
    AuditLog: audit_log,
    RecycleBin: recycle_bin,
    Tasks: tasks,
    Processes: processes,
    ProcessModels: process_models,
    Events: events,
    Inbound: inbound,
    Publish: publish,
    Catalogue: catalogue,
    Trust: trust,
}

impl Ability {
    /// Those that `connector` hands out.
    pub fn of(connector: &dyn Connector) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|ability| ability.is_of(connector)).collect()
    }
}

impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.method())
    }
}
