//! The connector: what it offers follows from what the connection test saw.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_s3::types::ServerSideEncryption;
use waybill_connector::{
    Checksums, Connector, CreateFolder, Delete, Descriptor, Identity, Limits, Links, List, Metadata, OpenContext, Read,
    Records, Rename, Result, ResumableUpload, ResumeSupport, SelfTest, ServerCopy, UnfinishedUploads, Versions, Write,
};
use waybill_model::{FailureKind, RemotePath, names::NameRules};

use crate::{
    answers::Mark,
    config::{Config, MAX_KEY_BYTES, Signer},
    copy::CopyLimits,
    facts::Facts,
    location::Location,
    requests::{ListRequest, Reading, Requests},
    upload::MAX_PARTS,
    watch::Patience,
    words::{ENCRYPTED_OTHERWISE, NOT_ENCRYPTED},
};

/// Files up to this size go up in one request.
pub(crate) const SINGLE_WRITE_BYTES: u64 = 16 * 1024 * 1024;

/// The largest part that S3 takes.
pub(crate) const MAX_PART_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// Opens a connection; the first call connects.
#[expect(clippy::needless_pass_by_value, reason = "every connector is handed its context for good")]
pub fn open(context: OpenContext) -> Result<Arc<dyn Connector>> {
    open_with(&context, Patience::default())
}

/// The same with other limits on how long a server may be silent.
pub fn open_with(context: &OpenContext, patience: Patience) -> Result<Arc<dyn Connector>> {
    Ok(Arc::new(S3::new(context, patience)?))
}

/// One bucket, a folder in it, or all buckets of an account.
pub(crate) struct S3 {
    pub(crate) requests: Arc<Requests>,
    pub(crate) facts: Facts,
    pub(crate) copy_limits: CopyLimits,
    descriptor: Descriptor,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3").field("place", &self.requests.place).field("facts", &self.facts).finish_non_exhaustive()
    }
}

fn describe(config: &Config, facts: &Facts) -> Descriptor {
    let mut remarks = facts.remarks();
    if !config.address().0 {
        remarks.push(crate::words::PLAIN_ENDPOINT.english.to_owned());
    }
    Descriptor {
        kind: "s3",
        limits: Limits {
            max_file_bytes: u64::from(MAX_PARTS) * MAX_PART_BYTES,
            single_write_bytes: SINGLE_WRITE_BYTES,
            parallel_files: 4,
            parallel_small_files: 32,
            parallel_ranges: 4,
        },
        names: NameRules { max_path_bytes: MAX_KEY_BYTES - config.base.len().min(MAX_KEY_BYTES), ..NameRules::s3() },
        resume: ResumeSupport::Parts,
        read_back: true,
        remarks,
        columns: Vec::new(),
    }
}

impl S3 {
    pub(crate) fn new(context: &OpenContext, patience: Patience) -> Result<Self> {
        let config = Config::parse(context)?;
        // What was found out is about one bucket.
        let facts = config.bucket.as_ref().map_or_else(Facts::default, |_| Facts::of(&context.learned));
        let descriptor = describe(&config, &facts);
        let requests = Arc::new(Requests::new(config, patience));
        Ok(Self { descriptor, requests, facts, copy_limits: CopyLimits::default() })
    }

    /// Whether the server has something: as the test saw it, and before any test only on Amazon's own service. A server that
    /// does not know a request takes it for another one, and may write what was only to be tagged.
    pub(crate) fn offers(&self, fact: Option<bool>) -> bool {
        fact.unwrap_or_else(|| self.requests.config.is_amazon())
    }

    /// Some servers call a wrong secret *denied*; Amazon does not, and neither does who let the test write.
    pub(crate) fn denied_means_signed_in(&self) -> bool {
        self.requests.config.is_amazon() || self.facts.sends_sha256.is_some()
    }

    /// The mark of a revision. Where no versions are kept, an id names nothing that could be read later.
    pub(crate) fn mark(&self, version: Option<&str>, etag: Option<&str>) -> Option<String> {
        Mark::of(version.filter(|_| self.offers(self.facts.versions)), etag)
    }

