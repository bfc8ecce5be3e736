//! [`Connector`] and its abilities: each an optional power, handed out as an object, so that what is
//! offered and what works cannot disagree.

use std::{collections::BTreeMap, ops::Range};

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use waybill_model::{
    FilledForm, Md5, Millis, PartHash, PartReceipt, Receipt, RemotePath, Sha256, Stamp, UploadSession,
};

use crate::{
    Approval, Attributes, AuditLog, ByteStream, Catalogue, Comments, Descriptor, Entry, Events, FilePlan, FileRequests,
    Identity, Inbound, Locks, Page, PageRequest, Permissions, Previews, ProcessModels, Processes, Publish, RecycleBin,
    Result, Search, SelfTest, Sharing, Tasks, Vouched, Workspaces,
};

/// A place that the desk speaks to. Two methods are everybody's; the rest is asked for.
#[async_trait]
pub trait Connector: Send + Sync + std::fmt::Debug {
    /// Facts and limits; no I/O.
    fn descriptor(&self) -> &Descriptor;

    /// The cheapest call that needs to be signed in; says who we are.
    async fn check(&self) -> Result<Identity>;

    /// The test behind the Test button.
    fn self_test(&self) -> Option<&dyn SelfTest> {
        None
    }
    /// Looking into folders.
    fn list(&self) -> Option<&dyn List> {
        None
    }
    /// Reading bytes.
    fn read(&self) -> Option<&dyn Read> {
        None
    }
    /// Writing a file in one piece.
    fn write(&self) -> Option<&dyn Write> {
        None
    }
    /// Writing a file in parts that survive a crash.
    fn resumable_upload(&self) -> Option<&dyn ResumableUpload> {
        None
    }
    /// Removing.
    fn delete(&self) -> Option<&dyn Delete> {
        None
    }
    /// Digests that the remote vouches for.
    fn checksums(&self) -> Option<&dyn Checksums> {
        None
    }
    /// Making folders.
    fn create_folder(&self) -> Option<&dyn CreateFolder> {
        None
    }
    /// Renaming and moving.
    fn rename(&self) -> Option<&dyn Rename> {
        None
    }
    /// Copying without moving the bytes through this computer.
    fn server_copy(&self) -> Option<&dyn ServerCopy> {
        None
    }
    /// Earlier versions.
    fn versions(&self) -> Option<&dyn Versions> {
        None
    }
    /// Metadata and tags.
    fn metadata(&self) -> Option<&dyn Metadata> {
        None
    }
    /// Links that work without an account.
    fn links(&self) -> Option<&dyn Links> {
        None
    }
    /// Uploads that were begun and never finished.
    fn unfinished_uploads(&self) -> Option<&dyn UnfinishedUploads> {
        None
    }
    /// Retention and legal hold.
    fn records(&self) -> Option<&dyn Records> {
        None
    }
    /// Free space.
    fn space(&self) -> Option<&dyn Space> {
        None
    }
    /// Tasks that wait for a person's decision.
    fn tasks(&self) -> Option<&dyn Tasks> {
        None
    }
    /// Processes that run elsewhere.
    fn processes(&self) -> Option<&dyn Processes> {
        None
    }
    /// Metadata in forms.
    fn attributes(&self) -> Option<&dyn Attributes> {
        None
    }
    /// Searching there.
    fn search(&self) -> Option<&dyn Search> {
        None
    }
    /// Pictures of files.
    fn previews(&self) -> Option<&dyn Previews> {
        None
    }
    /// Remarks on files.
    fn comments(&self) -> Option<&dyn Comments> {
        None
    }
    /// Keeping others from changing a file.
    fn locks(&self) -> Option<&dyn Locks> {
        None
    }
    /// Whether a file may be used.
    fn approval(&self) -> Option<&dyn Approval> {
        None
    }
    /// Giving others access.
    fn sharing(&self) -> Option<&dyn Sharing> {
        None
    }
    /// Asking an outsider for files.
    fn file_requests(&self) -> Option<&dyn FileRequests> {
        None
    }
    /// Workspaces made from templates.
    fn workspaces(&self) -> Option<&dyn Workspaces> {
        None
    }
    /// Records management.
    fn file_plan(&self) -> Option<&dyn FilePlan> {
        None
    }
    /// Who may do what.
    fn permissions(&self) -> Option<&dyn Permissions> {
        None
    }
    /// The remote's own log.
    fn audit_log(&self) -> Option<&dyn AuditLog> {
        None
    }
    /// What was removed and can be brought back.
    fn recycle_bin(&self) -> Option<&dyn RecycleBin> {
        None
    }
    /// Putting up models of processes.
    fn process_models(&self) -> Option<&dyn ProcessModels> {
        None
    }
    /// Hearing what happens, by asking.
    fn events(&self) -> Option<&dyn Events> {
        None
    }
    /// Hearing what happens, by being told.
    fn inbound(&self) -> Option<&dyn Inbound> {
        None
    }
    /// Telling others what happens here.
    fn publish(&self) -> Option<&dyn Publish> {
        None
    }
    /// Feeding a search catalogue.
    fn catalogue(&self) -> Option<&dyn Catalogue> {
        None
    }
    /// The server's identity, where a person has to trust it first.
    fn trust(&self) -> Option<&dyn Trust> {
        None
    }
}

