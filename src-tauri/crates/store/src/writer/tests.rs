use camino::Utf8PathBuf;
use waybill_model::Millis;

use super::*;

fn store(dir: &tempfile::TempDir) -> (Store, Utf8PathBuf) {
    let path = Utf8PathBuf::from_path_buf(dir.path().join("waybill.db")).unwrap();
    (Store::open(&path, Millis(0)).unwrap().0, path)
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_busy_and_works_again_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    let (store, path) = store(&dir);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store.set_setting("a", "1".to_owned()).await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    other.execute_batch("ROLLBACK").unwrap();
    store.set_setting("a", "1".to_owned()).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_told_as_such_and_loses_nothing_that_was_stored() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = store(&dir);
    store.set_setting("kept", "x".to_owned()).await.unwrap();
    let cap = async |pages: i64| {
        store
            .write(move |tx| {
                Ok(tx.sql.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0))?)
            })
            .await
            .unwrap()
    };
    cap(1).await;
    let refused = store.set_setting("large", "x".repeat(1 << 20)).await;
    assert!(matches!(refused, Err(StoreError::Full)), "{refused:?}");
    cap(1_000_000).await;
    store.set_setting("large", "x".repeat(1 << 20)).await.unwrap();
    assert_eq!(store.setting("kept").await.unwrap().as_deref(), Some("x"));
}

#[tokio::test]
async fn what_another_process_writes_after_a_long_rest_is_heard() {
    let dir = tempfile::tempdir().unwrap();
    let (store, path) = store(&dir);
    store.set_setting("a", "1".to_owned()).await.unwrap();
    let other = Connection::open(&path).unwrap();
    for value in ["2", "3"] {
        // Long enough for the writer to look at the time of the file alone.
        tokio::time::sleep(SETTLED + LOOK_EVERY * 4).await;
        let mut topics = store.topics();
        other.execute("UPDATE home SET value = ?1 WHERE key = 'a'", [value]).unwrap();
        let heard = tokio::time::timeout(Duration::from_secs(10), topics.recv()).await;
        assert_eq!(heard.unwrap().unwrap(), Topics::ALL);
        assert_eq!(store.setting("a").await.unwrap().as_deref(), Some(value));
    }
}
