//! Files, folders and names, by the draft and by the extensions of OpenSSH.

use russh_sftp::protocol::{FileAttributes, OpenFlags, Packet, StatusCode};
use waybill_standins::sftp::Quirks;

use crate::client::{code, pattern, session, started, string};

#[tokio::test]
async fn what_was_written_comes_back_and_is_in_the_folder() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let bytes = pattern(300_001);
    session.put("/a.bin", &bytes).await.unwrap();
    assert_eq!(session.get("a.bin").await.unwrap(), bytes);
    assert_eq!(fs_err::read(standin.root().join("a.bin")).unwrap(), bytes);
    assert_eq!(session.stat("/a.bin").await.unwrap().attrs.size, Some(300_001));
}

#[tokio::test]
async fn open_flags_mean_what_the_draft_says() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let exclusive = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE;
    assert_eq!(code(&session.open_as("/new", OpenFlags::WRITE).await), StatusCode::NoSuchFile);
    session.close(session.open_as("/new", exclusive).await.unwrap()).await.unwrap();
    assert_eq!(code(&session.open_as("/new", exclusive).await), StatusCode::Failure, "it is there by now");
    let without_write = OpenFlags::CREATE | OpenFlags::EXCLUDE;
    assert_eq!(code(&session.open_as("/new", without_write).await), StatusCode::Failure);
    session.open_as("/empty", without_write).await.unwrap();
    assert_eq!(session.stat("/empty").await.unwrap().attrs.size, Some(0));

    session.put("/log", b"first").await.unwrap();
    let handle = session.open_as("/log", OpenFlags::APPEND).await.unwrap();
    session.write(handle.clone(), 0, b", second".to_vec()).await.unwrap();
    session.close(handle).await.unwrap();
    assert_eq!(session.get("/log").await.unwrap(), b"first, second");

    let handle = session.open_as("/log", OpenFlags::READ).await.unwrap();
    assert_eq!(code(&session.write(handle, 0, b"x".to_vec()).await), StatusCode::PermissionDenied);
    assert_eq!(code(&session.open_as("/", OpenFlags::READ).await), StatusCode::Failure, "a folder is not read");
}

#[tokio::test]
async fn the_plain_rename_leaves_alone_what_is_there_and_the_other_replaces_it() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    session.put("/old", b"old").await.unwrap();
    session.put("/new", b"new").await.unwrap();
    assert_eq!(code(&session.rename("/new", "/old").await), StatusCode::Failure);
    assert_eq!(session.get("/old").await.unwrap(), b"old");
    session.rename("/new", "/third").await.unwrap();
    assert_eq!(code(&session.stat("/new").await), StatusCode::NoSuchFile);

    assert_eq!(session.posix_rename("/third", "/old").await, StatusCode::Ok);
    assert_eq!(session.get("/old").await.unwrap(), b"new");
    session.mkdir("/folder", FileAttributes::empty()).await.unwrap();
    session.rename("/folder", "/moved").await.unwrap();
    assert_eq!(code(&session.rename("/moved", "/old").await), StatusCode::Failure);
    assert_eq!(code(&session.rename("/missing", "/x").await), StatusCode::NoSuchFile);
}

#[tokio::test]
async fn folders_are_made_listed_and_removed_when_they_are_empty() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    session.mkdir("/many", FileAttributes::empty()).await.unwrap();
    assert_eq!(code(&session.mkdir("/many", FileAttributes::empty()).await), StatusCode::Failure);
    for number in 0..250 {
        fs_err::write(standin.root().join(format!("many/{number}")), b"").unwrap();
    }
    let handle = session.opendir("/many").await.unwrap().handle;
    let mut names = Vec::new();
    let mut pages = 0;
    while let Ok(page) = session.readdir(handle.clone()).await {
        pages += 1;
        names.extend(page.files.into_iter().map(|file| file.filename));
    }
    assert!(pages >= 3, "252 names come in several pages, not in {pages}");
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 252, "each once, with `.` and `..`");
    assert_eq!(code(&session.rmdir("/many").await), StatusCode::Failure);
    for number in 0..250 {
        session.remove(format!("/many/{number}")).await.unwrap();
    }
    session.rmdir("/many").await.unwrap();
    assert_eq!(code(&session.opendir("/many").await), StatusCode::NoSuchFile);
    assert_eq!(code(&session.remove("/many").await), StatusCode::NoSuchFile);
}