/// Looking into folders.
#[async_trait]
pub trait List: Send + Sync {
    /// One page of a folder's direct entries. Each entry comes once over all pages. A folder that is not
    /// there fails with `NotFound`; where folders are only prefixes it is empty instead.
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page>;

    /// The entry at `path`, or `None` where nothing is there.
    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>>;
}

/// How to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Only these bytes; the whole where `None`.
    pub range: Option<Range<u64>>,
    /// Fail with `Changed` where the entry is not this revision any more. A remote that has versions reads that
    /// version; one with `ETag`s makes the read conditional; others compare size and time before the first byte.
    pub stamp: Option<Stamp>,
}

/// Reading bytes.
#[async_trait]
pub trait Read: Send + Sync {
    /// The bytes from the first to the last. Fewer than the range holds end in `Truncated`, never in a
    /// short stream that looks complete.
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream>;
}

/// How to write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Bytes that will come: a source with fewer fails with `Truncated`, one with more with `Changed`, and nothing is
    /// left under the final name.
    pub size: u64,
    /// Whether something with that name may be replaced; else `AlreadyExists`, as atomically as the remote can.
    pub replace: bool,
    /// SHA-256 of the whole, where it is known before.
    pub sha256: Option<Sha256>,
    /// MD5 of the whole, where it is known before.
    pub md5: Option<Md5>,
    /// The source's time, where it is to be kept and the remote can.
    pub modified: Option<Millis>,
    /// The source's permission bits, where they are to be kept and the remote can.
    pub mode: Option<u32>,
    /// The forms that the file is to carry from its first moment; `Unsupported` where the remote has none. They are checked
    /// before the first byte goes.
    pub forms: Vec<FilledForm>,
}

/// Writing a file in one piece.
#[async_trait]
pub trait Write: Send + Sync {
    /// Whole or nothing: until it answers, nobody sees a part under the final name, unless the connection's
    /// settings forbid temporary names. Missing folders above are made.
    async fn write(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt>;
}

/// Which digests of each part a remote can use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct HashNeeds {
    /// SHA-256 of the part.
    pub sha256: bool,
    /// MD5 of the part.
    pub md5: bool,
}

/// How a file is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartPlan {
    /// Bytes of each part but the last.
    pub part_size: u64,
    /// How many parts may be on their way at once.
    pub parallel: u32,
    /// Which digests each part needs.
    pub hashes: HashNeeds,
}

/// One part to send.
#[derive(Debug, Clone)]
pub struct Part {
    /// Counted from one.
    pub number: u32,
    /// Where it begins.
    pub offset: u64,
    /// Its bytes.
    pub bytes: Bytes,
    /// Its digests, as the plan asked.
    pub hash: PartHash,
    /// SHA-256 from the first byte of the file to the end of this part.
    pub prefix_sha256: Sha256,
}

/// Writing a file in parts that survive a crash of this program.
///
/// The caller stores the session before the first part and each receipt before it relies on it. Parts may be sent
/// in any order and several at once.
#[async_trait]
pub trait ResumableUpload: Send + Sync {
    /// How to cut a file of `size` bytes; no I/O.
    fn plan(&self, size: u64) -> PartPlan;

    /// Opens an upload. Nothing is visible under `path` before `finish`. Fails with `AlreadyExists` where
    /// `options.replace` is false and something is there already.
    async fn begin(&self, path: &RemotePath, options: WriteOptions) -> Result<UploadSession>;

    /// Sends one part, again if need be: the same number replaces what was there. `NotFound` where the remote
    /// does not know the session any more.
    async fn put_part(&self, session: &UploadSession, part: Part) -> Result<PartReceipt>;

