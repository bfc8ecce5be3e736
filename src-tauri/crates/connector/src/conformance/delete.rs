//! Removing.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure},
    scene::refused,
};
use crate::Delete;

cases![Delete:
    a_file_is_removed_and_its_neighbours_stay,
    removing_nothing_succeeds,
    an_empty_folder_is_removed,
    a_folder_with_a_file_is_not_removed,
];

fn delete(scene: &Scene) -> Ending<&dyn Delete> {
    scene.connector.delete().ok_or_else(|| Stop::NotApplicable("the connector cannot delete".to_owned()))
}

async fn a_file_is_removed_and_its_neighbours_stay(scene: &Scene) -> Ending {
    for name in ["in/a", "in/ab", "in/a b"] {
        scene.lay(&scene.path(name), b"x").await?;
    }
    delete(scene)?.delete(&scene.path("in/a")).await?;
    scene.is_free(&scene.path("in/a")).await?;
    scene.holds(&scene.path("in/ab"), b"x").await?;
    scene.holds(&scene.path("in/a b"), b"x").await
}

async fn removing_nothing_succeeds(scene: &Scene) -> Ending {
    delete(scene)?.delete(&scene.path("nothing")).await?;
    delete(scene)?.delete(&scene.path("no/such/folder/x")).await?;
    scene.lay(&scene.path("x"), b"x").await?;
    delete(scene)?.delete(&scene.path("x")).await?;
    delete(scene)?.delete(&scene.path("x")).await?;
    Ok(())
}

async fn an_empty_folder_is_removed(scene: &Scene) -> Ending {
    let Some(folders) = scene.connector.create_folder() else {
        super::case::not_applicable!("the connector cannot make folders");
    };
    folders.create_folder(&scene.path("empty")).await?;
    delete(scene)?.delete(&scene.path("empty")).await?;
    ensure!(!scene.is_there(&scene.path("empty")).await?, "the folder is still there");
    Ok(())
}

async fn a_folder_with_a_file_is_not_removed(scene: &Scene) -> Ending {
    scene.lay(&scene.path("full/x"), b"kept").await?;
    let result = delete(scene)?.delete(&scene.path("full")).await;
    // Where folders are only prefixes nothing is there under the folder's own name.
    if scene.connector.create_folder().is_some() || result.is_err() {
        refused(result, &[FailureKind::Invalid], "removing a folder that is not empty")?;
    }
    scene.holds(&scene.path("full/x"), b"kept").await
}
