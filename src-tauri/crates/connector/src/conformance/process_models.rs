//! Putting up models of processes.

use bytes::Bytes;
use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::refused,
};
use crate::{ProcessModel, ProcessModels};

cases![ProcessModels:
    a_model_that_was_put_up_is_listed,
    putting_it_up_again_makes_its_next_version,
    what_is_no_model_is_refused,
    the_file_of_a_model_can_be_put_up_again,
    a_model_that_there_is_not_has_no_file,
];

const KEY: &str = "conformance";

fn ability(scene: &Scene) -> Ending<&dyn ProcessModels> {
    scene.connector.process_models().ok_or_else(|| Stop::NotApplicable("no models".to_owned()))
}

fn file(scene: &Scene) -> Ending<Bytes> {
    match scene.place.process_bench().and_then(|bench| bench.model_file(KEY)) {
        Some(file) => Ok(file.into()),
        None => not_applicable!("the fixture has no model to put up"),
    }
}

async fn versions(scene: &Scene) -> Ending<Vec<u32>> {
    let all = ability(scene)?.all().await?;
    Ok(all.into_iter().filter(|one| one.key == KEY).map(|one: ProcessModel| one.version).collect())
}

async fn a_model_that_was_put_up_is_listed(scene: &Scene) -> Ending {
    let model = ability(scene)?.deploy("conformance.bpmn", file(scene)?).await?;
    ensure_eq!((model.key.as_str(), model.version), (KEY, 1), "what was put up");
    ensure_eq!(versions(scene).await?, vec![1], "the versions that are listed");
    Ok(())
}

async fn putting_it_up_again_makes_its_next_version(scene: &Scene) -> Ending {
    for _ in 0..2 {
        ability(scene)?.deploy("conformance.bpmn", file(scene)?).await?;
    }
    ensure_eq!(versions(scene).await?, vec![2, 1], "the versions, the newest first");
    Ok(())
}

async fn what_is_no_model_is_refused(scene: &Scene) -> Ending {
    let before = ability(scene)?.all().await?.len();
    for wrong in ["", "plain words", "<html><body>no model</body></html>", "{\"a\": 1}"] {
        let put_up = ability(scene)?.deploy("wrong", Bytes::from_static(wrong.as_bytes())).await;
        refused(put_up, &[FailureKind::Invalid], "putting up what is no model")?;
    }
    ensure_eq!(ability(scene)?.all().await?.len(), before, "how many models there are");
    Ok(())
}

async fn the_file_of_a_model_can_be_put_up_again(scene: &Scene) -> Ending {
    ability(scene)?.deploy("conformance.bpmn", file(scene)?).await?;
    let read = ability(scene)?.file(KEY).await?;
    ensure!(!read.is_empty(), "the file is empty");
    let model = ability(scene)?.deploy("again.bpmn", read).await?;
    ensure_eq!((model.key.as_str(), model.version), (KEY, 2), "what came of putting it up again");
    Ok(())
}

async fn a_model_that_there_is_not_has_no_file(scene: &Scene) -> Ending {
    refused(ability(scene)?.file("no-such-model").await, &[FailureKind::NotFound], "the file of no model")?;
    Ok(())
}