#[tokio::test]
async fn times_and_modes_are_kept_as_they_were_set() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    session.put("/kept", &pattern(100)).await.unwrap();
    let mut wanted = FileAttributes::empty();
    wanted.mtime = Some(1_000_000_000);
    wanted.atime = Some(1_000_000_001);
    wanted.permissions = Some(0o640);
    session.setstat("/kept", wanted.clone()).await.unwrap();
    let found = session.stat("/kept").await.unwrap().attrs;
    assert_eq!((found.mtime, found.permissions), (Some(1_000_000_000), Some(0o100_640)));

    let mut shorter = FileAttributes::empty();
    shorter.size = Some(10);
    let handle = session.open_as("/kept", OpenFlags::WRITE).await.unwrap();
    session.fsetstat(handle.clone(), shorter).await.unwrap();
    assert_eq!(session.fstat(handle).await.unwrap().attrs.size, Some(10));
}

#[tokio::test]
async fn no_name_and_no_link_leads_out_of_the_folder() {
    let standin = started(Quirks::default()).await;
    let session = session(&standin).await;
    let outside = standin.root().parent().unwrap().join("secret");
    fs_err::write(&outside, "outside").unwrap();
    std::os::unix::fs::symlink(&outside, standin.root().join("absolute")).unwrap();
    std::os::unix::fs::symlink("../secret", standin.root().join("climbs")).unwrap();
    std::os::unix::fs::symlink("..", standin.root().join("up")).unwrap();
    for name in ["../secret", "/../secret", "a/../../secret", "absolute", "climbs", "up/secret"] {
        assert_eq!(code(&session.get(name).await), StatusCode::NoSuchFile, "{name}");
    }
    session.put("up/fresh", b"inside").await.unwrap();
    assert_eq!(fs_err::read(standin.root().join("fresh")).unwrap(), b"inside");
    assert_eq!(session.realpath("up/../..").await.unwrap().files[0].filename, "/");
    // OpenSSH has the two names the other way round than the library calls them.
    assert_eq!(code(&session.symlink("../secret", "/link").await), StatusCode::PermissionDenied);
    session.symlink("fresh", "/link").await.unwrap();
    assert_eq!(session.readlink("/link").await.unwrap().files[0].filename, "fresh");
    assert_eq!(session.get("/link").await.unwrap(), b"inside");
}

#[tokio::test]
async fn the_extensions_of_openssh_do_what_they_do_there() {
    let standin = started(Quirks { quota: Some(1 << 20), ..Quirks::default() }).await;
    let session = session(&standin).await;
    session.put("/one", &pattern(5000)).await.unwrap();
    session.hardlink("/one", "/two").await.unwrap();
    assert_eq!(session.get("/two").await.unwrap(), pattern(5000));
    let space = session.statvfs("/").await.unwrap();
    assert_eq!(space.blocks * space.fragment_size, 1 << 20, "the quota is the size of the disk");
    let limits = session.limits().await.unwrap();
    assert_eq!((limits.max_packet_len, limits.max_read_len, limits.max_write_len), (262_144, 261_120, 261_120));
    assert_eq!(session.expand_path("~/x").await.unwrap().files[0].filename, "/x");

    let from = session.open_as("/one", OpenFlags::READ).await.unwrap();
    let to = session.open_as("/three", OpenFlags::WRITE | OpenFlags::CREATE).await.unwrap();
    session.fsync(to.clone()).await.unwrap();
    let mut copy = string(from.as_bytes());
    copy.extend([10_u64, 0].iter().flat_map(|number| number.to_be_bytes()));
    copy.extend(string(to.as_bytes()));
    copy.extend(0_u64.to_be_bytes());
    assert!(matches!(session.extended("copy-data", copy).await, Ok(Packet::Status(_))));
    assert_eq!(session.get("/three").await.unwrap(), pattern(5000)[10..]);
}
