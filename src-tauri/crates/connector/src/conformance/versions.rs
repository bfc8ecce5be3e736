//! Earlier versions.

use waybill_model::{FailureKind, Stamp};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    scene::{drain, refused, sample},
};
use crate::{ObjectVersion, ReadOptions, Versions};

cases![Versions:
    versions_are_listed_newest_first,
    an_earlier_version_can_be_read,
    restoring_makes_a_new_latest_version,
    a_removed_version_is_gone_for_good,
    a_deleted_file_keeps_its_versions,
    versions_of_a_neighbour_are_not_listed,
];

fn ability(scene: &Scene) -> Ending<&dyn Versions> {
    scene.connector.versions().ok_or_else(|| Stop::NotApplicable("no versions".to_owned()))
}

/// Writes `x` twice, of 100 and 200 bytes, and lists its versions.
async fn two(scene: &Scene) -> Ending<Vec<ObjectVersion>> {
    scene.lay(&scene.path("x"), &sample(1, 100)).await?;
    scene.lay(&scene.path("x"), &sample(2, 200)).await?;
    let versions = ability(scene)?.versions(&scene.path("x")).await?;
    ensure_eq!(versions.iter().map(|v| v.size).collect::<Vec<_>>(), vec![200, 100], "the versions' sizes");
    Ok(versions)
}

async fn bytes_of(scene: &Scene, version: &ObjectVersion) -> Ending<Vec<u8>> {
    let stamp =
        Stamp { size: version.size, modified: version.modified, version: Some(version.id.clone()), ..Stamp::default() };
    let options = ReadOptions { range: None, stamp: Some(stamp) };
    Ok(drain(scene.read()?.read(&scene.path("x"), options).await?).await?)
}

async fn versions_are_listed_newest_first(scene: &Scene) -> Ending {
    let versions = two(scene).await?;
    ensure_eq!(versions.iter().map(|v| v.latest).collect::<Vec<_>>(), vec![true, false], "which one is the latest");
    ensure!(versions.iter().all(|v| !v.deleted && !v.id.is_empty()), "a version is deleted or has no id");
    ensure!(versions[0].id != versions[1].id, "both versions have one id");
    let falls =
        |numbers: (Option<u64>, Option<u64>)| numbers.0.is_none() == numbers.1.is_none() && numbers.0 >= numbers.1;
    ensure!(falls((versions[0].number, versions[1].number)), "the numbers do not fall: {versions:?}");
    Ok(())
}

async fn an_earlier_version_can_be_read(scene: &Scene) -> Ending {
    let versions = two(scene).await?;
    ensure!(bytes_of(scene, &versions[1]).await? == sample(1, 100), "the earlier version has other bytes");
    ensure!(bytes_of(scene, &versions[0]).await? == sample(2, 200), "the latest version has other bytes");
    Ok(())
}

async fn restoring_makes_a_new_latest_version(scene: &Scene) -> Ending {
    let versions = two(scene).await?;
    ability(scene)?.restore(&scene.path("x"), &versions[1].id).await?;
    scene.holds(&scene.path("x"), &sample(1, 100)).await?;
    let after = ability(scene)?.versions(&scene.path("x")).await?;
    ensure_eq!(after.iter().map(|v| v.size).collect::<Vec<_>>(), vec![100, 200, 100], "the versions' sizes");
    Ok(())
}

async fn a_removed_version_is_gone_for_good(scene: &Scene) -> Ending {
    let versions = two(scene).await?;
    let removed = ability(scene)?.delete_version(&scene.path("x"), &versions[0].id).await;
    if !ability(scene)?.removes_versions() {
        refused(removed, &[FailureKind::Unsupported], "removing a version where none can be removed")?;
        return scene.holds(&scene.path("x"), &sample(2, 200)).await;
    }
    removed?;
    scene.holds(&scene.path("x"), &sample(1, 100)).await?;
    let left = ability(scene)?.versions(&scene.path("x")).await?;
    ensure_eq!(left.into_iter().map(|v| v.id).collect::<Vec<_>>(), vec![versions[1].id.clone()], "what is left");
    match bytes_of(scene, &versions[0]).await {
        Err(Stop::Failed(_)) => Ok(()),
        other => Err(Stop::Failed(format!("a removed version was read: {:?}", other.map(|bytes| bytes.len())))),
    }
}

async fn a_deleted_file_keeps_its_versions(scene: &Scene) -> Ending {
    let versions = two(scene).await?;
    let Some(delete) = scene.connector.delete() else {
        super::case::not_applicable!("the connector cannot delete");
    };
    delete.delete(&scene.path("x")).await?;
    scene.is_free(&scene.path("x")).await?;
    let read = scene.read()?.read(&scene.path("x"), ReadOptions::default()).await;
    refused(read.map(drop), &[FailureKind::NotFound], "reading a deleted file")?;
    let after = ability(scene)?.versions(&scene.path("x")).await?;
    ensure!(after.first().is_some_and(|v| v.deleted && v.latest), "no mark says that it is deleted: {after:?}");
    ensure!(bytes_of(scene, &versions[0]).await? == sample(2, 200), "the last version has other bytes");
    ability(scene)?.restore(&scene.path("x"), &versions[0].id).await?;
    scene.holds(&scene.path("x"), &sample(2, 200)).await
}

async fn versions_of_a_neighbour_are_not_listed(scene: &Scene) -> Ending {
    for name in ["x", "x.txt", "x/y"] {
        // A file system has no file and folder of one name; the neighbour by prefix is enough there.
        drop(scene.lay(&scene.path(name), b"abc").await);
    }
    let versions = ability(scene)?.versions(&scene.path("x")).await?;
    ensure_eq!(versions.len(), 1, "versions of `x`");
    Ok(())
}
