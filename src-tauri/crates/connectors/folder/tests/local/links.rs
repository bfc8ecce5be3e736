//! Symbolic links: followed inside the root, never out of it.

use std::os::unix::fs::symlink;

use rstest::rstest;
use waybill_connector::EntryKind;
use waybill_model::{FailureKind, RemotePath};

use super::{Local, entries, read, stat, write};

/// Where a link to the outside could stand on the way to a file.
#[rstest]
#[case::the_file_itself("secret-link")]
#[case::a_folder_above("out/secret")]
#[case::a_relative_folder_above("up/secret")]
#[case::a_link_to_a_link("twice/secret")]
#[tokio::test]
async fn a_link_out_of_the_root_is_not_read(#[case] path: &str) {
    let local = Local::new();
    let secret = local.dir.path().join("secret");
    fs_err::write(&secret, "outside").unwrap();
    symlink(&secret, local.native("secret-link")).unwrap();
    symlink(local.dir.path(), local.native("out")).unwrap();
    symlink("..", local.native("up")).unwrap();
    symlink("up", local.native("twice")).unwrap();
    let error = read(local.connector.as_ref(), path).await.unwrap_err();
    assert!(matches!(error.kind, FailureKind::Denied | FailureKind::Invalid), "{error}");
    assert!(error.to_string().contains("link"), "the message says what is wrong: {error}");
}

#[tokio::test]
async fn nothing_is_written_or_removed_through_a_link_out_of_the_root() {
    let local = Local::new();
    fs_err::write(local.dir.path().join("kept"), "outside").unwrap();
    symlink(local.dir.path(), local.native("out")).unwrap();
    symlink("..", local.native("up")).unwrap();
    let connector = local.connector.as_ref();
    for folder in ["out", "up"] {
        let kept = RemotePath::new(format!("{folder}/kept"));
        let written = write(connector, &format!("{folder}/new"), b"x", true).await;
        assert_eq!(written.unwrap_err().kind, FailureKind::Denied, "a file in {folder}");
        let made = connector.create_folder().unwrap().create_folder(&RemotePath::new(format!("{folder}/a/b"))).await;
        assert_eq!(made.unwrap_err().kind, FailureKind::Denied, "a folder in {folder}");
        let removed = connector.delete().unwrap().delete(&kept).await;
        assert_eq!(removed.unwrap_err().kind, FailureKind::Denied, "removing in {folder}");
        let moved = connector.rename().unwrap().rename(&kept, &RemotePath::new("/mine"), false).await;
        assert_eq!(moved.unwrap_err().kind, FailureKind::Denied, "moving out of {folder}");
    }
    let mut outside: Vec<_> = fs_err::read_dir(local.dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    outside.sort();
    assert_eq!(outside, ["in", "kept"]);
}

#[tokio::test]
async fn links_that_stay_inside_are_followed_relative_and_absolute() {
    let local = Local::new();
    local.put("a/x", b"inside");
    symlink("a/x", local.native("relative")).unwrap();
    symlink(local.native("a/x"), local.native("absolute")).unwrap();
    symlink(local.native("a"), local.native("folder")).unwrap();
    let connector = local.connector.as_ref();
    for path in ["relative", "absolute", "folder/x"] {
        assert_eq!(read(connector, path).await.unwrap(), b"inside", "{path}");
        let entry = stat(connector, path).await.unwrap();
        assert_eq!((entry.kind, entry.size), (EntryKind::File, 6), "{path}");
    }
    write(connector, "folder/y", b"written", false).await.unwrap();
    assert_eq!(fs_err::read(local.native("a/y")).unwrap(), b"written");
}

#[tokio::test]
async fn links_that_cannot_be_followed_are_shown_and_not_read() {
    let local = Local::new();
    symlink("nothing", local.native("dangling")).unwrap();
    symlink(local.native("nothing"), local.native("dangling-absolute")).unwrap();
    symlink("circle", local.native("circle")).unwrap();
    symlink(local.native("circle-absolute"), local.native("circle-absolute")).unwrap();
    symlink("/etc/hostname", local.native("out")).unwrap();
    let connector = local.connector.as_ref();
    let listed: Vec<_> = entries(connector, "/").await.into_iter().map(|e| (e.name, e.kind, e.size)).collect();
    let expected = ["circle", "circle-absolute", "dangling", "dangling-absolute", "out"];
    assert_eq!(listed, expected.map(|name| (name.to_owned(), EntryKind::Other, 0)));
    for name in expected {
        assert_eq!(stat(connector, name).await.unwrap().kind, EntryKind::Other, "{name}");
        let error = read(connector, name).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid, "{name}: {error}");
        assert!(error.to_string().contains("symbolic link"), "{error}");
    }
}

#[tokio::test]
async fn walking_folders_ends_though_links_lead_back() {
    let local = Local::new();
    local.put("a/x", b"x");
    local.put("b/y", b"y");
    symlink("..", local.native("a/up")).unwrap();
    symlink(".", local.native("a/here")).unwrap();
    symlink("../b", local.native("a/other")).unwrap();
    symlink("../a", local.native("b/other")).unwrap();
    let (mut folders, mut files) = (vec![RemotePath::root()], Vec::new());
    while let Some(folder) = folders.pop() {
        assert!(folder.as_str().len() < 200, "it goes round in circles: {folder}");
        for entry in entries(local.connector.as_ref(), folder.as_str()).await {
            match entry.kind {
                EntryKind::Folder => folders.push(entry.path),
                EntryKind::File => files.push(entry.path.as_str().to_owned()),
                EntryKind::Other => {}
            }
        }
    }
    files.sort();
    assert_eq!(files, ["/a/other/y", "/a/x", "/b/other/x", "/b/y"]);
}

#[tokio::test]
async fn a_link_is_removed_and_replaced_itself_and_never_what_it_leads_to() {
    let local = Local::new();
    local.put("kept", b"kept");
    let connector = local.connector.as_ref();
    symlink("kept", local.native("link")).unwrap();
    let refused = write(connector, "link", b"new", false).await;
    assert_eq!(refused.unwrap_err().kind, FailureKind::AlreadyExists);
    write(connector, "link", b"new", true).await.unwrap();
    assert_eq!(read(connector, "link").await.unwrap(), b"new");
    assert!(!local.native("link").is_symlink());
    fs_err::remove_file(local.native("link")).unwrap();
    symlink("kept", local.native("link")).unwrap();
    connector.delete().unwrap().delete(&RemotePath::new("link")).await.unwrap();
    assert!(!local.native("link").is_symlink());
    assert_eq!(read(connector, "kept").await.unwrap(), b"kept");
}

#[tokio::test]
async fn a_root_that_is_itself_a_link_works() {
    let local = Local::new();
    local.put("x", b"x");
    symlink(local.native(""), local.dir.path().join("alias")).unwrap();
    let connector = super::connect(local.dir.path().join("alias").to_str().unwrap());
    assert_eq!(read(connector.as_ref(), "x").await.unwrap(), b"x");
    symlink(local.native("x"), local.native("absolute")).unwrap();
    assert_eq!(read(connector.as_ref(), "absolute").await.unwrap(), b"x");
}
