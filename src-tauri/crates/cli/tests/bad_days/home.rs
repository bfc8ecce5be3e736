//! Homes that cannot be opened or written, and databases that are not as they were left.

use rusqlite::Connection;

use crate::{
    demo,
    support::{Home, noise},
};

fn database(home: &Home) -> camino::Utf8PathBuf {
    home.desk().join("waybill.db")
}

/// A home with a folder connection in it, opened twice so that there is a copy of its database.
fn used() -> Home {
    let home = Home::new();
    fs_err::create_dir(home.file("share")).unwrap();
    let root = format!("root={}", home.file("share"));
    home.run(&["connection", "add", "f", "--kind", "folder", "--set", &root]).expect_exit(0);
    home.run(&["connection", "list"]).expect_exit(0);
    home
}

#[test]
fn a_home_of_a_newer_version_is_refused_and_left_alone() {
    let home = used();
    let connection = Connection::open(database(&home)).unwrap();
    let own: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    home.run(&["connection", "list"]).expect_exit(1).says(&["newer version", "nothing was changed", "waybill.db"]);
    Connection::open(database(&home)).unwrap().pragma_update(None, "user_version", own).unwrap();
    assert!(home.run(&["connection", "list"]).expect_exit(0).stdout.contains("folder"), "nothing was changed");
}

#[test]
fn a_database_that_another_program_holds_is_named_and_nothing_is_lost() {
    let home = used();
    home.write("a.txt", b"a");
    let other = Connection::open(database(&home)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    home.run(&["send", "a.txt", "--to", "f:/"]).expect_exit(1).says(&["locked by another program", "nothing was lost"]);
    other.execute_batch("ROLLBACK").unwrap();
    home.run(&["send", "a.txt", "--to", "f:/"]).expect_exit(0);
}

#[test]
fn a_damaged_database_is_kept_aside_told_and_replaced_by_its_copy() {
    let home = used();
    home.write("a.txt", b"a");
    fs_err::write(database(&home), b"scratched, and long enough that nobody takes it for an empty file of a database")
        .unwrap();
    for suffix in ["-wal", "-shm"] {
        drop(fs_err::remove_file(format!("{}{suffix}", database(&home))));
    }
    home.run(&["send", "a.txt", "--to", "f:/"]).expect_exit(0).says(&["damaged", "copy", "kept as"]);
    let kept = fs_err::read_dir(home.desk()).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    assert_eq!(kept.filter(|name| name.contains(".damaged-")).count(), 1);
    let questions: i64 = Connection::open(database(&home))
        .unwrap()
        .query_row(
            "SELECT count(*) FROM attention WHERE kind = 'database-restored' AND settled_at IS NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(questions, 1, "the window asks about it too");
    let again = home.run(&["connection", "list"]).expect_exit(0);
    assert!(again.stderr.is_empty(), "told once: {}", again.stderr);
}

#[test]
fn a_damaged_database_without_a_copy_leaves_an_empty_desk_that_says_so() {
    let home = used();
    for entry in fs_err::read_dir(home.desk()).unwrap() {
        fs_err::remove_file(entry.unwrap().path()).unwrap();
    }
    fs_err::write(database(&home), b"scratched, and long enough that nobody takes it for an empty file of a database")
        .unwrap();
    let listed = home.run(&["connection", "list"]).expect_exit(0).says(&["damaged", "no copy", "added again"]);
    assert!(listed.stdout.is_empty());
}

#[test]
fn a_home_that_is_a_file_is_named() {
    let home = Home::new();
    fs_err::write(home.desk(), b"not a folder").unwrap();
    home.run(&["connection", "list"]).expect_exit(1).says(&[home.desk().as_str()]);
    assert_eq!(fs_err::read(home.desk()).unwrap(), b"not a folder");
}

#[test]
fn a_home_that_is_read_only_is_named_with_who_can_change_that() {
    let home = used();
    let shut = "mount --bind desk desk && mount -o remount,ro,bind desk && waybill connection list && waybill send desk/waybill.db --to f:/";
    let Some(ended) = home.run_mounted(shut) else { return };
    ended.expect_exit(1).says(&["cannot be written", "owner", "desk"]);
    home.run(&["connection", "list"]).expect_exit(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_under_the_database_loses_nothing() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for n in 0..300 {
        home.write(&format!("in/{n}"), &noise(n, 100));
    }
    let script = "mkdir kept && cp -a desk/. kept/ && mount -t tmpfs -o size=3m none desk && cp -a kept/. desk/
        head -c 3000000 /dev/zero > desk/ballast 2> /dev/null
        waybill send in --to demo-s3:/f > /dev/null; echo \"exit $?\" >&2
        rm desk/ballast; mount -o remount,size=30m desk
        waybill run > /dev/null || exit 8
        waybill send in --to demo-s3:/f --conflict skip > /dev/null || exit 9
        waybill --json transfers";
    let Some(ended) = home.run_mounted(script) else { return };
    let ended = ended.expect_exit(0).says(&["exit 1", "full", "free some space"]);
    assert!(ended.objects().iter().all(|row| row["state"] == "done"), "{}", ended.stderr);
    assert_eq!(home.run(&["--json", "ls", "demo-s3:/f/in"]).expect_exit(0).objects().len(), 300);
}
