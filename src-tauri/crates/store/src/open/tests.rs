use camino::Utf8PathBuf;
use waybill_model::Millis;

use super::*;
use crate::Store;

const NOW: Millis = Millis(4_000_000_000_000);

fn home() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().join("waybill.db")).unwrap();
    (dir, path)
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let (_dir, path) = home();
    drop(open(&path, NOW).unwrap());
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", u32::try_from(SCHEMA_VERSION + 1).unwrap()).unwrap();
    drop(connection);
    let refused = open(&path, NOW).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { .. }), "{refused}");
    let connection = Connection::open(&path).unwrap();
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version as usize, SCHEMA_VERSION + 1);
}

#[tokio::test]
async fn a_home_of_an_earlier_schema_is_copied_and_brought_up_to_date() {
    let (_dir, path) = home();
    let mut connection = Connection::open(&path).unwrap();
    Migrations::from_slice(&MIGRATIONS[..1]).to_latest(&mut connection).unwrap();
    connection.execute("INSERT INTO home (key, value) VALUES ('remembered', 'yes')", []).unwrap();
    drop(connection);
    let (store, opened) = Store::open(&path, NOW).unwrap();
    assert!(opened.copied_to.unwrap().exists(), "what it was before is kept");
    assert_eq!(store.setting("remembered").await.unwrap().as_deref(), Some("yes"));
    drop(store);
    assert_eq!(open(&path, NOW).unwrap().1.copied_to, None, "it is up to date now");
}

#[tokio::test]
async fn a_damaged_file_is_kept_aside_and_its_copy_takes_its_place() {
    let (_dir, path) = home();
    let (store, _) = Store::open(&path, NOW).unwrap();
    store.set_setting("remembered", "yes".to_owned()).await.unwrap();
    drop(store);
    // The second opening makes the copy.
    drop(open(&path, NOW).unwrap());
    fs_err::write(&path, b"this is no database at all, however long the text may be").unwrap();
    for suffix in ["-wal", "-shm"] {
        drop(fs_err::remove_file(format!("{path}{suffix}")));
    }
    let (store, opened) = Store::open(&path, NOW).unwrap();
    let damaged = opened.damaged.unwrap();
    assert!(damaged.restored);
    assert!(fs_err::read(&damaged.kept_at).unwrap().starts_with(b"this is no database"));
    assert_eq!(store.setting("remembered").await.unwrap().as_deref(), Some("yes"));
}

/// A home whose database is damaged and has a good copy.
fn damaged_home() -> (tempfile::TempDir, Utf8PathBuf) {
    let (dir, path) = home();
    let (connection, _) = open(&path, NOW).unwrap();
    connection.execute("INSERT INTO home (key, value) VALUES ('remembered', 'yes')", []).unwrap();
    drop(connection);
    // The second opening makes the copy.
    drop(open(&path, NOW).unwrap());
    fs_err::write(&path, b"this is no database at all, however long the text may be").unwrap();
    for suffix in ["-wal", "-shm"] {
        drop(fs_err::remove_file(format!("{path}{suffix}")));
    }
    (dir, path)
}

fn remembers(connection: &Connection) -> bool {
    connection.query_row("SELECT value = 'yes' FROM home WHERE key = 'remembered'", [], |row| row.get(0)).unwrap()
}

#[test]
fn of_two_programs_that_meet_a_damaged_file_one_mends_it_and_both_go_on() {
    for _ in 0..20 {
        let (dir, path) = damaged_home();
        let together = std::sync::Barrier::new(4);
        let opened: Vec<Opened> = std::thread::scope(|scope| {
            let open_one = || {
                together.wait();
                let (connection, opened) = open(&path, NOW).unwrap();
                assert!(remembers(&connection), "what the copy holds is there for everybody");
                opened
            };
            let all: Vec<_> = (0..4).map(|_| scope.spawn(open_one)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let damaged: Vec<_> = opened.into_iter().filter_map(|opened| opened.damaged).collect();
        assert_eq!(damaged.len(), 1, "one of them found it");
        assert!(fs_err::read(&damaged[0].kept_at).unwrap().starts_with(b"this is no database"));
        let kept = fs_err::read_dir(dir.path())
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains(".damaged-"));
        assert_eq!(kept.count(), 1, "nothing else was set aside");
    }
}

#[test]
fn a_copy_that_was_not_put_in_place_before_the_program_died_is_put_there_by_the_next() {
    let (_dir, path) = damaged_home();
    // As it is between the two renames.
    let kept_at = Utf8PathBuf::from(format!("{path}.damaged-7"));
    fs_err::copy(copy_of(&path), format!("{path}.restoring")).unwrap();
    fs_err::rename(&path, &kept_at).unwrap();
    let (connection, opened) = open(&path, NOW).unwrap();
    assert!(remembers(&connection));
    assert_eq!(opened.damaged, Some(Damaged { kept_at, restored: true }), "and it is said");
    drop(connection);
    assert_eq!(open(&path, NOW).unwrap().1.damaged, None);
}

#[test]
fn a_copy_that_is_damaged_too_is_kept_and_the_desk_starts_empty() {
    let (_dir, path) = home();
    for damaged in [path.clone(), copy_of(&path)] {
        fs_err::write(damaged, b"no database, and long enough to be looked at as one that has a header").unwrap();
    }
    let (connection, opened) = open(&path, NOW).unwrap();
    let damaged = opened.damaged.unwrap();
    assert!(!damaged.restored, "nothing came back");
    assert!(damaged.kept_at.exists() && Utf8PathBuf::from(format!("{}.copy", damaged.kept_at)).exists());
    drop(connection);
    assert!(open(&path, NOW).unwrap().1.damaged.is_none(), "the next start finds all in order");
}

#[test]
fn damage_inside_the_file_is_found_at_the_start() {
    let (_dir, path) = home();
    drop(open(&path, NOW).unwrap());
    let mut bytes = fs_err::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0xA5);
    fs_err::write(&path, bytes).unwrap();
    let (_, opened) = open(&path, NOW).unwrap();
    assert!(!opened.damaged.unwrap().restored, "there was no copy yet");
}

#[test]
fn the_schema_is_the_committed_one() {
    let (_dir, path) = home();
    let (connection, _) = open(&path, NOW).unwrap();
    let mut statement = connection
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'transfer_search_%' ORDER BY type DESC, name")
        .unwrap();
    let parts: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    insta::assert_snapshot!("schema", parts.join(";\n\n"));
}