    /// What to say of a file that the server says to have encrypted in another way than the connection asks for.
    pub(crate) fn not_as_asked(&self, done: Option<&ServerSideEncryption>) -> Vec<String> {
        let Some(asked) = self.requests.config.sse.as_ref().filter(|asked| done != Some(asked)) else {
            return Vec::new();
        };
        let said = match done {
            None => NOT_ENCRYPTED.with(&[("asked", asked.as_str())]),
            Some(done) => ENCRYPTED_OTHERWISE.with(&[("asked", asked.as_str()), ("done", done.as_str())]),
        };
        vec![said.text]
    }

    /// Where the file `path` lies, or why there can be none.
    pub(crate) fn file(&self, operation: &'static str, path: &RemotePath) -> Result<Location> {
        self.requests.config.file(operation, path)
    }

    /// What the keys of a folder's entries begin with, or why its entries have none.
    pub(crate) fn folder(&self, operation: &'static str, folder: &RemotePath) -> Result<Location> {
        self.requests.config.folder(operation, folder)
    }

    /// The cheapest request that only who is signed in gets an answer to; with what the server calls itself in `reading`.
    async fn knock(&self, reading: &Reading) -> Result<()> {
        let Some(within) = self.requests.config.top() else {
            return self.requests.buckets("check", None, 1, reading).await.map(drop);
        };
        let look = ListRequest { operation: "check", within: &within, grouped: false, token: None, limit: 1 };
        self.requests.list_read_by(look, reading).await.map(drop)
    }
}

#[async_trait]
impl Connector for S3 {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// A listing of one key or one bucket. Who may not list is signed in all the same: a drop box is a good connection.
    async fn check(&self) -> Result<Identity> {
        let config = &self.requests.config;
        let reading = Reading::default();
        match self.knock(&reading).await {
            Err(error) if error.kind == FailureKind::Denied && self.denied_means_signed_in() => {}
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        let name = match &config.signer {
            Signer::Key { id, .. } => id.clone(),
            Signer::Chain { profile: Some(profile), .. } => format!("profile {profile}"),
            Signer::Chain { profile: None, .. } => "AWS's default credentials".to_owned(),
        };
        Ok(Identity { name, server: reading.server() })
    }

    fn self_test(&self) -> Option<&dyn SelfTest> {
        Some(self)
    }
    fn list(&self) -> Option<&dyn List> {
        Some(self)
    }
    fn read(&self) -> Option<&dyn Read> {
        Some(self)
    }
    fn write(&self) -> Option<&dyn Write> {
        Some(self)
    }
    fn resumable_upload(&self) -> Option<&dyn ResumableUpload> {
        Some(self)
    }
    fn delete(&self) -> Option<&dyn Delete> {
        Some(self)
    }
    fn checksums(&self) -> Option<&dyn Checksums> {
        Some(self)
    }
    fn create_folder(&self) -> Option<&dyn CreateFolder> {
        (self.facts.folder_markers != Some(false)).then_some(self)
    }
    fn rename(&self) -> Option<&dyn Rename> {
        Some(self)
    }
    fn server_copy(&self) -> Option<&dyn ServerCopy> {
        Some(self)
    }
    fn versions(&self) -> Option<&dyn Versions> {
        self.offers(self.facts.versions).then_some(self)
    }
    fn metadata(&self) -> Option<&dyn Metadata> {
        Some(self)
    }
    fn links(&self) -> Option<&dyn Links> {
        Some(self)
    }
    fn unfinished_uploads(&self) -> Option<&dyn UnfinishedUploads> {
        self.offers(self.facts.unfinished).then_some(self)
    }
    fn records(&self) -> Option<&dyn Records> {
        self.offers(self.facts.object_lock).then_some(self)
    }
}

#[cfg(test)]
#[path = "connector/tests.rs"]
mod tests;
