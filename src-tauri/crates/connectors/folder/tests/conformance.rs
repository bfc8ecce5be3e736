//! The suite against a folder of its own for each case.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made is a failed test")]

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use tempfile::TempDir;
use waybill_connector::{
    Connector, Learned, NobodyToAsk, OpenContext, Secrets, Settings,
    conformance::{self, Fixture, Outside, Place},
};
use waybill_model::{RemotePath, UploadSession};

struct Folders;

struct OneFolder {
    root: TempDir,
    connector: Arc<dyn Connector>,
}

fn open(root: &str) -> Arc<dyn Connector> {
    waybill_connector_folder::open(OpenContext {
        name: "folder".to_owned(),
        settings: Settings::from_iter([("root", root)]),
        secrets: Secrets::new(),
        learned: Learned::default(),
        ask: Arc::new(NobodyToAsk),
        network: waybill_connector::Network::default(),
    })
    .unwrap()
}

#[async_trait]
impl Fixture for Folders {
    fn name(&self) -> String {
        let way = if cfg!(feature = "portable") { "paths" } else { "handles" };
        format!("folder, by {way}")
    }
    async fn place(&self) -> Box<dyn Place> {
        let root = tempfile::tempdir().unwrap();
        let connector = open(root.path().to_str().unwrap());
        Box::new(OneFolder { root, connector })
    }
}

impl OneFolder {
    fn native(&self, path: &RemotePath) -> PathBuf {
        self.root.path().join(path.relative())
    }

    fn staging(&self, session: &UploadSession) -> PathBuf {
        self.native(&session.path.with_name(session.handle["staging"].as_str().unwrap()))
    }
}

#[async_trait]
impl Place for OneFolder {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }
    async fn reopen(&self) -> Arc<dyn Connector> {
        open(self.root.path().to_str().unwrap())
    }
    async fn other_spellings(&self) -> Vec<(String, Arc<dyn Connector>)> {
        let root = self.root.path().to_str().unwrap();
        let spellings =
            [format!("{root}/"), format!("{root}/."), format!("{root}/../{}", root.rsplit('/').next().unwrap())];
        spellings.into_iter().map(|spelling| (spelling.clone(), open(&spelling))).collect()
    }
    fn outside(&self) -> Option<&dyn Outside> {
        Some(self)
    }
}

#[async_trait]
impl Outside for OneFolder {
    async fn put(&self, path: &RemotePath, bytes: &[u8]) {
        fs_err::write(self.native(path), bytes).unwrap();
    }
    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>> {
        fs_err::read(self.native(path)).ok()
    }
    async fn remove(&self, path: &RemotePath) {
        drop(fs_err::remove_file(self.native(path)));
    }
    async fn everything_below(&self, folder: &RemotePath) -> Option<Vec<String>> {
        let top = self.native(folder);
        let (mut found, mut folders) = (Vec::new(), vec![top.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs_err::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&top).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        Some(found)
    }
    async fn corrupt(&self, session: &UploadSession) -> bool {
        let path = self.staging(session);
        let mut bytes = fs_err::read(&path).unwrap();
        bytes[4321] ^= 1;
        fs_err::write(path, bytes).unwrap();
        true
    }
    async fn forget(&self, session: &UploadSession) -> bool {
        fs_err::remove_file(self.staging(session)).unwrap();
        true
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_keeps_the_contract() {
    conformance::run(&Folders).await;
}
