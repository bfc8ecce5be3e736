//! What the shell holds while it runs: the desk, or why it could not be opened.

use std::{sync::Arc, time::Duration};

use camino::{Utf8Path, Utf8PathBuf};
use tokio::sync::Mutex;
use waybill_desk::{Desk, DeskError, Paths, SystemClock, assemble};
use waybill_vault::{FileVault, Vaults};

use crate::{args::Args, demo::DemoHome, views::IpcError};

/// How long the end of the process waits for parts in flight. What is cut off then is sent again the next time.
const PATIENCE: Duration = Duration::from_secs(5);

/// The state of the app.
#[derive(Debug)]
pub(crate) struct App {
    /// A desk that cannot be opened still has a window: it says why, in place of every answer.
    desk: Result<Desk, IpcError>,
    demo: Mutex<Option<DemoHome>>,
    /// Where a demo has its documents.
    samples: Option<Utf8PathBuf>,
}

impl App {
    /// Opens the home that the command line names.
    pub(crate) async fn open(args: &Args) -> std::io::Result<Self> {
        let (desk, demo) = if args.demo {
            let demo = DemoHome::start(args.home.as_deref()).await?;
            let desk = open_demo(&demo).await;
            (desk, Some(demo))
        } else {
            (open_home(&home_of(args)?).await, None)
        };
        if let Err(error) = &desk {
            tracing::error!(%error, "the desk cannot be opened");
        }
        let samples = demo.as_ref().map(DemoHome::samples);
        Ok(Self { desk: desk.map_err(IpcError::from), demo: Mutex::new(demo), samples })
    }

    /// The desk.
    pub(crate) fn desk(&self) -> Result<&Desk, IpcError> {
        self.desk.as_ref().map_err(Clone::clone)
    }

    /// The folder of a demo's documents; none where this is no demo.
    pub(crate) fn samples(&self) -> Option<&Utf8Path> {
        self.samples.as_deref()
    }

    /// Stops the engine at part boundaries, and the servers of a demo.
    pub(crate) async fn close(&self) {
        if let Ok(desk) = &self.desk
            && let Err(error) = desk.window_closed().await
        {
            tracing::warn!(%error, "when the window was closed could not be kept");
        }
        if let Ok(desk) = &self.desk
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
    desk.join_demo(demo.drafts()).await?;
    Ok(desk)
}
