//! What was removed and can be brought back.

use std::collections::BTreeSet;

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    scene::{refused, sample},
};
use crate::{PageRequest, RecycleBin, Recycled};

cases![RecycleBin:
    what_was_removed_is_in_the_bin,
    what_is_brought_back_has_its_bytes,
    bringing_back_over_a_name_that_is_taken_is_refused,
    what_is_purged_is_gone_for_good,
    each_thing_comes_once_over_all_pages,
];

fn ability(scene: &Scene) -> Ending<&dyn RecycleBin> {
    scene.connector.recycle_bin().ok_or_else(|| Stop::NotApplicable("no recycle bin".to_owned()))
}

async fn all(scene: &Scene, limit: u32) -> Ending<Vec<Recycled>> {
    let (mut items, mut cursor) = (Vec::new(), None);
    for _ in 0..1000 {
        let page = ability(scene)?.recycled(PageRequest { cursor, limit }).await?;
        ensure!(page.items.len() <= limit as usize, "a page of {} where {limit} were asked", page.items.len());
        items.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(items);
        }
    }
    Err(Stop::Failed("paging does not end".to_owned()))
}

/// Lays a file, removes it, and finds it in the bin.
async fn removed(scene: &Scene, name: &str, bytes: &[u8]) -> Ending<Recycled> {
    scene.lay(&scene.path(name), bytes).await?;
    let delete = scene.connector.delete().ok_or_else(|| Stop::NotApplicable("cannot delete".to_owned()))?;
    delete.delete(&scene.path(name)).await?;
    scene.is_free(&scene.path(name)).await?;
    let found = all(scene, 100).await?.into_iter().find(|item| item.name == name);
    found.ok_or_else(|| Stop::Failed(format!("{name} is not in the bin")))
}

async fn what_was_removed_is_in_the_bin(scene: &Scene) -> Ending {
    let item = removed(scene, "gone %+é.txt", b"four").await?;
    ensure!(!item.folder && !item.id.is_empty(), "a file is {item:?}");
    ensure!(item.size.is_none_or(|size| size == 4), "its size is {:?}", item.size);
    let path = scene.path("gone %+é.txt");
    ensure!(item.from.as_ref().is_none_or(|from| *from == path), "it was at {:?}", item.from);
    Ok(())
}

async fn what_is_brought_back_has_its_bytes(scene: &Scene) -> Ending {
    let bytes = sample(1, 5000);
    let item = removed(scene, "x", &bytes).await?;
    ability(scene)?.bring_back(&item).await?;
    scene.holds(&scene.path("x"), &bytes).await?;
    ensure!(!all(scene, 100).await?.iter().any(|other| other.id == item.id), "it is in the bin still");
    Ok(())
}

async fn bringing_back_over_a_name_that_is_taken_is_refused(scene: &Scene) -> Ending {
    let item = removed(scene, "x", b"old").await?;
    scene.lay(&scene.path("x"), b"new").await?;
    refused(ability(scene)?.bring_back(&item).await, &[FailureKind::AlreadyExists], "bringing back over a file")?;
    scene.holds(&scene.path("x"), b"new").await
}

async fn what_is_purged_is_gone_for_good(scene: &Scene) -> Ending {
    let item = removed(scene, "x", b"old").await?;
    for _ in 0..2 {
        ability(scene)?.purge(&item).await?;
        ensure!(!all(scene, 100).await?.iter().any(|other| other.id == item.id), "it is in the bin still");
    }
    refused(ability(scene)?.bring_back(&item).await, &[FailureKind::NotFound], "bringing back what is purged")?;
    scene.is_free(&scene.path("x")).await
}

async fn each_thing_comes_once_over_all_pages(scene: &Scene) -> Ending {
    let mut put = BTreeSet::new();
    for number in 0..7 {
        put.insert(removed(scene, &format!("binned-{number}"), b"x").await?.id);
    }
    for limit in [1, 3, 100] {
        let items = all(scene, limit).await?;
        let found: BTreeSet<_> = items.iter().map(|item| item.id.clone()).collect();
        ensure_eq!(items.len(), found.len(), "things by pages of {limit}");
        ensure!(found.is_superset(&put), "by pages of {limit} some are missing");
    }
    Ok(())
}
