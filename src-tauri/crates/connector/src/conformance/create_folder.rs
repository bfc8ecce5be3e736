//! Making folders.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure_eq},
    scene::refused,
};
use crate::{CreateFolder, EntryKind};

cases![CreateFolder:
    a_folder_and_those_above_it_are_made,
    making_a_folder_twice_succeeds,
    a_file_of_that_name_is_not_replaced_by_a_folder,
    an_empty_folder_can_be_listed,
];

fn folders(scene: &Scene) -> Ending<&dyn CreateFolder> {
    scene.connector.create_folder().ok_or_else(|| Stop::NotApplicable("cannot make folders".to_owned()))
}

async fn a_folder_and_those_above_it_are_made(scene: &Scene) -> Ending {
    folders(scene)?.create_folder(&scene.path("a/b %c/d")).await?;
    for name in ["a", "a/b %c", "a/b %c/d"] {
        let kind = scene.list()?.stat(&scene.path(name)).await?.map(|entry| entry.kind);
        ensure_eq!(kind, Some(EntryKind::Folder), "what {name} is");
    }
    let listed: Vec<_> =
        scene.all_entries(&scene.path("a"), 1000).await?.into_iter().map(|entry| (entry.path, entry.kind)).collect();
    ensure_eq!(listed, vec![(scene.path("a/b %c"), EntryKind::Folder)], "the entries of the first folder");
    Ok(())
}

async fn making_a_folder_twice_succeeds(scene: &Scene) -> Ending {
    folders(scene)?.create_folder(&scene.path("a")).await?;
    scene.lay(&scene.path("a/x"), b"kept").await?;
    folders(scene)?.create_folder(&scene.path("a")).await?;
    folders(scene)?.create_folder(&scene.base).await?;
    scene.holds(&scene.path("a/x"), b"kept").await
}

async fn a_file_of_that_name_is_not_replaced_by_a_folder(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"a file").await?;
    let result = folders(scene)?.create_folder(&scene.path("x")).await;
    refused(result, &[FailureKind::AlreadyExists], "making a folder where a file is")?;
    scene.holds(&scene.path("x"), b"a file").await
}

async fn an_empty_folder_can_be_listed(scene: &Scene) -> Ending {
    folders(scene)?.create_folder(&scene.path("empty")).await?;
    ensure_eq!(scene.all_entries(&scene.path("empty"), 1000).await?, vec![], "the entries of an empty folder");
    Ok(())
}
