//! Looking into folders.

use std::collections::BTreeSet;

use waybill_model::{FailureKind, RemotePath};

use super::{
    Scene,
    case::{Ending, cases, ensure, ensure_eq},
    scene::sample,
};
use crate::{EntryKind, PageRequest};

cases![List:
    an_empty_folder_has_no_entries,
    nothing_there_is_no_entry,
    a_folder_that_is_not_there_is_empty_or_not_found,
    an_entry_says_what_it_is,
    only_direct_entries_are_listed,
    a_name_that_begins_like_the_folder_is_not_in_it,
    listing_2500_entries_by_pages_of_1000_gives_each_once,
    pages_of_one_and_of_the_exact_count_end,
    files_and_folders_share_the_pages,
    a_file_that_is_replaced_has_another_stamp,
];

async fn an_empty_folder_has_no_entries(scene: &Scene) -> Ending {
    ensure_eq!(scene.all_entries(&scene.base, 1000).await?, vec![], "the entries of an empty folder");
    Ok(())
}

async fn nothing_there_is_no_entry(scene: &Scene) -> Ending {
    ensure_eq!(scene.list()?.stat(&scene.path("nothing")).await?, None, "what is not there");
    let deep = scene.path("no").join("such").join("folder");
    ensure_eq!(scene.list()?.stat(&deep).await?, None, "what lies in no folder");
    Ok(())
}

async fn a_folder_that_is_not_there_is_empty_or_not_found(scene: &Scene) -> Ending {
    match scene.list()?.list(&scene.path("nowhere"), PageRequest::default()).await {
        Ok(page) => ensure!(page.entries.is_empty() && page.next.is_none(), "entries in no folder: {page:?}"),
        Err(error) => {
            ensure_eq!(error.kind, FailureKind::NotFound, "the error of a folder that is not there");
        }
    }
    Ok(())
}

async fn an_entry_says_what_it_is(scene: &Scene) -> Ending {
    let path = scene.path("folder").join("report.pdf");
    scene.lay(&path, &sample(1, 1234)).await?;
    let listed = scene.all_entries(&scene.path("folder"), 1000).await?;
    ensure_eq!(listed.len(), 1, "entries of a folder with one file");
    let entry = &listed[0];
    ensure_eq!((entry.kind, entry.size), (EntryKind::File, 1234), "what the file is");
    ensure_eq!((&entry.path, entry.name.as_str()), (&path, "report.pdf"), "where it is");
    ensure!(entry.addressable, "a plain name cannot be addressed");
    let found = scene.list()?.stat(&path).await?;
    ensure_eq!(found.as_ref().map(crate::Entry::stamp), Some(entry.stamp()), "the stamps of listing and asking");
    let folder = scene.list()?.stat(&scene.path("folder")).await?;
    ensure_eq!(folder.map(|entry| (entry.kind, entry.size)), Some((EntryKind::Folder, 0)), "what the folder is");
    let root = scene.list()?.stat(&scene.base).await?;
    ensure_eq!(root.map(|entry| entry.kind), Some(EntryKind::Folder), "what the base folder is");
    Ok(())
}

async fn only_direct_entries_are_listed(scene: &Scene) -> Ending {
    for name in ["a.txt", "in/b.txt", "in/deeper/c.txt"] {
        scene.lay(&scene.path(name), b"x").await?;
    }
    let mut top: Vec<_> = scene.all_entries(&scene.base, 1000).await?.into_iter().map(|e| (e.name, e.kind)).collect();
    top.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = vec![("a.txt".to_owned(), EntryKind::File), ("in".to_owned(), EntryKind::Folder)];
    ensure_eq!(top, expected, "the entries at the top");
    let inside: BTreeSet<_> = scene.all_entries(&scene.path("in"), 1000).await?.into_iter().map(|e| e.path).collect();
    let expected = BTreeSet::from([scene.path("in/b.txt"), scene.path("in/deeper")]);
    ensure_eq!(inside, expected, "the entries one level down");
    Ok(())
}

