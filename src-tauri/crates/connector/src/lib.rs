//! What a remote system looks like to the desk: one small trait, [`Connector`], and the abilities
//! that it hands out.
//!
//! Rules that hold for every connector:
//! - A remote name is passed back exactly as it was listed. Nothing is normalised on the way.
//! - No retries inside, but for one silent refresh of a token. The engine retries.
//! - Dropping a future cancels the call; nothing is left under a final name.
//! - Every page and every body is bounded. Bodies and secrets are never logged.
//! - Opening a connector does no I/O; the first call connects.

#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod abilities;
mod ability;
mod ask;
mod attributes;
mod collaboration;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod descriptor;
mod entry;
mod error;
mod events;
mod field;
mod found;
mod governance;
mod network;
mod open;
mod phrase;
mod previews;
mod processes;
mod search;
mod self_test;
mod sharing;
mod tasks;
mod vouched;
mod workspaces;

pub use abilities::Ability;
pub use ability::{
    Afterwards, Checksums, Connector, CreateFolder, Delete, HashNeeds, Links, List, Metadata, MetadataSet,
    ObjectVersion, Part, PartPlan, Read, ReadOptions, Records, Rename, ResumableUpload, Retention, RetentionMode,
    ServerCopy, Space, SpaceReport, Trust, UnfinishedUpload, UnfinishedUploads, Versions, Write, WriteOptions,
};
pub use ask::{Ask, NobodyToAsk, Question};
pub use attributes::{
    Attribute, AttributeForm, AttributeKind, Attributes, Due, WRONG_FIELD, WhyWrong, WrongField, checked_form,
    wrong_fields,
};
pub use collaboration::{Approval, ApprovalRecord, ApprovalState, Comment, Comments, FileLock, Locks};
pub use descriptor::{Column, Descriptor, Identity, Limits, ResumeSupport};
pub use entry::{Entry, EntryKind, Page, PageRequest};
pub use error::{ByteStream, ConnectorError, Result, body_of};
pub use events::{
    Acknowledged, BROKEN_ITEM, Catalogue, CatalogueItem, Delivery, EventFile, EventKind, EventPage, Events, Inbound,
    OutboundEvent, Publish, RemoteEvent,
};
pub use field::{Choice, ConnectorSpec, FieldKind, FieldProblem, FieldSpec, field_phrases, validate};
pub use found::{Importable, Imports, LeftOut, PastedAddress};
pub use governance::{
    AuditLine, AuditLog, AuditPage, FilePlan, Grantee, Hold, Permission, Permissions, PlanClass, RecordDetails,
    RecycleBin, Recycled, RecycledPage, Right,
};
pub use network::{BadProxyAddress, NamedProxy, Network, PROXY_SIGN_IN, Proxy, ProxyAddress, ProxyProtocol};
pub use open::{OpenContext, Secrets, Settings};
pub use phrase::{Phrase, Said};
pub use previews::{Preview, Previews};
pub use processes::{
    Diagram, Process, ProcessFilter, ProcessModel, ProcessModels, ProcessPage, ProcessStart, ProcessStep, Processes,
};
pub use search::{FilterKind, Search, SearchFilter, SearchQuery};
pub use self_test::{
    Detail, Expiring, Learned, SecretExpiry, SelfTest, StepOutcome, Tell, TestReport, TestRun, TestStep,
};
pub use sharing::{
    FileRequest, FileRequests, NewFileRequest, NewShare, Principal, Recipient, Share, ShareRole, Sharing,
};
pub use tasks::{
    Decision, Delegation, NewAttachment, TAKEN_BY, Task, TaskAttachment, TaskChange, TaskComment, TaskFilter,
    TaskOutcome, TaskPage, Tasks, Whose,
};
pub use vouched::{Vouched, VouchedChecker};
pub use workspaces::{ExternalReference, NewWorkspace, Workspace, WorkspaceRole, WorkspaceTemplate, Workspaces};
