//! Free space.

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure},
};

cases![Space: what_is_free_is_part_of_the_whole, space_of_a_folder_still_to_be_made_is_told];

async fn report(scene: &Scene, name: &str) -> Ending {
    let space = scene.connector.space().ok_or_else(|| Stop::NotApplicable("no space".to_owned()))?;
    let folder = if name.is_empty() { scene.base.clone() } else { scene.path(name) };
    let report = match space.space(&folder).await {
        // An extension that this server lacks is known only after asking.
        Err(error) if error.kind == waybill_model::FailureKind::Unsupported => {
            super::case::not_applicable!("the remote does not tell: {error}")
        }
        other => other?,
    };
    ensure!(report.free <= report.total, "{report:?}");
    ensure!(report.total > 0, "the whole is nothing");
    Ok(())
}

async fn what_is_free_is_part_of_the_whole(scene: &Scene) -> Ending {
    report(scene, "").await
}

async fn space_of_a_folder_still_to_be_made_is_told(scene: &Scene) -> Ending {
    report(scene, "not/made/yet").await
}
