//! The composed desk of one home.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use camino::{Utf8Path, Utf8PathBuf};
use secrecy::SecretString;
use serde_json::{Map, json};
use tokio::sync::{
    Mutex,
    broadcast::{self, error::RecvError},
    watch,
};
use waybill_connector::Ask;
use waybill_engine::{Engine, EngineLock, EngineParts, Moving, Progress};
use waybill_model::{AttentionId, Clock, Millis};
use waybill_store::{AttentionKind, AttentionRow, Damaged, Store, Topic, Topics};
use waybill_vault::{VaultKind, Vaults};

use crate::{
    DeskError, browse::Opened, heartbeat::Heart, history::Indexer, keeper::EngineState, opener::Opener, settings::Live,
    signing_in::SignIns,
};

/// The time between two looks for history that is no longer to be kept.
const PRUNE_EVERY: Duration = Duration::from_mins(20);

/// Where a home lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    home: Utf8PathBuf,
}

impl Paths {
    /// A home in `folder`; it is made where it is missing.
    pub fn new(folder: impl Into<Utf8PathBuf>) -> Self {
        Self { home: folder.into() }
    }

    /// Where a user's own home lies, in their folder for data; `None` for a user without one.
    pub fn of_user() -> Option<Utf8PathBuf> {
        Utf8PathBuf::from_path_buf(dirs::data_dir()?.join("waybill")).ok()
    }

    /// The folder of everything that the desk keeps.
    pub fn home(&self) -> &Utf8Path {
        &self.home
    }

    /// Makes the folder for its owner alone, where it is missing.
    pub fn make_home(&self) -> std::io::Result<()> {
        make_home(&self.home)
    }

    /// The database.
    pub fn database(&self) -> Utf8PathBuf {
        self.home.join("waybill.db")
    }
}

/// The desk. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) vaults: Arc<Vaults>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) opener: Arc<Opener>,
    pub(crate) opened: Opened,
    pub(crate) live: Arc<Live>,
    pub(crate) sign_ins: SignIns,
    paths: Paths,
    /// What became of a damaged database, if this opening found one.
    damage: Option<String>,
    progress: Progress,
    /// The engine, and what keeps the index up to date beside it.
    pub(crate) engine: Mutex<Option<(Engine, Indexer)>>,
    pub(crate) engine_state: watch::Sender<EngineState>,
    /// Signs of life of the engine, and who looks.
    pub(crate) heart: Heart,
}

/// Composes the desk of a home: opens its database, brings it up to date, and joins it with its vaults.
///
/// No engine runs yet. Blocks on disk for a moment.
pub async fn assemble(paths: Paths, vaults: Vaults, clock: Arc<dyn Clock>) -> Result<Desk, DeskError> {
    make_home(paths.home())?;
    let (store, opened) = Store::open(&paths.database(), clock.now())?;
    let mut damage = None;
    if let Some(damaged) = opened.damaged {
        tracing::error!(kept_at = %damaged.kept_at, restored = damaged.restored, "the database was damaged");
        damage = Some(told(&damaged));
        let facts = Map::from_iter([
            ("message".to_owned(), json!(damage)),
            ("kept_at".to_owned(), json!(damaged.kept_at)),
            ("restored".to_owned(), json!(damaged.restored)),
        ]);
        store.raise(question(AttentionKind::DatabaseRestored, facts, clock.now())).await?;
    }
    let home_id = home_id(&store).await?;
    let vaults = Arc::new(vaults);
    let live = Arc::<Live>::default();
    let opener =
        Arc::new(Opener::new(store.clone(), Arc::clone(&vaults), home_id, Arc::clone(&live), Arc::clone(&clock)));
    let progress = Progress::default();
    let (engine, engine_state, heart) = (Mutex::new(None), watch::Sender::default(), Heart::default());
    let (opened, sign_ins) = (Opened::default(), SignIns::default());
    let inner = Inner {
        store,
        vaults,
        clock,
        opener,
        opened,
        live,
        sign_ins,
        paths,
        damage,
        progress,
        engine,
        engine_state,
        heart,
    };
    let desk = Desk { inner: Arc::new(inner) };
    desk.refresh_settings().await?;
    tokio::spawn(follow_settings(Arc::downgrade(&desk.inner), desk.topics()));
    Ok(desk)
}

/// Reads the settings again whenever another process changed them, for as long as the desk is there.
async fn follow_settings(desk: Weak<Inner>, mut topics: broadcast::Receiver<Topics>) {
    loop {
        let changed = match topics.recv().await {
            Ok(topics) => topics.has(Topic::Settings),
            Err(RecvError::Lagged(_)) => true,
            Err(RecvError::Closed) => return,
        };
        let Some(inner) = desk.upgrade() else { return };
        if changed && let Err(error) = (Desk { inner }).refresh_settings().await {
            tracing::warn!(%error, "the settings cannot be read; those that were read before hold");
        }
    }
}

/// Looks now and then for history that is no longer to be kept, while this process has the engine.
async fn keep_history_short(desk: Weak<Inner>) {
    loop {
        tokio::time::sleep(PRUNE_EVERY).await;
        let Some(inner) = desk.upgrade() else { return };
        let desk = Desk { inner };
        if !desk.has_engine().await {
            return;
        }
        if let Err(error) = desk.prune_history().await {
            tracing::warn!(%error, "the history could not be made shorter; it is tried again later");
        }
    }
}

