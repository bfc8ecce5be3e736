use std::sync::Arc;

use waybill_engine::SystemClock;
use waybill_vault::Vaults;

use super::*;
use crate::{HistorySettings, Paths, assemble};

#[tokio::test]
async fn the_home_says_what_lies_in_it_and_a_copy_is_made_and_the_check_finds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Utf8PathBuf::from_path_buf(dir.path().join("home")).unwrap();
    let desk = assemble(Paths::new(&folder), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
    let before = desk.data_place().await.unwrap();
    let kinds = |place: &DataPlace| place.files.iter().map(|file| file.kind).collect::<Vec<_>>();
    assert!(kinds(&before).contains(&HomeFileKind::Database));
    assert!(!kinds(&before).contains(&HomeFileKind::Copy));
    assert!(before.space.is_some_and(|(free, total)| free > 0 && total >= free));
    desk.copy_database().await.unwrap();
    fs_err::write(folder.join("waybill.db.damaged-7"), "x").unwrap();
    let after = desk.data_place().await.unwrap();
    assert!(kinds(&after).contains(&HomeFileKind::Copy));
    assert!(kinds(&after).contains(&HomeFileKind::Damaged));
    assert!(desk.check_database().await.unwrap().is_empty());
}

#[tokio::test]
async fn history_is_kept_for_ever_until_somebody_says_how_long() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
    let desk = assemble(Paths::new(&folder), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
    assert_eq!(desk.settings().history.keep_days, None);
    assert_eq!(desk.prune_history().await.unwrap(), 0);
    desk.set_settings(HistorySettings { keep_days: Some(30) }).await.unwrap();
    assert_eq!(desk.prune_history().await.unwrap(), 0);
}
