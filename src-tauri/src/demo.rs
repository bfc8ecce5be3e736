//! The demo home: servers inside the process, connections to them, and sample documents to send.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use secrecy::SecretString;
use tokio::sync::Mutex;
use waybill_desk::{ConnectionDraft, Desk};
use waybill_standins::{demo::write_samples, systems::Systems};

use crate::views::{DemoView, IpcError};

/// The connection of the demo that its documents are sent to.
pub(crate) const FIRST: &str = "demo-s3";

/// Where the demo of a home lies in it.
const FOLDER: &str = "demo";

/// A demo that runs, in a folder that is the person's own or is gone with it.
#[derive(Debug)]
pub(crate) struct DemoHome {
    servers: Systems,
    folder: Utf8PathBuf,
    /// Removed at the end, where nobody named a folder.
    _temporary: Option<tempfile::TempDir>,
}

impl DemoHome {
    /// Starts the servers and lays out the samples.
    pub(crate) async fn start(folder: Option<&Utf8Path>) -> std::io::Result<Self> {
        let (folder, temporary) = if let Some(folder) = folder {
            (crate::app::working_folder()?.join(folder), None)
        } else {
            let made = tempfile::Builder::new().prefix("waybill-demo-").tempdir()?;
            let path = Utf8PathBuf::from_path_buf(made.path().to_owned()).map_err(|_| {
                std::io::Error::other("the folder for temporary files is not UTF-8; start with --home DIR")
            })?;
            (path, Some(made))
        };
        write_samples(&folder.join("samples"))?;
        let servers = Systems::start(Some(&folder.join("servers")), 0).await?;
        Ok(Self { servers, folder, _temporary: temporary })
    }

    /// Where the desk itself is kept.
    pub(crate) fn desk_folder(&self) -> Utf8PathBuf {
        self.folder.join("desk")
    }

    /// Where the documents lie.
    pub(crate) fn samples(&self) -> Utf8PathBuf {
        self.folder.join("samples")
    }

    /// The connections to the servers, and to the folder of the samples.
    pub(crate) fn drafts(&self) -> Vec<ConnectionDraft> {
        let samples = ConnectionDraft {
            name: "demo-samples".to_owned(),
            kind: "folder".to_owned(),
            settings: BTreeMap::from([("root".to_owned(), self.samples().into_string())]),
            ..ConnectionDraft::default()
        };
        let owned = |pairs: Vec<(&'static str, String)>| pairs.into_iter().map(|(key, value)| (key.to_owned(), value));
        let servers = self.servers.connections().into_iter().map(|connection| ConnectionDraft {
            name: connection.name.to_owned(),
            kind: connection.kind.to_owned(),
            settings: owned(connection.settings).collect(),
            secrets: owned(connection.secrets).map(|(key, value)| (key, SecretString::from(value))).collect(),
            ..ConnectionDraft::default()
        });
        servers.chain([samples]).collect()
    }

    /// Ends the servers.
    pub(crate) async fn stop(self) {
        self.servers.stop().await;
    }
}

/// What lies in the folder of the samples, by name. Empty where it cannot be read: then there is nothing to offer.
pub(crate) fn documents(samples: &Utf8Path) -> Vec<String> {
    let Ok(entries) = fs_err::read_dir(samples) else { return Vec::new() };
    let entries = entries.filter_map(Result::ok);
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.path().into_os_string().into_string().ok()).collect();
    paths.sort();
    paths
}

/// The demo beside a person's own connections: its servers run in this process for as long as it does.
#[derive(Debug, Default)]
pub(crate) struct DemoBeside {
    running: Mutex<Option<DemoHome>>,
}

impl DemoBeside {
    /// Its connections, and the documents that it brought along.
    pub(crate) async fn state(&self, desk: &Desk) -> Result<DemoView, IpcError> {
        let first = desk.demo_connection(FIRST).await?;
        let mut connections = desk.demo_connections().await?;
        connections.sort_by_key(|id| Some(*id) != first);
        let connections = connections.iter().map(ToString::to_string).collect();
        let running = self.running.lock().await;
        let samples = running.as_ref().map(|home| documents(&home.samples())).unwrap_or_default();
        Ok(DemoView { connections, samples })
    }

    /// Starts the servers unless they run, and joins them with the desk.
    pub(crate) async fn join(&self, desk: &Desk) -> Result<DemoView, IpcError> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let folder = desk.paths().home().join(FOLDER);
            *running = Some(DemoHome::start(Some(&folder)).await.map_err(|error| IpcError::disk(&error))?);
        }
        if let Some(home) = running.as_ref() {
            desk.join_demo_beside(home.drafts()).await?;
        }
        drop(running);
        self.state(desk).await
    }

    /// Lets a demo that was joined at an earlier start go on.
    pub(crate) async fn go_on(&self, desk: &Desk) {
        match desk.demo_connections().await {
            Ok(connections) if connections.is_empty() => {}
            Ok(_) => {
                if let Err(error) = self.join(desk).await {
                    tracing::warn!(?error, "the demo cannot go on");
                }
            }
            Err(error) => tracing::warn!(%error, "whether there is a demo cannot be read"),
        }
    }

    /// Removes the connections, then the servers with all that they hold.
    pub(crate) async fn leave(&self, desk: &Desk) -> Result<(), IpcError> {
        desk.leave_demo().await?;
        if let Some(home) = self.running.lock().await.take() {
            home.stop().await;
        }
        let folder = desk.paths().home().join(FOLDER);
        match fs_err::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(IpcError::disk(&error)),
            _ => Ok(()),
        }
    }
}
