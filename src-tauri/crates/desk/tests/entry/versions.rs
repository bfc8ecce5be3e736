//! Earlier versions: fetched, restored and taken back, removed.

use tokio_util::sync::CancellationToken;
use waybill_desk::{DeskError, Preview};
use waybill_model::{Evidence, FailureKind, Stamp};

use crate::home::Home;

#[tokio::test]
async fn an_earlier_version_is_fetched_with_its_own_bytes_small_and_large() {
    let home = Home::new().await;
    for (name, size) in [("small.txt", 2_000), ("large.bin", 20 << 20)] {
        let place = home.s3(&format!("/in/{name}")).await;
        let first = vec![1; size];
        home.put(&place, &first).await;
        home.put(&place, &vec![2; size + 7]).await;
        let versions = home.desk.entry_versions(&place).await.unwrap();
        assert_eq!(versions.len(), 2);
        assert!(versions[0].latest && versions[0].size == size as u64 + 7);
        fs_err::create_dir_all(home.path("down")).unwrap();
        let run =
            home.desk.download_version(&place, &versions[1], &home.local("down"), "one".to_owned()).await.unwrap();
        let ended = home.over(run).await;
        let rows = home.rows(run).await;
        assert_eq!((ended.done, rows[0].evidence), (1, Evidence::Matched), "{rows:?}");
        assert!(fs_err::read(home.path("down").join(name)).unwrap() == first, "the bytes of that version and no other");
    }
}

#[tokio::test]
async fn a_version_that_is_gone_by_then_is_not_replaced_by_another() {
    let home = Home::resting().await;
    let place = home.s3("/in/a.txt").await;
    home.desk.try_start_engine().await.unwrap();
    home.put(&place, b"first").await;
    home.put(&place, b"other").await;
    let versions = home.desk.entry_versions(&place).await.unwrap();
    home.desk.stop_engine().await;
    let run = home.desk.download_version(&place, &versions[1], &home.local("down"), String::new()).await.unwrap();
    home.desk.delete_version(&place, &versions[1].id).await.unwrap();
    home.desk.try_start_engine().await.unwrap();
    let ended = home.over(run).await;
    assert_eq!((ended.failed, ended.done), (1, 0));
    assert!(!home.path("down/a.txt").exists(), "the bytes of the other version never take its name");
}

#[tokio::test]
async fn a_version_is_restored_as_a_new_one_and_taken_back() {
    let home = Home::new().await;
    let place = home.s3("/in/a.txt").await;
    home.put(&place, b"first").await;
    home.put(&place, b"second").await;
    let before = home.desk.entry_versions(&place).await.unwrap();
    let restored = home.desk.restore_version(&place, &before[1].id).await.unwrap();
    let made = restored.made.unwrap();
    let now = home.desk.entry_versions(&place).await.unwrap();
    assert_eq!((now.len(), now[0].size, now[0].id.as_str()), (3, 5, made.as_str()));
    home.desk.undo_restore(&place, &made).await.unwrap();
    assert_eq!(home.desk.entry_versions(&place).await.unwrap(), before);
}

#[tokio::test]
async fn a_restored_version_is_not_taken_back_once_something_newer_is_there() {
    let home = Home::new().await;
    let place = home.s3("/in/a.txt").await;
    home.put(&place, b"first").await;
    home.put(&place, b"second").await;
    let before = home.desk.entry_versions(&place).await.unwrap();
    let made = home.desk.restore_version(&place, &before[1].id).await.unwrap().made.unwrap();
    home.put(&place, b"newest").await;
    let refused = home.desk.undo_restore(&place, &made).await.unwrap_err();
    assert!(matches!(&refused, DeskError::Connector(error) if error.kind == FailureKind::Changed), "{refused}");
    assert_eq!(home.desk.entry_versions(&place).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_deleted_file_comes_back_when_its_mark_is_removed() {
    let home = Home::new().await;
    let place = home.s3("/in/a.txt").await;
    home.put(&place, b"first").await;
    fs_err::create_dir_all(home.path("nothing")).unwrap();
    crate::compare::remove_all_there(&home, home.local("nothing"), home.s3("/in").await).await;
    let versions = home.desk.entry_versions(&place).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.deleted).collect::<Vec<_>>(), [true, false]);
    home.desk.delete_version(&place, &versions[0].id).await.unwrap();
    let stamp = Stamp { size: 5, version: Some(versions[1].id.clone()), ..Stamp::default() };
    let seen = home.desk.preview(&place, &stamp, &CancellationToken::new()).await.unwrap();
    assert!(matches!(seen, Preview::Text(text) if text.text == "first"));
    assert!(home.desk.entry_versions(&place).await.unwrap()[0].latest);
}

#[tokio::test]
async fn a_version_under_retention_stays_and_says_why() {
    let home = Home::new().await;
    let place = home.s3("/in/a.txt").await;
    home.put(&place, b"first").await;
    home.desk.set_legal_hold(&place, None, true).await.unwrap();
    let id = home.desk.entry_versions(&place).await.unwrap()[0].id.clone();
    let refused = home.desk.delete_version(&place, &id).await.unwrap_err();
    assert!(matches!(&refused, DeskError::Connector(error) if error.kind == FailureKind::Held), "{refused}");
}
