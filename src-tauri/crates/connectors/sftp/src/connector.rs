//! The connector: what is offered follows from the settings and from what the connection's test found out.

use std::sync::Arc;

use async_trait::async_trait;
use waybill_connector::{
    Checksums, Connector, CreateFolder, Delete, Descriptor, Identity, Learned, Limits, List, OpenContext, Read, Rename,
    Result, ResumableUpload, ResumeSupport, Said, SelfTest, Space, Trust, Write,
};
use waybill_model::names::NameRules;

use crate::{
    auth::Asking,
    config::{Config, ProofBy},
    list::Listings,
    names::MAX_NAME_BYTES,
    sessions::Sessions,
    words,
};

/// Files up to this size are sent whole and hashed before.
const SINGLE_WRITE_BYTES: u64 = 1 << 20;
/// Enough to hide the way to the server and back behind other files.
const SMALL_FILES_AT_ONCE: u32 = 64;
const RANGES_AT_ONCE: u32 = 1;

/// Keys of what the connection's test found out.
pub(crate) mod keys {
    pub(crate) const EXEC: &str = "exec";
    pub(crate) const LIST: &str = "list";
    pub(crate) const READ: &str = "read";
    pub(crate) const RENAME: &str = "rename";
    pub(crate) const RENAME_REFUSES: &str = "rename-refuses-existing";
    pub(crate) const POSIX_RENAME: &str = "posix-rename";
    pub(crate) const OFFSETS: &str = "writes-at-offsets";
    pub(crate) const STATVFS: &str = "statvfs";
    pub(crate) const FSYNC: &str = "fsync";
    pub(crate) const REQUEST_BYTES: &str = "request-bytes";
    pub(crate) const LIMITS_TOLD: &str = "limits-told";
    pub(crate) const WEAK: &str = "weak";
}

/// What the last test found out; `None` where it was never tried.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) exec: Option<bool>,
    pub(crate) list: Option<bool>,
    pub(crate) read: Option<bool>,
    pub(crate) rename: Option<bool>,
    pub(crate) rename_refuses: Option<bool>,
    pub(crate) posix_rename: Option<bool>,
    pub(crate) offsets: Option<bool>,
    pub(crate) statvfs: Option<bool>,
    request_bytes: Option<u64>,
    limits_told: Option<bool>,
    weak: Vec<String>,
}

impl Known {
    fn read_from(learned: &Learned) -> Self {
        let weak = learned.0.get(keys::WEAK).and_then(|value| value.as_array()).into_iter().flatten();
        Self {
            exec: learned.flag(keys::EXEC),
            list: learned.flag(keys::LIST),
            read: learned.flag(keys::READ),
            rename: learned.flag(keys::RENAME),
            rename_refuses: learned.flag(keys::RENAME_REFUSES),
            posix_rename: learned.flag(keys::POSIX_RENAME),
            offsets: learned.flag(keys::OFFSETS),
            statvfs: learned.flag(keys::STATVFS),
            request_bytes: learned.number(keys::REQUEST_BYTES),
            limits_told: learned.flag(keys::LIMITS_TOLD),
            weak: weak.filter_map(|value| value.as_str().map(str::to_owned)).collect(),
        }
    }
}

/// A connection to one server.
#[derive(Debug)]
pub(crate) struct SftpConnector {
    pub(crate) config: Arc<Config>,
    pub(crate) known: Known,
    pub(crate) asking: Asking,
    pub(crate) sessions: Sessions,
    pub(crate) listings: Listings,
    descriptor: Descriptor,
}

impl SftpConnector {
    pub(crate) fn open(context: OpenContext) -> Result<Self> {
        let config = Arc::new(Config::read(&context)?);
        let known = Known::read_from(&context.learned);
        let asking = Asking { connection: context.name, ask: context.ask };
        let descriptor = descriptor(&config, &known);
        Ok(Self {
            sessions: Sessions::new(Arc::clone(&config), asking.clone()),
            config,
            known,
            asking,
            listings: Listings::default(),
            descriptor,
        })
    }

    /// Commands are run where the settings say so, or where nothing is set and the test saw a right digest. The server
    /// computes on request: it cannot know the right digest but by reading the bytes.
    pub(crate) fn may_run_commands(&self) -> bool {
        match self.config.proof {
            Some(ProofBy::Exec) => self.known.exec != Some(false),
            Some(ProofBy::ReadBack | ProofBy::Nothing) => false,
            None => self.known.exec == Some(true),
        }
    }
}