    /// The numbers of those receipts whose bytes the remote still holds, proved equal to the receipt's digest and not
    /// by size alone. `NotFound` where the session is gone.
    async fn held(&self, session: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<u32>>;

    /// Makes the object out of all its parts. `options` are those of `begin`, with the SHA-256 of the whole.
    async fn finish(&self, session: &UploadSession, receipts: &[PartReceipt], options: WriteOptions)
    -> Result<Receipt>;

    /// Forgets the upload and frees what it holds. Succeeds if it is gone.
    async fn abort(&self, session: &UploadSession) -> Result<()>;
}

/// What becomes of what was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// It is gone for good.
    Gone,
    /// It is marked as deleted; its versions stay, and taking the mark away brings it back.
    Marked,
    /// The remote keeps it elsewhere for a time, as these words say.
    Kept(crate::Phrase),
}

/// Removing.
#[async_trait]
pub trait Delete: Send + Sync {
    /// What becomes of what is removed here.
    fn afterwards(&self) -> Afterwards {
        Afterwards::Gone
    }

    /// Removes a file or an empty folder. Succeeds if nothing was there. `Held` where a retention rule or a hold forbids
    /// it; `Invalid` for a folder that is not empty.
    async fn delete(&self, path: &RemotePath) -> Result<()>;
}

/// Digests that the remote vouches for.
#[async_trait]
pub trait Checksums: Send + Sync {
    /// The best digest that the remote has of the entry, or `None` where it has none that counts. `version` picks a
    /// revision where there are several.
    async fn vouched(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Vouched>>;
}

/// Making folders.
#[async_trait]
pub trait CreateFolder: Send + Sync {
    /// Makes the folder and those above it. Succeeds if it is there; `AlreadyExists` where a file has that name.
    async fn create_folder(&self, path: &RemotePath) -> Result<()>;
}

/// Renaming and moving within a connection.
#[async_trait]
pub trait Rename: Send + Sync {
    /// Moves a file. `AlreadyExists` where `replace` is false and the target is there; missing folders are made.
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()>;
}

/// Copying within a connection without moving the bytes through this computer.
#[async_trait]
pub trait ServerCopy: Send + Sync {
    /// Copies a file; `AlreadyExists` where `replace` is false and the target is there.
    async fn copy(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<Receipt>;
}

/// One version of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectVersion {
    /// The remote's id of it.
    pub id: String,
    /// Its number, where the remote counts them.
    pub number: Option<u64>,
    /// Bytes.
    pub size: u64,
    /// When it was stored.
    pub modified: Option<Millis>,
    /// Whether it is the one that a plain read gives.
    pub latest: bool,
    /// A mark that says *deleted*; it has no bytes.
    pub deleted: bool,
}

/// Earlier versions. Reading one goes by [`Read`] with its id in the stamp.
#[async_trait]
pub trait Versions: Send + Sync {
    /// Newest first.
    async fn versions(&self, path: &RemotePath) -> Result<Vec<ObjectVersion>>;

    /// Makes an earlier version the latest again, as a new version.
    async fn restore(&self, path: &RemotePath, id: &str) -> Result<Receipt>;

    /// Whether single versions can be removed.
    fn removes_versions(&self) -> bool {
        true
    }

    /// Removes one version for good. `Held` where a lock forbids it, `Unsupported` where none can be removed.
    async fn delete_version(&self, path: &RemotePath, id: &str) -> Result<()>;
}

/// Metadata that travels with the object, and tags that can be changed later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataSet {
    /// Set when the object is stored.
    pub metadata: BTreeMap<String, String>,
    /// Set at any time.
    pub tags: BTreeMap<String, String>,
    /// The media type.
    pub content_type: Option<String>,
    /// The storage class, where there are several.
    pub storage_class: Option<String>,
    /// How the remote says that it keeps the bytes encrypted.
    #[serde(default)]
    pub encryption: Option<String>,
    /// With which key, where it has a name.
    #[serde(default)]
    pub encryption_key: Option<String>,
    /// Tags may be there that were not shown: replacing them would lose them unseen.
    #[serde(default)]
    pub tags_hidden: bool,
}

/// Metadata and tags.
#[async_trait]
pub trait Metadata: Send + Sync {
    /// Reads both.
    async fn metadata(&self, path: &RemotePath, version: Option<&str>) -> Result<MetadataSet>;

    /// Replaces all tags. `Unsupported` where the remote has none.
    async fn set_tags(&self, path: &RemotePath, tags: &BTreeMap<String, String>) -> Result<()>;
}

