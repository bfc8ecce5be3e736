//! Retention and legal hold.

use waybill_model::{FailureKind, Millis, Retry};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure_eq},
    scene::refused,
};
use crate::{Records, Retention, RetentionMode};

cases![Records:
    a_legal_hold_is_set_read_back_and_lifted,
    what_is_held_is_not_deleted,
    a_retention_is_set_and_read_back,
    a_retention_is_lengthened_and_never_shortened,
];

/// 2099-01-01 and ten days later, whole seconds: a time that no run reaches.
const UNTIL: Millis = Millis(4_070_908_800_000);
const LATER: Millis = Millis(4_071_772_800_000);

fn ability(scene: &Scene) -> Ending<&dyn Records> {
    scene.connector.records().ok_or_else(|| Stop::NotApplicable("no records".to_owned()))
}

/// The newest version of `x`, where the remote has versions; deleting the name alone would only hide it.
async fn version(scene: &Scene) -> Ending<Option<String>> {
    let Some(versions) = scene.connector.versions() else { return Ok(None) };
    Ok(versions.versions(&scene.path("x")).await?.into_iter().next().map(|version| version.id))
}

async fn remove(scene: &Scene) -> Ending<crate::Result<()>> {
    if let (Some(versions), Some(id)) = (scene.connector.versions(), version(scene).await?) {
        return Ok(versions.delete_version(&scene.path("x"), &id).await);
    }
    match scene.connector.delete() {
        Some(delete) => Ok(delete.delete(&scene.path("x")).await),
        None => Err(Stop::NotApplicable("the connector cannot delete".to_owned())),
    }
}

async fn a_legal_hold_is_set_read_back_and_lifted(scene: &Scene) -> Ending {
    let path = scene.path("x");
    scene.lay(&path, b"evidence").await?;
    ensure_eq!(ability(scene)?.legal_hold(&path, None).await?, false, "the hold of a fresh file");
    for on in [true, false] {
        ability(scene)?.set_legal_hold(&path, None, on).await?;
        ensure_eq!(ability(scene)?.legal_hold(&path, None).await?, on, "the hold read back");
    }
    Ok(())
}

async fn what_is_held_is_not_deleted(scene: &Scene) -> Ending {
    let path = scene.path("x");
    scene.lay(&path, b"evidence").await?;
    ability(scene)?.set_legal_hold(&path, None, true).await?;
    let error = refused(remove(scene).await?, &[FailureKind::Held], "deleting what is held")?;
    ensure_eq!(error.retry, Retry::Never, "trying again");
    scene.holds(&path, b"evidence").await?;
    ability(scene)?.set_legal_hold(&path, None, false).await?;
    remove(scene).await??;
    scene.is_free(&path).await
}

async fn a_retention_is_set_and_read_back(scene: &Scene) -> Ending {
    let path = scene.path("x");
    scene.lay(&path, b"evidence").await?;
    ensure_eq!(ability(scene)?.retention(&path, None).await?, None, "the retention of a fresh file");
    let wanted = Retention { mode: RetentionMode::Governance, until: UNTIL };
    ability(scene)?.set_retention(&path, version(scene).await?.as_deref(), wanted).await?;
    ensure_eq!(ability(scene)?.retention(&path, None).await?, Some(wanted), "the retention read back");
    refused(remove(scene).await?, &[FailureKind::Held], "deleting what is retained")?;
    Ok(())
}

async fn a_retention_is_lengthened_and_never_shortened(scene: &Scene) -> Ending {
    let path = scene.path("x");
    scene.lay(&path, b"evidence").await?;
    let at = |until| Retention { mode: RetentionMode::Compliance, until };
    ability(scene)?.set_retention(&path, None, at(UNTIL)).await?;
    ability(scene)?.set_retention(&path, None, at(LATER)).await?;
    let shorter = ability(scene)?.set_retention(&path, None, at(UNTIL)).await;
    refused(shorter, &[FailureKind::Held], "shortening a retention")?;
    ensure_eq!(ability(scene)?.retention(&path, None).await?, Some(at(LATER)), "the retention read back");
    Ok(())
}
