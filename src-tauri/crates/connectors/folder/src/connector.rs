//! The connector: what it says of itself, and the abilities that it hands out.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use waybill_connector::{
    Connector, ConnectorError, CreateFolder, Delete, Descriptor, Identity, Limits, List, Read, Rename, Result,
    ResumableUpload, ResumeSupport, SelfTest, UnfinishedUploads, Write,
};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    config::Config,
    errors,
    fault::Fault,
    folder_sync::FolderSync,
    list::Listings,
    tree::{Names, Tree},
    words,
};

/// How long a folder may take to answer a question before it counts as lost: a server behind a mount that is gone.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// Files up to this size are held in memory and written by one blocking task.
pub(crate) const SMALL: u64 = 4 << 20;

/// What every ability works on, shared with the blocking side.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) tree: Tree,
    pub(crate) sync: FolderSync,
    pub(crate) listings: Listings,
}

/// A folder of this computer.
#[derive(Debug)]
pub(crate) struct Folder {
    descriptor: Descriptor,
    pub(crate) place: Arc<Place>,
}

impl Folder {
    pub(crate) fn new(config: Config) -> Self {
        let mut remarks = Vec::new();
        if config.learned.flag("refuses_to_replace") == Some(false) {
            remarks.push(words::MAY_REPLACE.english.to_owned());
        }
        let descriptor = Descriptor {
            kind: "folder",
            limits: Limits {
                max_file_bytes: i64::MAX.unsigned_abs(),
                single_write_bytes: SMALL,
                parallel_files: config.parallel,
                parallel_small_files: config.parallel_small,
                parallel_ranges: 1,
            },
            names: crate::tree::name_rules(),
            resume: ResumeSupport::Parts,
            read_back: true,
            remarks,
            columns: Vec::new(),
        };
        let place =
            Place { tree: Tree { root: config.root }, sync: FolderSync::default(), listings: Listings::default() };
        Self { descriptor, place: Arc::new(place) }
    }

    /// Like [`Self::blocking`], for a question that changes nothing and has to be answered in time. The thread that
    /// waits for a lost server stays behind.
    pub(crate) async fn asking<T: Send + 'static>(
        &self,
        operation: &'static str,
        path: &RemotePath,
        work: impl FnOnce(&Place) -> std::result::Result<T, Fault> + Send + 'static,
    ) -> Result<T> {
        let answer = self.blocking(operation, path, work);
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answered) => answered,
            Err(_) => Err(no_answer(operation, path)),
        }
    }

    /// Runs `work` on the blocking side; its fault becomes an error at `path`.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        operation: &'static str,
        path: &RemotePath,
        work: impl FnOnce(&Place) -> std::result::Result<T, Fault> + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.place);
        match tokio::task::spawn_blocking(move || work(&place)).await {
            Ok(result) => result.map_err(|fault| errors::error(operation, path, fault)),
            Err(broken) => {
                let message = "the work on the disk broke off";
                Err(ConnectorError::new(FailureKind::Vendor, operation, message).at(path).caused_by(broken))
            }
        }
    }
}

/// A question that was not answered in time.
pub(crate) fn no_answer(operation: &'static str, path: &RemotePath) -> ConnectorError {
    let message = "the disk or the server behind the folder does not answer; look at the mount or the cable";
    ConnectorError::new(FailureKind::TimedOut, operation, message).at(path)
}

/// Tells the blocking side that nobody waits any more, when the future that holds it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Waiter(Arc<AtomicBool>);

impl Waiter {
    /// Whether the one who asked is gone.
    pub(crate) fn gone(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

#[async_trait]
impl Connector for Folder {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn check(&self) -> Result<Identity> {
        let root = RemotePath::root();
        self.asking("check", &root, |place| place.tree.folder(&Names(Vec::new())).map(drop)).await?;
        let name = match &self.place.tree.root {
            Some(root) => root.display().to_string(),
            None => "this computer".to_owned(),
        };
        Ok(Identity { name, server: None })
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
    fn create_folder(&self) -> Option<&dyn CreateFolder> {
        Some(self)
    }
    fn rename(&self) -> Option<&dyn Rename> {
        Some(self)
    }
    fn unfinished_uploads(&self) -> Option<&dyn UnfinishedUploads> {
        Some(self)
    }
    #[cfg(all(unix, not(feature = "portable")))]
    fn space(&self) -> Option<&dyn waybill_connector::Space> {
        Some(self)
    }
}
