//! Digests that the remote vouches for.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    scene::{Upload, refused, sample, to_usize},
};
use crate::{Checksums, Vouched};

cases![Checksums:
    what_is_vouched_for_equals_the_bytes,
    what_is_vouched_for_equals_the_bytes_of_an_upload,
    what_changed_is_vouched_for_anew,
    nothing_is_vouched_for_what_is_not_there,
];

fn checksums(scene: &Scene) -> Ending<&dyn Checksums> {
    scene.connector.checksums().ok_or_else(|| Stop::NotApplicable("no checksums".to_owned()))
}

fn agrees(vouched: Vouched, bytes: &[u8]) -> bool {
    let mut checker = vouched.checker();
    checker.update(bytes);
    checker.finish().is_some()
}

/// `None` is an honest answer; a digest of other bytes is not.
async fn equals(scene: &Scene, name: &str, bytes: &[u8], version: Option<&str>) -> Ending {
    if let Some(vouched) = checksums(scene)?.vouched(&scene.path(name), version).await? {
        let shown = format!("{vouched:?}");
        ensure!(agrees(vouched, bytes), "{} bytes are vouched for as {shown}", bytes.len());
    }
    Ok(())
}

async fn what_is_vouched_for_equals_the_bytes(scene: &Scene) -> Ending {
    for (name, size) in [("empty", 0), ("one", 1), ("more", 100_003)] {
        let bytes = sample(1, size);
        scene.lay(&scene.path(name), &bytes).await?;
        equals(scene, name, &bytes, None).await?;
    }
    Ok(())
}

async fn what_is_vouched_for_equals_the_bytes_of_an_upload(scene: &Scene) -> Ending {
    let ability = scene.upload()?;
    let bytes = sample(1, to_usize(ability.plan(1).part_size) * 2 + 77);
    let receipt = Upload::of(ability, &scene.path("x"), &bytes, false).await?.whole().await?;
    equals(scene, "x", &bytes, None).await?;
    equals(scene, "x", &bytes, receipt.version.as_deref()).await
}

async fn what_changed_is_vouched_for_anew(scene: &Scene) -> Ending {
    for seed in 1..=2 {
        let bytes = sample(seed, 5000);
        scene.lay(&scene.path("x"), &bytes).await?;
        equals(scene, "x", &bytes, None).await?;
    }
    let Some(outside) = scene.place.outside() else { return Ok(()) };
    let bytes = sample(3, 5000);
    outside.put(&scene.path("x"), &bytes).await;
    equals(scene, "x", &bytes, None).await
}

async fn nothing_is_vouched_for_what_is_not_there(scene: &Scene) -> Ending {
    match checksums(scene)?.vouched(&scene.path("nothing"), None).await {
        Ok(found) => ensure_eq!(found, None, "what is vouched for nothing"),
        Err(error) => {
            refused(Err::<(), _>(error), &[FailureKind::NotFound], "asking for what is not there")?;
        }
    }
    Ok(())
}
