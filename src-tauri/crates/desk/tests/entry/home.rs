//! A desk with its engine on one S3 and one SFTP server.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use camino::{Utf8Path, Utf8PathBuf};
use secrecy::SecretString;
use waybill_desk::{ConnectionDraft, Desk, Filter, Paths, RunRow, SystemClock, TransferRow, assemble};
use waybill_model::{ConnectionId, Location, RemotePath, RunId};
use waybill_standins::demo::Demo;
use waybill_vault::Vaults;

pub(crate) struct Home {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) demo: Demo,
    pub(crate) desk: Desk,
}

impl Home {
    /// With an engine that works on the queue.
    pub(crate) async fn new() -> Self {
        let home = Self::resting().await;
        assert!(home.desk.try_start_engine().await.unwrap());
        home
    }

    /// Without an engine: what is queued stays so.
    pub(crate) async fn resting() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(dir.path()).unwrap();
        let demo = Demo::start(None, 0).await.unwrap();
        let desk = assemble(Paths::new(path.join("desk")), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
        let owned = |pairs: Vec<(&'static str, String)>| pairs.into_iter().map(|(key, value)| (key.to_owned(), value));
        for connection in demo.connections() {
            let draft = ConnectionDraft {
                name: connection.name.to_owned(),
                kind: connection.kind.to_owned(),
                settings: owned(connection.settings).collect::<BTreeMap<_, _>>(),
                secrets: owned(connection.secrets).map(|(key, value)| (key, SecretString::from(value))).collect(),
                ..ConnectionDraft::default()
            };
            let id = desk.add_connection(draft).await.unwrap();
            desk.test_connection(id, &mut |_| {}).await.unwrap();
        }
        Self { dir, demo, desk }
    }

    pub(crate) async fn place(&self, name: &str, path: &str) -> Location {
        let rows = self.desk.connections().await.unwrap();
        let id = rows.iter().find(|row| row.name == name).unwrap().id;
        Location { connection: id, path: RemotePath::new(path) }
    }

    pub(crate) async fn s3(&self, path: &str) -> Location {
        self.place("demo-s3", path).await
    }

    pub(crate) fn path(&self, name: &str) -> Utf8PathBuf {
        Utf8Path::from_path(self.dir.path()).unwrap().join(name)
    }

    pub(crate) fn local(&self, name: &str) -> Location {
        let path = self.path(name);
        let path = if cfg!(windows) { path.as_str().replace('\\', "/") } else { path.into_string() };
        Location { connection: ConnectionId::LOCAL, path: RemotePath::new(path) }
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Utf8PathBuf {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, bytes).unwrap();
        path
    }

    /// Puts bytes onto a connection, and answers where they are.
    pub(crate) async fn put(&self, place: &Location, bytes: &[u8]) {
        let name = format!("outgoing-{}/{}", RunId::fresh(), place.path.name());
        self.write(&name, bytes);
        let request = waybill_desk::SendRequest {
            sources: vec![self.local(&name)],
            to: Location { connection: place.connection, path: place.path.parent().unwrap() },
            options: waybill_model::TransferOptions {
                conflict: waybill_model::ConflictRule::Overwrite,
                ..Default::default()
            },
            origin: waybill_desk::Origin::Command,
            title: String::new(),
        };
        let run = self.desk.send(request).await.unwrap();
        let ended = self.over(run).await;
        assert_eq!((ended.matched, ended.files), (1, 1), "{:?}", self.rows(run).await);
    }

    /// Waits until nothing of a run will go on by itself.
    pub(crate) async fn over(&self, run: RunId) -> RunRow {
        for _ in 0..3_000 {
            let row = self.desk.run(run).await.unwrap();
            if row.is_over() || row.walked && row.attention > 0 {
                return row;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the run never ended: {:?}", self.rows(run).await);
    }

    pub(crate) async fn rows(&self, run: RunId) -> Vec<TransferRow> {
        let filter = Filter { run: Some(run), ..Filter::default() };
        self.desk.transfers(filter, None, 500).await.unwrap().rows
    }
}
