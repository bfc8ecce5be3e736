//! Keeping others from changing a file.

use waybill_model::{FailureKind, RemotePath};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    fixture::LockBench,
    scene::refused,
};
use crate::{Locks, TAKEN_BY};

cases![Locks:
    a_file_that_nobody_has_is_free,
    a_lock_is_mine_and_taking_it_again_succeeds,
    a_lock_that_was_given_back_is_free_again,
    what_another_has_says_who_and_is_not_taken_or_given_back,
    what_another_has_is_not_written_over,
    what_is_mine_can_be_written,
    a_lock_on_one_file_leaves_its_neighbour_free,
    a_lock_on_nothing_is_not_found,
];

fn ability(scene: &Scene) -> Ending<&dyn Locks> {
    scene.connector.locks().ok_or_else(|| Stop::NotApplicable("no locks".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn LockBench> {
    match scene.place.lock_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture has nobody else to take it"),
    }
}

async fn laid(scene: &Scene, name: &str) -> Ending<RemotePath> {
    let path = scene.path(name);
    scene.lay(&path, b"kept").await?;
    Ok(path)
}

async fn a_file_that_nobody_has_is_free(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    ensure_eq!(ability(scene)?.lock_of(&path).await?, None, "who has it");
    ability(scene)?.unlock(&path).await?;
    Ok(())
}

async fn a_lock_is_mine_and_taking_it_again_succeeds(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let first = ability(scene)?.lock(&path).await?;
    let second = ability(scene)?.lock(&path).await?;
    let found = ability(scene)?.lock_of(&path).await?;
    ensure!(first.mine && second.mine && !first.by.is_empty(), "it is not mine: {first:?}, {second:?}");
    ensure_eq!(found.map(|lock| (lock.by, lock.mine)), Some((first.by, true)), "who has it");
    Ok(())
}

async fn a_lock_that_was_given_back_is_free_again(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    ability(scene)?.lock(&path).await?;
    for _ in 0..2 {
        ability(scene)?.unlock(&path).await?;
        ensure_eq!(ability(scene)?.lock_of(&path).await?, None, "who has it");
    }
    Ok(())
}

async fn what_another_has_says_who_and_is_not_taken_or_given_back(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let other = bench(scene)?.lock_as_another(&path).await;
    let found = ability(scene)?.lock_of(&path).await?;
    ensure_eq!(found.map(|lock| (lock.by, lock.mine)), Some((other.clone(), false)), "who has it");
    let error = refused(ability(scene)?.lock(&path).await, &[FailureKind::Locked], "taking what another has")?;
    ensure_eq!(error.fact(TAKEN_BY), Some(other.as_str()), "who has it");
    let kinds = [FailureKind::Locked, FailureKind::Denied];
    refused(ability(scene)?.unlock(&path).await, &kinds, "giving back what another has")?;
    let found = ability(scene)?.lock_of(&path).await?;
    ensure_eq!(found.map(|lock| lock.by), Some(other), "who has it in the end");
    Ok(())
}

async fn what_another_has_is_not_written_over(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    bench(scene)?.lock_as_another(&path).await;
    let kinds = [FailureKind::Locked, FailureKind::Denied];
    refused(scene.store(&path, b"other bytes", true).await?, &kinds, "writing over what another has")?;
    scene.holds(&path, b"kept").await
}

async fn what_is_mine_can_be_written(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    ability(scene)?.lock(&path).await?;
    scene.store(&path, b"mine to change", true).await??;
    scene.holds(&path, b"mine to change").await
}

async fn a_lock_on_one_file_leaves_its_neighbour_free(scene: &Scene) -> Ending {
    let (path, other) = (laid(scene, "x").await?, laid(scene, "x.txt").await?);
    ability(scene)?.lock(&path).await?;
    ensure_eq!(ability(scene)?.lock_of(&other).await?, None, "who has the neighbour");
    Ok(())
}

async fn a_lock_on_nothing_is_not_found(scene: &Scene) -> Ending {
    let result = ability(scene)?.lock(&scene.path("nothing")).await;
    refused(result.map(drop), &[FailureKind::NotFound], "a lock on nothing")?;
    Ok(())
}
