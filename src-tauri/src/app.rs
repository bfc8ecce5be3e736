//! What the shell holds while it runs: the desk, or why it could not be opened.

use std::{
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use camino::{Utf8Path, Utf8PathBuf};
use tokio::sync::Mutex;
use waybill_desk::{Desk, DeskError, Paths, StoreError, SystemClock, assemble};
use waybill_model::ConnectionId;
use waybill_vault::{FileVault, Vaults};

use crate::{args::Args, demo::DemoHome, views::IpcError};

/// How long the end of the process waits for parts in flight. What is cut off then is sent again the next time.
const PATIENCE: Duration = Duration::from_secs(5);

/// The state of the app.
#[derive(Debug)]
pub(crate) struct App {
    desk: OnceLock<Desk>,
    /// A desk that cannot be opened still has a window: it says why, in place of every answer.
    trouble: RwLock<IpcError>,
    home: Utf8PathBuf,
    demo: Mutex<Option<DemoHome>>,
    /// Where a demo has its documents.
    samples: Option<Utf8PathBuf>,
}

/// The home of a start, before anything in it is opened.
#[derive(Debug)]
pub(crate) struct Home {
    /// Where the desk lies.
    pub(crate) folder: Utf8PathBuf,
    /// Whether it is gone with this process.
    pub(crate) passing: bool,
    demo: Option<DemoHome>,
}

impl Home {
    /// The home that the command line names, made where it is missing. A demo starts its servers.
    pub(crate) async fn of(args: &Args) -> std::io::Result<Self> {
        let demo = if args.demo { Some(DemoHome::start(args.home.as_deref()).await?) } else { None };
        let folder = match &demo {
            Some(demo) => demo.desk_folder(),
            None => home_of(args)?,
        };
        let passing = args.demo && args.home.is_none();
        Ok(Self { folder, passing, demo })
    }
}

impl App {
    /// Opens the home. A database that another program holds is tried again by [`Self::open_later`].
    pub(crate) async fn open(home: Home) -> Self {
        let samples = home.demo.as_ref().map(DemoHome::samples);
        let app = Self {
            desk: OnceLock::new(),
            trouble: RwLock::new(IpcError::NotNow { message: "the desk is being opened".to_owned() }),
            home: home.folder,
            demo: Mutex::new(home.demo),
            samples,
        };
        app.try_open().await;
        app
    }

    /// Tries to open the desk. Answers whether it is worth another try: another program holds its database.
    async fn try_open(&self) -> bool {
        let opened = match &*self.demo.lock().await {
            Some(demo) => open_demo(demo).await,
            None => open_home(&self.home).await,
        };
        match opened {
            Ok(desk) => {
                self.desk.get_or_init(|| desk);
                false
            }
            Err(error) => {
                tracing::error!(%error, "the desk cannot be opened");
                let passes = matches!(error, DeskError::Store(StoreError::Busy));
                *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = error.into();
                passes
            }
        }
    }

    /// Waits for a desk whose database another program holds. `None` where it cannot be opened at all.
    pub(crate) async fn open_later(&self) -> Option<&Desk> {
        while self.desk.get().is_none() {
            if !matches!(&*self.trouble.read().unwrap_or_else(PoisonError::into_inner), IpcError::Busy { .. }) {
                return None;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.try_open().await;
        }
        self.desk.get()
    }

    /// The desk.
    pub(crate) fn desk(&self) -> Result<&Desk, IpcError> {
        self.desk.get().ok_or_else(|| self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// The folder of a demo's documents; none where this is no demo.
    pub(crate) fn samples(&self) -> Option<&Utf8Path> {
        self.samples.as_deref()
    }

    /// Stops the engine at part boundaries, and the servers of a demo.
    pub(crate) async fn close(&self) {
        if let Some(desk) = self.desk.get()
            && let Err(error) = desk.window_closed().await
        {
            tracing::warn!(%error, "when the window was closed could not be kept");
        }
        if let Some(desk) = self.desk.get()
            && tokio::time::timeout(PATIENCE, desk.stop_engine()).await.is_err()
        {
            tracing::warn!("parts were cut off; they are sent again the next time");
        }
        if let Some(demo) = self.demo.lock().await.take() {
            demo.stop().await;
        }
    }
}

fn home_of(args: &Args) -> std::io::Result<Utf8PathBuf> {
    let home = match &args.home {
        Some(home) => home.clone(),
        None => Paths::of_user()
            .ok_or_else(|| std::io::Error::other("this user has no folder for data; start with --home DIR"))?,
    };
    Ok(working_folder()?.join(home))
}

/// Where relative paths begin.
pub(crate) fn working_folder() -> std::io::Result<Utf8PathBuf> {
    let folder = std::env::current_dir()?;
    Utf8PathBuf::from_path_buf(folder)
        .map_err(|path| std::io::Error::other(format!("the working folder is not UTF-8: {}", path.display())))
}

async fn open_home(home: &Utf8Path) -> Result<Desk, DeskError> {
    let vaults = Vaults::of_home(home, FileVault::passphrase_from_env());
    let desk = assemble(Paths::new(home), vaults, Arc::new(SystemClock)).await?;
    // What was removed in a window that was closed before its secrets were forgotten.
    if let Err(error) = desk.forget_all_removed().await {
        tracing::warn!(%error, "secrets of removed connections could not be forgotten");
    }
    Ok(desk)
}

async fn open_demo(demo: &DemoHome) -> Result<Desk, DeskError> {
    let desk = assemble(Paths::new(demo.desk_folder()), Vaults::in_memory(), Arc::new(SystemClock)).await?;
    let joined = desk.join_demo(demo.drafts()).await?;
    tauri::async_runtime::spawn(test_each(desk.clone(), joined));
    Ok(desk)
}

/// Tries each, beside the window that opens meanwhile: what a server can do, such as keeping versions, is known by its test alone.
async fn test_each(desk: Desk, connections: Vec<ConnectionId>) {
    for id in connections {
        if let Err(error) = desk.test_connection(id, &mut |_| {}).await {
            tracing::warn!(%error, "a connection of the demo could not be tested");
        }
    }
}

#[cfg(test)]
mod tests {
    use waybill_desk::Health;

    use super::*;

    /// Another program that writes and does not end, before the desk has ever been here.
    fn hold(folder: &Utf8Path) -> rusqlite::Connection {
        let other = rusqlite::Connection::open(Paths::new(folder).database()).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        other
    }

    #[tokio::test]
    async fn a_desk_whose_database_is_held_says_so_and_opens_when_it_is_free() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let home = || Home { folder: folder.clone(), passing: false, demo: None };
        let held = hold(&folder);
        let app = App::open(home()).await;
        assert!(matches!(app.desk(), Err(IpcError::Busy { .. })), "{:?}", app.desk().err());
        drop(held);
        assert!(app.open_later().await.is_some());
        assert!(app.desk().is_ok());
    }

    #[tokio::test]
    async fn the_connections_of_a_demo_are_tested_without_being_asked() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let demo = DemoHome::start(Some(&folder)).await.unwrap();
        let app = App::open(Home { folder: demo.desk_folder(), passing: false, demo: Some(demo) }).await;
        let desk = app.desk().unwrap();
        let mut topics = desk.topics();
        let all_well = async {
            loop {
                let connections = desk.connections().await.unwrap();
                if connections.len() == 8 && connections.iter().all(|one| one.health == Health::Well) {
                    break;
                }
                topics.recv().await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(30), all_well).await.expect("each of them answers its test");
        app.close().await;
    }

    #[tokio::test]
    async fn a_home_that_is_no_folder_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8PathBuf::from_path_buf(dir.path().join("file")).unwrap();
        fs_err::write(&folder, "x").unwrap();
        let app = App::open(Home { folder, passing: false, demo: None }).await;
        assert!(app.open_later().await.is_none());
        assert!(app.desk().is_err());
    }
}
