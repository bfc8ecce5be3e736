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