fn resumes(config: &Config, known: &Known) -> bool {
    config.temporary && known.rename != Some(false) && known.read != Some(false) && known.offsets != Some(false)
}

fn descriptor(config: &Config, known: &Known) -> Descriptor {
    let resumable = resumes(config, known);
    Descriptor {
        kind: "sftp",
        limits: Limits {
            max_file_bytes: i64::MAX as u64,
            single_write_bytes: SINGLE_WRITE_BYTES,
            parallel_files: config.parallel,
            parallel_small_files: SMALL_FILES_AT_ONCE,
            parallel_ranges: RANGES_AT_ONCE,
        },
        names: NameRules { max_name_bytes: MAX_NAME_BYTES, ..NameRules::posix() },
        resume: if resumable { ResumeSupport::Parts } else { ResumeSupport::WholeFile },
        read_back: config.proof != Some(ProofBy::Nothing) && known.read != Some(false),
        remarks: remarks(config, known, resumable),
        columns: Vec::new(),
    }
}

fn remarks(config: &Config, known: &Known, resumable: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut say = |said: Said| remarks.push(said.text);
    if !config.temporary {
        say(words::FINAL_NAME_AT_ONCE.said());
    }
    if !resumable {
        say(words::FROM_FIRST_BYTE.said());
    }
    if known.rename == Some(false) && config.temporary {
        say(words::NO_RENAMING.said());
    }
    if known.rename_refuses == Some(false) {
        say(words::RENAME_REPLACES.said());
    }
    if known.posix_rename == Some(false) && config.temporary {
        say(words::REPLACES_IN_TWO_STEPS.said());
    }
    if config.proof == Some(ProofBy::Nothing) {
        say(words::NOT_PROVED.said());
    } else if known.read == Some(false) && known.exec != Some(true) {
        say(words::NOBODY_READS.said());
    }
    if config.proof == Some(ProofBy::Exec) && known.exec == Some(false) {
        say(words::EXEC_REFUSED.said());
    }
    if known.limits_told == Some(false)
        && let Some(bytes) = known.request_bytes
    {
        say(words::LIMITS_NOT_TOLD.with(&[("size", &(bytes >> 10).to_string())]));
    }
    if let Some(limit) = config.packet_limit {
        say(words::LIMITS_SET.with(&[("size", &(limit >> 10).to_string())]));
    }
    remarks.extend(known.weak.iter().cloned());
    if config.legacy_algorithms && known.weak.is_empty() {
        remarks.push(words::OLD_ALGORITHMS.english.to_owned());
    }
    remarks
}

#[async_trait]
impl Connector for SftpConnector {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn check(&self) -> Result<Identity> {
        let session = self.sessions.first().await?;
        // A session that the server let go idle shows only when it is asked something.
        if let Err(fault) = session.call(session.raw().realpath("/")).await
            && fault.ends_the_session()
        {
            self.sessions.first().await?;
        }
        let session = self.sessions.first().await?;
        let server = session.transport.facts.with(|facts| facts.server.clone());
        let user = crate::route::Route::resolve(&self.config)?.server.credentials.user;
        Ok(Identity { name: format!("{user}@{}", session.transport.place), server })
    }

    fn self_test(&self) -> Option<&dyn SelfTest> {
        Some(self)
    }

    fn list(&self) -> Option<&dyn List> {
        (self.known.list != Some(false)).then_some(self)
    }

    fn read(&self) -> Option<&dyn Read> {
        (self.known.read != Some(false)).then_some(self)
    }

    fn write(&self) -> Option<&dyn Write> {
        Some(self)
    }

    fn resumable_upload(&self) -> Option<&dyn ResumableUpload> {
        resumes(&self.config, &self.known).then_some(self)
    }

    fn delete(&self) -> Option<&dyn Delete> {
        Some(self)
    }

    fn checksums(&self) -> Option<&dyn Checksums> {
        self.may_run_commands().then_some(self)
    }

    fn create_folder(&self) -> Option<&dyn CreateFolder> {
        Some(self)
    }

    fn rename(&self) -> Option<&dyn Rename> {
        (self.known.rename != Some(false)).then_some(self)
    }

    fn space(&self) -> Option<&dyn Space> {
        (self.known.statvfs != Some(false)).then_some(self)
    }

    fn trust(&self) -> Option<&dyn Trust> {
        Some(self)
    }
}
