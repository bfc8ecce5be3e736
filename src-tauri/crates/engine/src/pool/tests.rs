use async_trait::async_trait;
use waybill_model::{Failure, Location, RemotePath, Side, Stamp, State, TransferId, TransferOptions};
use waybill_store::{EntryType, NewConnection, NewRoot, NewRun, NewTransfer, Origin};

use super::*;
use crate::SystemClock;

#[derive(Debug)]
struct Nowhere;

#[async_trait]
impl Connections for Nowhere {
    async fn open(&self, _id: ConnectionId) -> Result<OpenConnection> {
        Err(ConnectorError::unsupported("open", "there is nothing to open"))
    }

    async fn revision(&self, _id: ConnectionId) -> Result<u64> {
        Ok(0)
    }
}

/// A home with one connection and a transfer to it that failed because nobody answered.
async fn failed_transfer(store: &Store) -> (ConnectionId, TransferId) {
    let (connection, run, id) = (ConnectionId::fresh(), RunId::fresh(), TransferId::fresh());
    let new = NewConnection {
        id: connection,
        name: "there".to_owned(),
        kind: "folder".to_owned(),
        settings: [].into(),
        secrets: [].into(),
    };
    store.add_connection(new, Millis(1), "tester".to_owned()).await.unwrap();
    let source = Location { connection: ConnectionId::LOCAL, path: RemotePath::new("/a") };
    let target = Location { connection, path: RemotePath::new("/a") };
    let roots = vec![NewRoot { source: source.clone(), target: target.clone() }];
    let options = TransferOptions::default();
    let new = NewRun { id: run, title: "run".to_owned(), origin: Origin::Command, options, roots };
    store.queue().start_run(new, Millis(1), "tester".to_owned()).await.unwrap();
    let failure = Failure {
        kind: FailureKind::Unreachable,
        side: Side::Destination,
        message: "no answer".to_owned(),
        code: None,
    };
    let stamp = Stamp::default();
    let transfer = NewTransfer { id, source, target, entry: EntryType::File, stamp, failure: Some(failure) };
    store.queue().enqueue(run, vec![transfer], Millis(1), "tester".to_owned()).await.unwrap();
    (connection, id)
}

#[tokio::test]
async fn a_failure_that_is_stored_after_the_connection_answered_again_is_revived_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = camino::Utf8PathBuf::from_path_buf(dir.path().join("waybill.db")).unwrap();
    let store = Store::open(&path, Millis(1)).unwrap().0;
    let (connection, id) = failed_transfer(&store).await;
    let pool = Pool::new(Arc::new(Nowhere), store.clone(), Arc::new(SystemClock));
    let state = async || store.queue().state(id).await.unwrap();
    pool.went_wrong(connection, &ConnectorError::new(FailureKind::Unreachable, "write", "no answer")).await;
    pool.failed_at_last(connection).await;
    assert_eq!(state().await, Some(State::Failed), "nobody has answered yet");
    // As another transfer does that got through before this failure was stored: its own reviving found nothing.
    pool.lock().entry(connection).or_default().health = Some(Health::Well);
    pool.failed_at_last(connection).await;
    assert_eq!(state().await, Some(State::Queued));
}