/// Links that work without an account.
#[async_trait]
pub trait Links: Send + Sync {
    /// A link to read the file for `seconds`. `Invalid` where that is longer than the remote or the credential allows; the
    /// error's `limit` says how long is possible.
    async fn link(&self, path: &RemotePath, seconds: u64) -> Result<String>;
}

/// An upload that was begun and never finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnfinishedUpload {
    /// Where the object would be.
    pub path: RemotePath,
    /// The remote's id of it.
    pub id: String,
    /// When it was begun.
    pub started: Option<Millis>,
}

impl UnfinishedUpload {
    /// Whether it is that of a session: its id is in the connector's handle, or the end of the id is.
    pub fn belongs_to(&self, session: &UploadSession) -> bool {
        fn holds(value: &serde_json::Value, id: &str) -> bool {
            match value {
                serde_json::Value::String(text) => {
                    !text.is_empty()
                        && (id == text || id.strip_suffix(text.as_str()).is_some_and(|folder| folder.ends_with('/')))
                }
                serde_json::Value::Array(values) => values.iter().any(|value| holds(value, id)),
                serde_json::Value::Object(values) => values.values().any(|value| holds(value, id)),
                _ => false,
            }
        }
        self.path == session.path && holds(&session.handle, &self.id)
    }
}

/// Uploads that were begun and never finished; they cost money or space until somebody ends them.
#[async_trait]
pub trait UnfinishedUploads: Send + Sync {
    /// All below `folder`.
    async fn unfinished(&self, folder: &RemotePath) -> Result<Vec<UnfinishedUpload>>;

    /// Bytes that one holds so far, where the remote tells.
    async fn held_bytes(&self, _upload: &UnfinishedUpload) -> Result<Option<u64>> {
        Ok(None)
    }

    /// Ends one. Succeeds if it is gone.
    async fn abort_unfinished(&self, upload: &UnfinishedUpload) -> Result<()>;
}

/// How strictly a retention holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RetentionMode {
    /// Somebody with a special right may lift it.
    Governance,
    /// Nobody may lift it before its date.
    Compliance,
}

/// How long a version may not be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// How strictly.
    pub mode: RetentionMode,
    /// Until when.
    pub until: Millis,
}

/// Retention and legal hold.
#[async_trait]
pub trait Records: Send + Sync {
    /// The retention as the remote has it.
    async fn retention(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Retention>>;

    /// Sets or lengthens the retention. `Held` where it would become shorter.
    async fn set_retention(&self, path: &RemotePath, version: Option<&str>, retention: Retention) -> Result<()>;

    /// Whether a legal hold stands.
    async fn legal_hold(&self, path: &RemotePath, version: Option<&str>) -> Result<bool>;

    /// Sets or lifts the legal hold.
    async fn set_legal_hold(&self, path: &RemotePath, version: Option<&str>, on: bool) -> Result<()>;
}

/// What is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceReport {
    /// Bytes that this account may still write.
    pub free: u64,
    /// Bytes of the whole.
    pub total: u64,
}

/// Free space.
#[async_trait]
pub trait Space: Send + Sync {
    /// What is left where `folder` lies.
    async fn space(&self, folder: &RemotePath) -> Result<SpaceReport>;
}

/// Trusting a server whose key is not on record.
#[async_trait]
pub trait Trust: Send + Sync {
    /// The fingerprint of the key that the server shows now, as `SHA256:…`, without signing in.
    async fn offered(&self) -> Result<String>;

    /// Puts the key on record if the server shows exactly `fingerprint`. Replaces an earlier key only where
    /// `replace` says that a person compared the fingerprint with one obtained elsewhere.
    async fn accept(&self, fingerprint: &str, replace: bool) -> Result<()>;
}

#[cfg(test)]
mod tests {
    use waybill_model::SESSION_VERSION;

    use super::*;

    #[test]
    fn a_temporary_name_is_known_by_the_end_of_its_path() {
        let kept = UploadSession {
            version: SESSION_VERSION,
            path: RemotePath::new("/out/a"),
            size: 10,
            part_size: 10,
            replace: false,
            handle: serde_json::json!({ "staging": ".a.0192.waybill-part" }),
        };
        let upload = |id: &str| UnfinishedUpload { path: RemotePath::new("/out/a"), id: id.to_owned(), started: None };
        assert!(upload("/out/.a.0192.waybill-part").belongs_to(&kept));
        assert!(!upload("/out/b.a.0192.waybill-part").belongs_to(&kept));
    }
}