/// What was lost, where it lies, and what the person does now.
fn told(damaged: &Damaged) -> String {
    let kept_at = &damaged.kept_at;
    if damaged.restored {
        format!(
            "the desk's database was damaged and its last copy took its place: what happened since that copy is missing from \
             the queue and the history. No file that was sent is touched; look over what is queued before it goes twice. The \
             damaged one is kept as {kept_at}"
        )
    } else {
        format!(
            "the desk's database was damaged and there is no copy, so the desk starts empty: connections have to be added \
             again with their secrets, and what was queued has to be sent again. No file that was sent is touched. The damaged \
             one is kept as {kept_at}"
        )
    }
}

fn question(kind: AttentionKind, facts: Map<String, serde_json::Value>, raised_at: Millis) -> AttentionRow {
    AttentionRow { id: AttentionId::fresh(), kind, connection: None, transfer: None, run: None, facts, raised_at }
}

/// Makes the folder for its owner alone.
fn make_home(home: &Utf8Path) -> std::io::Result<()> {
    if home.is_dir() {
        return Ok(());
    }
    fs_err::create_dir_all(home)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs_err::set_permissions(home, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// The home's own id: secrets are kept under it, so that two homes of one person never share one.
async fn home_id(store: &Store) -> Result<String, DeskError> {
    if let Some(id) = store.setting("home_id").await? {
        return Ok(id);
    }
    store.set_setting("home_id", uuid::Uuid::now_v7().to_string()).await?;
    Ok(store.setting("home_id").await?.unwrap_or_default())
}

impl Desk {
    /// Where the home lies.
    pub fn paths(&self) -> &Paths {
        &self.inner.paths
    }

    /// What became of a damaged database, if opening this desk found one; `None` where all was well.
    pub fn damage(&self) -> Option<&str> {
        self.inner.damage.as_deref()
    }

    /// Who sits at the desk.
    pub fn operator(&self) -> String {
        self.inner.live.operator()
    }

    /// Who stands beside what is done from here on.
    pub(crate) fn actor(&self) -> String {
        self.operator()
    }

    /// The time by the desk's clock.
    pub fn now(&self) -> Millis {
        self.inner.clock.now()
    }

    /// Whom to ask for one-time codes from now on.
    pub fn set_ask(&self, ask: Arc<dyn Ask>) {
        self.inner.opener.set_ask(ask);
    }

    /// Whether a secret lies in the encrypted file and nobody gave its passphrase yet.
    pub async fn needs_passphrase(&self) -> Result<bool, DeskError> {
        let file = VaultKind::File;
        let closed = self.inner.vaults.vault(file).is_err();
        let rows = self.inner.store.connections().await?;
        Ok(closed && rows.iter().any(|row| row.secrets.values().any(|place| place == file.as_str())))
    }

    /// Opens the encrypted file of secrets from now on. Whether the passphrase is right shows with the next secret.
    pub fn set_passphrase(&self, passphrase: SecretString) {
        self.inner.vaults.set_passphrase(passphrase);
    }

    /// Tells what every commit touched, those of other processes too. A listener that missed some reads everything again.
    pub fn topics(&self) -> broadcast::Receiver<Topics> {
        self.inner.store.topics()
    }

    /// What moves right now in this process.
    pub fn progress(&self) -> Vec<Moving> {
        self.inner.progress.sample()
    }

    /// Bytes that remotes confirmed since this process started.
    pub fn confirmed_bytes(&self) -> u64 {
        self.inner.progress.total()
    }

    /// Starts the engine if no other process runs one for this home. Answers whether this process has it now.
    pub async fn try_start_engine(&self) -> Result<bool, DeskError> {
        let mut engine = self.inner.engine.lock().await;
        if engine.is_some() {
            return Ok(true);
        }
        let Some(lock) = EngineLock::try_take(self.inner.paths.home())? else { return Ok(false) };
        let started = Engine::start(self.engine_parts(lock)).await?;
        *engine = Some((started, Indexer::start(self.inner.store.clone())));
        tokio::spawn(keep_history_short(Arc::downgrade(&self.inner)));
        self.start_heart().await?;
        Ok(true)
    }

    /// Starts the engine as soon as no other process runs one for this home.
    pub async fn start_engine(&self) -> Result<(), DeskError> {
        loop {
            if self.try_start_engine().await? {
                return Ok(());
            }
            drop(EngineLock::wait(self.inner.paths.home()).await?);
        }
    }

    /// Whether this process runs the engine.
    pub async fn has_engine(&self) -> bool {
        self.inner.engine.lock().await.is_some()
    }

    /// Stops the engine at part boundaries. What was running is in line again.
    pub async fn stop_engine(&self) {
        self.tell_engine(EngineState::Stopped);
        if let Some((engine, indexer)) = self.inner.engine.lock().await.take() {
            drop(indexer);
            engine.stop().await;
            self.stop_heart().await;
        }
    }

    fn engine_parts(&self, lock: EngineLock) -> EngineParts {
        EngineParts {
            lock,
            store: self.inner.store.clone(),
            connections: self.inner.opener.clone(),
            clock: Arc::clone(&self.inner.clock),
            progress: self.inner.progress.clone(),
            limits: self.inner.live.clone(),
        }
    }
}
