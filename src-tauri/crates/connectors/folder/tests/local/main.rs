//! What only a file system can do to a connector: links, FIFOs, names that are not text, full disks.
#![expect(clippy::unwrap_used, reason = "a place that cannot be made is a failed test")]

mod changing;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(unix)]
mod links;
#[cfg(unix)]
mod special;
mod staging;

use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt as _;
use tempfile::TempDir;
use waybill_connector::{
    Connector, Entry, Learned, NobodyToAsk, OpenContext, PageRequest, ReadOptions, Result, Secrets, Settings,
    WriteOptions, body_of,
};
use waybill_model::{Receipt, RemotePath};

/// A folder with a connection on it.
struct Local {
    dir: TempDir,
    connector: Arc<dyn Connector>,
}

fn connect(root: &str) -> Arc<dyn Connector> {
    waybill_connector_folder::open(OpenContext {
        name: "local".to_owned(),
        settings: Settings::from_iter([("root", root)]),
        secrets: Secrets::new(),
        learned: Learned::default(),
        ask: Arc::new(NobodyToAsk),
        network: waybill_connector::Network::default(),
    })
    .unwrap()
}

impl Local {
    /// The root is `in` of a folder of its own, so that there is an outside.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir(dir.path().join("in")).unwrap();
        let connector = connect(dir.path().join("in").to_str().unwrap());
        Self { dir, connector }
    }

    fn native(&self, below: &str) -> std::path::PathBuf {
        self.dir.path().join("in").join(below)
    }

    fn put(&self, below: &str, bytes: &[u8]) {
        fs_err::create_dir_all(self.native(below).parent().unwrap()).unwrap();
        fs_err::write(self.native(below), bytes).unwrap();
    }
}

async fn stat(connector: &dyn Connector, path: &str) -> Option<Entry> {
    connector.list().unwrap().stat(&RemotePath::new(path)).await.unwrap()
}

async fn entries(connector: &dyn Connector, folder: &str) -> Vec<Entry> {
    connector.list().unwrap().list(&RemotePath::new(folder), PageRequest::default()).await.unwrap().entries
}

async fn read(connector: &dyn Connector, path: &str) -> Result<Vec<u8>> {
    let stream = connector.read().unwrap().read(&RemotePath::new(path), ReadOptions::default()).await?;
    let pieces: Vec<Bytes> = stream.try_collect().await?;
    Ok(pieces.concat())
}

async fn write(connector: &dyn Connector, path: &str, bytes: &'static [u8], replace: bool) -> Result<Receipt> {
    let options = WriteOptions { size: bytes.len() as u64, replace, ..WriteOptions::default() };
    connector.write().unwrap().write(&RemotePath::new(path), body_of(Bytes::from_static(bytes)), options).await
}
