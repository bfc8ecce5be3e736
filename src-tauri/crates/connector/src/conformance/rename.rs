//! Renaming and moving.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases},
    scene::{refused, sample},
};
use crate::Rename;

cases![Rename:
    a_file_moves_with_its_bytes,
    a_file_moves_into_missing_folders,
    moving_over_a_file_is_refused,
    moving_over_a_file_replaces_it_where_asked,
    moving_nothing_is_not_found,
];

fn rename(scene: &Scene) -> Ending<&dyn Rename> {
    scene.connector.rename().ok_or_else(|| Stop::NotApplicable("the connector cannot rename".to_owned()))
}

async fn a_file_moves_with_its_bytes(scene: &Scene) -> Ending {
    let bytes = sample(1, 5000);
    let (from, to) = (scene.path(&scene.taken("a %+é#?.txt")), scene.path("b %2F+.txt"));
    scene.lay(&from, &bytes).await?;
    rename(scene)?.rename(&from, &to, false).await?;
    scene.is_free(&from).await?;
    scene.holds(&to, &bytes).await
}

async fn a_file_moves_into_missing_folders(scene: &Scene) -> Ending {
    let (from, to) = (scene.path("x"), scene.path("done/2026/x"));
    scene.lay(&from, b"moved").await?;
    rename(scene)?.rename(&from, &to, false).await?;
    scene.is_free(&from).await?;
    scene.holds(&to, b"moved").await
}

async fn moving_over_a_file_is_refused(scene: &Scene) -> Ending {
    let (from, to) = (scene.path("x"), scene.path("y"));
    scene.lay(&from, b"new").await?;
    scene.lay(&to, b"old").await?;
    let result = rename(scene)?.rename(&from, &to, false).await;
    refused(result, &[FailureKind::AlreadyExists], "moving over a file")?;
    scene.holds(&from, b"new").await?;
    scene.holds(&to, b"old").await
}

async fn moving_over_a_file_replaces_it_where_asked(scene: &Scene) -> Ending {
    let (from, to) = (scene.path("x"), scene.path("y"));
    scene.lay(&from, b"new").await?;
    scene.lay(&to, b"old and longer").await?;
    rename(scene)?.rename(&from, &to, true).await?;
    scene.is_free(&from).await?;
    scene.holds(&to, b"new").await
}

async fn moving_nothing_is_not_found(scene: &Scene) -> Ending {
    let result = rename(scene)?.rename(&scene.path("nothing"), &scene.path("x"), false).await;
    refused(result, &[FailureKind::NotFound], "moving what is not there")?;
    scene.is_free(&scene.path("x")).await
}
