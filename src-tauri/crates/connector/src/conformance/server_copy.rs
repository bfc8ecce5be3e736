//! Copying without moving the bytes through this computer.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure_eq},
    scene::{refused, sample},
};
use crate::ServerCopy;

cases![ServerCopy:
    a_copy_has_the_same_bytes,
    copying_over_a_file_is_refused,
    copying_over_a_file_replaces_it_where_asked,
    copying_nothing_is_not_found,
];

fn copies(scene: &Scene) -> Ending<&dyn ServerCopy> {
    scene.connector.server_copy().ok_or_else(|| Stop::NotApplicable("the connector cannot copy".to_owned()))
}

async fn a_copy_has_the_same_bytes(scene: &Scene) -> Ending {
    for (name, size) in [("empty", 0), ("a %+é#?.txt", 100_001)] {
        let name = scene.taken(name);
        let (from, to) = (scene.path(&name), scene.path(&format!("copies/{name} (2)")));
        let bytes = sample(1, size);
        scene.lay(&from, &bytes).await?;
        let receipt = copies(scene)?.copy(&from, &to, false).await?;
        ensure_eq!(receipt.size, size as u64, "the receipt's size");
        scene.holds(&to, &bytes).await?;
        scene.holds(&from, &bytes).await?;
    }
    Ok(())
}

async fn copying_over_a_file_is_refused(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"new").await?;
    scene.lay(&scene.path("y"), b"old").await?;
    let result = copies(scene)?.copy(&scene.path("x"), &scene.path("y"), false).await;
    refused(result, &[FailureKind::AlreadyExists], "copying over a file")?;
    scene.holds(&scene.path("y"), b"old").await
}

async fn copying_over_a_file_replaces_it_where_asked(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"new").await?;
    scene.lay(&scene.path("y"), b"old and longer").await?;
    copies(scene)?.copy(&scene.path("x"), &scene.path("y"), true).await?;
    scene.holds(&scene.path("y"), b"new").await
}

async fn copying_nothing_is_not_found(scene: &Scene) -> Ending {
    let result = copies(scene)?.copy(&scene.path("nothing"), &scene.path("x"), false).await;
    refused(result, &[FailureKind::NotFound], "copying what is not there")?;
    scene.is_free(&scene.path("x")).await
}
