//! Uploads in parts on bad days: crashes, cuts, sessions that are gone.

use waybill_model::FailureKind;

use super::{
    Fault, Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::{Upload, refused, sample, to_usize},
};
use crate::{Connector, ResumableUpload};

cases![ResumableUpload:
    after_a_crash_exactly_the_parts_there_are_held,
    after_a_crash_a_gap_is_not_held,
    a_part_of_other_bytes_is_not_held,
    a_corrupt_part_is_not_held,
    an_upload_goes_on_after_a_crash,
    a_finished_session_is_gone,
    a_forgotten_session_is_not_found,
    aborting_frees_and_can_be_repeated,
    a_session_and_its_receipts_survive_storage,
    a_part_that_fails_before_in_or_after_is_sent_again,
    an_error_in_the_answer_to_the_end_is_an_error,
    a_token_that_expires_between_parts_is_refreshed_or_named,
    a_part_that_is_never_answered_ends,
];

/// Three parts, the last of 50 bytes.
fn three_parts(scene: &Scene) -> Ending<Vec<u8>> {
    Ok(sample(3, to_usize(scene.upload()?.plan(1).part_size) * 2 + 50))
}

fn upload_of(connector: &dyn Connector) -> Ending<&dyn ResumableUpload> {
    connector.resumable_upload().ok_or_else(|| Stop::Failed("the ability is gone after a restart".to_owned()))
}

async fn after_a_crash_exactly_the_parts_there_are_held(scene: &Scene) -> Ending {
    let bytes = three_parts(scene)?;
    let upload = Upload::of(scene.upload()?, &scene.path("x"), &bytes, false).await?;
    let mut receipts = upload.put_all([1, 2]).await?;
    let again = scene.place.reopen().await;
    let mut held = upload_of(again.as_ref())?.held(&upload.session, &receipts).await?;
    held.sort_unstable();
    ensure_eq!(held, vec![1, 2], "the parts held");
    receipts.pop();
    let held = upload_of(again.as_ref())?.held(&upload.session, &receipts).await?;
    ensure_eq!(held, vec![1], "the parts held of those that have a receipt");
    let held = upload_of(again.as_ref())?.held(&upload.session, &[]).await?;
    ensure_eq!(held, Vec::<u32>::new(), "the parts held without any receipt");
    Ok(())
}

async fn after_a_crash_a_gap_is_not_held(scene: &Scene) -> Ending {
    let bytes = three_parts(scene)?;
    let upload = Upload::of(scene.upload()?, &scene.path("x"), &bytes, false).await?;
    let mut receipts = upload.put_all([1, 3]).await?;
    let mut missing = receipts[0].clone();
    let part = upload.part(2);
    (missing.number, missing.offset, missing.length) = (2, part.offset, part.bytes.len() as u64);
    (missing.hash, missing.prefix_sha256) = (part.hash, part.prefix_sha256);
    receipts.insert(1, missing);
    let again = scene.place.reopen().await;
    let held = upload_of(again.as_ref())?.held(&upload.session, &receipts).await?;
    ensure!(held.contains(&1), "the first part is there and not held: {held:?}");
    ensure!(!held.contains(&2), "a part that was never sent is held: {held:?}");
    Ok(())
}

async fn a_part_of_other_bytes_is_not_held(scene: &Scene) -> Ending {
    let bytes = three_parts(scene)?;
    let upload = Upload::of(scene.upload()?, &scene.path("x"), &bytes, false).await?;
    let stale = upload.put_all([1]).await?;
    let other = Upload { bytes: sample(4, bytes.len()).into(), session: upload.session.clone(), ..upload };
    other.put_all([1]).await?;
    let held = other.ability.held(&other.session, &stale).await?;
    ensure_eq!(held, Vec::<u32>::new(), "the parts held of bytes that were replaced");
    Ok(())
}

async fn a_corrupt_part_is_not_held(scene: &Scene) -> Ending {
    let bytes = three_parts(scene)?;
    let upload = Upload::of(scene.upload()?, &scene.path("x"), &bytes, false).await?;
    let receipts = upload.put_all([1]).await?;
    if !scene.outside()?.corrupt(&upload.session).await {
        not_applicable!("the fixture cannot corrupt what an upload has stored");
    }
    let again = scene.place.reopen().await;
    match upload_of(again.as_ref())?.held(&upload.session, &receipts).await {
        Ok(held) => ensure_eq!(held, Vec::<u32>::new(), "the parts held of corrupt bytes"),
        Err(error) => {
            ensure_eq!(error.kind, FailureKind::NotFound, "the error of a session with corrupt bytes");
        }
    }
    Ok(())
}

async fn an_upload_goes_on_after_a_crash(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), three_parts(scene)?);
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    let mut receipts = upload.put_all([1, 2]).await?;
    let again = scene.place.reopen().await;
    let rest = Upload { ability: upload_of(again.as_ref())?, ..upload };
    receipts.push(rest.put(3).await?);
    let receipt = rest.finish(&receipts).await?;
    ensure_eq!(receipt.size, bytes.len() as u64, "the receipt's size");
    scene.holds(&path, &bytes).await?;
    ensure_eq!(scene.leftovers(&["x"]).await?, Vec::<String>::new(), "what was left");
    Ok(())
}

