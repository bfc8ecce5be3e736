//! Metadata and tags.

use std::collections::BTreeMap;

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    scene::refused,
};
use crate::Metadata;

cases![Metadata:
    a_fresh_file_has_metadata_to_read,
    tags_are_replaced_as_a_whole,
    tags_leave_the_bytes_alone,
    metadata_of_nothing_is_not_found,
];

fn ability(scene: &Scene) -> Ending<&dyn Metadata> {
    scene.connector.metadata().ok_or_else(|| Stop::NotApplicable("no metadata".to_owned()))
}

fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Sets tags, or ends the case where the remote has none.
async fn set(scene: &Scene, wanted: &BTreeMap<String, String>) -> Ending {
    match ability(scene)?.set_tags(&scene.path("x"), wanted).await {
        Err(error) if error.kind == FailureKind::Unsupported => {
            Err(Stop::NotApplicable(format!("the remote has no tags: {error}")))
        }
        other => Ok(other?),
    }
}

async fn a_fresh_file_has_metadata_to_read(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"abc").await?;
    let found = ability(scene)?.metadata(&scene.path("x"), None).await?;
    let secret = found.metadata.keys().chain(found.tags.keys()).find(|key| key.contains("secret"));
    ensure!(secret.is_none(), "a secret travels with the file: {secret:?}");
    Ok(())
}

async fn tags_are_replaced_as_a_whole(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"abc").await?;
    for wanted in [tags(&[("case", "A 1/2 +="), ("class", "x@y:z")]), tags(&[("case", "B")]), tags(&[])] {
        set(scene, &wanted).await?;
        let found = ability(scene)?.metadata(&scene.path("x"), None).await?.tags;
        ensure_eq!(found, wanted, "the tags read back");
    }
    Ok(())
}

async fn tags_leave_the_bytes_alone(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"abc").await?;
    set(scene, &tags(&[("case", "A")])).await?;
    scene.holds(&scene.path("x"), b"abc").await
}

async fn metadata_of_nothing_is_not_found(scene: &Scene) -> Ending {
    let result = ability(scene)?.metadata(&scene.path("nothing"), None).await;
    refused(result, &[FailureKind::NotFound], "metadata of what is not there")?;
    Ok(())
}
