//! Trusting a server.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    scene::refused,
};
use crate::Trust;

cases![Trust: the_fingerprint_is_shown_and_stays_the_same, another_fingerprint_is_never_accepted, what_is_offered_can_be_accepted];

fn ability(scene: &Scene) -> Ending<&dyn Trust> {
    scene.connector.trust().ok_or_else(|| Stop::NotApplicable("no trust".to_owned()))
}

async fn the_fingerprint_is_shown_and_stays_the_same(scene: &Scene) -> Ending {
    let offered = ability(scene)?.offered().await?;
    ensure!(offered.starts_with("SHA256:") && offered.len() > 40, "the fingerprint is `{offered}`");
    ensure_eq!(ability(scene)?.offered().await?, offered, "the fingerprint asked for again");
    Ok(())
}

async fn another_fingerprint_is_never_accepted(scene: &Scene) -> Ending {
    let other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let kinds = [FailureKind::HostKeyChanged, FailureKind::HostKeyUnknown, FailureKind::Invalid];
    for replace in [false, true] {
        refused(ability(scene)?.accept(other, replace).await, &kinds, "a fingerprint that the server does not show")?;
    }
    Ok(())
}

async fn what_is_offered_can_be_accepted(scene: &Scene) -> Ending {
    let offered = ability(scene)?.offered().await?;
    ability(scene)?.accept(&offered, false).await?;
    scene.place.reopen().await.check().await?;
    Ok(())
}
