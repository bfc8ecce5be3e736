//! The connector: who it is, and what it can do.

use async_trait::async_trait;
use tokio::sync::Mutex;
use waybill_connector::{
    Attributes, AuditLog, Column, Connector, CreateFolder, Delete, Descriptor, FilePlan, Identity, Limits, List, Locks,
    OpenContext, Permissions, Read, RecycleBin, Rename, Result, ResumeSupport, Search, SelfTest, ServerCopy, Tasks,
    Versions, Workspaces, Write,
};
use waybill_model::names::NameRules;
use waybill_net::{Http, Pace, Surroundings, http, remarks_on};

use crate::{
    config::Config, definitions::Definitions, list::facts, lost::Lost, people::People, requests::Addresses,
    self_test::learned, sign_in::Tickets, tree::Tree, words,
};

/// How fast, unless the settings say otherwise: content servers bear a few at once.
const PACE: Pace = Pace { per_minute: 0, burst: 20, parallel: 6 };
/// The largest file where no test has asked the server: its usual limit for large files.
const LARGEST: u64 = 3_638_558_720;

/// A connection to one server.
#[derive(Debug)]
pub struct XecmConnector {
    pub(crate) config: Config,
    pub(crate) http: Http,
    pub(crate) addresses: Addresses,
    pub(crate) tickets: Tickets,
    pub(crate) tree: Tree,
    pub(crate) people: People,
    pub(crate) definitions: Definitions,
    pub(crate) lost: Lost,
    /// Records management bears one change at a time.
    pub(crate) records: Mutex<()>,
    descriptor: Descriptor,
    /// What the last test found: no records management, no workspaces.
    without: (bool, bool),
}

/// The client of a connection, whether somebody signs in with it or works.
pub(crate) fn client(context: &OpenContext, around: &Surroundings) -> Result<Http> {
    http(context, around, PACE, None)
}

impl XecmConnector {
    /// Opens a connection; no I/O.
    pub fn open(context: &OpenContext, around: Surroundings) -> Result<Self> {
        let config = Config::read(context)?;
        let http = client(context, &around)?;
        let addresses = Addresses(config.base.clone());
        let missing = |key: &str| context.learned.flag(key) == Some(false);
        Ok(Self {
            tickets: Tickets::new(http.clone(), addresses.clone(), config.who.clone(), around.keep),
            descriptor: descriptor(context.learned.number(learned::LARGEST).unwrap_or(LARGEST), &config),
            without: (missing(learned::RECORDS), missing(learned::WORKSPACES)),
            config,
            http,
            addresses,
            tree: Tree::default(),
            people: People::default(),
            definitions: Definitions::default(),
            lost: Lost::default(),
            records: Mutex::default(),
        })
    }
}

fn descriptor(largest: u64, config: &Config) -> Descriptor {
    let column = |key, title| Column { key, title };
    let hosts = [Some(&config.base), config.who.directory()].into_iter().flatten();
    Descriptor {
        kind: "xecm",
        limits: Limits {
            max_file_bytes: largest,
            single_write_bytes: (8 << 20).min(largest),
            parallel_files: 3,
            parallel_small_files: 4,
            parallel_ranges: 1,
        },
        // Names have 248 characters there; in bytes that is the least.
        names: NameRules {
            max_name_bytes: 248,
            max_path_bytes: 32_000,
            forbidden: "\0/:".to_owned(),
            folds_case: true,
            trims: true,
            ..NameRules::posix()
        },
        resume: ResumeSupport::WholeFile,
        read_back: true,
        remarks: std::iter::once(words::WHOLE_FILE.english.to_owned()).chain(remarks_on(hosts)).collect(),
        columns: vec![
            column(facts::KIND, words::KIND),
            column(facts::CATEGORIES, words::CATEGORIES),
            column(facts::RESERVED_BY, words::RESERVED_BY),
            column(facts::OWNER, words::OWNER),
            column(facts::DESCRIPTION, words::DESCRIPTION),
        ],
    }
}

/// Hands out abilities that every connection has.
macro_rules! hands_out {
    ($($method:ident: $ability:ident),+ $(,)?) => {
        $(fn $method(&self) -> Option<&dyn $ability> {
            Some(self)
        })+
    };
}

#[async_trait]
impl Connector for XecmConnector {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn check(&self) -> Result<Identity> {
        let me = self.who_am_i("check").await?;
        Ok(Identity { name: me.name, server: Some(self.config.base.to_string()) })
    }

    hands_out![
        self_test: SelfTest,
        list: List,
        read: Read,
        write: Write,
        delete: Delete,
        create_folder: CreateFolder,
        rename: Rename,
        server_copy: ServerCopy,
        versions: Versions,
        attributes: Attributes,
        permissions: Permissions,
        audit_log: AuditLog,
        recycle_bin: RecycleBin,
        locks: Locks,
        search: Search,
        tasks: Tasks,
    ];

    fn file_plan(&self) -> Option<&dyn FilePlan> {
        if self.without.0 { None } else { Some(self) }
    }

    fn workspaces(&self) -> Option<&dyn Workspaces> {
        if self.without.1 { None } else { Some(self) }
    }
}
