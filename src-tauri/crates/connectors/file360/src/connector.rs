//! The connector: who it is, and what it can do.

use std::{collections::HashMap, sync::Arc, sync::Mutex};

use async_trait::async_trait;
use tokio::sync::OnceCell;
use waybill_connector::{
    Checksums, Column, Comments, Connector, CreateFolder, Delete, Descriptor, Events, FileRequests, Identity, Limits,
    Links, List, Locks, Metadata, OpenContext, Read, Rename, Result, ResumeSupport, Search, SelfTest, ServerCopy,
    Sharing, Space, Versions, Workspaces, Write,
};
use waybill_model::{Millis, names::NameRules};
use waybill_net::{Http, Pace, Patience, Surroundings, http, remarks_on};

use crate::{
    config::Config,
    own_shares::OwnShares,
    people::People,
    places::Places,
    roots::Root,
    wire::{Link, WireUser},
    words,
};

/// How fast, unless the settings say otherwise. The server takes fifty transfers at once from all its clients together.
const PACE: Pace = Pace { per_minute: 0, burst: 20, parallel: 8 };
/// Files up to this size are held in memory: their checksum goes with them.
pub(crate) const SMALL: u64 = 4 * 1024 * 1024;
/// Inferred: the vendor's documents name the code for such characters and not the characters.
const FORBIDDEN: &str = "\\/:*?\"<>|";

/// A connection to one server, as one account.
#[derive(Debug)]
pub struct File360Connector {
    pub(crate) config: Config,
    pub(crate) http: Http,
    pub(crate) patience: Patience,
    descriptor: Descriptor,
    me: OnceCell<WireUser>,
    pub(crate) roots: Mutex<HashMap<Root, Arc<Vec<Link>>>>,
    pub(crate) places: Places,
    pub(crate) people: People,
    pub(crate) own_shares: OwnShares,
    /// Whether the test saw the server refuse a wrong checksum.
    pub(crate) refuses_wrong_md5: bool,
    product: Option<String>,
}

impl File360Connector {
    /// Opens a connection; no I/O.
    pub fn open(context: &OpenContext, around: &Surroundings) -> Result<Self> {
        let config = Config::read(context)?;
        let is_net = config.root == Some(Root::NetFolders);
        let max_file_bytes = context.learned.number("max_file_bytes").unwrap_or(i64::MAX.unsigned_abs());
        Ok(Self {
            http: http(context, around, PACE, None)?,
            descriptor: Descriptor {
                kind: "file360",
                limits: Limits {
                    max_file_bytes,
                    single_write_bytes: SMALL.min(max_file_bytes),
                    parallel_files: 4,
                    parallel_small_files: 4,
                    parallel_ranges: 1,
                },
                names: name_rules(),
                resume: ResumeSupport::WholeFile,
                read_back: true,
                remarks: is_net
                    .then(|| words::NO_TRASH.english.to_owned())
                    .into_iter()
                    .chain(remarks_on([&config.base]))
                    .collect(),
                columns: vec![
                    Column { key: "shares", title: words::SHARES_COLUMN },
                    Column { key: "locked", title: words::LOCKED_COLUMN },
                    Column { key: "version", title: words::VERSION_COLUMN },
                ],
            },
            patience: around.patience,
            me: OnceCell::new(),
            roots: Mutex::default(),
            places: Places::default(),
            people: People::default(),
            own_shares: OwnShares::default(),
            refuses_wrong_md5: context.learned.flag("refuses_wrong_md5") == Some(true),
            product: context.learned.0.get("product").and_then(|value| value.as_str()).map(str::to_owned),
            config,
        })
    }

    /// Who signs in, asked once.
    pub(crate) async fn me(&self) -> Result<&WireUser> {
        self.me.get_or_try_init(|| self.ask_who("self")).await
    }

    async fn ask_who(&self, operation: &'static str) -> Result<WireUser> {
        self.read_json(operation, self.url(&["self"], &[])).await
    }

    /// The time of day.
    pub(crate) fn now(&self) -> Millis {
        self.http.clock().now()
    }
}

/// What names the server takes. Inferred: 255 bytes, and no control characters.
fn name_rules() -> NameRules {
    let control = (0..=0x9f_u32).filter_map(char::from_u32).filter(|letter| letter.is_control());
    NameRules {
        max_name_bytes: 255,
        max_path_bytes: 4095,
        forbidden: FORBIDDEN.chars().chain(control).collect(),
        windows: false,
        allows_dots: false,
        folds_case: true,
        trims: true,
    }
}

#[async_trait]
impl Connector for File360Connector {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn check(&self) -> Result<Identity> {
        let me = self.ask_who("check").await?;
        let name = me.name.or(me.title).unwrap_or_else(|| me.id.to_string());
        Ok(Identity { name, server: self.product.clone().or_else(|| Some(self.config.base.to_string())) })
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
    fn delete(&self) -> Option<&dyn Delete> {
        Some(self)
    }
    fn checksums(&self) -> Option<&dyn Checksums> {
        Some(self)
    }
    fn create_folder(&self) -> Option<&dyn CreateFolder> {
        Some(self)
    }
    fn rename(&self) -> Option<&dyn Rename> {
        Some(self)
    }
    fn server_copy(&self) -> Option<&dyn ServerCopy> {
        Some(self)
    }
    fn versions(&self) -> Option<&dyn Versions> {
        Some(self)
    }
    fn metadata(&self) -> Option<&dyn Metadata> {
        Some(self)
    }
    fn links(&self) -> Option<&dyn Links> {
        Some(self)
    }
    fn space(&self) -> Option<&dyn Space> {
        Some(self)
    }
    fn comments(&self) -> Option<&dyn Comments> {
        Some(self)
    }
    fn locks(&self) -> Option<&dyn Locks> {
        Some(self)
    }
    fn sharing(&self) -> Option<&dyn Sharing> {
        Some(self)
    }
    fn file_requests(&self) -> Option<&dyn FileRequests> {
        Some(self)
    }
    fn workspaces(&self) -> Option<&dyn Workspaces> {
        Some(self)
    }
    fn search(&self) -> Option<&dyn Search> {
        Some(self)
    }
    fn events(&self) -> Option<&dyn Events> {
        Some(self)
    }
}