async fn a_name_that_begins_like_the_folder_is_not_in_it(scene: &Scene) -> Ending {
    for name in ["in/a", "in-box/b", "in.txt", "inn/c"] {
        scene.lay(&scene.path(name), b"x").await?;
    }
    let found: Vec<_> = scene.all_entries(&scene.path("in"), 1000).await?.into_iter().map(|e| e.path).collect();
    ensure_eq!(found, vec![scene.path("in/a")], "the entries of `in`");
    Ok(())
}

/// Lays `count` empty files, some at once, with names whose order differs by bytes and by letters.
async fn lay_many(scene: &Scene, folder: &RemotePath, count: usize) -> Ending<BTreeSet<RemotePath>> {
    let paths: Vec<_> = (0..count).map(|n| folder.join(&format!("{} %{n:04}+é.txt", ["a", "B", "ü"][n % 3]))).collect();
    let at_once = scene.connector.descriptor().limits.parallel_small_files.clamp(1, 16);
    for some in paths.chunks(at_once as usize) {
        for result in futures::future::join_all(some.iter().map(|path| scene.lay(path, b""))).await {
            result?;
        }
    }
    Ok(paths.into_iter().collect())
}

async fn listing_2500_entries_by_pages_of_1000_gives_each_once(scene: &Scene) -> Ending {
    let folder = scene.path("many");
    let expected = lay_many(scene, &folder, 2500).await?;
    let listed = scene.all_entries(&folder, 1000).await?;
    let found: BTreeSet<_> = listed.iter().map(|entry| entry.path.clone()).collect();
    ensure_eq!((listed.len(), found.len()), (2500, 2500), "entries and different entries over all pages");
    ensure!(found == expected, "{} names came back otherwise", found.difference(&expected).count());
    Ok(())
}

async fn pages_of_one_and_of_the_exact_count_end(scene: &Scene) -> Ending {
    let folder = scene.path("few");
    let expected = lay_many(scene, &folder, 6).await?;
    for limit in [1, 2, 3, 5, 6, 7] {
        let listed: Vec<_> = scene.all_entries(&folder, limit).await?.into_iter().map(|entry| entry.path).collect();
        ensure_eq!(listed.len(), 6, "entries by pages of {limit}");
        ensure_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected, "names by pages of {limit}");
    }
    Ok(())
}

async fn files_and_folders_share_the_pages(scene: &Scene) -> Ending {
    let folder = scene.path("mixed");
    let mut expected = BTreeSet::new();
    for n in 0..5 {
        scene.lay(&folder.join(&format!("file-{n}")), b"x").await?;
        scene.lay(&folder.join(&format!("folder-{n}/a")), b"x").await?;
        scene.lay(&folder.join(&format!("folder-{n}/b")), b"x").await?;
        expected.extend([format!("file-{n}"), format!("folder-{n}")]);
    }
    for limit in [1, 2, 3, 4, 10] {
        let listed: Vec<_> = scene.all_entries(&folder, limit).await?.into_iter().map(|entry| entry.name).collect();
        ensure_eq!(listed.len(), 10, "entries by pages of {limit}");
        ensure_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected, "names by pages of {limit}");
    }
    Ok(())
}

async fn a_file_that_is_replaced_has_another_stamp(scene: &Scene) -> Ending {
    let path = scene.path("x");
    scene.lay(&path, b"first").await?;
    let before = scene.list()?.stat(&path).await?.map(|entry| entry.stamp());
    scene.lay(&path, b"second, longer").await?;
    let after = scene.list()?.stat(&path).await?.map(|entry| entry.stamp());
    ensure!(before.is_some() && after.is_some(), "the file has no entry");
    ensure!(before != after, "both revisions have the stamp {after:?}");
    Ok(())
}