async fn a_finished_session_is_gone(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), three_parts(scene)?);
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    let receipts = upload.put_all(1..=3).await?;
    upload.finish(&receipts).await?;
    let again = scene.place.reopen().await;
    let ability = upload_of(again.as_ref())?;
    let held = ability.held(&upload.session, &receipts).await;
    refused(held, &[FailureKind::NotFound], "asking for a finished session's parts")?;
    let put = ability.put_part(&upload.session, upload.part(1)).await;
    refused(put, &[FailureKind::NotFound], "sending a part of a finished session")?;
    if let Err(error) = upload.finish(&receipts).await {
        let kinds = [FailureKind::NotFound, FailureKind::AlreadyExists];
        refused(Err::<(), _>(error), &kinds, "finishing twice")?;
    }
    ability.abort(&upload.session).await?;
    scene.holds(&path, &bytes).await
}

async fn a_forgotten_session_is_not_found(scene: &Scene) -> Ending {
    let bytes = three_parts(scene)?;
    let upload = Upload::of(scene.upload()?, &scene.path("x"), &bytes, false).await?;
    let receipts = upload.put_all(1..=3).await?;
    if !scene.outside()?.forget(&upload.session).await {
        not_applicable!("the fixture cannot make the remote forget an upload");
    }
    let kinds = [FailureKind::NotFound];
    refused(upload.ability.held(&upload.session, &receipts).await, &kinds, "asking for a forgotten session's parts")?;
    refused(upload.put(1).await, &kinds, "sending a part of a forgotten session")?;
    refused(upload.finish(&receipts).await, &kinds, "finishing a forgotten session")?;
    scene.is_free(&scene.path("x")).await
}

async fn aborting_frees_and_can_be_repeated(scene: &Scene) -> Ending {
    let bytes = three_parts(scene)?;
    let upload = Upload::of(scene.upload()?, &scene.path("x"), &bytes, false).await?;
    let receipts = upload.put_all([1, 2]).await?;
    upload.ability.abort(&upload.session).await?;
    upload.ability.abort(&upload.session).await?;
    scene.is_free(&scene.path("x")).await?;
    ensure_eq!(scene.leftovers(&[]).await?, Vec::<String>::new(), "what was left");
    let held = upload.ability.held(&upload.session, &receipts).await;
    refused(held, &[FailureKind::NotFound], "asking for an aborted session's parts")?;
    Ok(())
}

async fn a_session_and_its_receipts_survive_storage(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), three_parts(scene)?);
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    ensure_eq!(upload.session.version, waybill_model::SESSION_VERSION, "the session's version");
    let receipts = upload.put_all(1..=3).await?;
    let stored = serde_json::to_string(&(&upload.session, &receipts)).map_err(|e| Stop::Failed(e.to_string()))?;
    let (session, receipts): (_, Vec<_>) =
        serde_json::from_str(&stored).map_err(|e| Stop::Failed(format!("{e}: {stored}")))?;
    let again = scene.place.reopen().await;
    let rest = Upload { ability: upload_of(again.as_ref())?, session, ..upload };
    rest.finish(&receipts).await?;
    scene.holds(&path, &bytes).await
}

async fn a_part_that_fails_before_in_or_after_is_sent_again(scene: &Scene) -> Ending {
    let bytes = three_parts(scene)?;
    let mut staged = 0;
    for (name, fault) in [("before", Fault::BeforePart), ("in", Fault::InPart), ("after", Fault::AfterPart)] {
        let path = scene.path(name);
        let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
        let first = upload.put(1).await?;
        if scene.arm(fault).await.is_err() {
            upload.ability.abort(&upload.session).await?;
            continue;
        }
        staged += 1;
        let kinds = [FailureKind::Unreachable, FailureKind::TimedOut, FailureKind::Vendor, FailureKind::Truncated];
        let error = refused(upload.put(2).await, &kinds, &format!("a part that broke {name} its sending"))?;
        ensure!(error.retry != waybill_model::Retry::Never, "{error} is not to be tried again");
        scene.clear_faults().await;
        let rest = upload.put_all([2, 3]).await?;
        let receipts: Vec<_> = std::iter::once(first).chain(rest).collect();
        upload.finish(&receipts).await?;
        scene.holds(&path, &bytes).await?;
    }
    if staged == 0 {
        not_applicable!("the fixture cannot break the sending of a part");
    }
    Ok(())
}

async fn an_error_in_the_answer_to_the_end_is_an_error(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), three_parts(scene)?);
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    let receipts = upload.put_all(1..=3).await?;
    scene.arm(Fault::ErrorInSuccess).await?;
    let result = upload.finish(&receipts).await;
    ensure!(result.is_err(), "an error in a success was taken for {result:?}");
    scene.is_free(&path).await?;
    scene.clear_faults().await;
    upload.finish(&receipts).await?;
    scene.holds(&path, &bytes).await
}

async fn a_token_that_expires_between_parts_is_refreshed_or_named(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), three_parts(scene)?);
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    let mut receipts = upload.put_all([1]).await?;
    scene.arm(Fault::TokenExpires).await?;
    if let Err(error) = upload.put(2).await {
        refused(Err::<(), _>(error), &[FailureKind::Unauthenticated], "an expired token")?;
        return Ok(());
    }
    receipts.extend(upload.put_all([2, 3]).await?);
    upload.finish(&receipts).await?;
    scene.holds(&path, &bytes).await
}

async fn a_part_that_is_never_answered_ends(scene: &Scene) -> Ending {
    let (path, bytes) = (scene.path("x"), three_parts(scene)?);
    let upload = Upload::of(scene.upload()?, &path, &bytes, false).await?;
    let first = upload.put(1).await?;
    scene.arm(Fault::Hang).await?;
    let kinds = [FailureKind::TimedOut, FailureKind::Unreachable];
    refused(upload.put(2).await, &kinds, "a part that is never answered")?;
    scene.clear_faults().await;
    let rest = upload.put_all([2, 3]).await?;
    upload.finish(&[vec![first], rest].concat()).await?;
    scene.holds(&path, &bytes).await
}
