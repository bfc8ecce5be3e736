//! Uploads that were begun and never finished.

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    scene::{Upload, sample},
};
use crate::UnfinishedUploads;

cases![UnfinishedUploads:
    an_upload_that_was_begun_is_listed_and_can_be_ended,
    a_finished_upload_is_not_listed,
    unfinished_uploads_elsewhere_are_not_listed,
    what_a_crash_left_of_a_write_is_listed_and_can_be_ended,
];

fn ability(scene: &Scene) -> Ending<&dyn UnfinishedUploads> {
    scene.connector.unfinished_uploads().ok_or_else(|| Stop::NotApplicable("none are kept".to_owned()))
}

async fn an_upload_that_was_begun_is_listed_and_can_be_ended(scene: &Scene) -> Ending {
    let path = scene.path("in/a %+é.txt");
    let upload = Upload::of(scene.upload()?, &path, &sample(1, 5000), false).await?;
    upload.put(1).await?;
    let found = ability(scene)?.unfinished(&scene.base).await?;
    ensure_eq!(found.iter().map(|u| &u.path).collect::<Vec<_>>(), vec![&path], "the unfinished uploads");
    ability(scene)?.abort_unfinished(&found[0]).await?;
    ability(scene)?.abort_unfinished(&found[0]).await?;
    ensure_eq!(ability(scene)?.unfinished(&scene.base).await?, vec![], "what is left");
    let held = upload.ability.held(&upload.session, &[]).await;
    ensure!(held.is_err_and(|e| e.kind == waybill_model::FailureKind::NotFound), "the ended upload is still known");
    Ok(())
}

async fn a_finished_upload_is_not_listed(scene: &Scene) -> Ending {
    Upload::of(scene.upload()?, &scene.path("x"), &sample(1, 5000), false).await?.whole().await?;
    ensure_eq!(ability(scene)?.unfinished(&scene.base).await?, vec![], "the unfinished uploads");
    Ok(())
}

async fn unfinished_uploads_elsewhere_are_not_listed(scene: &Scene) -> Ending {
    for name in ["in/a", "in-box/b", "out/c"] {
        Upload::of(scene.upload()?, &scene.path(name), &sample(1, 5000), false).await?.put(1).await?;
    }
    let found: Vec<_> = ability(scene)?.unfinished(&scene.path("in")).await?.into_iter().map(|u| u.path).collect();
    ensure_eq!(found, vec![scene.path("in/a")], "the unfinished uploads of one folder");
    Ok(())
}

async fn what_a_crash_left_of_a_write_is_listed_and_can_be_ended(scene: &Scene) -> Ending {
    let path = scene.path("in/a %+é.txt");
    scene.lay(&scene.path("in/whole.txt"), b"whole").await?;
    if !scene.place.leave_unfinished(&path).await {
        super::case::not_applicable!("a crash in the middle of a write leaves nothing, or the fixture cannot stage it");
    }
    let found = ability(scene)?.unfinished(&scene.path("in")).await?;
    ensure_eq!(found.iter().map(|u| &u.path).collect::<Vec<_>>(), vec![&path], "the unfinished uploads");
    ensure_eq!(ability(scene)?.unfinished(&scene.path("out")).await?, vec![], "the unfinished uploads elsewhere");
    scene.is_free(&path).await?;
    for _ in 0..2 {
        ability(scene)?.abort_unfinished(&found[0]).await?;
    }
    ensure_eq!(ability(scene)?.unfinished(&scene.base).await?, vec![], "what is left");
    scene.holds(&scene.path("in/whole.txt"), b"whole").await
}
